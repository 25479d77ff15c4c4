#include "adapters/health/resource_write.h"

#include "config/catalogue/catalogue.h"

namespace kesher::health {
namespace {

using contract::Language;

const std::string& hebrew(std::string_view key) {
    return catalogue::built_in_catalogue().words(key, Language::he);
}

std::string flag_key(contract::SafetyFlag flag) {
    return "flag." + std::string(contract::kSafetyFlags.text(flag));
}

// Each flag that stands, and the word that no other does. `contact-prohibited` also by SDOH CC's own code.
void write_flags(json::Writer& out, const codec::Safety& safety) {
    out.open_array("orderDetail");
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        if (!safety.has(flag)) continue;
        const Coding ours{systems::kSafetyFlag, contract::kSafetyFlags.text(flag)};
        out.open_object();
        if (flag == contract::SafetyFlag::contact_prohibited)
            write_codeable(out, {kContactingProhibited, ours}, hebrew(flag_key(flag)));
        else
            write_codeable(out, {ours}, hebrew(flag_key(flag)));
        out.close();
    }
    out.open_object();
    write_codeable(out, {kFlagsStated});
    out.close().close();
}

void write_category(json::Writer& out, const catalogue::ServiceTraits& traits) {
    out.open_array("category").open_object();
    write_codeable(out, {category_of(traits.service)});
    out.close().open_object();
    write_codeable(out, {Coding{systems::kSdohCc, traits.sdoh_category}});
    out.close().close();
}

void write_service(json::Writer& out, const catalogue::ServiceTraits& traits) {
    const Coding ours{systems::kService, contract::kServices.text(traits.service), traits.names.en};
    const auto moh = moh_service_of(traits.service);
    if (moh)
        write_codeable(out, "code", {ours, *moh}, traits.names.he);
    else
        write_codeable(out, "code", {ours}, traits.names.he);
}

}  // namespace

void write_coding(json::Writer& out, const Coding& coding) {
    out.open_object().text("system", coding.system).text("code", coding.code);
    if (!coding.display.empty()) out.text("display", coding.display);
    out.close();
}

void write_codeable(json::Writer& out, std::initializer_list<Coding> codings, std::string_view text) {
    out.open_array("coding");
    for (const Coding& coding : codings) write_coding(out, coding);
    out.close();
    if (!text.empty()) out.text("text", text);
}

void write_codeable(json::Writer& out, std::string_view key, std::initializer_list<Coding> codings,
                    std::string_view text) {
    out.open_object(key);
    write_codeable(out, codings, text);
    out.close();
}

void write_identifier(json::Writer& out, std::string_view system, std::string_view value) {
    out.open_array("identifier").open_object().text("system", system).text("value", value).close().close();
}

void write_uuid_identifier(json::Writer& out, std::string_view uuid) {
    out.text("system", systems::kUuid).text("value", "urn:uuid:" + std::string(uuid));
}

void write_reference(json::Writer& out, const contract::ReferralId& referral, Part part) {
    out.open_object().text("reference", full_url(referral, part)).close();
}

void write_reference(json::Writer& out, std::string_view key, const contract::ReferralId& referral,
                     Part part) {
    out.open_object(key).text("reference", full_url(referral, part)).close();
}

void write_reference(json::Writer& out, const Referral& referral, Part part) {
    write_reference(out, referral.referral, part);
}

void write_reference(json::Writer& out, std::string_view key, const Referral& referral, Part part) {
    write_reference(out, key, referral.referral, part);
}

void open_meta(json::Writer& out, const Referral& referral, std::string_view profile) {
    out.open_object("meta");
    if (!profile.empty()) out.open_array("profile").text(std::string(kIlCore) + std::string(profile)).close();
    out.open_array("security");
    for (const Coding& label : security_labels(referral.service, referral.groups)) write_coding(out, label);
    out.close();
}

void write_said(json::Writer& out, std::string_view key, const std::optional<std::string>& text) {
    if (text) out.text(key, *text);
}

void write_organisation(json::Writer& out, const contract::OrganisationId& id) {
    out.open_object("meta").open_array("profile").text(std::string(kIlCore) + "organization").close().close();
    write_identifier(out, systems::kOrganisation, id.text());
    const auto traits = catalogue::built_in_catalogue().organisation_traits(id);
    out.text("name", traits ? traits->names.he : id.text());
}

