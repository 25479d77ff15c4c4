// A referral as it stands, and who may move it: the facts that the rules of this room share.
#pragma once

#include <cstdint>
#include <optional>

#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::referral {

using contract::WordSet;

// Who acts on a referral (domain.md 3).
enum class By {
    ref,  // the referring organisation's worker
    rec,  // the receiving organisation, through its adapter
    sub,  // the woman: by her code, or at her word through the referring side (`subject_acts`)
    hub,  // timer, transport, or the effect of a revocation
    po,   // privacy officer, in the hub
};

// What is asked, on which basis: fixed by the submission.
struct Terms {
    contract::Service service;
    contract::Purpose purpose;
    contract::LegalBasis basis;
    WordSet<contract::DataGroup> groups;
    std::optional<contract::ConsentId> consent;  // none only where the basis needs none
    contract::KnownBy known_by = contract::KnownBy::presents;
    contract::Priority priority = contract::Priority::routine;
    friend bool operator==(const Terms&, const Terms&) = default;
};

// A rehearsal goes to `echo` alone (decide_submit sees to that) and is about nobody: what is said of
// her consent does not count for it, at submission, event, expiry or release.
[[nodiscard]] constexpr bool is_rehearsal(const Terms& terms) {
    return terms.purpose == contract::Purpose::rehearsal;
}

struct Referral {
    contract::ReferralId id;
    contract::OrganisationId referrer;   // `from` of the submission
    contract::OrganisationId recipient;  // `to` of the submission
    Terms terms;
    contract::ReferralState state;                       // without the freeze: see shown_state
    contract::Instant since;                             // when it came into that state, or was unfrozen
    std::uint32_t version = 0;                           // number of applied events
    std::optional<contract::ReferralState> held_from{};  // in ON_HOLD: the state `resume` returns to
    bool frozen = false;                                 // by the privacy officer, over whatever state
    bool released = false;                               // its bytes have gone to the recipient at least once
    bool accepted_once = false;    // care began: the end of the consent no longer expires it
    bool updates_stopped = false;  // an update was not carried; the last state says so
    bool awaiting_reseal = false;  // the recipient could not open the seal: the sender sends anew
    bool error_confirmed = false;  // in ERRONEOUS: the privacy officer has confirmed it
    std::optional<contract::Day> referrer_last{};  // occurred_on of the side's last applied event
    std::optional<contract::Day> recipient_last{};
    friend bool operator==(const Referral&, const Referral&) = default;
};

// What everybody sees: a frozen referral is ON_HOLD until it is unfrozen or ends.
[[nodiscard]] contract::ReferralState shown_state(const Referral& referral);

// As whom an organisation acts; none if it is no party, or if the receiving side claims to act for
// her, which it never may (it declines with `subject-declined` instead).
[[nodiscard]] std::optional<By> party(const Referral& referral, const contract::OrganisationId& caller,
                                      bool subject_acts);

}  // namespace kesher::referral
