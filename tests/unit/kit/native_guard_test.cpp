// A mistake in the native half ends neither the loop nor what is due, and loses and doubles nothing.
// Method: a native side that throws where the test wants; its text names a person, and nobody may read it.
#include "adapters/kit/native_guard.h"

#include <catch2/catch.hpp>
#include <set>

#include "adapters/kit/ledger_file.h"
#include "adapters/kit/runner.h"
#include "tests/unit/kit/adapter_at_hub.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

const std::string kAboutHer = "000000026 called";

class Native final : public NativeSide {
public:
    NativeAnswer deliver(const ProvenDelivery& proven, const Opened&) override {
        const MessageId message = proven.statement().id;
        order.push_back(message);
        if (late_at == message) kept.insert(message);
        if (fails_at.contains(message) || late_at == message) throw std::invalid_argument(kAboutHer);
        if (breaks) breaks();
        kept.insert(message);
        return Taken{statement::sha256(message.text())};
    }
    TakenBefore already_taken(const OrganisationId&, const MessageId& message) override {
        if (cannot_say) throw std::out_of_range(kAboutHer);
        if (kept.contains(message)) return Taken{statement::sha256(message.text())};
        return NotTaken{};
    }
    WordSet<SafetyFlag> honours() const override { return {SafetyFlag::contact_prohibited}; }
    void work(Instant, const Directory&) override {
        if (looked) looked();
    }
    [[nodiscard]] std::ptrdiff_t offers_of(std::uint8_t number) const {
        return std::count(order.begin(), order.end(), id<MessageId>(number));
    }

    std::vector<MessageId> order;
    std::set<MessageId> kept;
    std::set<MessageId> fails_at;
    std::optional<MessageId> late_at{};  // it has it, and fails all the same
    bool cannot_say = false;
    std::function<void()> breaks{};
    std::function<void()> looked{};
};

// The recipient of the exchange, or its sender.
struct AnExchange {
    Exchange all;
};
struct Adapter : AnExchange, AdapterAtHub {
    explicit Adapter(bool sends = false) : AdapterAtHub(all, sends ? all.sender : all.recipient) {}
    void comes(const Written& written, std::uint8_t delivery) {
        script.inbox.push_back(arrives(written, delivery, 1, script.machine_clock));
    }
    // A referral by its number, under that delivery.
    void given(std::uint8_t number) { comes(exchange.written(referral(exchange.recipient, number)), number); }
    void said(ReferralEvent event, std::uint8_t as, std::uint8_t number = 1) {
        Message message = referral(exchange.recipient, number);
        message.id = id<MessageId>(as);
        message.type = MessageType::referral_event;
        message.sealed.reset();
        message.service.reset();
        message.payload = codec::ReferralEventPayload{.event = event, .occurred_on = kToday};
        comes(exchange.written(message), as);
    }
    // By the hub itself: her consent is over.
    void noticed(std::uint8_t as) {
        const auto [statement, payload] = exchange.notice(id<ConsentId>(0x66), as);
        Release notice{statement, payload, id<MessageId>(as), {}, exchange.recipient.id};
        notice.delivery = id<DeliveryId>(as);
        notice.at = script.machine_clock;
        script.inbox.push_back(delivered(exchange.log, notice));
    }
    void submit() {
        journal->put_consent(consent(exchange.sender, exchange.recipient));
        Outbox outbox(*journal, writer, names);
        REQUIRE(outbox.submit(referral(exchange.recipient), exchange.directory, kNow));
    }
    // Turns of a day with pauses between.
    Turned turns(int count) {
        Turned sum;
        for (int i = 0; i < count; ++i) {
            const Turned turned = runner.once();
            script.machine_clock += 15min;
            sum.taken += turned.taken;
            sum.declined += turned.declined;
            sum.failed += turned.failed;
        }
        return sum;
    }
    [[nodiscard]] IncomingRow row(std::uint8_t number) const {
        return journal->incoming(id<DeliveryId>(number)).value();
    }
    Native native;
    Runner runner{RunnerMeans{self.id, hub, *journal, native, writer, signer, opening, exchange.hub_ring,
                              nullptr, log, [] { return 0u; }},
                  RunnerSettings{}};
};

}  // namespace

TEST_CASE("Where the native side fails at its own work what is due is sent and what comes is taken") {
    const bool sends = GENERATE(true, false);
    Adapter adapter(sends);
    adapter.native.looked = [] { throw std::invalid_argument(kAboutHer); };
    if (sends) {
        adapter.submit();
        CHECK(adapter.runner.once().accepted == 1);
    } else {
        adapter.given(1);
        const Turned turned = adapter.runner.once();
        CHECK(turned.taken == 1);
        CHECK(turned.acknowledged == 1);
        CHECK(turned.failed == 1);
    }
    CHECK(adapter.lines_with("native_side_failed") > 0);
    CHECK(adapter.lines_with("000000026") == 0);
    adapter.native.looked = {};
    CHECK(adapter.runner.once().failed == 0);
}

TEST_CASE("Where the journal is broken the program ends and nothing more is sent") {
    Adapter adapter(true);
    adapter.submit();
    adapter.native.looked = [] { throw JournalBroken("the disk is full"); };
    CHECK_THROWS_AS(adapter.runner.once(), JournalBroken);
    CHECK(adapter.script.submissions.empty());
}

