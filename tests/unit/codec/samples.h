// One value of every record with every field set, and one with only what must be set. Invented people.
#pragma once

#include <string>
#include <vector>

#include "schemas/codec/payload.h"
#include "schemas/codec/records.h"

namespace kesher::codec::samples {

inline contract::Day day(const char* text) { return contract::parse_day(text).value(); }
inline contract::OrganisationId organisation(const char* text) {
    return contract::OrganisationId::parse(text).value();
}
inline contract::OfficerId officer(const char* text) { return contract::OfficerId::parse(text).value(); }
contract::Digest digest(std::uint8_t fill);
contract::Bytes jwe();  // of the compact form only: nobody opens it here

// Each twice: [0] full, [1] bare. Listed are all that the schemas have.
template <class Record>
std::vector<Record> of();
template <>
std::vector<Submission> of();
template <>
std::vector<SubmissionBatch> of();
template <>
std::vector<DeliveryBatch> of();
template <>
std::vector<ReferralSubmitted> of();
template <>
std::vector<ReferralEventPayload> of();
template <>
std::vector<Draft> of();
template <>
std::vector<ConsentGiven> of();
template <>
std::vector<ConsentRevoked> of();
template <>
std::vector<ConsentRevocationAcked> of();
template <>
std::vector<IntakeScreened> of();
template <>
std::vector<EligibilityAsked> of();
template <>
std::vector<EligibilityAnswered> of();
template <>
std::vector<CapacityUpdated> of();
template <>
std::vector<AgendaProposed> of();
template <>
std::vector<HeadcountReported> of();
template <>
std::vector<Sealed> of();

// Calls `visit(name, record)` for both values of every record: "Draft.v1.full", "Draft.v1.bare".
template <class Visit>
void each(const Visit& visit) {
    const auto both = [&]<class Record>(const std::string& name, const std::vector<Record>& values) {
        visit(name + ".v1.full", values.at(0));
        visit(name + ".v1.bare", values.at(1));
    };
    both("Submission", of<Submission>());
    both("SubmissionBatch", of<SubmissionBatch>());
    both("DeliveryBatch", of<DeliveryBatch>());
    both("ReferralSubmitted", of<ReferralSubmitted>());
    both("ReferralEvent", of<ReferralEventPayload>());
    both("Draft", of<Draft>());
    both("ConsentGiven", of<ConsentGiven>());
    both("ConsentRevoked", of<ConsentRevoked>());
    both("ConsentRevocationAcked", of<ConsentRevocationAcked>());
    both("IntakeScreened", of<IntakeScreened>());
    both("EligibilityAsked", of<EligibilityAsked>());
    both("EligibilityAnswered", of<EligibilityAnswered>());
    both("CapacityUpdated", of<CapacityUpdated>());
    both("AgendaProposed", of<AgendaProposed>());
    both("HeadcountReported", of<HeadcountReported>());
    both("Sealed", of<Sealed>());
}

}  // namespace kesher::codec::samples
