// A witness gets what it needs to judge the log, and its word is kept only where it holds.
#include <catch2/catch.hpp>

#include "audit/log/receipt.h"
#include "audit/merkle/proof.h"
#include "gateway/insight/log_reading.h"
#include "gateway/insight/witnessing.h"
#include "schemas/contract/limits.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::World;

namespace {

struct Body {
    TreeSize old{};
    merkle::Hashes proof;
    std::string note;
    log::Checkpoint checkpoint;
};

Body read(const std::string& text, const log::NoteKey& log) {
    Body body;
    std::string_view rest = text;
    const auto line = [&] {
        const auto end = rest.find('\n');
        REQUIRE(end != std::string_view::npos);
        const auto taken = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        return taken;
    };
    const auto first = line();
    REQUIRE(first.starts_with("old "));
    body.old = TreeSize{std::stoull(std::string(first.substr(4)))};
    for (auto next = line(); !next.empty(); next = line()) {
        body.proof.push_back(digest_from_base64(next).value());
    }
    body.note = rest;
    body.checkpoint = log::open_checkpoint(body.note, log).value().checkpoint;
    return body;
}

struct Watched {
    World world;
    sequencer::WitnessedClock clock;
    insight::Witnessing witnessing{world.readers(), clock, world.log_key()};
    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();

    Result<std::string, Code> ask(const tests::Body& body, std::uint64_t old = 0) {
        return witnessing.add_checkpoint(*world.hub().registry(), body.id(), TreeSize{old}, now);
    }
    Body get(const tests::Body& body, std::uint64_t old = 0) {
        return read(ask(body, old).value(), world.log_key());
    }
    std::string line(const tests::Body& body, const log::Checkpoint& checkpoint) {
        return log::write(
            body.witness(std::string(World::kHub))
                .cosign(log::body(checkpoint), std::chrono::floor<std::chrono::seconds>(world.now())));
    }
    Result<insight::Witnessing::Kept, Code> give(const tests::Body& body, const std::string& lines) {
        return witnessing.cosignatures(*world.hub().registry(), body.id(), lines);
    }
    void sign(const tests::Body& body, std::uint64_t old = 0) {
        const auto kept = give(body, line(body, get(body, old).checkpoint));
        REQUIRE(kept);
    }
    std::string checkpoint() {
        return world.readers().with(
            [](auto& connection) { return insight::checkpoint_with_cosignatures(connection).value(); });
    }
    sequencer::Receipted receipt(LeafIndex index) {
        const auto witnesses = sequencer::witnesses_of(*world.hub().registry());
        return world.readers().with([&](auto& connection) {
            return insight::receipt_with_cosignatures(connection, index, witnesses).value();
        });
    }
};

std::string word(const auto& result) { return result ? "taken" : std::string(text(result.error())); }

}  // namespace

TEST_CASE("A new witness gets the newest checkpoint without a proof") {
    Watched it;
    const Body body = it.get(it.world.health);
    CHECK(body.old == TreeSize{0});
    CHECK(body.proof.empty());
    CHECK(number(body.checkpoint.size) == it.world.leaves().size());
}

TEST_CASE("Every tree that a witness signed is proven to be the beginning of the next") {
    Watched it;
    Body last = it.get(it.world.health);
    for (int step = 0; step < 5; ++step) {
        (void)it.world.open_case(it.world.department);
        it.now += limits::kWitnessOfferLife;
        const Body next = it.get(it.world.health, number(last.checkpoint.size));
        CHECK(next.checkpoint.size > last.checkpoint.size);
        CHECK(merkle::is_consistent(last.checkpoint.size, last.checkpoint.root, next.checkpoint.size,
                                    next.checkpoint.root, next.proof));
        last = next;
    }
}

TEST_CASE("A proof over the first full tile holds") {
    Watched it;
    const Body first = it.get(it.world.health);
    while (it.world.count("log_entry") < 300) (void)it.world.open_case(it.world.department);
    it.now += limits::kWitnessOfferLife;
    const Body next = it.get(it.world.health, number(first.checkpoint.size));
    CHECK(number(next.checkpoint.size) >= 300);
    CHECK(merkle::is_consistent(first.checkpoint.size, first.checkpoint.root, next.checkpoint.size,
                                next.checkpoint.root, next.proof));
    const auto receipt = it.receipt(LeafIndex{3});
    CHECK(log::verify_receipt(receipt.leaf, log::parse_receipt(receipt.receipt).value(), it.world.log_key()));
}

TEST_CASE("A witness that knows a larger tree than the hub signed is not given a smaller one") {
    Watched it;
    const auto size = it.world.leaves().size();
    CHECK(word(it.ask(it.world.health, size)) == "taken");
    CHECK(word(it.ask(it.world.health, size + 1)) == "version_conflict");
}

TEST_CASE("A witness's line is kept once and stands under the checkpoint it covers") {
    Watched it;
    const Body body = it.get(it.world.health);
    const auto first = it.give(it.world.health, it.line(it.world.health, body.checkpoint));
    REQUIRE(first);
    CHECK(first->size == body.checkpoint.size);
    CHECK(first->first);
    it.world.pass(60s);
    const auto again = it.give(it.world.health, it.line(it.world.health, body.checkpoint));
    REQUIRE(again);
    CHECK_FALSE(again->first);
    const auto note = log::parse_note(it.checkpoint()).value();
    const auto key = it.world.health.witness(std::string(World::kHub)).key();
    CHECK(note.lines.size() == 2);
    CHECK(log::verify(note, std::span(&key, 1)).value().size() == 1);
}