TEST_CASE("Where the ledger of the native side is broken the program ends once what is due was sent") {
    Adapter adapter(true);
    adapter.submit();
    adapter.native.looked = [] { throw LedgerBroken("the disk is full"); };
    CHECK_THROWS_AS(adapter.runner.once(), LedgerBroken);
    CHECK(adapter.script.submissions.size() == 1);
}

TEST_CASE("A journal or a ledger that breaks while a delivery is given on ends the program") {
    Adapter adapter;
    adapter.given(1);
    SECTION("the journal") {
        adapter.native.breaks = [] { throw JournalBroken("the disk is full"); };
        CHECK_THROWS_AS(adapter.runner.once(), JournalBroken);
    }
    SECTION("the ledger") {
        adapter.native.breaks = [] { throw LedgerBroken("the disk is full"); };
        CHECK_THROWS_AS(adapter.runner.once(), LedgerBroken);
    }
    CHECK(adapter.row(1).state == IncomingState::handing);
}

TEST_CASE("One delivery at which the native side fails holds none behind it back and is itself not lost") {
    Adapter adapter;
    adapter.native.fails_at = {id<MessageId>(1)};
    adapter.given(1);
    adapter.given(2);
    const Turned turned = adapter.runner.once();
    CHECK(turned.taken == 1);
    CHECK(turned.held == 1);
    CHECK(turned.failed == 1);
    CHECK(adapter.row(2).state == IncomingState::taken);
    CHECK(adapter.row(1).state == IncomingState::handing);  // it may be there: that is asked first
    CHECK(adapter.lines_with("delivery_failed_here") > 0);
    CHECK(adapter.lines_with("000000026") == 0);
    CHECK(adapter.turns(10).declined == 0);
    adapter.native.fails_at = {};
    CHECK(adapter.turns(2).taken == 1);
    CHECK(adapter.native.kept.size() == 2);
}

TEST_CASE("What the native side has though it failed is acknowledged and not given again") {
    Adapter adapter;
    adapter.native.late_at = id<MessageId>(1);
    adapter.given(1);
    SECTION("and it can say so") { CHECK(adapter.runner.once().taken == 1); }
    SECTION("and it says so later") {
        adapter.native.cannot_say = true;
        CHECK(adapter.runner.once().held == 1);
        CHECK(adapter.turns(3).taken == 0);
        adapter.native.cannot_say = false;
        CHECK(adapter.turns(1).taken == 1);
    }
    CHECK(adapter.native.offers_of(1) == 1);
    CHECK(adapter.row(1).state == IncomingState::taken);
}

TEST_CASE("Her withdrawal behind a referral at which the native side fails is heard and ends it") {
    Adapter adapter;
    adapter.native.fails_at = {id<MessageId>(1)};
    adapter.given(1);
    adapter.said(ReferralEvent::withdraw, 0x55);
    (void)adapter.runner.once();
    CHECK(adapter.row(0x55).state == IncomingState::taken);
    CHECK(adapter.row(1).code == Code::event_not_allowed);
    adapter.native.fails_at = {};
    CHECK(adapter.turns(3).taken == 0);
    CHECK(adapter.native.offers_of(1) == 1);
}

TEST_CASE("A step that fails for the third time is declined so that what ends the referral can come") {
    Adapter adapter;
    adapter.native.fails_at = {id<MessageId>(0x55)};
    adapter.given(1);
    adapter.said(ReferralEvent::hold, 0x55);
    (void)adapter.runner.once();
    CHECK(adapter.row(0x55).state == IncomingState::handing);
    while (adapter.native.offers_of(0x55) < 2) (void)adapter.turns(1);
    CHECK(adapter.row(0x55).state == IncomingState::handing);
    SECTION("and not before") {
        adapter.native.fails_at = {};
        CHECK(adapter.turns(2).taken == 1);
        return;
    }
    CHECK(adapter.turns(2).declined == 1);
    CHECK(adapter.native.offers_of(0x55) == 3);
    CHECK(adapter.row(0x55).code == Code::internal);
}

TEST_CASE("A step of which nobody can say whether it is there is never declined") {
    Adapter adapter;
    adapter.native.late_at = id<MessageId>(0x55);
    adapter.native.cannot_say = true;
    adapter.given(1);
    adapter.said(ReferralEvent::hold, 0x55);
    (void)adapter.runner.once();
    CHECK(adapter.turns(10).declined == 0);
    adapter.native.cannot_say = false;
    CHECK(adapter.turns(2).taken == 1);
}

TEST_CASE("What ends a referral and what the hub itself says is offered until the native side takes it") {
    Adapter adapter;
    adapter.native.fails_at = {id<MessageId>(0x55)};
    const bool by_hub = GENERATE(true, false);
    adapter.given(1);
    (void)adapter.runner.once();
    if (by_hub) {
        adapter.noticed(0x55);
    } else {
        adapter.said(ReferralEvent::withdraw, 0x55);
    }
    CHECK(adapter.turns(10).declined == 0);
    CHECK(adapter.native.offers_of(0x55) > 3);
    adapter.given(2);
    CHECK(adapter.turns(1).taken == 1);  // and holds nothing behind it back
    adapter.native.fails_at = {};
    CHECK(adapter.turns(2).taken == 1);
    CHECK(adapter.row(0x55).state == IncomingState::taken);
}
