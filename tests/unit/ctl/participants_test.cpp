// Who takes part, as it is told: whose keys are believed, which root was not the one, whom nobody knew.
#include "adapters/ctl/participants.h"

#include <catch2/catch.hpp>

#include "schemas/json/read.h"
#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::ctl;
using namespace kesher::kit::table;

namespace {

const contract::OrganisationId kOurs = organisation("ssd-5000");

std::string keys_of(const Party& body, const kit::Pins& pins) {
    const auto read =
        kit::Directory::read(organisations_json({{body, key_list(body, 1)}}), pins, kOrigin, kNow).value();
    return keys_word(*read.find(body.id), kOurs, pins);
}
kit::Pins pin_of(const Party& body) { return {{body.id, {body.root().key().spki_sha256(), 1}}}; }

std::string people_of(std::string_view answer, bool suspended) {
    const auto officer = contract::OfficerId::parse("W-17").value();
    return said(ctl::Outcome(officer_report(officer, suspended, json::read(answer).value())), false).out;
}

}  // namespace

TEST_CASE(
    "Keys without an agreement of ours are no fault and those of another root than the agreed one are") {
    const Party health = party("health");
    CHECK(keys_of(health, pin_of(health)) == "believed");
    CHECK(keys_of(health, {}) == "no agreement");
    CHECK(keys_of(party("ssd-5000"), {}) == "ourselves");
    CHECK(keys_of(party("health"), pin_of(health)) == "key_unpinned");  // the same name, another root
}

TEST_CASE("A root that is not the enrolled one is told as the guard that it is, under its code") {
    const auto body = organisation("health");
    const Refusal other = other_root(body, true, {});
    CHECK(other.word == "digest_mismatch");
    CHECK(other.sentence == "This is not the root that enrolled as health.");
    CHECK(other.remedy.starts_with("Do not confirm; ask the body again over another channel."));
    CHECK(other.remedy.find("`kesherctl enrol token health`") != std::string::npos);
    // Where the hub does not say whether anybody enrolled, the worse is told.
    CHECK(other_root(body, std::nullopt, {}).remedy == other.remedy);
    const Refusal nobody = other_root(body, false, {});
    CHECK(nobody.word == "digest_mismatch");
    CHECK(nobody.sentence.starts_with("Nobody has enrolled as health yet"));
}

TEST_CASE("Whether a body has enrolled is read from the directory, where it says so") {
    const std::string listed = R"({"organisations":[{"id":"health"},{"id":"nii","root":"PEM"}]})";
    CHECK(has_enrolled(listed, organisation("health")) == false);
    CHECK(has_enrolled(listed, organisation("nii")) == true);
    CHECK(has_enrolled(listed, organisation("ssd-5000")) == std::nullopt);
    CHECK(has_enrolled("[]", organisation("nii")) == std::nullopt);
    CHECK(has_enrolled("", organisation("nii")) == std::nullopt);
}

TEST_CASE("Who suspends an officer whom the hub did not know is told that another may still be active") {
    const std::string unknown = people_of(R"({"known":false,"index":4})", true);
    CHECK(unknown.find("This officer was not known to the hub until now") != std::string::npos);
    CHECK(unknown.find("whoever was meant can act as before") != std::string::npos);
    CHECK(people_of(R"({"known":true,"index":4})", true) == "officer  W-17\nknown    yes\nindex    4\n");
    CHECK(people_of(R"({"index":4})", true).find("does not say whether it knew") != std::string::npos);
    // Who is invited is new as a rule.
    CHECK(people_of(R"({"known":false,"index":4})", false) == "officer  W-17\nknown    no\nindex    4\n");
    const auto officer = contract::OfficerId::parse("W-17").value();
    const Report report = officer_report(officer, true, json::read(R"({"known":false})").value());
    CHECK(said(ctl::Outcome(report), true).out == "{\"holds\":true,\"officer\":\"W-17\",\"known\":false}\n");
}
