// The headers of our calls and answers are valid by X-Road's own schema. libxml2 judges.
#include <catch2/catch.hpp>

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "adapters/national_insurance/soap.h"

using namespace kesher;
using namespace kesher::national_insurance;

namespace {

const std::string kFolder = KESHER_SOURCE_DIR "/tests/samples/x-road/";

const std::string kXmlNamespace = KESHER_SOURCE_DIR "/tests/unit/national_insurance/xml.xsd";

// X-Road's, with the other schemas taken from here in place of their addresses.
std::string schema() {
    std::ifstream file(kFolder + "xroad.xsd", std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string start = "schemaLocation=\"";
    for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
        const std::size_t from = at + start.size();
        const std::string name = text.substr(from, text.find('"', from) - from);
        if (name.ends_with("identifiers.xsd")) text.replace(from, name.size(), kFolder + "identifiers.xsd");
        if (name.ends_with("/xml.xsd")) text.replace(from, name.size(), kXmlNamespace);
    }
    return text;
}

void silent(void*, const char*, ...) {}

// Names of the header's elements that the schema refuses.
std::vector<std::string> refused(const std::string& envelope) {
    const std::string text = schema();
    const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
        xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size())), &xmlSchemaFreeParserCtxt);
    xmlSchemaSetParserErrors(parser.get(), silent, silent, nullptr);
    const std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> rules(xmlSchemaParse(parser.get()),
                                                                     &xmlSchemaFree);
    REQUIRE(rules);
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(envelope.data(), static_cast<int>(envelope.size()), nullptr, nullptr, XML_PARSE_NONET),
        &xmlFreeDoc);
    REQUIRE(document);
    const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> judging(
        xmlSchemaNewValidCtxt(rules.get()), &xmlSchemaFreeValidCtxt);
    xmlSchemaSetValidErrors(judging.get(), silent, silent, nullptr);
    std::vector<std::string> found;
    int judged = 0;
    xmlNode* header = xmlFirstElementChild(xmlDocGetRootElement(document.get()));
    for (xmlNode* each = xmlFirstElementChild(header); each != nullptr; each = xmlNextElementSibling(each)) {
        ++judged;
        if (xmlSchemaValidateOneElement(judging.get(), each) == 0) continue;
        found.emplace_back(reinterpret_cast<const char*>(each->name));
    }
    CHECK(judged >= 5);
    return found;
}

const Header kHeader{.client = {"IL", "GOV", "ssd-5000", "kesher"},
                     .provider = {"IL", "GOV", "nii", "benefits"},
                     .service = "hafnayaLemitzuyZchut",
                     .version = "v1",
                     .id = "4894e35d-bf0f-44a6-867a-8e51f1daa7e0",
                     .issue = "12345"};

}  // namespace

TEST_CASE("Each header that we write is one of X-Road's") {
    const std::string request = write_call(kHeader, "<a/>");
    CHECK(refused(request).empty());
    CHECK(refused(write_answer(kHeader, request, "<a/>")).empty());
}

TEST_CASE("A header that X-Road does not know is refused by the same schema") {
    std::string request = write_call(kHeader, "<a/>");
    const std::string part = "memberCode>";
    request.replace(request.find(part), part.size(), "memberCodex>");
    request.replace(request.find(part), part.size(), "memberCodex>");
    CHECK(refused(request) == std::vector<std::string>{"client"});
}
