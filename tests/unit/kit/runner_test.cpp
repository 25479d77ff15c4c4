// The loop of an adapter: nothing lost, nothing doubled, whatever happens in between.
#include "adapters/kit/runner.h"

#include <catch2/catch.hpp>

#include "adapters/kit/own_profile.h"
#include "tests/unit/kit/adapter_at_hub.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

// A native system that keeps what it took, by message id, as every native format does.
class Native final : public NativeSide {
public:
    NativeAnswer deliver(const ProvenDelivery& proven, const Opened& opened) override {
        order.push_back(proven.statement().id);
        if (stop_after_taking) {
            kept.insert(proven.statement().id);
            throw JournalBroken("the power went out");
        }
        if (meanwhile) meanwhile();
        if (unsure) return Unsure{};
        if (busy || proven.statement().id == never) return Held{};
        if (cannot) return Declined{*cannot};
        kept.insert(proven.statement().id);
        surplus += opened.surplus.size();
        return Taken{receipt(proven.statement().id)};
    }
    TakenBefore already_taken(const OrganisationId&, const MessageId& message) override {
        if (silent) return Held{};
        if (kept.contains(message)) return Taken{receipt(message)};
        return NotTaken{};
    }
    WordSet<SafetyFlag> honours() const override { return keeps; }
    void work(Instant, const Directory&) override {
        ++looks;
        if (looked) looked(looks);
    }
    static Digest receipt(const MessageId& message) { return statement::sha256(message.text()); }

    WordSet<SafetyFlag> keeps{SafetyFlag::contact_prohibited};
    std::vector<MessageId> order;
    std::set<MessageId> kept;
    std::size_t surplus = 0;
    bool busy = false;
    std::optional<MessageId> never{};  // this one it cannot take
    bool unsure = false;               // it was given, and no answer came
    bool silent = false;               // nobody can say what it has
    std::function<void()> meanwhile{};
    bool stop_after_taking = false;
    std::optional<Code> cannot{};
    int looks = 0;
    std::function<void(int)> looked{};
};

struct Adapter : AdapterAtHub {
    Adapter(Exchange& at, const Party& own) : AdapterAtHub(at, own) { start(); }
    void start() {
        runner.reset();
        runner = std::make_unique<Runner>(
            RunnerMeans{self.id, hub, *journal, native, writer, signer, opening, exchange.hub_ring, nullptr,
                        log, [] { return 0u; }, [this] { return at_home && at_home(); },
                        [this] { return key_serial; }},
            settings);
    }
    // So many checkpoints of receipts are believed before they are proven.
    void believe(std::size_t checkpoints) {
        settings.unproven_checkpoints = checkpoints;
        start();
    }
    void restart() {  // killed and started again on what was on disk
        runner.reset();
        journal.reset();
        journal = open_journal();
        start();
    }
    // The pause after the native system took nothing.
    void later() { script.machine_clock += 3s; }

    std::optional<std::int64_t> key_serial{};  // declares nothing
    std::function<bool()> at_home{};
    RunnerSettings settings{};
    Native native;
    std::unique_ptr<Runner> runner;
};

struct Sending {
    Exchange exchange;
    Adapter adapter{exchange, exchange.sender};
    Sending() { adapter.journal->put_consent(consent(exchange.sender, exchange.recipient)); }
    MessageId submit(std::uint8_t number = 1) {
        Outbox outbox(*adapter.journal, adapter.writer, adapter.names);
        return outbox.submit(referral(exchange.recipient, number), exchange.directory, kNow).value().id;
    }
    MessageId withdraw(std::uint8_t number) { return say(ReferralEvent::withdraw, 0x55, number); }
    MessageId say(ReferralEvent event, std::uint8_t as, std::uint8_t number = 1) {
        Message message = referral(exchange.recipient, number);
        message.id = id<MessageId>(as);
        message.type = MessageType::referral_event;
        const bool in_error = event == ReferralEvent::mark_error;
        message.payload =
            codec::ReferralEventPayload{.event = event,
                                        .reason = in_error ? std::optional(Reason::wrong_case) : std::nullopt,
                                        .occurred_on = kToday};
        message.service.reset();
        message.sealed.reset();
        Outbox outbox(*adapter.journal, adapter.writer, adapter.names);
        return outbox.submit(message, exchange.directory, kNow).value().id;
    }
    [[nodiscard]] OutgoingState state_of(const MessageId& message) const {
        return adapter.journal->outgoing(message)->state;
    }
};

struct Receiving {
    Exchange exchange;
    Adapter adapter{exchange, exchange.recipient};
    Written written = exchange.written(referral(exchange.recipient));
};

}  // namespace

TEST_CASE("What waits is sent once, its receipt kept, and a repeated order adds nothing") {
    Sending sending;
    const auto message = sending.submit();
    CHECK(sending.adapter.runner->once().accepted == 1);
    CHECK(sending.adapter.journal->outgoing(message)->receipt->index == LeafIndex{0});
    CHECK(sending.submit() == message);
    CHECK(sending.adapter.runner->once().accepted == 0);
    CHECK(sending.adapter.script.submissions.size() == 1);
    CHECK(sending.adapter.journal->referral(id<ReferralId>(1))->sent_by_us);
}

TEST_CASE("An answer that was lost is asked for again with the very same bytes") {
    Sending sending;
    const auto message = sending.submit();
    auto& script = sending.adapter.script;
    script.next.push_back([&](const codec::Submission& submission) -> edge::Answer {
        (void)script.accept(submission.statement);  // decided, and the line broke
        return answer(502, "text/html", "");
    });
    CHECK(sending.adapter.runner->once().put_back == 1);
    CHECK(sending.adapter.runner->once().accepted == 0);  // its time has not come
    sending.adapter.restart();
    sending.adapter.journal->mark_waiting(message, kNow, std::nullopt);
    CHECK(sending.adapter.runner->once().accepted == 1);
    REQUIRE(script.submissions.size() == 2);
    CHECK(script.submissions[0] == script.submissions[1]);
}

TEST_CASE("What was not sent for want of a connection can be taken back and what may have left cannot") {
    Sending sending;
    const auto id = sending.submit();
    const auto referral = *sending.adapter.journal->outgoing(id)->written.referral;
    (void)sending.adapter.runner->once();
    CHECK_FALSE(sending.adapter.journal->take_back(referral));  // it was accepted
    // The line breaks between the look at the log and the message.
    sending.adapter.script.before = [&](const edge::Call& call) {
        sending.adapter.script.away = call.path == "/v1/messages";
    };
    const auto second = sending.submit(2);
    (void)sending.adapter.runner->once();
    CHECK(sending.adapter.journal->outgoing(second)->attempts == 0);
    CHECK(sending.adapter.journal->take_back(*sending.adapter.journal->outgoing(second)->written.referral));
}

TEST_CASE("What the hub was too busy for it has done nothing with and it can be taken back") {
    Sending sending;
    const auto message = sending.submit();
    sending.adapter.script.next.push_back(
        [](const auto&) { return answer(429, "", problem_json("busy", "after 2")); });
    CHECK(sending.adapter.runner->once().put_back == 1);
    CHECK(sending.adapter.journal->outgoing(message)->code == Code::busy);
    CHECK(sending.adapter.journal->take_back(id<ReferralId>(1)));
}

