// The next keys of an organisation: drawn, certified, published, changed over to; cut off at any point and
// gone on with. The directory, the keys and the signatures are real; the hub is a script.
#include "adapters/kit/key_rotation.h"

#include <catch2/catch.hpp>

#include "adapters/kit/keys_watch.h"
#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/own_key_list.h"
#include "adapters/kit/rotation_step.h"
#include "tests/unit/keys/own_directory.h"
#include "tests/unit/kit/scripted_hub.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;
using tests::text_in;
namespace fs = std::filesystem;

namespace {

struct Killed {};

// Enrolled with list 1; its root's key is off the machine. The hub of the script takes what follows the list
// it has.
struct Body {
    Folder folder;
    fs::path keys = folder / "keys";
    fs::path root_key = folder / "root.key";
    SmallLog log;
    ScriptedHub script{log};
    HubClient hub = script.client(organisation("ssd-5000"));
    std::string shown;               // of us, by the hub
    std::vector<std::string> taken;  // lists, by the hub
    std::vector<std::string> asked;
    std::optional<std::string> refused_with{};
    bool answer_lost = false;
    bool receipt_of_another = false;

    Body() {
        REQUIRE(make_organisation_keys(organisation("ssd-5000"), keys, statement::Plain{}, kNow));
        fs::rename(keys / "root.key", root_key);
        shown = open().key_list();
        script.keys_published = [this](const edge::Call& call) { return publish(call.body); };
        script.before = [this](const edge::Call& call) {
            asked.push_back(call.method + " " + call.path);
            script.organisations = directory();
            if (!answer_lost || call.path != "/v1/keys") return;
            (void)publish(call.body);
            script.away = true;
        };
    }
    [[nodiscard]] OrganisationKeys open() const {
        auto opened = OrganisationKeys::open(keys, statement::Plain{});
        if (!opened) throw std::logic_error(opened.error().sentence);
        return *std::move(opened);
    }
    [[nodiscard]] std::string directory() const {
        json::Writer writer;
        writer.open_object().text("at", contract::text(script.machine_clock)).open_array("organisations");
        writer.open_object().text("id", "ssd-5000").text("kind", "PUBLIC_BODY").text("status", "active");
        if (!shown.empty()) writer.text("keys", shown);
        return writer.close().close().close().take();
    }
    edge::Answer publish(const std::string& jws) {
        if (refused_with) {
            return answer(403, "application/problem+json", problem_json(*refused_with, "no"));
        }
        taken.push_back(shown = jws);
        log::Record record = decided(log::RecordEvent::keys, log::Decision::permit);
        record.facts.add("digest", statement::sha256(receipt_of_another ? "another" : jws));
        return answer(201, "application/json", receipt_json(log.append(std::nullopt, record)));
    }
    Usable<Rotated> rotate(std::function<void()> after_each = {}) {
        return rotate_keys({keys, statement::Plain{}, root_key, std::move(after_each)}, hub);
    }
    Usable<Rotated> rotate_without_root() { return rotate_keys({keys, statement::Plain{}}, hub); }

