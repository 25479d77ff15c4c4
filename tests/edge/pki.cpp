#include "tests/edge/pki.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace kesher::tests {
namespace {

template <auto free_it>
struct Free {
    template <class T>
    void operator()(T* held) const {
        free_it(held);
    }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using List = std::unique_ptr<X509_CRL, Free<X509_CRL_free>>;

constexpr long kDay = 24L * 3'600;

void must(bool held) {
    if (!held) throw std::runtime_error("OpenSSL refused to make test material");
}

Key new_key() {
    Key key(EVP_EC_gen("P-256"));
    must(key != nullptr);
    return key;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(length));
}

std::string pem_of(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    must(PEM_write_bio_X509(bio.get(), certificate) == 1);
    return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    must(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return text_of(bio.get());
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    must(extension != nullptr);
    must(X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate unsigned_certificate(const Wanted& wanted, long serial, EVP_PKEY* key) {
    Certificate certificate(X509_new());
    must(certificate != nullptr);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wanted.valid_from_days * kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wanted.valid_to_days * kDay);
    X509_set_pubkey(certificate.get(), key);
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(wanted.common_name.c_str()), -1,
                                    -1, 0) == 1);
    return certificate;
}

Certificate parsed(const std::string& pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    must(certificate != nullptr);
    return certificate;
}

}  // namespace

struct Authority::Parts {
    Key key = new_key();
    Certificate certificate;
    std::string pem;
    long next_serial = 2;
};

Authority::Authority(const std::string& common_name) : parts_(std::make_unique<Parts>()) {
    Parts& own = *parts_;
    own.certificate = unsigned_certificate({common_name, {}, -2, 30}, 1, own.key.get());
    X509* certificate = own.certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    must(X509_sign(certificate, own.key.get(), EVP_sha256()) > 0);
    own.pem = pem_of(certificate);
}

Authority::~Authority() = default;

const std::string& Authority::certificate_pem() const { return parts_->pem; }

contract::Digest Authority::key_pin() const {
    unsigned char* der = nullptr;
    const int length = i2d_PUBKEY(parts_->key.get(), &der);
    must(length > 0);
    contract::Digest pin;
    must(EVP_Digest(der, static_cast<std::size_t>(length), pin.bytes.data(), nullptr, EVP_sha256(),
                    nullptr) == 1);
    OPENSSL_free(der);
    return pin;
}

Issued Authority::issue(const Wanted& wanted) {
    const Key key = new_key();
    const Certificate certificate = unsigned_certificate(wanted, parts_->next_serial++, key.get());
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(parts_->certificate.get()));
    add_extension(certificate.get(), parts_->certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    if (!wanted.subject_alternative_name.empty()) {
        add_extension(certificate.get(), parts_->certificate.get(), NID_subject_alt_name,
                      wanted.subject_alternative_name);
    }
    must(X509_sign(certificate.get(), parts_->key.get(), EVP_sha256()) > 0);
    return {pem_of(certificate.get()), pem_of(key.get())};
}

std::string Authority::revocation_list(const std::string& revoked_certificate_pem) {
    const List list(X509_CRL_new());
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(parts_->certificate.get()));
    std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>> time(X509_gmtime_adj(nullptr, -kDay));
    X509_CRL_set1_lastUpdate(list.get(), time.get());
    if (!revoked_certificate_pem.empty()) {
        X509_REVOKED* entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(parsed(revoked_certificate_pem).get()));
        X509_REVOKED_set_revocationDate(entry, time.get());
        must(X509_CRL_add0_revoked(list.get(), entry) == 1);
    }
    X509_gmtime_adj(time.get(), kDay);
    X509_CRL_set1_nextUpdate(list.get(), time.get());
    must(X509_CRL_sign(list.get(), parts_->key.get(), EVP_sha256()) > 0);
    const Bio bio(BIO_new(BIO_s_mem()));
    must(PEM_write_bio_X509_CRL(bio.get(), list.get()) == 1);
    return text_of(bio.get());
}

std::string encrypted_key(const std::string& key_pem, const std::string& passphrase) {
    const Bio in(BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())));
    const Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    must(key != nullptr);
    const Bio out(BIO_new(BIO_s_mem()));
    must(PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), passphrase.data(),
                                       static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
    return text_of(out.get());
}

}  // namespace kesher::tests
