// A key that was in other hands never speaks for its body again: not on the list by which it comes back, not
// on one that it publishes later, not under another certificate, and not because the hub was started anew.
#include <catch2/catch.hpp>

#include "config/catalogue/catalogue.h"
#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using statement::Certificate;
using statement::Use;
using tests::World;
using namespace std::chrono_literals;

namespace {

struct Robbed {
    World world;
    tests::Body& body = world.health;
    // What its first list names.
    Certificate signing = body.signer().certificate();
    Certificate sealing = body.sealing_certificate();

    const sequencer::Organisation& known() { return *world.hub().registry()->find(body.id()); }
    std::int64_t serial_in_force() { return known().keys ? known().keys->serial : 0; }
    // What is known of its lists is the same whether it was seen or read again.
    void start_again() {
        const sequencer::Organisation before = known();
        world.restart();
        CHECK(known().last_serial == before.last_serial);
        REQUIRE((before.named_keys && known().named_keys));
        CHECK(*known().named_keys == *before.named_keys);
    }

    // Lists by its own root, of what it has now and whatever else is asked for.
    std::string list(std::int64_t serial, const std::vector<Certificate>& also_signing = {},
                     const std::vector<Certificate>& also_sealing = {}) {
        std::vector<Certificate> to_sign{body.signer().certificate()};
        std::vector<Certificate> to_seal{body.sealing_certificate()};
        to_sign.insert(to_sign.end(), also_signing.begin(), also_signing.end());
        to_seal.insert(to_seal.end(), also_sealing.begin(), also_sealing.end());
        return body.key_list(serial, to_sign, to_seal, world.now());
    }
    std::optional<Code> publish(const std::string& keys) {
        return world.hub()
            .run(std::make_shared<identity::PutKeys>(identity::Asker{body.id(), {}}, keys))
            .code;
    }
    void compromise() {
        REQUIRE_FALSE(
            world.hub().run(std::make_shared<identity::Compromise>(identity::Asker{}, body.id())).code);
    }
    Digest token() { return token_for(body); }
    Digest token_for(const tests::Body& whom) {
        const auto bits = statement::sha256(statement::random_bytes<16>());
        REQUIRE_FALSE(world.hub()
                          .run(std::make_shared<identity::AddOrganisation>(
                              identity::Asker{}, identity::AddOrganisation::Order{whom.id(), whom.kind(),
                                                                                  bits, world.now() + 24h}))
                          .code);
        return bits;
    }
    std::optional<Code> enrol(const Digest& bits, const std::string& keys) {
        auto request = body.enrolment(bits, std::string(World::kHub), world.now());
        request.keys = keys;
        return enrol(std::move(request));
    }
    std::optional<Code> enrol(identity::EnrolmentRequest request) {
        return world.hub()
            .run(std::make_shared<identity::Enrol>(std::move(request), world.keys().authority(),
                                                   std::string(World::kHub), "{}"))
            .code;
    }
    // Robbed, and back with keys that nobody else ever had, by its second list.
    void come_back() {
        compromise();
        body.draw_keys(world.now());
        REQUIRE_FALSE(enrol(token(), list(2)));
        world.set_status(body, OrganisationStatus::active);
        REQUIRE(serial_in_force() == 2);
    }
    // Every way to name a stolen key again: its list with that serial.
    std::vector<std::string> lists_with_a_stolen_key(std::int64_t serial) {
        const auto again = [&](const Certificate& stolen, Use use) {
            return body.certify(stolen.key(), use, world.now());
        };
        return {list(serial, {signing}),
                list(serial, {}, {sealing}),
                list(serial, {again(signing, Use::signing)}),
                list(serial, {}, {again(sealing, Use::encryption)}),
                list(serial, {again(sealing, Use::signing)}),
                list(serial, {}, {again(signing, Use::encryption)})};
    }
};

}  // namespace

TEST_CASE("A body whose keys were stolen does not come back by a list that names one of them again") {
    Robbed it;
    it.compromise();
    it.body.draw_keys(it.world.now());
    const Digest bits = it.token();
    if (GENERATE(false, true)) it.start_again();
    for (const std::string& keys : it.lists_with_a_stolen_key(2)) {
        CHECK(it.enrol(bits, keys) == Code::key_unpinned);
    }
    CHECK(it.serial_in_force() == 0);
    CHECK_FALSE(it.enrol(bits, it.list(2)));
    CHECK(it.serial_in_force() == 2);
}

