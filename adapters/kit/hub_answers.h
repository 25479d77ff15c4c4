// From the hub's answers to values. For this room's hub_client.cpp alone.
#pragma once

#include "adapters/kit/hub_client.h"

namespace kesher::kit {

// Members of a problem+json, or of any answer that decides. `receipt` is proven, or absent; `wrong` says
// that one was there and does not hold.
struct AnswerFacts {
    std::optional<contract::Code> code{};
    std::optional<RetryWord> retry{};
    std::optional<contract::Instant> at{};
    std::optional<Receipted> receipt{};
    std::optional<std::string> statement{};  // line 1 of the receipt's leaf
    bool wrong = false;
};
[[nodiscard]] std::optional<json::Value> object_of(std::string_view body);
[[nodiscard]] AnswerFacts facts_of(const json::Value& object, const log::NoteKey& log);

// 2026-11-21T07:15:00.123Z, as the contract writes an instant.
[[nodiscard]] std::optional<contract::Instant> parse_instant(std::string_view text);
// `Sat, 21 Nov 2026 07:15:00 GMT` (RFC 9110 5.6.7, IMF-fixdate alone).
[[nodiscard]] std::optional<contract::Instant> parse_http_date(std::string_view text);

}  // namespace kesher::kit
