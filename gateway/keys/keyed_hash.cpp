#include "gateway/keys/keyed_hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "gateway/keys/secret.h"

namespace kesher::keys {
namespace {

using contract::ByteView;
using contract::Digest;

constexpr std::size_t kBlock = 64;  // of SHA-256

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

void must(int rc) {
    if (rc != 1) throw std::runtime_error("HMAC-SHA-256 failed in the cryptographic library");
}

Context new_context() {
    Context context(EVP_MD_CTX_new());
    if (!context) throw std::bad_alloc();
    return context;
}

const EVP_MD* sha256() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (algorithm == nullptr) throw std::runtime_error("SHA-256 is missing in the cryptographic library");
    return algorithm;
}

void finish(EVP_MD_CTX* context, Digest& digest) {
    unsigned length = 0;
    must(EVP_DigestFinal_ex(context, digest.bytes.data(), &length));
    if (length != digest.bytes.size()) throw std::runtime_error("SHA-256 gave another length");
}

using Block = std::array<std::uint8_t, kBlock>;

// A key of more than a block stands for its hash, a shorter one is filled up with zeros (RFC 2104 section 2).
Block block_of(ByteView key) {
    Block block{};
    if (key.size() <= kBlock) {
        std::copy(key.begin(), key.end(), block.begin());
        return block;
    }
    const Context context = new_context();
    Digest digest;
    must(EVP_DigestInit_ex2(context.get(), sha256(), nullptr));
    must(EVP_DigestUpdate(context.get(), key.data(), key.size()));
    finish(context.get(), digest);
    std::copy(digest.bytes.begin(), digest.bytes.end(), block.begin());
    return block;
}

// The state of SHA-256 after the key's block under this pad.
Context begun(const Block& key, std::uint8_t pad) {
    Block padded = key;
    for (std::uint8_t& byte : padded) byte = static_cast<std::uint8_t>(byte ^ pad);
    Context context = new_context();
    must(EVP_DigestInit_ex2(context.get(), sha256(), nullptr));
    must(EVP_DigestUpdate(context.get(), padded.data(), padded.size()));
    wipe(padded);
    return context;
}

}  // namespace

// H(K ^ opad || H(K ^ ipad || message)), both begun with the key once: of() works on copies, so threads do
// not meet. The library's own HMAC sets itself up for every message, four times the cost of the hashing; one
// message to the hub asks for seven.
struct KeyedHash::Keyed {
    Context inner;
    Context outer;
};

KeyedHash::KeyedHash(ByteView key) {
    if (key.empty()) throw std::invalid_argument("a keyed hash needs a key");
    Block block = block_of(key);
    keyed_ = std::make_unique<Keyed>(Keyed{begun(block, 0x36), begun(block, 0x5C)});
    wipe(block);
}

KeyedHash::~KeyedHash() = default;
KeyedHash::KeyedHash(KeyedHash&&) noexcept = default;
KeyedHash& KeyedHash::operator=(KeyedHash&&) noexcept = default;

Digest KeyedHash::of(ByteView message) const {
    thread_local const Context context = new_context();
    Digest digest;
    must(EVP_MD_CTX_copy_ex(context.get(), keyed_->inner.get()));
    must(EVP_DigestUpdate(context.get(), message.data(), message.size()));
    finish(context.get(), digest);
    must(EVP_MD_CTX_copy_ex(context.get(), keyed_->outer.get()));
    must(EVP_DigestUpdate(context.get(), digest.bytes.data(), digest.bytes.size()));
    finish(context.get(), digest);
    return digest;
}

}  // namespace kesher::keys
