// What ends by itself ends at its instant and not before, with a leaf that says why.
#include <catch2/catch.hpp>

#include "gateway/inbox/upkeep.h"
#include "gateway/inbox/upkeep_requests.h"
#include "schemas/contract/limits.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Referred;
using tests::Standing;
using tests::World;
using S = ReferralState;

namespace {

struct Kept {
    World world;
    Pseudonym woman = world.open_case(world.department);
    sequencer::WitnessedClock clock;
    inbox::Upkeep upkeep{{world.hub(), world.readers(), clock, world.row_keys(), world.sealed_store()}};

    void hear(const tests::Body& body, std::chrono::milliseconds apart = 0ms) {
        clock.heard(body.id(), std::chrono::floor<std::chrono::seconds>(world.now() + apart));
    }
    // The clock moves on, and most witnesses see the same.
    void at(Instant instant) {
        world.set_clock(instant);
        for (const auto* body : {&world.health, &world.nii, &world.housing}) hear(*body);
    }
    inbox::UpkeepRun end_referrals() {
        const auto run = upkeep.end_referrals();
        REQUIRE(run.done());
        return run;
    }
    // Leaves of the hub's own upkeep that say this.
    std::vector<log::Record> leaves(std::string_view operation) {
        std::vector<log::Record> found;
        for (const tests::Leaf& leaf : world.leaves()) {
            const auto& record = leaf.record;
            if (record.event == log::RecordEvent::expired && record.operation->text() == operation) {
                found.push_back(record);
            }
        }
        return found;
    }
};

struct Sent : Kept {
    ConsentId consent = world.agree(woman, world.health);
    Referred referred = world.refer(woman, world.health, consent);
    Instant sent_at = world.now();

    codec::Delivery fetch() {
        const auto batch = world.poll(world.health);
        REQUIRE(batch.size() == 1);
        return batch.front();
    }
    void take() { REQUIRE(world.acknowledge(world.health, fetch(), AckOutcome::taken).receipt); }
    S state() { return world.standing(referred.id).state; }
    // What the consent said, to the hub, was taken before the referral was sent.
    std::size_t deleted_after_the_consents() {
        const auto run = upkeep.delete_payloads();
        REQUIRE(run.done());
        REQUIRE(world.count("payload WHERE id IN (SELECT id FROM message WHERE NOT EXISTS (SELECT 1 FROM "
                            "delivery d WHERE d.message = message.id))") == 0);
        return run.changed - 1;
    }
    std::int64_t payloads_of_referral() {
        return world.count(
            "payload p JOIN delivery d ON d.message = p.id WHERE d.type = 'referral.submitted.v1'");
    }
};

std::string cause_of(const log::Record& record) {
    return std::get<log::Word>(*record.facts.find("cause")).text();
}

}  // namespace

TEST_CASE("A referral that nobody fetched expires 72 hours after it was sent") {
    Sent it;
    it.at(it.sent_at + 72h - 1ms);
    CHECK(it.end_referrals().changed == 0);
    CHECK(it.state() == S::requested);
    it.at(it.sent_at + 72h);
    CHECK(it.end_referrals().changed == 1);
    CHECK(it.state() == S::expired);
    CHECK(it.end_referrals().changed == 0);
}

TEST_CASE("The leaf of an expiry says why and from where to where and about whom") {
    Sent it;
    it.at(it.sent_at + 72h);
    CHECK(it.end_referrals().changed == 1);
    const auto leaves = it.leaves("expire");
    REQUIRE(leaves.size() == 1);
    CHECK(cause_of(leaves.front()) == "undelivered");
    CHECK(leaves.front().before == log::Stage{S::requested, 1});
    CHECK(leaves.front().after == log::Stage{S::expired, 2});
    CHECK(leaves.front().referral == it.referred.id);
    CHECK(leaves.front().consent == it.consent);
    CHECK(leaves.front().subject);
    CHECK(leaves.front().org == OrganisationId::hub());
}

