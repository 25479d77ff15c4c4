#include "audit/merkle/hash.h"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "audit/merkle/must.h"

namespace kesher::merkle {

void must(int rc, const char* call) {
    if (rc != 1) throw std::runtime_error(std::string(call) + " failed");
}

namespace {

using contract::ByteView;
using contract::Digest;

struct FreeMd {
    void operator()(EVP_MD* md) const { EVP_MD_free(md); }
};
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Fetching walks the providers and takes locks, so it happens once for the process.
const EVP_MD* sha256_algorithm() {
    static const std::unique_ptr<EVP_MD, FreeMd> md(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    must(md != nullptr, "EVP_MD_fetch");
    return md.get();
}

class Hashing {
public:
    Hashing() : context_(thread_context()) {
        must(EVP_DigestInit_ex2(context_, sha256_algorithm(), nullptr), "EVP_DigestInit_ex2");
    }
    Hashing& add(ByteView data) {
        must(EVP_DigestUpdate(context_, data.data(), data.size()), "EVP_DigestUpdate");
        return *this;
    }
    Digest finish() {
        Digest digest;
        unsigned length = 0;
        must(EVP_DigestFinal_ex(context_, digest.bytes.data(), &length), "EVP_DigestFinal_ex");
        must(length == digest.bytes.size(), "EVP_DigestFinal_ex");
        return digest;
    }

private:
    static EVP_MD_CTX* thread_context() {
        thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
        must(context != nullptr, "EVP_MD_CTX_new");
        return context.get();
    }
    EVP_MD_CTX* context_;
};

constexpr std::array<std::uint8_t, 1> kLeafPrefix{0x00};
constexpr std::array<std::uint8_t, 1> kNodePrefix{0x01};

}  // namespace

Digest sha256(ByteView data) { return Hashing{}.add(data).finish(); }

Digest leaf_hash(ByteView data) { return Hashing{}.add(kLeafPrefix).add(data).finish(); }

Digest node_hash(const Digest& left, const Digest& right) {
    return Hashing{}.add(kNodePrefix).add(left.view()).add(right.view()).finish();
}

const Digest& empty_root() {
    static const Digest root = sha256({});
    return root;
}

}  // namespace kesher::merkle
