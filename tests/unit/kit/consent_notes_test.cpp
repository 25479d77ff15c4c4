// What kesherctl noted of a consent reaches the adapter's journal, once, and an end of it always does.
#include "adapters/kit/consent_notes.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "adapters/kit/organisation_setup.h"
#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

struct Desk {
    Folder folder;
    AliasMaker aliases{statement::Secret(Bytes(32, 5))};
    Journal journal{folder / "journal", {organisation("ssd-5000"), std::string(kOrigin)}};
    ConsentNotes notes{folder.path(), aliases};

    ConsentNote note(const std::string& number = "H-17") const {
        codec::ConsentGiven given{.discloser = organisation("ssd-5000"), .recipient = organisation("health")};
        given.notice = {"treatment", 1, statement::sha256("notice")};
        given.explained_by = OfficerId::parse("W1");
        given.explained_at = kToday;
        given.form_sha256 = statement::sha256("form");
        given.purposes = {Purpose::treatment};
        given.groups = {DataGroup::health};
        given.services = {Service::hlt_trauma};
        given.valid_from = kToday;
        given.valid_to = kToday + std::chrono::days{90};
        given.withdrawal_method = {codec::WithdrawalMethod::worker};
        given.retention = 365;
        return {aliases.consent(number, given.recipient), number, given};
    }
};

}  // namespace

TEST_CASE("A consent that kesherctl recorded is known to the adapter under the form's number") {
    Desk desk;
    REQUIRE(keep_consent_note(desk.folder.path(), desk.note()));
    REQUIRE(keep_consent_note(desk.folder.path(), desk.note()));  // the same command once more
    CHECK(desk.notes.read_new(desk.journal).given == 1);
    CHECK(desk.notes.read_new(desk.journal).given == 0);
    const auto known = desk.journal.consent(desk.note().id);
    REQUIRE(known);
    CHECK(known->groups.has(DataGroup::health));
    CHECK_FALSE(known->groups.has(DataGroup::identity));
    CHECK(known->valid_to == kToday + std::chrono::days{90});
    CHECK(desk.journal.alias_of(AliasKind::consent, desk.note().id.text())->native == "H-17");
}

TEST_CASE("What she withdrew stays withdrawn in whatever order the notes are read") {
    Desk desk;
    REQUIRE(keep_revocation_note(desk.folder.path(), desk.note().id));
    CHECK(desk.notes.read_new(desk.journal).revoked == 1);
    REQUIRE(keep_consent_note(desk.folder.path(), desk.note()));
    (void)desk.notes.read_new(desk.journal);
    CHECK(desk.journal.is_revoked(desk.note().id));
    CHECK(desk.journal.consent(desk.note().id)->revoked);
}

TEST_CASE("A note that cannot be read is looked at again and no file is named after a consent") {
    Desk desk;
    std::filesystem::create_directories(desk.folder / "consents");
    const std::string text = write_consent_note(desk.note());
    const auto file = desk.folder / "consents" / "copied.given.json";
    std::ofstream(file) << text.substr(0, text.size() / 2);
    CHECK(desk.notes.read_new(desk.journal).unreadable == 1);
    CHECK_FALSE(desk.journal.consent(desk.note().id));
    std::ofstream(file) << text;
    CHECK(desk.notes.read_new(desk.journal).given == 1);
    std::ofstream(desk.folder / "consents" / "copied.revoked.json") << "{}";
    CHECK(desk.notes.read_new(desk.journal).unreadable == 1);
    REQUIRE(keep_consent_note(desk.folder.path(), desk.note()));
    for (const auto& each : std::filesystem::directory_iterator(desk.folder / "consents")) {
        CHECK(each.path().string().find(desk.note().id.text()) == std::string::npos);
        CHECK(each.path().extension() == ".json");
    }
}

TEST_CASE("A note whose number leads to another consent is no note") {
    Desk desk;
    ConsentNote note = desk.note();
    CHECK(read_consent_note(write_consent_note(note), desk.aliases));
    note.number = "H-18";
    CHECK_FALSE(read_consent_note(write_consent_note(note), desk.aliases));
    note = desk.note();
    note.given.recipient = organisation("housing");
    CHECK_FALSE(read_consent_note(write_consent_note(note), desk.aliases));
}
