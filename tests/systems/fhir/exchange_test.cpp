// A referral goes to a FHIR server that is not ours, is answered entry by entry, and comes back as it was.
#include <catch2/catch.hpp>

#include <algorithm>

#include "adapters/health/bundle_write.h"
#include "adapters/health/fhir_codes.h"
#include "adapters/health/losses.h"
#include "adapters/health/patch_write.h"
#include "adapters/health/referral_read.h"
#include "adapters/health/steps.h"
#include "adapters/health/transaction_answer.h"
#include "schemas/json/read.h"
#include "tests/systems/fhir/far_side.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;
using tests::FarSide;

namespace {

// Ids of its own for each case: the far side remembers.
Referral fresh(KnownBy how) {
    static std::mt19937 dice(20261121);
    const Referral drawn = record::samples::drawn(dice);
    Referral referral = record::samples::known_by(how);
    referral.message = drawn.message;
    referral.referral = drawn.referral;
    referral.pseudonym = drawn.pseudonym;
    std::array<std::uint8_t, 16> random{};
    for (auto& byte : random) byte = static_cast<std::uint8_t>(dice());
    referral.consent = ConsentId::of_random(random);
    return referral;
}

std::vector<EntryAnswer> sent(const Referral& referral) {
    const auto answer = FarSide::running().post("/", transaction_bundle(referral));
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    const auto entries = read_transaction_answer(answer.body, parts_of(referral));
    REQUIRE(entries);
    return entries.value();
}

std::string location(const std::vector<EntryAnswer>& answers, Part part) {
    for (const EntryAnswer& answer : answers)
        if (answer.part == part) return '/' + answer.location;
    throw std::out_of_range("no such part");
}

// What the far side holds of it now, as one Bundle.
std::string collected(const std::vector<EntryAnswer>& answers) {
    std::string bundle = R"({"resourceType":"Bundle","type":"collection","entry":[)";
    for (const EntryAnswer& answer : answers) {
        const auto held = FarSide::running().get('/' + answer.location);
        REQUIRE(held.status == 200);
        if (&answer != &answers.front()) bundle += ',';
        bundle += R"({"fullUrl":")" + answer.location + R"(","resource":)" + held.body + '}';
    }
    return bundle + "]}";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::size_t found(const std::string& search) {
    const auto answer = FarSide::running().get(search);
    REQUIRE(answer.status == 200);
    const auto bundle = json::read(answer.body, {1 << 24, 32}).value();
    const json::Value* entries = bundle.find("entry");
    return entries == nullptr ? 0 : entries->array()->size();
}

struct Held {
    TaskReport report;
    std::string body;
};
Held task_at(const std::string& path) {
    const auto answer = FarSide::running().get(path);
    REQUIRE(answer.status == 200);
    const auto report = read_task(answer.body);
    if (!report) FAIL(words_of(report.error().front(), Language::en));
    CHECK(answer.header("etag") == if_match(report->version));
    return {report.value(), answer.body};
}

// The far side's worker changes the Task and what we then read.
TaskReport changed(const std::string& path, std::string_view from, std::string_view to) {
    const Held before = task_at(path);
    const auto put =
        FarSide::running().put(path, replaced(before.body, from, to), if_match(before.report.version));
    INFO(put.body);
    REQUIRE(put.status == 200);
    return task_at(path).report;
}

std::vector<ReferralEvent> events(const std::vector<Change>& changes) {
    std::vector<ReferralEvent> said;
    for (const Change& change : changes) said.push_back(change.event.event);
    return said;
}

}  // namespace

TEST_CASE("A referral is taken whole and a second delivery of it changes nothing") {
    for (const auto how : {KnownBy::presents, KnownBy::contact, KnownBy::identified}) {
        const Referral referral = fresh(how);
        const auto first = sent(referral);
        CHECK(all_taken(first));
        CHECK(std::count_if(first.begin(), first.end(),
                            [](const EntryAnswer& a) { return a.status == 201; }) >= 5);
        const auto second = sent(referral);
        REQUIRE(second.size() == first.size());
        for (std::size_t i = 0; i < first.size(); ++i) {
            CHECK(second[i].status == 200);
            CHECK(second[i].location == first[i].location);
        }
        for (const Part part : parts_of(referral))
            CHECK(found('/' + std::string(resource_type(part)) + '?' + condition(referral, part)) == 1);
    }
}

TEST_CASE("What the far side keeps is the referral minus its declared losses") {
    for (const auto how : {KnownBy::presents, KnownBy::contact, KnownBy::identified}) {
        const Referral referral = fresh(how);
        CHECK((read_referral(collected(sent(referral))).value() == minus_losses(referral)));
    }
}

TEST_CASE("Whatever a record may hold passes two foreign validators and comes back") {
    std::mt19937 dice(42);
    for (int i = 0; i < 25; ++i) {
        Referral referral = record::samples::drawn(dice);
        const Referral ids = fresh(KnownBy::presents);
        referral.message = ids.message;
        referral.referral = ids.referral;
        referral.pseudonym = ids.pseudonym;
        if (referral.consent) referral.consent = ids.consent;
        const auto answers = sent(referral);
        CHECK(all_taken(answers));
        CHECK((read_referral(collected(answers)).value() == minus_losses(referral)));
    }
}

TEST_CASE("Nothing of who she is stands on the far side where she presents herself") {
    Referral referral = fresh(KnownBy::presents);
    referral.sealed.identity = record::samples::whole().sealed.identity;  // planted
    referral.sealed.contact->phone = std::string(record::samples::kPhone);
    const std::string held = collected(sent(referral));
    for (const auto secret : {record::samples::kGivenName, record::samples::kFamilyName,
                              record::samples::kIdNumber, record::samples::kPhone})
        CHECK(held.find(secret) == std::string::npos);
    CHECK(held.find("REDACTED") != std::string::npos);
}

TEST_CASE("The far side's changes of the Task become events step by step") {
    const Referral referral = fresh(KnownBy::contact);
    const std::string task = location(sent(referral), Part::task);
    Standing standing{ReferralState::delivered};
    const auto follow = [&](const TaskReport& report) {
        CHECK(report.referral == referral.referral);
        const auto changes = steps_to(standing, report, {}).value();
        for (const Change& change : changes) {
            REQUIRE(record::may(standing, change.event.event));
            standing = after(standing, change.event.event);
        }
        return events(changes);
    };
    CHECK(follow(task_at(task).report).empty());
    CHECK(follow(changed(task, R"("status":"requested")", R"("status":"accepted")")) ==
          std::vector{ReferralEvent::accept});
    const std::string waiting = R"("status":"accepted","businessStatus":{"coding":[{"system":")" +
                                std::string(systems::kSdohCc) + R"(","code":"not-enrolled-on-waitlist"}]})";
    CHECK(follow(changed(task, R"("status":"accepted")", waiting)) == std::vector{ReferralEvent::waitlist});
    CHECK(follow(changed(task, waiting, R"("status":"in-progress")")) == std::vector{ReferralEvent::start});
    CHECK(follow(changed(task, R"("status":"in-progress")", R"("status":"on-hold")")) ==
          std::vector{ReferralEvent::hold});
    const std::string done =
        R"("status":"completed","output":[{"type":{"text":"outcome"},"valueCodeableConcept":{"coding":)"
        R"([{"system":"urn:kesher:outcome","code":"partly"}]}}])";
    CHECK(follow(changed(task, R"("status":"on-hold")", done)) ==
          std::vector{ReferralEvent::resume, ReferralEvent::complete});
    CHECK(standing.state == ReferralState::completed);
}

