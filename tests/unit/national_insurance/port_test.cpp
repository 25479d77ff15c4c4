// What comes to the port and is no call, or a wrong one, is told what, where and in which field, in Hebrew
// and English, and nothing of it reaches the loop; whoever calls from another machine shows a certificate.
#include "adapters/national_insurance/feedback_port.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "adapters/national_insurance/benefit_service.h"
#include "config/catalogue/catalogue.h"
#include "schemas/statement/certificate.h"
#include "schemas/statement/hash.h"
#include "tests/edge/pki.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::national_insurance;
using namespace std::chrono_literals;

namespace {

const record::Mapping& mapping() {
    static const auto read = record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form());
    return read.value();
}

NationalInsuranceSettings settings() {
    auto made = parse_national_insurance_settings(national_insurance_example(), "/x/adapter.toml").value();
    made.listen.port = 0;
    return made;
}

const Header kHeader{.client = {"IL", "GOV", "nii", "benefits"},
                     .provider = {"IL", "GOV", "ssd-5000", "kesher"},
                     .service = "mashovBet",
                     .version = "v1",
                     .id = "4894e35d-bf0f-44a6-867a-8e51f1daa7e0",
                     .issue = {}};
constexpr std::string_view kNumber = "00000000-0000-4000-8000-000000000007";

std::string body() {
    return "<n:mashovBet xmlns:n=\"" + std::string(kNamespace) + "\">\n<Mashov>\n<MISPAR-HAFNAYA>" +
           std::string(kNumber) +
           "</MISPAR-HAFNAYA>\n<STATUS-TIPUL>20</STATUS-TIPUL>\n<TAARICH-TIPUL>20261123000000</"
           "TAARICH-TIPUL>\n"
           "<HEARA>words</HEARA>\n</Mashov>\n</n:mashovBet>\n";
}
std::string good() { return write_call(kHeader, body()); }
std::string changed(const std::string& from, const std::string& to, std::string text = good()) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}
// A prolog of its own, before the envelope.
std::string behind(const std::string& prolog) {
    const std::string text = good();
    return prolog + text.substr(text.find('\n') + 1);
}
std::string beside(const std::string& more) { return changed("</Mashov>", more + "</Mashov>"); }
std::string appointment(const std::string& slot, const std::string& offset, const std::string& minutes) {
    return beside("<Tor><TAARICH-TOR>" + slot + "</TAARICH-TOR><HEFRESH-UTC>" + offset +
                  "</HEFRESH-UTC><MESHECH>" + minutes + "</MESHECH><MAKOM>x</MAKOM></Tor>");
}

class Port {
public:
    explicit Port(NationalInsuranceSettings given = settings(), std::chrono::milliseconds patience = 1ms)
        : settings_(std::move(given)),
          calls(patience, [] { return false; }),
          port_(settings_, mapping(), calls, log_) {}

    [[nodiscard]] edge::Answer post(const std::string& document) const {
        return client()
            .send({.method = "POST", .path = "/feedback", .content_type = "text/xml", .body = document})
            .value();
    }
    [[nodiscard]] edge::Client client() const {
        return edge::Client({.base_url = "http://127.0.0.1:" + std::to_string(port_.port())});
    }
    [[nodiscard]] std::uint16_t number() const { return port_.port(); }
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

private:
    NationalInsuranceSettings settings_;
    std::vector<std::string> lines_;
    telemetry::Log log_{telemetry::Level::debug,
                        [this](std::string_view line) { lines_.emplace_back(line); }};

public:
    record::CallsOfTheirs calls;

private:
    FeedbackPort port_;
};

std::string fingerprint_of(const std::string& pem) {
    const auto certificate = statement::Certificate::from_pem(pem);
    return hex(statement::sha256(certificate.value().der()).view());
}

CallResult result_of(const edge::Answer& answer, const std::string& request) {
    REQUIRE(answer.status == 200);
    const auto read = read_answer(answer.body, kHeader, request);
    REQUIRE(read);
    return read_result(std::get<Answer>(*read).body, "call.status", mapping()).value();
}

}  // namespace

