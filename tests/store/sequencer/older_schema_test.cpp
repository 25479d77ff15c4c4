// A log that was stored under an older schema starts under this one, with every row as the leaves tell it.
#include <catch2/catch.hpp>

#include "gateway/store/migrator.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using tests::World;

namespace {

// The tables as 0010 left them, with what a hub of then wrote into its cases' rows and on each event.
// Officers were not signed then: what the test's own are is laid aside, because the log speaks of it.
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
        "INSERT INTO officer_document SELECT * FROM officer_document_aside");
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
    world.stop();
    world.as_superuser(kBefore0011);
    migrate(world);
    CHECK(world.count("referral WHERE declined_for = 'no-capacity'") == 1);
    CHECK_NOTHROW(world.start());  // every row is held against the leaves
    (void)world.refer(woman, world.health, consent);
    (void)world.open_case(world.department);
    (void)world.must_send(world.department, world.revocation(world.department, woman, consent));
    CHECK(world.standing(first.id).state == ReferralState::withdrawn);
    CHECK(world.count("referral WHERE state = 'WITHDRAWN'") == 3);
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
    CHECK(world.count("pg_attribute WHERE attrelid = 'case_file'::regclass AND attisdropped") == 0);
}
