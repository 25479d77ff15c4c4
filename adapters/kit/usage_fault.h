// A wrong command line as it is told: which command it was, what is wrong, and where its parts are listed.
#pragma once

#include <string>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace kesher::kit {

// `kesherctl case open: --id is required`, and the command that says more. For CLI::App::failure_message; the
// program's App is given its name, else it has that of the file that was started.
[[nodiscard]] std::string usage_fault(const CLI::App* program, const CLI::Error& fault);

}  // namespace kesher::kit
