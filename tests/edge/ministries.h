// A listener of the ministries, and bodies with certificates of its CA.
#pragma once

#include "tests/edge/listener.h"

namespace kesher::tests {

struct Ministries {
    Authority hub_ca{"hub-ca"};
    Issued hub = hub_ca.issue({"hub", "DNS:localhost,IP:127.0.0.1"});
    Issued health = hub_ca.issue({"health"});
    Issued labor = hub_ca.issue({"labor"});

    [[nodiscard]] edge::ListenerSettings settings() const {
        auto settings = quick_settings();
        settings.request_deadline = 1s;
        settings.tls = edge::ServerTls{.identity = {hub.certificate_pem, edge::SecretText(hub.key_pem)},
                                       .client_ca_pem = hub_ca.certificate_pem(),
                                       .session_context = "hub-ministries"};
        return settings;
    }
};

}  // namespace kesher::tests
