#include "schemas/statement/hash.h"

#include <openssl/rand.h>

#include "schemas/statement/evp.h"

namespace kesher::statement {

// Fetched once and reused: a fetch for every hash costs more than the hash itself.
contract::Digest sha256(std::initializer_list<contract::ByteView> parts) {
    static const EVP_MD* const algorithm = evp::must(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    thread_local const evp::HashContext context(evp::must(EVP_MD_CTX_new()));
    contract::Digest digest;
    evp::must(EVP_DigestInit_ex2(context.get(), algorithm, nullptr));
    for (const contract::ByteView part : parts) {
        evp::must(EVP_DigestUpdate(context.get(), part.data(), part.size()));
    }
    evp::must(EVP_DigestFinal_ex(context.get(), digest.bytes.data(), nullptr));
    return digest;
}

contract::Digest sha256(contract::ByteView bytes) { return sha256({bytes}); }
contract::Digest sha256(std::string_view text) { return sha256({contract::bytes_of(text)}); }

void fill_random(std::span<std::uint8_t> bytes) {
    // RAND_priv_bytes() asks under a lock, each time, whether an engine took its place: half of its cost.
    evp::must(EVP_RAND_generate(evp::must(RAND_get0_private(nullptr)), bytes.data(), bytes.size(), 0, 0,
                                nullptr, 0));
}

}  // namespace kesher::statement
