// The native side starts with files that can be used, and names the one that cannot; the server may be away.
#include "adapters/health/health_side.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "adapters/kit/native_receipt.h"
#include "schemas/statement/hash.h"
#include "tests/unit/health/canned_server.h"
#include "tests/unit/health/clinic_desk.h"

using namespace kesher;
using namespace kesher::health;
namespace fs = std::filesystem;

namespace {

class Stage : public test::ClinicDesk {
public:
    [[nodiscard]] std::string file(const std::string& name, const std::string& text,
                                   fs::perms mode = fs::perms::owner_read) const {
        std::ofstream(root / name, std::ios::binary) << text;
        fs::permissions(root / name, mode);
        return (root / name).string();
    }
    // The sentence of what cannot be used; empty where it starts.
    std::string refused() {
        try {
            start();
            return {};
        } catch (const HealthSideUnusable& unusable) {
            return unusable.what();
        }
    }
    std::unique_ptr<kit::NativeSide> start() { return make_health_side(settings, means()); }
};

}  // namespace

TEST_CASE("The side starts though its FHIR server is away and knows of no message then") {
    Stage stage;
    const auto side = stage.start();
    side->work(statement::kNow, {});
    const auto before = side->already_taken(statement::organisation("ssd-5000"),
                                            contract::MessageId::of_random(std::array<std::uint8_t, 16>{}));
    CHECK(std::holds_alternative<kit::NotTaken>(before));
}

TEST_CASE("What is told of the server's answer is a commitment that the alias key opens") {
    Stage stage;
    const auto from = statement::organisation("ssd-5000");
    const auto id = contract::MessageId::of_random(std::array<std::uint8_t, 16>{1});
    const std::string page =
        R"({"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Task","id":"1",)"
        R"("meta":{"tag":[{"system":"urn:kesher:message","code":")" +
        id.text() + R"("}]}}}]})";
    const test::CannedServer canned([&](const test::Request&) { return test::answered(200, page); });
    stage.settings.base_url = canned.url();
    const auto side = stage.start();
    stage.journal.receive({.delivery = {.delivery = contract::DeliveryId::of_random({}),
                                        .pseudonym = contract::Pseudonym::of_random({})},
                           .message = id,
                           .from = from,
                           .type = contract::MessageType::referral_submitted});
    const auto before = side->already_taken(from, id);
    const contract::Digest native = std::get<kit::Taken>(before).native;
    const contract::Digest answer = statement::sha256(page);
    CHECK(native == kit::native_commitment(stage.aliases.salt(from, id), answer.view()));
    CHECK(native != answer);
}

TEST_CASE("The first line of the authorization file goes with the calls and the file is its owner's") {
    Stage stage;
    const test::CannedServer canned([](const test::Request&) { return test::answered(503, ""); });
    stage.settings.base_url = canned.url();
    stage.settings.authorization_file = stage.file("token", "Bearer abc\r\nmore\n");
    const auto side = stage.start();
    side->work(statement::kNow, {});
    side->work(statement::kNow + std::chrono::hours{1}, {});
    REQUIRE_FALSE(canned.asked().empty());
    CHECK(canned.asked().front().head.find("authorization: bearer abc\r\n") != std::string::npos);
}

TEST_CASE("An authorization file that cannot be used is named without its content") {
    Stage stage;
    stage.settings.authorization_file = stage.root / "none";
    CHECK(stage.refused() == "none: it cannot be read");
    stage.settings.authorization_file = stage.root;
    CHECK(stage.refused().ends_with("it cannot be read"));
    stage.settings.authorization_file =
        stage.file("open", "Bearer abc\n", fs::perms::owner_read | fs::perms::group_read);
    CHECK(stage.refused() == "open: others than its owner may use it");
    for (const std::string& bad : {std::string(), std::string("\nx"), std::string("a\tb"), std::string("ä"),
                                   std::string(8 * 1024 + 1, 'a')}) {
        fs::remove(stage.root / "bad");
        stage.settings.authorization_file = stage.file("bad", bad);
        CHECK(stage.refused() == "bad: its first line is no header's value");
    }
}

TEST_CASE("A CA file that cannot be used or a URL that is none stops the start") {
    Stage stage;
    stage.settings.base_url = "https://fhir.example";
    stage.settings.ca_file = stage.root / "ca.pem";
    CHECK(stage.refused() == "ca.pem: it cannot be read");
    stage.settings.ca_file = stage.file("ca.pem", "no certificate\n");
    CHECK_FALSE(stage.refused().empty());
    stage.settings.ca_file.clear();
    stage.settings.base_url = "http://fhir.example";
    CHECK(stage.refused() == "the FHIR server's URL cannot be used");
}

TEST_CASE("A ledger that is in use or damaged stops the start") {
    Stage stage;
    const auto side = stage.start();
    CHECK(stage.refused().starts_with("the ledger of referrals: it is in use"));
    stage.settings.ledger = stage.file("damaged", "x\n", fs::perms::owner_read | fs::perms::owner_write);
    CHECK(stage.refused() == "the ledger of referrals is damaged");
}
