// What is kept of pseudonyms: as it was read, for its own body, and never more than the bound.
#include <catch2/catch.hpp>

#include "gateway/store/known_pseudonyms.h"

using namespace kesher;
using store::KnownPseudonyms;

namespace {

contract::OrganisationId body(std::string_view text) { return contract::OrganisationId::parse(text).value(); }
contract::Digest name(std::uint8_t number) {
    contract::Digest digest;
    digest.bytes.fill(number);
    return digest;
}
contract::Bytes row(std::uint8_t number) { return contract::Bytes(60, number); }

}  // namespace

TEST_CASE("A name that was kept is found as it was and for its own body alone") {
    KnownPseudonyms known;
    known.keep(body("ssd-5000"), name(1), row(1));
    CHECK(known.find(body("ssd-5000"), name(1)) == row(1));
    CHECK_FALSE(known.find(body("ssd-4000"), name(1)));
    CHECK_FALSE(known.find(body("ssd-5000"), name(2)));
}

TEST_CASE("Only as many names are kept as said and those asked for lately stay") {
    KnownPseudonyms known(8);
    known.keep(body("health"), name(0), row(0));
    for (std::uint8_t i = 1; i < 100; ++i) {
        known.keep(body("health"), name(i), row(i));
        REQUIRE(known.find(body("health"), name(0)) == row(0));
    }
    std::size_t kept = 0;
    for (std::uint8_t i = 0; i < 100; ++i) kept += known.find(body("health"), name(i)) ? 1U : 0U;
    CHECK(kept <= 8);
    CHECK_FALSE(known.find(body("health"), name(1)));
}
