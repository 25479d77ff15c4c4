// A certificate is one certificate in one spelling, for one use, issued by one root.
#include <catch2/catch.hpp>

#include <algorithm>

#include "schemas/statement/hash.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;

namespace {

std::string sample(const std::string& name) {
    return file_text(std::string(KESHER_SOURCE_DIR) + "/tests/unit/statement/samples/" + name);
}

std::string verdict(std::string_view pem) {
    const auto certificate = Certificate::from_pem(pem);
    if (certificate) return "ok";
    return certificate.error() == CertificateFault::malformed ? "malformed" : "algorithm";
}

std::string request_verdict(std::string_view pem) {
    const auto request = read_request(pem);
    if (request) return request->organisation.text();
    return request.error() == CertificateFault::malformed ? "malformed" : "algorithm";
}

contract::Bytes pem_bytes(std::string pem) {
    pem.erase(0, pem.find('\n') + 1);
    pem.erase(pem.find("-----END"));
    std::erase(pem, '\n');
    return contract::from_base64(pem).value();
}

std::string pem_of(const contract::Bytes& der, const std::string& label) {
    std::string text = contract::base64(der);
    for (std::size_t at = 64; at < text.size(); at += 65) text.insert(at, 1, '\n');
    return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
}

}  // namespace

TEST_CASE("A certificate is read back from PEM and DER the same") {
    const auto health = party("health");
    const auto& made = health.signing;
    CHECK(Certificate::from_pem(made.pem()).value() == made);
    CHECK(Certificate::from_der(made.der()).value() == made);
    CHECK(made.thumbprint() == sha256(made.der()));
    CHECK(made.key() == health.signing_key.public_key());
    CHECK(made.not_before() == kKeyLife.from);
    CHECK(made.not_after() == kKeyLife.until);
    CHECK(made.common_name() == "health");
    CHECK(made.names(organisation("health")));
    CHECK_FALSE(made.names(organisation("healt")));
}

TEST_CASE("What is not exactly one certificate is refused") {
    const auto pem = party("health").signing.pem();
    CHECK(verdict(pem) == "ok");
    CHECK(verdict(pem + "\n \n") == "ok");
    CHECK(verdict(pem + pem) == "malformed");
    CHECK(verdict(pem + "x") == "malformed");
    CHECK(verdict("x\n" + pem) == "malformed");
    CHECK(verdict("\n" + pem) == "malformed");
    CHECK(verdict("") == "malformed");
    CHECK(verdict(replaced(pem, "CERTIFICATE", "X509 CRL")) == "malformed");
    CHECK(verdict(pem.substr(0, pem.size() / 2)) == "malformed");
    CHECK(verdict(sample("health.csr.pem")) == "malformed");
    CHECK(verdict(pem + std::string(16 * 1024, '\n')) == "malformed");
}

TEST_CASE("DER with a byte more or less is refused") {
    const auto der = party("health").signing.der();
    CHECK(Certificate::from_der(der));
    auto more = der;
    more.push_back(0);
    CHECK_FALSE(Certificate::from_der(more));
    CHECK_FALSE(Certificate::from_der(contract::ByteView(der).first(der.size() - 1)));
    CHECK_FALSE(Certificate::from_der({}));
}

TEST_CASE("Keys of other kinds and other signature algorithms are refused") {
    for (const char* name : {"p384.pem", "rsa.pem", "explicit.pem", "sha512.pem"}) {
        CAPTURE(name);
        CHECK(verdict(sample(name)) == "algorithm");
    }
    CHECK(verdict(sample("two_names.pem")) == "ok");
}

TEST_CASE("Each use is known by its key usage and no mixture has one") {
    const auto health = party("health");
    const auto key = PrivateKey::generate(KeyKind::p256).public_key();
    for (const Use use : {Use::signing, Use::approver, Use::encryption, Use::tls_client}) {
        CHECK(health.issuer.issue(key, health.id, use, kKeyLife).use() == use);
    }
    CHECK(
        health.issuer.issue(key, health.id, Use::tls_server, kKeyLife, {"hub.example", "127.0.0.1"}).use() ==
        Use::tls_server);
    CHECK(health.root().use() == Use::root);
    const auto mixture = Certificate::from_pem(sample("two_names.pem")).value();
    CHECK_FALSE(mixture.use());
    CHECK_FALSE(mixture.common_name());
}

TEST_CASE("A root that openssl made is a root where it may sign certificates and documents") {
    CHECK(Certificate::from_pem(sample("root.pem")).value().use() == Use::root);
    CHECK_FALSE(Certificate::from_pem(sample("root_only_certificates.pem")).value().use());
    CHECK_FALSE(Certificate::from_pem(sample("root_without_usage.pem")).value().use());
}

