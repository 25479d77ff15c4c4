// Keys of notes: their names and ids, and Ed25519 over OpenSSL.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "audit/log/note.h"
#include "audit/merkle/hash.h"
#include "audit/merkle/must.h"

namespace kesher::log {
namespace {

using contract::Bytes;
using contract::ByteView;
using merkle::must;

constexpr std::size_t kPublicBytes = 32;
constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kTimeBytes = 8;

template <class T, void (*free_fn)(T*)>
struct Free {
    void operator()(T* held) const { free_fn(held); }
};
using Pkey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX, EVP_MD_CTX_free>>;
using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>>;
struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};

Bytes typed(NoteKeyType type, ByteView public_key) {
    Bytes bytes{static_cast<std::uint8_t>(type)};
    bytes.insert(bytes.end(), public_key.begin(), public_key.end());
    return bytes;
}

KeyId key_id(std::string_view name, NoteKeyType type, ByteView public_key) {
    Bytes hashed(name.begin(), name.end());
    hashed.push_back('\n');
    const Bytes rest = typed(type, public_key);
    hashed.insert(hashed.end(), rest.begin(), rest.end());
    const contract::Digest digest = merkle::sha256(hashed);
    KeyId id;
    std::copy_n(digest.bytes.begin(), id.size(), id.begin());
    return id;
}

bool ed25519_holds(ByteView public_key, ByteView signature, std::string_view message) {
    const Pkey key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()));
    const Context context(EVP_MD_CTX_new());
    if (!key || !context) throw std::runtime_error("Ed25519 is not to be had");
    must(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()), "EVP_DigestVerifyInit");
    const ByteView bytes = contract::bytes_of(message);
    const int rc =
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(), bytes.size());
    // A signature that does not hold is an answer, not an error for the next caller to find.
    if (rc != 1) ERR_clear_error();
    return rc == 1;
}

std::string cosigned_message(std::string_view text, std::uint64_t seconds) {
    return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(text);
}

std::uint64_t big_endian(ByteView bytes) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8U | byte;
    return value;
}

// An encrypted key file must not make a server ask the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Pkey read_private(ByteView bytes) {
    if (contract::text_of(bytes).starts_with("-----BEGIN")) {
        const std::unique_ptr<BIO, FreeBio> bio(
            BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
        return Pkey(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr) : nullptr);
    }
    const std::uint8_t* at = bytes.data();
    const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(bytes.size())));
    if (!info || at != bytes.data() + bytes.size()) return nullptr;
    return Pkey(EVP_PKCS82PKEY(info.get()));
}

}  // namespace

Result<NoteKey> NoteKey::make(std::string name, NoteKeyType type, ByteView public_key) {
    if (!is_key_name(name) || public_key.size() != kPublicBytes) return fail(Flaw::key_malformed);
    NoteKey key;
    key.id_ = key_id(name, type, public_key);
    key.name_ = std::move(name);
    key.type_ = type;
    std::copy(public_key.begin(), public_key.end(), key.public_.begin());
    return key;
}

Result<NoteKey> NoteKey::parse(std::string_view vkey) {
    const std::size_t first = vkey.find('+');
    const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
    if (second == std::string_view::npos) return fail(Flaw::key_malformed);
    const auto bytes = contract::from_base64(vkey.substr(second + 1));
    if (!bytes || bytes->empty()) return fail(Flaw::key_malformed);
    const auto type = NoteKeyType{bytes->front()};
    if (type != NoteKeyType::ed25519 && type != NoteKeyType::cosignature)
        return fail(Flaw::key_type_unsupported);
    auto key = make(std::string(vkey.substr(0, first)), type, ByteView(*bytes).subspan(1));
    // Written again: the id must be the hash of the rest, in lower case.
    if (key && key->vkey() != vkey) return fail(Flaw::key_malformed);
    return key;
}

std::string NoteKey::vkey() const {
    return name_ + "+" + contract::hex(id_) + "+" + contract::base64(typed(type_, public_));
}

bool NoteKey::holds(const SignatureLine& line, std::string_view text) const {
    const ByteView signature = line.signature;
    if (type_ == NoteKeyType::ed25519) {
        return signature.size() == kSignatureBytes && ed25519_holds(public_, signature, text);
    }
    const auto time = time_of(line);
    if (!time || signature.size() != kTimeBytes + kSignatureBytes) return false;
    const auto seconds = static_cast<std::uint64_t>(time->time_since_epoch().count());
    return ed25519_holds(public_, signature.subspan(kTimeBytes), cosigned_message(text, seconds));
}

