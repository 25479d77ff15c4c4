// She withdraws while a transaction with her referral is under way: whenever it lands, nothing of her is open
// at the clinic, and the exchange says that it stopped only once that is so.
// Method: a relay before the foreign server keeps transactions back, and lets them land when the case says
// so.
#include <catch2/catch.hpp>

#include "adapters/health/bundle_write.h"
#include "adapters/health/fhir_codes.h"
#include "tests/systems/fhir/far_looks.h"
#include "tests/systems/fhir/late_relay.h"

using namespace kesher;
using namespace kesher::health;
using namespace kesher::health::test;
using E = ReferralEvent;
using Fate = LateRelay::Fate;

namespace {

const std::string kBusy = answered(504, "");
const std::string kCut;

// Words of hers that stand nowhere else, and everything that says who she is.
Referral of_her() {
    Referral referral = fresh(KnownBy::identified);
    referral.sealed.need = "need " + referral.referral.text();
    return referral;
}

struct Scene {
    Scene() {
        table.url = relay.url();
        table.restart();
    }
    // Given to a server that does not say what became of it, and keeps it.
    void lose(const Referral& referral, const std::string& answer = kBusy) {
        relay.next(Fate::kept, answer);
        if (!table.journal().incoming_message(referral.from, referral.message)) table.remember(referral);
        REQUIRE(is_unsure(table.give(referral)));
    }
    // Every transaction is answered so, and none is done.
    void refuse_all(const std::string& answer) {
        relay.instead([answer](const Request& request) {
            return request.line.starts_with("POST ") ? answer : std::string();
        });
    }
    [[nodiscard]] std::size_t late_lines() const {
        return static_cast<std::size_t>(std::count_if(
            table.lines.begin(), table.lines.end(),
            [](const std::string& line) { return line.find("late_referral_ended") != std::string::npos; }));
    }
    LateRelay relay;
    Table table;
};

std::string patient_of(const Referral& referral) {
    const auto answer = FarSide::running().get("/Patient?" + condition(referral, Part::patient));
    const auto page = read_search(answer.body, "Patient");
    REQUIRE(page.value().found.size() == 1);
    return body_at('/' + page.value().found.front().location);
}
std::string provenance_of(const Referral& referral) {
    const auto answer = FarSide::running().get("/Provenance?" + condition(referral, Part::provenance));
    const auto page = read_search(answer.body, "Provenance");
    REQUIRE(page.value().found.size() == 1);
    return body_at('/' + page.value().found.front().location);
}
std::vector<std::string> statuses(const std::string& type, const std::string& uuid) {
    std::vector<std::string> said;
    for (const std::string& path : found(type, uuid)) said.push_back(status_at(path));
    return said;
}
// One of each, ended, and nothing that she said, or that says who she is.
void check_buried(const Referral& referral, const std::string& task, const std::string& request) {
    const std::string id = referral.referral.text();
    CHECK(statuses("Task", id) == std::vector{task});
    CHECK(statuses("ServiceRequest", id) == std::vector{request});
    const std::string all = body_at(task_of(referral)) + body_at(the("ServiceRequest", id)) +
                            patient_of(referral) + provenance_of(referral);
    for (const std::string& word :
         {*referral.sealed.need, std::string(record::samples::kIdNumber),
          std::string(record::samples::kPhone), std::string(record::samples::kGivenName),
          std::string(record::samples::kFamilyName), std::string("signature"),
          std::string(kServices.text(referral.service)), referral.from.text()})
        CHECK(all.find(word) == std::string::npos);
    CHECK_FALSE(has_tag(at(task_of(referral)), referral.message));
}

}  // namespace

