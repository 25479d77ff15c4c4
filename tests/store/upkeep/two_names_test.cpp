// A body to which one woman was referred twice has two names for her. No answer, whatever it tries, tells it
// that they are one woman: everything here is the same for two women.
#include <catch2/catch.hpp>

#include "gateway/insight/access.h"
#include "gateway/insight/board.h"
#include "schemas/contract/shares.h"
#include "schemas/statement/case_order.h"
#include "tests/store/upkeep/asked.h"

using namespace kesher;
using namespace kesher::contract;
using tests::Message;
using tests::Referred;
using tests::Terms;
using tests::World;

namespace {

// Referred to the institute twice: one woman, or two.
struct TwoNames : tests::Asked {
    explicit TwoNames(bool one_woman) {
        const auto second = one_woman ? opened : world.open_case(world.department);
        names = {taken(opened), taken(second)};
    }
    Pseudonym opened = world.open_case(world.department);
    std::vector<Pseudonym> names;

    Pseudonym taken(const Pseudonym& woman) {
        const auto consent = world.agree(woman, world.nii,
                                         {.purposes = {Purpose::benefit_claim, Purpose::status_feedback},
                                          .groups = {DataGroup::identity},
                                          .services = {Service::ben_child}});
        (void)world.refer(woman, world.nii, consent, Service::ben_child);
        const auto batch = world.poll(world.nii);
        REQUIRE(batch.size() == 1);
        REQUIRE(world.acknowledge(world.nii, batch.front(), AckOutcome::taken).receipt);
        return batch.front().pseudonym;
    }
    // The institute writes down that the woman of this name lets it refer her to the department.
    ConsentId agreed_with(const Pseudonym& name) {
        const auto id = keys::new_id<ConsentId>();
        const Terms terms{.purposes = {Purpose::referral}, .services = {Service::childcare}};
        (void)world.must_send(world.nii, world.consent(world.nii, name, world.department, id, terms));
        return id;
    }
    std::optional<Code> drafted(const Pseudonym& name) {
        return world.send(world.nii, world.draft(world.nii, name, world.health, keys::new_id<ReferralId>()))
            .code;
    }
    std::optional<Code> referred(const Pseudonym& name, const Referred& what) {
        return world.send(world.nii, world.referral(world.nii, name, world.department, what)).code;
    }
};

Referred to_childcare(const ConsentId& consent) {
    return {keys::new_id<ReferralId>(), consent, Service::childcare};
}

}  // namespace

TEST_CASE("A referral's id that was drafted under one of its names is taken under its other") {
    TwoNames it(GENERATE(true, false));
    const auto id = keys::new_id<ReferralId>();
    (void)it.world.must_send(it.world.nii, it.world.draft(it.world.nii, it.names[0], it.world.health, id));
    CHECK(it.world.send(it.world.nii, it.world.draft(it.world.nii, it.names[1], it.world.health, id)).code ==
          Code::id_reused);
    const Referred same{id, it.agreed_with(it.names[1]), Service::childcare};
    CHECK(it.referred(it.names[1], same) == Code::id_reused);
}

TEST_CASE("A consent that it recorded under one of its names carries nothing under its other") {
    TwoNames it(GENERATE(true, false));
    const ConsentId consent = it.agreed_with(it.names[0]);
    CHECK(it.referred(it.names[1], to_childcare(consent)) == Code::consent_missing);
    CHECK(it.referred(it.names[0], to_childcare(consent)) == std::nullopt);
}

TEST_CASE("A consent that it records under its other name takes nothing from that of its first") {
    TwoNames it(GENERATE(true, false));
    const ConsentId first = it.agreed_with(it.names[0]);
    const Referred referred = to_childcare(first);
    CHECK(it.referred(it.names[0], referred) == std::nullopt);
    const edge::Response before = it.referral(it.world.nii, referred.id);
    const ConsentId second = it.agreed_with(it.names[1]);
    CHECK(it.referral(it.world.nii, referred.id).body == before.body);
    CHECK(it.referred(it.names[0], to_childcare(first)) == std::nullopt);
    CHECK(it.referred(it.names[1], to_childcare(second)) == std::nullopt);
    Message more = it.world.referral(it.world.nii, it.names[0], it.world.department, to_childcare(first));
    more.says.groups = {DataGroup::identity};  // which neither consent grants
    CHECK(it.world.send(it.world.nii, more).code == Code::consent_groups);
    // By one name a renewal is one.
    (void)it.agreed_with(it.names[0]);
    CHECK(it.referred(it.names[0], to_childcare(first)) == Code::consent_missing);
}

