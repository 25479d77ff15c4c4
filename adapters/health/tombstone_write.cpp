#include "adapters/health/tombstone_write.h"

#include "adapters/health/fhir_codes.h"
#include "adapters/health/resource_write.h"
#include "schemas/json/writer.h"

namespace kesher::health {
namespace {

// Restricted, whatever it was about: the labels of a referral say that.
void open_bare_meta(json::Writer& out, std::string_view profile) {
    out.open_object("meta");
    if (!profile.empty()) out.open_array("profile").text(std::string(kIlCore) + std::string(profile)).close();
    out.open_array("security");
    write_coding(out, kRestricted);
    out.close();
}

void write_bare_meta(json::Writer& out, std::string_view profile) {
    open_bare_meta(out, profile);
    out.close();
}

void write_number_of(json::Writer& out, std::string_view uuid) {
    write_identifier(out, systems::kUuid, "urn:uuid:" + std::string(uuid));
}

void bury_patient(json::Writer& out, const Tombstone& tombstone) {
    open_bare_meta(out, "patient");
    write_redacted(out);
    out.close();
    write_masked_patient(out, tombstone.names.pseudonym);
}

void bury_consent(json::Writer& out, const Tombstone& tombstone) {
    write_bare_meta(out, "consent");
    write_number_of(out, tombstone.names.consent.value().text());
    out.text("status", "inactive");
    write_codeable(out, "scope", {{systems::kConsentScope, "patient-privacy", "Privacy Consent"}});
    out.open_array("category").open_object();
    write_codeable(out, {{systems::kLoinc, "59284-0", "Consent Document"}});
    out.close().close();
    write_reference(out, "patient", tombstone.names.referral, Part::patient);
    write_codeable(out, "policyRule", {kMasked});  // R4, ppc-1: one must stand
}

void bury_service_request(json::Writer& out, const Tombstone& tombstone) {
    write_bare_meta(out, "service-request");
    write_number_of(out, tombstone.names.referral.text());
    out.text("status", tombstone.words.service_request).text("intent", "order");
    out.open_array("category").open_object();
    write_codeable(out, {kMasked});
    out.close().close();
    write_codeable(out, "code", {kMasked});
    write_reference(out, "subject", tombstone.names.referral, Part::patient);
    out.text("authoredOn", contract::text(tombstone.on));
}

void bury_task(json::Writer& out, const Tombstone& tombstone) {
    const std::string day = contract::text(tombstone.on);
    write_bare_meta(out, "task");
    write_number_of(out, tombstone.names.referral.text());
    out.text("status", tombstone.words.task).text("intent", "order");
    write_codeable(out, "code", {kFulfill});
    write_reference(out, "focus", tombstone.names.referral, Part::service_request);
    write_reference(out, "for", tombstone.names.referral, Part::patient);
    out.text("authoredOn", day).text("lastModified", day);
}

// Known by the submission's tag; says that the receiving body's own adapter made what it names.
void bury_provenance(json::Writer& out, const Tombstone& tombstone) {
    const contract::ReferralId& referral = tombstone.names.referral;
    const std::string message = tombstone.names.message.value().text();
    open_bare_meta(out, {});
    out.open_array("tag");
    write_coding(out, {systems::kMessage, message});
    out.close().close();
    out.open_array("target");
    for (const Part part : {Part::service_request, Part::task}) write_reference(out, referral, part);
    out.close().text("recorded", contract::text(tombstone.on) + "T00:00:00Z");
    out.open_array("agent").open_object();
    write_codeable(out, "type", {{systems::kProvenanceAgent, "author", "Author"}});
    write_reference(out, "who", referral, Part::recipient);
    out.close().close();
}

void bury(json::Writer& out, const Tombstone& tombstone, Part part) {
    switch (part) {
        case Part::sender:
            return write_organisation(out, tombstone.names.from);
        case Part::recipient:
            return write_organisation(out, tombstone.names.to);
        case Part::patient:
            return bury_patient(out, tombstone);
        case Part::consent:
            return bury_consent(out, tombstone);
        case Part::service_request:
            return bury_service_request(out, tombstone);
        case Part::task:
            return bury_task(out, tombstone);
        case Part::provenance:
            return bury_provenance(out, tombstone);
    }
}

}  // namespace

std::vector<Part> parts_of(const Tombstone& tombstone) {
    std::vector<Part> parts{Part::recipient, Part::patient};
    if (tombstone.names.consent) parts.push_back(Part::consent);
    parts.insert(parts.end(), {Part::service_request, Part::task});
    if (tombstone.names.message) parts.push_back(Part::provenance);
    return parts;
}

std::string tombstone_bundle(const Tombstone& tombstone) {
    json::Writer out;
    out.open_object().text("resourceType", "Bundle").text("type", "transaction").open_array("entry");
    for (const Part part : parts_of(tombstone)) {
        write_entry(out, tombstone.names, part, [&](json::Writer& into) { bury(into, tombstone, part); });
    }
    out.close().close();
    return out.take();
}

}  // namespace kesher::health
