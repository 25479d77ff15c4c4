// Keys are of two kinds with one spelling each, and lie in files that their owner alone may read.
#include <sys/stat.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <type_traits>

#include "schemas/statement/hash.h"
#include "schemas/statement/key_file.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;
namespace fs = std::filesystem;

namespace {

std::string sample(const std::string& name) {
    return file_text(std::string(KESHER_SOURCE_DIR) + "/tests/unit/statement/samples/" + name);
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

// A folder of this case alone.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("kesher-keys-" + contract::hex(random_bytes<8>()));
    Folder() { fs::create_directory(path); }
    ~Folder() { fs::remove_all(path); }
    fs::path put(const std::string& name, const std::string& text, ::mode_t mode = 0600) const {
        const fs::path file = path / name;
        std::ofstream(file, std::ios::binary) << text;
        ::chmod(file.c_str(), mode);
        return file;
    }
};

Protection passphrase(std::string_view text) { return Secret(contract::Bytes(text.begin(), text.end())); }
const std::string kWords = "correct-horse-battery";

KeyFileFault fault(const fs::path& file, const Protection& protection) {
    const auto key = read_private_key(file, protection);
    REQUIRE_FALSE(key);
    return key.error();
}

}  // namespace

TEST_CASE("A private key is read back the same from a plain and from an encrypted file") {
    const Folder folder;
    for (const KeyKind kind : {KeyKind::p256, KeyKind::ed25519}) {
        const auto key = PrivateKey::generate(kind);
        const std::string name = kind == KeyKind::p256 ? "p256" : "ed25519";
        REQUIRE(write_private_key(folder.path / name, key, Plain{}));
        REQUIRE(write_private_key(folder.path / (name + ".enc"), key, passphrase(kWords)));
        CHECK(read_private_key(folder.path / name, Plain{})->public_key() == key.public_key());
        CHECK(read_private_key(folder.path / (name + ".enc"), passphrase(kWords))->public_key() ==
              key.public_key());
        CHECK(file_text(folder.path / name).starts_with("-----BEGIN PRIVATE KEY-----\n"));
        CHECK(
            file_text(folder.path / (name + ".enc")).starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    }
}

TEST_CASE("A key file is made with mode 0600 and nothing beside it stays") {
    const Folder folder;
    REQUIRE(write_private_key(folder.path / "key", PrivateKey::generate(KeyKind::p256), Plain{}));
    REQUIRE(create_secret_file(folder.path / "secret"));
    for (const char* name : {"key", "secret"}) {
        struct stat facts{};
        REQUIRE(::stat((folder.path / name).c_str(), &facts) == 0);
        CHECK((facts.st_mode & 0777U) == 0600U);
    }
    CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 2);
}

TEST_CASE("Writing never replaces a key") {
    const Folder folder;
    const auto first = PrivateKey::generate(KeyKind::p256);
    REQUIRE(write_private_key(folder.path / "key", first, Plain{}));
    const auto second = write_private_key(folder.path / "key", PrivateKey::generate(KeyKind::p256), Plain{});
    REQUIRE_FALSE(second);
    CHECK(second.error() == KeyFileFault::exists);
    CHECK(read_private_key(folder.path / "key", Plain{})->public_key() == first.public_key());
    CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);
}

TEST_CASE("A key file that group or others may touch is refused") {
    const Folder folder;
    const auto text = sample("p256.key.pem");
    CHECK(read_private_key(folder.put("owner", text, 0600), Plain{}));
    CHECK(read_private_key(folder.put("read-only", text, 0400), Plain{}));
    for (const ::mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0601U}) {
        const auto file = folder.put("m" + std::to_string(mode), text, mode);
        CHECK(fault(file, Plain{}) == KeyFileFault::open_to_others);
        CHECK(read_secret_file(file).error() == KeyFileFault::open_to_others);
        CHECK(read_passphrase(file).error() == KeyFileFault::open_to_others);
    }
}

TEST_CASE("What openssl writes with scrypt is read with its passphrase alone") {
    const Folder folder;
    const auto file = folder.put("key", sample("scrypt.key.pem"));
    CHECK(read_private_key(file, passphrase(kWords)));
    CHECK(fault(file, passphrase("correct-horse-batterz")) == KeyFileFault::passphrase_wrong);
    CHECK(fault(file, Plain{}) == KeyFileFault::passphrase_missing);
}

TEST_CASE("A plain key is refused where a passphrase is set") {
    const Folder folder;
    const auto file = folder.put("key", sample("p256.key.pem"));
    CHECK(read_private_key(file, Plain{}));
    CHECK(fault(file, passphrase(kWords)) == KeyFileFault::plain_not_allowed);
}