TEST_CASE("A transaction that lands after her withdrawal opens nothing and brings nothing of her") {
    Scene scene;
    const Referral referral = of_her();
    SECTION("the server was busy") { scene.lose(referral, kBusy); }
    SECTION("the line was cut") { scene.lose(referral, kCut); }
    SECTION("it was sent twice") {
        scene.lose(referral);
        scene.lose(referral);
    }
    CHECK_FALSE(is_there(scene.table.clinic().already_taken(referral.from, referral.message)));
    CHECK(is_taken(scene.table.tell(referral, message(), E::withdraw)));
    check_buried(referral, "cancelled", "revoked");
    for (const int status : scene.relay.land()) CHECK(status == 200);
    check_buried(referral, "cancelled", "revoked");
    CHECK_FALSE(is_there(scene.table.clinic().already_taken(referral.from, referral.message)));
    CHECK(declined(scene.table.give(referral)) == Code::event_not_allowed);
    scene.table.restart();
    scene.table.work();
    check_buried(referral, "cancelled", "revoked");
    CHECK(scene.table.events().empty());
    CHECK(scene.late_lines() == 0);
}

TEST_CASE("A transaction that lands after the end is ended as the exchange ended it") {
    Scene scene;
    const Referral referral = of_her();
    scene.lose(referral);
    SECTION("sent in error") {
        CHECK(is_taken(scene.table.tell(referral, message(), E::mark_error, Reason::wrong_case)));
        CHECK(scene.relay.land() == std::vector{200});
        check_buried(referral, "entered-in-error", "entered-in-error");
    }
    SECTION("cancelled") {
        CHECK(is_taken(scene.table.tell(referral, message(), E::cancel)));
        CHECK(scene.relay.land() == std::vector{200});
        check_buried(referral, "cancelled", "revoked");
    }
    SECTION("withdrawn, and then found to be in error") {
        CHECK(is_taken(scene.table.tell(referral, message(), E::withdraw)));
        CHECK(scene.relay.land() == std::vector{200});
        CHECK(is_taken(scene.table.tell(referral, message(), E::mark_error, Reason::wrong_case)));
        check_buried(referral, "entered-in-error", "entered-in-error");
    }
}

TEST_CASE("A notice of revocation is answered once nothing under the consent can open any more") {
    Scene scene;
    const Referral referral = of_her();
    const auto notice = message();
    scene.lose(referral);
    // The server is away: the adapter has nothing to say yet, and says nothing.
    scene.refuse_all(kBusy);
    CHECK(is_held(scene.table.revoke(referral, notice)));
    scene.table.work();
    CHECK(scene.table.sent().empty());
    // It would not take what stands for the referral: the operator hears of it, the hub does not.
    scene.refuse_all(answered(422, ""));
    CHECK(is_held(scene.table.revoke(referral, notice)));
    scene.table.work();
    CHECK(scene.table.sent().empty());
    CHECK(std::any_of(scene.table.lines.begin(), scene.table.lines.end(), [](const std::string& line) {
        return line.find("end_not_confirmed") != std::string::npos;
    }));
    scene.relay.instead({});
    CHECK(is_taken(scene.table.revoke(referral, notice)));
    scene.table.work();
    REQUIRE(scene.table.sent().size() == 1);
    CHECK(scene.table.sent()[0].written.type == MessageType::consent_revocation_acked);
    CHECK(scene.relay.land() == std::vector{200});
    check_buried(referral, "cancelled", "revoked");
    CHECK(statuses("Consent", referral.consent->text()) == std::vector<std::string>{"inactive"});
    CHECK(body_at(the("Consent", referral.consent->text())).find("provision") == std::string::npos);
    scene.table.restart();
    CHECK(is_taken(scene.table.revoke(referral, notice)));
    scene.table.work();
    CHECK(scene.table.sent().size() == 1);
}

TEST_CASE(
    "A consent that is taken back after one referral under it had ended keeps its late consent out too") {
    Scene scene;
    const Referral referral = of_her();
    scene.lose(referral);
    CHECK(is_taken(scene.table.tell(referral, message(), E::withdraw)));
    CHECK(found("Consent", referral.consent->text()).empty());
    CHECK(is_taken(scene.table.revoke(referral, message())));
    CHECK(scene.relay.land() == std::vector{200});
    CHECK(statuses("Consent", referral.consent->text()) == std::vector<std::string>{"inactive"});
    check_buried(referral, "cancelled", "revoked");
}

