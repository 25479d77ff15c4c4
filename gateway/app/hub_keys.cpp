#include "gateway/app/hub_keys.h"

#include <algorithm>
#include <stdexcept>

#include "gateway/keys/key_files.h"

namespace kesher::app {
namespace {

keys::KeyDirectoryPlace place_of(const config::Settings& settings) {
    keys::KeyDirectoryPlace place{settings.keys.directory, std::nullopt};
    if (!settings.keys.passphrase_file.empty()) place.passphrase_file = settings.keys.passphrase_file;
    return place;
}

std::vector<std::string> hosts_of(const config::Settings& settings) {
    std::vector<std::string> hosts;
    const config::Listeners& at = settings.listeners;
    for (const config::Listener* each : {&at.organisations, &at.officers, &at.newcomers, &at.person}) {
        const std::string& host = each->host.empty() ? settings.hub.name : each->host;
        if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
    }
    return hosts;
}

contract::Instant now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

template <class Done>
const Done& must(const contract::Result<Done, keys::KeyDirectoryProblem>& done) {
    if (!done) throw std::runtime_error(done.error().sentence);
    return *done;
}

}  // namespace

void make_keys(const config::Settings& settings) {
    const auto& directory = settings.keys.directory;
    if (std::filesystem::exists(directory) && !std::filesystem::is_empty(directory)) return;
    (void)must(keys::create_key_directory(place_of(settings), hosts_of(settings), now()));
}

void renew_certificate(const config::Settings& settings) {
    (void)must(keys::renew_server_certificate(place_of(settings), hosts_of(settings), now()));
}

std::uint8_t rotate_store_key(const config::Settings& settings) {
    return must(keys::rotate_store_key(place_of(settings)));
}

}  // namespace kesher::app