TEST_CASE("The referrer is told of an expiry and nothing is handed out any more") {
    Sent it;
    it.at(it.sent_at + 72h);
    CHECK(it.end_referrals().changed == 1);
    CHECK(it.world.poll(it.world.health).empty());
    CHECK(it.world.poll(it.world.department).size() == 1);
}

TEST_CASE("A referral that was taken and never answered expires after 30 days") {
    Sent it;
    it.take();
    const Instant taken_at = it.world.now();
    it.at(taken_at + 30 * 24h - 1ms);
    CHECK(it.end_referrals().changed == 0);
    it.at(taken_at + 30 * 24h);
    CHECK(it.end_referrals().changed == 1);
    CHECK(cause_of(it.leaves("expire").front()) == "unanswered");
}

TEST_CASE("A referral ends with the last day of its consent while care has not begun") {
    Sent it;
    it.take();
    const Day last = it.world.today() + std::chrono::days{2};
    it.world.as_superuser("UPDATE consent SET valid_to = " + std::to_string(last.time_since_epoch().count()));
    it.at(start_of(last + std::chrono::days{1}) - 1ms);
    CHECK(it.end_referrals().changed == 0);
    it.at(start_of(last + std::chrono::days{1}));
    CHECK(it.end_referrals().changed == 1);
    CHECK(cause_of(it.leaves("expire").front()) == "consent-ended");
}

TEST_CASE("A consent that was renewed in time keeps the referral") {
    Sent it;
    it.take();
    const Day last = it.world.today() + std::chrono::days{2};
    it.world.as_superuser("UPDATE consent SET valid_to = " + std::to_string(last.time_since_epoch().count()));
    (void)it.world.agree(it.woman, it.world.health);
    it.at(start_of(last + std::chrono::days{1}));
    CHECK(it.end_referrals().changed == 0);
    CHECK(it.state() == S::delivered);
}

TEST_CASE("The last day of a no that was recorded ends no referral and that of a yes does") {
    Sent it;
    it.take();
    const auto said = GENERATE(codec::GivenState::rejected, codec::GivenState::active);
    const Day last = it.world.today() + std::chrono::days{1};
    (void)it.world.agree(it.woman, it.world.health, {.state = said, .lasting = std::chrono::days{1}});
    it.at(start_of(last + std::chrono::days{1}));
    CHECK(it.end_referrals().changed == (said == codec::GivenState::active ? 1 : 0));
    CHECK(it.state() == (said == codec::GivenState::active ? S::expired : S::delivered));
}

TEST_CASE("A referral that moved on between the look and the decision is left alone") {
    Sent it;
    const auto before = it.world.leaves().size();
    const auto request = std::make_shared<inbox::ExpireReferrals>(std::vector{it.referred.id});
    CHECK_FALSE(it.world.hub().run(request).code);
    CHECK(request->ended() == 0);
    CHECK(it.world.leaves().size() == before);
    CHECK(it.state() == S::requested);
}

TEST_CASE("Nothing expires and nothing is deleted while only half of the witnesses see the same time") {
    Sent it;
    it.world.set_clock(it.sent_at + 80h);
    it.hear(it.world.health);
    it.hear(it.world.nii);
    CHECK(it.upkeep.end_referrals().clock_doubtful);
    CHECK(it.upkeep.delete_payloads().clock_doubtful);
    CHECK(it.upkeep.lapse_cases().clock_doubtful);
    CHECK(it.state() == S::requested);
    it.hear(it.world.housing);
    CHECK(it.end_referrals().changed == 1);
}

TEST_CASE("A witness sees the same time up to five minutes apart") {
    Sent it;
    it.world.set_clock(std::chrono::ceil<std::chrono::seconds>(it.sent_at + 80h));
    it.hear(it.world.health);
    it.hear(it.world.nii);
    it.hear(it.world.housing, 301s);
    CHECK(it.upkeep.end_referrals().clock_doubtful);
    it.hear(it.world.housing, -301s);
    CHECK(it.upkeep.end_referrals().clock_doubtful);
    it.hear(it.world.housing, 300s);
    CHECK_FALSE(it.upkeep.end_referrals().clock_doubtful);
}