TEST_CASE("The end of one referral leaves the consent to those that are still under it") {
    Scene scene;
    const Referral referral = of_her();
    Referral other = of_her();
    other.consent = referral.consent;
    scene.lose(referral);
    CHECK(is_taken(scene.table.tell(referral, message(), E::mark_error, Reason::entered_twice)));
    CHECK(is_taken(scene.table.give(other)));
    CHECK(scene.relay.land() == std::vector{200});
    scene.table.work();
    check_buried(referral, "entered-in-error", "entered-in-error");
    CHECK(statuses("Consent", referral.consent->text()) == std::vector<std::string>{"active"});
    CHECK(status_at(task_of(other)) == "requested");
}

TEST_CASE("What had landed before her withdrawal is ended as any other and nothing is put beside it") {
    Scene scene;
    const Referral referral = of_her();
    scene.table.remember(referral);
    scene.relay.next(Fate::done, kBusy);
    REQUIRE(is_unsure(scene.table.give(referral)));
    CHECK(is_there(scene.table.clinic().already_taken(referral.from, referral.message)));
    const auto withdrawal = message();
    CHECK(is_taken(scene.table.tell(referral, withdrawal, E::withdraw)));
    CHECK(status_at(task_of(referral)) == "cancelled");
    CHECK(has_tag(at(task_of(referral)), withdrawal));
    CHECK(has_tag(at(task_of(referral)), referral.message));
    CHECK(status_at(the("ServiceRequest", referral.referral.text())) == "revoked");
    CHECK(scene.relay.asked("POST") == 1);
    const std::string once = body_at(task_of(referral));
    scene.table.work();
    CHECK(body_at(task_of(referral)) == once);
}

TEST_CASE("What lands between the look and the burial is ended before her end is answered") {
    Scene scene;
    const Referral referral = of_her();
    const std::string id = referral.referral.text();
    scene.lose(referral);
    const bool twice = GENERATE(false, true);
    if (twice) scene.lose(referral);
    scene.relay.instead([&](const Request& request) {
        if (request.line.starts_with("POST ")) (void)scene.relay.land_judged_before();
        return std::string();
    });
    CHECK(is_taken(scene.table.revoke(referral, message())));
    const std::size_t count = twice ? 2 : 1;  // then the server takes nothing more under these conditions
    CHECK(statuses("Task", id) == std::vector<std::string>(count, "cancelled"));
    CHECK(statuses("ServiceRequest", id) == std::vector<std::string>(count, "revoked"));
    CHECK(statuses("Consent", referral.consent->text()) == std::vector<std::string>(count, "inactive"));
}

TEST_CASE("What landed in part is ended and the rest is buried") {
    Scene scene;
    const Referral referral = of_her();
    scene.lose(referral);
    const std::string request =
        R"({"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"display":"-"},)"
        R"("identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:)" +
        referral.referral.text() + R"("}]})";
    REQUIRE(FarSide::running().post("/ServiceRequest", request).status == 201);
    CHECK(is_taken(scene.table.tell(referral, message(), E::withdraw)));
    CHECK(scene.relay.land() == std::vector{200});
    check_buried(referral, "cancelled", "revoked");
}

