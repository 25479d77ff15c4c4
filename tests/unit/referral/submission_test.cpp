// A referral is made only when everything holds, and the first thing that does not is what is said.
// Method: one submission that is accepted; each case changes a single fact.
#include <catch2/catch.hpp>

#include "tests/unit/referral/builders.h"

using namespace kesher::referral;
using namespace kesher::referral::test;

namespace {

using K = OrganisationKind;

SubmitFacts facts() {
    return {.id = referral_one,
            .from = department,
            .to = health,
            .terms = treatment(),
            .from_status = OrganisationStatus::active,
            .actor = {K::public_body, OfficerRole::social_worker, true, false, today},
            .recipient = Recipient{K::public_body, OrganisationStatus::active, true}};
}

SubmitFacts anonymous_facts() {
    SubmitFacts given = facts();
    given.anonymous_case = true;
    given.terms.groups = {};
    return given;
}

std::optional<Code> refusal(const SubmitFacts& given) {
    const auto answer = decide_submit(given, noon);
    return answer ? std::nullopt : std::optional{answer.error()};
}

}  // namespace

TEST_CASE("A referral that is accepted is requested at version one") {
    const Referral made = decide_submit(facts(), noon).value();
    CHECK(made.state == S::requested);
    CHECK(made.version == 1);
    CHECK(made.since == noon);
    CHECK(made.referrer == department);
    CHECK(made.recipient == health);
    CHECK(made.terms == treatment());
    CHECK_FALSE(made.released);
}

TEST_CASE("A sender that is not active submits nothing") {
    SubmitFacts given = facts();
    for (const auto status :
         {OrganisationStatus::pending, OrganisationStatus::suspended, OrganisationStatus::left}) {
        given.from_status = status;
        CHECK(refusal(given) == Code::organisation_suspended);
    }
}

TEST_CASE("The officer must be one who refers") {
    SubmitFacts given = facts();
    given.actor.role = OfficerRole::caseworker;
    CHECK(refusal(given) == Code::actor_not_allowed);
    given = facts();
    given.actor.training_valid_until = yesterday;
    CHECK(refusal(given) == Code::actor_not_allowed);
}

TEST_CASE("The hotline's referral passes for an anonymous case and for no other") {
    SubmitFacts given = anonymous_facts();
    given.actor.kind = K::hotline;
    given.actor.role = OfficerRole::hotline_sw;
    CHECK(refusal(given) == std::nullopt);
    given.anonymous_case = false;
    CHECK(refusal(given) == Code::actor_not_allowed);
}

TEST_CASE("The recipient is another organisation of the exchange that cares for people") {
    SubmitFacts given = facts();
    SECTION("unknown") { given.recipient.reset(); }
    SECTION("left") { given.recipient->status = OrganisationStatus::left; }
    SECTION("itself") { given.to = department; }
    SECTION("operator") { given.recipient->kind = K::operator_; }
    SECTION("auditor") { given.recipient->kind = K::auditor; }
    SECTION("echo without rehearsal") { given.to = echo; }
    SECTION("rehearsal elsewhere than with echo") { given.terms.purpose = Purpose::rehearsal; }
    CHECK(refusal(given) == Code::recipient_unknown);
}

TEST_CASE("A rehearsal goes to echo") {
    SubmitFacts given = facts();
    given.to = echo;
    given.recipient->kind = K::operator_;
    given.terms.purpose = Purpose::rehearsal;
    CHECK(refusal(given) == std::nullopt);
    given.consent = Code::consent_missing;  // it is about nobody
    CHECK(refusal(given) == std::nullopt);
    given.agreement = Code::agreement_missing;
    CHECK(refusal(given) == Code::agreement_missing);
}

TEST_CASE("A recipient that is pending or suspended takes no new referral") {
    SubmitFacts given = facts();
    for (const auto status : {OrganisationStatus::pending, OrganisationStatus::suspended}) {
        given.recipient->status = status;
        CHECK(refusal(given) == Code::organisation_suspended);
    }
}

