// A certificate from the hub says whose a connection is: whatever the request asks for, nothing more.
#include <catch2/catch.hpp>

#include "gateway/keys/certificate_authority.h"

using namespace kesher;
using namespace kesher::keys;
using namespace std::chrono_literals;

namespace {

const contract::Instant the_day = contract::start_of(contract::parse_day("2026-11-21").value()) + 9h;
const auto department = contract::OrganisationId::parse("ssd-5000").value();
constexpr auto days = [](int n) { return std::chrono::hours{24 * n}; };

CertificateAuthority authority() {
    const auto key = statement::PrivateKey::generate(statement::KeyKind::p256);
    const auto root =
        statement::issue_root(key, contract::OrganisationId::hub(), validity_from(the_day, kAuthorityLife));
    return CertificateAuthority(statement::Issuer::make(key, root).value());
}

// Made with openssl req: CN=nii, and it asks for CA:TRUE, keyCertSign, serverAuth and a host name.
const std::string kGreedyRequest = R"(-----BEGIN CERTIFICATE REQUEST-----
MIIBJTCBzAIBADAOMQwwCgYDVQQDDANuaWkwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAS1rqZD4YTklkrqw+NNNZulGTGBDjpXOoDgav0M8nhzhuWfzK30m2SsLq4O
AIeGY9BRKoSk3X60SxsaN18m0bQQoFwwWgYJKoZIhvcNAQkOMU0wSzAPBgNVHRMB
Af8EBTADAQH/MAsGA1UdDwQEAwICBDATBgNVHSUEDDAKBggrBgEFBQcDATAWBgNV
HREEDzANggtodWIuZXhhbXBsZTAKBggqhkjOPQQDAgNIADBFAiBY2V5O/iXsCSTm
10GUZgNUJIRRsGcMEWG4M6gf4FqzTgIhAInvqm965+r3PXbteDELCnmno/Mo1kZ9
KTjdEoXi6TSl
-----END CERTIFICATE REQUEST-----
)";

}  // namespace

TEST_CASE("A client certificate names the organisation of the token and holds the request's key alone") {
    const auto ca = authority();
    const auto issued = ca.issue_client(kGreedyRequest, department, the_day);
    REQUIRE(issued);
    CHECK(issued->use() == statement::Use::tls_client);
    CHECK(issued->names(department));
    CHECK(issued->common_name() == "ssd-5000");
    CHECK(issued->key() == statement::read_request(kGreedyRequest)->key);
    CHECK(issued->issued_by(ca.certificate(), the_day));
}

TEST_CASE("A client certificate holds for 90 days and begins five minutes early") {
    const auto issued = authority().issue_client(kGreedyRequest, department, the_day);
    REQUIRE(issued);
    CHECK(issued->not_before() == the_day - 300s);
    CHECK(issued->not_after() == the_day - 300s + days(90) - 1s);
    CHECK(issued->valid_at(the_day - 300s));
    CHECK_FALSE(issued->valid_at(the_day - 301s));
    CHECK_FALSE(issued->valid_at(the_day + days(90)));
}

TEST_CASE("No certificate outlives the authority that made it") {
    const auto ca = authority();
    const auto end = ca.certificate().not_after();
    const auto issued = ca.issue_client(kGreedyRequest, department, end - days(10));
    REQUIRE(issued);
    CHECK(issued->not_after() == end);
}

TEST_CASE("An authority that does not hold at this time issues nothing") {
    const auto ca = authority();
    const auto end = ca.certificate().not_after();
    CHECK_NOTHROW(ca.issue_client(kGreedyRequest, department, end));
    CHECK_THROWS_AS(ca.issue_client(kGreedyRequest, department, end + 2s), std::runtime_error);
    CHECK_THROWS_AS(ca.issue_client(kGreedyRequest, department, the_day - 301s), std::runtime_error);
}

TEST_CASE("The same request answered twice gives two certificates") {
    const auto ca = authority();
    const auto first = ca.issue_client(kGreedyRequest, department, the_day);
    const auto second = ca.issue_client(kGreedyRequest, department, the_day);
    REQUIRE((first && second));
    CHECK_FALSE(*first == *second);
}

TEST_CASE("What is no request or was changed on the way gets no certificate") {
    const auto ca = authority();
    std::string changed = kGreedyRequest;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    CHECK_FALSE(ca.issue_client(changed, department, the_day));
    CHECK_FALSE(ca.issue_client("", department, the_day));
    CHECK_FALSE(ca.issue_client(ca.certificate().pem(), department, the_day));
}

TEST_CASE("The listeners' certificate is the hub's and of no use to a client") {
    const auto ca = authority();
    const auto key = statement::PrivateKey::generate(statement::KeyKind::p256);
    const auto issued = ca.issue_server(key.public_key(), {"hub.example", "127.0.0.1"}, the_day);
    CHECK(issued.use() == statement::Use::tls_server);
    CHECK(issued.names(contract::OrganisationId::hub()));
    CHECK(issued.not_after() == the_day - 300s + days(397) - 1s);
}

TEST_CASE("A validity is cut to whole seconds and ends where its bound ends") {
    const auto whole = validity_from(the_day + 999ms, 10s);
    CHECK(whole.from == the_day - 300s);
    CHECK(whole.until == the_day - 300s + 9s);
    CHECK(validity_from(the_day, 10s, the_day - 295s + 1ms).until == the_day - 295s);
}
