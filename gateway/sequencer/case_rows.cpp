#include "gateway/sequencer/case_rows.h"

#include "gateway/store/stored_words.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

constexpr std::size_t kCaseBytes = 16;
constexpr std::size_t kSubjectKeyBytes = keys::SubjectKey::kBytes;

// case(16) ‖ K_subject(32) ‖ pseudonym(18)
Bytes written(const keys::CaseSecrets& secrets) {
    Bytes bytes;
    const auto append = [&](ByteView part) { bytes.insert(bytes.end(), part.begin(), part.end()); };
    append(secrets.case_id.reveal());
    append(secrets.subject_key.reveal());
    append(bytes_of(secrets.pseudonym.reveal()));
    return bytes;
}

std::optional<keys::CaseSecrets> parsed(ByteView bytes) {
    if (bytes.size() != kCaseBytes + kSubjectKeyBytes + Pseudonym::kLength) return std::nullopt;
    std::array<std::uint8_t, kCaseBytes> id{};
    std::copy_n(bytes.begin(), kCaseBytes, id.begin());
    const auto key = keys::SubjectKey::from(bytes.subspan(kCaseBytes, kSubjectKeyBytes));
    const auto pseudonym = Pseudonym::parse(text_of(bytes.subspan(kCaseBytes + kSubjectKeyBytes)));
    if (!key || !pseudonym) return std::nullopt;
    return keys::CaseSecrets{CaseId(id), *key, *pseudonym};
}

Bytes seal(const keys::SealedStore& store, std::string_view label, ByteView binding,
           const keys::CaseSecrets& secrets) {
    Bytes plaintext = written(secrets);
    Bytes sealed = store.seal(label, binding, plaintext);
    keys::wipe(plaintext);
    return sealed;
}

keys::CaseSecrets open(const keys::SealedStore& store, std::string_view label, ByteView binding,
                       ByteView sealed) {
    auto plaintext = store.open(label, binding, sealed);
    if (!plaintext) store::refuse_stored(label);
    auto secrets = parsed(*plaintext);
    keys::wipe(*plaintext);
    if (!secrets) store::refuse_stored(label);
    return *std::move(secrets);
}

Bytes binding_of(const store::MessageKey& key) {
    const ByteView sender = bytes_of(key.sender.text());
    Bytes binding(sender.begin(), sender.end());
    binding.push_back(0);
    binding.insert(binding.end(), key.id.bytes().begin(), key.id.bytes().end());
    return binding;
}

constexpr std::string_view kReferrer = "referral-referrer.v1";
constexpr std::string_view kRecipient = "referral-recipient.v1";
constexpr std::string_view kConsent = "consent-case.v1";
constexpr std::string_view kCaseFile = "case-file.v1";
constexpr std::string_view kPayload = "payload.v1";

}  // namespace

Bytes seal_referrer(const keys::SealedStore& store, const ReferralId& id, const keys::CaseSecrets& secrets) {
    return seal(store, kReferrer, id.bytes(), secrets);
}
Bytes seal_recipient(const keys::SealedStore& store, const ReferralId& id, const keys::CaseSecrets& secrets) {
    return seal(store, kRecipient, id.bytes(), secrets);
}
Bytes seal_consent(const keys::SealedStore& store, const ConsentId& id, const keys::CaseSecrets& secrets) {
    return seal(store, kConsent, id.bytes(), secrets);
}
Bytes seal_case_file(const keys::SealedStore& store, const Digest& key, const keys::CaseSecrets& secrets) {
    return seal(store, kCaseFile, key.view(), secrets);
}
Bytes seal_payload(const keys::SealedStore& store, const store::MessageKey& key, ByteView payload) {
    return store.seal(kPayload, binding_of(key), payload);
}

keys::CaseSecrets referrer_of(const keys::SealedStore& store, const store::ReferralRow& row) {
    return open(store, kReferrer, row.referral.id.bytes(), row.referrer_sealed);
}
keys::CaseSecrets referrer_of(const keys::SealedStore& store, const store::UsedSlot& slot) {
    return open(store, kReferrer, slot.referral.bytes(), slot.referrer_sealed);
}
std::optional<keys::CaseSecrets> recipient_of(const keys::SealedStore& store, const store::ReferralRow& row) {
    if (!row.recipient_sealed) return std::nullopt;
    return open(store, kRecipient, row.referral.id.bytes(), *row.recipient_sealed);
}
keys::CaseSecrets case_of(const keys::SealedStore& store, const store::ConsentRow& row) {
    return open(store, kConsent, row.consent.id.bytes(), row.sealed);
}
keys::CaseSecrets case_of(const keys::SealedStore& store, const store::CaseRow& row) {
    return open(store, kCaseFile, row.key.view(), row.sealed);
}
Bytes open_payload(const keys::SealedStore& store, const store::MessageKey& key, ByteView sealed) {
    auto payload = store.open(kPayload, binding_of(key), sealed);
    if (!payload) store::refuse_stored(kPayload);
    return *std::move(payload);
}

}  // namespace kesher::sequencer
