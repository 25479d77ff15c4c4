#include "adapters/labor/event_port.h"

#include <algorithm>

#include "adapters/labor/status_event.h"
#include "config/catalogue/catalogue.h"
#include "schemas/statement/detached_jws.h"
#include "schemas/statement/hash.h"

namespace kesher::labor {
namespace {

constexpr std::string_view kProblemType = "application/problem+json";
constexpr std::string_view kJson = "application/json";

std::string_view key_of(EventFlaw flaw) {
    switch (flaw) {
        case EventFlaw::not_json:
            return "not_json";
        case EventFlaw::too_large:
            return "too_large";
        case EventFlaw::version:
            return "version";
        case EventFlaw::attribute:
            return "attribute";
        case EventFlaw::not_an_object:
            return "not_an_object";
    }
    return "not_json";
}

edge::Response answered(int status, std::string_view type, std::string body) {
    edge::Response response;
    response.status = status;
    response.content_type = type;
    response.headers.push_back({"Cache-Control", "no-store"});
    response.body = std::move(body);
    return response;
}

// What is no event of theirs at all: before anybody asks what it says.
edge::Response problem(int status, std::string_view key, std::string_view attribute = {}) {
    const auto& words = catalogue::built_in_catalogue().words("labor." + std::string(key));
    json::Writer out;
    out.open_object()
        .text("type", "urn:kesher:labor:" + std::string(key))
        .text("title", words.he + " / " + words.en)
        .number("status", status)
        .text("code", key);
    if (!attribute.empty()) out.text("attribute", attribute);
    out.close();
    return answered(status, kProblemType, out.take());
}

std::string etag_of(const record::Stood& stood) { return '"' + stood.version + '"'; }

// RFC 9110, 8.8.3 and 13.1.1: one strong tag. `*` supposes no more than that there is one; a list and a weak
// tag suppose what never holds here.
std::optional<std::string> version_in(std::string_view if_match) {
    if (if_match == "*") return std::nullopt;
    const bool strong = if_match.size() >= 2 && if_match.front() == '"' && if_match.back() == '"';
    return std::string(strong ? if_match.substr(1, if_match.size() - 2) : std::string_view{});
}

bool is_if_match(std::string_view name) {
    constexpr std::string_view kName = "if-match";
    return std::ranges::equal(name, kName, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
    });
}

CallResult form(std::string pointer, Flaw flaw) {
    return {ResultKind::form, {{0, std::move(pointer), flaw}}};
}

}  // namespace

EventPort::EventPort(const LaborSettings& settings, const EventKeys& keys, const record::Mapping& mapping,
                     record::CallsOfTheirs& calls, telemetry::Log& log, std::function<contract::Day()> today)
    : settings_(settings),
      keys_(keys),
      mapping_(mapping),
      calls_(calls),
      log_(log),
      today_(std::move(today)),
      server_(record::listener_of(settings.listen, "labor", "kesher.labor"), routes(), log_, metrics_) {}

// Whoever waits goes before the listener's threads are waited for.
EventPort::~EventPort() {
    calls_.close();
    server_.stop();
}

edge::RouteTable EventPort::routes() {
    return edge::RouteTable(
        {{.method = "OPTIONS",
          .path = "/events",
          .who = "labor",
          .handler = [this](const edge::Request& request) { return ask_to_send(request); }},
         {.method = "POST",
          .path = "/events",
          .who = "labor",
          .body_bytes_max = kStatusBytes,
          .media_types = {"application/cloudevents+json"},
          .handler = [this](const edge::Request& request) { return take(request); }},
         {.method = "GET",
          .path = "/referrals/{number}",
          .who = "labor",
          .handler = [this](const edge::Request& request) { return look(request); }},
         {.method = "GET", .path = "/jwks", .who = "labor", .handler = [this](const edge::Request&) {
              return answered(200, "application/jwk-set+json", write_key_set(keys_.ours.public_key()));
          }}});
}