TEST_CASE("A suspended body is no witness of the time") {
    Sent it;
    it.world.set_clock(it.sent_at + 80h);
    it.hear(it.world.health);
    it.hear(it.world.nii);
    it.world.set_status(it.world.housing, OrganisationStatus::suspended);
    CHECK_FALSE(it.upkeep.end_referrals().clock_doubtful);
}

TEST_CASE("A payload is deleted 72 hours after it was taken and the count stands in one leaf") {
    Sent it;
    it.take();
    const Instant taken_at = it.world.now();
    it.at(taken_at + 72h);
    CHECK(it.deleted_after_the_consents() == 0);
    CHECK(it.payloads_of_referral() == 1);
    it.at(taken_at + 72h + 1ms);
    CHECK(it.upkeep.delete_payloads().changed == 1);
    CHECK(it.payloads_of_referral() == 0);
    const auto leaves = it.leaves("payload-deleted");
    REQUIRE(leaves.size() == 2);
    CHECK(std::get<std::int64_t>(*leaves.back().facts.find("count")) == 1);
    CHECK_FALSE(leaves.back().subject);
    CHECK(it.upkeep.delete_payloads().changed == 0);
    CHECK(it.leaves("payload-deleted").size() == 2);
}

TEST_CASE("A payload that is only held by its recipient stays") {
    Sent it;
    const auto delivery = it.fetch();
    REQUIRE(it.world.acknowledge(it.world.health, delivery, AckOutcome::held).receipt);
    it.at(it.world.now() + 100h);
    CHECK(it.deleted_after_the_consents() == 0);
    CHECK(it.payloads_of_referral() == 1);
}

TEST_CASE("What was said to the hub goes 72 hours after it was accepted and is still answered as it was") {
    Kept it;
    const auto consent = keys::new_id<ConsentId>();
    const auto said =
        it.world.department.sign(it.world.consent(it.world.department, it.woman, it.world.health, consent));
    const auto first = it.world.send(it.world.department, said);
    REQUIRE(first.leaf);
    const Instant accepted_at = it.world.leaves().back().record.at;
    REQUIRE(it.world.count("payload") == 1);
    it.at(accepted_at + 72h);
    CHECK(it.upkeep.delete_payloads().changed == 0);
    it.at(accepted_at + 72h + 1ms);
    CHECK(it.upkeep.delete_payloads().changed == 1);
    CHECK(it.world.count("payload") == 0);
    CHECK(std::get<std::int64_t>(*it.leaves("payload-deleted").front().facts.find("count")) == 1);
    // Her word stands without it: beside the log, for what is sent under it, and when she takes it back.
    CHECK_NOTHROW(it.world.restart());
    const auto again = it.world.send(it.world.department, said);
    CHECK(again.repeated);
    CHECK(again.leaf == first.leaf);
    (void)it.world.refer(it.woman, it.world.health, consent);
    (void)it.world.must_send(it.world.department,
                             it.world.revocation(it.world.department, it.woman, consent));
}

TEST_CASE("A payload that was refused for good goes after the same time") {
    Sent it;
    const auto delivery = it.fetch();
    REQUIRE(
        it.world.acknowledge(it.world.health, delivery, AckOutcome::refused, Code::payload_invalid).receipt);
    it.at(it.world.now() + 72h + 1ms);
    CHECK(it.deleted_after_the_consents() == 1);
    CHECK(it.payloads_of_referral() == 0);
}

