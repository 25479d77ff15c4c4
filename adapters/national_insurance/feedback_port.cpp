#include "adapters/national_insurance/feedback_port.h"

#include "adapters/national_insurance/soap.h"
#include "adapters/national_insurance/status_form.h"
#include "adapters/national_insurance/wsdl.h"
#include "config/catalogue/catalogue.h"
#include "gateway/edge/problem.h"

namespace kesher::national_insurance {
namespace {

constexpr std::string_view kXmlType = "text/xml; charset=utf-8";

std::string words(std::string_view key) {
    const auto& said = catalogue::built_in_catalogue().words("national_insurance." + std::string(key));
    return said.he + " / " + said.en;
}

std::string_view key_of(SoapFlaw flaw) {
    switch (flaw) {
        case SoapFlaw::not_soap:
            return "not_soap";
        case SoapFlaw::header:
        case SoapFlaw::not_ours:  // of answers alone
            return "header";
        case SoapFlaw::version:
            return "version";
        case SoapFlaw::must_understand:
            return "must_understand";
    }
    return "not_soap";
}

std::string_view key_of(XmlFlaw flaw) {
    switch (flaw) {
        case XmlFlaw::not_xml:
            return "not_xml";
        case XmlFlaw::encoding:
            return "encoding";
        case XmlFlaw::forbidden:
            return "forbidden";
        case XmlFlaw::too_large:
            return "too_large";
        case XmlFlaw::mixed:
            return "mixed";
    }
    return "not_xml";
}

edge::Response xml(std::string document, int status = 200) {
    edge::Response response;
    response.status = status;
    response.content_type = kXmlType;
    response.body = std::move(document);
    return response;
}

// SOAP 1.1, 4.4.1 and 6.2. The detail says where.
edge::Response fault(std::string_view code, std::string_view key, unsigned line) {
    const std::string where = line == 0 ? std::string() : "line " + std::to_string(line);
    return xml(write_fault(code, words(key), where), 500);
}

edge::Response fault(const SoapFault& flaw) {
    const std::string_view code =
        flaw.flaw == SoapFlaw::must_understand ? "SOAP-ENV:MustUnderstand" : "SOAP-ENV:Client";
    return fault(code, flaw.xml ? key_of(*flaw.xml) : key_of(flaw.flaw), flaw.line);
}

}  // namespace

FeedbackPort::FeedbackPort(const NationalInsuranceSettings& settings, const record::Mapping& mapping,
                           record::CallsOfTheirs& calls, telemetry::Log& log)
    : settings_(settings),
      mapping_(mapping),
      calls_(calls),
      log_(log),
      server_(record::listener_of(settings.listen, "national_insurance", "kesher.national-insurance"),
              routes(), log_, metrics_) {}

// Whoever waits goes before the listener's threads are waited for.
FeedbackPort::~FeedbackPort() {
    calls_.close();
    server_.stop();
}

edge::RouteTable FeedbackPort::routes() {
    return edge::RouteTable(
        {{.method = "POST",
          .path = "/feedback",
          .who = "national insurance",
          .body_bytes_max = kCallBytes,
          .media_types = {"text/xml"},
          .handler = [this](const edge::Request& request) { return answer(request); }},
         {.method = "GET",
          .path = "/wsdl/{service}",
          .who = "national insurance",
          .handler = [this](const edge::Request& request) { return described(request); }}});
}

std::string FeedbackPort::address_of(const edge::Request& request) const {
    const std::string_view scheme = settings_.listen.is_secured() ? "https://" : "http://";
    return std::string(scheme) + std::string(request.header("host").value_or(settings_.listen.address)) +
           std::string(kFeedbackPath);
}

edge::Response FeedbackPort::described(const edge::Request& request) {
    const std::string& service = request.capture("service");
    if (service == "benefits") return xml(service_wsdl(mapping_, settings_.endpoint));
    if (service == "feedback") return xml(feedback_wsdl(mapping_, address_of(request)));
    return edge::problem_response({.code = contract::Code::not_found});
}

edge::Response FeedbackPort::answer(const edge::Request& request) {
    if (!record::may_call(settings_.listen, request)) return fault("SOAP-ENV:Client", "not_the_caller", 0);
    const auto call = read_call(request.text());
    if (!call) return fault(call.error());
    const Header& header = call->header;
    const XRoadNames& names = settings_.names;
    const Member caller{names.instance, names.member_class, settings_.organisation.text(), names.subsystem};
    if (header.client != caller) return fault("SOAP-ENV:Client", "not_the_caller", 0);
    const Member called{names.instance, names.member_class, header.provider.member_code,
                        names.exchange_subsystem};
    const bool ours = header.provider == called && header.service == mapping_.name("call.status") &&
                      header.version == kServiceVersion && call->body.space == kNamespace &&
                      call->body.name == header.service;
    if (!ours) return fault("SOAP-ENV:Client", "no_such_service", call->body.line);
    const auto status = read_status(call->body, mapping_);
    const CallResult result = status ? calls_.ask({header.id, header.provider.member_code, *status, "xrd:id",
                                                   mapping_.name("status.words")})
                                     : CallResult{ResultKind::form, status.error()};
    return xml(write_answer(header, request.text(), write_result("call.status", result, mapping_)));
}

}  // namespace kesher::national_insurance