void write_consent(json::Writer& out, const Referral& referral) {
    open_meta(out, referral, "consent");
    out.close();
    write_identifier(out, systems::kUuid, "urn:uuid:" + referral.consent.value().text());
    out.text("status", "active");
    write_codeable(out, "scope", {{systems::kConsentScope, "patient-privacy", "Privacy Consent"}});
    out.open_array("category").open_object();
    write_codeable(out, {{systems::kLoinc, "59284-0", "Consent Document"}});
    out.close().open_object();
    write_codeable(out, {{systems::kActCode, "IDSCL", "information disclosure"}});
    out.close().close();
    write_reference(out, "patient", referral, Part::patient);
    out.open_array("organization");
    write_reference(out, referral, Part::sender);
    out.close();
    write_codeable(out, "policyRule", {{systems::kLegalBasis, contract::kLegalBases.text(referral.basis)}});
    out.open_object("provision").text("type", "permit");
    if (referral.sealed.consent_until)
        out.open_object("period").text("end", contract::text(*referral.sealed.consent_until)).close();
    out.open_array("actor").open_object();
    write_codeable(out, "role", {{systems::kParticipation, "IRCP", "information recipient"}});
    write_reference(out, "reference", referral, Part::recipient);
    out.close().close().open_array("purpose");
    write_coding(out, {systems::kPurpose, contract::kPurposes.text(referral.purpose)});
    out.close();
    if (!referral.groups.empty()) {
        out.open_array("class");
        for (const auto group : referral.groups)
            write_coding(out, {systems::kDataGroup, contract::kDataGroups.text(group)});
        out.close();
    }
    out.close();
}

void write_service_request(json::Writer& out, const Referral& referral) {
    const auto& traits = catalogue::built_in_catalogue().service(referral.service);
    const std::string day = contract::text(referral.occurred_on);
    open_meta(out, referral, "service-request");
    out.close();
    write_identifier(out, systems::kUuid, "urn:uuid:" + referral.referral.text());
    out.text("status", "active").text("intent", "order");
    write_category(out, traits);
    out.text("priority", contract::kPriorities.text(referral.priority));
    write_service(out, traits);
    write_flags(out, referral.sealed.safety);
    write_reference(out, "subject", referral, Part::patient);
    out.open_object("occurrencePeriod").text("start", day);
    if (referral.sealed.consent_until && *referral.sealed.consent_until >= referral.occurred_on)
        out.text("end", contract::text(*referral.sealed.consent_until));
    out.close().text("authoredOn", day);
    write_reference(out, "requester", referral, Part::sender);
    if (const auto institutions = moh_institutions_of(referral.service); !institutions.empty()) {
        out.open_object("performerType").open_array("coding");
        for (const Coding& institution : institutions) write_coding(out, institution);
        out.close().close();
    }
    out.open_array("performer");
    write_reference(out, referral, Part::recipient);
    out.close();
    if (referral.consent) {
        out.open_array("supportingInfo");
        write_reference(out, referral, Part::consent);
        out.close();
    }
    if (referral.sealed.need) {
        out.open_array("note").open_object().text("text", *referral.sealed.need).close().close();
    }
}

void write_provenance(json::Writer& out, const Referral& referral) {
    const std::string midnight = contract::text(referral.occurred_on) + "T00:00:00Z";
    open_meta(out, referral, {});
    out.open_array("tag");
    const std::string message = referral.message.text();
    write_coding(out, {systems::kMessage, message});
    out.close().close();
    out.open_array("target");
    for (const Part part : {Part::service_request, Part::task}) write_reference(out, referral, part);
    out.close().text("recorded", midnight).open_array("agent").open_object();
    write_codeable(out, "type", {{systems::kProvenanceAgent, "author", "Author"}});
    write_reference(out, "who", referral, Part::sender);
    out.close().close();
    if (referral.statement.empty()) return;
    out.open_array("signature").open_object().open_array("type");
    write_coding(out, {systems::kSignatureType, "1.2.840.10065.1.12.1.1", "Author's Signature"});
    out.close().text("when", midnight);
    write_reference(out, "who", referral, Part::sender);
    out.text("sigFormat", "application/jose");
    out.text("data", contract::base64(contract::bytes_of(referral.statement))).close().close();
}

}  // namespace kesher::health
