#include "adapters/kit/usage_fault.h"

#include <CLI/CLI.hpp>

namespace kesher::kit {

std::string usage_fault(const CLI::App* program, const CLI::Error& fault) {
    const std::string& name = program->get_name();
    std::string command = name;
    // The subcommands that were read until the fault, the last one of each level.
    for (auto below = program->get_subcommands(); !below.empty(); below = below.back()->get_subcommands()) {
        command += " " + below.back()->get_name();
    }
    // What was typed beside the options is never said again: it may be about a person.
    const bool beside = dynamic_cast<const CLI::ExtrasError*>(&fault) != nullptr;
    const std::string what = beside ? "was given something that it does not take" : fault.what();
    const std::string told = command + ": " + what + "\n`" + command + " --help` ";
    // What every command takes, --dir for one, stands on the program's own page alone.
    return told +
           (command == name ? "says what it takes.\n" : "and `" + name + " --help` say what it takes.\n");
}

}  // namespace kesher::kit
