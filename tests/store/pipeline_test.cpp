// A pipeline is stored as a whole or not at all, says which, and never hangs.
// Method: one table of words, a second session to look and to interfere.
#include <catch2/catch.hpp>
#include <thread>

#include "gateway/store/pipeline.h"
#include "tests/support/postgres.h"

using namespace kesher;
using namespace kesher::store;
using namespace std::chrono_literals;

namespace {

constexpr Statement kStore{"store_word", "INSERT INTO word (id, text) VALUES ($1, $2)"};
constexpr Statement kStoreMany{"store_words",
                               "INSERT INTO word (id, text) SELECT * FROM unnest($1::bigint[], $2::text[])"};
constexpr Statement kStoreLink{"store_link", "INSERT INTO link (id, word) VALUES ($1, $2)"};
constexpr Statement kRead{"read_words", "SELECT id, text FROM word ORDER BY id"};
constexpr Statement kDivide{"divide", "SELECT 10 / $1::bigint"};
constexpr Statement kSleep{"sleep", "SELECT pg_sleep($1::bigint)::text"};
constexpr Statement kEcho{"echo", "SELECT $1::bytea"};
constexpr Statement kWarn{"warn", "SELECT warn()"};
constexpr Statement kNotice{"notice", "SELECT notice()"};
constexpr Statement kEndSelf{"end_self", "SELECT pg_terminate_backend(pg_backend_pid())"};
constexpr Statement kAll[] = {kStore, kStoreMany, kStoreLink, kRead,   kDivide,
                              kSleep, kEcho,      kWarn,      kNotice, kEndSelf};

constexpr std::string_view kSchema = R"(
    CREATE TABLE word (id bigint PRIMARY KEY, text text NOT NULL);
    CREATE TABLE link (id bigint PRIMARY KEY,
                       word bigint CONSTRAINT link_word REFERENCES word DEFERRABLE INITIALLY DEFERRED);
    CREATE FUNCTION warn() RETURNS bigint LANGUAGE plpgsql AS
        $$BEGIN RAISE WARNING 'waiting for the standby was canceled'; RETURN 1; END$$;
    CREATE FUNCTION notice() RETURNS bigint LANGUAGE plpgsql AS
        $$BEGIN RAISE NOTICE 'all is well'; RETURN 1; END$$;)";

class Words {
public:
    Words() : watcher_({.conninfo = database_.superuser()}, {}) {
        watcher_.script(kSchema);
        reconnect(10s);
    }
    void reconnect(std::chrono::milliseconds answer_within) {
        connection_.emplace(ConnectionSettings{database_.superuser(), answer_within}, kAll);
    }
    Connection& connection() { return *connection_; }
    Connection& watcher() { return watcher_; }
    std::int64_t stored() { return watcher_.query("SELECT count(*) FROM word").only().bigint(0); }
    // Ends the other session's backend once it is busy with `statement`.
    std::thread end_backend_when_busy() {
        return std::thread([conninfo = database_.superuser(), pid = connection_->backend_pid()] {
            Connection killer({.conninfo = conninfo}, {});
            const Parameters who = std::move(Parameters{}.integer(pid));
            while (
                killer
                    .query("SELECT FROM pg_stat_activity WHERE pid = $1::integer AND wait_event = 'PgSleep'",
                           who)
                    .empty()) {
                std::this_thread::sleep_for(5ms);
            }
            (void)killer.query("SELECT pg_terminate_backend($1::integer)", who);
        });
    }

private:
    tests::FreshDatabase database_;
    Connection watcher_;
    std::optional<Connection> connection_;
};

Parameters word(std::int64_t id, std::string_view text) {
    return std::move(Parameters{}.bigint(id).text(text));
}
Parameters one(std::int64_t value) { return std::move(Parameters{}.bigint(value)); }

bool can_store(Words& words, std::int64_t id) {
    Pipeline batch(words.connection());
    batch.add(kStore, word(id, "after"));
    return std::holds_alternative<Replies>(batch.run());
}

contract::Bytes megabytes(std::size_t count) { return contract::Bytes(count * 1024 * 1024, 0xA5); }

}  // namespace

