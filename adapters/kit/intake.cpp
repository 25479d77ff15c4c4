#include "adapters/kit/intake.h"

#include <algorithm>

#include "schemas/contract/limits.h"
#include "schemas/statement/hash.h"

namespace kesher::kit {
namespace {

using contract::AckOutcome;
using contract::Code;
using contract::MessageType;
using contract::ReferralEvent;
using contract::ReferralState;

// How long after a native system took nothing it is offered something again: each time a release and two
// acknowledgements, three leaves.
constexpr std::chrono::milliseconds kFirstPause{2'000};
constexpr std::chrono::milliseconds kLastPause{10 * 60 * 1'000};

// What the hub says of its own holds nothing of hers: that she withdrew, that a referral ended.
bool is_about_her(const statement::Statement& said) { return said.from != contract::OrganisationId::hub(); }

// A referral belongs to the pair that first used its id, and began on one side of it. Whoever signs under the
// id of another's referral is not heard: what we answer to it would go to a body that she was never sent to.
std::optional<Code> flaw_of_referral(const Journal& journal, const statement::Statement& said) {
    if (!is_about_her(said) || !said.referral) return std::nullopt;
    const auto known = journal.referral(*said.referral);
    if (!known) return std::nullopt;
    const bool submits = said.type == MessageType::referral_submitted;
    if (submits && (known->other != said.from || known->sent_by_us)) return Code::id_reused;
    if (said.type == MessageType::referral_event && known->other != said.from) return Code::event_not_allowed;
    return std::nullopt;
}

// One consent has one discloser and one recipient: nobody else's word changes what is known of it.
bool is_of_same_pair(const KnownConsent& known, const KnownConsent& told) {
    return known.discloser == told.discloser && known.recipient == told.recipient;
}

bool is_about_keys(Code code) { return code == Code::certificate_unknown || code == Code::key_unpinned; }

// Where an event leads, as far as it alone says; `resume` and `unfreeze` return to what only the hub knows.
std::optional<ReferralState> state_after(ReferralEvent event) {
    switch (event) {
        case ReferralEvent::submit:
            return ReferralState::requested;
        case ReferralEvent::deliver:
            return ReferralState::delivered;
        case ReferralEvent::accept:
        case ReferralEvent::no_show:
            return ReferralState::accepted;
        case ReferralEvent::waitlist:
            return ReferralState::waitlisted;
        case ReferralEvent::decline:
        case ReferralEvent::redirect:
            return ReferralState::declined;
        case ReferralEvent::schedule:
            return ReferralState::scheduled;
        case ReferralEvent::start:
            return ReferralState::in_progress;
        case ReferralEvent::hold:
        case ReferralEvent::freeze:
            return ReferralState::on_hold;
        case ReferralEvent::complete:
            return ReferralState::completed;
        case ReferralEvent::fail:
        case ReferralEvent::undeliverable:
            return ReferralState::failed;
        case ReferralEvent::withdraw:
            return ReferralState::withdrawn;
        case ReferralEvent::cancel:
            return ReferralState::cancelled;
        case ReferralEvent::expire:
            return ReferralState::expired;
        case ReferralEvent::mark_error:
            return ReferralState::erroneous;
        case ReferralEvent::draft:
        case ReferralEvent::ask_consent:
        case ReferralEvent::resume:
        case ReferralEvent::unfreeze:
            return std::nullopt;
    }
    return std::nullopt;
}

statement::Ack ack(const contract::DeliveryId& id, contract::LeafIndex index, AckOutcome outcome) {
    return {id, index, outcome, {}, {}, {}};
}

IncomingRow row_of(const ProvenDelivery& proven) {
    const statement::Statement& said = proven.statement();
    IncomingRow row{proven.delivery(), said.id, said.from, said.type};
    row.referral = said.referral;
    row.consent = said.consent;
    row.statement = statement::sha256(proven.delivery().statement);
    row.index = proven.index();
    return row;
}

// What a message teaches about consent and referral; nothing of its sealed part.
void learn(Journal& journal, const ProvenDelivery& proven) {
    const statement::Statement& said = proven.statement();
    if (auto told = known_from(said)) {
        const auto known = journal.consent(told->id);
        const bool may_learn = !known || (!known->valid_from && is_of_same_pair(*known, *told));
        if (known && may_learn) {  // told of it before: what was named then stays named
            told->purposes = told->purposes.with(known->purposes);
            told->groups = told->groups.with(known->groups);
        }
        if (may_learn) journal.put_consent(*told);
    }
    if (said.type != MessageType::referral_submitted || !said.referral) return;
    journal.put_referral({*said.referral, said.from, false, said.service, ReferralState::requested,
                          proven.delivery().version, proven.delivery().pseudonym});
}

// The clear part of an event moves what we know of the referral.
void learn_event(Journal& journal, const ProvenDelivery& proven, const codec::Payload& payload) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&payload);
    if (event == nullptr || !proven.statement().referral) return;
    auto row = journal.referral(*proven.statement().referral);
    if (!row || proven.delivery().version < row->version) return;
    row->version = proven.delivery().version;
    row->state = state_after(event->event).value_or(row->state);
    journal.put_referral(*row);
}

}  // namespace

void Intake::take(std::vector<codec::Delivery> batch, const DeliveryGate& gate, const Clock& clock,
                  const std::function<void()>& renew) {
    std::vector<ProvenDelivery> proven;
    bool renewed = false;
    for (codec::Delivery& delivery : batch) {
        const contract::DeliveryId id = delivery.delivery;
        auto judged = gate.prove(delivery, clock());
        if (!judged && !renewed && is_about_keys(judged.error().code)) {
            renewed = true;
            renew();
            judged = gate.prove(delivery, clock());
        }
        if (!judged) {
            refuse_unjournaled(id, judged.error());
        } else if (means_.watch.observe(judged->checkpoint())) {
            proven.push_back(*std::move(judged));
        } else {
            // Neither opened nor answered: the hub releases it again when its lease is over.
            means_.log.write(telemetry::Level::error, "delivery_of_unproven_history");
        }
    }
    proven = withdrawals_first(std::move(proven));
    for (const ProvenDelivery& each : proven) {
        if (is_revocation(each) && each.statement().consent) {
            means_.journal.apply_revocation(*each.statement().consent);
        }
    }
    for (const ProvenDelivery& each : proven) take_proven(each, gate, clock);
}

void Intake::refuse_unjournaled(const contract::DeliveryId& id, const GateRefusal& refusal) {
    ++count_.declined;
    means_.log.write(telemetry::Level::warning, "delivery_refused", {{"code", refusal.code}});
    if (!refusal.index) return;  // its release cannot even be named: the lease runs out, the hub tries again
    statement::Ack refused = ack(id, *refusal.index, AckOutcome::refused);
    refused.code = refusal.code;
    means_.journal.put_ack(refused);
}

void Intake::take_proven(const ProvenDelivery& proven, const DeliveryGate& gate, const Clock& clock) {
    Journal& journal = means_.journal;
    const codec::Delivery& delivery = proven.delivery();
    if (const auto seen = journal.incoming(delivery.delivery)) {
        if (seen->statement != statement::sha256(delivery.statement)) {
            return refuse_unjournaled(delivery.delivery, {Code::release_unproven, proven.index()});
        }
        journal.renew_release(delivery, proven.index());
        if (seen->state == IncomingState::taken || seen->state == IncomingState::refused) {
            return answer_again(*seen, delivery.delivery, proven.index());
        }
        return hand_on(proven, seen->state, gate, clock);
    }
    if (const auto same = journal.incoming_message(proven.statement().from, proven.statement().id)) {
        if (same->statement != statement::sha256(delivery.statement)) {
            return refuse_unjournaled(delivery.delivery, {Code::id_reused, proven.index()});
        }
        return answer_again(*same, delivery.delivery, proven.index());
    }
    if (const auto flaw = flaw_of_referral(journal, proven.statement())) {
        return refuse_unjournaled(delivery.delivery, {*flaw, proven.index()});
    }
    receive(proven);
    if (is_over(proven.statement())) return refused(proven, Code::consent_revoked);
    hand_on(proven, IncomingState::received, gate, clock);
}

// A submission under a consent that she has withdrawn.
bool Intake::is_over(const statement::Statement& said) const {
    return said.consent && said.type == MessageType::referral_submitted &&
           means_.journal.is_revoked(*said.consent);
}

// Where nobody can say now, it counts as not taken: what this is asked for ends it either way.
std::optional<Taken> Intake::surely_taken(const IncomingRow& row) const {
    if (row.state != IncomingState::handing) return std::nullopt;
    const TakenBefore before = means_.native.already_taken(row.from, row.message);
    const auto* already = std::get_if<Taken>(&before);
    return already == nullptr ? std::nullopt : std::optional(*already);
}

void Intake::answer_again(const IncomingRow& row, const contract::DeliveryId& id, contract::LeafIndex index) {
    statement::Ack again = ack(id, index, AckOutcome::held);
    if (row.state == IncomingState::taken) {
        again.outcome = AckOutcome::taken;
        again.native = row.native;
        if (row.surplus > 0) again.surplus = row.surplus;
    } else if (row.state == IncomingState::refused) {
        again.outcome = AckOutcome::refused;
        again.code = row.code;
    }
    means_.journal.put_ack(again);
}

void Intake::receive(const ProvenDelivery& proven) {
    Journal::Step step(means_.journal);
    means_.journal.receive(row_of(proven));
    learn(means_.journal, proven);
    step.commit();
}

void Intake::hand_on(const ProvenDelivery& proven, IncomingState state, const DeliveryGate& gate,
                     const Clock& clock) {
    const statement::Statement& said = proven.statement();
    if (state == IncomingState::handing) {
        const TakenBefore before = means_.native.already_taken(said.from, said.id);
        // How much was surplus died with that run; the groups dropped were dropped all the same.
        if (const auto* already = std::get_if<Taken>(&before)) return taken(proven, *already, 0);
        if (std::holds_alternative<Held>(before)) {
            native_was(Native::away, clock());
            return held(proven, false);  // stays as it is: asked again before anything else is done with it
        }
        if (is_over(said)) return refused(proven, Code::consent_revoked);
    }
    // Those before it may have taken long.
    if (is_about_her(said) && clock() > proven.delivery().not_after) {
        return ask_anew(proven.delivery().delivery, proven.index());
    }
    const auto opened = gate.open(proven);
    if (!opened) return refused(proven, opened.error());
    learn_event(means_.journal, proven, opened->payload);
    end_unfinished(said, opened->payload);
    means_.journal.mark_handing(proven.delivery().delivery);
    const NativeAnswer answer = means_.native.deliver(proven, *opened);
    const bool unsure = std::holds_alternative<Unsure>(answer);
    const bool not_now = unsure || std::holds_alternative<Held>(answer);
    native_was(not_now ? Native::away : Native::there, clock());
    if (const auto* by = std::get_if<Taken>(&answer)) return taken(proven, *by, opened->surplus.size());
    if (const auto* declined = std::get_if<Declined>(&answer)) return refused(proven, declined->code);
    held(proven, !unsure);
}

// What ends a referral overtakes its submission where that is held here, and ends it with it: the native
// system may have been away when she withdrew, and is not to be given it when it is back.
void Intake::end_unfinished(const statement::Statement& said, const codec::Payload& payload) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&payload);
    const auto then = event != nullptr ? state_after(event->event) : std::nullopt;
    if (!said.referral || !then || !contract::is_terminal(*then)) return;
    const auto row = means_.journal.unfinished_submission(*said.referral);
    if (!row || (said.from != row->from && said.from != contract::OrganisationId::hub())) return;
    if (const auto already = surely_taken(*row)) return settle_taken(*row, *already);
    settle_refused(*row, Code::event_not_allowed);
}

