// Nothing outruns her word: what is not sent while a withdrawal waits, what goes before what, and under which
// id. Method: commands on an enrolled directory, over a hub that keeps consents as the real one does.
#include <catch2/catch.hpp>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "adapters/ctl/commands.h"
#include "adapters/ctl/referral_notes.h"
#include "adapters/kit/unverified_jws.h"
#include "tests/unit/ctl/enrolled.h"
#include "tests/unit/kit/scripted_hub.h"

using namespace kesher;
using namespace kesher::kit::table;
using kit::OutgoingState;
using kit::Written;
using tests::put_text;

namespace {

const std::string kCase = "1ABCDEFGHJKMNPQRS2";
const std::string kConsent = "22222222-2222-4222-8222-222222222222";
const std::string kOther = "33333333-3333-4333-8333-333333333333";
const std::string kRevoke = "consent revoke --case " + kCase + " --consent ";

struct Killed : std::runtime_error {
    Killed() : std::runtime_error("killed") {}
};

// Of consents and what ends them: an id is answered once and for ever, and nobody takes back what is unknown.
class ConsentHub {
public:
    ConsentHub() {
        script.before = [this](const edge::Call& call) {
            if (kills) throw Killed();
            if (call.path == "/v1/messages" && script.next.empty())
                script.next.emplace_back([this](const codec::Submission& said) { return heard(said); });
        };
    }
    bool kills = false;
    bool full = false;         // of all but withdrawals
    bool loses_calls = false;  // nobody hears of what it was to do
    bool loses_answers = false;
    std::set<std::string> known{};
    std::set<std::string> ended{};
    std::vector<std::string> heard_of{};  // by message id, in order
    SmallLog log{};
    ScriptedHub script{log};

private:
    static std::string claim(const json::Value& claims, std::string_view name) {
        const json::Value* found = claims.find(name);
        return found != nullptr && found->text() != nullptr ? *found->text() : std::string();
    }
    static edge::Answer refused(std::string_view code, const kit::Receipted& receipted) {
        const std::string json = receipt_json(receipted);
        return answer(404, "application/problem+json",
                      problem_json(code, "no", "," + json.substr(1, json.size() - 2)));
    }

    edge::Answer heard(const codec::Submission& said) {
        const json::Value claims = kit::unverified_claims(said.statement);
        const bool withdraws = claim(claims, "type") == "consent.revoked.v1";
        if (full && !withdraws)
            return answer(429, "application/problem+json", problem_json("busy", "after 2"));
        const edge::Answer lost = answer(200, "text/plain", "of somebody in between");
        if (loses_calls) return lost;
        const edge::Answer decided = decide(claims, said.statement);
        return loses_answers ? lost : decided;
    }
    edge::Answer decide(const json::Value& claims, const std::string& statement) {
        const std::string id = claim(claims, "id"), consent = claim(claims, "consent");
        if (const auto first = first_.find(id); first != first_.end()) return first->second;
        heard_of.push_back(id);
        const bool withdraws = claim(claims, "type") == "consent.revoked.v1";
        const bool unknown = withdraws && !known.contains(consent);
        if (!unknown) (withdraws ? ended : known).insert(consent);
        return first_[id] = unknown ? refused("not_found", script.refuse(statement))
                                    : answer(201, "application/json", receipt_json(script.accept(statement)));
    }
    std::map<std::string, edge::Answer> first_{};
};

struct Desk {
    tests::Enrolled enrolled{};
    ConsentHub hub{};
    std::chrono::milliseconds patience{0};

