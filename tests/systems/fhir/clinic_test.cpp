// A clinic with a FHIR server that is not ours: nothing is lost, nothing is doubled, nothing is hidden.
// Method: deliveries on one side, the clinic's own staff (clinic.mjs) on the other, kills in between.
#include <catch2/catch.hpp>

#include <array>
#include <map>

#include "adapters/health/fhir_codes.h"
#include "config/catalogue/never_shown.h"
#include "tests/systems/fhir/clinic_table.h"
#include "tests/systems/fhir/far_looks.h"
#include "tests/systems/fhir/late_relay.h"
#include "tests/unit/health/canned_server.h"

using namespace kesher;
using namespace kesher::health;
using namespace kesher::health::test;
using E = ReferralEvent;

namespace {

// Without what fills pages.
Referral small() {
    Referral referral = fresh(KnownBy::presents);
    referral.sealed.others = {};
    referral.sealed.attachments.clear();
    referral.groups = referral.sealed.groups();
    return referral;
}

// A page with one Task, which bears these numbers and no others.
std::string one_task(const std::string& uuid, const std::string& message) {
    return R"({"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Task","id":"17",)"
           R"("meta":{"versionId":"1","tag":[{"system":")" +
           std::string(systems::kMessage) + R"(","code":")" + message +
           R"("}]},"identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:)" + uuid + R"("}]}}]})";
}

bool wrote(const CannedServer& canned, std::string_view method) {
    const auto asked = canned.asked();
    return std::any_of(asked.begin(), asked.end(), [&](const Request& request) {
        return request.head.starts_with(std::string(method) + ' ');
    });
}

}  // namespace

TEST_CASE("A referral is taken once however often it is delivered") {
    Table table;
    const Referral referral = fresh();
    CHECK(is_taken(table.give(referral)));
    CHECK(is_taken(table.give(referral)));
    CHECK(found("Task", referral.referral.text()).size() == 1);
    table.work();
    CHECK(table.events().empty());
}

TEST_CASE("A kill between the transaction and the mark is seen by the tag and doubles nothing") {
    Table table;
    const Referral referral = fresh();
    table.remember(referral);
    CHECK_FALSE(is_there(table.clinic().already_taken(referral.from, referral.message)));
    REQUIRE(is_taken(table.give(referral)));
    SECTION("with the ledger") { table.restart(); }
    SECTION("before the ledger knew the place") {
        table.cut_ledger_after_last("given");
        table.restart();
    }
    CHECK(is_there(table.clinic().already_taken(referral.from, referral.message)));
    CHECK_FALSE(is_there(table.clinic().already_taken(referral.from, message())));
    staff("accept", referral);
    table.work();
    CHECK(table.events() == std::vector{E::accept});
    CHECK(found("Task", referral.referral.text()).size() == 1);
}

TEST_CASE("What the foreign server refuses is declined and nothing of it is stored") {
    Table table;
    Referral referral = fresh(KnownBy::identified);
    referral.sealed.identity->birth_year = 7;  // no date of FHIR has such a year
    CHECK(declined(table.give(referral)) == Code::payload_invalid);
    CHECK(found("Task", referral.referral.text()).empty());
    CHECK(found("Consent", referral.consent->text()).empty());
    table.work();
    CHECK(table.events().empty());
    CHECK(is_taken(table.tell(referral, message(), E::mark_error, Reason::wrong_content)));
    for (const std::string& line : table.lines) {
        CHECK(line.find(record::samples::kIdNumber) == std::string::npos);
        CHECK(line.find(referral.referral.text()) == std::string::npos);
    }
}

TEST_CASE("A referral is held while the server is down and taken once it is up") {
    Table table;
    const std::string up = std::exchange(table.url, "http://127.0.0.1:1");
    table.restart();
    const Referral referral = fresh();
    CHECK(is_held(table.give(referral)));
    CHECK(is_held(table.give(referral)));
    table.work();
    CHECK(table.events().empty());
    table.url = up;
    table.restart();
    CHECK(is_taken(table.give(referral)));
    CHECK(found("Task", referral.referral.text()).size() == 1);
}

TEST_CASE("What she took back while the server was down is never brought there") {
    Table table;
    const std::string up = std::exchange(table.url, "http://127.0.0.1:1");
    table.restart();
    const Referral referral = fresh();
    CHECK(is_held(table.give(referral)));
    const auto withdrawal = message();
    CHECK(is_held(table.tell(referral, withdrawal, E::withdraw)));
    table.url = up;
    table.restart();
    CHECK(is_taken(table.tell(referral, withdrawal, E::withdraw)));
    CHECK(declined(table.give(referral)) == Code::event_not_allowed);
    CHECK(found("Task", referral.referral.text()).empty());
}

