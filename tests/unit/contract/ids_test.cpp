// Ids have one spelling, say nothing about time, and cannot be mistaken for a person's number.
#include <catch2/catch.hpp>

#include <sstream>
#include <type_traits>

#include "schemas/contract/ids.h"

using namespace kesher::contract;

namespace {
template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
}  // namespace

TEST_CASE("A UUID of version 4 or 8 in lower case is an id and is written back unchanged") {
    for (const char* text :
         {"00000000-0000-4000-8000-000000000000", "f81d4fae-7dec-8bd0-bfff-00a0c91e6bf6"}) {
        CAPTURE(text);
        REQUIRE(MessageId::parse(text));
        CHECK(MessageId::parse(text)->text() == text);
        CHECK(MessageId::from_bytes(MessageId::parse(text)->bytes()) == MessageId::parse(text));
    }
}

TEST_CASE("An id that carries a time or is spelled another way is refused") {
    for (const char* text : {"f81d4fae-7dec-1bd0-bfff-00a0c91e6bf6", "018f4fae-7dec-7bd0-bfff-00a0c91e6bf6",
                             "F81D4FAE-7DEC-4BD0-BFFF-00A0C91E6BF6", "f81d4fae-7dec-4bd0-cfff-00a0c91e6bf6",
                             "f81d4fae-7dec-4bd0-7fff-00a0c91e6bf6", "f81d4fae7dec4bd0bfff00a0c91e6bf6", "",
                             "f81d4fae-7dec-4bd0-bfff-00a0c91e6bf", "f81d4fae-7dec-4bd0-bfff-00a0c91e6bf60",
                             "{81d4fae-7dec-4bd0-bfff-00a0c91e6bf6"}) {
        CAPTURE(text);
        CHECK_FALSE(MessageId::parse(text));
    }
}

TEST_CASE("Random and keyed-hash ids carry their version and nothing of the clock") {
    std::array<std::uint8_t, 16> random{};
    random.fill(0xFF);
    CHECK(ReferralId::of_random(random).text() == "ffffffff-ffff-4fff-bfff-ffffffffffff");
    Digest hash;
    hash.bytes.fill(0xFF);
    CHECK(ReferralId::of_keyed_hash(hash).text() == "ffffffff-ffff-8fff-bfff-ffffffffffff");
}

TEST_CASE("An organisation's id is a short lower-case word") {
    for (const char* text : {"nii", "ssd-5000", "ssd-r12", "hub", "ab", "a234567890123456789012345678901-"}) {
        CAPTURE(text);
        CHECK(OrganisationId::parse(text));
    }
    for (const char* text :
         {"", "a", "5ssd", "Nii", "nii_", "-ab", "a2345678901234567890123456789012x", "ni i"}) {
        CAPTURE(text);
        CHECK_FALSE(OrganisationId::parse(text));
    }
}

TEST_CASE("An officer's id is never a national id number") {
    CHECK(OfficerId::parse("worker.17"));
    CHECK(OfficerId::parse("000000019"));        // nine digits, but no valid check digit
    CHECK_FALSE(OfficerId::parse("000000018"));  // a valid check digit
    CHECK_FALSE(OfficerId::parse(""));
    CHECK_FALSE(OfficerId::parse("a b"));
    CHECK(OfficerId::parse(std::string(32, 'a')));
    CHECK_FALSE(OfficerId::parse(std::string(33, 'a')));
}

TEST_CASE("The check character is that of ISO 7064 MOD 37,36") {
    CHECK(iso7064_mod37_36("A12425GABC1234002") == 'M');  // the Global Release Identifier's published example
    CHECK_FALSE(iso7064_mod37_36("a"));
}

TEST_CASE("A pseudonym is 18 characters and one wrong character is noticed") {
    std::array<std::uint8_t, 10> random{0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0x10, 0x32};
    const Pseudonym pseudonym = Pseudonym::of_random(random);
    const std::string text = pseudonym.reveal();
    CHECK(text.size() == Pseudonym::kLength);
    CHECK(Pseudonym::parse(text) == pseudonym);
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string wrong = text;
        wrong[i] = wrong[i] == '7' ? '8' : '7';
        CAPTURE(wrong);
        CHECK_FALSE(Pseudonym::parse(wrong));
    }
    CHECK_FALSE(Pseudonym::parse(text + "0"));
    CHECK_FALSE(Pseudonym::parse(""));
}

TEST_CASE("A pseudonym and a case cannot be printed") {
    CHECK_FALSE(Printable<Pseudonym>);
    CHECK_FALSE(Printable<CaseId>);
    CHECK_FALSE(std::is_default_constructible_v<Pseudonym>);
    CHECK_FALSE(std::is_convertible_v<MessageId, ReferralId>);
}

TEST_CASE("A schema fingerprint is 16 lower-case hex digits, most significant first") {
    CHECK(text(SchemaFingerprint{0x7275d51a3f395c8f}) == "7275d51a3f395c8f");
    CHECK(parse_fingerprint("7275d51a3f395c8f") == SchemaFingerprint{0x7275d51a3f395c8f});
    CHECK_FALSE(parse_fingerprint("7275D51A3F395C8F"));
    CHECK_FALSE(parse_fingerprint("7275d51a3f395c8"));
}
