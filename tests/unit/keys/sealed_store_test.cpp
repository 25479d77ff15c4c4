// A sealed value opens only unchanged, in its own row, under a key we hold.
// The golden value was made apart from this program (Python's cryptography) from the form in sealed_store.h.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "gateway/keys/pseudonyms.h"
#include "gateway/keys/sealed_store.h"

using namespace kesher;
using namespace kesher::keys;
using contract::Bytes;
using contract::ByteView;

namespace {

Bytes counting(std::uint8_t first, std::size_t length) {
    Bytes bytes;
    for (std::size_t i = 0; i < length; ++i) bytes.push_back(static_cast<std::uint8_t>(first + i));
    return bytes;
}
StoreKey key_from(std::uint8_t first) { return StoreKey::from(counting(first, 32)).value(); }
SealedStore one_key() { return SealedStore({{1, key_from(0)}}); }
ByteView text(std::string_view words) { return contract::bytes_of(words); }
contract::OrganisationId org(std::string_view id) { return contract::OrganisationId::parse(id).value(); }

const auto department = org("ssd-5000");

CaseSecrets the_secrets() {
    std::array<std::uint8_t, 16> id{};
    std::ranges::copy(counting(0xA0, 16), id.begin());
    return {contract::CaseId(id), SubjectKey::from(counting(64, 32)).value(),
            contract::Pseudonym::parse("10123456789ABCDEFL").value()};
}
contract::Digest the_lookup() {
    return RowKeys(LookupKey::from(counting(0, 32)).value()).lookup(department, the_secrets().pseudonym);
}

constexpr std::string_view kGolden =
    "0101101112131415161718191a1bdd5f3ab5ed6c9c1462dca2b6a3d4c7fc97110c4d5f8711f6afb0a82c12191a9400b80550a1f3"
    "38"
    "b8266fc80ad6c54d44228c7641d0bf6cc48b260370b1d4e02e43b44c1b719da0ecf8569bf1c711265e5cfb";

}  // namespace

TEST_CASE("A case sealed years ago under the published form still opens") {
    const auto golden = contract::from_hex(kGolden).value();
    CHECK(one_key().open_case(department, the_lookup(), golden) == the_secrets());
}

TEST_CASE("What was sealed opens in its own row and is 30 bytes longer than it was") {
    const auto store = one_key();
    for (const std::size_t length : {0U, 1U, 15U, 16U, 17U, 4096U}) {
        CAPTURE(length);
        const Bytes plain = counting(3, length);
        const Bytes sealed = store.seal("officer-totp.v1", text("row"), plain);
        CHECK(sealed.size() == length + SealedStore::kOverheadBytes);
        CHECK(store.open("officer-totp.v1", text("row"), sealed) == plain);
    }
}

TEST_CASE("A sealed value with any one bit changed does not open") {
    const auto store = one_key();
    Bytes sealed = store.seal("label.v1", text("row"), text("sixteen bytes .."));
    for (std::size_t byte = 0; byte < sealed.size(); ++byte) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            sealed[byte] = static_cast<std::uint8_t>(sealed[byte] ^ (1U << bit));
            CAPTURE(byte, bit);
            CHECK_FALSE(store.open("label.v1", text("row"), sealed));
            sealed[byte] = static_cast<std::uint8_t>(sealed[byte] ^ (1U << bit));
        }
    }
    CHECK(store.open("label.v1", text("row"), sealed));
}

TEST_CASE("A sealed value that was cut or lengthened does not open") {
    const auto store = one_key();
    Bytes sealed = store.seal("label.v1", text("row"), text("content"));
    for (std::size_t kept = 0; kept < sealed.size(); ++kept) {
        CAPTURE(kept);
        CHECK_FALSE(store.open("label.v1", text("row"), ByteView(sealed).first(kept)));
    }
    sealed.push_back(0);
    CHECK_FALSE(store.open("label.v1", text("row"), sealed));
}

TEST_CASE("A sealed value moved to another row or another column does not open") {
    const auto store = one_key();
    const Bytes sealed = store.seal("label.v1", text("row"), text("content"));
    CHECK_FALSE(store.open("label.v1", text("rox"), sealed));
    CHECK_FALSE(store.open("label.v1", text(""), sealed));
    CHECK_FALSE(store.open("label.v2", text("row"), sealed));
}

