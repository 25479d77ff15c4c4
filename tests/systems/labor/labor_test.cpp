// The labor arm takes a referral as a signed event, says how it stands by signed events, and hears of a
// withdrawal; kills and silence in between lose and double nothing. Its service is npm cloudevents' and
// jose's.
#include "tests/systems/labor/labor_table.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::labor;
using namespace kesher::labor::test;

namespace {

const std::string kDelivered = "PotentialActionStatus";
const std::string kAccepted = "ActiveActionStatus";
const std::string kScheduled = "ActiveActionStatus-scheduled";
const std::string kStarted = "ActiveActionStatus-started";
const std::string kPaused = "ActiveActionStatus-paused";
const std::string kCompleted = "CompletedActionStatus";
const std::string kFailed = "FailedActionStatus";
const std::string kSlot = R"("schedule":{"start":"2026-12-01T10:00:00+02:00","minutes":30,"place":"קומה 2"})";

// Of cases that look at their own referrals alone.
Table& shared() {
    static Table table;
    return table;
}

codec::Sealed date_chosen() {
    codec::Sealed chosen;
    chosen.need = "אגיע עם מלווה";
    chosen.appointment = codec::Appointment{kNow + 24h * 7, 30, "קומה 2"};
    return chosen;
}

}  // namespace

// ---- what is given to them ----

TEST_CASE("A referral becomes one event, signed, and its receipt is their signed answer's") {
    Table table;
    const Referral referral = fresh(KnownBy::identified);
    const auto answer = table.give(referral);
    REQUIRE(taken(answer));
    CHECK(std::get<kit::Taken>(answer).native != Digest{});
    const json::Value there = table.far.held(referral.referral);  // it takes nothing that is not signed
    CHECK(text_at(there, {"id"}) == referral.message.text());
    CHECK(text_at(there, {"source"}) == "urn:kesher:organisation:ssd-5000");
    CHECK(text_at(there, {"data", "object", "programType"}) == "vocational-training");
    CHECK(text_at(there, {"data", "signedStatement"}) == table.jws);
    CHECK(text_at(there, {"attributes", "consentid"}) == referral.consent->text());
}

TEST_CASE("They know her as far as she is known to them and no further") {
    struct Known {
        KnownBy how;
        bool phone, identity;
    };
    for (const Known& known : {Known{KnownBy::presents, false, false}, Known{KnownBy::contact, true, false},
                               Known{KnownBy::identified, true, true}}) {
        CAPTURE(kKnownBy.text(known.how));
        const Referral referral = fresh(known.how);
        REQUIRE(taken(shared().give(referral)));
        const std::string content = shared().far.held_text(referral.referral);
        const auto says = [&](std::string_view text) { return content.find(text) != std::string::npos; };
        CHECK(says(record::samples::kPhone) == known.phone);
        CHECK(says(record::samples::kIdNumber) == known.identity);
        CHECK(says(record::samples::kGivenName) == known.identity);
        CHECK(says(record::samples::kFamilyName) == known.identity);
        CHECK(says(referral.pseudonym.reveal()));
    }
}

TEST_CASE("Every safety flag that stands is listed there, and counted") {
    const Referral one = fresh();
    Referral all = fresh(KnownBy::presents);
    all.sealed.safety = codec::Safety{};  // each of them stands
    all.sealed.others[0].reset();         // where she lives is not told then
    all.groups = all.sealed.groups();
    REQUIRE(taken(shared().give(one)));
    REQUIRE(taken(shared().give(all)));
    const auto policy_of = [&](const Referral& referral) {
        return at(shared().far.held(referral.referral), {"data", "contactPolicy"});
    };
    const json::Value of_one = policy_of(one);
    CHECK(*at(of_one, {"flagCount"}).integer() == 1);
    REQUIRE(at(of_one, {"flags"}).array()->size() == 1);
    CHECK(*at(of_one, {"flags"}).array()->front().text() == kSafetyFlags.text(SafetyFlag::neutral_name));
    CHECK(text_at(of_one, {"contact"}) == "allowed");
    const json::Value of_all = policy_of(all);
    CHECK(*at(of_all, {"flagCount"}).integer() == static_cast<std::int64_t>(kSafetyFlags.size()));
    CHECK(at(of_all, {"flags"}).array()->size() == kSafetyFlags.size());
    CHECK(text_at(of_all, {"contact"}) == "prohibited");
}

