// Ids on the wire for native records. The vectors were computed with Python's hmac and uuid, not by us.
#include "adapters/kit/aliases.h"

#include <catch2/catch.hpp>
#include <numeric>

#include "schemas/statement/hash.h"

using namespace kesher;
using namespace kesher::kit;

namespace {
AliasMaker maker() {
    contract::Bytes key(32);
    std::iota(key.begin(), key.end(), std::uint8_t{0});
    return AliasMaker(statement::Secret(std::move(key)));
}
contract::OrganisationId organisation(std::string_view id) {
    return contract::OrganisationId::parse(id).value();
}
}  // namespace

TEST_CASE("A native number leads to the same UUID for ever") {
    const auto referral = maker().referral("0000000000004711");
    CHECK(referral.text() == "db149423-d18f-82c1-a232-58a8d957f539");
    CHECK(maker().request("0000000000004711").text() == "923f439e-e96c-80ce-bf54-62223d9eccd2");
    CHECK(maker().message(referral, statement::sha256("record 1")).text() ==
          "f9c1ee3a-b377-8bbf-a324-afb811332af0");
}

TEST_CASE("One form that names two recipients makes two unrelated consents") {
    CHECK(maker().consent("0000000000000815", organisation("health")).text() ==
          "b87e8801-75a7-8bea-9c00-899881e50556");
    CHECK(maker().consent("0000000000000815", organisation("housing")).text() ==
          "2bd58fac-dfe6-8674-be69-f10176e08aef");
}

TEST_CASE("The salt of a message is the same each time and tells nothing of another's") {
    const auto id = maker().message(maker().referral("4711"), statement::sha256("record 1"));
    const auto salt = maker().salt(organisation("ssd-5000"), id);
    CHECK(contract::hex(salt) == "3a04d0ad1fcac46d66e30beb2e753ed1");
    CHECK(maker().salt(organisation("ssd-4000"), id) != salt);
    CHECK(maker().salt(organisation("ssd-5000"),
                       maker().message(maker().referral("4711"), statement::sha256("record 2"))) != salt);
    CHECK(AliasMaker{statement::Secret(contract::Bytes(32, 1))}.salt(organisation("ssd-5000"), id) != salt);
}

TEST_CASE("Another key gives other names for the same native number") {
    const AliasMaker other{statement::Secret(contract::Bytes(32, 1))};
    CHECK(other.referral("0000000000004711") != maker().referral("0000000000004711"));
}

TEST_CASE("A person's id number is never a native number and neither is a control character") {
    CHECK(is_native_number("4711"));
    CHECK(is_native_number("תיק-12"));
    CHECK(is_native_number(std::string(128, 'a')));
    CHECK_FALSE(is_native_number(std::string(129, 'a')));
    CHECK_FALSE(is_native_number(""));
    CHECK_FALSE(is_native_number("000000018"));
    CHECK(is_native_number("000000019"));  // nine digits, but of nobody: the check digit is wrong
    CHECK_FALSE(is_native_number("47\n11"));
    CHECK_FALSE(is_native_number("\xff"));
    CHECK_THROWS_AS(maker().referral("000000018"), std::invalid_argument);
}