TEST_CASE("Statements of one pipeline are stored together and answer in their places") {
    Words words;
    Pipeline batch(words.connection());
    const Position first = batch.add(kStore, word(1, "one"));
    batch.add(kStore, word(2, "two"));
    const Position read = batch.add(kRead);
    const Outcome outcome = batch.run();
    REQUIRE(std::holds_alternative<Replies>(outcome));
    const Replies& replies = std::get<Replies>(outcome);
    CHECK(replies.size() == 3);
    CHECK(replies[first].affected() == 1);
    REQUIRE(replies[read].size() == 2);
    CHECK(replies[read][1].text(1) == "two");
    CHECK(words.stored() == 2);
}

TEST_CASE("A duplicate key undoes the whole pipeline and names the culprit") {
    Words words;
    REQUIRE(can_store(words, 7));
    Pipeline batch(words.connection());
    batch.add(kStore, word(1, "one"));
    batch.add(kDivide, one(2));
    BigintColumn ids;
    TextColumn texts;
    for (const std::int64_t id : {6, 7, 8}) {
        ids.add(id);
        texts.add("again");
    }
    batch.add(kStoreMany, std::move(Parameters{}.column(ids).column(texts)));
    batch.add(kStore, word(9, "nine"));
    const Outcome outcome = batch.run();
    REQUIRE(std::holds_alternative<Refused>(outcome));
    CHECK(std::get<Refused>(outcome).statement == "store_words");
    CHECK(std::get<Refused>(outcome).sqlstate == "23505");
    CHECK(std::get<Refused>(outcome).constraint == "word_pkey");
    CHECK(words.stored() == 1);
}

TEST_CASE("After a refusal the same connection stores the next pipeline") {
    Words words;
    Pipeline refused(words.connection());
    refused.add(kStore, word(1, "one"));
    refused.add(kDivide, one(0));
    const Outcome outcome = refused.run();
    REQUIRE(std::holds_alternative<Refused>(outcome));
    CHECK(std::get<Refused>(outcome).statement == "divide");
    CHECK(std::get<Refused>(outcome).sqlstate == "22012");
    CHECK(words.connection().usable());
    CHECK(can_store(words, 1));
    CHECK(words.connection().execute(kRead).size() == 1);
    CHECK(words.stored() == 1);
}

TEST_CASE("A constraint that is checked at the commit refuses the whole pipeline") {
    Words words;
    Pipeline batch(words.connection());
    batch.add(kStore, word(1, "one"));
    batch.add(kStoreLink, std::move(Parameters{}.bigint(1).bigint(99)));
    const Outcome outcome = batch.run();
    REQUIRE(std::holds_alternative<Refused>(outcome));
    CHECK(std::get<Refused>(outcome).statement == "commit");
    CHECK(std::get<Refused>(outcome).sqlstate == "23503");
    CHECK(std::get<Refused>(outcome).constraint == "link_word");
    CHECK(words.stored() == 0);
    CHECK(can_store(words, 2));
}

