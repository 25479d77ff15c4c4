// A referral goes into the labor arm's event and comes back as it was, but for what is declared to get lost.
// Method: referrals drawn with a fixed seed, each one that the codec takes; one that is whole for details.
#include "adapters/labor/referral_event.h"

#include <catch2/catch.hpp>

#include "schemas/json/read.h"
#include "tests/unit/labor/labor_mapping.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::labor;
using labor::test::mapping;
using labor::test::with;
using record::Referral;
namespace samples = record::samples;

namespace {

const OrganisationId& labor_arm() {
    static const auto id = OrganisationId::parse("labor").value();
    return id;
}
Referral for_work(Referral referral) {
    referral.to = labor_arm();
    referral.service = Service::emp_voc;
    return referral;
}
Result<ReferralRead, FieldFaults> read(const std::string& body) {
    const auto event = read_event(body);
    REQUIRE(event);
    return read_referral(*event, mapping(), labor_arm());
}
FieldFault fault(const std::string& body) {
    const auto refused = read(body);
    REQUIRE_FALSE(refused);
    return refused.error().front();
}
const std::string& whole() {
    static const std::string body = write_referral(for_work(samples::whole()), mapping());
    return body;
}

}  // namespace

TEST_CASE("What goes into the event and comes back is the referral minus its declared losses") {
    std::mt19937 dice(20261124);
    for (int i = 0; i < 300; ++i) {
        Referral sent = for_work(samples::drawn(dice));
        if (sent.sealed.appointment) {  // every half hour over the nights on which the clocks are moved
            sent.sealed.appointment->slot =
                Instant{parse_day("2026-10-24").value()} + std::chrono::minutes{30} * (i % 96);
        }
        const auto back = read(write_referral(sent, mapping()));
        if (!back) FAIL(back.error().front().field);
        CHECK((back->referral == minus_losses(sent)));
        CHECK(back->surplus == 0);
    }
}

TEST_CASE("No declared loss is a safety flag, and each flag that stands arrives standing") {
    for (const record::Loss& loss : declared_losses()) CHECK(loss.field.find("safety") == std::string::npos);
    for (std::size_t i = 0; i < kSafetyFlags.size(); ++i) {
        Referral sent = for_work(samples::known_by(KnownBy::presents));
        for (std::size_t j = 0; j < kSafetyFlags.size(); ++j) {
            sent.sealed.safety.set(static_cast<SafetyFlag>(j), i == j);
        }
        CHECK(read(write_referral(sent, mapping()))->referral.sealed.safety == sent.sealed.safety);
    }
}

TEST_CASE("Where the flags are not as many as they were or not said at all, all of them stand") {
    const codec::Safety all;
    CHECK(read(with(whole(), R"("flagCount":1)", R"("flagCount":2)"))->referral.sealed.safety == all);
    CHECK(read(with(whole(), R"("flags":["neutral_name"],)", ""))->referral.sealed.safety == all);
    CHECK(read(with(whole(), R"(["neutral_name"],"flagCount":1)",
                    R"(["neutral_name","neutral_name"],"flagCount":2)"))
              ->referral.sealed.safety == all);
    CHECK(read(with(whole(), R"(,"flagCount":1)", ""))->referral.sealed.safety == all);
    CHECK(read(with(whole(), "\"contactPolicy\"", "\"policyOfContact\""))->referral.sealed.safety == all);
    CHECK(read(with(whole(), R"("contact":"allowed")", R"("contact":"prohibited")"))
              ->referral.sealed.safety.contact_prohibited);
}