TEST_CASE("The same delivery again is the same event and is answered as before") {
    Table table;
    const Referral referral = fresh();
    const auto first = table.give(referral);
    table.restart();
    const auto again = table.give(referral);
    REQUIRE(taken(first));
    REQUIRE(taken(again));
    CHECK(std::get<kit::Taken>(first).native == std::get<kit::Taken>(again).native);
    CHECK(table.far.takes(referral.referral) == 1);
}

TEST_CASE("Nothing is sent before their webhook has allowed our origin") {
    Table table;
    const Referral referral = fresh();
    table.far.allow_our_origin(false);
    CHECK(held(table.give(referral)));
    CHECK_FALSE(table.far.has(referral.referral));
    table.far.allow_our_origin(true);
    CHECK(taken(table.give(referral)));
}

TEST_CASE("Of a key that they were not given they take nothing") {
    Table table;
    const Referral referral = fresh();
    table.far.believe(shared().port_url() + "/jwks");
    CHECK(held(table.give(referral)));
    CHECK_FALSE(table.far.has(referral.referral));
    table.far.believe(table.port_url() + "/jwks");
    CHECK(taken(table.give(referral)));
}

TEST_CASE("An answer that is not signed, is another event's, or is a stranger's is no receipt") {
    Table table;
    for (const char* word : {"unsigned", "wrong-receipt"}) {
        CAPTURE(word);
        const Referral referral = fresh();
        table.far.behave(word);
        CHECK(unsure(table.give(referral)));
        table.restart();
        CHECK(taken(table.give(referral)));
        CHECK(table.far.takes(referral.referral) == 1);
    }
    const Referral referral = fresh();
    const auto theirs = table.keys.theirs;
    table.keys.theirs = shared().keys.theirs;
    table.restart();
    CHECK(unsure(table.give(referral)));
    table.keys.theirs = theirs;
    table.restart();
    CHECK(taken(table.give(referral)));
}

TEST_CASE("A service that refuses the form never has it, and one that says not now has it later") {
    Table table;
    for (const char* word : {"refuse", "problem:refused"}) {
        CAPTURE(word);
        const Referral refused = fresh();
        table.far.behave(word);
        CHECK(declined(table.give(refused)) == Code::payload_invalid);
        CHECK_FALSE(table.far.has(refused.referral));
    }
    const Referral later = fresh();
    table.far.behave("busy");
    CHECK(held(table.give(later)));
    table.restart();
    CHECK(taken(table.give(later)));
}

TEST_CASE(
    "A status of HTTP without a code of ours, or a code without their signature, is no word on a referral") {
    Table table;
    for (const char* word : {"proxy404", "forbid", "refuse-unknown", "bare:form", "bare:refused",
                             "bare:no_such_step", "bare:unknown_referral"}) {
        CAPTURE(word);
        const Referral referral = fresh();
        table.far.behave(word);
        CHECK(held(table.give(referral)));
        CHECK_FALSE(table.far.has(referral.referral));
        table.restart();
        CHECK(taken(table.give(referral)));
        table.far.behave(word);
        CHECK(held(table.tell(referral, message(), E::withdraw)));
        CHECK(table.far.updates(referral.referral).empty());
    }
}