TEST_CASE("The staff's steps become the events of the exchange with the date sealed") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("accept", referral);
    table.work();
    staff("schedule", referral, "--at 2026-12-01T09:00:00+02:00 --minutes 40 --place 'חדר 4'");
    table.work();
    staff("start", referral);
    table.work();
    staff("complete", referral, "--outcome partly");
    table.work();
    table.work();
    REQUIRE(table.events() == std::vector{E::accept, E::schedule, E::start, E::complete});
    const auto rows = table.sent();
    const codec::Sealed sealed = table.opened(rows[1]);
    CHECK(sealed.appointment == codec::Appointment{kToday + 10 * 24h + 7h, 40, "חדר 4"});
    CHECK(sealed.safety == referral.sealed.safety);
    CHECK(sealed.groups().empty());
    CHECK_FALSE(Table::event_in(rows[0]).sealed);
    CHECK(Table::event_in(rows[3]).outcome == Outcome::partly);
    CHECK(notes_at(task_of(referral)) == 0);
}

TEST_CASE("Steps that the staff skipped are filled in and marked so") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("complete", referral);
    table.work();
    REQUIRE(table.events() == std::vector{E::accept, E::start, E::complete});
    CHECK(Table::event_in(table.sent()[0]).synthesized);
    CHECK_FALSE(Table::event_in(table.sent()[2]).synthesized);
}

TEST_CASE("A refusal goes with its reason in clear and its words sealed") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("reject", referral, "--reason no-capacity --text 'אין תור לפני הקיץ'");
    table.work();
    REQUIRE(table.events() == std::vector{E::decline});
    CHECK(Table::event_in(table.sent()[0]).reason == Reason::no_capacity);
    CHECK(table.opened(table.sent()[0]).need == "אין תור לפני הקיץ");
}

TEST_CASE("A kill between the outbox and the ledger tells a step once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("start", referral);
    table.work();
    REQUIRE(table.events() == std::vector{E::accept, E::start});
    table.cut_ledger_after_last("intends");
    table.restart();
    table.work();
    CHECK(table.events() == std::vector{E::accept, E::start});
    staff("complete", referral);
    table.work();
    CHECK(table.events() == std::vector{E::accept, E::start, E::complete});
}

TEST_CASE("A kill before the outbox loses no step though the Task went on") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("accept", referral);
    // The intention alone is on disk: the outbox never had it.
    std::ofstream(table.root / "ledger", std::ios::binary | std::ios::app)
        << "intends " << referral.referral.text() << ' ' << message().text() << " ACCEPTED - free\n";
    table.restart();
    table.work();
    CHECK(table.events() == std::vector{E::accept});
}

TEST_CASE("A withdrawal cancels what the referral created and is done once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("accept", referral);
    table.work();
    const auto id = message();
    CHECK(is_taken(table.tell(referral, id, E::withdraw)));
    const std::string once = body_at(task_of(referral));
    table.cut_ledger_after_last("stands");  // killed before the ledger had it
    table.restart();
    CHECK(is_taken(table.tell(referral, id, E::withdraw)));
    CHECK(body_at(task_of(referral)) == once);
    CHECK(status_at(task_of(referral)) == "cancelled");
    CHECK(has_tag(at(task_of(referral)), id));
    CHECK(status_at(the("ServiceRequest", referral.referral.text())) == "revoked");
    table.work();
    CHECK(table.events() == std::vector{E::accept});
    CHECK(notes_at(task_of(referral)) == 0);
}

TEST_CASE("A withdrawal after the clinic had ended it leaves their end and says so") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("complete", referral);
    CHECK(is_taken(table.tell(referral, message(), E::withdraw)));
    CHECK(status_at(task_of(referral)) == "completed");
    CHECK(notes_at(task_of(referral)) == 1);
    table.work();
    CHECK(table.events().empty());
}

TEST_CASE("A revoked consent stops all that came under it and the hub hears it once") {
    Table table;
    const Referral first = fresh();
    Referral second = fresh();
    second.consent = first.consent;
    const Referral other = fresh();
    for (const Referral& each : {first, second, other}) REQUIRE(is_taken(table.give(each)));
    const auto notice = message();
    CHECK(is_taken(table.revoke(first, notice)));
    table.restart();
    CHECK(is_taken(table.revoke(first, notice)));
    for (const Referral& each : {first, second}) {
        CHECK(status_at(task_of(each)) == "cancelled");
        CHECK(status_at(the("ServiceRequest", each.referral.text())) == "revoked");
    }
    CHECK(status_at(the("Consent", first.consent->text())) == "inactive");
    CHECK(status_at(task_of(other)) == "requested");
    table.work();
    table.work();
    REQUIRE(table.sent().size() == 1);
    CHECK(table.sent()[0].written.type == MessageType::consent_revocation_acked);
    CHECK(table.sent()[0].written.consent == first.consent);
}

