// A dropped file is taken whole or refused whole, once, and every step comes back as a file.
// Method: a folder on disk, a journal, two bodies; each case drops one file and looks.
#include <catch2/catch.hpp>

#include "tests/unit/social_services/arrivals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::social_services;
using namespace kesher::social_services::test;

namespace {

std::vector<ReferralState> states(const StatusFile& file) {
    std::vector<ReferralState> found;
    for (const Status& status : file.statuses) found.push_back(status.state);
    return found;
}

std::vector<ReferralState> states_told(Table& table) {
    constexpr const char* kLast = "IHUB_5000_20261121_999.MSV";
    if (!fs::exists(table.root / "files/out" / kLast)) return {};
    return states(table.told(kLast));
}

}  // namespace

TEST_CASE("A good file is sent, answered at once and put away") {
    Table table;
    table.record_consent();
    table.drop(kName, good_file());
    table.department().work(kNow);
    CHECK(table.sent() == 1);
    const StatusFile reply = table.told(kReply);
    REQUIRE(reply.answers.size() == 1);
    CHECK(reply.answers[0].taken);
    CHECK(reply.answers[0].records == 5);
    CHECK(states(reply) == std::vector{ReferralState::requested});
    CHECK(reply.statuses[0].pseudonym == pseudonym(1));
    CHECK(table.names("inbox").empty());
    CHECK(table.names("taken").size() == 1);
    CHECK(table.names("writing").empty());
}

TEST_CASE("The same file again or under another name is answered and sends nothing") {
    Table table;
    table.record_consent();
    table.drop(kName, good_file());
    table.department().work(kNow);
    table.collect(kReply);
    SECTION("dropped again") {
        table.drop(kName, good_file());
        table.department().work(kNow);
        CHECK(table.told(kReply).answers[0].taken);
    }
    SECTION("renamed") {
        table.drop("IHUB_5000_20261121_002.DAT", good_file());
        table.department().work(kNow);
        CHECK(table.told("IHUB_5000_20261121_002.MSV").answers[0].taken);
    }
    SECTION("after a restart") {
        table.restart();
        table.drop(kName, good_file());
        table.department().work(kNow);
        CHECK(table.told(kReply).answers[0].taken);
    }
    CHECK(table.sent() == 1);
    CHECK(table.names("inbox").empty());
}

TEST_CASE("A file that may still be written is not touched") {
    Table table;
    table.record_consent();
    table.settle = std::chrono::hours{1};
    table.restart();
    table.drop(kName, good_file());
    table.department().work(kNow);
    CHECK(table.names("inbox") == std::vector{kName});
    CHECK(table.names("out").empty());
    CHECK(table.sent() == 0);
}

TEST_CASE("A file under a name of its own making or a link is left where it is") {
    Table table;
    table.drop(kName + ".part", good_file());
    table.drop("." + kName, good_file());
    fs::create_symlink("/etc/hostname", table.root / "files/inbox" / kName);
    table.department().work(kNow);
    CHECK(table.names("inbox").size() == 3);
    CHECK(table.names("out").empty());
}

TEST_CASE("A file with one wrong line is refused whole with line and column in Hebrew") {
    Table table;
    table.record_consent();
    std::vector<std::string> lines{good_referral(),
                                   good_referral({{"referral", "A-2"}, {"service", "HOUSE"}})};
    table.drop(kName, framed(lines));
    table.department().work(kNow);
    const Answer answer = table.told(kReply).answers.at(0);
    CHECK_FALSE(answer.taken);
    CHECK(answer.flaw == Flaw::service);
    CHECK(answer.line == 3);
    CHECK(answer.column == 59);
    CHECK(answer.words == "קוד שירות: אין שירות כזה");
    CHECK(table.sent() == 0);
    CHECK(table.names("refused").size() == 1);
    CHECK(table.names("inbox").empty());
    CHECK(table.bytes_of("refused", table.names("refused")[0]).size() == framed(lines).size());
}

TEST_CASE("A referral that nobody is set to receive refuses the file and the good one beside it waits too") {
    Table table;
    table.record_consent();
    table.drop(kName, framed({good_referral(), identity(),
                              good_referral({{"referral", "A-2"}, {"service", "RIGHTS"}})}));
    table.department().work(kNow);
    CHECK(table.told(kReply).answers.at(0).flaw == Flaw::route_missing);
    CHECK(table.told(kReply).answers.at(0).line == 4);
    CHECK(table.sent() == 0);
}

TEST_CASE("What a consent does not cover refuses the file before anything is sent") {
    Table table;
    table.record_consent({DataGroup::contact});
    table.drop(kName, good_file());
    table.department().work(kNow);
    CHECK(table.told(kReply).answers.at(0).flaw == Flaw::consent_groups);
    CHECK(table.told(kReply).answers.at(0).column == 80);
    CHECK(table.sent() == 0);
}

TEST_CASE("A neutral name that another body was told for this case refuses the file") {
    Table table;
    table.record_consent();
    const auto mark = table.alias_maker.name(pseudonym(1), "Dana");
    const std::string elsewhere = GENERATE("ssd-4000", "housing");
    SECTION("by an adapter of before") {
        std::ofstream(table.root / "ledger", std::ios::app)
            << "named " << hex(mark.view()) << ' ' << elsewhere << '\n';
        table.restart();
    }
    SECTION("by another program of the department") {
        REQUIRE(table.told_names.tell(mark, OrganisationId::parse(elsewhere).value()));
    }
    const bool same_body = elsewhere == "housing";
    table.drop(kName, good_file({{"neutral_name", "Dana"}}));
    table.department().work(kNow);
    CHECK(table.sent() == (same_body ? 1 : 0));
    const auto answer = table.told(kReply).answers.at(0);
    CHECK(answer.taken == same_body);
    if (!same_body) CHECK(answer.flaw == Flaw::neutral_name_told);
}

