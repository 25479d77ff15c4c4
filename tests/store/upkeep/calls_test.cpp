// The calls of people and witnesses as they are answered, and the hub's own jobs as the operator sees them.
#include <catch2/catch.hpp>

#include <thread>

#include "audit/log/note.h"
#include "audit/log/receipt.h"
#include "gateway/app/upkeep_jobs.h"
#include "gateway/http/inbox.h"
#include "gateway/http/log.h"
#include "gateway/http/messages.h"
#include "gateway/http/people.h"
#include "gateway/http/readiness.h"
#include "schemas/codec/records.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/hash.h"
#include "tests/store/upkeep/asked.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::code_of;
using tests::World;

namespace {

struct Called : tests::Asked {
    edge::Response access(const tests::Body& body, std::vector<std::pair<std::string, std::string>> query) {
        edge::Request request{.method = "GET", .route = "/v1/access"};
        request.query = std::move(query);
        return http::get_access(rooms, caller(body), request);
    }
    edge::Response offer(const tests::Body& body, std::vector<std::pair<std::string, std::string>> query) {
        edge::Request request{.method = "GET", .route = "/log/add-checkpoint"};
        request.query = std::move(query);
        return http::get_add_checkpoint(rooms, caller(body), request);
    }
    edge::Response cosign(const tests::Body& body, const std::string& lines) {
        edge::Request request{.method = "POST", .route = "/log/cosignatures"};
        request.body.assign(lines.begin(), lines.end());
        return http::post_cosignatures(rooms, caller(body), request);
    }
    edge::Response receipt(const tests::Body& body, const std::string& index) {
        edge::Request request{.method = "GET", .route = "/log/receipts/{index}"};
        request.captures = {{"index", index}};
        return http::get_receipt(rooms, caller(body), request);
    }
    edge::Response tile(const tests::Body& body, const std::string& path) {
        edge::Request request{.method = "GET", .route = "/log/tile/{tile*}"};
        request.captures = {{"tile", path}};
        return http::get_tile(rooms, caller(body), request);
    }
    // The index of the leaf that opened a case for the department.
    std::string index_of_case() {
        (void)world.open_case(world.department);
        return std::to_string(number(world.leaves().back().index));
    }
    void admit_sessions(bool admitted) {
        world.as_superuser("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT " +
                           std::string(admitted ? "-1" : "0") + "', current_database()); END $$");
    }
    void lose_connections() {
        world.as_superuser(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'kesher_hub' AND "
            "datname = current_database()");
    }
};

bool holds(const edge::Response& response, std::string_view text) {
    return response.body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("A question to the access log that is not of the form is refused") {
    Called it;
    CHECK(it.access(it.world.department, {}).status == 200);
    CHECK(it.access(it.world.department, {{"before", "7"}}).status == 200);
    CHECK(it.access(it.world.department, {{"before", "07"}}).status == 422);
    CHECK(it.access(it.world.department, {{"officer", "000000018"}}).status == 422);
    CHECK(it.access(it.world.department, {{"subject", "her name"}}).status == 422);
    CHECK(it.access(it.world.department, {{"name", "x"}}).status == 422);
    CHECK(it.access(it.world.department, {{"before", "7"}, {"before", "7"}}).status == 422);
    CHECK(it.access(it.world.department, {{"org", "nii"}}).status == 404);
}

TEST_CASE("A meeting goes into a calendar as it was asked and under the same number each time") {
    Called it;
    const auto ask = [&](std::vector<std::pair<std::string, std::string>> query) {
        edge::Request request{.method = "GET", .route = "/v1/agenda/meeting"};
        request.query = std::move(query);
        return http::get_agenda_meeting(it.rooms, it.caller(it.world.department), request);
    };
    const auto leaves = it.world.count("log_entry");
    const edge::Response once = ask({{"start", "2026-12-01T09:30"}, {"minutes", "90"}});
    CHECK(once.status == 200);
    CHECK(holds(once, "DTSTART;TZID=Asia/Jerusalem:20261201T093000"));
    CHECK(holds(once, "DTEND;TZID=Asia/Jerusalem:20261201T110000"));
    CHECK(ask({{"start", "2026-12-01T09:30"}, {"minutes", "90"}}).body == once.body);
    CHECK(it.world.count("log_entry") == leaves);
    CHECK(ask({{"start", "2026-12-01T24:00"}, {"minutes", "90"}}).status == 422);
    CHECK(ask({{"start", "2026-02-30T09:30"}, {"minutes", "90"}}).status == 422);
    CHECK(ask({{"start", "2026-12-01T09:3x"}, {"minutes", "90"}}).status == 422);
    CHECK(ask({{"start", "2026-12-01T09:30"}, {"minutes", "4"}}).status == 422);
    CHECK(ask({{"start", "2026-12-01T09:30"}, {"minutes", "721"}}).status == 422);
    CHECK(ask({{"start", "2026-12-01T09:30"}}).status == 422);
}

TEST_CASE("A witness asks with the size it signed and with nothing else") {
    Called it;
    CHECK(it.offer(it.world.health, {{"old", "0"}}).status == 200);
    CHECK(it.offer(it.world.health, {}).status == 422);
    CHECK(it.offer(it.world.health, {{"old", "-1"}}).status == 422);
    CHECK(it.offer(it.world.health, {{"old", "0"}, {"x", "1"}}).status == 422);
    CHECK(it.offer(it.world.health, {{"old", "99999"}}).status == 409);
}

TEST_CASE("A cosignature that does not hold is counted and one that holds is kept") {
    Called it;
    const std::string body = it.offer(it.world.health, {{"old", "0"}}).body;
    const std::string note = body.substr(body.find("\n\n") + 2);
    const auto text = log::parse_note(note).value().text;
    const auto at = std::chrono::floor<std::chrono::seconds>(it.world.now());
    const auto line_of = [&](const tests::Body& witness) {
        return log::write(witness.witness(std::string(World::kHub)).cosign(text, at));
    };
    CHECK(it.cosign(it.world.health, line_of(it.world.nii)).status == 401);
    CHECK(it.world.refusals().take(it.world.now(), true).size() == 1);
    CHECK(it.cosign(it.world.health, "not a line").status == 422);
    const auto kept = it.cosign(it.world.health, line_of(it.world.health));
    CHECK(kept.status == 200);
    CHECK(holds(kept, "\"first\":true"));
    CHECK(it.world.refusals().take(it.world.now(), true).empty());
}

TEST_CASE("A receipt is for all and its leaf for whom it is about") {
    Called it;
    const std::string index = it.index_of_case();
    const auto before = it.world.leaves().size();
    CHECK(holds(it.receipt(it.world.department, index), "\"leaf\""));
    const auto foreign = it.receipt(it.world.nii, index);
    CHECK(foreign.status == 200);
    CHECK_FALSE(holds(foreign, "\"leaf\""));
    CHECK(it.receipt(it.world.nii, "999999").status == 404);
    CHECK(it.receipt(it.world.nii, "01").status == 404);
    CHECK(it.world.leaves().size() == before);
}

TEST_CASE("An auditor reads leaves and entries of others and each reading has its leaf") {
    Called before;
    CHECK(before.tile(before.world.housing, "entries/000.p/4").status == 404);
    World& world = before.world;
    tests::Body body(OrganisationId::parse("auditor").value(), OrganisationKind::auditor, world.now());
    world.enrol(body);
    const std::string index = before.index_of_case();
    const auto auditor = before.caller(body);
    edge::Request request{.method = "GET", .route = "/log/receipts/{index}"};
    request.captures = {{"index", index}};
    CHECK(holds(http::get_receipt(before.rooms, auditor, request), "\"leaf\""));
    const auto first = world.leaves().back().record;
    CHECK(first.event == log::RecordEvent::read);
    CHECK(first.actor_type == log::ActorType::auditor);
    CHECK(first.scope->rows == 1U);
    edge::Request entries{.method = "GET", .route = "/log/tile/{tile*}"};
    entries.captures = {{"tile", "entries/000.p/4"}};
    CHECK(http::get_tile(before.rooms, auditor, entries).status == 200);
    CHECK(world.leaves().back().record.scope->rows == 4U);
}

TEST_CASE("Whoever holds another certificate of a body takes none of its polls") {
    Called it;
    const auto poll = [&](const identity::Caller& caller) {
        return http::get_inbox(it.rooms, caller, {.method = "GET", .route = "/v1/inbox"}).status;
    };
    const identity::Caller adapter = it.caller(it.world.health);
    identity::Caller other = adapter;
    other.certificate = statement::sha256("another certificate");
    const auto first = it.arrivals.begin(other.certificate);
    auto second = it.arrivals.begin(other.certificate);
    REQUIRE(second);
    CHECK(poll(other) == 429);
    CHECK(poll(adapter) == 204);
    second.reset();
    CHECK(poll(other) == 204);
}

namespace {

// A referral was handed to the health service, which has not acknowledged it.
struct Handed : Called {
    codec::Delivery delivery = handed();
    statement::Acks taken{
        std::string(World::kOrigin),
        {{delivery.delivery, log::parse_receipt(delivery.receipt).value().index, AckOutcome::taken, {}}}};

    Handed() { taken.acks[0].native = statement::sha256("receipt of the native system"); }
    codec::Delivery handed() {
        const auto woman = world.open_case(world.department);
        (void)world.refer(woman, world.health, world.agree(woman, world.health));
        return world.poll(world.health).at(0);
    }
    std::optional<Instant> signed_at{};
    edge::Response acknowledge() {
        const std::string jws = world.health.sign(taken, signed_at.value_or(world.now()));
        edge::Request request{.method = "POST", .route = "/v1/inbox/acks"};
        request.body.assign(jws.begin(), jws.end());
        return http::post_acks(rooms, caller(world.health), request);
    }
    bool is_taken() { return world.count("delivery WHERE state = 'taken'") == 1; }
    // Refused by this code; it is counted for the health service, and nothing else is known of it.
    void check_only_counted(Code code) {
        const auto before = world.count("log_entry");
        const edge::Response answer = acknowledge();
        CHECK(answer.status == 401);
        CHECK(code_of(answer) == text(code));
        CHECK_FALSE(is_taken());
        CHECK(world.count("log_entry") == before);
        const auto counted = world.refusals().take(world.now(), true);
        REQUIRE(counted.size() == 1);
        CHECK(counted[0].organisation == world.health.id());
        CHECK(counted[0].code == code);
    }
    void check_taken() {
        const edge::Response answer = acknowledge();
        CHECK(answer.status == 200);
        CHECK(holds(answer, "\"receipt\""));
        CHECK(is_taken());
    }
    // Its keys on a list that ends while their certificates are still good; the list's last instant.
    Instant publish_keys_for(std::chrono::days time) {
        const Instant as_of = world.now() + time - std::chrono::days{60};
        const auto keys = world.health.key_list(2, {world.health.signer().certificate()},
                                                {world.health.sealing_certificate()}, as_of);
        const auto put = std::make_shared<identity::PutKeys>(identity::Asker{world.health.id(), {}}, keys);
        REQUIRE_FALSE(world.hub().run(put).code);
        return world.hub().registry()->find(world.health.id())->keys->not_after;
    }
};

}  // namespace

TEST_CASE("Acknowledgements for another hub's log are refused and this log's are taken") {
    Handed it;
    it.taken.log = "other." + it.taken.log;
    it.check_only_counted(Code::wrong_log);
    it.taken.log = World::kOrigin;
    it.check_taken();
}

TEST_CASE("Acknowledgements are handed in within three days of their day and the hub's time is told") {
    Handed it;
    const Instant day = start_of(it.world.today());
    it.signed_at = day;
    SECTION("three days and a moment late") {
        it.world.set_clock(day + limits::kStatementAgeMax + 1ms);
        it.check_only_counted(Code::clock_skew);
        it.world.set_clock(it.world.now() - 1ms);
        it.check_taken();
    }
    SECTION("of tomorrow, by a clock more than five minutes ahead") {
        it.signed_at = day + std::chrono::days{1};
        it.world.set_clock(*it.signed_at - limits::kClockAhead - 1ms);
        it.check_only_counted(Code::clock_skew);
        it.world.pass(1ms);
        it.check_taken();
    }
    SECTION("the refusal says what time it is") {
        it.signed_at = day - std::chrono::days{400};
        const edge::Response answer = it.acknowledge();
        CHECK(code_of(answer) == "clock_skew");
        CHECK(holds(answer, "\"at\":\"" + text(it.world.now()) + "\""));
    }
}

TEST_CASE("One signed document sent over and over fills no log and holds nothing longer") {
    Handed it;
    it.taken.acks[0].outcome = AckOutcome::held;
    it.taken.acks[0].native.reset();
    const edge::Response first = it.acknowledge();
    REQUIRE(first.status == 200);
    const auto until = [&] {
        return it.world.count("delivery WHERE state = 'held' AND lease_until = " +
                              std::to_string((it.world.now() + 72h).time_since_epoch().count()));
    };
    REQUIRE(until() == 1);
    const auto leaves = it.world.count("log_entry");
    for (int n = 0; n < 5; ++n) {
        const edge::Response again = it.acknowledge();
        CHECK(again.status == 200);
        CHECK(holds(again, "\"receipt\""));
    }
    CHECK(it.world.count("log_entry") == leaves);
    CHECK(until() == 1);
    it.world.pass(1h);
    CHECK(it.acknowledge().status == 200);
    CHECK(until() == 0);
    CHECK(it.world.count("log_entry") == leaves);
}

TEST_CASE("Acknowledgements count in the last instant of their body's key list and not after it") {
    Handed it;
    const Instant last = it.publish_keys_for(std::chrono::days{30});
    REQUIRE(last > it.world.now());
    REQUIRE(it.world.health.signer().certificate().valid_at(last + 1ms));
    SECTION("in its last instant") {
        it.world.set_clock(last);
        it.check_taken();
    }
    SECTION("a millisecond later") {
        it.world.set_clock(last + 1ms);
        it.check_only_counted(Code::certificate_unknown);
    }
}

TEST_CASE("A message of the wrong day is told the hub's time and one of the right day is taken") {
    Called it;
    const auto woman = it.world.open_case(it.world.department);
    const auto consent = it.world.agree(woman, it.world.health);
    const auto send = [&](std::chrono::days away) {
        tests::Message message = it.world.referral(it.world.department, woman, it.world.health,
                                                   {keys::new_id<ReferralId>(), consent});
        message.iat += away;
        const Bytes bytes = codec::encode(it.world.department.sign(message));
        edge::Request request{.method = "POST", .route = "/v1/messages"};
        request.body.assign(bytes.begin(), bytes.end());
        return http::post_messages(it.rooms, it.caller(it.world.department), request);
    };
    it.world.pass(1h);  // the hub's time is another than that of its last decision
    for (const int days : {-4, +1}) {
        const edge::Response answer = send(std::chrono::days{days});
        CHECK(answer.status == 401);
        CHECK(code_of(answer) == "clock_skew");
        const auto problem = tests::read_answer(answer);
        const json::Value* at = problem.find("at");
        REQUIRE(at != nullptr);
        CHECK(*at->text() == text(it.world.now()));
        CHECK(problem.find("receipt") == nullptr);
    }
    CHECK(send(std::chrono::days{0}).status == 201);
}

TEST_CASE("Readiness is what was really done and it ends with the database") {
    Called it;
    telemetry::Metrics metrics;
    http::Readiness readiness(it.rooms, metrics);
    const auto before = it.world.leaves().size();
    const auto good = readiness.answer();
    CHECK(good.status == 200);
    CHECK(good.body.starts_with("ready\n"));
    CHECK(holds(good, "clock doubtful\n"));
    CHECK(holds(good, "\nunwitnessed for "));
    CHECK(it.world.leaves().size() == before);
    it.admit_sessions(false);
    it.lose_connections();
    CHECK(readiness.answer().status == 200);  // asked again within five seconds
    CHECK(http::Readiness(it.rooms, metrics).answer().status == 503);
}

TEST_CASE("A database that takes no writes makes the hub unready until it takes them again") {
    Called it;
    telemetry::Metrics metrics;
    const auto ask = [&] { return http::Readiness(it.rooms, metrics).answer(); };
    const std::string database = "ALTER DATABASE " + it.world.database().name();
    REQUIRE(ask().status == 200);
    it.world.as_superuser(database + " SET default_transaction_read_only = on");
    it.lose_connections();
    const auto refused = ask();
    CHECK(refused.status == 503);
    CHECK(refused.body.starts_with("not ready: the database takes no writes\n"));
    it.world.as_superuser(database + " RESET default_transaction_read_only");
    it.lose_connections();
    // Without a message that would wake it, and without a new start.
    for (int times = 0; times < 100 && ask().status != 200; ++times) std::this_thread::sleep_for(100ms);
    CHECK(ask().body.starts_with("ready\n"));
}

TEST_CASE("A database without room makes the hub unready before a message finds it") {
    Called it;
    telemetry::Metrics metrics;
    it.world.as_superuser("ALTER DATABASE " + it.world.database().name() + " SET temp_file_limit = 0");
    it.lose_connections();
    const auto refused = http::Readiness(it.rooms, metrics).answer();
    CHECK(refused.status == 503);
    CHECK(refused.body.starts_with("not ready: the database has no room\n"));
}

TEST_CASE("Whoever asks of readiness over and over has the hub try it once in five seconds") {
    Called it;
    telemetry::Metrics metrics;
    http::Readiness readiness(it.rooms, metrics);
    REQUIRE(readiness.answer().status == 200);
    it.world.as_superuser("REVOKE INSERT ON log_entry FROM kesher_hub");
    for (int times = 0; times < 50; ++times) CHECK(readiness.answer().status == 200);
    CHECK(http::Readiness(it.rooms, metrics).answer().status == 503);  // who asks for the first time
    it.world.as_superuser("GRANT INSERT ON log_entry TO kesher_hub");
}

TEST_CASE("What was not handed over yet is answered like what there is not") {
    Called it;
    const auto woman = it.world.open_case(it.world.department);
    const tests::Referred referred{keys::new_id<ReferralId>(), it.world.agree(woman, it.world.health)};
    const auto submitted = it.world.referral(it.world.department, woman, it.world.health, referred);
    (void)it.world.must_send(it.world.department, submitted);
    const auto same = [](const edge::Response& one, const edge::Response& other) {
        return one.status == other.status && one.content_type == other.content_type && one.body == other.body;
    };
    const auto no_referral = it.referral(it.world.health, keys::new_id<ReferralId>());
    const auto no_message = it.message(it.world.health, keys::new_id<MessageId>());
    CHECK(no_referral.status == 404);
    CHECK(no_message.status == 404);
    CHECK(same(it.referral(it.world.health, referred.id), no_referral));
    CHECK(same(it.message(it.world.health, submitted.says.id), no_message));
    REQUIRE(it.world.poll(it.world.health).size() == 1);
    CHECK(it.referral(it.world.health, referred.id).status == 200);
    CHECK(it.message(it.world.health, submitted.says.id).status == 200);
}

TEST_CASE("A checkpoint that was changed in the database makes the hub unready") {
    Called it;
    telemetry::Metrics metrics;
    it.world.as_superuser(
        "UPDATE log_checkpoint SET note = replace(note, 'hub.example/log', 'hub.example/lox')");
    const auto answer = http::Readiness(it.rooms, metrics).answer();
    CHECK(answer.status == 503);
    CHECK(holds(answer, "the last checkpoint does not verify"));
}

TEST_CASE("The hub's jobs say once that the witnesses do not see its time and work when they do") {
    Called it;
    (void)it.world.open_case(it.world.department);
    telemetry::Metrics metrics;
    std::vector<std::string> lines;
    telemetry::Log log(telemetry::Level::info, [&](std::string_view line) { lines.emplace_back(line); });
    app::UpkeepJobs jobs(it.rooms, log, metrics);
    it.world.pass(25h);
    jobs.run_once();
    jobs.run_once();
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("\"clock\"") != std::string::npos);
    CHECK(lines[0].find("\"agreed\":false") != std::string::npos);
    // Nobody has signed the log yet, whose first entry is as old as this world.
    CHECK(metrics.gauge("kesher_unwitnessed_seconds", "As it was registered.").value() >= 25 * 3600);
    CHECK(metrics.counter("kesher_cases_lapsed_total", "Cases without a referral that lapsed.").value() == 0);
    for (const auto* body : {&it.world.health, &it.world.nii, &it.world.housing}) {
        it.clock.heard(body->id(), std::chrono::floor<std::chrono::seconds>(it.world.now()));
    }
    jobs.run_once();
    REQUIRE(lines.size() == 2);
    CHECK(lines[1].find("\"agreed\":true") != std::string::npos);
    CHECK(metrics.counter("kesher_cases_lapsed_total", "Cases without a referral that lapsed.").value() == 1);
}

TEST_CASE("A job that fails is counted and tried again at its next turn") {
    Called it;
    telemetry::Metrics metrics;
    std::vector<std::string> lines;
    telemetry::Log log(telemetry::Level::info, [&](std::string_view line) { lines.emplace_back(line); });
    app::UpkeepJobs jobs(it.rooms, log, metrics);
    for (const auto* body : {&it.world.health, &it.world.nii, &it.world.housing}) {
        it.clock.heard(body->id(), std::chrono::floor<std::chrono::seconds>(it.world.now()));
    }
    jobs.run_once();
    CHECK(lines.empty());
    it.admit_sessions(false);
    it.lose_connections();
    jobs.run_once();
    REQUIRE_FALSE(lines.empty());
    CHECK(lines.front().find("upkeep_failed") != std::string::npos);
    const std::string once = "kesher_job_failures_total{job=\"referral_expiry\"} 1";
    CHECK(metrics.exposition().find(once) != std::string::npos);
    it.admit_sessions(true);
    lines.clear();
    jobs.run_once();
    CHECK(metrics.exposition().find(once) != std::string::npos);
}
