// What this organisation knows of a consent, and whether it covers what is about to be sealed.
//
// Pure. The hub decides with the whole record; this is the sender's own brake before anything leaves.
#pragma once

#include <optional>
#include <vector>

#include "schemas/codec/consent_records.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/statement/statement.h"

namespace kesher::kit {

struct KnownConsent {
    contract::ConsentId id;
    contract::OrganisationId discloser;
    contract::OrganisationId recipient;
    contract::WordSet<contract::Purpose> purposes{};
    contract::WordSet<contract::DataGroup> groups{};
    contract::Direction direction = contract::Direction::out;
    std::optional<contract::Day> valid_from{};  // none: we were only told of it by a message
    std::optional<contract::Day> valid_to{};
    bool active = true;  // false: refused by her, or its disclosure vetoed as harmful
    bool revoked = false;
    friend bool operator==(const KnownConsent&, const KnownConsent&) = default;
};

[[nodiscard]] KnownConsent known_from(const contract::ConsentId& id, const codec::ConsentGiven& given);
// What a recipient may conclude from a message that relied on it: these groups, both ways, no dates.
[[nodiscard]] std::optional<KnownConsent> known_from(const statement::Statement& delivered);

struct Disclosure {
    contract::OrganisationId from;
    contract::OrganisationId to;
    contract::Purpose purpose;
    std::vector<contract::DataGroup> groups;
    contract::Day on;
};
// Nothing, or consent_missing (another pair), consent_revoked, consent_lapsed, consent_groups (groups,
// purpose or direction).
[[nodiscard]] std::optional<contract::Code> refusal_of(const KnownConsent& consent,
                                                       const Disclosure& disclosure);

}  // namespace kesher::kit
