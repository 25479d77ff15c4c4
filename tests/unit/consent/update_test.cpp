// News about her go back to the body that referred her only where she agreed to that too.
// Method: one consent for both ways and one update under it; each case changes a single fact.
#include <catch2/catch.hpp>

#include "gateway/consent/recording.h"
#include "tests/unit/consent/builders.h"

using namespace kesher::consent;
using namespace kesher::consent::test;

namespace {

UpdateQuestion update() {
    return {.named = consent_id(1),
            .discloser = department,
            .recipient = health,
            .purpose = Purpose::treatment,
            .groups = {},
            .service = Service::hlt_ment};
}

Result<Carriage, Code> told(const std::vector<Consent>& consents, Instant at = noon) {
    return evaluate_update(update(), consents, at);
}

Code refused(const UpdateQuestion& asked, const std::vector<Consent>& consents) {
    return evaluate_update(asked, consents, noon).error();
}

}  // namespace

TEST_CASE("An update is carried on both ways or the way back and never on the way out") {
    Consent consent = given();
    CHECK(told({consent}).value() == Carriage::carried);
    consent.purposes = {Purpose::treatment};
    CHECK(told({consent}).value() == Carriage::status_only);
    consent = given();
    consent.direction = Direction::out;
    CHECK(told({consent}).value() == Carriage::status_only);
}

TEST_CASE("A separate consent for the way back carries updates") {
    Consent out = given(1);
    out.purposes = {Purpose::treatment};
    out.direction = Direction::out;
    Consent back = given(2);
    back.purposes = {Purpose::status_feedback};
    back.direction = Direction::back;
    CHECK(told({out, back}).value() == Carriage::carried);
    SECTION("withdrawn it stops the news and not the care") {
        back.state = ConsentState::revoked;
        CHECK(told({out, back}).value() == Carriage::status_only);
    }
    SECTION("for other services it carries nothing of this one") {
        back.services = {Service::hlt_phys};
        CHECK(told({out, back}).value() == Carriage::status_only);
    }
    SECTION("the end of the referral's own consent refuses the update") {
        out.state = ConsentState::expired;
        CHECK(told({out, back}).error() == Code::consent_lapsed);
    }
}

TEST_CASE("After the consent's last day updates are refused as lapsed") {
    CHECK(told({given()}, start_of(last_day) + 24h - 1ms));
    CHECK(told({given()}, start_of(last_day) + 24h).error() == Code::consent_lapsed);
}

TEST_CASE("After a withdrawal updates are refused as withdrawn") {
    Consent consent = given();
    consent.state = ConsentState::revoked;
    CHECK(told({consent}).error() == Code::consent_revoked);
    CHECK(told({}).error() == Code::consent_missing);
}

TEST_CASE("Data goes back only within her groups and a bare state always") {
    UpdateQuestion asked = update();
    asked.groups = {DataGroup::health};
    CHECK(evaluate_update(asked, std::vector{given()}, noon).value() == Carriage::carried);
    asked.groups.add(DataGroup::hiv);
    CHECK(refused(asked, {given()}) == Code::consent_groups);
    Consent out = given();
    out.direction = Direction::out;
    asked.groups = {DataGroup::health};
    CHECK(refused(asked, {out}) == Code::consent_groups);
}

TEST_CASE("After a renewal the receiving body may still name the consent it was told of") {
    CHECK(told({given(1), given(2)}).value() == Carriage::carried);
    Consent renewed = given(2);
    renewed.state = ConsentState::revoked;
    CHECK(told({given(1), renewed}).error() == Code::consent_revoked);
}

TEST_CASE("An update cannot name a consent of other bodies or an unknown one") {
    UpdateQuestion asked = update();
    asked.named = consent_id(3);
    CHECK(refused(asked, {given(1)}) == Code::consent_missing);
    Consent to_housing = given(3);
    to_housing.recipient = housing;
    CHECK(refused(asked, {given(1), to_housing}) == Code::consent_missing);
    asked.named.reset();
    CHECK(evaluate_update(asked, std::vector{given(1)}, noon).value() == Carriage::carried);
}

TEST_CASE("What went back at a leaf went under the word for news that stood there") {
    Consent out = given(1);
    out.purposes = {Purpose::treatment};
    Consent news = given(2);
    news.purposes = {Purpose::status_feedback};
    Consent renewed = news;
    renewed.id = consent_id(3);
    renewed.leaf = LeafIndex{30};
    Consent of_housing = given(4);
    of_housing.recipient = housing;
    const std::vector consents{renewed, out, of_housing, news};
    const auto under = [&](std::uint64_t from, std::uint64_t release) {
        return feedback_between(consents, department, health, LeafIndex{from}, LeafIndex{release});
    };
    using Ids = std::vector<ConsentId>;
    CHECK(under(20, 20) == Ids{});
    CHECK(under(21, 21) == Ids{consent_id(2)});
    CHECK(under(30, 30) == Ids{consent_id(2)});
    CHECK(under(31, 31) == Ids{consent_id(3)});
    SECTION("sent more than once it may have gone under each that stood in between") {
        CHECK(under(25, 40) == Ids{consent_id(3), consent_id(2)});
        CHECK(under(31, 40) == Ids{consent_id(3)});
        CHECK(under(15, 40) == Ids{consent_id(3), consent_id(2)});
    }
}
