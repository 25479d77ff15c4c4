// One enrolled body that signs whatever it is asked to: its key directory, opened, and messages that a caller
// may have made wrong. For programs that speak to a hub over the network; the kit would refuse to write most
// of it.
#pragma once

#include <optional>
#include <string>

#include "adapters/kit/organisation_keys.h"
#include "schemas/codec/consent_records.h"
#include "schemas/codec/envelope_records.h"
#include "schemas/statement/case_order.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/statement.h"

namespace kesher::tests {

template <class Id>
[[nodiscard]] Id drawn() {
    return Id::of_random(statement::random_bytes<16>());
}

struct Draft {
    statement::Statement says;
    contract::Bytes payload;
    contract::Pseudonym woman;
    contract::OfficerRole role = contract::OfficerRole::social_worker;
};

class Sender {
public:
    // Throws std::runtime_error where the folder is not an enrolled body's with plain key files.
    Sender(const std::string& folder, const std::string& officer);

    [[nodiscard]] const kit::OrganisationKeys& keys() const { return keys_; }
    [[nodiscard]] const kit::HubPins& pins() const { return pins_; }
    [[nodiscard]] const edge::TlsIdentity& tls() const { return tls_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] contract::Day today() const { return today_; }
    [[nodiscard]] const contract::OfficerId& officer() const { return officer_; }

    // Body of POST /v1/cases, signed now, with an id of its own each time.
    [[nodiscard]] std::string case_order() const { return statement::sign_case_order(case_wish(), signer()); }
    [[nodiscard]] statement::CaseOrder case_wish() const;  // the same before it is signed
    [[nodiscard]] std::string claim_code_order(const contract::Pseudonym& woman) const;
    // A consent in force for 90 days: health data, both ways, trauma care.
    [[nodiscard]] codec::ConsentGiven consent_record(const contract::OrganisationId& recipient) const;
    [[nodiscard]] Draft consent(const contract::Pseudonym& woman, const contract::ConsentId& id,
                                const codec::ConsentGiven& record) const;
    // A routine referral to trauma care; its sealed part is text of the length that makes the payload this
    // size, in the place of a JWE: the hub can open neither.
    [[nodiscard]] Draft referral(const contract::Pseudonym& woman, const contract::OrganisationId& recipient,
                                 const contract::ConsentId& consent, std::size_t payload_bytes) const;

    // Fresh salts; commitments, schema and digest as they must be.
    [[nodiscard]] codec::Submission sign(const Draft& draft) const;
    // The statement as it is, under another day: only its commitments are made.
    [[nodiscard]] codec::Submission sign_as_it_is(const Draft& draft, contract::Day iat) const;

private:
    [[nodiscard]] const statement::Signer& signer() const { return keys_.signer(); }
    [[nodiscard]] statement::Statement says(contract::MessageType type,
                                            const contract::OrganisationId& to) const;
    std::string folder_;
    kit::OrganisationKeys keys_;
    kit::HubPins pins_;
    edge::TlsIdentity tls_;
    contract::OfficerId officer_;
    contract::Day today_;
};

}  // namespace kesher::tests
