#include "adapters/record/mapping.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "config/toml_reader.h"

namespace kesher::record {
namespace {

using config::Entry;
using config::Kind;
using config::Setting;

constexpr std::array kTables{
    Setting{"name", Kind::entries, "", "", "What each of our fields is called there."},
    Setting{"code", Kind::entries, "", "", "Which code of theirs stands for each of our words."},
    Setting{"meaning", Kind::entries, "", "", "What each code that they alone write means to us."},
};

std::string joined(std::string_view list, std::string_view word) {
    return std::string(list).append(".").append(word);
}

std::string_view element_of(std::string_view field) {
    const std::size_t dot = field.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : field.substr(0, dot);
}

const std::string* found_in(const std::map<std::string, std::string, std::less<>>& table,
                            std::string_view list, std::string_view key) {
    const auto found = table.find(joined(list, key));
    return found == table.end() ? nullptr : &found->second;
}

}  // namespace

class MappingJudge {
public:
    MappingJudge(const config::Values& values, const std::filesystem::path& file, const MappingForm& form)
        : values_(values), file_(file.string()), form_(form) {}

    contract::Result<Mapping, config::SettingsFaults> judge() {
        judge_names();
        judge_codes();
        judge_meanings();
        if (!faults_.empty()) return contract::Failure{std::move(faults_)};
        return std::move(mapping_);
    }

private:
    void complain(const config::Place& place, std::string key, std::string what, std::string mend) {
        faults_.push_back({file_, place, std::move(key), std::move(what), std::move(mend)});
    }
    void complain(std::string_view table, const Entry& entry, std::string what, std::string mend) {
        complain(entry.place, joined(table, entry.key), std::move(what), std::move(mend));
    }
    void miss(std::string_view table, const std::string& key) {
        complain({}, joined(table, key), "it is missing", "Add it; the built-in mapping has all of them");
    }

    void judge_names() {
        std::set<std::string> theirs;  // of one element: what stands before the last dot
        for (const Entry& entry : values_.entries("name")) {
            if (std::ranges::find(form_.names, entry.key) == form_.names.end()) {
                complain("name", entry, "there is no such field",
                         "Remove it, or spell it as the built-in mapping does");
            } else if (!form_.is_name(entry.key, entry.value)) {
                complain("name", entry, "it cannot stand in the format as a name",
                         "Write the name that their specification has");
            } else if (!theirs.insert(joined(element_of(entry.key), entry.value)).second) {
                complain("name", entry, "another field of its element has this name",
                         "Give each field a name of its own");
            } else {
                mapping_.names_.emplace(entry.key, entry.value);
            }
        }
        for (const std::string_view name : form_.names) {
            if (!is_given("name", name)) miss("name", std::string(name));
        }
    }

    void judge_codes() {
        std::set<std::string> expected;
        for (const MappingForm::Codes& list : form_.codes) {
            for (const std::string_view word : list.words) expected.insert(joined(list.list, word));
        }
        for (const Entry& entry : values_.entries("code")) {
            const std::string list = entry.key.substr(0, entry.key.find('.'));
            if (!expected.contains(entry.key)) {
                complain("code", entry, "there is no such word",
                         "Remove it, or spell it as the built-in mapping does");
            } else if (!form_.is_code(entry.value)) {
                complain("code", entry, "it cannot stand in the format as a code",
                         "Write the code that their specification has");
            } else if (!mapping_.words_.emplace(joined(list, entry.value), entry.key.substr(list.size() + 1))
                            .second) {
                complain("code", entry, "another word of the list has this code",
                         "Give each word a code of its own: what comes back must be one of them");
            } else {
                mapping_.codes_.emplace(entry.key, entry.value);
            }
        }
        for (const std::string& key : expected) {
            if (!is_given("code", key)) miss("code", key);
        }
    }

    void judge_meanings() {
        for (const Entry& entry : values_.entries("meaning")) {
            const std::size_t dot = entry.key.find('.');
            const std::string list = entry.key.substr(0, dot);
            const auto of = std::ranges::find(form_.meanings, list, &MappingForm::Meanings::list);
            if (dot == std::string::npos || of == form_.meanings.end()) {
                complain("meaning", entry, "there is no such list",
                         "Remove it, or spell it as the built-in mapping does");
            } else if (!form_.is_code(std::string_view(entry.key).substr(dot + 1))) {
                complain("meaning", entry, "such a code cannot stand in the format",
                         "Write the code that their specification has");
            } else if (!of->is_meaning(entry.value)) {
                complain("meaning", entry, "it is no word of the exchange",
                         "Choose one as the built-in mapping spells them");
            } else {
                mapping_.meanings_.emplace(entry.key, entry.value);
            }
        }
        for (const MappingForm::Meanings& list : form_.meanings) {
            const auto& given = values_.entries("meaning");
            const bool any = std::ranges::any_of(
                given, [&](const Entry& entry) { return entry.key.starts_with(joined(list.list, "")); });
            if (!any) miss("meaning", std::string(list.list));
        }
    }

    [[nodiscard]] bool is_given(std::string_view table, std::string_view key) const {
        return std::ranges::any_of(values_.entries(table),
                                   [&](const Entry& entry) { return entry.key == key; });
    }

    const config::Values& values_;
    std::string file_;
    const MappingForm& form_;
    Mapping mapping_;
    config::SettingsFaults faults_;
};

contract::Result<Mapping, config::SettingsFaults> Mapping::parse(std::string_view toml,
                                                                 const std::filesystem::path& file,
                                                                 const MappingForm& form) {
    const auto values = config::parse_table(toml, file, kTables);
    if (!values) return contract::Failure{values.error()};
    return MappingJudge(*values, file, form).judge();
}

contract::Result<Mapping, config::SettingsFaults> Mapping::read(const std::filesystem::path& file,
                                                                const MappingForm& form) {
    const auto values = config::read_table(file, kTables);
    if (!values) return contract::Failure{values.error()};
    return MappingJudge(*values, file, form).judge();
}

const std::string& Mapping::name(std::string_view field) const {
    const auto found = names_.find(field);
    if (found == names_.end()) throw std::out_of_range("a mapping was asked for a field that its form lacks");
    return found->second;
}

const std::string& Mapping::code(std::string_view list, std::string_view word) const {
    const std::string* found = found_in(codes_, list, word);
    if (found == nullptr) throw std::out_of_range("a mapping was asked for a word that its form lacks");
    return *found;
}

const std::string* Mapping::word(std::string_view list, std::string_view code) const {
    return found_in(words_, list, code);
}

const std::string* Mapping::meaning(std::string_view list, std::string_view code) const {
    return found_in(meanings_, list, code);
}

std::vector<std::string> Mapping::codes(std::string_view list) const {
    const std::string start = std::string(list) + '.';
    std::vector<std::string> found;
    for (const Table* table : {&words_, &meanings_}) {
        for (auto at = table->lower_bound(start); at != table->end() && at->first.starts_with(start); ++at) {
            found.push_back(at->first.substr(start.size()));
        }
    }
    return found;
}

}  // namespace kesher::record
