// An organisation as a test plays it: its own root, its signing, sealing and TLS keys, its word in writing.
//
// Nothing here knows the hub's inside. What it signs is what an adapter would sign, byte for byte.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/log/note.h"
#include "gateway/identity/organisations.h"
#include "schemas/codec/envelope_records.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/agreement_jws.h"
#include "schemas/statement/issue.h"
#include "schemas/statement/jws.h"
#include "schemas/statement/statement.h"

namespace kesher::tests {

// A message as its sender wrote it. The openings go to the hub alone.
struct Message {
    statement::Statement says;
    contract::Bytes payload;
    contract::Day iat;
    codec::ActorOpening actor;
    std::optional<codec::CaseOpening> case_opening{};
};

class Body {
public:
    Body(contract::OrganisationId id, contract::OrganisationKind kind, contract::Instant at);

    [[nodiscard]] const contract::OrganisationId& id() const { return id_; }
    [[nodiscard]] contract::OrganisationKind kind() const { return kind_; }
    [[nodiscard]] const contract::Digest& root_pin() const;
    [[nodiscard]] const statement::Certificate& sealing_certificate() const { return sealing_certificate_; }
    [[nodiscard]] const statement::Signer& signer() const { return signing_; }
    // As a witness of this hub's log.
    [[nodiscard]] log::NoteSigner witness(const std::string& hub) const;

    // What it sends with its token; the TLS certificate that came back is what its connections show.
    [[nodiscard]] identity::EnrolmentRequest enrolment(const contract::Digest& token, const std::string& hub,
                                                       contract::Instant at, std::int64_t serial = 1) const;
    // Fresh signing and sealing keys, under the same root: what it signs and enrols with from now on.
    void draw_keys(contract::Instant at);
    // Another certificate over its root's key; what it has certified and signed stays as it is.
    void renew_root_certificate(contract::Instant at);
    // As its root certifies and signs whatever it is asked to.
    [[nodiscard]] statement::Certificate certify(const statement::PublicKey& key, statement::Use use,
                                                 contract::Instant at) const;
    [[nodiscard]] std::string key_list(std::int64_t serial, std::vector<statement::Certificate> signing,
                                       std::vector<statement::Certificate> encryption,
                                       contract::Instant at) const;
    void enrolled(const contract::Digest& tls_certificate) { tls_ = tls_certificate; }
    [[nodiscard]] const contract::Digest& tls_certificate() const { return tls_.value(); }

    [[nodiscard]] statement::AgreementDocument sign(const statement::Agreement& agreement,
                                                    contract::Instant at) const;
    [[nodiscard]] codec::Submission sign(const Message& message) const;
    [[nodiscard]] std::string sign(const statement::Acks& acks, contract::Instant at) const;

private:
    contract::OrganisationId id_;
    contract::OrganisationKind kind_;
    statement::Issuer root_;
    statement::Signer signing_;
    statement::PrivateKey sealing_key_;
    statement::Certificate sealing_certificate_;
    std::array<std::uint8_t, 32> witness_seed_;
    std::optional<contract::Digest> tls_;
};

}  // namespace kesher::tests
