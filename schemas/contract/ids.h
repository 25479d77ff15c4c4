// Who and what a message is about, each its own type: a referral's id where a consent's belongs
// does not compile. No default value; made only by parse() from the one spelling the wire allows.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "schemas/contract/bytes.h"

namespace kesher::contract {

// A UUID of version 4 or 8 in lower case: ids on the wire say nothing about time (contract.md 0).
template <class Tag>
class UuidId {
public:
    static constexpr std::size_t kTextLength = 36;

    [[nodiscard]] static std::optional<UuidId> parse(std::string_view text);
    // For stored ids (16 bytes, already judged once) and freshly drawn ones; the version is checked.
    [[nodiscard]] static std::optional<UuidId> from_bytes(ByteView bytes);
    // Sets version 4 on 16 random bytes.
    [[nodiscard]] static UuidId of_random(std::array<std::uint8_t, 16> random);
    // Sets version 8 on the first 16 bytes of a keyed hash (RFC 9562 section 5.8).
    [[nodiscard]] static UuidId of_keyed_hash(const Digest& hash);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    friend auto operator<=>(const UuidId&, const UuidId&) = default;

private:
    explicit UuidId(std::array<std::uint8_t, 16> bytes) : bytes_(bytes) {}
    std::array<std::uint8_t, 16> bytes_;
};

using MessageId = UuidId<struct MessageIdTag>;
using ReferralId = UuidId<struct ReferralIdTag>;
using ConsentId = UuidId<struct ConsentIdTag>;
using AgreementId = UuidId<struct AgreementIdTag>;
using DeliveryId = UuidId<struct DeliveryIdTag>;
using RequestId = UuidId<struct RequestIdTag>;    // POST /v1/cases: makes opening a case repeatable
using IncidentId = UuidId<struct IncidentIdTag>;  // joins a problem answer with the operator's log

// `nii`, `ssd-5000`, `hub`: [a-z][a-z0-9-]{1,31}. That it is known is the registry's to say.
class OrganisationId {
public:
    [[nodiscard]] static std::optional<OrganisationId> parse(std::string_view text);
    [[nodiscard]] static const OrganisationId& hub();  // reserved: what the hub itself says
    [[nodiscard]] const std::string& text() const { return text_; }
    friend auto operator<=>(const OrganisationId&, const OrganisationId&) = default;

private:
    explicit OrganisationId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// An official's number in her own organisation: [A-Za-z0-9._-]{1,32}, and never a national id
// number (nine digits with a valid check digit), which people type in by habit.
class OfficerId {
public:
    [[nodiscard]] static std::optional<OfficerId> parse(std::string_view text);
    [[nodiscard]] const std::string& text() const { return text_; }
    friend auto operator<=>(const OfficerId&, const OfficerId&) = default;

private:
    explicit OfficerId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// True for nine digits whose check digit is right (Israeli id number, Luhn from the left).
[[nodiscard]] bool is_national_id_number(std::string_view text);

// What an organisation calls a case: `1`, 16 Crockford base32 characters (80 random bits), one
// ISO 7064 MOD 37,36 check character (domain.md 6). It cannot be printed: a log line that holds
// one does not compile. reveal() is for wires and stores that are meant to have it.
class Pseudonym {
public:
    static constexpr std::size_t kLength = 18;
    [[nodiscard]] static std::optional<Pseudonym> parse(std::string_view text);
    [[nodiscard]] static Pseudonym of_random(const std::array<std::uint8_t, 10>& random);
    [[nodiscard]] const std::string& reveal() const { return text_; }
    friend bool operator==(const Pseudonym&, const Pseudonym&) = default;

private:
    explicit Pseudonym(std::string text) : text_(std::move(text)) {}
    std::string text_;
};
template <class Stream>
Stream& operator<<(Stream&, const Pseudonym&) = delete;

// The check character of ISO/IEC 7064 MOD 37,36 over [0-9A-Z]; none for other characters.
[[nodiscard]] std::optional<char> iso7064_mod37_36(std::string_view text);

// The hub's own name of a case: never leaves it, never printed.
class CaseId {
public:
    explicit CaseId(std::array<std::uint8_t, 16> bytes) : bytes_(bytes) {}
    [[nodiscard]] ByteView reveal() const { return bytes_; }
    friend auto operator<=>(const CaseId&, const CaseId&) = default;

private:
    std::array<std::uint8_t, 16> bytes_;
};
template <class Stream>
Stream& operator<<(Stream&, const CaseId&) = delete;

// Position of a leaf, from 0. A TreeSize is a count; mixing the two is the classic log bug.
enum class LeafIndex : std::uint64_t {};
enum class TreeSize : std::uint64_t {};
[[nodiscard]] constexpr std::uint64_t number(LeafIndex index) { return static_cast<std::uint64_t>(index); }
[[nodiscard]] constexpr std::uint64_t number(TreeSize size) { return static_cast<std::uint64_t>(size); }

// CRC-64-AVRO fingerprint of a schema, as a number; its text is 16 lower-case hex digits, most
// significant first; in a payload it stands little-endian (Avro single-object encoding).
enum class SchemaFingerprint : std::uint64_t {};
[[nodiscard]] std::string text(SchemaFingerprint fingerprint);
[[nodiscard]] std::optional<SchemaFingerprint> parse_fingerprint(std::string_view text);

}  // namespace kesher::contract

template <class Tag>
struct std::hash<kesher::contract::UuidId<Tag>> {
    std::size_t operator()(const kesher::contract::UuidId<Tag>& id) const noexcept {
        return std::hash<std::string_view>{}(
            {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()});
    }
};
template <>
struct std::hash<kesher::contract::OrganisationId> {
    std::size_t operator()(const kesher::contract::OrganisationId& id) const noexcept {
        return std::hash<std::string>{}(id.text());
    }
};
