#include "adapters/kit/organisation_setup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "schemas/contract/limits.h"
#include "schemas/statement/key_list.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;
using contract::Done;
using contract::Failure;
using contract::Instant;
using statement::PrivateKey;
using statement::Protection;
using statement::Use;

constexpr auto kRootLife = std::chrono::days{3'652};
constexpr auto kSigningLife = std::chrono::days{365};
constexpr std::size_t kSmallFileBytes = 1024 * 1024;

Failure<Unusable> unusable(const fs::path& file, std::string_view why) {
    return {Unusable{file.string() + ": " + std::string(why)}};
}

// A little before now, for a peer whose clock is behind; `life` long to the second, the last one included.
statement::Validity validity_from(Instant at, std::chrono::seconds life, Instant bound = Instant::max()) {
    const Instant from = std::chrono::floor<std::chrono::seconds>(at) - contract::limits::kClockAhead;
    return {from, std::min<Instant>(from + life - std::chrono::seconds{1}, bound)};
}

Usable<PrivateKey> new_key(const fs::path& file, const Protection& protection) {
    auto key = PrivateKey::generate(statement::KeyKind::p256);
    const auto written = statement::write_private_key(file, key, protection);
    if (!written) return unusable(file, statement::word(written.error()));
    return key;
}

Usable<Done> make_empty_directory(const fs::path& directory) {
    std::error_code failed;
    fs::create_directories(directory, failed);
    if (failed) return unusable(directory, "cannot be made");
    if (!fs::is_empty(directory)) return unusable(directory, "is not empty");
    fs::permissions(directory, fs::perms::owner_all);
    return Done{};
}

// A key, and the certificate over it that the root issues.
Usable<statement::Certificate> certified(const statement::Issuer& root,
                                         const contract::OrganisationId& organisation, const fs::path& stem,
                                         Use use, statement::Validity validity,
                                         const Protection& protection) {
    const auto key = new_key(fs::path(stem).replace_extension(".key"), protection);
    if (!key) return Failure{key.error()};
    auto certificate = root.issue(key->public_key(), organisation, use, validity);
    const auto written = write_new_file(fs::path(stem).replace_extension(".pem"), certificate.pem());
    if (!written) return Failure{written.error()};
    return certificate;
}

Usable<Done> sign_first_list(const fs::path& directory, const statement::Issuer& root,
                             const contract::OrganisationId& organisation, const Protection& protection,
                             Instant at) {
    const auto signing = certified(root, organisation, directory / "signing", Use::signing,
                                   validity_of(Use::signing, at), protection);
    if (!signing) return Failure{signing.error()};
    const auto encryption = certified(root, organisation, directory / "encryption", Use::encryption,
                                      validity_of(Use::encryption, at), protection);
    if (!encryption) return Failure{encryption.error()};
    const statement::KeyList list{organisation, 1, {*signing}, {*encryption}, encryption->not_after()};
    const auto signer = statement::Signer::make(root.key(), root.root()).value();
    return write_new_file(directory / "keys.jws",
                          statement::sign_key_list(list, signer, contract::day_of(at)));
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(fd) == 0;
}

}  // namespace

statement::Validity validity_of(Use use, Instant at, Instant bound) {
    const std::chrono::seconds life =
        use == Use::encryption ? contract::limits::kEncryptionKeyLife : kSigningLife;
    return validity_from(at, life, bound);
}

Usable<Done> make_organisation_keys(const contract::OrganisationId& organisation, const fs::path& directory,
                                    const Protection& protection, Instant at) {
    const auto empty = make_empty_directory(directory);
    if (!empty) return empty;
    const auto root_key = new_key(directory / "root.key", protection);
    if (!root_key) return Failure{root_key.error()};
    const auto root = statement::issue_root(*root_key, organisation, validity_from(at, kRootLife));
    if (const auto written = write_new_file(directory / "root.pem", root.pem()); !written) return written;

    const auto tls = new_key(directory / "tls.key", protection);
    if (!tls) return Failure{tls.error()};
    const auto request = write_new_file(directory / "tls.csr", statement::make_request(*tls, organisation));
    if (!request) return request;

    const auto issuer = statement::Issuer::make(*root_key, root).value();
    const auto list = sign_first_list(directory, issuer, organisation, protection, at);
    if (!list) return list;
    return make_own_secrets(directory, protection);
}

Usable<statement::Issuer> open_root(const fs::path& key_file, const fs::path& certificate_file,
                                    const Protection& protection) {
    const auto text = read_small_file(certificate_file);
    if (!text) return Failure{text.error()};
    const auto certificate = statement::Certificate::from_pem(*text);
    if (!certificate || certificate->use() != Use::root) {
        return unusable(certificate_file, "is no root's certificate");
    }
    auto key = statement::read_private_key(key_file, protection);
    if (!key) return unusable(key_file, statement::word(key.error()));
    auto issuer = statement::Issuer::make(*std::move(key), *certificate);
    if (!issuer) return unusable(key_file, "is not the root's key");
    return *std::move(issuer);
}

Usable<Protection> protection_of(const fs::path& passphrase_file) {
    if (passphrase_file.empty()) return Protection{statement::Plain{}};
    auto passphrase = statement::read_passphrase(passphrase_file);
    if (!passphrase) return unusable(passphrase_file, statement::word(passphrase.error()));
    return Protection{*std::move(passphrase)};
}

bool sync_folder(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool synced = ::fsync(fd) == 0;
    ::close(fd);
    return synced;
}

Usable<Done> write_new_file(const fs::path& file, std::string_view text) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return unusable(file, "cannot be created; it must not exist yet");
    const bool whole = write_all(fd, text);
    ::close(fd);
    if (whole) return Done{};
    ::unlink(file.c_str());
    return unusable(file, "cannot be written");
}

Usable<Done> place_file(const fs::path& file, std::string_view text) {
    const fs::path beside = file.parent_path() / ("." + file.filename().string() + ".part");
    std::error_code failed;
    fs::remove(beside, failed);  // of a program that was killed here
    if (const auto written = write_new_file(beside, text); !written) return written;
    fs::rename(beside, file, failed);
    if (failed || !sync_folder(file.parent_path())) return unusable(file, "cannot be put in its place");
    return Done{};
}

Usable<Done> remove_file(const fs::path& file) {
    std::error_code failed;
    fs::remove(file, failed);
    if (failed || !sync_folder(file.parent_path())) return unusable(file, "cannot be removed");
    return Done{};
}

Usable<std::string> read_small_file(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text(kSmallFileBytes + 1, '\0');
    if (!stream || !fs::is_regular_file(file)) return unusable(file, "cannot be read");
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kSmallFileBytes) return unusable(file, "is over 1 MiB");
    return text;
}

}  // namespace kesher::kit
