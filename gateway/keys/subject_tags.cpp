#include "gateway/keys/subject_tags.h"

#include <algorithm>

#include "audit/log/leaf.h"

namespace kesher::keys {

log::Nonce new_leaf_nonce() {
    log::Nonce nonce{};
    fill_random(nonce);
    return nonce;
}

contract::Digest subject_tag(const SubjectKey& key, const log::Nonce& nonce) {
    std::array<std::uint8_t, SubjectKey::kBytes> bytes{};
    std::ranges::copy(key.reveal(), bytes.begin());
    const auto tag = log::subject_tag(log::SubjectKey(bytes), nonce);
    wipe(bytes);
    return tag;
}

}  // namespace kesher::keys