    [[nodiscard]] ctl::Said answer(const std::string& line) {
        CLI::App app{"", "kesherctl"};
        ctl::Chosen chosen;
        ctl::add_case_commands(app, chosen);
        ctl::add_consent_commands(app, chosen);
        ctl::add_message_commands(app, chosen);
        app.parse(line);
        return said(chosen(ctl::Common{.directory = enrolled.keys,
                                       .passphrase_file = {},
                                       .evidence = {},
                                       .officer = OfficerId::parse("W1"),
                                       .role = OfficerRole::social_worker,
                                       .patience = patience,
                                       .line = [this] { return hub.script.line(); }}),
                    false);
    }
    [[nodiscard]] kit::Journal journal() const {
        return kit::Journal(enrolled.keys / "kesherctl.journal",
                            {organisation("ssd-5000"), std::string(kOrigin)});
    }
    [[nodiscard]] std::vector<kit::OutgoingRow> waiting() const {
        return journal().outgoing_in(OutgoingState::waiting, 9);
    }
    [[nodiscard]] std::string give(const std::string& consent = kConsent) {
        put_text(enrolled.own / "form", "a signed form");
        return "consent give --case " + kCase + " --consent " + consent +
               " --recipient health --purposes TREATMENT --groups HEALTH --services HLT-TRAUMA "
               "--notice-language he --form-file " +
               (enrolled.own / "form").string();
    }
    [[nodiscard]] std::string send() {
        put_text(enrolled.own / "need", "a first conversation\n");
        return "message send --case " + kCase + " --to health --service HLT-TRAUMA --consent " + kConsent +
               " --need-file " + (enrolled.own / "need").string();
    }
    // Of a consent whose sending had no answer; whether the hub has it is the test's to say.
    void give_unanswered() {
        (void)answer(give());
        REQUIRE(waiting().size() == 1);
        REQUIRE(waiting().front().attempts == 1);
    }
    // A referral of hers that was sent and never answered.
    [[nodiscard]] Written unanswered_referral() {
        const Exchange exchange;
        kit::Message message = referral(exchange.recipient);
        const Written written = exchange.written(message);
        kit::Journal memory = journal();
        memory.enqueue(written);
        memory.mark_sent(written.id);
        memory.mark_waiting(written.id, Instant{}, std::nullopt);
        REQUIRE(ctl::keep_note(enrolled.keys, {*written.referral, written.to, Purpose::treatment,
                                               LegalBasis::consent, written.consent, pseudonym(1)}));
        return written;
    }
    [[nodiscard]] std::size_t notes() const {
        const auto folder = enrolled.keys / "consents";
        if (!std::filesystem::exists(folder)) return 0;
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
    }
    [[nodiscard]] bool is_marked() const { return std::filesystem::exists(ctl::unsent_mark(enrolled.keys)); }
};

bool has(const ctl::Said& told, std::string_view text) { return told.out.find(text) != std::string::npos; }

std::string event(const Written& of, const std::string& words) {
    return "message event --referral " + of.referral->text() + " --event " + words;
}

}  // namespace

TEST_CASE("A referral without an answer is not sent again while its own withdrawal waits") {
    Desk desk;
    const Written referral = desk.unanswered_referral();
    // The hub does not have it; the call may be under way.
    CHECK(has(desk.answer(event(referral, "withdraw --subject-acts")), "THE HUB DOES NOT KNOW IT YET"));
    const ctl::Said told = desk.answer(desk.send() + " --id " + referral.id.text());
    CHECK(told.exit_code == 1);
    CHECK(has(told, "REFUSED: consent_revoked: she withdrew"));
    CHECK(has(told, "the hub is being asked whether it had this referral"));
    CHECK(has(told, "Nothing was sent."));
    CHECK(desk.hub.script.submissions.empty());
    CHECK(desk.waiting().size() == 2);
}

TEST_CASE("Nothing is sent under a consent while its withdrawal waits, neither anew nor again") {
    Desk desk;
    const Written referral = desk.unanswered_referral();
    desk.hub.script.away = true;
    (void)desk.answer(kRevoke + referral.consent->text());
    std::filesystem::remove(ctl::unsent_mark(desk.enrolled.keys));  // as where it could not be put
    desk.hub.script.away = false;
    std::string anew = desk.send();
    anew.replace(anew.find(kConsent), kConsent.size(), referral.consent->text());
    for (const std::string& line : {anew + " --id " + referral.id.text(), anew}) {
        std::filesystem::remove(ctl::unsent_mark(desk.enrolled.keys));
        const ctl::Said told = desk.answer(line);
        CHECK(told.exit_code == 1);
        CHECK(has(told, "REFUSED: consent_revoked: she withdrew"));
        CHECK(desk.is_marked());
    }
    CHECK(desk.hub.script.submissions.empty());
    CHECK(desk.waiting().size() == 2);
}