TEST_CASE("Under a revoked consent nothing more is told though the notice waits for the server") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("accept", referral);
    table.journal().apply_revocation(*referral.consent);
    table.work();
    CHECK(table.events().empty());
}

TEST_CASE("A revocation is held while the server is down") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    table.url = "http://127.0.0.1:1";
    table.restart();
    CHECK(is_held(table.revoke(referral, message())));
    table.work();
    CHECK(table.sent().empty());
}

namespace {

// A clinic whose server answers otherwise where the case says so.
struct Refusing {
    Refusing() {
        table.url = relay.url();
        table.restart();
    }
    // Everything that asks so is answered with this status.
    void refuse(const std::string& start, int status) {
        relay.instead([start, status](const Request& request) {
            return request.line.starts_with(start) ? answered(status, "") : std::string();
        });
    }
    void refuse_patch(const std::string& path, int status) { refuse("PATCH " + path + ' ', status); }
    void mend() {
        relay.instead({});
        table.restart();  // no pause after the fault
    }
    // The server lost it, or gave it another id; what is left there is somebody else's.
    void lose(const std::string& path, const std::string& uuid) {
        write_over(path, uuid, MessageId::of_random(statement::random_bytes<16>()).text());
        lost.push_back(path);
        relay.instead([this](const Request& request) {
            for (const std::string& each : lost)
                if (request.line.find(each + ' ') != std::string::npos) return answered(404, "");
            return std::string();
        });
    }
    // The same resource under an id of its own. Where.
    std::string move(const std::string& type, const std::string& uuid) {
        const std::string before = the(type, uuid);
        const std::string id = R"("id":")" + before.substr(before.rfind('/') + 1) + '"';
        const std::string body =
            std::regex_replace(body_at(before), std::regex(id + ",|," + id), std::string());
        lose(before, uuid);
        REQUIRE(FarSide::running().post('/' + type, body).status == 201);
        return the(type, uuid);
    }
    [[nodiscard]] bool patched(const std::string& path) const {
        return relay.asked("PATCH", path.substr(1)) > 0;
    }
    [[nodiscard]] bool is_unconfirmed(const std::string& line = "end_not_confirmed") const {
        return std::any_of(table.lines.begin(), table.lines.end(),
                           [&](const std::string& said) { return said.find(line) != std::string::npos; });
    }
    [[nodiscard]] std::string ledger() const {
        std::ifstream file(table.root / "ledger", std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::vector<std::string> lost;
    LateRelay relay;
    Table table;
};

std::string request_of(const Referral& referral) { return the("ServiceRequest", referral.referral.text()); }
std::string consent_of(const Referral& referral) { return the("Consent", referral.consent->text()); }

}  // namespace

TEST_CASE("A notice of her withdrawal is held until all under it has ended and what can end ends at once") {
    Refusing clinic;
    const Referral first = fresh();
    Referral second = fresh();
    second.consent = first.consent;
    for (const Referral& each : {first, second}) REQUIRE(is_taken(clinic.table.give(each)));
    std::map<std::string, std::string> ends{{consent_of(first), "inactive"}};
    for (const Referral& each : {first, second}) {
        ends.emplace(task_of(each), "cancelled");
        ends.emplace(request_of(each), "revoked");
    }
    const auto [part, status] = GENERATE(table<std::size_t, int>({{0, 400},
                                                                  {0, 403},
                                                                  {0, 404},
                                                                  {0, 409},
                                                                  {0, 410},
                                                                  {0, 413},
                                                                  {0, 422},
                                                                  {0, 500},
                                                                  {1, 404},
                                                                  {1, 422},
                                                                  {2, 404},
                                                                  {2, 422},
                                                                  {3, 404},
                                                                  {3, 500}}));
    const std::string failing =
        std::array{task_of(first), task_of(second), request_of(first), consent_of(first)}.at(part);
    clinic.refuse_patch(failing, status);
    const auto notice = message();
    CHECK(is_held(clinic.table.revoke(first, notice)));
    for (const auto& [path, end] : ends) CHECK((status_at(path) == end) == (path != failing));
    clinic.table.restart();
    clinic.table.work();
    CHECK(clinic.table.sent().empty());
    clinic.mend();
    CHECK(is_taken(clinic.table.revoke(first, notice)));
    for (const auto& [path, end] : ends) CHECK(status_at(path) == end);
    for (const std::string& path : {task_of(first), task_of(second), consent_of(first)})
        CHECK(has_tag(at(path), notice));
    clinic.table.work();
    REQUIRE(clinic.table.sent().size() == 1);
    CHECK(clinic.table.sent()[0].written.type == MessageType::consent_revocation_acked);
}

TEST_CASE("A withdrawal is held until each part has ended whatever the server says") {
    Refusing clinic;
    const Referral referral = fresh();
    REQUIRE(is_taken(clinic.table.give(referral)));
    const std::string task = task_of(referral);
    const std::string request = request_of(referral);
    const auto [task_fails, status] = GENERATE(table<bool, int>({{true, 400},
                                                                 {true, 403},
                                                                 {true, 404},
                                                                 {true, 409},
                                                                 {true, 410},
                                                                 {true, 413},
                                                                 {true, 422},
                                                                 {true, 500},
                                                                 {false, 404},
                                                                 {false, 422}}));
    clinic.refuse_patch(task_fails ? task : request, status);
    const auto withdrawal = message();
    CHECK(is_held(clinic.table.tell(referral, withdrawal, E::withdraw)));
    CHECK(status_at(task) == (task_fails ? "requested" : "cancelled"));
    CHECK(status_at(request) == (task_fails ? "revoked" : "active"));
    CHECK_FALSE(has_tag(at(task), withdrawal));
    clinic.mend();
    CHECK(is_taken(clinic.table.tell(referral, withdrawal, E::withdraw)));
    CHECK(status_at(task) == "cancelled");
    CHECK(status_at(request) == "revoked");
    CHECK(has_tag(at(task), withdrawal));
}

TEST_CASE("A server that answers 404 to everything has ended nothing and nothing is acknowledged") {
    Refusing clinic;
    const Referral referral = fresh();
    REQUIRE(is_taken(clinic.table.give(referral)));
    clinic.refuse("", GENERATE(404, 410));
    const auto id = message();
    std::string end;
    SECTION("her consent") {
        CHECK(is_held(clinic.table.revoke(referral, id)));
        clinic.table.work();
        clinic.mend();
        clinic.table.work();
        CHECK(clinic.table.sent().empty());
        CHECK(is_taken(clinic.table.revoke(referral, id)));
        CHECK(status_at(consent_of(referral)) == "inactive");
    }
    SECTION("her withdrawal") {
        CHECK(is_held(clinic.table.tell(referral, id, E::withdraw)));
        clinic.mend();
        CHECK(is_taken(clinic.table.tell(referral, id, E::withdraw)));
    }
    CHECK(clinic.is_unconfirmed());
    CHECK(status_at(task_of(referral)) == "cancelled");
    CHECK(status_at(request_of(referral)) == "revoked");
}

TEST_CASE("What lies under another id than it was given is ended where it lies") {
    Refusing clinic;
    const Referral referral = fresh();
    REQUIRE(is_taken(clinic.table.give(referral)));
    const std::string id = referral.referral.text();
    const std::string before = task_of(referral);
    const std::string task = clinic.move("Task", id);
    const std::string request = clinic.move("ServiceRequest", id);
    const std::string consent = clinic.move("Consent", referral.consent->text());
    REQUIRE(task != before);
    SECTION("her consent") {
        CHECK(is_taken(clinic.table.revoke(referral, message())));
        CHECK(status_at(consent) == "inactive");
    }
    SECTION("her withdrawal") { CHECK(is_taken(clinic.table.tell(referral, message(), E::withdraw))); }
    SECTION("though another woman's Task lies where hers was") {
        clinic.relay.instead({});
        CHECK(is_taken(clinic.table.tell(referral, message(), E::withdraw)));
    }
    CHECK(status_at(task) == "cancelled");
    CHECK(status_at(request) == "revoked");
    CHECK(status_at(before) == "requested");
    CHECK_FALSE(clinic.patched(before));
    CHECK(clinic.ledger().find("placed " + id + ' ' + task.substr(1) + ' ' + request.substr(1)) !=
          std::string::npos);
}

TEST_CASE("What lies under another id than it was given is still halted and its changes are told") {
    Refusing clinic;
    const Referral referral = fresh();
    REQUIRE(is_taken(clinic.table.give(referral)));
    SECTION("the Task") {
        const std::string task = clinic.move("Task", referral.referral.text());
        CHECK(is_taken(clinic.table.tell(referral, message(), E::freeze)));
        CHECK(status_at(task) == "on-hold");
    }
    SECTION("the request") {
        const std::string request = clinic.move("ServiceRequest", referral.referral.text());
        CHECK(is_taken(clinic.table.tell(referral, message(), E::freeze)));
        CHECK(status_at(request) == "on-hold");
        CHECK(status_at(task_of(referral)) == "on-hold");
    }
    SECTION("what the clinic did") {
        (void)clinic.move("Task", referral.referral.text());
        staff("accept", referral);
        clinic.table.work();
        CHECK(clinic.table.events() == std::vector{E::accept});
    }
}

TEST_CASE("Only a search that finds none says that a Task is not there") {
    Refusing clinic;
    const Referral referral = fresh(), another = fresh();
    REQUIRE(is_taken(clinic.table.give(referral)));
    const std::string task = task_of(referral);
    const auto withdraw = [&] { return clinic.table.tell(referral, message(), E::withdraw); };
    SECTION("it was deleted") {
        clinic.lose(task, referral.referral.text());
        CHECK(declined(clinic.table.tell(referral, message(), E::schedule)) == Code::event_not_allowed);
        CHECK(is_held(clinic.table.tell(referral, message(), E::freeze)));
        CHECK(is_taken(withdraw()));
        CHECK(status_at(request_of(referral)) == "revoked");
        CHECK(is_taken(clinic.table.tell(referral, message(), E::freeze)));  // there is nothing to halt
    }
    SECTION("it is still found, and cannot be read") {
        clinic.refuse("GET " + task + ' ', GENERATE(404, 410));
        CHECK(is_held(clinic.table.tell(referral, message(), E::freeze)));
        CHECK(is_held(withdraw()));
    }
    SECTION("the search says something else") {
        const std::string said = GENERATE(as<std::string>(), "404", "500", "another");
        clinic.relay.instead([&](const Request& request) {
            if (request.line.starts_with("GET " + task + ' ')) return answered(404, "");
            if (!request.line.starts_with("GET /Task?")) return std::string();
            if (said != "another") return answered(std::stoi(said), "");
            return answered(200, one_task(another.referral.text(), another.message.text()));
        });
        CHECK(is_held(clinic.table.tell(referral, message(), E::freeze)));
        CHECK(is_held(withdraw()));
        clinic.mend();
        CHECK(status_at(task) == "requested");
        CHECK(status_at(request_of(referral)) == "revoked");
    }
}

TEST_CASE("Where another woman's Task is answered for hers nothing is written on it and the end is held") {
    Refusing clinic;
    const Referral referral = fresh(), another = fresh();
    for (const Referral& each : {referral, another}) REQUIRE(is_taken(clinic.table.give(each)));
    const std::string task = task_of(referral);
    const std::string request = request_of(referral);
    SECTION("by the server") {
        clinic.relay.instead([task, body = body_at(task_of(another))](const Request& asked) {
            return asked.line.starts_with("GET " + task + ' ') ? answered(200, body) : std::string();
        });
    }
    SECTION("since somebody wrote over its number") {
        write_over(task, referral.referral.text(), message().text());
    }
    const std::string before = body_at(task);
    CHECK(is_held(clinic.table.tell(referral, message(), E::withdraw)));
    CHECK(is_held(clinic.table.revoke(referral, message())));
    CHECK(body_at(task) == before);
    CHECK_FALSE(clinic.patched(task));
    CHECK(clinic.relay.asked("PUT") == 0);
    CHECK(status_at(task_of(another)) == "requested");
    // The rest of hers has ended all the same.
    CHECK(status_at(request) == "revoked");
    CHECK(status_at(consent_of(referral)) == "inactive");
}

TEST_CASE("A Task that was opened again is ended again though it bears the mark of her withdrawal") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    const auto withdrawal = message();
    REQUIRE(is_taken(table.tell(referral, withdrawal, E::withdraw)));
    write_over(task_of(referral), R"("status":"cancelled")", R"("status":"accepted")");
    CHECK(is_taken(table.tell(referral, withdrawal, E::withdraw)));
    CHECK(status_at(task_of(referral)) == "cancelled");
}

