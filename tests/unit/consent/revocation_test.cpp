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
    std::vector<OrganisationId> released_to{health};
    bool knows_case = true;

    Result<Revocation, Code> of(int number) const {
        return decide_revocation(consent_id(number), {knows_case, consents, referrals, released_to}, noon);
    }
};

}  // namespace

TEST_CASE("A withdrawal ends the consent and everything that stands on it in one act") {
    const Revocation revocation = Withdrawal{}.of(1).value();
    CHECK(revocation.consent.state == ConsentState::revoked);
    CHECK(revocation.consent.revoked_at == noon);
    CHECK(revocation.drop_queued);
    CHECK(revocation.notify == std::vector{health});
    CHECK(revocation.withdraw == std::vector{referral_id(1)});
    CHECK(revocation.acks_due == first_day + std::chrono::days{7});
    CHECK(evaluate(question(), std::vector{revocation.consent}, noon).error() == Code::consent_revoked);
}

TEST_CASE("A withdrawal is taken in whatever state the consent is") {
    const auto state = GENERATE(ConsentState::proposed, ConsentState::active, ConsentState::rejected,
                                ConsentState::expired, ConsentState::superseded);
    Withdrawal withdrawal;
    withdrawal.consents[0].state = state;
    CHECK(withdrawal.of(1).value().consent.state == ConsentState::revoked);
    CHECK_FALSE(withdrawal.of(1).value().already_revoked);
}

TEST_CASE("Withdrawn a second time nothing more happens and nothing is refused") {
    Withdrawal withdrawal;
    withdrawal.consents[0] = withdrawal.of(1).value().consent;
    withdrawal.consents[0].revoked_at = noon - 1h;
    const Revocation again = withdrawal.of(1).value();
    CHECK(again.already_revoked);
    CHECK(again.consent.revoked_at == noon - 1h);
    CHECK_FALSE(again.drop_queued);
    CHECK(again.notify.empty());
    CHECK(again.withdraw.empty());
}

TEST_CASE("Who does not know the case gets the answer for an unknown consent") {
    Withdrawal stranger;
    stranger.knows_case = false;
    CHECK(stranger.of(1).error() == Code::not_found);
    CHECK(Withdrawal{}.of(2).error() == Code::not_found);
}

TEST_CASE("Only who got bytes is told and each of them once") {
    Withdrawal withdrawal;
    withdrawal.released_to = {health, department, health};
    CHECK(withdrawal.of(1).value().notify == std::vector{health, department});
    withdrawal.released_to = {};
    CHECK(withdrawal.of(1).value().notify.empty());
    CHECK_FALSE(withdrawal.of(1).value().acks_due);
}

TEST_CASE("Referrals that stand on other ground stay") {
    Withdrawal withdrawal;
    SECTION("on the law between public bodies") { withdrawal.referrals[0].consent.reset(); }
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

TEST_CASE("After a renewal a referral falls with the old consent and with the new") {
    Withdrawal withdrawal;
    withdrawal.consents = {given(1), given(2)};
    CHECK(withdrawal.of(1).value().withdraw == std::vector{referral_id(1)});
    CHECK(withdrawal.of(2).value().withdraw == std::vector{referral_id(1)});
}