TEST_CASE("What she takes back is not brought to the hub only to be ended there") {
    Sending sending;
    auto& script = sending.adapter.script;
    const auto message = sending.submit();
    // Whether it arrived, nobody can say: the answer was lost.
    script.next.push_back(
        [](const auto&) { return answer(503, "", problem_json("unavailable", "after 2")); });
    REQUIRE(sending.adapter.runner->once().put_back == 1);
    CHECK_FALSE(sending.adapter.journal->take_back(id<ReferralId>(1)));
    const auto withdrawal = sending.withdraw(1);
    SECTION("the hub has it: it is ended there") {
        script.knows_messages = true;
        CHECK(sending.adapter.runner->once().accepted == 2);
        CHECK(sending.state_of(withdrawal) == OutgoingState::accepted);
    }
    SECTION("the hub has it not, and for as long as it may be on its way it is asked again") {
        for (int seconds = 0; seconds < 120; seconds += 20) {
            CHECK(sending.adapter.runner->once().accepted == 0);
            CHECK(sending.state_of(message) == OutgoingState::waiting);
            script.machine_clock += 20s;
        }
        SECTION("it never came: nothing of it leaves") {
            (void)sending.adapter.runner->once();
            CHECK(sending.state_of(message) == OutgoingState::taken_back);
            CHECK(sending.state_of(withdrawal) == OutgoingState::taken_back);
            (void)sending.adapter.runner->once();
            CHECK(script.submissions.size() == 1);  // the one whose answer was lost
        }
        SECTION("it came meanwhile") {
            script.knows_messages = true;
            CHECK(sending.adapter.runner->once().accepted == 2);
        }
    }
    SECTION("the hub does not say: nothing is sent, and that is not counted as its not having it") {
        script.too_busy_to_say = true;
        for (int seconds = 0; seconds < 300; seconds += 20) {
            CHECK(sending.adapter.runner->once().accepted == 0);
            script.machine_clock += 20s;
        }
        CHECK(script.submissions.size() == 1);
        script.too_busy_to_say = false;
        (void)sending.adapter.runner->once();
        CHECK(sending.state_of(message) == OutgoingState::waiting);
    }
    SECTION("the hub cannot be reached") {
        script.before = [&](const edge::Call& call) { script.away = call.path.starts_with("/v1/messages/"); };
        const Turned turned = sending.adapter.runner->once();
        CHECK(turned.accepted == 0);
        CHECK_FALSE(turned.hub_reached);
        CHECK(script.submissions.size() == 1);
    }
}

TEST_CASE("What was tried under a consent that she has withdrawn since is not tried again") {
    Sending sending;
    auto& script = sending.adapter.script;
    auto& journal = *sending.adapter.journal;
    const auto lost = [](const auto&) { return answer(503, "", problem_json("unavailable", "after 2")); };
    script.next = {lost};
    const auto message = sending.submit();
    REQUIRE(sending.adapter.runner->once().put_back == 1);
    journal.apply_revocation(*journal.outgoing(message)->written.consent);
    script.machine_clock += 20s;
    SECTION("the hub has it: the receipt is fetched") {
        script.knows_messages = true;
        CHECK(sending.adapter.runner->once().accepted == 1);
    }
    SECTION("the hub has it not") {
        for (int seconds = 0; seconds < 140; seconds += 20) {
            CHECK(sending.adapter.runner->once().accepted == 0);
            script.machine_clock += 20s;
        }
        CHECK(script.submissions.size() == 1);
        CHECK(journal.outgoing(message)->state == OutgoingState::refused);
        CHECK(journal.outgoing(message)->code == Code::consent_revoked);
    }
    SECTION("what ends it is brought there all the same") {
        script.knows_messages = true;
        script.next = {[&](const codec::Submission& submission) {
                           return answer(201, "application/json",
                                         receipt_json(script.accept(submission.statement)));
                       },
                       lost};
        const auto withdrawal = sending.withdraw(1);
        CHECK(sending.adapter.runner->once().accepted == 1);
        script.knows_messages = false;  // of the withdrawal, say
        script.machine_clock += 1h;
        CHECK(sending.adapter.runner->once().accepted == 1);
        CHECK(sending.state_of(withdrawal) == OutgoingState::accepted);
    }
}

TEST_CASE("Under a consent that she has withdrawn what ends a referral still goes and an update does not") {
    Sending sending;
    auto& journal = *sending.adapter.journal;
    const auto message = sending.submit();
    REQUIRE(sending.adapter.runner->once().accepted == 1);
    const auto correction = sending.say(ReferralEvent::mark_error, 0x55);
    const auto update = sending.say(ReferralEvent::resume, 0x56);
    journal.apply_revocation(*journal.outgoing(message)->written.consent);
    CHECK(sending.state_of(update) == OutgoingState::refused);
    CHECK(sending.adapter.runner->once().accepted == 1);
    CHECK(sending.state_of(correction) == OutgoingState::accepted);
}

TEST_CASE("Only what the hub says to try again is tried again") {
    Sending sending;
    auto& script = sending.adapter.script;
    const auto busy = sending.submit(1);
    const auto never = sending.submit(2);
    script.next.push_back([](const auto&) { return answer(429, "", problem_json("busy", "after 60")); });
    script.next.push_back([](const auto&) { return answer(403, "", problem_json("consent_groups", "no")); });
    const Turned turned = sending.adapter.runner->once();
    CHECK(turned.put_back == 1);
    CHECK(turned.refused == 1);
    CHECK(sending.adapter.journal->outgoing(busy)->next_try == kNow + 60s + 125ms);
    CHECK(sending.adapter.journal->outgoing(never)->state == OutgoingState::refused);
    CHECK(sending.adapter.journal->outgoing(never)->code == Code::consent_groups);
}

TEST_CASE("clock_skew is mended at once with the same claims and never in a circle") {
    Sending sending;
    auto& script = sending.adapter.script;
    const auto skewed = [](const auto&) {
        return answer(401, "", problem_json("clock_skew", "no", R"(,"at":"2026-11-25T12:00:00.000Z")"));
    };
    const auto message = sending.submit();
    script.next.push_back(skewed);
    const Turned turned = sending.adapter.runner->once();
    CHECK(turned.put_back == 1);
    CHECK(turned.accepted == 1);
    CHECK(script.submissions[0].payload == script.submissions[1].payload);
    CHECK(script.submissions[0].statement != script.submissions[1].statement);
    CHECK(sending.adapter.journal->outgoing(message)->written.statement == script.submissions[1].statement);
    const auto second = sending.submit(2);
    script.next = {skewed, skewed};
    CHECK(sending.adapter.runner->once().put_back == 2);
    CHECK(sending.adapter.journal->outgoing(second)->next_try > sending.adapter.hub.now());
}

TEST_CASE("A delivery is given on once and acknowledged over its release") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    const Turned turned = adapter.runner->once();
    CHECK(turned.taken == 1);
    CHECK(turned.acknowledged == 1);
    REQUIRE(adapter.script.acks.size() == 1);
    const statement::Ack expected{
        id<DeliveryId>(1), LeafIndex{0}, AckOutcome::taken, {}, Native::receipt(receiving.written.id)};
    CHECK(adapter.script.acks[0] == expected);
    CHECK(adapter.journal->referral(id<ReferralId>(1))->pseudonym == pseudonym(2));

    // Released again because the acknowledgement was late: the same outcome, over the new release.
    adapter.restart();
    adapter.script.inbox = {adapter.arrives(receiving.written, 1, 2)};
    CHECK(adapter.runner->once().taken == 0);
    CHECK(adapter.native.order.size() == 1);
    REQUIRE(adapter.script.acks.size() == 2);
    CHECK(adapter.script.acks[1].outcome == AckOutcome::taken);
    CHECK(adapter.script.acks[1].index == LeafIndex{2});
    // The same message under another delivery is not given on either.
    adapter.script.inbox = {adapter.arrives(receiving.written, 7)};
    CHECK(adapter.runner->once().taken == 0);
    CHECK(adapter.native.order.size() == 1);
    CHECK(adapter.script.acks.back().native == Native::receipt(receiving.written.id));
}

TEST_CASE("A receipt that says something else than was acknowledged is none and it is said again") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    auto& script = adapter.script;
    script.inbox = {adapter.arrives(receiving.written, 1)};
    const auto lies = [&](std::function<void(log::Record&)> otherwise) {
        script.logs_otherwise = std::move(otherwise);
        CHECK(adapter.runner->once().acknowledged == 0);
        CHECK(adapter.journal->unsent_acks(10).size() == 1);
    };
    lies([](log::Record& record) { record.event = log::RecordEvent::released; });
    lies([](log::Record& record) { record.decision = log::Decision::deny; });
    lies([](log::Record& record) { record.org = organisation("housing"); });
    lies([](log::Record& record) { record.code = Code::not_found; });
    lies([](log::Record& record) {
        log::Facts facts;
        facts.add("delivery", id<DeliveryId>(2).text());
        record.facts = facts;
    });
    lies([](log::Record& record) {
        log::Facts facts;
        facts.add("delivery", id<DeliveryId>(1).text())
            .add("index", 0)
            .add("outcome", "refused")
            .add("acks", std::get<log::Word>(*record.facts.find("acks")).text());
        record.facts = facts;
    });
    script.logs_otherwise = {};
    CHECK(adapter.runner->once().acknowledged == 1);
}

