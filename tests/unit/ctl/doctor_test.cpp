// Each check says what is so, and where it is not well whose side it is on and what to do next.
#include <catch2/catch.hpp>
#include <fstream>

#include "adapters/ctl/doctor.h"
#include "audit/log/checkpoint.h"
#include "schemas/json/read.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/profile.h"
#include "tests/unit/statement/parties.h"

using namespace kesher;
using namespace kesher::ctl;
using namespace std::chrono_literals;
using statement::kNow;
using statement::party;
using statement::Party;
namespace fs = std::filesystem;

namespace {

constexpr contract::Instant kNoon = contract::start_of(contract::Day{std::chrono::year{2026} / 3 / 1}) + 12h;

struct Folder {
    fs::path path = fs::temp_directory_path() / ("kesher-doctor-" + std::to_string(::getpid()));
    Folder() {
        fs::remove_all(path);
        fs::create_directories(path);
        fs::permissions(path, fs::perms::owner_all);
    }
    ~Folder() { fs::remove_all(path); }
    fs::path write(const std::string& name, const std::string& text, fs::perms rights) const {
        const fs::path file = path / name;
        std::ofstream(file) << text;
        fs::permissions(file, rights);
        return file;
    }
};
constexpr fs::perms kPrivate = fs::perms::owner_read | fs::perms::owner_write;
constexpr fs::perms kShown = kPrivate | fs::perms::group_read;

log::NoteSigner signer() {
    return log::NoteSigner::from_seed("hub.example/log", log::NoteKeyType::ed25519, contract::Bytes(32, 7))
        .value();
}
std::string note(std::uint64_t size) {
    return log::sign(log::Checkpoint{"hub.example/log", contract::TreeSize{size}, {}}, signer());
}

// Broken, with a side and a next step; well, with neither.
void check_is(const Finding& finding, Health health) {
    CAPTURE(finding.sentence);
    CHECK(finding.health == health);
    CHECK(finding.sentence.ends_with("."));
    CHECK(finding.side.empty() == (health == Health::well));
    CHECK(finding.next.empty() == (health == Health::well));
}

json::Value agreements(const std::string& list) {
    return json::read(R"({"agreements":[)" + list + "]}").value();
}
std::string agreement(const std::string& state, const std::string& days) {
    return R"({"id":"x","state":")" + state + R"(",)" + days + R"(,"approvals":4})";
}

}  // namespace

TEST_CASE("Keys are for their owner alone, the folder too, and what is no key may be read") {
    const Folder folder;
    (void)folder.write("signing.key", "x", kPrivate);
    (void)folder.write("signing.pem", "x", kShown);
    check_is(check_rights("keys", folder.path), Health::well);
    fs::permissions(folder.path / "signing.key", kShown);
    const Finding shown = check_rights("keys", folder.path);
    check_is(shown, Health::broken);
    CHECK(shown.sentence.find("signing.key") != std::string::npos);
    fs::permissions(folder.path / "signing.key", kPrivate);
    fs::permissions(folder.path, fs::perms::owner_all | fs::perms::others_exec);
    check_is(check_rights("keys", folder.path), Health::broken);
    check_is(check_rights("keys", folder.path / "none"), Health::broken);
}

TEST_CASE("A passphrase file is there and for its owner alone") {
    const Folder folder;
    const fs::path file = folder.write("passphrase", "x", kPrivate);
    check_is(check_private_file("passphrase", file), Health::well);
    fs::permissions(file, kShown);
    check_is(check_private_file("passphrase", file), Health::broken);
    check_is(check_private_file("passphrase", folder.path / "none"), Health::broken);
}

TEST_CASE("A disk has a GiB and one part in twenty free") {
    constexpr std::uintmax_t gib = std::uintmax_t{1} << 30U;
    check_is(check_space("disk", {gib, 20 * gib}), Health::well);
    check_is(check_space("disk", {gib - 1, 20 * gib}), Health::broken);
    check_is(check_space("disk", {gib, 20 * gib + 20}), Health::broken);
    CHECK(check_space("disk", {gib + gib / 2, 20 * gib}).sentence == "1.5 GiB of 20.0 GiB are free.");
}

TEST_CASE("A certificate that ends within fourteen days is told and one that has ended is broken") {
    check_is(check_expiry("root", kNoon + 14 * 24h, kNoon, "renew"), Health::well);
    check_is(check_expiry("root", kNoon + 14 * 24h - 1ms, kNoon, "renew"), Health::soon);
    check_is(check_expiry("root", kNoon, kNoon, "renew"), Health::soon);
    check_is(check_expiry("root", kNoon - 1ms, kNoon, "renew"), Health::broken);
}

TEST_CASE("A rotation of keys that was cut off is told") {
    const Folder folder;
    check_is(check_rotation(folder.path), Health::well);
    (void)folder.write("keys.next.jws", "x", kPrivate);
    const Finding begun = check_rotation(folder.path);
    check_is(begun, Health::soon);
    CHECK(begun.next.find("keys rotate") != std::string::npos);
}

TEST_CASE("A clock is told from a minute apart and broken where the hub refuses its day") {
    check_is(check_clock(kNoon + 60s, kNoon), Health::well);
    check_is(check_clock(kNoon, kNoon + 61s), Health::soon);
    check_is(check_clock(kNoon + 300s, kNoon), Health::soon);
    check_is(check_clock(kNoon, kNoon + 301s), Health::broken);
}

