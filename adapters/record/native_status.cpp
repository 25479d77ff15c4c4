#include "adapters/record/native_status.h"

namespace kesher::record {

using contract::ReferralEvent;
using contract::ReferralState;

namespace {

constexpr contract::WordSet<ReferralState> kOwnStates{
    ReferralState::delivered, ReferralState::accepted, ReferralState::waitlisted,
    ReferralState::scheduled, ReferralState::on_hold,  ReferralState::in_progress,
    ReferralState::declined,  ReferralState::failed,   ReferralState::completed};

}  // namespace

std::optional<Meaning> meaning_of(std::string_view text) {
    const std::size_t blank = text.find(' ');
    const auto state = contract::kReferralStates.parse(text.substr(0, blank));
    if (!state || !kOwnStates.has(*state)) return std::nullopt;
    Meaning meaning{*state};
    const auto reasons = reasons_of(*state);
    const std::string_view beside =
        blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
    if (beside.empty()) return reasons.empty() ? std::optional(meaning) : std::nullopt;
    if (*state == ReferralState::completed) {
        meaning.outcome = contract::kOutcomes.parse(beside);
        return meaning.outcome ? std::optional(meaning) : std::nullopt;
    }
    meaning.reason = contract::kReasons.parse(beside);
    return meaning.reason && reasons.has(*meaning.reason) ? std::optional(meaning) : std::nullopt;
}

std::optional<std::vector<Change>> changes_to(const Standing& standing, const Status& status) {
    if (standing.frozen) return std::nullopt;
    auto events = steps_to(standing, status.meaning.state);
    if (!events) return std::nullopt;
    if (!events->empty() && events->back() == ReferralEvent::no_show) events->pop_back();
    if (events->empty() && (status.words || status.appointment)) return std::nullopt;
    std::vector<Change> changes;
    for (const ReferralEvent event : *events) {
        Change change;
        change.event.event = event;
        change.event.occurred_on = status.on;
        change.event.synthesized = true;
        changes.push_back(std::move(change));
    }
    if (changes.empty()) return changes;
    Change& last = changes.back();
    last.event.synthesized = false;
    last.event.reason = status.meaning.reason;
    last.event.outcome = status.meaning.outcome;
    last.said = status.words;
    last.appointment = status.appointment;
    return changes;
}

}  // namespace kesher::record