TEST_CASE("What a neutral name was told to outlives a stop and the name itself is not written down") {
    Table table;
    table.record_consent();
    table.drop(kName, good_file({{"neutral_name", "Dana"}}));
    table.department().work(kNow);
    CHECK(table.sent() == 1);
    table.restart();
    const auto mark = table.alias_maker.name(pseudonym(1), "Dana");
    CHECK_FALSE(table.told_names.is_anothers(mark, OrganisationId::parse("housing").value()));
    CHECK(table.told_names.is_anothers(mark, OrganisationId::parse("ssd-4000").value()));
    for (const auto& entry : fs::recursive_directory_iterator(table.root / "names")) {
        std::ifstream file(entry.path());
        CHECK(std::string(std::istreambuf_iterator<char>(file), {}).find("Dana") == std::string::npos);
    }
    CHECK(table.alias_maker.name(pseudonym(6), "Dana") != mark);  // another woman may have the same
}

TEST_CASE("A referral sent once is not sent again with other content") {
    Table table;
    table.record_consent();
    table.drop(kName, good_file());
    table.department().work(kNow);
    table.drop("IHUB_5000_20261121_002.DAT", good_file({{"priority", "2"}}));
    table.department().work(kNow);
    CHECK(table.told("IHUB_5000_20261121_002.MSV").answers.at(0).flaw == Flaw::referral_changed);
    CHECK(table.sent() == 1);
}

TEST_CASE("A file of another department or under a strange name is refused") {
    Table table;
    table.record_consent();
    table.drop("IHUB_4000_20261121_001.DAT", good_file());
    table.drop("letter.DAT", good_file());
    std::string other = framed({good_referral(), need(1)});
    for (std::size_t at = other.find("000000018"); at != std::string::npos;
         at = other.find("000000018", at)) {
        other.replace(at, 9, "500000006");
    }
    table.drop(kName, other);
    table.department().work(kNow);
    CHECK(table.told("IHUB_4000_20261121_001.MSV").answers.at(0).flaw == Flaw::file_name);
    CHECK(table.told("letter.MSV").answers.at(0).flaw == Flaw::file_name);
    CHECK(table.told(kReply).answers.at(0).flaw == Flaw::other_entity);
    CHECK(table.sent() == 0);
}

TEST_CASE("A referral whose consent is not recorded yet waits and goes when it is") {
    Table table;
    table.drop(kName, good_file());
    table.department().work(kNow);
    CHECK(states(table.told(kReply)) == std::vector{ReferralState::awaiting_consent});
    CHECK(table.sent() == 0);
    table.restart();
    table.record_consent();
    table.department().work(kNow);
    CHECK(table.sent() == 1);
    CHECK(states(table.told("IHUB_5000_20261121_999.MSV")) == std::vector{ReferralState::requested});
    table.department().work(kNow);
    CHECK(table.sent() == 1);
    CHECK(table.names("out").size() == 2);
}

TEST_CASE("A consent that does not come in fourteen days ends the referral and is told once") {
    Table table;
    table.drop(kName, good_file());
    table.department().work(kNow);
    table.department().work(kNow + std::chrono::hours{24 * 13});
    CHECK(table.names("out").size() == 1);
    table.department().work(kNow + std::chrono::hours{24 * 14});
    CHECK(states(table.told("IHUB_5000_20261205_999.MSV")) == std::vector{ReferralState::expired});
    table.record_consent();
    table.department().work(kNow + std::chrono::hours{24 * 14});
    CHECK(table.sent() == 0);
}

TEST_CASE("A record without a pseudonym has its case opened once and is told it") {
    Table table;
    table.record_consent();
    const std::string file = framed({referral({}), identity()});
    SECTION("the hub is there") {
        table.drop(kName, file);
        table.department().work(kNow);
        CHECK(table.told(kReply).statuses.at(0).pseudonym == pseudonym(8));
        CHECK(table.opened == std::vector{table.alias_maker.request("A-1")});
    }
    SECTION("the hub is away: the file is taken and the referral goes when the hub is there again") {
        table.hub_is_there = false;
        table.drop(kName, file);
        table.department().work(kNow);
        CHECK(table.names("inbox").empty());
        CHECK(states(table.told(kReply)) == std::vector{ReferralState::draft});
        CHECK(table.sent() == 0);
        table.restart();
        table.hub_is_there = true;
        table.department().work(kNow);
        CHECK(states(table.told("IHUB_5000_20261121_999.MSV")) == std::vector{ReferralState::requested});
        CHECK(table.told("IHUB_5000_20261121_999.MSV").statuses.at(0).pseudonym == pseudonym(8));
    }
    CHECK(table.sent() == 1);
    table.department().work(kNow);
    CHECK(table.sent() == 1);
}

TEST_CASE("Of a file taken while the hub is away what has a case goes into the journal at once") {
    Table table;
    table.record_consent();
    table.hub_is_there = false;
    table.drop(kName, good_file());
    table.department().work(kNow);
    CHECK(table.sent() == 1);
    CHECK(states(table.told(kReply)) == std::vector{ReferralState::requested});
}

TEST_CASE("A file waits while the recipient's keys are not known") {
    Table table;
    table.record_consent();
    table.directory = {};
    table.drop(kName, good_file());
    table.department().work(kNow);
    CHECK(table.names("inbox") == std::vector{kName});
    CHECK(table.names("out").empty());
}

TEST_CASE("A referral given to the department becomes one file") {
    Table table;
    taken(deliver(table, given_referral()));
    REQUIRE(table.names("out") == std::vector{kName});
    const Bytes bytes = table.bytes_of("out", kName);
    const auto file = decode_department_file(bytes, Encoding::windows_1255);
    REQUIRE(file);
    const Referral& record = file->referrals.at(0);
    CHECK(record.number == number_given());
    CHECK(record.pseudonym == pseudonym(6));
    CHECK(record.worker == std::nullopt);
    CHECK(record.need == std::vector<std::string>{"סיוע בריהוט"});
    CHECK(table.journal().alias_of(kit::AliasKind::referral, id<ReferralId>(3).text())->native ==
          number_given());
}

