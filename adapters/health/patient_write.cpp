// The Patient: masked as IL-Core masks (tag REDACTED, data-absent-reason), or with id number and name.
#include "adapters/health/resource_write.h"

namespace kesher::health {
namespace {

void write_masked(json::Writer& out) {
    out.open_array("extension")
        .open_object()
        .text("url", kDataAbsent)
        .text("valueCode", "masked")
        .close()
        .close();
}

void write_masked(json::Writer& out, std::string_view key) {
    out.open_object(key);
    write_masked(out);
    out.close();
}

void write_identifiers(json::Writer& out, const Referral& referral) {
    const auto& identity = referral.sealed.identity;
    out.open_array("identifier").open_object();
    out.text("system", systems::kPseudonym).text("value", referral.pseudonym.reveal()).close();
    if (identity && identity->id_number)
        out.open_object().text("system", systems::kIlId).text("value", *identity->id_number).close();
    out.close();
}

void write_official_name(json::Writer& out, const codec::Identity& identity) {
    out.open_object().text("use", "official");
    write_said(out, "family", identity.family_name);
    if (identity.given_name) out.open_array("given").text(*identity.given_name).close();
    out.close();
}

void write_masked_name(json::Writer& out) {
    out.open_object();
    write_masked(out, "_family");
    out.open_array("_given").open_object();
    write_masked(out);
    out.close().close().close();
}

void write_names(json::Writer& out, const codec::Sealed& sealed) {
    const auto& identity = sealed.identity;
    out.open_array("name");
    if (identity && (identity->given_name || identity->family_name))
        write_official_name(out, *identity);
    else
        write_masked_name(out);
    if (sealed.contact && sealed.contact->neutral_name) {
        out.open_object().open_array("extension").open_object();
        out.text("url", kDataAbsent).text("valueCode", "masked").close().close();
        out.text("use", "anonymous").text("text", *sealed.contact->neutral_name).close();
    }
    out.close();
}

void write_number(json::Writer& out, std::string_view url, std::int32_t value) {
    out.open_object().text("url", url).number("valueInteger", value).close();
}

// How and when it is safe to reach her; there even where no number is.
void write_safe_ways(json::Writer& out, const codec::Contact& contact) {
    out.open_array("extension").open_object().text("url", systems::kSafeChannel);
    out.text("valueCode", codec::kSafeChannels.text(contact.safe_channel)).close();
    for (const codec::SafeHours& hours : contact.safe_hours) {
        out.open_object().text("url", systems::kSafeHours).open_array("extension");
        write_number(out, "weekday", hours.weekday);
        write_number(out, "from", hours.from);
        write_number(out, "until", hours.until);
        out.close().close();
    }
    out.close();
}

}  // namespace

void write_redacted(json::Writer& out) {
    out.open_array("tag");
    write_coding(out, {systems::kObservationValue, "REDACTED", "redacted"});
    out.close();
}

void write_masked_patient(json::Writer& out, const contract::Pseudonym& pseudonym) {
    write_identifier(out, systems::kPseudonym, pseudonym.reveal());
    out.open_array("name");
    write_masked_name(out);
    out.close().text("gender", "unknown");
    write_masked(out, "_gender");
    write_masked(out, "_birthDate");
}

void write_patient(json::Writer& out, const Referral& referral) {
    const codec::Sealed& sealed = referral.sealed;
    open_meta(out, referral, "patient");
    if (!sealed.identity) write_redacted(out);
    out.close();
    if (sealed.contact) write_safe_ways(out, *sealed.contact);
    write_identifiers(out, referral);
    write_names(out, sealed);
    if (sealed.contact && sealed.contact->phone) {
        out.open_array("telecom").open_object().text("system", "phone");
        out.text("value", *sealed.contact->phone).close().close();
    }
    out.text("gender", "unknown");
    write_masked(out, "_gender");
    if (sealed.identity && sealed.identity->birth_year)
        out.text("birthDate", std::to_string(*sealed.identity->birth_year));
    else
        write_masked(out, "_birthDate");
    if (referral.language == contract::Language::other) return;
    out.open_array("communication").open_object();
    write_codeable(out, "language", {{systems::kLanguage, contract::kLanguages.text(referral.language)}});
    out.boolean("preferred", true).close().close();
}

}  // namespace kesher::health
