// Calls National Insurance's service, or the X-Road security server in front of it, typed.
//
// Never throws for what the network or the service can cause. Each call has one deadline, each answer a
// bound. The same id is the same call, so an answer speaks of every try under that id. After a call that was
// not answered the next ones fail at once for a while, so that a service that hangs does not stop the adapter
// from hearing of a withdrawal.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "adapters/national_insurance/soap.h"
#include "adapters/national_insurance/status_form.h"
#include "gateway/edge/client.h"

namespace kesher::national_insurance {

inline constexpr std::size_t kForeignBytes = 64 * 1024;  // of an answer: a result has a few hundred

struct BenefitServiceSettings {
    std::string endpoint;  // https, or http on the loopback
    std::string ca_pem{};  // required for https
    std::optional<edge::TlsIdentity> identity{};
    std::chrono::milliseconds deadline{10'000};
    std::chrono::milliseconds pause{5'000};  // after a call that was not answered
    std::function<void()> before_call{};     // once is_calling() holds
};

struct ServiceFault {
    enum class Kind {
        away,           // not reached, too slow, 408, 429, 5xx without a fault of SOAP: again later
        not_allowed,    // 4xx: the operator must mend something
        client_fault,   // SOAP Fault Client: our call was not understood; nothing was done
        server_fault,   // SOAP Fault Server: it may have been done
        not_understood  // answered, but not to this call, or not as the profile says
    };
    Kind kind;
    int status = 0;             // of HTTP; 0 where there was none
    bool nothing_sent = false;  // there was no connection, or none was tried
};
// Whether the service may have done the call, or do it yet. 429 says that nothing was begun.
[[nodiscard]] bool is_outcome_unknown(const ServiceFault& fault);
[[nodiscard]] std::string_view word_of(ServiceFault::Kind kind);

using record::Answered;

class BenefitService {
public:
    // std::invalid_argument or std::runtime_error: URL, CA or key cannot be used (edge::Client).
    BenefitService(BenefitServiceSettings settings, const record::Mapping& mapping);

    // `call`: "call.referral", "call.update", "call.inquiry"; `body` its one element.
    [[nodiscard]] contract::Result<Answered, ServiceFault> send(const Header& header, std::string_view call,
                                                                std::string_view body);
    // Whether a call is under way: asked from any thread. What they call us with in between, before they
    // answered, is answered at once (adapters/record/calls_of_theirs.h).
    [[nodiscard]] bool is_calling() const { return calling_; }

private:
    [[nodiscard]] contract::Result<edge::Answer, ServiceFault> post(std::string request);
    const record::Mapping& mapping_;
    std::string path_;
    std::chrono::milliseconds pause_;
    std::function<void()> before_call_;
    edge::Client client_;
    std::chrono::steady_clock::time_point quiet_until_{};
    std::atomic<bool> calling_{false};
};

}  // namespace kesher::national_insurance
