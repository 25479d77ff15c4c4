#include "gateway/keys/subject_tags.h"

#include "gateway/keys/keyed_hash.h"

namespace kesher::keys {

LeafNonce new_leaf_nonce() {
    LeafNonce nonce{};
    fill_random(nonce);
    return nonce;
}

contract::Digest subject_tag(const SubjectKey& key, const LeafNonce& nonce) {
    return KeyedHash(key.reveal()).of(nonce);
}

}  // namespace kesher::keys
