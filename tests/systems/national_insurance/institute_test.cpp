// National Insurance takes a referral by SOAP, says how it stands by SOAP, and hears of a withdrawal; kills
// and silence in between lose and double nothing. Its service and its client are npm soap's.
#include "tests/systems/national_insurance/institute_table.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::national_insurance;
using namespace kesher::national_insurance::test;

namespace {

// Of cases that look at their own referrals alone.
Table& shared() {
    static Table table;
    return table;
}

}  // namespace

TEST_CASE("A referral becomes a call of their service and its receipt is their answer's") {
    Table table;
    const Referral referral = fresh(KnownBy::identified);
    const auto answer = table.give(referral);
    REQUIRE(taken(answer));
    CHECK(std::get<kit::Taken>(answer).native != Digest{});
    REQUIRE(table.far.has(referral.referral));
    const json::Value held_there = table.far.held(referral.referral);
    CHECK(*held_there.find("id")->text() == referral.message.text());
    CHECK(*held_there.find("client")->text() == "ssd-5000");
}

TEST_CASE("The same delivery again is the same call and is answered as before") {
    Table table;
    const Referral referral = fresh();
    const auto first = table.give(referral);
    table.restart();
    const auto again = table.give(referral);
    REQUIRE(taken(first));
    REQUIRE(taken(again));
    CHECK(std::get<kit::Taken>(first).native == std::get<kit::Taken>(again).native);
}

TEST_CASE("What they say of it is told to who referred her, step by step, and answered at once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    CHECK(table.hear(referral, "10").code == "0");
    CHECK(table.events().empty());  // DELIVERED says what the acknowledgement said
    CHECK(table.hear(referral, "20").code == "0");
    CHECK(table.hear(referral, "25").code == "0");
    CHECK(table.hear(referral, "30").code == "0");
    const std::vector<E> told = table.events();
    CHECK(told == std::vector<E>{E::accept, E::hold, E::resume, E::start, E::complete});
    const auto rows = table.sent();
    CHECK(Table::event_in(rows.at(1)).reason == Reason::docs_missing);
    CHECK(Table::event_in(rows.at(2)).synthesized);
    CHECK(Table::event_in(rows.at(3)).synthesized);
    CHECK(Table::event_in(rows.at(4)).outcome == Outcome::provided);
    CHECK_FALSE(Table::event_in(rows.at(4)).synthesized);
    CHECK(table.hear(referral, "20").code == "201");  // it has ended
}

TEST_CASE("A refusal of theirs is told with its reason, theirs before the mapping's") {
    Table table;
    const Referral first = fresh();
    const Referral second = fresh();
    REQUIRE(taken(table.give(first)));
    REQUIRE(taken(table.give(second)));
    CHECK(table.hear(first, "40").code == "0");
    CHECK(table.hear(second, "40", R"("reason":"no-capacity")").code == "0");
    const auto rows = table.sent();
    REQUIRE(rows.size() == 2);
    CHECK(Table::event_in(rows.at(0)).reason == Reason::not_eligible);
    CHECK(Table::event_in(rows.at(1)).reason == Reason::no_capacity);
}

TEST_CASE("Words of theirs are sealed to who referred her with every safety flag standing") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    CHECK(table.hear(referral, "25", R"("words":"חסר אישור הכנסה")").code == "0");
    const auto rows = table.sent();
    REQUIRE(rows.size() == 2);
    const codec::Sealed sealed = table.opened(rows.at(1));
    CHECK(sealed.need == "חסר אישור הכנסה");
    CHECK(sealed.safety == codec::Safety{});
}

TEST_CASE("Their call under the same id is answered as before and another content under it is refused") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    const std::string id = R"("id":"call-1")";
    CHECK(table.hear(referral, "20", id).code == "0");
    CHECK(table.hear(referral, "20", id).code == "0");
    table.restart();
    CHECK(table.hear(referral, "20", id).code == "0");
    CHECK(table.events() == std::vector<E>{E::accept});
    const Heard other = table.hear(referral, "40", id);
    CHECK(other.code == "108");
    CHECK(other.field == "xrd:id");
    CHECK(table.events() == std::vector<E>{E::accept});
}

