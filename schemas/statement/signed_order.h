// What an organisation orders of the hub in its own word and not by its connection alone, whose key may lie
// on a proxy: a compact JWS by a signing certificate of its key list in force, with the claims `v`, `log`,
// `org` and `at` and those of its kind. (Acknowledgements are asked the same, acks.h.)
//
// `at` is when it was signed, in UTC milliseconds and within the day that is `iat`. For the body and the hub
// alone: a time of day never goes to anybody else.
#pragma once

#include <string_view>

#include "schemas/contract/codes.h"
#include "schemas/contract/instant.h"
#include "schemas/statement/key_list.h"

namespace kesher::statement {

struct OrderDemand {
    std::string_view log;
    const KeyList& keys;  // the organisation's newest
    contract::Instant at;
};

// `Says` has `organisation`, `log` and `at`.
template <class Says>
struct VerifiedOrder {
    Says says;
    contract::Digest document;     // SHA-256 of the whole compact text
    contract::Digest certificate;  // who signed
};

}  // namespace kesher::statement
