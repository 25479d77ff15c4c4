// How many referrals and consents a case has is counted nowhere: they are found by looking, however many
// there are, and two that come together get a place each.
#include <catch2/catch.hpp>

#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/case_slots.h"
#include "gateway/store/stored_words.h"
#include "tests/store/sequencer/queued.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using sequencer::CaseSlots;
using tests::Gate;
using tests::Referred;
using tests::World;

namespace {

struct Slotted {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);

    [[nodiscard]] CaseId case_id() {
        const auto lookup = world.row_keys().lookup(world.department.id(), woman);
        return world.readers().with([&](store::Connection& connection) {
            const auto row = store::pseudonym(connection, world.department.id(), lookup).value();
            return world.sealed_store().open_case(row.organisation, row.lookup, row.sealed).value().case_id;
        });
    }
    [[nodiscard]] CaseSlots slots(CaseSlots::Of kind) { return {kind, world.row_keys(), case_id()}; }
    // How many of the case's first slots are in use, as the table says: none behind them is.
    [[nodiscard]] std::size_t filed(CaseSlots::Of kind) {
        const CaseSlots all = slots(kind);
        const std::string table = kind == CaseSlots::Of::referrals ? "referral" : "consent";
        std::size_t count = 0;
        const auto used = [&](std::size_t n) {
            return world.count(table + " WHERE slot = '\\x" + hex(all.at(n).view()) + "'") == 1;
        };
        while (used(count)) ++count;
        CHECK(world.count(table) == static_cast<std::int64_t>(count));
        return count;
    }
    // What the sequencer remembered of the one before is gone. Whoever asks first is told `unavailable`.
    void begin_session() {
        world.lose_session();
        CHECK(world.send(world.department, submission(keys::new_id<ReferralId>())).code == Code::unavailable);
    }
    // All of them wait while the sequencer stands in one decision: they are one batch.
    std::vector<sequencer::Answer> together(const std::vector<tests::Message>& messages) {
        world.pass(1ms);
        const auto gate = std::make_shared<Gate>();
        auto held = tests::enqueue(world.hub(), gate);
        gate->wait_until_reached();
        std::vector<std::future<sequencer::Answer>> sent;
        for (const auto& message : messages) {
            sent.push_back(tests::enqueue(
                world.hub(), world.read(world.department, world.department.sign(message)).value()));
        }
        gate->open();
        (void)held.get();
        std::vector<sequencer::Answer> answers;
        for (auto& each : sent) answers.push_back(each.get());
        return answers;
    }
    [[nodiscard]] tests::Message submission(const ReferralId& id) const {
        return world.referral(world.department, woman, world.health, {id, consent});
    }
};

}  // namespace

TEST_CASE("What is looked at holds at least one slot more than are in use") {
    CHECK(CaseSlots::looked_at(0) == 4);
    CHECK(CaseSlots::looked_at(3) == 4);
    CHECK(CaseSlots::looked_at(4) == 8);
    CHECK(CaseSlots::looked_at(7) == 8);
    CHECK(CaseSlots::looked_at(8) == 16);
    CHECK(CaseSlots::looked_at(512) == 1024);
}

TEST_CASE("Each referral of a case takes its next slot and a withdrawal ends all of them") {
    Slotted it;
    const std::size_t count = GENERATE(1U, 4U, 5U, 17U);
    CAPTURE(count);
    for (std::size_t n = 0; n < count; ++n) (void)it.world.refer(it.woman, it.world.health, it.consent);
    CHECK(it.filed(CaseSlots::Of::referrals) == count);
    (void)it.world.must_send(it.world.department,
                             it.world.revocation(it.world.department, it.woman, it.consent));
    CHECK(it.world.count("referral WHERE state = 'WITHDRAWN'") == static_cast<std::int64_t>(count));
}

