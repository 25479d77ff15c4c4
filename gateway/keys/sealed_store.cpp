#include "gateway/keys/sealed_store.h"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "gateway/keys/keyed_hash.h"

namespace kesher::keys {
namespace {

using contract::Bytes;
using contract::ByteView;
using contract::Digest;
using contract::OrganisationId;

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHead = 2;  // version, key id
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;
static_assert(kHead + kNonce + kTag == SealedStore::kOverheadBytes);
constexpr std::string_view kAad = "kesher.sealed.v1";
constexpr std::string_view kCheckLabel = "kesher.key-check.v1";
constexpr std::string_view kCaseLabel = "case-secrets.v1";
constexpr std::size_t kCaseBytes = 16;
constexpr std::size_t kCasePlainBytes = kCaseBytes + SubjectKey::kBytes + contract::Pseudonym::kLength;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

void must(int rc) {
    if (rc != 1) throw std::runtime_error("AES-256-GCM failed in the cryptographic library");
}

int length_of(ByteView bytes) {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw std::invalid_argument("too large to seal in one piece");
    }
    return static_cast<int>(bytes.size());
}

// Fetched once: a fetch walks the providers under a lock, and costs more than sealing a row.
const EVP_CIPHER* aes_256_gcm() {
    static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    if (cipher == nullptr) throw std::runtime_error("AES-256-GCM is missing in the cryptographic library");
    return cipher;
}

Context new_context() {
    Context context(EVP_CIPHER_CTX_new());
    if (!context) throw std::bad_alloc();
    return context;
}

void append(Bytes& bytes, ByteView more) { bytes.insert(bytes.end(), more.begin(), more.end()); }

Bytes additional_data(std::uint8_t key_id, std::string_view label, ByteView binding) {
    if (label.empty() || label.size() > SealedStore::kLabelBytes) {
        throw std::invalid_argument("a sealed column needs a label of 1 to 64 characters");
    }
    Bytes aad;
    append(aad, contract::bytes_of(kAad));
    aad.insert(aad.end(), {kVersion, key_id, static_cast<std::uint8_t>(label.size() >> 8),
                           static_cast<std::uint8_t>(label.size() & 0xFFU)});
    append(aad, contract::bytes_of(label));
    append(aad, binding);
    return aad;
}

Bytes case_binding(const OrganisationId& organisation, const Digest& lookup) {
    Bytes binding;
    append(binding, contract::bytes_of(organisation.text()));
    binding.push_back(0);
    append(binding, lookup.view());
    return binding;
}

}  // namespace

struct SealedStore::Ring {
    std::vector<NumberedStoreKey> keys;  // by id, the last one seals

    [[nodiscard]] const NumberedStoreKey& current() const { return keys.back(); }
    [[nodiscard]] const NumberedStoreKey* find(std::uint8_t id) const {
        const auto found =
            std::find_if(keys.begin(), keys.end(), [id](const auto& key) { return key.id == id; });
        return found == keys.end() ? nullptr : &*found;
    }
};

SealedStore::SealedStore(const std::vector<NumberedStoreKey>& keys)
    : ring_(std::make_unique<Ring>(Ring{keys})) {
    auto& ring = ring_->keys;
    const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
    std::sort(ring.begin(), ring.end(), by_id);
    const auto twice = std::adjacent_find(ring.begin(), ring.end(),
                                          [](const auto& a, const auto& b) { return a.id == b.id; });
    if (ring.empty() || ring.front().id == 0 || twice != ring.end()) {
        throw std::invalid_argument("store keys need distinct numbers from 1 to 255");
    }
}

SealedStore::~SealedStore() = default;
SealedStore::SealedStore(SealedStore&&) noexcept = default;
SealedStore& SealedStore::operator=(SealedStore&&) noexcept = default;

