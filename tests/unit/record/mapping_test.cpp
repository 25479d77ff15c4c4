// A ministry's own names and codes take the place of ours by a file, and a file that is wrong is refused
// whole.
#include <catch2/catch.hpp>

#include "adapters/record/mapping.h"

using namespace kesher;
using namespace kesher::record;

namespace {

const MappingForm kForm{
    .names = {"referral", "service"},
    .codes = {{"service", {"BEN-CHILD", "BEN-DISAB"}}, {"language", {"he", "ar"}}},
    .meanings = {{"status", [](std::string_view text) { return text == "ACCEPTED" || text == "DECLINED"; }}},
    .is_name =
        [](std::string_view, std::string_view text) {
            return !text.empty() && text.find(' ') == std::string_view::npos;
        },
    .is_code = [](std::string_view text) { return !text.empty() && text.size() <= 2; }};

constexpr std::string_view kGood = R"([name]
referral = "MISPAR-HAFNAYA"
service = "KOD-GIMLA"
[code]
service.BEN-CHILD = "1"
service.BEN-DISAB = "2"
language.he = "1"
language.ar = "2"
[meaning]
status.20 = "ACCEPTED"
status.40 = "DECLINED"
status.50 = "DECLINED"
)";

std::string with(std::string_view from, std::string_view to) {
    std::string text(kGood);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}
config::SettingsFaults faults(const std::string& toml) {
    const auto read = Mapping::parse(toml, "nii.toml", kForm);
    REQUIRE_FALSE(read);
    return read.error();
}

}  // namespace

TEST_CASE("Names codes and meanings are told both ways") {
    const auto mapping = Mapping::parse(kGood, "nii.toml", kForm);
    REQUIRE(mapping);
    CHECK(mapping->name("service") == "KOD-GIMLA");
    CHECK(mapping->code("service", "BEN-DISAB") == "2");
    CHECK(*mapping->word("service", "2") == "BEN-DISAB");
    CHECK(*mapping->word("language", "2") == "ar");
    CHECK(*mapping->meaning("status", "50") == "DECLINED");
    CHECK(mapping->word("service", "3") == nullptr);
    CHECK(mapping->meaning("status", "10") == nullptr);
    CHECK_THROWS_AS(mapping->name("consent"), std::out_of_range);
    CHECK_THROWS_AS(mapping->code("service", "BEN-ALIM"), std::out_of_range);
}

TEST_CASE("A ministry's own words stand where ours stood") {
    const auto mapping = Mapping::parse(with("\"KOD-GIMLA\"", "\"SUG-KITZBA\""), "nii.toml", kForm);
    REQUIRE(mapping);
    CHECK(mapping->name("service") == "SUG-KITZBA");
    CHECK(*Mapping::parse(with("BEN-DISAB = \"2\"", "BEN-DISAB = \"7\""), "nii.toml", kForm)
               ->word("service", "7") == "BEN-DISAB");
}

TEST_CASE("Each fault is named with its line and what mends it") {
    struct Wrong {
        std::string_view from, to, key;
        unsigned line;
    };
    for (const Wrong& wrong :
         {Wrong{"service = \"KOD-GIMLA\"\n", "", "name.service", 0},
          Wrong{"service = \"KOD-GIMLA\"", "service = \"KOD GIMLA\"", "name.service", 3},
          Wrong{"service = \"KOD-GIMLA\"", "service = \"MISPAR-HAFNAYA\"", "name.service", 3},
          Wrong{"referral = ", "referal = ", "name.referal", 2},
          Wrong{"service.BEN-DISAB = \"2\"\n", "", "code.service.BEN-DISAB", 0},
          Wrong{"service.BEN-DISAB = \"2\"", "service.BEN-DISAB = \"1\"", "code.service.BEN-DISAB", 6},
          Wrong{"service.BEN-DISAB = \"2\"", "service.BEN-DISAB = \"123\"", "code.service.BEN-DISAB", 6},
          Wrong{"language.ar", "language.ru", "code.language.ru", 8},
          Wrong{"status.20 = \"ACCEPTED\"", "status.20 = \"EXPIRED\"", "meaning.status.20", 10},
          Wrong{"status.20", "state.20", "meaning.state.20", 10},
          Wrong{"status.20", "status.200", "meaning.status.200", 10}}) {
        CAPTURE(wrong.from, wrong.to);
        const auto found = faults(with(wrong.from, wrong.to));
        const auto named = std::find_if(found.begin(), found.end(),
                                        [&](const auto& fault) { return fault.key == wrong.key; });
        REQUIRE(named != found.end());
        CHECK(named->place.line == wrong.line);
        CHECK_FALSE(named->mend.empty());
    }
}

TEST_CASE("All faults of a file are told at once and a file without its tables lacks everything") {
    CHECK(faults("").size() == 7);
    CHECK(faults("[other]\n").front().key == "other");
}
