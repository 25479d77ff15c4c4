// Settings as a table: each one's name, kind, default, range and reason in one place, from which the
// file is judged, the values are read, and the example file is written.
//
// The hub and every adapter have a table of their own and read it with the same few functions, so
// that all settings files are strict in the same way: an unknown key, a value out of range or a
// secret written into the file is refused by name and line, all faults at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings_fault.h"
#include "schemas/contract/result.h"

namespace kesher::config {

enum class Kind {
    text,      // any UTF-8 without control characters, at most 1,000 bytes
    choice,    // one of the words of `range`
    flag,      // true or false
    count,     // whole number in `range`: "1..65535"
    duration,  // whole number and unit ms, s, m, h or d in `range`: "0s..48h"
    host,      // host name, lower case (RFC 1123)
    address,   // IPv4 or IPv6 address, without a port
    file,      // path; one that is not absolute counts from the settings file's folder
    texts,     // list of texts
    entries,   // a table of free keys with texts: [route]; nested keys are joined with a dot
};
enum class Need { optional, required };

struct Setting {
    std::string_view key;  // dotted: "listeners.person.port"; a file or folder of secrets ends in _file
    Kind kind;
    std::string_view standard;  // the default as the file spells it: "\"24h\""; if required, an example
    std::string_view range;     // of choice ("error|warn"), count, duration, texts ("0..64"); else empty
    std::string_view doc;       // what it is, its unit, and why one would change it
    Need need = Need::optional;
};

struct Entry {
    std::string key;
    std::string value;
    Place place;
};

// Values of one file that was found without fault. A key that the table does not have, or has with
// another kind, is a fault of the caller and stops the program.
class Values {
public:
    [[nodiscard]] const std::string& text(std::string_view key) const;  // text, choice, host, address
    [[nodiscard]] bool flag(std::string_view key) const;
    [[nodiscard]] std::uint64_t count(std::string_view key) const;
    [[nodiscard]] std::chrono::milliseconds duration(std::string_view key) const;
    [[nodiscard]] const std::filesystem::path& file(std::string_view key) const;  // empty where set to ""
    [[nodiscard]] const std::vector<std::string>& texts(std::string_view key) const;
    [[nodiscard]] const std::vector<Entry>& entries(std::string_view key) const;  // in file order

    // For rules over several settings, which the table cannot say: a fault where `key` stands.
    [[nodiscard]] SettingsFault fault(std::string_view key, std::string what, std::string mend) const;

private:
    friend class TableReader;
    struct Value {
        Kind kind = Kind::text;
        Place place;
        std::string text;
        std::uint64_t number = 0;
        std::filesystem::path file;
        std::vector<std::string> texts;
        std::vector<Entry> entries;
    };
    [[nodiscard]] const Value& at(std::string_view key, Kind kind) const;
    std::string file_name_;
    std::map<std::string, Value, std::less<>> values_;
};

[[nodiscard]] contract::Result<Values, SettingsFaults> read_table(const std::filesystem::path& file,
                                                                  std::span<const Setting> table);
// The same over a text; `file` is for the faults and as the start of relative paths.
[[nodiscard]] contract::Result<Values, SettingsFaults> parse_table(std::string_view toml,
                                                                   const std::filesystem::path& file,
                                                                   std::span<const Setting> table);

// Names of the tables at the top of a file, in its order: for a program that chooses by them which settings
// hold.
[[nodiscard]] contract::Result<std::vector<std::string>, SettingsFaults> read_sections(
    const std::filesystem::path& file);

// The table as a settings file with every setting, its default, range and reason.
[[nodiscard]] std::string example_text(std::string_view heading, std::span<const Setting> table);

}  // namespace kesher::config