TEST_CASE("The receipt is the file's under a salt that stands in the ledger and nowhere else") {
    Table table;
    const Digest receipt = taken(deliver(table, given_referral()));
    const Bytes file = table.bytes_of("out", kName);
    CHECK(statement::sha256(file) != receipt);
    const auto line = table.wrote("housing/" + id<MessageId>(20).text());
    REQUIRE(line.size() == 5);
    CHECK(line[2] == hex(receipt.view()));
    CHECK(line[3] == kName);
    const Bytes salt = from_hex(line[4]).value();
    CHECK(salt.size() == 16);
    CHECK(statement::sha256({bytes_of("kesher.native.v1"), salt, file}) == receipt);
    CHECK(text_of(file).find(line[4]) == std::string::npos);
}

TEST_CASE("Whoever knows all of a file but her cannot try who she is") {
    Table one, another;  // the same bytes: what is said of them tells nobody so
    CHECK(taken(deliver(one, given_referral())) != taken(deliver(another, given_referral())));
    CHECK(one.bytes_of("out", kName) == another.bytes_of("out", kName));
}

TEST_CASE("A ledger from before files had a salt says of each file what it said then") {
    Table table;
    taken(deliver(table, given_referral()));
    const std::string key = "housing/" + id<MessageId>(20).text();
    const Digest before = statement::sha256(table.bytes_of("out", kName));
    std::ofstream(table.root / "ledger", std::ios::app)
        << "wrote " << key << ' ' << hex(before.view()) << ' ' << kName << '\n';
    table.restart();
    CHECK(taken(deliver(table, given_referral())) == before);
    CHECK(table.names("out") == std::vector{kName});
}

TEST_CASE("A delivery that comes again after a stop is the same file and never a second one") {
    Table table;
    const Digest receipt = taken(deliver(table, given_referral()));
    SECTION("the file is still there") {}
    SECTION("the department has collected it") { table.collect(kName); }
    SECTION("the stop was before its last step") {
        fs::rename(table.root / "files/out" / kName, table.root / "files/writing" / kName);
    }
    table.restart();
    const bool in_writing = !table.names("writing").empty();
    const auto again = table.department().already_taken(organisation_id("housing"), id<MessageId>(20));
    // What was never put out was not given: asking is no way to put it out.
    CHECK(std::holds_alternative<kit::NotTaken>(again) == in_writing);
    if (!in_writing) CHECK(std::get<kit::Taken>(again).native == receipt);
    CHECK(taken(deliver(table, given_referral())) == receipt);
    CHECK(table.names("writing").empty());
    CHECK(table.names("out").size() <= 1);
    const auto never = table.department().already_taken(organisation_id("housing"), id<MessageId>(21));
    CHECK(std::holds_alternative<kit::NotTaken>(never));
}

TEST_CASE("A referral that ended before it was collected is not there to be read") {
    Table table;
    taken(deliver(table, given_referral()));
    SECTION("and waits in out") {}
    SECTION("and was stopped before its last step") {
        fs::rename(table.root / "files/out" / kName, table.root / "files/writing" / kName);
        table.restart();
    }
    SECTION("by an event") { taken(deliver(table, event(ReferralEvent::withdraw, 30))); }
    if (states_told(table).empty()) {
        const codec::ConsentRevoked said{day("2026-11-21")};
        taken(deliver(table, arrival(MessageType::consent_revoked, said, 40)));
    }
    CHECK(table.names("writing").empty());
    CHECK(table.names("out") == std::vector<std::string>{"IHUB_5000_20261121_999.MSV"});
    CHECK(states_told(table) == std::vector{ReferralState::withdrawn});
}

TEST_CASE("A referral that goes on stays where the department collects it") {
    Table table;
    taken(deliver(table, given_referral()));
    taken(deliver(table, event(ReferralEvent::hold, 30)));
    CHECK(table.names("out") == std::vector<std::string>{kName, "IHUB_5000_20261121_999.MSV"});
}

TEST_CASE("Each step of a referral that the department sent comes back with its own number") {
    Table table;
    table.record_consent();
    table.drop(kName, good_file());
    table.department().work(kNow);
    Arrival step = event(ReferralEvent::accept, 30);
    step.said.referral = table.alias_maker.referral("A-1");
    taken(deliver(table, step));
    Arrival next = event(ReferralEvent::hold, 31);
    next.said.referral = step.said.referral;
    taken(deliver(table, next));
    Arrival last = event(ReferralEvent::resume, 32);
    last.said.referral = step.said.referral;
    taken(deliver(table, last));
    CHECK(table.told("IHUB_5000_20261121_999.MSV").statuses.at(0).referral == "A-1");
    CHECK(states(table.told("IHUB_5000_20261121_999.MSV")) == std::vector{ReferralState::accepted});
    CHECK(states(table.told("IHUB_5000_20261121_998.MSV")) == std::vector{ReferralState::on_hold});
    CHECK(states(table.told("IHUB_5000_20261121_997.MSV")) == std::vector{ReferralState::accepted});
}

namespace {

// Every name that one status may have of its own that day; the common ones are left.
const std::string kCommon = "IHUB_5000_20261121_250.MSV";
void use_up_names(Table& table, Day on = day("2026-11-21")) {
    table.use_up(kCommonNames + 1, 999, "MSV", on);
}

Arrival revocation() {
    return arrival(MessageType::consent_revoked, codec::ConsentRevoked{day("2026-11-21")}, 40);
}
bool is_held(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Held>(answer); }

// A withdrawal of another referral of hers, as `number` counts them.
Arrival end_of(Table& table, std::uint8_t number) {
    const auto referral = id<ReferralId>(number);
    table.journal().put_referral({referral, organisation_id("housing"), false});
    REQUIRE(table.journal().put_alias(
        {kit::AliasKind::referral, number_for(referral), referral.text(), std::nullopt}));
    Arrival made = event(ReferralEvent::withdraw, number);
    made.said.referral = referral;
    return made;
}
std::string common_file(std::size_t number) {
    return "IHUB_5000_20261121_" + std::to_string(kCommonNames - number) + ".MSV";
}
std::size_t common_files(const Table& table) {
    std::size_t found = 0;
    for (const std::string& name : table.names("out"))
        found += name <= kCommon && name.ends_with(".MSV") ? 1 : 0;
    return found;
}

}  // namespace

