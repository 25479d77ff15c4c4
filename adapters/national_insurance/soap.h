// SOAP 1.1 document/literal with the headers of the X-Road message protocol 4.0 (pr-mess,
// nordic-institute/X-Road): who calls which service of whom, under which id; the answer repeats it and names
// the hash of the request.
//
// Read strictly: one Header, one Body with one child, each header field once. `userId` is optional there and
// is neither written nor read here: no recipient learns the worker. An unknown header that must be understood
// is refused (SOAP 1.1, 4.2.3); any other is passed over.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/national_insurance/xml.h"
#include "schemas/contract/bytes.h"

namespace kesher::national_insurance {

namespace ns {
inline constexpr std::string_view kSoap = "http://schemas.xmlsoap.org/soap/envelope/";
inline constexpr std::string_view kXRoad = "http://x-road.eu/xsd/xroad.xsd";
inline constexpr std::string_view kIdentifiers = "http://x-road.eu/xsd/identifiers";
}  // namespace ns
inline constexpr std::string_view kProtocolVersion = "4.0";
inline constexpr std::string_view kServiceVersion = "v1";  // of every service of the profile
inline constexpr std::string_view kSha512 = "http://www.w3.org/2001/04/xmlenc#sha512";

// A subsystem of a member: every part 1 to 100 characters of A-Za-z0-9._-
struct Member {
    std::string instance, member_class, member_code, subsystem;
    friend bool operator==(const Member&, const Member&) = default;
};

struct Header {
    Member client;
    Member provider;
    std::string service, version;
    std::string id;     // of the call: the same id is the same call
    std::string issue;  // number of the referral; empty where it has none
    friend bool operator==(const Header&, const Header&) = default;
};

// `body`: the one element in Body, as text with its own namespaces.
[[nodiscard]] std::string write_call(const Header& header, std::string_view body);
// `request`: the very bytes that are answered.
[[nodiscard]] std::string write_answer(const Header& header, std::string_view request, std::string_view body);
// A technical fault: the call itself was not understood, or could not be served. `code`: "Client" or "Server"
// with parts of ours behind a dot; `sentence`: for people, nothing of a person.
[[nodiscard]] std::string write_fault(std::string_view code, std::string_view sentence,
                                      std::string_view detail = {});

struct Call {
    Header header;
    Element body;
};
struct Fault {
    std::string code, sentence;  // as the other side wrote them: shown to its operator, never to the log
};
struct Answer {
    Header header;
    Element body;
};

enum class SoapFlaw {
    not_soap,  // no envelope of SOAP 1.1, or not one Header and one Body with one child
    header,    // a field is missing, stands twice or is none of its form
    version,   // another protocol version
    must_understand,
    not_ours,  // an answer to another call: its header or its requestHash is another's
};
// Where it is refused by the XML reader, `xml` says why.
struct SoapFault {
    SoapFlaw flaw = SoapFlaw::not_soap;
    unsigned line = 0;
    std::optional<XmlFlaw> xml{};
    friend bool operator==(const SoapFault&, const SoapFault&) = default;
};

[[nodiscard]] contract::Result<Call, SoapFault> read_call(std::string_view document);
// What came for `header` and `request`.
[[nodiscard]] contract::Result<std::variant<Answer, Fault>, SoapFault> read_answer(std::string_view document,
                                                                                   const Header& header,
                                                                                   std::string_view request);

}  // namespace kesher::national_insurance