TEST_CASE("A withdrawal goes to the hub however much else waits here") {
    Desk desk;
    desk.hub.known.insert(kConsent);
    desk.hub.script.away = true;
    (void)desk.answer(kRevoke + kConsent);
    const MessageId withdrawal = desk.waiting().front().written.id;
    {
        kit::Journal memory = desk.journal();
        kit::Journal::Step step(memory);
        for (int i = 0; i < 300; ++i) {
            memory.enqueue({kit::draw_message_id(),
                            MessageType::consent_given,
                            OrganisationId::hub(),
                            {},
                            ConsentId::of_random(statement::random_bytes<16>()),
                            "",
                            {}});
        }
        step.commit();
    }
    CHECK(has(desk.answer("consent show --consent " + kConsent),
              "has not taken her withdrawal yet, message " + withdrawal.text()));
    CHECK(desk.is_marked());
    CHECK(has(desk.answer(kRevoke + kConsent), withdrawal.text()));
    desk.hub.script.away = false;
    CHECK(has(desk.answer("case list"), withdrawal.text() + "): sent first"));
    CHECK(desk.hub.ended.contains(kConsent));
    CHECK_FALSE(desk.is_marked());
}

TEST_CASE("A withdrawal is noted for the adapter where the journal cannot be opened") {
    Desk desk;
    const kit::Journal held = desk.journal();
    const ctl::Said told = desk.answer(kRevoke + kConsent);
    CHECK(told.exit_code == 1);
    CHECK(has(told, "the journal is in use by another process. THE HUB DOES NOT KNOW OF HER WITHDRAWAL"));
    CHECK(desk.notes() == 1);
}

TEST_CASE("A withdrawal waits for the journal that another kesherctl has") {
    Desk desk;
    const Written referral = desk.unanswered_referral();
    desk.patience = 60s;
    desk.hub.script.away = true;
    for (const std::string& line : {kRevoke + kConsent, event(referral, "withdraw --subject-acts")}) {
        std::optional<kit::Journal> held(desk.journal());
        const auto released = std::async(std::launch::async, [&held] {
            std::this_thread::sleep_for(300ms);
            held.reset();
        });
        CHECK(has(desk.answer(line), "is written down here"));
    }
    CHECK(desk.waiting().size() == 3);
}

TEST_CASE("A consent taken back is noted and written down before the hub is asked for those that waited") {
    Desk desk;
    desk.hub.script.away = true;
    (void)desk.answer(kRevoke + kConsent);
    desk.hub.kills = true;
    CHECK_THROWS_AS(desk.answer(kRevoke + kOther), Killed);
    CHECK(desk.notes() == 2);
    CHECK(desk.waiting().size() == 2);
}

TEST_CASE("What ends a referral is written down before the hub is asked for anything") {
    for (const std::string words :
         {"withdraw --subject-acts", "cancel --reason no-longer-needed", "mark_error --reason wrong-case"}) {
        CAPTURE(words);
        Desk desk;
        const Written referral = desk.unanswered_referral();
        desk.hub.script.away = true;
        (void)desk.answer(kRevoke + kOther);
        desk.hub.kills = true;
        CHECK_THROWS_AS(desk.answer(event(referral, words)), Killed);
        const auto rows = desk.waiting();
        REQUIRE(rows.size() == 3);
        CHECK(rows.back().written.type == MessageType::referral_event);
        CHECK(rows.back().written.referral == referral.referral);
    }
}

TEST_CASE("Her new withdrawal and those that waited go together, the oldest first") {
    Desk desk;
    desk.hub.known = {kConsent, kOther};
    desk.hub.script.away = true;
    (void)desk.answer(kRevoke + kConsent);
    const MessageId older = desk.waiting().front().written.id;
    desk.hub.script.away = false;
    const ctl::Said told = desk.answer(kRevoke + kOther);
    CHECK(told.exit_code == 0);
    REQUIRE(desk.hub.heard_of.size() == 2);
    CHECK(desk.hub.heard_of.front() == older.text());
    CHECK(told.out.find(desk.hub.heard_of.back()) < told.out.find("withdrawals"));
    CHECK(has(told, "withdrawals  " + older.text() + "  consent.revoked.v1  sent first"));
    CHECK(desk.hub.ended == std::set{kConsent, kOther});
    CHECK_FALSE(desk.is_marked());
}