TEST_CASE("However many steps another body sends her withdrawal has a name left that day") {
    Table table;
    hand_over(table);
    use_up_names(table);
    const bool by_event = GENERATE(true, false);
    const Arrival end = by_event ? event(ReferralEvent::withdraw, 31) : revocation();
    CHECK(is_held(deliver(table, end)));
    CHECK(table.names("out").empty());  // taken back at once all the same
    const auto known = fs::file_size(table.root / "ledger");
    CHECK(is_held(deliver(table, end)));  // offered again while it waits: nothing is done a second time
    CHECK(fs::file_size(table.root / "ledger") == known);
    table.department().work(kNow);
    REQUIRE(table.names("out") == std::vector{kCommon});
    CHECK(states(table.told(kCommon)) == std::vector{ReferralState::withdrawn});
    CHECK(table.told(kCommon).statuses.at(0).referral == number_given());
    const Digest receipt = taken(deliver(table, end));
    CHECK(receipt != statement::sha256(table.bytes_of("out", kCommon)));
    table.collect(kCommon);
    table.restart();
    table.department().work(kNow);
    CHECK(taken(deliver(table, end)) == receipt);
    CHECK(table.names("out").empty());
}

TEST_CASE("A freeze has a name left as an end has and what lifts it too") {
    Table table;
    hand_over(table);
    use_up_names(table);
    CHECK(is_held(deliver(table, event(ReferralEvent::freeze, 30))));
    table.department().work(kNow);
    CHECK(states(table.told(kCommon)) == std::vector{ReferralState::on_hold});
    taken(deliver(table, event(ReferralEvent::freeze, 30)));
    CHECK(is_held(deliver(table, event(ReferralEvent::unfreeze, 31))));
    table.department().work(kNow + std::chrono::hours{1});
    CHECK(states(table.told(common_file(1))) == std::vector{ReferralState::delivered});
}

TEST_CASE("Ends that wait for a name are told in one file in the order in which they came") {
    Table table;
    use_up_names(table);
    std::vector<std::string> natives;
    for (std::uint8_t number = 60; number > 50; --number) {
        CHECK(is_held(deliver(table, end_of(table, number))));
        natives.push_back(number_for(id<ReferralId>(number)));
    }
    CHECK(is_held(deliver(table, end_of(table, 60))));  // offered again while it waits
    table.department().work(kNow);
    REQUIRE(table.names("out") == std::vector{kCommon});
    std::vector<std::string> told;
    for (const Status& status : table.told(kCommon).statuses) told.push_back(status.referral);
    CHECK(told == natives);
    std::set<Digest> receipts;
    for (std::uint8_t number = 60; number > 50; --number) {
        receipts.insert(taken(deliver(table, end_of(table, number))));
    }
    CHECK(receipts.size() == natives.size());  // nobody sees by them that it was one file
    CHECK(table.times_said("told_in_one_file") == 1);
}

TEST_CASE("Whoever spreads ends delays another by minutes and also a stop spends no name") {
    Table table;
    use_up_names(table);
    const Instant midnight = start_of(day_of(kNow));
    std::vector<std::size_t> ends;  // in each file, in the order of files
    for (std::uint8_t minute = 0; minute < 30; ++minute) {
        CHECK(is_held(deliver(table, end_of(table, minute))));
        table.department().work(midnight + std::chrono::minutes{minute});
        if (common_files(table) > ends.size()) {
            ends.push_back(table.told(common_file(ends.size())).statuses.size());
        }
        if (minute == 15) table.restart();
    }
    CHECK(ends == std::vector<std::size_t>{1, 8, 7, 7, 7});  // in minutes 0, 8, 15, 22 and 29
}

TEST_CASE("An end that waits is offered again after a stop and told once") {
    Table table;
    hand_over(table);
    use_up_names(table);
    CHECK(is_held(deliver(table, revocation())));
    table.restart();
    table.department().work(kNow);
    CHECK(table.names("out").empty());
    CHECK(is_held(deliver(table, revocation())));
    table.department().work(kNow);
    CHECK(table.names("out") == std::vector{kCommon});
    CHECK(table.told(kCommon).statuses.size() == 1);
}

TEST_CASE("A common file that a stop kept back is put out with the next offer") {
    Table table;
    hand_over(table);
    use_up_names(table);
    CHECK(is_held(deliver(table, revocation())));
    table.department().work(kNow);
    fs::rename(table.root / "files/out" / kCommon, table.root / "files/writing" / kCommon);
    table.restart();
    taken(deliver(table, revocation()));
    CHECK(table.names("out") == std::vector{kCommon});
}

TEST_CASE("Nothing is told in front of an end that waits for its name") {
    Table table;
    hand_over(table);
    use_up_names(table);
    CHECK(is_held(deliver(table, event(ReferralEvent::freeze, 30))));
    // Tomorrow has names again; that it goes on is not to be read before that it was frozen.
    Arrival next = event(ReferralEvent::unfreeze, 31);
    const Delivered tomorrow{next.said, next.payload, next.sealed, pseudonym(6), day("2026-11-22")};
    CHECK(is_held(table.department().deliver(tomorrow)));
    table.department().work(kNow + std::chrono::days{1});
    const std::string common = "IHUB_5000_20261122_250.MSV";
    CHECK(table.names("out") == std::vector<std::string>{kName, common});
    CHECK(states(table.told(common)) == std::vector{ReferralState::on_hold, ReferralState::delivered});
    taken(table.department().deliver(tomorrow));
}