TEST_CASE("A line of another body's key or over another tree is refused") {
    Watched it;
    const Body body = it.get(it.world.health);
    (void)it.get(it.world.nii);
    CHECK(word(it.give(it.world.health, it.line(it.world.nii, body.checkpoint))) == "signature_invalid");
    log::Checkpoint other = body.checkpoint;
    other.root.bytes[0] ^= 1;
    CHECK(word(it.give(it.world.health, it.line(it.world.health, other))) == "signature_invalid");
    CHECK(it.world.count("log_cosignature") == 0);
    CHECK(word(it.give(it.world.health, it.line(it.world.health, body.checkpoint))) == "taken");
}

TEST_CASE("What is no line of a signature is refused") {
    Watched it;
    const std::string good = it.line(it.world.health, it.get(it.world.health).checkpoint);
    CHECK(word(it.give(it.world.health, "")) == "statement_invalid");
    CHECK(word(it.give(it.world.health, good.substr(0, good.size() - 1))) == "statement_invalid");
    CHECK(word(it.give(it.world.health, good + "nonsense\n")) == "statement_invalid");
    std::string many;
    for (std::size_t count = 0; count <= limits::kCosignatureLines; ++count) many += good;
    CHECK(word(it.give(it.world.health, many)) == "statement_invalid");
    CHECK(word(it.give(it.world.health, many.substr(good.size()))) == "taken");
}

TEST_CASE("All witnesses are offered the same checkpoint until most have signed it") {
    Watched it;
    const Body first = it.get(it.world.health);
    (void)it.world.open_case(it.world.department);
    it.now += limits::kWitnessOfferLeast;
    CHECK(it.get(it.world.nii).note == first.note);
    for (const auto* body : {&it.world.health, &it.world.nii}) it.sign(*body);
    CHECK(it.get(it.world.housing).note == first.note);
    CHECK_FALSE(it.witnessing.witnessed());
    it.sign(it.world.housing);
    CHECK(it.witnessing.witnessed() == first.checkpoint.size);
    CHECK(it.get(it.world.department).checkpoint.size > first.checkpoint.size);
}

TEST_CASE("An offer that few sign ends by itself") {
    Watched it;
    const Body first = it.get(it.world.health);
    (void)it.world.open_case(it.world.department);
    it.now += limits::kWitnessOfferLife - 1ms;
    CHECK(it.get(it.world.nii).note == first.note);
    it.now += 1ms;
    CHECK(it.get(it.world.nii).checkpoint.size > first.checkpoint.size);
}

TEST_CASE("A receipt stands on the first checkpoint that most witnesses signed") {
    Watched it;
    const LeafIndex early{2};
    const auto before = log::parse_receipt(it.receipt(early).receipt).value();
    for (const auto* body : {&it.world.health, &it.world.nii}) it.sign(*body);
    CHECK(log::parse_receipt(it.receipt(early).receipt).value().checkpoint == before.checkpoint);
    it.sign(it.world.housing);
    const auto receipted = it.receipt(early);
    const auto receipt = log::parse_receipt(receipted.receipt).value();
    CHECK(log::parse_note(receipt.checkpoint).value().lines.size() == 4);
    const auto proven = log::verify_receipt(receipted.leaf, receipt, it.world.log_key());
    REQUIRE(proven);
    CHECK(proven->index == early);
}

TEST_CASE("The times that witnesses sign are heard") {
    Watched it;
    const auto agrees = [&] { return it.clock.agrees(*it.world.hub().registry(), it.world.now()); };
    it.sign(it.world.health);
    it.sign(it.world.nii);
    CHECK_FALSE(agrees());
    it.sign(it.world.housing);
    CHECK(agrees());
    it.world.pass(5min + 1s);
    CHECK_FALSE(agrees());
}

TEST_CASE("What most witnesses have not signed grows old, and is over when they have") {
    Watched it;
    const auto age = [&] {
        return it.witnessing.unwitnessed_for(*it.world.hub().registry(), it.world.now());
    };
    const Instant begun = it.world.leaves().front().record.at;
    it.world.pass(61s);
    CHECK(age() == it.world.now() - begun);
    for (const auto* body : {&it.world.health, &it.world.nii}) it.sign(*body);
    CHECK(age() == it.world.now() - begun);  // two of four
    it.sign(it.world.housing);
    CHECK(age() == 0ms);
    (void)it.world.open_case(it.world.department);
    const Instant opened = it.world.now();
    (void)it.world.open_case(it.world.department);
    it.world.pass(5s);
    CHECK(age() == it.world.now() - opened);  // the oldest of the two
    CHECK(it.world.now() - opened >= 5s);
    // A run that has heard nobody yet reads what was signed before it.
    insight::Witnessing next(it.world.readers(), it.clock, it.world.log_key());
    CHECK(next.unwitnessed_for(*it.world.hub().registry(), it.world.now()) == it.world.now() - opened);
}

TEST_CASE("A log that nobody witnesses is not said to be unwitnessed") {
    Watched it;
    for (const auto* body : {&it.world.health, &it.world.nii, &it.world.housing, &it.world.department})
        it.world.set_status(*body, OrganisationStatus::suspended);
    it.world.pass(61s);
    CHECK(it.witnessing.unwitnessed_for(*it.world.hub().registry(), it.world.now()) == std::nullopt);
}
