// Her word is taken back at any time, for no reason, through anybody who knows the case.
// Method: one consent, one referral under it, one body that got bytes; each case changes one fact.
#include <catch2/catch.hpp>

#include "tests/unit/consent/builders.h"

using namespace kesher::consent;
using namespace kesher::consent::test;

namespace {

struct Withdrawal {
    std::vector<Consent> consents{given(1)};
    std::vector<OpenReferral> referrals{
        {referral_id(1), consent_id(1), department, health, Purpose::treatment}};
    std::vector<Handed> handed{{health, consent_id(1)}};
    bool knows_case = true;
    bool knows_consent = true;

    Result<Revocation, Code> of(int number) const {
        return decide_revocation(consent_id(number), {knows_case, knows_consent, consents, referrals, handed},
                                 noon);
    }
};

}  // namespace

TEST_CASE("A withdrawal ends the consent and everything that stands on it in one act") {
    const Revocation revocation = Withdrawal{}.of(1).value();
    REQUIRE(revocation.revoked.size() == 1);
    CHECK(revocation.revoked[0].state == ConsentState::revoked);
    CHECK(revocation.revoked[0].revoked_at == noon);
    CHECK(revocation.notify == std::vector{Handed{health, consent_id(1)}});
    CHECK(revocation.withdraw == std::vector{referral_id(1)});
    CHECK(evaluate(question(), revocation.revoked, noon).error() == Code::consent_revoked);
}

TEST_CASE("A withdrawal is taken in whatever state the consent is") {
    const auto state = GENERATE(ConsentState::proposed, ConsentState::active, ConsentState::rejected,
                                ConsentState::expired, ConsentState::superseded);
    Withdrawal withdrawal;
    withdrawal.consents[0].state = state;
    CHECK(withdrawal.of(1).value().revoked.at(0).state == ConsentState::revoked);
    CHECK_FALSE(withdrawal.of(1).value().already_revoked);
}

TEST_CASE("Withdrawn a second time nothing more happens and nothing is refused") {
    Withdrawal withdrawal;
    withdrawal.consents[0] = withdrawal.of(1).value().revoked.at(0);
    withdrawal.consents[0].revoked_at = noon - 1h;
    const Revocation again = withdrawal.of(1).value();
    CHECK(again.already_revoked);
    REQUIRE(again.revoked.size() == 1);
    CHECK(again.revoked[0].revoked_at == noon - 1h);
    CHECK(again.notify.empty());
    CHECK(again.withdraw.empty());
}

TEST_CASE("Who knows her by another name withdraws what is in force and is told nothing of what is over") {
    Withdrawal stranger;
    stranger.knows_consent = false;
    const Revocation first = stranger.of(1).value();
    CHECK(first.revoked.at(0).state == ConsentState::revoked);
    CHECK(first.withdraw == std::vector{referral_id(1)});
    stranger.consents[0] = first.revoked.at(0);
    const auto again = stranger.of(1);
    REQUIRE_FALSE(again);
    CHECK(again.error() == stranger.of(9).error());
}

TEST_CASE("Who does not know the case gets the answer for an unknown consent") {
    Withdrawal stranger;
    stranger.knows_case = false;
    CHECK(stranger.of(1).error() == Code::not_found);
    CHECK(Withdrawal{}.of(2).error() == Code::not_found);
}

TEST_CASE("Only who got bytes is told and each of them once") {
    Withdrawal withdrawal;
    const Handed to_health{health, consent_id(1)}, to_department{department, consent_id(1)};
    withdrawal.handed = {to_health, to_department, to_health};
    CHECK(withdrawal.of(1).value().notify == std::vector{to_health, to_department});
    withdrawal.handed = {};
    CHECK(withdrawal.of(1).value().notify.empty());
}

TEST_CASE("Referrals that stand on other ground stay") {
    Withdrawal withdrawal;
    SECTION("on the law between public bodies once it was handed over") {
        withdrawal.referrals[0].consent.reset();
        withdrawal.referrals[0].released = true;
    }
    SECTION("on the law between public bodies for another body") {
        withdrawal.referrals[0].consent.reset();
        withdrawal.referrals[0].recipient = housing;
    }
    SECTION("on another consent for another body") {
        withdrawal.referrals[0].consent = consent_id(3);
        withdrawal.referrals[0].recipient = housing;
    }
    SECTION("on another consent for another purpose") {
        withdrawal.referrals[0].consent = consent_id(3);
        withdrawal.referrals[0].purpose = Purpose::round_table;
    }
    CHECK(withdrawal.of(1).value().withdraw.empty());
}