TEST_CASE("A step without a name of its own is told within minutes so that an end comes after it") {
    Table table;
    hand_over(table);
    use_up_names(table);
    CHECK(
        is_held(deliver(table, event(ReferralEvent::accept, 30))));  // as long as it is, the hub sends no end
    table.department().work(kNow);
    CHECK(states(table.told(kCommon)) == std::vector{ReferralState::accepted});
    taken(deliver(table, event(ReferralEvent::accept, 30)));
    CHECK(is_held(deliver(table, event(ReferralEvent::withdraw, 31))));
    table.department().work(kNow + std::chrono::minutes{8});
    CHECK(states(table.told(common_file(1))) == std::vector{ReferralState::withdrawn});
    taken(deliver(table, event(ReferralEvent::withdraw, 31)));
}

TEST_CASE("Steps of many bodies that wait together spend one name") {
    Table table;
    hand_over(table);
    use_up_names(table);
    CHECK(is_held(deliver(table, event(ReferralEvent::accept, 30))));
    CHECK(is_held(deliver(table, end_of(table, 60))));
    CHECK(is_held(deliver(table, event(ReferralEvent::start, 31))));
    table.department().work(kNow);
    CHECK(states(table.told(kCommon)) ==
          std::vector{ReferralState::accepted, ReferralState::withdrawn, ReferralState::in_progress});
    CHECK(common_files(table) == 1);
}

TEST_CASE("A step that waits for a common file is not told once she has withdrawn its consent") {
    Table table;
    hand_over(table);
    use_up_names(table);
    CHECK(is_held(deliver(table, event(ReferralEvent::accept, 30))));
    CHECK(is_held(deliver(table, revocation())));
    table.department().work(kNow);
    CHECK(states(table.told(kCommon)) == std::vector{ReferralState::withdrawn});
    CHECK(is_held(deliver(table, event(ReferralEvent::accept, 30))));  // it was not told
}

TEST_CASE("The hour of an appointment is told under its release and not a moment later") {
    Table table;
    hand_over(table);
    use_up_names(table);
    Arrival step = event(ReferralEvent::schedule, 30);
    step.sealed = codec::Sealed{};
    step.sealed->appointment = codec::Appointment{};
    step.sealed->appointment->slot = start_of(day("2026-12-01")) + std::chrono::hours{9};
    const auto offer = [&] {
        return table.department().deliver(
            {step.said, step.payload, step.sealed, pseudonym(6), day("2026-11-21"), kNow});
    };
    CHECK(is_held(offer()));
    const bool in_time = GENERATE(true, false);
    table.department().work(kNow + std::chrono::milliseconds{in_time ? 0 : 1});
    const Status told = table.told(kCommon).statuses.at(0);
    CHECK(told.state == ReferralState::scheduled);
    CHECK(told.time.has_value() == in_time);
    CHECK(told.date == (in_time ? day("2026-12-01") : day("2026-11-21")));
    CHECK(table.times_said("appointments_left_out") == (in_time ? 0 : 1));
    taken(offer());
}

TEST_CASE("What is offered again under an old release has the names of today") {
    Table table;
    hand_over(table);
    use_up_names(table);
    table.department().work(kNow + std::chrono::days{1});
    // As the kit hands over the hub's own word for 72 hours.
    Arrival word = event(ReferralEvent::freeze, 30);
    word.said.from = OrganisationId::hub();
    taken(deliver(table, word));
    CHECK(states(table.told("IHUB_5000_20261122_999.MSV")) == std::vector{ReferralState::on_hold});
}

namespace {

// Another woman's, on the same day.
Arrival given_to_another() {
    Arrival made = given_referral();
    made.said.id = id<MessageId>(21);
    made.said.referral = id<ReferralId>(5);
    made.said.consent = id<ConsentId>(6);
    return made;
}
std::string data_name(unsigned sequence, const std::string& date = "20261121") {
    return "IHUB_5000_" + date + "_00" + std::to_string(sequence) + ".DAT";
}
// The first referral found the disk full: it has its name and no file.
void fail_to_write(Table& table) {
    const fs::path writing = table.root / "files/writing" / kName;
    fs::create_directories(writing);  // no file can be made under that name
    CHECK(std::holds_alternative<kit::Held>(deliver(table, given_referral())));
    fs::remove(writing);
    CHECK(table.names("out").empty());
}
const std::string kCannotBeRead = framed({answer({{"outcome", "R"}, {"fault", "004"}, {"line", "2"}})});
void leave_half_a_file(Table& table) { std::ofstream(table.root / "files/writing" / kName) << "R100"; }

}  // namespace

TEST_CASE("Whoever withdraws before her file was written takes no other woman's file away") {
    Table table;
    fail_to_write(table);
    if (GENERATE(true, false)) table.restart();
    taken(deliver(table, given_to_another()));
    CHECK(table.names("out") == std::vector{data_name(2)});
    const bool by_event = GENERATE(true, false);
    taken(deliver(table, by_event ? event(ReferralEvent::withdraw, 31) : revocation()));
    CHECK(table.names("out") == std::vector<std::string>{data_name(2), "IHUB_5000_20261121_999.MSV"});
}

TEST_CASE("A file that was never written cannot be unreadable: nobody's referral is declined for it") {
    Table table;
    know(table, id<ReferralId>(3), id<ConsentId>(4));
    fail_to_write(table);
    table.drop(kReply, kCannotBeRead);
    table.department().work(kNow);
    CHECK(table.journal().outgoing_in(kit::OutgoingState::waiting, 100).empty());
}

