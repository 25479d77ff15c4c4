#include "adapters/health/fhir_server.h"

#include "adapters/health/document.h"
#include "adapters/health/patch_write.h"
#include "schemas/statement/hash.h"

namespace kesher::health {
namespace {

using contract::Failure;
using Kind = ServerFault::Kind;

constexpr int kTries = 3;
constexpr int kTooManyRequests = 429;  // RFC 6585, section 4
constexpr std::string_view kFhirJson = "application/fhir+json";

edge::ClientSettings client_settings(const FhirServerSettings& settings) {
    edge::ClientSettings made{.base_url = settings.base_url};
    made.server_ca_pem = settings.ca_pem;
    made.deadline = settings.deadline;
    made.answer_bytes_max = kForeignBytes;
    return made;
}

Kind kind_of(int status, bool of_resource) {
    if (status == 408 || status == kTooManyRequests || status >= 500) return Kind::away;
    if (of_resource && (status == 404 || status == 410)) return Kind::gone;
    if (status == 409 || status == 412) return Kind::changed;
    if (status == 400 || status == 422) return Kind::refused;
    if (status == 413) return Kind::too_large;
    if (status >= 400) return Kind::not_allowed;
    return Kind::malformed;  // a redirect, or nothing that REST knows
}

ServerFault fault_of(const edge::Answer& answer, bool of_resource) {
    const auto outcome = read_outcome(answer.body);
    return {kind_of(answer.status, of_resource), answer.status, outcome ? outcome->size() : 0,
            statement::sha256(answer.body)};
}

Failure<ServerFault> malformed(const edge::Answer& answer) {
    return {ServerFault{Kind::malformed, answer.status, 0, statement::sha256(answer.body)}};
}

// Empty where there is none. It goes into a header, so it is an `id` as FHIR says, or it is a fault.
std::optional<std::string> version_of(const json::Value& resource) {
    const json::Value* meta = resource.find("meta");
    const json::Value* version = meta == nullptr ? nullptr : meta->find("versionId");
    if (version == nullptr) return std::string();
    if (version->text() == nullptr || !is_id(*version->text())) return std::nullopt;
    return *version->text();
}

std::string type_of(const std::string& location) { return location.substr(0, location.find('/')); }

}  // namespace

bool is_outcome_unknown(const ServerFault& fault) {
    switch (fault.kind) {
        case Kind::away:
            return !fault.nothing_sent && fault.status != kTooManyRequests;
        case Kind::too_large:
            return fault.status == 0;  // its answer was; 413 is a refusal
        case Kind::malformed:
            return true;
        case Kind::not_allowed:
        case Kind::gone:
        case Kind::changed:
        case Kind::refused:
            break;
    }
    return false;
}

std::string_view word_of(Kind kind) {
    switch (kind) {
        case Kind::away:
            return "away";
        case Kind::not_allowed:
            return "not allowed";
        case Kind::gone:
            return "gone";
        case Kind::changed:
            return "changed in between";
        case Kind::refused:
            return "refused";
        case Kind::too_large:
            return "too large";
        case Kind::malformed:
            return "answer not understood";
    }
    return "unknown";
}

FhirServer::FhirServer(FhirServerSettings settings)
    : settings_(std::move(settings)), client_(client_settings(settings_)) {}

FhirAnswered<edge::Answer> FhirServer::send(edge::Call call) {
    const auto now = std::chrono::steady_clock::now();
    const auto away = [](bool nothing_sent) {
        ServerFault fault{Kind::away};
        fault.nothing_sent = nothing_sent;
        return Failure{fault};
    };
    if (now < quiet_until_) return away(true);
    call.headers.push_back({"accept", std::string(kFhirJson)});
    if (!settings_.authorization.empty()) {
        call.headers.push_back({"authorization", settings_.authorization.reveal()});
    }
    auto answer = client_.send(call);
    if (answer) return *std::move(answer);
    if (answer.error().kind == edge::ClientFault::Kind::too_large) {
        return Failure{ServerFault{Kind::too_large}};
    }
    quiet_until_ = std::chrono::steady_clock::now() + settings_.pause;
    return away(answer.error().nothing_sent);
}

FhirAnswered<std::string> FhirServer::transaction(std::string bundle) {
    auto answer = send(
        {.method = "POST", .path = "/", .content_type = std::string(kFhirJson), .body = std::move(bundle)});
    if (!answer) return Failure{answer.error()};
    if (answer->status != 200) return Failure{fault_of(*answer, false)};
    return std::move(answer->body);
}

FhirAnswered<std::string> FhirServer::read(const std::string& location) {
    auto answer = send({.method = "GET", .path = '/' + location});
    if (!answer) return Failure{answer.error()};
    if (answer->status != 200) return Failure{fault_of(*answer, true)};
    if (!open_document(answer->body, type_of(location))) return malformed(*answer);
    return std::move(answer->body);
}

FhirAnswered<SearchAnswer> FhirServer::search(std::string_view type, const std::string& query) {
    const auto answer = send({.method = "GET", .path = '/' + std::string(type) + '?' + query});
    if (!answer) return Failure{answer.error()};
    if (answer->status != 200) return Failure{fault_of(*answer, false)};
    auto page = read_search(answer->body, type);
    if (!page) return malformed(*answer);
    return SearchAnswer{*std::move(page), statement::sha256(answer->body)};
}

FhirAnswered<std::string> FhirServer::amend(const std::string& location, const MakePatch& patch) {
    for (int tries = 0; tries < kTries; ++tries) {
        auto body = read(location);
        if (!body) return body;
        const auto resource = open_document(*body, type_of(location));
        std::string change = patch(resource.value());  // read() opened it before
        if (change.empty()) return body;
        edge::Call call{.method = "PATCH",
                        .path = '/' + location,
                        .content_type = "application/json-patch+json",
                        .body = std::move(change)};
        const auto version = version_of(*resource);
        if (!version) return Failure{ServerFault{Kind::malformed, 200, 0, statement::sha256(*body)}};
        if (!version->empty()) call.headers.push_back({"if-match", if_match(*version)});
        call.headers.push_back({"prefer", "return=representation"});
        auto answer = send(std::move(call));
        if (!answer) return Failure{answer.error()};
        if (answer->status == 200) return std::move(answer->body);
        const ServerFault fault = fault_of(*answer, true);
        if (fault.kind != Kind::changed) return Failure{fault};
    }
    return Failure{ServerFault{Kind::changed}};
}

}  // namespace kesher::health
