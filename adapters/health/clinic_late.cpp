// What was sent, was not answered for, and has ended: it may be there, it may arrive late, or twice.
//
// A queue in front of a server (a proxy, an integration engine) commits what it took in when it can, also
// after our deadline, also after a 504, also after her withdrawal. So such an end looks for all that bears
// the referral's numbers and ends it, puts a tombstone in the place of what is not there (tombstone_write.h),
// and is looked after for a week: a server that had judged the conditions before, or judges none, creates its
// parts all the same.
#include "adapters/health/clinic_seen.h"
#include "adapters/health/tombstone_write.h"

namespace kesher::health {
namespace {

using contract::ReferralEvent;
using contract::ReferralState;
using telemetry::Level;
using Kind = ServerFault::Kind;

// Longer than a long weekend with its holidays, over which a queue may stand with nobody there to see it.
constexpr auto kLateFor = std::chrono::days{7};

// R4, conditional create: several bear the number already, and so no other comes under that condition, of
// this transaction or of a late one.
constexpr int kSeveralMatch = 412;

}  // namespace

std::optional<ServerFault> Clinic::bury(const Given& given, const Ending& ending,
                                        const contract::Pseudonym& named) {
    const auto row = means_.journal.referral(given.id);
    Tombstone tombstone{
        .names = {given.id, given.from, settings_.organisation,
                  row && row->pseudonym ? *row->pseudonym : named, std::nullopt, ledger_.attempted(given.id)},
        .words = ending.words,
        .on = ending.event.occurred_on};
    if (ending.of_consent) tombstone.names.consent = given.consent;
    const auto body = server_.transaction(tombstone_bundle(tombstone));
    if (!body) {
        if (body.error().status == kSeveralMatch) return std::nullopt;
        return body.error();
    }
    const auto answers = read_transaction_answer(*body, parts_of(tombstone));
    if (!answers || !all_taken(*answers)) return ServerFault{Kind::malformed, 200, 0, {}};
    Placed placed = placed_by(*answers);
    const auto before = ledger_.placed(given.id);
    if (placed.consent.empty() && before) placed.consent = before->consent;
    if (!placed.task.empty()) ledger_.place(given.id, placed);
    return std::nullopt;
}

// What is not there and may still arrive is buried, and what arrived just before that is ended as what was
// there.
Clinic::Ended Clinic::end_for_good(const Given& given, const Ending& ending,
                                   const contract::Pseudonym& named) {
    const bool may_arrive = ledger_.may_arrive(given.id);
    Ended ended = end_what_is_there(given, ending, may_arrive);
    if (ended.fault || ended.whole || !may_arrive) return ended;
    if (const auto fault = bury(given, ending, named)) {
        ended.keep(*fault);
        return ended;
    }
    return end_what_is_there(given, ending, may_arrive);
}

// It is known only once a last look, after its time, found nothing of it open.
Clinic::Looked Clinic::look_for_late(const Given& given, contract::Instant now) {
    const auto since = ledger_.watched(given.id);
    if (!since) ledger_.watch(given.id, contract::day_of(now));
    // A day has no hours: that of the end does not count.
    const bool over = since && now >= contract::start_of(*since) + kLateFor + std::chrono::days{1};
    const ReferralState end = ledger_.stood(given.id).state;
    const codec::ReferralEventPayload event{.event = record::event_of_end(end),
                                            .occurred_on = contract::day_of(now)};
    const bool of_consent = given.consent && means_.journal.is_revoked(*given.consent);
    const Ending ending{event, status_words(event.event, end).value(), of_consent};
    const Ended ended = end_what_is_there(given, ending, true);
    if (ended.changed > 0)
        means_.log.write(Level::warning, "late_referral_ended", {{"resources", ended.changed}});
    if (ended.fault) {
        say(*ended.fault);
        return is_of_all(*ended.fault) ? Looked::away : Looked::later;
    }
    if (over && ended.changed == 0) ledger_.know(given.id);
    return Looked::done;
}

}  // namespace kesher::health
