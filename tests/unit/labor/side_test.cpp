// The native side starts with files that can be used, and names the one that cannot; the service may be away.
#include "adapters/labor/labor_side.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "adapters/labor/event_keys.h"
#include "adapters/labor/profile.h"
#include "schemas/statement/key_file.h"
#include "tests/unit/record/native_table.h"

using namespace kesher;
using namespace kesher::labor;
using namespace kesher::record::test;

namespace {

class Stage final : public NativeTable {
public:
    Stage() : NativeTable("labor", WordSet<SafetyFlag>{}) {
        auto read = parse_labor_settings(labor_example(), root / "adapter.toml");
        settings = read.value();
        settings.endpoint = "http://127.0.0.1:1/kesher";
        settings.listen.port = 0;
        settings.ledger = ledger();
        settings.signing_key = root / "events.key";
        settings.their_keys = root / "theirs.json";
        const auto key = statement::PrivateKey::generate(statement::KeyKind::p256);
        (void)statement::write_private_key(settings.signing_key, key, statement::Plain{}).value();
        const auto theirs = statement::PrivateKey::generate(statement::KeyKind::p256);
        std::ofstream(settings.their_keys) << write_key_set(theirs.public_key());
    }
    ~Stage() override { close_side(); }
    std::unique_ptr<kit::NativeSide> start() { return make_labor_side(settings, means()); }
    // The sentence of what cannot be used; empty where it starts.
    std::string refused() {
        try {
            (void)start();
            return {};
        } catch (const LaborSideUnusable& unusable) {
            return unusable.what();
        }
    }
    std::filesystem::path file(const std::string& name, const std::string& text) {
        std::ofstream(root / name, std::ios::binary) << text;
        return root / name;
    }
    LaborSettings settings = parse_labor_settings(labor_example(), "/x").value();

private:
    kit::NativeAnswer deliver(const statement::Statement&, const codec::Payload&,
                              const std::optional<codec::Sealed>&, const Pseudonym&) override {
        return kit::Held{};
    }
    void close_side() override {}
};

}  // namespace

TEST_CASE("The side starts though the service is away and says which flags it keeps") {
    Stage stage;
    const auto side = stage.start();
    side->work(statement::kNow, {});
    CHECK(side->honours() == WordSet<SafetyFlag>::up_to(SafetyFlag::address_confidential));
    const auto before = side->already_taken(statement::organisation("ssd-5000"), kit::draw_message_id());
    CHECK(std::holds_alternative<kit::NotTaken>(before));
}

TEST_CASE("A mapping that does not fit stops the start with every fault and its line") {
    Stage stage;
    std::string toml(built_in_mapping());
    const std::string line = "service.EMP-VOC = \"vocational-training\"\n";
    toml.erase(toml.find(line), line.size());
    stage.settings.mapping = stage.file("mapping.toml", toml + "status.77 = \"NO-SUCH-STATE\"\n");
    const std::string said = stage.refused();
    CHECK(said.find("service.EMP-VOC") != std::string::npos);
    CHECK(said.find("status.77") != std::string::npos);
}

TEST_CASE("Keys that cannot be used stop the start") {
    Stage stage;
    stage.settings.their_keys = stage.file("empty.json", "{\"keys\":[]}");
    CHECK(stage.refused() == "empty.json: it is no JWK set of one to eight public P-256 keys");
    stage.settings.signing_key = stage.root / "absent.key";
    CHECK(stage.refused().starts_with("absent.key: "));
}

TEST_CASE("A CA that cannot be read, a URL that is none, a ledger in use and a port in use stop the start") {
    Stage stage;
    stage.settings.endpoint = "https://labor.example/kesher";
    stage.settings.ca_file = stage.root / "ca.pem";
    CHECK(stage.refused() == "ca.pem: it cannot be read");
    stage.settings.ca_file.clear();
    stage.settings.endpoint = "http://labor.example/kesher";
    CHECK(stage.refused() == "the service's URL cannot be used");
    stage.settings.endpoint = "http://127.0.0.1:1/kesher";
    const auto side = stage.start();
    CHECK(stage.refused().starts_with("the ledger of referrals: it is in use"));
    stage.settings.ledger = stage.root / "another";
    stage.settings.listen.address = "192.0.2.1";
    CHECK_FALSE(stage.refused().empty());
}
