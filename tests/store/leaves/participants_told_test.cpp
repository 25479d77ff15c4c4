// What the log says of bodies, keys, agreements and of the hub's own start.
#include <catch2/catch.hpp>

#include "config/settings.h"
#include "gateway/app/start_leaf.h"
#include "schemas/statement/hash.h"
#include "tests/store/leaves/told.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::tests;
using log::RecordEvent;
using Words = std::vector<std::string>;

namespace {

log::Record last(World& world, RecordEvent event, std::string_view operation) {
    return told(world, event, operation).back().record;
}

}  // namespace

TEST_CASE("Every leaf about a body says its kind and status and root") {
    World world;
    world.set_status(world.housing, OrganisationStatus::suspended);
    const auto added = last(world, RecordEvent::organisation, "add");
    CHECK(word(added, "organisation") == "housing");
    CHECK(word(added, "kind") == "PUBLIC_BODY");
    CHECK(word(added, "status") == "pending");
    CHECK(added.facts.find("root") == nullptr);
    const auto enrolled = last(world, RecordEvent::organisation, "enrol");
    CHECK(word(enrolled, "kind") == "PUBLIC_BODY");
    CHECK(word(enrolled, "status") == "pending");
    CHECK(word(enrolled, "root") == word(world.housing.root_pin()));
    CHECK(word(enrolled, "tls") == word(world.housing.tls_certificate()));
    const auto suspended = last(world, RecordEvent::organisation, "status");
    CHECK(word(suspended, "kind") == "PUBLIC_BODY");
    CHECK(word(suspended, "status") == "suspended");
    CHECK(word(suspended, "root") == word(world.housing.root_pin()));
}

TEST_CASE("Enrolment names by digest every document that it leaves beside the log") {
    World world;
    const auto enrolled = last(world, RecordEvent::organisation, "enrol");
    const auto witness = world.housing.witness(std::string(World::kHub)).key().vkey();
    CHECK(word(enrolled, "witness") == word(statement::sha256(witness)));
    CHECK(amount(enrolled, "serial") == 1);
    for (const char* key : {"root_certificate", "keys", "request", "answer", "token"}) {
        CHECK(word(enrolled, key).size() == 43);
    }
    CHECK(word(enrolled, "token") == word(last(world, RecordEvent::organisation, "add"), "token"));
}

TEST_CASE("A token that was used by two is frozen by a leaf that says so and suspends the body") {
    World world;
    const Body again(world.housing.id(), world.housing.kind(), world.now());
    Digest token;
    {
        const auto text = word(last(world, RecordEvent::organisation, "add"), "token");
        token = digest_from_base64url(text).value();
    }
    const auto copied =
        std::make_shared<identity::Enrol>(again.enrolment(token, std::string(World::kHub), world.now()),
                                          world.keys().authority(), std::string(World::kHub), "{}");
    CHECK(world.hub().run(copied).code == Code::not_found);
    const auto record = last(world, RecordEvent::organisation, "enrol");
    CHECK(record.code == Code::id_reused);
    CHECK(word(record, "status") == "suspended");
    CHECK(word(record, "token") == word(token));
    CHECK(std::get<bool>(*record.facts.find("frozen")));
}

TEST_CASE("The leaf of an agreement says all its terms and how it stands after the act") {
    World world;
    const auto proposed = last(world, RecordEvent::agreement, "propose");
    CHECK(words(proposed, "pair") == Words{"nii", "ssd-5000"});
    CHECK(words(proposed, "types") == Words{"eligibility.answered.v1", "eligibility.asked.v1",
                                            "referral.event.v1", "referral.submitted.v1"});
    CHECK(words(proposed, "purposes") == Words{"BENEFIT_CLAIM", "REFERRAL", "TREATMENT"});
    CHECK(words(proposed, "groups") == Words{"DEBT", "HEALTH", "IDENTITY"});
    CHECK(words(proposed, "roots") == Words{word(world.nii.root_pin()), word(world.department.root_pin())});
    CHECK(word(proposed, "from") == text(world.today()));
    CHECK(word(proposed, "to") == text(world.today() + std::chrono::days{365}));
    CHECK(word(proposed, "state") == "proposed");
    CHECK(words(proposed, "approvals").empty());
    const auto approved = last(world, RecordEvent::agreement, "approve");
    CHECK(word(approved, "state") == "active");
    CHECK(word(approved, "proposal") == word(proposed, "document"));
    CHECK(words(approved, "approvals") ==
          Words{"nii:LEGAL_ADVISER:legal-1", "nii:SECURITY_OFFICER:security-1",
                "ssd-5000:LEGAL_ADVISER:legal-1", "ssd-5000:SECURITY_OFFICER:security-1"});
}

TEST_CASE("The first leaf of a run names settings and catalogue by digests that stock tools compute") {
    World world;
    const catalogue::Files files{{"a.toml", "one\n"}, {"b/c.txt", ""}};
    const app::StartFacts facts{statement::sha256("hub.name = \"hub.example\"\n"), app::digest_of(files),
                                std::chrono::hours{24}};
    CHECK_FALSE(world.hub().run(std::make_shared<app::StartRequest>(facts)).code);
    const auto record = world.leaves().back().record;
    CHECK(record.event == RecordEvent::start);
    CHECK(word(record, "version") == KESHER_VERSION);  // as `kesher-hub --version` says it
    CHECK(word(record, "settings") == word(facts.settings));
    // printf '%s  a.toml\n%s  b/c.txt\n' (printf 'one\n' | sha256sum) (printf '' | sha256sum) | sha256sum
    CHECK(word(record, "catalogue") ==
          word(statement::sha256("2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806  a.toml\n"
                                 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  "
                                 "b/c.txt\n")));
    CHECK(amount(record, "release_spread_ms") == 86'400'000);
}

TEST_CASE("Another byte in any file of the catalogue is another digest") {
    const catalogue::Files files{{"a.toml", "one\n"}};
    CHECK(app::digest_of(files) != app::digest_of({{"a.toml", "one"}}));
    CHECK(app::digest_of(files) != app::digest_of({{"b.toml", "one\n"}}));
    CHECK(app::digest_of(catalogue::built_in_files()) == app::digest_of(catalogue::built_in_files()));
}
