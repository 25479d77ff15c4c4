// What we write is valid by the schema that we publish, and what theirs may not write is not. libxml2 judges.
#include "adapters/national_insurance/wsdl.h"

#include <catch2/catch.hpp>

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <memory>

#include "adapters/national_insurance/referral_form.h"
#include "adapters/national_insurance/status_form.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::national_insurance;

namespace {

const record::Mapping& mapping() {
    static const auto read = record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form());
    return read.value();
}

void silent(void*, const char*, ...) {}

class Judge {
public:
    Judge() : text_(body_schema(mapping())) {
        const Parser parser(xmlSchemaNewMemParserCtxt(text_.data(), static_cast<int>(text_.size())),
                            &xmlSchemaFreeParserCtxt);
        schema_.reset(xmlSchemaParse(parser.get()));
        REQUIRE(schema_);
    }
    [[nodiscard]] bool takes(const std::string& xml) const {
        const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
            xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
            &xmlFreeDoc);
        REQUIRE(document);
        const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> judging(
            xmlSchemaNewValidCtxt(schema_.get()), &xmlSchemaFreeValidCtxt);
        xmlSchemaSetValidErrors(judging.get(), silent, silent, nullptr);
        return xmlSchemaValidateDoc(judging.get(), document.get()) == 0;
    }

private:
    using Parser = std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)>;
    std::string text_;
    std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema_{nullptr, &xmlSchemaFree};
};

record::Referral benefit(record::Referral referral) {
    referral.service = Service::ben_child;
    return referral;
}
std::string written(const record::Referral& referral) {
    return write_referral(referral, mapping(), Environment::test, "לשכה");
}

}  // namespace

TEST_CASE("Every referral that we write is valid by our schema") {
    const Judge judge;
    CHECK(judge.takes(written(benefit(record::samples::whole()))));
    for (const KnownBy how : {KnownBy::presents, KnownBy::contact, KnownBy::identified}) {
        CHECK(judge.takes(written(benefit(record::samples::known_by(how)))));
    }
    std::mt19937 dice(20261123);
    for (int i = 0; i < 100; ++i) {
        const std::string xml = written(benefit(record::samples::drawn(dice)));
        CAPTURE(xml);
        CHECK(judge.takes(xml));
    }
}

TEST_CASE("Updates, inquiries and results that we write are valid by our schema") {
    const Judge judge;
    const auto referral = record::samples::whole();
    for (const std::string_view event : kUpdateWords) {
        Update update{referral.referral, event, referral.occurred_on};
        CHECK(judge.takes(write_update(update, mapping())));
        update.reason = Reason::subject_declined;
        update.words = "נבחר";
        update.safety = codec::Safety{};
        update.appointment = codec::Appointment{Instant{parse_day("2026-12-01").value()}, 30, "קומה 2"};
        CHECK(judge.takes(write_update(update, mapping())));
    }
    CHECK(judge.takes(write_inquiry(referral.message, mapping())));
    for (const char* call : {"call.referral", "call.update", "call.inquiry", "call.status"}) {
        CHECK(judge.takes(write_result(call, {ResultKind::taken}, mapping())));
        CHECK(judge.takes(
            write_result(call, {ResultKind::form, {{3, "STATUS-TIPUL", Flaw::missing}}}, mapping())));
    }
}

TEST_CASE("A record with an unknown code, a number that is none or a missing field is not valid") {
    const Judge judge;
    const std::string good = written(benefit(record::samples::whole()));
    const auto changed = [&](const std::string& from, const std::string& to) {
        std::string bad = good;
        const std::size_t at = bad.find(from);
        REQUIRE(at != std::string::npos);
        return bad.replace(at, from.size(), to);
    };
    CHECK_FALSE(judge.takes(changed("<KOD-GIMLA>3<", "<KOD-GIMLA>99<")));
    CHECK_FALSE(judge.takes(changed("<MISPAR-DEGALIM>", "<MISPAR-DEGALIM>x")));
    CHECK_FALSE(judge.takes(changed("<KOD-SHOLEACH>ssd-5000</KOD-SHOLEACH>", "")));
}

TEST_CASE("Each WSDL names its services and the address, by the mapping's names") {
    const std::string theirs = service_wsdl(mapping(), "https://nii.example/benefits");
    const std::string ours = feedback_wsdl(mapping(), "http://127.0.0.1:8091/feedback");
    CHECK(theirs.find("<wsdl:operation name=\"hafnayaLemitzuyZchut\">") != std::string::npos);
    CHECK(theirs.find("location=\"https://nii.example/benefits\"") != std::string::npos);
    CHECK(theirs.find("mashovBet") == std::string::npos);
    CHECK(ours.find("<wsdl:operation name=\"mashovBet\">") != std::string::npos);
    CHECK(ours.find("<xs:enumeration value=\"25\">") != std::string::npos);
    CHECK(ours.find("hafnayaLemitzuyZchut") == std::string::npos);
}