TEST_CASE("A referral by statute that still waits falls with her word about the same two bodies") {
    Withdrawal withdrawal;
    withdrawal.referrals[0].consent.reset();
    CHECK(withdrawal.of(1).value().withdraw == std::vector{referral_id(1)});
    withdrawal.referrals[0].released = true;
    CHECK(withdrawal.of(1).value().withdraw.empty());
}

TEST_CASE("A referral by statute for a purpose that she never spoke of falls while it waits") {
    Withdrawal withdrawal;
    withdrawal.referrals[0].consent.reset();
    withdrawal.referrals[0].purpose = Purpose::research_agg;
    CHECK(withdrawal.of(1).value().withdraw == std::vector{referral_id(1)});
    SECTION("not once it was handed over") { withdrawal.referrals[0].released = true; }
    SECTION("not where she agreed to that purpose by another consent") {
        withdrawal.consents.push_back(given(7));
        withdrawal.consents.back().purposes = {Purpose::research_agg};
    }
    SECTION("not between two other bodies") { withdrawal.referrals[0].recipient = housing; }
    CHECK(withdrawal.of(1).value().withdraw.empty());
}

TEST_CASE("A referral under her consent falls whether it was handed over or not") {
    Withdrawal withdrawal;
    withdrawal.referrals[0].released = GENERATE(false, true);
    CHECK(withdrawal.of(1).value().withdraw == std::vector{referral_id(1)});
}

namespace {

// The first consent renewed by a second, before she withdraws; bytes left under the first alone.
struct Renewed : Withdrawal {
    Renewed() {
        consents = {given(1), given(2)};
        consents[0].state = ConsentState::superseded;
    }
};

std::vector<ConsentId> revoked_by(const Revocation& revocation) {
    std::vector<ConsentId> ids;
    for (const Consent& consent : revocation.revoked) {
        CHECK(consent.state == ConsentState::revoked);
        CHECK(consent.revoked_at == noon);
        ids.push_back(consent.id);
    }
    return ids;
}

}  // namespace

TEST_CASE(
    "After a renewal the withdrawal of either record ends both and what was submitted under the first") {
    const Renewed withdrawal;
    CHECK(revoked_by(withdrawal.of(2).value()) == std::vector{consent_id(2), consent_id(1)});
    CHECK(revoked_by(withdrawal.of(1).value()) == std::vector{consent_id(1), consent_id(2)});
    CHECK(withdrawal.of(1).value().withdraw == std::vector{referral_id(1)});
    CHECK(withdrawal.of(2).value().withdraw == std::vector{referral_id(1)});
}

TEST_CASE("Who got bytes under the consent before the renewal is told of that one and nobody else is told") {
    Renewed withdrawal;
    CHECK(withdrawal.of(2).value().notify == std::vector{Handed{health, consent_id(1)}});
    withdrawal.handed = {};
    CHECK(withdrawal.of(2).value().notify.empty());
    withdrawal.handed = {{housing, consent_id(3)}};
    CHECK(withdrawal.of(2).value().notify.empty());
}

TEST_CASE("A renewal of a renewal falls whole") {
    Renewed withdrawal;
    withdrawal.consents[1].state = ConsentState::superseded;
    withdrawal.consents.push_back(given(3));
    withdrawal.handed = {{health, consent_id(1)}, {health, consent_id(2)}, {health, consent_id(3)}};
    const int named = GENERATE(1, 2, 3);
    const Revocation revocation = withdrawal.of(named).value();
    CHECK(revocation.revoked.front().id == consent_id(named));
    CHECK(revoked_by(revocation).size() == 3);
    CHECK(revocation.notify == withdrawal.handed);
}

