// Decides whether a person agreed: of her consents one decides, and what it does not grant is denied.
//
// Written consent after its meaning was explained, and not valid where the worker is convinced that
// disclosure may hurt her (Social Workers Law s. 8(a)(1)); default deny (Privacy Protection Law
// s. 23b). The rules are domain.md 5.1; every fact is an argument, so an auditor can replay them.
#pragma once

#include <optional>
#include <span>

#include "schemas/contract/bytes.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::consent {

using contract::WordSet;

// What of a consent is needed to decide. Exactly one discloser and one recipient, no wildcards.
// Its one level of exceptions (domain.md 5.1) is harm_veto and what the groups leave out: the record
// has no nested denials, so none are modelled.
struct Consent {
    contract::ConsentId id;
    contract::LeafIndex leaf;              // of its recording; the highest decides
    contract::OrganisationId recorded_by;  // `hub` where she recorded it herself on her page
    contract::OrganisationId discloser;
    contract::OrganisationId recipient;
    WordSet<contract::Purpose> purposes;
    WordSet<contract::DataGroup> groups;
    WordSet<contract::Service> services;
    contract::Direction direction;
    contract::Day valid_from;  // first day, UTC
    contract::Day valid_to;    // last day, inclusive
    contract::ConsentState state;
    contract::ConsentForm form;
    bool harm_veto = false;
    std::optional<contract::Digest> form_digest{};
    std::optional<contract::Instant> revoked_at{};
    friend bool operator==(const Consent&, const Consent&) = default;
};

// The instant from which it is over by its dates: the start of the day after its last.
[[nodiscard]] contract::Instant ends_at(const Consent& consent);

// Of the case's consents for the three, the one with the highest leaf index, whatever its state:
// an older one never revives. Null if she was never asked.
[[nodiscard]] const Consent* deciding_consent(std::span<const Consent> consents,
                                              const contract::OrganisationId& discloser,
                                              const contract::OrganisationId& recipient,
                                              contract::Purpose purpose);

// Who learns of the programme from the envelope alone: the catalogue's `reveals` flags.
struct Revealing {
    bool sender_reveals = false;
    bool service_reveals = false;
    bool recipient_in_programme = false;
};

// A disclosure from the referring body to the other party. `named` is the statement's claim; none
// at a release, where the deciding consent decides whatever was named (contract.md 3).
struct Question {
    std::optional<contract::ConsentId> named;
    contract::OrganisationId discloser;
    contract::OrganisationId recipient;
    contract::Purpose purpose;
    WordSet<contract::DataGroup> groups;
    contract::Service service;
    Revealing revealing;
};

// The consent that carries it, or:
//   consent_missing  none; another decides; proposed, rejected or superseded; vetoed because of harm
//   consent_revoked  withdrawn, from that leaf on
//   consent_lapsed   outside its dates
//   consent_groups   not these groups, this service or this direction; or the envelope would reveal
//                    the programme and PROGRAMME_FACT is not granted
[[nodiscard]] contract::Result<contract::ConsentId, contract::Code> evaluate(
    const Question& question, std::span<const Consent> consents, contract::Instant at);

// `consent_groups` where a basis without consent would reveal the programme to an outsider: only
// her word (PROGRAMME_FACT) opens that, no statute does.
[[nodiscard]] contract::Result<contract::Done, contract::Code> may_reveal_without_consent(
    const Revealing& revealing);

// An update from the recipient back to the referring body, under the referral's consent.
struct UpdateQuestion {
    std::optional<contract::ConsentId> named;
    contract::OrganisationId discloser;  // the referring body, to which the update goes back
    contract::OrganisationId recipient;  // the receiving body, which tells
    contract::Purpose purpose;           // of the referral
    WordSet<contract::DataGroup> groups;
    contract::Service service;
};

enum class Carriage {
    carried,      // STATUS_FEEDBACK with `back` or `both`: it may go to the referring body
    status_only,  // she did not agree to updates: the state is kept, nothing is carried
};

// First the consent of the referral itself: its end refuses the update (`consent_lapsed`, care goes
// on but is not reported). Then STATUS_FEEDBACK says whether it is carried. Groups that no consent
// lets back are refused `consent_groups`. The statement may name an older consent of the same two
// bodies: the receiving body is not told of a renewal, and the deciding one decides all the same.
[[nodiscard]] contract::Result<Carriage, contract::Code> evaluate_update(const UpdateQuestion& question,
                                                                         std::span<const Consent> consents,
                                                                         contract::Instant at);

}  // namespace kesher::consent
