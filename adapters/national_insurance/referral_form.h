// A referral in National Insurance's form, both ways: the one element in Body, with its opening and closing
// record.
//
// Round trip = identity minus the declared losses, of which a safety flag is never one: the flags that stand
// are listed, and how many; where that count is missing or another, all of them stand.
#pragma once

#include <span>
#include <string>

#include "adapters/national_insurance/profile.h"
#include "adapters/national_insurance/xml.h"
#include "adapters/record/field_fault.h"
#include "adapters/record/losses.h"

namespace kesher::national_insurance {

using record::FieldFault;
using record::FieldFaults;
using record::Flaw;

inline constexpr std::string_view kInterfaceVersion = "001";

// Which of their environments is spoken to: KOD-SVIVAT-AVODA.
enum class Environment { production = 1, test = 2 };

[[nodiscard]] std::span<const record::Loss> declared_losses();
[[nodiscard]] record::Referral minus_losses(record::Referral referral);

// For write_call() of soap.h. `sender_name`: the catalogue's neutral name of who refers.
[[nodiscard]] std::string write_referral(const record::Referral& referral, const record::Mapping& mapping,
                                         Environment environment, std::string_view sender_name);

struct ReferralRead {
    record::Referral referral;
    std::size_t surplus = 0;  // elements that no field asks for: dropped
};
// `to`: whose service was called, which the envelope says.
[[nodiscard]] contract::Result<ReferralRead, FieldFaults> read_referral(const Element& body,
                                                                        const record::Mapping& mapping,
                                                                        const contract::OrganisationId& to);

}  // namespace kesher::national_insurance
