// From what a department's files say to messages of the exchange. Pure: same record, same ids.
//
// A referral becomes one referral.submitted.v1; a status becomes the events that lead to it, the skipped
// ones marked `synthesized`. What the form never asked her stays at its safest value.
#pragma once

#include <vector>

#include "adapters/kit/aliases.h"
#include "adapters/kit/journal_rows.h"
#include "adapters/kit/message_writer.h"
#include "adapters/record/change.h"
#include "adapters/record/standing.h"
#include "adapters/social_services/routing.h"
#include "adapters/social_services/status_file.h"

namespace kesher::social_services {

using record::Standing;

// Of the settings, what a message needs.
struct Desk {
    contract::OfficerId officer;                      // where a record names no worker
    contract::OfficerRole role;                       // of those who refer
    contract::WordSet<contract::SafetyFlag> asked{};  // flags that the department's own form asks her about
    std::string place;                                // neutral label of an appointment, 1 to 200 characters
    Routes routes{};
};

struct Outgoing {
    kit::Message message;
    std::vector<kit::AliasRow> aliases{};
};

// `pseudonym` is the record's own or that of the case opened for it. Faults: route_missing, route_twice;
// need_length (over 2,000 characters with the ends of its lines).
[[nodiscard]] contract::Result<Outgoing, FileFault> message_of(const Referral& referral,
                                                               const contract::Pseudonym& pseudonym,
                                                               const Desk& desk,
                                                               const kit::AliasMaker& aliases);

// The sealed part. A contact flag 2 leaves every safety flag at its safest value; 1 lowers
// contact-prohibited and the flags in `asked` (neutral_name only where the record has none). Names and
// birth year without an id number or phone stay behind: nothing identifying travels of one who presents
// herself.
[[nodiscard]] codec::Sealed sealed_of(const Referral& referral,
                                      contract::WordSet<contract::SafetyFlag> asked);

// Over every field of the record, whatever its place, file or encoding.
[[nodiscard]] contract::Digest digest_of(const Referral& referral);

// A fault for what the kit refuses to write, at the referral's record; none for what only waits (a
// recipient's keys, the directory).
[[nodiscard]] std::optional<FileFault> fault_of(const Referral& referral, const kit::Refused& refused);

// At a field of S100, named as in fields.h.
[[nodiscard]] FileFault status_fault(const Status& status, std::string_view field, Flaw flaw);

using Carried = record::Given;  // as this department's adapter remembers it

// A referral that this department sent, as its adapter remembers it.
struct Sent {
    contract::ReferralId id;
    contract::OrganisationId to;
    contract::Purpose purpose;
    contract::LegalBasis basis;
    std::optional<contract::ConsentId> consent{};
    friend bool operator==(const Sent&, const Sent&) = default;
};

struct StatusContext {
    const Carried& carried;
    const contract::Pseudonym& pseudonym;  // this department's own
    Standing standing;
    contract::Digest file;  // SHA-256 of the status file: a repeated or renamed one gives the same ids
    contract::Day today;
};
// In order; empty where nothing changed. Faults: status_not_yours, status_step, reason (one that does not
// belong to the state), time (an hour that the clocks jump over).
[[nodiscard]] contract::Result<std::vector<kit::Message>, FileFault> events_of(
    const Status& status, const StatusContext& context, const Desk& desk, const kit::AliasMaker& aliases);

// How the referring side ends what it sent: WITHDRAWN, at her word, CANCELLED, or ERRONEOUS. Faults:
// status_not_yours (any other state), reason (one that does not belong to the state).
[[nodiscard]] contract::Result<contract::ReferralEvent, FileFault> recall_in(const Status& status);

struct RecallContext {
    const Sent& sent;
    const std::optional<contract::Pseudonym>& pseudonym;
    contract::Digest file;  // as above
    contract::Day today;
};
[[nodiscard]] kit::Message recall_of(const Status& status, contract::ReferralEvent event,
                                     const RecallContext& context, const Desk& desk,
                                     const kit::AliasMaker& aliases);

}  // namespace kesher::social_services
