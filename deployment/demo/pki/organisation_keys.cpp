#include "deployment/demo/pki/organisation_keys.h"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>

#include "gateway/keys/certificate_authority.h"
#include "schemas/statement/issue.h"
#include "schemas/statement/key_file.h"
#include "schemas/statement/key_list.h"

namespace kesher::demo {
namespace {

namespace fs = std::filesystem;
using statement::KeyKind;
using statement::PrivateKey;
using statement::Use;

constexpr auto kRootLife = std::chrono::days{3'652};
constexpr auto kSigningLife = std::chrono::days{365};
constexpr auto kEncryptionLife = std::chrono::days{90};  // the most that contract.md 2 allows

PrivateKey new_key(const fs::path& file) {
    const auto key = PrivateKey::generate(KeyKind::p256);
    const auto written = statement::write_private_key(file, key, statement::Plain{});
    if (!written) {
        throw std::runtime_error(file.string() + ": " + std::string(statement::word(written.error())));
    }
    return key;
}

}  // namespace

void make_empty_directory(const fs::path& directory) {
    fs::create_directories(directory);
    if (!fs::is_empty(directory)) throw std::runtime_error(directory.string() + " is not empty");
    fs::permissions(directory, fs::perms::owner_all);
}

void write_text(const fs::path& file, std::string_view text) {
    if (fs::exists(file)) throw std::runtime_error(file.string() + " is already there");
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) throw std::runtime_error(file.string() + " cannot be written");
}

void make_organisation_keys(const contract::OrganisationId& organisation, const fs::path& directory,
                            contract::Instant at) {
    make_empty_directory(directory);
    const auto root_key = new_key(directory / "root.key");
    const auto root = statement::issue_root(root_key, organisation, keys::validity_from(at, kRootLife));
    const auto issuer = statement::Issuer::make(root_key, root).value();
    write_text(directory / "root.pem", root.pem());

    const auto signing = issuer.issue(new_key(directory / "signing.key").public_key(), organisation,
                                      Use::signing, keys::validity_from(at, kSigningLife));
    write_text(directory / "signing.pem", signing.pem());
    const auto encryption = issuer.issue(new_key(directory / "encryption.key").public_key(), organisation,
                                         Use::encryption, keys::validity_from(at, kEncryptionLife));
    write_text(directory / "encryption.pem", encryption.pem());

    write_text(directory / "tls.csr", statement::make_request(new_key(directory / "tls.key"), organisation));

    const statement::KeyList list{organisation, 1, {signing}, {encryption}, encryption.not_after()};
    const auto signer = statement::Signer::make(root_key, root).value();
    write_text(directory / "keys.jws", statement::sign_key_list(list, signer, contract::day_of(at)));
}

}  // namespace kesher::demo
