// What a native system did, as a message: it names the referral as the exchange does, and seals what it says.
#include <catch2/catch.hpp>

#include "adapters/record/change.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::record;

namespace {

template <class Id>
Id id(std::uint8_t last) {
    std::array<std::uint8_t, 16> bytes{};
    bytes.back() = last;
    return Id::of_random(bytes);
}

const Given kGiven{id<ReferralId>(1), OrganisationId::parse("ssd-5000").value(), Purpose::treatment,
                   LegalBasis::written_consent_explained, id<ConsentId>(2)};

kit::Message message_of(const Change& change) {
    codec::Safety safety;
    safety.neutral_name = false;
    return event_of(change, kGiven, Pseudonym::of_random({}), id<MessageId>(3),
                    {OfficerId::parse("desk-1").value(), OfficerRole::system}, safety);
}

}  // namespace

TEST_CASE(
    "A change goes to who referred her under the referral the consent and the purpose of the referral") {
    Change change;
    change.event.event = ReferralEvent::accept;
    const kit::Message message = message_of(change);
    CHECK(message.to == kGiven.from);
    CHECK(message.referral == kGiven.id);
    CHECK(message.purpose == kGiven.purpose);
    CHECK(message.basis == kGiven.basis);
    CHECK(message.consent == kGiven.consent);
    CHECK_FALSE(message.sealed);
    CHECK_FALSE(needs_seal(change));
}

TEST_CASE("Words and an appointment are sealed and the safety flags go with them") {
    Change change;
    change.event.event = ReferralEvent::schedule;
    SECTION("words") { change.said = "bring nothing"; }
    SECTION("an appointment") { change.appointment = codec::Appointment{}; }
    CHECK(needs_seal(change));
    const kit::Message message = message_of(change);
    REQUIRE(message.sealed);
    CHECK(message.sealed->need == change.said);
    CHECK(message.sealed->appointment == change.appointment);
    CHECK(message.sealed->safety.contact_prohibited);
    CHECK_FALSE(message.sealed->safety.neutral_name);
}