TEST_CASE("Of a file that was not written to its end nothing stays once she withdraws") {
    Table table;
    fail_to_write(table);
    leave_half_a_file(table);
    taken(deliver(table, event(ReferralEvent::withdraw, 31)));
    CHECK(table.names("writing").empty());
}

TEST_CASE("A referral whose file could not be written has the same name that day and another the next") {
    Table table;
    fail_to_write(table);
    leave_half_a_file(table);
    taken(deliver(table, given_to_another()));
    const bool same_day = GENERATE(true, false);
    if (!same_day) table.department().work(kNow + std::chrono::days{1});
    taken(deliver(table, given_referral()));
    const std::string its_own = same_day ? kName : data_name(1, "20261122");
    CHECK(table.names("writing").empty());
    CHECK(table.names("out") ==
          std::vector{std::min(its_own, data_name(2)), std::max(its_own, data_name(2))});
    taken(deliver(table, event(ReferralEvent::withdraw, 31)));
    CHECK(table.names("out").front() == data_name(2));
}

TEST_CASE("Where an older ledger gave two referrals one name the file is hers for whom it was written") {
    Table table;
    taken(deliver(table, given_to_another()));
    std::ifstream before(table.root / "ledger");
    const std::string lines(std::istreambuf_iterator<char>(before), {});
    std::ofstream(table.root / "ledger")
        << "carried " << number_given() << ' ' << kName << ' ' << id<ReferralId>(3).text()
        << " housing REFERRAL " << kLegalBases.text(LegalBasis::written_consent_explained) << ' '
        << id<ConsentId>(4).text() << '\n'
        << lines;
    table.restart();
    REQUIRE(table.journal().put_alias(
        {kit::AliasKind::referral, number_given(), id<ReferralId>(3).text(), std::nullopt}));
    SECTION("it stays when the other withdraws") {
        taken(deliver(table, event(ReferralEvent::withdraw, 31)));
        CHECK(table.names("out").front() == kName);
    }
    SECTION("that it cannot be read declines nobody else") {
        know(table, id<ReferralId>(3), id<ConsentId>(4));
        know(table, id<ReferralId>(5), id<ConsentId>(6));
        table.drop(kReply, kCannotBeRead);
        table.department().work(kNow);
        const auto said = table.journal().outgoing_in(kit::OutgoingState::waiting, 100);
        REQUIRE(said.size() == 1);
        CHECK(said[0].written.referral == id<ReferralId>(5));
    }
}

TEST_CASE("A name under which a file of the department was answered is given to nothing else") {
    Table table;
    table.record_consent();
    const std::string last = "IHUB_5000_20261121_999";
    const bool taken_file = GENERATE(true, false);
    table.drop(last + ".DAT", taken_file ? good_file() : "x\r\n");
    table.department().work(kNow);
    REQUIRE(table.names("out") == std::vector{last + ".MSV"});
    table.collect(last + ".MSV");
    if (GENERATE(true, false)) table.restart();
    hand_over(table);
    taken(deliver(table, event(ReferralEvent::accept, 30)));
    CHECK(table.names("out") == std::vector<std::string>{kName, "IHUB_5000_20261121_998.MSV"});
}

TEST_CASE("The operator reads that names are used up and that an end has none") {
    Table table;
    hand_over(table);
    use_up_names(table);
    CHECK(is_held(deliver(table, event(ReferralEvent::accept, 30))));
    CHECK(is_held(deliver(table, event(ReferralEvent::accept, 30))));
    CHECK(table.times_said("names_used_up") == 1);
    CHECK_FALSE(table.was_said("no_common_name"));
    SECTION("also for referrals") {
        table.use_up(1, 999, "DAT");
        Arrival second = given_referral();
        second.said.id = id<MessageId>(21);
        CHECK(is_held(deliver(table, second)));
        CHECK(table.times_said("names_used_up") == 2);
    }
    SECTION("only the department itself can use up the common ones: by files of its own") {
        for (unsigned sequence = 1; sequence <= kCommonNames; ++sequence) {
            const std::string digits = std::to_string(sequence);
            const std::string name = "IHUB_5000_20261121_" + std::string(3 - digits.size(), '0') + digits;
            std::ofstream(table.root / "files/out" / (name + ".MSV")) << "x";
        }
        CHECK(is_held(deliver(table, revocation())));
        table.department().work(kNow);
        CHECK(table.was_said("no_common_name"));
        CHECK(is_held(deliver(table, revocation())));
        table.collect(kCommon);
        table.department().work(kNow);
        CHECK(states(table.told(kCommon)) == std::vector{ReferralState::withdrawn});
    }
}

TEST_CASE("A referral that waited and ended is told in a common file and never sent afterwards") {
    Table table;
    table.drop(kName, good_file());
    table.department().work(kNow);
    table.collect(kReply);
    const Day last = day("2026-12-05");  // of the fourteen that it waits
    const Instant morning = start_of(last) + std::chrono::hours{8};
    const std::string told = "IHUB_5000_20261205_250.MSV";
    use_up_names(table, last);
    SECTION("its end was told") {
        table.department().work(morning);
        CHECK(states(table.told(told)) == std::vector{ReferralState::expired});
        table.record_consent();
        table.department().work(morning);
        CHECK(table.sent() == 0);
        CHECK(table.names("out").size() == 1);
    }
    SECTION("its consent came before its end was told: it has not ended") {
        // As after a morning in which so much waited: the next is due at noon.
        table.use_up(kCommonNames - kCommonFilesADay / 2 + 1, kCommonNames, "MSV", last);
        table.department().work(morning);
        CHECK(table.names("out").empty());
        table.record_consent();
        table.department().work(morning);
        CHECK(table.sent() == 1);
        table.department().work(start_of(last) + std::chrono::hours{12});
        CHECK(states(table.told("IHUB_5000_20261205_150.MSV")) == std::vector{ReferralState::requested});
    }
}

