// Walks the file once against the table; every fault is kept, so that one start shows them all.
#include "config/toml_reader.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <stdexcept>
#include <string_view>
#include <tuple>

#include "config/toml_document.h"
#include "config/toml_scalar.h"

namespace kesher::config {

using contract::Failure;

class TableReader {
public:
    TableReader(std::filesystem::path file, std::span<const Setting> table)
        : file_(std::move(file)), table_(table) {
        values_.file_name_ = file_.string();
    }

    contract::Result<Values, SettingsFaults> read(const TomlValue& document) {
        walk(document, "");
        for (const Setting& setting : table_) {
            if (!seen_.contains(setting.key)) take_default(setting);
        }
        if (faults_.empty()) return std::move(values_);
        std::ranges::sort(faults_, {}, [](const SettingsFault& fault) {
            return std::tuple(fault.place.line, fault.place.column, std::string_view(fault.key),
                              std::string_view(fault.what));
        });
        return Failure{std::move(faults_)};
    }

private:
    using Value = Values::Value;

    const Setting* find(std::string_view key) const {
        for (const Setting& setting : table_) {
            if (setting.key == key) return &setting;
        }
        return nullptr;
    }

    bool is_section(const std::string& key) const {
        const std::string start = key + '.';
        return std::any_of(table_.begin(), table_.end(),
                           [&](const Setting& setting) { return setting.key.starts_with(start); });
    }

    void walk(const TomlValue& table, const std::string& above) {
        for (const TomlMember& member : table.members) {
            const std::string key = above.empty() ? member.key : above + '.' + member.key;
            if (const Setting* setting = find(key)) {
                take(*setting, member.value, member.place);
            } else if (is_section(key) && member.value.kind == TomlValue::Kind::table) {
                walk(member.value, key);
            } else {
                refuse_unknown(key, above, member.place);
            }
        }
    }

    void refuse_unknown(const std::string& key, const std::string& above, Place place) {
        if (names_a_secret(key)) {
            complain(key, place, "a secret never stands in this file",
                     "Take it out, change it, and name a file that holds it");
            return;
        }
        const std::string start = above.empty() ? "" : above + '.';
        std::set<std::string> known;
        for (const Setting& setting : table_) {
            if (!setting.key.starts_with(start)) continue;
            const std::string_view rest = setting.key.substr(start.size());
            known.emplace(rest.substr(0, rest.find('.')));
        }
        std::string names;
        for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
        complain(key, place, "there is no such setting", "Known here are " + names);
    }

    void take_default(const Setting& setting) {
        if (setting.need == Need::required) {
            complain(std::string(setting.key), {}, "it is missing and has no default",
                     "Set it, for example to " + std::string(setting.standard));
            return;
        }
        if (setting.kind == Kind::entries) {
            values_.values_[std::string(setting.key)].kind = Kind::entries;
            return;
        }
        const auto document = parse_toml("value = " + std::string(setting.standard), "default");
        const std::size_t faults_before = faults_.size();
        if (document) take(setting, *document->find("value"), {});
        if (!document || faults_.size() != faults_before) {
            throw std::logic_error("the default of " + std::string(setting.key) + " breaks its own rule");
        }
    }

    void take(const Setting& setting, const TomlValue& found, Place place) {
        seen_.emplace(setting.key);
        Value value;
        value.kind = setting.kind;
        value.place = place;
        if (judge(setting, found, value)) values_.values_.insert_or_assign(std::string(setting.key), value);
    }

    bool judge(const Setting& setting, const TomlValue& found, Value& value) {
        switch (setting.kind) {
            case Kind::flag:
                return judge_flag(setting, found, value);
            case Kind::count:
                return judge_count(setting, found, value);
            case Kind::texts:
                return judge_texts(setting, found, value);
            case Kind::entries:
                return judge_entries(setting, found, "", value);
            default:
                return judge_text(setting, found, value);
        }
    }

    bool judge_flag(const Setting& setting, const TomlValue& found, Value& value) {
        value.number = found.flag ? 1 : 0;
        return found.kind == TomlValue::Kind::flag ||
               wrong(setting, value.place, "it is neither true nor false",
                     "Write true or false without quotes");
    }

    bool judge_count(const Setting& setting, const TomlValue& found, Value& value) {
        const auto [least, most] = ends_of(setting.range);
        const std::string mend =
            "Give a whole number from " + std::string(least) + " to " + std::string(most);
        if (found.kind != TomlValue::Kind::integer) {
            return wrong(setting, value.place, "it is not a whole number", mend);
        }
        value.number = static_cast<std::uint64_t>(found.integer);
        const bool fits =
            found.integer >= 0 && value.number >= parse_count(least) && value.number <= parse_count(most);
        return fits || wrong(setting, value.place, std::to_string(found.integer) + " is out of range", mend);
    }

    bool judge_texts(const Setting& setting, const TomlValue& found, Value& value) {
        const auto [least, most] = ends_of(setting.range);
        const std::string mend =
            "Give a list of " + std::string(least) + " to " + std::string(most) + " texts in quotes";
        bool fits = found.kind == TomlValue::Kind::list && found.items.size() >= parse_count(least) &&
                    found.items.size() <= parse_count(most);
        for (const TomlValue& item : found.items) {
            fits = fits && item.kind == TomlValue::Kind::text && is_plain_text(item.text);
            value.texts.push_back(item.text);
        }
        return fits || wrong(setting, value.place, "it is not such a list", mend);
    }

