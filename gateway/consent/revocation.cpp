// A withdrawal: what it stops, and whom it tells.
#include <algorithm>
#include <iterator>
#include <set>

#include "gateway/consent/recording.h"
#include "gateway/consent/statute.h"
#include "schemas/contract/limits.h"

namespace kesher::consent {
namespace {

using contract::Code;
using contract::ConsentId;
using contract::ConsentState;
using contract::Failure;
using contract::Purpose;

using Ids = std::set<ConsentId>;

// Under these bytes may have left; what she refused or was only asked for carried none.
constexpr WordSet<ConsentState> kCarried{ConsentState::active, ConsentState::superseded,
                                         ConsentState::expired};

// Word about a referral goes back only while the referral itself is consented to, so it is no purpose on
// its own: a renewal that leaves it out has replaced the rest all the same.
std::vector<Purpose> carried_by(const Consent& consent) {
    const auto own = consent.purposes.without({Purpose::status_feedback});
    return (own.empty() ? consent.purposes : own).words();
}

const Consent* decider(const Consent& of, Purpose purpose, std::span<const Consent> consents) {
    return deciding_consent(consents, of.discloser, of.recipient, purpose);
}

// Whether a later one says anew all that this one carried. It is not superseded by that, because it still
// decides whether she is heard of.
bool renewed_by(const Consent& named, const Consent& later) {
    return named.state == ConsentState::active && later.leaf > named.leaf &&
           std::ranges::all_of(carried_by(named),
                               [&](const Purpose purpose) { return later.purposes.has(purpose); });
}

// The paper in her hand may be an old one. What was replaced stands as what replaced it.
Ids with_replacements(const Consent& named, std::span<const Consent> consents) {
    Ids over{named.id};
    for (const Purpose purpose : carried_by(named)) {
        const Consent* now = decider(named, purpose, consents);
        if (now == nullptr || now->state != ConsentState::active) continue;
        if (named.state == ConsentState::superseded || renewed_by(named, *now)) over.insert(now->id);
    }
    return over;
}

// An earlier consent that has nothing left to stand on: some of what it carried was decided by one that
// is over, and the rest is in force nowhere.
bool falls(const Consent& earlier, const Ids& over, std::span<const Consent> consents, contract::Instant at) {
    if (!kCarried.has(earlier.state)) return false;
    bool touched = false;
    for (const Purpose purpose : carried_by(earlier)) {
        const Consent* now = decider(earlier, purpose, consents);  // at least itself
        if (over.contains(now->id)) {
            touched = true;
        } else if (now->state == ConsentState::active && at < ends_at(*now)) {
            return false;
        }
    }
    return touched;
}

Ids all_over(const Consent& named, std::span<const Consent> consents, contract::Instant at) {
    const Ids replaced = with_replacements(named, consents);
    Ids all = replaced;
    for (const Consent& earlier : consents) {
        if (falls(earlier, replaced, consents, at)) all.insert(earlier.id);
    }
    return all;
}

std::vector<Consent> revoked_of(const Consent& named, const Ids& over, std::span<const Consent> consents,
                                contract::Instant at) {
    std::vector<Consent> revoked{named};
    for (const Consent& consent : consents) {
        if (consent.id != named.id && over.contains(consent.id)) revoked.push_back(consent);
    }
    for (Consent& consent : revoked) {
        consent.state = ConsentState::revoked;
        consent.revoked_at = at;
    }
    return revoked;
}

// A referral falls with the consent it was submitted under, and with the one that decides it now.
bool stands_on(const OpenReferral& referral, const Ids& over, std::span<const Consent> consents) {
    if (referral.consent && over.contains(*referral.consent)) return true;
    // Handed over by statute it is the recipient's by law; while it waits here her no still reaches it.
    if (!referral.consent && referral.released) return false;
    const Consent* now = deciding_consent(consents, referral.referrer, referral.recipient, referral.purpose);
    if (now != nullptr && over.contains(now->id)) return true;
    // By statute for a purpose that she never spoke of: her no for any other purpose of the two is the
    // answer.
    if (referral.consent ||
        her_answer(consents, referral.referrer, referral.recipient, referral.purpose) != nullptr) {
        return false;
    }
    return std::ranges::any_of(consents, [&](const Consent& consent) {
        return over.contains(consent.id) && consent.discloser == referral.referrer &&
               consent.recipient == referral.recipient;
    });
}

// Who got nothing is not told: the notice alone would say that there is a case.
std::vector<Handed> to_be_told(const Ids& over, std::span<const Handed> handed) {
    const auto under = [&](const Handed& each) { return over.contains(each.consent); };
    std::set<Handed> told;
    std::ranges::copy_if(handed, std::inserter(told, told.end()), under);
    return {told.begin(), told.end()};
}

}  // namespace

std::vector<ConsentId> feedback_between(std::span<const Consent> consents,
                                        const contract::OrganisationId& discloser,
                                        const contract::OrganisationId& recipient, contract::LeafIndex from,
                                        contract::LeafIndex release) {
    const auto decided_before = [&](contract::LeafIndex leaf) {
        const Consent* decider = nullptr;
        for (const Consent& consent : consents) {
            const bool asked = consent.discloser == discloser && consent.recipient == recipient &&
                               consent.purposes.has(Purpose::status_feedback) && consent.leaf < leaf;
            if (asked && (decider == nullptr || consent.leaf > decider->leaf)) decider = &consent;
        }
        return decider;
    };
    std::vector<ConsentId> deciders;
    const Consent* decider = decided_before(release);
    while (decider != nullptr) {
        deciders.push_back(decider->id);
        if (decider->leaf < from) break;
        decider = decided_before(decider->leaf);
    }
    return deciders;
}

contract::Result<Revocation, Code> decide_revocation(ConsentId id, const RevocationFacts& facts,
                                                     contract::Instant at) {
    const auto found = std::ranges::find(facts.consents, id, &Consent::id);
    if (!facts.caller_knows_case || found == facts.consents.end()) return Failure{Code::not_found};
    if (found->state == ConsentState::revoked) {
        if (!facts.caller_knows_consent) return Failure{Code::not_found};
        return Revocation{.revoked = {*found}, .already_revoked = true};
    }

    const Ids over = all_over(*found, facts.consents, at);
    Revocation revocation{.revoked = revoked_of(*found, over, facts.consents, at),
                          .notify = to_be_told(over, facts.handed)};
    for (const OpenReferral& referral : facts.open_referrals) {
        if (stands_on(referral, over, facts.consents)) revocation.withdraw.push_back(referral.id);
    }
    return revocation;
}

}  // namespace kesher::consent
