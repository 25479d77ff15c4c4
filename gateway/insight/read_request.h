// The leaves of a reading: who looked at what, for whom, before anything is shown.
#pragma once

#include <vector>

#include "gateway/sequencer/request.h"

namespace kesher::insight {

struct Seen {
    std::optional<contract::ReferralId> referral{};
    std::optional<contract::MessageId> message{};
    std::optional<keys::SubjectKey> subject{};
};

struct Looking {
    contract::OrganisationId organisation;
    contract::Digest certificate;
    std::string_view operation;         // a word of ours
    bool auditor = false;               // an organisation of kind AUDITOR looks
    std::optional<log::Scope> scope{};  // how many rows, and what was asked for in codes
};

class ReadRequest final : public sequencer::Request {
public:
    // `code`: why nothing is shown. Without anything seen there is one leaf all the same; of refusals there
    // is only a count, once a body has had too many in a minute.
    ReadRequest(Looking looking, std::vector<Seen> seen, std::optional<contract::Code> code)
        : looking_(std::move(looking)), seen_(std::move(seen)), code_(code) {}
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    Looking looking_;
    std::vector<Seen> seen_;
    std::optional<contract::Code> code_;
};

}  // namespace kesher::insight
