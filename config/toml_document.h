// A TOML 1.0 text as a plain tree in which every value knows its line. The TOML library stays in the
// .cpp; settings, adapters' settings and the catalogue read this tree. Keys twice, bad UTF-8 and
// whatever else TOML forbids are refused here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings_fault.h"
#include "schemas/contract/result.h"

namespace kesher::config {

inline constexpr std::size_t kTomlBytes = 1024 * 1024;  // no file of ours is near it; a wrong path may be

struct TomlMember;

struct TomlValue {
    enum class Kind { text, integer, flag, list, table, foreign };  // foreign: floats and dates, unused here
    Kind kind = Kind::table;
    Place place;
    std::string text;
    std::int64_t integer = 0;
    bool flag = false;
    std::vector<TomlValue> items;
    std::vector<TomlMember> members;  // in file order

    [[nodiscard]] const TomlValue* find(std::string_view key) const;  // null where there is none
};

struct TomlMember {
    std::string key;
    Place place;
    TomlValue value;
};

[[nodiscard]] contract::Result<TomlValue, SettingsFaults> parse_toml(std::string_view text,
                                                                     const std::string& file_name);
// The file's bytes, or one fault that says why there are none.
[[nodiscard]] contract::Result<std::string, SettingsFaults> read_text_file(const std::filesystem::path& file);

}  // namespace kesher::config
