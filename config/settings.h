// The hub's settings: read once at start from one TOML file into structs that never change.
//
// Nobody else reads the file, the environment or a default. A rule never sees these: what decides
// about a referral is a fact in the log or a limit of the contract. Limits here can only be lowered.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "config/settings_fault.h"
#include "config/toml_reader.h"
#include "schemas/contract/result.h"

namespace kesher::config {

struct Hub {
    std::string name;        // host-like, for ever: it is in every statement and checkpoint
    std::uint64_t log = 1;   // number of the log
    std::string log_origin;  // <name>/log, of the n-th <name>/log/<n> (contract.md 4)
};

struct Listener {
    std::string address;
    std::uint16_t port = 0;
    std::uint16_t threads = 0;
    std::string host;  // the name others call it by; of `local` empty
};

struct Listeners {  // contract.md 3
    Listener organisations;
    std::uint16_t connections_each = 0;  // of one organisation
    Listener officers;
    Listener newcomers;
    Listener person;
    Listener local;
};

struct Database {
    std::string conninfo;                 // libpq keywords, never with a password
    std::filesystem::path password_file;  // libpq's passfile; empty = none needed (peer)
    std::uint16_t readers = 0;            // connections besides the sequencer's own
};

struct Keys {
    std::filesystem::path directory;
    std::filesystem::path passphrase_file;
};

struct Release {
    std::chrono::milliseconds spread{};  // contract.md 1, Spread
};

// Each at most what schemas/contract/limits.h says.
struct Limits {
    std::size_t batch_requests = 0;
    std::size_t queue_requests = 0;
    std::size_t bytes_in_flight = 0;
    std::size_t verified_refusals_per_minute = 0;
    std::chrono::milliseconds inbox_wait{};
    std::chrono::milliseconds request_deadline{};
    std::chrono::milliseconds keep_alive{};
};

struct State {
    std::filesystem::path checkpoint_file;  // the last checkpoint seen, apart from the database: an older
                                            // database put back is noticed at start
};

enum class LogLevel { error, warn, info, debug };
struct Log {
    LogLevel level = LogLevel::info;
};

struct Settings {
    Hub hub;
    Listeners listeners;
    Database database;
    Keys keys;
    Release release;
    Limits limits;
    State state;
    Log log;
    std::filesystem::path catalogue;  // folder; empty = the catalogue built in
    std::string text;                 // the file's own bytes, as they were read: the log keeps their digest
};

[[nodiscard]] contract::Result<Settings, SettingsFaults> read_settings(const std::filesystem::path& file);

// The table that kesher.example.toml is written from.
[[nodiscard]] std::span<const Setting> hub_settings();
[[nodiscard]] std::string hub_example();

}  // namespace kesher::config
