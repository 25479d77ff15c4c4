// The next checkpoint must extend the one we hold; a fork or a rollback stops the adapter.
#include "adapters/kit/checkpoint_watch.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/scripted_hub.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

AddCheckpoint next_of(SmallLog& log, TreeSize old) {
    return parse_add_checkpoint(log.add_checkpoint(old)).value();
}

struct Watched {
    Folder folder;
    Journal journal{folder / "journal", owner("health")};
    SmallLog log;
    ScriptedHub script{log};
    HubClient hub = script.client(organisation("health"));
    log::NoteSigner witness =
        log::NoteSigner::from_seed("hub.example/witness/health", log::NoteKeyType::cosignature, seed(9))
            .value();
    CheckpointWatch watch{journal, log.key(), &witness};
};

}  // namespace

TEST_CASE("A log that grows extends what we hold and the same log again does too") {
    SmallLog log;
    log.grow(5);
    const std::string held = log.note();
    CHECK(judge_extension(held, next_of(log, TreeSize{5}), log.key()) == Extension::holds);
    log.grow(3);
    CHECK(judge_extension(held, next_of(log, TreeSize{5}), log.key()) == Extension::holds);
    CHECK(judge_extension(std::nullopt, next_of(log, TreeSize{0}), log.key()) == Extension::holds);
    CHECK(judge_extension(std::nullopt, next_of(log, TreeSize{5}), log.key()) == Extension::unproven);
}

TEST_CASE("A smaller log is a rollback and another root of the same size a fork") {
    SmallLog log;
    log.grow(5);
    const std::string held = log.note();
    SmallLog other;
    other.mark("!");
    other.grow(4);
    CHECK(judge_extension(held, {TreeSize{5}, {}, other.note()}, log.key()) == Extension::rolled_back);
    other.grow(1);
    CHECK(judge_extension(held, next_of(other, TreeSize{5}), log.key()) == Extension::forked);
    other.grow(4);
    CHECK(judge_extension(held, next_of(other, TreeSize{5}), log.key()) == Extension::forked);
}

TEST_CASE("A note that the log did not sign or a proof from another size says nothing about the log") {
    SmallLog log, stranger(8);
    log.grow(5);
    const std::string held = log.note();
    log.grow(3);
    stranger.grow(9);
    CHECK(judge_extension(held, next_of(stranger, TreeSize{5}), log.key()) == Extension::unproven);
    CHECK(judge_extension(held, next_of(log, TreeSize{4}), log.key()) == Extension::unproven);
}

TEST_CASE("The body of add-checkpoint has one spelling") {
    SmallLog log;
    log.grow(8);
    const std::string good = log.add_checkpoint(TreeSize{5});
    const auto read = parse_add_checkpoint(good);
    REQUIRE(read);
    CHECK(read->old == TreeSize{5});
    CHECK(read->proof.size() == 4);
    CHECK(read->note == log.note());
    for (const std::string& bad :
         {std::string(), good.substr(4), "old 05" + good.substr(5), "old -5" + good.substr(5),
          "Old" + good.substr(3), "old 5\nnothex\n\n" + log.note(), std::string("old 5\n\n"),
          std::string("old 5\n"), std::string("old 5")}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_add_checkpoint(bad));
    }
    std::string long_proof = "old 5\n";
    for (int i = 0; i < 63; ++i) long_proof += base64(statement::sha256("x").view()) + "\n";
    CHECK(parse_add_checkpoint(long_proof + "\n" + log.note()));
    CHECK_FALSE(
        parse_add_checkpoint(long_proof + base64(statement::sha256("x").view()) + "\n\n" + log.note()));
}

TEST_CASE("What holds is kept first and then cosigned so that the hub's own key check accepts it") {
    Watched watched;
    watched.log.grow(3);
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    CHECK(watched.journal.checkpoint() == watched.log.note());
    REQUIRE(watched.script.cosignatures.size() == 1);
    auto note = log::parse_note(watched.log.note()).value();
    std::string line = watched.script.cosignatures[0];
    line.pop_back();
    note.lines.push_back(log::parse_signature_line(line).value());
    const auto verified = log::verify(note, std::array{watched.witness.key()});
    REQUIRE(verified);
    REQUIRE(verified->size() == 1);
    CHECK(verified->at(0).time == std::chrono::floor<std::chrono::seconds>(kNow));
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unchanged);
    CHECK(watched.script.cosignatures.size() == 2);  // the same size again, with a fresh time
}