TEST_CASE("What a server creates all the same after the end is found and ended") {
    Scene scene;
    const Referral referral = of_her();
    scene.lose(referral);
    const std::string id = referral.referral.text();
    REQUIRE(is_taken(scene.table.revoke(referral, message())));
    scene.table.work();
    CHECK(scene.relay.land_judged_before() == std::vector{200});
    REQUIRE(found("Task", id).size() == 2);
    SECTION("by this program") {}
    SECTION("by its next life") { scene.table.restart(); }
    SECTION("days later") { scene.table.now += 24h * 7; }
    SECTION("though the staff has begun") {
        for (const std::string& path : found("Task", id)) {
            if (status_at(path) == "requested")
                write_over(path, R"("status":"requested")", R"("status":"accepted")");
        }
    }
    scene.table.work();
    CHECK(statuses("Task", id) == std::vector<std::string>{"cancelled", "cancelled"});
    CHECK(statuses("ServiceRequest", id) == std::vector<std::string>{"revoked", "revoked"});
    CHECK(statuses("Consent", referral.consent->text()) == std::vector<std::string>{"inactive", "inactive"});
    CHECK(scene.late_lines() == 1);
    const std::size_t patches = scene.relay.asked("PATCH");
    scene.table.work();
    scene.table.work();
    CHECK(scene.relay.asked("PATCH") == patches);
    CHECK(scene.late_lines() == 1);
    // What had ended when it was read is not read again before it changes.
    const std::size_t read = scene.relay.asked("GET", "Task");
    scene.table.work();
    CHECK(scene.relay.asked("GET", "Task") == read);
    for (const std::string& path : found("Task", id))
        write_over(path, R"("status":"cancelled")", R"("status":"in-progress")");
    scene.table.work();
    CHECK(statuses("Task", id) == std::vector<std::string>{"cancelled", "cancelled"});
    CHECK(scene.table.sent().size() == 1);  // that it stopped; of the late Task nothing
    for (const std::string& line : scene.table.lines) CHECK(line.find(id) == std::string::npos);
}

TEST_CASE("A referral is looked after for a week after its end and then left alone") {
    Scene scene;
    const Referral referral = of_her();
    scene.lose(referral);
    REQUIRE(is_taken(scene.table.tell(referral, message(), E::withdraw)));
    scene.table.work();
    scene.table.restart();
    scene.table.now += 24h * 7;
    const std::size_t before = scene.relay.asked("GET");
    scene.table.work();
    CHECK(scene.relay.asked("GET") > before);
    scene.table.now += 24h;
    scene.table.work();
    const std::size_t after_all = scene.relay.asked("GET");
    scene.table.work();
    scene.table.restart();
    scene.table.work();
    CHECK(scene.relay.asked("GET") == after_all);
}

TEST_CASE("What landed while nobody looked is ended by a last look before a referral is left alone") {
    Scene scene;
    const Referral referral = of_her();
    const std::string id = referral.referral.text();
    scene.lose(referral);
    REQUIRE(is_taken(scene.table.tell(referral, message(), E::withdraw)));
    scene.table.work();
    CHECK(scene.relay.land_judged_before() == std::vector{200});
    scene.table.now += 24h * 30;
    scene.table.restart();
    // The server is not up yet either: that was no look.
    scene.relay.instead([](const Request&) { return kBusy; });
    scene.table.work();
    scene.relay.instead({});
    scene.table.work();
    CHECK(statuses("Task", id) == std::vector<std::string>{"cancelled", "cancelled"});
    CHECK(statuses("ServiceRequest", id) == std::vector<std::string>{"revoked", "revoked"});
    CHECK(scene.late_lines() == 1);
    scene.table.work();  // and this one finds nothing open any more
    const std::size_t asked = scene.relay.asked("GET");
    scene.table.restart();
    scene.table.work();
    CHECK(scene.relay.asked("GET") == asked);
}

TEST_CASE("An earlier transaction is not forgotten because a later one was answered for") {
    Scene scene;
    const Referral referral = of_her();
    scene.lose(referral);
    SECTION("the later one was taken") {
        REQUIRE(is_taken(scene.table.give(referral)));
        CHECK(is_taken(scene.table.tell(referral, message(), E::withdraw)));
    }
    SECTION("the later one was not sent") {
        const std::string there = std::exchange(scene.table.url, "http://127.0.0.1:1");
        scene.table.restart();
        CHECK(is_unsure(scene.table.give(referral)));
        scene.table.url = there;
        scene.table.restart();
        CHECK(is_taken(scene.table.tell(referral, message(), E::withdraw)));
    }
    SECTION("the later one was refused") {
        scene.refuse_all(answered(422, ""));
        CHECK(is_unsure(scene.table.give(referral)));  // nor is what stands for it there
        scene.relay.instead({});
        scene.relay.next(Fate::dropped, answered(422, ""));
        CHECK(declined(scene.table.give(referral)) == Code::payload_invalid);
        check_buried(referral, "cancelled", "revoked");
    }
    CHECK(scene.relay.land_judged_before() == std::vector{200});
    const std::string id = referral.referral.text();
    CHECK(found("Task", id).size() == 2);
    scene.table.work();
    CHECK(statuses("Task", id) == std::vector<std::string>{"cancelled", "cancelled"});
    CHECK(statuses("ServiceRequest", id) == std::vector<std::string>{"revoked", "revoked"});
}

