// A referral goes into National Insurance's form and comes back as it was, but for what is declared to get
// lost. Method: referrals drawn with a fixed seed, each one that the codec takes; one that is whole for
// details.
#include <catch2/catch.hpp>

#include "adapters/national_insurance/referral_form.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::national_insurance;
using record::Referral;
namespace samples = record::samples;

namespace {

const record::Mapping& mapping() {
    static const auto read = record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form());
    return read.value();
}

Referral for_benefits(Referral referral) {
    referral.to = OrganisationId::parse("nii").value();
    referral.service = Service::ben_child;
    return referral;
}
std::string form_of(const Referral& referral) {
    return write_referral(referral, mapping(), Environment::test, "מחלקה לשירותים חברתיים");
}
Result<ReferralRead, FieldFaults> read(const std::string& form) {
    const auto element = read_xml(form);
    REQUIRE(element);
    return read_referral(*element, mapping(), OrganisationId::parse("nii").value());
}
std::string with(std::string form, std::string_view from, std::string_view to) {
    const std::size_t at = form.find(from);
    REQUIRE(at != std::string::npos);
    return form.replace(at, from.size(), to);
}
const std::string& whole() {
    static const std::string form = form_of(for_benefits(samples::whole()));
    return form;
}

}  // namespace

TEST_CASE("What goes into the form and comes back is the referral minus its declared losses") {
    std::mt19937 dice(20261123);
    for (int i = 0; i < 300; ++i) {
        Referral sent = for_benefits(samples::drawn(dice));
        if (sent.sealed.appointment) {  // every half hour over the nights on which the clocks are moved
            sent.sealed.appointment->slot =
                Instant{parse_day("2026-10-24").value()} + std::chrono::minutes{30} * (i % 96);
        }
        const auto back = read(form_of(sent));
        if (!back) FAIL(back.error().front().field);
        CHECK((back->referral == minus_losses(sent)));
        CHECK(back->surplus == 0);
    }
}

TEST_CASE("A whole referral loses nothing") {
    const Referral sent = for_benefits(samples::whole());
    CHECK((minus_losses(sent) == sent));
    CHECK((read(whole())->referral == sent));
}

TEST_CASE("No declared loss is a safety flag and what arrives has every flag that was set") {
    for (const record::Loss& loss : declared_losses()) CHECK_FALSE(kSafetyFlags.parse(loss.field));
    std::mt19937 dice(7);
    for (int i = 0; i < 100; ++i) {
        const Referral sent = for_benefits(samples::drawn(dice));
        CHECK(read(form_of(sent))->referral.sealed.safety == sent.sealed.safety);
    }
}

TEST_CASE("Where the list of flags is cut or not counted every flag stands") {
    const std::string flags = "<MISPAR-DEGALIM>1</MISPAR-DEGALIM>";
    const codec::Safety all;
    CHECK(read(whole())->referral.sealed.safety != all);
    CHECK(read(with(whole(), flags, ""))->referral.sealed.safety == all);
    CHECK(read(with(whole(), flags, "<MISPAR-DEGALIM>2</MISPAR-DEGALIM>"))->referral.sealed.safety == all);
    CHECK(read(with(whole(), "<DEGEL-BTICHUT>neutral_name</DEGEL-BTICHUT>", ""))->referral.sealed.safety ==
          all);
    const auto silent = read(with(whole(), "<PNIYA-MUTERET>1", "<PNIYA-MUTERET>2"));
    CHECK(silent->referral.sealed.safety.contact_prohibited);
}

TEST_CASE("Who presents herself is in the form without name number and phone") {
    // Made wrongly: all of it is in the record, and how she is known forbids it.
    Referral planted = for_benefits(samples::whole());
    planted.sealed.known_by = KnownBy::presents;
    const std::string form = form_of(planted);
    for (const std::string_view secret :
         {samples::kIdNumber, samples::kPhone, samples::kGivenName, samples::kFamilyName}) {
        CHECK(form.find(secret) == std::string::npos);
        CHECK(whole().find(secret) != std::string::npos);
    }
}