TEST_CASE("Killed while the native system took it: it is asked and not given the message again") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.stop_after_taking = true;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    CHECK_THROWS_WITH(adapter.runner->once(), "the power went out");
    adapter.native.stop_after_taking = false;
    adapter.restart();
    CHECK(adapter.runner->once().taken == 1);
    CHECK(adapter.native.order.size() == 1);
    CHECK(adapter.script.acks.at(0).outcome == AckOutcome::taken);
}

TEST_CASE("What the native system cannot take now is held and offered again") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.busy = true;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    CHECK(adapter.runner->once().held == 1);
    CHECK(adapter.script.acks.at(0).outcome == AckOutcome::held);
    adapter.restart();
    adapter.native.busy = false;
    CHECK(adapter.runner->once().taken == 1);
    CHECK(adapter.script.acks.back().outcome == AckOutcome::taken);
}

TEST_CASE("What is held is opened under a release decided anew and under no other") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.busy = true;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    REQUIRE(adapter.runner->once().held == 1);
    adapter.native.busy = false;
    adapter.native.order.clear();
    const auto given_back = [&] {
        return std::count_if(adapter.script.acks.begin(), adapter.script.acks.end(),
                             [](const auto& ack) { return ack.code == Code::release_unproven; });
    };
    SECTION("the hub releases it again") {
        adapter.later();
        CHECK(adapter.runner->once().taken == 1);
        CHECK(adapter.native.order == std::vector{id<MessageId>(1)});
        CHECK(given_back() == 1);
        CHECK(adapter.script.acks.back().index > LeafIndex{0});  // of the second release
    }
    SECTION("the hub does not: it is never opened, and asked for once") {
        adapter.over = {id<DeliveryId>(1)};
        for (int turn = 0; turn < 5; ++turn) {
            adapter.later();
            CHECK(adapter.runner->once().taken == 0);
        }
        CHECK(adapter.native.order.empty());
        CHECK(given_back() == 1);
        // Nor after the program was started again on that journal, or on an older copy of it.
        adapter.restart();
        CHECK(adapter.runner->once().taken == 0);
        CHECK(adapter.native.order.empty());
    }
    SECTION("the hub is away") {
        adapter.script.away = true;
        adapter.later();
        CHECK_FALSE(adapter.runner->once().hub_reached);
        CHECK(adapter.native.order.empty());
    }
    SECTION("after 72 hours nothing of it is kept") {
        adapter.over = {id<DeliveryId>(1)};
        adapter.script.machine_clock = kNow + 72h + 1min + 1ms;
        CHECK(adapter.runner->once().declined == 1);
        CHECK(adapter.native.order.empty());
        CHECK_FALSE(adapter.journal->incoming(id<DeliveryId>(1)));
    }
}

TEST_CASE("A native system that is away is offered one at a time and ever later") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.busy = true;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    for (std::uint8_t number = 2; number < 5; ++number) {
        adapter.script.inbox.push_back(adapter.arrives(
            receiving.exchange.written(referral(receiving.exchange.recipient, number)), number));
    }
    CHECK(adapter.runner->once().held == 4);
    adapter.native.order.clear();
    CHECK(adapter.runner->once().held == 0);  // not yet
    // Each in its turn, so that one that can never be taken keeps none waiting.
    for (std::size_t offered = 1; offered < 5; ++offered) {
        adapter.script.machine_clock += 1min;
        CHECK(adapter.runner->once().held == 1);
        CHECK(adapter.native.order.size() == offered);
    }
    CHECK(std::set(adapter.native.order.begin(), adapter.native.order.end()).size() == 4);
    // It is back: one shows it, then all that is left follows.
    adapter.native.busy = false;
    adapter.script.machine_clock += 1h;
    CHECK(adapter.runner->once().taken == 1);
    CHECK(adapter.runner->once().taken == 3);
}

TEST_CASE("A word of the hub that can never be taken keeps nothing of hers waiting") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.busy = true;
    const auto [statement, payload] = receiving.exchange.notice(id<ConsentId>(0x66));  // of another woman
    Release notice{statement, payload, id<MessageId>(0x77), {}, receiving.exchange.recipient.id};
    notice.delivery = id<DeliveryId>(9);
    adapter.script.inbox = {delivered(receiving.exchange.log, notice)};
    for (std::uint8_t number = 2; number < 5; ++number) {
        adapter.script.inbox.push_back(adapter.arrives(
            receiving.exchange.written(referral(receiving.exchange.recipient, number)), number));
    }
    CHECK(adapter.runner->once().held == 4);
    // It is back, but for that one word.
    adapter.native.busy = false;
    adapter.native.never = id<MessageId>(0x77);
    std::size_t taken = 0;
    for (int minutes = 0; minutes < 5; ++minutes) {
        adapter.script.machine_clock += 1min;
        taken += adapter.runner->once().taken;
    }
    CHECK(taken == 3);
    // And `held` of it was said once.
    CHECK(std::count_if(adapter.script.acks.begin(), adapter.script.acks.end(),
                        [](const statement::Ack& ack) { return ack.delivery == id<DeliveryId>(9); }) == 1);
}

TEST_CASE("What its native system is too slow for is not opened when its minute is over") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.meanwhile = [&] { adapter.script.machine_clock += 40s; };
    for (std::uint8_t number = 1; number < 4; ++number) {
        adapter.script.inbox.push_back(adapter.arrives(
            receiving.exchange.written(referral(receiving.exchange.recipient, number)), number));
    }
    CHECK(adapter.runner->once().taken == 2);
    CHECK(adapter.native.order.size() == 2);
    CHECK(adapter.script.acks.back().code == Code::release_unproven);
}

TEST_CASE("What may have arrived at the native system is asked for there and never taken for not given") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.unsure = true;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    CHECK(adapter.runner->once().held == 1);
    CHECK(adapter.script.acks.back().outcome == AckOutcome::held);
    const auto row = [&] { return *adapter.journal->incoming(id<DeliveryId>(1)); };
    CHECK(row().state == IncomingState::handing);
    adapter.native.unsure = false;
    adapter.native.order.clear();
    SECTION("it arrived late") {
        adapter.native.kept.insert(id<MessageId>(1));
        adapter.later();
        CHECK(adapter.runner->once().taken == 1);
        CHECK(adapter.native.order.empty());
    }
    SECTION("it never arrived: it is given again, under a release decided anew") {
        adapter.later();
        CHECK(adapter.runner->once().taken == 1);
        CHECK(adapter.native.order == std::vector{id<MessageId>(1)});
    }
    SECTION("she withdrew, and then it arrived") {
        adapter.over = {id<DeliveryId>(1)};
        const auto [statement, payload] = receiving.exchange.notice(id<ConsentId>(1));
        Release notice{statement, payload, id<MessageId>(0x77), {}, receiving.exchange.recipient.id};
        notice.delivery = id<DeliveryId>(2);
        adapter.native.silent = true;
        adapter.script.inbox = {delivered(receiving.exchange.log, notice)};
        CHECK(adapter.runner->once().taken == 1);  // the notice
        CHECK(row().state == IncomingState::handing);
        adapter.native.silent = false;
        adapter.native.kept.insert(id<MessageId>(1));
        CHECK(adapter.runner->once().taken == 1);
        CHECK(row().state == IncomingState::taken);
    }
}

TEST_CASE("A hub that sets the clock of its bodies back opens nothing old with it") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    adapter.script.machine_clock = kNow + 48h;
    adapter.hub.follow_clock(kNow);
    CHECK(adapter.runner->once().declined == 1);
    CHECK(adapter.script.acks.back().code == Code::release_unproven);
    CHECK(adapter.native.kept.empty());
}

