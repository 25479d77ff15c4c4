// What National Insurance's systems send: an envelope, a referral in their form, how one stands.
#include "adapters/national_insurance/referral_form.h"
#include "adapters/national_insurance/soap.h"
#include "adapters/national_insurance/status_form.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {
namespace {

using namespace national_insurance;

const record::Mapping& mapping() {
    static const auto read = record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form());
    return read.value();
}
const contract::OrganisationId& nii() {
    static const auto id = contract::OrganisationId::parse("nii").value();
    return id;
}

void write(const Element& element, std::string& out) {
    out += "<" + element.name + " xmlns=\"" + escaped(element.space) + "\"";
    std::size_t number = 0;
    for (const Attribute& each : element.attributes) {
        const std::string prefix = each.space.empty() ? "" : "n" + std::to_string(number++) + ":";
        if (!prefix.empty()) {
            out += " xmlns:" + prefix.substr(0, prefix.size() - 1) + "=\"" + escaped(each.space) + "\"";
        }
        out += " " + prefix + each.name + "=\"";
        for (const char c :
             escaped(each.value)) {  // a line end in an attribute is a blank unless it is a reference
            if (c == '\n')
                out += "&#10;";
            else if (c == '\t')
                out += "&#9;";
            else
                out += c;
        }
        out += "\"";
    }
    out += ">" + escaped(element.text);
    for (const Element& child : element.children) write(child, out);
    out += "</" + element.name + ">";
}
bool same(const Element& a, const Element& b) {
    if (a.space != b.space || a.name != b.name || a.attributes != b.attributes || a.text != b.text ||
        a.children.size() != b.children.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.children.size(); ++i) {
        if (!same(a.children[i], b.children[i])) return false;
    }
    return true;
}

}  // namespace

// What was read reads the same when it is written by the plainest of writers; a call reads as its envelope
// does.
void xml_documents(contract::ByteView input) {
    const auto read = read_xml(contract::text_of(input));
    const auto call = read_call(contract::text_of(input));
    claim(read || !call);
    if (!read) return;
    std::string text;
    write(*read, text);
    const auto again = read_xml(text);
    // Namespaces written anew at each element may take more room than there is.
    claim(again ? same(*read, *again) : again.error().flaw == XmlFlaw::too_large);
    if (call && !call->header.id.empty()) {
        const auto once_more = read_call(write_call(call->header, "<a/>"));
        claim(once_more && once_more->header == call->header);
    }
}

// A referral that was read is the same when it is written and read, but for the declared losses.
void benefit_referrals(contract::ByteView input) {
    const auto element = read_xml(contract::text_of(input));
    if (!element) return;
    const auto read = read_referral(*element, mapping(), nii());
    if (!read) {
        claim(!read.error().empty());
        return;
    }
    const auto written = read_xml(write_referral(read->referral, mapping(), Environment::test, "x"));
    claim(written.has_value());
    const auto again = read_referral(*written, mapping(), nii());
    claim(again && again->referral == minus_losses(read->referral));
    claim(again->surplus == 0);
}

// A status that was read leads to events from wherever no end is, or to none; a result reads as it was
// written.
void benefit_statuses(contract::ByteView input) {
    const auto element = read_xml(contract::text_of(input));
    if (!element) return;
    if (const auto status = read_status(*element, mapping())) {
        const auto changes = record::changes_to({contract::ReferralState::delivered}, *status);
        claim(!changes || changes->empty() || !changes->back().event.synthesized);
    }
    if (const auto result = read_result(*element, "call.status", mapping())) {
        const auto written = read_xml(write_result("call.status", *result, mapping()));
        claim(written.has_value());
        claim(read_result(*written, "call.status", mapping())->kind == result->kind);
    }
}

}  // namespace kesher::fuzz
