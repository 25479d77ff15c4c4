// What a command found out, for people (aligned lines) and for programs (`--json`, one object).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/kit/hub_client.h"
#include "adapters/kit/message_writer.h"
#include "adapters/kit/organisation_keys.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/result.h"

namespace kesher::ctl {

class Report {
public:
    Report& text(std::string key, std::string_view value);
    Report& number(std::string key, std::int64_t value);
    // One line a row; in JSON a list of objects with these columns.
    using Row = std::vector<std::string>;
    Report& table(std::string key, const std::vector<std::string>& columns, const std::vector<Row>& rows);
    // For people alone: a line as it is, and a table under its column names (nothing where it has no row).
    Report& heading(std::string line);
    Report& rows(const Row& columns, const std::vector<Row>& rows);
    // For programs alone: the hub's own members.
    Report& for_programs(const json::Value& object);
    // `leaf N`; in JSON the members index, leaf, receipt of contract.md 4.
    Report& receipt(const kit::Receipted& receipted);
    // It was all found out, and it is not well: exit code 1, `REFUSED: word: sentence` below the rest.
    Report& does_not_hold(std::string word, std::string sentence);
    struct Against {
        std::string word;
        std::string sentence;
    };
    [[nodiscard]] const std::optional<Against>& against() const { return against_; }
    // JSON of the hub's that people get line by line: its members one level deep.
    Report& hub_json(const json::Value& object);

    [[nodiscard]] std::string for_people() const;
    [[nodiscard]] std::string members() const;  // JSON members without the braces: `"a":1,"b":2`

private:
    struct Line {
        std::string key;
        std::vector<std::string> plain;  // one line each
        std::string json;                // `"key":value`, or several members
    };
    std::vector<Line> lines_;
    std::optional<Against> against_;
};

// Why it does not hold: a published code with its sentence and what helps, or a sentence of our own.
struct Refusal {
    std::string word;      // the code, or `unusable`, `unreachable`
    std::string sentence;  // nothing of a person, no content
    std::string remedy{};
    std::optional<kit::Receipted> receipt{};
};
template <class T>
using Or = contract::Result<T, Refusal>;
using Outcome = Or<Report>;

[[nodiscard]] Refusal refusal(contract::Code code, std::optional<kit::Receipted> receipt = {});
[[nodiscard]] Refusal refusal(const kit::HubFault& fault);
[[nodiscard]] Refusal refusal(const kit::Refused& refused);  // before anything was sent
[[nodiscard]] Refusal refusal(const kit::Unusable& unusable);

// Exit code 0 where it holds, 1 where not; `out` gets the text with its last line end.
struct Said {
    int exit_code;
    std::string out;
};
[[nodiscard]] Said said(const Outcome& outcome, bool json);

}  // namespace kesher::ctl
