// Makes a complete submission from plain inputs: salts, seal, payload, statement, bytes to send.
//
// What comes out is journaled and sent as it is, as often as needed. Refused before anything is sealed:
// what the consent does not cover, a safety flag that the recipient has not declared to honour, a way to
// reach her while she must not be contacted, a service that must know her better (contract.md 1). A recipient
// that has declared nothing (schema_unknown), or is in no directory here (recipient_unknown), is sent nothing
// but what ends a referral.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/kit/directory.h"
#include "adapters/kit/known_consent.h"
#include "schemas/codec/payload.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/statement/jws.h"
#include "schemas/statement/statement.h"

namespace kesher::kit {

struct Actor {
    contract::OfficerId id;
    contract::OfficerRole role;
};

// Which of these a type needs is contract.md's table; a missing or foreign one is statement_invalid.
// `groups`, `schema` and `digest` follow from the content.
struct Message {
    contract::MessageId id;
    contract::MessageType type;
    contract::OrganisationId to;
    Actor actor;
    codec::Payload payload;                          // its `sealed` empty: it is filled in here
    std::optional<codec::Sealed> sealed{};           // exactly where the payload has a sealed part
    std::optional<contract::Pseudonym> pseudonym{};  // the sender's own; where the type has `case`
    std::optional<contract::ReferralId> referral{};
    std::optional<contract::Service> service{};
    std::optional<contract::Purpose> purpose{};
    std::optional<contract::LegalBasis> basis{};
    std::optional<contract::ConsentId> consent{};
    std::optional<contract::MessageId> in_reply_to{};
    std::optional<std::int64_t> expected_version{};
    bool subject_acts = false;
};
[[nodiscard]] contract::MessageId draw_message_id();

// What Refused names where a neutral name was told to another body.
inline constexpr std::string_view kNeutralNameField = "contact.neutral_name";

struct Refused {
    contract::Code code;
    // What exactly, in words of the contract: field names, data groups, flags. Never a value of hers.
    std::vector<std::string> names{};
};

struct Written {
    contract::MessageId id;
    contract::MessageType type;
    contract::OrganisationId to;
    std::optional<contract::ReferralId> referral{};
    std::optional<contract::ConsentId> consent{};
    std::string statement;       // compact JWS
    contract::Bytes submission;  // body of POST /v1/messages
    bool first_lane = false;     // a withdrawal or revocation: waits behind nothing
};
// Whether it is the referring body's word that ends a referral (withdraw, cancel, mark_error): it tells
// nobody anything of her and passes under a consent that is over.
[[nodiscard]] bool ends_disclosure(const Written& written);
// Whether it is her own no: a consent taken back, a referral withdrawn. `first_lane` alone does not say so:
// what such a word stands on hurries as well.
[[nodiscard]] bool is_her_withdrawal(const Written& written);

class MessageWriter {
public:
    // `former`: certificates of keys that signed before this one, and still count.
    MessageWriter(contract::OrganisationId self, std::string log_origin, statement::Signer signer,
                  std::vector<statement::Certificate> former = {})
        : self_(std::move(self)),
          log_(std::move(log_origin)),
          signer_(std::move(signer)),
          former_(std::move(former)) {}

    // From here on another key signs.
    void sign_by(statement::Signer signer, std::vector<statement::Certificate> former) {
        signer_ = std::move(signer);
        former_ = std::move(former);
    }

    // `consent` is what the journal knows of message.consent. `at` is the offset-corrected clock; the
    // statement carries its day only.
    [[nodiscard]] contract::Result<Written, Refused> write(const Message& message, const Directory& directory,
                                                           const KnownConsent* consent,
                                                           contract::Instant at) const;

    // The same claims and payload under the day of `at`, for the answer `clock_skew` alone: it used up no
    // id. Nothing else is ever signed twice. What a former key signed is signed by the present one.
    [[nodiscard]] std::optional<Written> redate(const Written& written, contract::Instant at) const;

private:
    contract::OrganisationId self_;
    std::string log_;
    statement::Signer signer_;
    std::vector<statement::Certificate> former_;
};

}  // namespace kesher::kit