TEST_CASE("The claim code of a case without a referral dies 24 hours after the case was opened") {
    Kept it;
    const Instant opened_at = it.world.now();
    it.at(opened_at + 24h);
    CHECK(it.upkeep.lapse_cases().changed == 0);
    CHECK(it.world.count("case_file WHERE claim IS NOT NULL") == 1);
    it.at(opened_at + 24h + 1ms);
    CHECK(it.upkeep.lapse_cases().changed == 1);
    CHECK(it.world.count("case_file WHERE claim IS NOT NULL") == 0);
    REQUIRE(it.leaves("case-lapsed").size() == 1);
    CHECK(it.leaves("case-lapsed").front().subject);
    CHECK(it.upkeep.lapse_cases().changed == 0);
}

TEST_CASE("A case with a referral keeps its claim code") {
    Sent it;
    it.at(it.sent_at + 48h);
    CHECK(it.upkeep.lapse_cases().changed == 0);
    CHECK(it.world.count("case_file WHERE claim IS NOT NULL") == 1);
}

TEST_CASE(
    "Of many cases those without a referral lapse piece by piece and a referred one among them keeps its "
    "code") {
    Sent it;
    constexpr std::size_t kMore = limits::kUpkeepChanges + 3;
    for (std::size_t n = 0; n < kMore; ++n) (void)it.world.open_case(it.world.department);
    it.at(it.world.now() + 24h + 1ms);
    const auto first = it.upkeep.lapse_cases();
    CHECK(first.changed == limits::kUpkeepChanges);
    CHECK(first.more);
    const auto second = it.upkeep.lapse_cases();
    CHECK(second.changed == kMore - limits::kUpkeepChanges);
    CHECK_FALSE(second.more);
    CHECK(it.upkeep.lapse_cases().changed == 0);
    CHECK(it.world.count("case_file WHERE claim IS NOT NULL") == 1);
    // One that is opened later has a day of its own.
    (void)it.world.open_case(it.world.department);
    it.at(it.world.now() + 24h);
    CHECK(it.upkeep.lapse_cases().changed == 0);
    it.at(it.world.now() + 1ms);
    CHECK(it.upkeep.lapse_cases().changed == 1);
    CHECK(it.world.count("case_file WHERE claim IS NOT NULL") == 1);
}

TEST_CASE("A case that is referred while it seems due keeps its claim code") {
    Sent it;
    const auto lookup = it.world.row_keys().lookup(it.world.department.id(), it.woman);
    const auto name = it.world.readers().with([&](store::Connection& connection) {
        return store::pseudonym(connection, it.world.department.id(), lookup).value();
    });
    const auto id =
        it.world.sealed_store().open_case(name.organisation, name.lookup, name.sealed).value().case_id;
    it.at(it.sent_at + 48h);
    const auto lapse = [&](std::uint32_t slot) {
        const auto request = std::make_shared<inbox::LapseCases>(std::vector<inbox::LapsingCase>{
            {it.world.row_keys().case_key(id), it.world.row_keys().referral_slot(id, slot)}});
        REQUIRE_FALSE(it.world.hub().run(request).code);
        return request->lapsed();
    };
    CHECK(lapse(0) == 0);
    CHECK(it.leaves("case-lapsed").empty());
    CHECK(lapse(1) == 1);  // the same without a referral where the first one would be
}

TEST_CASE("A database that went away stops a piece and the next one goes on") {
    Sent it;
    it.at(it.sent_at + 72h);
    it.world.as_superuser(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'kesher_hub' AND datname = "
        "current_database()");
    bool stopped = false;
    for (int piece = 0; piece < 10 && it.state() != S::expired; ++piece) {
        try {
            stopped = !it.upkeep.end_referrals().done() || stopped;
        } catch (const store::DatabaseLost&) {
            stopped = true;
        }
    }
    CHECK(stopped);
    CHECK(it.state() == S::expired);
    CHECK(it.leaves("expire").size() == 1);
}