TEST_CASE("What was refused and what was never sent leave nothing to look after") {
    Scene scene;
    const Referral referral = of_her();
    const auto ended = [&] { return is_taken(scene.table.tell(referral, message(), E::mark_error)); };
    SECTION("refused") {
        scene.relay.next(Fate::dropped, answered(422, ""));
        CHECK(declined(scene.table.give(referral)) == Code::payload_invalid);
        CHECK(ended());
        CHECK(scene.relay.asked("POST") == 1);
    }
    SECTION("too many requests") {
        scene.relay.next(Fate::dropped, answered(429, ""));
        CHECK(is_held(scene.table.give(referral)));
        CHECK(ended());
        CHECK(scene.relay.asked("POST") == 1);
    }
    SECTION("no line") {
        const std::string there = std::exchange(scene.table.url, "http://127.0.0.1:1");
        scene.table.restart();
        CHECK(is_held(scene.table.give(referral)));
        scene.table.url = there;
        scene.table.restart();
        CHECK(ended());
        CHECK(scene.relay.asked("POST") == 0);
    }
    SECTION("taken at once") {
        CHECK(is_taken(scene.table.give(referral)));
        CHECK(ended());
        CHECK(scene.relay.asked("POST") == 1);
    }
    const std::size_t asked = scene.relay.asked("GET");
    scene.table.work();
    scene.table.restart();
    scene.table.work();
    CHECK(scene.relay.asked("GET") == asked);
}

TEST_CASE("A kill while a transaction is under way is as one that was not answered for") {
    Scene scene;
    const Referral referral = of_her();
    SECTION("and it had landed") {
        scene.table.remember(referral);
        REQUIRE(is_taken(scene.table.give(referral)));
        scene.table.cut_ledger_after_last("attempted");
        scene.table.restart();
        CHECK(is_there(scene.table.clinic().already_taken(referral.from, referral.message)));
        CHECK(is_taken(scene.table.tell(referral, message(), E::withdraw)));
        CHECK(scene.relay.asked("POST") == 1);
    }
    SECTION("and it lands after her withdrawal") {
        scene.lose(referral);
        scene.table.cut_ledger_after_last("attempted");
        scene.table.restart();
        CHECK(is_taken(scene.table.tell(referral, message(), E::withdraw)));
        CHECK(scene.relay.land() == std::vector{200});
        check_buried(referral, "cancelled", "revoked");
    }
    SECTION("and the ledger is of a program that kept no attempts") {
        scene.lose(referral);
        scene.table.cut_ledger_after_last("given");
        scene.table.restart();
        CHECK(is_taken(scene.table.tell(referral, message(), E::withdraw)));
        CHECK(scene.relay.land() == std::vector{200});
        CHECK(statuses("ServiceRequest", referral.referral.text()) == std::vector<std::string>{"revoked"});
        CHECK(patient_of(referral).find(record::samples::kPhone) == std::string::npos);
    }
    CHECK(statuses("Task", referral.referral.text()) == std::vector<std::string>{"cancelled"});
}

