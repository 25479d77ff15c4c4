#include "adapters/health/bundle_write.h"

#include <array>

#include "adapters/health/fhir_codes.h"
#include "adapters/health/losses.h"
#include "adapters/health/resource_write.h"
#include "schemas/json/writer.h"
#include "schemas/statement/hash.h"

namespace kesher::health {
namespace {

constexpr std::array<std::string_view, 7> kTypes{"Organization",   "Organization", "Patient",   "Consent",
                                                 "ServiceRequest", "Task",         "Provenance"};

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|')
            out += "%7C";
        else
            out.push_back(c);
    }
    return out;
}

std::string token(std::string_view name, std::string_view system, std::string_view value) {
    return std::string(name) + '=' + escaped(std::string(system) + '|' + std::string(value));
}

void write_resource(json::Writer& out, const Referral& referral, Part part) {
    switch (part) {
        case Part::sender:
            return write_organisation(out, referral.from);
        case Part::recipient:
            return write_organisation(out, referral.to);
        case Part::patient:
            return write_patient(out, referral);
        case Part::consent:
            return write_consent(out, referral);
        case Part::service_request:
            return write_service_request(out, referral);
        case Part::task:
            return write_task(out, referral);
        case Part::provenance:
            return write_provenance(out, referral);
    }
}

}  // namespace

std::string_view resource_type(Part part) { return kTypes[static_cast<std::size_t>(part)]; }

std::vector<Part> parts_of(const Referral& referral) {
    std::vector<Part> parts{Part::sender, Part::recipient, Part::patient};
    if (referral.consent) parts.push_back(Part::consent);
    parts.insert(parts.end(), {Part::service_request, Part::task, Part::provenance});
    return parts;
}

std::string full_url(const contract::ReferralId& referral, Part part) {
    const contract::Digest hash = statement::sha256(
        {contract::bytes_of("kesher.fhir.v1"), referral.bytes(), contract::bytes_of(kParts.text(part))});
    return "urn:uuid:" + contract::MessageId::of_keyed_hash(hash).text();
}

Names names_of(const Referral& referral) {
    return {referral.referral,  referral.from,    referral.to,
            referral.pseudonym, referral.consent, referral.message};
}

std::string condition(const Names& names, Part part) {
    switch (part) {
        case Part::sender:
            return token("identifier", systems::kOrganisation, names.from.text());
        case Part::recipient:
            return token("identifier", systems::kOrganisation, names.to.text());
        case Part::patient:
            return token("identifier", systems::kPseudonym, names.pseudonym.reveal());
        case Part::consent:
            return token("identifier", systems::kUuid, "urn:uuid:" + names.consent.value().text());
        case Part::service_request:
        case Part::task:
            return token("identifier", systems::kUuid, "urn:uuid:" + names.referral.text());
        case Part::provenance:
            break;  // has no identifier in R4: its tag names the message
    }
    return token("_tag", systems::kMessage, names.message.value().text());
}

std::string condition(const Referral& referral, Part part) { return condition(names_of(referral), part); }

void write_entry(json::Writer& out, const Names& names, Part part,
                 const std::function<void(json::Writer&)>& resource) {
    out.open_object().text("fullUrl", full_url(names.referral, part));
    out.open_object("resource").text("resourceType", resource_type(part));
    resource(out);
    out.close();
    out.open_object("request").text("method", "POST").text("url", resource_type(part));
    out.text("ifNoneExist", condition(names, part)).close().close();
}

std::string transaction_bundle(const Referral& referral) {
    const Referral shown = minus_losses(referral);
    json::Writer out;
    out.open_object().text("resourceType", "Bundle");
    out.open_object("identifier");
    write_uuid_identifier(out, shown.message.text());
    out.close().text("type", "transaction").open_array("entry");
    for (const Part part : parts_of(shown)) {
        write_entry(out, names_of(shown), part,
                    [&](json::Writer& into) { write_resource(into, shown, part); });
    }
    out.close().close();
    return out.take();
}

}  // namespace kesher::health
