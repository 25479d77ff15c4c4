// Which schema a record is written with: the record's name in il.kesher. Internal to this room.
#pragma once

#include <string_view>

#include "schemas/codec/records.h"

namespace kesher::codec {

template <class Record>
inline constexpr std::string_view kRecordName = {};
template <>
inline constexpr std::string_view kRecordName<Submission> = "Submission";
template <>
inline constexpr std::string_view kRecordName<SubmissionBatch> = "SubmissionBatch";
template <>
inline constexpr std::string_view kRecordName<DeliveryBatch> = "DeliveryBatch";
template <>
inline constexpr std::string_view kRecordName<ReferralSubmitted> = "ReferralSubmitted";
template <>
inline constexpr std::string_view kRecordName<ReferralEventPayload> = "ReferralEvent";
template <>
inline constexpr std::string_view kRecordName<Draft> = "Draft";
template <>
inline constexpr std::string_view kRecordName<ConsentGiven> = "ConsentGiven";
template <>
inline constexpr std::string_view kRecordName<ConsentRevoked> = "ConsentRevoked";
template <>
inline constexpr std::string_view kRecordName<ConsentRevocationAcked> = "ConsentRevocationAcked";
template <>
inline constexpr std::string_view kRecordName<IntakeScreened> = "IntakeScreened";
template <>
inline constexpr std::string_view kRecordName<EligibilityAsked> = "EligibilityAsked";
template <>
inline constexpr std::string_view kRecordName<EligibilityAnswered> = "EligibilityAnswered";
template <>
inline constexpr std::string_view kRecordName<CapacityUpdated> = "CapacityUpdated";
template <>
inline constexpr std::string_view kRecordName<AgendaProposed> = "AgendaProposed";
template <>
inline constexpr std::string_view kRecordName<HeadcountReported> = "HeadcountReported";
template <>
inline constexpr std::string_view kRecordName<Sealed> = "Sealed";

}  // namespace kesher::codec
