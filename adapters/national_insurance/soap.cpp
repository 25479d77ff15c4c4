#include "adapters/national_insurance/soap.h"

#include <algorithm>

#include "adapters/national_insurance/xml_write.h"
#include "schemas/statement/hash.h"

namespace kesher::national_insurance {
namespace {

using contract::Failure;

constexpr std::size_t kPartCharacters = 100;  // of a member's code, a service's name, an id

bool is_part(std::string_view text) {
    return !text.empty() && text.size() <= kPartCharacters &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

void write_member(XmlWriter& out, const Member& member) {
    out.text("id:xRoadInstance", member.instance)
        .text("id:memberClass", member.member_class)
        .text("id:memberCode", member.member_code)
        .text("id:subsystemCode", member.subsystem);
}

void write_header(XmlWriter& out, const Header& header, const std::string* request_hash) {
    out.open("SOAP-ENV:Header").open("xrd:client", {{"id:objectType", "SUBSYSTEM"}});
    write_member(out, header.client);
    out.close().open("xrd:service", {{"id:objectType", "SERVICE"}});
    write_member(out, header.provider);
    out.text("id:serviceCode", header.service).text("id:serviceVersion", header.version).close();
    out.text("xrd:id", header.id);
    if (!header.issue.empty()) out.text("xrd:issue", header.issue);
    out.text("xrd:protocolVersion", kProtocolVersion);
    if (request_hash != nullptr) out.text("xrd:requestHash", *request_hash, {{"algorithmId", kSha512}});
    out.close();
}

std::string envelope(const Header& header, const std::string* request_hash, std::string_view body) {
    XmlWriter out;
    out.open("SOAP-ENV:Envelope",
             {{"xmlns:SOAP-ENV", ns::kSoap}, {"xmlns:xrd", ns::kXRoad}, {"xmlns:id", ns::kIdentifiers}});
    write_header(out, header, request_hash);
    out.open("SOAP-ENV:Body").raw(body).close().close();
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + out.take();
}

std::string hash_of(std::string_view request) {
    return contract::base64(statement::sha512(contract::bytes_of(request)));
}

contract::Result<Element, SoapFault> opened(std::string_view document) {
    auto read = read_xml(document);
    if (!read) return Failure{SoapFault{SoapFlaw::not_soap, read.error().line, read.error().flaw}};
    if (read->space != ns::kSoap || read->name != "Envelope") {
        return Failure{SoapFault{SoapFlaw::not_soap, read->line, {}}};
    }
    return *std::move(read);
}

// The one child of Body; none where there are none or several.
const Element* child_of_body(const Element& envelope) {
    const Element* body = envelope.only(ns::kSoap, "Body");
    return body == nullptr || body->children.size() != 1 ? nullptr : &body->children.front();
}

class HeaderReader {
public:
    explicit HeaderReader(const Element& header) : header_(header) {}

    contract::Result<Header, SoapFault> read() {
        for (const Element& each : header_.children) {
            if (each.space == ns::kXRoad || !must_be_understood(each)) continue;
            return Failure{SoapFault{SoapFlaw::must_understand, each.line, {}}};
        }
        Header read;
        read.client = member("client", "SUBSYSTEM");
        read.provider = member("service", "SERVICE");
        if (const Element* service = header_.only(ns::kXRoad, "service")) {
            read.service = part(*service, ns::kIdentifiers, "serviceCode");
            read.version = part(*service, ns::kIdentifiers, "serviceVersion");
        }
        read.id = part(header_, ns::kXRoad, "id");
        if (header_.count(ns::kXRoad, "issue") > 0) read.issue = part(header_, ns::kXRoad, "issue");
        if (fault_) return Failure{*fault_};
        const Element* version = header_.only(ns::kXRoad, "protocolVersion");
        if (version == nullptr || trimmed(version->text) != kProtocolVersion) {
            return Failure{SoapFault{SoapFlaw::version, (version != nullptr ? version : &header_)->line, {}}};
        }
        return read;
    }

private:
    static bool must_be_understood(const Element& element) {
        const std::string* must = element.attribute(ns::kSoap, "mustUnderstand");
        return must != nullptr && trimmed(*must) != "0";
    }
    std::string part(const Element& of, std::string_view space, std::string_view name) {
        const Element* found = of.only(space, name);
        std::string text = found == nullptr ? std::string() : trimmed(found->text);
        if (!is_part(text)) complain(found == nullptr ? of : *found);
        return text;
    }
    Member member(std::string_view name, std::string_view type) {
        const Element* found = header_.only(ns::kXRoad, name);
        if (found == nullptr) {
            complain(header_);
            return {};
        }
        const std::string* says = found->attribute(ns::kIdentifiers, "objectType");
        if (says == nullptr || *says != type) complain(*found);
        return {part(*found, ns::kIdentifiers, "xRoadInstance"),
                part(*found, ns::kIdentifiers, "memberClass"), part(*found, ns::kIdentifiers, "memberCode"),
                part(*found, ns::kIdentifiers, "subsystemCode")};
    }
    void complain(const Element& at) {
        if (!fault_) fault_ = SoapFault{SoapFlaw::header, at.line, {}};
    }

    const Element& header_;
    std::optional<SoapFault> fault_;
};

contract::Result<Header, SoapFault> header_of(const Element& envelope) {
    const Element* header = envelope.only(ns::kSoap, "Header");
    if (header == nullptr) return Failure{SoapFault{SoapFlaw::not_soap, envelope.line, {}}};
    return HeaderReader(*header).read();
}

// Base64 may stand in lines (the standard's own examples do).
bool is_hash_of(const Element& header, std::string_view request) {
    const Element* hash = header.only(ns::kXRoad, "requestHash");
    const std::string* algorithm = hash == nullptr ? nullptr : hash->attribute("", "algorithmId");
    if (algorithm == nullptr || *algorithm != kSha512) return false;
    std::string text = hash->text;
    std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
    return text == hash_of(request);
}

}  // namespace

std::string write_call(const Header& header, std::string_view body) {
    return envelope(header, nullptr, body);
}

std::string write_answer(const Header& header, std::string_view request, std::string_view body) {
    const std::string hash = hash_of(request);
    return envelope(header, &hash, body);
}

std::string write_fault(std::string_view code, std::string_view sentence, std::string_view detail) {
    XmlWriter out;
    out.open("SOAP-ENV:Envelope", {{"xmlns:SOAP-ENV", ns::kSoap}})
        .open("SOAP-ENV:Body")
        .open("SOAP-ENV:Fault");
    out.text("faultcode", code).text("faultstring", sentence);
    if (!detail.empty()) out.open("detail").text("faultDetail", detail).close();
    out.close().close().close();
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + out.take();
}

contract::Result<Call, SoapFault> read_call(std::string_view document) {
    auto envelope = opened(document);
    if (!envelope) return Failure{envelope.error()};
    auto header = header_of(*envelope);
    if (!header) return Failure{header.error()};
    const Element* body = child_of_body(*envelope);
    if (body == nullptr) return Failure{SoapFault{SoapFlaw::not_soap, envelope->line, {}}};
    return Call{*std::move(header), *body};
}

contract::Result<std::variant<Answer, Fault>, SoapFault> read_answer(std::string_view document,
                                                                     const Header& header,
                                                                     std::string_view request) {
    auto envelope = opened(document);
    if (!envelope) return Failure{envelope.error()};
    const Element* body = child_of_body(*envelope);
    if (body == nullptr) return Failure{SoapFault{SoapFlaw::not_soap, envelope->line, {}}};
    if (body->space == ns::kSoap && body->name == "Fault") {
        // Of a call that was not understood nothing is repeated, so nothing of a header is asked for.
        const Element* code = body->only("", "faultcode");
        const Element* sentence = body->only("", "faultstring");
        if (code == nullptr) return Failure{SoapFault{SoapFlaw::not_soap, body->line, {}}};
        return std::variant<Answer, Fault>(
            Fault{trimmed(code->text), sentence == nullptr ? std::string() : trimmed(sentence->text)});
    }
    auto read = header_of(*envelope);
    if (!read) return Failure{read.error()};
    const Element& said = *envelope->only(ns::kSoap, "Header");
    if (*read != header || !is_hash_of(said, request)) {
        return Failure{SoapFault{SoapFlaw::not_ours, said.line, {}}};
    }
    return std::variant<Answer, Fault>(Answer{*std::move(read), *body});
}

}  // namespace kesher::national_insurance
