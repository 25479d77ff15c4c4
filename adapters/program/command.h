// What the commands of kesher-adapter share.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "adapters/kit/organisation_keys.h"

namespace kesher::program {

struct Common {
    std::filesystem::path directory;
    std::filesystem::path passphrase_file;  // of the private keys; empty where they lie plain
    bool json = false;
};

// Lines for people as key and value; with --json the same as one object.
using Facts = std::vector<std::pair<std::string, std::string>>;
using Outcome = kit::Usable<Facts>;
using Chosen = std::function<Outcome(const Common&)>;

void add_initialise_command(CLI::App& app, Chosen& chosen);
void add_agreement_commands(CLI::App& app, Chosen& chosen);
void add_keys_commands(CLI::App& app, Chosen& chosen);
void add_run_command(CLI::App& app, Chosen& chosen);

// Where a command speaks for one directory; `run` finds it in its settings.
inline void need_directory(const Common& common) {
    if (common.directory.empty()) throw CLI::RequiredError("--dir");
}

[[nodiscard]] inline contract::Instant now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace kesher::program