TEST_CASE(
    "A body that came back publishes no list that names a stolen key, and one with fresh keys is taken") {
    Robbed it;
    it.come_back();
    if (GENERATE(false, true)) it.start_again();
    for (const std::string& keys : it.lists_with_a_stolen_key(3)) {
        CHECK(it.publish(keys) == Code::key_unpinned);
    }
    CHECK(it.serial_in_force() == 2);
    const Certificate former = it.body.signer().certificate();
    it.body.draw_keys(it.world.now());
    CHECK_FALSE(it.publish(it.list(3, {former})));  // a rotation like any other: nobody stole that one
    CHECK(it.serial_in_force() == 3);
}

TEST_CASE("A rotation without a compromise keeps the former signing certificate as ever") {
    Robbed it;
    it.body.draw_keys(it.world.now());
    if (GENERATE(false, true)) it.start_again();
    REQUIRE_FALSE(it.publish(it.list(2, {it.signing})));
    const Certificate second = it.body.signer().certificate();
    it.body.draw_keys(it.world.now());
    if (GENERATE(false, true)) it.start_again();
    CHECK_FALSE(it.publish(it.list(3, {second, it.signing}, {it.sealing})));
    CHECK(it.serial_in_force() == 3);
}

TEST_CASE("A key that only an earlier list named is over with the one that is ended") {
    Robbed it;
    it.body.draw_keys(it.world.now());
    REQUIRE_FALSE(it.publish(it.list(2)));
    it.compromise();
    it.body.draw_keys(it.world.now());
    const Digest bits = it.token();
    if (GENERATE(false, true)) it.start_again();
    for (const std::string& keys : it.lists_with_a_stolen_key(3)) {
        CHECK(it.enrol(bits, keys) == Code::key_unpinned);
    }
    CHECK_FALSE(it.enrol(bits, it.list(3)));
}

TEST_CASE("A second compromise ends what was named since the first, and what the first ended stays so") {
    Robbed it;
    it.come_back();
    const Certificate second = it.body.signer().certificate();
    it.compromise();
    it.body.draw_keys(it.world.now());
    const Digest bits = it.token();
    if (GENERATE(false, true)) it.start_again();
    CHECK(it.enrol(bits, it.list(3, {second})) == Code::key_unpinned);
    CHECK(it.enrol(bits, it.list(3, {it.signing})) == Code::key_unpinned);
    CHECK_FALSE(it.enrol(bits, it.list(3)));
}

TEST_CASE("Another body's compromise ends nothing of this one's") {
    Robbed it;
    REQUIRE_FALSE(it.world.hub()
                      .run(std::make_shared<identity::Compromise>(identity::Asker{}, it.world.nii.id()))
                      .code);
    it.body.draw_keys(it.world.now());
    if (GENERATE(false, true)) it.start_again();
    CHECK_FALSE(it.publish(it.list(2, {it.signing})));
}

TEST_CASE("Keys whose list had run out are ended by a compromise all the same") {
    Robbed it;
    it.world.pass(61 * 24h);
    if (GENERATE(false, true)) it.start_again();
    it.compromise();
    CHECK(it.known().row.keys_ended == 1);
    it.body.draw_keys(it.world.now());
    const Digest bits = it.token();
    if (GENERATE(false, true)) it.start_again();
    const Certificate again = it.body.certify(it.signing.key(), Use::signing, it.world.now());
    CHECK(it.enrol(bits, it.list(2, {again})) == Code::key_unpinned);
    CHECK(it.enrol(bits, it.list(1)) == Code::key_unpinned);
    CHECK_FALSE(it.enrol(bits, it.list(2)));
}

TEST_CASE("A serial that was seen is not taken again though its list has run out") {
    Robbed it;
    REQUIRE_FALSE(it.publish(it.list(5)));
    it.world.pass(61 * 24h);
    if (GENERATE(false, true)) it.start_again();
    it.body.draw_keys(it.world.now());
    CHECK(it.publish(it.list(4)) == Code::key_unpinned);
    CHECK(it.publish(it.list(5)) == Code::key_unpinned);
    CHECK_FALSE(it.publish(it.list(6)));
}

