#include "adapters/national_insurance/form_write.h"
#include "adapters/national_insurance/referral_form.h"

namespace kesher::national_insurance {
namespace {

using contract::DataGroup;
using record::Mapping;
using record::Referral;

void write_opening(Form& form, const Referral& referral, Environment environment,
                   std::string_view sender_name) {
    form.open("header.element")
        .text("header.kind", "HAFNAYA")
        .text("header.version", kInterfaceVersion)
        .text("header.on", day_and_hour(referral.occurred_on))
        .number("header.environment", static_cast<int>(environment))
        .text("header.direction", "1")
        .text("header.sender", referral.from.text())
        .text("header.sender_name", sender_name)
        .text("header.transfer", referral.message.text())
        .text("header.file", "1")
        .close();
}

void write_identity(Form& form, const codec::Identity& identity) {
    form.maybe("referral.id_number", identity.id_number)
        .maybe("referral.given_name", identity.given_name)
        .maybe("referral.family_name", identity.family_name);
    if (identity.birth_year) form.number("referral.birth_year", *identity.birth_year);
}

void write_contact(Form& form, const codec::Contact& contact) {
    form.open("contact.element")
        .maybe("contact.phone", contact.phone)
        .maybe("contact.neutral_name", contact.neutral_name);
    form.word("contact.channel", "channel", codec::kSafeChannels, contact.safe_channel);
    for (const codec::SafeHours& hours : contact.safe_hours) {
        form.open("contact.hours")
            .number("contact.weekday", hours.weekday)
            .number("contact.from", hours.from)
            .number("contact.until", hours.until)
            .close();
    }
    form.close();
}

void write_particulars(Form& form, DataGroup group, const codec::Particulars& particulars) {
    form.open("particulars.element")
        .text("particulars.group", contract::kDataGroups.text(group))
        .maybe("particulars.text", particulars.text);
    for (const codec::Answer& answer : particulars.answers) {
        form.open("particulars.answer")
            .text("particulars.code", answer.code)
            .text("particulars.value", answer.value)
            .close();
    }
    form.close();
}

void write_attachment(Form& form, const codec::Attachment& attachment) {
    form.open("attachment.element")
        .text("attachment.name", attachment.name)
        .text("attachment.type", attachment.media_type)
        .text("attachment.group", contract::kDataGroups.text(attachment.group))
        .text("attachment.content", contract::base64(attachment.bytes))
        .close();
}

}  // namespace

std::span<const record::Loss> declared_losses() { return record::common_losses(); }

record::Referral minus_losses(record::Referral referral) {
    return record::minus_common_losses(std::move(referral));
}

std::string write_referral(const Referral& referral, const Mapping& mapping, Environment environment,
                           std::string_view sender_name) {
    const Referral shown = minus_losses(referral);
    const codec::Sealed& sealed = shown.sealed;
    XmlWriter out;
    Form form(mapping, out);
    out.open("n:" + mapping.name("call.referral"), {{"xmlns:n", kNamespace}});
    write_opening(form, shown, environment, sender_name);
    form.open("referral.element")
        .text("referral.number", shown.referral.text())
        .word("referral.service", "service", contract::kServices, shown.service)
        .text("referral.pseudonym", shown.pseudonym.reveal())
        .word("referral.known_by", "known_by", contract::kKnownBy, sealed.known_by)
        .word("referral.priority", "priority", contract::kPriorities, shown.priority)
        .word("referral.language", "language", contract::kLanguages, shown.language)
        .text("referral.on", day_and_hour(shown.occurred_on))
        .text("referral.purpose", contract::kPurposes.text(shown.purpose))
        .text("referral.basis", contract::kLegalBases.text(shown.basis));
    if (shown.consent) form.text("referral.consent", shown.consent->text());
    if (sealed.consent_until) form.text("referral.consent_until", compact(*sealed.consent_until));
    for (const DataGroup group : shown.groups) form.text("referral.group", contract::kDataGroups.text(group));
    write_safety(form, mapping, sealed.safety);
    form.maybe("referral.need", sealed.need).maybe("referral.worker", sealed.worker);
    if (sealed.identity) write_identity(form, *sealed.identity);
    if (sealed.contact) write_contact(form, *sealed.contact);
    for (std::size_t i = 0; i < codec::kOtherGroups; ++i) {
        const auto group = static_cast<DataGroup>(i + static_cast<std::size_t>(DataGroup::locality));
        if (sealed.others[i]) write_particulars(form, group, *sealed.others[i]);
    }
    for (const codec::Attachment& attachment : sealed.attachments) write_attachment(form, attachment);
    if (sealed.appointment) write_appointment(form, *sealed.appointment);
    if (!shown.statement.empty()) form.text("referral.statement", shown.statement);
    form.close().open("closing.element").number("closing.count", 1).close();
    out.close();
    return out.take();
}

}  // namespace kesher::national_insurance
