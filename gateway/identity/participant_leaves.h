// The leaves about who takes part: what each of them says, whoever wrote it.
#pragma once

#include "gateway/identity/organisations.h"

namespace kesher::identity {

[[nodiscard]] log::Record record_of(const Asker& asker, log::RecordEvent event, std::string_view operation);

// How the body stands from this leaf on, all of it every time: facts organisation, kind, status, root.
void add_standing(log::Record& record, const store::OrganisationRow& row);

[[nodiscard]] sequencer::Answer refuse(sequencer::Turn& turn, log::Record record, contract::Code code);
[[nodiscard]] sequencer::Answer permit(contract::LeafIndex leaf);

}  // namespace kesher::identity