TEST_CASE("A renewal that left out the feedback has replaced the rest all the same") {
    Withdrawal withdrawal;
    withdrawal.consents = {given(1), given(2)};
    withdrawal.consents[1].purposes = {Purpose::treatment};
    CHECK(withdrawal.of(2).value().notify == std::vector{Handed{health, consent_id(1)}});
}

TEST_CASE("Who names the consent before a renewal that left out the feedback withdraws the renewal as well") {
    Withdrawal withdrawal;
    withdrawal.consents = {given(1), given(2)};
    withdrawal.consents[1].purposes = {Purpose::treatment};
    withdrawal.referrals.push_back({referral_id(2), consent_id(2), department, health, Purpose::treatment});
    SECTION("whatever else the renewal says") {
        withdrawal.consents[1].purposes.add(GENERATE(Purpose::treatment, Purpose::round_table));
        CHECK(revoked_by(withdrawal.of(1).value()) == std::vector{consent_id(1), consent_id(2)});
        CHECK(withdrawal.of(1).value().withdraw == std::vector{referral_id(1), referral_id(2)});
    }
    SECTION("and the renewal of that") {
        withdrawal.consents[1].state = ConsentState::superseded;
        withdrawal.consents.push_back(given(3));
        withdrawal.consents[2].purposes = {Purpose::treatment};
        CHECK(revoked_by(withdrawal.of(1).value()).size() == 3);
    }
    SECTION("but not one that she gave before it") {
        std::swap(withdrawal.consents[0].purposes, withdrawal.consents[1].purposes);
        CHECK(revoked_by(withdrawal.of(2).value()) == std::vector{consent_id(2), consent_id(1)});
        withdrawal.consents[0].purposes.add(Purpose::round_table);
        CHECK(revoked_by(withdrawal.of(2).value()) == std::vector{consent_id(2)});
    }
    SECTION("but not one that says only a part of it anew") {
        withdrawal.consents[0].purposes.add(Purpose::round_table);
        CHECK(revoked_by(withdrawal.of(1).value()) == std::vector{consent_id(1)});
    }
    SECTION("but not what she was asked or said no to since") {
        withdrawal.consents[1].state = GENERATE(ConsentState::proposed, ConsentState::rejected);
        CHECK(revoked_by(withdrawal.of(1).value()) == std::vector{consent_id(1)});
    }
}

TEST_CASE("What another consent of the two bodies still carries stays and its body is told nothing") {
    Withdrawal withdrawal;
    withdrawal.consents = {given(1), given(2)};
    withdrawal.consents[0].purposes.add(Purpose::round_table);
    withdrawal.consents[1].purposes = {Purpose::treatment};
    SECTION("because the first still carries another purpose") {
        CHECK(revoked_by(withdrawal.of(2).value()) == std::vector{consent_id(2)});
        CHECK(withdrawal.of(2).value().notify.empty());
    }
    SECTION("until that purpose is over by its dates") {
        withdrawal.consents[0].valid_to = first_day - std::chrono::days{1};
        CHECK(withdrawal.of(2).value().notify == std::vector{Handed{health, consent_id(1)}});
    }
    SECTION("and with it a consent for a purpose of its own") {
        withdrawal.consents[0].purposes = {Purpose::round_table};
        CHECK(revoked_by(withdrawal.of(2).value()) == std::vector{consent_id(2)});
        CHECK(revoked_by(withdrawal.of(1).value()) == std::vector{consent_id(1)});
    }
    SECTION("and what another body was promised") {
        withdrawal.consents[0] = given(1);
        withdrawal.consents[0].recipient = housing;
        withdrawal.handed = {{housing, consent_id(1)}};
        CHECK(revoked_by(withdrawal.of(2).value()) == std::vector{consent_id(2)});
        CHECK(withdrawal.of(2).value().notify.empty());
    }
}

TEST_CASE("What was withdrawn before a new consent stays as it was and is not told again") {
    Withdrawal withdrawal;
    withdrawal.consents = {given(1), given(2)};
    withdrawal.consents[0].state = ConsentState::revoked;
    withdrawal.consents[0].revoked_at = noon - 48h;
    CHECK(revoked_by(withdrawal.of(2).value()) == std::vector{consent_id(2)});
    CHECK(withdrawal.of(2).value().notify.empty());
}