    bool judge_entries(const Setting& setting, const TomlValue& found, const std::string& above,
                       Value& value) {
        static constexpr std::string_view kMend = "Give keys with texts in quotes, each key once";
        if (found.kind != TomlValue::Kind::table) {
            return wrong(setting, value.place, "it is not a table", std::string(kMend));
        }
        bool fits = true;
        for (const TomlMember& member : found.members) {
            const std::string key = above + member.key;
            const bool twice = std::any_of(value.entries.begin(), value.entries.end(),
                                           [&](const Entry& entry) { return entry.key == key; });
            if (member.value.kind == TomlValue::Kind::table) {
                fits = judge_entries(setting, member.value, key + '.', value) && fits;
            } else if (member.value.kind == TomlValue::Kind::text && is_plain_text(member.value.text) &&
                       !twice) {
                value.entries.push_back({key, member.value.text, member.place});
            } else {
                complain(std::string(setting.key) + '.' + key, member.place,
                         twice ? "this key stands twice" : "it is not a plain text", std::string(kMend));
                fits = false;
            }
        }
        return fits;
    }

    bool judge_text(const Setting& setting, const TomlValue& found, Value& value) {
        if (found.kind != TomlValue::Kind::text || !is_plain_text(found.text)) {
            return wrong(setting, value.place, "it is not a plain text in quotes",
                         "Write it in quotes, on one line");
        }
        value.text = found.text;
        switch (setting.kind) {
            case Kind::duration:
                return judge_duration(setting, value);
            case Kind::choice:
                return is_choice(found.text, setting.range) ||
                       wrong(setting, value.place, "it is none of the words known here",
                             "Give one of " + std::string(setting.range));
            case Kind::host:
                return (found.text.empty() && setting.need == Need::optional) || is_host_name(found.text) ||
                       wrong(setting, value.place, "it is not a host name",
                             "Give a host name in lower case, like exchange.example.org");
            case Kind::address:
                return is_ip_address(found.text) ||
                       wrong(setting, value.place, "it is not an address",
                             "Give an IPv4 or IPv6 address without a port, like 127.0.0.1 or ::1");
            case Kind::file:
                return judge_file(setting, value);
            default:
                return true;
        }
    }

    bool judge_duration(const Setting& setting, Value& value) {
        const auto [least, most] = ends_of(setting.range);
        const auto found = parse_duration(value.text);
        if (found) value.number = static_cast<std::uint64_t>(found->count());
        return (found && found >= parse_duration(least) && found <= parse_duration(most)) ||
               wrong(setting, value.place, found ? value.text + " is out of range" : "it is not a duration",
                     "Give a number with its unit (ms, s, m, h, d), from " + std::string(least) + " to " +
                         std::string(most));
    }

    // Relative to the settings file, so that a folder with its settings can be moved.
    bool judge_file(const Setting& setting, Value& value) {
        if (value.text.empty()) {
            return setting.need == Need::optional ||
                   wrong(setting, value.place, "it is empty", "Give a path");
        }
        value.file = (file_.parent_path() / value.text).lexically_normal();
        return true;
    }

    bool wrong(const Setting& setting, Place place, std::string what, std::string mend) {
        complain(std::string(setting.key), place, std::move(what), std::move(mend));
        return false;
    }

    void complain(std::string key, Place place, std::string what, std::string mend) {
        faults_.push_back({file_.string(), place, std::move(key), std::move(what), std::move(mend)});
    }

    std::filesystem::path file_;
    std::span<const Setting> table_;
    std::set<std::string, std::less<>> seen_;
    Values values_;
    SettingsFaults faults_;
};

const Values::Value& Values::at(std::string_view key, Kind kind) const {
    const auto found = values_.find(key);
    assert(found != values_.end() && found->second.kind == kind);
    return found->second;
}

const std::string& Values::text(std::string_view key) const {
    const auto found = values_.find(key);
    assert(found != values_.end());
    const Kind kind = found->second.kind;
    assert(kind == Kind::text || kind == Kind::choice || kind == Kind::host || kind == Kind::address);
    return found->second.text;
}

bool Values::flag(std::string_view key) const { return at(key, Kind::flag).number != 0; }
std::uint64_t Values::count(std::string_view key) const { return at(key, Kind::count).number; }
std::chrono::milliseconds Values::duration(std::string_view key) const {
    return std::chrono::milliseconds{at(key, Kind::duration).number};
}
const std::filesystem::path& Values::file(std::string_view key) const { return at(key, Kind::file).file; }
const std::vector<std::string>& Values::texts(std::string_view key) const {
    return at(key, Kind::texts).texts;
}
const std::vector<Entry>& Values::entries(std::string_view key) const {
    return at(key, Kind::entries).entries;
}

SettingsFault Values::fault(std::string_view key, std::string what, std::string mend) const {
    const auto found = values_.find(key);
    assert(found != values_.end());
    return {file_name_, found->second.place, std::string(key), std::move(what), std::move(mend)};
}

contract::Result<Values, SettingsFaults> parse_table(std::string_view toml, const std::filesystem::path& file,
                                                     std::span<const Setting> table) {
    const auto document = parse_toml(toml, file.string());
    if (!document) return Failure{document.error()};
    return TableReader(file, table).read(*document);
}

contract::Result<Values, SettingsFaults> read_table(const std::filesystem::path& file,
                                                    std::span<const Setting> table) {
    const auto bytes = read_text_file(file);
    if (!bytes) return Failure{bytes.error()};
    return parse_table(*bytes, file, table);
}

contract::Result<std::vector<std::string>, SettingsFaults> read_sections(const std::filesystem::path& file) {
    const auto bytes = read_text_file(file);
    if (!bytes) return Failure{bytes.error()};
    const auto document = parse_toml(*bytes, file.string());
    if (!document) return Failure{document.error()};
    std::vector<std::string> names;
    for (const TomlMember& member : document->members) {
        if (member.value.kind == TomlValue::Kind::table) names.push_back(member.key);
    }
    return names;
}

}  // namespace kesher::config
