// The key directory is made once, opens only as it was made, and says in a sentence why it does not.
// Method: one whole directory; each case changes a single file, mode or passphrase.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <set>

#include "gateway/keys/claim_codes.h"
#include "gateway/keys/key_files.h"
#include "gateway/keys/pseudonyms.h"
#include "tests/unit/keys/own_directory.h"

using namespace kesher;
using namespace kesher::keys;
using namespace std::chrono_literals;
using tests::OwnDirectory;
using tests::put_text;
using tests::text_in;
namespace fs = std::filesystem;

namespace {

const contract::Instant the_day = contract::start_of(contract::parse_day("2026-11-21").value()) + 9h;
const std::vector<std::string> the_hosts{"hub.example", "127.0.0.1"};
const std::vector<std::string> every_file{"lookup.key",  "store.key", "claim.key", "log.key", "signing.key",
                                          "signing.pem", "ca.key",    "ca.pem",    "tls.key", "tls.pem"};

// A directory as create_key_directory() makes it, under a passphrase only where the case is about one.
struct Made {
    OwnDirectory own;
    KeyDirectoryPlace place{own / "keys", std::nullopt};
    explicit Made(bool with_passphrase = false) {
        if (with_passphrase) {
            put_text(own / "passphrase", "correct horse battery staple\n");
            place.passphrase_file = own / "passphrase";
        }
        REQUIRE(create_key_directory(place, the_hosts, the_day));
    }
    [[nodiscard]] fs::path operator/(const std::string& name) const { return place.directory / name; }
    // The sentence with which it is refused; empty where it opens.
    [[nodiscard]] std::string refusal() const {
        const auto opened = KeyDirectory::open(place);
        return opened ? "" : opened.error().sentence;
    }
};

unsigned mode_of(const fs::path& path) {
    struct stat found{};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 07777U;
}
void set_mode(const fs::path& path, unsigned mode) { REQUIRE(::chmod(path.c_str(), mode) == 0); }

bool says(const std::string& sentence, const std::string& words) {
    return sentence.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("A new key directory holds one closed file a key and opens") {
    const Made made;
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(made.place.directory)) {
        found.insert(entry.path().filename().string());
        CAPTURE(entry.path().filename().string());
        CHECK(mode_of(entry.path()) == 0600);
    }
    CHECK(found == std::set<std::string>(every_file.begin(), every_file.end()));
    CHECK(mode_of(made.place.directory) == 0700);
    CHECK(made.refusal() == "");
}

TEST_CASE("Each certificate of the hub has its own key and its one use") {
    const Made made;
    const auto keys = KeyDirectory::open(made.place);
    REQUIRE(keys);
    CHECK(keys->signer().certificate().use() == statement::Use::signing);
    CHECK(keys->signer().certificate().names(contract::OrganisationId::hub()));
    CHECK(keys->authority().certificate().use() == statement::Use::root);
    CHECK(keys->tls_certificate().use() == statement::Use::tls_server);
    CHECK(keys->tls_certificate().issued_by(keys->authority().certificate()));
    CHECK(keys->tls_certificate().valid_at(the_day));
    CHECK(keys->log_public_key().kind() == statement::KeyKind::ed25519);
    CHECK(keys->log_seed().size() == 32);
    const std::set<contract::Digest> pins{keys->signer().certificate().key().spki_sha256(),
                                          keys->authority().pin(),
                                          keys->tls_certificate().key().spki_sha256()};
    CHECK(pins.size() == 3);
}

TEST_CASE("The authority of TLS certificates cannot make a second voice of the hub") {
    const Made made;
    const auto keys = KeyDirectory::open(made.place);
    REQUIRE(keys);
    CHECK_FALSE(keys->signer().certificate().issued_by(keys->authority().certificate()));
}

TEST_CASE("The same directory gives the same keys at every start and two directories share none") {
    const Made one;
    const Made other;
    const auto first = KeyDirectory::open(one.place);
    const auto again = KeyDirectory::open(one.place);
    const auto foreign = KeyDirectory::open(other.place);
    REQUIRE((first && again && foreign));
    CHECK(first->lookup_key() == again->lookup_key());
    CHECK(first->claim_key() == again->claim_key());
    CHECK(first->store_keys().at(0).key == again->store_keys().at(0).key);
    CHECK(statement::same_secret(first->log_seed(), again->log_seed()));
    CHECK_FALSE(first->lookup_key() == foreign->lookup_key());
    CHECK_FALSE(first->claim_key() == foreign->claim_key());
    CHECK_FALSE(first->store_keys().at(0).key == foreign->store_keys().at(0).key);
    CHECK_FALSE(statement::same_secret(first->log_seed(), foreign->log_seed()));
}

TEST_CASE("A directory in which anything lies is refused and left as it is") {
    const OwnDirectory own;
    fs::create_directory(own / "keys");
    put_text(own / "keys/note", "mine");
    const auto made = create_key_directory({own / "keys", std::nullopt}, the_hosts, the_day);
    REQUIRE_FALSE(made);
    CHECK(says(made.error().sentence, "is not empty"));
    CHECK(text_in(own / "keys/note") == "mine");
    CHECK(std::distance(fs::directory_iterator(own / "keys"), {}) == 1);
}

TEST_CASE("An empty directory is taken and closed to others") {
    const OwnDirectory own;
    fs::create_directory(own / "keys");
    set_mode(own / "keys", 0755);
    CHECK(create_key_directory({own / "keys", std::nullopt}, the_hosts, the_day));
    CHECK(mode_of(own / "keys") == 0700);
}

TEST_CASE("A directory is refused where its parent is missing or it is a file or no host is named") {
    const OwnDirectory own;
    put_text(own / "file", "mine");
    CHECK_FALSE(create_key_directory({own / "no/keys", std::nullopt}, the_hosts, the_day));
    CHECK_FALSE(create_key_directory({own / "file", std::nullopt}, the_hosts, the_day));
    CHECK_FALSE(create_key_directory({own / "keys", std::nullopt}, {}, the_day));
    CHECK_FALSE(fs::exists(own / "keys"));
}

TEST_CASE("A directory that group or others may enter stops the start") {
    const Made made;
    for (const unsigned mode : {0710U, 0740U, 0701U, 0755U}) {
        CAPTURE(mode);
        set_mode(made.place.directory, mode);
        CHECK(says(made.refusal(), "chmod 700"));
    }
    set_mode(made.place.directory, 0700);
    CHECK(made.refusal() == "");
}

TEST_CASE("A key that group or others may read or write stops the start and is named") {
    const Made made;
    for (const std::string name :
         {"lookup.key", "store.key", "claim.key", "log.key", "signing.key", "ca.key", "tls.key"}) {
        for (const unsigned mode : {0640U, 0604U, 0620U}) {
            CAPTURE(name, mode);
            set_mode(made / name, mode);
            CHECK(says(made.refusal(), name + " is open to its group or to others: chmod 600"));
        }
        set_mode(made / name, 0600);
    }
    CHECK(made.refusal() == "");
}

TEST_CASE("A missing file is named") {
    const Made made;
    for (const std::string& name : every_file) {
        CAPTURE(name);
        fs::rename(made / name, made.own / "away");
        CHECK(says(made.refusal(), name + " is missing"));
        fs::rename(made.own / "away", made / name);
    }
    CHECK(made.refusal() == "");
}

TEST_CASE("A symmetric key of 31 or 33 bytes is refused") {
    const Made made;
    for (const std::string name : {"lookup.key", "store.key", "claim.key"}) {
        const std::string whole = text_in(made / name);
        REQUIRE(whole.size() == 32);
        for (const std::string& changed : {whole.substr(1), whole + "\n"}) {
            CAPTURE(name, changed.size());
            put_text(made / name, changed);
            CHECK(says(made.refusal(), name + " does not hold what its name says"));
        }
        put_text(made / name, whole);
    }
    CHECK(made.refusal() == "");
}

TEST_CASE("Key and certificate files under each other's names are refused") {
    using Swap = std::pair<std::string, std::string>;
    const Made made;
    for (const auto& [one, other] :
         {Swap{"log.key", "tls.key"}, Swap{"ca.key", "tls.key"}, Swap{"ca.pem", "tls.pem"},
          Swap{"signing.pem", "tls.pem"}, Swap{"signing.key", "ca.key"}}) {
        CAPTURE(one, other);
        const auto swap = [&, a = one, b = other] {
            fs::rename(made / a, made.own / "away");
            fs::rename(made / b, made / a);
            fs::rename(made.own / "away", made / b);
        };
        swap();
        CHECK(made.refusal() != "");
        swap();
        CHECK(made.refusal() == "");
    }
}

TEST_CASE("A key of another kind or a pair made for another use is refused under a good name") {
    const Made made;
    const std::string log = text_in(made / "log.key");
    put_text(made / "log.key", text_in(made / "tls.key"));
    CHECK(says(made.refusal(), "log.key is a key of another kind"));
    put_text(made / "log.key", log);
    for (const std::string name : {"signing", "ca"}) {
        CAPTURE(name);
        const std::string key = text_in(made / (name + ".key"));
        const std::string certificate = text_in(made / (name + ".pem"));
        put_text(made / (name + ".key"), text_in(made / "tls.key"));
        put_text(made / (name + ".pem"), text_in(made / "tls.pem"));
        CHECK(says(made.refusal(), name + ".pem does not hold what its name says"));
        put_text(made / (name + ".key"), key);
        put_text(made / (name + ".pem"), certificate);
    }
    CHECK(made.refusal() == "");
}

TEST_CASE("The listeners' certificate of another authority is refused") {
    const Made made;
    const Made other;
    for (const std::string name : {"tls.key", "tls.pem"}) put_text(made / name, text_in(other / name));
    CHECK(says(made.refusal(), "was not issued by the authority"));
}

TEST_CASE("Symmetric keys under each other's names are told by their check values") {
    const Made made;
    const auto before = KeyDirectory::open(made.place);
    fs::rename(made / "lookup.key", made.own / "away");
    fs::rename(made / "claim.key", made / "lookup.key");
    fs::rename(made.own / "away", made / "claim.key");
    const auto after = KeyDirectory::open(made.place);
    REQUIRE((before && after));
    CHECK_FALSE(RowKeys(before->lookup_key()).check_value() == RowKeys(after->lookup_key()).check_value());
    CHECK_FALSE(ClaimCodes(before->claim_key()).check_value() ==
                ClaimCodes(after->claim_key()).check_value());
}

TEST_CASE("Under a passphrase no private key lies plain and the directory opens with it alone") {
    Made made(true);
    for (const std::string name : {"log.key", "signing.key", "ca.key", "tls.key"}) {
        CAPTURE(name);
        CHECK(says(text_in(made / name), "BEGIN ENCRYPTED PRIVATE KEY"));
    }
    const auto opened = KeyDirectory::open(made.place);
    REQUIRE(opened);
    REQUIRE(opened->passphrase() != nullptr);
    CHECK(contract::text_of(opened->passphrase()->reveal()) == "correct horse battery staple");

    put_text(made.own / "passphrase", "correct horse battery stable\n");
    CHECK(says(made.refusal(), "does not open with the passphrase"));
    made.place.passphrase_file.reset();
    CHECK(says(made.refusal(), "needs a passphrase"));
}

TEST_CASE("Plain private keys are refused where a passphrase is named") {
    Made made;
    CHECK(KeyDirectory::open(made.place)->passphrase() == nullptr);
    put_text(made.own / "passphrase", "correct horse battery staple\n");
    made.place.passphrase_file = made.own / "passphrase";
    CHECK(says(made.refusal(), "has no passphrase though the settings name one"));
}

TEST_CASE("A passphrase beside the keys it protects is refused") {
    Made made;
    put_text(made / "passphrase", "correct horse battery staple\n");
    made.place.passphrase_file = made / "passphrase";
    CHECK(says(made.refusal(), "lies beside the keys"));
}

TEST_CASE("A rotation adds a store key and what was sealed before still opens") {
    const Made made;
    const auto before = KeyDirectory::open(made.place);
    REQUIRE(before);
    const auto label = "label.v1";
    const auto row = contract::bytes_of("row");
    const auto old = SealedStore(before->store_keys()).seal(label, row, contract::bytes_of("content"));

    const auto number = rotate_store_key(made.place);
    REQUIRE(number);
    CHECK(*number == 2);
    CHECK(mode_of(made / "store-2.key") == 0600);
    const auto after = KeyDirectory::open(made.place);
    REQUIRE(after);
    const SealedStore rotated(after->store_keys());
    CHECK(rotated.current_key() == 2);
    CHECK(rotated.open(label, row, old));
    CHECK_FALSE(rotated.is_current(old));
}

TEST_CASE("After every value is sealed again the first store key may go") {
    const Made made;
    REQUIRE(rotate_store_key(made.place));
    fs::remove(made / "store.key");
    const auto opened = KeyDirectory::open(made.place);
    REQUIRE(opened);
    REQUIRE(opened->store_keys().size() == 1);
    CHECK(opened->store_keys().at(0).id == 2);
}

TEST_CASE("After 255 store keys there is no further rotation") {
    const Made made;
    put_text(made / "store-254.key", std::string(32, 'a'));
    CHECK(rotate_store_key(made.place).value() == 255);
    const auto refused = rotate_store_key(made.place);
    REQUIRE_FALSE(refused);
    CHECK(says(refused.error().sentence, "255"));
}

TEST_CASE("The listeners' certificate is renewed together with its key") {
    const Made made;
    const auto before = KeyDirectory::open(made.place);
    REQUIRE(renew_server_certificate(made.place, {"new.example"}, the_day + 300 * 24h));
    const auto after = KeyDirectory::open(made.place);
    REQUIRE((before && after));
    CHECK_FALSE(after->tls_certificate().key() == before->tls_certificate().key());
    CHECK_FALSE(after->tls_certificate() == before->tls_certificate());
    CHECK(after->tls_certificate().valid_at(the_day + 600 * 24h));
    CHECK_FALSE(before->tls_certificate().valid_at(the_day + 600 * 24h));
    CHECK(mode_of(made / "tls.pem") == 0600);
    CHECK(mode_of(made / "tls.key") == 0600);
}

TEST_CASE("A renewal that was cut off between key and certificate is ended by the next one") {
    const Made made;
    std::filesystem::copy_file(made / "tls.key", made / "old.key");
    std::filesystem::copy_file(made / "tls.pem", made / "old.pem");
    REQUIRE(renew_server_certificate(made.place, {"new.example"}, the_day));
    SECTION("with its key under its name: the hub does not start, and the next renewal goes on") {
        std::filesystem::rename(made / "tls.pem", made / "tls.pem.new");
        std::filesystem::rename(made / "old.pem", made / "tls.pem");
        const auto refused = KeyDirectory::open(made.place);
        REQUIRE_FALSE(refused);
        CHECK(says(refused.error().sentence, "belongs to another key"));
    }
    SECTION("with its key still beside the old one: both are as they were") {
        std::filesystem::rename(made / "tls.pem", made / "tls.pem.new");
        std::filesystem::rename(made / "tls.key", made / "tls.key.new");
        std::filesystem::rename(made / "old.pem", made / "tls.pem");
        std::filesystem::rename(made / "old.key", made / "tls.key");
        REQUIRE(KeyDirectory::open(made.place));
    }
    REQUIRE(renew_server_certificate(made.place, {"new.example"}, the_day));
    CHECK(KeyDirectory::open(made.place));
    CHECK_FALSE(std::filesystem::exists(made / "tls.key.new"));
    CHECK_FALSE(std::filesystem::exists(made / "tls.pem.new"));
}

TEST_CASE("A cut-off renewal that is called again with the wrong passphrase loses no certificate") {
    const Made made(true);
    std::filesystem::copy_file(made / "tls.pem", made / "old.pem");
    REQUIRE(renew_server_certificate(made.place, {"new.example"}, the_day));
    std::filesystem::rename(made / "tls.pem", made / "tls.pem.new");
    std::filesystem::rename(made / "old.pem", made / "tls.pem");
    KeyDirectoryPlace wrong = made.place;
    wrong.passphrase_file = made.own / "wrong";
    put_text(made.own / "wrong", "another passphrase altogether\n");
    CHECK_FALSE(renew_server_certificate(wrong, {"new.example"}, the_day));
    CHECK(std::filesystem::exists(made / "tls.pem.new"));
    REQUIRE(renew_server_certificate(made.place, {"new.example"}, the_day));
    CHECK(KeyDirectory::open(made.place));
}