    // Name and bytes of every file there.
    [[nodiscard]] std::map<std::string, std::string> files(const std::string& ending = {}) const {
        std::map<std::string, std::string> found;
        for (const auto& entry : fs::directory_iterator(keys)) {
            const std::string name = entry.path().filename().string();
            if (name.ends_with(ending)) found.emplace(name, text_in(entry.path()));
        }
        return found;
    }
    [[nodiscard]] bool opens_what_is_sealed_to(const statement::KeyList& list) const {
        return open().opening().find(list.encryption.front().thumbprint()) != nullptr;
    }
    [[nodiscard]] SignedList list_of(const std::string& jws) const {
        return {read_own_key_list(jws, open().root()).value(), jws};
    }
    void pass(std::chrono::hours time) { script.machine_clock += time; }
};

bool says(const Usable<Rotated>& outcome, std::string_view word) {
    return !outcome && outcome.error().sentence.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("A rotation makes list 2 with fresh keys first and the directory signs and opens by them") {
    Body body;
    const OrganisationKeys before = body.open();
    const auto rotated = body.rotate();
    REQUIRE(rotated);
    CHECK(rotated->list.serial == 2);
    CHECK(rotated->leaf == LeafIndex{0});
    CHECK_FALSE(rotated->was_begun);
    const OrganisationKeys after = body.open();
    CHECK(after.key_list() == body.shown);
    CHECK(after.signer().certificate() == rotated->list.signing.front());
    CHECK(after.signer().certificate() != before.signer().certificate());
    CHECK(after.list().seal_to(kNow)->key() == rotated->list.encryption.front().key());
    CHECK(after.list().encryption.size() == 1);
    CHECK(body.opens_what_is_sealed_to(after.list()));
    CHECK_FALSE(fs::exists(body.keys / "keys.next.jws"));
    CHECK(body.rotate()->list.serial == 3);
}

TEST_CASE("Of a document the certificate is found that signed it, before the rotation and behind it") {
    Body body;
    const auto signed_now = [&] {
        return statement::sign(body.open().signer(), statement::kAcksType, kToday, "{}");
    };
    const std::string former = signed_now();
    REQUIRE(body.rotate());
    const std::string present = signed_now();
    CHECK(certificate_named(body.keys, former) == body.open().former().front());
    CHECK(certificate_named(body.keys, present) == body.open().signer().certificate());
    CHECK_FALSE(certificate_named(
        body.keys, statement::sign(party("ssd-5000").signer(), statement::kAcksType, kToday, "{}")));
    CHECK_FALSE(certificate_named(body.keys, "a.b.c"));
}

TEST_CASE("What was sealed to the former key opens and what it signed still counts") {
    Body body;
    const OrganisationKeys before = body.open();
    REQUIRE(body.rotate());
    CHECK(body.opens_what_is_sealed_to(before.list()));
    CHECK(body.open().list().vouches_for(before.signer().certificate().thumbprint(), kNow));
    REQUIRE(body.open().former().size() == 1);
    CHECK(body.open().former().front() == before.signer().certificate());
    REQUIRE(body.rotate());
    CHECK(body.opens_what_is_sealed_to(before.list()));
    CHECK(body.open().list().vouches_for(before.signer().certificate().thumbprint(), kNow));
}

TEST_CASE("Killed behind any of its steps it is finished by a second call: the same keys, one new list") {
    int steps = 0;
    for (bool killed = true; killed; ++steps) {
        Body body;
        const OrganisationKeys before = body.open();
        int left = steps + 1;
        killed = false;
        try {
            (void)body.rotate([&] {
                if (--left == 0) throw Killed{};
            });
        } catch (const Killed&) {
            killed = true;
        }
        if (!killed) break;
        CAPTURE(steps);
        // Every program goes on, by a list that the hub has or had taken; all that is sealed opens.
        CHECK((body.open().list().serial == 1 || body.open().key_list() == body.shown));
        CHECK(body.opens_what_is_sealed_to(before.list()));
        const auto drawn = body.files(".key");
        const bool was_signed = fs::exists(body.keys / "keys.next.jws");
        const std::string signed_list = was_signed ? text_in(body.keys / "keys.next.jws") : std::string();

        const auto second = body.rotate();
        REQUIRE(second);
        CHECK(second->list.serial == 2);
        CHECK(second->was_begun == was_signed);
        if (was_signed) CHECK(body.open().key_list() == signed_list);
        CHECK(body.taken.size() == 1);
        CHECK(body.open().key_list() == body.shown);
        CHECK_FALSE(fs::exists(body.keys / "keys.next.jws"));
        const auto after = body.files(".key");
        for (const auto& [name, key] : drawn) CHECK(after.at(name) == key);
        CHECK(after.size() == before.list().signing.size() + before.list().encryption.size() + 5);
    }
    CHECK(steps == 7);  // two keys, two certificates, the list, its publication, the change-over
}

TEST_CASE("An answer that was lost is not asked for twice: the hub shows that it took the list") {
    Body body;
    body.answer_lost = true;
    const auto lost = body.rotate();
    CHECK(says(lost, "the same call again"));
    CHECK(body.open().list().serial == 1);
    body.answer_lost = body.script.away = false;
    const auto second = body.rotate_without_root();
    REQUIRE(second);
    CHECK(second->was_begun);
    CHECK_FALSE(second->leaf);
    CHECK(body.taken.size() == 1);
    CHECK(body.open().list().serial == 2);
}

TEST_CASE("A list that the hub refuses changes nothing in use and the same list is offered again") {
    Body body;
    body.refused_with = "organisation_suspended";
    const auto refused = body.rotate();
    CHECK(says(refused, "organisation_suspended"));
    CHECK(says(refused, "fresh token"));
    CHECK(body.open().list().serial == 1);
    const std::string signed_list = text_in(body.keys / "keys.next.jws");
    body.refused_with.reset();
    REQUIRE(body.rotate_without_root());
    CHECK(body.taken == std::vector{signed_list});
}

TEST_CASE("An answer without a receipt for this very list is no acceptance") {
    Body body;
    body.receipt_of_another = true;
    CHECK(says(body.rotate(), "without a receipt"));
    CHECK(body.open().list().serial == 1);
}

TEST_CASE("Without the root's key nothing changes and the error says who comes with it") {
    Body body;
    const auto before = body.files();
    SECTION("none given") {
        CHECK(says(body.rotate_without_root(), "whoever keeps this organisation's root"));
    }
    SECTION("no such file") {
        body.root_key = body.folder / "elsewhere.key";
        CHECK(says(body.rotate(), "whoever keeps this organisation's root"));
    }
    SECTION("another key") {
        body.root_key = body.keys / "signing.key";
        CHECK(says(body.rotate(), "is not the root's key"));
    }
    SECTION("under a passphrase that was not given") {
        const auto key = statement::read_private_key(body.root_key, statement::Plain{}).value();
        body.root_key = body.folder / "locked.key";
        const std::string passphrase = "a passphrase of the test";
        REQUIRE(statement::write_private_key(body.root_key, key,
                                             statement::Secret(Bytes(passphrase.begin(), passphrase.end()))));
        CHECK(says(body.rotate(), "passphrase_missing"));
    }
    CHECK(body.files() == before);
    CHECK(body.taken.empty());
}

TEST_CASE("A hub that is away or a clock that is wrong is told before anything is drawn") {
    Body body;
    const auto before = body.files();
    SECTION("away") {
        body.script.away = true;
        CHECK(says(body.rotate(), "nothing was changed"));
    }
    SECTION("a clock") {
        body.hub = HubClient(body.script.line(),
                             {organisation("ssd-5000"), body.log.key(), [] { return kNow + 301s; }});
        CHECK(says(body.rotate(), "sets its clock"));
    }
    CHECK(body.files() == before);
}

TEST_CASE("A directory of which another copy was rotated is told so and left alone") {
    Body body;
    const fs::path copy = body.folder / "copy";
    fs::copy(body.keys, copy, fs::copy_options::recursive);
    REQUIRE(body.rotate());
    body.keys = copy;
    const auto before = body.files();
    CHECK(says(body.rotate(), "another copy of this directory"));
    CHECK(body.files() == before);
}

TEST_CASE("A list of ours that our root did not sign is the operator's to explain") {
    Body body;
    const Party other = party("ssd-5000");
    body.shown = key_list(other, 5);
    const auto before = body.files();
    CHECK(says(body.rotate(), "this root did not sign"));
    CHECK(body.files() == before);
}

TEST_CASE(
    "A list that ran out before the hub took it gives its keys new certificates under the same serial") {
    Body body;
    body.refused_with = "unavailable";
    REQUIRE_FALSE(body.rotate());
    const auto drawn = body.files(".key");
    body.refused_with.reset();
    body.pass(91 * 24h);
    CHECK(says(body.rotate_without_root(), "whoever keeps this organisation's root"));
    const auto rotated = body.rotate();
    REQUIRE(rotated);
    CHECK(rotated->list.serial == 2);
    CHECK(body.files(".key") == drawn);
    CHECK(rotated->list.not_after > body.script.machine_clock + 89 * 24h);
}

TEST_CASE("A signed list whose keys are gone is published to nobody") {
    Body body;
    body.refused_with = "unavailable";
    REQUIRE_FALSE(body.rotate());
    body.refused_with.reset();
    const std::string missing = GENERATE("signing-2.key", "signing-2.pem", "encryption-2.key");
    fs::remove(body.keys / missing);
    CHECK(says(body.rotate(), "from the backup"));
    CHECK(body.taken.empty());
    CHECK(body.open().list().serial == 1);
}

TEST_CASE(
    "The private half of an encryption key is destroyed 35 days after its certificate's end and no sooner") {
    Body body;
    const Instant end = body.open().list().encryption.front().not_after();
    const auto rotate_at = [&](Instant at) {
        body.script.machine_clock = at;
        return body.rotate();
    };
    REQUIRE(rotate_at(kNow + 80 * 24h)->destroyed.empty());
    CHECK(rotate_at(end + kPrivateHalfKept)->destroyed.empty());
    CHECK(rotate_at(end + kPrivateHalfKept + 1s)->destroyed == std::vector<std::string>{"encryption.key"});
    CHECK_FALSE(fs::exists(body.keys / "encryption.key"));
    CHECK(fs::exists(body.keys / "encryption.pem"));
    CHECK(body.open().list().serial == 4);
}

TEST_CASE("Where a rotation goes on follows from the two lists here and the one that the hub shows") {
    Body body;
    const SignedList one = body.list_of(body.shown);
    REQUIRE(body.rotate());
    const SignedList two = body.list_of(body.shown);
    REQUIRE(body.rotate());
    const SignedList three = body.list_of(body.shown);
    const auto step = [&](const SignedList& own, std::optional<SignedList> begun,
                          std::optional<SignedList> shown, Instant at = kNow) {
        return next_step({own, std::move(begun), std::move(shown), at});
    };
    CHECK(step(one, {}, one).value() == RotationStep::draw);
    CHECK(step(one, {}, {}).value() == RotationStep::draw);
    CHECK(step(two, {}, one).value() == RotationStep::draw);  // the hub was put back; the next list is newer
    CHECK(step(one, two, one).value() == RotationStep::publish);
    CHECK(step(one, two, one, two.list.not_after).value() == RotationStep::publish);
    CHECK(step(one, two, one, two.list.not_after + 1ms).value() == RotationStep::draw);
    CHECK(step(one, two, two).value() == RotationStep::change_over);
    CHECK(step(one, two, two, two.list.not_after + 1ms).value() == RotationStep::change_over);
    CHECK(step(two, two, two).value() == RotationStep::change_over);
    CHECK(step(one, {}, two).error().serial == 2);
    CHECK(step(one, two, three).error().serial == 3);
    SignedList same_serial = two;
    same_serial.jws += "?";
    CHECK(step(two, {}, same_serial).error().serial == 2);
}

TEST_CASE("Other keys in the directory are seen once, and those in use stay where they cannot be opened") {
    Body body;
    KeysWatch watch(body.keys, {});
    const auto first = watch.look();
    REQUIRE((first && *first));
    CHECK((*first)->list().serial == 1);
    CHECK_FALSE(watch.look());
    REQUIRE(body.rotate());
    const auto second = watch.look();
    REQUIRE((second && *second));
    CHECK((*second)->list().serial == 2);
    CHECK_FALSE(watch.look());
    fs::permissions(body.keys / "signing-2.key", fs::perms::none);
    fs::remove(body.keys / "signing-2.pem");
    const auto third = watch.look();
    REQUIRE(third);
    CHECK_FALSE(*third);
    CHECK_FALSE(watch.look());
}
