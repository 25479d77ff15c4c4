#include "schemas/statement/issue.h"

#include <openssl/asn1.h>

#include <algorithm>

#include "schemas/contract/limits.h"
#include "schemas/statement/evp.h"
#include "schemas/statement/hash.h"

namespace kesher::statement {
namespace {

using contract::Failure;
using contract::OrganisationId;
using contract::Result;
using Name = evp::Handle<X509_NAME, X509_NAME_free>;
using Names = evp::Handle<GENERAL_NAMES, GENERAL_NAMES_free>;
using Address = evp::Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;

void demand(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
}

Name common_name(const std::string& text) {
    Name name(evp::must(X509_NAME_new()));
    evp::must(X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8,
                                         contract::bytes_of(text).data(), static_cast<int>(text.size()), -1,
                                         0));
    return name;
}

void set_serial(X509* certificate) {
    auto bytes = random_bytes<16>();
    bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x7FU) | 0x40U);  // positive, always 16 bytes
    const evp::Number number(evp::must(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)));
    evp::must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)));
}

std::time_t seconds(contract::Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

evp::X509Handle begin(const PublicKey& key, const std::string& subject, const Name& issuer,
                      Validity validity) {
    demand(key.kind() == KeyKind::p256, "a certificate is for a P-256 key");
    demand(validity.from <= validity.until, "a certificate ends after it begins");
    evp::X509Handle x509(evp::must(X509_new()));
    evp::must(X509_set_version(x509.get(), X509_VERSION_3));
    set_serial(x509.get());
    evp::must(X509_set_issuer_name(x509.get(), issuer.get()));
    evp::must(X509_set_subject_name(x509.get(), common_name(subject).get()));
    evp::must(ASN1_TIME_adj(X509_getm_notBefore(x509.get()), seconds(validity.from), 0, 0));
    evp::must(ASN1_TIME_adj(X509_getm_notAfter(x509.get()), seconds(validity.until), 0, 0));
    evp::must(X509_set_pubkey(x509.get(), key.native()));
    return x509;
}

// `value` is one of our own constants, never a caller's text.
void extend(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const evp::Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
        evp::must(X509V3_EXT_conf_nid(nullptr, &context, nid, value)));
    evp::must(X509_add_ext(certificate, extension.get(), -1));
}

Certificate finish(X509* certificate, const PrivateKey& key) {
    if (X509_sign(certificate, key.native(), EVP_sha256()) <= 0) evp::must(0);
    return Certificate::from_der(evp::der_of(certificate, i2d_X509)).value();
}

const char* key_usage(Use use) {
    switch (use) {
        case Use::root:
            return "critical,keyCertSign,cRLSign";
        case Use::approver:
            return "critical,nonRepudiation";
        case Use::encryption:
            return "critical,keyAgreement";
        case Use::signing:
        case Use::tls_client:
        case Use::tls_server:
            return "critical,digitalSignature";
    }
    return "";
}

bool is_host_name(std::string_view text) {
    const bool allowed = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
    return allowed && !text.empty() && text.size() <= 253 && text.front() != '.' && text.front() != '-';
}

void add_host(GENERAL_NAMES* names, const std::string& host) {
    GENERAL_NAME* name = evp::must(GENERAL_NAME_new());
    sk_GENERAL_NAME_push(names, name);
    if (Address address(a2i_IPADDRESS(host.c_str())); address) {
        GENERAL_NAME_set0_value(name, GEN_IPADD, address.release());
        return;
    }
    demand(is_host_name(host), "a server's host is a lower-case DNS name or an IP address");
    ASN1_IA5STRING* text = evp::must(ASN1_IA5STRING_new());
    evp::must(ASN1_STRING_set(text, host.data(), static_cast<int>(host.size())));
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
}

void add_hosts(X509* certificate, const std::vector<std::string>& hosts) {
    const evp::ErrorsOfThisScope errors;
    const Names names(evp::must(GENERAL_NAMES_new()));
    for (const std::string& host : hosts) add_host(names.get(), host);
    evp::must(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT));
}

}  // namespace

