// An agreement opens with the fourth approval: legal adviser and security officer of both bodies.
// Method: the acts of its life in order; each case changes a single one.
#include <catch2/catch.hpp>

#include "tests/unit/agreement/builders.h"

using namespace kesher::agreement;
using namespace kesher::agreement::test;

namespace {

const Act proposal = act(ActKind::propose, nii, OfficerRole::manager, "n-1");
const std::array approvals{act(ActKind::approve, nii, OfficerRole::legal_adviser, "n-2"),
                           act(ActKind::approve, department, OfficerRole::security_officer, "d-1"),
                           act(ActKind::approve, nii, OfficerRole::security_officer, "n-3"),
                           act(ActKind::approve, department, OfficerRole::legal_adviser, "d-2")};

Agreement after(std::size_t approval_count) {
    Agreement agreement = decide_act(std::nullopt, proposal, noon).value();
    for (std::size_t i = 0; i < approval_count; ++i) {
        agreement = decide_act(agreement, approvals[i], noon).value();
    }
    return agreement;
}

Code refusal(const std::optional<Agreement>& current, const Act& act) {
    return decide_act(current, act, noon).error();
}

}  // namespace

TEST_CASE("The fourth approval opens the agreement and the third does not") {
    CHECK(after(0).state == State::proposed);
    CHECK(after(3).state == State::proposed);
    CHECK(after(4).state == State::active);
    CHECK(after(4).approvals.size() == 4);
    CHECK(after(4).terms == terms());
    CHECK(after(4).proposal == digest_of(9));
}

TEST_CASE("Proposing is no approval") {
    const Act by_adviser = act(ActKind::propose, nii, OfficerRole::legal_adviser, "n-2");
    CHECK(decide_act(std::nullopt, by_adviser, noon).value().approvals.empty());
}

TEST_CASE("One person cannot approve in both roles of a body") {
    Act second = approvals[2];
    second.approver = officer("n-2");
    CHECK(refusal(after(1), second) == Code::actor_not_allowed);
    second.by = department;  // the same number in another body is another person
    CHECK(decide_act(after(1), second, noon));
}

TEST_CASE("A role approves once for its body") {
    Act again = approvals[0];
    again.approver = officer("n-9");
    CHECK(refusal(after(1), again) == Code::event_not_allowed);
    again.by = department;
    CHECK(decide_act(after(1), again, noon));
}

TEST_CASE("Nobody but legal adviser and security officer approves or ends") {
    for (const OfficerRole role : {OfficerRole::manager, OfficerRole::privacy_officer, OfficerRole::operator_,
                                   OfficerRole::system, OfficerRole::social_worker}) {
        CAPTURE(kOfficerRoles.text(role));
        CHECK(refusal(after(0), act(ActKind::approve, nii, role, "n-2")) == Code::actor_not_allowed);
        CHECK(refusal(after(4), act(ActKind::end, nii, role, "n-2")) == Code::actor_not_allowed);
    }
    CHECK(refusal(std::nullopt, act(ActKind::propose, nii, OfficerRole::operator_, "n-1")) ==
          Code::actor_not_allowed);
}

TEST_CASE("An approval is of this proposal and these terms") {
    Act approval = approvals[0];
    SECTION("another digest") { approval.proposal = digest_of(8); }
    SECTION("other groups") { approval.terms.groups.add(DataGroup::hiv); }
    SECTION("another root") { approval.terms.roots[1] = digest_of(7); }
    CHECK(refusal(after(0), approval) == Code::digest_mismatch);
}

TEST_CASE("Strangers to an agreement get the answer for an unknown id") {
    const Act stranger = act(ActKind::approve, health, OfficerRole::legal_adviser, "h-1");
    CHECK(refusal(after(0), stranger) == Code::not_found);
    CHECK(refusal(std::nullopt, approvals[0]) == Code::not_found);
    CHECK(refusal(std::nullopt, act(ActKind::end, nii, OfficerRole::legal_adviser, "n-2")) ==
          Code::not_found);
}

TEST_CASE("An id is proposed once") { CHECK(refusal(after(0), proposal) == Code::id_reused); }

TEST_CASE("Terms that cannot hold are not proposed") {
    Act bad = proposal;
    SECTION("one body twice") { bad.terms.pair = {nii, nii}; }
    SECTION("not in order") { bad.terms.pair = {department, nii}; }
    SECTION("with the hub") {
        bad.by = OrganisationId::hub();
        bad.terms.pair = {OrganisationId::hub(), nii};
    }
    SECTION("of other bodies") { bad.by = health; }
    SECTION("no message type") { bad.terms.types = {}; }
    SECTION("no purpose") { bad.terms.purposes = {}; }
    SECTION("over before it begins") { bad.terms.to = first_day - std::chrono::days{1}; }
    CHECK(refusal(std::nullopt, bad) == Code::statement_invalid);
}

TEST_CASE("An agreement may last a single day and may cover no data group") {
    Act narrow = proposal;
    narrow.terms.to = first_day;
    narrow.terms.groups = {};
    CHECK(decide_act(std::nullopt, narrow, noon));
}

TEST_CASE("A body that is not active opens and ends nothing") {
    for (const auto status :
         {OrganisationStatus::pending, OrganisationStatus::suspended, OrganisationStatus::left}) {
        Act approval = approvals[3];
        approval.by_status = status;
        CHECK(refusal(after(3), approval) == Code::organisation_suspended);
    }
}

TEST_CASE("Either body alone ends an agreement at once and it never opens again") {
    const OrganisationId by = GENERATE(nii, department);
    const std::size_t given = GENERATE(0U, 2U, 4U);
    const Agreement ended =
        decide_act(after(given), act(ActKind::end, by, OfficerRole::legal_adviser, "x-1"), noon + 1h).value();
    CHECK(ended.state == State::ended);
    CHECK(ended.ended_at == noon + 1h);
    CHECK_FALSE(covers(ended, claim(), noon + 1h));
    CHECK(refusal(ended, approvals[3]) == Code::event_not_allowed);
    CHECK(refusal(ended, act(ActKind::end, by, OfficerRole::legal_adviser, "x-1")) ==
          Code::event_not_allowed);
    CHECK(refusal(ended, proposal) == Code::id_reused);
}
