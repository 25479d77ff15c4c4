// Whoever wrote an id or a day wrongly is shown one that is right.
#include "adapters/kit/written_form.h"

#include <catch2/catch.hpp>

using namespace kesher;
using namespace kesher::kit;

namespace {

template <class Value>
std::string example() {
    return std::string(kWrittenForm<Value>.example);
}
// The same with a character too many.
template <class Value>
std::string spoilt() {
    return example<Value>() + "!";
}

}  // namespace

TEST_CASE("The example of each form is read and one with a character too many is not") {
    CHECK(contract::parse_day(example<contract::Day>()));
    CHECK_FALSE(contract::parse_day(spoilt<contract::Day>()));
    CHECK(contract::OrganisationId::parse(example<contract::OrganisationId>()));
    CHECK_FALSE(contract::OrganisationId::parse(spoilt<contract::OrganisationId>()));
    CHECK(contract::OfficerId::parse(example<contract::OfficerId>()));
    CHECK_FALSE(contract::OfficerId::parse(spoilt<contract::OfficerId>()));
    CHECK(contract::Pseudonym::parse(example<contract::Pseudonym>()));
    CHECK_FALSE(contract::Pseudonym::parse(spoilt<contract::Pseudonym>()));
    CHECK(contract::ReferralId::parse(example<contract::ReferralId>()));
    CHECK_FALSE(contract::ReferralId::parse(spoilt<contract::ReferralId>()));
    CHECK(contract::digest_from_base64url(example<contract::Digest>()));
    CHECK_FALSE(contract::digest_from_base64url(spoilt<contract::Digest>()));
}

TEST_CASE("What is not of its form is told with an example and the rule") {
    CHECK(not_of_its_form<contract::Day>() ==
          "what was given is not of its form, such as 2026-11-21 (year-month-day, 1900 to 2199)");
}