TEST_CASE("What halts a referral is held until it is done whatever the server says") {
    Refusing clinic;
    const Referral referral = fresh();
    REQUIRE(is_taken(clinic.table.give(referral)));
    const std::string task = task_of(referral);
    const std::string request = request_of(referral);
    const auto [task_fails, status] = GENERATE(table<bool, int>({{true, 400},
                                                                 {true, 404},
                                                                 {true, 410},
                                                                 {true, 413},
                                                                 {true, 422},
                                                                 {true, 500},
                                                                 {false, 404},
                                                                 {false, 422}}));
    const auto freeze = message();
    clinic.refuse_patch(task_fails ? task : request, status);
    CHECK(is_held(clinic.table.tell(referral, freeze, E::freeze)));
    CHECK(status_at(task) == (task_fails ? "requested" : "on-hold"));
    CHECK(status_at(request) == (task_fails ? "on-hold" : "active"));
    CHECK_FALSE(has_tag(at(task), freeze));
    CHECK(clinic.is_unconfirmed("word_not_confirmed") == (status != 500));
    clinic.mend();
    CHECK(is_taken(clinic.table.tell(referral, freeze, E::freeze)));
    CHECK(status_at(task) == "on-hold");
    CHECK(status_at(request) == "on-hold");
    CHECK(has_tag(at(task), freeze));
    clinic.refuse_patch(task, status);
    CHECK(is_held(clinic.table.tell(referral, message(), E::unfreeze)));
}

