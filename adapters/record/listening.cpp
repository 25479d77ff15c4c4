#include "adapters/record/listening.h"

#include <algorithm>

#include "gateway/edge/tls_material.h"
#include "schemas/contract/bytes.h"

namespace kesher::record {
namespace {

constexpr std::size_t kThreads = 8;  // of one caller, their own server; more calls wait in its queue

bool is_loopback_address(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

// With colons or without, in upper case or lower.
std::string fingerprint(std::string text) {
    std::erase(text, ':');
    for (char& c : text) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c + ('a' - 'A'));
    }
    return text;
}

}  // namespace

void judge_pair(const config::Values& values, std::string_view certificate_key, std::string_view key_key,
                config::SettingsFaults& faults) {
    const bool certificate = !values.file(certificate_key).empty();
    if (certificate == !values.file(key_key).empty()) return;
    faults.push_back(values.fault(certificate ? key_key : certificate_key,
                                  "a certificate has a key, and a key a certificate",
                                  "Name both files, or neither"));
}

// Who is no neighbour on this machine shows who it is.
ListenSettings judged_listening(const config::Values& values, config::SettingsFaults& faults) {
    const auto complain = [&](std::string_view key, std::string what, std::string mend) {
        faults.push_back(values.fault(key, std::move(what), std::move(mend)));
    };
    judge_pair(values, "listen.certificate_file", "listen.private_key_file", faults);
    ListenSettings read{.address = values.text("listen.address"),
                        .port = static_cast<std::uint16_t>(values.count("listen.port")),
                        .patience = values.duration("listen.patience"),
                        .certificate_file = values.file("listen.certificate_file"),
                        .key_file = values.file("listen.private_key_file"),
                        .client_ca_file = values.file("listen.client_ca_file")};
    const bool secured = read.is_secured();
    if (!secured && !is_loopback_address(read.address)) {
        complain("listen.address", "plain HTTP is for this machine alone",
                 "Write a loopback address, or name a certificate");
    }
    if (secured == read.client_ca_file.empty()) {
        complain("listen.client_ca_file", secured ? "with it everybody may call" : "http has no certificate",
                 secured ? "Name the CA of those who may" : "Leave it empty, or name a certificate");
    }
    for (const std::string& text : values.texts("listen.clients")) read.clients.push_back(fingerprint(text));
    const bool each_is_one = std::ranges::all_of(read.clients, [](const std::string& text) {
        const auto bytes = contract::from_hex(text);
        return bytes && bytes->size() == 32;
    });
    if (!each_is_one || secured == read.clients.empty()) {
        complain("listen.clients", "with a certificate of its own the listener knows its callers by theirs",
                 "Name the SHA-256 of each that may call; without a certificate none");
    }
    if (read.patience <= values.duration("hub.poll_wait")) {
        complain("listen.patience", "the adapter comes to no call before it is over",
                 "Make it longer than hub.poll_wait");
    }
    return read;
}

edge::ListenerSettings listener_of(const ListenSettings& settings, telemetry::Word name,
                                   std::string context) {
    edge::ListenerSettings made{.name = name, .address = settings.address};
    made.port = settings.port;
    made.threads = kThreads;
    if (!settings.is_secured()) return made;
    edge::TlsIdentity identity{edge::read_pem_file(settings.certificate_file.string()),
                               edge::SecretText(edge::read_pem_file(settings.key_file.string()))};
    made.tls = edge::ServerTls{.identity = std::move(identity),
                               .client_ca_pem = edge::read_pem_file(settings.client_ca_file.string()),
                               .session_context = std::move(context)};
    // Others of that CA are strangers, and have a stranger's share of the listener.
    made.certificate_lives = [known = settings.clients](std::string_view fingerprint) {
        return std::ranges::find(known, fingerprint) != known.end();
    };
    return made;
}

bool may_call(const ListenSettings& settings, const edge::Request& request) {
    if (!settings.is_secured()) return true;  // this machine's own
    return request.peer &&
           std::ranges::find(settings.clients, request.peer->fingerprint) != settings.clients.end();
}

}  // namespace kesher::record
