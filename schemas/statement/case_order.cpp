#include "schemas/statement/case_order.h"

#include <stdexcept>

#include "schemas/json/writer.h"
#include "schemas/statement/verify_order.h"

namespace kesher::statement {
namespace {

using contract::kDoors;
using contract::kOfficerRoles;

std::optional<OrderingOfficer> read_officer(json::Object& order) {
    json::Object actor(order.object("actor"));
    const auto id = contract::OfficerId::parse(actor.text("id"));
    const auto role = kOfficerRoles.parse(actor.text("role"));
    if (!actor.finish() || !id || !role) return std::nullopt;
    return OrderingOfficer{*id, *role};
}

std::optional<CaseOrder> read_case_order(std::string_view payload) {
    const auto value = json::read(payload, kClaimsBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    auto claims = read_order_claims(object);
    const auto id = contract::RequestId::parse(object.text("id"));
    const auto officer = read_officer(object);
    const bool anonymous = object.boolean("anonymous");
    const auto door = kDoors.parse(object.text("door"));
    if (!object.finish() || !claims || !id || !officer || !door) return std::nullopt;
    return CaseOrder{
        claims->organisation, std::move(claims->log), claims->at, *id, *officer, anonymous, *door};
}

std::optional<ClaimCodeOrder> read_claim_code_order(std::string_view payload) {
    const auto value = json::read(payload, kClaimsBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    auto claims = read_order_claims(object);
    const auto pseudonym = contract::Pseudonym::parse(object.text("pseudonym"));
    const auto officer = read_officer(object);
    if (!object.finish() || !claims || !pseudonym || !officer) return std::nullopt;
    return ClaimCodeOrder{claims->organisation, std::move(claims->log), claims->at, *pseudonym, *officer};
}

template <class Order>
json::Writer begun(const Order& order) {
    json::Writer writer;
    writer.open_object().number("v", 1).text("log", order.log).text("org", order.organisation.text());
    writer.number("at", order.at.time_since_epoch().count());
    writer.open_object("actor")
        .text("id", order.officer.id.text())
        .text("role", kOfficerRoles.text(order.officer.role))
        .close();
    return writer;
}

}  // namespace

std::string sign_case_order(const CaseOrder& order, const Signer& signer) {
    json::Writer writer = begun(order);
    writer.text("id", order.id.text())
        .boolean("anonymous", order.anonymous)
        .text("door", kDoors.text(order.door));
    const std::string payload = writer.close().take();
    if (!read_case_order(payload)) throw std::logic_error("this order of a case breaks the contract");
    return sign(signer, kCaseOrderType, contract::day_of(order.at), payload);
}

std::string sign_claim_code_order(const ClaimCodeOrder& order, const Signer& signer) {
    const std::string payload = begun(order).text("pseudonym", order.pseudonym.reveal()).close().take();
    if (!read_claim_code_order(payload)) throw std::logic_error("this order of a code breaks the contract");
    return sign(signer, kClaimCodeOrderType, contract::day_of(order.at), payload);
}

contract::Result<VerifiedOrder<CaseOrder>, contract::Code> verify_case_order(std::string_view jws,
                                                                             const OrderDemand& demand) {
    return verify_order(jws, kCaseOrderType, demand, read_case_order);
}

contract::Result<VerifiedOrder<ClaimCodeOrder>, contract::Code> verify_claim_code_order(
    std::string_view jws, const OrderDemand& demand) {
    return verify_order(jws, kClaimCodeOrderType, demand, read_claim_code_order);
}

}  // namespace kesher::statement
