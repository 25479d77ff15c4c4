// Before the first contact: keys made once, a token file that only its owner may read, a body without words
// of our own.
#include <catch2/catch.hpp>

#include "adapters/kit/enrolment.h"
#include "adapters/kit/organisation_setup.h"
#include "schemas/json/read.h"
#include "schemas/statement/key_list.h"
#include "tests/unit/keys/own_directory.h"

using namespace kesher;
using tests::OwnDirectory;
using tests::text_in;

namespace {

const auto department = contract::OrganisationId::parse("ssd-5000").value();
const std::string kLog = "hub.example/audit+04c90d9b+AZBntXcz4cSqSi8zaB92afb31Fup4X48YYiGqdLWZKT9";

contract::Instant now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string token_json(const std::string& token = "AAECAwQFBgcICQoLDA0ODw") {
    return R"({"hub":"https://hub.example:8443","enrolment":"https://hub.example:8445","hub_name":"hub.example",)"
           R"("ca_pin":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","log":")" +
           kLog + R"(","organisation":"ssd-5000","token":")" + token +
           R"(","expires":"2026-11-22T07:15:00.123Z"})";
}

statement::Protection under_passphrase() {
    const std::string text = "a passphrase of the test";
    return statement::Secret(contract::Bytes(text.begin(), text.end()));
}

}  // namespace

TEST_CASE("The keys of an organisation open again and its first list holds under its root") {
    const OwnDirectory own;
    REQUIRE(kit::make_organisation_keys(department, own / "ssd", statement::Plain{}, now()));
    const auto keys = kit::OrganisationKeys::open(own / "ssd", statement::Plain{});
    REQUIRE(keys);
    CHECK(keys->organisation() == department);
    const auto list = statement::verify_key_list(keys->key_list(), keys->root(),
                                                 {department, keys->root().key().spki_sha256(), 1, now()});
    REQUIRE(list);
    CHECK(list->seal_to(now()) != nullptr);
}

TEST_CASE("Keys under a passphrase open with it alone") {
    const OwnDirectory own;
    REQUIRE(kit::make_organisation_keys(department, own / "ssd", under_passphrase(), now()));
    CHECK(kit::OrganisationKeys::open(own / "ssd", under_passphrase()));
    CHECK_FALSE(kit::OrganisationKeys::open(own / "ssd", statement::Plain{}));
}

TEST_CASE("Keys that are there are never made anew") {
    const OwnDirectory own;
    REQUIRE(kit::make_organisation_keys(department, own / "ssd", statement::Plain{}, now()));
    const std::string root = text_in(own / "ssd/root.key");
    CHECK_FALSE(kit::make_organisation_keys(department, own / "ssd", statement::Plain{}, now()));
    CHECK(text_in(own / "ssd/root.key") == root);
}

TEST_CASE("The root opens where its key and certificate belong together") {
    const OwnDirectory own;
    REQUIRE(kit::make_organisation_keys(department, own / "a", statement::Plain{}, now()));
    REQUIRE(kit::make_organisation_keys(department, own / "b", statement::Plain{}, now()));
    CHECK(kit::open_root(own / "a/root.key", own / "a/root.pem", statement::Plain{}));
    CHECK_FALSE(kit::open_root(own / "a/root.key", own / "b/root.pem", statement::Plain{}));
    CHECK_FALSE(kit::open_root(own / "a/signing.key", own / "a/signing.pem", statement::Plain{}));
}

TEST_CASE("A token file tells where to enrol and whom to believe") {
    const auto token = kit::parse_token(token_json());
    REQUIRE(token);
    CHECK(token->enrolment_url == "https://hub.example:8445");
    CHECK(token->hub_url == "https://hub.example:8443");
    CHECK(token->organisation == department);
    CHECK(token->log.vkey() == kLog);
    CHECK(token->token.size() == 16);
}

TEST_CASE("A token of another length or a file with a member too many is refused") {
    CHECK_FALSE(kit::parse_token(token_json("AAECAwQFBgcICQoLDA0O")));
    std::string more = token_json();
    more.insert(1, R"("note":"",)");
    CHECK_FALSE(kit::parse_token(more));
    CHECK_FALSE(kit::parse_token("{}"));
}

TEST_CASE("A token file that others may read is refused") {
    const OwnDirectory own;
    REQUIRE(kit::write_new_file(own / "token", token_json()));
    CHECK(kit::read_token_file(own / "token"));
    std::filesystem::permissions(own / "token", std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    const auto refused = kit::read_token_file(own / "token");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().sentence.find("chmod 600") != std::string::npos);
}

TEST_CASE("The same token and keys make the same request so that a cut enrolment can be run again") {
    const OwnDirectory own;
    REQUIRE(kit::make_organisation_keys(department, own / "ssd", statement::Plain{}, now()));
    const auto keys = kit::OrganisationKeys::open(own / "ssd", statement::Plain{});
    const auto token = kit::parse_token(token_json());
    REQUIRE((keys && token));
    const std::string request = text_in(own / "ssd/tls.csr");
    const std::string body = kit::enrolment_body(*token, request, *keys);
    CHECK(body == kit::enrolment_body(*token, request, *keys));
    const auto document = json::read(body);
    REQUIRE(document);
    REQUIRE(document->members()->size() == 5);
    CHECK(document->find("witness")->text()->starts_with("hub.example/witness/ssd-5000+"));
    CHECK(*document->find("token")->text() == "AAECAwQFBgcICQoLDA0ODw");
}

TEST_CASE("A file is written whole and never over another") {
    const OwnDirectory own;
    REQUIRE(kit::write_new_file(own / "a", "one"));
    CHECK_FALSE(kit::write_new_file(own / "a", "two"));
    CHECK(text_in(own / "a") == "one");
    CHECK_FALSE(kit::write_new_file(own / "missing/a", "one"));
}
