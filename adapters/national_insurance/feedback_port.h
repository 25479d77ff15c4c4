// Where National Insurance calls: SOAP over HTTP on the loopback, where whoever is on this machine may call,
// or TLS 1.3 with one of the client certificates that the settings name. It serves the WSDL of both
// directions too.
//
// What is no call, or none of the profile, is answered here with a fault; what its form refuses, with
// feedback A that names line, field and flaw. The rest waits for the loop's thread
// (adapters/record/calls_of_theirs.h).
#pragma once

#include "adapters/national_insurance/settings.h"
#include "adapters/record/calls_of_theirs.h"
#include "gateway/edge/server.h"

namespace kesher::national_insurance {

inline constexpr std::string_view kFeedbackPath = "/feedback";
inline constexpr std::size_t kCallBytes = 256 * 1024;  // a status with its words has a few thousand

class FeedbackPort {
public:
    // Listens before it returns; all must outlive it. Throws std::runtime_error where it cannot.
    FeedbackPort(const NationalInsuranceSettings& settings, const record::Mapping& mapping,
                 record::CallsOfTheirs& calls, telemetry::Log& log);
    ~FeedbackPort();
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

private:
    [[nodiscard]] edge::RouteTable routes();
    [[nodiscard]] edge::Response answer(const edge::Request& request);
    [[nodiscard]] edge::Response described(const edge::Request& request);
    [[nodiscard]] std::string address_of(const edge::Request& request) const;

    const NationalInsuranceSettings& settings_;
    const record::Mapping& mapping_;
    record::CallsOfTheirs& calls_;
    telemetry::Log& log_;
    telemetry::Metrics metrics_;
    edge::Server server_;
};

}  // namespace kesher::national_insurance
