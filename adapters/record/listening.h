// Where a native system's calls come to: on the loopback whoever is on this machine may call; with a
// certificate of its own the listener knows its callers by theirs, each by its fingerprint.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/toml_reader.h"
#include "gateway/edge/server.h"

namespace kesher::record {

struct ListenSettings {
    std::string address;
    std::uint16_t port = 0;                                // 0: any free one
    std::chrono::milliseconds patience{};                  // of a call of theirs that waits for the loop
    std::filesystem::path certificate_file{}, key_file{};  // both empty: http, on the loopback alone
    std::filesystem::path client_ca_file{};                // that theirs must chain to
    std::vector<std::string> clients{};  // SHA-256 of the certificates that may call, lower-case hex
    [[nodiscard]] bool is_secured() const { return !certificate_file.empty(); }
};

// A certificate has a key, and a key a certificate.
void judge_pair(const config::Values& values, std::string_view certificate_key, std::string_view key_key,
                config::SettingsFaults& faults);
// Of the table `listen` (address, port, patience, certificate_file, private_key_file, client_ca_file,
// clients) beside hub.poll_wait. What it gives counts where nothing was noted.
[[nodiscard]] ListenSettings judged_listening(const config::Values& values, config::SettingsFaults& faults);

// Throws std::runtime_error where a file cannot be read. `context`: of TLS sessions, another for each
// listener.
[[nodiscard]] edge::ListenerSettings listener_of(const ListenSettings& settings, telemetry::Word name,
                                                 std::string context);
// A CA may have given certificates to many; those that may call are named one by one.
[[nodiscard]] bool may_call(const ListenSettings& settings, const edge::Request& request);

}  // namespace kesher::record
