#include "gateway/identity/participant_leaves.h"

#include "gateway/sequencer/refusal_counts.h"

namespace kesher::identity {

using namespace contract;
using sequencer::Answer;
using sequencer::Turn;

log::Record record_of(const Asker& asker, log::RecordEvent event, std::string_view operation) {
    log::Record record;
    record.event = event;
    record.actor_type = asker.officer ? log::ActorType::human : log::ActorType::system;
    record.actor = asker.officer;
    record.org = asker.organisation;
    if (asker.certificate) record.auth = log::Auth{std::nullopt, asker.certificate};
    record.operation = log::Word::of(operation);
    return record;
}

std::optional<Code> ended_key(Turn& turn, const OrganisationId& body, const Digest& certificate) {
    const auto& keys = turn.registry.find(body)->keys;
    if (keys && keys->vouches_for(certificate, turn.at)) return std::nullopt;
    turn.means.refusals.add(body, Code::certificate_unknown, turn.at);
    return Code::certificate_unknown;
}

Answer refuse(Turn& turn, log::Record record, Code code) {
    Answer answer;
    answer.code = code;
    if (record.org && turn.only_counted(*record.org, code)) return answer;
    record.decision = log::Decision::deny;
    record.code = code;
    answer.leaf = turn.append(std::nullopt, std::move(record));
    return answer;
}

Answer permit(LeafIndex leaf) {
    Answer answer;
    answer.leaf = leaf;
    return answer;
}

// How the body stands from this leaf on: every leaf about an organisation says all of it.
void add_standing(log::Record& record, const store::OrganisationRow& row) {
    record.facts.add("organisation", row.id.text())
        .add("kind", kOrganisationKinds.text(row.kind))
        .add("status", kOrganisationStatuses.text(row.status));
    if (row.root_spki) record.facts.add("root", *row.root_spki);
}

}  // namespace kesher::identity
