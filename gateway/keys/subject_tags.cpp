#include "gateway/keys/subject_tags.h"

#include <algorithm>

#include "audit/log/leaf.h"
#include "gateway/keys/keyed_hash.h"

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

namespace {

contract::Digest row_tag(const SubjectKey& key, std::string_view label, contract::ByteView value) {
    const contract::ByteView begin = contract::bytes_of(label);
    contract::Bytes message(begin.begin(), begin.end());
    message.insert(message.end(), value.begin(), value.end());
    return KeyedHash(key.reveal()).of(message);
}

}  // namespace

contract::Digest claim_tag(const SubjectKey& key, const contract::Digest& stored_claim) {
    return row_tag(key, "kesher.claim-tag.v1", stored_claim.view());
}

contract::Digest request_tag(const SubjectKey& key, const contract::RequestId& request) {
    return row_tag(key, "kesher.request-tag.v1", request.bytes());
}

}  // namespace kesher::keys
