// Every published refusal: its word, HTTP status, whose side it is and whether asking again helps.
//
// Stored in the log and read by programs we do not know: add at the end, never renumber, rename or
// reuse. codes.md in this folder is the same list in prose, and a test holds the two together.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kesher::contract {

enum class Code : std::uint8_t {
    agreement_missing,
    consent_missing,
    consent_lapsed,
    consent_revoked,
    consent_groups,
    consent_recorder,
    consent_form_reused,
    actor_not_allowed,
    organisation_suspended,
    event_not_allowed,
    version_conflict,
    id_reused,
    signature_invalid,
    certificate_unknown,
    digest_mismatch,
    clock_skew,
    wrong_log,
    opening_mismatch,
    statement_invalid,
    payload_invalid,
    schema_unknown,
    recipient_unknown,
    service_not_allowed,
    identity_required,
    flag_not_honoured,
    not_found,
    method_not_allowed,
    length_required,
    bad_framing,
    too_large,
    deadline,
    busy,
    unavailable,
    internal,
    // answers of the adapters' kit to a delivery (contract.md 1-3), never of the hub to a sender
    seal_mismatch,
    seal_unopenable,
    release_unproven,
    key_unpinned,
};

enum class Side : std::uint8_t { sender, hub, recipient };
enum class Retry : std::uint8_t { no, same, after };  // after = `Retry-After` seconds say when

struct CodeFacts {
    Code code;
    std::string_view word;
    int status;
    Side side;
    Retry retry;
    std::string_view title;   // one sentence, nothing about a person
    std::string_view remedy;  // who can mend it, and how
};

[[nodiscard]] const CodeFacts& facts_of(Code code);
[[nodiscard]] std::string_view text(Code code);
[[nodiscard]] std::string_view text(Side side);
[[nodiscard]] std::optional<Code> parse_code(std::string_view word);
inline constexpr std::size_t kCodeCount = 38;

}  // namespace kesher::contract
