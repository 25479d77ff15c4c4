// Whether a record says what stands in bytes that the log does not hold: a message's payload, which its
// statement names by its digest, and the document of acknowledgements that a recipient signed. A sentence
// about the first word that differs; none where all agree.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/log/record.h"
#include "schemas/codec/payload.h"
#include "schemas/statement/acks.h"

namespace kesher::verifier {

// Of an acceptance: the event of a referral with its reason and outcome, how she is known and how urgent it
// is, and all that the leaf of a consent repeats of it (audit/log/facts.md), are in the payload alone, which
// the hub reads and the statement names by its digest. Of any other leaf the payload is asked nothing.
[[nodiscard]] std::optional<std::string> against_payload(std::string_view leaf,
                                                         const codec::Payload& payload);
// Of an acknowledgement: it says what was signed once, and nothing else, of its delivery.
[[nodiscard]] std::optional<std::string> against_acks(const log::Record& record,
                                                      const statement::VerifiedAcks& document);

}  // namespace kesher::verifier
