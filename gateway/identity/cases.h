// Opening a case: a new pseudonym for the organisation that opens it, a claim code for the person; and a
// fresh code for her when the first is lost.
#pragma once

#include "gateway/identity/caller.h"
#include "gateway/keys/claim_codes.h"
#include "gateway/sequencer/request.h"

namespace kesher::identity {

struct CaseOpener {
    contract::OfficerId officer;
    contract::OfficerRole role;
};

// Everything random is drawn before, so that deciding is repeatable; what was drawn in vain is dropped.
struct NewCase {
    keys::CaseSecrets secrets;
    contract::Digest claim;  // stored form of the code
};

// POST /v1/cases. The same (organisation, request) again finds the first pseudonym.
//   organisation_suspended, actor_not_allowed
//   event_not_allowed    this body has opened kCasesWithinLapse within a day
class OpenCase final : public sequencer::Request {
public:
    OpenCase(const Caller& caller, CaseOpener opener, contract::RequestId request, bool anonymous,
             contract::Door door, NewCase fresh, const keys::RowKeys& row_keys);

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
    CaseOpener opener_;
    contract::RequestId request_;
    bool anonymous_;
    contract::Door door_;
    NewCase fresh_;
    const keys::RowKeys& row_keys_;
    std::optional<contract::Pseudonym> pseudonym_;
    bool first_time_ = false;
};

// POST /v1/cases/{pseudonym}/claim-code: the code she holds is dead, this one is alive.
//   not_found            the case is not this body's, was opened by another, or has lapsed
//   event_not_allowed    kClaimCodesPerDay were made today: each takes away what she holds
//   actor_not_allowed    the officer may open no case; organisation_suspended
class RenewClaimCode final : public sequencer::Request {
public:
    // `claim`: the stored form of the fresh code. No officer: the body's adapter asks by itself.
    RenewClaimCode(const Caller& caller, CaseOpener officer, keys::CaseSecrets secrets,
                   contract::Digest claim, const keys::RowKeys& row_keys);

    void want(sequencer::Wanted& wanted) const override;
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    [[nodiscard]] std::optional<contract::Code> flaw(const sequencer::Turn& turn,
                                                     const store::CaseRow* file) const;
    contract::OrganisationId organisation_;
    contract::Digest certificate_;
    CaseOpener officer_;
    keys::CaseSecrets secrets_;
    contract::Digest claim_;
    contract::Digest key_;  // of the case's file
};

}  // namespace kesher::identity
