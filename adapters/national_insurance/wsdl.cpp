#include "adapters/national_insurance/wsdl.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "adapters/national_insurance/profile.h"
#include "adapters/national_insurance/soap.h"
#include "adapters/national_insurance/xml_write.h"
#include "schemas/codec/words.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::national_insurance {
namespace {

using record::Mapping;

constexpr std::string_view kWsdl = "http://schemas.xmlsoap.org/wsdl/";
constexpr std::string_view kWsdlSoap = "http://schemas.xmlsoap.org/wsdl/soap/";
constexpr std::string_view kSchema = "http://www.w3.org/2001/XMLSchema";
constexpr std::string_view kTransport = "http://schemas.xmlsoap.org/soap/http";

enum class Occurs { once, maybe, any };
enum class Form { text, number, base64, day_hour, day, instant, id, code, word };

struct Item {
    std::string_view field;
    Occurs occurs = Occurs::once;
    Form form = Form::text;
    std::string_view list{};           // of `code`: codes of the mapping; of `word`: below
    std::span<const Item> children{};  // then it has no text
};

constexpr std::array kAppointment{Item{"appointment.slot", Occurs::once, Form::instant},
                                  Item{"appointment.offset", Occurs::once, Form::number},
                                  Item{"appointment.minutes", Occurs::once, Form::number},
                                  Item{"appointment.place"}};
constexpr std::array kHours{Item{"contact.weekday", Occurs::once, Form::number},
                            Item{"contact.from", Occurs::once, Form::number},
                            Item{"contact.until", Occurs::once, Form::number}};
constexpr std::array kContact{Item{"contact.phone", Occurs::maybe},
                              Item{"contact.neutral_name", Occurs::maybe},
                              Item{"contact.channel", Occurs::once, Form::code, "channel"},
                              Item{"contact.hours", Occurs::any, Form::text, {}, kHours}};
constexpr std::array kAnswer{Item{"particulars.code"}, Item{"particulars.value"}};
constexpr std::array kParticulars{Item{"particulars.group"}, Item{"particulars.text", Occurs::maybe},
                                  Item{"particulars.answer", Occurs::any, Form::text, {}, kAnswer}};
constexpr std::array kAttachment{Item{"attachment.name"}, Item{"attachment.type"}, Item{"attachment.group"},
                                 Item{"attachment.content", Occurs::once, Form::base64}};
constexpr std::array kHeader{Item{"header.kind"},
                             Item{"header.version"},
                             Item{"header.on", Occurs::once, Form::day_hour},
                             Item{"header.environment", Occurs::once, Form::number},
                             Item{"header.direction", Occurs::once, Form::number},
                             Item{"header.sender"},
                             Item{"header.sender_name"},
                             Item{"header.transfer", Occurs::once, Form::id},
                             Item{"header.file", Occurs::once, Form::number}};
constexpr std::array kReferralItems{Item{"referral.number", Occurs::once, Form::id},
                                    Item{"referral.service", Occurs::once, Form::code, "service"},
                                    Item{"referral.pseudonym"},
                                    Item{"referral.known_by", Occurs::once, Form::code, "known_by"},
                                    Item{"referral.priority", Occurs::once, Form::code, "priority"},
                                    Item{"referral.language", Occurs::once, Form::code, "language"},
                                    Item{"referral.on", Occurs::once, Form::day_hour},
                                    Item{"referral.purpose"},
                                    Item{"referral.basis"},
                                    Item{"referral.consent", Occurs::maybe, Form::id},
                                    Item{"referral.consent_until", Occurs::maybe, Form::day},
                                    Item{"referral.group", Occurs::any},
                                    Item{"referral.contact", Occurs::once, Form::code, "contact"},
                                    Item{"referral.flag", Occurs::any, Form::word, "flag"},
                                    Item{"referral.flags", Occurs::once, Form::number},
                                    Item{"referral.need", Occurs::maybe},
                                    Item{"referral.worker", Occurs::maybe},
                                    Item{"referral.id_number", Occurs::maybe},
                                    Item{"referral.given_name", Occurs::maybe},
                                    Item{"referral.family_name", Occurs::maybe},
                                    Item{"referral.birth_year", Occurs::maybe, Form::number},
                                    Item{"contact.element", Occurs::maybe, Form::text, {}, kContact},
                                    Item{"particulars.element", Occurs::any, Form::text, {}, kParticulars},
                                    Item{"attachment.element", Occurs::any, Form::text, {}, kAttachment},
                                    Item{"appointment.element", Occurs::maybe, Form::text, {}, kAppointment},
                                    Item{"referral.statement", Occurs::maybe}};
constexpr std::array kClosing{Item{"closing.count", Occurs::once, Form::number}};
constexpr std::array kReferral{Item{"header.element", Occurs::once, Form::text, {}, kHeader},
                               Item{"referral.element", Occurs::once, Form::text, {}, kReferralItems},
                               Item{"closing.element", Occurs::once, Form::text, {}, kClosing}};
constexpr std::array kUpdateItems{Item{"update.number", Occurs::once, Form::id},
                                  Item{"update.event", Occurs::once, Form::code, "event"},
                                  Item{"update.on", Occurs::once, Form::day_hour},
                                  Item{"update.reason", Occurs::maybe, Form::word, "reason"},
                                  Item{"update.words", Occurs::maybe},
                                  Item{"appointment.element", Occurs::maybe, Form::text, {}, kAppointment},
                                  Item{"referral.contact", Occurs::maybe, Form::code, "contact"},
                                  Item{"referral.flag", Occurs::any, Form::word, "flag"},
                                  Item{"referral.flags", Occurs::maybe, Form::number}};
constexpr std::array kUpdate{Item{"update.element", Occurs::once, Form::text, {}, kUpdateItems}};
constexpr std::array kInquiryItems{Item{"inquiry.transfer", Occurs::once, Form::id}};
constexpr std::array kInquiry{Item{"inquiry.element", Occurs::once, Form::text, {}, kInquiryItems}};
constexpr std::array kStatusItems{Item{"status.number", Occurs::once, Form::id},
                                  Item{"status.code", Occurs::once, Form::code, "status"},
                                  Item{"status.on", Occurs::once, Form::day_hour},
                                  Item{"status.reason", Occurs::maybe, Form::word, "reason"},
                                  Item{"status.outcome", Occurs::maybe, Form::word, "outcome"},
                                  Item{"status.words", Occurs::maybe},
                                  Item{"appointment.element", Occurs::maybe, Form::text, {}, kAppointment}};
constexpr std::array kStatus{Item{"status.element", Occurs::once, Form::text, {}, kStatusItems}};
constexpr std::array kResult{Item{"result.code", Occurs::once, Form::number},
                             Item{"result.line", Occurs::maybe, Form::number},
                             Item{"result.field", Occurs::maybe}, Item{"result.words", Occurs::maybe}};

struct Operation {
    std::string_view call;
    std::span<const Item> body;
};
constexpr std::array kServed{Operation{"call.referral", kReferral}, Operation{"call.update", kUpdate},
                             Operation{"call.inquiry", kInquiry}};
constexpr std::array kCalledHere{Operation{"call.status", kStatus}};

class SchemaWriter {
public:
    SchemaWriter(const Mapping& mapping, XmlWriter& out) : mapping_(mapping), out_(out) {}

