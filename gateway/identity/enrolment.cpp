// A newcomer's one use of its token: its root and keys become known, a TLS certificate is made, and it
// waits, pending, until the operator has compared the root's fingerprint over another channel.
#include "audit/log/note.h"
#include "gateway/identity/ended_keys.h"
#include "gateway/identity/participant_leaves.h"
#include "schemas/json/writer.h"
#include "schemas/statement/hash.h"

namespace kesher::identity {

using namespace contract;
using sequencer::Answer;
using sequencer::Turn;

struct Enrol::Checked {
    statement::Certificate root;
    statement::KeyList keys;
    statement::Certificate tls;
};

namespace {

bool is_witness_of(const std::string& vkey, const std::string& hub, const OrganisationId& organisation) {
    const auto key = log::NoteKey::parse(vkey);
    return key && key->type() == log::NoteKeyType::cosignature &&
           key->name() == hub + "/witness/" + organisation.text();
}

log::Record refused(const OrganisationId& organisation, Code code) {
    log::Record record;
    record.event = log::RecordEvent::organisation;
    record.actor_type = log::ActorType::system;
    record.org = organisation;
    record.operation = log::Word::of("enrol");
    record.decision = log::Decision::deny;
    record.code = code;
    return record;
}

// Its token was copied: who holds the other copy may be the one that enrolled.
void freeze(Turn& turn, store::TokenRow token) {
    token.frozen = true;
    store::OrganisationRow row = turn.registry.find(token.organisation)->row;
    row.status = OrganisationStatus::suspended;
    log::Record record = refused(token.organisation, Code::id_reused);
    add_standing(record, row);
    record.facts.add("token", token.digest).add("frozen", true);
    row.changed = turn.append(std::nullopt, std::move(record));
    turn.registry.put(token);
    turn.facts.put(token);
    // One of the two who used it is a stranger, and may be the first: nobody connects under it any more.
    end_certificates(turn, {}, row);
    turn.registry.put(row);
    turn.facts.put(row);
    turn.registry_changed();
}

}  // namespace

Result<Enrol::Checked, Code> Enrol::check(const Turn& turn, const store::TokenRow& token) const {
    auto root = statement::Certificate::from_pem(request_.root);
    if (!root || root->use() != statement::Use::root || !root->valid_at(turn.at)) {
        return Failure{Code::statement_invalid};
    }
    // Who comes back has the root that its agreements pin, and its very certificate: what was signed under it
    // is verified by it at every start. And new keys, where the old ones are in other hands.
    const sequencer::Organisation& body = *turn.registry.find(token.organisation);
    if (body.root && *body.root != *root) return Failure{Code::key_unpinned};
    // After a copied token the keys are still its own, and never older ones than are known.
    const std::int64_t least = std::max(body.row.keys_ended + 1, body.last_serial);
    auto keys = verify_next_keys(request_.keys, body, {*root, least, turn.at});
    if (!keys) return Failure{keys.error()};
    if (!is_witness_of(request_.witness, hub_name_, token.organisation)) {
        return Failure{Code::statement_invalid};
    }
    auto tls = authority_.issue_client(request_.tls, token.organisation, turn.at);
    if (!tls) return Failure{Code::statement_invalid};
    return Checked{*std::move(root), *std::move(keys), *std::move(tls)};
}

std::string Enrol::answer_for(const Checked& checked, const OrganisationId& organisation, Instant at) const {
    json::Writer json;
    json.open_object()
        .text("organisation", organisation.text())
        .text("certificate", checked.tls.pem())
        .text("ca", authority_.certificate().pem())
        .raw("hub", answer_tail_)
        .text("at", text(at))
        .close();
    return json.take();
}

// Every document that is kept beside the log stands here by its digest.
log::Record Enrol::enrolled(const store::OrganisationRow& row, const store::TokenRow& token,
                            const Checked& checked) const {
    log::Record record;
    record.event = log::RecordEvent::organisation;
    record.actor_type = log::ActorType::system;
    record.org = row.id;
    record.operation = log::Word::of("enrol");
    record.decision = log::Decision::permit;
    add_standing(record, row);
    record.facts.add("root_certificate", statement::sha256(request_.root))
        .add("witness", statement::sha256(request_.witness))
        .add("serial", checked.keys.serial)
        .add("keys", statement::sha256(request_.keys))
        .add("tls", checked.tls.thumbprint())
        .add("tls_until", checked.tls.not_after())
        .add("token", token.digest)
        .add("request", request_.request)
        .add("answer", statement::sha256(*token.answer));
    return record;
}

Answer Enrol::decide(Turn& turn) {
    Answer answer;
    const store::TokenRow* known = turn.registry.token(request_.token);
    if (known == nullptr || known->frozen || turn.at >= known->expires_at) {
        answer.code = Code::not_found;
        return answer;
    }
    store::TokenRow token = *known;
    if (token.request) {
        // The same once more gets the same; another request with a used token means that it was
        // copied: nobody enrols with it any more.
        if (token.request == request_.request) {
            answer_ = *token.answer;
            answer.repeated = true;
            return answer;
        }
        freeze(turn, std::move(token));
        answer.code = Code::not_found;
        return answer;
    }
    const auto checked = check(turn, token);
    // Whoever has a copy of the token may try for a day: of so many a minute only the number is kept.
    if (!checked) return refuse(turn, refused(token.organisation, checked.error()), checked.error());

    store::OrganisationRow row = turn.registry.find(token.organisation)->row;
    row.status = token.confirmed ? OrganisationStatus::active : OrganisationStatus::pending;
    row.root_pem = request_.root;
    row.root_spki = checked->root.key().spki_sha256();
    row.witness = request_.witness;
    if (token.confirmed) row.confirmed = true;
    const store::TlsCertificateRow tls{checked->tls.thumbprint(), token.organisation,
                                       checked->tls.not_after(), false};
    token.request = request_.request;
    token.answer = answer_ = answer_for(*checked, token.organisation, turn.at);
    const LeafIndex leaf = turn.append(std::nullopt, enrolled(row, token, *checked));

    row.changed = leaf;
    turn.registry.put(row);
    turn.facts.put(row);
    turn.registry.put_keys(token.organisation, checked->keys, request_.keys, leaf);
    turn.facts.add(store::KeyListRow{token.organisation, checked->keys.serial, request_.keys, leaf});
    turn.registry.put(tls);
    turn.facts.put(tls);
    turn.registry.put(token);
    turn.facts.put(token);
    turn.registry_changed();
    answer.leaf = leaf;
    return answer;
}

}  // namespace kesher::identity