TEST_CASE("A change on an older version is refused by the far side") {
    const std::string task = location(sent(fresh(KnownBy::contact)), Part::task);
    const Held before = task_at(task);
    CHECK(changed(task, R"("status":"requested")", R"("status":"accepted")").version !=
          before.report.version);
    const auto stale = FarSide::running().put(task, before.body, if_match(before.report.version));
    CHECK(stale.status == 412);
    CHECK(task_at(task).report.state == ReferralState::accepted);
}

TEST_CASE("An appointment on the far side schedules the referral with time and place sealed") {
    const auto answers = sent(fresh(KnownBy::contact));
    const std::string task = location(answers, Part::task);
    const std::string appointment =
        R"({"resourceType":"Appointment","status":"booked","start":"2026-12-01T09:00:00+02:00",)"
        R"("end":"2026-12-01T09:40:00+02:00","basedOn":[{"reference":")" +
        location(answers, Part::service_request).substr(1) +
        R"("}],"participant":[{"actor":{"reference":"Location/4","display":"חדר 4"},"status":"accepted"}]})";
    const auto made = FarSide::running().post("/Appointment", appointment);
    INFO(made.body);
    REQUIRE(made.status == 201);
    const std::string at(made.header("location").value());
    const TaskReport report = changed(
        task, R"("status":"requested")",
        R"("status":"accepted","output":[{"type":{"text":"appointment"},"valueReference":{"reference":")" +
            at + R"("}}])");
    REQUIRE(report.appointment == at);
    const auto booked = read_appointment(FarSide::running().get('/' + *report.appointment).body).value();
    const auto changes = steps_to({ReferralState::delivered, {}}, report, booked).value();
    CHECK(events(changes) == std::vector{ReferralEvent::accept, ReferralEvent::schedule});
    CHECK(changes.back().appointment->place == "חדר 4");
    CHECK(changes.back().appointment->minutes == 40);
}

