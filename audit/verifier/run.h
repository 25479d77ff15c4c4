// The command line of kesher-verify.
#pragma once

#include <iosfwd>

namespace kesher::verifier {

// Exit code: 0 what was asked holds, 1 it does not (`REFUSED: reason`), 2 the call was wrong.
[[nodiscard]] int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace kesher::verifier
