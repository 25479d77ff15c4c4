// A foreign XML document is read strictly, and nothing that it asks for is fetched or expanded.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "adapters/national_insurance/xml.h"

using namespace kesher::national_insurance;

namespace {

XmlFault fault(std::string_view document) {
    const auto read = read_xml(document);
    REQUIRE_FALSE(read);
    return read.error();
}
XmlFlaw flaw(std::string_view document) { return fault(document).flaw; }

std::string nested(std::size_t depth) {
    std::string open, close;
    for (std::size_t i = 0; i < depth; ++i) {
        open += "<a>";
        close += "</a>";
    }
    return open + close;
}

// The tree as text again, in one spelling.
std::string text_of(const Element& element) {
    std::string out = "<" + element.name + " xmlns=\"" + escaped(element.space) + "\"";
    int number = 0;
    for (const Attribute& each : element.attributes) {
        const std::string prefix = "n" + std::to_string(number++);
        if (!each.space.empty()) out += " xmlns:" + prefix + "=\"" + escaped(each.space) + "\"";
        out +=
            " " + (each.space.empty() ? "" : prefix + ":") + each.name + "=\"" + escaped(each.value) + "\"";
    }
    out += ">" + escaped(element.text);
    for (const Element& child : element.children) out += text_of(child);
    return out + "</" + element.name + ">";
}
Element without_lines(Element element) {
    element.line = 0;
    for (Element& child : element.children) child = without_lines(std::move(child));
    return element;
}

}  // namespace

TEST_CASE("Names namespaces attributes text and lines are read and comments are passed over") {
    const auto read = read_xml(
        "<?xml version=\"1.0\"?>\n<e:a xmlns:e=\"urn:e\" x=\"1\" e:y=\"&lt;2\">\n  "
        "<!-- no -->\n  <b>one &amp; <![CDATA[<two>]]></b>\n  <e:b/>\n</e:a>\n");
    REQUIRE(read);
    CHECK(read->space == "urn:e");
    CHECK(read->name == "a");
    CHECK(read->line == 2);
    CHECK(read->text.empty());
    REQUIRE(read->attribute("", "x"));
    CHECK(*read->attribute("", "x") == "1");
    CHECK(*read->attribute("urn:e", "y") == "<2");
    CHECK(read->attribute("", "y") == nullptr);
    REQUIRE(read->only("", "b"));
    CHECK(read->only("", "b")->text == "one & <two>");
    CHECK(read->only("", "b")->line == 4);
    CHECK(read->only("urn:e", "b")->text.empty());
    CHECK(read->only("", "c") == nullptr);
}

TEST_CASE("A child that stands twice is not the only one") {
    const auto read = read_xml("<a><b/><b/></a>");
    REQUIRE(read);
    CHECK(read->only("", "b") == nullptr);
    CHECK(read->count("", "b") == 2);
}

TEST_CASE("Hebrew is read from UTF-8 and from the Windows-1255 that is declared and from nothing else") {
    CHECK(read_xml("<a>קצבה</a>")->text == "קצבה");
    CHECK(read_xml("\xEF\xBB\xBF<a>קצבה</a>")->text == "קצבה");
    CHECK(read_xml("<?xml version='1.0' encoding='UTF-8'?><a>קצבה</a>")->text == "קצבה");
    const std::string declared = "<?xml version=\"1.0\" encoding=\"Windows-1255\"?><a>\xF7\xF6\xE1\xE4</a>";
    CHECK(read_xml(declared)->text == "קצבה");
    CHECK(flaw("<a>\xF7\xF6\xE1\xE4</a>") == XmlFlaw::not_xml);
    CHECK(flaw("<?xml version=\"1.0\" encoding=\"ISO-8859-8\"?><a/>") == XmlFlaw::encoding);
    CHECK(flaw("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>") == XmlFlaw::encoding);
    CHECK(flaw(std::string("\xFF\xFE<\0a\0/\0>\0", 10)) == XmlFlaw::not_xml);
    CHECK(flaw("<a>\xC0\xAF</a>") == XmlFlaw::not_xml);      // overlong
    CHECK(flaw("<a>\xED\xA0\x80</a>") == XmlFlaw::not_xml);  // half a surrogate
    CHECK(flaw(std::string("<a>x\0y</a>", 10)) == XmlFlaw::not_xml);
    CHECK(flaw("<a>&#0;</a>") == XmlFlaw::not_xml);
}

