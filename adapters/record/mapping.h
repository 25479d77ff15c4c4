// The names and codes of a native format, from a data file, so that a ministry's real specification takes the
// place of our profile without a change of code.
//
// A file of three tables: [name] what each of our fields is called there; [code] which code of theirs stands
// for each of our words, for both directions; [meaning] what each code that only they write means to us.
// Judged whole by the form that the native half gives, all faults at once, each with its line: a name or word
// that is missing, unknown or doubled, a code of theirs that would stand for two of ours, a meaning that is
// none.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings_fault.h"
#include "schemas/contract/result.h"

namespace kesher::record {

// What a mapping of this native half must have, and all that it may have.
struct MappingForm {
    struct Codes {
        std::string_view list;  // "service": keys of [code] are "service.BEN-CHILD"
        std::vector<std::string_view> words;
    };
    struct Meanings {
        std::string_view list;  // "status": keys of [meaning] are "status.10"
        std::function<bool(std::string_view)> is_meaning;
    };
    std::vector<std::string_view> names;
    std::vector<Codes> codes;
    std::vector<Meanings> meanings;
    // How a name (of this field of ours) and a code of theirs must be spelled to stand in the format.
    std::function<bool(std::string_view field, std::string_view name)> is_name;
    std::function<bool(std::string_view)> is_code;
};

class Mapping {
public:
    // `file` is for the faults.
    [[nodiscard]] static contract::Result<Mapping, config::SettingsFaults> parse(
        std::string_view toml, const std::filesystem::path& file, const MappingForm& form);
    [[nodiscard]] static contract::Result<Mapping, config::SettingsFaults> read(
        const std::filesystem::path& file, const MappingForm& form);

    // Of our field. Asking for one that the form does not have is a fault of ours (std::out_of_range).
    [[nodiscard]] const std::string& name(std::string_view field) const;
    // Of our word; the same.
    [[nodiscard]] const std::string& code(std::string_view list, std::string_view word) const;
    // Our word, or meaning, of their code; null where there is none.
    [[nodiscard]] const std::string* word(std::string_view list, std::string_view code) const;
    [[nodiscard]] const std::string* meaning(std::string_view list, std::string_view code) const;

    // Every code of theirs that the list has, in the order of the alphabet.
    [[nodiscard]] std::vector<std::string> codes(std::string_view list) const;

private:
    using Table = std::map<std::string, std::string, std::less<>>;
    friend class MappingJudge;
    Table names_, codes_, words_, meanings_;
};

}  // namespace kesher::record
