// One organisation's key directory, as kesher-demo-pki makes it, and what its enrolment pins.
#include "adapters/kit/organisation_keys.h"
#include "adapters/kit/organisation_setup.h"

#include <catch2/catch.hpp>

#include "schemas/statement/issue.h"
#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

struct KeyFolder {
    Folder folder;
    std::filesystem::path keys = folder / "keys";
    KeyFolder() {
        REQUIRE(make_organisation_keys(organisation("ssd-5000"), keys, statement::Plain{}, kNow));
        if (!make_own_secrets(keys, statement::Plain{})) throw std::logic_error("no secrets");
    }
    [[nodiscard]] std::string flaw() const {
        const auto opened = OrganisationKeys::open(keys, statement::Plain{});
        return opened ? std::string() : opened.error().sentence;
    }
};

HubPins pins() {
    const Party hub = hub_party();
    const auto witness =
        log::NoteSigner::from_seed("hub.example/witness/health", log::NoteKeyType::cosignature, seed(9))
            .value();
    return {"hub.example", "https://hub.example:8443", hub.root().pem(),
            hub.signing,   log_signer().key(),         {witness.key()}};
}

std::string enrolment(const HubPins& hub, const std::string& tls, const std::string& log_key) {
    json::Writer writer;
    writer.open_object().text("organisation", "ssd-5000").text("certificate", tls).text("ca", hub.ca_pem);
    writer.open_object("hub").text("signing", hub.signing.pem()).text("log", log_key).open_array("witnesses");
    return writer.close().close().text("at", contract::text(kNow)).close().take();
}

}  // namespace

TEST_CASE("The directory that kesher-demo-pki makes is opened and its keys fit together") {
    const KeyFolder directory;
    const auto opened = OrganisationKeys::open(directory.keys, statement::Plain{});
    REQUIRE(opened);
    CHECK(opened->organisation() == organisation("ssd-5000"));
    CHECK(opened->witness("hub.example").key().name() == "hub.example/witness/ssd-5000");
    const auto list =
        statement::verify_key_list(opened->key_list(), opened->root(),
                                   {opened->organisation(), opened->root().key().spki_sha256(), 1, kNow});
    REQUIRE(list);
    CHECK(opened->opening().find(list->encryption.at(0).thumbprint()) != nullptr);
    CHECK(make_own_secrets(directory.keys, statement::Plain{}));  // a second time changes nothing
    CHECK(OrganisationKeys::open(directory.keys, statement::Plain{})->witness("hub.example").key() ==
          opened->witness("hub.example").key());
}

TEST_CASE("A key that is missing, of another certificate or open to others is named") {
    const KeyFolder directory;
    CHECK(directory.flaw().empty());
    std::filesystem::permissions(directory.keys / "signing.key", std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    CHECK(directory.flaw().ends_with("signing.key: open_to_others"));
    std::filesystem::remove(directory.keys / "signing.key");
    std::filesystem::copy_file(directory.keys / "encryption.key", directory.keys / "signing.key");
    CHECK(directory.flaw().ends_with("signing.key: is not the certificate's key"));
    std::filesystem::remove(directory.keys / "signing.pem");
    CHECK(directory.flaw().ends_with("signing.pem: is missing"));
    std::filesystem::copy_file(directory.keys / "encryption.pem", directory.keys / "signing.pem");
    CHECK(directory.flaw().ends_with("signing.pem: is a certificate for another use"));
}

TEST_CASE("Which key signs is said by keys.jws alone and not by the name of a file") {
    const KeyFolder directory;
    const auto& keys = directory.keys;
    std::filesystem::rename(keys / "signing.pem", keys / "signing-7.pem");
    CHECK(directory.flaw().ends_with("signing-7.key: absent"));
    std::filesystem::rename(keys / "signing.key", keys / "signing-7.key");
    CHECK(directory.flaw().empty());
    const KeyFolder other;
    std::filesystem::copy_file(other.keys / "signing.pem", keys / "signing.pem");
    std::filesystem::copy_file(other.keys / "signing.key", keys / "signing.key");
    CHECK(directory.flaw().empty());
    std::filesystem::remove(keys / "signing-7.pem");
    CHECK(directory.flaw().ends_with("keys.jws: names a signing certificate that is not here"));
    std::filesystem::copy_file(other.keys / "keys.jws", keys / "keys.jws",
                               std::filesystem::copy_options::overwrite_existing);
    CHECK(directory.flaw().ends_with("keys.jws: is no key list of this root (key_unpinned)"));
}

TEST_CASE("hub.json reads back as it was written and a log of another hub is refused") {
    const HubPins hub = pins();
    const auto read = read_hub_pins(write_hub_pins(hub));
    REQUIRE(read);
    CHECK(read->log == hub.log);
    CHECK(read->log_origin() == kOrigin);
    CHECK(read->signing == hub.signing);
    CHECK(read->witnesses == hub.witnesses);
    HubPins other = pins();
    other.name = "hub.exampl";
    CHECK_FALSE(read_hub_pins(write_hub_pins(other)));
    other = pins();
    other.signing = party("hub-1").signing;
    CHECK_FALSE(read_hub_pins(write_hub_pins(other)));
    CHECK_FALSE(read_hub_pins("{}"));
}

TEST_CASE("An enrolment is kept only where its log key is the one that came with the token") {
    const KeyFolder directory;
    const HubPins hub = pins();
    const Party authority = hub_party();
    const auto tls_key = statement::PrivateKey::generate(statement::KeyKind::p256);
    const auto tls = authority.issuer
                         .issue(tls_key.public_key(), organisation("ssd-5000"), statement::Use::tls_client,
                                statement::kKeyLife)
                         .pem();
    CHECK_FALSE(open_hub_pins(directory.keys));
    CHECK_FALSE(save_enrolment(
        directory.keys, {enrolment(hub, tls, log_signer(8).key().vkey()), hub.name, hub.url, hub.log}));
    CHECK_FALSE(open_hub_pins(directory.keys));
    REQUIRE(
        save_enrolment(directory.keys, {enrolment(hub, tls, hub.log.vkey()), hub.name, hub.url, hub.log}));
    CHECK(open_hub_pins(directory.keys)->url == hub.url);
    const auto identity = open_tls_identity(directory.keys);
    REQUIRE(identity);
    CHECK(identity->certificate_chain_pem == tls);
}
