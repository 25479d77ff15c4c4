// What ends a body's certificates and keys before their time, with the leaf that says so, and that what was
// ended does not come back.
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

// A body's next key list, as this root of its signed it. The codes of statement::verify_key_list, and
// key_unpinned also for a key that was ended: a rotation keeps former signing certificates in the next list,
// so its root may vouch for a stolen key by mistake. Contract.md 5 has no code of its own for that; to
// whoever publishes the list it is one key more that nobody may believe, like a serial that is over.
struct NextKeys {
    const statement::Certificate& root;
    std::int64_t least_serial;
    contract::Instant at;
};
[[nodiscard]] contract::Result<statement::KeyList, contract::Code> verify_next_keys(
    std::string_view jws, const sequencer::Organisation& body, const NextKeys& demand);

}  // namespace kesher::identity