TEST_CASE("A sender that changed its keys a minute ago is looked up anew before it is refused") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    Party& sender = receiving.exchange.sender;
    CHECK(adapter.runner->once().hub_reached);  // the directory is read, with the old keys
    sender.signing_key = statement::PrivateKey::generate(statement::KeyKind::p256);
    sender.signing = sender.issuer.issue(sender.signing_key.public_key(), sender.id, statement::Use::signing,
                                         statement::kKeyLife);
    const MessageWriter writer(sender.id, std::string(kOrigin), sender.signer());
    const auto known = consent(sender, receiving.exchange.recipient);
    const auto fresh =
        writer.write(referral(receiving.exchange.recipient, 5), receiving.exchange.directory, &known, kNow)
            .value();
    SECTION("and taken where its new list is there") {
        adapter.script.organisations = organisations_json({{sender, key_list(sender, 2)}});
        adapter.script.inbox = {adapter.arrives(fresh, 5)};
        CHECK(adapter.runner->once().taken == 1);
        CHECK(adapter.journal->pins().at(sender.id).serial_seen == 2);
    }
    SECTION("and refused where it is not") {
        adapter.script.inbox = {adapter.arrives(fresh, 5)};
        CHECK(adapter.runner->once().declined == 1);
        CHECK(adapter.script.acks.at(0).code == Code::certificate_unknown);
    }
}

TEST_CASE("Nothing is taken from the inbox before the directory was read") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.script.organisations = "not a directory";
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    CHECK(adapter.runner->once().declined == 0);
    CHECK(adapter.script.acks.empty());
    adapter.script.organisations = receiving.exchange.organisations;
    CHECK(adapter.runner->once().taken == 1);
}

TEST_CASE(
    "An adapter started while the hub is away seals by the directory that it saw last and opens by none") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    const OrganisationId other = receiving.exchange.sender.id;
    (void)adapter.runner->once();
    adapter.native.busy = true;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    (void)adapter.runner->once();
    adapter.native.busy = false;
    const auto offered = adapter.native.order.size();
    adapter.script.away = true;
    SECTION("and its keys are there") {
        adapter.restart();
        (void)adapter.runner->once();
        REQUIRE(adapter.runner->directory().find(other) != nullptr);
        CHECK(adapter.runner->directory().find(other)->keys.has_value());
    }
    SECTION("but not of a body whose root is believed no longer") {
        adapter.journal->unpin(other);
        adapter.restart();
        (void)adapter.runner->once();
        CHECK_FALSE(adapter.runner->directory().find(other)->keys.has_value());
    }
    CHECK(adapter.native.order.size() == offered);
}

TEST_CASE("What the native system can never take is refused by its code") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.cannot = Code::service_not_allowed;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    CHECK(adapter.runner->once().declined == 1);
    const statement::Ack expected{id<DeliveryId>(1), LeafIndex{0}, AckOutcome::refused,
                                  Code::service_not_allowed};
    CHECK(adapter.script.acks.at(0) == expected);
}

TEST_CASE("A delivery without a release in time is refused unopened and taken when it is released anew") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    auto late = adapter.arrives(receiving.written, 1);
    late.not_after = kNow - 1ms;
    adapter.script.inbox = {late};
    CHECK(adapter.runner->once().declined == 1);
    CHECK(adapter.native.order.empty());
    CHECK(adapter.script.acks.at(0).code == Code::release_unproven);
    adapter.script.inbox = {adapter.arrives(receiving.written, 1, 2)};
    CHECK(adapter.runner->once().taken == 1);
}

TEST_CASE("A notice of revocation is applied before anything else of its batch wherever it stands") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    const auto [statement, payload] = receiving.exchange.notice(id<ConsentId>(1));
    Release notice{statement, payload, id<MessageId>(0x77), {}, receiving.exchange.recipient.id};
    notice.delivery = id<DeliveryId>(2);
    adapter.script.inbox = {adapter.arrives(receiving.written, 1), delivered(receiving.exchange.log, notice)};
    const Turned turned = adapter.runner->once();
    CHECK(turned.taken == 1);
    CHECK(turned.declined == 1);
    CHECK(adapter.native.order == std::vector{id<MessageId>(0x77)});  // the notice alone
    CHECK(adapter.journal->is_revoked(id<ConsentId>(1)));
    CHECK(adapter.journal->incoming(id<DeliveryId>(1))->code == Code::consent_revoked);
}

namespace {

// The submission is held, for the native system is away; what ends the referral comes meanwhile.
struct HeldAndEnded : Receiving {
    HeldAndEnded() {
        adapter.native.busy = true;
        adapter.script.inbox = {adapter.arrives(written, 1)};
        CHECK(adapter.runner->once().held == 1);
        adapter.native.order.clear();
    }
    [[nodiscard]] codec::Delivery says(ReferralEvent event) {
        Message message = referral(exchange.recipient, 1);
        message.id = id<MessageId>(0x55);
        message.type = MessageType::referral_event;
        message.sealed.reset();
        message.service.reset();
        message.payload = codec::ReferralEventPayload{.event = event, .occurred_on = kToday};
        if (event == ReferralEvent::cancel) {
            std::get<codec::ReferralEventPayload>(message.payload).reason = Reason::no_longer_needed;
        }
        return adapter.arrives(exchange.written(message), 2);
    }
    [[nodiscard]] bool offered(std::uint8_t number) const {
        const auto& order = adapter.native.order;
        return std::find(order.begin(), order.end(), id<MessageId>(number)) != order.end();
    }
};

}  // namespace

TEST_CASE("What ends a referral ends its submission that is held and the native system never sees it") {
    HeldAndEnded given;
    Adapter& adapter = given.adapter;
    const auto event = GENERATE(ReferralEvent::withdraw, ReferralEvent::cancel);
    adapter.over = {id<DeliveryId>(1)};
    adapter.restart();
    adapter.script.inbox = {given.says(event)};
    CHECK(adapter.runner->once().declined == 1);
    CHECK_FALSE(given.offered(1));
    CHECK(given.offered(0x55));
    CHECK(adapter.journal->incoming(id<DeliveryId>(1))->code == Code::event_not_allowed);
    const auto said =
        std::find_if(adapter.script.acks.begin(), adapter.script.acks.end(), [](const auto& ack) {
            return ack.delivery == id<DeliveryId>(1) && ack.outcome == AckOutcome::refused;
        });
    CHECK(said != adapter.script.acks.end());
    adapter.native.busy = false;
    adapter.later();
    CHECK(adapter.runner->once().taken == 1);  // the word that it ended
    CHECK_FALSE(given.offered(1));
}

TEST_CASE("What moves a referral on leaves its submission held") {
    HeldAndEnded given;
    Adapter& adapter = given.adapter;
    adapter.restart();
    adapter.script.inbox = {given.says(ReferralEvent::resume)};
    CHECK(adapter.runner->once().declined == 0);
    adapter.native.busy = false;
    adapter.later();
    CHECK(adapter.runner->once().taken == 1);
    CHECK(adapter.runner->once().taken == 1);
    CHECK(given.offered(1));
}

TEST_CASE("What another body says of a referral that is held ends nothing") {
    HeldAndEnded given;
    Adapter& adapter = given.adapter;
    const Party& stranger = known_party("nii");
    adapter.journal->pin(stranger.id, stranger.root().key().spki_sha256());
    const Party &sender = given.exchange.sender, &recipient = given.exchange.recipient;
    adapter.script.organisations = organisations_json(
        {{sender, key_list(sender)}, {recipient, key_list(recipient)}, {stranger, key_list(stranger)}});
    given.exchange.sender = stranger;
    given.exchange.writer = MessageWriter{stranger.id, std::string(kOrigin), stranger.signer()};
    auto withdrawal = given.says(ReferralEvent::withdraw);
    adapter.restart();
    adapter.over = {id<DeliveryId>(1)};
    adapter.script.inbox = {std::move(withdrawal)};
    (void)adapter.runner->once();
    CHECK_FALSE(given.offered(0x55));
    CHECK(adapter.script.acks.back().code == Code::event_not_allowed);
    CHECK(adapter.journal->incoming(id<DeliveryId>(1))->state == IncomingState::held);
}