TEST_CASE("Who is not identified has no name, number or year in the event, and who presents no phone") {
    const std::string contact = write_referral(for_work(samples::known_by(KnownBy::contact)), mapping());
    for (const std::string_view identity : {samples::kIdNumber, samples::kGivenName, samples::kFamilyName}) {
        CHECK(contact.find(identity) == std::string::npos);
        CHECK(whole().find(identity) != std::string::npos);
    }
    CHECK(contact.find(samples::kPhone) != std::string::npos);
    const std::string presents = write_referral(for_work(samples::known_by(KnownBy::presents)), mapping());
    CHECK(presents.find(samples::kPhone) == std::string::npos);
    Referral hidden = for_work(samples::whole());
    hidden.sealed.safety.address_confidential = true;
    const std::string body = write_referral(hidden, mapping());
    CHECK(body.find(samples::kPhone) == std::string::npos);
    CHECK(body.find("LOCALITY") == body.rfind("LOCALITY"));  // the list of groups alone
}

TEST_CASE("The event says schema.org's types, a day without hours, and her last day of consent") {
    const auto event = read_event(whole());
    REQUIRE(event);
    CHECK(event->type == "il.kesher.referral.submitted.v1");
    CHECK(event->source == "urn:kesher:organisation:ssd-5000");
    CHECK(*event->whole.find("time")->text() == "2026-11-20T00:00:00Z");
    CHECK(*event->whole.find("expirytime")->text() == "2027-02-18T23:59:59Z");
    CHECK(*event->whole.find("legalbasis")->text() == "SWL8-1");
    CHECK(*event->data().find("object")->find("programType")->text() == "vocational-training");
    CHECK(*event->data().find("participant")->find("@type")->text() == "Person");
}

TEST_CASE("An occupation of ISCO-08 in EMPLOYMENT stands as the programme's category, in its form alone") {
    const auto occupation = [](const std::string& value) {
        Referral sent = for_work(samples::whole());
        sent.sealed.other(DataGroup::employment)->answers = {{"isco-08", value}};
        const auto event = read_event(write_referral(sent, mapping()));
        const json::Value* found = event->data().find("object")->find("occupationalCategory");
        return found == nullptr ? std::string() : *found->text();
    };
    CHECK(occupation("5120") == "5120");
    CHECK(occupation("512").empty());
    CHECK(occupation("cook").empty());
}

