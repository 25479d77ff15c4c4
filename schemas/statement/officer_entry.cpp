#include "schemas/statement/officer_entry.h"

#include <algorithm>
#include <stdexcept>

#include "schemas/json/writer.h"
#include "schemas/statement/verify_order.h"

namespace kesher::statement {
namespace {

using contract::kOfficerRoles;

std::optional<OfficerEntry> read_entry(std::string_view payload) {
    const auto value = json::read(payload, kClaimsBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    auto claims = read_order_claims(object);
    const auto officer = contract::OfficerId::parse(object.text("officer"));
    auto roles = read_words(object.array("roles"), kOfficerRoles);
    const auto training = contract::parse_day(object.text("training_valid_until"));
    const bool suspended = object.boolean("suspended");
    const bool in_order = roles && is_in_wire_order(*roles, kOfficerRoles);
    if (!object.finish() || !claims || !officer || !in_order || !training) return std::nullopt;
    return OfficerEntry{claims->organisation,
                        std::move(claims->log),
                        *officer,
                        claims->at,
                        *std::move(roles),
                        *training,
                        suspended};
}

}  // namespace

std::string sign_officer_entry(OfficerEntry entry, const Signer& signer) {
    std::sort(entry.roles.begin(), entry.roles.end(),
              [](auto one, auto other) { return kOfficerRoles.text(one) < kOfficerRoles.text(other); });
    json::Writer writer;
    writer.open_object().number("v", 1).text("log", entry.log).text("org", entry.organisation.text());
    writer.text("officer", entry.officer.text()).number("at", entry.at.time_since_epoch().count());
    write_words(writer, "roles", entry.roles, kOfficerRoles);
    writer.text("training_valid_until", contract::text(entry.training_valid_until))
        .boolean("suspended", entry.suspended);
    const std::string payload = writer.close().take();
    if (!read_entry(payload)) throw std::logic_error("this officer's entry breaks the contract");
    return sign(signer, kOfficerType, contract::day_of(entry.at), payload);
}

contract::Result<VerifiedOrder<OfficerEntry>, contract::Code> verify_officer_entry(
    std::string_view jws, const OrderDemand& demand) {
    return verify_order(jws, kOfficerType, demand, read_entry);
}

}  // namespace kesher::statement