TEST_CASE("Under the name of a delivery or a message nothing else is taken") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.busy = true;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    REQUIRE(adapter.runner->once().held == 1);
    adapter.native.busy = false;
    adapter.native.order.clear();
    SECTION("another message under the same delivery") {
        const Written other = receiving.exchange.written(referral(receiving.exchange.recipient, 2));
        adapter.script.inbox = {adapter.arrives(other, 1, 2)};
        CHECK(adapter.runner->once().declined == 1);
        CHECK(adapter.script.acks.back().code == Code::release_unproven);
    }
    SECTION("another statement under the same message") {
        Message message = referral(receiving.exchange.recipient);
        message.sealed->need = "בקשה אחרת";
        adapter.script.inbox = {adapter.arrives(receiving.exchange.written(message), 7)};
        CHECK(adapter.runner->once().declined == 1);
        CHECK(adapter.script.acks.back().code == Code::id_reused);
    }
    CHECK(adapter.native.order.empty());
}

TEST_CASE("An older word that comes late does not move a referral back") {
    HeldAndEnded given;
    Adapter& adapter = given.adapter;
    auto newer = given.says(ReferralEvent::cancel);
    newer.version = 5;
    adapter.over = {id<DeliveryId>(1)};
    adapter.script.inbox = {newer};
    (void)adapter.runner->once();
    REQUIRE(adapter.journal->referral(id<ReferralId>(1))->state == ReferralState::cancelled);
    Message message = referral(given.exchange.recipient, 1);
    message.id = id<MessageId>(0x56);
    message.type = MessageType::referral_event;
    message.sealed.reset();
    message.service.reset();
    message.payload = codec::ReferralEventPayload{.event = ReferralEvent::freeze, .occurred_on = kToday};
    auto older = adapter.arrives(given.exchange.written(message), 3);
    older.version = 4;
    adapter.script.inbox = {older};
    (void)adapter.runner->once();
    CHECK(adapter.journal->referral(id<ReferralId>(1))->state == ReferralState::cancelled);
}

TEST_CASE("A submission that the native system took before a stop stays taken when the referral ends") {
    HeldAndEnded given;
    Adapter& adapter = given.adapter;
    adapter.journal->mark_handing(id<DeliveryId>(1));
    adapter.native.kept.insert(id<MessageId>(1));
    adapter.restart();
    adapter.script.inbox = {given.says(ReferralEvent::withdraw)};
    CHECK(adapter.runner->once().taken == 1);
    CHECK(adapter.journal->incoming(id<DeliveryId>(1))->state == IncomingState::taken);
    CHECK_FALSE(given.offered(1));
}

TEST_CASE("What she withdrew is not opened though the notice never came here") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.busy = true;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    REQUIRE(adapter.runner->once().held == 1);
    adapter.native.busy = false;
    adapter.native.order.clear();
    adapter.over = {id<DeliveryId>(1)};
    adapter.later();
    CHECK(adapter.runner->once().taken == 0);
    CHECK(adapter.native.order.empty());
    // It went to another program of ours, or its line broke. Now it comes.
    const auto [statement, payload] = receiving.exchange.notice(id<ConsentId>(1));
    Release notice{statement, payload, id<MessageId>(0x77), {}, receiving.exchange.recipient.id};
    notice.delivery = id<DeliveryId>(2);
    adapter.script.inbox = {delivered(receiving.exchange.log, notice)};
    CHECK(adapter.runner->once().taken == 1);
    CHECK(adapter.native.order == std::vector{id<MessageId>(0x77)});
    CHECK(adapter.journal->incoming(id<DeliveryId>(1))->code == Code::consent_revoked);
}

TEST_CASE("A notice that was held is given on from here: nothing of hers is in it") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.busy = true;
    const auto [statement, payload] = receiving.exchange.notice(id<ConsentId>(1));
    Release notice{statement, payload, id<MessageId>(0x77), {}, receiving.exchange.recipient.id};
    notice.delivery = id<DeliveryId>(2);
    adapter.script.inbox = {delivered(receiving.exchange.log, notice)};
    REQUIRE(adapter.runner->once().held == 1);
    CHECK(adapter.runner->once().acknowledged == 0);  // `held` is said once a release
    adapter.native.busy = false;
    CHECK(adapter.runner->once().taken == 1);
}

TEST_CASE(
    "What a stop interrupted is not given once she has withdrawn and is said to be taken where it was") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.native.busy = true;
    adapter.script.inbox = {adapter.arrives(receiving.written, 1)};
    REQUIRE(adapter.runner->once().held == 1);
    adapter.native.busy = false;
    adapter.journal->mark_handing(id<DeliveryId>(1));
    adapter.native.order.clear();
    const auto [statement, payload] = receiving.exchange.notice(id<ConsentId>(1));
    Release notice{statement, payload, id<MessageId>(0x77), {}, receiving.exchange.recipient.id};
    notice.delivery = id<DeliveryId>(2);
    adapter.restart();
    adapter.script.inbox = {delivered(receiving.exchange.log, notice)};
    const auto row = [&] { return *adapter.journal->incoming(id<DeliveryId>(1)); };
    SECTION("the native system has it not") {
        CHECK(adapter.runner->once().declined == 1);
        CHECK(row().code == Code::consent_revoked);
    }
    SECTION("the native system has it") {
        adapter.native.kept.insert(id<MessageId>(1));
        CHECK(adapter.runner->once().taken == 2);
        CHECK(row().state == IncomingState::taken);
    }
    SECTION("nobody can say until the native system is back") {
        adapter.native.silent = true;
        CHECK(adapter.runner->once().held == 1);
        CHECK(row().state == IncomingState::handing);
        adapter.native.silent = false;
        CHECK(adapter.runner->once().declined == 1);
        CHECK(row().code == Code::consent_revoked);
    }
    CHECK(adapter.native.order == std::vector{id<MessageId>(0x77)});  // the notice alone
}

TEST_CASE("With two histories shown only a withdrawal still passes") {
    Sending sending;
    Adapter& adapter = sending.adapter;
    sending.exchange.log.grow(3);
    CHECK_FALSE(adapter.runner->once().halted);
    SmallLog forked;
    forked.mark("!");
    forked.grow(9);
    adapter.script.log = &forked;
    const auto ordinary = sending.submit(1);
    (void)sending.withdraw(2);
    const Turned turned = adapter.runner->once();
    CHECK(turned.halted);
    CHECK(turned.accepted == 1);
    CHECK(adapter.journal->outgoing(ordinary)->state == OutgoingState::waiting);
    CHECK_FALSE(adapter.runner->run(std::stop_token()));
}

TEST_CASE("A hub that is away costs nothing and a stop ends the loop in order") {
    Sending sending;
    const auto message = sending.submit();
    sending.adapter.script.away = true;
    const Turned turned = sending.adapter.runner->once();
    CHECK_FALSE(turned.hub_reached);
    CHECK(sending.adapter.journal->outgoing(message)->attempts == 0);
    std::stop_source stop;
    sending.adapter.script.before = [&](const edge::Call&) { stop.request_stop(); };
    CHECK(sending.adapter.runner->run(stop.get_token()));
}

TEST_CASE("While the hub is away the native side is looked at as often as settings say") {
    Sending sending;
    Adapter& at = sending.adapter;
    int calls = 0;
    at.script.away = true;
    at.script.before = [&](const edge::Call&) { ++calls; };
    std::stop_source stop;
    at.native.looked = [&](int looks) {
        if (looks == 4) stop.request_stop();
    };
    Runner runner({at.self.id, at.hub, *at.journal, at.native, at.writer, at.signer, at.opening,
                   at.exchange.hub_ring, nullptr, at.log, [] { return ~std::uint64_t{0}; }},
                  {.look_every = 20ms});
    CHECK(runner.run(stop.get_token()));
    CHECK(calls == 1);  // all within the first pause
}