TEST_CASE("What is no call of the profile is a fault that says why in Hebrew and English") {
    const Port port;
    std::string many;
    for (int i = 0; i < 5'000; ++i) many += "<a/>";
    std::string deep = "<a>";
    for (int i = 0; i < 20; ++i) deep = "<a>" + deep + "</a>";
    deep.insert(deep.find("</a>"), "</a>");
    const std::string laughs =
        "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>\n";
    const std::string no_header = [] {
        std::string text = good();
        const std::size_t from = text.find("<SOAP-ENV:Header");
        const std::string end = "</SOAP-ENV:Header>";
        return text.erase(from, text.find(end) + end.size() - from);
    }();
    struct Bad {
        std::string document;
        std::string key;
    };
    const std::vector<Bad> all{
        {"", "not_xml"},
        {"hello", "not_xml"},
        {good().substr(0, 700), "not_xml"},
        {behind("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n"), "forbidden"},
        {behind("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\">\n"), "forbidden"},
        {behind(laughs), "forbidden"},
        {behind("<?xml-stylesheet href=\"x\"?>\n"), "forbidden"},
        {behind("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"), "encoding"},
        {changed("words", std::string("\xC0\xAF", 2)), "not_xml"},      // overlong
        {changed("words", std::string("\xED\xA0\x80", 3)), "not_xml"},  // half of a surrogate pair
        {changed("words", std::string("a\0b", 3)), "not_xml"},
        {[] {
             std::string wide;
             for (const char c : good()) wide.append({c, '\0'});
             return wide;
         }(),
         "not_xml"},  // UTF-16 without its mark
        {changed("words", "&#0;"), "not_xml"},
        {changed("words", "&unknown;"), "not_xml"},
        {changed("<HEARA>words</HEARA>", deep), "too_large"},
        {changed("<HEARA>words</HEARA>", many), "too_large"},
        {changed("<Mashov>", "text<Mashov>"), "mixed"},
        {changed("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"),
         "not_soap"},
        {changed("</SOAP-ENV:Body>", "</SOAP-ENV:Body><SOAP-ENV:Body/>"), "not_soap"},
        {changed("</SOAP-ENV:Body>", "<a/></SOAP-ENV:Body>"), "not_soap"},
        {no_header, "not_soap"},
        {changed("<xrd:id>" + kHeader.id + "</xrd:id>", ""), "header"},
        {changed("<xrd:id>", "<xrd:id>x</xrd:id><xrd:id>"), "header"},
        {changed(kHeader.id, "a b"), "header"},
        {changed(kHeader.id, std::string(101, 'a')), "header"},
        {changed("<xrd:protocolVersion>4.0", "<xrd:protocolVersion>3.1"), "version"},
        {changed("<SOAP-ENV:Header>",
                 "<SOAP-ENV:Header><w:Security xmlns:w=\"urn:w\" SOAP-ENV:mustUnderstand=\"1\"/>"),
         "must_understand"},
        {changed(">nii<", ">housing<"), "not_the_caller"},
        {changed(">mashovBet<", ">mashovGimel<"), "no_such_service"},
        {changed(">v1<", ">v2<"), "no_such_service"},
        {changed(std::string(kNamespace), "urn:another"), "no_such_service"}};
    for (const Bad& bad : all) {
        CAPTURE(bad.key, bad.document.substr(0, 300));
        const auto answer = port.post(bad.document);
        CHECK(answer.status == 500);
        const auto& words = catalogue::built_in_catalogue().words("national_insurance." + bad.key);
        CHECK(answer.body.find(words.he + " / " + words.en) != std::string::npos);
        const auto read = read_answer(answer.body, kHeader, bad.document);
        REQUIRE(read);
        CHECK(std::holds_alternative<Fault>(*read));
    }
}

TEST_CASE(
    "A call whose form is wrong is answered with the field and the flaw, and none of it is waited for") {
    const Port port;
    struct Bad {
        std::string document, field;
        Flaw flaw;
    };
    const std::string number = "<MISPAR-HAFNAYA>" + std::string(kNumber) + "</MISPAR-HAFNAYA>";
    const std::vector<Bad> all{
        {changed(number, ""), "MISPAR-HAFNAYA", Flaw::missing},
        {changed(number, number + number), "MISPAR-HAFNAYA", Flaw::twice},
        {changed(std::string(kNumber), "000000018"), "MISPAR-HAFNAYA", Flaw::not_an_id},
        {changed("<STATUS-TIPUL>20", "<STATUS-TIPUL>"), "STATUS-TIPUL", Flaw::empty_or_long},
        {changed("<STATUS-TIPUL>20", "<STATUS-TIPUL>99"), "STATUS-TIPUL", Flaw::unknown_code},
        {changed("20261123000000", "20260230000000"), "TAARICH-TIPUL", Flaw::not_a_day},
        {changed("20261123000000", "20261123120000"), "TAARICH-TIPUL", Flaw::not_a_day},
        {changed("20261123000000", "23112026"), "TAARICH-TIPUL", Flaw::not_a_day},
        {changed("words", std::string(9'000, 'a')), "HEARA", Flaw::empty_or_long},
        {beside("<KOD-SIBA>because</KOD-SIBA>"), "KOD-SIBA", Flaw::unknown_code},
        {beside("<KOD-SIBA>no-capacity</KOD-SIBA>"), "KOD-SIBA", Flaw::value},
        {beside("<KOD-TOTZAAT-TIPUL>provided</KOD-TOTZAAT-TIPUL>"), "KOD-TOTZAAT-TIPUL", Flaw::value},
        {appointment("20270326023000", "120", "30"), "TAARICH-TOR",
         Flaw::not_a_time},  // the clocks jump over it
        {appointment("20261201090000", "60", "30"), "TAARICH-TOR", Flaw::not_a_time},
        {appointment("20261301090000", "120", "30"), "TAARICH-TOR", Flaw::not_a_day},
        {appointment("20261201090000", "120", "soon"), "MESHECH", Flaw::not_a_number},
        {appointment("20261201090000", "120", "30"), "Tor", Flaw::value}};  // in work has none
    for (const Bad& bad : all) {
        CAPTURE(bad.field, bad.document);
        const CallResult result = result_of(port.post(bad.document), bad.document);
        REQUIRE(result.kind == ResultKind::form);
        CHECK(result.faults.front().field == bad.field);
        CHECK(result.faults.front().flaw == bad.flaw);
        CHECK(result.faults.front().line > 1);
    }
}

TEST_CASE("A good call waits for the loop, in UTF-8 or in the Windows-1255 that it declares") {
    Port port(settings(), 20s);
    const std::string utf8 = changed("words", "חסר אישור");
    std::string windows = behind("<?xml version=\"1.0\" encoding=\"windows-1255\"?>\n");
    windows = changed("words", "\xE7\xF1\xF8 \xE0\xE9\xF9\xE5\xF8", windows);
    for (const std::string& document : {utf8, windows}) {
        auto answer = std::async(std::launch::async, [&] { return port.post(document); });
        std::optional<record::CallOfTheirs> seen;
        while (!seen) {
            port.calls.serve([&](const record::CallOfTheirs& call) {
                seen = call;
                return CallResult{ResultKind::taken};
            });
        }
        CHECK(seen->id == kHeader.id);
        CHECK(seen->referrer == "ssd-5000");
        CHECK(std::get<record::Status>(seen->said).words == "חסר אישור");
        CHECK(result_of(answer.get(), document).kind == ResultKind::taken);
    }
}

TEST_CASE("Nothing that a call said stands in the log") {
    Port port;
    (void)port.post(good());
    (void)port.post(changed("<STATUS-TIPUL>20", "<STATUS-TIPUL>99"));
    (void)port.post(changed(">nii<", ">housing<"));
    for (const std::string& line : port.lines()) {
        CHECK(line.find(kNumber) == std::string::npos);
        CHECK(line.find("words") == std::string::npos);
    }
}

TEST_CASE("Beyond this machine whoever has no certificate of their CA calls nothing") {
    tests::Authority ours("exchange"), theirs("national insurance"), strangers("strangers");
    const auto server = ours.issue({.common_name = "adapter", .subject_alternative_name = "IP:127.0.0.1"});
    const auto caller = theirs.issue({.common_name = "nii"});
    const auto stranger = strangers.issue({.common_name = "nii"});
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("kesher-port-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto file = [&](const std::string& name, const std::string& text) {
        std::ofstream(folder / name, std::ios::binary) << text;
        return folder / name;
    };
    auto secured = settings();
    secured.listen.certificate_file = file("tls.pem", server.certificate_pem);
    secured.listen.key_file = file("tls.key", server.key_pem);
    secured.listen.client_ca_file = file("ca.pem", theirs.certificate_pem());
    secured.listen.clients = {fingerprint_of(caller.certificate_pem)};
    const auto another = theirs.issue({.common_name = "nii"});  // of the same CA, and nobody that was named
    const Port port(secured);
    const auto asks = [&](std::optional<edge::TlsIdentity> identity) {
        edge::Client client({.base_url = "https://127.0.0.1:" + std::to_string(port.number()),
                             .server_ca_pem = ours.certificate_pem(),
                             .identity = std::move(identity)});
        const auto answer = client.send({.path = "/wsdl/feedback"});
        return answer && answer->status == 200;
    };
    const auto identity = [](const auto& issued) {
        return edge::TlsIdentity{issued.certificate_pem, edge::SecretText(issued.key_pem)};
    };
    CHECK(asks(identity(caller)));
    CHECK_FALSE(asks(std::nullopt));
    CHECK_FALSE(asks(identity(stranger)));
    const auto calls = [&](const auto& issued) {
        edge::Client client({.base_url = "https://127.0.0.1:" + std::to_string(port.number()),
                             .server_ca_pem = ours.certificate_pem(),
                             .identity = identity(issued)});
        return client
            .send({.method = "POST", .path = "/feedback", .content_type = "text/xml", .body = good()})
            .value();
    };
    CHECK(result_of(calls(caller), good()).kind == ResultKind::not_now);
    CHECK(calls(another).status == 500);
    // The same in the other direction: our own certificate, at a service that asks for one.
    for (const auto& [who, taken] : {std::pair(caller, true), std::pair(stranger, false)}) {
        BenefitServiceSettings service{.endpoint = "https://127.0.0.1:" + std::to_string(port.number()) +
                                                   "/feedback"};
        service.ca_pem = ours.certificate_pem();
        service.identity = identity(who);
        BenefitService calling(service, mapping());
        const auto answer = calling.send(kHeader, "call.status", body());
        REQUIRE(answer.has_value() == taken);
        if (answer) CHECK(answer->result.kind == ResultKind::not_now);
    }
    std::filesystem::remove_all(folder);
}