void Intake::settle_taken(const IncomingRow& row, const Taken& by) {
    statement::Ack said = ack(row.delivery.delivery, row.index, AckOutcome::taken);
    said.native = by.native;
    Journal::Step step(means_.journal);
    means_.journal.mark_taken(said.delivery, by.native, 0);
    means_.journal.put_ack(said);
    step.commit();
    settled(said.delivery);
    ++count_.taken;
}

void Intake::settle_refused(const IncomingRow& row, Code code) {
    statement::Ack said = ack(row.delivery.delivery, row.index, AckOutcome::refused);
    said.code = code;
    Journal::Step step(means_.journal);
    means_.journal.mark_refused(said.delivery, code);
    means_.journal.put_ack(said);
    step.commit();
    settled(said.delivery);
    ++count_.declined;
}

void Intake::taken(const ProvenDelivery& proven, const Taken& by, std::size_t surplus) {
    statement::Ack said = ack(proven.delivery().delivery, proven.index(), AckOutcome::taken);
    said.native = by.native;
    if (surplus > 0) said.surplus = static_cast<std::int64_t>(surplus);
    Journal::Step step(means_.journal);
    means_.journal.mark_taken(said.delivery, by.native, static_cast<std::int64_t>(surplus));
    means_.journal.put_ack(said);
    step.commit();
    settled(said.delivery);
    ++count_.taken;
    count_.surplus += surplus;
}

