// The adapter's settings are whole and named when wrong. Method: the example file with single lines changed.
#include "adapters/social_services/settings.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace kesher;
using namespace kesher::social_services;

namespace {

const std::filesystem::path kExample = KESHER_SOURCE_DIR "/adapters/social_services/adapter.example.toml";

std::string example() {
    std::ifstream file(kExample, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string refused(const std::string& toml) {
    const auto settings = parse_department_settings(toml, "/etc/kesher/adapter.toml");
    return settings ? "" : settings.error().front().key;
}
std::string refused_with(std::string_view from, std::string_view to) {
    std::string toml = example();
    const std::size_t at = toml.find(from);
    REQUIRE(at != std::string::npos);
    return refused(toml.replace(at, from.size(), to));
}

}  // namespace

TEST_CASE("The adapter's example file is exactly its table of settings written out") {
    const std::filesystem::path written = KESHER_BINARY_DIR "/adapter.example.toml";
    std::ofstream(written, std::ios::binary) << department_example();
    INFO("written to " << written << ": copy it if the table changed");
    CHECK(example() == department_example());
}

TEST_CASE("The example file with a route is read whole") {
    const auto settings = parse_department_settings(
        example() + "HOUS-RENT = \"housing\"\n\"FLEX.4000\" = \"ssd-4000\"\n", "/etc/kesher/adapter.toml");
    REQUIRE(settings);
    CHECK(settings->organisation.text() == "ssd-5000");
    CHECK(settings->keys == "/etc/kesher/keys");
    CHECK(settings->encoding == Encoding::windows_1255);
    CHECK(settings->authority == Authority{Authority::Kind::settlement, 5000});
    CHECK(settings->desk.asked.empty());
    CHECK(settings->desk.routes.size() == 2);
}

TEST_CASE("A nested route is the same as one whose key has a dot") {
    const auto settings = parse_department_settings(example() + "FLEX.4000 = \"ssd-4000\"\n", "/a.toml");
    REQUIRE(settings);
    CHECK(settings->desk.routes.at(0).authority == Authority{Authority::Kind::settlement, 4000});
}

TEST_CASE("An unknown key or a wrong value is refused by its name") {
    CHECK(refused(example() + "HOUSE = \"housing\"\n") == "route.HOUSE");
    CHECK(refused(example() + "HOUS-RENT = \"hub\"\n") == "route.HOUS-RENT");
    CHECK(refused_with("[files]", "[files]\nfolders = \"x\"") == "files.folders");
    CHECK(refused_with("id = \"ssd-5000\"", "id = \"SSD\"") == "organisation.id");
    CHECK(refused_with("authority = \"5000\"", "authority = \"9998\"") == "department.authority");
    CHECK(refused_with("entity = \"000000018\"", "entity = \"5000\"") == "department.entity");
    CHECK(refused_with("place = \"הלשכה\"", "place = \"הלשכה, 03-1234567\"") == "department.place");
    CHECK(refused_with("officer = \"desk\"", "officer = \"000000018\"") == "actor.officer");
    CHECK(refused_with("asks = []", "asks = [\"contact-prohibited\"]") == "form.asks");
    CHECK(refused_with("keep = \"30d\"", "keep = \"14d\"") == "files.keep");
}
