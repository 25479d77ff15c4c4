// `busy` (contract.md 5): while the database does not go on, one body takes every place that its ordinary
// calls have, or two fill the queue of the sequencer; what then comes is refused, but for a woman's word.
//
// Held up is the commit of the first message, by a lock that another session has. Everything sent meanwhile
// stands in the queue or is told `busy`; the hub gives the database ten seconds, so all of it is quick.
#include <algorithm>
#include <set>
#include <thread>

#include "audit/log/receipt.h"
#include "schemas/codec/records.h"
#include "tests/edge/attacks/stage.h"

namespace kesher::attacks {
namespace {

using namespace contract;
using namespace std::chrono_literals;

constexpr std::size_t kTooMany = 16;  // beyond what may wait
constexpr auto kPatience = 20s;

// What was refused without a leaf is counted in one once its minute is over, and that request takes a place
// like any other. So that the places can be counted, all of this happens within one minute.
constexpr auto kCountsComeWithin = 3s;
constexpr auto kTakesAtMost = 15s;  // the hub gives the database ten

void wait_for_a_minute_that_lasts() {
    for (;;) {
        const auto now = std::chrono::system_clock::now();
        const auto gone = now - std::chrono::floor<std::chrono::minutes>(now);
        if (gone >= kCountsComeWithin && gone + kTakesAtMost <= 1min) return;
        std::this_thread::sleep_for(100ms);
    }
}

struct Sent {
    const Sender* body;
    MessageId id;
    std::string request;
    std::unique_ptr<RawLine> line{};
    RawAnswer answer{};

    void send(const Stage& stage) {
        line = stage.line_of(*body);
        line->send(request);
    }
    [[nodiscard]] bool answered() const { return answer.status != 0; }
    [[nodiscard]] std::uint64_t index() const {
        const auto receipt = log::parse_receipt(member(answer.body, "receipt"));
        return receipt ? number(receipt->index) : 0;
    }
};

Sent sent(const Sender& body, const Draft& draft) {
    return {&body, draft.says.id, post_message(body.sign(draft))};
}

template <class Holds>
bool comes_true(const Holds& holds) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

// Who sends until nothing more is taken, and how many of their messages then wait, that in its commit among
// them.
struct Bound {
    std::string name;
    std::vector<const Sender*> senders;
    std::size_t waiting;
    bool answers_reads;  // what needs no decision is answered as ever
};

class Filled {
public:
    Filled(Stage& stage, Report& report, Bound bound)
        : stage_(stage),
          report_(report),
          bound_(std::move(bound)),
          withdrawing_(stage.woman()),
          revoking_(stage.woman()) {}

    void run() {
        prepare();
        wait_for_a_minute_that_lasts();
        const Stored before = stage_.stored();
        Stage::Stopped stopped(stage_);
        fill();
        report_.check(stage_.queued() == static_cast<std::int64_t>(bound_.waiting) - 1, bound_.name,
                      std::to_string(stage_.queued()) + " wait");
        ordinary_is_refused();
        another_body_goes_on();
        hers_waits();
        report_.check(stage_.stored() == before, bound_.name, "something was stored meanwhile");
        stopped.go_on();
        hers_comes_first();
        the_refused_again();
        nothing_lost_or_doubled(before);
        report_.holds(bound_.name + ": " + std::to_string(refused_.size()) +
                      " told busy without a leaf and accepted when sent again, " +
                      std::to_string(waiting_.size()) + " waited, her word taken before them");
    }

private:
    void prepare() {
        const Sender& department = stage_.department();
        const Draft referral = stage_.referral(withdrawing_);
        stage_.accept(department, referral);
        referral_ = *referral.says.referral;
        hers_.push_back(sent(department, withdrawal_of(referral)));
        hers_.push_back(sent(department, stage_.revocation(revoking_)));
        std::vector<Pseudonym> names;
        for (const Sender* body : bound_.senders) names.push_back(stage_.open_case(*body));
        for (std::size_t i = 0; i < bound_.waiting + kTooMany; ++i) {
            const std::size_t who = i % names.size();
            waiting_.push_back(consent_of(*bound_.senders[who], names[who]));
        }
        if (bound_.senders.size() == 1) {
            others_.push_back(consent_of(stage_.health(), stage_.open_case(stage_.health())));
        }
    }