TEST_CASE("A withdrawal cancels the Task and revokes the request on the far side") {
    const auto answers = sent(fresh(KnownBy::contact));
    const std::string task = location(answers, Part::task);
    const std::string request = location(answers, Part::service_request);
    const codec::ReferralEventPayload event{.event = ReferralEvent::withdraw,
                                            .occurred_on = parse_day("2026-11-21").value()};
    const StatusWords words = status_words(event.event, ReferralState::withdrawn).value();
    const auto opened = [](const std::string& path) {
        return json::read(FarSide::running().get(path).body, {1 << 24, 32}).value();
    };
    const std::string patch = Patch(opened(task)).status(words.task).told(event).take();
    CHECK(FarSide::running().patch(task, patch, if_match("no-such-version")).status == 412);
    CHECK(task_at(task).report.state == ReferralState::delivered);
    const std::string version = if_match(task_at(task).report.version);
    CHECK(FarSide::running().patch(task, patch, version).status == 200);
    const auto held = FarSide::running().get(request);
    const std::string etag(held.header("etag").value());
    const std::string revoke = Patch(opened(request)).status(words.service_request).take();
    CHECK(FarSide::running().patch(request, revoke, etag).status == 200);
    CHECK(FarSide::running().get(request).body.find(R"("status":"revoked")") != std::string::npos);
    const TaskReport report = task_at(task).report;
    CHECK(report.state == ReferralState::cancelled);
    CHECK(steps_to({ReferralState::withdrawn, {}}, report, {}).value().empty());
    CHECK_FALSE(steps_to({ReferralState::accepted, {}}, report, {}));
}

TEST_CASE("One entry that is not valid stops the whole before anything is written") {
    const auto refused = [](std::string_view from, std::string_view to, std::string_view place) {
        const Referral referral = fresh(KnownBy::identified);
        const auto answer = FarSide::running().post("/", replaced(transaction_bundle(referral), from, to));
        CHECK(answer.status == 422);
        const auto issues = read_outcome(answer.body);
        REQUIRE(issues);
        const auto names = [&](const Issue& issue) {
            return !issue.expression.empty() && issue.expression.front().find(place) != std::string::npos;
        };
        INFO(answer.body);
        CHECK(std::any_of(issues->begin(), issues->end(), names));
        CHECK(answer.body.find(record::samples::kIdNumber) == std::string::npos);
        CHECK(found('/' + std::string("Patient?") + condition(referral, Part::patient)) == 0);
        CHECK(found('/' + std::string("Task?") + condition(referral, Part::task)) == 0);
    };
    refused(R"("status":"requested")", R"("status":"sent")", "Task");
    refused(R"("gender":"unknown")", R"("gender":"unsaid")", "Patient");
    refused(R"("recorded":")", R"("recordedAt":")", "Provenance");
    refused(R"("authoredOn":")", R"("authoredOn":"on )", "ServiceRequest");
    refused(R"("policyRule":)",
            R"("sourceAttachment":{"title":"a"},"sourceReference":{"display":"b"},"policyRule":)",
            "Consent.source[x]");
}

TEST_CASE("A patch that would leave what is not valid is refused and changes nothing") {
    const std::string task = location(sent(fresh(KnownBy::contact)), Part::task);
    const Held before = task_at(task);
    const auto patched = [&](std::string_view status) {
        return FarSide::running().patch(
            task, R"([{"op":"replace","path":"/status","value":")" + std::string(status) + R"("}])",
            if_match(before.report.version));
    };
    const auto refused = patched("sent");
    CHECK(refused.status == 422);
    CHECK(read_outcome(refused.body));
    CHECK(task_at(task).report.version == before.report.version);
    CHECK(patched("accepted").status == 200);
}

TEST_CASE("What changed since a time is found by the recipient as owner") {
    const Referral referral = fresh(KnownBy::contact);
    const auto answers = sent(referral);
    const std::string owner = location(answers, Part::recipient).substr(1);
    const std::string search = "/Task?owner=" + owner + "&_count=1000&_lastUpdated=gt";
    CHECK(found(search + "2026-01-01T00:00:00Z") >= 1);
    CHECK(found(search + "2199-01-01T00:00:00Z") == 0);
}
