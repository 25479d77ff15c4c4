#include "adapters/ctl/event_demands.h"

#include <algorithm>

#include "schemas/codec/records.h"

namespace kesher::ctl {
namespace {

using contract::Reason;
using contract::ReferralEvent;

// The record's own rule, so that no second table of reasons has to agree with it.
bool record_refuses(ReferralEvent event, std::optional<Reason> reason) {
    codec::ReferralEventPayload payload{.event = event, .reason = reason};
    if (event == ReferralEvent::complete) payload.outcome = contract::Outcome::provided;
    return codec::flaw(payload) == "reason";
}

// Said by the hub in its own notices, never by a body.
bool is_the_hubs(Reason reason) {
    return reason == Reason::consent_missing || reason == Reason::agreement_missing;
}

template <class Enum, std::size_t N>
std::string words_of(const contract::ClosedList<Enum, N>& list, const std::vector<Enum>& values) {
    std::string line;
    for (const Enum value : values) line.append(line.empty() ? "" : " ").append(list.text(value));
    return line;
}

// Prepared and sent by commands of their own, so that nobody looks for their options here.
std::optional<WrongOption> other_command(ReferralEvent event) {
    switch (event) {
        case ReferralEvent::draft:
            return WrongOption{"--event", "`kesherctl message draft` prepares a referral"};
        case ReferralEvent::ask_consent:
            return WrongOption{"--event", "`kesherctl message ask-consent` says that it waits for her word"};
        case ReferralEvent::submit:
            return WrongOption{"--event", "`kesherctl message send` sends a referral"};
        default:
            return std::nullopt;
    }
}

std::optional<WrongOption> wrong_reason(const EventLine& line) {
    const std::string event(contract::kReferralEvents.text(line.event));
    const auto reasons = reasons_of(line.event);
    if (!line.reason) {
        if (!demands_reason(line.event)) return std::nullopt;
        return WrongOption{
            "--reason", "is required with " + event + ", one of: " + words_of(contract::kReasons, reasons)};
    }
    if (std::ranges::find(reasons, *line.reason) != reasons.end()) return std::nullopt;
    return WrongOption{"--reason",
                       reasons.empty()
                           ? "goes with another event than " + event
                           : "with " + event + " is one of: " + words_of(contract::kReasons, reasons)};
}

}  // namespace

std::vector<Reason> reasons_of(ReferralEvent event) {
    std::vector<Reason> reasons;
    for (std::size_t i = 0; i < contract::kReasons.size(); ++i) {
        const auto reason = static_cast<Reason>(i);
        if (!record_refuses(event, reason) && !is_the_hubs(reason)) reasons.push_back(reason);
    }
    return reasons;
}

// The record leaves it open whether a hold says why; the hub does not (domain.md 3.1).
bool demands_reason(ReferralEvent event) {
    return event == ReferralEvent::hold || record_refuses(event, std::nullopt);
}

bool is_never_sealed(ReferralEvent event) {
    return event == ReferralEvent::withdraw || event == ReferralEvent::cancel ||
           event == ReferralEvent::mark_error;
}

bool is_her_word(ReferralEvent event) {
    return event == ReferralEvent::withdraw || event == ReferralEvent::schedule ||
           event == ReferralEvent::hold || event == ReferralEvent::resume;
}

std::optional<WrongOption> wrong_option(const EventLine& line) {
    if (auto other = other_command(line.event)) return other;
    if (auto wrong = wrong_reason(line)) return wrong;
    const bool completes = line.event == ReferralEvent::complete;
    if (completes && !line.outcome) {
        return WrongOption{"--outcome", "is required with complete, one of: " +
                                            words_of(contract::kOutcomes,
                                                     {contract::Outcome::provided, contract::Outcome::partly,
                                                      contract::Outcome::not_eligible_found,
                                                      contract::Outcome::self_resolved})};
    }
    if (!completes && line.outcome) return WrongOption{"--outcome", "goes with complete alone"};
    // A withdrawal is hers to say: no body withdraws for itself, it cancels or declines.
    if (line.event == ReferralEvent::withdraw && !line.subject_acts) {
        return WrongOption{"--subject-acts",
                           "is required with withdraw: it is her own word, and the referring side passes it "
                           "on. What it ends for a reason of its own is cancel"};
    }
    if (line.says_more && is_never_sealed(line.event)) {
        return WrongOption{"--need-file, --sealed-file", "this event is sent without a sealed part"};
    }
    return std::nullopt;
}

}  // namespace kesher::ctl
