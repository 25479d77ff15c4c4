// The built-in mapping has all that the form asks for, and a status means a state with what belongs to it.
#include <catch2/catch.hpp>

#include "adapters/national_insurance/profile.h"
#include "adapters/record/native_status.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::national_insurance;
using record::Meaning;
using record::meaning_of;

TEST_CASE("The built-in mapping is whole and each of its statuses means something here") {
    const auto mapping = record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form());
    if (!mapping) FAIL(config::text(mapping.error().front()));
    CHECK(mapping->name("referral.service") == "KOD-GIMLA");
    CHECK(mapping->code("service", "BEN-CHILD") == "3");
    CHECK(*mapping->word("language", "9") == "other");
    CHECK(meaning_of(*mapping->meaning("status", "25")) ==
          Meaning{ReferralState::on_hold, Reason::docs_missing});
    CHECK(meaning_of(*mapping->meaning("status", "30")) ==
          Meaning{ReferralState::completed, std::nullopt, Outcome::provided});
}

TEST_CASE("A ministry changes a code two names and a status by the file alone") {
    std::string toml(built_in_mapping());
    const auto put = [&](std::string_view from, std::string_view to) {
        const std::size_t at = toml.find(from);
        REQUIRE(at != std::string::npos);
        toml.replace(at, from.size(), to);
    };
    put("service.BEN-CHILD = \"3\"", "service.BEN-CHILD = \"317\"");
    put("\"KOD-GIMLA\"", "\"SUG-KITZBA\"");
    put("\"STATUS-TIPUL\"", "\"MATZAV\"");
    put("status.40 = ", "status.99 = ");
    const auto mapping = record::Mapping::parse(toml, "theirs.toml", mapping_form());
    REQUIRE(mapping);
    CHECK(mapping->name("referral.service") == "SUG-KITZBA");
    CHECK(mapping->code("service", "BEN-CHILD") == "317");
    CHECK(mapping->meaning("status", "40") == nullptr);
    CHECK(*mapping->meaning("status", "99") == "DECLINED not-eligible");
}

TEST_CASE(
    "A meaning is a state that the receiving body gives with a reason where it needs one and no other word") {
    for (const std::string_view good : {"ACCEPTED", "DECLINED no-capacity", "ON_HOLD docs-missing",
                                        "FAILED contact-lost", "COMPLETED", "COMPLETED partly"}) {
        CAPTURE(good);
        CHECK(meaning_of(good));
    }
    for (const std::string_view bad :
         {"", "accepted", "WITHDRAWN", "REQUESTED", "EXPIRED", "DECLINED", "DECLINED docs-missing", "ON_HOLD",
          "ACCEPTED no-capacity", "COMPLETED no-capacity", "FAILED", "DECLINED no-capacity more",
          "ACCEPTED  "}) {
        CAPTURE(bad);
        CHECK_FALSE(meaning_of(bad));
    }
}
