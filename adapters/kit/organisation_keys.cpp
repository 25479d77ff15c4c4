#include "adapters/kit/organisation_keys.h"

#include <openssl/evp.h>

#include <stdexcept>

#include "adapters/kit/own_key_list.h"
#include "adapters/kit/unverified_jws.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;
using contract::Failure;
using statement::Certificate;
using statement::PrivateKey;
using statement::Protection;
using statement::Use;

Failure<Unusable> unusable(const fs::path& file, std::string_view why) {
    return {Unusable{file.string() + ": " + std::string(why)}};
}

Usable<std::string> read_text(const fs::path& file) {
    if (!fs::is_regular_file(file)) return unusable(file, "is missing");
    return edge::read_pem_file(file.string());
}

Usable<Certificate> read_certificate(const fs::path& file, Use use) {
    const auto text = read_text(file);
    if (!text) return Failure{text.error()};
    auto certificate = Certificate::from_pem(*text);
    if (!certificate) return unusable(file, "is no certificate that this exchange uses");
    if (certificate->use() != use) return unusable(file, "is a certificate for another use");
    return *std::move(certificate);
}

Usable<PrivateKey> read_key(const fs::path& file, const Protection& protection) {
    auto key = statement::read_private_key(file, protection);
    if (!key) return unusable(file, statement::word(key.error()));
    return *std::move(key);
}

// signing*.pem or encryption*.pem.
std::vector<fs::path> certificate_files(const fs::path& directory, Use use) {
    const std::string_view stem = use == Use::signing ? "signing" : "encryption";
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(directory)) {
        const bool named = entry.path().filename().string().starts_with(stem);
        if (named && entry.path().extension() == ".pem") files.push_back(entry.path());
    }
    return files;
}

// The current encryption key and the older ones whose private half is not yet destroyed.
Usable<contract::Done> add_opening_keys(const fs::path& directory, const Protection& protection,
                                        const Certificate& root, statement::OpeningKeys& opening) {
    bool any = false;
    for (const fs::path& file : certificate_files(directory, Use::encryption)) {
        const fs::path key_file = fs::path(file).replace_extension(".key");
        if (!fs::exists(key_file)) continue;
        const auto certificate = read_certificate(file, Use::encryption);
        if (!certificate) return Failure{certificate.error()};
        if (!certificate->issued_by(root)) return unusable(file, "was not issued by root.pem");
        auto key = read_key(key_file, protection);
        if (!key) return Failure{key.error()};
        if (!opening.add(*std::move(key), *certificate))
            return unusable(key_file, "is not the certificate's key");
        any = true;
    }
    if (!any) return unusable(directory / "encryption.key", "is missing");
    return contract::Done{};
}

// The key of the certificate that the list names first. Which file holds it is nobody's to say: a file's name
// and the list would change one after the other.
Usable<statement::Signer> signer_of(const fs::path& directory, const Protection& protection,
                                    const statement::KeyList& list) {
    const std::vector<fs::path> files = certificate_files(directory, Use::signing);
    for (const fs::path& file : files) {
        auto certificate = read_certificate(file, Use::signing);
        if (!certificate) return Failure{certificate.error()};
        if (list.signing.empty() || *certificate != list.signing.front()) continue;
        const fs::path key_file = fs::path(file).replace_extension(".key");
        auto key = read_key(key_file, protection);
        if (!key) return Failure{key.error()};
        auto signer = statement::Signer::make(*std::move(key), *std::move(certificate));
        if (!signer) return unusable(key_file, "is not the certificate's key");
        return *std::move(signer);
    }
    if (files.empty()) return unusable(directory / "signing.pem", "is missing");
    return unusable(directory / "keys.jws", "names a signing certificate that is not here");
}

