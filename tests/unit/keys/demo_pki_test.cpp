// The demo's keys are what an enrolment takes: judged by our reader and by openssl's own program.
#include <sys/wait.h>

#include <catch2/catch.hpp>

#include <set>

#include "gateway/keys/key_files.h"
#include "schemas/statement/key_file.h"
#include "schemas/statement/key_list.h"
#include "tests/unit/keys/own_directory.h"

using namespace kesher;
using tests::OwnDirectory;
using tests::text_in;

namespace {

int run(const std::string& command) {
    const int status = std::system((command + " >/dev/null 2>&1").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
int pki(const std::string& arguments) { return run(KESHER_BINARY_DIR "/bin/kesher-demo-pki " + arguments); }

contract::Instant now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}
statement::Certificate certificate_in(const std::filesystem::path& file) {
    return statement::Certificate::from_pem(text_in(file)).value();
}

const auto department = contract::OrganisationId::parse("ssd-5000").value();

}  // namespace

TEST_CASE("An organisation's first key list holds under its own root and tells its two certificates") {
    const OwnDirectory own;
    REQUIRE(pki("organisation --id ssd-5000 --dir " + (own / "ssd").string()) == 0);
    const auto root = certificate_in(own / "ssd/root.pem");
    const auto list = statement::verify_key_list(text_in(own / "ssd/keys.jws"), root,
                                                 {department, root.key().spki_sha256(), 1, now()});
    REQUIRE(list);
    CHECK(list->serial == 1);
    REQUIRE(list->signing.size() == 1);
    CHECK(list->signing[0] == certificate_in(own / "ssd/signing.pem"));
    REQUIRE(list->encryption.size() == 1);
    CHECK(list->encryption[0] == certificate_in(own / "ssd/encryption.pem"));
}

TEST_CASE("Every key of an organisation belongs to its certificate or request and no two are the same") {
    const OwnDirectory own;
    REQUIRE(pki("organisation --id ssd-5000 --dir " + (own / "ssd").string()) == 0);
    std::set<contract::Digest> pins;
    for (const std::string name : {"root", "signing", "encryption"}) {
        CAPTURE(name);
        const auto key = statement::read_private_key(own / ("ssd/" + name + ".key"), statement::Plain{});
        REQUIRE(key);
        CHECK(certificate_in(own / ("ssd/" + name + ".pem")).key() == key->public_key());
        pins.insert(key->public_key().spki_sha256());
    }
    const auto tls = statement::read_private_key(own / "ssd/tls.key", statement::Plain{});
    const auto request = statement::read_request(text_in(own / "ssd/tls.csr"));
    REQUIRE((tls && request));
    CHECK(request->organisation == department);
    CHECK(request->key == tls->public_key());
    pins.insert(tls->public_key().spki_sha256());
    CHECK(pins.size() == 4);
}

TEST_CASE(
    "openssl takes the organisation's TLS certificate as a client's and the hub's as a server's alone") {
    const OwnDirectory own;
    const std::string hub = (own / "hub").string();
    const std::string department_keys = (own / "ssd").string();
    REQUIRE(pki("hub --host localhost --host 127.0.0.1 --dir " + hub) == 0);
    REQUIRE(pki("organisation --id ssd-5000 --dir " + department_keys) == 0);
    REQUIRE(pki("certificate --hub " + hub + " --id ssd-5000 --request " + department_keys +
                "/tls.csr --out " + department_keys + "/tls.pem") == 0);
    const std::string verify = "openssl verify -x509_strict -CAfile " + hub + "/ca.pem ";
    CHECK(run(verify + "-purpose sslclient " + department_keys + "/tls.pem") == 0);
    CHECK(run(verify + "-purpose sslserver " + department_keys + "/tls.pem") != 0);
    CHECK(run(verify + "-purpose sslserver -verify_hostname localhost " + hub + "/tls.pem") == 0);
    CHECK(run(verify + "-purpose sslserver -verify_ip 127.0.0.1 " + hub + "/tls.pem") == 0);
    CHECK(run(verify + "-purpose sslserver -verify_hostname elsewhere " + hub + "/tls.pem") != 0);
    CHECK(run(verify + "-purpose sslclient " + hub + "/tls.pem") != 0);
}

TEST_CASE("openssl takes signing and encryption certificates as the root's") {
    const OwnDirectory own;
    const std::string keys = (own / "ssd").string();
    REQUIRE(pki("organisation --id ssd-5000 --dir " + keys) == 0);
    for (const std::string name : {"signing", "encryption"}) {
        CAPTURE(name);
        CHECK(run("openssl verify -x509_strict -CAfile " + keys + "/root.pem " + keys + "/" + name +
                  ".pem") == 0);
    }
}

TEST_CASE("Keys that are there are never written over") {
    const OwnDirectory own;
    const std::string arguments = "organisation --id ssd-5000 --dir " + (own / "ssd").string();
    REQUIRE(pki(arguments) == 0);
    const std::string before = text_in(own / "ssd/root.key");
    CHECK(pki(arguments) == 1);
    CHECK(pki("hub --host localhost --dir " + (own / "ssd").string()) == 1);
    CHECK(text_in(own / "ssd/root.key") == before);
}

TEST_CASE("A wrong organisation id makes nothing and a wrong command line is told by its exit code") {
    const OwnDirectory own;
    CHECK(pki("organisation --id SSD --dir " + (own / "ssd").string()) == 1);
    CHECK_FALSE(std::filesystem::exists(own / "ssd"));
    CHECK(pki("") == 2);
    CHECK(pki("organisation --id ssd-5000") == 2);
    CHECK(pki("--help") == 0);
}
