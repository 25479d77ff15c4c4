// Every record of the exchange as a plain value, to and from its bytes.
//
// Bytes are Avro single-object encoding: C3 01, the schema's CRC-64-AVRO fingerprint (8 bytes, little-
// endian), canonical binary; one value has one encoding. What comes in passes the bounded walk (walk.h)
// before anything else reads it. Instances for the records named below; nothing else links.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "schemas/codec/consent_records.h"
#include "schemas/codec/envelope_records.h"
#include "schemas/codec/programme_records.h"
#include "schemas/codec/referral_records.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/result.h"

namespace kesher::codec {

// Record is one of Submission, SubmissionBatch, DeliveryBatch, ReferralSubmitted, ReferralEventPayload,
// Draft, ConsentGiven, ConsentRevoked, ConsentRevocationAcked, IntakeScreened, EligibilityAsked,
// EligibilityAnswered, CapacityUpdated, AgendaProposed, HeadcountReported, Sealed.

// `schema_unknown`: not the mark and fingerprint of a released schema of this record.
// `payload_invalid`: not canonical, over a limit, a word outside its list, or a broken rule of the record.
template <class Record>
[[nodiscard]] contract::Result<Record, contract::Code> decode(contract::ByteView bytes);

// The dotted name of the first field that breaks a rule (`notice.id`), or none: such a record encodes.
template <class Record>
[[nodiscard]] std::optional<std::string> flaw(const Record& record);

// A record with a flaw was built by us and not judged by flaw(): a fault of ours.
struct FlawedRecord : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

// With the newest schema of its record. Lists of codes are written sorted by word. Throws FlawedRecord.
template <class Record>
[[nodiscard]] contract::Bytes encode(const Record& record);

}  // namespace kesher::codec