TEST_CASE("A certificate holds from its first to its last second") {
    const auto certificate = party("health").signing;
    CHECK_FALSE(certificate.valid_at(kKeyLife.from - 1ms));
    CHECK(certificate.valid_at(kKeyLife.from));
    CHECK(certificate.valid_at(kKeyLife.until + 999ms));
    CHECK_FALSE(certificate.valid_at(kKeyLife.until + 1s));
}

TEST_CASE("A certificate is vouched for by the root that signed it and by no other") {
    const auto health = party("health");
    const auto twin = party("health");
    CHECK(health.signing.issued_by(health.root()));
    CHECK(health.signing.issued_by(health.root(), kNow));
    CHECK_FALSE(health.signing.issued_by(twin.root()));
    CHECK_FALSE(health.signing.issued_by(health.signing));
    CHECK_FALSE(health.signing.issued_by(health.encryption));
    CHECK_FALSE(health.root().issued_by(health.root()));
    CHECK_FALSE(health.signing.issued_by(health.root(), kKeyLife.until + 1s));
    CHECK_FALSE(health.signing.issued_by(health.root(), kKeyLife.from - 1s));
}

TEST_CASE("A certificate outlives its root only in name") {
    const auto key = PrivateKey::generate(KeyKind::p256);
    const auto id = organisation("health");
    const auto issuer = Issuer::make(key, issue_root(key, id, {kNow - 1h, kNow + 1h})).value();
    const auto signing =
        issuer.issue(PrivateKey::generate(KeyKind::p256).public_key(), id, Use::signing, kKeyLife);
    CHECK(signing.issued_by(issuer.root(), kNow + 1h));
    CHECK_FALSE(signing.issued_by(issuer.root(), kNow + 1h + 1s));
}

TEST_CASE("A certificate whose signature was altered is vouched for by nobody") {
    const auto health = party("health");
    auto der = health.signing.der();
    der.back() ^= 1U;
    CHECK_FALSE(Certificate::from_der(der).value().issued_by(health.root()));
    CHECK(health.signing.issued_by(health.root()));
}

TEST_CASE("A key and a certificate that do not belong together make no issuer and no signer") {
    const auto health = party("health");
    CHECK(Issuer::make(health.issuer.key(), health.root()));
    CHECK_FALSE(Issuer::make(health.signing_key, health.root()));
    CHECK_FALSE(Issuer::make(health.signing_key, health.signing));
    CHECK(Signer::make(health.signing_key, health.signing));
    CHECK_FALSE(Signer::make(health.encryption_key, health.signing));
}

TEST_CASE("Certificates that would be wrong are not issued") {
    const auto health = party("health");
    const auto key = PrivateKey::generate(KeyKind::p256).public_key();
    const auto issue = [&](const PublicKey& of, Use use, Validity life, std::vector<std::string> hosts) {
        return health.issuer.issue(of, health.id, use, life, hosts);
    };
    CHECK_THROWS_AS(issue(key, Use::root, kKeyLife, {}), std::logic_error);
    CHECK_THROWS_AS(issue(key, Use::tls_server, kKeyLife, {}), std::logic_error);
    CHECK_THROWS_AS(issue(key, Use::tls_client, kKeyLife, {"hub.example"}), std::logic_error);
    CHECK_THROWS_AS(issue(key, Use::tls_server, kKeyLife, {"a,DNS:b"}), std::logic_error);
    CHECK_THROWS_AS(issue(key, Use::signing, {kNow, kNow - 1s}, {}), std::logic_error);
    CHECK_THROWS_AS(issue(PrivateKey::generate(KeyKind::ed25519).public_key(), Use::signing, kKeyLife, {}),
                    std::logic_error);
}

TEST_CASE("A certificate request says whose key it is and proves it") {
    const auto key = PrivateKey::generate(KeyKind::p256);
    const auto pem = make_request(key, organisation("ssd-5000"));
    const auto request = read_request(pem);
    REQUIRE(request);
    CHECK(request->key == key.public_key());
    CHECK(request->organisation == organisation("ssd-5000"));
    CHECK(request_verdict(sample("health.csr.pem")) == "health");
    CHECK(request_verdict(pem + pem) == "malformed");
    CHECK(request_verdict(sample("rsa.pem")) == "malformed");
    CHECK(request_verdict(make_request(PrivateKey::generate(KeyKind::p256), organisation("x1"))) == "x1");
}

TEST_CASE("A certificate request for another name than was signed is refused") {
    auto der = pem_bytes(make_request(PrivateKey::generate(KeyKind::p256), organisation("health")));
    CHECK(request_verdict(pem_of(der, "CERTIFICATE REQUEST")) == "health");
    const std::string name = "health";
    const auto at = std::search(der.begin(), der.end(), name.begin(), name.end());
    REQUIRE(at != der.end());
    *at = 'w';
    CHECK(request_verdict(pem_of(der, "CERTIFICATE REQUEST")) == "malformed");
}