TEST_CASE("What could not be kept because another was kept meanwhile is not cosigned") {
    Watched watched;
    watched.log.grow(3);
    std::string meanwhile;
    watched.script.before = [&](const edge::Call& call) {
        if (!call.path.starts_with("/log/add-checkpoint") || !meanwhile.empty()) return;
        watched.log.grow(2);
        meanwhile = watched.log.note();
        CHECK(watched.journal.replace_checkpoint(watched.journal.checkpoint(), meanwhile));
        watched.log.grow(2);  // which is what the answer to this call shows
    };
    SECTION("where nothing was held") {}
    SECTION("where one was held") {
        CHECK(watched.journal.replace_checkpoint(std::nullopt, watched.log.note()));
    }
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unproven);
    CHECK(watched.script.cosignatures.empty());
    CHECK(watched.journal.checkpoint() == meanwhile);
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    CHECK(watched.journal.checkpoint() == watched.log.note());
    CHECK(watched.script.cosignatures.size() == 1);
}

TEST_CASE("A fork stops the adapter, keeps both notes and is not forgotten by a restart") {
    Watched watched;
    watched.log.grow(5);
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    const auto held = watched.journal.checkpoint();
    SmallLog forked;
    forked.mark("!");
    forked.grow(9);
    watched.script.log = &forked;
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::halted);
    CHECK(watched.journal.checkpoint() == held);
    CHECK(watched.script.cosignatures.size() == 1);
    CHECK(watched.journal.halt_reason() == "the log shows two histories");
    watched.script.log = &watched.log;  // showing the true one again does not heal it
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::halted);
    watched.journal.clear_halt();
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unchanged);
}

TEST_CASE("A receipt signed over another history is found out at the next look at the log") {
    Watched watched;
    watched.log.grow(8);
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    CHECK(watched.watch.observe(watched.log.note(TreeSize{6})));  // an older receipt of the same history
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unchanged);
    SmallLog forked;
    forked.mark("!");
    forked.grow(7);
    SECTION("at another size the hub must prove it, and cannot") {
        CHECK(watched.watch.observe(forked.note()));
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::halted);
    }
    SECTION("at a size that the log has not reached it is plain once the log is there") {
        forked.grow(2);
        const std::string receipt = forked.note();
        CHECK(watched.watch.observe(receipt));
        watched.log.grow(1);
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::halted);
        CHECK(watched.journal.halt_reason() == "the log shows two histories");
    }
    SECTION("at the size that we hold it is plain at once") {
        forked.grow(1);
        CHECK_FALSE(watched.watch.observe(forked.note()));
        CHECK(watched.journal.halt_reason());
    }
}

TEST_CASE("A second history is found out whatever honest checkpoint came after it") {
    Watched watched;
    watched.log.grow(5);
    REQUIRE(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    SmallLog forked;
    forked.grow(5);
    forked.mark("!");
    forked.grow(2);
    CHECK(watched.watch.observe(forked.note()));
    watched.log.grow(10);
    SECTION("a larger one") { CHECK(watched.watch.observe(watched.log.note())); }
    SECTION("a smaller one and many others") {
        for (const std::uint64_t size : {6U, 8U, 9U, 14U, 15U})
            CHECK(watched.watch.observe(watched.log.note(TreeSize{size})));
    }
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::halted);
    CHECK(watched.journal.halt_reason() == "the log shows two histories");
}

TEST_CASE("All that a log showed is proven in one look however much it was") {
    Watched watched;
    watched.log.grow(5);
    REQUIRE(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    watched.log.grow(40);
    for (std::uint64_t size = 6; size < 45; ++size)
        CHECK(watched.watch.observe(watched.log.note(TreeSize{size})));
    std::size_t asked = 0;
    watched.script.before = [&](const edge::Call&) { ++asked; };
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    CHECK(asked >= 40);
    asked = 0;
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unchanged);
    CHECK(asked <= 2);  // nothing is left to be proven: the newest and its cosignature
}

TEST_CASE("A log that never proves what it showed in a receipt is not believed for ever") {
    Watched watched;
    watched.log.grow(5);
    REQUIRE(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    SmallLog forked;
    forked.grow(5);
    forked.mark("!");
    forked.grow(2);
    CHECK(watched.watch.observe(forked.note()));
    watched.log.grow(10);
    std::string said;
    SECTION("it answers with what is no proof") { said = "nothing of the kind"; }
    SECTION("it shows the same again") { said = forked.add_checkpoint(TreeSize{7}); }
    watched.script.instead = [said](const edge::Call& call) -> std::optional<edge::Answer> {
        if (!call.path.ends_with("old=7")) return std::nullopt;
        return answer(200, "text/plain", said);
    };
    for (int times = 1; times < 20; ++times)
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unproven);
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::halted);
    CHECK(watched.journal.halt_reason() == "the log does not prove what it showed");
}

TEST_CASE("A hub that cannot be reached or proves nothing changes nothing") {
    Watched watched;
    watched.log.grow(3);
    watched.script.away = true;
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unreachable);
    watched.script.away = false;
    SmallLog stranger(8);
    stranger.grow(3);
    watched.script.log = &stranger;
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unproven);
    CHECK_FALSE(watched.journal.checkpoint());
    CHECK_FALSE(watched.journal.halt_reason());
}
