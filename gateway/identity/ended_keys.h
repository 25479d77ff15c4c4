// What ends a body's certificates and keys before their time, with the leaf that says so.
#pragma once

#include "gateway/identity/organisations.h"

namespace kesher::identity {

// Its TLS certificates and its tokens are over, used ones too: nobody connects in its name any more, and a
// copy of an old token does not freeze what comes next. Its key list stands: who copied a token has no key of
// a body.
void end_certificates(sequencer::Turn& turn, const Asker& asker, const store::OrganisationRow& row);
// And its key list, noted in the row: from here on nobody speaks or is sealed to in its name either. Its
// officers are suspended: whoever had the keys may have made them, and the body says anew who acts for it.
void end_keys(sequencer::Turn& turn, const Asker& asker, store::OrganisationRow& row);

}  // namespace kesher::identity
