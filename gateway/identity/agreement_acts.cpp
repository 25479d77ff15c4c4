// POST /v1/agreements: a proposal, an approval or an end, signed at the body's own premises.
#include <algorithm>

#include "gateway/identity/organisations.h"
#include "gateway/identity/participant_leaves.h"
#include "schemas/contract/shares.h"
#include "schemas/statement/hash.h"

namespace kesher::identity {

using namespace contract;
using sequencer::Answer;
using sequencer::Organisation;
using sequencer::Turn;

namespace {

template <class Enum, std::size_t N>
log::Words words_of(const ClosedList<Enum, N>& list, const std::vector<Enum>& values) {
    log::Words words;
    for (const Enum value : values) words.push_back(log::Word::of(list.text(value)));
    return words;
}

log::Word word_of(const Digest& digest) { return log::Word::of(base64url(digest.view())); }

// What the act says, word by word: the document itself is kept beside the log, and may be lost.
void add_terms(log::Record& record, const statement::VerifiedAgreement& verified) {
    const statement::Agreement& said = verified.agreement;
    record.facts.add("document", verified.document)
        .add("pair", log::Words{log::Word::of(said.first.text()), log::Word::of(said.second.text())})
        .add("types", words_of(kMessageTypes, said.types))
        .add("purposes", words_of(kPurposes, said.purposes))
        .add("groups", words_of(kDataGroups, said.groups))
        .add("from", said.from)
        .add("to", said.to)
        .add("roots", log::Words{word_of(said.first_root), word_of(said.second_root)})
        .add("role", kOfficerRoles.text(said.role))
        .add("approver", said.approver.text());
    if (said.proposal) record.facts.add("proposal", *said.proposal);
}

// How the agreement stands after the act. An approval is `organisation:ROLE:officer`, in the order given.
void add_standing(log::Record& record, const agreement::Agreement& agreement) {
    log::Words approvals;
    for (const agreement::Approval& approval : agreement.approvals) {
        approvals.push_back(log::Word::of(approval.organisation.text() + ":" +
                                          std::string(kOfficerRoles.text(approval.role)) + ":" +
                                          approval.approver.text()));
    }
    record.facts.add("state", agreement::kStates.text(agreement.state))
        .add("approvals", std::move(approvals));
}

// Of the same two bodies: proposed or in force, and not run out.
std::size_t open_agreements(const Turn& turn, const agreement::Terms& terms) {
    const Day today = day_of(turn.at);
    const auto open =
        std::count_if(turn.registry.agreement_list().begin(), turn.registry.agreement_list().end(),
                      [&](const agreement::Agreement& each) {
                          const bool runs = each.state != agreement::State::ended &&
                                            (!each.terms.to || *each.terms.to >= today);
                          return runs && each.terms.pair == terms.pair;
                      });
    return static_cast<std::size_t>(open);
}

}  // namespace

Answer ActOnAgreement::decide(Turn& turn) {
    log::Record record = record_of(asker_, log::RecordEvent::agreement, "act");
    const Organisation* body = turn.registry.find(*asker_.organisation);
    const auto verified = statement::verify_agreement(document_.jws, *asker_.organisation, *body->root,
                                                      document_.approver, turn.at);
    if (!verified) return refuse(turn, std::move(record), verified.error());
    const statement::Agreement& said = verified->agreement;
    record.operation = log::Word::of(statement::kAgreementActs.text(said.act));
    record.agreement = said.id;
    add_terms(record, *verified);
    if (document_.approver) record.facts.add("certificate", statement::sha256(document_.approver->pem()));
    std::optional<agreement::Agreement> current;
    const auto known = turn.registry.agreements().find(said.id);
    if (known != turn.registry.agreements().end()) current = known->second;
    const auto next = agreement::decide_act(
        current, sequencer::act_of(*verified, *asker_.organisation, body->row.status), turn.at);
    if (!next) return refuse(turn, std::move(record), next.error());
    if (!current && open_agreements(turn, next->terms) >= limits::kAgreementsPerPair) {
        return refuse(turn, std::move(record), Code::event_not_allowed);
    }
    record.decision = log::Decision::permit;
    add_standing(record, *next);
    const LeafIndex leaf = turn.append(std::nullopt, std::move(record));
    std::optional<std::string> certificate;
    if (document_.approver) certificate = document_.approver->pem();
    turn.facts.add(
        store::AgreementActRow{leaf, turn.at, said.id, *asker_.organisation, document_.jws, certificate});
    turn.registry.put_agreement(*next);
    turn.registry_changed();
    return permit(leaf);
}

}  // namespace kesher::identity
