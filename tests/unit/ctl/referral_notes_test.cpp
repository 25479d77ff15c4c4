// What is remembered of a referral is enough for an event about it, and is kept once.
#include <catch2/catch.hpp>

#include "adapters/ctl/referral_notes.h"
#include "tests/unit/keys/own_directory.h"

using namespace kesher;
using namespace kesher::ctl;

namespace {

const auto referral = contract::ReferralId::parse("11111111-1111-4111-8111-111111111111").value();
const auto consent = contract::ConsentId::parse("22222222-2222-4222-8222-222222222222").value();
const auto health = contract::OrganisationId::parse("health").value();

ReferralNote note() {
    return {referral,
            health,
            contract::Purpose::treatment,
            contract::LegalBasis::consent,
            consent,
            contract::Pseudonym::of_random({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})};
}

}  // namespace

TEST_CASE("A note is read back as it was written with and without a consent") {
    ReferralNote without = note();
    without.consent.reset();
    for (const ReferralNote& each : {note(), without}) {
        const auto read = read_note(write_note(each));
        REQUIRE(read);
        CHECK(*read == each);
    }
}

TEST_CASE("A file that is no note is none") {
    CHECK_FALSE(read_note("{}"));
    CHECK_FALSE(read_note("no JSON"));
    std::string other = write_note(note());
    other.replace(other.find("TREATMENT"), 9, "PAYMENTSX");
    CHECK_FALSE(read_note(other));
}

TEST_CASE("The first note of a referral stays and only its owner may read it") {
    const tests::OwnDirectory own;
    REQUIRE(keep_note(own / "health", note()));
    ReferralNote second = note();
    second.consent.reset();
    REQUIRE(keep_note(own / "health", second));
    const auto found = find_note(own / "health", referral);
    REQUIRE(found);
    CHECK(*found == note());
    const auto mode =
        std::filesystem::status(own / "health/referrals" / (referral.text() + ".json")).permissions();
    CHECK((mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
          std::filesystem::perms::none);
    CHECK_FALSE(find_note(own / "elsewhere", referral));
}

TEST_CASE("A statement without a referral's terms makes no note") {
    const auto id = contract::MessageId::parse("33333333-3333-4333-8333-333333333333").value();
    statement::Statement said{"hub.example/log",
                              id,
                              contract::MessageType::consent_revoked,
                              health,
                              contract::OrganisationId::hub(),
                              {},
                              {}};
    CHECK_FALSE(note_of(said, health, note().pseudonym));
    said.referral = referral;
    said.purpose = contract::Purpose::treatment;
    said.basis = contract::LegalBasis::consent;
    said.consent = consent;
    const auto made = note_of(said, health, note().pseudonym);
    REQUIRE(made);
    CHECK(*made == note());
}
