// Settings that every native half shares are judged in one way, each fault by its key.
#include "adapters/record/settings_judge.h"

#include <catch2/catch.hpp>

#include <array>

using namespace kesher;
using namespace kesher::record;

namespace {

constexpr std::array kTable{
    config::Setting{"organisation.id", config::Kind::text, "\"nii\"", "", "Who."},
    config::Setting{"actor.officer", config::Kind::text, "\"x\"", "", "Which."},
    config::Setting{"far.url", config::Kind::text, "\"http://127.0.0.1:1\"", "", "Where."},
    config::Setting{"far.ca_file", config::Kind::file, "\"\"", "", "Whom to believe."},
    config::Setting{"far.place", config::Kind::text, "\"המשרד\"", "", "How it is called."}};

// The first fault's key; empty where there is none.
std::string judged(std::string_view toml) {
    const auto values = config::parse_table(toml, "/etc/x.toml", kTable).value();
    config::SettingsFaults faults;
    (void)judged_organisation(values, faults);
    (void)judged_officer(values, faults);
    judge_endpoint(values, "far.url", "far.ca_file", faults);
    judge_place(values, "far.place", faults);
    return faults.empty() ? std::string() : faults.front().key;
}

}  // namespace

TEST_CASE("Beyond this machine a native system is called over https with its own CA") {
    CHECK(judged("").empty());
    CHECK(judged("[far]\nurl = \"https://far.example/x\"\nca_file = \"ca.pem\"").empty());
    CHECK(judged("[far]\nurl = \"https://far.example/x\"") == "far.ca_file");
    CHECK(judged("[far]\nca_file = \"ca.pem\"") == "far.ca_file");
    CHECK(judged("[far]\nurl = \"http://far.example/x\"") == "far.url");
    CHECK(judged("[far]\nurl = \"http://127.0.0.1.example/\"") == "far.url");
}

TEST_CASE(
    "A body is no hub, an officer's number is none of a person, a place names no way to reach anybody") {
    CHECK(judged("[organisation]\nid = \"hub\"") == "organisation.id");
    CHECK(judged("[organisation]\nid = \"NII\"") == "organisation.id");
    CHECK(judged("[actor]\nofficer = \"000000018\"") == "actor.officer");
    CHECK(judged("[far]\nplace = \"\"") == "far.place");
    CHECK(judged("[far]\nplace = \"03-1234567\"") == "far.place");
}
