// What is said and done at home where the hub cannot be reached, and what is told before it is asked at all.
// Method: commands on an enrolled directory whose hub does not run.
#include <catch2/catch.hpp>

#include "adapters/ctl/commands.h"
#include "adapters/ctl/referral_notes.h"
#include "tests/unit/ctl/enrolled.h"

using namespace kesher;
using namespace kesher::kit::table;
using tests::Enrolled;
using tests::put_text;

namespace {

const std::string kCase = "1ABCDEFGHJKMNPQRS2";
const std::string kConsent = "22222222-2222-4222-8222-222222222222";
const std::string kReferral = "11111111-1111-4111-8111-111111111111";

ctl::Said answer(const Enrolled& enrolled, const std::string& line) {
    CLI::App app{"", "kesherctl"};
    ctl::Chosen chosen;
    ctl::add_enrolment_commands(app, chosen);
    ctl::add_operator_commands(app, chosen);
    ctl::add_case_commands(app, chosen);
    ctl::add_consent_commands(app, chosen);
    ctl::add_message_commands(app, chosen);
    ctl::add_draft_commands(app, chosen);
    app.parse(line);
    return said(chosen(ctl::Common{.directory = enrolled.keys,
                                   .passphrase_file = {},
                                   .evidence = {},
                                   .officer = OfficerId::parse("W1"),
                                   .role = OfficerRole::social_worker}),
                false);
}

bool has(const ctl::Said& told, std::string_view text) { return told.out.find(text) != std::string::npos; }

kit::Journal journal_of(const Enrolled& enrolled) {
    return kit::Journal(enrolled.keys / "kesherctl.journal",
                        {organisation("ssd-5000"), std::string(kOrigin)});
}
std::vector<kit::OutgoingRow> waiting_in(const Enrolled& enrolled) {
    return journal_of(enrolled).outgoing_in(kit::OutgoingState::waiting, 9);
}

const std::string kRevoke = "consent revoke --case " + kCase + " --consent " + kConsent;
const std::string kWithdraw = "message event --referral " + kReferral + " --event withdraw --subject-acts";

std::string give(const Enrolled& enrolled) {
    put_text(enrolled.own / "form", "a signed form");
    return "consent give --case " + kCase + " --consent " + kConsent +
           " --recipient health --purposes TREATMENT --groups HEALTH --services HLT-TRAUMA "
           "--notice-language he --form-file " +
           (enrolled.own / "form").string();
}
std::string send(const Enrolled& enrolled) {
    put_text(enrolled.own / "need", "a first conversation\n");
    return "message send --case " + kCase + " --to health --service HLT-TRAUMA --consent " + kConsent +
           " --need-file " + (enrolled.own / "need").string();
}
void note_referral(const Enrolled& enrolled) {
    REQUIRE(ctl::keep_note(enrolled.keys,
                           {ReferralId::parse(kReferral).value(), organisation("health"), Purpose::treatment,
                            LegalBasis::consent, ConsentId::parse(kConsent), pseudonym(1)}));
}

}  // namespace

TEST_CASE("A withdrawal that cannot reach the hub is written down, and told as not known there") {
    const Enrolled enrolled;
    const ctl::Said told = answer(enrolled, kRevoke);
    CHECK(told.exit_code == 1);
    CHECK(has(told, "REFUSED: unreachable: "));
    CHECK(has(told, "is written down here, and THE HUB DOES NOT KNOW IT YET"));
    const auto rows = waiting_in(enrolled);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().written.type == MessageType::consent_revoked);
    CHECK(rows.front().attempts == 0);  // there was no connection: not tried
    CHECK(has(told, "the same command with --id " + rows.front().written.id.text() + " sends it"));
    CHECK(journal_of(enrolled).is_revoked(ConsentId::parse(kConsent).value()));
    CHECK(std::filesystem::exists(ctl::unsent_mark(enrolled.keys)));
}

TEST_CASE("A withdrawal that is said again is the same message, and every other command tries it first") {
    const Enrolled enrolled;
    (void)answer(enrolled, kRevoke);
    const auto first = waiting_in(enrolled).front().written.id;
    CHECK(has(answer(enrolled, kRevoke), first.text()));
    CHECK(has(answer(enrolled, kRevoke + " --id " + first.text()), first.text()));
    CHECK(waiting_in(enrolled).size() == 1);
    CHECK(has(answer(enrolled, "case list"), first.text() + "): not sent: unreachable."));
    CHECK(has(answer(enrolled, "consent show --consent " + kConsent),
              "has not taken her withdrawal yet, message " + first.text()));
}

TEST_CASE("A withdrawal that cannot be noted for the adapter still goes to the hub") {
    const Enrolled enrolled;
    put_text(enrolled.keys / "consents", "no folder");
    const ctl::Said told = answer(enrolled, kRevoke);
    CHECK(told.exit_code == 1);
    CHECK(has(told, "THE HUB DOES NOT KNOW IT YET"));
    CHECK(has(told, "consents: cannot be made"));
    CHECK(waiting_in(enrolled).size() == 1);
}

