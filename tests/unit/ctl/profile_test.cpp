// Which kind of adapter a settings file is for, and that a directory has one adapter only.
#include "adapters/program/profile.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "adapters/program/one_process.h"
#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::program;

namespace {

std::string example(const std::string& room) {
    std::ifstream file(KESHER_SOURCE_DIR "/adapters/" + room + "/adapter.example.toml", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Settings {
    kit::table::Folder folder;
    kit::Usable<Profile> read(const std::string& text) const {
        std::ofstream(folder / "adapter.toml", std::ios::binary) << text;
        return read_profile(folder / "adapter.toml");
    }
};

}  // namespace

TEST_CASE("The table that only one kind has says which adapter a file is for") {
    const Settings settings;
    const auto department = settings.read(example("social_services"));
    REQUIRE(department);
    CHECK(department->organisation.text() == "ssd-5000");
    CHECK(department->keys == settings.folder / "keys");
    CHECK(department->poll_wait == std::chrono::seconds{20});
    const auto clinic = settings.read(example("health"));
    REQUIRE(clinic);
    CHECK(clinic->organisation.text() == "health");
    const auto both = settings.read(example("health") + "\n[department]\nauthority = \"5000\"\n");
    REQUIRE_FALSE(both);
    CHECK(both.error().sentence.find("two kinds") != std::string::npos);
}

TEST_CASE("A file of no kind is refused with what is missing and a wrong line by its number") {
    const Settings settings;
    const auto none = settings.read("[organisation]\nid = \"ssd-5000\"\n");
    REQUIRE_FALSE(none);
    CHECK(none.error().sentence.find("[department]") != std::string::npos);
    const auto wrong = settings.read(example("social_services") + "\n[files.more]\n");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().sentence.find("files.more") != std::string::npos);
    CHECK_FALSE(read_profile(settings.folder / "missing.toml"));
}

TEST_CASE("A second adapter of the same directory is told so, and goes on when the first has ended") {
    const kit::table::Folder folder;
    {
        const auto first = OneProcess::hold(folder.path());
        REQUIRE(first);
        const auto second = OneProcess::hold(folder.path());
        REQUIRE_FALSE(second);
        CHECK(second.error().sentence.find("another kesher-adapter runs") != std::string::npos);
    }
    CHECK(OneProcess::hold(folder.path()));
}

TEST_CASE("A rotation does not wait for the adapter that runs, and a second rotation is told of the first") {
    const kit::table::Folder folder;
    const auto adapter = OneProcess::hold(folder.path());
    const auto rotation = OneProcess::hold(folder.path(), OneProcess::For::rotation);
    REQUIRE((adapter && rotation));
    const auto second = OneProcess::hold(folder.path(), OneProcess::For::rotation);
    REQUIRE_FALSE(second);
    CHECK(second.error().sentence.find("another rotation") != std::string::npos);
}
