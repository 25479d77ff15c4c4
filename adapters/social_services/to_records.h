// From what the exchange delivered to records of a department's files. Pure.
//
// A referral given to this department becomes R100, I100 and N100 of a file that we write; a step of one it
// sent or was given becomes S100. What has no field is a declared loss (README.md), never a safety flag: a
// referral that bears one which no field can say is refused.
#pragma once

#include <optional>
#include <string>

#include "adapters/kit/aliases.h"
#include "adapters/record/standing.h"
#include "adapters/social_services/department_file.h"
#include "adapters/social_services/status_file.h"
#include "schemas/codec/referral_records.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/statement/statement.h"

namespace kesher::social_services {

using record::Standing;

// 16 characters of 0-9 a-z for a record of an id that others minted; the same for the same id. A referral's
// is made under the department's alias key: whoever chooses ids cannot make two of one number. A consent's
// stands in the file for its reader, and nothing is found by it.
[[nodiscard]] std::string native_number(const contract::ReferralId& id, const kit::AliasMaker& aliases);
[[nodiscard]] std::string native_number(const contract::ConsentId& id);

// Under `number`. flag_not_honoured: a safety flag beside contact-prohibited. statement_invalid: no referral
// or service.
[[nodiscard]] contract::Result<Referral, contract::Code> record_of(const statement::Statement& said,
                                                                   const codec::ReferralSubmitted& payload,
                                                                   const codec::Sealed& sealed,
                                                                   const contract::Pseudonym& pseudonym,
                                                                   const std::string& number);

struct StepTold {
    std::optional<contract::Reason> reason{};
    std::optional<contract::Outcome> outcome{};
    contract::Day on{};
    std::optional<codec::Appointment> appointment{};
};
// `date` and `time` are an appointment's where there is one. An appointment at midnight has a date alone.
[[nodiscard]] Status status_of(std::string number, const std::optional<contract::Pseudonym>& pseudonym,
                               const Standing& standing, const StepTold& told);

}  // namespace kesher::social_services
