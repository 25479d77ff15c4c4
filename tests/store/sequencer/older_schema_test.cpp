// A log that was stored under an older schema starts under this one, with every row as the leaves tell it.
#include <catch2/catch.hpp>

#include "audit/log/leaf.h"
#include "gateway/sequencer/retold_cases.h"
#include "gateway/store/migrator.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using tests::World;

namespace {

// The tables as 0010 left them, with what a hub of then wrote into its cases' rows and on each event.
// Officers and cases were not ordered by signed documents then: what the test's own say is laid aside,
// because the log speaks of it.
constexpr const char* kBefore0011 = R"(
    CREATE TABLE officer_aside AS SELECT organisation, id, signed_at, document FROM officer;
    CREATE TABLE officer_document_aside AS TABLE officer_document;
    DROP TABLE officer_document;
    ALTER TABLE officer DROP COLUMN signed_at, DROP COLUMN document;
    CREATE TABLE referral_event (referral uuid NOT NULL, idx bigint NOT NULL, step smallint NOT NULL,
                                 version bigint NOT NULL, event text NOT NULL, by_role text NOT NULL,
                                 organisation text NOT NULL, message uuid, reason text, ignored boolean NOT NULL,
                                 synthesized boolean NOT NULL, PRIMARY KEY (referral, idx, step));
    ALTER TABLE referral_event OWNER TO kesher_owner;
    INSERT INTO referral_event SELECT id, submitted_idx, 0, 1, 'submit', 'REF', referrer, NULL, NULL, false, false
        FROM referral;
    INSERT INTO referral_event SELECT id, submitted_idx + 1, 0, version, 'decline', 'REC', recipient, NULL,
        declined_for, false, false FROM referral WHERE declined_for IS NOT NULL;
    ALTER TABLE referral DROP COLUMN declined_for;
    ALTER TABLE consent ADD COLUMN supersedes uuid;
    UPDATE consent SET supersedes = id;
    CREATE TABLE case_aside AS SELECT key, claim_signed_at FROM case_file;
    ALTER TABLE case_file DROP COLUMN claim_signed_at;
    ALTER TABLE delivery DROP COLUMN answered_idx;
    DROP INDEX referral_open;
    CREATE INDEX referral_open ON referral (id)
        WHERE state IN ('AWAITING_CONSENT', 'REQUESTED', 'DELIVERED', 'WAITLISTED');
    DROP INDEX case_with_claim, case_opened_by;
    ALTER TABLE case_file ADD COLUMN referrals integer NOT NULL DEFAULT 2,
                          ADD COLUMN consents integer NOT NULL DEFAULT 1,
                          ADD COLUMN last_accepted bytea DEFAULT '\x00',
                          ADD COLUMN unreferred boolean NOT NULL GENERATED ALWAYS AS (referrals = 0) STORED;
    CREATE INDEX case_without_referral ON case_file (opened_at) WHERE unreferred AND claim IS NOT NULL;
    CREATE INDEX case_without_referral_of ON case_file (opened_by) WHERE unreferred AND claim IS NOT NULL;
    ALTER TABLE case_file SET (fillfactor = 80);
    DELETE FROM schema_migration WHERE name >= '0011';)";

void migrate(World& world) {
    store::Connection owner({.conninfo = world.database().owner()}, {});
    REQUIRE(store::migrate(owner).value() ==
            std::vector<std::string>{"0011_nothing_shared_by_a_case", "0013_events_in_the_log",
                                     "0014_signed_officers", "0015_nothing_kept_of_other_bodies",
                                     "0016_signed_case_orders", "0017_answered_withdrawals"});
    world.as_superuser(
        "UPDATE officer o SET signed_at = a.signed_at, document = a.document FROM officer_aside a "
        "WHERE a.organisation = o.organisation AND a.id = o.id; "
        "INSERT INTO officer_document SELECT * FROM officer_document_aside; "
        "UPDATE case_file c SET claim_signed_at = a.claim_signed_at FROM case_aside a WHERE a.key = c.key");
}

}  // namespace

TEST_CASE("A log of the schema before starts and its cases go on where they stood") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto first = world.refer(woman, world.health, consent);
    (void)world.refer(woman, world.health, consent);
    const auto delivery = world.poll(world.health).front();
    (void)world.acknowledge(world.health, delivery, AckOutcome::taken);
    const auto declined = world.refer(woman, world.health, consent);
    for (const auto& each : world.poll(world.health)) {
        (void)world.must_send(world.health, world.event(world.health, each.pseudonym, world.department,
                                                        declined, ReferralEvent::decline));
    }
    const auto taken_back = world.agree(woman, world.nii,
                                        {.purposes = {Purpose::benefit_claim, Purpose::status_feedback},
                                         .groups = {DataGroup::identity},
                                         .services = {Service::ben_child}});
    (void)world.refer(woman, world.nii, taken_back, Service::ben_child);
    REQUIRE(world.poll(world.nii).size() == 1);
    (void)world.must_send(world.department, world.revocation(world.department, woman, taken_back));
    const auto notice = World::message_in(world.poll(world.nii).front());
    (void)world.must_send(world.nii, world.revocation_acked(world.nii, taken_back, notice));
    world.stop();
    world.as_superuser(kBefore0011);
    migrate(world);
    CHECK(world.count("delivery WHERE revocation AND answered_idx IS NOT NULL") == 1);
    CHECK(world.count("referral WHERE declined_for = 'no-capacity'") == 1);
    CHECK_NOTHROW(world.start());  // every row is held against the leaves
    (void)world.refer(woman, world.health, consent);
    (void)world.open_case(world.department);
    (void)world.must_send(world.department, world.revocation(world.department, woman, consent));
    CHECK(world.standing(first.id).state == ReferralState::withdrawn);
    CHECK(world.count("referral WHERE state = 'WITHDRAWN'") == 4);
    CHECK_NOTHROW(world.restart());
}

