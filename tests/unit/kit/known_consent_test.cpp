// Whether what we know of a consent covers a disclosure. One consent; each line changes a single fact.
#include "adapters/kit/known_consent.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {
const auto ssd = organisation("ssd-5000");
const auto health = organisation("health");

KnownConsent given() {
    KnownConsent known{id<ConsentId>(1), ssd, health};
    known.purposes = {Purpose::treatment};
    known.groups = {DataGroup::health, DataGroup::contact};
    known.valid_from = kToday;
    known.valid_to = kToday + std::chrono::days{30};
    return known;
}
Disclosure asked() { return {ssd, health, Purpose::treatment, {DataGroup::health}, kToday}; }
}  // namespace

TEST_CASE("A disclosure within the consent passes on its first day and on its last") {
    auto disclosure = asked();
    CHECK_FALSE(refusal_of(given(), disclosure));
    disclosure.on = kToday + std::chrono::days{30};
    CHECK_FALSE(refusal_of(given(), disclosure));
    disclosure.on = kToday + std::chrono::days{31};
    CHECK(refusal_of(given(), disclosure) == Code::consent_lapsed);
    disclosure.on = kToday - std::chrono::days{1};
    CHECK(refusal_of(given(), disclosure) == Code::consent_lapsed);
}

TEST_CASE("A group, a purpose or a direction that she did not name is refused") {
    auto disclosure = asked();
    disclosure.groups = {DataGroup::contact, DataGroup::health};
    CHECK_FALSE(refusal_of(given(), disclosure));
    disclosure.groups.push_back(DataGroup::identity);
    CHECK(refusal_of(given(), disclosure) == Code::consent_groups);
    disclosure = asked();
    disclosure.purpose = Purpose::referral;
    CHECK(refusal_of(given(), disclosure) == Code::consent_groups);
    disclosure = asked();
    std::swap(disclosure.from, disclosure.to);
    CHECK(refusal_of(given(), disclosure) == Code::consent_groups);
    auto both = given();
    both.direction = Direction::both;
    CHECK_FALSE(refusal_of(both, disclosure));
    auto back = given();
    back.direction = Direction::back;
    CHECK_FALSE(refusal_of(back, disclosure));
    CHECK(refusal_of(back, asked()) == Code::consent_groups);
}

TEST_CASE(
    "A consent for another recipient or one that she refused is no consent and a withdrawn one is over") {
    auto disclosure = asked();
    disclosure.to = organisation("housing");
    CHECK(refusal_of(given(), disclosure) == Code::consent_missing);
    auto vetoed = given();
    vetoed.active = false;
    CHECK(refusal_of(vetoed, asked()) == Code::consent_missing);
    auto revoked = given();
    revoked.revoked = true;
    CHECK(refusal_of(revoked, asked()) == Code::consent_revoked);
}

TEST_CASE("The record of a consent is known as it was given and a veto as none") {
    codec::ConsentGiven record{.discloser = ssd, .recipient = health};
    record.purposes = {Purpose::treatment};
    record.groups = {DataGroup::contact, DataGroup::health};
    record.valid_from = kToday;
    record.valid_to = kToday + std::chrono::days{30};
    CHECK(known_from(id<ConsentId>(1), record) == given());
    record.harm_veto = codec::HarmVeto{OfficerId::parse("w.1").value(), codec::HarmTo::family};
    CHECK_FALSE(known_from(id<ConsentId>(1), record).active);
    record.harm_veto.reset();
    record.state = codec::GivenState::rejected;
    CHECK_FALSE(known_from(id<ConsentId>(1), record).active);
}