std::optional<CosignatureTime> time_of(const SignatureLine& cosignature) {
    if (cosignature.signature.size() < kTimeBytes) return std::nullopt;
    const std::uint64_t seconds = big_endian(ByteView(cosignature.signature).first(kTimeBytes));
    // Past the year 9999 it is no time anybody signed, and it must not overflow a clock's arithmetic.
    constexpr std::uint64_t kLatest = 253'402'300'799;
    if (seconds > kLatest) return std::nullopt;
    return CosignatureTime{std::chrono::seconds{static_cast<std::int64_t>(seconds)}};
}

struct NoteSigner::Key {
    Pkey pkey;
    NoteKey note_key;

    static Result<NoteSigner> signer(std::string name, NoteKeyType type, Pkey pkey) {
        if (!pkey || EVP_PKEY_get_id(pkey.get()) != EVP_PKEY_ED25519) {
            ERR_clear_error();
            return fail(Flaw::key_malformed);
        }
        std::array<std::uint8_t, kPublicBytes> raw{};
        std::size_t length = raw.size();
        must(EVP_PKEY_get_raw_public_key(pkey.get(), raw.data(), &length), "EVP_PKEY_get_raw_public_key");
        auto note_key = NoteKey::make(std::move(name), type, raw);
        if (!note_key) return fail(note_key.error());
        return NoteSigner(std::make_unique<Key>(Key{std::move(pkey), std::move(*note_key)}));
    }

    [[nodiscard]] Bytes sign(std::string_view message) const {
        const Context context(EVP_MD_CTX_new());
        must(context != nullptr, "EVP_MD_CTX_new");
        must(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pkey.get()), "EVP_DigestSignInit");
        Bytes signature(kSignatureBytes);
        std::size_t length = signature.size();
        const ByteView bytes = contract::bytes_of(message);
        must(EVP_DigestSign(context.get(), signature.data(), &length, bytes.data(), bytes.size()),
             "EVP_DigestSign");
        must(length == kSignatureBytes, "EVP_DigestSign");
        return signature;
    }
};

NoteSigner::NoteSigner(std::unique_ptr<Key> key) : key_(std::move(key)) {}
NoteSigner::NoteSigner(NoteSigner&&) noexcept = default;
NoteSigner& NoteSigner::operator=(NoteSigner&&) noexcept = default;
NoteSigner::~NoteSigner() = default;

Result<NoteSigner> NoteSigner::from_seed(std::string name, NoteKeyType type, ByteView seed) {
    if (seed.size() != kSeedBytes) return fail(Flaw::key_malformed);
    return Key::signer(
        std::move(name), type,
        Pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size())));
}

Result<NoteSigner> NoteSigner::from_pkcs8(std::string name, NoteKeyType type, ByteView der_or_pem) {
    return Key::signer(std::move(name), type, read_private(der_or_pem));
}

const NoteKey& NoteSigner::key() const { return key_->note_key; }

SignatureLine NoteSigner::sign(std::string_view text) const {
    if (key().type() != NoteKeyType::ed25519)
        throw std::logic_error("a witness's key cosigns, it does not sign");
    if (!text.ends_with('\n')) throw std::logic_error("a note's text ends in LF");
    return SignatureLine{key().name(), key().id(), key_->sign(text)};
}

SignatureLine NoteSigner::cosign(std::string_view text, CosignatureTime at) const {
    if (key().type() != NoteKeyType::cosignature)
        throw std::logic_error("a log's key signs, it does not cosign");
    const auto seconds = static_cast<std::uint64_t>(at.time_since_epoch().count());
    Bytes payload;
    for (unsigned shift = 64; shift > 0; shift -= 8)
        payload.push_back(static_cast<std::uint8_t>(seconds >> (shift - 8)));
    const Bytes signature = key_->sign(cosigned_message(text, seconds));
    payload.insert(payload.end(), signature.begin(), signature.end());
    return SignatureLine{key().name(), key().id(), std::move(payload)};
}

}  // namespace kesher::log
