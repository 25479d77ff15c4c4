// A number and a referral stay whose they were first; no file and no body can stop the department by them.
// Method: a department on a table; each case brings one number, one id or one sender a second time.
#include "tests/unit/social_services/arrivals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::social_services;
using namespace kesher::social_services::test;

namespace {

const std::string kSecond = "IHUB_5000_20261121_002.DAT";
const std::string kStatus = "IHUB_5000_20261121_050.MSV";
const std::string kPersonsNumber = "000000026";

void look(Table& table, const std::string& name, const std::string& content) {
    table.drop(name, content);
    REQUIRE_NOTHROW(table.department().work(kNow));
}
// Referrals of the department's own, each as whole as the one that is good.
std::vector<std::string> whole(const Changes& changes) {
    const std::string number = changes.at("referral");
    return {good_referral(changes), identity({{"referral", number}}), need(1, {{"referral", number}})};
}
Answer answer_to(const Table& table, const std::string& name) {
    return table.told(name.substr(0, name.rfind('.')) + ".MSV").answers.at(0);
}
std::size_t waiting(Table& table) {
    return table.journal().outgoing_in(kit::OutgoingState::waiting, 100).size();
}
bool was_told_of(const Table& table, std::string_view text) {
    return std::any_of(table.said.begin(), table.said.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
}
Code declined(const kit::NativeAnswer& answer) {
    REQUIRE(std::holds_alternative<kit::Declined>(answer));
    return std::get<kit::Declined>(answer).code;
}
Arrival from_a_stranger(Arrival made) {
    made.said.from = organisation_id("nii");
    made.said.id = id<MessageId>(90);
    return made;
}
std::string number_in_file(const Table& table, const std::string& name) {
    const auto file = decode_department_file(table.bytes_of("out", name), Encoding::windows_1255);
    return file.value().referrals.at(0).number;
}
// What the ledger knows: nothing is added where nothing changes.
std::uintmax_t known(const Table& table) { return fs::file_size(table.root / "ledger"); }

}  // namespace

TEST_CASE("A file that names a referral by a person's number is refused and the next one is taken") {
    Table table;
    table.record_consent();
    const auto field = GENERATE("referral", "consent");
    table.drop(kName, framed({good_referral({{field, kPersonsNumber}})}));
    look(table, kSecond, good_file());
    CHECK(answer_to(table, kName).flaw == Flaw::value);
    CHECK(answer_to(table, kName).line == 2);
    CHECK(table.names("inbox").empty());
    CHECK(table.sent() == 1);
    CHECK_FALSE(was_told_of(table, kPersonsNumber));
    const Bytes reply = table.bytes_of("out", kReply);
    CHECK(text_of(reply).find(kPersonsNumber) == std::string::npos);
}

TEST_CASE("A status file that names a referral by a person's number is refused and the next one is taken") {
    Table table;
    hand_over(table);
    table.drop(kStatus, framed({status({{"referral", kPersonsNumber}})}));
    look(table, "IHUB_5000_20261121_051.MSV",
         framed({status({{"referral", number_given()}, {"date", "20261121"}})}));
    CHECK(answer_to(table, kStatus).flaw == Flaw::value);
    CHECK(table.names("inbox").empty());
    CHECK(waiting(table) == 1);
}

TEST_CASE("Under a number copied from a file of ours no referral of the department's own begins") {
    Table table;
    hand_over(table);
    Changes changes{{"referral", number_given()}};
    SECTION("under a recorded consent") { table.record_consent(); }
    SECTION("under a consent that is not recorded") {}
    SECTION("under a law") {
        changes["consent"] = "";
        changes["consent_to"] = "0";
        changes["basis"] = "PPL23C-1A";
    }
    look(table, kSecond, framed(whole(changes)));
    CHECK(answer_to(table, kSecond).flaw == Flaw::referral_twice);
    CHECK(answer_to(table, kSecond).column == 43);
    CHECK(waiting(table) == 0);
    changes["referral"] = "A-7";
    look(table, "IHUB_5000_20261121_003.DAT", framed(whole(changes)));
    CHECK(answer_to(table, "IHUB_5000_20261121_003.DAT").flaw == std::nullopt);
}

TEST_CASE("A number that leads to something else already refuses the file that brings it") {
    Table table;
    table.record_consent();
    const bool of_consent = GENERATE(true, false);
    if (of_consent) {
        REQUIRE(table.journal().put_alias(
            {kit::AliasKind::consent, "H-17", id<ConsentId>(9).text(), organisation_id("housing")}));
    } else {
        REQUIRE(table.journal().put_alias(
            {kit::AliasKind::referral, "A-1", id<ReferralId>(9).text(), std::nullopt}));
    }
    look(table, kName, good_file());
    CHECK(answer_to(table, kName).flaw == Flaw::referral_twice);
    CHECK(answer_to(table, kName).column == (of_consent ? 80 : 43));
    CHECK(table.sent() == 0);
}

TEST_CASE("Two referrals that another body named almost alike are two files under two numbers") {
    Table table;
    hand_over(table);
    std::array<std::uint8_t, 16> bytes{};
    bytes.fill(3);
    bytes.back() = 4;
    Arrival second = given_referral();
    second.said.id = id<MessageId>(21);
    second.said.referral = ReferralId::of_random(bytes);
    taken(deliver(table, second));
    CHECK(table.names("out") == std::vector{kName, kSecond});
    CHECK(number_in_file(table, kName) != number_in_file(table, kSecond));
}

TEST_CASE("A number once given stands however it was made") {
    Table table;
    REQUIRE(table.journal().put_alias(
        {kit::AliasKind::referral, "0c1g60r30c1g60r3", id<ReferralId>(3).text(), std::nullopt}));
    hand_over(table);
    CHECK(number_in_file(table, kName) == "0c1g60r30c1g60r3");
    taken(deliver(table, event(ReferralEvent::hold, 30)));
    CHECK(table.told("IHUB_5000_20261121_999.MSV").statuses.at(0).referral == "0c1g60r30c1g60r3");
}

TEST_CASE("A referral whose number stands for another is declined and what comes behind it is taken") {
    Table table;
    REQUIRE(table.journal().put_alias(
        {kit::AliasKind::referral, number_given(), id<ReferralId>(9).text(), std::nullopt}));
    CHECK(declined(deliver(table, given_referral())) == Code::id_reused);
    CHECK(table.names("out").empty());
    Arrival next = given_referral();
    next.said.id = id<MessageId>(21);
    next.said.referral = id<ReferralId>(5);
    taken(deliver(table, next));
    CHECK(table.names("out") == std::vector{kName});
}

TEST_CASE("A referral that one body gave no other body can give again and its answer goes to the first") {
    Table table;
    hand_over(table);
    Arrival again = from_a_stranger(given_referral());
    again.said.consent = id<ConsentId>(7);
    again.said.purpose = Purpose::treatment;
    const auto before = known(table);
    // As the kit does before it hands it over.
    table.journal().put_referral({id<ReferralId>(3), again.said.from, false, Service::flex,
                                  ReferralState::requested, 1, pseudonym(9)});
    if (GENERATE(true, false)) table.restart();
    CHECK(declined(deliver(table, again)) == Code::id_reused);
    CHECK(known(table) == before);
    CHECK(table.names("out") == std::vector{kName});
    look(table, kStatus, framed({status({{"referral", number_given()}, {"date", "20261121"}})}));
    const auto said = table.journal().outgoing_in(kit::OutgoingState::waiting, 100);
    REQUIRE(said.size() == 1);
    CHECK(said[0].written.to == organisation_id("housing"));
    CHECK(said[0].written.consent == id<ConsentId>(4));
    CHECK(table.journal().referral(id<ReferralId>(3))->pseudonym == pseudonym(6));
    taken(deliver(table, given_referral()));  // the first body's own, again
}

TEST_CASE("A referral that the department sent is never given to it") {
    Table table;
    table.record_consent();
    look(table, kName, good_file());
    Arrival back = given_referral();
    back.said.referral = table.alias_maker.referral("A-1");
    if (GENERATE(true, false)) back.said.from = organisation_id("nii");
    const auto before = known(table);
    CHECK(declined(deliver(table, back)) == Code::id_reused);
    CHECK(known(table) == before);
    CHECK(table.names("out") == std::vector{kReply});
}

TEST_CASE("What a body that did not give it says of a referral changes nothing") {
    Table table;
    hand_over(table);
    const auto what = GENERATE(ReferralEvent::withdraw, ReferralEvent::hold);
    const auto before = known(table);
    CHECK(declined(deliver(table, from_a_stranger(event(what, 30)))) == Code::event_not_allowed);
    CHECK(known(table) == before);
    CHECK(table.names("out") == std::vector{kName});
    Arrival word = event(what, 31);
    if (GENERATE(true, false)) word.said.from = OrganisationId::hub();
    taken(deliver(table, word));
    CHECK(known(table) > before);
}

TEST_CASE("Of a referral that the department sent only its recipient and the hub say something") {
    Table table;
    table.record_consent();
    look(table, kName, good_file());
    Arrival word = event(ReferralEvent::accept, 31);
    word.said.referral = table.alias_maker.referral("A-1");
    CHECK(declined(deliver(table, from_a_stranger(word))) == Code::event_not_allowed);
    if (GENERATE(true, false)) word.said.from = OrganisationId::hub();
    taken(deliver(table, word));
}

TEST_CASE("Where an older ledger kept nothing of what was sent its recipient is known from the journal") {
    Table table;
    const auto sent = table.alias_maker.referral("A-9");
    REQUIRE(table.journal().put_alias({kit::AliasKind::referral, "A-9", sent.text(), std::nullopt}));
    Arrival word = event(ReferralEvent::accept, 31);
    word.said.referral = sent;
    CHECK(declined(deliver(table, word)) ==
          Code::event_not_allowed);  // nobody is known to say anything of it
    table.journal().put_referral({sent, organisation_id("housing"), true});
    CHECK(declined(deliver(table, from_a_stranger(word))) == Code::event_not_allowed);
    taken(deliver(table, word));
}

TEST_CASE("A file at which the program itself fails goes whole later and holds no withdrawal back") {
    Table table;
    table.record_consent();
    look(table, kName, good_file());
    for (const auto& row : table.journal().due(kNow, 10)) {
        table.journal().mark_sent(row.written.id);
        table.journal().mark_accepted(row.written.id, {LeafIndex{17}, "-\n{}\n", "proof"});
    }
    // Both are judged, the first is written, and the second fails.
    int asked = 0;
    table.before_directory = [&] {
        if (++asked == 4) throw std::invalid_argument(kPersonsNumber);
    };
    auto lines = whole({{"referral", "A-2"}});
    for (const std::string& line : whole({{"referral", "A-3"}})) lines.push_back(line);
    table.drop(kSecond, framed(lines));
    look(table, kStatus, framed({status({{"status", "11"}, {"date", "20261121"}})}));
    REQUIRE(asked > 4);
    const auto said = table.journal().outgoing_in(kit::OutgoingState::waiting, 100);
    REQUIRE(said.size() == 1);
    CHECK(said[0].written.type == MessageType::referral_event);  // her withdrawal, and of the file nothing
    CHECK(table.names("inbox") == std::vector{kSecond});
    CHECK(table.times_said("file_failed_here") == 1);
    CHECK_FALSE(was_told_of(table, kPersonsNumber));
    table.before_directory = {};
    REQUIRE_NOTHROW(table.department().work(kNow));
    CHECK(waiting(table) == 3);
    CHECK(table.names("inbox").empty());
}

TEST_CASE("A journal that is broken is no file's fault and ends the program") {
    Table table;
    table.record_consent();
    table.drop(kName, good_file());
    table.before_directory = [] { throw kit::JournalBroken("the disk is full"); };
    CHECK_THROWS_AS(table.department().work(kNow), kit::JournalBroken);
    table.before_directory = [] { throw LedgerBroken("the disk is full"); };
    CHECK_THROWS_AS(table.department().work(kNow), LedgerBroken);
}
