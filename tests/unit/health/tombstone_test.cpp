// What is put in the place of a referral that may arrive late takes its places, and says nothing of it.
#include "adapters/health/tombstone_write.h"

#include <catch2/catch.hpp>

#include "adapters/health/fhir_codes.h"
#include "schemas/json/read.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;

namespace {

const Day kDay = parse_day("2026-11-23").value();

Tombstone tombstone_of(const Referral& referral) {
    return {.names = names_of(referral), .words = {"cancelled", "revoked"}, .on = kDay};
}
json::Value bundle_of(const std::string& text) { return json::read(text, {1 << 24, 32}).value(); }

struct Entry {
    std::string type, full_url, condition;
    const json::Value* resource;
};
std::vector<Entry> entries_of(const json::Value& bundle) {
    std::vector<Entry> entries;
    for (const json::Value& each : *bundle.find("entry")->array()) {
        const json::Value* request = each.find("request");
        CHECK(*request->find("method")->text() == "POST");
        entries.push_back({*request->find("url")->text(), *each.find("fullUrl")->text(),
                           *request->find("ifNoneExist")->text(), each.find("resource")});
        CHECK(*entries.back().resource->find("resourceType")->text() == entries.back().type);
    }
    return entries;
}

}  // namespace

TEST_CASE("Each part is created under the condition of the part that it stands for") {
    std::mt19937 dice(20261123);
    for (int i = 0; i < 50; ++i) {
        const Referral referral = i == 0 ? record::samples::whole() : record::samples::drawn(dice);
        const Tombstone tombstone = tombstone_of(referral);
        const json::Value real = bundle_of(transaction_bundle(referral));
        const json::Value buried = bundle_of(tombstone_bundle(tombstone));
        std::vector<Entry> wanted = entries_of(real);
        wanted.erase(wanted.begin());  // the sender, whom nothing here names
        const std::vector<Entry> made = entries_of(buried);
        REQUIRE(made.size() == wanted.size());
        REQUIRE(made.size() == parts_of(tombstone).size());
        for (std::size_t at = 0; at < made.size(); ++at) {
            CHECK(made[at].type == wanted[at].type);
            CHECK(made[at].condition == wanted[at].condition);
            CHECK(made[at].full_url == wanted[at].full_url);
        }
    }
}

TEST_CASE("Nothing that the referral said and nobody's name stands in what is put in its place") {
    Referral referral = record::samples::whole();
    referral.from = OrganisationId::parse("ssd-5000").value();
    const std::string text = tombstone_bundle(tombstone_of(referral));
    const auto& sealed = referral.sealed;
    for (const std::string& word :
         {*sealed.need, std::string(record::samples::kIdNumber), std::string(record::samples::kPhone),
          std::string(record::samples::kGivenName), std::string(record::samples::kFamilyName),
          std::string(kServices.text(referral.service)), std::string(kPurposes.text(referral.purpose)),
          std::string(kLegalBases.text(referral.basis)), referral.from.text(), std::string("telecom"),
          std::string("signature"), std::string("input"), std::string("note"), std::string("orderDetail"),
          std::string("provision"), std::string("priority"), std::string("PSY"), std::string("SDV")})
        CHECK(text.find(word) == std::string::npos);
    for (const DataGroup group : referral.groups)
        CHECK(text.find('"' + std::string(kDataGroups.text(group)) + '"') == std::string::npos);
}

TEST_CASE("Every service and whatever it is about is buried in the same words") {
    Referral referral = record::samples::whole();
    const std::string one = tombstone_bundle(tombstone_of(referral));
    for (std::size_t i = 0; i < kServices.size(); ++i) {
        referral.service = static_cast<Service>(i);
        referral.sealed = {};
        referral.groups.clear();
        CHECK(tombstone_bundle(tombstone_of(referral)) == one);
    }
}

TEST_CASE("What is buried is over and only the record of who wrote it bears the tag of the submission") {
    const Referral referral = record::samples::whole();
    const json::Value bundle = bundle_of(tombstone_bundle(tombstone_of(referral)));
    CHECK(bundle.find("identifier") == nullptr);
    for (const Entry& entry : entries_of(bundle)) {
        CHECK(has_tag(*entry.resource, referral.message) == (entry.type == "Provenance"));
        const std::string_view status = status_of(*entry.resource);
        CHECK(has_ended(entry.type, status) ==
              (entry.type == "Task" || entry.type == "ServiceRequest" || entry.type == "Consent"));
    }
    Tombstone in_error = tombstone_of(referral);
    in_error.words = {"entered-in-error", "entered-in-error"};
    const json::Value erroneous = bundle_of(tombstone_bundle(in_error));
    for (const Entry& entry : entries_of(erroneous)) {
        if (entry.type == "Task" || entry.type == "ServiceRequest")
            CHECK(status_of(*entry.resource) == "entered-in-error");
    }
}

TEST_CASE("A consent that is not over and a submission that is not known are not buried") {
    Tombstone tombstone = tombstone_of(record::samples::whole());
    tombstone.names.consent.reset();
    tombstone.names.message.reset();
    CHECK(parts_of(tombstone) ==
          std::vector{Part::recipient, Part::patient, Part::service_request, Part::task});
    const json::Value bundle = bundle_of(tombstone_bundle(tombstone));
    CHECK(entries_of(bundle).size() == 4);
}
