// What a native system did with a referral that it was given, as a message of the exchange.
#pragma once

#include <optional>
#include <string>

#include "adapters/kit/message_writer.h"
#include "schemas/codec/referral_records.h"

namespace kesher::record {

// A referral that this body was given: what every event of ours about it has to name.
struct Given {
    contract::ReferralId id;
    contract::OrganisationId from;
    contract::Purpose purpose;
    contract::LegalBasis basis;
    std::optional<contract::ConsentId> consent{};
    friend bool operator==(const Given&, const Given&) = default;
};

// One referral.event.v1: the payload's clear fields and what goes into its sealed part.
struct Change {
    codec::ReferralEventPayload event{};              // `sealed` empty
    std::optional<std::string> said{};                // Sealed.need
    std::optional<codec::Appointment> appointment{};  // Sealed.appointment
    friend bool operator==(const Change&, const Change&) = default;
};

// Sealed only where something is said that the clear fields do not hold: words, or an appointment. Then the
// safety flags that stand on the far side go with it.
[[nodiscard]] bool needs_seal(const Change& change);
[[nodiscard]] kit::Message event_of(const Change& change, const Given& given,
                                    const contract::Pseudonym& pseudonym, const contract::MessageId& id,
                                    const kit::Actor& actor, const codec::Safety& safety);

}  // namespace kesher::record