TEST_CASE("The ledger has an attempt before a byte of it goes out and an end before the hub hears of it") {
    Scene scene;
    const Referral referral = of_her();
    std::vector<bool> known;
    scene.relay.instead([&](const Request& request) {
        if (!request.line.starts_with("POST ")) return std::string();
        std::ifstream file(scene.table.root / "ledger", std::ios::binary);
        const std::string ledger{std::istreambuf_iterator<char>(file), {}};
        known.push_back(ledger.find("attempted " + referral.referral.text()) != std::string::npos);
        CHECK(ledger.find("stands ") == std::string::npos);
        CHECK(ledger.find("stopped ") == std::string::npos);
        return kBusy;
    });
    CHECK(is_unsure(scene.table.give(referral)));
    CHECK(is_held(scene.table.tell(referral, message(), E::withdraw)));
    CHECK(is_held(scene.table.revoke(referral, message())));
    CHECK(known == std::vector{true, true, true});
}

TEST_CASE("What a program that kept no attempts left open is ended by the next one") {
    Scene scene;
    const Referral referral = of_her();
    scene.lose(referral);
    scene.table.cut_ledger_after_last("given");
    std::ofstream(scene.table.root / "ledger", std::ios::binary | std::ios::app)
        << "stands " << referral.referral.text() << " WITHDRAWN - free\n";
    CHECK(scene.relay.land() == std::vector{200});
    scene.table.restart();
    scene.table.work();
    CHECK(status_at(task_of(referral)) == "cancelled");
    CHECK(status_at(the("ServiceRequest", referral.referral.text())) == "revoked");
    CHECK(scene.late_lines() == 1);
}

TEST_CASE("A kill at any step of an end is made good when the end is delivered again") {
    Scene scene;
    const Referral referral = of_her();
    scene.lose(referral);
    const auto withdrawal = message();
    SECTION("before anything was buried") {
        scene.refuse_all(kBusy);
        CHECK(is_held(scene.table.tell(referral, withdrawal, E::withdraw)));
        scene.relay.instead({});
        scene.table.restart();
    }
    SECTION("buried, and the ledger does not know it") {
        REQUIRE(is_taken(scene.table.tell(referral, withdrawal, E::withdraw)));
        scene.table.cut_ledger_after_last("attempted");
        scene.table.restart();
    }
    SECTION("buried, and the referral is not said to have ended") {
        REQUIRE(is_taken(scene.table.tell(referral, withdrawal, E::withdraw)));
        scene.table.cut_ledger_after_last("placed");
        scene.table.restart();
    }
    SECTION("ended, and the kit does not know it") {
        REQUIRE(is_taken(scene.table.tell(referral, withdrawal, E::withdraw)));
        scene.table.restart();
    }
    CHECK(is_taken(scene.table.tell(referral, withdrawal, E::withdraw)));
    CHECK(has_tag(at(task_of(referral)), withdrawal));
    check_buried(referral, "cancelled", "revoked");
    CHECK(scene.relay.land() == std::vector{200});
    check_buried(referral, "cancelled", "revoked");
    scene.table.restart();
    scene.table.work();
    check_buried(referral, "cancelled", "revoked");
}

namespace {

// So many that the clinic has accepted, in the order in which they are swept.
std::vector<Referral> accepted(Table& table, std::size_t count) {
    std::vector<Referral> given;
    for (std::size_t i = 0; i < count; ++i) given.push_back(fresh(KnownBy::presents));
    std::sort(given.begin(), given.end(),
              [](const Referral& a, const Referral& b) { return a.referral < b.referral; });
    for (const Referral& referral : given) {
        REQUIRE(is_taken(table.give(referral)));
        write_over(task_of(referral), R"("status":"requested")", R"("status":"accepted")");
    }
    return given;
}

}  // namespace

