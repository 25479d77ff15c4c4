// Payloads about one referral, and the draft of one: the clear fields are the closed list of
// contract.md 1; whatever else is said about her is in `sealed`, a compact JWE that the hub cannot open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::codec {

// referral.submitted.v1. Always sealed: the safety flags of even an anonymous referral must travel.
struct ReferralSubmitted {
    contract::KnownBy known_by = contract::KnownBy::presents;
    contract::Priority priority = contract::Priority::routine;
    contract::Language language = contract::Language::other;
    contract::Day occurred_on{};
    contract::Bytes sealed{};
    friend bool operator==(const ReferralSubmitted&, const ReferralSubmitted&) = default;
};

// referral.event.v1. `sealed` is absent where the contract wants none: withdraw, cancel, mark_error
// and whatever the hub itself says. A reason must stand with decline, cancel, fail and mark_error, may
// stand with hold, redirect and what the hub says, and with nothing else; the same for an outcome and
// complete. `draft`, `ask_consent` and `submit` are no events of this record.
struct ReferralEventPayload {
    contract::ReferralEvent event = contract::ReferralEvent::withdraw;
    std::optional<contract::Reason> reason{};
    std::optional<contract::Outcome> outcome{};
    contract::Day occurred_on{};
    std::optional<contract::Day> expected_on{};
    bool synthesized = false;  // the adapter filled in a step that a coarse native status had skipped
    std::optional<contract::Bytes> sealed{};
    friend bool operator==(const ReferralEventPayload&, const ReferralEventPayload&) = default;
};

// A published notice (config/catalogue/notices) as it was shown, word for word.
struct Notice {
    std::string id{};           // [a-z][a-z0-9-]{0,31}
    std::int32_t version = 1;   // from 1
    contract::Digest sha256{};  // over the text actually shown, in the record's language
    friend bool operator==(const Notice&, const Notice&) = default;
};

// referral.event.v1 `draft` and `ask_consent` to the hub (Draft.v1). `ask_consent` names the notice.
struct Draft {
    contract::ReferralEvent event = contract::ReferralEvent::draft;  // draft or ask_consent
    contract::Service service = contract::Service::rights;
    contract::OrganisationId recipient;
    std::vector<contract::Purpose> purposes{};  // like every list of codes: sorted by word, each once
    std::vector<contract::DataGroup> groups{};
    std::optional<Notice> notice{};  // with ask_consent, and only with it
    contract::Language language = contract::Language::other;
    friend bool operator==(const Draft&, const Draft&) = default;
};

}  // namespace kesher::codec