TEST_CASE("The checkpoint file is this log's and the hub signs no less than it holds") {
    const Folder folder;
    const log::NoteKey key = signer().key();
    const fs::path file = folder.write("checkpoint", note(9), kPrivate);
    const auto signs = [](std::uint64_t size) { return [size] { return std::optional(note(size)); }; };
    check_is(check_checkpoint_file(file, key, signs(9)), Health::well);
    check_is(check_checkpoint_file(file, key, [] { return std::optional<std::string>(); }), Health::well);
    const Finding behind = check_checkpoint_file(file, key, signs(8));
    check_is(behind, Health::broken);
    CHECK(behind.sentence.find("older database") != std::string::npos);
    (void)folder.write("other", "nothing that was signed\n", kPrivate);
    check_is(check_checkpoint_file(folder.path / "other", key, signs(9)), Health::broken);
    check_is(check_checkpoint_file(folder.path / "none", key, signs(9)), Health::broken);
}

TEST_CASE("A body that nobody confirmed, or that was suspended, is told so with the operator's next step") {
    using contract::OrganisationStatus;
    const auto self = contract::OrganisationId::parse("ssd-5000").value();
    const contract::Digest root = statement::sha256("root");
    check_is(check_standing(self, OrganisationStatus::active, root), Health::well);
    const std::string confirm = "kesherctl org confirm ssd-5000 --root " + contract::base64url(root.view());
    for (const auto status : {OrganisationStatus::pending, OrganisationStatus::suspended}) {
        const Finding found = check_standing(self, status, root);
        check_is(found, Health::broken);
        CHECK(found.next.find(confirm) != std::string::npos);
    }
    CHECK(check_standing(self, OrganisationStatus::pending, root).sentence.find("confirmed") !=
          std::string::npos);
    CHECK(check_standing(self, OrganisationStatus::suspended, root).sentence.find("suspended") !=
          std::string::npos);
    check_is(check_standing(self, OrganisationStatus::left, root), Health::broken);
}

TEST_CASE("Agreements count from their first day to their last and where all four have approved") {
    const contract::Day today = contract::day_of(kNoon);
    const auto count = [&](const std::string& list) {
        return count_agreements(agreements(list), today).value();
    };
    CHECK(count("") == Agreements{});
    CHECK(count(agreement("active", R"("from":"2026-03-01","to":"2026-03-01")")) == Agreements{1, 0});
    CHECK(count(agreement("active", R"("from":"2026-03-01")")) == Agreements{1, 0});
    CHECK(count(agreement("active", R"("from":"2026-03-02","to":"2026-04-01")")) == Agreements{});
    CHECK(count(agreement("active", R"("from":"2026-02-01","to":"2026-02-28")")) == Agreements{});
    CHECK(count(agreement("ended", R"("from":"2026-03-01")")) == Agreements{});
    CHECK(count(agreement("proposed", R"("from":"2026-03-01")")) == Agreements{0, 1});
    CHECK_FALSE(count_agreements(json::read("{}").value(), today));
    check_is(check_agreements({1, 0}), Health::well);
    CHECK(check_agreements({2, 1}).sentence == "2 agreements are in force.");
    const Finding proposed = check_agreements({0, 1});
    check_is(proposed, Health::broken);
    CHECK(proposed.next.find("agreement approve") != std::string::npos);
    const Finding none = check_agreements({});
    check_is(none, Health::broken);
    CHECK(none.next.find("agreement propose") != std::string::npos);
}

TEST_CASE("Operators and auditors are not told that they have no agreement") {
    using contract::OrganisationKind;
    CHECK_FALSE(exchanges(OrganisationKind::operator_));
    CHECK_FALSE(exchanges(OrganisationKind::auditor));
    CHECK(exchanges(OrganisationKind::public_body));
    CHECK(exchanges(OrganisationKind::hotline));
}

TEST_CASE("What a body declares is told as others count it: by its own keys, and for ninety days") {
    const Party ours = party("ssd-5000");
    const contract::Day today = contract::day_of(kNow);
    const statement::KeyList keys{ours.id, 1, {ours.signing}, {}, kNow + 100 * 24h};
    const auto declared = [&](const statement::Signer& signer, contract::Day on) {
        return statement::sign_profile({ours.id, "hub.example/log", {1, 1}, {}, {}}, signer, on);
    };
    const auto check = [&](const std::string& document) {
        return check_profile(document, "hub.example/log", keys, kNow);
    };
    check_is(check(declared(ours.signer(), today)), Health::well);
    check_is(check(declared(ours.signer(), today - std::chrono::days{80})), Health::soon);
    check_is(check(declared(ours.signer(), today - std::chrono::days{90})), Health::soon);
    check_is(check(declared(ours.signer(), today - std::chrono::days{91})), Health::broken);
    const Finding nothing = check("");
    check_is(nothing, Health::broken);
    CHECK(nothing.next.find("kesherctl profile declare") != std::string::npos);
    check_is(check(declared(party("ssd-5000").signer(), today)), Health::broken);
}

TEST_CASE("One broken thing makes the whole not hold and what will end soon does not") {
    const Finding well{"clock", Health::well, "It is right."};
    const Finding soon{"root", Health::soon, "It ends.", "ours", "Renew it."};
    const Finding broken{"disk", Health::broken, "It is full.", "ours", "Free room."};
    CHECK(said(report_of({well, soon}), false).exit_code == 0);
    const Said all = said(report_of({well, soon, broken}), false);
    CHECK(all.exit_code == 1);
    CHECK(all.out.ends_with("REFUSED: broken: disk\n"));
    CHECK(said(report_of({well, broken}), true).out.starts_with(R"({"holds":false,"refused":"broken")"));
}