void Intake::settled(const contract::DeliveryId& delivery) {
    asked_.erase(delivery);
    said_held_.erase(delivery);
}

void Intake::held(const ProvenDelivery& proven, bool surely_not_there) {
    const contract::DeliveryId& delivery = proven.delivery().delivery;
    const auto said = said_held_.find(delivery);
    const bool say_so = said == said_held_.end() || said->second != proven.index();
    Journal::Step step(means_.journal);
    if (surely_not_there) means_.journal.mark_held(delivery);
    if (say_so) means_.journal.put_ack(ack(delivery, proven.index(), AckOutcome::held));
    step.commit();
    said_held_.insert_or_assign(delivery, proven.index());
    ++count_.held;
}

void Intake::refused(const ProvenDelivery& proven, Code code) {
    statement::Ack said = ack(proven.delivery().delivery, proven.index(), AckOutcome::refused);
    said.code = code;
    Journal::Step step(means_.journal);
    means_.journal.mark_refused(said.delivery, code);
    means_.journal.put_ack(said);
    step.commit();
    settled(said.delivery);
    ++count_.declined;
    means_.log.write(telemetry::Level::warning, "delivery_refused", {{"code", code}});
}

void Intake::finish(const std::vector<contract::DeliveryId>& left, const DeliveryGate& gate,
                    const Clock& clock) {
    // As it stood before what is asked about here: one of them that can never be taken, and is looked at with
    // every turn, puts off no other.
    const Asking asking = !away_ ? Asking::all : clock() >= ask_after_ ? Asking::one : Asking::none;
    std::vector<std::pair<contract::DeliveryId, contract::LeafIndex>> waiting;
    for (const contract::DeliveryId& id : left) {
        const auto row = means_.journal.incoming(id);
        if (!row || row->state == IncomingState::taken || row->state == IncomingState::refused) continue;
        if (row->from == contract::OrganisationId::hub()) {
            give_word_of_hub(*row, gate, clock);
        } else if (!ended_meanwhile(*row, clock())) {
            waiting.emplace_back(id, row->index);
        }
    }
    ask_for(waiting, asking, clock());
}