// --- a body that was never confirmed

namespace {

struct RobbedNewcomer : Robbed {
    tests::Body newcomer{OrganisationId::parse("higher-education").value(), OrganisationKind::public_body,
                         world.now()};
    std::optional<Code> enters(const Digest& bits, std::int64_t serial = 1) {
        return enrol(newcomer.enrolment(bits, std::string(World::kHub), world.now(), serial));
    }
};

}  // namespace

TEST_CASE("Who begins anew before it was confirmed begins with new keys too, under whichever root") {
    RobbedNewcomer it;
    REQUIRE_FALSE(it.enters(it.token_for(it.newcomer), 7));
    const bool robbed = GENERATE(false, true);
    if (robbed) {
        REQUIRE_FALSE(it.world.hub()
                          .run(std::make_shared<identity::Compromise>(identity::Asker{}, it.newcomer.id()))
                          .code);
    }
    const Digest bits = it.token_for(it.newcomer);
    if (GENERATE(false, true)) it.world.restart();
    CHECK(it.enters(bits, 8) == Code::key_unpinned);
    it.newcomer.draw_keys(it.world.now());
    CHECK_FALSE(it.enters(bits));  // and its count of lists begins anew
    it.world.restart();
    CHECK(it.world.hub().registry()->find(it.newcomer.id())->keys->serial == 1);
}

TEST_CASE("A body comes back under the very certificate of its root that it enrolled with") {
    Robbed it;
    it.compromise();
    it.body.draw_keys(it.world.now());
    const auto second = it.body.enrolment(it.token(), std::string(World::kHub), it.world.now(), 2);
    tests::Body renewed = it.body;
    renewed.renew_root_certificate(it.world.now());
    CHECK(renewed.root_pin() == it.body.root_pin());
    CHECK(it.enrol(renewed.enrolment(second.token, std::string(World::kHub), it.world.now(), 2)) ==
          Code::key_unpinned);
    CHECK_FALSE(it.enrol(second));
    it.start_again();
}

// --- what is stored

TEST_CASE("A key that an older hub took back after its end is in no list to come") {
    Robbed it;
    store::OrganisationRow row = it.known().row;
    row.keys_ended = 1;
    store::StoredRegistry stored;
    stored.organisations = {row};
    stored.past_key_lists = {{row.id, 1, it.list(1), LeafIndex{3}}};
    stored.key_lists = {{row.id, 2, it.list(2), LeafIndex{4}}};
    const auto registry =
        sequencer::Registry::from(stored, catalogue::built_in_catalogue(), World::kOrigin, it.world.now());
    const sequencer::Organisation& body = *registry.find(row.id);
    REQUIRE(body.keys);
    CHECK(body.keys->serial == 2);  // what was taken stands until its next list
    CHECK(body.has_ended_key_of(*body.keys));
    CHECK(body.last_serial == 2);
}

TEST_CASE("A list that was followed by another and was changed since refuses the start") {
    Robbed it;
    it.body.draw_keys(it.world.now());
    REQUIRE_FALSE(it.publish(it.list(2)));
    it.world.stop();
    const std::string first = " WHERE organisation = 'health' AND serial = 1";
    SECTION("its text") {
        it.world.as_superuser("UPDATE key_list SET jws = jws || 'A'" + first);
        CHECK_THROWS_WITH(it.world.start(),
                          Catch::Matchers::Contains("table key_list does not hold in its column jws"));
    }
    SECTION("another body's in its place") {
        it.world.as_superuser(
            "UPDATE key_list SET jws = (SELECT jws FROM key_list WHERE organisation = 'nii')" + first);
        CHECK_THROWS_WITH(it.world.start(),
                          Catch::Matchers::Contains("table key_list does not hold in its column jws"));
    }
    SECTION("or is gone: what it named would be over no more") {
        it.world.as_superuser("DELETE FROM key_list" + first);
        CHECK_THROWS_WITH(it.world.start(),
                          Catch::Matchers::Contains("table key_list has lost a row that entry"));
    }
    SECTION("its serial") {
        it.world.as_superuser("UPDATE key_list SET serial = 9" + first);
        CHECK_THROWS_WITH(it.world.start(),
                          Catch::Matchers::Contains("table key_list does not hold in its column serial"));
    }
}
