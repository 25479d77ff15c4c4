// What a FHIR server answers to a search: a Bundle of type `searchset`, one page of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/health/fhir_fault.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/json/value.h"

namespace kesher::health {

// FHIR R4, datatype `id`: 1 to 64 letters, digits, `-` and `.`.
[[nodiscard]] bool is_id(std::string_view text);
// A place on the far side that may stand in a URL: a type and an id as FHIR has them ("Task/17").
[[nodiscard]] bool is_location(std::string_view text, std::string_view type);

// Of each resource only who it is and which version; what it says is read by its id.
struct Found {
    std::string location;
    std::string version{};                           // meta.versionId; may be empty
    std::optional<contract::Instant> updated{};      // meta.lastUpdated
    std::optional<contract::ReferralId> referral{};  // where it bears our identifier
    // Its numbers as `urn:uuid:…`, and the messages of ours that it is tagged with: a server may leave out a
    // part of the question that it does not know, and then answers what was not asked for.
    std::vector<std::string> uuids{}, messages{};
    friend bool operator==(const Found&, const Found&) = default;
};

struct SearchPage {
    std::vector<Found> found{};
    std::size_t entries = 0;  // of any kind
    bool more = false;        // the server says that there is a next page
};

// Entries of another type (an OperationOutcome beside the matches) are passed over.
[[nodiscard]] contract::Result<SearchPage, FhirFaults> read_search(std::string_view text,
                                                                   std::string_view type);

}  // namespace kesher::health
