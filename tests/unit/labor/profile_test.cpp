// What the labor arm's events are called, and what its states mean, is a file.
#include "adapters/labor/profile.h"

#include <catch2/catch.hpp>

#include "adapters/record/native_status.h"
#include "tests/unit/labor/labor_mapping.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::labor;
using labor::test::with;

TEST_CASE("The built-in mapping is whole and each of its statuses means something here") {
    const auto mapping = record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form());
    if (!mapping) FAIL(config::text(mapping.error().front()));
    CHECK(mapping->code("service", "EMP-VOC") == "vocational-training");
    CHECK(record::meaning_of(*mapping->meaning("status", "ActiveActionStatus")) ==
          record::Meaning{ReferralState::accepted});
    CHECK(record::meaning_of(*mapping->meaning("status", "PotentialActionStatus-waiting")) ==
          record::Meaning{ReferralState::waitlisted});
    CHECK(mapping->meaning("status", "WishfulActionStatus") == nullptr);
}

TEST_CASE("An extension attribute is called as CloudEvents allows and like none of its own") {
    const std::string toml(built_in_mapping());
    const auto fits = [&](std::string_view name) {
        const std::string text = with(toml, "\"consentid\"", '"' + std::string(name) + '"');
        return record::Mapping::parse(text, "theirs.toml", mapping_form()).has_value();
    };
    CHECK(fits("haskama"));
    CHECK(fits("a2345678901234567890"));
    CHECK_FALSE(fits("a23456789012345678901"));
    CHECK_FALSE(fits("consentId"));
    CHECK_FALSE(fits("consent-id"));
    const std::string context = with(toml, "\"actionStatus\"", "\"@context\"");
    CHECK_FALSE(record::Mapping::parse(context, "theirs.toml", mapping_form()));
    CHECK_FALSE(fits("source"));
    CHECK_FALSE(fits("referralid"));  // another of ours has it
}