// Web Hooks, 4.2: the origin that the settings name may send, as often as it likes; another hears no yes.
edge::Response EventPort::ask_to_send(const edge::Request& request) {
    if (!record::may_call(settings_.listen, request)) return problem(403, "not_the_caller");
    edge::Response response = edge::empty_response(204);
    response.headers.push_back({"Allow", "OPTIONS, POST"});
    const auto origin = request.header("webhook-request-origin");
    if (origin && *origin == settings_.their_origin) {
        response.headers.push_back({"WebHook-Allowed-Origin", settings_.their_origin});
        response.headers.push_back({"WebHook-Allowed-Rate", "*"});
    }
    return response;
}

edge::Response EventPort::signed_answer(int status, std::string_view type, std::string body) const {
    std::string jws = statement::sign_detached(keys_.ours, kSignatureType, body);
    edge::Response response = answered(status, type, std::move(body));
    response.headers.push_back({std::string(kSignatureHeader), std::move(jws)});
    return response;
}

// Of one event, or question, and signed: it says that nothing was done, or that there is no such referral.
edge::Response EventPort::refuse(const CallResult& result, const Answering& of) const {
    auto response = signed_answer(http_status(result.kind), kProblemType, write_problem(result, of));
    if (result.kind == ResultKind::not_now) response.headers.push_back({"Retry-After", "10"});
    return response;
}

edge::Response EventPort::take(const edge::Request& request) {
    if (!record::may_call(settings_.listen, request)) return problem(403, "not_the_caller");
    const auto jws = request.header(kSignatureHeader);
    if (!jws || !statement::verify_detached(*jws, kSignatureType, request.text(), keys_.theirs)) {
        return problem(401, "signature");
    }
    const auto event = read_event(request.text());
    if (!event) return problem(400, key_of(event.error().flaw), event.error().attribute);
    const Answering of{event->id, statement::sha256(request.text())};
    if (event->source != settings_.source) return refuse(form("/source", Flaw::value), of);
    if (event->type != mapping_.name("type.status")) return refuse(form("/type", Flaw::unknown_code), of);
    const auto status = read_status(*event, mapping_);
    if (!status) return refuse({ResultKind::form, status.error()}, of);
    record::CallOfTheirs call{event->source + ' ' + event->id, "", *status, "/id",
                              "/data/" + mapping_.name("data.need")};
    for (const edge::Header& header : request.headers) {
        if (!is_if_match(header.name)) continue;
        // Two of them are a list, which never holds here.
        call.version = call.version ? std::string() : version_in(header.value);
    }
    const CallResult result = calls_.ask(std::move(call));
    edge::Response response = result.kind == ResultKind::taken
                                  ? signed_answer(202, kEventType,
                                                  write_receipt(source_of(settings_.organisation), *event,
                                                                of.body, today_(), result, mapping_))
                                  : refuse(result, of);
    if (result.stood) {
        response.headers.push_back({"ETag", etag_of(*result.stood)});
        response.headers.push_back({"Location", "/referrals/" + status->referral.text()});
    }
    return response;
}

edge::Response EventPort::look(const edge::Request& request) {
    if (!record::may_call(settings_.listen, request)) return problem(403, "not_the_caller");
    const auto referral = contract::ReferralId::parse(request.capture("number"));
    const Answering of{request.capture("number"), statement::sha256("")};
    if (!referral) return refuse({ResultKind::unknown_referral}, {"", of.body});
    const CallResult result = calls_.ask({"", "", record::Look{*referral}});
    if (!result.stood) return refuse(result, of);
    json::Writer out;
    out.open_object()
        .text("referral", referral->text())
        .text("state", contract::kReferralStates.text(result.stood->state))
        .text("version", result.stood->version)
        .close();
    auto response = signed_answer(200, kJson, out.take());
    response.headers.push_back({"ETag", etag_of(*result.stood)});
    return response;
}

}  // namespace kesher::labor