TEST_CASE("Where whose keys may be believed has changed the directory is read again at once") {
    Sending sending;
    Adapter& at = sending.adapter;
    bool changed = false;
    int readings = 0;
    at.script.before = [&](const edge::Call& call) { readings += call.path == "/v1/organisations" ? 1 : 0; };
    Runner runner({at.self.id, at.hub, *at.journal, at.native, at.writer, at.signer, at.opening,
                   at.exchange.hub_ring, nullptr, at.log, [] { return 0u; }, [&] { return changed; }},
                  {});
    (void)runner.once();
    (void)runner.once();
    CHECK(readings == 1);
    changed = true;
    (void)runner.once();
    CHECK(readings == 2);
}

TEST_CASE("An adapter declares what its native side honours before it sends anything") {
    Sending sending;
    Adapter& adapter = sending.adapter;
    adapter.key_serial = 1;
    adapter.start();
    (void)sending.submit();
    std::vector<std::string> calls;
    adapter.script.before = [&](const edge::Call& call) { calls.push_back(call.method + " " + call.path); };
    CHECK(adapter.runner->once().accepted == 1);
    const auto declared = std::find(calls.begin(), calls.end(), "PUT /v1/profile");
    const auto sent = std::find(calls.begin(), calls.end(), "POST /v1/messages");
    REQUIRE(adapter.script.profiles.size() == 1);
    CHECK(declared < sent);
    const statement::KeyList keys{adapter.self.id, 1, {adapter.self.signing}, {}, kNow};
    const auto said = statement::verify_profile(adapter.script.profiles[0], {kOrigin, keys, kNow});
    REQUIRE(said);
    CHECK(said->profile.honours == adapter.native.keeps);
}

TEST_CASE("What is sealed to a key that was made while the inbox was waited in is opened") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.script.inbox.push_back(adapter.arrives(receiving.written, 9));
    const statement::OpeningKeys made = std::exchange(adapter.opening, {});
    bool polled = false;
    adapter.script.before = [&](const edge::Call& call) {
        polled = polled || call.path.starts_with("/v1/inbox");
    };
    adapter.at_home = [&] {
        if (polled) adapter.opening = made;
        return false;
    };
    CHECK(adapter.runner->once().taken == 1);
}

TEST_CASE("Under another key list of ours what we are is declared anew by the key in use") {
    Sending sending;
    Adapter& adapter = sending.adapter;
    const Party& self = adapter.self;
    adapter.key_serial = 1;
    adapter.script.organisations = organisations_json(
        {{self, key_list(self), profile_of(self, adapter.native.keeps, {1, 4}, schemas_read())}});
    CHECK(adapter.runner->once().hub_reached);
    CHECK(adapter.script.profiles.empty());
    const auto key = statement::PrivateKey::generate(statement::KeyKind::p256);
    const auto fresh =
        self.issuer.issue(key.public_key(), self.id, statement::Use::signing, statement::kKeyLife);
    bool found = true;
    adapter.at_home = [&] {
        adapter.key_serial = 2;
        adapter.signer = statement::Signer::make(key, fresh).value();
        return std::exchange(found, false);
    };
    CHECK(adapter.runner->once().hub_reached);
    REQUIRE(adapter.script.profiles.size() == 1);
    const statement::KeyList keys{self.id, 2, {fresh, self.signing}, {}, kNow};
    const auto said = statement::verify_profile(adapter.script.profiles[0], {kOrigin, keys, kNow});
    REQUIRE(said);
    CHECK(said->certificate == fresh.thumbprint());
    CHECK(said->profile.place == statement::ProfilePlace{2, 1});
}

TEST_CASE("What stands in the directory as it is declares nothing anew") {
    Sending sending;
    Adapter& adapter = sending.adapter;
    adapter.key_serial = 1;
    adapter.script.organisations =
        organisations_json({{adapter.self, key_list(adapter.self),
                             profile_of(adapter.self, adapter.native.keeps, {1, 4}, schemas_read())}});
    adapter.start();
    CHECK(adapter.runner->once().hub_reached);
    CHECK(adapter.script.profiles.empty());
    adapter.native.keeps = {};
    adapter.start();
    CHECK(adapter.runner->once().hub_reached);
    CHECK(adapter.script.profiles.size() == 1);
}

TEST_CASE("An adapter without a key list in date declares nothing and works on") {
    Sending sending;
    (void)sending.submit();
    CHECK(sending.adapter.runner->once().accepted == 1);
    CHECK(sending.adapter.script.profiles.empty());
}

TEST_CASE("A declaration that the hub refuses keeps nothing from being sent") {
    Sending sending;
    sending.adapter.key_serial = 1;
    sending.adapter.script.profile_refused = true;
    sending.adapter.start();
    (void)sending.submit();
    CHECK(sending.adapter.runner->once().accepted == 1);
    CHECK(sending.adapter.script.profiles.size() == 1);
}

TEST_CASE("A later declaration of a partner is remembered and the earlier one is not believed again") {
    Sending sending;
    Adapter& adapter = sending.adapter;
    const auto shows = [&](statement::ProfilePlace place) {
        const Party& other = sending.exchange.recipient;
        adapter.script.organisations =
            organisations_json({{other, key_list(other), profile_of(other, kEveryFlag, place)}});
        adapter.restart();
        CHECK(adapter.runner->once().hub_reached);
        return adapter.runner->directory().find(other.id)->declared;
    };
    CHECK(shows({1, 3}));
    CHECK(adapter.journal->pins().at(sending.exchange.recipient.id).profile_seen ==
          statement::ProfilePlace{1, 3});
    CHECK_FALSE(shows({1, 2}));
    CHECK(shows({1, 3}));
}

namespace {

// A referral that the hub has taken, and her no to it.
struct TakenBack : Sending {
    MessageId submission = submit();
    MessageId withdrawal;
    explicit TakenBack(bool of_consent = false)
        : withdrawal((void(adapter.runner->once()), of_consent ? revoke() : withdraw(1))) {
        CHECK(state_of(submission) == OutgoingState::accepted);
    }
    MessageId revoke() {
        Message message = referral(exchange.recipient);
        message.id = id<MessageId>(0x57);
        message.type = MessageType::consent_revoked;
        message.to = OrganisationId::hub();
        message.payload = codec::ConsentRevoked{kToday};
        message.sealed.reset();
        message.referral.reset();
        message.service.reset();
        message.purpose.reset();
        message.basis.reset();
        Outbox outbox(*adapter.journal, adapter.writer, adapter.names);
        return outbox.submit(message, exchange.directory, kNow).value().id;
    }
    void refuses(int status, std::string_view code, const std::string& more = {}) {
        adapter.script.next.push_back(
            [=](const auto&) { return answer(status, "", problem_json(code, "no", more)); });
    }
    [[nodiscard]] OutgoingRow row() const { return *adapter.journal->outgoing(withdrawal); }
    [[nodiscard]] std::chrono::milliseconds wait() const {
        return row().next_try - adapter.script.machine_clock;
    }
};

std::string members(const Receipted& receipted) {
    const std::string json = receipt_json(receipted);
    return "," + json.substr(1, json.size() - 2);
}

}  // namespace

TEST_CASE("Her withdrawal that the hub refuses without a leaf is brought again until it is taken") {
    TakenBack hers(GENERATE(false, true));
    const bool as_unknown = GENERATE(true, false);
    for (const auto least : {2min, 4min, 8min, 15min, 15min}) {
        as_unknown ? hers.refuses(404, "not_found") : hers.refuses(401, "certificate_unknown");
        const Turned turned = hers.adapter.runner->once();
        CHECK(turned.withdrawals_unproven == 1);
        CHECK(turned.put_back == 1);
        CHECK(turned.refused == 0);
        CHECK(hers.row().state == OutgoingState::waiting);
        CHECK(hers.wait() == least);  // the shortest of the range
        hers.adapter.script.machine_clock += least - 1ms;
        CHECK(hers.adapter.runner->once().put_back == 0);  // nor is the hub hammered
        hers.adapter.script.machine_clock += 1ms;
    }
    CHECK(hers.adapter.lines_with("withdrawal_refused_without_proof") == 5);
    hers.adapter.restart();
    CHECK(hers.adapter.runner->once().accepted == 1);
    CHECK(hers.row().state == OutgoingState::accepted);
}