    void write(std::span<const Operation> operations) {
        out_.open("xs:schema", {{"xmlns:xs", kSchema}, {"targetNamespace", kNamespace}});
        for (const Operation& operation : operations) {
            const std::string& name = mapping_.name(operation.call);
            write_complex(name, {}, operation.body);
            write_complex(name + "Response", {}, kResult);
        }
        out_.close();
    }

private:
    void open_element(std::string_view name, std::optional<Occurs> occurs) {
        if (!occurs || *occurs == Occurs::once) {
            out_.open("xs:element", {{"name", name}});
        } else if (*occurs == Occurs::maybe) {
            out_.open("xs:element", {{"name", name}, {"minOccurs", "0"}});
        } else {
            out_.open("xs:element", {{"name", name}, {"minOccurs", "0"}, {"maxOccurs", "unbounded"}});
        }
    }

    // What is a day may be followed by an hour that says nothing, and the reader takes both.
    void write_complex(std::string_view name, std::optional<Occurs> occurs, std::span<const Item> items) {
        open_element(name, occurs);
        out_.open("xs:complexType").open("xs:sequence");
        for (const Item& item : items) {
            const std::string& child = mapping_.name(item.field);
            if (item.children.empty()) {
                write_simple(child, item);
            } else {
                write_complex(child, item.occurs, item.children);
            }
        }
        out_.close().close().close();
    }

