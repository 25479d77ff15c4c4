// The native side starts with files that can be used, and names the one that cannot; the service may be away.
#include "adapters/national_insurance/national_insurance_side.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "tests/unit/record/native_table.h"

using namespace kesher;
using namespace kesher::national_insurance;
using namespace kesher::record::test;

namespace {

class Stage final : public NativeTable {
public:
    Stage() : NativeTable("nii", WordSet<SafetyFlag>{}) {
        auto read = parse_national_insurance_settings(national_insurance_example(), root / "adapter.toml");
        settings = read.value();
        settings.endpoint = "http://127.0.0.1:1/benefits";
        settings.listen.port = 0;
        settings.ledger = ledger();
    }
    ~Stage() override { close_side(); }
    std::unique_ptr<kit::NativeSide> start() { return make_national_insurance_side(settings, means()); }
    // The sentence of what cannot be used; empty where it starts.
    std::string refused() {
        try {
            (void)start();
            return {};
        } catch (const NationalInsuranceSideUnusable& unusable) {
            return unusable.what();
        }
    }
    std::filesystem::path file(const std::string& name, const std::string& text) {
        std::ofstream(root / name, std::ios::binary) << text;
        return root / name;
    }
    NationalInsuranceSettings settings =
        parse_national_insurance_settings(national_insurance_example(), "/x").value();

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
    const std::string line = "service.BEN-INCOME = \"1\"\n";
    toml.erase(toml.find(line), line.size());
    stage.settings.mapping = stage.file("mapping.toml", toml + "status.77 = \"NO-SUCH-STATE\"\n");
    const std::string said = stage.refused();
    CHECK(said.find("service.BEN-INCOME") != std::string::npos);
    CHECK(said.find("status.77") != std::string::npos);
}

TEST_CASE("A CA that cannot be read, a URL that is none, a ledger in use and a port in use stop the start") {
    Stage stage;
    stage.settings.endpoint = "https://nii.example/benefits";
    stage.settings.ca_file = stage.root / "ca.pem";
    CHECK(stage.refused() == "ca.pem: it cannot be read");
    stage.settings.ca_file.clear();
    stage.settings.endpoint = "http://nii.example/benefits";
    CHECK(stage.refused() == "the service's URL cannot be used");
    stage.settings.endpoint = "http://127.0.0.1:1/benefits";
    const auto side = stage.start();
    CHECK(stage.refused().starts_with("the ledger of referrals: it is in use"));
    stage.settings.ledger = stage.root / "another";
    stage.settings.listen.address = "192.0.2.1";
    CHECK_FALSE(stage.refused().empty());
}