TEST_CASE("A service that did it and did not say so is asked, and has it once") {
    Table table;
    const Referral referral = fresh();
    table.remember(referral);
    table.far.behave("late");
    CHECK(unsure(table.give(referral)));
    table.restart();
    const auto before = table.liaison().already_taken(referral.from, referral.message);
    CHECK(std::holds_alternative<kit::Taken>(before));
    CHECK(taken(table.give(referral)));
    CHECK(table.far.takes(referral.referral) == 1);
    for (const char* word : {"away", "silent"}) {
        CAPTURE(word);
        const Referral never = fresh();
        table.remember(never);
        table.far.behave(word);
        CHECK(unsure(table.give(never)));
        table.restart();
        const auto nothing = table.liaison().already_taken(never.from, never.message);
        CHECK(std::holds_alternative<kit::NotTaken>(nothing));
        CHECK(taken(table.give(never)));
    }
}

TEST_CASE("A service that is not reached holds everything and hears it once it is back") {
    Table table;
    const Referral referral = fresh();
    table.endpoint = "http://127.0.0.1:1/kesher";
    table.restart();
    CHECK(held(table.give(referral)));
    const MessageId cancelled = message();
    CHECK(held(table.tell(referral, cancelled, E::cancel)));
    table.endpoint.clear();
    table.restart();
    CHECK(taken(table.give(referral)));
    CHECK(taken(table.tell(referral, cancelled, E::cancel)));
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"cancel"});
}

// ---- what is told to them ----

TEST_CASE("Her withdrawal reaches them and what they say afterwards is no step any more") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    REQUIRE(taken(table.tell(referral, message(), E::withdraw)));
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"withdraw"});
    const Heard heard = table.hear(referral, kAccepted);
    CHECK(heard.status == 409);
    CHECK(heard.code == "no_such_step");
    CHECK(table.events().empty());
}

TEST_CASE("A consent that is revoked ends every referral under it before the hub hears that it has") {
    Table table;
    const Referral first = fresh();
    Referral second = fresh();
    second.consent = first.consent;
    REQUIRE(taken(table.give(first)));
    REQUIRE(taken(table.give(second)));
    const MessageId notice = message();
    table.far.behave("busy");
    CHECK(held(table.revoke(first, notice)));
    table.work();
    CHECK(table.sent().empty());
    CHECK(taken(table.revoke(first, notice)));
    CHECK(table.far.updates(first.referral) == std::vector<std::string>{"revoke"});
    CHECK(table.far.updates(second.referral) == std::vector<std::string>{"revoke"});
    table.work();
    REQUIRE(table.sent().size() == 1);
    CHECK(table.sent().front().written.type == MessageType::consent_revocation_acked);
    CHECK(table.hear(first, kAccepted).status == 409);
}

TEST_CASE("Between her no and its notice nothing of theirs is told any more") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    table.journal().apply_revocation(*referral.consent);
    const Heard heard = table.hear(referral, kAccepted);
    CHECK(heard.status == 403);
    CHECK(heard.code == "not_told");
    CHECK(table.events().empty());
}

TEST_CASE(
    "Between her no and its notice what ends it goes without a word, and what asks for more does not go") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    REQUIRE(table.hears(referral, kAccepted));
    table.journal().apply_revocation(*referral.consent);
    CHECK(declined(table.tell(referral, message(), E::schedule, {}, date_chosen())) == Code::consent_revoked);
    CHECK(table.far.updates(referral.referral).empty());
    CHECK(taken(table.tell(referral, message(), E::withdraw, {}, date_chosen())));
    const auto told = table.far.told(referral.referral);
    REQUIRE(told.size() == 1);
    for (const char* member : {"need", "schedule", "policy"}) {
        CAPTURE(member);
        CHECK(at(told.front(), {member}).is_null());
    }
}