TEST_CASE("A referral has a purpose of referrals") {
    SubmitFacts given = facts();
    for (const Purpose purpose : WordSet<Purpose>::up_to(Purpose::break_glass).words()) {
        CAPTURE(kPurposes.text(purpose));
        if (purpose == Purpose::rehearsal) continue;
        given.terms.purpose = purpose;
        const bool refers = purpose == Purpose::referral || purpose == Purpose::benefit_claim ||
                            purpose == Purpose::treatment || purpose == Purpose::rights_check;
        CHECK(refusal(given) == (refers ? std::nullopt : std::optional{Code::statement_invalid}));
    }
}

TEST_CASE("A draft becomes a referral and keeps counting") {
    SubmitFacts given = facts();
    const S state = GENERATE(S::draft, S::awaiting_consent);
    given.existing = standing(state);
    given.existing->released = false;
    const Referral made = decide_submit(given, noon).value();
    CHECK(made.state == S::requested);
    CHECK(made.version == 6);
    CHECK(made.since == noon);
}

TEST_CASE("What was submitted is not submitted again") {
    SubmitFacts given = facts();
    for (const S state : all_states()) {
        if (state == S::draft || state == S::awaiting_consent) continue;
        given.existing = standing(state);
        CHECK(refusal(given) == Code::event_not_allowed);
    }
    given.existing = standing(S::draft);
    given.existing->frozen = true;
    CHECK(refusal(given) == Code::event_not_allowed);
}

TEST_CASE("An id belongs to the pair that first used it") {
    SubmitFacts given = facts();
    given.existing = standing(S::draft);
    given.existing->recipient = housing;
    CHECK(refusal(given) == Code::id_reused);
    given.existing = standing(S::draft);
    given.existing->referrer = housing;
    CHECK(refusal(given) == Code::id_reused);
}

TEST_CASE("Sealed anew it is the same referral at the same version") {
    SubmitFacts given = facts();
    given.existing = standing(S::requested);
    given.existing->awaiting_reseal = true;
    given.existing->released = true;
    const Referral made = decide_submit(given, noon).value();
    CHECK(made.state == S::requested);
    CHECK(made.version == 5);
    CHECK(made.since == before);
    CHECK_FALSE(made.awaiting_reseal);
    given.existing->frozen = true;
    CHECK(refusal(given) == Code::event_not_allowed);
}

TEST_CASE("What has moved on or ended is not sealed anew") {
    for (const S state : all_states()) {
        if (state == S::requested || state == S::draft || state == S::awaiting_consent) continue;
        CAPTURE(kReferralStates.text(state));
        SubmitFacts given = facts();
        given.existing = standing(state);
        given.existing->awaiting_reseal = true;
        CHECK(refusal(given) == Code::event_not_allowed);
    }
}

TEST_CASE("A draft that is submitted begins anew whatever its flag says") {
    SubmitFacts given = facts();
    given.existing = standing(S::draft);
    given.existing->awaiting_reseal = true;
    const Referral made = decide_submit(given, noon).value();
    CHECK(made.state == S::requested);
    CHECK(made.version == 6);
}

TEST_CASE("The recipient offers the service") {
    SubmitFacts given = facts();
    given.recipient->offers_service = false;
    CHECK(refusal(given) == Code::service_not_allowed);
}

TEST_CASE("An anonymous case has one referral to a service that allows it unless she asks for more") {
    SubmitFacts given = anonymous_facts();
    CHECK(refusal(given) == std::nullopt);
    SECTION("a service that must know her") {
        given.terms.service = Service::hlt_trauma;
        CHECK(refusal(given) == Code::service_not_allowed);
        given.anonymous_case = false;
        CHECK(refusal(given) == std::nullopt);
    }
    SECTION("a second referral") {
        given.other_referrals = 1;
        CHECK(refusal(given) == Code::service_not_allowed);
        given.she_asked_for_more = true;
        CHECK(refusal(given) == std::nullopt);
    }
    SECTION("a named case may have many") {
        given.anonymous_case = false;
        given.other_referrals = 7;
        CHECK(refusal(given) == std::nullopt);
    }
}

