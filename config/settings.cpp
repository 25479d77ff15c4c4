#include "config/settings.h"

#include <cassert>

#include "config/toml_document.h"

namespace kesher::config {
namespace {

using contract::Failure;

Hub hub_of(const Values& values) {
    Hub hub{values.text("hub.name"), values.count("hub.log"), values.text("hub.name") + "/log"};
    if (hub.log > 1) hub.log_origin += '/' + std::to_string(hub.log);
    return hub;
}

std::uint16_t small(std::uint64_t number) {
    assert(number <= 65'535);  // the table's ranges end there
    return static_cast<std::uint16_t>(number);
}

Listener listener_of(const Values& values, const std::string& name, bool has_host) {
    const std::string start = "listeners." + name + '.';
    Listener listener{values.text(start + "address"), small(values.count(start + "port")),
                      small(values.count(start + "threads")), ""};
    if (has_host) {
        const std::string& host = values.text(start + "host");
        listener.host = host.empty() ? values.text("hub.name") : host;
    }
    return listener;
}

Limits limits_of(const Values& values) {
    return {.batch_requests = values.count("limits.batch_requests"),
            .queue_requests = values.count("limits.queue_requests"),
            .bytes_in_flight = values.count("limits.bytes_in_flight"),
            .verified_refusals_per_minute = values.count("limits.verified_refusals_per_minute"),
            .inbox_wait = values.duration("limits.inbox_wait"),
            .request_deadline = values.duration("limits.request_deadline"),
            .keep_alive = values.duration("limits.keep_alive")};
}

LogLevel level_of(std::string_view word) {
    if (word == "error") return LogLevel::error;
    if (word == "warn") return LogLevel::warn;
    return word == "debug" ? LogLevel::debug : LogLevel::info;
}

Settings settings_of(const Values& values) {
    return {.hub = hub_of(values),
            .listeners = {.organisations = listener_of(values, "organisations", true),
                          .connections_each = small(values.count("listeners.organisations.connections_each")),
                          .officers = listener_of(values, "officers", true),
                          .newcomers = listener_of(values, "newcomers", true),
                          .person = listener_of(values, "person", true),
                          .local = listener_of(values, "local", false)},
            .database = {values.text("database.conninfo"), values.file("database.password_file"),
                         small(values.count("database.readers"))},
            .keys = {values.file("keys.directory"), values.file("keys.passphrase_file")},
            .release = {values.duration("release.spread")},
            .limits = limits_of(values),
            .state = {values.file("state.checkpoint_file")},
            .log = {level_of(values.text("log.level"))},
            .catalogue = values.file("catalogue.directory"),
            .text = {}};
}

// Two listeners on one port would be told only by the second one's failing start.
void check_ports(const Values& values, SettingsFaults& faults) {
    static constexpr std::array<std::string_view, 5> kNames{"organisations", "officers", "newcomers",
                                                            "person", "local"};
    for (std::size_t later = 1; later < kNames.size(); ++later) {
        const std::string key = "listeners." + std::string(kNames[later]) + ".port";
        for (std::size_t i = 0; i < later; ++i) {
            if (values.count("listeners." + std::string(kNames[i]) + ".port") != values.count(key)) continue;
            faults.push_back(values.fault(key, "listeners." + std::string(kNames[i]) + " has the same port",
                                          "Give each listener a port of its own"));
        }
    }
}

void check_together(const Values& values, SettingsFaults& faults) {
    check_ports(values, faults);
    const std::string& conninfo = values.text("database.conninfo");
    if (conninfo.find("password") != std::string::npos || conninfo.find("://") != std::string::npos) {
        faults.push_back(values.fault("database.conninfo", "it is an address or holds a password",
                                      "Write keywords like host=db dbname=kesher, and name a password_file"));
    }
    if (values.count("limits.batch_requests") > values.count("limits.queue_requests")) {
        faults.push_back(values.fault("limits.batch_requests", "it is more than limits.queue_requests",
                                      "Lower it, or raise limits.queue_requests"));
    }
    if (2 * values.count("listeners.organisations.connections_each") >
        values.count("listeners.organisations.threads")) {
        faults.push_back(values.fault("listeners.organisations.connections_each",
                                      "it is more than half of listeners.organisations.threads",
                                      "Lower it, or raise listeners.organisations.threads"));
    }
    if (values.file("keys.directory") == values.file("state.checkpoint_file").parent_path()) {
        faults.push_back(values.fault("keys.directory", "it is the folder of state.checkpoint_file",
                                      "Give the keys a folder of their own, which other backups hold"));
    }
}

}  // namespace

contract::Result<Settings, SettingsFaults> read_settings(const std::filesystem::path& file) {
    auto text = read_text_file(file);
    if (!text) return Failure{text.error()};
    const auto values = parse_table(*text, file, hub_settings());
    if (!values) return Failure{values.error()};
    SettingsFaults faults;
    check_together(*values, faults);
    if (!faults.empty()) return Failure{std::move(faults)};
    Settings settings = settings_of(*values);
    settings.text = *std::move(text);
    return settings;
}

}  // namespace kesher::config
