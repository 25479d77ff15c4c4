// CloudEvents 1.0.2 in structured JSON, as this profile writes and reads it: one event a body, its data a
// JSON object. Pure.
//
// Bounded before anything is believed: 8 MiB, a depth of 16, ids and sources of 256 characters. What time of
// day somebody wrote is neither told nor kept: `time` is a day (00:00:00Z), and of theirs the day in Israel.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/labor/members.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/result.h"
#include "schemas/json/writer.h"

namespace kesher::labor {

inline constexpr std::string_view kEventType = "application/cloudevents+json; charset=utf-8";
inline constexpr std::size_t kEventBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kNameBytes = 256;  // of an id, a source, a type

struct CloudEvent {
    std::string id, source, type;
    std::optional<contract::Day> on{};
    json::Value whole;  // the object itself: extension attributes and `data`
    [[nodiscard]] const json::Value& data() const;
};

// What is no event at all; a fault of its content is a FieldFault.
enum class EventFlaw {
    not_json,
    too_large,
    version,       // `specversion` is not "1.0"
    attribute,     // one that must be there is missing, none, or too long
    not_an_object  // no `data`, `data_base64`, or data of another media type
};
struct EventFault {
    EventFlaw flaw;
    std::string_view attribute{};  // which
};
[[nodiscard]] contract::Result<CloudEvent, EventFault> read_event(std::string_view body);

// The opening of an event: the caller adds extension attributes, opens `data`, and closes both.
[[nodiscard]] json::Writer begin_event(std::string_view id, std::string_view source, std::string_view type,
                                       contract::Day on);

// `source` of what an organisation of the exchange says.
[[nodiscard]] std::string source_of(const contract::OrganisationId& organisation);
[[nodiscard]] std::optional<contract::OrganisationId> organisation_in(std::string_view source);

}  // namespace kesher::labor
