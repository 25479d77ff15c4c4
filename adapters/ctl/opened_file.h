// content.json: what was opened of one message, for the receiving worker. Written by `inbox take`.
//
//   {"message","type","from","referral"?,"service"?,"purpose"?,"consent"?,"pseudonym"?,
//    "known_by"?,"priority"?,"language"?,"event"?,"reason"?,"outcome"?,"occurred_on"?,"expected_on"?,
//    "consent_until"?,"sealed"? (sealed_file.h),"surplus"? [data group dropped]}
// The same message gives the same bytes whenever it is released: an acknowledgement signs their digest.
#pragma once

#include <string>

#include "adapters/kit/delivery_gate.h"

namespace kesher::ctl {

[[nodiscard]] std::string write_opened(const kit::ProvenDelivery& proven, const kit::Opened& opened);

}  // namespace kesher::ctl