TEST_CASE("What the hub itself says is held where the server refuses it and another's word is declined") {
    Refusing clinic;
    const Referral referral = fresh();
    REQUIRE(is_taken(clinic.table.give(referral)));
    staff("accept", referral);
    clinic.table.work();
    clinic.refuse_patch(task_of(referral), 422);
    const auto say = [&](const OrganisationId& from, E event) {
        statement::Statement said =
            clinic.table.statement_of(referral, MessageType::referral_event, message());
        said.from = from;
        const codec::ReferralEventPayload payload{.event = event, .occurred_on = kToday};
        return clinic.table.deliver(said, payload, {}, referral.pseudonym);
    };
    CHECK(declined(say(referral.from, E::schedule)) == Code::payload_invalid);
    CHECK(is_held(say(OrganisationId::hub(), E::schedule)));
    CHECK(is_held(say(referral.from, E::hold)));  // halts it
    clinic.mend();
    clinic.lose(task_of(referral), referral.referral.text());
    CHECK(declined(say(referral.from, E::schedule)) == Code::not_found);
    CHECK(is_held(say(OrganisationId::hub(), E::schedule)));
}

TEST_CASE("A freeze holds the Task and nothing is told until it is lifted") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    CHECK(is_taken(table.tell(referral, message(), E::freeze)));
    CHECK(status_at(task_of(referral)) == "on-hold");
    table.work();
    CHECK(notes_at(task_of(referral)) == 0);
    staff("accept", referral);
    table.work();
    table.work();
    CHECK(table.events().empty());
    CHECK(notes_at(task_of(referral)) == 1);
    write_over(task_of(referral), R"("status":"accepted")", R"("status":"on-hold")");
    CHECK(is_taken(table.tell(referral, message(), E::unfreeze)));
    CHECK(status_at(task_of(referral)) == "received");
    staff("accept", referral);
    table.work();
    CHECK(table.events() == std::vector{E::accept});
}

