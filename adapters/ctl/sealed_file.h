// The sealed part of a referral as a JSON file: what a worker's program writes for `message send`, and what
// `inbox take` writes for the receiving worker. Both ways: read(write(x)) == x.
//
//   {"need":text, "worker":text, "lowered":[safety flag],
//    "identity":{"id_number","given_name","family_name","birth_year"},
//    "contact":{"phone","neutral_name","safe_channel","safe_hours":[{"weekday","from","until"}]},
//    "groups":{"HEALTH":{"text","answers":[{"code","value"}]}},
//    "appointment":{"slot":ms,"minutes","place"},
//    "attachments":[{"name","media_type","group","bytes":base64}]}
// Every member may be absent. A safety flag stands unless `lowered` names it (domain.md 5.3). `known_by` and
// `consent_until` are not in it: they follow from the command and the consent.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "adapters/ctl/report.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/contract/result.h"

namespace kesher::ctl {

// What is wrong first. Neither part repeats a text, a number or a name that the file holds: what is no place
// of the above may be somebody's name, written where a member's stands.
struct SealedFileFlaw {
    std::string place;  // a place of the above, such as contact.safe_hours, or `line 3, column 7`
    std::string wrong;  // of that place, such as `is missing`
};
[[nodiscard]] contract::Result<codec::Sealed, SealedFileFlaw> read_sealed(std::string_view json);
// Of the file of this name, with where its form can be read.
[[nodiscard]] Refusal refusal(const std::filesystem::path& file, const SealedFileFlaw& flaw);
[[nodiscard]] std::string write_sealed(const codec::Sealed& sealed);

}  // namespace kesher::ctl
