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

namespace {

// A receipt of another history than everybody is shown: of seven entries, or of more than the log has.
struct Deceived : Watched {
    SmallLog forked;
    explicit Deceived(int size) {
        log.grow(5);
        REQUIRE(watch.step(hub) == CheckpointWatch::Step::extended);
        forked.grow(5);
        forked.mark("!");
        forked.grow(size - 5);
        CHECK(watch.observe(forked.note()));
    }
    // Five minutes later, the longest pause of the loop.
    CheckpointWatch::Step step() {
        script.machine_clock += 5min;
        return watch.step(hub);
    }
    // What the hub says where it is asked about the log, or only how what the receipt showed goes on.
    void says(int status, const std::string& body, std::string about = "/log/add-checkpoint") {
        script.instead = [=,
                          about = std::move(about)](const edge::Call& call) -> std::optional<edge::Answer> {
            if (call.path.find(about) == std::string::npos) return std::nullopt;
            return answer(status, "text/plain", body);
        };
    }
    [[nodiscard]] bool stands_still_after(int steps, CheckpointWatch::Step meanwhile) {
        for (int times = 1; times < steps; ++times) {
            if (step() != meanwhile) return false;
        }
        return step() == CheckpointWatch::Step::halted &&
               journal.halt_reason() == "the log does not prove what it showed";
    }
};
constexpr int kStepsOfADay = 24 * 60 / 5;

}  // namespace

TEST_CASE("A second history is found out whatever honest checkpoint came after it") {
    Deceived watched(7);
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
    Deceived watched(7);
    watched.log.grow(10);
    std::string said;
    SECTION("it answers with what is no proof") { said = "nothing of the kind"; }
    SECTION("it shows the same again") { said = watched.forked.add_checkpoint(TreeSize{7}); }
    watched.script.instead = [said](const edge::Call& call) -> std::optional<edge::Answer> {
        if (!call.path.ends_with("old=7")) return std::nullopt;
        return answer(200, "text/plain", said);
    };
    for (int times = 1; times < 20; ++times)
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unproven);
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::halted);
    CHECK(watched.journal.halt_reason() == "the log does not prove what it showed");
}

TEST_CASE("A log that signed more for one body than it shows to anybody is not believed for ever") {
    Deceived deceived(60);
    SECTION("it shows what we hold, again and again") {
        CHECK(deceived.stands_still_after(20, CheckpointWatch::Step::unproven));
    }
    SECTION("it grows, and never so far") {
        deceived.script.before = [&](const edge::Call& call) {
            const bool asked = call.path.starts_with("/log/add-checkpoint");
            if (asked && deceived.log.size() < TreeSize{50}) deceived.log.grow(1);
        };
        CHECK(deceived.stands_still_after(20, CheckpointWatch::Step::unproven));
    }
    SECTION("it answers with what is no proof") {
        deceived.says(200, "nothing of the kind");
        CHECK(deceived.stands_still_after(20, CheckpointWatch::Step::unproven));
    }
    SECTION("it answers from another size than it was asked for") {
        deceived.log.grow(1);
        deceived.says(200, deceived.log.add_checkpoint(TreeSize{4}));
        CHECK(deceived.stands_still_after(20, CheckpointWatch::Step::unproven));
    }
}

TEST_CASE("A log that reaches what it signed before it is asked for the twentieth time is believed") {
    Watched watched;
    watched.log.grow(5);
    REQUIRE(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    SmallLog later;
    later.grow(9);
    CHECK(watched.watch.observe(later.note()));
    for (int times = 1; times < 20; ++times)
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unproven);
    watched.log.grow(4);
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    for (int times = 0; times < 20; ++times)
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unchanged);
}

TEST_CASE("A receipt that came before any checkpoint was held is to be proven like every other") {
    Watched watched;
    SmallLog forked;
    forked.grow(7);
    CHECK(watched.watch.observe(forked.note()));
    watched.script.instead = [](const edge::Call&) { return answer(200, "text/plain", "nothing"); };
    for (int times = 1; times < 20; ++times) {
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unproven);
        watched.script.machine_clock += 60s;
    }
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::halted);
}

TEST_CASE(
    "A hub that offers one checkpoint for a while is asked as often as there is work and stays believed") {
    Watched watched;
    watched.log.grow(5);
    REQUIRE(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    SmallLog later;
    later.grow(9);
    CHECK_FALSE(watched.watch.is_behind_as_usual());
    CHECK(watched.watch.observe(later.note()));
    for (int times = 0; times < 590; ++times) {
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unproven);
        CHECK(watched.watch.is_behind_as_usual());  // nobody is told
        watched.script.machine_clock += 100ms;
    }
    SECTION("and reaches what it signed") {
        watched.log.grow(4);
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
        CHECK_FALSE(watched.watch.is_behind_as_usual());
    }
    SECTION("in the next minute it is told, and twenty minutes are no while") {
        watched.script.machine_clock += 1s;
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unproven);
        CHECK_FALSE(watched.watch.is_behind_as_usual());
        for (int minutes = 2; minutes < 19; ++minutes) {
            watched.script.machine_clock += 60s;
            CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::unproven);
        }
        watched.script.machine_clock += 60s;
        CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::halted);
    }
}

