// Rules between the fields of one record: the name of the field that breaks one, or none. Internal to
// this room. What needs another fact (who sends, what is agreed) is judged by the rooms that know it.
#pragma once

#include <optional>
#include <string_view>

#include "schemas/codec/records.h"

namespace kesher::codec {

using Broken = std::optional<std::string_view>;

template <class Record>
[[nodiscard]] Broken broken_rule(const Record&) {
    return std::nullopt;
}
[[nodiscard]] Broken broken_rule(const ReferralEventPayload& event);
[[nodiscard]] Broken broken_rule(const Draft& draft);
[[nodiscard]] Broken broken_rule(const ConsentGiven& consent);
[[nodiscard]] Broken broken_rule(const ConsentRevocationAcked& acked);
[[nodiscard]] Broken broken_rule(const EligibilityAnswer& answer);
[[nodiscard]] Broken broken_rule(const EligibilityAnswered& answered);
[[nodiscard]] Broken broken_rule(const HeadcountReported& report);
[[nodiscard]] Broken broken_rule(const Appointment& appointment);
[[nodiscard]] Broken broken_rule(const Identity& identity);
[[nodiscard]] Broken broken_rule(const SafeHours& hours);
[[nodiscard]] Broken broken_rule(const Particulars& particulars);
[[nodiscard]] Broken broken_rule(const Sealed& sealed);

// Forms of single texts.
[[nodiscard]] bool is_compact_jwe(contract::ByteView bytes);  // five base64url parts, the second empty
[[nodiscard]] bool is_notice_id(std::string_view text);
[[nodiscard]] bool is_licence(std::string_view text);
[[nodiscard]] bool is_programme_code(std::string_view text);
[[nodiscard]] bool is_phone(std::string_view text);
[[nodiscard]] bool is_file_name(std::string_view text);
[[nodiscard]] bool is_media_type(std::string_view text);

}  // namespace kesher::codec
