#include "adapters/kit/unverified_jws.h"

#include <catch2/catch.hpp>
#include <string>

#include "schemas/contract/bytes.h"

namespace {

using namespace kesher;

std::string segment(std::string_view json) { return contract::base64url(contract::bytes_of(json)); }

const std::string kJws = segment(R"({"alg":"ES256"})") + "." + segment(R"({"from":"ssd-5000"})") + ".c2ln";

}  // namespace

TEST_CASE("header and claims are read though nothing signed them") {
    const auto header = kit::unverified_header(kJws);
    REQUIRE(header.find("alg") != nullptr);
    CHECK(*header.find("alg")->text() == "ES256");
    const auto claims = kit::unverified_claims(kJws);
    REQUIRE(claims.find("from") != nullptr);
    CHECK(*claims.find("from")->text() == "ssd-5000");
}

TEST_CASE("a segment that is missing, no base64url or no JSON says nothing") {
    CHECK(kit::unverified_header("").is_null());
    CHECK(kit::unverified_header("!.e30.c2ln").is_null());
    CHECK(kit::unverified_header(segment("{") + ".e30.c2ln").is_null());
    CHECK(kit::unverified_claims("").is_null());
    CHECK(kit::unverified_claims(segment("{}")).is_null());
    CHECK(kit::unverified_claims(segment("{}") + ".").is_null());
    CHECK(kit::unverified_claims(segment("{}") + "." + segment("{\"a\":1,\"a\":2}") + ".c2ln").is_null());
    CHECK(kit::unverified_claims(segment("{}") + "." + segment("{}")).members() != nullptr);
}

TEST_CASE("what is no object has no member") {
    CHECK(kit::unverified_claims(segment("{}") + "." + segment("[1]") + ".c2ln").find("from") == nullptr);
    CHECK(kit::unverified_claims("").find("from") == nullptr);
}
