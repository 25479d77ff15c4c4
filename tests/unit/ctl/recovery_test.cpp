// Who remembers more of the log than the hub signs, and what two signed histories are.
#include <catch2/catch.hpp>

#include "adapters/ctl/recovery.h"

using namespace kesher;
using namespace kesher::ctl;

namespace {

log::NoteSigner signer(std::uint8_t seed = 7) {
    return log::NoteSigner::from_seed("hub.example/log", log::NoteKeyType::ed25519, contract::Bytes(32, seed))
        .value();
}
std::string note(std::uint64_t size, std::uint8_t root = 0, std::uint8_t seed = 7) {
    log::Checkpoint checkpoint{"hub.example/log", contract::TreeSize{size}, {}};
    checkpoint.root.bytes.fill(root);
    return log::sign(checkpoint, signer(seed));
}

const Remembered kSilent{"hub", std::nullopt, "it does not answer"};
Remembered hub(std::uint64_t size, std::uint8_t root = 0) { return {"hub", note(size, root)}; }
Remembered other(std::string place, std::uint64_t size, std::uint8_t root = 0) {
    return {std::move(place), note(size, root)};
}
Diagnosis of(const Remembered& first, const std::vector<Remembered>& others) {
    return diagnose(first, others, signer().key());
}

}  // namespace

TEST_CASE("Where nobody knows more than the hub signs nothing is lost") {
    CHECK(of(hub(9), {}).loss == Loss::none);
    CHECK(of(hub(9), {other("journal", 9)}).loss == Loss::none);
    CHECK(said(report_of(of(hub(9), {}), signer().key()), false).exit_code == 0);
}

TEST_CASE("A smaller tree that somebody knows has to be proven to be the beginning of the hub's") {
    const Diagnosis found = of(hub(9), {other("journal", 5), other("file", 7)});
    CHECK(found.loss == Loss::unproven);
    CHECK(found.newest_place == "file");
    CHECK(with_proof(found, true).loss == Loss::none);
    CHECK(with_proof(found, false).loss == Loss::forked);
    CHECK(said(report_of(found, signer().key()), false).exit_code == 1);
}

TEST_CASE("A larger tree than the hub's means that the hub has lost its end") {
    const Diagnosis found = of(hub(9), {other("journal", 12), other("file", 10)});
    CHECK(found.loss == Loss::behind);
    CHECK(found.newest_place == "journal");
    const std::string out = said(report_of(found, signer().key()), false).out;
    CHECK(out.find("REFUSED: log_behind: the hub signs 9 entries, but journal knows 12 entries") !=
          std::string::npos);
    CHECK(out.find("Bring back the newest copy") != std::string::npos);
}

TEST_CASE("A hub that says nothing is measured by the newest that anybody knows") {
    const Diagnosis found = of(kSilent, {other("file", 12)});
    CHECK(found.loss == Loss::silent);
    CHECK(said(report_of(found, signer().key()), false).out.find("at least the 12 entries that file knows") !=
          std::string::npos);
    CHECK(of(kSilent, {}).loss == Loss::silent);
}

TEST_CASE("Two roots of one size are two histories whoever signed more") {
    CHECK(of(hub(9), {other("journal", 9, 1)}).loss == Loss::forked);
    CHECK(of(hub(12), {other("a", 9), other("b", 9, 1)}).loss == Loss::forked);
    CHECK(of(kSilent, {other("a", 9), other("b", 9, 1)}).newest_place == "b");
    CHECK(of(hub(12), {other("a", 9), other("b", 10, 1)}).loss == Loss::unproven);
}

TEST_CASE("What the log did not sign is listed and counts for nothing") {
    const Diagnosis found = of(hub(9), {{"letter", note(99, 0, 8)}, {"lost", std::nullopt, "is missing"}});
    CHECK(found.loss == Loss::none);
    REQUIRE(found.rows.size() == 3);
    CHECK(found.rows[1][2].find("not signed by the log") != std::string::npos);
    CHECK(found.rows[2][2] == "is missing");
}
