#include "gateway/http/routes.h"

#include "gateway/http/answers.h"
#include "gateway/http/inbox.h"
#include "gateway/http/log.h"
#include "gateway/http/messages.h"
#include "gateway/http/openapi_page.h"
#include "gateway/http/participants.h"
#include "gateway/http/people.h"
#include "gateway/http/readiness.h"
#include "gateway/http/reading.h"
#include "gateway/http/route_rows.h"

namespace kesher::http {
namespace {

using namespace contract;
using edge::Route;

using RoomsHandler = edge::Response (*)(const HubRooms&, const identity::Caller&, const edge::Request&);

template <class Call>
Route route_of(const RouteRow<Call>& row, edge::Handler handler) {
    Route route{row.method, row.path, row.who, row.body_bytes_max, {}, std::move(handler)};
    if (row.body_bytes_max > 0) route.media_types.push_back(row.media_type);
    return route;
}

edge::Response get_openapi(const HubRooms&, const identity::Caller&, const edge::Request&) {
    edge::Response response;
    response.content_type = "application/yaml";
    response.body = openapi_page();
    return response;
}

// A word of the enum without a case does not compile.
RoomsHandler handler_of(OrganisationCall call) {
    switch (call) {
        case OrganisationCall::post_messages:
            return post_messages;
        case OrganisationCall::get_message:
            return get_message;
        case OrganisationCall::get_referral:
            return get_referral;
        case OrganisationCall::get_inbox:
            return get_inbox;
        case OrganisationCall::post_acks:
            return post_acks;
        case OrganisationCall::post_cases:
            return post_cases;
        case OrganisationCall::get_cases:
            return get_cases;
        case OrganisationCall::get_case:
            return get_case;
        case OrganisationCall::post_claim_code:
            return post_claim_code;
        case OrganisationCall::get_board:
            return get_board;
        case OrganisationCall::get_agenda:
            return get_agenda;
        case OrganisationCall::get_agenda_meeting:
            return get_agenda_meeting;
        case OrganisationCall::get_access:
            return get_access;
        case OrganisationCall::put_officer:
            return put_officer;
        case OrganisationCall::put_keys:
            return put_keys;
        case OrganisationCall::put_profile:
            return put_profile;
        case OrganisationCall::post_agreements:
            return post_agreements;
        case OrganisationCall::get_agreements:
            return get_agreements;
        case OrganisationCall::get_organisations:
            return get_organisations;
        case OrganisationCall::get_services:
            return get_services;
        case OrganisationCall::get_schema:
            return get_schema;
        case OrganisationCall::post_admin_organisations:
            return post_admin_organisations;
        case OrganisationCall::put_admin_organisation:
            return put_admin_organisation;
        case OrganisationCall::post_admin_compromise:
            return post_admin_compromise;
        case OrganisationCall::get_checkpoint:
            return get_checkpoint;
        case OrganisationCall::get_tile:
            return get_tile;
        case OrganisationCall::get_receipt:
            return get_receipt;
        case OrganisationCall::get_add_checkpoint:
            return get_add_checkpoint;
        case OrganisationCall::post_cosignatures:
            return post_cosignatures;
        case OrganisationCall::get_openapi:
            return get_openapi;
    }
    throw std::logic_error("a row of no call");
}

// What is never told `busy`: a message may be a withdrawal (post_messages tells them apart), the inbox and
// its acknowledgements are how a body hears of one and answers, and an order of the operator stops a thief.
bool always_enters(OrganisationCall call) {
    switch (call) {
        case OrganisationCall::post_messages:
        case OrganisationCall::get_inbox:
        case OrganisationCall::post_acks:
        case OrganisationCall::post_admin_organisations:
        case OrganisationCall::put_admin_organisation:
        case OrganisationCall::post_admin_compromise:
            return true;
        default:
            return false;
    }
}

edge::Response plain(int status, std::string body) {
    edge::Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(body);
    return response;
}

edge::Handler handler_of(LocalCall call, const HubRooms& rooms, telemetry::Metrics& metrics) {
    switch (call) {
        case LocalCall::get_healthz:
            return [](const edge::Request&) { return plain(200, "alive\n"); };
        case LocalCall::get_readyz:
            return [readiness = std::make_shared<Readiness>(rooms, metrics)](const edge::Request&) {
                return readiness->answer();
            };
        case LocalCall::get_metrics:
            return [&metrics](const edge::Request&) {
                edge::Response response;
                response.content_type = "text/plain; version=0.0.4";
                response.body = metrics.exposition();
                return response;
            };
    }
    throw std::logic_error("a row of no call");
}

// A page that says what this is, until the people's side stands here.
edge::Handler page(std::string_view title, std::string_view sentence) {
    std::string html = "<!doctype html><html lang=\"he\" dir=\"rtl\"><head><meta charset=\"utf-8\"><title>";
    html.append(title).append("</title></head><body><main><h1>").append(title).append("</h1><p>");
    html.append(sentence).append("</p></main></body></html>\n");
    return [html](const edge::Request&) {
        edge::Response response;
        response.content_type = "text/html; charset=utf-8";
        response.headers = {{"Cache-Control", "no-store"},
                            {"Referrer-Policy", "no-referrer"},
                            {"X-Content-Type-Options", "nosniff"},
                            {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
        response.body = html;
        return response;
    };
}

}  // namespace

edge::RouteTable organisation_routes(const HubRooms& rooms) {
    std::vector<Route> routes;
    for (const auto& row : kOrganisationRows) {
        CallerHandler handler = [&rooms, call = handler_of(row.call), ordinary = !always_enters(row.call)](
                                    const identity::Caller& caller, const edge::Request& request) {
            if (!ordinary) return call(rooms, caller, request);
            const auto place = rooms.calls.enter(caller.id);
            return place ? call(rooms, caller, request) : refused(Code::busy);
        };
        const bool operators_only = row.who == telemetry::Word("operator");
        routes.push_back(route_of(row, operators_only ? for_operators(rooms, std::move(handler))
                                                      : for_organisations(rooms, std::move(handler))));
    }
    return edge::RouteTable(std::move(routes));
}

edge::RouteTable newcomer_routes(const HubRooms& rooms) {
    std::vector<Route> routes;
    for (const auto& row : kNewcomerRows) {
        routes.push_back(
            route_of(row, [&rooms](const edge::Request& request) { return post_enrolment(rooms, request); }));
    }
    return edge::RouteTable(std::move(routes));
}

edge::RouteTable officer_routes() {
    std::vector<Route> routes;
    routes.push_back({"GET",
                      "/",
                      "anybody",
                      0,
                      {},
                      page("קשר", "כאן יעמדו המסכים לבעלי תפקידים. Officers' pages will stand here.")});
    return edge::RouteTable(std::move(routes));
}

edge::RouteTable person_routes() {
    std::vector<Route> routes;
    routes.push_back({"GET",
                      "/",
                      "anybody",
                      0,
                      {},
                      page("קשר", "מידע כללי על זכויות. General information on rights will stand here.")});
    return edge::RouteTable(std::move(routes));
}

edge::RouteTable local_routes(const HubRooms& rooms, telemetry::Metrics& metrics) {
    std::vector<Route> routes;
    for (const auto& row : kLocalRows) routes.push_back(route_of(row, handler_of(row.call, rooms, metrics)));
    return edge::RouteTable(std::move(routes));
}

}  // namespace kesher::http