Certificate issue_root(const PrivateKey& key, const OrganisationId& organisation, Validity validity) {
    const std::string subject = organisation.text() + " root";
    const auto x509 = begin(key.public_key(), subject, common_name(subject), validity);
    extend(x509.get(), x509.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(x509.get(), x509.get(), NID_key_usage, key_usage(Use::root));
    extend(x509.get(), x509.get(), NID_subject_key_identifier, "hash");
    extend(x509.get(), x509.get(), NID_authority_key_identifier, "keyid:always");
    return finish(x509.get(), key);
}

std::optional<Issuer> Issuer::make(PrivateKey key, Certificate root) {
    if (root.use() != Use::root || root.key() != key.public_key()) return std::nullopt;
    return Issuer(std::move(key), std::move(root));
}

Certificate Issuer::issue(const PublicKey& subject_key, const OrganisationId& subject, Use use,
                          Validity validity, const std::vector<std::string>& hosts) const {
    demand(use != Use::root, "a root issues no root");
    demand((use == Use::tls_server) != hosts.empty(), "a TLS server, and it alone, has hosts");
    const Name issuer(evp::must(X509_NAME_dup(X509_get_subject_name(root_.native()))));
    const auto x509 = begin(subject_key, subject.text(), issuer, validity);
    extend(x509.get(), root_.native(), NID_basic_constraints, "critical,CA:FALSE");
    extend(x509.get(), root_.native(), NID_key_usage, key_usage(use));
    if (use == Use::tls_client) extend(x509.get(), root_.native(), NID_ext_key_usage, "clientAuth");
    if (use == Use::tls_server) extend(x509.get(), root_.native(), NID_ext_key_usage, "serverAuth");
    extend(x509.get(), root_.native(), NID_subject_key_identifier, "hash");
    extend(x509.get(), root_.native(), NID_authority_key_identifier, "keyid:always");
    if (use == Use::tls_server) add_hosts(x509.get(), hosts);
    return finish(x509.get(), key_);
}

std::string make_request(const PrivateKey& key, const OrganisationId& organisation) {
    const evp::RequestHandle request(evp::must(X509_REQ_new()));
    evp::must(X509_REQ_set_version(request.get(), X509_REQ_VERSION_1));
    evp::must(X509_REQ_set_subject_name(request.get(), common_name(organisation.text()).get()));
    evp::must(X509_REQ_set_pubkey(request.get(), key.native()));
    if (X509_REQ_sign(request.get(), key.native(), EVP_sha256()) <= 0) evp::must(0);
    return evp::pem_text(evp::der_of(request.get(), i2d_X509_REQ), "CERTIFICATE REQUEST");
}

namespace {

std::optional<OrganisationId> subject_of(X509_REQ* request) {
    const X509_NAME* name = X509_REQ_get_subject_name(request);
    if (X509_NAME_entry_count(name) != 1) return std::nullopt;
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, 0);
    if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_commonName) return std::nullopt;
    const ASN1_STRING* text = X509_NAME_ENTRY_get_data(entry);
    return OrganisationId::parse(
        contract::text_of({ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))}));
}

}  // namespace

Result<CertificateRequest, CertificateFault> read_request(std::string_view pem) {
    const evp::ErrorsOfThisScope errors;
    if (pem.size() > 2 * contract::limits::kCertificateBytes) return Failure{CertificateFault::malformed};
    const auto der = evp::pem_block(pem, "CERTIFICATE REQUEST");
    if (!der) return Failure{CertificateFault::malformed};
    const std::uint8_t* at = der->data();
    const evp::RequestHandle request(d2i_X509_REQ(nullptr, &at, static_cast<long>(der->size())));
    if (!request || at != der->data() + der->size()) return Failure{CertificateFault::malformed};
    const auto key =
        PublicKey::from_spki(evp::der_of(X509_REQ_get_X509_PUBKEY(request.get()), i2d_X509_PUBKEY));
    const bool known = key && key->kind() == KeyKind::p256 &&
                       X509_REQ_get_signature_nid(request.get()) == NID_ecdsa_with_SHA256;
    if (!known) return Failure{CertificateFault::algorithm};
    const auto subject = subject_of(request.get());
    if (!subject || X509_REQ_verify(request.get(), key->native()) != 1)
        return Failure{CertificateFault::malformed};
    return CertificateRequest{*key, *subject};
}

}  // namespace kesher::statement
