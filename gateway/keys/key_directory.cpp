#include <openssl/evp.h>

#include <fstream>
#include <stdexcept>

#include "gateway/keys/key_files.h"
#include "gateway/keys/key_place.h"

namespace kesher::keys {
namespace {

namespace fs = std::filesystem;
using contract::Failure;
using contract::Result;
using statement::Certificate;
using statement::KeyKind;
using statement::PrivateKey;
using statement::Use;

constexpr std::size_t kPemFileBytes = 16 * 1024;

template <class Key>
Result<Key, KeyDirectoryProblem> read_secret(const fs::path& file) {
    const auto bytes = statement::read_secret_file(file);
    if (!bytes) return problem(file, bytes.error());
    const auto key = Key::from(bytes->reveal());
    if (!key) return problem(file, statement::KeyFileFault::malformed);
    return *key;
}

// In the order of their numbers; the first ones may be gone after a rotation.
Result<std::vector<NumberedStoreKey>, KeyDirectoryProblem> read_store_keys(const fs::path& directory) {
    std::vector<NumberedStoreKey> keys;
    for (unsigned number = 1; number <= kLastStoreKey; ++number) {
        const fs::path file = directory / store_file(number);
        std::error_code unreadable;
        if (!fs::exists(fs::symlink_status(file, unreadable))) continue;
        const auto key = read_secret<StoreKey>(file);
        if (!key) return Failure{key.error()};
        keys.push_back({static_cast<std::uint8_t>(number), *key});
    }
    if (keys.empty()) return problem(directory / store_file(1), statement::KeyFileFault::absent);
    return keys;
}

Result<PrivateKey, KeyDirectoryProblem> read_key(const fs::path& file,
                                                 const statement::Protection& protection, KeyKind kind) {
    auto key = statement::read_private_key(file, protection);
    if (!key) return problem(file, key.error());
    if (key->kind() != kind) return problem(file, statement::KeyFileFault::kind);
    return std::move(*key);
}

struct Pair {
    PrivateKey key;
    Certificate certificate;
};

// name.key and name.pem, which belong together and have the one use.
Result<Pair, KeyDirectoryProblem> read_pair(const fs::path& directory, std::string_view name, Use use,
                                            const statement::Protection& protection) {
    auto key = read_key(directory / key_file(name), protection, KeyKind::p256);
    if (!key) return Failure{key.error()};
    const fs::path file = directory / certificate_file(name);
    const auto pem = read_small_text(file);
    if (!pem) return problem(file, statement::KeyFileFault::absent);
    auto certificate = Certificate::from_pem(contract::text_of(pem->reveal()));
    if (!certificate || certificate->use() != use) return problem(file, statement::KeyFileFault::malformed);
    if (!(certificate->key() == key->public_key())) return problem(file, "belongs to another key");
    return Pair{std::move(*key), std::move(*certificate)};
}

statement::Secret seed_of(const PrivateKey& key) {
    statement::Secret seed(32);
    std::size_t length = seed.size();
    if (EVP_PKEY_get_raw_private_key(key.native(), seed.writable().data(), &length) != 1 || length != 32) {
        throw std::runtime_error("the log's key does not give its seed");
    }
    return seed;
}

struct Secrets {
    LookupKey lookup;
    std::vector<NumberedStoreKey> store;
    ClaimKey claim;
};

Result<Secrets, KeyDirectoryProblem> read_secrets(const fs::path& directory) {
    const auto lookup = read_secret<LookupKey>(directory / kLookupFile);
    if (!lookup) return Failure{lookup.error()};
    auto store = read_store_keys(directory);
    if (!store) return Failure{store.error()};
    const auto claim = read_secret<ClaimKey>(directory / kClaimFile);
    if (!claim) return Failure{claim.error()};
    return Secrets{*lookup, std::move(*store), *claim};
}

struct Pairs {
    PrivateKey log;
    statement::Signer signer;
    CertificateAuthority authority;
    Certificate tls;
};

Result<Pairs, KeyDirectoryProblem> read_pairs(const fs::path& directory,
                                              const statement::Protection& protection) {
    auto log = read_key(directory / kLogFile, protection, KeyKind::ed25519);
    if (!log) return Failure{log.error()};
    auto signing = read_pair(directory, "signing", Use::signing, protection);
    if (!signing) return Failure{signing.error()};
    auto authority = read_pair(directory, "ca", Use::root, protection);
    if (!authority) return Failure{authority.error()};
    auto tls = read_pair(directory, "tls", Use::tls_server, protection);
    if (!tls) return Failure{tls.error()};
    if (!tls->certificate.issued_by(authority->certificate)) {
        return problem(directory / certificate_file("tls"), "was not issued by the authority in ca.pem");
    }
    auto signer = statement::Signer::make(signing->key, signing->certificate);
    auto issuer = statement::Issuer::make(authority->key, authority->certificate);
    if (!signer || !issuer) throw std::logic_error("a key and its certificate were found to belong together");
    return Pairs{std::move(*log), std::move(*signer), CertificateAuthority(std::move(*issuer)),
                 std::move(tls->certificate)};
}

}  // namespace

std::optional<statement::Secret> read_small_text(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return std::nullopt;
    contract::Bytes text(kPemFileBytes + 1);
    stream.read(reinterpret_cast<char*>(text.data()), static_cast<std::streamsize>(text.size()));
    const auto length = static_cast<std::size_t>(stream.gcount());
    statement::Secret whole(
        contract::Bytes(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length)));
    wipe(text);
    if (length > kPemFileBytes) return std::nullopt;
    return whole;
}

