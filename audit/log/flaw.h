// Why a text of the log is not accepted: one list for notes, checkpoints, receipts, leaves, policies.
#pragma once

#include <string_view>

#include "schemas/contract/result.h"

namespace kesher::log {

enum class Flaw {
    too_large,
    leaf_malformed,
    record_malformed,
    note_malformed,
    key_malformed,
    key_type_unsupported,
    signature_wrong,
    signature_missing,
    checkpoint_malformed,
    origin_differs,
    receipt_malformed,
    index_outside_tree,
    not_included,
    policy_malformed,
    quorum_missing,
};
[[nodiscard]] std::string_view text(Flaw flaw);  // one sentence without its full stop

template <class T>
using Result = contract::Result<T, Flaw>;
[[nodiscard]] inline contract::Failure<Flaw> fail(Flaw flaw) { return {flaw}; }

}  // namespace kesher::log
