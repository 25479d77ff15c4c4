// One neutral name to one body: whoever was told it first, by whichever program of the organisation.
#include "adapters/kit/told_names.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "adapters/kit/outbox.h"
#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

const OrganisationId kHealth = organisation("health");
const OrganisationId kHousing = organisation("housing");

struct Told {
    Folder folder;
    AliasMaker aliases{statement::Secret(Bytes(32, 7))};
    ToldNames names{folder.path(), aliases};
    Digest mark = aliases.name(pseudonym(1), "Dana");
};

}  // namespace

TEST_CASE("A name that nobody was told is told to whom it is told first and to nobody else") {
    const Told given;
    CHECK_FALSE(given.names.is_anothers(given.mark, kHealth));
    CHECK(given.names.tell(given.mark, kHealth));
    CHECK(given.names.tell(given.mark, kHealth));
    CHECK_FALSE(given.names.is_anothers(given.mark, kHealth));
    CHECK(given.names.is_anothers(given.mark, kHousing));
    CHECK_FALSE(given.names.tell(given.mark, kHousing));
    CHECK_FALSE(given.names.is_anothers(given.mark, kHealth));
}

TEST_CASE("Another program of the organisation knows it and another woman may have the same name") {
    const Told given;
    REQUIRE(given.names.tell(given.mark, kHealth));
    const ToldNames other(given.folder.path(), given.aliases);
    CHECK(other.is_anothers(given.mark, kHousing));
    CHECK(other.tell(given.aliases.name(pseudonym(2), "Dana"), kHousing));
}

TEST_CASE("What cannot be read may be anybody") {
    const Told given;
    REQUIRE(given.names.tell(given.mark, kHealth));
    std::ofstream(given.folder / ("names/" + hex(given.mark.view())), std::ios::trunc) << "hea";
    CHECK(given.names.is_anothers(given.mark, kHealth));
    CHECK(given.names.is_anothers(given.mark, kHousing));
    CHECK_FALSE(given.names.tell(given.mark, kHealth));
}

TEST_CASE("The name itself stands nowhere and only its owner may look") {
    const Told given;
    REQUIRE(given.names.tell(given.mark, kHealth));
    namespace fs = std::filesystem;
    const fs::path folder = given.folder / "names";
    CHECK(fs::status(folder).permissions() == fs::perms::owner_all);
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        ++files;
        CHECK(fs::status(entry).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        CHECK(entry.path().filename().string().find("Dana") == std::string::npos);
        std::ifstream file(entry.path());
        CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "health\n");
    }
    CHECK(files == 1);
}

namespace {

struct Naming : Told {
    Exchange exchange;
    Journal journal{folder / "journal", owner("ssd-5000")};
    Outbox outbox{journal, exchange.writer, names};
    Naming() { journal.put_consent(consent(exchange.sender, exchange.recipient)); }

    Result<Accepted, Refused> send(std::uint8_t number, std::optional<std::string> name) {
        Message message = referral(exchange.recipient, number);
        message.sealed->contact = codec::Contact{};
        message.sealed->contact->neutral_name = std::move(name);
        return outbox.submit(message, exchange.directory, kNow);
    }
};

}  // namespace

TEST_CASE("Whatever sends a name that another body was told is refused before anything is journaled") {
    Naming given;
    REQUIRE(given.names.tell(given.mark, kHousing));
    const auto refused = given.send(1, "Dana");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::payload_invalid);
    CHECK(refused.error().names == std::vector<std::string>{"contact.neutral_name"});
    CHECK(given.journal.count_of(OutgoingState::waiting) == 0);
    CHECK(given.send(1, "Tamar"));
    CHECK(given.send(2, std::nullopt));
}

TEST_CASE("A name that was sent is told and one that was refused for another reason is not") {
    Naming given;
    Message message = referral(given.exchange.recipient);
    message.sealed->contact = codec::Contact{};
    message.sealed->contact->neutral_name = "Dana";
    message.consent = id<ConsentId>(9);  // of which nothing is known
    CHECK_FALSE(given.outbox.submit(message, given.exchange.directory, kNow));
    CHECK_FALSE(given.names.is_anothers(given.mark, kHousing));
    CHECK(given.send(1, "Dana"));
    CHECK(given.names.is_anothers(given.mark, kHousing));
    CHECK_FALSE(given.names.is_anothers(given.mark, kHealth));
}
