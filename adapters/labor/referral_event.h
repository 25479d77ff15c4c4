// A referral as an event of the labor arm's profile, both ways: schema.org's terms, an action whose object is
// a programme and whose participant is she.
//
// Round trip = identity minus the declared losses, of which a safety flag is never one: the flags that stand
// are listed, and how many; where that count is missing or another, all of them stand.
#pragma once

#include <span>
#include <string>

#include "adapters/labor/cloud_event.h"
#include "adapters/record/losses.h"

namespace kesher::labor {

[[nodiscard]] std::span<const record::Loss> declared_losses();
[[nodiscard]] record::Referral minus_losses(record::Referral referral);

// One whole body. ISCO-08's unit group, where EMPLOYMENT has an answer `isco-08` of four digits, stands as
// the programme's occupationalCategory too.
[[nodiscard]] std::string write_referral(const record::Referral& referral, const record::Mapping& mapping);

struct ReferralRead {
    record::Referral referral;
    std::size_t surplus = 0;  // members that no field asks for: dropped
};
// `to`: to whom it was sent.
[[nodiscard]] contract::Result<ReferralRead, FieldFaults> read_referral(const CloudEvent& event,
                                                                        const record::Mapping& mapping,
                                                                        const contract::OrganisationId& to);

// Shared with what is said of a referral later: into an open object of `data`, and out of it.
void write_schedule(json::Writer& out, const record::Mapping& mapping, const codec::Appointment& appointment);
void write_policy(json::Writer& out, const record::Mapping& mapping, const codec::Safety& safety);

}  // namespace kesher::labor
