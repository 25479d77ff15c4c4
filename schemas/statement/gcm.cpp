#include "schemas/statement/gcm.h"

#include "schemas/statement/evp.h"
#include "schemas/statement/hash.h"

namespace kesher::statement {
namespace {

const EVP_CIPHER* cipher() {
    static const EVP_CIPHER* const fetched = evp::must(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
    return fetched;
}

int size_of(contract::ByteView bytes) { return static_cast<int>(bytes.size()); }

}  // namespace

GcmSealed gcm_encrypt(const Secret& key, std::string_view aad, contract::ByteView plaintext) {
    GcmSealed sealed{random_bytes<kGcmNonceBytes>(), contract::Bytes(plaintext.size()), {}};
    const evp::CipherContext context(evp::must(EVP_CIPHER_CTX_new()));
    const auto extra = contract::bytes_of(aad);
    int size = 0;
    evp::must(
        EVP_EncryptInit_ex2(context.get(), cipher(), key.reveal().data(), sealed.nonce.data(), nullptr));
    evp::must(EVP_EncryptUpdate(context.get(), nullptr, &size, extra.data(), size_of(extra)));
    evp::must(EVP_EncryptUpdate(context.get(), sealed.ciphertext.data(), &size, plaintext.data(),
                                size_of(plaintext)));
    evp::must(EVP_EncryptFinal_ex(context.get(), sealed.ciphertext.data() + size, &size));
    evp::must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTagBytes, sealed.tag.data()));
    return sealed;
}

std::optional<Secret> gcm_decrypt(const Secret& key, std::string_view aad, const GcmSealed& sealed) {
    const evp::ErrorsOfThisScope errors;
    const evp::CipherContext context(evp::must(EVP_CIPHER_CTX_new()));
    const auto extra = contract::bytes_of(aad);
    auto tag = sealed.tag;  // OpenSSL takes no pointer to const
    Secret plaintext(sealed.ciphertext.size());
    int size = 0;
    evp::must(
        EVP_DecryptInit_ex2(context.get(), cipher(), key.reveal().data(), sealed.nonce.data(), nullptr));
    evp::must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kGcmTagBytes, tag.data()));
    evp::must(EVP_DecryptUpdate(context.get(), nullptr, &size, extra.data(), size_of(extra)));
    evp::must(EVP_DecryptUpdate(context.get(), plaintext.writable().data(), &size, sealed.ciphertext.data(),
                                size_of(sealed.ciphertext)));
    const bool holds = EVP_DecryptFinal_ex(context.get(), plaintext.writable().data() + size, &size) == 1;
    if (!holds) return std::nullopt;
    return plaintext;
}

}  // namespace kesher::statement
