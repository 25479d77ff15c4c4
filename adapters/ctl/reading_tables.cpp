#include "adapters/ctl/reading_tables.h"

namespace kesher::ctl {
namespace {

using catalogue::Catalogue;
using contract::Language;

// A member as people read it; empty where it is missing.
std::string text_in(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    if (value == nullptr) return {};
    if (const std::string* text = value->text()) return *text;
    if (const std::int64_t* number = value->integer()) return std::to_string(*number);
    return {};
}

const std::vector<json::Value>& list_in(const json::Value& object, std::string_view key) {
    static const std::vector<json::Value> none;
    const json::Value* value = object.find(key);
    const auto* list = value == nullptr ? nullptr : value->array();
    return list == nullptr ? none : *list;
}

class Words {
public:
    Words(const Catalogue& catalogue, Language language) : catalogue_(catalogue), language_(language) {}

    [[nodiscard]] std::string of(std::string_view kind, const std::string& code) const {
        const std::string key = std::string(kind) + "." + code;
        return catalogue_.has_words(key) ? catalogue_.words(key, language_) : code;
    }
    [[nodiscard]] std::string service(const std::string& code) const {
        const auto service = contract::kServices.parse(code);
        return service ? catalogue_.service(*service).names.in(language_) : code;
    }
    // The catalogue's words of a state are said to her; whoever reads these tables is not her.
    [[nodiscard]] std::string state(const std::string& code) const {
        const std::string aside = "state_of_another." + code;
        return catalogue_.has_words(aside) ? catalogue_.words(aside, language_) : of("state", code);
    }
    // Of the pages themselves; `{}` in them is filled in, in order.
    [[nodiscard]] std::string page(std::string_view key,
                                   std::initializer_list<std::string> values = {}) const {
        std::string text = of("page", std::string(key));
        for (const std::string& value : values) {
            const std::size_t place = text.find("{}");
            if (place != std::string::npos) text.replace(place, 2, value);
        }
        return text;
    }
    [[nodiscard]] Report::Row page(std::initializer_list<std::string_view> keys) const {
        Report::Row heads;
        for (const std::string_view key : keys) heads.push_back(page(key));
        return heads;
    }
    // The id beside the name: names are neutral and may be alike.
    [[nodiscard]] std::string organisation(const std::string& id) const {
        const auto known = contract::OrganisationId::parse(id);
        const auto traits = known ? catalogue_.organisation_traits(*known) : std::nullopt;
        return traits ? traits->names.in(language_) + " (" + id + ")" : id;
    }

private:
    const Catalogue& catalogue_;
    Language language_;
};

std::string with_role(const Words& words, const json::Value& row) {
    const std::string role = text_in(row, "role");
    const std::string actor = text_in(row, "actor");
    if (role.empty()) return actor;
    return actor.empty() ? words.of("role", role) : actor + " (" + words.of("role", role) + ")";
}

std::string joined(std::initializer_list<std::string> parts) {
    std::string all;
    for (const std::string& part : parts) {
        if (!part.empty()) all += (all.empty() ? "" : " ") + part;
    }
    return all;
}

}  // namespace

Report board_report(const json::Value& board, const Catalogue& catalogue, Language language) {
    const Words words(catalogue, language);
    std::vector<Report::Row> rows;
    for (const json::Value& line : list_in(board, "lines")) {
        rows.push_back({text_in(line, "line"), words.page(text_in(line, "side")),
                        words.organisation(text_in(line, "other")), words.service(text_in(line, "service")),
                        words.state(text_in(line, "state")), text_in(line, "days"),
                        words.page(text_in(line, "waiting_for")), words.page(text_in(line, "updates"))});
    }
    Report report;
    report.heading(words.page("on", {text_in(board, "on")}))
        .rows(words.page({"line", "our_side", "other", "service", "state", "days", "waiting_for", "updates"}),
              rows);
    if (board.find("more") != nullptr) report.heading(words.page("more_lines"));
    return report.for_programs(board);
}

Report cases_report(const json::Value& cases, const Catalogue& catalogue, Language language) {
    const Words words(catalogue, language);
    std::vector<Report::Row> rows;
    for (const json::Value& each : list_in(cases, "cases")) {
        const std::string pseudonym = text_in(each, "pseudonym");
        const std::string opened = text_in(each, "opened");
        const auto& referrals = list_in(each, "referrals");
        if (referrals.empty()) rows.push_back({pseudonym, opened});
        for (const json::Value& referral : referrals) {
            rows.push_back({pseudonym, opened, text_in(referral, "referral"),
                            words.service(text_in(referral, "service")),
                            words.organisation(text_in(referral, "recipient")),
                            words.state(text_in(referral, "state")), text_in(referral, "since"),
                            words.page(text_in(referral, "waiting_for")),
                            text_in(referral, "consent_until")});
        }
    }
    Report report;
    report.rows(words.page({"case", "opened", "referral", "service", "recipient", "state", "since",
                            "waiting_for", "consent_until"}),
                rows);
    if (rows.empty()) report.heading(words.page("no_cases"));
    return report.for_programs(cases);
}

Report agenda_report(const json::Value& agenda, const Catalogue& catalogue, Language language) {
    const Words words(catalogue, language);
    std::vector<Report::Row> rows;
    for (const json::Value& item : list_in(agenda, "items")) {
        const std::string reason = text_in(item, "reason");
        const std::string days = text_in(item, "days");
        rows.push_back({words.page(text_in(item, "kind")), words.service(text_in(item, "service")),
                        reason.empty() ? "" : words.of("reason", reason),
                        words.page("at_least", {text_in(item, "at_least")}),
                        days.empty() ? "" : words.page("in_days", {days})});
    }
    Report report;
    report.heading(words.page("small_counts", {text_in(agenda, "on"), text_in(agenda, "least")}))
        .rows(words.page({"subject", "service", "reason", "people", "time"}), rows);
    if (rows.empty()) report.heading(words.page("nothing_proposed"));
    return report.for_programs(agenda);
}

Report access_report(const json::Value& access, const Catalogue& catalogue, Language language) {
    const Words words(catalogue, language);
    std::vector<Report::Row> rows;
    for (const json::Value& row : list_in(access, "rows")) {
        rows.push_back({text_in(row, "index"), text_in(row, "at"), text_in(row, "org"), with_role(words, row),
                        joined({text_in(row, "event"), text_in(row, "operation")}),
                        words.of("purpose", text_in(row, "purpose")), text_in(row, "recipient"),
                        joined({words.page(text_in(row, "decision")), text_in(row, "code")})});
    }
    Report report;
    report.rows(words.page({"leaf", "at", "organisation", "who", "what", "purpose", "to", "decision"}), rows);
    const std::string next = text_in(access, "next");
    if (!next.empty()) report.heading(words.page("more_before", {"--before " + next}));
    return report.for_programs(access);
}

}  // namespace kesher::ctl