TEST_CASE("A referral is withdrawn at her word whether or not anybody says who takes part") {
    const Enrolled enrolled;
    note_referral(enrolled);
    const ctl::Said told = answer(enrolled, kWithdraw);
    CHECK(told.exit_code == 1);
    CHECK(has(told, "THE HUB DOES NOT KNOW IT YET"));
    const auto rows = waiting_in(enrolled);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().written.referral == ReferralId::parse(kReferral));
    CHECK(has(answer(enrolled, kWithdraw), rows.front().written.id.text()));
    CHECK(waiting_in(enrolled).size() == 1);
}

TEST_CASE("A referral that cannot reach the hub is told as not sent, with what to do") {
    const Enrolled enrolled;
    const ctl::Said told = answer(enrolled, send(enrolled));
    CHECK(told.exit_code == 1);
    CHECK(has(told, "Nothing was sent, and nothing is written down here. Give the same command once more"));
    CHECK(waiting_in(enrolled).empty());
}

TEST_CASE("A consent that cannot reach the hub is written down and told by the id that sends it") {
    const Enrolled enrolled;
    const ctl::Said told = answer(enrolled, give(enrolled));
    CHECK(told.exit_code == 1);
    const auto rows = waiting_in(enrolled);
    REQUIRE(rows.size() == 1);
    CHECK(has(told, "It was not sent."));
    CHECK(has(told, "the same command with --id " + rows.front().written.id.text() + " sends it"));
    const ctl::Said shown = answer(enrolled, "consent show --consent " + kConsent);
    CHECK(has(shown, "has not taken the consent yet"));
    // Nothing of hers is hurried to the hub by itself but her no.
    CHECK_FALSE(std::filesystem::exists(ctl::unsent_mark(enrolled.keys)));
}

TEST_CASE("An id that was noted for another command is not answered with that one's message") {
    const Enrolled enrolled;
    (void)answer(enrolled, give(enrolled));
    const auto given = waiting_in(enrolled).front().written.id;
    const ctl::Said told = answer(enrolled, kRevoke + " --id " + given.text());
    CHECK(told.exit_code == 1);
    CHECK(has(told, "REFUSED: id_reused: "));
}

TEST_CASE("A folder that holds something else is told before anything is sent or journaled") {
    const Enrolled enrolled;
    put_text(enrolled.own / "file", "");
    std::filesystem::create_directories(enrolled.own / "used");
    put_text(enrolled.own / "used/statement.jws", "another's");
    for (const char* place : {"used", "file", "file/below"}) {
        CAPTURE(place);
        for (const std::string& line : {kRevoke, give(enrolled), send(enrolled)}) {
            const ctl::Said told = answer(enrolled, line + " --save " + (enrolled.own / place).string());
            CHECK(told.exit_code == 1);
            CHECK(has(told, "REFUSED: unusable: "));
        }
    }
    CHECK(waiting_in(enrolled).empty());
}

TEST_CASE("Her withdrawal counts at home whatever folder it is to be saved in, and that is told") {
    const Enrolled enrolled;
    put_text(enrolled.own / "file", "");
    const ctl::Said told = answer(enrolled, kRevoke + " --save " + (enrolled.own / "file").string());
    CHECK(told.exit_code == 1);
    CHECK(has(told, "file: cannot be made. THE HUB DOES NOT KNOW OF HER WITHDRAWAL"));
    CHECK(std::filesystem::exists(enrolled.keys / "consents"));
}

TEST_CASE("A body is not added before its token has a place") {
    const Enrolled enrolled;
    put_text(enrolled.own / "there", "a token");
    for (const std::string command : {"org add nii", "enrol token nii"}) {
        for (const char* place : {"there", "nowhere/token"}) {
            CAPTURE(command, place);
            const ctl::Said told =
                answer(enrolled, command + " --token-file " + (enrolled.own / place).string());
            CHECK(told.exit_code == 1);
            CHECK(has(told, "REFUSED: unusable: "));
            CHECK(has(told, "The hub was not asked."));
        }
        const ctl::Said asked =
            answer(enrolled, command + " --token-file " + (enrolled.own / "new").string());
        CHECK(has(asked, "REFUSED: unreachable: "));
        CHECK_FALSE(std::filesystem::exists(enrolled.own / "new"));
    }
    CHECK(tests::text_in(enrolled.own / "there") == "a token");
}

TEST_CASE("What the referring side moves at her word alone is told so before it is sent") {
    const Enrolled enrolled;
    note_referral(enrolled);
    const std::string schedule = "message event --referral " + kReferral + " --event schedule";
    // Of a referral that was taken here it is the recipient's own word.
    CHECK(has(answer(enrolled, schedule), "REFUSED: unreachable: "));
    {
        kit::Journal journal = journal_of(enrolled);
        journal.put_referral({ReferralId::parse(kReferral).value(), organisation("health"), true});
    }
    CHECK_THROWS_AS(answer(enrolled, schedule), CLI::ValidationError);
    CHECK(has(answer(enrolled, schedule + " --subject-acts"), "REFUSED: unreachable: "));
}
