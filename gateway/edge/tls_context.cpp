#include "gateway/edge/tls_context.h"

#include <Poco/Net/SSLManager.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/X509Certificate.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <csignal>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace kesher::edge {
namespace {

// A session ticket dies before an organisation that left could use it for long.
constexpr long kTicketLifeSeconds = 3'600;
constexpr std::size_t kPemBytesMax = 256 * 1024;
constexpr const char* kCiphers = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";

template <auto free_it>
struct Free {
    template <class T>
    void operator()(T* held) const {
        free_it(held);
    }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using RevocationList = std::unique_ptr<X509_CRL, Free<X509_CRL_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
void sk_X509_free_only(STACK_OF(X509) * stack) { sk_X509_free(stack); }

[[noreturn]] void fail(const char* what) {
    const unsigned long reason = ERR_get_error();
    std::array<char, 200> text{};
    ERR_error_string_n(reason, text.data(), text.size());
    ERR_clear_error();
    throw std::runtime_error(std::string("TLS material: ") + what + (reason == 0 ? "" : ": ") +
                             (reason == 0 ? "" : text.data()));
}

void must(long rc, const char* what) {
    if (rc != 1) fail(what);
}

Bio reader(const std::string& pem) {
    Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio) fail("memory");
    return bio;
}

std::vector<Certificate> certificates_in(const std::string& pem, const char* what) {
    const Bio bio = reader(pem);
    std::vector<Certificate> found;
    while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) found.emplace_back(next);
    // The last read fails for want of another one; anything else is a broken file.
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (found.empty() || !at_end) fail(what);
    ERR_clear_error();
    return found;
}

// Never asks at a terminal: a service that waits for a passphrase has not started.
int passphrase_callback(char* buffer, int size, int, void* given) {
    const auto& text = static_cast<const SecretText*>(given)->reveal();
    if (text.empty() || text.size() > static_cast<std::size_t>(size)) return -1;
    std::copy(text.begin(), text.end(), buffer);
    return static_cast<int>(text.size());
}

void use_identity(SSL_CTX* context, const TlsIdentity& identity) {
    const auto chain = certificates_in(identity.certificate_chain_pem, "certificate chain");
    must(SSL_CTX_use_certificate(context, chain.front().get()), "certificate");
    for (std::size_t i = 1; i < chain.size(); ++i) {
        must(SSL_CTX_add1_chain_cert(context, chain[i].get()), "chain certificate");
    }
    SecretText passphrase = identity.passphrase;
    const Bio bio = reader(identity.private_key_pem.reveal());
    const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, passphrase_callback, &passphrase));
    if (!key) fail("private key");
    must(SSL_CTX_use_PrivateKey(context, key.get()), "private key");
    must(SSL_CTX_check_private_key(context), "private key is not the certificate's");
}

void trust(SSL_CTX* context, const std::string& ca_pem) {
    for (const Certificate& ca : certificates_in(ca_pem, "CA certificate")) {
        must(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()), "CA certificate");
    }
}

void use_revocation_lists(SSL_CTX* context, const std::string& crl_pem) {
    const Bio bio = reader(crl_pem);
    std::size_t count = 0;
    while (X509_CRL* next = PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)) {
        const RevocationList list(next);
        must(X509_STORE_add_crl(SSL_CTX_get_cert_store(context), list.get()), "revocation list");
        ++count;
    }
    ERR_clear_error();
    if (count == 0) fail("revocation list");
    must(X509_STORE_set_flags(SSL_CTX_get_cert_store(context), X509_V_FLAG_CRL_CHECK), "revocation check");
}

// Poco's own choices are TLS 1.0, "ALL:" and renegotiation; and its verify callbacks ask handlers
// that may overrule OpenSSL. Ours says no where OpenSSL does.
void harden(SSL_CTX* context, int verify_mode) {
    must(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION), "TLS 1.3");
    must(SSL_CTX_set_ciphersuites(context, kCiphers), "cipher suites");
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_verify(context, verify_mode, nullptr);
    SSL_CTX_set_timeout(context, kTicketLifeSeconds);
}

void must_name(SSL_CTX* context, const std::string& host) {
    X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context);
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
    ERR_clear_error();
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_WILDCARDS);
    must(X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()), "host name");
}

bool has_key(const X509* certificate, const contract::Digest& pin) {
    unsigned char* der = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (length < 0) return false;
    contract::Digest digest;
    const int hashed = EVP_Digest(der, static_cast<std::size_t>(length), digest.bytes.data(), nullptr,
                                  EVP_sha256(), nullptr);
    OPENSSL_free(der);
    return hashed == 1 && digest == pin;
}

