#include "gateway/identity/ended_keys.h"

#include <algorithm>

#include "gateway/identity/participant_leaves.h"

namespace kesher::identity {

using sequencer::Turn;

namespace {

void say_ended(Turn& turn, const Asker& asker, const store::OrganisationRow& row,
               std::optional<std::size_t> officers_suspended) {
    log::Record record = record_of(asker, log::RecordEvent::keys, "end");
    record.decision = log::Decision::permit;
    record.facts.add("organisation", row.id.text())
        .add("serial", row.keys_ended)
        .add("tls", static_cast<std::uint64_t>(turn.registry.certificates_of(row.id).size()));
    if (officers_suspended) {
        record.facts.add("officers_suspended", static_cast<std::uint64_t>(*officers_suspended));
    }
    (void)turn.append(std::nullopt, std::move(record));
}

void end_connections(Turn& turn, const contract::OrganisationId& id) {
    for (store::TlsCertificateRow certificate : turn.registry.certificates_of(id)) {
        certificate.ended = true;
        turn.registry.put(certificate);
        turn.facts.put(certificate);
    }
    for (store::TokenRow token : turn.registry.tokens_of(id)) {
        token.frozen = true;
        turn.registry.put(token);
        turn.facts.put(token);
    }
}

}  // namespace

void end_certificates(Turn& turn, const Asker& asker, const store::OrganisationRow& row) {
    say_ended(turn, asker, row, std::nullopt);
    end_connections(turn, row.id);
}

void end_keys(Turn& turn, const Asker& asker, store::OrganisationRow& row) {
    const sequencer::Organisation* organisation = turn.registry.find(row.id);
    row.keys_ended = std::max(row.keys_ended, organisation->last_serial);
    std::vector<store::OfficerRow> officers = turn.registry.officers_of(row.id);
    std::erase_if(officers, [](const store::OfficerRow& officer) { return officer.suspended; });
    say_ended(turn, asker, row, officers.size());
    end_connections(turn, row.id);
    for (store::OfficerRow& officer : officers) {
        officer.suspended = true;
        turn.registry.put(officer);
        turn.facts.put(officer);
    }
}

contract::Result<statement::KeyList, contract::Code> verify_next_keys(std::string_view jws,
                                                                      const sequencer::Organisation& body,
                                                                      const NextKeys& demand) {
    auto list = statement::verify_key_list(
        jws, demand.root, {body.row.id, demand.root.key().spki_sha256(), demand.least_serial, demand.at});
    if (list && body.has_ended_key_of(*list)) return contract::Failure{contract::Code::key_unpinned};
    return list;
}

}  // namespace kesher::identity
