#include "schemas/statement/key_file.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "schemas/statement/evp.h"
#include "schemas/statement/hash.h"

namespace kesher::statement {
namespace {

using contract::ByteView;
using contract::Done;
using contract::Failure;
using contract::Result;
using KeyInfo = evp::Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using Encrypted = evp::Handle<X509_SIG, X509_SIG_free>;

constexpr std::size_t kKeyFileBytes = 16 * 1024;
constexpr std::size_t kPassphraseLeast = 12;
constexpr const char* kPlainLabel = "PRIVATE KEY";
constexpr const char* kEncryptedLabel = "ENCRYPTED PRIVATE KEY";

[[noreturn]] void broken(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

class File {
public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

Result<Secret, KeyFileFault> read_owner_file(const std::filesystem::path& path) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat facts{};
    if (file.get() < 0) {
        if (errno == ENOENT || errno == ENOTDIR) return Failure{KeyFileFault::absent};
        broken("a key file cannot be opened");
    }
    if (::fstat(file.get(), &facts) != 0) broken("a key file cannot be looked at");
    if (!S_ISREG(facts.st_mode)) return Failure{KeyFileFault::absent};
    if ((facts.st_mode & 077U) != 0) return Failure{KeyFileFault::open_to_others};
    const auto size = static_cast<std::size_t>(facts.st_size);
    if (size > kKeyFileBytes) return Failure{KeyFileFault::malformed};
    Secret bytes(size);
    std::size_t have = 0;
    while (have < size) {
        const auto got = ::read(file.get(), bytes.writable().data() + have, size - have);
        if (got < 0 && errno != EINTR) broken("a key file cannot be read");
        if (got == 0) return Failure{KeyFileFault::malformed};
        if (got > 0) have += static_cast<std::size_t>(got);
    }
    return bytes;
}

void write_all(int descriptor, ByteView bytes) {
    while (!bytes.empty()) {
        const auto put = ::write(descriptor, bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR) broken("a key file cannot be written");
        if (put > 0) bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
}

// Written beside, synced, then linked to its name: link() never replaces, so a key is never lost to a
// second start, and half a key never has the name.
Result<Done, KeyFileFault> create_whole(const std::filesystem::path& path, ByteView bytes) {
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const auto beside = folder / ("." + path.filename().string() + "." + contract::hex(random_bytes<8>()));
    {
        const File file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (file.get() < 0) broken("a key file cannot be made");
        write_all(file.get(), bytes);
        if (::fsync(file.get()) != 0) broken("a key file cannot be synced");
    }
    const bool linked = ::link(beside.c_str(), path.c_str()) == 0;
    const int reason = errno;
    ::unlink(beside.c_str());
    if (!linked && reason == EEXIST) return Failure{KeyFileFault::exists};
    errno = reason;
    if (!linked) broken("a key file cannot be named");
    const File directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0 || ::fsync(directory.get()) != 0) broken("a key file's folder cannot be synced");
    return Done{};
}

Result<PrivateKey, KeyFileFault> key_of(const KeyInfo& info) {
    if (!info) return Failure{KeyFileFault::malformed};
    EVP_PKEY* key = EVP_PKCS82PKEY(info.get());
    if (key == nullptr) return Failure{KeyFileFault::malformed};
    auto made = PrivateKey::adopt(key);
    if (!made) return Failure{KeyFileFault::kind};
    return std::move(*made);
}

Result<PrivateKey, KeyFileFault> decrypted(ByteView der, const Secret& passphrase) {
    const std::uint8_t* at = der.data();
    const Encrypted sealed(d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
    if (!sealed || at != der.data() + der.size()) return Failure{KeyFileFault::malformed};
    const auto text = contract::text_of(passphrase.reveal());
    const KeyInfo info(PKCS8_decrypt(sealed.get(), text.data(), static_cast<int>(text.size())));
    if (!info) return Failure{KeyFileFault::passphrase_wrong};
    return key_of(info);
}

contract::Bytes encrypted(PKCS8_PRIV_KEY_INFO* info, const Secret& passphrase) {
    constexpr std::uint64_t kScryptN = 1U << 14;
    constexpr std::uint64_t kScryptR = 8;
    constexpr std::uint64_t kScryptP = 1;
    X509_ALGOR* scheme = evp::must(
        PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, kScryptN, kScryptR, kScryptP));
    const auto text = contract::text_of(passphrase.reveal());
    const Encrypted sealed(
        evp::must(PKCS8_set0_pbe(text.data(), static_cast<int>(text.size()), info, scheme)));
    return evp::der_of(sealed.get(), i2d_X509_SIG);
}

}  // namespace

std::string_view word(KeyFileFault fault) {
    switch (fault) {
        case KeyFileFault::absent:
            return "absent";
        case KeyFileFault::exists:
            return "exists";
        case KeyFileFault::open_to_others:
            return "open_to_others";
        case KeyFileFault::malformed:
            return "malformed";
        case KeyFileFault::passphrase_wrong:
            return "passphrase_wrong";
        case KeyFileFault::passphrase_missing:
            return "passphrase_missing";
        case KeyFileFault::plain_not_allowed:
            return "plain_not_allowed";
        case KeyFileFault::kind:
            return "kind";
    }
    return "malformed";
}

Result<Secret, KeyFileFault> read_passphrase(const std::filesystem::path& file) {
    auto bytes = read_owner_file(file);
    if (!bytes) return bytes;
    std::string_view line = contract::text_of(bytes->reveal());
    line = line.substr(0, line.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() < kPassphraseLeast) return Failure{KeyFileFault::malformed};
    return Secret(contract::Bytes(line.begin(), line.end()));
}

Result<PrivateKey, KeyFileFault> read_private_key(const std::filesystem::path& file,
                                                  const Protection& protection) {
    const evp::ErrorsOfThisScope errors;
    const auto bytes = read_owner_file(file);
    if (!bytes) return Failure{bytes.error()};
    const auto text = contract::text_of(bytes->reveal());
    const Secret* passphrase = std::get_if<Secret>(&protection);
    if (auto block = evp::pem_block(text, kEncryptedLabel)) {
        if (passphrase == nullptr) return Failure{KeyFileFault::passphrase_missing};
        return decrypted(*block, *passphrase);
    }
    auto block = evp::pem_block(text, kPlainLabel);
    if (!block) return Failure{KeyFileFault::malformed};
    const Secret der(std::move(*block));
    if (passphrase != nullptr) return Failure{KeyFileFault::plain_not_allowed};
    const std::uint8_t* at = der.reveal().data();
    const KeyInfo info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
    if (at != der.reveal().data() + der.size()) return Failure{KeyFileFault::malformed};
    return key_of(info);
}

Result<Done, KeyFileFault> write_private_key(const std::filesystem::path& file, const PrivateKey& key,
                                             const Protection& protection) {
    const KeyInfo info(evp::must(EVP_PKEY2PKCS8(key.native())));
    const Secret* passphrase = std::get_if<Secret>(&protection);
    const Secret der(passphrase != nullptr ? encrypted(info.get(), *passphrase)
                                           : evp::der_of(info.get(), i2d_PKCS8_PRIV_KEY_INFO));
    std::string text = evp::pem_text(der.reveal(), passphrase != nullptr ? kEncryptedLabel : kPlainLabel);
    const Secret bytes(contract::Bytes(text.begin(), text.end()));
    OPENSSL_cleanse(text.data(), text.size());
    return create_whole(file, bytes.reveal());
}

Result<Secret, KeyFileFault> read_secret_file(const std::filesystem::path& file) {
    auto bytes = read_owner_file(file);
    if (bytes && bytes->size() != kSecretFileBytes) return Failure{KeyFileFault::malformed};
    return bytes;
}

Result<Done, KeyFileFault> create_secret_file(const std::filesystem::path& file) {
    Secret secret(kSecretFileBytes);
    fill_random(secret.writable());
    return create_whole(file, secret.reveal());
}

}  // namespace kesher::statement