    [[nodiscard]] Sent consent_of(const Sender& body, const Pseudonym& name) const {
        const bool is_health = &body == &stage_.health();
        const OrganisationId other = Stage::body(is_health ? "ssd-5000" : "health");
        return sent(body, body.consent(name, tests::drawn<ConsentId>(), body.consent_record(other)));
    }

    [[nodiscard]] Draft withdrawal_of(const Draft& referral) const {
        codec::ReferralEventPayload payload;
        payload.event = ReferralEvent::withdraw;
        payload.occurred_on = stage_.department().today();
        Draft draft = referral;
        draft.says.id = tests::drawn<MessageId>();
        draft.says.type = MessageType::referral_event;
        draft.says.service.reset();
        draft.says.groups = std::vector<DataGroup>{};
        draft.says.subject_acts = true;
        draft.payload = codec::encode(payload);
        return draft;
    }

    // The first is in its commit, as many as may wait do, and the others have their answer.
    void fill() {
        waiting_.front().send(stage_);
        report_.check(comes_true([&] { return stage_.commit_waits(); }), bound_.name, "nothing is held up");
        for (auto each = waiting_.begin() + 1; each != waiting_.end(); ++each) {
            each->send(stage_);
        }
        const bool full = comes_true([&] {
            for (Sent& each : waiting_) {
                if (!each.answered()) each.answer = each.line->answer(2ms);
            }
            std::vector<Sent> still;
            for (Sent& each : waiting_) {
                auto& place = each.answered() ? refused_ : still;
                place.push_back(std::move(each));
            }
            waiting_ = std::move(still);
            return waiting_.size() <= bound_.waiting;
        });
        report_.check(full && waiting_.size() == bound_.waiting, bound_.name,
                      std::to_string(waiting_.size()) + " wait");
        for (const Sent& each : refused_) check_busy(each.answer, "a message beyond what may wait");
    }

    void check_busy(const RawAnswer& answer, const std::string& what) {
        const bool is_busy = answer.status == 429 && member(answer.body, "code") == "busy";
        report_.check(is_busy, what, std::to_string(answer.status) + answer.body);
        if (is_busy) report_.saw(Code::busy);
        report_.check(answer.head.find("\r\nRetry-After: 2\r\n") != std::string::npos &&
                          member(answer.body, "retry") == "after 2",
                      what, "it is not said when to come again");
        report_.check(!answer.has("\"leaf\"") && !answer.has("\"receipt\"") && !answer.has("\"index\""), what,
                      "a receipt of nothing: " + answer.body);
    }

    // Whatever it is: and so none of it tells whether there is such a thing.
    void ordinary_is_refused() {
        const std::string unknown = tests::drawn<ReferralId>().text();
        for (const Sender* body : bound_.senders) {
            for (const std::string& request :
                 {post("/v1/cases", "application/jose", body->case_order()),
                  get("/v1/referrals/" + referral_.text()), get("/v1/referrals/" + unknown)}) {
                const auto line = stage_.line_of(*body);
                line->send(request);
                check_busy(line->answer(kPatience), "another request beyond what may wait");
                line->send(get("/v1/services"));
                report_.check(line->answer(kPatience).status == (bound_.answers_reads ? 200 : 429),
                              "a line that was told busy", "it is of no use afterwards");
            }
        }
    }

    void another_body_goes_on() {
        for (Sent& each : others_) {
            each.send(stage_);
            each.answer = each.line->answer(200ms);
            report_.check(!each.answered(), "another body's message", each.answer.body);
        }
    }

