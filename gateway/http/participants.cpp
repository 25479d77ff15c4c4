#include "gateway/http/participants.h"

#include "gateway/identity/admission.h"
#include "gateway/identity/officers.h"
#include "gateway/identity/organisations.h"
#include "gateway/identity/profile.h"
#include "schemas/codec/schema.h"
#include "schemas/json/object.h"

namespace kesher::http {
namespace {

using namespace contract;

void write_names(json::Writer& json, const catalogue::Words& names) {
    json.open_object("names")
        .text("he", names.he)
        .text("en", names.en)
        .text("ar", names.ar)
        .text("ru", names.ru)
        .close();
}

void write_organisation(json::Writer& json, const sequencer::Registry& registry,
                        const sequencer::Organisation& organisation, Instant at) {
    json.open_object()
        .text("id", organisation.row.id.text())
        .text("kind", kOrganisationKinds.text(organisation.row.kind))
        .text("status", kOrganisationStatuses.text(organisation.row.status));
    write_names(json, organisation.traits.names);
    json.open_array("services");
    for (const std::string_view word : kServices.words) {
        if (registry.offers(organisation.row.id, *kServices.parse(word))) json.text(word);
    }
    json.close();
    identity::write_profile(json, organisation, at);
    if (!organisation.key_list.empty()) json.text("keys", organisation.key_list);
    if (organisation.row.root_pem) json.text("root", *organisation.row.root_pem);
    json.close();
}

}  // namespace

edge::Response post_cases(const HubRooms& rooms, const identity::Caller& caller,
                          const edge::Request& request) {
    const Instant at = rooms.sequencer().now();
    auto order = identity::read_case_order(caller, request.text(), rooms.identity.log_origin, at);
    if (!order) return counted(rooms, caller, order.error());
    const identity::OpenedCase opened = identity::open_case(rooms.identity, caller, *std::move(order));
    return decided(opened.answer, [&](json::Writer& json) {
        json.text("pseudonym", opened.pseudonym);
        if (opened.claim_code) json.text("claim_code", *opened.claim_code);
    });
}

edge::Response post_claim_code(const HubRooms& rooms, const identity::Caller& caller,
                               const edge::Request& request) {
    const auto pseudonym = Pseudonym::parse(request.capture("pseudonym"));
    if (!pseudonym) return refused(Code::not_found);
    const Instant at = rooms.sequencer().now();
    auto order = identity::read_claim_code_order(caller, request.text(), rooms.identity.log_origin, at);
    if (!order) return counted(rooms, caller, order.error());
    const identity::RenewedCode renewed =
        identity::renew_claim_code(rooms.identity, caller, *pseudonym, *std::move(order));
    return decided(renewed.answer, [&](json::Writer& json) { json.text("claim_code", *renewed.claim_code); });
}

edge::Response put_officer(const HubRooms& rooms, const identity::Caller& caller,
                           const edge::Request& request) {
    const auto id = OfficerId::parse(request.capture("id"));
    if (!id) return refused(Code::statement_invalid);
    const Instant at = rooms.sequencer().now();
    auto order =
        identity::read_officer_order(caller, std::string(request.text()), rooms.identity.log_origin, at);
    if (!order) return counted(rooms, caller, order.error());
    const auto put = std::make_shared<identity::PutOfficer>(identity::asker(caller), *id, *std::move(order));
    return decided(rooms.sequencer().run(put), [&](json::Writer& json) {
        if (const auto known = put->was_known()) json.boolean("known", *known);
    });
}

edge::Response put_keys(const HubRooms& rooms, const identity::Caller& caller, const edge::Request& request) {
    return decided(rooms.sequencer().run(
        std::make_shared<identity::PutKeys>(identity::asker(caller), std::string(request.text()))));
}

edge::Response put_profile(const HubRooms& rooms, const identity::Caller& caller,
                           const edge::Request& request) {
    return decided(rooms.sequencer().run(
        std::make_shared<identity::DeclareProfile>(identity::asker(caller), std::string(request.text()))));
}

edge::Response post_agreements(const HubRooms& rooms, const identity::Caller& caller,
                               const edge::Request& request) {
    auto document = statement::read_agreement_document(request.text());
    if (!document) return refused(document.error());
    return decided(rooms.sequencer().run(
        std::make_shared<identity::ActOnAgreement>(identity::asker(caller), *std::move(document))));
}

edge::Response get_agreements(const HubRooms&, const identity::Caller& caller, const edge::Request&) {
    json::Writer json;
    json.open_object().open_array("agreements");
    for (const auto& [id, each] : caller.registry->agreements()) {
        const auto& pair = each.terms.pair;
        if (pair[0] != caller.id && pair[1] != caller.id) continue;
        json.open_object().text("id", id.text());
        json.open_array("pair").text(pair[0].text()).text(pair[1].text()).close();
        json.open_object("roots")
            .text(pair[0].text(), base64url(each.terms.roots[0].view()))
            .text(pair[1].text(), base64url(each.terms.roots[1].view()))
            .close();
        json.open_array("types");
        for (const MessageType type : each.terms.types.words()) json.text(kMessageTypes.text(type));
        json.close().open_array("purposes");
        for (const Purpose purpose : each.terms.purposes.words()) json.text(kPurposes.text(purpose));
        json.close().open_array("groups");
        for (const DataGroup group : each.terms.groups.words()) json.text(kDataGroups.text(group));
        json.close().text("from", text(each.terms.from));
        if (each.terms.to) json.text("to", text(*each.terms.to));
        json.text("state", each.state == agreement::State::active     ? "active"
                           : each.state == agreement::State::proposed ? "proposed"
                                                                      : "ended");
        json.text("proposal", base64url(each.proposal.view()));
        json.number("approvals", static_cast<std::int64_t>(each.approvals.size())).close();
    }
    json.close().close();
    return edge::json_response(json.take());
}

edge::Response get_organisations(const HubRooms& rooms, const identity::Caller& caller,
                                 const edge::Request&) {
    const Instant at = rooms.sequencer().now();
    json::Writer json;
    json.open_object().text("at", text(at)).open_array("organisations");
    for (const auto& [id, organisation] : caller.registry->organisations()) {
        write_organisation(json, *caller.registry, organisation, at);
    }
    json.close().close();
    return edge::json_response(json.take());
}

edge::Response get_services(const HubRooms&, const identity::Caller& caller, const edge::Request&) {
    json::Writer json;
    json.open_object().open_array("services");
    for (const std::string_view word : kServices.words) {
        const catalogue::ServiceTraits& service =
            caller.registry->catalogue().service(*kServices.parse(word));
        json.open_object().text("code", word);
        write_names(json, service.names);
        json.boolean("anonymous", service.anonymous)
            .text("least_known_by", kKnownBy.text(service.least_known_by))
            .text("usual_purpose", kPurposes.text(service.usual_purpose));
        json.open_array("organisations");
        for (const auto& [id, organisation] : caller.registry->organisations()) {
            const bool offers = organisation.row.status == OrganisationStatus::active &&
                                caller.registry->offers(id, service.service);
            if (offers) json.text(id.text());
        }
        json.close().close();
    }
    json.close().close();
    return edge::json_response(json.take());
}

edge::Response get_schema(const HubRooms&, const identity::Caller&, const edge::Request& request) {
    const auto fingerprint = parse_fingerprint(request.capture("fingerprint"));
    const codec::ReleasedSchema* schema = fingerprint ? codec::find_schema(*fingerprint) : nullptr;
    if (schema == nullptr) return refused(Code::not_found);
    return edge::json_response(std::string(schema->text));
}

edge::Response post_admin_organisations(const HubRooms& rooms, const identity::Caller& caller,
                                        const edge::Request& request) {
    const auto body = read_body(request);
    if (!body) return refused(body.error());
    json::Object object(*body);
    const auto id = OrganisationId::parse(object.text("id"));
    const auto kind = kOrganisationKinds.parse(object.text("kind"));
    if (!object.finish() || !id || !kind) return refused(Code::statement_invalid);
    const identity::Token token = identity::draw_token(rooms.identity, *id);
    const auto add = std::make_shared<identity::AddOrganisation>(
        identity::asker(caller),
        identity::AddOrganisation::Order{*id, *kind, token.digest, token.expires_at});
    return decided(rooms.sequencer().run(add),
                   [&](json::Writer& json) { json.raw("token_file", token.file); });
}

edge::Response put_admin_organisation(const HubRooms& rooms, const identity::Caller& caller,
                                      const edge::Request& request) {
    const auto body = read_body(request);
    if (!body) return refused(body.error());
    json::Object object(*body);
    const auto id = OrganisationId::parse(request.capture("id"));
    const auto status = kOrganisationStatuses.parse(object.text("status"));
    const auto root = object.optional_text("root");
    const auto root_digest = root ? digest_from_base64url(*root) : std::nullopt;
    if (!object.finish() || !id || !status || (root && !root_digest)) return refused(Code::statement_invalid);
    return decided(rooms.sequencer().run(
        std::make_shared<identity::ChangeStatus>(identity::asker(caller), *id, *status, root_digest)));
}

edge::Response post_admin_compromise(const HubRooms& rooms, const identity::Caller& caller,
                                     const edge::Request& request) {
    const auto body = read_body(request);
    if (!body) return refused(body.error());
    json::Object object(*body);
    const auto id = OrganisationId::parse(object.text("id"));
    if (!object.finish() || !id) return refused(Code::statement_invalid);
    return decided(
        rooms.sequencer().run(std::make_shared<identity::Compromise>(identity::asker(caller), *id)));
}

edge::Response post_enrolment(const HubRooms& rooms, const edge::Request& request) {
    const identity::Enrolled enrolled = identity::enrol(rooms.identity, request.text());
    if (enrolled.code) return refused(*enrolled.code);
    return edge::json_response(enrolled.json, enrolled.repeated ? 200 : 201);
}

}  // namespace kesher::http
