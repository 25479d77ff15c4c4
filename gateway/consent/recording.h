// Decides whether a consent may be recorded, and what follows from its withdrawal.
//
// Recording is narrow (who, on which form, after which notice); withdrawing is wide: any body that
// knows the case may pass on her word, no reason is asked, and nothing here can refuse it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "gateway/consent/consent.h"

namespace kesher::consent {

struct Recorder {
    contract::OrganisationId organisation;
    contract::OrganisationKind kind;
};

// What `consent.given.v1` says, lists in wire order.
struct Recording {
    contract::ConsentId id;
    std::optional<Recorder> recorder;  // none: she herself, on her own page with her code
    contract::OrganisationId discloser;
    contract::OrganisationId recipient;
    std::vector<contract::Purpose> purposes;  // each list sorted by its words and unique
    std::vector<contract::DataGroup> groups;
    std::vector<contract::Service> services;
    contract::Direction direction;
    contract::Day valid_from;
    std::optional<contract::Day> valid_to;  // none: 90 days
    contract::ConsentState state;           // active, proposed or rejected: what she answered
    contract::ConsentForm form;
    std::optional<contract::Digest> form_digest;  // SHA-256 of the signed form; none for anonymous-click
    contract::LegalBasis basis;
    bool harm_veto = false;
};

// What the hub knows about it. The officer's role and training are judged before (actor_may).
struct RecordingFacts {
    // The body that opened the case; none where that body asks under another name that it has for her.
    std::optional<contract::OrganisationId> case_opener;
    bool discloser_known = false;  // an organisation of the exchange that can hold such data
    bool recipient_known = false;
    bool notice_published = false;             // this version, purpose and language are in the catalogue
    bool form_recorded_for_recipient = false;  // over all cases: a form is one person's
    bool confirmed_by_her_code = false;        // waives the rest after a withdrawal
    std::span<const Consent> consents;         // of the case
};

struct Recorded {
    Consent consent;  // `leaf` as given to decide_recording
    // Active until now, of the same two bodies, every purpose of theirs in the new one: superseded.
    std::vector<contract::ConsentId> superseded{};
    friend bool operator==(const Recorded&, const Recorded&) = default;
};

// Her word is taken by who hears it: the body that will disclose, or the one that opened her case. A body
// that only ever received a referral records nothing between two others, neither her yes nor her no, and
// learns nothing: `consent_recorder` is decided before anything that the case's history would answer.
//
//   consent_recorder     its own recipient; neither discloser nor opener of the case; or a kind of body
//                        that records none (118, NGO, tool, ...)
//   recipient_unknown    discloser or recipient is not of this exchange
//   payload_invalid      lists, dates, notice, purposes, form or state break a rule of 5.1
//   consent_form_reused  this form was recorded for this recipient
//   consent_revoked      she withdrew for this recipient less than 24 h ago and has not confirmed; to a
//                        recorder that did not open the case only what she withdrew of the same two bodies
[[nodiscard]] contract::Result<Recorded, contract::Code> decide_recording(const Recording& recording,
                                                                          const RecordingFacts& facts,
                                                                          contract::LeafIndex leaf,
                                                                          contract::Instant at);

// Of all consents of a case those that one name of a body has heard of: what replaced one of them and is not
// here has not replaced it.
[[nodiscard]] std::vector<Consent> as_heard(std::vector<Consent> consents);

// An open referral of the case (any state but a terminal one).
struct OpenReferral {
    contract::ReferralId id;
    std::optional<contract::ConsentId> consent;  // none: it stands on PPL23C-*
    contract::OrganisationId referrer;
    contract::OrganisationId recipient;
    contract::Purpose purpose;
    bool released = false;  // its submission left for the recipient
};

// Bytes under this consent reached this body, ever.
struct Handed {
    contract::OrganisationId organisation;
    contract::ConsentId consent;
    friend auto operator<=>(const Handed&, const Handed&) = default;
};

// Under which of her words news may have gone back between two leaves, the second of them its release: those
// that decided about STATUS_FEEDBACK at some time in between. At one leaf, the one that decided there.
[[nodiscard]] std::vector<contract::ConsentId> feedback_between(std::span<const Consent> consents,
                                                                const contract::OrganisationId& discloser,
                                                                const contract::OrganisationId& recipient,
                                                                contract::LeafIndex from,
                                                                contract::LeafIndex release);

struct RevocationFacts {
    bool caller_knows_case = false;  // holds a pseudonym of it, or is she herself
    // Its pseudonym is the one that the case was opened under, or that this consent was recorded or used
    // under; or it is she herself.
    bool caller_knows_consent = false;
    std::span<const Consent> consents;  // of the case
    std::span<const OpenReferral> open_referrals;
    std::span<const Handed> handed;  // under any consent of the case
};

// Everything that follows, as data; all of it happens in the one transaction of the revocation.
//
// Her word to a body may have been renewed; what she withdraws is her word, whichever of its records is
// named. One that was replaced takes what replaced it along, also where only the feedback was left out. An
// earlier one of the same pair falls when none of the purposes it carried stands any more; a purpose that
// another consent carries stays. A referral on PPL23C-* for the same pair and purpose, or for one that she
// never spoke of, falls while it waits here; what was handed over by statute stays.
struct Revocation {
    std::vector<Consent> revoked;  // as they stand now, the named one first
    bool already_revoked = false;  // then nothing below: the first revocation did it
    std::vector<Handed> notify{};  // sorted, unique: consent.revoked.v1 from the hub, which names
                                   // to each body the consent under which that body got bytes
    std::vector<contract::ReferralId> withdraw{};  // by HUB, in the order given
    friend bool operator==(const Revocation&, const Revocation&) = default;
};

// `not_found` only: an unknown consent, a caller who does not know the case, or one to whom a consent that
// is over would only tell whose it is (the same answer): two bodies with a name each for somebody would else
// pair them by naming each other's old consents, and nothing would be stopped by it.
// A withdrawal is taken for a consent that was not withdrawn yet, in any state, for no reason or any, from
// everybody who knows the case. What waits for a release under any of the revoked is dropped.
[[nodiscard]] contract::Result<Revocation, contract::Code> decide_revocation(contract::ConsentId id,
                                                                             const RevocationFacts& facts,
                                                                             contract::Instant at);

}  // namespace kesher::consent
