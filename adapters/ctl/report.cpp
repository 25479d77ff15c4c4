#include "adapters/ctl/report.h"

#include <algorithm>
#include <chrono>

#include "schemas/contract/limits.h"
#include "schemas/json/writer.h"

namespace kesher::ctl {
namespace {

// One member as a writer spells it: the object's braces taken off.
template <class Write>
std::string member(Write write) {
    json::Writer writer;
    writer.open_object();
    write(writer);
    const std::string object = writer.close().take();
    return object.substr(1, object.size() - 2);
}

bool within(std::string_view text, std::string_view first, std::string_view last) {
    const std::string_view head = text.substr(0, first.size());
    return head >= first && head <= last;
}

// How many bytes at the head of a UTF-8 text a terminal would obey instead of showing: controls (C0 but the
// end of a line, DEL, C1) and what turns the direction of what follows (U+202A to U+202E, U+2066 to U+2069).
std::size_t order_at_head(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const bool ends_line = first == '\n' || text.starts_with("\r\n");
    if ((first < 0x20 && !ends_line) || first == 0x7F) return 1;
    if (within(text, "\xC2\x80", "\xC2\x9F")) return 2;
    const bool turns =
        within(text, "\xE2\x80\xAA", "\xE2\x80\xAE") || within(text, "\xE2\x81\xA6", "\xE2\x81\xA9");
    return turns ? 3 : 0;
}

// The hub's words and a sender's are shown and not obeyed: else either could write over what stands above.
std::string for_terminal(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const std::size_t order = order_at_head(text);
        shown += order == 0 ? text.substr(0, 1) : "\xEF\xBF\xBD";
        text.remove_prefix(std::max<std::size_t>(order, 1));
    }
    return shown;
}

// What stands in one place of a line: an end of line in it would begin a line that nobody of us wrote.
std::string in_one_line(std::string text) {
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

// The answer's own words to a program, which no member of the hub's may repeat.
bool is_ours(std::string_view key) { return key == "holds" || key == "refused" || key == "sentence"; }

std::string plain_of(const json::Value& value) {
    if (const std::string* text = value.text()) return in_one_line(*text);
    if (const std::int64_t* number = value.integer()) return std::to_string(*number);
    if (const bool* truth = value.boolean()) return *truth ? "yes" : "no";
    std::string line;
    const auto add = [&](const std::string& word) { line += (line.empty() ? "" : " ") + word; };
    if (const auto* list = value.array()) {
        for (const json::Value& item : *list) add(plain_of(item));
    }
    if (const auto* members = value.members()) {
        for (const json::Member& each : *members) add(in_one_line(each.key) + "=" + plain_of(each.value));
    }
    return line;
}

// Objects of a list stand in a line each, all else in one line.
std::vector<std::string> plain_lines(const json::Value& value) {
    const auto* list = value.array();
    const bool objects = list != nullptr && !list->empty() && list->front().members() != nullptr;
    if (!objects) return {plain_of(value)};
    std::vector<std::string> lines;
    for (const json::Value& item : *list) lines.push_back(plain_of(item));
    return lines;
}

// Of UTF-8, so that columns of Hebrew, Arabic and Russian words stand under one another.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    }));
}

std::vector<std::string> aligned(const std::vector<std::string>& columns, std::vector<Report::Row> rows) {
    for (auto& row : rows) std::ranges::transform(row, row.begin(), in_one_line);
    std::vector<std::size_t> widths(columns.size(), 0);
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], characters(row[i]));
    }
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] - characters(row[i]) + 2, ' ');
        }
        while (line.ends_with(' ')) line.pop_back();
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string receipt_members(const kit::Receipted& receipted) {
    return member([&](json::Writer& writer) {
        writer.number("index", static_cast<std::int64_t>(contract::number(receipted.index)))
            .text("leaf", receipted.leaf)
            .text("receipt", receipted.receipt);
    });
}

Said refused(const Refusal& refusal, bool json) {
    if (json) {
        json::Writer writer;
        writer.open_object()
            .boolean("holds", false)
            .text("refused", refusal.word)
            .text("sentence", refusal.sentence);
        if (!refusal.remedy.empty()) writer.text("remedy", refusal.remedy);
        std::string object = writer.close().take();
        if (refusal.receipt) object.insert(object.size() - 1, "," + receipt_members(*refusal.receipt));
        return {1, object + "\n"};
    }
    std::string text = "REFUSED: " + refusal.word + ": " + refusal.sentence + "\n";
    if (!refusal.remedy.empty()) text += "  " + refusal.remedy + "\n";
    if (refusal.receipt) text += "  leaf " + std::to_string(contract::number(refusal.receipt->index)) + "\n";
    return {1, for_terminal(text)};
}

// The published remedies are for programs, which call the hub; whoever reads these types commands.
std::string remedy_of(contract::Code code) {
    switch (code) {
        case contract::Code::recipient_unknown:
            return "Choose a recipient that `kesherctl org list` shows.";
        case contract::Code::schema_unknown:
            return "Use the kesherctl of the hub's own version: the hub does not know what this one writes.";
        case contract::Code::event_not_allowed:
            return "Of a referral, `kesherctl message show --referral ID` lists the events allowed now.";
        case contract::Code::consent_revoked:
            // Also of a new consent: on the day she said no, nobody is to talk her round (domain.md 5.2).
            return "Nothing is to be sent unless she consents anew. A new consent for the same recipient "
                   "counts " +
                   std::to_string(std::chrono::hours{contract::limits::kConsentRestAfterWithdrawal}.count()) +
                   " hours after her withdrawal: `kesherctl consent give` again from then on, without --id.";
        default:
            return std::string(facts_of(code).remedy);
    }
}

}  // namespace