struct KeyDirectory::Contents {
    Secrets secrets;
    Pairs pairs;
    statement::Secret log_seed;
    statement::Secret tls_key_pem;
    statement::Protection protection;
};

Result<KeyDirectory, KeyDirectoryProblem> KeyDirectory::open(const KeyDirectoryPlace& place) {
    const auto directory = check_directory(place.directory);
    if (!directory) return Failure{directory.error()};
    auto protection = protection_of(place);
    if (!protection) return Failure{protection.error()};
    auto secrets = read_secrets(place.directory);
    if (!secrets) return Failure{secrets.error()};
    auto pairs = read_pairs(place.directory, *protection);
    if (!pairs) return Failure{pairs.error()};
    auto tls_key = read_small_text(place.directory / key_file("tls"));
    if (!tls_key) return problem(place.directory / key_file("tls"), statement::KeyFileFault::absent);
    auto seed = seed_of(pairs->log);
    return KeyDirectory(
        std::make_unique<Contents>(Contents{std::move(*secrets), std::move(*pairs), std::move(seed),
                                            std::move(*tls_key), std::move(*protection)}));
}

KeyDirectory::KeyDirectory(std::unique_ptr<Contents> contents) : contents_(std::move(contents)) {}
KeyDirectory::~KeyDirectory() = default;
KeyDirectory::KeyDirectory(KeyDirectory&&) noexcept = default;
KeyDirectory& KeyDirectory::operator=(KeyDirectory&&) noexcept = default;

const LookupKey& KeyDirectory::lookup_key() const { return contents_->secrets.lookup; }
const std::vector<NumberedStoreKey>& KeyDirectory::store_keys() const { return contents_->secrets.store; }
const ClaimKey& KeyDirectory::claim_key() const { return contents_->secrets.claim; }
const statement::Secret& KeyDirectory::log_seed() const { return contents_->log_seed; }
const statement::PublicKey& KeyDirectory::log_public_key() const { return contents_->pairs.log.public_key(); }
const statement::Signer& KeyDirectory::signer() const { return contents_->pairs.signer; }
const CertificateAuthority& KeyDirectory::authority() const { return contents_->pairs.authority; }
const Certificate& KeyDirectory::tls_certificate() const { return contents_->pairs.tls; }
const statement::Secret& KeyDirectory::tls_key_pem() const { return contents_->tls_key_pem; }
const statement::Secret* KeyDirectory::passphrase() const {
    return std::get_if<statement::Secret>(&contents_->protection);
}

}  // namespace kesher::keys
