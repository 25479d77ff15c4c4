#include "gateway/referral/release.h"

#include "gateway/referral/transitions.h"
#include "schemas/contract/limits.h"

namespace kesher::referral {
namespace {

using contract::Code;
using contract::Instant;
using contract::OrganisationStatus;
using E = contract::ReferralEvent;
using S = contract::ReferralState;

constexpr Release kPermit{ReleaseVerdict::permit};
constexpr Release kWait{ReleaseVerdict::wait};

// A waiting submission ends by the timer (`expire` 72 h after it was requested), not here.
Release release_submission(const Referral& referral, const ReleaseFacts& facts, Instant at) {
    if (referral.state != S::requested)
        return {.verdict = ReleaseVerdict::drop, .code = Code::event_not_allowed};
    if (facts.consent) {
        const E end = *facts.consent == Code::consent_revoked ? E::withdraw : E::expire;
        return {.verdict = ReleaseVerdict::drop, .code = facts.consent, .then = end, .tell_sender = true};
    }
    const bool both_active =
        facts.to_status == OrganisationStatus::active && facts.from_status == OrganisationStatus::active;
    if (referral.frozen || !both_active || !facts.agreement_active) return kWait;
    if (facts.not_before && at < *facts.not_before) {
        return {.verdict = ReleaseVerdict::wait, .not_before = facts.not_before};
    }
    return kPermit;
}

std::optional<Code> against_update(const ReleaseFacts& facts) {
    if (facts.to_status != OrganisationStatus::active) return Code::organisation_suspended;
    if (facts.from_status != OrganisationStatus::active) return Code::organisation_suspended;
    if (!facts.agreement_active) return Code::agreement_missing;
    if (facts.consent) return facts.consent;
    return facts.feedback ? std::nullopt : std::optional{Code::consent_groups};
}

// Nothing of a referral that she withdrew, or that was never hers, leaves any more: its parties are told of
// the end by what always passes, so no update is the end itself.
constexpr contract::WordSet<S> kNothingLeaves{S::withdrawn, S::erroneous};
// What the referring body called off goes no further either. What its recipient has to tell of it still does.
constexpr contract::WordSet<S> kNothingGoesOut = kNothingLeaves.with({S::cancelled});

Release release_update(const Referral& referral, const ReleaseFacts& facts) {
    const auto& over = facts.goes_out ? kNothingGoesOut : kNothingLeaves;
    if (over.has(referral.state)) return {.verdict = ReleaseVerdict::drop, .code = Code::event_not_allowed};
    if (const auto code = against_update(facts)) {
        return {.verdict = ReleaseVerdict::drop,
                .code = code,
                .notice_of_end = facts.update_ends,
                .updates_stopped = true};
    }
    if (referral.frozen) return kWait;
    Release permit = kPermit;
    if (referral.updates_stopped) permit.updates_stopped = false;
    return permit;
}

}  // namespace

Parcel parcel_of_event(E event, bool from_hub, bool has_sealed) {
    if (from_hub || (always_passes(event) && !has_sealed)) return Parcel::always;
    return Parcel::update;
}

Release decide_release(const Referral& referral, const ReleaseFacts& given, Instant at) {
    ReleaseFacts facts = given;
    if (is_rehearsal(referral.terms)) {
        facts.consent.reset();
        facts.feedback = true;
    }
    switch (facts.parcel) {
        case Parcel::submission:
            return release_submission(referral, facts, at);
        case Parcel::update:
            return release_update(referral, facts);
        case Parcel::always:
            return kPermit;
    }
    return kWait;
}

AckEffect effect_of_ack(contract::AckOutcome outcome, std::optional<Code> code) {
    switch (outcome) {
        case contract::AckOutcome::taken:
            return AckEffect::deliver;
        case contract::AckOutcome::held:
            return AckEffect::keep_leased;
        case contract::AckOutcome::refused:
            break;
    }
    if (code == Code::release_unproven) return AckEffect::release_again;
    if (code == Code::seal_unopenable) return AckEffect::await_reseal;
    return AckEffect::undeliverable;
}

bool is_said_again(AckEffect effect, contract::LeafIndex release, const LastAck& last) {
    switch (effect) {
        case AckEffect::keep_leased:
            return last.release >= release;
        case AckEffect::release_again:
            // What was held may turn out not to be openable after all.
            return last.release > release ||
                   (last.release == release && last.effect == AckEffect::release_again);
        case AckEffect::deliver:
        case AckEffect::await_reseal:
        case AckEffect::undeliverable:
            break;
    }
    return false;
}

std::optional<Instant> release_not_before(const SpreadFacts& facts, Instant at) {
    if (facts.priority != contract::Priority::routine || facts.spread.count() == 0) return std::nullopt;
    // At most 48 h of milliseconds times 2^32: below 2^60.
    return at + std::chrono::milliseconds{(facts.spread.count() * std::int64_t{facts.share}) >> 32};
}

}  // namespace kesher::referral