TEST_CASE("What is not exactly one PKCS8 key of our kinds is refused") {
    const Folder folder;
    const auto good = sample("p256.key.pem");
    CHECK(fault(folder.path / "none", Plain{}) == KeyFileFault::absent);
    CHECK(fault(folder.path, Plain{}) == KeyFileFault::absent);
    CHECK(fault(folder.put("empty", ""), Plain{}) == KeyFileFault::malformed);
    CHECK(fault(folder.put("twice", good + good), Plain{}) == KeyFileFault::malformed);
    CHECK(fault(folder.put("before", "x\n" + good), Plain{}) == KeyFileFault::malformed);
    CHECK(fault(folder.put("sec1", sample("sec1.key.pem")), Plain{}) == KeyFileFault::malformed);
    CHECK(fault(folder.put("certificate", sample("rsa.pem")), Plain{}) == KeyFileFault::malformed);
    CHECK(fault(folder.put("large", good + std::string(16 * 1024, '\n')), Plain{}) ==
          KeyFileFault::malformed);
    CHECK(fault(folder.put("p384", sample("p384.key.pem")), Plain{}) == KeyFileFault::kind);
}

TEST_CASE("A key file whose two halves do not match is refused") {
    const Folder folder;
    auto text = sample("p256.key.pem");
    const auto label = std::string("-----BEGIN PRIVATE KEY-----\n");
    auto body = text.substr(label.size(), text.find("-----END") - label.size());
    std::erase(body, '\n');
    auto der = contract::from_base64(body).value();
    constexpr std::size_t kLastOfPrivateNumber = 67;  // PKCS#8 of P-256: 36 bytes before its 32
    der.at(kLastOfPrivateNumber) ^= 1U;
    auto altered = contract::base64(der);
    for (std::size_t at = 64; at < altered.size(); at += 65) altered.insert(at, 1, '\n');
    CHECK(fault(folder.put("altered", label + altered + "\n-----END PRIVATE KEY-----\n"), Plain{}) ==
          KeyFileFault::malformed);
    der.at(kLastOfPrivateNumber) ^= 1U;
    auto restored = contract::base64(der);
    for (std::size_t at = 64; at < restored.size(); at += 65) restored.insert(at, 1, '\n');
    CHECK(read_private_key(folder.put("restored", label + restored + "\n-----END PRIVATE KEY-----\n"),
                           Plain{}));
}

TEST_CASE("A secret file is 32 bytes and another each time") {
    const Folder folder;
    REQUIRE(create_secret_file(folder.path / "one"));
    REQUIRE(create_secret_file(folder.path / "two"));
    const auto one = read_secret_file(folder.path / "one");
    REQUIRE(one);
    CHECK(one->size() == 32);
    CHECK(same_secret(*one, *read_secret_file(folder.path / "one")));
    CHECK_FALSE(same_secret(*one, *read_secret_file(folder.path / "two")));
    CHECK(create_secret_file(folder.path / "one").error() == KeyFileFault::exists);
    CHECK(read_secret_file(folder.put("short", std::string(31, 'x'))).error() == KeyFileFault::malformed);
    CHECK(read_secret_file(folder.put("long", std::string(33, 'x'))).error() == KeyFileFault::malformed);
}

TEST_CASE("A passphrase is the first line of its file and at least twelve bytes") {
    const Folder folder;
    const auto text = [](const fs::path& file) {
        const auto secret = read_passphrase(file);
        return secret ? std::string(contract::text_of(secret->reveal())) : std::string(word(secret.error()));
    };
    CHECK(text(folder.put("a", "twelve bytes\n")) == "twelve bytes");
    CHECK(text(folder.put("b", "twelve bytes")) == "twelve bytes");
    CHECK(text(folder.put("c", "twelve bytes\r\nmore\n")) == "twelve bytes");
    CHECK(text(folder.put("d", "eleven byte\n")) == "malformed");
    CHECK(text(folder.path / "none") == "absent");
}

TEST_CASE("A public key has one spelling and lies on its curve") {
    const auto key = PrivateKey::generate(KeyKind::p256).public_key();
    CHECK(PublicKey::from_spki(key.spki()) == key);
    CHECK(key.spki_sha256() == sha256(key.spki()));
    CHECK(key.point().size() == 65);
    CHECK(PublicKey::from_coordinates(key.point().subspan(1, 32), key.point().subspan(33)) == key);
    auto longer = key.spki();
    longer.push_back(0);
    CHECK_FALSE(PublicKey::from_spki(longer));
    auto off_curve = key.spki();
    off_curve.back() ^= 1U;
    CHECK_FALSE(PublicKey::from_spki(off_curve));
    auto compressed = key.spki();
    compressed[26] = 0x02;
    CHECK_FALSE(PublicKey::from_spki(compressed));
    CHECK(PrivateKey::generate(KeyKind::ed25519).public_key().point().size() == 32);
}

TEST_CASE("Secrets and private keys can be neither copied by accident nor printed") {
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Secret>);
    STATIC_REQUIRE_FALSE(Printable<Secret>);
    STATIC_REQUIRE_FALSE(Printable<PrivateKey>);
    STATIC_REQUIRE(Printable<std::string>);
}

TEST_CASE("SHA-256 gives the published digests") {
    CHECK(contract::hex(sha256("abc").view()) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256({contract::bytes_of("a"), contract::bytes_of(""), contract::bytes_of("bc")}) ==
          sha256("abc"));
    CHECK(contract::hex(sha256("").view()) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
