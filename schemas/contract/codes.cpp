#include "schemas/contract/codes.h"

#include <array>
#include <cassert>
#include <cstddef>

namespace kesher::contract {
namespace {

constexpr std::array<CodeFacts, kCodeCount> kFacts{{
    {Code::agreement_missing, "agreement_missing", 403, Side::sender, Retry::no,
     "No exchange agreement covers this pair, message type, purpose and data groups.",
     "The legal advisers and security officers of both bodies approve an agreement."},
    {Code::consent_missing, "consent_missing", 403, Side::sender, Retry::no,
     "No consent covers this disclosure, or another consent decides it.",
     "Ask the person, record her consent for this recipient and purpose, and name it."},
    {Code::consent_lapsed, "consent_lapsed", 403, Side::sender, Retry::no,
     "The consent is outside its dates.", "Renew the consent with the person."},
    {Code::consent_revoked, "consent_revoked", 403, Side::sender, Retry::no, "The consent was withdrawn.",
     "Nothing is to be sent unless the person consents anew."},
    {Code::consent_groups, "consent_groups", 403, Side::sender, Retry::no,
     "The consent does not cover these data groups, this service, or this direction.",
     "Send only what the consent covers, or ask the person for more."},
    {Code::consent_recorder, "consent_recorder", 403, Side::sender, Retry::no,
     "A consent cannot be recorded by its own recipient, or by a body without a recording role.",
     "Another body records the consent."},
    {Code::consent_form_reused, "consent_form_reused", 409, Side::sender, Retry::no,
     "This signed form was already recorded for this recipient.",
     "Use the consent already recorded, or ask the person to sign a new form."},
    {Code::actor_not_allowed, "actor_not_allowed", 403, Side::sender, Retry::no,
     "The officer's role, training or suspension does not allow this.",
     "The organisation's manager mends the officer's entry, or another officer acts."},
    {Code::organisation_suspended, "organisation_suspended", 403, Side::sender, Retry::no,
     "The organisation is suspended or not yet confirmed.", "The hub's operator confirms or reinstates it."},
    {Code::event_not_allowed, "event_not_allowed", 409, Side::sender, Retry::no,
     "This event is not possible in the referral's state, or not for this caller.",
     "Read the referral; it lists the events allowed now."},
    {Code::version_conflict, "version_conflict", 409, Side::sender, Retry::no,
     "The referral has moved on since it was read.", "Read the referral again and decide anew."},
    {Code::id_reused, "id_reused", 409, Side::sender, Retry::no,
     "This id was already used for other content.", "Send under a new id."},
    {Code::signature_invalid, "signature_invalid", 401, Side::sender, Retry::no,
     "The statement's signature or header is not valid.",
     "Sign as the contract says, with a key of the organisation's current key list."},
    {Code::certificate_unknown, "certificate_unknown", 401, Side::sender, Retry::no,
     "The signing certificate is not in the organisation's current key list.",
     "Publish the key list with this certificate, or sign with a listed one."},
    {Code::digest_mismatch, "digest_mismatch", 401, Side::sender, Retry::no,
     "The payload is not the one the statement names.", "Send the payload that was signed."},
    {Code::clock_skew, "clock_skew", 401, Side::sender, Retry::no,
     "The statement's day is too old or in the future.",
     "Set the clock by the `at` of this answer and sign again."},
    {Code::wrong_log, "wrong_log", 401, Side::sender, Retry::no,
     "The statement was made for another hub's log.", "Sign for the log that this hub's checkpoint names."},
    {Code::opening_mismatch, "opening_mismatch", 422, Side::sender, Retry::no,
     "An opening does not match its commitment in the statement.",
     "Send the salt, officer, role and pseudonym that the commitments were made from."},
    {Code::statement_invalid, "statement_invalid", 422, Side::sender, Retry::no,
     "The statement has a missing, foreign or malformed claim.",
     "Send exactly the claims that the contract lists for this type."},
    {Code::payload_invalid, "payload_invalid", 422, Side::sender, Retry::no,
     "The payload or submission is not canonical Avro of its schema, or breaks a rule of its own.",
     "Encode it again with the schema it names."},
    {Code::schema_unknown, "schema_unknown", 422, Side::sender, Retry::no,
     "The schema is not a released one for this message type.", "Use a schema that GET /v1/schemas serves."},
    {Code::recipient_unknown, "recipient_unknown", 422, Side::sender, Retry::no,
     "The recipient is not an organisation of this exchange, or not one for this message.",
     "Choose a recipient from GET /v1/organisations."},
    {Code::service_not_allowed, "service_not_allowed", 422, Side::sender, Retry::no,
     "The service is unknown, not offered by the recipient, or not for an anonymous case.",
     "Choose a service that the recipient offers."},
    {Code::identity_required, "identity_required", 422, Side::sender, Retry::no,
     "This service cannot be given without knowing the person better.",
     "Ask the person for consent to identify herself, or choose another service."},
    {Code::flag_not_honoured, "flag_not_honoured", 422, Side::sender, Retry::no,
     "The recipient's system cannot honour a safety flag of this referral.",
     "Arrange the referral with the recipient in another way."},
    {Code::not_found, "not_found", 404, Side::sender, Retry::no, "Unknown, or not this caller's.",
     "Check the id."},
    {Code::method_not_allowed, "method_not_allowed", 405, Side::sender, Retry::no,
     "The method is not allowed here.", "Use a method that Allow lists."},
    {Code::length_required, "length_required", 411, Side::sender, Retry::no, "Content-Length is missing.",
     "Send the body with its exact Content-Length and no Transfer-Encoding."},
    {Code::bad_framing, "bad_framing", 400, Side::sender, Retry::no,
     "The request is not framed as HTTP/1.1 with one Host and one Content-Length.",
     "Mend the HTTP client, or the proxy in between."},
    {Code::too_large, "too_large", 413, Side::sender, Retry::no,
     "The request is larger than this call takes.", "Send less at once."},
    {Code::deadline, "deadline", 408, Side::sender, Retry::same, "The request did not arrive in time.",
     "Send it again; the same id is safe."},
    {Code::busy, "busy", 429, Side::hub, Retry::after, "The hub takes no more just now.",
     "Send the same again after the time given."},
    {Code::unavailable, "unavailable", 503, Side::hub, Retry::after,
     "The hub cannot decide just now; nothing is known to have happened.",
     "Send the same again under the same id after the time given."},
    {Code::internal, "internal", 500, Side::hub, Retry::same, "A fault of the hub.",
     "Tell the operator the incident; sending the same id again is safe."},
    {Code::seal_mismatch, "seal_mismatch", 422, Side::recipient, Retry::no,
     "The sealed part was made for another message, sender or recipient.", "The sender seals it anew."},
    {Code::seal_unopenable, "seal_unopenable", 422, Side::recipient, Retry::no,
     "The sealed part does not open with the recipient's keys.",
     "The sender seals it anew to the recipient's current key, under a new id."},
    {Code::release_unproven, "release_unproven", 422, Side::recipient, Retry::no,
     "The delivery came without a release proof that holds in time.", "The hub releases it again."},
    {Code::key_unpinned, "key_unpinned", 422, Side::recipient, Retry::no,
     "The key is not vouched for by the root that the agreement pins.",
     "Both bodies check the agreement's roots over another channel."},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kFacts.size(); ++i) {
        if (static_cast<std::size_t>(kFacts[i].code) != i) return false;
    }
    return true;
}
static_assert(in_order(), "each code stands at its own number");

}  // namespace

const CodeFacts& facts_of(Code code) {
    const auto position = static_cast<std::size_t>(code);
    assert(position < kFacts.size());
    return kFacts[position];
}

std::string_view text(Code code) { return facts_of(code).word; }

std::string_view text(Side side) {
    switch (side) {
        case Side::sender:
            return "sender";
        case Side::hub:
            return "hub";
        case Side::recipient:
            return "recipient";
    }
    return "hub";
}

std::optional<Code> parse_code(std::string_view word) {
    for (const CodeFacts& facts : kFacts) {
        if (facts.word == word) return facts.code;
    }
    return std::nullopt;
}

}  // namespace kesher::contract
