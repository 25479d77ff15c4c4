// The adapter's settings are whole and named when wrong. Method: the example file with single lines changed.
#include "adapters/health/settings.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace kesher;
using namespace kesher::health;

namespace {

const std::filesystem::path kExample = KESHER_SOURCE_DIR "/adapters/health/adapter.example.toml";

std::string example() {
    std::ifstream file(kExample, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string with(std::string_view from, std::string_view to) {
    std::string toml = example();
    const std::size_t at = toml.find(from);
    REQUIRE(at != std::string::npos);
    return toml.replace(at, from.size(), to);
}
std::string refused(const std::string& toml) {
    const auto settings = parse_health_settings(toml, "/etc/kesher/adapter.toml");
    return settings ? "" : settings.error().front().key;
}
std::string at_url(std::string_view url, std::string_view ca = "") {
    std::string toml = with("http://127.0.0.1:8080/fhir", url);
    const std::string_view line = "ca_file = \"\"";
    return toml.replace(toml.find(line), line.size(), "ca_file = \"" + std::string(ca) + '"');
}

}  // namespace

TEST_CASE("The adapter's example file is exactly its table of settings written out") {
    const std::filesystem::path written = KESHER_BINARY_DIR "/health.example.toml";
    std::ofstream(written, std::ios::binary) << health_example();
    INFO("written to " << written << ": copy it if the table changed");
    CHECK(example() == health_example());
}

TEST_CASE("The example file is read whole") {
    const auto settings = parse_health_settings(example(), "/etc/kesher/adapter.toml");
    REQUIRE(settings);
    CHECK(settings->organisation.text() == "health");
    CHECK(settings->keys == "/etc/kesher/keys");
    CHECK(settings->base_url == "http://127.0.0.1:8080/fhir");
    CHECK(settings->ca_file.empty());
    CHECK(settings->authorization_file.empty());
    CHECK(settings->deadline == std::chrono::seconds{10});
    CHECK(settings->ledger == "/etc/kesher/health.ledger");
    CHECK(settings->role == contract::OfficerRole::system);
}

TEST_CASE("A FHIR server is called over https with its own CA or on the loopback") {
    CHECK(refused(at_url("https://fhir.example.org/r4", "ca.pem")).empty());
    CHECK(refused(at_url("http://localhost:8080")).empty());
    CHECK(refused(at_url("http://[::1]:8080/fhir")).empty());
    CHECK(refused(at_url("https://fhir.example.org/r4")) == "fhir.ca_file");
    CHECK(refused(at_url("http://127.0.0.1:8080", "ca.pem")) == "fhir.ca_file");
    CHECK(refused(at_url("http://fhir.example.org/r4")) == "fhir.base_url");
    CHECK(refused(at_url("http://127.0.0.1.example.org/r4")) == "fhir.base_url");
    CHECK(refused(at_url("http://localhost@example.org/")) == "fhir.base_url");
}

TEST_CASE("An unknown key or a wrong value is refused by its name") {
    CHECK(refused(with("[fhir]", "[fhir]\nurl = \"x\"")) == "fhir.url");
    CHECK(refused(with("id = \"health\"", "id = \"Health\"")) == "organisation.id");
    CHECK(refused(with("officer = \"fhir\"", "officer = \"000000018\"")) == "actor.officer");
    CHECK(refused(with("role = \"SYSTEM\"", "role = \"AUDITOR\"")) == "actor.role");
    CHECK(refused(with("deadline = \"10s\"", "deadline = \"61s\"")) == "fhir.deadline");
    CHECK(refused(with("place = \"המרפאה\"", "place = \"\"")) == "fhir.place");
    CHECK(refused(with("place = \"המרפאה\"", "place = \"המרפאה, 03-1234567\"")) == "fhir.place");
}