TEST_CASE("A backend that is ended in the middle is a doubt, not a wait without end") {
    Words words;
    words.reconnect(1h);  // no deadline of ours ends this wait: the end of the backend does
    std::thread killer = words.end_backend_when_busy();
    Pipeline batch(words.connection());
    batch.add(kStore, word(1, "one"));
    batch.add(kSleep, one(3'600));
    batch.add(kStore, word(2, "two"));
    const Outcome outcome = batch.run();
    killer.join();
    CHECK(std::holds_alternative<Doubt>(outcome));
    CHECK_FALSE(words.connection().usable());
    CHECK_THROWS_AS(words.connection().execute(kRead), DatabaseLost);
    CHECK(words.stored() == 0);
}

TEST_CASE("A backend that ends itself as the last statement is a doubt") {
    Words words;
    Pipeline batch(words.connection());
    batch.add(kStore, word(1, "one"));
    batch.add(kEndSelf);
    CHECK(std::holds_alternative<Doubt>(batch.run()));
    CHECK_FALSE(words.connection().usable());
}

TEST_CASE("A backend that was ended between two pipelines is a doubt in the next") {
    Words words;
    (void)words.watcher().query("SELECT pg_terminate_backend($1::integer, 5000)",
                                Parameters{}.integer(words.connection().backend_pid()));
    Pipeline batch(words.connection());
    batch.add(kStore, word(1, "one"));
    CHECK(std::holds_alternative<Doubt>(batch.run()));
    CHECK(words.stored() == 0);
}

TEST_CASE("An answer that does not come in time is a doubt and the server gives the work up") {
    Words words;
    words.reconnect(300ms);
    const int pid = words.connection().backend_pid();
    Pipeline batch(words.connection());
    batch.add(kStore, word(1, "one"));
    batch.add(kSleep, one(60));  // whoever waited for it would be told that all is stored
    CHECK(std::holds_alternative<Doubt>(batch.run()));
    CHECK_FALSE(words.connection().usable());
    const Parameters who = std::move(Parameters{}.integer(pid));
    const auto given_up = [&] {
        return words.watcher().query("SELECT FROM pg_stat_activity WHERE pid = $1::integer", who).empty();
    };
    for (int tries = 0; tries < 200 && !given_up(); ++tries) std::this_thread::sleep_for(50ms);
    CHECK(given_up());
    CHECK(words.stored() == 0);
}

TEST_CASE("A call alone that is not answered in time throws and ends the session") {
    Words words;
    words.reconnect(200ms);
    CHECK_THROWS_AS(words.connection().execute(kSleep, one(60)), DatabaseLost);
    CHECK_FALSE(words.connection().usable());
    CHECK(words.connection().backend_pid() == 0);
}

TEST_CASE("A WARNING is a doubt although everything was answered") {
    Words words;
    Pipeline batch(words.connection());
    batch.add(kStore, word(1, "one"));
    batch.add(kWarn);
    const Outcome outcome = batch.run();
    REQUIRE(std::holds_alternative<Doubt>(outcome));
    CHECK(std::get<Doubt>(outcome).reason == "WARNING 01000 before the commit");
    CHECK_FALSE(words.connection().usable());
    CHECK(words.stored() == 1);  // why nobody may answer "not stored" after a doubt
}

TEST_CASE("A WARNING is a doubt for a call alone too") {
    Words words;
    CHECK_THROWS_AS(words.connection().execute(kWarn), DatabaseLost);
    CHECK_FALSE(words.connection().usable());
}

TEST_CASE("A NOTICE is no doubt") {
    Words words;
    words.connection().script("SET client_min_messages TO notice");
    Pipeline batch(words.connection());
    batch.add(kNotice);
    CHECK(std::holds_alternative<Replies>(batch.run()));
}

TEST_CASE("A WARNING cannot be hidden by the settings of the role") {
    tests::FreshDatabase database;
    Connection superuser({.conninfo = database.superuser()}, {});
    superuser.script(kSchema);
    superuser.script("ALTER DATABASE " + database.name() + " SET client_min_messages TO error");
    Connection connection({.conninfo = database.superuser()}, kAll);
    Pipeline batch(connection);
    batch.add(kWarn);
    CHECK(std::holds_alternative<Doubt>(batch.run()));
}

TEST_CASE("Megabytes in both directions at once do not lock the link up") {
    Words words;
    Pipeline batch(words.connection());
    std::vector<Position> echoes;
    for (int count = 0; count < 4; ++count)
        echoes.push_back(batch.add(kEcho, std::move(Parameters{}.bytes(megabytes(6)))));
    const Outcome outcome = batch.run();
    REQUIRE(std::holds_alternative<Replies>(outcome));
    for (const Position echo : echoes) {
        CHECK(std::get<Replies>(outcome)[echo].only().bytes(0) == megabytes(6));
    }
}

TEST_CASE("Sixty-four statements run in one pipeline and a sixty-fifth is our own fault") {
    Words words;
    Pipeline batch(words.connection());
    for (std::int64_t id = 1; id <= 64; ++id) batch.add(kStore, word(id, "word"));
    CHECK_THROWS_AS(batch.add(kStore, word(65, "word")), std::logic_error);
    CHECK(std::holds_alternative<Replies>(batch.run()));
    CHECK(words.stored() == 64);
}

TEST_CASE("A pipeline runs once") {
    Words words;
    Pipeline batch(words.connection());
    batch.add(kStore, word(1, "one"));
    CHECK(std::holds_alternative<Replies>(batch.run()));
    CHECK_THROWS_AS(batch.run(), std::logic_error);
    CHECK_THROWS_AS(batch.add(kRead), std::logic_error);
    CHECK(words.stored() == 1);
}

TEST_CASE("An empty pipeline asks the server nothing") {
    Words words;
    Pipeline batch(words.connection());
    const Outcome outcome = batch.run();
    REQUIRE(std::holds_alternative<Replies>(outcome));
    CHECK(std::get<Replies>(outcome).size() == 0);
}