TEST_CASE("A date that she chose herself is written on the Task and holds and resumes are followed") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    const std::string task = task_of(referral);
    staff("accept", referral);
    table.work();
    codec::Sealed chosen;
    chosen.appointment = codec::Appointment{kToday + 10 * 24h + 7h, 40, "חדר 4"};
    CHECK(is_taken(table.tell(referral, message(), E::schedule, {}, chosen)));
    CHECK(status_at(task) == "accepted");
    CHECK(noted(task, "2026-12-01T07:00:00.000Z (UTC), 40 minutes, חדר 4"));
    CHECK(is_taken(table.tell(referral, message(), E::hold, Reason::waiting_for_subject)));
    CHECK(status_at(task) == "on-hold");
    CHECK(status_at(the("ServiceRequest", referral.referral.text())) == "on-hold");
    CHECK(is_taken(table.tell(referral, message(), E::resume)));
    CHECK(status_at(task) == "accepted");
    CHECK(status_at(the("ServiceRequest", referral.referral.text())) == "active");
    table.work();
    CHECK(table.events() == std::vector{E::accept});
    staff("start", referral);
    table.work();
    CHECK(table.events() == std::vector{E::accept, E::start});
}

TEST_CASE("A referral sent in error is entered so even where it had ended") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("complete", referral);
    table.work();
    CHECK(is_taken(table.tell(referral, message(), E::mark_error, Reason::wrong_case)));
    CHECK(status_at(task_of(referral)) == "entered-in-error");
    CHECK(status_at(the("ServiceRequest", referral.referral.text())) == "entered-in-error");
}

TEST_CASE("Of what is not the clinic's to hear nothing is written") {
    Table table;
    const Referral referral = fresh();
    CHECK(declined(table.tell(referral, message(), E::withdraw)) == Code::not_found);
    REQUIRE(is_taken(table.give(referral)));
    const std::string before = body_at(task_of(referral));
    CHECK(declined(table.tell(referral, message(), E::accept)) == Code::event_not_allowed);
    CHECK(declined(table.tell(referral, message(), E::resume)) == Code::event_not_allowed);
    statement::Statement other = table.statement_of(referral, MessageType::capacity_updated, message());
    CHECK(declined(table.deliver(other, codec::ConsentRevoked{}, {}, referral.pseudonym)) ==
          Code::schema_unknown);
    CHECK(body_at(task_of(referral)) == before);
}

TEST_CASE("A place whose label says what nobody may read is called by the neutral name") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    const std::string label = "מרפאת " + catalogue::NeverShown::built_in().stems().front();
    staff("schedule", referral, "--place '" + label + '\'');
    table.work();
    REQUIRE(table.events() == std::vector{E::accept, E::schedule});
    CHECK(table.opened(table.sent()[1]).appointment->place == "המרפאה");
}

