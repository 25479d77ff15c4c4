// A newcomer's way into the exchange: the token file that the operator handed over, the keys, one call.
//
// Nothing that the hub's network says is believed but what the token file pins: the key of the hub's CA
// before the connection, the log's key before the answer counts. The same token with the same keys gives
// the same answer again, so an enrolment that was cut off is simply run once more.
#pragma once

#include <string>

#include "adapters/kit/hub_client.h"
#include "adapters/kit/organisation_keys.h"
#include "schemas/contract/codes.h"

namespace kesher::kit {

// {"hub","enrolment","hub_name","ca_pin","log","organisation","token","expires"}: both listeners' URLs,
// SHA-256 of the CA's SubjectPublicKeyInfo, the log's vkey, 128 random bits in base64url.
struct TokenFile {
    std::string hub_url;
    std::string enrolment_url;
    std::string hub_name;
    contract::Digest ca_pin;
    log::NoteKey log;
    contract::OrganisationId organisation;
    statement::Secret token;
    std::string expires;  // for the operator
};
// Refused where group or others may read it: whoever has it can become the organisation.
[[nodiscard]] Usable<TokenFile> read_token_file(const std::filesystem::path& file);
[[nodiscard]] Usable<TokenFile> parse_token(std::string_view json);

// POST /v1/enrolment
[[nodiscard]] std::string enrolment_body(const TokenFile& token, const std::string& tls_request,
                                         const OrganisationKeys& keys);

struct Enrolled {
    HubPins pins;
    contract::Digest root;  // the operator compares it over another channel, then confirms
};
// Makes the keys where the directory has none, asks, and writes tls.pem and hub.json.
[[nodiscard]] Usable<Enrolled> enrol(const TokenFile& token, const std::filesystem::path& directory,
                                     const statement::Protection& protection, contract::Instant at);

}  // namespace kesher::kit
