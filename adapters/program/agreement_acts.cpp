#include "adapters/program/agreement_acts.h"

#include <algorithm>

namespace kesher::program {
namespace {

using contract::Digest;
using contract::Failure;
using kit::Unusable;
using statement::Agreement;
using statement::AgreementAct;

Failure<Unusable> unusable(std::string sentence) { return {Unusable{std::move(sentence)}}; }

template <class Enum, std::size_t N>
void sort_by_word(std::vector<Enum>& words, const contract::ClosedList<Enum, N>& list) {
    std::sort(words.begin(), words.end(), [&](Enum a, Enum b) { return list.text(a) < list.text(b); });
    words.erase(std::unique(words.begin(), words.end()), words.end());
}

kit::Usable<kit::OwnAct> signed_act(const Side& side, const Agreement& agreement, const Approver& approver) {
    std::string jws;
    try {
        jws = statement::sign_agreement(agreement, approver.signer, contract::day_of(side.at));
    } catch (const std::logic_error&) {
        return unusable(
            "these terms make no agreement: two different bodies, types, purposes, days in order, and "
            "a legal adviser or security officer who signs");
    }
    std::optional<statement::Certificate> certificate;
    if (!approver.is_root) certificate = approver.signer.certificate();
    statement::AgreementDocument document{std::move(jws), std::move(certificate)};
    // Read back as the other body and the hub will read it.
    auto verified =
        statement::verify_agreement(document.jws, side.self, side.root, document.approver, side.at);
    if (!verified) {
        return unusable("what was signed does not hold: " + std::string(contract::text(verified.error())));
    }
    return kit::OwnAct{std::move(document), *std::move(verified)};
}

const Digest& root_of(const Agreement& agreement, const contract::OrganisationId& body) {
    return agreement.first == body ? agreement.first_root : agreement.second_root;
}

}  // namespace

kit::Usable<kit::OwnAct> propose(const Side& side, const Terms& terms, const Approver& approver,
                                 const contract::AgreementId& id) {
    const bool first = side.self < terms.other;
    const Digest& own_root = side.root.key().spki_sha256();
    Agreement agreement{.id = id,
                        .act = AgreementAct::propose,
                        .first = first ? side.self : terms.other,
                        .second = first ? terms.other : side.self,
                        .types = terms.types,
                        .purposes = terms.purposes,
                        .groups = terms.groups,
                        .from = terms.from,
                        .to = terms.to,
                        .first_root = first ? own_root : terms.other_root,
                        .second_root = first ? terms.other_root : own_root,
                        .role = approver.role,
                        .approver = approver.id};
    sort_by_word(agreement.types, contract::kMessageTypes);
    sort_by_word(agreement.purposes, contract::kPurposes);
    sort_by_word(agreement.groups, contract::kDataGroups);
    return signed_act(side, agreement, approver);
}

kit::Usable<kit::OwnAct> approve(const Side& side, const statement::AgreementDocument& proposal,
                                 const OtherBody& other, const Approver& approver) {
    if (other.root.key().spki_sha256() != other.pin) {
        return unusable("the root of " + other.id.text() +
                        " is not the one that was read over another channel");
    }
    auto verified =
        statement::verify_agreement(proposal.jws, side.self, side.root, proposal.approver, side.at);
    if (!verified) {
        verified =
            statement::verify_agreement(proposal.jws, other.id, other.root, proposal.approver, side.at);
    }
    if (!verified) {
        return unusable("the proposal does not hold: " + std::string(contract::text(verified.error())));
    }
    Agreement agreement = verified->agreement;
    if (agreement.act != AgreementAct::propose) return unusable("this document is no proposal");
    const auto [first, second] = std::minmax(side.self, other.id);
    if (agreement.first != first || agreement.second != second) {
        return unusable("the proposal is not between " + first.text() + " and " + second.text());
    }
    if (root_of(agreement, side.self) != side.root.key().spki_sha256()) {
        return unusable("the proposal pins another root than ours");
    }
    if (root_of(agreement, other.id) != other.pin) {
        return unusable("the proposal pins another root of " + other.id.text());
    }
    agreement.act = AgreementAct::approve;
    agreement.proposal = verified->document;
    agreement.role = approver.role;
    agreement.approver = approver.id;
    return signed_act(side, agreement, approver);
}

kit::Usable<kit::OwnAct> end(const Side& side, const Agreement& agreed, const Digest& proposal,
                             const Approver& approver) {
    Agreement agreement = agreed;
    agreement.act = AgreementAct::end;
    agreement.proposal = proposal;
    agreement.role = approver.role;
    agreement.approver = approver.id;
    return signed_act(side, agreement, approver);
}

}  // namespace kesher::program