TEST_CASE("What the ministry changes in the mapping's file alone is what is written and read") {
    std::string toml = with(std::string(built_in_mapping()), "\"vocational-training\"", "\"HKSH-17\"");
    toml = with(toml, "object.service = \"programType\"", "object.service = \"trackCode\"");
    toml = with(toml, "attribute.consent = \"consentid\"", "attribute.consent = \"haskama\"");
    const auto own = record::Mapping::parse(toml, "theirs.toml", mapping_form());
    REQUIRE(own);
    const Referral sent = for_work(samples::whole());
    const std::string body = write_referral(sent, *own);
    CHECK(body.find(R"("trackCode":"HKSH-17")") != std::string::npos);
    CHECK(body.find(R"("haskama":")") != std::string::npos);
    const auto back = read_referral(read_event(body).value(), *own, labor_arm());
    REQUIRE(back);
    CHECK((back->referral == minus_losses(sent)));
}

TEST_CASE("Members that the profile does not know are dropped and counted, wherever they stand") {
    CHECK(read(with(whole(), R"("data":{)", R"("tracestate":"x","data":{"colour":"blue",)"))->surplus == 2);
    CHECK(read(with(whole(), R"("participant":{)", R"("participant":{"gender":"x",)"))->surplus == 1);
}

TEST_CASE("A referral that is wrong is refused whole, with the way to each fault") {
    struct Bad {
        std::string_view from, to, pointer;
        Flaw flaw;
    };
    const std::string pseudonym = for_work(samples::whole()).pseudonym.reveal();
    const std::string an_id = R"("identifier":")" + pseudonym + '"';
    const Bad bad[] = {
        {"\"referralid\"", "\"referralnr\"", "/referralid", Flaw::missing},
        {"\"legalbasis\":\"SWL8-1\"", "\"legalbasis\":\"WHIM\"", "/legalbasis", Flaw::unknown_code},
        {"urn:kesher:organisation:ssd-5000", "urn:somebody:else", "/source", Flaw::not_an_id},
        {"2027-02-18T23:59:59Z", "2027-02-30T23:59:59Z", "/expirytime", Flaw::not_a_day},
        {"2027-02-18T23:59:59Z", "2027-02-18T00:00:00Z", "/expirytime", Flaw::not_a_day},
        {an_id, R"("identifier":"000000018")", "/data/participant/identifier", Flaw::not_an_id},
        {an_id, R"("name":"x")", "/data/participant/identifier", Flaw::missing},
        {"\"vocational-training\"", "\"juggling\"", "/data/object/programType", Flaw::unknown_code},
        {"\"knownBy\":\"identified\"", "\"knownBy\":\"rumour\"", "/data/participant/knownBy",
         Flaw::unknown_code},
        {"\"birthDate\":\"1990\"", "\"birthDate\":\"199x\"", "/data/participant/birthDate",
         Flaw::not_a_number},
        {"\"birthDate\":\"1990\"", "\"birthDate\":1990", "/data/participant/birthDate", Flaw::value},
        {"\"priority\":\"urgent\"", "\"priority\":\"whenever\"", "/data/priority", Flaw::unknown_code},
        {"\"inLanguage\":\"ar\"", "\"inLanguage\":null", "/data/inLanguage", Flaw::value},
        {"\"purpose\":\"TREATMENT\"", "\"purpose\":\"CURIOSITY\"", "/data/purpose", Flaw::unknown_code},
        {"\"dayOfWeek\":\"Sunday\"", "\"dayOfWeek\":\"Someday\"",
         "/data/participant/contactPoint/hoursAvailable/0/dayOfWeek", Flaw::unknown_code},
        {"\"closes\":\"12:00\"", "\"closes\":\"25:00\"",
         "/data/participant/contactPoint/hoursAvailable/0/closes", Flaw::not_a_time},
        {"\"closes\":\"12:00\"", "\"closes\":\"08:00\"",
         "/data/participant/contactPoint/hoursAvailable/0/closes", Flaw::value},
        {"\"contactType\":\"sms\"", "\"contactType\":\"pigeon\"",
         "/data/participant/contactPoint/contactType", Flaw::unknown_code},
        {"\"contact\":\"allowed\"", "\"contact\":\"perhaps\"", "/data/contactPolicy/contact",
         Flaw::unknown_code},
        {"[\"neutral_name\"]", "[\"loud_name\"]", "/data/contactPolicy/flags", Flaw::unknown_code},
        {"{\"propertyID\":\"LOCALITY\"", "{\"propertyID\":\"IDENTITY\"",
         "/data/additionalProperty/0/propertyID", Flaw::value},
        {"{\"propertyID\":\"LOCALITY\"", "{\"propertyID\":\"FAMILY\"",
         "/data/additionalProperty/1/propertyID", Flaw::twice},
        {"\"content\":\"JVA=\"", "\"content\":\"JV!=\"", "/data/associatedMedia/0/content", Flaw::value},
        {"\"content\":\"JVA=\"", "\"matter\":\"JVA=\"", "/data/associatedMedia/0/content", Flaw::missing},
        {"\"encodingFormat\":\"application/pdf\"", "\"encodingFormat\":\"\"",
         "/data/associatedMedia/0/encodingFormat", Flaw::empty_or_long},
        {"\"dataGroups\":[", "\"dataGroups\":[\"SECRETS\",", "/data/dataGroups", Flaw::unknown_code},
        {"\"object\":{", "\"thing\":{", "/data/object", Flaw::missing},
        {"\"participant\":{", "\"person\":{", "/data/participant", Flaw::missing},
    };
    for (const Bad& each : bad) {
        CAPTURE(std::string(each.to));
        CHECK(fault(with(whole(), each.from, each.to)) ==
              FieldFault{0, std::string(each.pointer), each.flaw});
    }
}
