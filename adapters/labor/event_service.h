// Calls the labor arm's service, typed: an event to its webhook, and how a referral stands there.
//
// Never throws for what the network or the service can cause. Each call has one deadline, each answer a
// bound. The same id and source is the same event, so an answer speaks of every try under it. After a call
// that was not answered the next ones fail at once for a while, so that a service that hangs does not stop
// the adapter from hearing of a withdrawal. Nothing is sent before their webhook has allowed our origin
// (CloudEvents, HTTP 1.1 Web Hooks, section 4).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/labor/event_keys.h"
#include "adapters/record/called_system.h"
#include "adapters/record/mapping.h"
#include "gateway/edge/client.h"

namespace kesher::labor {

struct EventServiceSettings {
    std::string endpoint;  // the base: https, or http on the loopback
    std::string origin;
    std::string ca_pem{};  // required for https
    std::optional<edge::TlsIdentity> identity{};
    std::chrono::milliseconds deadline{10'000};
    std::chrono::milliseconds pause{5'000};  // after a call that was not answered
    std::function<void()> before_call{};     // once is_calling() holds
};

// How a referral stands there, as their signed answer says it.
struct Seen {
    std::string event;    // the id under which it came
    std::string version;  // that an event of ours may suppose
    contract::Digest answer;
};

class EventService {
public:
    // std::invalid_argument or std::runtime_error: URL, CA or key cannot be used (edge::Client).
    EventService(EventServiceSettings settings, const EventKeys& keys, const record::Mapping& mapping);

    // One event, signed. `prevails`: it ends or halts something, and asks nobody whether it may be sent.
    // `version`: only where it stands there at that one. A refusal is one where it is signed and of this
    // event alone; any other answer says nothing of it.
    enum class Manner { asks, prevails };
    [[nodiscard]] record::CallOutcome send(const std::string& id, const std::string& event, Manner manner,
                                           const std::optional<std::string>& version = {});
    // `unknown_referral` where they say, in a problem of this profile, that they have none such.
    struct Looked {
        std::optional<Seen> seen;  // none: they have none such
        contract::Digest answer;
    };
    [[nodiscard]] contract::Result<Looked, record::Unanswered> look(const contract::ReferralId& referral);

    // Whether a call is under way: asked from any thread.
    [[nodiscard]] bool is_calling() const { return calling_; }

private:
    [[nodiscard]] contract::Result<edge::Answer, record::Unanswered> call(const edge::Call& call);
    [[nodiscard]] std::optional<record::Unanswered> not_allowed();
    [[nodiscard]] bool is_signed(const edge::Answer& answer) const;
    const EventKeys& keys_;
    const record::Mapping& mapping_;
    std::string path_, origin_;
    std::chrono::milliseconds pause_;
    std::function<void()> before_call_;
    edge::Client client_;
    std::chrono::steady_clock::time_point quiet_until_{};
    std::atomic<bool> calling_{false};
    bool allowed_ = false;  // until a call says otherwise
};

}  // namespace kesher::labor