    void write_simple(std::string_view name, const Item& item) {
        open_element(name, item.occurs);
        out_.open("xs:simpleType");
        switch (item.form) {
            case Form::text:
                restrict_to("xs:string", "minLength", "1");
                break;
            case Form::number:
                out_.open("xs:restriction", {{"base", "xs:int"}}).close();
                break;
            case Form::base64:
                out_.open("xs:restriction", {{"base", "xs:base64Binary"}}).close();
                break;
            case Form::day_hour:
                restrict_to("xs:string", "pattern", "[0-9]{8}(000000)?");
                break;
            case Form::day:
                restrict_to("xs:string", "pattern", "[0-9]{8}");
                break;
            case Form::instant:
                restrict_to("xs:string", "pattern", "[0-9]{14}");
                break;
            case Form::id:
                restrict_to("xs:string", "pattern",
                            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
                break;
            case Form::code:
                write_codes(mapping_.codes(item.list));
                break;
            case Form::word:
                write_codes(words_of(item.list));
                break;
        }
        out_.close().close();
    }

    void restrict_to(std::string_view base, std::string_view facet, std::string_view value) {
        out_.open("xs:restriction", {{"base", base}});
        out_.open("xs:" + std::string(facet), {{"value", value}}).close();
        out_.close();
    }

    void write_codes(const std::vector<std::string>& codes) {
        out_.open("xs:restriction", {{"base", "xs:string"}});
        for (const std::string& code : codes) out_.open("xs:enumeration", {{"value", code}}).close();
        out_.close();
    }

    // Those that are in the contract's own spelling.
    static std::vector<std::string> words_of(std::string_view list) {
        const auto all = [](const auto& words) {
            return std::vector<std::string>(words.words.begin(), words.words.end());
        };
        if (list == "flag") return all(contract::kSafetyFlags);
        if (list == "reason") return all(contract::kReasons);
        return all(contract::kOutcomes);
    }

    const Mapping& mapping_;
    XmlWriter& out_;
};

// X-Road's own headers, as far as they are used here.
void write_header_schemas(XmlWriter& out) {
    out.open(
        "xs:schema",
        {{"xmlns:xs", kSchema}, {"targetNamespace", ns::kIdentifiers}, {"elementFormDefault", "qualified"}});
    for (const std::string_view part :
         {"xRoadInstance", "memberClass", "memberCode", "subsystemCode", "serviceCode", "serviceVersion"}) {
        out.open("xs:element", {{"name", part}, {"type", "xs:string"}}).close();
    }
    out.open("xs:attribute", {{"name", "objectType"}, {"type", "xs:string"}}).close();
    out.close();
    out.open("xs:schema", {{"xmlns:xs", kSchema},
                           {"xmlns:id", ns::kIdentifiers},
                           {"targetNamespace", ns::kXRoad},
                           {"elementFormDefault", "qualified"}});
    out.open("xs:import", {{"namespace", ns::kIdentifiers}}).close();
    const auto party = [&](std::string_view name, bool service) {
        out.open("xs:element", {{"name", name}}).open("xs:complexType").open("xs:sequence");
        for (const std::string_view part :
             {"id:xRoadInstance", "id:memberClass", "id:memberCode", "id:subsystemCode"})
            out.open("xs:element", {{"ref", part}}).close();
        if (service) {
            out.open("xs:element", {{"ref", "id:serviceCode"}}).close();
            out.open("xs:element", {{"ref", "id:serviceVersion"}}).close();
        }
        out.close();
        out.open("xs:attribute", {{"ref", "id:objectType"}, {"use", "required"}}).close();
        out.close().close();
    };
    party("client", false);
    party("service", true);
    for (const std::string_view name : {"id", "issue", "protocolVersion"})
        out.open("xs:element", {{"name", name}, {"type", "xs:string"}}).close();
    out.close();
}

constexpr std::array<std::string_view, 5> kHeaders{"client", "service", "id", "issue", "protocolVersion"};

void write_bound(XmlWriter& out, std::string_view way) {
    out.open(way);
    out.open("soap:body", {{"use", "literal"}}).close();
    for (const std::string_view header : kHeaders)
        out.open("soap:header", {{"message", "tns:headers"}, {"part", header}, {"use", "literal"}}).close();
    out.close();
}

void write_messages(XmlWriter& out, const Mapping& mapping, std::span<const Operation> operations) {
    out.open("wsdl:message", {{"name", "headers"}});
    for (const std::string_view header : kHeaders)
        out.open("wsdl:part", {{"name", header}, {"element", "xrd:" + std::string(header)}}).close();
    out.close();
    for (const Operation& operation : operations) {
        for (const std::string& name :
             {mapping.name(operation.call), mapping.name(operation.call) + "Response"}) {
            out.open("wsdl:message", {{"name", name}});
            out.open("wsdl:part", {{"name", "body"}, {"element", "tns:" + name}}).close();
            out.close();
        }
    }
}

std::string wsdl(const Mapping& mapping, std::span<const Operation> operations, std::string_view port,
                 std::string_view endpoint) {
    const std::string name(port);
    XmlWriter out;
    out.open("wsdl:definitions", {{"xmlns:wsdl", kWsdl},
                                  {"xmlns:soap", kWsdlSoap},
                                  {"xmlns:xrd", ns::kXRoad},
                                  {"xmlns:tns", kNamespace},
                                  {"targetNamespace", kNamespace},
                                  {"name", name}});
    out.open("wsdl:types");
    write_header_schemas(out);
    SchemaWriter(mapping, out).write(operations);
    out.close();
    write_messages(out, mapping, operations);
    out.open("wsdl:portType", {{"name", name + "PortType"}});
    for (const Operation& operation : operations) {
        const std::string& call = mapping.name(operation.call);
        out.open("wsdl:operation", {{"name", call}});
        out.open("wsdl:input", {{"message", "tns:" + call}}).close();
        out.open("wsdl:output", {{"message", "tns:" + call + "Response"}}).close();
        out.close();
    }
    out.close();
    out.open("wsdl:binding", {{"name", name + "Binding"}, {"type", "tns:" + name + "PortType"}});
    out.open("soap:binding", {{"style", "document"}, {"transport", kTransport}}).close();
    for (const Operation& operation : operations) {
        out.open("wsdl:operation", {{"name", mapping.name(operation.call)}});
        out.open("soap:operation", {{"soapAction", ""}, {"style", "document"}}).close();
        write_bound(out, "wsdl:input");
        write_bound(out, "wsdl:output");
        out.close();
    }
    out.close();
    out.open("wsdl:service", {{"name", name + "Service"}});
    out.open("wsdl:port", {{"name", name + "Port"}, {"binding", "tns:" + name + "Binding"}});
    out.open("soap:address", {{"location", endpoint}}).close();
    out.close().close().close();
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + out.take();
}

}  // namespace

std::string service_wsdl(const Mapping& mapping, std::string_view endpoint) {
    return wsdl(mapping, kServed, "Benefits", endpoint);
}

std::string feedback_wsdl(const Mapping& mapping, std::string_view endpoint) {
    return wsdl(mapping, kCalledHere, "Feedback", endpoint);
}

std::string body_schema(const Mapping& mapping) {
    std::vector<Operation> all(kServed.begin(), kServed.end());
    all.insert(all.end(), kCalledHere.begin(), kCalledHere.end());
    XmlWriter out;
    SchemaWriter(mapping, out).write(all);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + out.take();
}

}  // namespace kesher::national_insurance
