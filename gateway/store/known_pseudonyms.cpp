#include "gateway/store/known_pseudonyms.h"

namespace kesher::store {

using contract::Bytes;
using contract::Digest;
using contract::OrganisationId;

std::optional<Bytes> KnownPseudonyms::find(const OrganisationId& organisation, const Digest& lookup) {
    const Key key{organisation, lookup};
    const std::scoped_lock hold(mutex_);
    if (const auto found = lately_.find(key); found != lately_.end()) return found->second;
    const auto found = before_.find(key);
    if (found == before_.end()) return std::nullopt;
    Bytes sealed = std::move(found->second);
    before_.erase(found);
    put(key, sealed);
    return sealed;
}

void KnownPseudonyms::keep(const OrganisationId& organisation, const Digest& lookup, Bytes sealed) {
    const std::scoped_lock hold(mutex_);
    put({organisation, lookup}, std::move(sealed));
}

void KnownPseudonyms::put(const Key& key, Bytes sealed) {
    if (lately_.size() >= half_) {
        before_ = std::move(lately_);
        lately_.clear();
    }
    lately_.insert_or_assign(key, std::move(sealed));
}

}  // namespace kesher::store
