// Each check says what is so, and where it is not well whose side it is on and what to do next.
#include <catch2/catch.hpp>
#include <fstream>

#include "adapters/ctl/doctor.h"
#include "audit/log/checkpoint.h"

using namespace kesher;
using namespace kesher::ctl;
using namespace std::chrono_literals;
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