TEST_CASE("A frozen referral keeps their word waiting and it is told once it is not") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    REQUIRE(taken(table.tell(referral, message(), E::freeze)));
    const Heard heard = table.hear(referral, kAccepted);
    CHECK(heard.status == 503);
    CHECK(heard.code == "not_now");
    REQUIRE(taken(table.tell(referral, message(), E::unfreeze)));
    CHECK(table.hears(referral, kAccepted));
    CHECK(table.events() == std::vector<E>{E::accept});
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"freeze", "unfreeze"});
}

TEST_CASE("A date that she chose counts only for how she believes it to stand") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    REQUIRE(table.hears(referral, kAccepted));
    const MessageId id = message();
    table.far.behave("moved");  // between the look and the event
    CHECK(held(table.tell(referral, id, E::schedule, {}, date_chosen())));
    CHECK(table.far.updates(referral.referral).empty());
    CHECK(taken(table.tell(referral, id, E::schedule, {}, date_chosen())));
    const auto told = table.far.told(referral.referral);
    REQUIRE(told.size() == 1);
    CHECK(text_at(told.front(), {"event"}) == "schedule");
    CHECK(text_at(told.front(), {"need"}) == "אגיע עם מלווה");
    CHECK(text_at(told.front(), {"schedule", "startDate"}) == "2026-11-28T14:00:00+02:00");
    CHECK(text_at(told.front(), {"schedule", "duration"}) == "PT30M");
    CHECK(text_at(told.front(), {"schedule", "location"}) == "קומה 2");
    CHECK(*at(told.front(), {"policy", "flagCount"}).integer() ==
          static_cast<std::int64_t>(kSafetyFlags.size()));
    CHECK(*at(told.front(), {"ifMatch"}).boolean());
    const std::size_t events = table.events().size();
    CHECK(table.hears(referral, kAccepted));  // not that she did not come
    CHECK(table.events().size() == events);
    CHECK(table.hear(referral, kAccepted, R"("words":"הגיעה")").status == 409);
}

TEST_CASE("A date that they took without an answer is the same date when it is said again") {
    const Referral referral = fresh();
    REQUIRE(taken(shared().give(referral)));
    REQUIRE(shared().hears(referral, kAccepted));
    const MessageId id = message();
    shared().far.behave("late");
    CHECK(held(shared().tell(referral, id, E::schedule, {}, date_chosen())));
    CHECK(taken(shared().tell(referral, id, E::schedule, {}, date_chosen())));
    CHECK(shared().far.updates(referral.referral) == std::vector<std::string>{"schedule"});
}

TEST_CASE("A date that they refuse is declined") {
    const Referral referral = fresh();
    REQUIRE(taken(shared().give(referral)));
    REQUIRE(shared().hears(referral, kAccepted));
    shared().far.behave("refuse");
    CHECK(declined(shared().tell(referral, message(), E::schedule, {}, date_chosen())) ==
          Code::event_not_allowed);
    CHECK(shared().far.updates(referral.referral).empty());
}

TEST_CASE("An end goes however it stands there") {
    const Referral referral = fresh();
    REQUIRE(taken(shared().give(referral)));
    shared().far.behave("moved");
    CHECK(taken(shared().tell(referral, message(), E::withdraw)));
    const auto told = shared().far.told(referral.referral);
    REQUIRE(told.size() == 1);
    CHECK_FALSE(*at(told.front(), {"ifMatch"}).boolean());
}

TEST_CASE("Only what they did, or say that no step leads there from, confirms an end or a halt") {
    for (const E event : {E::withdraw, E::cancel, E::mark_error, E::freeze, E::hold}) {
        for (const char* word :
             {"problem:form", "problem:refused", "problem:not_told", "problem:changed", "busy",
              "refuse-unknown", "proxy404", "forbid", "away", "late", "unsigned"}) {
            CAPTURE(kReferralEvents.text(event), word);
            Table& table = shared();
            const Referral referral = fresh();
            REQUIRE(taken(table.give(referral)));
            if (event == E::hold) REQUIRE(table.hears(referral, kAccepted));
            const MessageId id = message();
            table.far.behave(word);
            CHECK(held(table.tell(referral, id, event)));
            CHECK(taken(table.tell(referral, id, event)));  // the same event, judged anew or known
            CHECK(table.far.updates(referral.referral) ==
                  std::vector<std::string>{std::string(kReferralEvents.text(event))});
        }
    }
}

