// The adapter's settings are whole and named when wrong. Method: the example file with single lines changed.
#include "adapters/labor/settings.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace kesher;
using namespace kesher::labor;

namespace {

const std::filesystem::path kExample = KESHER_SOURCE_DIR "/adapters/labor/adapter.example.toml";

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
    const auto settings = parse_labor_settings(toml, "/etc/kesher/adapter.toml");
    return settings ? "" : settings.error().front().key;
}

}  // namespace

TEST_CASE("The adapter's example file is exactly its table of settings written out") {
    const std::filesystem::path written = KESHER_BINARY_DIR "/labor.example.toml";
    std::ofstream(written, std::ios::binary) << labor_example();
    INFO("written to " << written << ": copy it if the table changed");
    CHECK(example() == labor_example());
}

TEST_CASE("The example file is read whole") {
    const auto settings = parse_labor_settings(example(), "/etc/kesher/adapter.toml");
    REQUIRE(settings);
    CHECK(settings->organisation.text() == "labor");
    CHECK(settings->ledger == "/etc/kesher/labor.ledger");
    CHECK(settings->mapping.empty());
    CHECK(settings->source == "urn:labor");
    CHECK(settings->their_keys == "/etc/kesher/their-keys.json");
    CHECK(settings->listen.port == 8093);
    CHECK(settings->listen.patience > settings->poll_wait);
}

TEST_CASE("Whoever is called or calls beyond this machine is known by a certificate") {
    CHECK(refused(with({{"http://127.0.0.1:8092/kesher", "https://labor.example/kesher"}})) ==
          "events.ca_file");
    CHECK(refused(with({{"http://127.0.0.1:8092/kesher", "http://labor.example/kesher"}})) ==
          "events.endpoint");
    CHECK(refused(with({{"address = \"127.0.0.1\"", "address = \"0.0.0.0\""}})) == "listen.address");
    CHECK(refused(with({{"address = \"127.0.0.1\"", "address = \"::1\""}})).empty());
    CHECK(refused(with({{"client_ca_file = \"\"", "client_ca_file = \"ca.pem\""}})) ==
          "listen.client_ca_file");
    CHECK(refused(with({{"private_key_file = \"\"", "private_key_file = \"k.pem\""}})) ==
          "events.certificate_file");
}

TEST_CASE("An unknown key or a wrong value is refused by its name") {
    CHECK(refused(with({{"[events]", "[events]\nurl = \"x\""}})) == "events.url");
    CHECK(refused(with({{"id = \"labor\"", "id = \"hub\""}})) == "organisation.id");
    CHECK(refused(with({{"officer = \"events\"", "officer = \"000000018\""}})) == "actor.officer");
    CHECK(refused(with({{"source = \"urn:labor\"", "source = \"urn labor\""}})) == "events.source");
    CHECK(refused(with({{"patience = \"20s\"", "patience = \"2s\""}})) == "listen.patience");
    CHECK(refused(with({{"origin = \"kesher.example.org\"", "origin = \"a b\""}})) == "events.origin");
    CHECK(refused(with({{"place = \"המשרד\"", "place = \"03-1234567\""}})) == "events.place");
}
