// Decides whether two organisations may exchange at all: the exchange agreement and its life.
//
// Privacy Protection Regulations 1986: no regular transfer before a written procedure (reg. 5),
// approved by the legal adviser and the security officer of both bodies (reg. 7(d)). So an agreement
// is proposed by one body, opens with the fourth approval, and either body alone can end it. The
// acts are signed at each body's own premises; here they arrive verified (contract.md 2).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "schemas/contract/bytes.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::agreement {

using contract::WordSet;

// What the two bodies agree on. Never changed after the proposal: other terms are another agreement.
struct Terms {
    std::array<contract::OrganisationId, 2> pair;  // lower id first
    std::array<contract::Digest, 2> roots;         // SHA-256 of each root's SPKI, in the order of `pair`
    WordSet<contract::MessageType> types;
    WordSet<contract::Purpose> purposes;
    WordSet<contract::DataGroup> groups;
    contract::Day from;               // first day, UTC
    std::optional<contract::Day> to;  // last day, inclusive; none = until ended
    friend bool operator==(const Terms&, const Terms&) = default;
};

struct Approval {
    contract::OrganisationId organisation;
    contract::OfficerRole role;  // LEGAL_ADVISER or SECURITY_OFFICER
    contract::OfficerId approver;
    friend bool operator==(const Approval&, const Approval&) = default;
};

enum class State { proposed, active, ended };
inline constexpr contract::ClosedList<State, 3> kStates{{"proposed", "active", "ended"}};

// The fact as it stands in the log.
struct Agreement {
    contract::AgreementId id;
    Terms terms;
    contract::Digest proposal;  // SHA-256 of the proposal: what each approval signs
    State state = State::proposed;
    std::vector<Approval> approvals{};            // in the order given, at most four
    std::optional<contract::Instant> ended_at{};  // set once, with State::ended
    friend bool operator==(const Agreement&, const Agreement&) = default;
};

enum class ActKind { propose, approve, end };

// One verified act of `POST /v1/agreements`. `by` is the body under whose root it was signed.
struct Act {
    ActKind kind;
    contract::AgreementId id;
    contract::OrganisationId by;
    contract::OrganisationStatus by_status;
    contract::OfficerRole role;
    contract::OfficerId approver;
    contract::Digest proposal;
    Terms terms;  // every act repeats the terms; those of an approval must be the proposal's
};

// The agreement after the act, or why not. `current` is the agreement of that id, if there is one.
//   organisation_suspended  the body is not active: nothing opens before it is confirmed
//   not_found               unknown id, or an agreement of others (the same answer)
//   statement_invalid       terms that cannot hold: one body twice, the hub, nothing agreed, no day
//   id_reused               a proposal under an id that is taken
//   digest_mismatch         the approval is of another proposal or repeats other terms
//   actor_not_allowed       not a role that may; or one person for both roles of a body
//   event_not_allowed       this role has approved already, or the agreement is ended
[[nodiscard]] contract::Result<Agreement, contract::Code> decide_act(const std::optional<Agreement>& current,
                                                                     const Act& act, contract::Instant at);

// What is to pass from one body to another.
struct Disclosure {
    contract::OrganisationId from;
    contract::OrganisationId to;
    contract::MessageType type;
    contract::Purpose purpose;
    WordSet<contract::DataGroup> groups;  // empty: nothing about the person but the message itself
};

// True while the agreement is active and every word of the disclosure stands in its terms. An
// agreement holds both ways: who may ask may be answered.
[[nodiscard]] bool covers(const Agreement& agreement, const Disclosure& disclosure, contract::Instant at);

// What the hub itself must read or say, and a rehearsal to `echo`, need no agreement.
[[nodiscard]] bool needs_agreement(const Disclosure& disclosure);

// The first agreement that covers it; none where none is needed; else `agreement_missing`.
[[nodiscard]] contract::Result<std::optional<contract::AgreementId>, contract::Code> find_agreement(
    std::span<const Agreement> agreements, const Disclosure& disclosure, contract::Instant at);

// Whether the legal basis may stand between these kinds. PPL23C-* is for public bodies on both sides
// (Privacy Protection Law s. 23c). For anybody else s. 23b remains, which asks for her consent:
// hence `consent_missing`, not `agreement_missing`, which no agreement could mend.
[[nodiscard]] contract::Result<contract::Done, contract::Code> basis_may_stand(
    contract::LegalBasis basis, contract::OrganisationKind from, contract::OrganisationKind to);

}  // namespace kesher::agreement
