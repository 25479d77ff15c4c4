#include "adapters/national_insurance/benefit_service.h"

#include "schemas/statement/hash.h"

namespace kesher::national_insurance {
namespace {

using contract::Failure;
using Kind = ServiceFault::Kind;

constexpr int kTooManyRequests = 429;  // RFC 6585, section 4

// SOAP is posted to the endpoint's very path; edge::Client has it apart from the origin.
struct Endpoint {
    std::string origin, path;
};
Endpoint taken_apart(const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::size_t slash = scheme == std::string::npos ? scheme : url.find('/', scheme + 3);
    if (slash == std::string::npos) return {url, "/"};
    return {url.substr(0, slash), url.substr(slash)};
}

edge::ClientSettings client_settings(BenefitServiceSettings& settings) {
    edge::ClientSettings made{.base_url = taken_apart(settings.endpoint).origin};
    made.server_ca_pem = std::move(settings.ca_pem);
    made.identity = std::move(settings.identity);
    made.deadline = settings.deadline;
    made.answer_bytes_max = kForeignBytes;
    return made;
}

Kind kind_of(int status) {
    if (status == 408 || status == kTooManyRequests || status >= 500) return Kind::away;
    return status >= 400 ? Kind::not_allowed : Kind::not_understood;
}

bool is_client(std::string_view code) {
    const std::size_t colon = code.find(':');  // a prefix of SOAP's namespace
    if (colon != std::string_view::npos) code.remove_prefix(colon + 1);
    return code == "Client" || code.starts_with("Client.") || code == "MustUnderstand" ||
           code == "VersionMismatch";
}

}  // namespace

bool is_outcome_unknown(const ServiceFault& fault) {
    switch (fault.kind) {
        case Kind::away:
            return !fault.nothing_sent && fault.status != kTooManyRequests;
        case Kind::server_fault:
        case Kind::not_understood:
            return true;
        case Kind::not_allowed:
        case Kind::client_fault:
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
        case Kind::client_fault:
            return "SOAP fault of the caller";
        case Kind::server_fault:
            return "SOAP fault of the service";
        case Kind::not_understood:
            return "answer not understood";
    }
    return "unknown";
}

BenefitService::BenefitService(BenefitServiceSettings settings, const record::Mapping& mapping)
    : mapping_(mapping),
      path_(taken_apart(settings.endpoint).path),
      pause_(settings.pause),
      before_call_(settings.before_call),
      client_(client_settings(settings)) {}

contract::Result<edge::Answer, ServiceFault> BenefitService::post(std::string request) {
    if (std::chrono::steady_clock::now() < quiet_until_) return Failure{ServiceFault{Kind::away, 0, true}};
    struct Calling {
        std::atomic<bool>& flag;
        explicit Calling(std::atomic<bool>& given) : flag(given) { flag = true; }
        ~Calling() { flag = false; }
    } calling(calling_);
    if (before_call_) before_call_();
    auto answer = client_.send({.method = "POST",
                                .path = path_,
                                .content_type = "text/xml; charset=utf-8",
                                .body = std::move(request),
                                .headers = {{"SOAPAction", "\"\""}}});  // SOAP 1.1, 6.1.1
    if (answer) return *std::move(answer);
    if (answer.error().kind == edge::ClientFault::Kind::too_large) {
        return Failure{ServiceFault{Kind::not_understood, 200}};
    }
    quiet_until_ = std::chrono::steady_clock::now() + pause_;
    return Failure{ServiceFault{Kind::away, 0, answer.error().nothing_sent}};
}

contract::Result<Answered, ServiceFault> BenefitService::send(const Header& header, std::string_view call,
                                                              std::string_view body) {
    const std::string request = write_call(header, body);
    const auto answer = post(request);
    if (!answer) return Failure{answer.error()};
    // SOAP 1.1, 6.2: a fault comes with 500.
    if (answer->status != 200 && answer->status != 500) {
        return Failure{ServiceFault{kind_of(answer->status), answer->status}};
    }
    const auto read = read_answer(answer->body, header, request);
    if (!read) {
        const Kind kind = answer->status == 500 ? Kind::away : Kind::not_understood;
        return Failure{ServiceFault{kind, answer->status}};
    }
    if (const auto* fault = std::get_if<Fault>(&*read)) {
        return Failure{
            ServiceFault{is_client(fault->code) ? Kind::client_fault : Kind::server_fault, answer->status}};
    }
    const auto result = read_result(std::get<Answer>(*read).body, call, mapping_);
    if (!result) return Failure{ServiceFault{Kind::not_understood, answer->status}};
    return Answered{*result, statement::sha256(answer->body)};
}

}  // namespace kesher::national_insurance
