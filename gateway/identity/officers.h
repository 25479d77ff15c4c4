// PUT /v1/officers/{id}: what one of a body's own officers may do, signed by a key of the body's list.
//
// The connection says who asks, and is not enough: its key may lie on a proxy, and an officer's entry decides
// whose word about a woman counts. The document is kept, and its digest is in the leaf.
#pragma once

#include <optional>
#include <string>

#include "gateway/identity/organisations.h"
#include "schemas/statement/officer_entry.h"

namespace kesher::identity {

struct OfficerOrder {
    statement::VerifiedOrder<statement::OfficerEntry> said;
    std::string jws;
};
// On the connection's thread: an order that does not hold never waits for the sequencer, leaves no leaf, and
// overtakes nobody. certificate_unknown, also where there is no key list; signature_invalid,
// statement_invalid, wrong_log, clock_skew as statement::verify_officer_entry.
[[nodiscard]] contract::Result<OfficerOrder, contract::Code> read_officer_order(const Caller& caller,
                                                                                std::string jws,
                                                                                std::string_view log_origin,
                                                                                contract::Instant at);

// The document that decided last is answered again; one that was not signed later than that is refused.
class PutOfficer final : public sequencer::Request {
public:
    // `named`: the officer whose entry the call is about.
    PutOfficer(Asker asker, contract::OfficerId named, OfficerOrder order)
        : asker_(std::move(asker)), named_(std::move(named)), order_(std::move(order)) {}
    [[nodiscard]] sequencer::Lane lane() const override {
        return order_.said.says.suspended ? sequencer::Lane::first : sequencer::Lane::ordinary;
    }
    void want(sequencer::Wanted&) const override {}
    // certificate_unknown: the key was ended or replaced meanwhile (counted only). statement_invalid: for
    // another officer than the call, or a longer training than anybody gives. version_conflict: not later
    // than what stands. organisation_suspended: only suspensions count from a body that is not active.
    // event_not_allowed: as many officers as a body may have.
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;
    // Whether an entry of this officer stood before this one: who suspends a number that was typed wrong
    // would else hear the same as who suspends the right one. None before a decision, and of a repeated one,
    // which does not keep it.
    [[nodiscard]] std::optional<bool> was_known() const { return was_known_; }

private:
    [[nodiscard]] std::optional<contract::Code> flaw(const sequencer::Turn& turn,
                                                     const store::OfficerRow* known) const;
    Asker asker_;
    contract::OfficerId named_;
    OfficerOrder order_;
    std::optional<bool> was_known_;
};

}  // namespace kesher::identity
