#include "schemas/statement/concat_kdf.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "schemas/statement/evp.h"

namespace kesher::statement {
namespace {

using Kdf = evp::Handle<EVP_KDF, EVP_KDF_free>;
using KdfContext = evp::Handle<EVP_KDF_CTX, EVP_KDF_CTX_free>;

void append_u32(contract::Bytes& to, std::size_t value) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

void append_sized(contract::Bytes& to, std::string_view text) {
    append_u32(to, text.size());
    to.insert(to.end(), text.begin(), text.end());
}

}  // namespace

Secret concat_kdf(const Secret& agreed, std::string_view algorithm, std::string_view apu,
                  std::string_view apv, std::size_t key_bytes) {
    contract::Bytes info;
    append_sized(info, algorithm);
    append_sized(info, apu);
    append_sized(info, apv);
    append_u32(info, key_bytes * 8);

    Secret secret = agreed.clone();  // OSSL_PARAM takes no pointer to const
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.writable().data(), secret.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
        OSSL_PARAM_construct_end(),
    };
    const Kdf kdf(evp::must(EVP_KDF_fetch(nullptr, "SSKDF", nullptr)));
    const KdfContext context(evp::must(EVP_KDF_CTX_new(kdf.get())));
    Secret key(key_bytes);
    evp::must(EVP_KDF_derive(context.get(), key.writable().data(), key.size(), parameters));
    return key;
}

}  // namespace kesher::statement