TEST_CASE("What joined a case with its last submission is gone from its row once it was migrated") {
    World world;
    for (int n = 0; n < 3; ++n) {
        const auto woman = world.open_case(world.department);
        (void)world.refer(woman, world.health, world.agree(woman, world.health));
    }
    world.stop();
    world.as_superuser(kBefore0011);
    // As each submission left it: one transaction a case.
    world.as_superuser(
        "UPDATE case_file SET referrals = 1 WHERE key = (SELECT key FROM case_file ORDER BY key LIMIT 1)");
    REQUIRE(world.count("(SELECT DISTINCT xmin::text FROM case_file) x") > 1);
    migrate(world);
    CHECK(world.count("(SELECT DISTINCT xmin::text FROM case_file) x") == 1);
    CHECK(world.count("case_file c JOIN message m ON m.xmin::text = c.xmin::text") == 0);
    for (const std::string table : {"case_file", "consent", "referral"}) {
        CHECK(world.count("pg_attribute WHERE attrelid = '" + table + "'::regclass AND attisdropped") == 0);
        CHECK(world.count("(SELECT DISTINCT xmin::text FROM " + table + ") x") == 1);
    }
}

namespace {

// The leaves of this world told again, each as `older` writes it; those of which it says false are left out.
template <class Older>
sequencer::RetoldCases retold(World& world, Older older) {
    sequencer::RetoldCases cases;
    for (tests::Leaf leaf : world.leaves()) {
        if (!older(leaf.record)) continue;
        const auto text = log::leaf_text(leaf.statement, leaf.record);
        REQUIRE(text);
        cases.take(sequencer::Said(leaf.index, *text));
    }
    return cases;
}

std::string_view operation_of(const log::Record& record) {
    return record.operation ? std::string_view(record.operation->text()) : std::string_view();
}

}  // namespace

TEST_CASE("A consent of a log from before names what it replaces in its own leaf") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto first = world.agree(woman, world.health);
    const auto renewed = world.agree(woman, world.health);
    const bool names = GENERATE(true, false);
    const auto cases = retold(world, [&](log::Record& record) {
        if (names && record.consent == renewed && operation_of(record) == "consent.given.v1") {
            record.facts.add("supersedes", first.text());
        }
        return operation_of(record) != "consent.superseded";
    });
    CHECK(cases.consents().at(renewed).consent.state == ConsentState::active);
    CHECK((cases.consents().at(first).consent.state == ConsentState::superseded) == names);
}

TEST_CASE("Which releases a log from before spread is told by a leaf of its own") {
    World world;
    const auto woman = world.open_case(world.department);
    (void)world.refer(woman, world.health, world.agree(woman, world.health));
    (void)world.poll(world.health);
    const std::string delivery = [&] {
        for (const tests::Leaf& leaf : world.leaves()) {
            if (operation_of(leaf.record) == "submit")
                return std::get<log::Word>(*leaf.record.facts.find("delivery")).text();
        }
        return std::string();
    }();
    const Instant at = world.now();
    // It stood behind its batch, here in the place of the release.
    const auto cases = retold(world, [&](log::Record& record) {
        if (record.event != log::RecordEvent::released) return true;
        log::Record spread;
        spread.at = at;
        spread.nonce = record.nonce;
        spread.event = log::RecordEvent::accepted;
        spread.actor_type = log::ActorType::system;
        spread.org = OrganisationId::hub();
        spread.operation = log::Word::of("spread");
        spread.decision = log::Decision::permit;
        spread.facts.add("release_spread_ms", std::int64_t{60'000})
            .add("waits", log::Words{log::Word::of(delivery + ":2147483648")});
        record = spread;
        return true;
    });
    const auto id = DeliveryId::parse(delivery).value();
    CHECK(cases.deliveries().at(id).row.not_before == at + std::chrono::seconds{30});
}

TEST_CASE("An answer to a withdrawal in a log from before names the consent and answers its own notice") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    (void)world.refer(woman, world.health, consent);
    (void)world.poll(world.health);
    (void)world.must_send(world.department, world.revocation(world.department, woman, consent));
    const auto handed = world.poll(world.health);
    (void)world.must_send(world.health,
                          world.revocation_acked(world.health, consent, World::message_in(handed.front())));
    const bool answered = GENERATE(true, false);
    const auto cases = retold(world, [&](log::Record& record) {
        if (operation_of(record) != "consent.revocation-acked.v1") return true;
        record.facts = {};
        return answered;
    });
    std::size_t notices = 0;
    for (const auto& [id, told] : cases.deliveries()) {
        if (!told.row.revocation) continue;
        ++notices;
        CHECK(told.row.answered.has_value() == answered);
    }
    CHECK(notices == 1);
}