TEST_CASE("A slow server takes ten seconds of a turn and the next turn goes on where that one stopped") {
    Scene scene;
    std::atomic<int> calls = 0;
    scene.table.steady = [&] { return std::chrono::steady_clock::time_point(4s * calls.load()); };
    const auto given = accepted(scene.table, 7);
    scene.relay.instead([&](const Request&) {
        ++calls;
        return std::string();
    });
    const auto turn = [&] {
        const std::size_t before = scene.relay.asked("GET", "Task");
        scene.table.work();
        return scene.relay.asked("GET", "Task") - before;
    };
    SECTION("each is read") {
        CHECK(turn() == 3);
        CHECK(scene.table.events().size() == 3);
        CHECK(turn() == 3);
        CHECK(turn() == 1);
        CHECK(scene.table.events().size() == given.size());
    }
    SECTION("also before the next look is due") {
        scene.table.look_every = 1h;
        scene.table.restart();
        CHECK(turn() == 3);
        CHECK(turn() == 3);
        CHECK(turn() == 1);
        CHECK(turn() == 0);
    }
    SECTION("what changed is found page by page in the same way") {
        scene.table.sweep_every = 24h;
        scene.table.page = 2;
        scene.table.restart();
        for (int i = 0; i < 3; ++i) (void)turn();
        for (const Referral& referral : given)
            write_over(task_of(referral), R"("status":"accepted")", R"("status":"in-progress")");
        // Behind all that the other cases left on the server.
        std::size_t most = 0;
        for (int i = 0; i < 1000 && scene.table.events().size() < 2 * given.size(); ++i)
            most = std::max(most, turn());
        CHECK(scene.table.events().size() == 2 * given.size());
        CHECK(most <= 3);
    }
}

TEST_CASE("A Task that the server is away for keeps no other from its turn") {
    Scene scene;
    const auto given = accepted(scene.table, 4);
    const std::string failing = "GET " + task_of(given.front()) + ' ';
    scene.relay.instead([&](const Request& request) {
        return request.line.starts_with(failing) ? answered(503, "") : std::string();
    });
    scene.table.work();
    CHECK(scene.table.events().empty());
    scene.table.work();
    CHECK(scene.table.events().size() == 3);
    // Nor is the search for changes kept from the others.
    write_over(task_of(given.back()), R"("status":"accepted")", R"("status":"in-progress")");
    scene.table.work();
    scene.table.work();
    CHECK(scene.table.events().size() == 4);
    scene.relay.instead({});
    scene.table.work();
    CHECK(scene.table.events().size() == 5);
}

TEST_CASE("A sweep in which everything fails begins anew with what was given meanwhile") {
    Scene scene;
    scene.table.sweep_every = 24h;
    scene.table.restart();
    const auto failing = accepted(scene.table, 2);
    std::vector<std::string> reads;
    for (const Referral& each : failing) reads.push_back("GET " + task_of(each) + ' ');
    scene.relay.instead([&](const Request& request) {
        const bool fails = std::any_of(reads.begin(), reads.end(), [&](const std::string& read) {
            return request.line.starts_with(read);
        });
        return fails ? answered(503, "") : std::string();
    });
    scene.table.work();
    (void)accepted(scene.table, 2);
    for (int turn = 0; turn < 4; ++turn) scene.table.work();
    CHECK(scene.table.events().size() == 2);
    scene.relay.instead({});
    for (int turn = 0; turn < 3; ++turn) scene.table.work();
    CHECK(scene.table.events().size() == 4);  // nothing that changed before was missed
}

TEST_CASE("A sweep that comes no further keeps neither the clinic's changes nor the hub's refusals waiting") {
    Scene scene;
    std::vector<std::string> reads;
    for (int i = 0; i < 3; ++i) {
        const Referral late = of_her();
        scene.lose(late);
        REQUIRE(is_taken(scene.table.tell(late, message(), E::withdraw)));
        reads.push_back(late.referral.text());
    }
    const Referral referral = accepted(scene.table, 1).front();
    scene.relay.instead([&](const Request& request) {
        const bool fails = std::any_of(reads.begin(), reads.end(), [&](const std::string& uuid) {
            return request.line.find(uuid) != std::string::npos;
        });
        return fails ? answered(503, "") : std::string();
    });
    scene.table.work();
    REQUIRE(scene.table.events() == std::vector{E::accept});
    scene.table.journal().mark_refused(scene.table.sent().at(0).written.id, Code::consent_lapsed, {});
    scene.table.work();
    CHECK(notes_at(task_of(referral)) == 1);
}
