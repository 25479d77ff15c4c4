// The leaves about who takes part and about cases: what each of them says, whoever wrote it.
#pragma once

#include "gateway/identity/organisations.h"
#include "schemas/statement/signed_order.h"

namespace kesher::identity {

[[nodiscard]] log::Record record_of(const Asker& asker, log::RecordEvent event, std::string_view operation);

// How the body stands from this leaf on, all of it every time: facts organisation, kind, status, root.
void add_standing(log::Record& record, const store::OrganisationRow& row);

// By which signed order: facts document, signed_at, signed_by.
template <class Says>
void add_order(log::Record& record, const statement::VerifiedOrder<Says>& order) {
    record.facts.add("document", order.document)
        .add("signed_at", order.says.at)
        .add("signed_by", order.certificate);
}

// certificate_unknown, counted, where the key that signed an order has ended since it was read on the
// connection's thread.
[[nodiscard]] std::optional<contract::Code> ended_key(sequencer::Turn& turn,
                                                      const contract::OrganisationId& body,
                                                      const contract::Digest& certificate);

[[nodiscard]] sequencer::Answer refuse(sequencer::Turn& turn, log::Record record, contract::Code code);
[[nodiscard]] sequencer::Answer permit(contract::LeafIndex leaf);

}  // namespace kesher::identity
