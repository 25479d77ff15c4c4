// Nothing passes between two bodies but what both agreed on, while it is in force.
// Method: one agreement and one disclosure that it covers; each case changes a single fact.
#include <catch2/catch.hpp>

#include "tests/unit/agreement/builders.h"

using namespace kesher::agreement;
using namespace kesher::agreement::test;

TEST_CASE("An agreement holds from the start of its first day to the end of its last") {
    CHECK_FALSE(covers(active(), claim(), start_of(first_day) - 1ms));
    CHECK(covers(active(), claim(), start_of(first_day)));
    CHECK(covers(active(), claim(), start_of(last_day) + 24h - 1ms));
    CHECK_FALSE(covers(active(), claim(), start_of(last_day) + 24h));
}

TEST_CASE("An agreement without a last day holds until it is ended") {
    Agreement agreement = active();
    agreement.terms.to.reset();
    CHECK(covers(agreement, claim(), start_of(last_day) + 24h * 3650));
    agreement.state = State::ended;
    CHECK_FALSE(covers(agreement, claim(), noon));
}

TEST_CASE("A proposal covers nothing until it is approved") {
    Agreement agreement = active();
    REQUIRE(covers(agreement, claim(), noon));
    agreement.state = State::proposed;
    CHECK_FALSE(covers(agreement, claim(), noon));
}

TEST_CASE("An agreement holds both ways between its two bodies and for nobody else") {
    Disclosure disclosure = claim();
    std::swap(disclosure.from, disclosure.to);
    CHECK(covers(active(), disclosure, noon));
    disclosure.to = health;
    CHECK_FALSE(covers(active(), disclosure, noon));
    disclosure.to = disclosure.from;
    CHECK_FALSE(covers(active(), disclosure, noon));
}

TEST_CASE("Every word of a disclosure must stand in the agreement") {
    Disclosure disclosure = claim();
    REQUIRE(covers(active(), disclosure, noon));
    SECTION("type") { disclosure.type = MessageType::eligibility_asked; }
    SECTION("purpose") { disclosure.purpose = Purpose::treatment; }
    SECTION("one group too many") { disclosure.groups.add(DataGroup::health); }
    CHECK_FALSE(covers(active(), disclosure, noon));
}

TEST_CASE("A disclosure without data groups needs the agreement all the same") {
    Disclosure disclosure = claim();
    disclosure.groups = {};
    CHECK(covers(active(), disclosure, noon));
    disclosure.to = health;
    CHECK(find_agreement(std::vector{active()}, disclosure, noon).error() == Code::agreement_missing);
}

TEST_CASE("What is said to the hub or by the hub needs no agreement") {
    Disclosure disclosure = claim();
    CHECK(needs_agreement(disclosure));
    disclosure.to = OrganisationId::hub();
    CHECK_FALSE(needs_agreement(disclosure));
    disclosure = claim();
    disclosure.from = OrganisationId::hub();
    CHECK_FALSE(needs_agreement(disclosure));
}

TEST_CASE("A rehearsal with echo needs no agreement and nothing else with echo goes without") {
    Disclosure disclosure = claim();
    disclosure.to = echo;
    CHECK(needs_agreement(disclosure));
    disclosure.purpose = Purpose::rehearsal;
    CHECK_FALSE(needs_agreement(disclosure));
    std::swap(disclosure.from, disclosure.to);
    CHECK_FALSE(needs_agreement(disclosure));
    disclosure.from = health;
    CHECK(needs_agreement(disclosure));
}

TEST_CASE("The agreement that covers it is named and without one nothing passes") {
    Agreement other = active();
    other.id = agreement_two;
    other.state = State::ended;
    const std::vector agreements{other, active()};
    CHECK(find_agreement(agreements, claim(), noon).value() == agreement_one);
    CHECK(find_agreement({}, claim(), noon).error() == Code::agreement_missing);
    Disclosure to_hub = claim();
    to_hub.to = OrganisationId::hub();
    CHECK(find_agreement({}, to_hub, noon).value() == std::nullopt);
}

TEST_CASE("Two agreements are not added up: one of them covers all of it or none does") {
    Agreement identity_only = active();
    Agreement income_only = active();
    identity_only.terms.groups = {DataGroup::identity};
    income_only.terms.groups = {DataGroup::income};
    Disclosure both = claim();
    both.groups = {DataGroup::identity, DataGroup::income};
    CHECK(find_agreement(std::vector{active()}, both, noon));
    CHECK_FALSE(find_agreement(std::vector{identity_only, income_only}, both, noon));
}

TEST_CASE("The law between public bodies stands for two public bodies alone") {
    constexpr auto body = OrganisationKind::public_body;
    for (const LegalBasis basis :
         {LegalBasis::between_public_bodies_within_powers, LegalBasis::between_public_bodies_needed,
          LegalBasis::entitled_to_demand}) {
        CHECK(basis_may_stand(basis, body, body));
        for (const auto kind :
             {OrganisationKind::provider, OrganisationKind::ngo, OrganisationKind::hotline,
              OrganisationKind::tool, OrganisationKind::operator_, OrganisationKind::auditor}) {
            CAPTURE(kOrganisationKinds.text(kind));
            CHECK(basis_may_stand(basis, kind, body).error() == Code::consent_missing);
            CHECK(basis_may_stand(basis, body, kind).error() == Code::consent_missing);
        }
    }
    CHECK(basis_may_stand(LegalBasis::consent, OrganisationKind::provider, OrganisationKind::ngo));
}
