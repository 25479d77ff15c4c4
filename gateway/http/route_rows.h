// What every call of the contract's listeners is, as data: verb, path, who, limit, media type (contract.md
// 3). routes.cpp gives each row its handler; the OpenAPI page (schemas/openapi.yaml) is held to these rows
// by a test. A new call is a word of the enum, a row, a case in routes.cpp, and its place on the page.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "gateway/telemetry/word.h"
#include "schemas/contract/limits.h"

namespace kesher::http {

// `who`: organisation (any enrolled one), operator (an active one of kind OPERATOR), newcomer (who holds a
// token), anybody (who reaches the listener at all).
template <class Call>
struct RouteRow {
    Call call;
    telemetry::Word method;
    telemetry::Word path;  // a template of gateway/edge: {name} is one segment, {name*} all that is left
    telemetry::Word who;
    std::size_t body_bytes_max = 0;
    telemetry::Word media_type = "";  // of the body; empty where there is none
};

inline constexpr std::size_t kSmallBody = 8 * 1024;
inline constexpr std::size_t kSignedBody = contract::limits::kSignedDocumentBytes;
// A basket shares one body: many small referrals, or few with attachments.
inline constexpr std::size_t kMessagesBody =
    contract::limits::kSubmissionBytes + contract::limits::kBasketSubmissions * 64 * 1024;

// 8443, organisations: mutual TLS.
enum class OrganisationCall : std::uint8_t {
    post_messages,
    get_message,
    get_referral,
    get_inbox,
    post_acks,
    post_cases,
    get_cases,
    get_case,
    post_claim_code,
    get_board,
    get_agenda,
    get_agenda_meeting,
    get_access,
    put_officer,
    put_keys,
    put_profile,
    post_agreements,
    get_agreements,
    get_organisations,
    get_services,
    get_schema,
    post_admin_organisations,
    put_admin_organisation,
    post_admin_compromise,
    get_checkpoint,
    get_tile,
    get_receipt,
    get_add_checkpoint,
    post_cosignatures,
    get_openapi,
};
inline constexpr std::array<RouteRow<OrganisationCall>, 30> kOrganisationRows{{
    {OrganisationCall::post_messages, "POST", "/v1/messages", "organisation", kMessagesBody, "avro/binary"},
    {OrganisationCall::get_message, "GET", "/v1/messages/{id}", "organisation"},
    {OrganisationCall::get_referral, "GET", "/v1/referrals/{id}", "organisation"},
    {OrganisationCall::get_inbox, "GET", "/v1/inbox", "organisation"},
    {OrganisationCall::post_acks, "POST", "/v1/inbox/acks", "organisation", kSignedBody, "application/jose"},
    {OrganisationCall::post_cases, "POST", "/v1/cases", "organisation", kSmallBody, "application/jose"},
    {OrganisationCall::get_cases, "GET", "/v1/cases", "organisation"},
    {OrganisationCall::get_case, "GET", "/v1/cases/{pseudonym}", "organisation"},
    {OrganisationCall::post_claim_code, "POST", "/v1/cases/{pseudonym}/claim-code", "organisation",
     kSmallBody, "application/jose"},
    {OrganisationCall::get_board, "GET", "/v1/board", "organisation"},
    {OrganisationCall::get_agenda, "GET", "/v1/agenda", "organisation"},
    {OrganisationCall::get_agenda_meeting, "GET", "/v1/agenda/meeting", "organisation"},
    {OrganisationCall::get_access, "GET", "/v1/access", "organisation"},
    {OrganisationCall::put_officer, "PUT", "/v1/officers/{id}", "organisation", kSmallBody,
     "application/jose"},
    {OrganisationCall::put_keys, "PUT", "/v1/keys", "organisation", kSignedBody, "application/jose"},
    {OrganisationCall::put_profile, "PUT", "/v1/profile", "organisation", kSignedBody, "application/jose"},
    {OrganisationCall::post_agreements, "POST", "/v1/agreements", "organisation", kSignedBody,
     "application/json"},
    {OrganisationCall::get_agreements, "GET", "/v1/agreements", "organisation"},
    {OrganisationCall::get_organisations, "GET", "/v1/organisations", "organisation"},
    {OrganisationCall::get_services, "GET", "/v1/services", "organisation"},
    {OrganisationCall::get_schema, "GET", "/v1/schemas/{fingerprint}", "organisation"},
    {OrganisationCall::post_admin_organisations, "POST", "/v1/admin/organisations", "operator", kSmallBody,
     "application/json"},
    {OrganisationCall::put_admin_organisation, "PUT", "/v1/admin/organisations/{id}", "operator", kSmallBody,
     "application/json"},
    {OrganisationCall::post_admin_compromise, "POST", "/v1/admin/compromise", "operator", kSmallBody,
     "application/json"},
    {OrganisationCall::get_checkpoint, "GET", "/log/checkpoint", "organisation"},
    {OrganisationCall::get_tile, "GET", "/log/tile/{tile*}", "organisation"},
    {OrganisationCall::get_receipt, "GET", "/log/receipts/{index}", "organisation"},
    {OrganisationCall::get_add_checkpoint, "GET", "/log/add-checkpoint", "organisation"},
    {OrganisationCall::post_cosignatures, "POST", "/log/cosignatures", "organisation", kSmallBody,
     "text/plain"},
    {OrganisationCall::get_openapi, "GET", "/openapi.yaml", "organisation"},
}};

// 8445, newcomers: TLS without a client's certificate; answers only while a token is outstanding.
enum class NewcomerCall : std::uint8_t { post_enrolment };
inline constexpr std::array<RouteRow<NewcomerCall>, 1> kNewcomerRows{{
    {NewcomerCall::post_enrolment, "POST", "/v1/enrolment", "newcomer", kSignedBody, "application/json"},
}};

// 9464, the host itself: plain HTTP on the loopback address.
enum class LocalCall : std::uint8_t { get_healthz, get_readyz, get_metrics };
inline constexpr std::array<RouteRow<LocalCall>, 3> kLocalRows{{
    {LocalCall::get_healthz, "GET", "/healthz", "anybody"},
    {LocalCall::get_readyz, "GET", "/readyz", "anybody"},
    {LocalCall::get_metrics, "GET", "/metrics", "anybody"},
}};

}  // namespace kesher::http
