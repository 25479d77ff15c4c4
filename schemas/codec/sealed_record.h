// The sealed part: what only the recipient's own adapter reads (contract.md 1, Sealed.v1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/codec/words.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::codec {

// Every flag stands at its safest value until somebody who asked her lowers it (domain.md 5.3).
struct Safety {
    bool contact_prohibited = true;
    bool safe_channel = true;  // only by the channel that CONTACT names
    bool safe_hours = true;    // only within the hours that CONTACT names
    bool no_voicemail = true;
    bool neutral_name = true;  // say only the neutral name
    bool do_not_notify_family = true;
    bool address_confidential = true;
    [[nodiscard]] bool has(contract::SafetyFlag flag) const;
    void set(contract::SafetyFlag flag, bool value);
    friend bool operator==(const Safety&, const Safety&) = default;
};

struct Appointment {
    contract::Instant slot{};   // whole minutes
    std::int32_t minutes = 30;  // 1 to 1,440
    std::string place{};        // a neutral label, 1 to 200 characters
    friend bool operator==(const Appointment&, const Appointment&) = default;
};

// IDENTITY. At least one is set.
struct Identity {
    std::optional<std::string> id_number{};                  // nine digits with a right check digit
    std::optional<std::string> given_name{}, family_name{};  // 1 to 200 characters
    std::optional<std::int32_t> birth_year{};
    friend bool operator==(const Identity&, const Identity&) = default;
};

// A weekly stretch in which it is safe to reach her, in Israel's local time.
struct SafeHours {
    std::int32_t weekday = 0;  // 0 is Sunday
    std::int32_t from = 0;     // minutes of the day, 0 to 1,439
    std::int32_t until = 0;    // after `from`, at most 1,440; from here on it is not safe
    friend bool operator==(const SafeHours&, const SafeHours&) = default;
};

// CONTACT
struct Contact {
    std::optional<std::string> phone{};         // `+` or not, then 6 to 15 digits
    std::optional<std::string> neutral_name{};  // 1 to 200 characters
    SafeChannel safe_channel = SafeChannel::none;
    std::vector<SafeHours> safe_hours{};  // empty: none known to be safe
    friend bool operator==(const Contact&, const Contact&) = default;
};

struct Answer {
    std::string code{};   // 1 to 64 characters
    std::string value{};  // 1 to 200 characters
    friend bool operator==(const Answer&, const Answer&) = default;
};

// Any other data group.
struct Particulars {
    std::optional<std::string> text{};  // 1 to 2,000 characters
    std::vector<Answer> answers{};
    friend bool operator==(const Particulars&, const Particulars&) = default;
};

struct Attachment {
    std::string name{};        // 1 to 200 characters, no `/` and no control character
    std::string media_type{};  // type/subtype
    contract::DataGroup group = contract::DataGroup::health;
    contract::Bytes bytes{};  // 4 MiB for all together
    friend bool operator==(const Attachment&, const Attachment&) = default;
};

inline constexpr std::size_t kOtherGroups = 14;  // LOCALITY to PROGRAMME_FACT

// A record that nobody filled in knows her by nothing and lets nobody call. `contact` has CONTACT,
// `identified` has IDENTITY, `presents` has neither IDENTITY nor a phone. While contact_prohibited or
// address_confidential is set there is no phone, no LOCALITY and no text that names a way to reach her
// (ways_to_reach.h).
struct Sealed {
    contract::KnownBy known_by = contract::KnownBy::presents;
    std::optional<std::string> need{};    // in the worker's words, 1 to 2,000 characters
    std::optional<std::string> worker{};  // the referring desk's number, never the worker's own; 1 to 64
    Safety safety{};
    std::optional<contract::Day> consent_until{};
    std::optional<Appointment> appointment{};
    std::optional<Identity> identity{};
    std::optional<Contact> contact{};
    std::array<std::optional<Particulars>, kOtherGroups> others{};  // in the order of contract::DataGroup
    std::vector<Attachment> attachments{};

    // `group` is neither IDENTITY nor CONTACT.
    [[nodiscard]] std::optional<Particulars>& other(contract::DataGroup group);
    [[nodiscard]] const std::optional<Particulars>& other(contract::DataGroup group) const;
    // Exactly what the statement's `groups` must say, sorted by word: sub-records and attachments.
    [[nodiscard]] std::vector<contract::DataGroup> groups() const;
    friend bool operator==(const Sealed&, const Sealed&) = default;
};

}  // namespace kesher::codec
