// What the journal holds, row by row. Sealed bytes only: nothing that was opened is in any of these.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/kit/aliases.h"
#include "adapters/kit/message_writer.h"
#include "adapters/kit/receipted.h"
#include "schemas/codec/envelope_records.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::kit {

// Stored in journals: add at the end only. sent: the answer is not known; taken_back: it never left.
enum class OutgoingState { waiting, sent, accepted, refused, taken_back };
inline constexpr contract::ClosedList<OutgoingState, 5> kOutgoingStates{
    {"waiting", "sent", "accepted", "refused", "taken_back"}};

struct OutgoingRow {
    Written written;
    OutgoingState state = OutgoingState::waiting;
    std::uint32_t attempts = 0;
    contract::Instant next_try{};
    std::optional<contract::Code> code{};  // of the last refusal
    std::optional<Receipted> receipt{};    // of the decision, acceptance or refusal
};

// What the hub refused, without its bytes: these are looked at often, and one may be 6 MiB.
struct RefusedRow {
    contract::MessageId id;
    contract::MessageType type;
    std::optional<contract::ReferralId> referral{};
    std::optional<contract::Code> code{};
};

// received: proven and stored, not yet given. handing: the native side was called, its answer is not known.
enum class IncomingState { received, handing, held, taken, refused };
inline constexpr contract::ClosedList<IncomingState, 5> kIncomingStates{
    {"received", "handing", "held", "taken", "refused"}};

struct IncomingRow {
    codec::Delivery delivery;  // as received: statement, sealed payload, leaf, receipt of the last release
    contract::MessageId message;
    contract::OrganisationId from;
    contract::MessageType type;
    std::optional<contract::ReferralId> referral{};
    std::optional<contract::ConsentId> consent{};
    contract::Digest statement{};  // SHA-256 of its text
    contract::LeafIndex index{};   // of the last release
    IncomingState state = IncomingState::received;
    std::optional<contract::Digest> native{};  // with taken
    std::optional<contract::Code> code{};      // with refused
    std::int64_t surplus = 0;                  // data groups dropped
    friend bool operator==(const IncomingRow&, const IncomingRow&) = default;
};

struct AliasRow {
    AliasKind kind;
    std::string native;
    std::string uuid;
    std::optional<contract::OrganisationId> recipient{};  // of a consent's
    friend bool operator==(const AliasRow&, const AliasRow&) = default;
};

struct ReferralRow {
    contract::ReferralId id;
    contract::OrganisationId other;  // the other party
    bool sent_by_us = false;
    std::optional<contract::Service> service{};
    contract::ReferralState state = contract::ReferralState::requested;
    std::int64_t version = 0;
    std::optional<contract::Pseudonym> pseudonym{};  // our own of this referral's case
    friend bool operator==(const ReferralRow&, const ReferralRow&) = default;
};

}  // namespace kesher::kit