TEST_CASE("Whatever a server says that is no answer the referral is kept and brought later") {
    const auto answer_of = [](int status, const std::string& body) {
        const CannedServer canned([&](const Request& request) {
            return request.line.starts_with("POST ") ? answered(status, body) : answered(503, "");
        });
        Table table;
        table.url = canned.url();
        table.restart();
        return table.give(fresh());
    };
    for (const int status : {401, 403, 404, 409, 412, 429}) CHECK(is_held(answer_of(status, "")));
    // These may have it, or have it soon.
    for (const int status : {201, 302, 408, 500, 502, 503, 504}) CHECK(is_unsure(answer_of(status, "")));
    CHECK(is_unsure(answer_of(200, "<html>")));
    CHECK(is_unsure(answer_of(200, R"({"resourceType":"Bundle","type":"batch-response","entry":[]})")));
    CHECK(declined(answer_of(400, "")) == Code::payload_invalid);
    CHECK(declined(answer_of(413, "")) == Code::too_large);
}

namespace {

// What is told of two Tasks while the server fails at the first of these that it is asked for; and
// afterwards.
struct Ailing {
    std::size_t meanwhile;
    std::size_t afterwards;
};

Ailing told_while_one_fails(const std::string& type, const std::string& act) {
    Table table;
    for (const Referral& referral : {small(), small()}) {
        REQUIRE(is_taken(table.give(referral)));
        staff(act, referral);
    }
    const std::string whole = table.url;
    Ailing told{};
    {
        std::string failing;
        const CannedServer ailing([&](const Request& request) {
            const std::string path = request.line.substr(4, request.line.rfind(' ') - 4);
            if (failing.empty() && path.starts_with('/' + type + '/')) failing = path;
            if (path == failing) return answered(500, "");
            const auto answer = FarSide::running().get(path);
            return answered(answer.status, answer.body);
        });
        table.url = ailing.url();
        table.restart();
        table.work();
        told.meanwhile = table.events().size();
    }
    table.url = whole;
    table.restart();
    table.work();
    told.afterwards = table.events().size();
    return told;
}

}  // namespace

TEST_CASE("A Task that the server fails to read is told later and the others are told now") {
    const Ailing told = told_while_one_fails("Task", "accept");
    CHECK(told.meanwhile == 1);
    CHECK(told.afterwards == 2);
}

TEST_CASE("An appointment that the server fails to read keeps its own Task waiting and no other") {
    const Ailing told = told_while_one_fails("Appointment", "schedule");
    CHECK(told.meanwhile == 2);  // accept and schedule, of one
    CHECK(told.afterwards == 4);
}

TEST_CASE("A search that answers another woman's Task shows no referral of ours to be there") {
    const Referral referral = fresh(), another = fresh();
    const auto given_to_server_with = [&](const Referral& there) {
        const CannedServer canned([&](const Request& request) {
            const bool search = request.head.starts_with("get ");
            return answered(200, search ? one_task(there.referral.text(), there.message.text()) : "{}");
        });
        Table table;
        table.url = canned.url();
        table.restart();
        return table.give(referral);
    };
    CHECK(is_unsure(given_to_server_with(another)));
    CHECK(is_taken(given_to_server_with(referral)));
}

TEST_CASE("A withdrawal is written on no Task but that of its own referral") {
    const Referral referral = fresh(), another = fresh();
    const CannedServer canned([&](const Request& request) {
        if (request.head.starts_with("post ")) return answered(503, "");  // it was never seen to arrive
        return answered(200, one_task(another.referral.text(), another.message.text()));
    });
    Table table;
    table.url = canned.url();
    table.restart();
    REQUIRE(is_unsure(table.give(referral)));
    CHECK(is_held(table.revoke(referral, another.message)));
    CHECK_FALSE(wrote(canned, "patch"));
    CHECK_FALSE(wrote(canned, "put"));
}

TEST_CASE("What has no place in the exchange is said on the Task once and told when it is mended") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    const std::string task = task_of(referral);
    write_over(task, R"("status":"requested")", R"("status":"cancelled")");  // not theirs to say
    table.work();
    table.work();
    CHECK(table.events().empty());
    CHECK(notes_at(task) == 1);
    CHECK(noted(task, "Task.status"));
    write_over(task, R"("status":"cancelled")", R"("status":"on-hold")");  // and no reason
    table.work();
    CHECK(table.events().empty());
    CHECK(noted(task, "Task.statusReason"));
    staff("hold", referral, "--reason docs-missing");
    table.work();
    CHECK(table.events() == std::vector{E::accept, E::hold});
}

TEST_CASE("An appointment that moved or was called off after it was told is said on the Task") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("schedule", referral, "--at 2026-12-01T09:00:00+02:00");
    table.work();
    REQUIRE(table.events() == std::vector{E::accept, E::schedule});
    const std::string task = task_of(referral);
    const std::string body = body_at(task);
    const std::string appointment = '/' + body.substr(body.find("Appointment/"), 48);
    write_over(appointment, "2026-12-01T07:00:00.000Z", "2026-12-01T06:00:00.000Z");
    table.work();
    CHECK(noted(task, "Appointment.start"));
    write_over(appointment, R"("booked")", R"("cancelled")");
    table.work();
    CHECK(noted(task, "Appointment.status"));
    write_over(appointment, R"("cancelled")", R"("noshow")");
    table.work();
    CHECK(table.events() == std::vector{E::accept, E::schedule, E::no_show});
}