// Instead of a CA of our own: the only trusted certificate is the one of the pinned key. All else (chain,
// dates, use, the host's name) OpenSSL judges as always, with that one as the root.
int verify_by_pin(X509_STORE_CTX* handshake, void* pin) {
    STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(handshake);
    X509* pinned = nullptr;
    for (int i = 0; i < sk_X509_num(sent); ++i) {
        if (has_key(sk_X509_value(sent, i), *static_cast<const contract::Digest*>(pin)))
            pinned = sk_X509_value(sent, i);
    }
    if (pinned == nullptr || X509_check_ca(pinned) != 1) {
        X509_STORE_CTX_set_error(handshake, X509_V_ERR_CERT_UNTRUSTED);
        return 0;
    }
    const std::unique_ptr<STACK_OF(X509), Free<sk_X509_free_only>> trusted(sk_X509_new_null());
    if (!trusted || sk_X509_push(trusted.get(), pinned) != 1) return 0;
    X509_STORE_CTX_set0_trusted_stack(handshake, trusted.get());
    return X509_verify_cert(handshake) == 1 ? 1 : 0;
}

// The subject's only CN as UTF-8; empty where there is none or more than one.
std::string common_name(const X509* certificate) {
    const X509_NAME* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return {};
    const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    unsigned char* text = nullptr;
    const int length = ASN1_STRING_to_UTF8(&text, value);
    if (length < 0) return {};
    std::string name(text, text + length);
    OPENSSL_free(text);
    return name;
}

}  // namespace

std::string read_pem_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(kPemBytesMax + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.empty()) throw std::runtime_error("cannot read " + path);
    if (text.size() > kPemBytesMax) throw std::runtime_error("too large for PEM: " + path);
    return text;
}

Poco::Net::Context::Ptr server_context(const ServerTls& tls) {
    using Poco::Net::Context;
    const bool strict = !tls.client_ca_pem.empty();
    Poco::Net::initializeSSL();
    Context::Ptr context =
        new Context(Context::TLS_SERVER_USE, "", strict ? Context::VERIFY_STRICT : Context::VERIFY_NONE);
    // It would compare the client's certificate with the client's address.
    context->enableExtendedCertificateVerification(false);
    // Without an id of its own, the second handshake of every client with a certificate fails.
    if (tls.session_context.empty() || tls.session_context.size() > SSL_MAX_SSL_SESSION_ID_LENGTH) {
        fail("session context is 1 to 32 bytes");
    }
    context->enableSessionCache(true, tls.session_context);
    harden(context->sslContext(),
           strict ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE);
    use_identity(context->sslContext(), tls.identity);
    if (strict) {
        trust(context->sslContext(), tls.client_ca_pem);
        for (const Certificate& ca : certificates_in(tls.client_ca_pem, "CA certificate")) {
            must(SSL_CTX_add_client_CA(context->sslContext(), ca.get()), "client CA");
        }
    }
    if (!tls.client_crl_pem.empty()) use_revocation_lists(context->sslContext(), tls.client_crl_pem);
    return context;
}

namespace {

Poco::Net::Context::Ptr strict_client_context(const std::optional<TlsIdentity>& identity,
                                              const std::string& host) {
    using Poco::Net::Context;
    Poco::Net::initializeSSL();
    Context::Ptr context = new Context(Context::TLS_CLIENT_USE, "", Context::VERIFY_STRICT);
    // Poco's check of the name is replaced by OpenSSL's own, inside the handshake.
    context->enableExtendedCertificateVerification(false);
    harden(context->sslContext(), SSL_VERIFY_PEER);
    must_name(context->sslContext(), host);
    if (identity) use_identity(context->sslContext(), *identity);
    return context;
}

}  // namespace

Poco::Net::Context::Ptr client_context(const std::optional<TlsIdentity>& identity,
                                       const std::string& server_ca_pem, const std::string& host) {
    Poco::Net::Context::Ptr context = strict_client_context(identity, host);
    trust(context->sslContext(), server_ca_pem);
    return context;
}

Poco::Net::Context::Ptr pinned_client_context(const std::optional<TlsIdentity>& identity,
                                              const contract::Digest& pin, const std::string& host) {
    Poco::Net::Context::Ptr context = strict_client_context(identity, host);
    SSL_CTX_set_cert_verify_callback(context->sslContext(), verify_by_pin,
                                     const_cast<contract::Digest*>(&pin));
    return context;
}

std::optional<Peer> peer_of(const Poco::Net::StreamSocket& secure_socket) {
    const Poco::Net::SecureStreamSocket secure(secure_socket);
    if (!secure.havePeerCertificate()) return std::nullopt;
    const Poco::Net::X509Certificate held = secure.peerCertificate();
    unsigned char* der = nullptr;
    const int length = i2d_X509(held.certificate(), &der);
    if (length < 0) fail("peer certificate");
    Peer peer;
    peer.certificate_der.assign(der, der + length);
    OPENSSL_free(der);
    std::array<std::uint8_t, 32> digest{};
    must(EVP_Digest(peer.certificate_der.data(), peer.certificate_der.size(), digest.data(), nullptr,
                    EVP_sha256(), nullptr),
         "SHA-256");
    peer.fingerprint = contract::hex(digest);
    peer.common_name = common_name(held.certificate());
    return peer;
}

void ignore_broken_pipes() {
    // OpenSSL writes with write(2), which knows no MSG_NOSIGNAL.
    static const bool once = [] { return std::signal(SIGPIPE, SIG_IGN) != SIG_ERR; }();
    if (!once) throw std::runtime_error("cannot ignore SIGPIPE");
}

}  // namespace kesher::edge
