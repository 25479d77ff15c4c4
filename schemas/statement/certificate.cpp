#include "schemas/statement/certificate.h"

#include <ctime>

#include "schemas/contract/limits.h"
#include "schemas/statement/evp.h"
#include "schemas/statement/hash.h"

namespace kesher::statement {
namespace {

using contract::Failure;
using contract::Instant;
using contract::Result;
using Store = evp::Handle<X509_STORE, X509_STORE_free>;
using StoreContext = evp::Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
using ExtendedUses = evp::Handle<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

std::optional<Instant> instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return Instant(std::chrono::seconds(::timegm(&parts)));
}

std::optional<std::string> only_common_name(const X509_NAME* name) {
    if (X509_NAME_entry_count(name) != 1) return std::nullopt;
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, 0);
    if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_commonName) return std::nullopt;
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    if (size < 0) return std::nullopt;
    std::string found(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return found;
}

// The one extended use; 0 for none, -1 for several.
int extended_use(X509* certificate) {
    const ExtendedUses uses(
        static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
    if (!uses) return X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1) < 0 ? 0 : -1;
    if (sk_ASN1_OBJECT_num(uses.get()) != 1) return -1;
    const int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(uses.get(), 0));
    return nid == NID_undef ? -1 : nid;
}

std::optional<Use> use_of(X509* certificate) {
    const std::uint32_t flags = X509_get_extension_flags(certificate);
    if ((flags & (EXFLAG_INVALID | EXFLAG_CRITICAL)) != 0) return std::nullopt;
    const std::uint32_t usage = X509_get_key_usage(certificate);
    const int extended = extended_use(certificate);
    if (X509_check_ca(certificate) == 1) {
        const bool root = extended == 0 && usage == (KU_KEY_CERT_SIGN | KU_CRL_SIGN);
        return root ? std::optional(Use::root) : std::nullopt;
    }
    if (usage == KU_DIGITAL_SIGNATURE && extended == 0) return Use::signing;
    if (usage == KU_NON_REPUDIATION && extended == 0) return Use::approver;
    if (usage == KU_KEY_AGREEMENT && extended == 0) return Use::encryption;
    if (usage == KU_DIGITAL_SIGNATURE && extended == NID_client_auth) return Use::tls_client;
    if (usage == KU_DIGITAL_SIGNATURE && extended == NID_server_auth) return Use::tls_server;
    return std::nullopt;
}

}  // namespace

struct Certificate::Impl {
    evp::X509Handle x509;
    contract::Bytes der;
    contract::Digest thumbprint;
    PublicKey key;
    Instant not_before;
    Instant not_after;
    std::optional<Use> use;
    std::optional<std::string> common_name;
};

Result<Certificate, CertificateFault> Certificate::from_der(contract::ByteView der) {
    const evp::ErrorsOfThisScope errors;
    if (der.size() > contract::limits::kCertificateBytes) return Failure{CertificateFault::malformed};
    const std::uint8_t* at = der.data();
    evp::X509Handle x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!x509 || at != der.data() + der.size()) return Failure{CertificateFault::malformed};
    contract::Bytes bytes = evp::der_of(x509.get(), i2d_X509);
    const bool canonical = std::equal(bytes.begin(), bytes.end(), der.begin(), der.end());
    const auto not_before = instant_of(X509_get0_notBefore(x509.get()));
    const auto not_after = instant_of(X509_get0_notAfter(x509.get()));
    if (!canonical || !not_before || !not_after) return Failure{CertificateFault::malformed};
    if (X509_get_signature_nid(x509.get()) != NID_ecdsa_with_SHA256)
        return Failure{CertificateFault::algorithm};
    const contract::Bytes spki = evp::der_of(X509_get_X509_PUBKEY(x509.get()), i2d_X509_PUBKEY);
    auto key = PublicKey::from_spki(spki);
    if (!key || key->kind() != KeyKind::p256) return Failure{CertificateFault::algorithm};
    const auto use = use_of(x509.get());
    auto name = only_common_name(X509_get_subject_name(x509.get()));
    const contract::Digest thumbprint = sha256(bytes);
    return Certificate(
        std::make_shared<const Impl>(Impl{std::move(x509), std::move(bytes), thumbprint, std::move(*key),
                                          *not_before, *not_after, use, std::move(name)}));
}

Result<Certificate, CertificateFault> Certificate::from_pem(std::string_view pem) {
    if (pem.size() > 2 * contract::limits::kCertificateBytes) return Failure{CertificateFault::malformed};
    const auto der = evp::pem_block(pem, "CERTIFICATE");
    if (!der) return Failure{CertificateFault::malformed};
    return from_der(*der);
}

const contract::Digest& Certificate::thumbprint() const { return impl_->thumbprint; }
const PublicKey& Certificate::key() const { return impl_->key; }
Instant Certificate::not_before() const { return impl_->not_before; }
Instant Certificate::not_after() const { return impl_->not_after; }
std::optional<Use> Certificate::use() const { return impl_->use; }
const std::optional<std::string>& Certificate::common_name() const { return impl_->common_name; }
const contract::Bytes& Certificate::der() const { return impl_->der; }
std::string Certificate::pem() const { return evp::pem_text(impl_->der, "CERTIFICATE"); }
x509_st* Certificate::native() const { return impl_->x509.get(); }

bool Certificate::names(const contract::OrganisationId& organisation) const {
    return impl_->common_name == organisation.text();
}

// Both ends are inclusive, in whole seconds (RFC 5280 4.1.2.5).
bool Certificate::valid_at(Instant at) const {
    const Instant second = std::chrono::floor<std::chrono::seconds>(at);
    return impl_->not_before <= second && second <= impl_->not_after;
}

bool Certificate::issued_by(const Certificate& root) const {
    const evp::ErrorsOfThisScope errors;
    if (root.use() != Use::root || *this == root) return false;
    const Store store(evp::must(X509_STORE_new()));
    evp::must(X509_STORE_add_cert(store.get(), root.native()));
    evp::must(X509_STORE_set_flags(
        store.get(), X509_V_FLAG_X509_STRICT | X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_CHECK_SS_SIGNATURE));
    const StoreContext context(evp::must(X509_STORE_CTX_new()));
    evp::must(X509_STORE_CTX_init(context.get(), store.get(), native(), nullptr));
    if (X509_verify_cert(context.get()) != 1) return false;
    return sk_X509_num(X509_STORE_CTX_get0_chain(context.get())) == 2;
}

bool Certificate::issued_by(const Certificate& root, Instant at) const {
    return valid_at(at) && root.valid_at(at) && issued_by(root);
}

}  // namespace kesher::statement
