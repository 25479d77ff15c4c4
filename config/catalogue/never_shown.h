// Word stems that no wire, file, screen, feed, log line or address may hold (never_shown.txt), and
// the search for them. Letters are compared without case, vowel points and invisible marks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings_fault.h"
#include "schemas/contract/result.h"

namespace kesher::catalogue {

class NeverShown {
public:
    // One stem a line; `#` starts a comment; `-word` is a harmless word that holds a stem by chance.
    [[nodiscard]] static contract::Result<NeverShown, config::SettingsFaults> parse(
        std::string_view text, const std::string& file_name);
    [[nodiscard]] static const NeverShown& built_in();

    // The first stem in the text, as the list spells it.
    [[nodiscard]] std::optional<std::string> found_in(std::string_view text) const;
    [[nodiscard]] const std::vector<std::string>& stems() const { return stems_; }

private:
    NeverShown() = default;
    std::vector<std::string> stems_;
    std::vector<std::string> folded_;
    std::vector<std::string> harmless_;  // folded
};

}  // namespace kesher::catalogue
