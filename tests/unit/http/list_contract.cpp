// Prints, as one JSON object, what the hub's HTTP contract is in code: the rows of its listeners, its codes
// and its closed lists. The referee holds schemas/openapi.yaml to it.
#include <iostream>

#include "gateway/http/route_rows.h"
#include "gateway/store/deliveries.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/json/writer.h"

using namespace kesher;

namespace {

template <class Rows>
void write_rows(json::Writer& json, std::int64_t port, const Rows& rows) {
    for (const auto& row : rows) {
        json.open_object()
            .number("port", port)
            .text("method", row.method.text())
            .text("path", row.path.text())
            .text("who", row.who.text())
            .number("body_bytes_max", static_cast<std::int64_t>(row.body_bytes_max))
            .text("media_type", row.media_type.text())
            .close();
    }
}

template <class List>
void write_words(json::Writer& json, std::string_view name, const List& list) {
    json.open_array(name);
    for (const std::string_view word : list.words) json.text(word);
    json.close();
}

}  // namespace

int main() {
    json::Writer json;
    json.open_object().open_array("rows");
    write_rows(json, 8443, http::kOrganisationRows);
    write_rows(json, 8445, http::kNewcomerRows);
    write_rows(json, 9464, http::kLocalRows);
    json.close().open_array("codes");
    for (std::size_t i = 0; i < contract::kCodeCount; ++i) {
        const contract::CodeFacts& facts = contract::facts_of(static_cast<contract::Code>(i));
        json.open_object().text("word", facts.word).number("status", facts.status).close();
    }
    json.close().open_object("words");
    write_words(json, "MessageType", contract::kMessageTypes);
    write_words(json, "Purpose", contract::kPurposes);
    write_words(json, "DataGroup", contract::kDataGroups);
    write_words(json, "OrganisationKind", contract::kOrganisationKinds);
    write_words(json, "OrganisationStatus", contract::kOrganisationStatuses);
    write_words(json, "OfficerRole", contract::kOfficerRoles);
    write_words(json, "ReferralState", contract::kReferralStates);
    write_words(json, "ReferralEvent", contract::kReferralEvents);
    write_words(json, "KnownBy", contract::kKnownBy);
    write_words(json, "Door", contract::kDoors);
    write_words(json, "AckOutcome", contract::kAckOutcomes);
    write_words(json, "SafetyFlag", contract::kSafetyFlags);
    write_words(json, "Service", contract::kServices);
    write_words(json, "DeliveryState", store::kDeliveryStates);
    json.close().close();
    std::cout << json.take() << '\n';
    return 0;
}