TEST_CASE("It withdraws a consent of its own by the name alone that it recorded it under") {
    TwoNames it(GENERATE(true, false));
    const ConsentId consent = it.agreed_with(it.names[0]);
    const auto withdrawn = [&](const Pseudonym& name) {
        return it.world.send(it.world.nii, it.world.revocation(it.world.nii, name, consent)).code;
    };
    CHECK(withdrawn(it.names[1]) == Code::not_found);
    // A draft names whatever it likes; nobody has decided on it.
    auto draft = it.world.draft(it.world.nii, it.names[1], it.world.health, keys::new_id<ReferralId>());
    draft.says.consent = consent;
    (void)it.world.send(it.world.nii, draft);
    CHECK(withdrawn(it.names[1]) == Code::not_found);
    CHECK(withdrawn(it.names[0]) == std::nullopt);
    CHECK(withdrawn(it.names[1]) == Code::not_found);
    CHECK(withdrawn(it.names[0]) == std::nullopt);
}

TEST_CASE("What it has sent under one name takes nothing from its share under the other") {
    TwoNames it(GENERATE(true, false));
    for (std::size_t count = 0; count < limits::kDraftsOfOneBody; ++count) {
        REQUIRE(it.drafted(it.names[0]) == std::nullopt);
    }
    CHECK(it.drafted(it.names[0]) == Code::event_not_allowed);
    CHECK(it.drafted(it.names[1]) == std::nullopt);
}

TEST_CASE("With all the drafts of three names it finds out nothing of a fourth, and closes it to nobody") {
    const bool one_woman = GENERATE(true, false);
    TwoNames it(one_woman);
    for (int more = 0; more < 2; ++more)
        it.names.push_back(it.taken(one_woman ? it.opened : it.world.open_case(it.world.department)));
    // The fourth, like each before it, has a share of its own to the last place.
    for (const Pseudonym& name : it.names) {
        for (std::size_t n = 0; n < limits::kDraftsOfOneBody; ++n) REQUIRE(it.drafted(name) == std::nullopt);
        CHECK(it.drafted(name) == Code::event_not_allowed);
    }
    // Who opened the case refers her as ever; so does the body itself by names that have no draft left.
    (void)it.world.refer(it.opened, it.world.health, it.world.agree(it.opened, it.world.health));
    for (const Pseudonym& name : it.names) {
        CHECK(it.referred(name, to_childcare(it.agreed_with(name))) == std::nullopt);
    }
}

TEST_CASE("What it has recorded under one name takes nothing from its share under the other") {
    TwoNames it(GENERATE(true, false));
    const auto recorded = [&](const Pseudonym& name) {
        const Terms terms{.purposes = {Purpose::referral}, .services = {Service::childcare}};
        return it.world
            .send(it.world.nii,
                  it.world.consent(it.world.nii, name, it.world.department, keys::new_id<ConsentId>(), terms))
            .code;
    };
    for (std::size_t count = 0; count < limits::kConsentsOfOneBody; ++count) {
        REQUIRE(recorded(it.names[0]) == std::nullopt);
    }
    CHECK(recorded(it.names[0]) == Code::event_not_allowed);
    CHECK(recorded(it.names[1]) == std::nullopt);
}

TEST_CASE("A withdrawn consent of its first name is told to its second as none") {
    TwoNames it(GENERATE(true, false));
    const ConsentId consent = it.agreed_with(it.names[0]);
    (void)it.world.must_send(it.world.nii, it.world.revocation(it.world.nii, it.names[0], consent));
    CHECK(it.referred(it.names[1], to_childcare(consent)) == Code::consent_missing);
    CHECK(it.referred(it.names[0], to_childcare(consent)) == Code::consent_revoked);
}

namespace {

// The institute opened the case itself, and the department, which it referred her to, refers her back to it.
struct ReferredBack : tests::Asked {
    Pseudonym own = world.open_case(world.nii);
    Pseudonym other = referred_back();

