#include "audit/verifier/finding.h"

#include <ostream>
#include <utility>

#include "audit/log/json_line.h"

namespace kesher::verifier {

Finding Finding::holds(std::string sentence) { return {true, std::move(sentence)}; }
Finding Finding::refused(std::string_view reason) { return {false, std::string(reason)}; }

Finding& Finding::add(std::string key, std::string_view text) {
    lines_.push_back({std::move(key), {std::string(text)}, log::json_text(text)});
    return *this;
}

Finding& Finding::add(std::string key, std::uint64_t number) {
    lines_.push_back({std::move(key), {std::to_string(number)}, std::to_string(number)});
    return *this;
}

Finding& Finding::add(std::string key, const std::vector<Members>& list) {
    Line line{std::move(key), {}, "["};
    for (const Members& members : list) {
        std::string plain;
        std::string object;
        for (const auto& [name, value] : members) {
            plain += (plain.empty() ? "" : " ") + value;
            object += (object.empty() ? "{" : ",") + log::json_text(name) + ":" + log::json_text(value);
        }
        line.json += (line.plain.empty() ? "" : ",") + object + "}";
        line.plain.push_back(std::move(plain));
    }
    line.json += "]";
    lines_.push_back(std::move(line));
    return *this;
}

void Finding::print(std::ostream& out, bool json) const {
    if (json) {
        out << (holds_ ? R"({"holds":true)" : R"({"holds":false,"reason":)" + log::json_text(sentence_));
        for (const Line& line : lines_) out << ',' << log::json_text(line.key) << ':' << line.json;
        out << "}\n";
        return;
    }
    out << (holds_ ? "HOLDS: " : "REFUSED: ") << sentence_ << '\n';
    for (const Line& line : lines_) {
        for (const std::string& plain : line.plain) out << line.key << ": " << plain << '\n';
    }
}

}  // namespace kesher::verifier