TEST_CASE("A document type ends the reading before anything of it is expanded or fetched") {
    for (const std::string_view document :
         {"<!DOCTYPE a><a/>", "<!DOCTYPE a SYSTEM \"http://127.0.0.1:9/a.dtd\"><a/>",
          "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
          "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><a>&c;</a>",
          "<!DOCTYPE a [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]><a/>"}) {
        CAPTURE(document);
        CHECK(flaw(document) == XmlFlaw::forbidden);
    }
    CHECK(flaw("<a>&x;</a>") != XmlFlaw::too_large);
    CHECK_FALSE(read_xml("<a>&x;</a>"));
    CHECK_FALSE(read_xml("<a b=\"&x;\"/>"));
    CHECK(flaw("<a><?php echo 1 ?></a>") == XmlFlaw::forbidden);
    CHECK(flaw("<?xml-stylesheet href='x'?><a/>") == XmlFlaw::forbidden);
}

TEST_CASE("A namespace that is no address of the web is one all the same") {
    CHECK(read_xml("<a xmlns=\"ministry*forms\"/>")->space == "ministry*forms");
    CHECK(read_xml("<f:a xmlns:f=\"ministry*forms\"/>")->space == "ministry*forms");
}

TEST_CASE("Depth elements and bytes are bounded at the edge") {
    CHECK(read_xml(nested(kXmlDepth)));
    CHECK(flaw(nested(kXmlDepth + 1)) == XmlFlaw::too_large);
    std::string wide;
    for (std::size_t i = 1; i < kXmlElements; ++i) wide += "<b/>";
    CHECK(read_xml("<a>" + wide + "</a>"));
    CHECK(flaw("<a>" + wide + "<b/></a>") == XmlFlaw::too_large);
    CHECK(flaw("<a>" + std::string(kXmlBytes, 'x') + "</a>") == XmlFlaw::too_large);
    CHECK(read_xml("<a>" + std::string(kXmlBytes - 7, 'x') + "</a>"));
}

TEST_CASE("Text beside elements is no document of ours") {
    CHECK(fault("<a>\nx<b/></a>") == XmlFault{XmlFlaw::mixed, 2});
    CHECK(fault("<a><b/>\nx</a>") == XmlFault{XmlFlaw::mixed, 2});
}

TEST_CASE("What is not well-formed is told with its line") {
    CHECK(fault("<a>\n<b>\n</a>") == XmlFault{XmlFlaw::not_xml, 3});
    for (const std::string_view document :
         {"", "x", "<a", "<a/><b/>", "<a x='1' x='2'/>", "<e:a/>", "<a/>x", " <a/>", "<a>]]></a>"}) {
        CAPTURE(document);
        CHECK(flaw(document) == XmlFlaw::not_xml);
    }
}

TEST_CASE("What is written is read back as it was but for what XML cannot hold") {
    const std::string text = "<&>\"' \t\r\n] ]> קצבה";
    CHECK(read_xml("<a b=\"x\">" + escaped(text) + "</a>")->text == text);
    CHECK(escaped(std::string("a\x01\x1F", 3)) == "a  ");
    CHECK(escaped("a\xEF\xBF\xBFz") == "a z");
}

TEST_CASE("X-Road's own examples are read and a tree that is written reads as the same tree") {
    for (const std::string name : {"request", "response", "fault-technical", "fault-nontechnical"}) {
        CAPTURE(name);
        std::ifstream file(std::string(KESHER_SOURCE_DIR) + "/tests/samples/x-road/" + name + ".xml");
        const std::string document{std::istreambuf_iterator<char>(file), {}};
        const auto read = read_xml(document);
        REQUIRE(read);
        CHECK(read->name == "Envelope");
        const auto again = read_xml(text_of(*read));
        REQUIRE(again);
        CHECK(without_lines(*again) == without_lines(*read));
    }
}
