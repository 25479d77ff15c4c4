// A statute carries a disclosure past a consent that was never asked for and never past her no.
// Method: one disclosure on a statute and one consent of the same two bodies; each case changes one fact.
#include <catch2/catch.hpp>

#include "gateway/consent/statute.h"
#include "tests/unit/consent/builders.h"

using namespace kesher::consent;
using namespace kesher::consent::test;

namespace {

std::optional<Code> refusal(const std::vector<Consent>& consents, const Revealing& revealing = {}) {
    Question asked = question();
    asked.named.reset();
    asked.revealing = revealing;
    const auto answer = evaluate_by_statute(asked, consents);
    return answer ? std::nullopt : std::optional{answer.error()};
}

Consent in_state(ConsentState state, int number = 1) {
    Consent consent = given(number);
    consent.state = state;
    return consent;
}

}  // namespace

TEST_CASE("Where she was never asked the statute stands") { CHECK(refusal({}) == std::nullopt); }

TEST_CASE("Withdrawn or refused stops the statute and no other state does") {
    CHECK(refusal({in_state(ConsentState::revoked)}) == Code::consent_revoked);
    CHECK(refusal({in_state(ConsentState::rejected)}) == Code::consent_missing);
    CHECK(refusal({in_state(ConsentState::proposed)}) == std::nullopt);
    CHECK(refusal({in_state(ConsentState::active)}) == std::nullopt);
    CHECK(refusal({in_state(ConsentState::expired)}) == std::nullopt);
}

TEST_CASE("A worker convinced of harm stops the statute in the words of a no") {
    const auto state =
        GENERATE(ConsentState::active, ConsentState::proposed, ConsentState::rejected, ConsentState::expired);
    Consent vetoed = in_state(state);
    vetoed.harm_veto = true;
    CHECK(refusal({vetoed}) == Code::consent_missing);
}

TEST_CASE("Withdrawn stays the answer when there was a conviction of harm too") {
    Consent vetoed = in_state(ConsentState::revoked);
    vetoed.harm_veto = true;
    CHECK(refusal({vetoed}) == Code::consent_revoked);
}

TEST_CASE("A yes that is over by its dates is not her no") {
    Consent lapsed = given();
    lapsed.valid_to = first_day - std::chrono::days{1};
    CHECK(refusal({lapsed}) == std::nullopt);
}

TEST_CASE("Her last word about these two bodies and this purpose decides and no other") {
    const auto no = GENERATE(ConsentState::revoked, ConsentState::rejected);
    CHECK(refusal({in_state(no, 1), in_state(ConsentState::active, 2)}) == std::nullopt);
    CHECK(refusal({in_state(ConsentState::active, 1), in_state(no, 2)}).has_value());
    Consent other = in_state(no);
    SECTION("another recipient") { other.recipient = housing; }
    SECTION("another discloser") { other.discloser = provider; }
    CHECK(refusal({other}) == std::nullopt);
}

namespace {

Consent about(Purpose purpose, ConsentState state, int number = 1) {
    Consent consent = in_state(state, number);
    consent.purposes = {purpose};
    return consent;
}

}  // namespace

TEST_CASE("Where she never spoke of the purpose her no for any other purpose of the two bodies holds") {
    const auto other =
        GENERATE(Purpose::round_table, Purpose::referral, Purpose::status_feedback, Purpose::research_agg);
    CHECK(refusal({about(other, ConsentState::revoked)}) == Code::consent_revoked);
    CHECK(refusal({about(other, ConsentState::rejected)}) == Code::consent_missing);
    CHECK(refusal({about(other, ConsentState::active)}) == std::nullopt);
    CHECK(refusal({about(other, ConsentState::proposed)}) == std::nullopt);
    Consent vetoed = about(other, ConsentState::active);
    vetoed.harm_veto = true;
    CHECK(refusal({vetoed}) == Code::consent_missing);
}

TEST_CASE("To be asked for the purpose and not to have answered is not to have spoken of it") {
    const Consent asked = about(Purpose::treatment, ConsentState::proposed, 2);
    CHECK(refusal({about(Purpose::referral, ConsentState::rejected), asked}) == Code::consent_missing);
    CHECK(refusal({about(Purpose::referral, ConsentState::active), asked}) == std::nullopt);
}

TEST_CASE("Her answer for the very purpose decides against her no for another") {
    const auto no = GENERATE(ConsentState::revoked, ConsentState::rejected);
    CHECK(refusal({about(Purpose::treatment, ConsentState::active, 1), about(Purpose::referral, no, 2)}) ==
          std::nullopt);
    CHECK(refusal({about(Purpose::treatment, no, 1), about(Purpose::referral, ConsentState::active, 2)})
              .has_value());
}

TEST_CASE("Of several purposes her last word for each counts and one no is enough") {
    CHECK(refusal({about(Purpose::referral, ConsentState::revoked, 1),
                   about(Purpose::referral, ConsentState::active, 2)}) == std::nullopt);
    CHECK(refusal({about(Purpose::round_table, ConsentState::active, 1),
                   about(Purpose::referral, ConsentState::rejected, 2)}) == Code::consent_missing);
    CHECK(refusal({about(Purpose::referral, ConsentState::rejected, 1),
                   about(Purpose::round_table, ConsentState::revoked, 2)}) == Code::consent_revoked);
    CHECK(refusal({about(Purpose::referral, ConsentState::revoked, 1),
                   about(Purpose::round_table, ConsentState::rejected, 2)}) == Code::consent_revoked);
}

TEST_CASE("Her no about other bodies is no answer for these two") {
    Consent other = about(Purpose::referral, ConsentState::revoked);
    SECTION("another recipient") { other.recipient = housing; }
    SECTION("another discloser") { other.discloser = provider; }
    CHECK(refusal({other}) == std::nullopt);
}

TEST_CASE("A statute opens the programme to nobody even where she agreed") {
    Consent with_fact = given();
    with_fact.groups.add(DataGroup::programme_fact);
    const Revealing reveals{.sender_reveals = true};
    CHECK(refusal({}, reveals) == Code::consent_groups);
    CHECK(refusal({with_fact}, reveals) == Code::consent_groups);
    CHECK(refusal({in_state(ConsentState::revoked)}, reveals) == Code::consent_revoked);
}

TEST_CASE("At a release her no is asked for in the same words") {
    const auto at_release = [](const Consent& consent) {
        return her_no(std::vector{consent}, department, health, Purpose::treatment);
    };
    CHECK(at_release(in_state(ConsentState::revoked)) == Code::consent_revoked);
    CHECK(at_release(in_state(ConsentState::rejected)) == Code::consent_missing);
    CHECK(at_release(given()) == std::nullopt);
}
