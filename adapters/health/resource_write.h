// The resources of one referral, each as an object into an open writer, and the few shapes they share.
// Internal to this room: bundle_write.cpp puts them together.
#pragma once

#include <functional>
#include <initializer_list>
#include <string_view>

#include "adapters/health/bundle_write.h"
#include "adapters/health/fhir_codes.h"
#include "schemas/json/writer.h"

namespace kesher::health {

// {"coding":[…],"text":…}; an empty text is left out.
void write_codeable(json::Writer& out, std::initializer_list<Coding> codings, std::string_view text = {});
void write_codeable(json::Writer& out, std::string_view key, std::initializer_list<Coding> codings,
                    std::string_view text = {});
void write_coding(json::Writer& out, const Coding& coding);
void write_identifier(json::Writer& out, std::string_view system, std::string_view value);
void write_uuid_identifier(json::Writer& out, std::string_view uuid);
void write_reference(json::Writer& out, std::string_view key, const contract::ReferralId& referral,
                     Part part);
void write_reference(json::Writer& out, const contract::ReferralId& referral, Part part);  // into an array
void write_reference(json::Writer& out, std::string_view key, const Referral& referral, Part part);
void write_reference(json::Writer& out, const Referral& referral, Part part);
// One entry of a transaction: created where nothing bears what the part is known by.
void write_entry(json::Writer& out, const Names& names, Part part,
                 const std::function<void(json::Writer&)>& resource);
// meta with profile and security labels; left open for a tag.
void open_meta(json::Writer& out, const Referral& referral, std::string_view profile);
// Text for people as FHIR holds it; nothing where it says nothing.
void write_said(json::Writer& out, std::string_view key, const std::optional<std::string>& text);

void write_organisation(json::Writer& out, const contract::OrganisationId& id);
void write_patient(json::Writer& out, const Referral& referral);
// Of nobody: a number and no word more, masked as IL-Core masks. Into a resource whose meta stands.
void write_masked_patient(json::Writer& out, const contract::Pseudonym& pseudonym);
// The tag of who is masked, into an open meta.
void write_redacted(json::Writer& out);
void write_consent(json::Writer& out, const Referral& referral);
void write_service_request(json::Writer& out, const Referral& referral);
void write_task(json::Writer& out, const Referral& referral);
void write_provenance(json::Writer& out, const Referral& referral);

}  // namespace kesher::health
