// The consents that a log's leaves record, and whether what was accepted under one of them was covered by it,
// and still was when it was released:
// the hub's own rule (gateway/consent/consent.h) asked once more, from nothing but the leaves.
//
// What no leaf says is not asked: whose case it is, so neither that a later consent of the same woman
// decided, nor what the envelope would have revealed to an outsider.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/log/record.h"
#include "audit/verifier/leaf_claims.h"
#include "gateway/consent/consent.h"

namespace kesher::verifier {

class GivenConsents {
public:
    // The leaf of a consent.given.v1. One that says no whole consent covers nothing.
    void take(std::uint64_t index, const log::Record& record);
    // From its withdrawal, or from what replaced it, it covers nothing new.
    void put_state(std::string_view consent, contract::ConsentState state);

    // Of a submission accepted at `at`: a sentence where the consent that it names was never recorded, or
    // does not cover it; where it names none and no statute either. A rehearsal needs none.
    [[nodiscard]] std::optional<std::string> judge(const Claims& submission, contract::Instant at) const;
    // Of its release at `at`: its consent may have ended by its last day, or been replaced, since. A sentence
    // where it covers the submission no more, and no later one between the same bodies does: which of them
    // are hers, no leaf says.
    [[nodiscard]] std::optional<std::string> judge_release(const Claims& submission,
                                                           contract::Instant at) const;

private:
    using Pair = std::pair<contract::OrganisationId, contract::OrganisationId>;  // discloser, recipient

    std::map<std::string, consent::Consent, std::less<>> given_;
    std::map<Pair, std::vector<const consent::Consent*>> between_;  // into given_, whose places stay
};

}  // namespace kesher::verifier
