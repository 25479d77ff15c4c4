#include "audit/log/flaw.h"

namespace kesher::log {

std::string_view text(Flaw flaw) {
    switch (flaw) {
        case Flaw::too_large:
            return "the text is longer than one of its kind may be";
        case Flaw::leaf_malformed:
            return "the leaf is not two lines, a statement or '-' and a record";
        case Flaw::record_malformed:
            return "the record is not spelled as the hub spells records";
        case Flaw::note_malformed:
            return "the signed note is malformed";
        case Flaw::key_malformed:
            return "the key is malformed, or its name and id do not fit together";
        case Flaw::key_type_unsupported:
            return "the key is of a type that is not supported";
        case Flaw::signature_wrong:
            return "a signature of a known key does not hold";
        case Flaw::signature_missing:
            return "the log's signature is missing";
        case Flaw::checkpoint_malformed:
            return "the checkpoint is not an origin, a size and a root";
        case Flaw::origin_differs:
            return "the checkpoint is of another log";
        case Flaw::receipt_malformed:
            return "the receipt is malformed";
        case Flaw::index_outside_tree:
            return "the index is not below the size of the checkpoint";
        case Flaw::not_included:
            return "the proof does not lead from this leaf to the checkpoint's root";
        case Flaw::policy_malformed:
            return "the policy is malformed";
        case Flaw::quorum_missing:
            return "too few witnesses of the policy have cosigned the checkpoint";
    }
    return "";
}

}  // namespace kesher::log
