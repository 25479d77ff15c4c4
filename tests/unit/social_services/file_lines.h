// Files for the tests, written line by line in UTF-8 with their fields changed by name.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/social_services/department_file.h"
#include "adapters/social_services/fields.h"

namespace kesher::social_services::test {

using Changes = std::map<std::string_view, std::string>;

// A record of exactly the table's widths: what is given stands to the left in words and to the right
// in numbers. `changes` win over `values`.
inline std::string record(std::span<const Field> fields, std::string_view code, Changes values,
                          const Changes& changes) {
    for (const auto& [name, value] : changes) values[name] = value;
    values["code"] = std::string(code);
    std::string line;
    for (const Field& field : fields) {
        std::string value = values[field.name];
        if (field.name == "entity" && value.empty()) value = "000000018";
        if (field.name == "constant" && value.empty()) value = std::string(kConstant);
        const bool number = field.shape == Shape::number || field.shape == Shape::day;
        const std::size_t missing = field.width - std::min(field.width, value.size());
        line += number ? std::string(missing, '0') + value : value + std::string(missing, ' ');
    }
    return line;
}

inline std::string referral(const Changes& changes = {}) {
    return record(kR100, "R100",
                  {{"referral", "A-1"},
                   {"service", "HOUS-RENT"},
                   {"priority", "1"},
                   {"created", "20261121"},
                   {"consent", "H-17"},
                   {"consent_to", "20270101"},
                   {"basis", "SWL8-1"},
                   {"authority_type", "S"},
                   {"symbol", "5000"},
                   {"language", "he"},
                   {"contact", "1"}},
                  changes);
}
inline std::string identity(const Changes& changes = {}) {
    return record(kI100, "I100", {{"referral", "A-1"}, {"id_number", "000000018"}}, changes);
}
inline std::string need(unsigned line, const Changes& changes = {}) {
    return record(kN100, "N100", {{"referral", "A-1"}, {"need_line", std::to_string(line)}, {"need", "x"}},
                  changes);
}
inline std::string status(const Changes& changes = {}) {
    return record(kS100, "S100", {{"referral", "A-1"}, {"status", "5"}, {"date", "20261122"}}, changes);
}
inline std::string answer(const Changes& changes = {}) {
    return record(kM100, "M100", {{"outcome", "A"}}, changes);
}

// The records in their frame, numbered.
inline std::string framed(std::vector<std::string> lines) {
    lines.insert(lines.begin(), record(kA100, "A100", {{"primary", "42"}}, {}));
    lines.push_back(
        record(kZ900, "Z900", {{"primary", "42"}, {"total", std::to_string(lines.size() + 1)}}, {}));
    std::string file;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string number = std::to_string(i + 1);
        file += lines[i].replace(4, 9, std::string(9 - number.size(), '0') + number) + "\r\n";
    }
    return file;
}

}  // namespace kesher::social_services::test