TEST_CASE("That it is over there already, or was never there, confirms an end") {
    for (const char* word : {"problem:unknown_referral", "problem:no_such_step"}) {
        CAPTURE(word);
        const Referral referral = fresh();
        REQUIRE(taken(shared().give(referral)));
        shared().far.behave(word);
        CHECK(taken(shared().tell(referral, message(), E::withdraw)));
    }
}

TEST_CASE("What the exchange will not hear is said to nobody there") {
    Table& table = shared();
    const Referral referral = fresh();
    CHECK(declined(table.tell(referral, message(), E::withdraw)) == Code::not_found);
    REQUIRE(taken(table.give(referral)));
    CHECK(declined(table.tell(referral, message(), E::accept)) == Code::event_not_allowed);
    Referral stranger = referral;
    stranger.from = statement::organisation("ssd-4000");
    CHECK(declined(table.tell(stranger, message(), E::withdraw)) == Code::event_not_allowed);
    CHECK(table.far.updates(referral.referral).empty());
    Referral other = fresh();
    other.service = Service::hlt_trauma;
    CHECK(declined(table.give(other)) == Code::service_not_allowed);
    CHECK_FALSE(table.far.has(other.referral));
}

TEST_CASE("What the hub refused of theirs is said to them once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    CHECK(table.hears(referral, kAccepted));
    REQUIRE(table.sent().size() == 1);
    table.journal().mark_refused(table.sent().front().written.id, Code::consent_lapsed, std::nullopt);
    table.work();
    table.now += 1h;
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"not_told"});
}

// ---- what comes late ----

TEST_CASE("What arrives after her withdrawal is found and ended") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("slow-commit");  // a queue in front of it has taken it in
    CHECK(unsure(table.give(referral)));
    CHECK(taken(table.tell(referral, message(), E::withdraw)));
    CHECK_FALSE(table.far.has(referral.referral));
    table.work();
    table.far.commit();
    REQUIRE(table.far.has(referral.referral));
    table.now += 24h;
    table.restart();
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"withdraw"});
    table.now += 24h;
    table.work();
    CHECK(table.far.updates(referral.referral).size() == 1);
}

TEST_CASE("An end that is taken in without a look still finds what arrives after it") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("slow-commit");
    CHECK(unsure(table.give(referral)));
    table.far.behave("blind");
    CHECK(taken(table.tell(referral, message(), E::withdraw)));
    table.far.commit();
    REQUIRE(table.far.has(referral.referral));
    CHECK(table.far.updates(referral.referral).empty());
    table.now += 24h;
    table.restart();
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"withdraw"});
}

TEST_CASE("What has not come a week after her withdrawal is looked for no more") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("slow-commit");
    CHECK(unsure(table.give(referral)));
    CHECK(taken(table.tell(referral, message(), E::withdraw)));
    table.work();
    table.now += 24h * 7;
    table.work();
    CHECK(table.far.looks(referral.referral) == 2);
    table.now += 24h;
    table.work();
    CHECK(table.far.looks(referral.referral) == 3);
    table.restart();
    table.work();
    CHECK(table.far.looks(referral.referral) == 3);
}

TEST_CASE("A refusal of what was sent before without an answer ends what may still arrive") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("slow-commit");
    CHECK(unsure(table.give(referral)));
    table.far.behave("refuse");
    CHECK(declined(table.give(referral)) == Code::payload_invalid);
    table.far.commit();
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"cancel"});
}

