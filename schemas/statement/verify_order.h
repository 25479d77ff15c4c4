// How every signed order is verified. For this room's sources alone.
#pragma once

#include <optional>

#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/statement/signed_order.h"
#include "schemas/statement/verify_by_ring.h"
#include "schemas/statement/words.h"

namespace kesher::statement {

// The claims that every order begins with; none where they are not of the form.
struct OrderClaims {
    contract::OrganisationId organisation;
    std::string log;
    contract::Instant at;
};
[[nodiscard]] inline std::optional<OrderClaims> read_order_claims(json::Object& object) {
    const bool version = object.integer("v") == 1;
    const std::string_view log = object.text("log");
    const auto organisation = contract::OrganisationId::parse(object.text("org"));
    const std::int64_t at = object.integer("at");
    constexpr std::int64_t kLastMillisecond = kLastSecond * 1'000 + 999;
    if (!version || !organisation || !is_log_origin(log) || at < 0 || at > kLastMillisecond) {
        return std::nullopt;
    }
    return OrderClaims{*organisation, std::string(log), contract::Instant{std::chrono::milliseconds{at}}};
}

// `read` makes the claims of a payload, or nothing. The errors are those of verify_officer_entry.
template <class Says>
[[nodiscard]] contract::Result<VerifiedOrder<Says>, contract::Code> verify_order(
    std::string_view jws, std::string_view type, const OrderDemand& demand,
    std::optional<Says> (*read)(std::string_view payload)) {
    using contract::Code;
    using contract::Failure;
    namespace limits = contract::limits;
    if (demand.at > demand.keys.not_after) return Failure{Code::certificate_unknown};
    const auto verified = verify_by(demand.keys.ring(), jws, type, demand.at, limits::kSignedDocumentBytes);
    if (!verified) return Failure{verified.error()};
    auto says = read(verified->payload);
    const auto day = whole_day(verified->iat);
    const bool holds =
        says && day && says->organisation == demand.keys.organisation && contract::day_of(says->at) == *day;
    if (!holds) return Failure{Code::statement_invalid};
    if (says->log != demand.log) return Failure{Code::wrong_log};
    const bool in_time =
        says->at >= demand.at - limits::kStatementAgeMax && says->at <= demand.at + limits::kClockAhead;
    if (!in_time) return Failure{Code::clock_skew};
    return VerifiedOrder<Says>{*std::move(says), verified->document, verified->certificate};
}

}  // namespace kesher::statement
