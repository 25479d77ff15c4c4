// New names never repeat; row keys keep their published form for ever and never meet one another.
// The golden values were computed apart from this program (Python's hmac) from the forms in pseudonyms.h.
#include <catch2/catch.hpp>

#include <set>

#include "gateway/keys/pseudonyms.h"

using namespace kesher;
using namespace kesher::keys;

namespace {

LookupKey counting_key() {
    contract::Bytes bytes;
    for (std::uint8_t i = 0; i < 32; ++i) bytes.push_back(i);
    return LookupKey::from(bytes).value();
}
contract::CaseId case_from(std::uint8_t first) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::uint8_t i = 0; i < 16; ++i) bytes[i] = static_cast<std::uint8_t>(first + i);
    return contract::CaseId(bytes);
}
contract::OrganisationId org(std::string_view id) { return contract::OrganisationId::parse(id).value(); }
std::string hex(const contract::Digest& digest) { return contract::hex(digest.view()); }

const auto the_case = case_from(0xA0);
const auto the_name = contract::Pseudonym::parse("10123456789ABCDEFL").value();
const auto treatment = contract::Purpose::treatment;

}  // namespace

TEST_CASE("The row keys in the database keep their form for ever") {
    const RowKeys keys(counting_key());
    CHECK(hex(keys.lookup(org("ssd-5000"), the_name)) ==
          "08fc37f800e0bddc8a2fcbd6cbc22bc11421f5eb49e441aeed4359b18e459ab6");
    CHECK(hex(keys.case_key(the_case)) == "48fa84e9ed20ff7e4a6232cbf1348df2b8e1adfd90649286240f548cefc0838c");
    CHECK(hex(keys.consent_key(the_case, org("ssd-5000"), org("health"), treatment)) ==
          "6de53bc3d48d28bedfe32da16ccea1c255cc43561f28d5f44fdaeb01aa1ccf63");
    CHECK(hex(keys.referral_slot(the_case, 258)) ==
          "5e9edce2d83980e7d13cba314955fa79393d9837b5de6c7999ca150ce19c9f4b");
    CHECK(hex(keys.consent_slot(the_case, 258)) ==
          "85f3a7b1c60dff572c239596db8222ed31848e188822804e2758ff86fc523ca6");
    CHECK(hex(keys.check_value()) == "14f2a1d5498697327a0bd013ec33459136b0aeca88b50c02ca0ee43591120d03");
}

TEST_CASE("Different questions about one case never have the same key") {
    const RowKeys keys(counting_key());
    std::set<contract::Digest> seen{keys.lookup(org("ssd-5000"), the_name), keys.case_key(the_case),
                                    keys.consent_key(the_case, org("ssd-5000"), org("health"), treatment),
                                    keys.check_value()};
    for (std::uint32_t n = 0; n < 300; ++n) {
        seen.insert(keys.referral_slot(the_case, n));
        seen.insert(keys.consent_slot(the_case, n));
    }
    CHECK(seen.size() == 604);
}

TEST_CASE("One pseudonym at two organisations is filed under two keys") {
    const RowKeys keys(counting_key());
    CHECK_FALSE(keys.lookup(org("nii"), the_name) == keys.lookup(org("labor"), the_name));
}

TEST_CASE("Where one organisation's name ends and the next begins is never in doubt") {
    const RowKeys keys(counting_key());
    CHECK_FALSE(keys.consent_key(the_case, org("ab"), org("cde"), treatment) ==
                keys.consent_key(the_case, org("abc"), org("de"), treatment));
    CHECK_FALSE(keys.consent_key(the_case, org("nii"), org("health"), treatment) ==
                keys.consent_key(the_case, org("health"), org("nii"), treatment));
}

TEST_CASE("A consent's key changes with case and discloser and recipient and purpose") {
    const RowKeys keys(counting_key());
    const auto base = keys.consent_key(the_case, org("nii"), org("health"), treatment);
    CHECK(keys.consent_key(the_case, org("nii"), org("health"), treatment) == base);
    CHECK_FALSE(keys.consent_key(case_from(0xA1), org("nii"), org("health"), treatment) == base);
    CHECK_FALSE(keys.consent_key(the_case, org("labor"), org("health"), treatment) == base);
    CHECK_FALSE(keys.consent_key(the_case, org("nii"), org("housing"), treatment) == base);
    CHECK_FALSE(keys.consent_key(the_case, org("nii"), org("health"), contract::Purpose::referral) == base);
}

TEST_CASE("Another key file gives other row keys and another check value") {
    const RowKeys ours(counting_key());
    const RowKeys theirs(LookupKey::random());
    CHECK_FALSE(ours.case_key(the_case) == theirs.case_key(the_case));
    CHECK_FALSE(ours.check_value() == theirs.check_value());
}

TEST_CASE("Ten thousand new pseudonyms are ten thousand different ones and each is well formed") {
    std::set<std::string> seen;
    std::array<std::set<char>, contract::Pseudonym::kLength> letters;
    int refused = 0;
    for (int i = 0; i < 10'000; ++i) {
        const std::string text = new_pseudonym().reveal();
        if (!contract::Pseudonym::parse(text)) ++refused;
        seen.insert(text);
        for (std::size_t k = 0; k < text.size(); ++k) letters[k].insert(text[k]);
    }
    CHECK(refused == 0);
    CHECK(seen.size() == 10'000);
    CHECK(letters[0].size() == 1);
    // 32 letters at every random place: none of the 80 bits stands still.
    for (std::size_t k = 1; k <= 16; ++k) CHECK(letters[k].size() == 32);
}

TEST_CASE("New cases and subject keys and ids on the wire do not repeat") {
    std::set<contract::CaseId> cases;
    std::set<contract::Bytes> subjects;
    std::set<contract::DeliveryId> deliveries;
    for (int i = 0; i < 1'000; ++i) {
        cases.insert(new_case_id());
        const auto subject = new_subject_key();
        subjects.insert(contract::Bytes(subject.reveal().begin(), subject.reveal().end()));
        deliveries.insert(new_id<contract::DeliveryId>());
    }
    CHECK(cases.size() == 1'000);
    CHECK(subjects.size() == 1'000);
    CHECK(deliveries.size() == 1'000);
    CHECK(contract::DeliveryId::parse(deliveries.begin()->text()));
}