TEST_CASE("An appointment that the referrer cannot guard stays there and that there is one is told") {
    Table table(WordSet<SafetyFlag>{});  // honours no flag; neutral_name stands in the referral
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("schedule", referral);
    table.work();
    REQUIRE(table.events() == std::vector{E::accept, E::schedule});
    CHECK_FALSE(Table::event_in(table.sent()[1]).sealed);
    CHECK(notes_at(task_of(referral)) == 1);
}

TEST_CASE("What the hub would not carry is said on the Task once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(is_taken(table.give(referral)));
    staff("accept", referral);
    table.work();
    table.journal().mark_refused(table.sent().at(0).written.id, Code::consent_lapsed, {});
    table.work();
    table.work();
    CHECK(notes_at(task_of(referral)) == 1);
    CHECK(noted(task_of(referral), std::string(contract::facts_of(Code::consent_lapsed).title)));
}

TEST_CASE("What the hub would not carry is said on the Task also where that failed at first") {
    Refusing clinic;
    const Referral referral = fresh(), other = fresh();
    for (const Referral& each : {referral, other}) {
        REQUIRE(is_taken(clinic.table.give(each)));
        staff("accept", each);
    }
    clinic.table.work();
    for (const auto& row : clinic.table.sent())
        clinic.table.journal().mark_refused(row.written.id, Code::consent_lapsed, {});
    clinic.refuse_patch(task_of(referral), GENERATE(403, 422));
    clinic.table.work();
    CHECK(notes_at(task_of(referral)) == 0);
    CHECK(notes_at(task_of(other)) == 1);
    clinic.relay.instead({});
    clinic.table.work();
    clinic.table.work();
    for (const Referral& each : {referral, other}) CHECK(notes_at(task_of(each)) == 1);
}

TEST_CASE("Every pattern of safety flags stands there and comes back as it was") {
    Table table;
    for (unsigned pattern = 0; pattern < 128; pattern += 21) {
        Referral referral = fresh(KnownBy::presents);
        for (std::size_t i = 0; i < kSafetyFlags.size(); ++i)
            referral.sealed.safety.set(static_cast<SafetyFlag>(i), (pattern >> i & 1U) != 0);
        REQUIRE(is_taken(table.give(referral)));
        const std::string request = the("ServiceRequest", referral.referral.text());
        CHECK(read_safety(body_at(request)) == referral.sealed.safety);
        write_over(task_of(referral), R"("status":"requested")",
                   R"("status":"rejected","statusReason":{"coding":[{"system":"urn:kesher:reason",)"
                   R"("code":"no-capacity"}],"text":"אין תור"})");
        table.work();
        CHECK(table.opened(table.sent().back()).safety == referral.sealed.safety);
    }
    CHECK(read_safety("{}") == codec::Safety{});
}

TEST_CASE("More changes than a page holds are all found by owner and time") {
    Table table;
    table.sweep_every = 24h;
    table.page = 4;
    table.restart();
    table.work();  // the first look goes through what is open: nothing
    std::vector<Referral> given;
    for (int i = 0; i < 7; ++i) given.push_back(small());
    for (const Referral& referral : given) {
        REQUIRE(is_taken(table.give(referral)));
        write_over(task_of(referral), R"("status":"requested")", R"("status":"accepted")");
    }
    // Behind all that the other cases left on the server in the minute before.
    for (int look = 0; look < 10 && table.events().size() < given.size(); ++look) table.work();
    CHECK(table.events().size() == given.size());
    table.work();
    CHECK(table.events().size() == given.size());
}

TEST_CASE("No line of the log names her or her referral") {
    Table table;
    const Referral referral = fresh(KnownBy::identified);
    REQUIRE(is_taken(table.give(referral)));
    write_over(task_of(referral), R"("status":"requested")", R"("status":"cancelled")");
    table.work();
    staff("accept", referral);
    table.work();
    CHECK(is_taken(table.tell(referral, message(), E::withdraw)));
    REQUIRE_FALSE(table.lines.empty());
    const std::vector<std::string> never{std::string(record::samples::kIdNumber),
                                         std::string(record::samples::kPhone),
                                         std::string(record::samples::kGivenName),
                                         referral.referral.text(),
                                         referral.pseudonym.reveal(),
                                         task_of(referral).substr(6)};
    for (const std::string& line : table.lines)
        for (const std::string& word : never) CHECK(line.find(word) == std::string::npos);
}
