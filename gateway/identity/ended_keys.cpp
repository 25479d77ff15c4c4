#include "gateway/identity/ended_keys.h"

#include "gateway/identity/participant_leaves.h"

namespace kesher::identity {

using sequencer::Turn;

void end_certificates(Turn& turn, const Asker& asker, const store::OrganisationRow& row) {
    const auto certificates = turn.registry.certificates_of(row.id);
    log::Record record = record_of(asker, log::RecordEvent::keys, "end");
    record.decision = log::Decision::permit;
    record.facts.add("organisation", row.id.text())
        .add("serial", row.keys_ended)
        .add("tls", static_cast<std::uint64_t>(certificates.size()));
    (void)turn.append(std::nullopt, std::move(record));
    for (store::TlsCertificateRow certificate : certificates) {
        certificate.ended = true;
        turn.registry.put(certificate);
        turn.facts.put(certificate);
    }
    for (store::TokenRow token : turn.registry.tokens_of(row.id)) {
        token.frozen = true;
        turn.registry.put(token);
        turn.facts.put(token);
    }
}

void end_keys(Turn& turn, const Asker& asker, store::OrganisationRow& row) {
    const sequencer::Organisation* organisation = turn.registry.find(row.id);
    if (organisation->keys) row.keys_ended = organisation->keys->serial;
    end_certificates(turn, asker, row);
}

}  // namespace kesher::identity