TEST_CASE("Asked after her revocation whether it came, the adapter still ends it") {
    Table table;
    const Referral referral = fresh();
    table.remember(referral);
    table.far.behave("slow-commit");
    CHECK(unsure(table.give(referral)));
    CHECK(taken(table.revoke(referral, message())));
    table.far.commit();
    const auto before = table.liaison().already_taken(referral.from, referral.message);
    CHECK(std::holds_alternative<kit::Taken>(before));
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"revoke"});
}

TEST_CASE("What they say of a referral that came after her withdrawal ends it at once") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("slow-commit");
    CHECK(unsure(table.give(referral)));
    CHECK(taken(table.tell(referral, message(), E::withdraw)));
    table.work();
    table.far.commit();
    CHECK(table.hear(referral, kAccepted).status == 409);
    CHECK(table.far.updates(referral.referral).empty());
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"withdraw"});
    CHECK(table.events().empty());
}

// ---- what they say ----

TEST_CASE("What they say of it is told to who referred her, step by step, and answered at once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    CHECK(table.hears(referral, kDelivered));
    CHECK(table.events().empty());  // DELIVERED says what the acknowledgement said
    const Heard accepted = table.hear(referral, kAccepted);
    CHECK(accepted.status == 202);
    CHECK(accepted.receipt);
    CHECK(accepted.location == "/referrals/" + referral.referral.text());
    CHECK(accepted.etag.find("ACCEPTED") != std::string::npos);
    CHECK(table.hears(referral, kPaused));
    CHECK(table.hears(referral, kCompleted));
    const std::vector<E> told = table.events();
    CHECK(told == std::vector<E>{E::accept, E::hold, E::resume, E::start, E::complete});
    const auto rows = table.sent();
    CHECK(Table::event_in(rows.at(1)).reason == Reason::docs_missing);
    CHECK(Table::event_in(rows.at(2)).synthesized);
    CHECK(Table::event_in(rows.at(3)).synthesized);
    CHECK(Table::event_in(rows.at(4)).outcome == Outcome::provided);
    CHECK_FALSE(Table::event_in(rows.at(4)).synthesized);
    const Heard after = table.hear(referral, kAccepted);  // it has ended
    CHECK(after.status == 409);
    CHECK(after.code == "no_such_step");
}

TEST_CASE("Steps that they skip are told as steps that nobody said") {
    const Referral referral = fresh();
    REQUIRE(taken(shared().give(referral)));
    const std::size_t before = shared().sent().size();
    CHECK(shared().hears(referral, kStarted));
    const auto rows = shared().sent();
    REQUIRE(rows.size() == before + 2);
    CHECK(Table::event_in(rows.at(before)).event == E::accept);
    CHECK(Table::event_in(rows.at(before)).synthesized);
    CHECK(Table::event_in(rows.at(before + 1)).event == E::start);
    CHECK_FALSE(Table::event_in(rows.at(before + 1)).synthesized);
}

TEST_CASE("A refusal of theirs is told with its reason, theirs before the mapping's") {
    Table table;
    const Referral first = fresh();
    const Referral second = fresh();
    const Referral third = fresh();
    for (const Referral& each : {first, second, third}) REQUIRE(taken(table.give(each)));
    CHECK(table.hears(first, kFailed));
    CHECK(table.hears(second, kFailed, R"("reason":"no-capacity")"));
    CHECK(table.hears(third, kFailed + "-incomplete"));
    const auto rows = table.sent();
    REQUIRE(rows.size() == 3);
    CHECK(Table::event_in(rows.at(0)).reason == Reason::not_eligible);
    CHECK(Table::event_in(rows.at(1)).reason == Reason::no_capacity);
    CHECK(Table::event_in(rows.at(2)).reason == Reason::missing_info);
}

