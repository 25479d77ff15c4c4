#include "config/catalogue/closed_words.h"

#include "schemas/contract/codes.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::catalogue {
namespace {

using Keys = std::set<std::string, std::less<>>;

template <class List>
void add(Keys& keys, const std::string& topic, const List& list) {
    for (const std::string_view word : list.words) keys.insert(topic + '.' + std::string(word));
}

Keys all_keys() {
    Keys keys;
    add(keys, "message", contract::kMessageTypes);
    add(keys, "purpose", contract::kPurposes);
    add(keys, "group", contract::kDataGroups);
    add(keys, "basis", contract::kLegalBases);
    add(keys, "kind", contract::kOrganisationKinds);
    add(keys, "organisation_status", contract::kOrganisationStatuses);
    add(keys, "role", contract::kOfficerRoles);
    add(keys, "state", contract::kReferralStates);
    add(keys, "event", contract::kReferralEvents);
    add(keys, "reason", contract::kReasons);
    add(keys, "outcome", contract::kOutcomes);
    add(keys, "known_by", contract::kKnownBy);
    add(keys, "priority", contract::kPriorities);
    add(keys, "language", contract::kLanguages);
    add(keys, "direction", contract::kDirections);
    add(keys, "consent_state", contract::kConsentStates);
    add(keys, "consent_form", contract::kConsentForms);
    add(keys, "door", contract::kDoors);
    add(keys, "ack", contract::kAckOutcomes);
    add(keys, "flag", contract::kSafetyFlags);
    add(keys, "service", contract::kServices);  // from services.toml
    for (std::size_t i = 0; i < contract::kCodeCount; ++i) {
        const std::string code = "code." + std::string(contract::text(static_cast<contract::Code>(i)));
        keys.insert(code + ".title");
        keys.insert(code + ".remedy");
    }
    return keys;
}

std::string_view topic_of(std::string_view key) { return key.substr(0, key.find('.')); }

}  // namespace

const Keys& closed_keys() {
    static const Keys keys = all_keys();
    return keys;
}

bool in_closed_topic(std::string_view key) {
    const std::string start = std::string(topic_of(key)) + '.';
    const auto next = closed_keys().lower_bound(start);
    return next != closed_keys().end() && next->starts_with(start);
}

}  // namespace kesher::catalogue
