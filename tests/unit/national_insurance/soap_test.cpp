// A call and its answer stand in X-Road's envelope, and only the answer to this very call is one.
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "adapters/national_insurance/soap.h"
#include "adapters/national_insurance/xml_write.h"

using namespace kesher::national_insurance;

namespace {

const Header kHeader{.client = {"IL", "GOV", "ssd-5000", "kesher"},
                     .provider = {"IL", "GOV", "nii", "rights"},
                     .service = "hafnayaLemitzuyZchut",
                     .version = "v1",
                     .id = "4894e35d-bf0f-44a6-867a-8e51f1daa7e0",
                     .issue = "be47a1db-039e-85c4-8f97-6ab3b91d84b2"};
constexpr std::string_view kBody = "<n:ask xmlns:n=\"urn:n\"><a>1</a></n:ask>";

std::string sample(const std::string& name) {
    std::ifstream file(std::string(KESHER_SOURCE_DIR) + "/tests/samples/x-road/" + name + ".xml");
    return {std::istreambuf_iterator<char>(file), {}};
}
std::string with(std::string document, std::string_view from, std::string_view to) {
    const std::size_t at = document.find(from);
    REQUIRE(at != std::string::npos);
    return document.replace(at, from.size(), to);
}
SoapFault refused(std::string_view document) {
    const auto read = read_call(document);
    REQUIRE_FALSE(read);
    return read.error();
}

}  // namespace

TEST_CASE("A call reads as it was written") {
    const auto read = read_call(write_call(kHeader, kBody));
    REQUIRE(read);
    CHECK(read->header == kHeader);
    CHECK(read->body.space == "urn:n");
    CHECK(read->body.name == "ask");
    CHECK(read->body.only("", "a")->text == "1");
    Header without = kHeader;
    without.issue.clear();
    CHECK(read_call(write_call(without, kBody))->header == without);
}

TEST_CASE("The example of a call in X-Road's protocol is read and the worker whom it names is not") {
    const auto read = read_call(sample("request"));
    REQUIRE(read);
    CHECK(read->header.client == Member{"EE", "GOV", "MEMBER1", "SUBSYSTEM1"});
    CHECK(read->header.provider == Member{"EE", "GOV", "MEMBER2", "SUBSYSTEM2"});
    CHECK(read->header.service == "exampleService");
    CHECK(read->header.issue == "12345");
    CHECK(write_call(read->header, kBody).find("EE12345678901") == std::string::npos);
}

TEST_CASE("The examples of answers in X-Road's protocol are read with the hash of their own request") {
    const std::string request = sample("request");
    const Header header = read_call(request)->header;
    for (const std::string name : {"response", "fault-nontechnical"}) {
        CAPTURE(name);
        // The examples' hashes are of other requests.
        CHECK(read_answer(sample(name), header, request).error().flaw == SoapFlaw::not_ours);
    }
    const auto fault = read_answer(sample("fault-technical"), header, request);
    REQUIRE(fault);
    REQUIRE(std::holds_alternative<Fault>(*fault));
    CHECK(std::get<Fault>(*fault).code == "Server.ClientProxy.ServiceFailed.MissingBody");
    CHECK(std::get<Fault>(*fault).sentence == "Malformed SOAP message: body missing");
}

TEST_CASE("An answer is one to this call and to these bytes alone") {
    const std::string request = write_call(kHeader, kBody);
    const std::string answer = write_answer(kHeader, request, "<n:askResponse xmlns:n=\"urn:n\"/>");
    const auto read = read_answer(answer, kHeader, request);
    REQUIRE(read);
    CHECK(std::get<Answer>(*read).body.name == "askResponse");
    CHECK(std::get<Answer>(*read).header == kHeader);

    CHECK(read_answer(answer, kHeader, request + " ").error().flaw == SoapFlaw::not_ours);
    Header another = kHeader;
    another.id = "4894e35d-bf0f-44a6-867a-8e51f1daa7e1";
    CHECK(read_answer(answer, another, request).error().flaw == SoapFlaw::not_ours);
    CHECK(read_answer(with(answer, "xmlenc#sha512", "xmlenc#sha256"), kHeader, request).error().flaw ==
          SoapFlaw::not_ours);
    CHECK(read_answer(write_call(kHeader, kBody), kHeader, request).error().flaw == SoapFlaw::not_ours);
    // In lines, as the standard's own examples have it.
    const std::size_t hash = answer.find("sha512\">") + 8;
    CHECK(read_answer(std::string(answer).insert(hash + 44, "\n   "), kHeader, request));
}