Report& Report::text(std::string key, std::string_view value) {
    std::string json = member([&](json::Writer& writer) { writer.text(key, value); });
    lines_.push_back({std::move(key), {std::string(value)}, std::move(json)});
    return *this;
}

Report& Report::number(std::string key, std::int64_t value) {
    std::string json = member([&](json::Writer& writer) { writer.number(key, value); });
    lines_.push_back({std::move(key), {std::to_string(value)}, std::move(json)});
    return *this;
}

Report& Report::table(std::string key, const std::vector<std::string>& columns,
                      const std::vector<Row>& rows) {
    std::string json = member([&](json::Writer& writer) {
        writer.open_array(key);
        for (const Row& row : rows) {
            writer.open_object();
            for (std::size_t i = 0; i < columns.size(); ++i) writer.text(columns[i], row[i]);
            writer.close();
        }
        writer.close();
    });
    lines_.push_back({std::move(key), aligned(columns, rows), std::move(json)});
    return *this;
}

Report& Report::heading(std::string line) {
    lines_.push_back({{}, {std::move(line)}, {}});
    return *this;
}

Report& Report::rows(const Row& columns, const std::vector<Row>& rows) {
    if (rows.empty()) return *this;
    std::vector<Row> all{columns};
    all.insert(all.end(), rows.begin(), rows.end());
    lines_.push_back({{}, aligned(columns, all), {}});
    return *this;
}

Report& Report::for_programs(const json::Value& object) {
    if (object.members() == nullptr) return *this;
    for (const json::Member& each : *object.members()) {
        if (is_ours(each.key)) continue;
        lines_.push_back(
            {each.key, {}, member([&](json::Writer& writer) { writer.value(each.key, each.value); })});
    }
    return *this;
}

Report& Report::receipt(const kit::Receipted& receipted) {
    lines_.push_back(
        {"leaf", {std::to_string(contract::number(receipted.index))}, receipt_members(receipted)});
    return *this;
}

Report& Report::does_not_hold(std::string word, std::string sentence) {
    against_ = Against{std::move(word), std::move(sentence)};
    return *this;
}

Report& Report::hub_json(const json::Value& object) {
    if (object.members() == nullptr) return *this;
    for (const json::Member& each : *object.members()) {
        if (is_ours(each.key)) continue;
        std::string json = member([&](json::Writer& writer) { writer.value(each.key, each.value); });
        // Proofs are for programs; a person is told the leaf's number.
        const bool is_proof = each.key == "leaf" || each.key == "receipt";
        lines_.push_back({in_one_line(each.key),
                          is_proof ? std::vector<std::string>{} : plain_lines(each.value), std::move(json)});
    }
    return *this;
}

std::string Report::for_people() const {
    std::size_t width = 0;
    for (const Line& line : lines_) {
        if (!line.plain.empty()) width = std::max(width, line.key.size());
    }
    std::string out;
    for (const Line& line : lines_) {
        std::string head = line.key;
        for (const std::string& plain : line.plain) {
            if (line.key.empty()) {
                out += plain + "\n";
                continue;
            }
            out += head + std::string(width - head.size() + 2, ' ') + plain + "\n";
            head.clear();
        }
    }
    return out;
}

std::string Report::members() const {
    std::string json;
    for (const Line& line : lines_) {
        if (!line.json.empty()) json += (json.empty() ? "" : ",") + line.json;
    }
    return json;
}

Refusal refusal(contract::Code code, std::optional<kit::Receipted> receipt) {
    const contract::CodeFacts& facts = contract::facts_of(code);
    return {std::string(facts.word), std::string(facts.title), remedy_of(code), std::move(receipt)};
}

Refusal refusal(const kit::HubFault& fault) {
    if (fault.code) return refusal(*fault.code, fault.receipt);
    const bool unreachable = fault.kind == kit::HubFault::Kind::unreachable;
    return {unreachable ? "unreachable" : "unproven", std::string(kit::text(fault.kind)) + ": " + fault.text};
}

Refusal refusal(const kit::Refused& refused) {
    Refusal made = refusal(refused.code);
    if (refused.code == contract::Code::schema_unknown &&
        refused.names == std::vector<std::string>{"reads"}) {
        made.sentence = "The recipient has not declared that its side reads this.";
        made.remedy = "Its adapter declares it when it starts, a desk by `kesherctl profile declare`.";
        return made;
    }
    if (refused.names == std::vector<std::string>{std::string(kit::kNeutralNameField)}) {
        made.sentence =
            "Another body was told this neutral name for her, or it cannot be noted whom it is told.";
        made.remedy = "Agree with her on another name for this body.";
        return made;
    }
    std::string names;
    for (const std::string& name : refused.names) names += (names.empty() ? " (" : ", ") + name;
    if (!names.empty()) made.sentence += names + ")";
    return made;
}

Refusal refusal(const kit::Unusable& unusable) { return {"unusable", unusable.sentence}; }

Said said(const Outcome& outcome, bool json) {
    if (!outcome) return refused(outcome.error(), json);
    const auto& against = outcome->against();
    const int exit_code = against ? 1 : 0;
    if (!json) {
        std::string out = outcome->for_people();
        if (against) out += "REFUSED: " + against->word + ": " + against->sentence + "\n";
        return {exit_code, for_terminal(out)};
    }
    std::string object = R"({"holds":true)";
    if (against) {
        json::Writer writer;
        writer.open_object().boolean("holds", false).text("refused", against->word);
        object = writer.text("sentence", against->sentence).close().take();
        object.pop_back();  // its brace: more members follow
    }
    const std::string members = outcome->members();
    return {exit_code, object + (members.empty() ? "" : "," + members) + "}\n"};
}

}  // namespace kesher::ctl