TEST_CASE("A call about a referral that is none of theirs says no more than that") {
    Table table;
    const Referral given = fresh();
    REQUIRE(taken(table.give(given)));
    CHECK(table.hear(fresh(), "20").code == "200");
    CHECK(table.hear(given, "20", R"("referrer":"ssd-4000")").code == "200");
    CHECK(table.events().empty());
}

TEST_CASE("A call of a stranger, of another service or of another version is a fault") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    for (const char* wrong :
         {R"("caller":"housing")", R"("instance":"EE")", R"("class":"COM")", R"("subsystem":"x")",
          R"("exchange":"x")", R"("service":"x")", R"("version":"v2")", R"("protocol":"3.0")"}) {
        CAPTURE(wrong);
        const Heard heard = table.hear(referral, "20", wrong);
        CHECK(heard.fault.find("Client") != std::string::npos);
        CHECK(heard.words.find(" / ") != std::string::npos);  // in Hebrew and in English
    }
    CHECK(table.events().empty());
}

TEST_CASE("A form that is wrong is answered with field and flaw, and nothing happens") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    struct Wrong {
        std::string status, more, code, field;
    };
    for (const Wrong& wrong :
         {Wrong{"99", "", "103", "STATUS-TIPUL"}, Wrong{"20", R"("on":"20260231")", "105", "TAARICH-TIPUL"},
          Wrong{"20", R"("on":"2026112")", "105", "TAARICH-TIPUL"},
          Wrong{"20", R"("reason":"because")", "103", "KOD-SIBA"},
          Wrong{"20", R"("reason":"no-capacity")", "108", "KOD-SIBA"},
          Wrong{"20", R"("outcome":"provided")", "108", "KOD-TOTZAAT-TIPUL"}}) {
        CAPTURE(wrong.status, wrong.more);
        const Heard heard = table.hear(referral, wrong.status, wrong.more);
        CHECK(heard.code == wrong.code);
        CHECK(heard.field == wrong.field);
    }
    CHECK(table.events().empty());
}

TEST_CASE("Her withdrawal reaches them and what they say afterwards is no step any more") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    REQUIRE(taken(table.tell(referral, message(), E::withdraw)));
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"withdraw"});
    CHECK(table.hear(referral, "20").code == "201");
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
    table.far.behave("not-now");
    CHECK(held(table.revoke(first, notice)));
    table.work();
    CHECK(table.sent().empty());
    CHECK(taken(table.revoke(first, notice)));
    CHECK(table.far.updates(first.referral) == std::vector<std::string>{"revoke"});
    CHECK(table.far.updates(second.referral) == std::vector<std::string>{"revoke"});
    table.work();
    REQUIRE(table.sent().size() == 1);
    CHECK(table.sent().front().written.type == MessageType::consent_revocation_acked);
    CHECK(table.hear(first, "20").code == "201");
}

TEST_CASE("Between her no and its notice nothing of theirs is told any more") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    table.journal().apply_revocation(*referral.consent);
    CHECK(table.hear(referral, "20").code == "202");
    CHECK(table.events().empty());
}

TEST_CASE("A frozen referral keeps their word waiting and it is told once it is not") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    REQUIRE(taken(table.tell(referral, message(), E::freeze)));
    CHECK(table.hear(referral, "20").code == "900");
    REQUIRE(taken(table.tell(referral, message(), E::unfreeze)));
    CHECK(table.hear(referral, "20").code == "0");
    CHECK(table.events() == std::vector<E>{E::accept});
}

TEST_CASE("A service that refuses the form never has it, and one that says not now has it later") {
    Table table;
    const Referral refused = fresh();
    table.far.behave("code:103");
    CHECK(declined(table.give(refused)) == Code::payload_invalid);
    CHECK_FALSE(table.far.has(refused.referral));
    const Referral later = fresh();
    table.far.behave("not-now");
    CHECK(held(table.give(later)));
    CHECK(taken(table.give(later)));
}

TEST_CASE("A fault of the call is held for whoever can mend it, one of the service leaves it unsure") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("misunderstood");
    CHECK(held(table.give(referral)));
    table.far.behave("fault");
    CHECK(unsure(table.give(referral)));
    CHECK(taken(table.give(referral)));
}