TEST_CASE(
    "Each consent of a case takes its next slot and the last renewal withdrawn ends the first as well") {
    Slotted it;
    const std::int64_t count = GENERATE(3, 4, 9);
    CAPTURE(count);
    for (std::int64_t n = 1; n < count; ++n) it.consent = it.world.agree(it.woman, it.world.health);
    CHECK(it.filed(CaseSlots::Of::consents) == static_cast<std::size_t>(count));
    (void)it.world.must_send(it.world.department,
                             it.world.revocation(it.world.department, it.woman, it.consent));
    CHECK(it.world.count("consent WHERE state = 'revoked'") == count);
}

TEST_CASE("Submissions for one case that are decided together get a slot each") {
    Slotted it;
    const std::size_t before = GENERATE(0U, 3U, 4U);
    CAPTURE(before);
    for (std::size_t n = 0; n < before; ++n) (void)it.world.refer(it.woman, it.world.health, it.consent);
    std::vector<tests::Message> messages;
    for (std::size_t n = 0; n < 6; ++n) messages.push_back(it.submission(keys::new_id<ReferralId>()));
    for (const auto& answer : it.together(messages)) CHECK_FALSE(answer.code);
    CHECK(it.filed(CaseSlots::Of::referrals) == before + 6);
    it.world.stop();
    CHECK_NOTHROW(it.world.start());
}

TEST_CASE("A case's slots are found again by a hub that has just started and by a session that is new") {
    Slotted it;
    const std::size_t before = GENERATE(1U, 15U, 16U, 17U, 33U);
    CAPTURE(before);
    const auto refer = [&] { (void)it.world.refer(it.woman, it.world.health, it.consent); };
    for (std::size_t n = 0; n < before; ++n) refer();
    it.world.stop();
    it.world.start();
    refer();
    refer();
    CHECK(it.filed(CaseSlots::Of::referrals) == before + 2);
    it.begin_session();
    for (const auto& answer : it.together(
             {it.submission(keys::new_id<ReferralId>()), it.submission(keys::new_id<ReferralId>())})) {
        CHECK_FALSE(answer.code);
    }
    CHECK(it.filed(CaseSlots::Of::referrals) == before + 4);
}

TEST_CASE("What is refused takes no slot") {
    Slotted it;
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    const auto to_another = it.world.referral(it.world.department, it.woman, it.world.nii,
                                              {keys::new_id<ReferralId>(), it.consent});
    const auto refused = it.together({to_another, it.submission(keys::new_id<ReferralId>())});
    CHECK(refused[0].code);
    CHECK_FALSE(refused[1].code);
    CHECK(it.filed(CaseSlots::Of::referrals) == 2);
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    CHECK(it.filed(CaseSlots::Of::referrals) == 3);
}

TEST_CASE("A withdrawal that is decided with the submissions it overtook leaves none of them") {
    Slotted it;
    for (int n = 0; n < 5; ++n) (void)it.world.refer(it.woman, it.world.health, it.consent);
    const auto answers =
        it.together({it.submission(keys::new_id<ReferralId>()), it.submission(keys::new_id<ReferralId>()),
                     it.world.revocation(it.world.department, it.woman, it.consent)});
    CHECK(answers[0].code == Code::consent_revoked);
    CHECK(answers[1].code == Code::consent_revoked);
    CHECK_FALSE(answers[2].code);
    CHECK(it.world.count("referral WHERE state = 'WITHDRAWN'") == 5);
}

TEST_CASE(
    "Where a row was moved out of the middle nothing is decided that could leave out what lies behind") {
    Slotted it;
    for (int n = 0; n < 3; ++n) (void)it.world.refer(it.woman, it.world.health, it.consent);
    const CaseSlots all = it.slots(CaseSlots::Of::referrals);
    it.world.as_superuser("UPDATE referral SET slot = sha256('elsewhere') WHERE slot = '\\x" +
                          hex(all.at(1).view()) + "'");
    it.begin_session();
    CHECK(it.world.send(it.world.department, it.submission(keys::new_id<ReferralId>())).code ==
          Code::internal);
    CHECK(it.world.send(it.world.department, it.world.revocation(it.world.department, it.woman, it.consent))
              .code == Code::internal);
    CHECK(it.world.count("referral") == 3);
    CHECK(it.world.count("consent WHERE state = 'active'") == 1);
}
