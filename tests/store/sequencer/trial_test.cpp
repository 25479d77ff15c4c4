// What /readyz has the writer do: a signature that promises nothing and a commit that leaves nothing, and
// each way in which a promise could not be kept is found by it.
#include <catch2/catch.hpp>

#include <thread>

#include "audit/log/checkpoint.h"
#include "gateway/sequencer/trial.h"
#include "gateway/store/trial.h"
#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using sequencer::Trial;
using tests::World;

namespace {

log::NoteSigner key_of(log::NoteKeyType type) {
    const auto seed = statement::random_bytes<32>();
    return log::NoteSigner::from_seed(std::string(World::kOrigin), type, seed).value();
}

// A hub's database, and a session of its role as the writer has one.
struct Tried {
    World world;
    log::NoteSigner signer = key_of(log::NoteKeyType::ed25519);

    store::Connection session() {
        return {{.conninfo = world.database().hub()}, sequencer::all_statements()};
    }
    Trial anew() {
        auto writer = session();
        return sequencer::try_promise(signer, writer);
    }
    // For every session that begins from now on.
    void set(const std::string& setting) {
        world.as_superuser("ALTER DATABASE " + world.database().name() + " SET " + setting);
    }
    void reset(const std::string& setting) {
        world.as_superuser("ALTER DATABASE " + world.database().name() + " RESET " + setting);
    }
};

}  // namespace

TEST_CASE("What the log's key signs for a trial is no checkpoint of this log or of any") {
    const auto signer = key_of(log::NoteKeyType::ed25519);
    const std::string text(sequencer::kTrialText);
    const std::string note = log::write(log::Note{text, {signer.sign(text)}});
    REQUIRE(log::parse_note(note));  // it is a note, and signed
    const log::NoteKey key = signer.key();
    REQUIRE(log::verify(*log::parse_note(note), std::span(&key, 1))->size() == 1);
    CHECK_FALSE(log::parse_body(text));
    CHECK_FALSE(log::open_checkpoint(note, key));
}

TEST_CASE("A key that does not sign for the log keeps no promise") {
    Tried it;
    CHECK(it.anew() == Trial::passed);
    it.signer = key_of(log::NoteKeyType::cosignature);
    CHECK(it.anew() == Trial::key_does_not_sign);
}

TEST_CASE("A trial really commits and no table holds anything of it") {
    Tried it;
    auto writer = it.session();
    store::Connection superuser({.conninfo = it.world.database().superuser()}, {});
    superuser.script("CREATE EXTENSION pg_walinspect");
    const auto pages = [&] {
        return superuser
            .query("SELECT sum(pg_relation_size(oid))::bigint FROM pg_class WHERE relkind IN ('r', 'i', 't')")
            .only()
            .bigint(0);
    };
    // Rows of the log as they lie in its pages, dead ones too.
    superuser.script("CREATE EXTENSION pageinspect");
    const auto rows_ever = [&] {
        return superuser
            .query(
                "SELECT count(*) FROM generate_series(0, pg_relation_size('log_entry') / 8192 - 1) page, "
                "heap_page_items(get_raw_page('log_entry', page::integer)) WHERE lp_len > 0")
            .only()
            .bigint(0);
    };
    const auto written = [&](const std::string& since) {
        return superuser
            .query(
                "SELECT count(*) FROM pg_get_wal_records_info($1::pg_lsn, pg_current_wal_flush_lsn()) WHERE "
                "resource_manager = 'LogicalMessage' AND description LIKE '%kesher.trial%'",
                store::Parameters{}.text(since))
            .only()
            .bigint(0);
    };
    const auto now = [&] {
        return std::string(superuser.query("SELECT pg_current_wal_lsn()::text").only().text(0));
    };
    const auto entries = it.world.count("log_entry");
    const auto rows = rows_ever(), size = pages();
    const std::string before = now();
    for (int times = 0; times < 100; ++times) REQUIRE(store::try_commit(writer) == store::Trial::stored);
    CHECK(written(before) >= 100);  // of other tests' hubs too
    CHECK(it.world.count("log_entry") == entries);
    CHECK(rows_ever() == rows);
    CHECK(pages() == size);
    // What it took of memory is given back with it.
    CHECK(writer.query("SELECT current_setting('work_mem') = '64kB'").only().boolean(0) == false);
}

