// The hub's record: line 2 of a leaf, and the entry of the access log (audit-log.md 3.3, domain.md 8).
//
// One JSON object without white space, keys in the order of the members below, absent ones left out.
// The bytes are hashed into the tree: order and spelling are for ever, add at the end of a list only.
// schemas/golden/leaf.example.txt fixes them. `v` is 1 and stands first.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log/facts.h"
#include "audit/log/flaw.h"
#include "audit/log/word.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::log {

// What the leaf is about. `counted`: refusals too many for a leaf each, counted per organisation,
// code and minute; or a person's own readings of her page, per day (facts: code, count).
// `recovered`: the first leaf of a log that follows a lost one. Stored: add at the end only.
enum class RecordEvent {
    accepted,
    refused,
    released,
    acknowledged,
    expired,
    read,
    case_,
    consent,
    agreement,
    organisation,
    keys,
    officer,
    settings,
    start,
    counted,
    council,
    recovered,
    breakglass,
};
inline constexpr contract::ClosedList<RecordEvent, 18> kRecordEvents{
    {"accepted", "refused", "released", "acknowledged", "expired", "read", "case", "consent", "agreement",
     "organisation", "keys", "officer", "settings", "start", "counted", "council", "recovered",
     "breakglass"}};

enum class ActorType { human, system, subject, auditor };
inline constexpr contract::ClosedList<ActorType, 4> kActorTypes{{"human", "system", "subject", "auditor"}};

enum class Decision { permit, deny, partial };
inline constexpr contract::ClosedList<Decision, 3> kDecisions{{"permit", "deny", "partial"}};

using Nonce = std::array<std::uint8_t, 16>;  // random: a short record must not be guessable from its hash

// How the caller showed who she is: {"factor":"totp","certificate":SHA-256 of the certificate}.
struct Auth {
    std::optional<Word> factor;
    std::optional<contract::Digest> certificate;
    friend bool operator==(const Auth&, const Auth&) = default;
};

// What was looked at: {"groups":["CONTACT"],"rows":3,"search":{"service":"RIGHTS"}}.
struct Scope {
    std::optional<std::vector<contract::DataGroup>> groups;
    std::optional<std::uint32_t> rows;
    std::optional<Facts> search;
    friend bool operator==(const Scope&, const Scope&) = default;
};

struct Stage {  // {"state":"REQUESTED","version":1}
    contract::ReferralState state{};
    std::uint32_t version = 0;
    friend bool operator==(const Stage&, const Stage&) = default;
};

struct Dropped {  // surplus removed: {"names":["fax"],"count":1}; never values
    Words names;
    std::uint32_t count = 0;
    friend bool operator==(const Dropped&, const Dropped&) = default;
};

struct Record {
    contract::Instant at{};  // of the decision; integer UTC ms
    RecordEvent event{};
    Nonce nonce{};  // base64url
    ActorType actor_type{};
    std::optional<contract::OfficerId> actor;  // none for a subject
    std::optional<contract::OfficerRole> role;
    std::optional<contract::OrganisationId> org;  // on whose behalf
    std::optional<Word> unit;
    std::optional<Auth> auth;
    std::optional<Word> operation;  // a referral's event, a message type, a verb
    std::optional<Word> resource;   // a kind of thing, never a pseudonym
    std::optional<Scope> scope;
    std::optional<contract::Purpose> purpose;
    std::optional<contract::LegalBasis> basis;
    std::optional<contract::ConsentId> consent;
    std::optional<contract::AgreementId> agreement;
    std::optional<Decision> decision;
    std::optional<contract::Code> code;
    std::optional<contract::MessageId> message;
    std::optional<contract::Digest> statement;  // SHA-256 of the statement: leaves of releases and acks
    std::optional<contract::ReferralId> referral;
    std::optional<Stage> before;
    std::optional<Stage> after;
    std::optional<contract::Digest> subject;  // subject_tag() of leaf.h
    std::optional<contract::OrganisationId> recipient;
    std::optional<Dropped> dropped;
    std::optional<std::uint64_t> breakglass;  // number of the grant
    Facts facts;                              // left out where empty
    friend bool operator==(const Record&, const Record&) = default;
};

[[nodiscard]] std::string write(const Record& record);
// Accepts only what write() writes, byte for byte.
[[nodiscard]] Result<Record> parse_record(std::string_view line);

}  // namespace kesher::log