TEST_CASE("An anonymous referral carries nothing about a person") {
    SubmitFacts given = anonymous_facts();
    for (const DataGroup group : WordSet<DataGroup>::up_to(DataGroup::programme_fact).words()) {
        CAPTURE(kDataGroups.text(group));
        given.terms.groups = {group};
        const bool bare = group == DataGroup::locality || group == DataGroup::programme_fact;
        CHECK(refusal(given) == (bare ? std::nullopt : std::optional{Code::consent_groups}));
    }
}

TEST_CASE("A service that must know her gets her identity and each way to know has its group") {
    SubmitFacts given = facts();
    given.terms.service = Service::ben_income;
    CHECK(refusal(given) == Code::identity_required);
    given.terms.known_by = KnownBy::contact;
    given.terms.groups.add(DataGroup::contact);
    CHECK(refusal(given) == Code::identity_required);
    given.terms.known_by = KnownBy::identified;
    CHECK(refusal(given) == Code::identity_required);
    given.terms.groups.add(DataGroup::identity);
    CHECK(refusal(given) == std::nullopt);
    given.terms.service = Service::hlt_ment;
    given.terms.known_by = KnownBy::contact;
    CHECK(refusal(given) == std::nullopt);
    given.terms.groups = {DataGroup::identity};
    CHECK(refusal(given) == Code::identity_required);
}

TEST_CASE("The verdicts of the other rooms are passed on as they are") {
    SubmitFacts given = facts();
    given.consent = Code::consent_revoked;
    CHECK(refusal(given) == Code::consent_revoked);
    given.basis = Code::consent_missing;
    CHECK(refusal(given) == Code::consent_missing);
    given.agreement = Code::agreement_missing;
    CHECK(refusal(given) == Code::agreement_missing);
}

TEST_CASE("The first thing that does not hold is what is said") {
    // Everything is wrong at first; each line mends what was said and hears the next.
    SubmitFacts given = facts();
    given.from_status = OrganisationStatus::suspended;
    given.actor.suspended = true;
    given.recipient.reset();
    given.terms.purpose = Purpose::round_table;
    given.existing = standing(S::draft);
    given.existing->recipient = housing;
    given.agreement = Code::agreement_missing;
    given.terms.known_by = KnownBy::identified;
    given.consent = Code::consent_lapsed;
    CHECK(refusal(given) == Code::organisation_suspended);
    given.from_status = OrganisationStatus::active;
    CHECK(refusal(given) == Code::actor_not_allowed);
    given.actor.suspended = false;
    CHECK(refusal(given) == Code::recipient_unknown);
    given.recipient = Recipient{K::public_body, OrganisationStatus::suspended, false};
    CHECK(refusal(given) == Code::organisation_suspended);
    given.recipient->status = OrganisationStatus::active;
    CHECK(refusal(given) == Code::statement_invalid);
    given.terms.purpose = Purpose::treatment;
    CHECK(refusal(given) == Code::id_reused);
    given.existing.reset();
    CHECK(refusal(given) == Code::service_not_allowed);
    given.recipient->offers_service = true;
    CHECK(refusal(given) == Code::agreement_missing);
    given.agreement.reset();
    CHECK(refusal(given) == Code::identity_required);
    given.terms.known_by = KnownBy::presents;
    CHECK(refusal(given) == Code::consent_lapsed);
    given.consent.reset();
    CHECK(refusal(given) == std::nullopt);
}

TEST_CASE("A draft needs a known recipient and no consent or agreement yet") {
    SubmitFacts given = facts();
    given.agreement = Code::agreement_missing;
    given.consent = Code::consent_missing;
    const Referral made = decide_draft(given, noon).value();
    CHECK(made.state == S::draft);
    CHECK(made.version == 1);
    given.recipient->offers_service = false;
    CHECK(decide_draft(given, noon).error() == Code::service_not_allowed);
    given.existing = standing(S::draft);
    CHECK(decide_draft(given, noon).error() == Code::event_not_allowed);
    given.existing->awaiting_reseal = true;
    given.existing->state = S::requested;
    CHECK(decide_draft(given, noon).error() == Code::event_not_allowed);
}