// The 32 bytes of RFC 8032 from which the note signer makes its key.
statement::Secret seed_of(const PrivateKey& key) {
    statement::Secret seed(32);
    std::size_t size = seed.size();
    if (EVP_PKEY_get_raw_private_key(key.native(), seed.writable().data(), &size) != 1 ||
        size != seed.size()) {
        throw std::runtime_error("OpenSSL: EVP_PKEY_get_raw_private_key");
    }
    return seed;
}

}  // namespace

Usable<OrganisationKeys> OrganisationKeys::open(const fs::path& directory, const Protection& protection) {
    auto root = read_certificate(directory / "root.pem", Use::root);
    if (!root) return Failure{root.error()};
    auto text = read_text(directory / "keys.jws");
    if (!text) return Failure{text.error()};
    auto list = read_own_key_list(*text, *root);
    if (!list) return unusable(directory / "keys.jws", list.error().sentence);
    auto signer = signer_of(directory, protection, *list);
    if (!signer) return Failure{signer.error()};

    OrganisationKeys keys(*std::move(root), *std::move(list), *std::move(signer));
    keys.key_list_ = *std::move(text);
    const auto added = add_opening_keys(directory, protection, keys.root_, keys.opening_);
    if (!added) return Failure{added.error()};
    auto alias = statement::read_secret_file(directory / "alias.key");
    if (!alias) return unusable(directory / "alias.key", statement::word(alias.error()));
    keys.alias_ = *std::move(alias);
    const auto witness = read_key(directory / "witness.key", protection);
    if (!witness) return Failure{witness.error()};
    if (witness->kind() != statement::KeyKind::ed25519) {
        return unusable(directory / "witness.key", "is not an Ed25519 key");
    }
    keys.witness_seed_ = seed_of(*witness);
    return keys;
}

std::optional<Certificate> certificate_named(const fs::path& directory, std::string_view jws) {
    const json::Value header = unverified_header(jws);
    const json::Value* named = header.find("x5t#S256");
    if (named == nullptr || named->text() == nullptr) return std::nullopt;
    for (const fs::path& file : certificate_files(directory, Use::signing)) {
        const auto certificate = read_certificate(file, Use::signing);
        if (certificate && contract::base64url(certificate->thumbprint().view()) == *named->text()) {
            return *certificate;
        }
    }
    return std::nullopt;
}

log::NoteSigner OrganisationKeys::witness(const std::string& hub_name) const {
    auto signer = log::NoteSigner::from_seed(hub_name + "/witness/" + organisation_.text(),
                                             log::NoteKeyType::cosignature, witness_seed_.reveal());
    if (!signer) throw std::invalid_argument("the hub's name makes no name of a witness");
    return *std::move(signer);
}

Usable<edge::TlsIdentity> open_tls_identity(const fs::path& directory) {
    auto certificate = read_text(directory / "tls.pem");
    if (!certificate) return Failure{certificate.error()};
    const fs::path key_file = directory / "tls.key";
    auto key = read_text(key_file);
    if (!key) return Failure{key.error()};
    constexpr auto kOthers = fs::perms::group_all | fs::perms::others_all;
    if ((fs::status(key_file).permissions() & kOthers) != fs::perms::none) {
        return unusable(key_file, "others than its owner may use it");
    }
    return edge::TlsIdentity{*std::move(certificate), edge::SecretText(*std::move(key))};
}

Usable<contract::Done> make_own_secrets(const fs::path& directory, const Protection& protection) {
    const fs::path witness = directory / "witness.key";
    if (!fs::exists(witness)) {
        const auto made = statement::write_private_key(
            witness, PrivateKey::generate(statement::KeyKind::ed25519), protection);
        if (!made) return unusable(witness, statement::word(made.error()));
    }
    const fs::path alias = directory / "alias.key";
    if (!fs::exists(alias)) {
        const auto made = statement::create_secret_file(alias);
        if (!made) return unusable(alias, statement::word(made.error()));
    }
    return contract::Done{};
}

}  // namespace kesher::kit