TEST_CASE("A service that did it and did not say so is asked, and has it once") {
    Table table;
    const Referral referral = fresh();
    table.remember(referral);
    table.far.behave("slow");
    CHECK(unsure(table.give(referral)));
    table.restart();
    const auto before = table.liaison().already_taken(referral.from, referral.message);
    CHECK(std::holds_alternative<kit::Taken>(before));
    CHECK(taken(table.give(referral)));
    CHECK(table.far.takes(referral.referral) == 1);
    const Referral never = fresh();
    table.remember(never);
    table.far.behave("silent");
    CHECK(unsure(table.give(never)));
    const auto nothing = table.liaison().already_taken(never.from, never.message);
    CHECK(std::holds_alternative<kit::NotTaken>(nothing));
}

TEST_CASE("A service that is away holds everything and hears it once it is back") {
    Table table;
    const Referral referral = fresh();
    table.endpoint = "http://127.0.0.1:1/";
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

TEST_CASE("What arrives after her withdrawal is found and ended") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("late");  // a queue in front of it has taken it in
    CHECK(unsure(table.give(referral)));
    CHECK(taken(table.tell(referral, message(), E::withdraw)));
    CHECK_FALSE(table.far.has(referral.referral));
    table.work();
    table.far.behave("land");
    REQUIRE(table.far.has(referral.referral));
    table.now += 24h;
    table.restart();
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"withdraw"});
    table.now += 24h;
    table.work();
    CHECK(table.far.updates(referral.referral).size() == 1);  // looked for no more
}

TEST_CASE("Only what they did, or say that no step leads there from, confirms an end or a halt") {
    for (const E event : {E::withdraw, E::cancel, E::mark_error, E::freeze, E::hold}) {
        for (const char* code : {"1", "100", "108", "202", "203", "250", "899", "900"}) {
            CAPTURE(kReferralEvents.text(event), code);
            Table& table = shared();
            const Referral referral = fresh();
            REQUIRE(taken(table.give(referral)));
            if (event == E::hold) REQUIRE(table.hear(referral, "20").code == "0");
            const MessageId id = message();
            table.far.behave(std::string("code:") + code);
            CHECK(held(table.tell(referral, id, event)));
            CHECK(taken(table.tell(referral, id, event)));  // the same call, judged anew
            CHECK(table.far.updates(referral.referral) ==
                  std::vector<std::string>{std::string(kReferralEvents.text(event))});
        }
    }
}

TEST_CASE("That it is over there already, or was never there, confirms an end") {
    for (const char* code : {"code:200", "code:201"}) {
        Table& table = shared();
        const Referral referral = fresh();
        REQUIRE(taken(table.give(referral)));
        table.far.behave(code);
        CHECK(taken(table.tell(referral, message(), E::withdraw)));
    }
}

TEST_CASE("A date that she chose goes with its flags, and what they may decline they decline") {
    Table& table = shared();
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    REQUIRE(table.hear(referral, "20").code == "0");
    codec::Sealed chosen;
    chosen.appointment = codec::Appointment{kNow + 24h * 7, 30, "קומה 2"};
    table.far.behave("code:103");
    CHECK(declined(table.tell(referral, message(), E::schedule, {}, chosen)) == Code::event_not_allowed);
    CHECK(taken(table.tell(referral, message(), E::schedule, {}, chosen)));
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"schedule"});
    const std::size_t told = table.events().size();
    CHECK(table.hear(referral, "20").code == "0");  // in work, as before: not that she did not come
    CHECK(table.events().size() == told);
    CHECK(table.hear(referral, "20", R"("words":"הגיעה")").code == "201");
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

TEST_CASE("A refusal of what was sent before without an answer ends what may still arrive") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("late");
    CHECK(unsure(table.give(referral)));
    table.far.behave("code:250");
    CHECK(declined(table.give(referral)) == Code::payload_invalid);
    table.far.behave("land");
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"cancel"});
}

TEST_CASE("Asked after her revocation whether it came, the adapter still ends it") {
    Table table;
    const Referral referral = fresh();
    table.remember(referral);
    table.far.behave("late");
    CHECK(unsure(table.give(referral)));
    CHECK(taken(table.revoke(referral, message())));
    table.far.behave("land");
    const auto before = table.liaison().already_taken(referral.from, referral.message);
    CHECK(std::holds_alternative<kit::Taken>(before));
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"revoke"});
}

