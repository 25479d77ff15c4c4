// Which officer of which body may do what.
// Method: an officer in good standing; her kind, role, training and entry change one at a time.
#include <catch2/catch.hpp>

#include "tests/unit/referral/builders.h"

using namespace kesher::referral;
using namespace kesher::referral::test;

namespace {

using K = OrganisationKind;
using R = OfficerRole;

Actor officer(K kind, R role) { return {kind, role, true, false, today}; }
bool may(const Actor& actor, Deed deed, Instant at = noon) { return actor_may(actor, deed, at).has_value(); }
bool may(K kind, R role, Deed deed) { return may(officer(kind, role), deed); }

constexpr std::array kAllDeeds{Deed::open_case,
                               Deed::submit,
                               Deed::submit_anonymous,
                               Deed::act_as_referrer,
                               Deed::act_as_recipient,
                               Deed::withdraw,
                               Deed::record_consent,
                               Deed::revoke_consent,
                               Deed::acknowledge_revocation,
                               Deed::screen_intake,
                               Deed::ask_eligibility,
                               Deed::answer_eligibility,
                               Deed::report_capacity,
                               Deed::propose_agenda,
                               Deed::report_headcount,
                               Deed::deliver_and_acknowledge};

}  // namespace

TEST_CASE("A role is refused the day after its training ran out") {
    Actor worker = officer(K::public_body, R::social_worker);
    CHECK(may(worker, Deed::submit, start_of(today) + 24h - 1ms));
    CHECK_FALSE(may(worker, Deed::submit, start_of(today) + 24h));
    worker.training_valid_until.reset();
    CHECK_FALSE(may(worker, Deed::submit));
    CHECK(actor_may(worker, Deed::submit, noon).error() == Code::actor_not_allowed);
}

TEST_CASE("Training that ran out does not keep her withdrawal back") {
    Actor worker = officer(K::public_body, R::social_worker);
    worker.training_valid_until = yesterday;
    CHECK(may(worker, Deed::withdraw));
    CHECK(may(worker, Deed::revoke_consent));
    CHECK_FALSE(may(worker, Deed::record_consent));
    CHECK_FALSE(may(worker, Deed::act_as_referrer));
}

TEST_CASE("A suspended officer and one without the role do nothing at all") {
    for (const Deed deed : kAllDeeds) {
        Actor worker = officer(K::public_body, R::coordinator);
        worker.suspended = true;
        CHECK_FALSE(may(worker, deed));
        worker.suspended = false;
        worker.holds_role = false;
        CHECK_FALSE(may(worker, deed));
    }
}

TEST_CASE("An unattended adapter delivers and reports and never submits or consents") {
    Actor adapter{K::public_body, R::system};
    CHECK(may(adapter, Deed::deliver_and_acknowledge));
    CHECK(may(adapter, Deed::act_as_recipient));
    CHECK(may(adapter, Deed::acknowledge_revocation));
    CHECK(may(adapter, Deed::withdraw));
    CHECK(may(adapter, Deed::revoke_consent));
    for (const Deed deed : {Deed::open_case, Deed::submit, Deed::submit_anonymous, Deed::act_as_referrer,
                            Deed::record_consent, Deed::screen_intake, Deed::report_headcount}) {
        CHECK_FALSE(may(adapter, deed));
    }
}

TEST_CASE("The hotline submits for anonymous cases only and records no consent") {
    for (const R role : {R::hotline_sw, R::hotline_operator}) {
        CHECK(may(K::hotline, role, Deed::open_case));
        CHECK(may(K::hotline, role, Deed::submit_anonymous));
        CHECK_FALSE(may(K::hotline, role, Deed::submit));
        CHECK_FALSE(may(K::hotline, role, Deed::record_consent));
    }
    CHECK(may(K::hotline, R::hotline_sw, Deed::screen_intake));
    CHECK_FALSE(may(K::hotline, R::hotline_operator, Deed::screen_intake));
    CHECK_FALSE(may(K::hotline, R::social_worker, Deed::submit));
}

TEST_CASE("Who explains records: social workers of bodies and envelope workers of the provider") {
    for (const R role : WordSet<R>::up_to(R::system).words()) {
        CAPTURE(kOfficerRoles.text(role));
        const bool explains = role == R::social_worker || role == R::envelope_sw;
        CHECK(may(K::public_body, role, Deed::record_consent) == explains);
        CHECK(may(K::provider, role, Deed::record_consent) == explains);
        CHECK_FALSE(may(K::ngo, role, Deed::record_consent));
    }
}

TEST_CASE("A caseworker of a receiving body answers referrals and makes none") {
    CHECK(may(K::public_body, R::caseworker, Deed::act_as_recipient));
    CHECK_FALSE(may(K::public_body, R::caseworker, Deed::submit));
    CHECK_FALSE(may(K::public_body, R::caseworker, Deed::act_as_referrer));
    CHECK(may(K::public_body, R::caseworker, Deed::withdraw));
}

TEST_CASE("Lay facilitators and marketers of no role touch no case") {
    for (const Deed deed : kAllDeeds) CHECK_FALSE(may(K::tool, R::facilitator, deed));
}

TEST_CASE("Who runs or audits the hub refers nobody and consents for nobody") {
    for (const R role : WordSet<R>::up_to(R::system).words()) {
        CAPTURE(kOfficerRoles.text(role));
        for (const K kind : {K::operator_, K::auditor}) {
            for (const Deed deed : {Deed::open_case, Deed::submit, Deed::submit_anonymous,
                                    Deed::record_consent, Deed::revoke_consent, Deed::withdraw}) {
                CHECK_FALSE(may(kind, role, deed));
            }
        }
        for (const Deed deed : kAllDeeds) CHECK_FALSE(may(K::auditor, role, deed));
    }
    CHECK(may(K::operator_, R::system, Deed::act_as_recipient));  // echo
}

TEST_CASE("Counts come from the provider and proposals from the council's members") {
    CHECK(may(K::provider, R::manager, Deed::report_headcount));
    CHECK_FALSE(may(K::public_body, R::manager, Deed::report_headcount));
    CHECK_FALSE(may(K::provider, R::envelope_sw, Deed::report_headcount));
    CHECK(may(K::public_body, R::chair, Deed::propose_agenda));
    CHECK(may(K::ngo, R::forum_member, Deed::propose_agenda));
    CHECK_FALSE(may(K::public_body, R::caseworker, Deed::propose_agenda));
    CHECK(may(K::public_body, R::system, Deed::answer_eligibility));
    CHECK_FALSE(may(K::ngo, R::caseworker, Deed::answer_eligibility));
}
