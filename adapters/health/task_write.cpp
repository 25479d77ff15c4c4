// The Task: what is to be done, until when, and everything she agreed to say that has no place of its own
// in FHIR, as inputs by name.
#include "adapters/health/resource_write.h"

namespace kesher::health {
namespace {

using contract::DataGroup;

constexpr Coding input(std::string_view name) { return {systems::kInput, name}; }
Coding of(DataGroup group) { return {systems::kDataGroup, contract::kDataGroups.text(group)}; }

void write_code(json::Writer& out, std::string_view name, const Coding& value) {
    out.open_object();
    write_codeable(out, "type", {input(name)});
    write_codeable(out, "valueCodeableConcept", {value});
    out.close();
}

void write_text(json::Writer& out, std::initializer_list<Coding> type, std::string_view type_text,
                std::string_view value) {
    out.open_object();
    write_codeable(out, "type", type, type_text);
    out.text("valueString", value).close();
}

void write_particulars(json::Writer& out, DataGroup group, const codec::Particulars& said) {
    if (said.text) write_text(out, {input("particulars"), of(group)}, {}, *said.text);
    for (const codec::Answer& answer : said.answers)
        write_text(out, {input("answer"), of(group)}, answer.code, answer.value);
}

void write_attachment(json::Writer& out, const codec::Attachment& file) {
    out.open_object();
    write_codeable(out, "type", {input("attachment"), of(file.group)});
    out.open_object("valueAttachment").text("contentType", file.media_type);
    if (!file.bytes.empty()) out.text("data", contract::base64(file.bytes));
    out.text("title", file.name).close().close();
}

void write_inputs(json::Writer& out, const Referral& referral) {
    const codec::Sealed& sealed = referral.sealed;
    out.open_array("input");
    write_code(out, "purpose", {systems::kPurpose, contract::kPurposes.text(referral.purpose)});
    write_code(out, "legal-basis", {systems::kLegalBasis, contract::kLegalBases.text(referral.basis)});
    write_code(out, "known-by", {systems::kKnownBy, contract::kKnownBy.text(sealed.known_by)});
    for (const DataGroup group : referral.groups) write_code(out, "data-group", of(group));
    if (sealed.worker) write_text(out, {input("desk")}, {}, *sealed.worker);
    for (std::size_t i = 0; i < codec::kOtherGroups; ++i) {
        const auto group = static_cast<DataGroup>(i + static_cast<std::size_t>(DataGroup::locality));
        if (sealed.others[i]) write_particulars(out, group, *sealed.others[i]);
    }
    for (const codec::Attachment& file : sealed.attachments) write_attachment(out, file);
    out.close();
}

}  // namespace

void write_task(json::Writer& out, const Referral& referral) {
    const std::string day = contract::text(referral.occurred_on);
    open_meta(out, referral, "task");
    out.open_array("tag");
    const std::string message = referral.message.text();
    write_coding(out, {systems::kMessage, message});
    out.close().close();
    write_identifier(out, systems::kUuid, "urn:uuid:" + referral.referral.text());
    out.text("status", "requested").text("intent", "order");
    out.text("priority", contract::kPriorities.text(referral.priority));
    write_codeable(out, "code", {kFulfill});
    write_reference(out, "focus", referral, Part::service_request);
    write_reference(out, "for", referral, Part::patient);
    out.text("authoredOn", day).text("lastModified", day);
    write_reference(out, "requester", referral, Part::sender);
    write_reference(out, "owner", referral, Part::recipient);
    if (referral.sealed.consent_until) {
        out.open_object("restriction").open_object("period");
        out.text("end", contract::text(*referral.sealed.consent_until)).close().close();
    }
    write_inputs(out, referral);
}

}  // namespace kesher::health
