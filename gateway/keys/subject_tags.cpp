#include "gateway/keys/subject_tags.h"

#include "gateway/keys/keyed_hash.h"

namespace kesher::keys {

LeafNonce new_leaf_nonce() {
    LeafNonce nonce{};
    fill_random(nonce);
    return nonce;
}

std::string subject_tag(const SubjectKey& key, const LeafNonce& nonce) {
    return contract::base64url(KeyedHash(key.reveal()).of(nonce).view());
}

}  // namespace kesher::keys
