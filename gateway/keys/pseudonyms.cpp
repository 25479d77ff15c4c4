#include "gateway/keys/pseudonyms.h"

namespace kesher::keys {
namespace {

using contract::Bytes;
using contract::ByteView;
using contract::CaseId;
using contract::Digest;
using contract::OrganisationId;

constexpr std::string_view kPseudonym = "kesher.pseudonym.v1";
constexpr std::string_view kCaseKey = "kesher.case-key.v1";
constexpr std::string_view kConsentKey = "kesher.consent-key.v1";
constexpr std::string_view kReferralSlot = "kesher.referral-slot.v1";
constexpr std::string_view kConsentSlot = "kesher.consent-slot.v1";
constexpr std::string_view kCheck = "kesher.key-check.v1";
constexpr std::array kLabels{kPseudonym, kCaseKey, kConsentKey, kReferralSlot, kConsentSlot, kCheck};

constexpr bool none_begins_another() {
    for (std::size_t a = 0; a < kLabels.size(); ++a) {
        for (std::size_t b = 0; b < kLabels.size(); ++b) {
            if (a != b && kLabels[a].starts_with(kLabels[b])) return false;
        }
    }
    return true;
}
static_assert(none_begins_another(), "two questions could be one byte string");

// One byte string of a label and its parts, each part ended or of fixed length by its own call.
class Message {
public:
    explicit Message(std::string_view label) { text(label); }
    Message& fixed(ByteView bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    Message& ended(std::string_view word) {
        text(word);
        bytes_.push_back(0);
        return *this;
    }
    Message& last(std::string_view word) {
        text(word);
        return *this;
    }
    Message& u32(std::uint32_t n) {
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            bytes_.push_back(static_cast<std::uint8_t>(n >> shift));
        return *this;
    }
    [[nodiscard]] ByteView view() const { return bytes_; }

private:
    void text(std::string_view word) { bytes_.insert(bytes_.end(), word.begin(), word.end()); }
    Bytes bytes_;
};

}  // namespace

contract::Pseudonym new_pseudonym() {
    std::array<std::uint8_t, 10> random{};
    fill_random(random);
    return contract::Pseudonym::of_random(random);
}

CaseId new_case_id() {
    std::array<std::uint8_t, 16> random{};
    fill_random(random);
    return CaseId(random);
}

SubjectKey new_subject_key() { return SubjectKey::random(); }

RowKeys::RowKeys(const LookupKey& key) : hash_(key.reveal()) {}

Digest RowKeys::lookup(const OrganisationId& organisation, const contract::Pseudonym& pseudonym) const {
    return hash_.of(Message(kPseudonym).ended(organisation.text()).last(pseudonym.reveal()).view());
}

Digest RowKeys::case_key(const CaseId& case_id) const {
    return hash_.of(Message(kCaseKey).fixed(case_id.reveal()).view());
}

Digest RowKeys::consent_key(const CaseId& case_id, const OrganisationId& discloser,
                            const OrganisationId& recipient, contract::Purpose purpose) const {
    return hash_.of(Message(kConsentKey)
                        .fixed(case_id.reveal())
                        .ended(discloser.text())
                        .ended(recipient.text())
                        .last(contract::kPurposes.text(purpose))
                        .view());
}

Digest RowKeys::referral_slot(const CaseId& case_id, std::uint32_t n) const {
    return hash_.of(Message(kReferralSlot).fixed(case_id.reveal()).u32(n).view());
}

Digest RowKeys::consent_slot(const CaseId& case_id, std::uint32_t n) const {
    return hash_.of(Message(kConsentSlot).fixed(case_id.reveal()).u32(n).view());
}

Digest RowKeys::check_value() const { return hash_.of(Message(kCheck).view()); }

}  // namespace kesher::keys