// Nothing of her stands in it, and what it stops is to be stopped: it needs no release anew.
void Intake::give_word_of_hub(const IncomingRow& row, const DeliveryGate& gate, const Clock& clock) {
    const auto proven = gate.prove_held(row.delivery, clock());
    if (proven) return hand_on(*proven, row.state, gate, clock);
    forget(row);
}

void Intake::forget(const IncomingRow& row) {
    Journal::Step step(means_.journal);
    means_.journal.drop(row.delivery.delivery);
    refuse_unjournaled(row.delivery.delivery, {Code::release_unproven, row.index});
    step.commit();
    settled(row.delivery.delivery);
}

// Where nothing is to be asked for it any more, or nobody can say.
bool Intake::ended_meanwhile(const IncomingRow& row, contract::Instant now) {
    const bool over =
        row.consent && row.type == MessageType::referral_submitted && means_.journal.is_revoked(*row.consent);
    // As long as the hub lets us hold it. What it releases then is as new.
    const bool forgotten = now > row.delivery.not_after + contract::limits::kHeldLease;
    if (row.state == IncomingState::handing) {
        const TakenBefore before = means_.native.already_taken(row.from, row.message);
        if (const auto* already = std::get_if<Taken>(&before)) {
            settle_taken(row, *already);
            return true;
        }
        if (std::holds_alternative<Held>(before) && !forgotten) {
            native_was(Native::away, now);
            ++count_.held;
            return true;
        }
    }
    if (over) {
        settle_refused(row, Code::consent_revoked);
        return true;
    }
    if (forgotten) {
        forget(row);
        return true;
    }
    return false;
}

// Gives the release back, once: the hub decides again whether this may be had now.
void Intake::ask_anew(const contract::DeliveryId& delivery, contract::LeafIndex index) {
    asked_.insert_or_assign(delivery, index);
    statement::Ack late = ack(delivery, index, AckOutcome::refused);
    late.code = Code::release_unproven;
    means_.journal.put_ack(late);
}

void Intake::ask_for(std::vector<std::pair<contract::DeliveryId, contract::LeafIndex>> waiting, Asking asking,
                     contract::Instant now) {
    const auto last = std::find_if(waiting.begin(), waiting.end(),
                                   [&](const auto& each) { return each.first == last_asked_; });
    if (last != waiting.end()) std::rotate(waiting.begin(), last + 1, waiting.end());
    std::vector<std::pair<contract::DeliveryId, contract::LeafIndex>> unasked;
    for (const auto& each : waiting) {
        const auto asked = asked_.find(each.first);
        if (asked == asked_.end() || asked->second != each.second) unasked.push_back(each);
    }
    some_wait_ = !unasked.empty();
    if (unasked.empty() || asking == Asking::none) return;
    if (asking == Asking::all) {
        for (const auto& [delivery, index] : unasked) ask_anew(delivery, index);
        some_wait_ = false;
        return;
    }
    const auto& [delivery, index] = unasked.front();
    last_asked_ = delivery;
    ask_anew(delivery, index);
    ask_after_ = now + std::max(pause_, kFirstPause);
}

std::optional<contract::Instant> Intake::next_ask() const {
    return some_wait_ && away_ ? std::optional(ask_after_) : std::nullopt;
}

void Intake::native_was(Native how, contract::Instant now) {
    if (how == Native::there) {
        away_ = false;
        pause_ = std::chrono::milliseconds{0};
        return;
    }
    if (away_ && now < ask_after_) return;
    away_ = true;
    pause_ = std::clamp<std::chrono::milliseconds>(pause_ * 2, kFirstPause, kLastPause);
    ask_after_ = now + pause_;
}

}  // namespace kesher::kit