TEST_CASE("An event of a referral that no file is about is refused") {
    Table table;
    const auto answer = deliver(table, event(ReferralEvent::accept, 30));
    REQUIRE(std::holds_alternative<kit::Declined>(answer));
    CHECK(std::get<kit::Declined>(answer).code == Code::not_found);
}

TEST_CASE("A status file of the department becomes the events that lead to it once") {
    Table table;
    hand_over(table);
    const std::string file =
        framed({status({{"referral", number_given()}, {"status", "8"}, {"date", "20261121"}})});
    table.drop("IHUB_5000_20261121_050.MSV", file);
    table.department().work(kNow);
    const auto events = [&] { return table.journal().outgoing_in(kit::OutgoingState::waiting, 100).size(); };
    CHECK(events() == 2);  // accept, start
    CHECK(table.names("inbox").empty());
    table.drop("IHUB_5000_20261121_051.MSV", file);
    table.restart();
    table.department().work(kNow);
    CHECK(events() == 2);
    CHECK(table.names("inbox").empty());
}

TEST_CASE("A status file with one impossible step is refused whole") {
    Table table;
    hand_over(table);
    table.drop("IHUB_5000_20261121_050.MSV",
               framed({status({{"referral", number_given()}, {"status", "5"}}),
                       status({{"referral", number_given()}, {"status", "11"}})}));
    table.department().work(kNow);
    const Answer answer = table.told("IHUB_5000_20261121_050.MSV").answers.at(0);
    CHECK(answer.flaw == Flaw::status_not_yours);
    CHECK(answer.line == 3);
    CHECK(table.journal().outgoing_in(kit::OutgoingState::waiting, 100).empty());
}

TEST_CASE("A status of a referral that the department was not given is refused") {
    Table table;
    table.drop("IHUB_5000_20261121_050.MSV", framed({status()}));
    table.department().work(kNow);
    CHECK(table.told("IHUB_5000_20261121_050.MSV").answers.at(0).flaw == Flaw::referral_unknown);
}

namespace {

const std::string kRecall = "IHUB_5000_20261121_060.MSV";

void send_one(Table& table) {
    table.record_consent();
    table.drop(kName, good_file());
    table.department().work(kNow);
    REQUIRE(table.sent() == 1);
}
// As the runner marks it when the hub has decided.
void accept_all(Table& table) {
    for (const auto& row : table.journal().due(kNow, 10)) {
        table.journal().mark_sent(row.written.id);
        table.journal().mark_accepted(row.written.id, {LeafIndex{17}, "-\n{}\n", "proof"});
    }
}
std::string recall(const Changes& changes = {}) {
    Changes all{{"status", "11"}, {"date", "20261121"}};
    for (const auto& [name, value] : changes) all[name] = value;
    return framed({status(all)});
}
std::size_t recalls(Table& table, kit::OutgoingState state = kit::OutgoingState::waiting) {
    const auto rows = table.journal().outgoing_in(state, 100);
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const auto& row) {
        return row.written.type == MessageType::referral_event;
    }));
}
void say(Table& table, const std::string& file) {
    table.drop(kRecall, file);
    table.department().work(kNow);
}

}  // namespace

TEST_CASE("Her word that she withdraws goes out as one message that waits behind nothing") {
    Table table;
    send_one(table);
    accept_all(table);
    say(table, recall());
    const auto rows = table.journal().due(kNow, 10);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].written.first_lane);
    CHECK(rows[0].written.to == organisation_id("housing"));
    CHECK(rows[0].written.referral == table.alias_maker.referral("A-1"));
    CHECK(table.names("inbox").empty());
    table.restart();
    table.drop("IHUB_5000_20261121_061.MSV", recall());
    table.department().work(kNow);
    CHECK(recalls(table) == 1);
}

TEST_CASE("What was withdrawn before it left never leaves even while the hub is away") {
    Table table;
    send_one(table);
    const bool hub_known = GENERATE(true, false);
    if (!hub_known) table.directory = kit::Directory{};
    say(table, recall());
    CHECK(table.sent() == 0);
    CHECK(recalls(table) == 0);
    CHECK(table.journal().count_of(kit::OutgoingState::taken_back) == 1);
}

TEST_CASE("What may have left is not taken back in silence") {
    Table table;
    send_one(table);
    const auto id = table.journal().due(kNow, 10).at(0).written.id;
    table.journal().mark_sent(id);
    SECTION("its answer was not seen") { table.restart(); }
    SECTION("and it is to be tried again") { table.journal().mark_waiting(id, kNow, Code::unavailable); }
    say(table, recall());
    CHECK(table.journal().count_of(kit::OutgoingState::taken_back) == 0);
    CHECK(recalls(table) == 1);
    CHECK(table.journal().due(kNow, 10).at(0).written.id == id);  // the hub decides on it first
}

TEST_CASE("A referral that waits for its consent is ended by her word and never sent") {
    Table table;
    table.drop(kName, good_file());
    table.department().work(kNow);
    say(table, recall());
    CHECK(table.names("inbox").empty());
    table.record_consent();
    table.department().work(kNow);
    CHECK(table.sent() == 0);
}

TEST_CASE("A cancellation and an error have a reason of their own and nobody else's") {
    struct Row {
        ReferralState state;
        Reason reason;
        bool passes;
    };
    const auto row = GENERATE(Row{ReferralState::cancelled, Reason::no_longer_needed, true},
                              Row{ReferralState::cancelled, Reason::entered_twice, true},
                              Row{ReferralState::cancelled, Reason::wrong_case, false},
                              Row{ReferralState::erroneous, Reason::wrong_case, true},
                              Row{ReferralState::erroneous, Reason::wrong_content, true},
                              Row{ReferralState::erroneous, Reason::no_longer_needed, false});
    Table table;
    send_one(table);
    accept_all(table);
    say(table, recall({{"status", std::to_string(static_cast<int>(row.state) + 1)},
                       {"reason", std::to_string(static_cast<int>(row.reason) + 1)}}));
    CHECK(recalls(table) == (row.passes ? 1 : 0));
    if (!row.passes) CHECK(table.told(kRecall).answers.at(0).flaw == Flaw::reason);
}