TEST_CASE("A fault is read with its code and an answer without a body is none") {
    const std::string request = write_call(kHeader, kBody);
    const auto read =
        read_answer(write_fault("Client.Form", "line 3 <&>", "MISPAR-HASKAMA"), kHeader, request);
    REQUIRE(read);
    CHECK(std::get<Fault>(*read).code == "Client.Form");
    CHECK(std::get<Fault>(*read).sentence == "line 3 <&>");
    CHECK_FALSE(read_answer("<a/>", kHeader, request));
    CHECK_FALSE(
        read_answer(with(sample("fault-technical"), "<faultcode>", "<faultcode/><x>"), kHeader, request));
}

TEST_CASE("What is no call of the protocol is refused with its line") {
    const std::string call = write_call(kHeader, kBody);
    CHECK(refused("<a/>") == SoapFault{SoapFlaw::not_soap, 1, {}});
    CHECK(refused("<a") == SoapFault{SoapFlaw::not_soap, 1, XmlFlaw::not_xml});
    CHECK(refused("<!DOCTYPE a><a/>").xml == XmlFlaw::forbidden);
    CHECK(refused(with(call, ns::kSoap, "http://www.w3.org/2003/05/soap-envelope")).flaw ==
          SoapFlaw::not_soap);
    CHECK(refused(with(call, kBody, "")).flaw == SoapFlaw::not_soap);
    CHECK(refused(with(call, kBody, std::string(kBody) + std::string(kBody))).flaw == SoapFlaw::not_soap);
    CHECK(refused(with(call, "4.0", "4.1")).flaw == SoapFlaw::version);
    for (const std::string_view part :
         {"<id:memberCode>ssd-5000</id:memberCode>", "<id:serviceCode>hafnayaLemitzuyZchut</id:serviceCode>",
          "<xrd:id>4894e35d-bf0f-44a6-867a-8e51f1daa7e0</xrd:id>", " id:objectType=\"SERVICE\""}) {
        CAPTURE(part);
        CHECK(refused(with(call, part, "")).flaw == SoapFlaw::header);
        if (part.front() == '<') {
            CHECK(refused(with(call, part, std::string(part) + std::string(part))).flaw == SoapFlaw::header);
        }
    }
    CHECK(refused(with(call, "ssd-5000<", "ssd 5000<")).flaw == SoapFlaw::header);
    CHECK(refused(with(call, "ssd-5000<", std::string(101, 'a') + "<")).flaw == SoapFlaw::header);
}

TEST_CASE("A header that must be understood and is not ours refuses the call and any other is passed over") {
    const std::string call = write_call(kHeader, kBody);
    const auto beside = [&](std::string_view attribute) {
        return with(call, "</SOAP-ENV:Header>",
                    "<w:Security xmlns:w=\"urn:w\" " + std::string(attribute) + "/></SOAP-ENV:Header>");
    };
    CHECK(refused(beside("SOAP-ENV:mustUnderstand=\"1\"")).flaw == SoapFlaw::must_understand);
    CHECK(refused(beside("SOAP-ENV:mustUnderstand=\"true\"")).flaw == SoapFlaw::must_understand);
    CHECK(read_call(beside("SOAP-ENV:mustUnderstand=\"0\"")));
    CHECK(read_call(beside("")));
}

TEST_CASE("A writer closes what it opened and nothing else") {
    XmlWriter writer;
    CHECK_THROWS_AS(writer.close(), std::logic_error);
    writer.open("a", {{"b", "<\""}});
    CHECK_THROWS_AS(writer.take(), std::logic_error);
    CHECK(writer.text("c", "&").close().take() == "<a b=\"&lt;&quot;\">\n<c>&amp;</c>\n</a>\n");
}
