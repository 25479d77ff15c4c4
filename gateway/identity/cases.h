// Opening a case: a new pseudonym for the organisation that opens it, a claim code for the person; and a
// fresh code for her when the first is lost.
#pragma once

#include "gateway/identity/caller.h"
#include "gateway/keys/claim_codes.h"
#include "gateway/sequencer/request.h"
#include "schemas/statement/case_order.h"

namespace kesher::identity {

using SignedCaseOrder = statement::VerifiedOrder<statement::CaseOrder>;
using SignedClaimCodeOrder = statement::VerifiedOrder<statement::ClaimCodeOrder>;

// On the connection's thread: an order that does not hold never waits for the sequencer, leaves no leaf, and
// overtakes nobody. certificate_unknown, also where there is no key list; signature_invalid,
// statement_invalid, wrong_log, clock_skew as statement::verify_case_order.
[[nodiscard]] contract::Result<SignedCaseOrder, contract::Code> read_case_order(const Caller& caller,
                                                                                std::string_view jws,
                                                                                std::string_view log_origin,
                                                                                contract::Instant at);
[[nodiscard]] contract::Result<SignedClaimCodeOrder, contract::Code> read_claim_code_order(
    const Caller& caller, std::string_view jws, std::string_view log_origin, contract::Instant at);

// Everything random is drawn before, so that deciding is repeatable; what was drawn in vain is dropped.
struct NewCase {
    keys::CaseSecrets secrets;
    contract::Digest claim;  // stored form of the code
};

// POST /v1/cases. The same (organisation, request) again finds the first pseudonym.
//   certificate_unknown  the key was ended or replaced meanwhile (counted only)
//   organisation_suspended, actor_not_allowed
//   event_not_allowed    this body has opened kCasesWithinLapse within a day
class OpenCase final : public sequencer::Request {
public:
    OpenCase(const Caller& caller, SignedCaseOrder order, NewCase fresh, const keys::RowKeys& row_keys);

    void want(sequencer::Wanted& wanted) const override;
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

    // After run(): the pseudonym to answer, and whether it is the first time (201, with the code).
    [[nodiscard]] const std::optional<contract::Pseudonym>& pseudonym() const { return pseudonym_; }
    [[nodiscard]] bool first_time() const { return first_time_; }

private:
    [[nodiscard]] std::optional<contract::Code> flaw(const sequencer::Turn& turn) const;
    [[nodiscard]] log::Record record() const;
    void open(sequencer::Turn& turn);

    contract::OrganisationId organisation_;
    contract::Digest certificate_;
    SignedCaseOrder order_;
    NewCase fresh_;
    const keys::RowKeys& row_keys_;
    std::optional<contract::Pseudonym> pseudonym_;
    bool first_time_ = false;
};

// POST /v1/cases/{pseudonym}/claim-code: the code she holds is dead, this one is alive.
//   certificate_unknown  as above
//   statement_invalid    the order names another case than the call
//   not_found            the case is not this body's, was opened by another, or has lapsed
//   version_conflict     it was not signed later than the order of the code that is alive
//   event_not_allowed    kClaimCodesPerDay were made today: each takes away what she holds
//   actor_not_allowed    the officer may open no case; organisation_suspended
class RenewClaimCode final : public sequencer::Request {
public:
    // `named`: the case that the call is about. `claim`: the stored form of the fresh code. No secrets: the
    // body has no case of that name, which has a leaf like a reading of it.
    RenewClaimCode(const Caller& caller, const contract::Pseudonym& named, SignedClaimCodeOrder order,
                   std::optional<keys::CaseSecrets> secrets, contract::Digest claim,
                   const keys::RowKeys& row_keys);

    void want(sequencer::Wanted& wanted) const override;
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    [[nodiscard]] std::optional<contract::Code> flaw(const sequencer::Turn& turn,
                                                     const store::CaseRow* file) const;
    contract::OrganisationId organisation_;
    contract::Digest certificate_;
    contract::Pseudonym named_;
    SignedClaimCodeOrder order_;
    std::optional<keys::CaseSecrets> secrets_;
    contract::Digest claim_;
    std::optional<contract::Digest> key_;  // of the case's file
};

}  // namespace kesher::identity
