#include "schemas/statement/evp.h"

#include <openssl/pem.h>

#include <algorithm>

namespace kesher::statement::evp {
namespace {

struct PemParts {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    PemParts() = default;
    PemParts(const PemParts&) = delete;
    PemParts& operator=(const PemParts&) = delete;
    ~PemParts() {
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, static_cast<std::size_t>(size));  // it may be a private key
    }
};

bool is_white(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

std::optional<contract::Bytes> pem_block(std::string_view pem, std::string_view label) {
    const ErrorsOfThisScope errors;
    if (!pem.starts_with("-----BEGIN " + std::string(label) + "-----")) return std::nullopt;
    const Bio bio(must(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
    PemParts parts;
    if (PEM_read_bio(bio.get(), &parts.name, &parts.header, &parts.data, &parts.size) != 1)
        return std::nullopt;
    if (parts.name != label || parts.header[0] != '\0') return std::nullopt;
    const std::size_t left = BIO_ctrl_pending(bio.get());
    const std::string_view rest = pem.substr(pem.size() - left);
    if (!std::all_of(rest.begin(), rest.end(), is_white)) return std::nullopt;
    return contract::Bytes(parts.data, parts.data + parts.size);
}

std::string pem_text(contract::ByteView der, const char* label) {
    const Bio bio(must(BIO_new(BIO_s_mem())));
    const int written = PEM_write_bio(bio.get(), label, "", der.data(), static_cast<long>(der.size()));
    if (written <= 0) must(0);
    std::string text(BIO_ctrl_pending(bio.get()), '\0');
    BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
    return text;
}

}  // namespace kesher::statement::evp