TEST_CASE("A draft that nobody sends lapses after 14 days like one that waits for her consent") {
    Kept it;
    const ReferralId id = keys::new_id<ReferralId>();
    (void)it.world.must_send(it.world.department,
                             it.world.draft(it.world.department, it.woman, it.world.health, id));
    const Instant drafted_at = it.world.now();
    it.at(drafted_at + std::chrono::days{14} - 1ms);
    CHECK(it.end_referrals().changed == 0);
    it.at(drafted_at + std::chrono::days{14});
    CHECK(it.end_referrals().changed == 1);
    CHECK(it.world.standing(id).state == S::expired);
    CHECK(cause_of(it.leaves("expire").back()) == "consent-not-given");
    CHECK_NOTHROW(it.world.restart());
}

TEST_CASE("Who was handed a referral and stays silent is counted from 72 hours on until it answers") {
    Sent it;
    const codec::Delivery handed = it.fetch();
    REQUIRE(it.world.acknowledge(it.world.health, handed, AckOutcome::taken).receipt);
    const Instant taken_at = it.world.now();
    const auto met = [&] {
        (void)it.end_referrals();
        return it.upkeep.unanswered().value().referrals;
    };
    using Counts = decltype(met());
    it.at(taken_at + 72h - 1ms);
    CHECK(met() == Counts{0, 0, 0});
    it.at(taken_at + 72h);
    CHECK(met() == Counts{1, 0, 0});
    it.at(taken_at + 21 * 24h);
    CHECK(met() == Counts{1, 1, 1});
    (void)it.world.must_send(
        it.world.health, it.world.event(it.world.health, handed.pseudonym, it.world.department, it.referred,
                                        ReferralEvent::waitlist));
    CHECK(met() == Counts{0, 0, 0});
}

namespace {

struct Withdrawn : Sent {
    Withdrawn() {
        take();
        (void)world.must_send(world.department, world.revocation(world.department, woman, consent));
        withdrawn_at = world.now();
        notice = World::message_in(world.poll(world.health).at(0));  // it heads the inbox
    }
    Instant withdrawn_at;
    std::optional<MessageId> notice;
    std::int64_t unanswered() {
        (void)end_referrals();
        return upkeep.unanswered().value().revocations;
    }
};

}  // namespace

TEST_CASE("A notice of withdrawal that nobody answered is counted from the day after its seventh") {
    Withdrawn it;
    const Day last = day_of(it.withdrawn_at) + std::chrono::days{7};
    it.at(start_of(last + std::chrono::days{1}) - 1ms);
    CHECK(it.unanswered() == 0);
    it.at(start_of(last + std::chrono::days{1}));
    CHECK(it.unanswered() == 1);
    (void)it.world.must_send(it.world.health,
                             it.world.revocation_acked(it.world.health, it.consent, it.notice.value()));
    CHECK(it.unanswered() == 0);
    CHECK_NOTHROW(it.world.restart());
    it.world.stop();
    it.world.as_superuser("UPDATE delivery SET answered_idx = NULL WHERE revocation");
    CHECK_THROWS_WITH(it.world.start(), Catch::Contains("in its column answered_idx "));
}

TEST_CASE("Only the body that was handed the notice answers it and only that notice") {
    Withdrawn it;
    const auto code = [&](const tests::Body& from, const ConsentId& consent, const MessageId& notice) {
        return it.world.send(from, it.world.revocation_acked(from, consent, notice)).code;
    };
    CHECK(code(it.world.nii, it.consent, *it.notice) == Code::not_found);
    CHECK(code(it.world.health, it.consent, keys::new_id<MessageId>()) == Code::not_found);
    // Of another consent, and the notice of this one.
    const auto other = it.world.agree(it.woman, it.world.nii);
    CHECK(code(it.world.health, other, *it.notice) == Code::not_found);
    it.at(start_of(day_of(it.withdrawn_at) + std::chrono::days{8}));
    CHECK(it.unanswered() == 1);
    CHECK_FALSE(code(it.world.health, it.consent, *it.notice));
    CHECK(it.unanswered() == 0);
}