TEST_CASE("Words that the referrer cannot guard stay behind, and their staff hears that they did") {
    Table table(kBuiltIn, WordSet<SafetyFlag>{});
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    const Heard heard = table.hear(referral, "20", R"("words":"חסר אישור")");
    CHECK(heard.code == "0");
    CHECK(heard.words.find("the remark was not") != std::string::npos);
    CHECK(table.events() == std::vector<E>{E::accept});
}

TEST_CASE("What has not come a week after her withdrawal is looked for no more") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("late");
    CHECK(unsure(table.give(referral)));
    CHECK(taken(table.tell(referral, message(), E::withdraw)));
    table.work();
    table.now += 24h * 7;
    table.work();
    CHECK(table.asked(referral) == 2);
    table.now += 24h;
    table.work();
    CHECK(table.asked(referral) == 3);
    table.restart();
    table.work();
    CHECK(table.asked(referral) == 3);
}

TEST_CASE("What they say of a referral that came after her withdrawal ends it at once") {
    Table table;
    const Referral referral = fresh();
    table.far.behave("late");
    CHECK(unsure(table.give(referral)));
    CHECK(taken(table.tell(referral, message(), E::withdraw)));
    table.work();
    table.far.behave("land");
    CHECK(table.hear(referral, "20").code == "201");
    CHECK(table.far.updates(referral.referral).empty());
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"withdraw"});
    CHECK(table.events().empty());
}

TEST_CASE("A kill behind the outbox, before the ledger knows, tells a step once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    CHECK(table.hear(referral, "20", R"("id":"a")").code == "0");
    table.cut_ledger_after_last("intends");
    table.restart();
    CHECK(table.hear(referral, "20", R"("id":"a")").code == "0");
    CHECK(table.events() == std::vector<E>{E::accept});
}

TEST_CASE("Their call while we wait for them is told to come again at once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    table.far.behave("silent");
    auto ours = std::async(std::launch::async, [&] { return table.give(fresh()); });
    std::string code;
    while (ours.wait_for(0ms) != std::future_status::ready && code.empty()) {
        const auto begun = std::chrono::steady_clock::now();
        const Heard heard = table.far.say(table.call(referral, "20"));
        if (std::chrono::steady_clock::now() - begun < 1s) code = heard.code;
    }
    CHECK(code == "900");
    CHECK(unsure(ours.get()));
}

TEST_CASE("A call that the loop never comes to is told to come again and nothing of it happens later") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    table.patience = 50ms;
    table.restart();
    CHECK(table.far.say(table.call(referral, "20")).code == "900");
    table.work();
    CHECK(table.events().empty());
}

TEST_CASE("What the hub refused of theirs is said to them once") {
    Table table;
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    CHECK(table.hear(referral, "20").code == "0");
    REQUIRE(table.sent().size() == 1);
    table.journal().mark_refused(table.sent().front().written.id, Code::consent_lapsed, std::nullopt);
    table.work();
    table.now += 1h;
    table.work();
    CHECK(table.far.updates(referral.referral) == std::vector<std::string>{"not_told"});
}

TEST_CASE("A ministry's real names and codes take the place of ours by a file alone") {
    std::ifstream built_in(kBuiltIn, std::ios::binary);
    std::string toml{std::istreambuf_iterator<char>(built_in), {}};
    const auto change = [&](const std::string& from, const std::string& to) {
        const std::size_t at = toml.find(from);
        REQUIRE(at != std::string::npos);
        toml.replace(at, from.size(), to);
    };
    change("service.BEN-INCOME = \"1\"", "service.BEN-INCOME = \"GIMLA-77\"");
    change("status.20 = \"ACCEPTED\"", "status.B2 = \"ACCEPTED\"");
    change("referral.number = \"MISPAR-HAFNAYA\"", "referral.number = \"Mezahe\"");
    change("status.number = \"MISPAR-HAFNAYA\"", "status.number = \"Mezahe\"");
    change("call.status = \"mashovBet\"", "call.status = \"divuach\"");
    const fs::path file = fs::temp_directory_path() / ("kesher-mapping-" + std::to_string(::getpid()));
    std::ofstream(file, std::ios::binary) << toml;
    Table table(file);
    const Referral referral = fresh();
    REQUIRE(taken(table.give(referral)));
    REQUIRE(table.far.has(referral.referral));
    CHECK(table.hear(referral, "B2").code == "0");
    CHECK(table.hear(referral, "20").code == "103");
    CHECK(table.events() == std::vector<E>{E::accept});
    fs::remove(file);
}
