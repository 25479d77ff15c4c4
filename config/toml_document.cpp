// The only file that knows toml++. Exceptions are off there: a bad text is an expected failure.
#include "config/toml_document.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <system_error>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
// Its own assertions are about the text ("1979-05-27T.7" stops the program); the checks behind them refuse
// it.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

#include "schemas/contract/bytes.h"

namespace kesher::config {
namespace {

using contract::Failure;

Place place_of(const toml::source_position& position) {
    return {static_cast<unsigned>(position.line), static_cast<unsigned>(position.column)};
}

TomlValue value_of(const toml::node& node);

TomlValue table_of(const toml::table& table) {
    TomlValue value;
    value.kind = TomlValue::Kind::table;
    for (auto&& [key, node] : table) {
        value.members.push_back({std::string(key.str()), place_of(key.source().begin), value_of(node)});
    }
    // toml++ sorts by name; faults and routes are told in the order in which they were written.
    std::stable_sort(
        value.members.begin(), value.members.end(), [](const TomlMember& a, const TomlMember& b) {
            return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
        });
    return value;
}

TomlValue value_of(const toml::node& node) {
    TomlValue value;
    if (const auto* table = node.as_table()) {
        value = table_of(*table);
    } else if (const auto* array = node.as_array()) {
        value.kind = TomlValue::Kind::list;
        for (const toml::node& item : *array) value.items.push_back(value_of(item));
    } else if (const auto* text = node.as_string()) {
        value.kind = TomlValue::Kind::text;
        value.text = text->get();
    } else if (const auto* integer = node.as_integer()) {
        value.kind = TomlValue::Kind::integer;
        value.integer = integer->get();
    } else if (const auto* flag = node.as_boolean()) {
        value.kind = TomlValue::Kind::flag;
        value.flag = flag->get();
    } else {
        value.kind = TomlValue::Kind::foreign;
    }
    value.place = place_of(node.source().begin);
    return value;
}

SettingsFaults one(const std::string& file, Place place, std::string what, std::string mend) {
    return {{file, place, "", std::move(what), std::move(mend)}};
}

// Past a quoted text that begins at `at`; a text of one line ends with its line whatever comes.
std::size_t past_quoted(std::string_view text, std::size_t at) {
    const char quote = text[at];
    const std::string three(3, quote);
    const bool lines = text.substr(at).starts_with(three);
    for (at += lines ? 3 : 1; at < text.size(); ++at) {
        if (quote == '"' && text[at] == '\\') {
            ++at;
            // No escape begins with such a letter, nor does one follow the blanks before a line's end that is
            // escaped; toml++ holds some of them for unreachable here too.
            const std::size_t after = std::min(text.find_first_not_of(" \t\r", at), text.size());
            if (after < text.size() && static_cast<unsigned char>(text[after]) >= 0x80) return after;
        } else if (lines && text.substr(at).starts_with(three)) {
            at += 3;  // its last quotes may stand before the three that end it
            for (int more = 0; more < 2 && at < text.size() && text[at] == quote; ++more) ++at;
            return at;
        } else if (!lines && (text[at] == quote || text[at] == '\n')) {
            return at + 1;
        }
    }
    return std::min(at, text.size());
}

// Where a letter beyond ASCII stands neither in quotes nor in a comment. TOML 1.0 knows none there, and
// toml++ runs into what its authors hold unreachable ("r1" and U+034C).
std::optional<Place> stray_letter(std::string_view text) {
    constexpr std::string_view kBeforeQuotes =
        "\n=[{,.";     // elsewhere a quote is no beginning, also to toml++
    char last = '\n';  // beside blanks
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0x80) {
            const std::string_view before = text.substr(0, at);
            const auto line = std::count(before.begin(), before.end(), '\n');
            const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is the beginning
            return Place{static_cast<unsigned>(line + 1), static_cast<unsigned>(at - start + 1)};
        }
        if (byte == '#') {
            at = std::min(text.find('\n', at), text.size());
        } else if ((byte == '"' || byte == '\'') && kBeforeQuotes.find(last) != std::string_view::npos) {
            at = past_quoted(text, at);
            last = text[at - 1] == '\n' ? '\n' : '"';
        } else {
            if (byte != ' ' && byte != '\t' && byte != '\r') last = text[at];
            ++at;
        }
    }
    return std::nullopt;
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
    for (const TomlMember& member : members) {
        if (member.key == key) return &member.value;
    }
    return nullptr;
}

contract::Result<TomlValue, SettingsFaults> parse_toml(std::string_view text, const std::string& file_name) {
    if (text.size() > kTomlBytes) {
        return Failure{one(file_name, {}, "the file is over 1 MiB", "Give the settings file itself")};
    }
    if (!contract::is_utf8(text) || text.find('\0') != std::string_view::npos) {
        return Failure{one(file_name, {}, "the file is not UTF-8 text", "Save it as UTF-8")};
    }
    const bool marked = text.starts_with("\xEF\xBB\xBF");  // a byte order mark, as some editors write it
    if (const auto place = stray_letter(text.substr(marked ? 3 : 0))) {
        return Failure{one(file_name, *place, "not TOML: a letter that is not ASCII stands outside quotes",
                           "Put quotes around it")};
    }
    const toml::parse_result parsed = toml::parse(text, file_name);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        return Failure{one(file_name, place_of(error.source().begin),
                           "not TOML: " + std::string(error.description()),
                           "Mend the line (toml.io, version 1.0)")};
    }
    return table_of(parsed.table());
}

contract::Result<std::string, SettingsFaults> read_text_file(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) {
        return Failure{one(file.string(), {}, "there is no such file", "Check the path")};
    }
    const auto size = std::filesystem::file_size(file, error);
    if (error || size > kTomlBytes) {
        return Failure{one(file.string(), {}, "the file is over 1 MiB", "Give the file that was meant")};
    }
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (!stream || !stream.read(bytes.data(), static_cast<std::streamsize>(size))) {
        return Failure{one(file.string(), {}, "the file cannot be read", "Let this program's user read it")};
    }
    return bytes;
}

}  // namespace kesher::config
