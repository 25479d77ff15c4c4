// What changes who takes part: organisations, tokens, enrolment, key lists, agreements. Each is a request to
// the sequencer with a leaf of its own.
#pragma once

#include <string>

#include "gateway/identity/caller.h"
#include "gateway/keys/certificate_authority.h"
#include "gateway/sequencer/request.h"
#include "schemas/statement/agreement_jws.h"

namespace kesher::identity {

// Who asks: an operator's adapter or an organisation about itself. None: the hub's own first steps.
struct Asker {
    std::optional<contract::OrganisationId> organisation;
    std::optional<contract::Digest> certificate;
    std::optional<contract::OfficerId> officer{};
};
[[nodiscard]] Asker asker(const Caller& caller);

// Makes the organisation known, pending and without keys, and hands out one enrolment token for it. One
// whose every TLS certificate was ended gets a token too, as what it is: it enrols again under its root. One
// whose root was never confirmed begins anew: root, keys and certificates of whoever enrolled are over, and
// these keys for good: nobody says whose they were, or whether they had been stolen by then.
class AddOrganisation final : public sequencer::Request {
public:
    struct Order {
        contract::OrganisationId id;
        contract::OrganisationKind kind;
        contract::Digest token;  // SHA-256 of the token's bits
        contract::Instant expires_at;
        bool confirmed = false;  // the operator's own first token: active on enrolment
    };
    AddOrganisation(Asker asker, Order order) : asker_(std::move(asker)), order_(std::move(order)) {}
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    [[nodiscard]] std::optional<contract::Code> flaw(const sequencer::Turn& turn) const;
    Asker asker_;
    Order order_;
};

// Confirm (with the root's fingerprint, read over another channel), suspend, reinstate, let go for good
// (`left`: its keys are over as well).
class ChangeStatus final : public sequencer::Request {
public:
    ChangeStatus(Asker asker, contract::OrganisationId id, contract::OrganisationStatus to,
                 std::optional<contract::Digest> root_fingerprint)
        : asker_(std::move(asker)), id_(std::move(id)), to_(to), root_(root_fingerprint) {}
    [[nodiscard]] sequencer::Lane lane() const override { return sequencer::Lane::first; }
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    [[nodiscard]] std::optional<contract::Code> flaw(const sequencer::Turn& turn) const;
    Asker asker_;
    contract::OrganisationId id_;
    contract::OrganisationStatus to_;
    std::optional<contract::Digest> root_;
};

// Its operational keys may be in other hands: it is suspended, its TLS certificates, its key list and its
// unused tokens are over, with a leaf for each of the two. Its connections end with their next request, and
// what waits for it or from it stays here. It comes back with a fresh token under the same root, with a list
// that names no key that any list of its named until now, and is confirmed anew.
class Compromise final : public sequencer::Request {
public:
    Compromise(Asker asker, contract::OrganisationId id) : asker_(std::move(asker)), id_(std::move(id)) {}
    [[nodiscard]] sequencer::Lane lane() const override { return sequencer::Lane::first; }
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    [[nodiscard]] std::optional<contract::Code> flaw(const sequencer::Turn& turn) const;
    Asker asker_;
    contract::OrganisationId id_;
};

// The newcomer's side of a token (contract.md 3, 8445).
struct EnrolmentRequest {
    contract::Digest token;    // of the bits
    contract::Digest request;  // of the whole body, to tell a repetition from another
    std::string tls;           // PKCS#10, PEM
    std::string root;          // certificate, PEM
    std::string keys;          // key list JWS
    std::string witness;       // vkey
};
class Enrol final : public sequencer::Request {
public:
    // `answer_tail`: the answer's member that is the same for everybody (`hub`).
    Enrol(EnrolmentRequest request, const keys::CertificateAuthority& authority, std::string hub_name,
          std::string answer_tail)
        : request_(std::move(request)),
          authority_(authority),
          hub_name_(std::move(hub_name)),
          answer_tail_(std::move(answer_tail)) {}
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;
    [[nodiscard]] const std::string& answer() const { return answer_; }  // JSON

private:
    struct Checked;
    [[nodiscard]] contract::Result<Checked, contract::Code> check(const sequencer::Turn& turn,
                                                                  const store::TokenRow& token) const;
    [[nodiscard]] std::string answer_for(const Checked& checked, const contract::OrganisationId& organisation,
                                         contract::Instant at) const;
    [[nodiscard]] log::Record enrolled(const store::OrganisationRow& row, const store::TokenRow& token,
                                       const Checked& checked) const;
    EnrolmentRequest request_;
    const keys::CertificateAuthority& authority_;
    std::string hub_name_;
    std::string answer_tail_;
    std::string answer_;
};

// PUT /v1/keys. Of a serial over all that were published before, run out ones too (else key_unpinned), and
// naming no key that was ended (verify_next_keys in ended_keys.h).
class PutKeys final : public sequencer::Request {
public:
    PutKeys(Asker asker, std::string jws) : asker_(std::move(asker)), jws_(std::move(jws)) {}
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    Asker asker_;
    std::string jws_;
};

// POST /v1/agreements
class ActOnAgreement final : public sequencer::Request {
public:
    ActOnAgreement(Asker asker, statement::AgreementDocument document)
        : asker_(std::move(asker)), document_(std::move(document)) {}
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    Asker asker_;
    statement::AgreementDocument document_;
};

}  // namespace kesher::identity