TEST_CASE("A database that is read-only fails the trial and so does a table that may not be written") {
    Tried it;
    it.set("default_transaction_read_only = on");
    CHECK(it.anew() == Trial::takes_no_writes);
    it.reset("default_transaction_read_only");
    CHECK(it.anew() == Trial::passed);
    it.world.as_superuser("REVOKE INSERT ON log_entry FROM kesher_hub");
    CHECK(it.anew() == Trial::takes_no_writes);
    it.world.as_superuser("GRANT INSERT ON log_entry TO kesher_hub");
    CHECK(it.anew() == Trial::passed);
}

// PostgreSQL's own limit stands in for a full disk: either refuses the page.
TEST_CASE("A database without room fails the trial") {
    Tried it;
    it.set("temp_file_limit = 0");
    CHECK(it.anew() == Trial::has_no_room);
    it.reset("temp_file_limit");
    CHECK(it.anew() == Trial::passed);
}

TEST_CASE("A trial that waits for another's lock on the log is given up as a commit would be") {
    Tried it;
    store::Connection writer({.conninfo = it.world.database().hub(), .answer_within = 200ms},
                             sequencer::all_statements());
    store::Connection holding({.conninfo = it.world.database().superuser()}, {});
    holding.script("BEGIN");
    holding.script("LOCK TABLE log_entry IN SHARE MODE");
    CHECK_THROWS_AS(sequencer::try_promise(it.signer, writer), store::DatabaseLost);
}

TEST_CASE("The writer's trial passes with a new session where the server ended the old one") {
    World world;
    CHECK(world.hub().trial() == Trial::passed);
    world.as_superuser(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'kesher_hub' AND "
        "datname = current_database()");
    CHECK(world.hub().trial() == Trial::passed);
    // So that nobody who sends finds that the old one has ended.
    CHECK_NOTHROW(world.open_case(world.department));
}

TEST_CASE("In a database that takes no writes nothing is decided until it takes them again") {
    Tried it;
    World& world = it.world;
    const auto woman = world.open_case(world.department);
    const auto said = world.department.sign(
        world.consent(world.department, woman, world.health, keys::new_id<ConsentId>()));
    const auto entries = world.count("log_entry");
    it.set("default_transaction_read_only = on");
    world.lose_session();
    CHECK(world.send(world.department, said).code == Code::unavailable);  // its session is lost
    for (int times = 0; times < 2; ++times) {
        CHECK(world.send(world.department, said).code == Code::unavailable);
        CHECK(world.hub().trial() == Trial::takes_no_writes);
    }
    CHECK(world.count("log_entry") == entries);
    it.reset("default_transaction_read_only");
    // Nobody asks anything of it meanwhile.
    for (int times = 0; times < 100 && world.hub().trial() != Trial::passed; ++times)
        std::this_thread::sleep_for(100ms);
    CHECK(world.hub().trial() == Trial::passed);
    const auto answer = world.send(world.department, said);
    CHECK_FALSE(answer.code);
    CHECK_FALSE(answer.repeated);
}

TEST_CASE("A right that the writer loses while it runs is found by the trial and by no message") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto said = world.department.sign(
        world.consent(world.department, woman, world.health, keys::new_id<ConsentId>()));
    world.as_superuser("REVOKE INSERT ON log_entry FROM kesher_hub");
    CHECK(world.hub().trial() == Trial::takes_no_writes);
    CHECK(world.send(world.department, said).code == Code::unavailable);  // and not a fault of ours
    world.as_superuser("GRANT INSERT ON log_entry TO kesher_hub");
    CHECK_FALSE(world.send(world.department, said).code);
    CHECK(world.hub().trial() == Trial::passed);
}

TEST_CASE("In a database without room what fits is still decided") {
    Tried it;
    World& world = it.world;
    it.set("temp_file_limit = 0");
    world.restart();
    CHECK(world.hub().trial() == Trial::has_no_room);
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    (void)world.must_send(world.department, world.revocation(world.department, woman, consent));
    CHECK(world.hub().trial() == Trial::has_no_room);
}
