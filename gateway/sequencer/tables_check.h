// At start every row beside the log is held against the leaves: whoever can write to the database can change
// a consent, a state or a name, and every later decision would rest on it.
//
// What rows hold of a case is opened with the hub's keys; a seal opens only in the row it was made for.
// Covered, column by column: organisation, tls_certificate, key_list, profile (the last of each body),
// officer and officer_document (the last of each officer), agreement_act, enrolment_token, case_file,
// case_request, pseudonym, consent, consent_key, referral, delivery, message. Not: payload (sealed as a whole
// and bound to its message; that one is there is looked for).
#pragma once

#include "gateway/sequencer/request.h"
#include "gateway/sequencer/retold_cases.h"
#include "gateway/sequencer/retold_parties.h"

namespace kesher::sequencer {

class TablesCheck {
public:
    // Each entry of the log as it is read, in order. Never throws LogBroken: whether the entries are those
    // that were signed is known only at the end, and goes before what they say.
    void take(const store::LogEntry& entry);
    // Both throw LogBroken.
    void require_parties(const store::StoredRegistry& stored) const;
    // `now`: what had to wait may have been put off until a little after it.
    void require_cases(store::Connection& connection, const Means& means, contract::Instant now) const;

    [[nodiscard]] const RetoldParties& parties() const { return parties_; }

private:
    RetoldParties parties_;
    RetoldCases cases_;
    std::optional<std::string> flaw_;  // of the first entry that does not say what it must
};

}  // namespace kesher::sequencer