    void hers_waits() {
        for (Sent& each : hers_) {
            each.send(stage_);
            each.answer = each.line->answer(200ms);
            report_.check(!each.answered(), "her word while nothing else is taken", each.answer.body);
        }
    }

    void check_accepted(const Sent& each, const std::string& what) {
        report_.check(each.answer.status == 201, what, std::to_string(each.answer.status) + each.answer.body);
        report_.check(receipt_verifies(stage_, each.answer.body), what, "its receipt does not hold");
    }

    void hers_comes_first() {
        for (auto* sent : {&hers_, &waiting_, &others_}) {
            for (Sent& each : *sent) each.answer = each.line->answer(kPatience);
        }
        for (const Sent& each : hers_) {
            check_accepted(each, "her word once the database goes on");
            // (The very first was being stored already.)
            for (auto other = waiting_.begin() + 1; other != waiting_.end(); ++other) {
                report_.check(each.index() < other->index(), "her word",
                              "one that waited longer was decided before it");
            }
        }
        for (const Sent& each : waiting_) check_accepted(each, "a message that waited");
        for (const Sent& each : others_) check_accepted(each, "another body's message");
        const RawAnswer state = stage_.call(stage_.department(), get("/v1/referrals/" + referral_.text()));
        report_.check(member(state.body, "state") == "WITHDRAWN", "her withdrawal", state.body);
        const RawAnswer after = stage_.call(
            stage_.department(), post_message(stage_.department().sign(stage_.referral(revoking_))));
        report_.check(member(after.body, "code") == "consent_revoked", "her revocation", after.body);
    }

    // The same bytes, as `retry` says; and once more, for whom the answer was lost.
    void the_refused_again() {
        report_.check(stage_.stored_under(ids(refused_)) == 0, "what was told busy", "its id is used up");
        for (Sent& each : refused_) {
            each.answer = stage_.call(*each.body, each.request);
            check_accepted(each, "what was told busy, sent again");
            const RawAnswer again = stage_.call(*each.body, each.request);
            report_.check(
                again.status == 200 && member(again.body, "receipt") == member(each.answer.body, "receipt"),
                "what was told busy, sent a third time", again.body);
        }
    }

    static std::vector<MessageId> ids(const std::vector<Sent>& of) {
        std::vector<MessageId> all;
        for (const Sent& each : of) all.push_back(each.id);
        return all;
    }

    void nothing_lost_or_doubled(const Stored& before) {
        std::set<std::uint64_t> leaves;
        std::size_t messages = 0;
        for (const auto* each : {&hers_, &waiting_, &refused_, &others_}) {
            for (const Sent& one : *each) leaves.insert(one.index());
            messages += each->size();
            report_.check(stage_.stored_under(ids(*each)) == each->size(), bound_.name,
                          "a message is lost or stands twice");
        }
        report_.check(leaves.size() == messages, bound_.name, "two messages share a leaf");
        const Stored left = stage_.stored() - before;
        const auto consents = static_cast<std::int64_t>(waiting_.size() + refused_.size() + others_.size());
        report_.check(left.at("consent") == consents, bound_.name, "it left" + text(left));
    }

    Stage& stage_;
    Report& report_;
    const Bound bound_;
    Woman withdrawing_, revoking_;
    ReferralId referral_ = tests::drawn<ReferralId>();
    std::vector<Sent> hers_;
    std::vector<Sent> waiting_;
    std::vector<Sent> refused_;
    std::vector<Sent> others_;  // of a body that holds nothing up
};

}  // namespace

void try_full_queue(Stage& stage, Report& report) {
    const Sender &department = stage.department(), &health = stage.health();
    Filled(stage, report, {"a body's share of calls", {&department}, stage.where().share, false}).run();
    Filled(stage, report, {"a full queue", {&department, &health}, 1 + stage.where().queue, true}).run();
}

}  // namespace kesher::attacks