Bytes SealedStore::seal(std::string_view label, ByteView binding, ByteView plaintext) const {
    const NumberedStoreKey& key = ring_->current();
    const Bytes aad = additional_data(key.id, label, binding);
    Bytes sealed(kOverheadBytes + plaintext.size());
    sealed[0] = kVersion;
    sealed[1] = key.id;
    const auto nonce = std::span(sealed).subspan(kHead, kNonce);
    fill_random(nonce);

    const Context context = new_context();
    int written = 0;
    std::uint8_t* out = sealed.data() + kHead + kNonce;
    must(EVP_EncryptInit_ex(context.get(), aes_256_gcm(), nullptr, key.key.reveal().data(), nonce.data()));
    must(EVP_EncryptUpdate(context.get(), nullptr, &written, aad.data(), length_of(aad)));
    must(EVP_EncryptUpdate(context.get(), out, &written, plaintext.data(), length_of(plaintext)));
    out += plaintext.size();
    must(EVP_EncryptFinal_ex(context.get(), out, &written));
    must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTag), out));
    return sealed;
}

std::optional<Bytes> SealedStore::open(std::string_view label, ByteView binding, ByteView sealed) const {
    if (sealed.size() < kOverheadBytes || sealed[0] != kVersion) return std::nullopt;
    const NumberedStoreKey* key = ring_->find(sealed[1]);
    if (key == nullptr) return std::nullopt;
    const Bytes aad = additional_data(key->id, label, binding);
    const ByteView nonce = sealed.subspan(kHead, kNonce);
    const ByteView cipher = sealed.subspan(kHead + kNonce, sealed.size() - kOverheadBytes);
    Bytes tag(sealed.end() - kTag, sealed.end());

    const Context context = new_context();
    Bytes plaintext(cipher.size());
    int written = 0;
    must(EVP_DecryptInit_ex(context.get(), aes_256_gcm(), nullptr, key->key.reveal().data(), nonce.data()));
    must(EVP_DecryptUpdate(context.get(), nullptr, &written, aad.data(), length_of(aad)));
    must(EVP_DecryptUpdate(context.get(), plaintext.data(), &written, cipher.data(), length_of(cipher)));
    must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTag), tag.data()));
    if (EVP_DecryptFinal_ex(context.get(), nullptr, &written) != 1) {
        wipe(plaintext);
        return std::nullopt;
    }
    return plaintext;
}

bool SealedStore::is_current(ByteView sealed) const {
    return sealed.size() >= kOverheadBytes && sealed[0] == kVersion && sealed[1] == current_key();
}

Bytes SealedStore::seal_case(const OrganisationId& organisation, const Digest& lookup,
                             const CaseSecrets& secrets) const {
    Bytes plain;
    plain.reserve(kCasePlainBytes);  // never moved, so that nothing is left behind unwiped
    append(plain, secrets.case_id.reveal());
    append(plain, secrets.subject_key.reveal());
    append(plain, contract::bytes_of(secrets.pseudonym.reveal()));
    Bytes sealed = seal(kCaseLabel, case_binding(organisation, lookup), plain);
    wipe(plain);
    return sealed;
}

std::optional<CaseSecrets> SealedStore::open_case(const OrganisationId& organisation, const Digest& lookup,
                                                  ByteView sealed) const {
    auto plain = open(kCaseLabel, case_binding(organisation, lookup), sealed);
    if (!plain || plain->size() != kCasePlainBytes) return std::nullopt;
    const ByteView all(*plain);
    std::array<std::uint8_t, kCaseBytes> case_id{};
    std::copy_n(all.begin(), kCaseBytes, case_id.begin());
    const auto subject_key = SubjectKey::from(all.subspan(kCaseBytes, SubjectKey::kBytes));
    const auto pseudonym =
        contract::Pseudonym::parse(contract::text_of(all.subspan(kCaseBytes + SubjectKey::kBytes)));
    wipe(*plain);
    if (!subject_key || !pseudonym) return std::nullopt;
    return CaseSecrets{contract::CaseId(case_id), *subject_key, *pseudonym};
}

Digest SealedStore::check_value() const {
    return KeyedHash(ring_->current().key.reveal()).of(contract::bytes_of(kCheckLabel));
}

std::uint8_t SealedStore::current_key() const { return ring_->current().id; }

}  // namespace kesher::keys
