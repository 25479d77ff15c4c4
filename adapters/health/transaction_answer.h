// What a FHIR server answered to a transaction, entry by entry, and to what it refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/health/bundle_write.h"
#include "adapters/health/fhir_fault.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/result.h"

namespace kesher::health {

struct EntryAnswer {
    Part part;
    int status = 0;        // 201 made, 200 was there already; anything else: not taken
    std::string location;  // "Task/17", without base and history; empty where the server names none
    [[nodiscard]] bool taken() const { return status == 200 || status == 201; }
    friend bool operator==(const EntryAnswer&, const EntryAnswer&) = default;
};

// Every entry is read: one answer for each part, in their order, or `count`. A status that is no number is
// a fault with its place; one that says no is an answer.
[[nodiscard]] contract::Result<std::vector<EntryAnswer>, FhirFaults> read_transaction_answer(
    std::string_view text, const std::vector<Part>& parts);
[[nodiscard]] bool all_taken(const std::vector<EntryAnswer>& answers);

// OperationOutcome of a refusal. `diagnostics` and `details.text` are not read: servers repeat the value
// there that they dislike.
struct Issue {
    std::string severity, code;
    std::vector<std::string> expression;  // where: "Task.input[2]"
    friend bool operator==(const Issue&, const Issue&) = default;
};
[[nodiscard]] contract::Result<std::vector<Issue>, FhirFaults> read_outcome(std::string_view text);

}  // namespace kesher::health