    Pseudonym referred_back() {
        const auto there = keys::new_id<ConsentId>();
        const Terms childcare{.purposes = {Purpose::referral}, .services = {Service::childcare}};
        (void)world.must_send(world.nii, world.consent(world.nii, own, world.department, there, childcare));
        (void)world.must_send(world.nii,
                              world.referral(world.nii, own, world.department, to_childcare(there)));
        const auto handed = world.poll(world.department);
        REQUIRE(handed.size() == 1);
        REQUIRE(world.acknowledge(world.department, handed.front(), AckOutcome::taken).receipt);
        for (const auto& told : world.poll(world.nii)) {
            REQUIRE(world.acknowledge(world.nii, told, AckOutcome::taken).receipt);
        }
        const auto back = world.agree(handed.front().pseudonym, world.nii,
                                      {.purposes = {Purpose::benefit_claim},
                                       .groups = {DataGroup::identity},
                                       .services = {Service::ben_child}});
        (void)world.refer(handed.front().pseudonym, world.nii, back, Service::ben_child);
        const auto batch = world.poll(world.nii);
        REQUIRE(batch.size() == 1);
        REQUIRE(world.acknowledge(world.nii, batch.front(), AckOutcome::taken).receipt);
        return batch.front().pseudonym;
    }
    json::Value shown(const Pseudonym& name) {
        edge::Request request{.method = "GET", .route = "/v1/cases/{pseudonym}"};
        request.captures = {{"pseudonym", name.reveal()}};
        return tests::read_answer(http::get_case(rooms, caller(world.nii), request));
    }
    edge::Response code_for(const Pseudonym& name) {
        world.pass(std::chrono::milliseconds{1});
        const std::string order = statement::sign_claim_code_order(
            {.organisation = world.nii.id(),
             .log = std::string(World::kOrigin),
             .at = world.now(),
             .pseudonym = name,
             .officer = {OfficerId::parse("w-17").value(), OfficerRole::social_worker}},
            world.nii.signer());
        edge::Request request{.method = "POST", .route = "/v1/cases/{pseudonym}/claim-code"};
        request.captures = {{"pseudonym", name.reveal()}};
        request.body.assign(order.begin(), order.end());
        return http::post_claim_code(rooms, caller(world.nii), request);
    }
};

}  // namespace

TEST_CASE("The body that opened a case sees when and how by the name that it opened it by alone") {
    ReferredBack it;
    CHECK(it.shown(it.own).find("opened") != nullptr);
    CHECK(it.shown(it.own).find("anonymous") != nullptr);
    CHECK(it.shown(it.other).find("opened") == nullptr);
    CHECK(it.shown(it.other).find("anonymous") == nullptr);
    CHECK(it.shown(it.other).find("referrals")->array()->size() == 1);
}

TEST_CASE("The access log by the name of its opening says nothing of what was handed to it under the other") {
    ReferredBack it;
    const insight::Rooms rooms{it.world.hub(), it.world.readers(), it.world.row_keys(),
                               it.world.sealed_store()};
    const insight::Reader reader{it.world.nii.id(), it.world.nii.tls_certificate(), false};
    (void)it.shown(it.own);
    (void)it.shown(it.other);
    REQUIRE(insight::board(rooms, reader));
    const auto rows = [&](const Pseudonym& name) {
        const auto answer =
            insight::access(rooms, reader, {.officer = {}, .org = {}, .subject = name, .before = {}});
        REQUIRE(answer);
        std::vector<std::string> found;
        const auto read = json::read(*answer, {.bytes = 1024 * 1024, .depth = 8}).value();
        for (const json::Value& row : *read.find("rows")->array()) {
            const json::Value* operation = row.find("operation");
            const json::Value* referral = row.find("referral");
            found.push_back((operation == nullptr ? "" : *operation->text()) + " " +
                            (referral == nullptr ? "" : *referral->text()));
        }
        return found;
    };
    const auto own = rows(it.own), other = rows(it.other);
    REQUIRE(own.size() >= 4);    // opened, agreed, referred, looked at
    REQUIRE(other.size() >= 2);  // acknowledged, looked at
    for (const std::string& row : other) {
        CHECK(std::find(own.begin(), own.end(), row) == own.end());
    }
    for (const std::string& row : own) CHECK(row.find("board") == std::string::npos);
}

TEST_CASE("A fresh claim code is made for the name that the case was opened by alone") {
    ReferredBack it;
    CHECK(it.code_for(it.other).status == 404);
    CHECK(it.code_for(it.own).status == 201);
}

TEST_CASE("Between two others the body that opened the case records her word by that name alone") {
    ReferredBack it;
    const Terms between{.purposes = {Purpose::treatment},
                        .services = {Service::hlt_trauma},
                        .discloser = it.world.department.id()};
    const auto recorded = [&](const Pseudonym& name) {
        return it.world
            .send(it.world.nii,
                  it.world.consent(it.world.nii, name, it.world.health, keys::new_id<ConsentId>(), between))
            .code;
    };
    CHECK(recorded(it.other) == Code::consent_recorder);
    CHECK(recorded(it.own) == std::nullopt);
}
