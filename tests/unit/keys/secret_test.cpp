// A secret has 32 bytes, one purpose, and no way into a line of text.
#include <catch2/catch.hpp>

#include <sstream>
#include <type_traits>

#include "gateway/keys/claim_codes.h"
#include "gateway/keys/secret.h"

using namespace kesher;
using namespace kesher::keys;

namespace {
template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<LookupKey> && !Printable<SubjectKey> && !Printable<ClaimCode>);
static_assert(!std::is_convertible_v<LookupKey, ClaimKey> && !std::is_constructible_v<StoreKey, ClaimKey>);
static_assert(!std::is_default_constructible_v<StoreKey>);
}  // namespace

TEST_CASE("A secret is made of exactly 32 bytes") {
    const contract::Bytes bytes(33, 7);
    CHECK_FALSE(StoreKey::from(contract::ByteView(bytes).first(31)));
    CHECK_FALSE(StoreKey::from(bytes));
    CHECK_FALSE(StoreKey::from({}));
    REQUIRE(StoreKey::from(contract::ByteView(bytes).first(32)));
    CHECK(std::ranges::equal(StoreKey::from(contract::ByteView(bytes).first(32))->reveal(),
                             contract::ByteView(bytes).first(32)));
}

TEST_CASE("Two secrets drawn one after the other differ and each equals its copy") {
    const auto one = StoreKey::random();
    const auto other = StoreKey::random();
    const StoreKey copy = one;
    CHECK_FALSE(one == other);
    CHECK(one == copy);
}

TEST_CASE("Wiping leaves only zeros") {
    contract::Bytes bytes(40, 0xAB);
    wipe(bytes);
    CHECK(bytes == contract::Bytes(40, 0));
}

TEST_CASE("Byte strings are the same only where length and every byte agree") {
    const contract::Bytes a{1, 2, 3};
    CHECK(same_bytes(a, contract::Bytes{1, 2, 3}));
    CHECK_FALSE(same_bytes(a, contract::Bytes{1, 2, 4}));
    CHECK_FALSE(same_bytes(a, contract::Bytes{1, 2}));
    CHECK(same_bytes({}, {}));
}