TEST_CASE("Her withdrawal is settled by the leaf that refuses it and by no leaf of another word") {
    TakenBack hers;
    auto& script = hers.adapter.script;
    script.next.push_back([&](const codec::Submission& said) {
        return answer(409, "",
                      problem_json("event_not_allowed", "no", members(script.refuse(said.statement))));
    });
    SECTION("its own") {
        CHECK(hers.adapter.runner->once().refused == 1);
        CHECK(hers.row().state == OutgoingState::refused);
        CHECK(hers.row().receipt);
    }
    SECTION("another's") {
        script.next.back() = [&](const codec::Submission&) {
            return answer(409, "", problem_json("event_not_allowed", "no", members(script.refuse("a.b.c"))));
        };
        CHECK(hers.adapter.runner->once().withdrawals_unproven == 1);
        CHECK(hers.row().state == OutgoingState::waiting);
    }
    SECTION("one that took it") {
        script.next.back() = [&](const codec::Submission& said) {
            return answer(409, "",
                          problem_json("event_not_allowed", "no", members(script.accept(said.statement))));
        };
        CHECK(hers.adapter.runner->once().withdrawals_unproven == 1);
        CHECK(hers.row().state == OutgoingState::waiting);
    }
}

TEST_CASE("The hub puts her withdrawal off for an hour at most and never by another refusal's word") {
    TakenBack hers;
    const auto says = [&](std::string_view code, std::string_view retry) {
        hers.adapter.script.next.push_back(
            [=](const auto&) { return answer(429, "", problem_json(code, retry)); });
        return hers.adapter.runner->once().withdrawals_unproven;
    };
    SECTION("busy for a day") {
        CHECK(says("busy", "after 86400") == 0);
        CHECK(hers.wait() == 1h + 125ms);
    }
    SECTION("busy for an hour, and for a second less") {
        CHECK(says("busy", "after 3599") == 0);
        CHECK(hers.wait() == 1h - 1s + 125ms);
    }
    SECTION("unavailable for a day") {
        CHECK(says("unavailable", "after 86400") == 0);
        CHECK(hers.wait() == 1h + 125ms);
    }
    SECTION("not found, to be asked for again: that is a refusal all the same") {
        CHECK(says("not_found", "after 86400") == 1);
        CHECK(hers.wait() == 2min);
    }
}

TEST_CASE("Any other message that the hub refuses is refused whether or not it shows its leaf") {
    Sending sending;
    const auto message = sending.say(ReferralEvent::mark_error, 0x55);
    sending.adapter.script.next.push_back(
        [](const auto&) { return answer(404, "", problem_json("not_found", "no")); });
    const Turned turned = sending.adapter.runner->once();
    CHECK(turned.refused == 1);
    CHECK(turned.withdrawals_unproven == 0);
    CHECK(sending.state_of(message) == OutgoingState::refused);
}

TEST_CASE("A withdrawal of what a delivered word has ended is not brought a second time") {
    TakenBack hers;
    hers.refuses(404, "not_found");
    CHECK(hers.adapter.runner->once().withdrawals_unproven == 1);
    ReferralRow known = *hers.adapter.journal->referral(id<ReferralId>(1));
    const bool ended = GENERATE(true, false);
    known.state = ended ? ReferralState::expired : ReferralState::in_progress;
    hers.adapter.journal->put_referral(known);
    hers.adapter.script.machine_clock += 10min;
    hers.refuses(404, "not_found");
    (void)hers.adapter.runner->once();
    CHECK(hers.row().state == (ended ? OutgoingState::refused : OutgoingState::waiting));
}

TEST_CASE("A second withdrawal of the same referral is settled by the leaf of the first") {
    TakenBack hers;
    const auto again = hers.say(ReferralEvent::withdraw, 0x58);
    hers.adapter.script.next.push_back([&](const codec::Submission& said) {
        return answer(201, "application/json", receipt_json(hers.adapter.script.accept(said.statement)));
    });
    hers.refuses(404, "not_found");
    (void)hers.adapter.runner->once();
    CHECK(hers.row().state == OutgoingState::accepted);
    CHECK(hers.state_of(again) == OutgoingState::refused);
}

TEST_CASE("A withdrawal that waits is signed anew before it is too old to be heard and not before") {
    TakenBack hers;
    const std::string first = hers.row().written.statement;
    const auto refused_at = [&](Instant at) {
        hers.adapter.script.machine_clock = at;
        hers.adapter.journal->mark_waiting(hers.withdrawal, at, std::nullopt);
        hers.refuses(404, "not_found");
        CHECK(hers.adapter.runner->once().withdrawals_unproven == 1);
        return hers.row().written.statement;
    };
    const Instant too_old = start_of(kToday) + limits::kStatementAgeMax;
    CHECK(refused_at(too_old - 1h) == first);
    const std::string anew = refused_at(too_old - 1h + 1ms);
    CHECK(anew != first);
    const auto claims = [](const std::string& jws) {
        return jws.substr(0, jws.rfind('.')).substr(jws.find('.'));
    };
    CHECK(claims(anew) == claims(first));
    CHECK(refused_at(too_old) == anew);
    CHECK(hers.adapter.script.submissions.back().statement == anew);
}

TEST_CASE("A withdrawal whose key is ours no longer stays where the hub says that its day is wrong") {
    TakenBack hers;
    const Party& other = known_party("housing");
    hers.adapter.writer.sign_by(other.signer(), {});
    hers.refuses(401, "clock_skew", R"(,"at":"2026-11-25T12:00:00.000Z")");
    CHECK(hers.adapter.runner->once().withdrawals_unproven == 1);
    CHECK(hers.row().state == OutgoingState::waiting);
}

TEST_CASE("A withdrawal whose day the hub will never have right is told of and brought again") {
    TakenBack hers;
    const std::string skewed = R"(,"at":"2026-11-25T12:00:00.000Z")";
    hers.refuses(401, "clock_skew", skewed);
    hers.refuses(401, "clock_skew", skewed);
    CHECK(hers.adapter.runner->once().withdrawals_unproven == 1);  // the first time it may be our clock
    CHECK(hers.row().state == OutgoingState::waiting);
    hers.adapter.script.machine_clock += 10min;
    CHECK(hers.adapter.runner->once().accepted == 1);
}

TEST_CASE("While the log has to prove what it showed nothing more is disclosed and no answer is final") {
    Sending sending;
    Adapter& adapter = sending.adapter;
    adapter.believe(1);
    const auto first = sending.submit(1), second = sending.submit(2);
    CHECK(adapter.runner->once().accepted == 1);
    CHECK(sending.state_of(first) == OutgoingState::accepted);
    CHECK(adapter.script.submissions.size() == 1);
    SECTION("it proves it") {
        CHECK(adapter.runner->once().accepted == 1);
        CHECK(sending.state_of(second) == OutgoingState::accepted);
    }
    SECTION("it does not: her withdrawal goes all the same, and is brought again") {
        adapter.script.instead = [](const edge::Call& call) -> std::optional<edge::Answer> {
            if (!call.path.starts_with("/log/add-checkpoint")) return std::nullopt;
            return answer(503, "application/problem+json", problem_json("unavailable", "after 2"));
        };
        const auto withdrawal = sending.withdraw(1);
        const Turned turned = adapter.runner->once();
        CHECK(turned.accepted == 0);
        CHECK(turned.put_back == 1);
        CHECK_FALSE(turned.halted);
        CHECK(adapter.script.submissions.size() == 2);
        CHECK(sending.state_of(withdrawal) == OutgoingState::waiting);
        CHECK(sending.state_of(second) == OutgoingState::waiting);
        CHECK(adapter.lines_with("receipt_of_unproven_history") == 1);
        adapter.script.instead = {};
        adapter.script.machine_clock += 1min;
        CHECK(adapter.runner->once().accepted >= 1);
        CHECK(sending.state_of(withdrawal) == OutgoingState::accepted);
    }
}

