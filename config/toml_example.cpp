// Writes a table of settings as the file that sets them all to their defaults.
#include <cassert>

#include "config/toml_reader.h"
#include "config/toml_scalar.h"

namespace kesher::config {
namespace {

constexpr std::size_t kLineCharacters = 100;

void write_comment(std::string& file, std::string_view text) {
    while (!text.empty()) {
        std::size_t end = text.size();
        if (end > kLineCharacters) end = text.rfind(' ', kLineCharacters);
        assert(end != std::string_view::npos && end > 0);  // no word of ours is that long
        file += "# " + std::string(text.substr(0, end)) + '\n';
        text.remove_prefix(end);
        if (!text.empty()) text.remove_prefix(1);
    }
}

std::string rule_of(const Setting& setting) {
    std::string rule;
    if (setting.kind == Kind::choice) rule = "One of " + std::string(setting.range) + ". ";
    if (setting.kind == Kind::count || setting.kind == Kind::duration) {
        const auto [least, most] = ends_of(setting.range);
        rule = "From " + std::string(least) + " to " + std::string(most) + ". ";
    }
    if (setting.kind == Kind::texts) rule = std::string(setting.range) + " texts. ";
    if (setting.need == Need::required) return rule + "Required; this is an example.";
    if (setting.standard == "\"\"") return rule + "Default: empty.";
    return rule + "Default: " + std::string(setting.standard) + '.';
}

}  // namespace

std::string example_text(std::string_view heading, std::span<const Setting> table) {
    std::string file;
    write_comment(file, heading);
    std::string section;
    for (const Setting& setting : table) {
        const std::size_t dot = setting.key.rfind('.');
        const bool free_keys = setting.kind == Kind::entries;
        const std::string own = free_keys                       ? std::string(setting.key)
                                : dot == std::string_view::npos ? ""
                                                                : std::string(setting.key.substr(0, dot));
        assert(!own.empty() || section.empty());  // TOML has no way back to the top
        if (own != section) file += "\n[" + own + "]\n";
        if (own == section) file += '\n';
        section = own;
        write_comment(file, setting.doc);
        if (free_keys) continue;
        write_comment(file, rule_of(setting));
        const std::string name(dot == std::string_view::npos ? setting.key : setting.key.substr(dot + 1));
        file += name + " = " + std::string(setting.standard) + '\n';
    }
    return file;
}

}  // namespace kesher::config
