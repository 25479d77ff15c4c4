#include "adapters/health/search_read.h"

#include <algorithm>

#include "adapters/health/document.h"
#include "adapters/health/fhir_codes.h"
#include "adapters/health/node.h"

namespace kesher::health {
namespace {

constexpr std::size_t kIdCharacters = 64;  // FHIR R4, datatype `id`

bool is_id_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// Somebody else's number of the same system is not a fault of this search: it is not ours.
std::optional<contract::ReferralId> referral_in(const Node& resource) {
    constexpr std::string_view kUrn = "urn:uuid:";
    for (const Node& identifier : resource["identifier"].items()) {
        const auto said = identifier["value"].text();
        if (identifier["system"].text() != systems::kUuid || !said || !said->starts_with(kUrn)) continue;
        if (const auto id = contract::ReferralId::parse(said->substr(kUrn.size()))) return id;
    }
    return std::nullopt;
}

}  // namespace

bool is_location(std::string_view text, std::string_view type) {
    if (!text.starts_with(type) || text.size() <= type.size() + 1 || text[type.size()] != '/') return false;
    const std::string_view id = text.substr(type.size() + 1);
    return id.size() <= kIdCharacters && id.front() != '.' &&
           std::all_of(id.begin(), id.end(), is_id_character);
}

contract::Result<SearchPage, FhirFaults> read_search(std::string_view text, std::string_view type) {
    const auto document = open_document(text, "Bundle");
    if (!document) return contract::Failure{document.error()};
    FhirFaults faults;
    const Node bundle(&*document, "Bundle", faults);
    if (bundle["type"].text() != "searchset") bundle["type"].fault(Flaw::unknown_code);
    SearchPage page;
    for (const Node& link : bundle["link"].items()) {
        if (link["relation"].text() == "next") page.more = true;
    }
    for (const Node& entry : bundle["entry"].items()) {
        ++page.entries;
        const Node resource = entry["resource"];
        if (resource["resourceType"].text() != type) continue;
        Found found;
        found.location = std::string(type) + '/' + std::string(resource["id"].text().value_or(""));
        if (!is_location(found.location, type)) {
            resource["id"].fault(Flaw::not_an_id);
            continue;
        }
        found.version = std::string(resource["meta"]["versionId"].text().value_or(""));
        found.updated = resource["meta"]["lastUpdated"].instant();
        if (type == "Task") found.referral = referral_in(resource);
        page.found.push_back(std::move(found));
    }
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    return page;
}

}  // namespace kesher::health