TEST_CASE("A history of its own that grows and never reaches what we hold proves nothing") {
    Deceived deceived(7);
    deceived.log.grow(100);
    deceived.script.instead = [&](const edge::Call& call) -> std::optional<edge::Answer> {
        constexpr std::string_view kAdd = "/log/add-checkpoint?old=";
        if (!call.path.starts_with(kAdd)) return std::nullopt;
        const std::uint64_t old = std::stoull(call.path.substr(kAdd.size()));
        if (old < 7 || old >= 60) return std::nullopt;  // what everybody is shown
        deceived.forked.grow(1);
        return answer(200, "text/plain", deceived.forked.add_checkpoint(TreeSize{old}));
    };
    CHECK(deceived.stands_still_after(20, CheckpointWatch::Step::unproven));
}

TEST_CASE("A log that refuses to prove what it signed is believed for a day of asking and no longer") {
    const int status = GENERATE(503, 404);
    SECTION("of a smaller tree than we hold") {
        Deceived deceived(7);
        deceived.log.grow(10);
        deceived.says(status, problem_json("unavailable", "after 2"), "old=7");
        CHECK(deceived.stands_still_after(kStepsOfADay, CheckpointWatch::Step::unproven));
    }
    SECTION("of a larger one") {
        Deceived deceived(60);
        deceived.says(status, "no problem of ours");
        CHECK(deceived.stands_still_after(kStepsOfADay, CheckpointWatch::Step::unproven));
    }
}

TEST_CASE("A hub whose line breaks at the question for the proof alone is there, and is believed for a day") {
    Deceived deceived(7);
    deceived.log.grow(10);
    deceived.script.before = [&](const edge::Call& call) {
        deceived.script.away = call.path.ends_with("old=7");
    };
    CHECK(deceived.stands_still_after(kStepsOfADay, CheckpointWatch::Step::unproven));
}

TEST_CASE("A hub in trouble that proves what it signed within the day is believed") {
    Watched watched;
    watched.log.grow(5);
    REQUIRE(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    watched.log.grow(3);
    CHECK(watched.watch.observe(watched.log.note()));
    const auto steps = [&](int count, CheckpointWatch::Step as) {
        for (int each = 0; each < count; ++each) {
            watched.script.machine_clock += 5min;
            if (watched.watch.step(watched.hub) != as) return false;
        }
        return true;
    };
    watched.script.instead = [](const edge::Call&) {
        return answer(429, "application/problem+json", problem_json("busy", "after 2"));
    };
    CHECK(steps(kStepsOfADay - 1, CheckpointWatch::Step::unproven));
    // However long it is away: that is no answer.
    watched.script.away = true;
    CHECK(steps(3 * kStepsOfADay, CheckpointWatch::Step::unreachable));
    watched.script.away = false;
    watched.script.machine_clock -= 1h;  // nor is a clock that was set
    watched.script.instead = {};
    CHECK(watched.watch.step(watched.hub) == CheckpointWatch::Step::extended);
    CHECK(steps(2, CheckpointWatch::Step::unchanged));
    CHECK_FALSE(watched.journal.halt_reason());
}

TEST_CASE("A weekend without the hub is not counted as a day of answers") {
    Deceived deceived(60);
    deceived.says(503, problem_json("unavailable", "after 2"));
    CHECK(deceived.step() == CheckpointWatch::Step::unproven);
    deceived.script.machine_clock += 60h;
    CHECK(deceived.step() == CheckpointWatch::Step::unproven);
}

TEST_CASE("What cannot be remembered until it is proven is not believed") {
    Watched watched;
    CheckpointWatch few{watched.journal, watched.log.key(), nullptr, 2};
    watched.log.grow(5);
    REQUIRE(few.step(watched.hub) == CheckpointWatch::Step::extended);
    watched.log.grow(4);
    CHECK(few.observe(watched.log.note(TreeSize{6})));
    CHECK_FALSE(few.is_full());
    CHECK(few.observe(watched.log.note(TreeSize{7})));
    CHECK(few.is_full());
    CHECK_FALSE(few.observe(watched.log.note(TreeSize{8})));
    CHECK(few.observe(watched.log.note(TreeSize{7})));  // is remembered already
    CHECK_FALSE(watched.journal.halt_reason());
    CHECK(few.step(watched.hub) == CheckpointWatch::Step::extended);
    CHECK(few.observe(watched.log.note(TreeSize{8})));
    CHECK(CheckpointWatch::kRemembered == 1'024);
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
