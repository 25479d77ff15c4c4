#include "gateway/keys/key_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "gateway/keys/key_place.h"

namespace kesher::keys {
namespace {

namespace fs = std::filesystem;
using contract::Done;
using contract::Instant;
using contract::OrganisationId;
using contract::Result;
using statement::KeyKind;
using statement::PrivateKey;
using Outcome = Result<Done, KeyDirectoryProblem>;

class Descriptor {
public:
    Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
        if (number_ < 0) throw std::system_error(errno, std::generic_category(), "cannot open a key file");
    }
    ~Descriptor() { ::close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    void write(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t written = ::write(number_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0)
                throw std::system_error(errno, std::generic_category(), "cannot write a key file");
            text.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    void sync() const {
        if (::fsync(number_) != 0) throw std::system_error(errno, std::generic_category(), "cannot sync");
    }

private:
    int number_;
};

void sync_directory(const fs::path& directory) { Descriptor(directory, O_RDONLY | O_DIRECTORY).sync(); }

fs::path unfinished(const fs::path& file) { return file.string() + ".new"; }

void write_unfinished(const fs::path& file, const statement::Certificate& certificate) {
    const Descriptor target(unfinished(file), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    target.write(certificate.pem());
    target.sync();
}

void finish(const fs::path& file) {
    fs::rename(unfinished(file), file);
    sync_directory(file.parent_path());
}

// Whole and on disk under its name, or not at all: a certificate is read at every start.
void write_certificate(const fs::path& file, const statement::Certificate& certificate) {
    write_unfinished(file, certificate);
    finish(file);
}

Outcome write_key(const fs::path& file, const PrivateKey& key, const statement::Protection& protection) {
    const auto written = statement::write_private_key(file, key, protection);
    if (!written) return problem(file, written.error());
    return Done{};
}

Outcome write_secret(const fs::path& file) {
    const auto written = statement::create_secret_file(file);
    if (!written) return problem(file, written.error());
    return Done{};
}

statement::Issuer new_issuer(const PrivateKey& key, Instant at) {
    const auto root = statement::issue_root(key, OrganisationId::hub(), validity_from(at, kAuthorityLife));
    return statement::Issuer::make(key, root).value();
}

// Nobody may have anything in it already: a second set of keys beside the first orphans the data.
Outcome make_directory(const fs::path& directory) {
    std::error_code failed;
    if (fs::exists(directory, failed)) {
        if (!fs::is_directory(directory, failed)) return problem(directory, "is no directory");
        if (!fs::is_empty(directory, failed))
            return problem(directory, "is not empty, and keys are never overwritten");
    } else if (!fs::create_directory(directory, failed)) {
        return problem(directory, "cannot be made: " + failed.message());
    }
    fs::permissions(directory, fs::perms::owner_all, failed);
    if (failed) return problem(directory, "cannot be closed to others: " + failed.message());
    return check_directory(directory);
}

Outcome make_secrets(const fs::path& directory) {
    for (const std::string& name : {std::string(kLookupFile), store_file(1), std::string(kClaimFile)}) {
        auto written = write_secret(directory / name);
        if (!written) return written;
    }
    return Done{};
}

// A key with its certificate, under one name.
Outcome make_pair(const fs::path& directory, std::string_view name, const PrivateKey& key,
                  const statement::Certificate& certificate, const statement::Protection& protection) {
    auto written = write_key(directory / key_file(name), key, protection);
    if (written) write_certificate(directory / certificate_file(name), certificate);
    return written;
}

Outcome make_key_pairs(const fs::path& directory, const std::vector<std::string>& hosts, Instant at,
                       const statement::Protection& protection) {
    const auto log = write_key(directory / kLogFile, PrivateKey::generate(KeyKind::ed25519), protection);
    if (!log) return log;

    const auto signing = PrivateKey::generate(KeyKind::p256);
    const auto thrown_away = new_issuer(PrivateKey::generate(KeyKind::p256), at);
    const auto said = thrown_away.issue(signing.public_key(), OrganisationId::hub(), statement::Use::signing,
                                        validity_from(at, kAuthorityLife));
    const auto signing_pair = make_pair(directory, "signing", signing, said, protection);
    if (!signing_pair) return signing_pair;

    const auto authority_key = PrivateKey::generate(KeyKind::p256);
    const CertificateAuthority authority(new_issuer(authority_key, at));
    const auto authority_pair =
        make_pair(directory, "ca", authority_key, authority.certificate(), protection);
    if (!authority_pair) return authority_pair;

    const auto tls = PrivateKey::generate(KeyKind::p256);
    return make_pair(directory, "tls", tls, authority.issue_server(tls.public_key(), hosts, at), protection);
}

}  // namespace

Outcome create_key_directory(const KeyDirectoryPlace& place, const std::vector<std::string>& hosts,
                             Instant at) {
    if (hosts.empty()) return problem(place.directory, "needs a name for the hub's listeners");
    auto made = make_directory(place.directory);
    if (!made) return made;
    const auto protection = protection_of(place);
    if (!protection) return contract::Failure{protection.error()};
    made = make_secrets(place.directory);
    if (!made) return made;
    made = make_key_pairs(place.directory, hosts, at, *protection);
    if (!made) return made;
    sync_directory(place.directory);
    sync_directory(fs::absolute(place.directory).lexically_normal().parent_path());
    return Done{};
}

Result<std::uint8_t, KeyDirectoryProblem> rotate_store_key(const KeyDirectoryPlace& place) {
    const auto opened = KeyDirectory::open(place);
    if (!opened) return contract::Failure{opened.error()};
    const unsigned next = opened->store_keys().back().id + 1U;
    if (next > kLastStoreKey) return problem(place.directory, "has used up the 255 numbers of store keys");
    const auto written = write_secret(place.directory / store_file(next));
    if (!written) return contract::Failure{written.error()};
    sync_directory(place.directory);
    return static_cast<std::uint8_t>(next);
}

namespace {

bool waits(const fs::path& file) { return fs::exists(fs::symlink_status(unfinished(file))); }

// A renewal that was cut off: behind its key the certificate goes under its name, before it both are dropped,
// the certificate first. One that waits alone is taken for finished only where it is the key's.
Outcome end_cut_off_renewal(const fs::path& key, const fs::path& certificate,
                            const statement::Protection& protection) {
    if (waits(certificate)) {
        const auto own = statement::read_private_key(key, protection);
        // Not by this passphrase: it says nothing of whose certificate waits, which may be the only one.
        if (!own) return problem(key, own.error());
        const auto pem = read_small_text(unfinished(certificate));
        const auto renewed =
            statement::Certificate::from_pem(pem ? contract::text_of(pem->reveal()) : std::string_view());
        const bool is_its = renewed && renewed->key() == own->public_key();
        if (is_its && !waits(key)) {
            finish(certificate);
            return contract::Done{};
        }
        fs::remove(unfinished(certificate));
        sync_directory(certificate.parent_path());
    }
    if (waits(key)) fs::remove(unfinished(key));
    return contract::Done{};
}

}  // namespace

Outcome renew_server_certificate(const KeyDirectoryPlace& place, const std::vector<std::string>& hosts,
                                 Instant at) {
    if (hosts.empty()) return problem(place.directory, "needs a name for the hub's listeners");
    const fs::path key_place = place.directory / key_file("tls");
    const fs::path certificate_place = place.directory / certificate_file("tls");
    const auto protection = protection_of(place);
    if (!protection) return contract::Failure{protection.error()};
    if (const auto ended = end_cut_off_renewal(key_place, certificate_place, *protection); !ended)
        return ended;
    const auto opened = KeyDirectory::open(place);
    if (!opened) return contract::Failure{opened.error()};
    const auto key = PrivateKey::generate(KeyKind::p256);
    const auto written = write_key(unfinished(key_place), key, *protection);
    if (!written) return written;
    write_unfinished(certificate_place, opened->authority().issue_server(key.public_key(), hosts, at));
    finish(key_place);
    finish(certificate_place);
    return Done{};
}

}  // namespace kesher::keys