TEST_CASE(
    "A delivery whose checkpoint cannot be remembered is not opened and no answer to its acks is final") {
    Receiving receiving;
    Adapter& adapter = receiving.adapter;
    adapter.believe(2);
    const auto written = [&](std::uint8_t number) {
        return receiving.exchange.written(referral(receiving.exchange.recipient, number));
    };
    adapter.script.before = [&](const edge::Call& call) {
        if (!call.path.starts_with("/v1/inbox?") || !adapter.released.empty()) return;
        for (std::uint8_t number = 1; number < 4; ++number)
            adapter.script.inbox.push_back(adapter.arrives(written(number), number));
    };
    const Turned turned = adapter.runner->once();
    CHECK(turned.taken == 2);
    CHECK(turned.acknowledged == 0);
    CHECK(adapter.native.order.size() == 2);
    CHECK(adapter.lines_with("delivery_of_unproven_history") == 1);
    CHECK_FALSE(adapter.journal->incoming(id<DeliveryId>(3)));
    CHECK(adapter.runner->once().acknowledged == 2);  // the log has proven what it showed
    adapter.script.inbox = {adapter.arrives(written(3), 3, 2)};
    CHECK(adapter.runner->once().taken == 1);
}

TEST_CASE("An answer that shows a second history is not final and nothing is disclosed after it") {
    Sending sending;
    Adapter& adapter = sending.adapter;
    (void)sending.submit(1);
    CHECK(adapter.runner->once().accepted == 1);
    SmallLog forked;
    forked.mark("!");
    adapter.script.next.push_back([&](const codec::Submission& said) {
        const auto record = decided(log::RecordEvent::accepted, log::Decision::permit);
        return answer(201, "application/json", receipt_json(forked.append(said.statement, record)));
    });
    const auto second = sending.submit(2), third = sending.submit(3);
    const Turned turned = adapter.runner->once();
    CHECK(turned.halted);
    CHECK(turned.accepted == 0);
    CHECK(sending.state_of(second) == OutgoingState::waiting);
    CHECK(sending.state_of(third) == OutgoingState::waiting);
    CHECK(adapter.script.submissions.size() == 2);
    CHECK(adapter.lines_with("receipt_of_another_history") == 1);
}

namespace {

// What the sender asked of us is taken. Another body, whom our own agreements name, and the operator are at
// one.
struct UnderOnesId : Receiving {
    const Party& stranger = known_party("nii");
    UnderOnesId() {
        adapter.script.inbox = {adapter.arrives(written, 1)};
        CHECK(adapter.runner->once().taken == 1);
        adapter.native.order.clear();
        adapter.journal->pin(stranger.id, stranger.root().key().spki_sha256());
        const Party &sender = exchange.sender, &recipient = exchange.recipient;
        adapter.script.organisations = organisations_json(
            {{sender, key_list(sender)}, {recipient, key_list(recipient)}, {stranger, key_list(stranger)}});
        adapter.restart();
    }
    // By this body, about that referral, under a message id of its own.
    [[nodiscard]] Written said_by(const Party& body, std::optional<ReferralEvent> event,
                                  std::uint8_t number) {
        Message message = referral(exchange.recipient, number);
        message.id = id<MessageId>(0x60);
        message.consent = id<ConsentId>(number);
        if (event) {
            message.type = MessageType::referral_event;
            message.sealed.reset();
            message.service.reset();
            message.payload = codec::ReferralEventPayload{.event = *event, .occurred_on = kToday};
        }
        const MessageWriter writer{body.id, std::string(kOrigin), body.signer()};
        KnownConsent known = consent(body, exchange.recipient);
        known.id = id<ConsentId>(number);
        return writer.write(message, exchange.directory, &known, kNow).value();
    }
    [[nodiscard]] ReferralRow known() const { return *adapter.journal->referral(id<ReferralId>(1)); }
};

}  // namespace

TEST_CASE("Under the id of another body's referral nobody is heard and what is known of it stays") {
    UnderOnesId one;
    Adapter& adapter = one.adapter;
    const ReferralRow before = one.known();
    const KnownConsent consent_before = *adapter.journal->consent(id<ConsentId>(1));
    Code expected = Code::id_reused;
    std::optional<ReferralEvent> event;
    SECTION("neither with a submission") {}
    SECTION("nor with an event") {
        expected = Code::event_not_allowed;
        event = ReferralEvent::withdraw;
    }
    codec::Delivery delivery = adapter.arrives(one.said_by(one.stranger, event, 1), 5);
    delivery.pseudonym = pseudonym(9);
    adapter.script.inbox = {delivery};
    CHECK(adapter.runner->once().declined == 1);
    const statement::Ack& said = adapter.script.acks.back();
    CHECK(said.outcome == AckOutcome::refused);
    CHECK(said.code == expected);
    CHECK(adapter.native.order.empty());
    CHECK(one.known() == before);
    CHECK(adapter.journal->consent(id<ConsentId>(1)) == consent_before);
    CHECK_FALSE(adapter.journal->incoming(id<DeliveryId>(5)));
}

TEST_CASE("The body whose referral it is and the hub are heard about it") {
    UnderOnesId one;
    Adapter& adapter = one.adapter;
    Written written = one.said_by(one.exchange.sender, ReferralEvent::withdraw, 1);
    SECTION("the body") { adapter.script.inbox = {adapter.arrives(written, 5)}; }
    SECTION("the hub") {
        const auto submission = codec::decode<codec::Submission>(written.submission).value();
        const auto verified =
            statement::verify_signature(written.statement, one.exchange.sender.ring(), kNow);
        statement::Statement says = statement::parse_claims(verified.value()).value().statement;
        says.from = OrganisationId::hub();
        says.actor.reset();
        says.case_.reset();
        Release release{statement::sign_statement(says, one.exchange.hub.signer(), kToday),
                        submission.payload, written.id, written.referral, one.exchange.recipient.id};
        release.delivery = id<DeliveryId>(5);
        adapter.script.inbox = {delivered(one.exchange.log, release)};
    }
    CHECK(adapter.runner->once().taken == 1);
    CHECK(one.known().state == ReferralState::withdrawn);
}

TEST_CASE("Another body's referral under an id of its own is taken") {
    UnderOnesId one;
    one.adapter.script.inbox = {one.adapter.arrives(one.said_by(one.stranger, std::nullopt, 2), 5)};
    CHECK(one.adapter.runner->once().taken == 1);
    CHECK(one.adapter.journal->referral(id<ReferralId>(2))->other == one.stranger.id);
}

TEST_CASE("What we referred ourselves nobody refers to us under the same id") {
    Sending sending;
    Adapter& adapter = sending.adapter;
    (void)sending.submit(1);
    CHECK(adapter.runner->once().accepted == 1);
    const Party &self = sending.exchange.sender, &other = sending.exchange.recipient;
    const MessageWriter writer{other.id, std::string(kOrigin), other.signer()};
    const KnownConsent known = consent(other, self);
    const Written back = writer.write(referral(self, 1), sending.exchange.directory, &known, kNow).value();
    adapter.script.inbox = {adapter.arrives(back, 5)};
    CHECK(adapter.runner->once().declined == 1);
    CHECK(adapter.script.acks.back().code == Code::id_reused);
    CHECK(adapter.journal->referral(id<ReferralId>(1))->sent_by_us);
}

TEST_CASE("Of a consent that one body told us of another body's submission changes nothing") {
    UnderOnesId one;
    const KnownConsent before = *one.adapter.journal->consent(id<ConsentId>(1));
    Message message = referral(one.exchange.recipient, 2);  // a referral of its own, under another's consent
    message.id = id<MessageId>(0x61);
    const MessageWriter writer{one.stranger.id, std::string(kOrigin), one.stranger.signer()};
    const KnownConsent known = consent(one.stranger, one.exchange.recipient);
    const Written written = writer.write(message, one.exchange.directory, &known, kNow).value();
    one.adapter.script.inbox = {one.adapter.arrives(written, 5)};
    (void)one.adapter.runner->once();
    CHECK(one.adapter.journal->consent(id<ConsentId>(1)) == before);
}
