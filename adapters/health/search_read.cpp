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

std::vector<std::string> of_system(const std::vector<Node>& items, std::string_view system,
                                   std::string_view member) {
    std::vector<std::string> values;
    for (const Node& item : items) {
        const auto value = item[member].text();
        if (item["system"].text() == system && value) values.emplace_back(*value);
    }
    return values;
}

// Somebody else's number of the same system is not a fault of this search: it is not ours.
std::optional<contract::ReferralId> referral_in(const std::vector<std::string>& uuids) {
    constexpr std::string_view kUrn = "urn:uuid:";
    for (const std::string_view said : uuids) {
        if (!said.starts_with(kUrn)) continue;
        if (const auto id = contract::ReferralId::parse(said.substr(kUrn.size()))) return id;
    }
    return std::nullopt;
}

}  // namespace

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= kIdCharacters &&
           std::all_of(text.begin(), text.end(), is_id_character);
}

bool is_location(std::string_view text, std::string_view type) {
    if (!text.starts_with(type) || text.size() <= type.size() + 1 || text[type.size()] != '/') return false;
    const std::string_view id = text.substr(type.size() + 1);
    return is_id(id) && id.front() != '.';
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
        found.messages = of_system(resource["meta"]["tag"].items(), systems::kMessage, "code");
        // An Organization is sought by its body's id, never by a number of ours.
        if (type != "Organization")
            found.uuids = of_system(resource["identifier"].items(), systems::kUuid, "value");
        if (type == "Task") found.referral = referral_in(found.uuids);
        page.found.push_back(std::move(found));
    }
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    return page;
}

}  // namespace kesher::health