TEST_CASE("A withdrawal is tried by its own command where an older one found no hub") {
    Desk desk;
    desk.hub.known = {kConsent, kOther};
    desk.hub.script.away = true;
    (void)desk.answer(kRevoke + kConsent);
    int calls = 0;
    const auto heard = desk.hub.script.before;
    desk.hub.script.before = [&](const edge::Call& call) {
        desk.hub.script.away = ++calls == 1;
        heard(call);
    };
    CHECK(desk.answer(kRevoke + kOther).exit_code == 0);
    CHECK(desk.hub.ended == std::set{kOther});
    CHECK(desk.is_marked());
}

TEST_CASE("A withdrawal is offered where the repeat of its consent is put back, for the hub may have it") {
    Desk desk;
    desk.hub.loses_answers = true;
    desk.give_unanswered();
    desk.hub.loses_answers = false;
    desk.hub.full = true;
    const ctl::Said told = desk.answer(kRevoke + kConsent);
    CHECK(told.exit_code == 0);
    CHECK(desk.hub.ended.contains(kConsent));
    CHECK_FALSE(desk.is_marked());
}

TEST_CASE("A withdrawal is not offered before its consent was ever tried") {
    Desk desk;
    desk.hub.full = true;
    (void)desk.answer(desk.give());
    const ctl::Said told = desk.answer(kRevoke + kConsent);
    CHECK(told.exit_code == 1);
    CHECK(has(told, "REFUSED: busy: "));
    CHECK(desk.hub.heard_of.empty());
    desk.hub.full = false;
    (void)desk.answer("case list");
    CHECK(desk.hub.ended.contains(kConsent));
}

TEST_CASE("A withdrawal that the hub refuses for want of its consent waits under another id, and is taken") {
    Desk desk;
    desk.hub.loses_calls = true;
    desk.give_unanswered();
    desk.hub.loses_calls = false;
    desk.hub.full = true;
    const ctl::Said told = desk.answer(kRevoke + kConsent);
    CHECK(told.exit_code == 1);
    CHECK(has(told, "the hub does not have the consent"));
    CHECK(has(told, "THE HUB DOES NOT KNOW IT YET"));
    REQUIRE(desk.hub.heard_of.size() == 1);
    const auto refused = MessageId::parse(desk.hub.heard_of.front()).value();
    REQUIRE(desk.waiting().size() == 2);
    const Written anew = desk.waiting().back().written;
    CHECK(anew.type == MessageType::consent_revoked);
    CHECK(anew.id != refused);
    CHECK(has(told, "--id " + anew.id.text()));
    CHECK(desk.is_marked());

    SECTION("its consent is not brought there without it") {
        const auto given = desk.waiting().front().written.id;
        const ctl::Said again = desk.answer(desk.give() + " --id " + given.text());
        CHECK(again.exit_code == 1);
        CHECK(has(again, "REFUSED: consent_revoked: she withdrew"));
        CHECK(desk.hub.known.empty());
    }
    SECTION("the next command brings the consent and then this one") {
        desk.hub.full = false;
        (void)desk.answer("case list");
        CHECK(desk.hub.ended.contains(kConsent));
        CHECK_FALSE(desk.is_marked());
        // Whoever names the one that was refused is answered by the one that took its place.
        const ctl::Said again = desk.answer(kRevoke + kConsent + " --id " + refused.text());
        CHECK(again.exit_code == 0);
        CHECK(has(again, desk.hub.heard_of.back()));
    }
}

TEST_CASE("A refusal from before the consent was there ends no withdrawal, however late it is heard") {
    Desk desk;
    desk.hub.loses_calls = true;
    desk.give_unanswered();
    desk.hub.loses_calls = false;
    desk.hub.full = true;
    desk.hub.loses_answers = true;
    (void)desk.answer(kRevoke + kConsent);  // refused there, and nobody here knows
    desk.hub.loses_answers = false;
    desk.hub.full = false;
    (void)desk.answer("case list");
    CHECK(desk.hub.known.contains(kConsent));
    CHECK(desk.hub.ended.contains(kConsent));
    CHECK(desk.waiting().empty());
    CHECK_FALSE(desk.is_marked());
}

TEST_CASE("A withdrawal of what the hub does not know is refused for good where no consent is on its way") {
    Desk desk;
    const ctl::Said told = desk.answer(kRevoke + kConsent);
    CHECK(told.exit_code == 1);
    CHECK(has(told, "REFUSED: not_found: "));
    CHECK(has(told, "THE HUB HAS NOT TAKEN HER WITHDRAWAL"));
    CHECK(desk.waiting().empty());
}