TEST_CASE("No time finer than a day stands in the form, and the desk that referred only where it is said") {
    CHECK(whole().find("<TAARICH-HAFNAYA>20261120000000</TAARICH-HAFNAYA>") != std::string::npos);
    CHECK(whole().find("<TAARICH-BITZUA>20261120000000</TAARICH-BITZUA>") != std::string::npos);
    Referral unmarked = for_benefits(samples::whole());
    unmarked.sealed.worker.reset();
    CHECK(form_of(unmarked).find("SHULCHAN-PONE") == std::string::npos);
    CHECK(whole().find("SHULCHAN-PONE") != std::string::npos);  // her desk, by which she is reached again
}

TEST_CASE("An element that nobody knows is dropped and counted") {
    const auto read_again = read(with(whole(), "<KOD-GIMLA>", "<SHEM-HAORECH>x</SHEM-HAORECH><KOD-GIMLA>"));
    REQUIRE(read_again);
    CHECK(read_again->surplus == read(whole())->surplus + 1);
    CHECK((read_again->referral == for_benefits(samples::whole())));
}

TEST_CASE("Each fault of a form is told with its line its element and its flaw and never a value") {
    struct Wrong {
        std::string_view from, to, field;
        Flaw flaw;
    };
    for (const Wrong& wrong : {
             Wrong{"<KOD-GIMLA>3</KOD-GIMLA>", "", "KOD-GIMLA", Flaw::missing},
             Wrong{"<KOD-GIMLA>3</KOD-GIMLA>", "<KOD-GIMLA>8</KOD-GIMLA>", "KOD-GIMLA", Flaw::unknown_code},
             Wrong{"<KOD-GIMLA>3</KOD-GIMLA>", "<KOD-GIMLA/>", "KOD-GIMLA", Flaw::empty_or_long},
             Wrong{"<KOD-GIMLA>3</KOD-GIMLA>", "<KOD-GIMLA>3</KOD-GIMLA><KOD-GIMLA>3</KOD-GIMLA>",
                   "KOD-GIMLA", Flaw::twice},
             Wrong{"<KOD-GIMLA>3</KOD-GIMLA>", "<KOD-GIMLA><x/></KOD-GIMLA>", "KOD-GIMLA", Flaw::value},
             Wrong{"<OFEN-HAKARA>3", "<OFEN-HAKARA>4", "OFEN-HAKARA", Flaw::unknown_code},
             Wrong{"<DCHIFUT>2", "<DCHIFUT>urgent", "DCHIFUT", Flaw::unknown_code},
             Wrong{"<SAFA>2", "<SAFA>5", "SAFA", Flaw::unknown_code},
             Wrong{"<TAARICH-HAFNAYA>20261120000000", "<TAARICH-HAFNAYA>20261131000000", "TAARICH-HAFNAYA",
                   Flaw::not_a_day},
             Wrong{"<TAARICH-HAFNAYA>20261120000000", "<TAARICH-HAFNAYA>20261120093000", "TAARICH-HAFNAYA",
                   Flaw::not_a_day},
             Wrong{"<TAARICH-HAFNAYA>20261120000000", "<TAARICH-HAFNAYA>2026-11-20", "TAARICH-HAFNAYA",
                   Flaw::not_a_day},
             Wrong{"<TOKEF-HASKAMA>20270218", "<TOKEF-HASKAMA>20270229", "TOKEF-HASKAMA", Flaw::not_a_day},
             Wrong{"<KOD-MATARA>TREATMENT", "<KOD-MATARA>TREATMENTS", "KOD-MATARA", Flaw::unknown_code},
             Wrong{"<KOD-BESIS-HUKI>", "<KOD-BESIS-HUKI>X", "KOD-BESIS-HUKI", Flaw::unknown_code},
             Wrong{"<MEZAHE-PSEUDO>", "<MEZAHE-PSEUDO>0", "MEZAHE-PSEUDO", Flaw::not_an_id},
             Wrong{"<MISPAR-HAFNAYA>", "<MISPAR-HAFNAYA>0", "MISPAR-HAFNAYA", Flaw::not_an_id},
             Wrong{"<MEZAHE-HAAVARA>", "<MEZAHE-HAAVARA>x", "MEZAHE-HAAVARA", Flaw::not_an_id},
             Wrong{"<KOD-SHOLEACH>ssd-5000", "<KOD-SHOLEACH>SSD 5000", "KOD-SHOLEACH", Flaw::not_an_id},
             Wrong{"<PNIYA-MUTERET>1", "<PNIYA-MUTERET>3", "PNIYA-MUTERET", Flaw::unknown_code},
             Wrong{"<DEGEL-BTICHUT>neutral_name", "<DEGEL-BTICHUT>nameless", "DEGEL-BTICHUT",
                   Flaw::unknown_code},
             Wrong{"<SHNAT-LEIDA>1990", "<SHNAT-LEIDA>ninety", "SHNAT-LEIDA", Flaw::not_a_number},
             Wrong{"<SHNAT-LEIDA>1990", "<SHNAT-LEIDA>19900", "SHNAT-LEIDA", Flaw::value},
             Wrong{"<ARUTZ-BATUACH>2", "<ARUTZ-BATUACH>7", "ARUTZ-BATUACH", Flaw::unknown_code},
             Wrong{"<YOM-BASHAVUA>0", "<YOM-BASHAVUA>7", "YOM-BASHAVUA", Flaw::value},
             Wrong{"<Meida>\n<KVUTZAT-MEIDA>LOCALITY", "<Meida>\n<KVUTZAT-MEIDA>IDENTITY", "KVUTZAT-MEIDA",
                   Flaw::value},
             Wrong{"<Meida>\n<KVUTZAT-MEIDA>LOCALITY", "<Meida>\n<KVUTZAT-MEIDA>FAMILY", "KVUTZAT-MEIDA",
                   Flaw::twice},
             Wrong{"<TOCHEN>JVA=", "<TOCHEN>JVA", "TOCHEN", Flaw::value},
             Wrong{"<KAMUT-RESHUMOT>1", "<KAMUT-RESHUMOT>2", "KAMUT-RESHUMOT", Flaw::count},
             Wrong{"<ReshumatSgira>\n<KAMUT-RESHUMOT>1</KAMUT-RESHUMOT>\n</ReshumatSgira>", "",
                   "ReshumatSgira", Flaw::missing},
         }) {
        CAPTURE(wrong.from, wrong.to);
        const auto refused = read(with(whole(), wrong.from, wrong.to));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().front().field == wrong.field);
        CHECK(refused.error().front().flaw == wrong.flaw);
        CHECK(refused.error().front().line > 0);
    }
}

TEST_CASE("An hour that the clocks jump over and an offset that Israel has not are no time") {
    Referral sent = for_benefits(samples::whole());
    sent.sealed.appointment = codec::Appointment{Instant{parse_day("2026-03-27").value()}, 30, "room 4"};
    const std::string form = form_of(sent);
    REQUIRE((read(form)->referral == sent));
    const auto flaw = [&](std::string_view from, std::string_view to) {
        return read(with(form, from, to)).error().front().flaw;
    };
    CHECK(flaw("<TAARICH-TOR>20260327030000", "<TAARICH-TOR>20260327023000") == Flaw::not_a_time);
    CHECK(flaw("<HEFRESH-UTC>180", "<HEFRESH-UTC>120") == Flaw::not_a_time);
    CHECK(flaw("<TAARICH-TOR>20260327030000", "<TAARICH-TOR>20260327250000") == Flaw::not_a_time);
    CHECK(flaw("<TAARICH-TOR>20260327030000", "<TAARICH-TOR>20260327030001") == Flaw::not_a_day);
    CHECK(flaw("<MESHECH>30", "<MESHECH>0") == Flaw::value);
}
