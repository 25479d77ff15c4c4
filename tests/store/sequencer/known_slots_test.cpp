// What is remembered of the cases' slots: each case once, a bounded number of them, and nothing of another's.
#include <catch2/catch.hpp>

#include "gateway/keys/pseudonyms.h"
#include "gateway/sequencer/known_slots.h"
#include "schemas/statement/hash.h"

using namespace kesher;
using contract::Digest;
using sequencer::KnownSlots;

namespace {

Digest case_number(std::size_t n) { return statement::sha256("case " + std::to_string(n)); }

KnownSlots::Case slots_in_use(std::size_t count) {
    KnownSlots::Used used;
    for (std::size_t n = 0; n < count; ++n)
        used.push_back({case_number(n), contract::OrganisationId::hub(), keys::new_pseudonym()});
    return {std::move(used), {}};
}

}  // namespace

TEST_CASE("A case is given back as it was put, once") {
    KnownSlots known;
    CHECK_FALSE(known.take(case_number(1)));
    known.put(case_number(1), slots_in_use(3));
    known.put(case_number(2), {});
    CHECK(known.take(case_number(1)).value().used.size() == 3);
    CHECK_FALSE(known.take(case_number(1)));
    CHECK(known.take(case_number(2)).value().used.empty());
}

TEST_CASE("A referral that is released is known as released, of its case and of no other") {
    KnownSlots known;
    known.disclosed(case_number(1), case_number(1));  // of a case that is not known: nothing is kept
    CHECK_FALSE(known.take(case_number(1)));
    for (const std::size_t n : {1U, 2U}) known.put(case_number(n), slots_in_use(3));
    known.disclosed(case_number(1), case_number(1));
    known.disclosed(case_number(2), case_number(7));  // no slot of its
    const auto released = known.take(case_number(1)).value().used;
    CHECK_FALSE(released[0].disclosed);
    CHECK(released[1].disclosed);
    CHECK_FALSE(released[2].disclosed);
    const auto untouched = known.take(case_number(2)).value().used;
    for (const auto& place : untouched) CHECK_FALSE(place.disclosed);
}

TEST_CASE("All is forgotten where another writer may have written") {
    KnownSlots known;
    for (std::size_t n = 0; n < KnownSlots::kMost; ++n) known.put(case_number(n), {});
    known.forget();
    for (std::size_t n = 0; n < KnownSlots::kMost; ++n) REQUIRE_FALSE(known.take(case_number(n)));
}

TEST_CASE("Cases that were met lately are known, and never more than the bound") {
    KnownSlots known;
    constexpr std::size_t kEach = 7;
    constexpr std::size_t kCases = KnownSlots::kMost;  // eight times what there is room for
    for (std::size_t n = 0; n < kCases; ++n) known.put(case_number(n), slots_in_use(kEach));
    for (std::size_t n = kCases - KnownSlots::kMost / 2 / (1 + kEach) / 2; n < kCases; ++n) {
        REQUIRE(known.take(case_number(n)).value().used.size() == kEach);
    }
    std::size_t older = 0;
    for (std::size_t n = 0; n < kCases; ++n) older += known.take(case_number(n)) ? 1 + kEach : 0;
    CHECK(older <= KnownSlots::kMost);
}

TEST_CASE("Cases without a referral are bounded as well") {
    KnownSlots known;
    for (std::size_t n = 0; n < 2 * KnownSlots::kMost; ++n) known.put(case_number(n), {});
    std::size_t kept = 0;
    for (std::size_t n = 0; n < 2 * KnownSlots::kMost; ++n) kept += known.take(case_number(n)) ? 1 : 0;
    CHECK(kept <= KnownSlots::kMost);
    CHECK(kept >= KnownSlots::kMost / 2);
}

TEST_CASE("A case that is met again and again does not push out the others") {
    KnownSlots known;
    known.put(case_number(0), slots_in_use(2));
    for (std::size_t n = 0; n < KnownSlots::kMost; ++n) {
        known.put(case_number(1), slots_in_use(100));
        REQUIRE(known.take(case_number(1)));
    }
    CHECK(known.take(case_number(0)));
}

TEST_CASE("A case with more slots than are remembered at all is looked up each time") {
    KnownSlots known;
    known.put(case_number(0), slots_in_use(2));
    known.put(case_number(1), slots_in_use(KnownSlots::kMost / 2));
    CHECK_FALSE(known.take(case_number(1)));
    CHECK(known.take(case_number(0)));
}