TEST_CASE("An appointment of theirs is sealed to who referred her with its place and hour") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    CHECK(table.hears(referral, kScheduled, kSlot));
    CHECK(table.events() == std::vector<E>{E::accept, E::schedule});
    const codec::Sealed sealed = table.opened(table.sent().at(1));
    REQUIRE(sealed.appointment);
    CHECK(sealed.appointment->slot == start_of(parse_day("2026-12-01").value()) + 8h);
    CHECK(sealed.appointment->minutes == 30);
    CHECK(sealed.appointment->place == "קומה 2");
}

TEST_CASE("Words of theirs are sealed to who referred her with every safety flag standing") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    CHECK(table.hears(referral, kPaused, R"("words":"חסר אישור")"));
    const auto rows = table.sent();
    REQUIRE(rows.size() == 2);
    const codec::Sealed sealed = table.opened(rows.at(1));
    CHECK(sealed.need == "חסר אישור");
    CHECK(sealed.safety == codec::Safety{});
}

TEST_CASE("Words that the referrer cannot guard stay behind, and their people hear that they did") {
    Table table(kBuiltIn, WordSet<SafetyFlag>{});
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    const Heard heard = table.hear(referral, kAccepted, R"("words":"חסר אישור")");
    CHECK(heard.status == 202);
    CHECK(heard.receipt);
    CHECK(heard.words.find("the remark was not") != std::string::npos);
    CHECK(table.events() == std::vector<E>{E::accept});
}

TEST_CASE("What supposes another state than the present one is told the present one and does nothing") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    const Heard accepted = table.hear(referral, kAccepted);
    const Heard paused = table.hear(referral, kPaused, if_match(accepted.etag));
    REQUIRE(paused.status == 202);
    CHECK(paused.etag != accepted.etag);
    const std::size_t told = table.events().size();
    const Heard stale = table.hear(referral, kCompleted, if_match(accepted.etag));
    CHECK(stale.status == 412);
    CHECK(stale.code == "changed");
    CHECK(stale.etag == paused.etag);
    CHECK(table.events().size() == told);
    CHECK(table.hears(referral, kCompleted, if_match(stale.etag)));
}

TEST_CASE("Their event under the same id is answered as before and another content under it is refused") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    const std::string id = R"("id":"event-1")";
    CHECK(table.hears(referral, kAccepted, id));
    CHECK(table.hears(referral, kAccepted, id));
    table.restart();
    CHECK(table.hears(referral, kAccepted, id));
    CHECK(table.events() == std::vector<E>{E::accept});
    const Heard other = table.hear(referral, kFailed, id);
    CHECK(other.status == 422);
    CHECK(other.faults == std::vector<std::string>{"/id value"});
    CHECK(table.events() == std::vector<E>{E::accept});
}

TEST_CASE("An event about a referral that is none of theirs says no more than that") {
    const Heard heard = shared().hear(fresh(), kAccepted);
    CHECK(heard.status == 404);
    CHECK(heard.code == "unknown_referral");
    CHECK(heard.etag.empty());
}

TEST_CASE("What none of their keys signed is refused and nothing of it is told") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    for (const char* spoil : {"signature", "key", "body"}) {
        CAPTURE(spoil);
        const Heard heard = table.hear(referral, kAccepted, std::string(R"("spoil":")") + spoil + '"');
        CHECK(heard.status == 401);
        CHECK(heard.code == "signature");
        CHECK(heard.title.find(" / ") != std::string::npos);  // in Hebrew and in English
    }
    CHECK(table.events().empty());
    CHECK(table.hears(referral, kAccepted));
}

TEST_CASE("Another origin is not allowed to send") {
    const Heard heard = shared().hear(fresh(), kAccepted, R"("origin":"other.example.org")");
    CHECK(heard.code == "not_allowed");
}

