#include "gateway/identity/organisations.h"

#include "gateway/identity/ended_keys.h"
#include "gateway/identity/participant_leaves.h"
#include "schemas/statement/hash.h"

namespace kesher::identity {

using namespace contract;
using sequencer::Answer;
using sequencer::Organisation;
using sequencer::Turn;

namespace {

// Only an active organisation of kind OPERATOR orders; the hub itself does at its first start.
std::optional<Code> operator_flaw(const Turn& turn, const Asker& asker) {
    if (!asker.organisation) return std::nullopt;
    const Organisation* organisation = turn.registry.find(*asker.organisation);
    if (organisation == nullptr || organisation->row.kind != OrganisationKind::operator_) {
        return Code::actor_not_allowed;
    }
    return organisation->row.status == OrganisationStatus::active
               ? std::nullopt
               : std::optional(Code::organisation_suspended);
}

}  // namespace

Asker asker(const Caller& caller) { return {caller.id, caller.certificate}; }

std::optional<Code> AddOrganisation::flaw(const Turn& turn) const {
    if (const auto code = operator_flaw(turn, asker_)) return code;
    if (!turn.registry.catalogue().organisation_traits(order_.id)) return Code::recipient_unknown;
    const Organisation* known = turn.registry.find(order_.id);
    if (known != nullptr && known->row.status == OrganisationStatus::left) return Code::event_not_allowed;
    const bool confirmed = known != nullptr && known->root && known->row.confirmed;
    const bool comes_back =
        confirmed && known->row.kind == order_.kind && turn.registry.certificates_of(order_.id).empty();
    if ((confirmed && !comes_back) || order_.id == OrganisationId::hub() ||
        turn.registry.token(order_.token) != nullptr) {
        return Code::id_reused;
    }
    return std::nullopt;
}

Answer AddOrganisation::decide(Turn& turn) {
    store::OrganisationRow row{.id = order_.id,
                               .kind = order_.kind,
                               .status = OrganisationStatus::pending,
                               .root_pem = {},
                               .root_spki = {},
                               .witness = {},
                               .desk_of = {},
                               .changed = {}};
    // Who comes back stays what it is until it has enrolled, and keeps its root: agreements pin it. A root
    // that nobody ever compared is a stranger's for all we know, and goes with whatever it signed.
    const Organisation* known = turn.registry.find(order_.id);
    const bool enrolled = known != nullptr && known->root;
    const bool replaced = enrolled && !known->row.confirmed;
    if (enrolled && !replaced) row = known->row;
    if (known != nullptr) row.keys_from = known->row.keys_from;
    log::Record record = record_of(asker_, log::RecordEvent::organisation, "add");
    record.recipient = order_.id;
    add_standing(record, row);
    record.facts.add("token", order_.token)
        .add("token_expires", order_.expires_at)
        .add("confirmed", order_.confirmed);
    if (replaced) record.facts.add("replaces", *known->row.root_spki);
    if (const auto code = flaw(turn)) return refuse(turn, std::move(record), *code);
    record.decision = log::Decision::permit;
    // First what is over, then what begins: the token of this order is not among those that end.
    if (replaced) end_certificates(turn, asker_, row);
    const LeafIndex leaf = turn.append(std::nullopt, std::move(record));
    row.changed = leaf;
    if (replaced) row.keys_from = leaf;
    const store::TokenRow token{.digest = order_.token,
                                .organisation = order_.id,
                                .expires_at = order_.expires_at,
                                .confirmed = order_.confirmed,
                                .request = {},
                                .answer = {},
                                .frozen = false};
    turn.registry.put(row);
    turn.facts.put(row);
    turn.registry.put(token);
    turn.facts.put(token);
    turn.registry_changed();
    return permit(leaf);
}

std::optional<Code> ChangeStatus::flaw(const Turn& turn) const {
    if (const auto code = operator_flaw(turn, asker_)) return code;
    const Organisation* organisation = turn.registry.find(id_);
    if (organisation == nullptr) return Code::not_found;
    const OrganisationStatus from = organisation->row.status;
    // The root is read over another channel each time: after a copied token it may be a thief's that is
    // known.
    if (to_ == OrganisationStatus::active && (!root_ || root_ != organisation->row.root_spki))
        return Code::digest_mismatch;
    const bool possible = from != OrganisationStatus::left && from != to_ &&
                          !(from == OrganisationStatus::pending && !organisation->root);
    return possible ? std::nullopt : std::optional(Code::event_not_allowed);
}

Answer ChangeStatus::decide(Turn& turn) {
    log::Record record = record_of(asker_, log::RecordEvent::organisation, "status");
    if (const auto code = flaw(turn)) {
        record.facts.add("organisation", id_.text()).add("status", kOrganisationStatuses.text(to_));
        return refuse(turn, std::move(record), *code);
    }
    store::OrganisationRow row = turn.registry.find(id_)->row;
    record.decision = log::Decision::permit;
    row.status = to_;
    if (to_ == OrganisationStatus::active) row.confirmed = true;  // its root was compared just now
    add_standing(record, row);
    row.changed = turn.append(std::nullopt, std::move(record));
    if (to_ == OrganisationStatus::left) end_keys(turn, asker_, row);
    turn.registry.put(row);
    turn.facts.put(row);
    turn.registry_changed();
    turn.wake(id_);
    return permit(row.changed);
}

std::optional<Code> Compromise::flaw(const Turn& turn) const {
    if (const auto code = operator_flaw(turn, asker_)) return code;
    const Organisation* organisation = turn.registry.find(id_);
    if (organisation == nullptr) return Code::not_found;
    // Its own word would be the thief's; another operator ends an operator's keys.
    const bool possible = asker_.organisation != id_ && organisation->root &&
                          organisation->row.status != OrganisationStatus::left;
    return possible ? std::nullopt : std::optional(Code::event_not_allowed);
}

Answer Compromise::decide(Turn& turn) {
    log::Record record = record_of(asker_, log::RecordEvent::organisation, "compromise");
    if (const auto code = flaw(turn)) {
        record.facts.add("organisation", id_.text())
            .add("status", kOrganisationStatuses.text(OrganisationStatus::suspended));
        return refuse(turn, std::move(record), *code);
    }
    store::OrganisationRow row = turn.registry.find(id_)->row;
    record.decision = log::Decision::permit;
    row.status = OrganisationStatus::suspended;
    add_standing(record, row);
    row.changed = turn.append(std::nullopt, std::move(record));
    end_keys(turn, asker_, row);
    turn.registry.put(row);
    turn.facts.put(row);
    turn.registry_changed();
    turn.wake(id_);
    return permit(row.changed);
}

Answer PutKeys::decide(Turn& turn) {
    // Its certificate was ended while this waited: whoever holds the connection is not the body any more.
    if (asker_.certificate && turn.registry.owner_of(*asker_.certificate) != asker_.organisation) {
        Answer answer;
        answer.code = Code::certificate_unknown;
        return answer;
    }
    const Organisation* organisation = turn.registry.find(*asker_.organisation);
    if (organisation->keys && organisation->key_list == jws_) {
        // Asked again by somebody who did not hear the answer.
        return {.code = {}, .repeated = true, .leaf = organisation->keys_leaf, .receipt = {}, .at = {}};
    }
    log::Record record = record_of(asker_, log::RecordEvent::keys, "publish");
    const std::int64_t seen = std::max(organisation->last_serial, organisation->row.keys_ended);
    const auto keys = verify_next_keys(jws_, *organisation, {*organisation->root, seen + 1, turn.at});
    record.facts.add("organisation", asker_.organisation->text()).add("digest", statement::sha256(jws_));
    if (!keys) return refuse(turn, std::move(record), keys.error());
    record.decision = log::Decision::permit;
    record.facts.add("serial", keys->serial);
    const LeafIndex leaf = turn.append(std::nullopt, std::move(record));
    turn.facts.add(store::KeyListRow{*asker_.organisation, keys->serial, jws_, leaf});
    turn.registry.put_keys(*asker_.organisation, *keys, jws_, leaf);
    turn.registry_changed();
    return permit(leaf);
}

}  // namespace kesher::identity
