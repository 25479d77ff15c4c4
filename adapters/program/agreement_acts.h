// What a proposal, an approval and an end of an agreement say, and the signature under them (contract.md 2).
//
// Pure but for the signing. An approval repeats the proposal that was read, word for word, and names its
// digest; whose roots it pins is compared with what its signer learned over another channel.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/kit/organisation_keys.h"
#include "adapters/kit/own_agreements.h"
#include "schemas/statement/agreement_jws.h"

namespace kesher::program {

// Who signs: the root itself, or an approver whom it certified.
struct Approver {
    statement::Signer signer;
    bool is_root = false;
    contract::OfficerId id;
    contract::OfficerRole role;
};

struct Terms {
    contract::OrganisationId other;
    contract::Digest other_root;  // its fingerprint, read over another channel
    std::vector<contract::MessageType> types;
    std::vector<contract::Purpose> purposes;
    std::vector<contract::DataGroup> groups;
    contract::Day from;
    contract::Day to;
};

struct Side {
    contract::OrganisationId self;
    statement::Certificate root;  // our own
    contract::Instant at;
};

[[nodiscard]] kit::Usable<kit::OwnAct> propose(const Side& side, const Terms& terms, const Approver& approver,
                                               const contract::AgreementId& id);
// The other body of a pair: its root as the hub shows it, believed only where it is `pin`, which was read
// over another channel.
struct OtherBody {
    contract::OrganisationId id;
    statement::Certificate root;
    contract::Digest pin;
};
// `proposal` is the other body's document, or our own. Refused where it is not about these two, its signature
// does not hold, or it pins other roots than ours and the other body's.
[[nodiscard]] kit::Usable<kit::OwnAct> approve(const Side& side, const statement::AgreementDocument& proposal,
                                               const OtherBody& other, const Approver& approver);
// Of an agreement that we proposed or approved.
[[nodiscard]] kit::Usable<kit::OwnAct> end(const Side& side, const statement::Agreement& agreed,
                                           const contract::Digest& proposal, const Approver& approver);

}  // namespace kesher::program
