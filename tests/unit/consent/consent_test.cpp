// A disclosure passes only on the consent that decides, while it is in force, within its words.
// Method: one consent and one disclosure that it carries; each case changes a single fact.
#include <catch2/catch.hpp>

#include "tests/unit/consent/builders.h"

using namespace kesher::consent;
using namespace kesher::consent::test;

namespace {

std::optional<Code> refusal(const Question& asked, const std::vector<Consent>& consents, Instant at = noon) {
    const auto answer = evaluate(asked, consents, at);
    return answer ? std::nullopt : std::optional{answer.error()};
}

std::optional<Code> refusal_of(const Consent& consent, Instant at = noon) {
    return refusal(question(), {consent}, at);
}

}  // namespace

TEST_CASE("A consent carries from the start of its first day to the end of its last") {
    CHECK(refusal_of(given(), start_of(first_day) - 1ms) == Code::consent_lapsed);
    CHECK(refusal_of(given(), start_of(first_day)) == std::nullopt);
    CHECK(refusal_of(given(), start_of(last_day) + 24h - 1ms) == std::nullopt);
    CHECK(refusal_of(given(), start_of(last_day) + 24h) == Code::consent_lapsed);
    CHECK(ends_at(given()) == start_of(last_day) + 24h);
}

TEST_CASE("The answer names the consent that carried it") {
    CHECK(evaluate(question(), std::vector{given()}, noon).value() == consent_id(1));
}

TEST_CASE("Without a consent nothing passes") { CHECK(refusal(question(), {}) == Code::consent_missing); }

TEST_CASE("Consent for another body, from another body or for another purpose is no consent") {
    Consent consent = given();
    SECTION("recipient") { consent.recipient = housing; }
    SECTION("discloser") { consent.discloser = provider; }
    SECTION("purpose") { consent.purposes = {Purpose::benefit_claim}; }
    CHECK(refusal_of(consent) == Code::consent_missing);
}

TEST_CASE("Only her yes carries: every other state has its own refusal") {
    Consent consent = given();
    const auto in_state = [&](ConsentState state) {
        consent.state = state;
        return refusal_of(consent);
    };
    CHECK(in_state(ConsentState::active) == std::nullopt);
    CHECK(in_state(ConsentState::proposed) == Code::consent_missing);
    CHECK(in_state(ConsentState::rejected) == Code::consent_missing);
    CHECK(in_state(ConsentState::superseded) == Code::consent_missing);
    CHECK(in_state(ConsentState::expired) == Code::consent_lapsed);
    CHECK(in_state(ConsentState::revoked) == Code::consent_revoked);
}

TEST_CASE("Withdrawn stays withdrawn when its dates are over too") {
    Consent consent = given();
    consent.state = ConsentState::revoked;
    CHECK(refusal_of(consent, start_of(last_day) + 48h) == Code::consent_revoked);
}

TEST_CASE("A worker convinced of harm makes the consent void without saying so") {
    Consent consent = given();
    consent.harm_veto = true;
    CHECK(refusal_of(consent) == Code::consent_missing);
}

TEST_CASE("The last consent recorded decides alone whatever its state") {
    const Consent older = given(1);
    Consent newer = given(2);
    Question asked = question();
    asked.named.reset();
    REQUIRE(evaluate(asked, std::vector{newer, older}, noon).value() == consent_id(2));
    SECTION("withdrawn") {
        newer.state = ConsentState::revoked;
        CHECK(refusal(asked, {newer, older}) == Code::consent_revoked);
    }
    SECTION("she said no") {
        newer.state = ConsentState::rejected;
        CHECK(refusal(asked, {older, newer}) == Code::consent_missing);
    }
    SECTION("not begun yet") {
        newer.valid_from = first_day + std::chrono::days{1};
        CHECK(refusal(asked, {older, newer}) == Code::consent_lapsed);
    }
    SECTION("fewer groups") {
        newer.groups = {DataGroup::contact};
        CHECK(refusal(asked, {older, newer}) == Code::consent_groups);
    }
    SECTION("for another purpose it decides nothing here") {
        newer.purposes = {Purpose::round_table};
        newer.state = ConsentState::revoked;
        CHECK(refusal(asked, {older, newer}) == std::nullopt);
    }
}

TEST_CASE("A statement that names another consent than the deciding one is refused") {
    Question asked = question();
    CHECK(refusal(asked, {given(1), given(2)}) == Code::consent_missing);
    asked.named = consent_id(2);
    CHECK(refusal(asked, {given(1), given(2)}) == std::nullopt);
    asked.named = consent_id(3);
    CHECK(refusal(asked, {given(1), given(2)}) == Code::consent_missing);
}

TEST_CASE("A consent carries its own groups and services and no others") {
    Question asked = question();
    SECTION("no group at all is within it") {
        asked.groups = {};
        CHECK(refusal(asked, {given()}) == std::nullopt);
    }
    SECTION("all its groups") {
        asked.groups = {DataGroup::contact, DataGroup::health};
        CHECK(refusal(asked, {given()}) == std::nullopt);
    }
    SECTION("one group more") {
        asked.groups = {DataGroup::contact, DataGroup::health, DataGroup::hiv};
        CHECK(refusal(asked, {given()}) == Code::consent_groups);
    }
    SECTION("another service") {
        asked.service = Service::hlt_sex;
        CHECK(refusal(asked, {given()}) == Code::consent_groups);
    }
}

TEST_CASE("A consent for the way back alone lets nothing out") {
    Consent consent = given();
    consent.direction = Direction::out;
    CHECK(refusal_of(consent) == std::nullopt);
    consent.direction = Direction::back;
    CHECK(refusal_of(consent) == Code::consent_groups);
}

TEST_CASE("An envelope that names the programme leaves it only at her explicit word") {
    Question asked = question();
    Consent with_fact = given();
    with_fact.groups.add(DataGroup::programme_fact);
    const auto revealing = GENERATE(Revealing{.sender_reveals = true}, Revealing{.service_reveals = true},
                                    Revealing{.sender_reveals = true, .service_reveals = true});
    asked.revealing = revealing;
    CHECK(refusal(asked, {given()}) == Code::consent_groups);
    CHECK(refusal(asked, {with_fact}) == std::nullopt);
    CHECK(may_reveal_without_consent(asked.revealing).error() == Code::consent_groups);
    asked.revealing.recipient_in_programme = true;
    CHECK(refusal(asked, {given()}) == std::nullopt);
    CHECK(may_reveal_without_consent(asked.revealing));
}

TEST_CASE("An envelope that names nobody needs no word about the programme") {
    CHECK(refusal_of(given()) == std::nullopt);
    CHECK(may_reveal_without_consent({}));
}