TEST_CASE("A form that is wrong is answered with the way to it and the flaw, and nothing happens") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    struct Wrong {
        std::string status, more, fault;
    };
    for (const Wrong& wrong :
         {Wrong{kAccepted, R"("source":"urn:housing")", "/source value"},
          Wrong{kAccepted, R"("type":"kesher.referral.closed.v1")", "/type unknown_code"},
          Wrong{"DoneActionStatus", "", "/data/actionStatus unknown_code"},
          Wrong{kAccepted + "-nearly", "", "/data/x-substatus unknown_code"},
          Wrong{kFailed, R"("reason":"because")", "/data/error/code unknown_code"},
          Wrong{kAccepted, R"("reason":"no-capacity")", "/data/error/code value"},
          Wrong{kAccepted, R"("outcome":"provided")", "/data/result value"},
          Wrong{kScheduled, "", "/data/schedule missing"}, Wrong{kAccepted, kSlot, "/data/schedule value"}}) {
        CAPTURE(wrong.status, wrong.more);
        const Heard heard = table.hear(referral, wrong.status, wrong.more);
        CHECK(heard.status == 422);
        CHECK(heard.code == "form");
        CHECK(heard.faults == std::vector<std::string>{wrong.fault});
    }
    CHECK(table.events().empty());
}

TEST_CASE("A kill behind the outbox, before the ledger knows, tells a step once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    CHECK(table.hears(referral, kAccepted, R"("id":"a")"));
    table.cut_ledger_after_last("intends");
    table.restart();
    CHECK(table.hears(referral, kAccepted, R"("id":"a")"));
    CHECK(table.events() == std::vector<E>{E::accept});
}

TEST_CASE("Their event while we wait for them is told to come again at once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    table.far.behave("silent");
    auto ours = std::async(std::launch::async, [&] { return table.give(fresh()); });
    std::string code;
    while (ours.wait_for(0ms) != std::future_status::ready && code.empty()) {
        const auto begun = std::chrono::steady_clock::now();
        const Heard heard = table.far.say(table.call(referral, kAccepted));
        if (std::chrono::steady_clock::now() - begun < 1s) code = heard.code;
    }
    CHECK(code == "not_now");
    CHECK(unsure(ours.get()));
}

TEST_CASE("An event that the loop never comes to is told to come again and nothing of it happens later") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    table.patience = 50ms;
    table.restart();
    CHECK(table.far.say(table.call(referral, kAccepted)).status == 503);
    table.work();
    CHECK(table.events().empty());
}

// ---- another specification of theirs ----

TEST_CASE("A ministry's real names and codes take the place of ours by a file alone") {
    std::string toml = statement::file_text(kBuiltIn.string());
    const auto change = [&](const std::string& from, const std::string& to) {
        const std::size_t at = toml.find(from);
        REQUIRE(at != std::string::npos);
        toml.replace(at, from.size(), to);
    };
    change("object.service = \"programType\"", "object.service = \"trackCode\"");
    change("service.EMP-VOC = \"vocational-training\"", "service.EMP-VOC = \"HKSH-17\"");
    change("status.ActiveActionStatus-started", "status.B2");
    change("attribute.referral = \"referralid\"", "attribute.referral = \"misparhafnaya\"");
    change("data.status = \"actionStatus\"", "data.status = \"matzav\"");
    const fs::path file = fs::temp_directory_path() / ("kesher-mapping-" + std::to_string(::getpid()));
    std::ofstream(file, std::ios::binary) << toml;
    Table table(file);
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    const json::Value there = table.far.held(referral.referral);
    CHECK(text_at(there, {"data", "object", "trackCode"}) == "HKSH-17");
    CHECK(text_at(there, {"attributes", "misparhafnaya"}) == referral.referral.text());
    CHECK(table.hears(referral, "B2"));
    const Heard unknown = table.hear(referral, kStarted);
    CHECK(unknown.status == 422);
    CHECK(table.events() == std::vector<E>{E::accept, E::start});
    CHECK(taken(table.tell(referral, message(), E::schedule, {}, date_chosen())));
    CHECK(taken(table.tell(referral, message(), E::withdraw)));
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"schedule", "withdraw"});
    fs::remove(file);
}
