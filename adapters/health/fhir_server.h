// Calls the health organisation's FHIR R4 server (REST, JSON), typed.
//
// Never throws for what the network or the server can cause. Each call has one deadline, each answer a
// bound. Only locations that were judged (search_read.h) come into a URL; no link that the server names is
// followed. Of a refusal nothing but its status and places is read: servers repeat there what they dislike.
// After a call that was not answered the next ones fail at once for a while, so that a server that hangs
// does not stop the adapter from hearing of a withdrawal.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/health/search_read.h"
#include "adapters/health/transaction_answer.h"
#include "gateway/edge/client.h"

namespace kesher::health {

struct FhirServerSettings {
    std::string base_url;
    std::string ca_pem{};              // required for https
    edge::SecretText authorization{};  // the header's value; none where it is empty
    std::chrono::milliseconds deadline{10'000};
    std::chrono::milliseconds pause{5'000};  // after a call that was not answered
    std::size_t page = 50;                   // matches of a search that is walked through
};

struct ServerFault {
    enum class Kind {
        away,         // not reached, too slow, 408, 429, 5xx: again later
        not_allowed,  // 401, 403, 405, 404 and 410 of no resource: the operator must mend something
        gone,         // 404 or 410 of a resource; a proxy before the server says that of all alike
        changed,      // 409, 412: somebody was faster
        refused,      // 400, 422: it will never take this
        too_large,    // 413, or an answer over the bound
        malformed,    // answered, but not as FHIR says
    };
    Kind kind;
    int status = 0;             // of HTTP; 0 where there was none
    std::size_t issues = 0;     // of its OperationOutcome, where there is one
    contract::Digest answer{};  // SHA-256 of the answer's body
    bool nothing_sent = false;  // there was no connection, or none was tried: it cannot know of the call
};
// Whether the server, or what stands before it, may have done the call, or do it yet: it had the call, and
// said neither that it was done nor that it refused it. 429 says that nothing was begun; what else ends in
// `away`, an answer that breaks off or that nobody understands says nothing of the kind.
[[nodiscard]] bool is_outcome_unknown(const ServerFault& fault);
[[nodiscard]] std::string_view word_of(ServerFault::Kind kind);
template <class T>
using FhirAnswered = contract::Result<T, ServerFault>;

struct SearchAnswer {
    SearchPage page;
    contract::Digest answer;  // SHA-256 of the body
};

class FhirServer {
public:
    // std::invalid_argument or std::runtime_error: URL or CA cannot be used (edge::Client).
    explicit FhirServer(FhirServerSettings settings);

    // The answer's body, which is a Bundle of answers: transaction_answer.h reads it.
    [[nodiscard]] FhirAnswered<std::string> transaction(std::string bundle);
    [[nodiscard]] FhirAnswered<std::string> read(const std::string& location);
    // `query` percent-encoded: "identifier=…".
    [[nodiscard]] FhirAnswered<SearchAnswer> search(std::string_view type, const std::string& query);

    // Reads the resource, lets `patch` say what is to become of it (JSON Patch; empty: nothing), and sends
    // that with If-Match; anew where somebody was faster, at most three times. What stands there then.
    using MakePatch = std::function<std::string(const json::Value& resource)>;
    [[nodiscard]] FhirAnswered<std::string> amend(const std::string& location, const MakePatch& patch);

private:
    [[nodiscard]] FhirAnswered<edge::Answer> send(edge::Call call);
    FhirServerSettings settings_;
    edge::Client client_;
    std::chrono::steady_clock::time_point quiet_until_{};
};

}  // namespace kesher::health
