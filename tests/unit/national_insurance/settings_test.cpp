// The adapter's settings are whole and named when wrong. Method: the example file with single lines changed.
#include "adapters/national_insurance/settings.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace kesher;
using namespace kesher::national_insurance;

namespace {

const std::filesystem::path kExample = KESHER_SOURCE_DIR "/adapters/national_insurance/adapter.example.toml";

std::string example() {
    std::ifstream file(kExample, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
std::string with(std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
    std::string toml = example();
    for (const auto& [from, to] : changes) {
        const std::size_t at = toml.find(from);
        REQUIRE(at != std::string::npos);
        toml.replace(at, from.size(), to);
    }
    return toml;
}
std::string refused(const std::string& toml) {
    const auto settings = parse_national_insurance_settings(toml, "/etc/kesher/adapter.toml");
    return settings ? "" : settings.error().front().key;
}

}  // namespace

TEST_CASE("The adapter's example file is exactly its table of settings written out") {
    const std::filesystem::path written = KESHER_BINARY_DIR "/national_insurance.example.toml";
    std::ofstream(written, std::ios::binary) << national_insurance_example();
    INFO("written to " << written << ": copy it if the table changed");
    CHECK(example() == national_insurance_example());
}

TEST_CASE("The example file is read whole") {
    const auto settings = parse_national_insurance_settings(example(), "/etc/kesher/adapter.toml");
    REQUIRE(settings);
    CHECK(settings->organisation.text() == "nii");
    CHECK(settings->ledger == "/etc/kesher/national_insurance.ledger");
    CHECK(settings->mapping.empty());
    CHECK(settings->environment == Environment::production);
    CHECK(settings->names.member_class == "GOV");
    CHECK(settings->listen.port == 8091);
    CHECK(settings->listen.patience > settings->poll_wait);
}

TEST_CASE("Whoever is called or calls beyond this machine is known by a certificate") {
    CHECK(refused(with({{"http://127.0.0.1:8090/", "https://nii.example/benefits"}})) == "soap.ca_file");
    CHECK(refused(with({{"http://127.0.0.1:8090/", "http://nii.example/benefits"}})) == "soap.endpoint");
    CHECK(refused(with({{"address = \"127.0.0.1\"", "address = \"0.0.0.0\""}})) == "listen.address");
    CHECK(refused(with({{"address = \"127.0.0.1\"", "address = \"::1\""}})).empty());
    CHECK(refused(with({{"client_ca_file = \"\"", "client_ca_file = \"ca.pem\""}})) ==
          "listen.client_ca_file");
    CHECK(refused(with({{"private_key_file = \"\"", "private_key_file = \"k.pem\""}})) ==
          "soap.certificate_file");
}

TEST_CASE("An unknown key or a wrong value is refused by its name") {
    CHECK(refused(with({{"[soap]", "[soap]\nurl = \"x\""}})) == "soap.url");
    CHECK(refused(with({{"id = \"nii\"", "id = \"hub\""}})) == "organisation.id");
    CHECK(refused(with({{"officer = \"soap\"", "officer = \"000000018\""}})) == "actor.officer");
    CHECK(refused(with({{"instance = \"IL\"", "instance = \"I L\""}})) == "xroad.instance");
    CHECK(refused(with({{"patience = \"20s\"", "patience = \"2s\""}})) == "listen.patience");
    CHECK(refused(with({{"environment = \"production\"", "environment = \"both\""}})) == "soap.environment");
    CHECK(refused(with({{"place = \"המשרד\"", "place = \"03-1234567\""}})) == "soap.place");
}