TEST_CASE("The referring side ends what it sent and says nothing else of it") {
    Table table;
    send_one(table);
    accept_all(table);
    say(table, recall({{"status", "5"}}));
    CHECK(table.told(kRecall).answers.at(0).flaw == Flaw::status_not_yours);
    CHECK(recalls(table) == 0);
}

TEST_CASE("A number beside another case's pseudonym ends nobody's referral") {
    Table table;
    send_one(table);
    accept_all(table);
    const bool hers = GENERATE(true, false);
    say(table, recall({{"pseudonym", pseudonym(hers ? 1 : 2).reveal()}}));
    CHECK(recalls(table) == (hers ? 1 : 0));
    if (!hers) CHECK(table.told(kRecall).answers.at(0).flaw == Flaw::pseudonym);
}

TEST_CASE("What has ended needs no other end but may still have been an error") {
    Table table;
    send_one(table);
    accept_all(table);
    Arrival end = event(ReferralEvent::decline, 30);
    end.said.referral = table.alias_maker.referral("A-1");
    taken(deliver(table, end));
    say(table, recall());
    CHECK(recalls(table) == 0);
    CHECK(table.names("inbox").empty());
    table.drop("IHUB_5000_20261121_061.MSV",
               recall({{"status", std::to_string(static_cast<int>(ReferralState::erroneous) + 1)},
                       {"reason", std::to_string(static_cast<int>(Reason::wrong_case) + 1)}}));
    table.department().work(kNow);
    CHECK(recalls(table) == 1);
}

TEST_CASE("A file of ours that the department's system could not read is told to the sender as declined") {
    Table table;
    hand_over(table);
    table.drop(kReply, framed({answer({{"outcome", "R"}, {"fault", "004"}, {"line", "2"}})}));
    table.department().work(kNow);
    CHECK(table.journal().outgoing_in(kit::OutgoingState::waiting, 100).size() == 1);
    CHECK(table.names("inbox").empty());
}

TEST_CASE("A revocation stops each referral under it and is acknowledged when the department says so") {
    Table table;
    hand_over(table);
    Arrival revoked = arrival(MessageType::consent_revoked, codec::ConsentRevoked{day("2026-11-21")}, 40);
    taken(deliver(table, revoked));
    const StatusFile told = table.told("IHUB_5000_20261121_999.MSV");
    CHECK(states(told) == std::vector{ReferralState::withdrawn});
    CHECK(told.statuses.at(0).referral == number_given());
    table.drop("IHUB_5000_20261121_050.MSV",
               framed({status({{"referral", number_given()}, {"status", "11"}})}));
    table.department().work(kNow);
    const auto sent = table.journal().outgoing_in(kit::OutgoingState::waiting, 100);
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].written.type == MessageType::consent_revocation_acked);
    CHECK(sent[0].written.consent == id<ConsentId>(4));
}

TEST_CASE("What the hub would not carry is told once with its reason") {
    Table table;
    table.record_consent();
    table.drop(kName, good_file());
    table.department().work(kNow);
    const auto row = table.journal().due(kNow, 1).at(0);
    table.journal().mark_sent(row.written.id);
    table.journal().mark_refused(row.written.id, Code::agreement_missing, std::nullopt);
    table.department().work(kNow);
    table.department().work(kNow);
    const StatusFile told = table.told("IHUB_5000_20261121_999.MSV");
    CHECK(states(told) == std::vector{ReferralState::declined});
    CHECK(told.statuses.at(0).reason == Reason::agreement_missing);
    CHECK(table.names("out").size() == 2);
}

TEST_CASE("What the hub would not carry is told also on a day without names and stands as it was told") {
    Table table;
    table.record_consent();
    table.drop(kName, good_file());
    table.department().work(kNow);
    const auto row = table.journal().due(kNow, 1).at(0);
    table.journal().mark_sent(row.written.id);
    table.journal().mark_refused(row.written.id, Code::consent_revoked, std::nullopt);
    use_up_names(table);
    table.department().work(kNow);
    table.department().work(kNow + std::chrono::hours{1});
    const StatusFile told = table.told(kCommon);
    CHECK(states(told) == std::vector{ReferralState::declined});
    CHECK(told.statuses.at(0).reason == Reason::consent_missing);
    CHECK(table.names("out").size() == 2);
    table.drop(kRecall, recall());  // it has ended: nothing more to end
    table.department().work(kNow + std::chrono::hours{1});
    CHECK(recalls(table) == 0);
    CHECK(table.names("inbox").empty());
}

TEST_CASE("Files put away longer than they are kept are deleted") {
    Table table;
    table.drop(kName, "x\r\n");
    table.department().work(kNow);
    REQUIRE(table.names("refused").size() == 1);
    const fs::path file = table.root / "files/refused" / table.names("refused")[0];
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours{24 * 29});
    table.department().work(kNow);
    CHECK(table.names("refused").size() == 1);
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours{24 * 31});
    table.department().work(kNow);
    CHECK(table.names("refused").empty());
}

TEST_CASE("A line of the ledger that a stop cut off never happened and a damaged one stops the adapter") {
    const fs::path file = folder_of_this_run() + "/ledger";
    const Digest one = statement::sha256("one");
    {
        Ledger(file).take(one);
    }
    std::ofstream(file, std::ios::app) << "taken 00";
    {
        Ledger ledger(file);
        CHECK(ledger.is_taken(one));
        ledger.take(statement::sha256("two"));
    }
    CHECK(Ledger(file).is_taken(statement::sha256("two")));
    std::ofstream(file, std::ios::app) << "taken 00\n";
    CHECK_THROWS_AS(Ledger(file), LedgerBroken);
    fs::remove_all(file.parent_path());
}