TEST_CASE("Where the label ends and the row begins is never in doubt") {
    const auto store = one_key();
    const Bytes sealed = store.seal("ab", text("c"), text("content"));
    CHECK_FALSE(store.open("a", text("bc"), sealed));
    CHECK(store.open("ab", text("c"), sealed));
}

TEST_CASE("Nothing of the plaintext stands in the sealed value") {
    const Bytes plain = counting(0, 64);
    const Bytes sealed = one_key().seal("label.v1", text("row"), plain);
    for (std::size_t from = 0; from + 4 <= plain.size(); ++from) {
        CAPTURE(from);
        const auto piece = ByteView(plain).subspan(from, 4);
        CHECK(std::ranges::search(sealed, piece).empty());
    }
}

TEST_CASE("The same value sealed a thousand times is never twice the same bytes nor the same nonce") {
    const auto store = one_key();
    std::set<Bytes> nonces;
    for (int i = 0; i < 1'000; ++i) {
        const Bytes sealed = store.seal("label.v1", text("row"), text("content"));
        nonces.insert(Bytes(sealed.begin() + 2, sealed.begin() + 14));
    }
    CHECK(nonces.size() == 1'000);
}

TEST_CASE("After a rotation new values take the new key and old ones still open") {
    const Bytes old = one_key().seal("label.v1", text("row"), text("content"));
    const SealedStore rotated({{2, key_from(100)}, {1, key_from(0)}});
    const Bytes fresh = rotated.seal("label.v1", text("row"), text("content"));
    CHECK(rotated.current_key() == 2);
    CHECK(rotated.open("label.v1", text("row"), old));
    CHECK_FALSE(rotated.is_current(old));
    CHECK(rotated.is_current(fresh));
    CHECK_FALSE(one_key().open("label.v1", text("row"), fresh));
    CHECK_FALSE(rotated.check_value() == one_key().check_value());
}

TEST_CASE("A value sealed under another key of the same number does not open") {
    const Bytes sealed = one_key().seal("label.v1", text("row"), text("content"));
    CHECK_FALSE(SealedStore({{1, key_from(1)}}).open("label.v1", text("row"), sealed));
}

TEST_CASE("A store without keys or with a number that is 0 or stands twice is refused") {
    CHECK_THROWS_AS(SealedStore({}), std::invalid_argument);
    CHECK_THROWS_AS(SealedStore({{0, key_from(0)}}), std::invalid_argument);
    CHECK_THROWS_AS(SealedStore({{1, key_from(0)}, {1, key_from(1)}}), std::invalid_argument);
    CHECK_NOTHROW(SealedStore({{255, key_from(0)}}));
}

TEST_CASE("A label has 1 to 64 characters") {
    const auto store = one_key();
    CHECK_THROWS_AS(store.seal("", text("row"), text("x")), std::invalid_argument);
    CHECK_THROWS_AS(store.seal(std::string(65, 'a'), text("row"), text("x")), std::invalid_argument);
    CHECK_NOTHROW(store.seal(std::string(64, 'a'), text("row"), text("x")));
}

TEST_CASE("A case opens for its own organisation and lookup and for no other") {
    const auto store = one_key();
    const Bytes sealed = store.seal_case(department, the_lookup(), the_secrets());
    auto other_lookup = the_lookup();
    other_lookup.bytes[31] ^= 1;
    CHECK(store.open_case(department, the_lookup(), sealed) == the_secrets());
    CHECK_FALSE(store.open_case(org("ssd-500"), the_lookup(), sealed));
    CHECK_FALSE(store.open_case(department, other_lookup, sealed));
}

TEST_CASE("A value of another column or length is no case though it stands in the case's row") {
    const auto store = one_key();
    Bytes binding(text("ssd-5000").begin(), text("ssd-5000").end());
    binding.push_back(0);
    std::ranges::copy(the_lookup().view(), std::back_inserter(binding));
    Bytes plain = counting(0, 48);
    std::ranges::copy(text("10123456789ABCDEFL"), std::back_inserter(plain));
    const auto opens = [&](std::string_view label, ByteView content) {
        return store.open_case(department, the_lookup(), store.seal(label, binding, content)).has_value();
    };
    CHECK(opens("case-secrets.v1", plain));
    CHECK_FALSE(opens("other.v1", plain));
    for (const std::size_t length : {0U, 20U, 48U, 65U}) {
        CAPTURE(length);
        CHECK_FALSE(opens("case-secrets.v1", ByteView(plain).first(length)));
    }
    plain.push_back('0');
    CHECK_FALSE(opens("case-secrets.v1", plain));
}
