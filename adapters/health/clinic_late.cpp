// What was sent, was not answered for, and has ended: it may be there, it may arrive late, or twice.
//
// A queue in front of a server (a proxy, an integration engine) commits what it took in when it can, also
// after our deadline, also after a 504, also after her withdrawal. So such an end looks for all that bears
// the referral's numbers and ends it, puts a tombstone in the place of what is not there (tombstone_write.h),
// and is looked after for a week: a server that had judged the conditions before, or judges none, creates its
// parts all the same.
#include <algorithm>
#include <array>

#include "adapters/health/clinic_seen.h"
#include "adapters/health/fhir_codes.h"
#include "adapters/health/tombstone_write.h"

namespace kesher::health {
namespace {

using contract::Failure;
using contract::ReferralEvent;
using contract::ReferralState;
using telemetry::Level;
using Kind = ServerFault::Kind;

// Longer than a long weekend with its holidays, over which a queue may stand with nobody there to see it.
constexpr auto kLateFor = std::chrono::days{7};

// R4, conditional create: several bear the number already, and so no other comes under that condition, of
// this transaction or of a late one.
constexpr int kSeveralMatch = 412;

ReferralEvent event_of(ReferralState end) {
    switch (end) {
        case ReferralState::cancelled:
            return ReferralEvent::cancel;
        case ReferralState::expired:
            return ReferralEvent::expire;
        case ReferralState::erroneous:
            return ReferralEvent::mark_error;
        default:
            return ReferralEvent::withdraw;
    }
}

}  // namespace

// One sort of its parts: by which number, and which word ends it.
struct Clinic::Sort {
    std::string_view type;
    std::string uuid;
    std::string_view word;
};

FhirAnswered<std::size_t> Clinic::end_each(const Sort& sort, const Ending& ending, std::size_t& changed) {
    const std::string urn = "urn:uuid:" + sort.uuid;
    const auto answer = server_.search(sort.type, query_of("identifier", systems::kUuid, urn));
    if (!answer) return Failure{answer.error()};
    std::size_t there = 0;
    for (const Found& each : answer->page.found) {
        if (std::find(each.uuids.begin(), each.uuids.end(), urn) == each.uuids.end()) continue;
        const auto over = over_.find(each.location);
        if (!each.version.empty() && over != over_.end() && over->second == each.version) {
            ++there;
            continue;
        }
        bool open = false;
        const auto left = amend(each.location, sort.uuid, [&](const json::Value& resource) {
            const std::string_view status = status_of(resource);
            open = status != sort.word && (sort.word == "entered-in-error" || !has_ended(sort.type, status));
            if (!open) return std::string();
            Patch patch(resource);
            patch.status(sort.word);
            if (sort.type == "Task") patch.told(ending.event);
            return patch.take();
        });
        if (!left && left.error().kind == Kind::gone) continue;
        if (!left) return Failure{left.error()};
        ++there;
        if (open) ++changed;
        if (!open) over_.insert_or_assign(each.location, each.version);
    }
    if (there == 0 && answer->page.more) return Failure{answered_something_else(*answer)};
    return there;
}

FhirAnswered<bool> Clinic::end_what_is_there(const Given& given, const Ending& ending, std::size_t& changed) {
    std::vector<Sort> sorts{{"ServiceRequest", given.id.text(), ending.words.service_request},
                            {"Task", given.id.text(), ending.words.task}};
    if (ending.of_consent && given.consent) sorts.push_back({"Consent", given.consent->text(), "inactive"});
    bool whole = true;
    for (const Sort& sort : sorts) {
        const auto there = end_each(sort, ending, changed);
        if (!there) return Failure{there.error()};
        whole = whole && *there > 0;
    }
    return whole;
}

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

// What is not there is buried, and what arrived just before that is ended as what was there.
bool Clinic::end_for_good(const Given& given, const Ending& ending, const contract::Pseudonym& named) {
    std::size_t changed = 0;
    auto whole = end_what_is_there(given, ending, changed);
    if (whole && *whole) return true;
    if (whole) {
        const auto fault = bury(given, ending, named);
        whole = fault ? FhirAnswered<bool>(Failure{*fault}) : end_what_is_there(given, ending, changed);
    }
    if (whole) return true;
    (void)answer_to_end(whole.error());
    return false;
}

Clinic::Looked Clinic::look_for_late(const Given& given, contract::Instant now) {
    const auto since = ledger_.watched(given.id);
    if (!since) ledger_.watch(given.id, contract::day_of(now));
    // A day has no hours: that of the end does not count.
    if (since && now >= contract::start_of(*since) + kLateFor + std::chrono::days{1}) {
        ledger_.know(given.id);
        return Looked::done;
    }
    const ReferralState end = ledger_.stood(given.id).standing.state;
    const codec::ReferralEventPayload event{.event = event_of(end), .occurred_on = contract::day_of(now)};
    const bool of_consent = given.consent && means_.journal.is_revoked(*given.consent);
    const Ending ending{event, status_words(event.event, end).value(), of_consent};
    std::size_t changed = 0;
    const auto seen = end_what_is_there(given, ending, changed);
    if (changed > 0) means_.log.write(Level::warning, "late_referral_ended", {{"resources", changed}});
    if (seen) return Looked::done;
    say(seen.error());
    return is_of_all(seen.error()) ? Looked::away : Looked::later;
}

}  // namespace kesher::health
