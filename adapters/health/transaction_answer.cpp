#include "adapters/health/transaction_answer.h"

#include <algorithm>

#include "adapters/health/document.h"
#include "adapters/health/node.h"

namespace kesher::health {
namespace {

// "201", "201 Created".
int status_of(const Node& status) {
    if (!status.required()) return 0;
    const auto said = status.text();
    if (!said) return 0;
    const std::string_view digits = said->substr(0, 3);
    const bool number =
        digits.size() == 3 && digits.find_first_not_of("0123456789") == std::string_view::npos;
    const bool ends = said->size() == 3 || (*said)[3] == ' ';
    if (!number || !ends) {
        status.fault(Flaw::value);
        return 0;
    }
    return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

// "https://host/fhir/Task/17/_history/3" and "Task/17" both name Task/17; another type is not our part.
std::string location_of(const Node& location, Part part) {
    const auto said = location.text();
    if (!said) return {};
    const std::string type(resource_type(part));
    const std::size_t at = said->rfind(type + '/');
    const bool begins = at == 0 || (at != std::string_view::npos && (*said)[at - 1] == '/');
    if (!begins) {
        location.fault(Flaw::not_the_type);
        return {};
    }
    const std::string_view id = said->substr(at + type.size() + 1);
    return type + '/' + std::string(id.substr(0, id.find('/')));
}

}  // namespace

contract::Result<std::vector<EntryAnswer>, FhirFaults> read_transaction_answer(
    std::string_view text, const std::vector<Part>& parts) {
    const auto document = open_document(text, "Bundle");
    if (!document) return contract::Failure{document.error()};
    FhirFaults faults;
    const Node bundle(&*document, "Bundle", faults);
    if (bundle["type"].text() != "transaction-response") bundle["type"].fault(Flaw::unknown_code);
    const std::vector<Node> entries = bundle["entry"].items();
    if (entries.size() != parts.size()) bundle["entry"].fault(Flaw::count);
    std::vector<EntryAnswer> answers;
    for (std::size_t i = 0; i < std::min(entries.size(), parts.size()); ++i) {
        const Node response = entries[i]["response"];
        if (!response.required()) continue;
        answers.push_back(
            {parts[i], status_of(response["status"]), location_of(response["location"], parts[i])});
    }
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    return answers;
}

bool all_taken(const std::vector<EntryAnswer>& answers) {
    return std::all_of(answers.begin(), answers.end(), [](const EntryAnswer& a) { return a.taken(); });
}

contract::Result<std::vector<Issue>, FhirFaults> read_outcome(std::string_view text) {
    const auto document = open_document(text, "OperationOutcome");
    if (!document) return contract::Failure{document.error()};
    FhirFaults faults;
    std::vector<Issue> issues;
    for (const Node& issue : Node(&*document, "OperationOutcome", faults)["issue"].items()) {
        Issue told{std::string(issue["severity"].text().value_or("")),
                   std::string(issue["code"].text().value_or("")),
                   {}};
        for (const Node& place : issue["expression"].items())
            told.expression.emplace_back(place.text().value_or(""));
        issues.push_back(std::move(told));
    }
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    return issues;
}

}  // namespace kesher::health
