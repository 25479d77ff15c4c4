#include "schemas/codec/schema.h"

#include <cassert>
#include <deque>
#include <stdexcept>

#include "schemas/codec/released_texts.h"
#include "schemas/contract/limits.h"

namespace kesher::codec {
namespace {

using contract::MessageType;
using contract::SchemaFingerprint;
namespace limits = contract::limits;

struct Release {
    std::string_view record;
    int version;
    SchemaFingerprint fingerprint;  // published: never changed, a new version is a new line
    std::optional<MessageType> type;
    std::size_t clear_bytes_max;
};

constexpr std::size_t kSubmissionClear = limits::kStatementBytes + 4 * 1024;
constexpr std::size_t kDeliveryClear =
    limits::kStatementBytes + limits::kLeafBytes + limits::kReceiptBytes + 1024;
constexpr std::size_t kPayloadClear = limits::kPayloadClearBytes;

// In order of record and version.
constexpr std::array kReleases = {
    Release{"AgendaProposed", 1, SchemaFingerprint{0xfbbf6226138dd280}, MessageType::agenda_proposed,
            kPayloadClear},
    Release{"CapacityUpdated", 1, SchemaFingerprint{0x5809396afcd52161}, MessageType::capacity_updated,
            kPayloadClear},
    Release{"ConsentGiven", 1, SchemaFingerprint{0x284d575b3f93b129}, MessageType::consent_given,
            kPayloadClear},
    Release{"ConsentRevocationAcked", 1, SchemaFingerprint{0xcd87a39c8e56e21a},
            MessageType::consent_revocation_acked, kPayloadClear},
    Release{"ConsentRevoked", 1, SchemaFingerprint{0x279be707bc455e0b}, MessageType::consent_revoked,
            kPayloadClear},
    Release{"DeliveryBatch", 1, SchemaFingerprint{0xbe8d9ffb6f72a845}, std::nullopt,
            limits::kInboxBatchDeliveries* kDeliveryClear},
    Release{"Draft", 1, SchemaFingerprint{0xe4376d7987de5439}, MessageType::referral_event, kPayloadClear},
    Release{"EligibilityAnswered", 1, SchemaFingerprint{0xfa4e1da58da4a0fd},
            MessageType::eligibility_answered, kPayloadClear},
    Release{"EligibilityAsked", 1, SchemaFingerprint{0xf1914d10ebdcc365}, MessageType::eligibility_asked,
            kPayloadClear},
    Release{"HeadcountReported", 1, SchemaFingerprint{0xc205b172cdea767a}, MessageType::headcount_reported,
            kPayloadClear},
    Release{"IntakeScreened", 1, SchemaFingerprint{0xd8552b2bddb0635b}, MessageType::intake_screened,
            kPayloadClear},
    Release{"ReferralEvent", 1, SchemaFingerprint{0xacfe356a2ea2736d}, MessageType::referral_event,
            kPayloadClear},
    Release{"ReferralSubmitted", 1, SchemaFingerprint{0xe23547eaa971eea3}, MessageType::referral_submitted,
            kPayloadClear},
    Release{"Sealed", 1, SchemaFingerprint{0xeb3990928f55e927}, std::nullopt, limits::kSealedClearBytes},
    Release{"Submission", 1, SchemaFingerprint{0xd6df12d02345e0c2}, std::nullopt, kSubmissionClear},
    Release{"SubmissionBatch", 1, SchemaFingerprint{0xbc7116366551a4bd}, std::nullopt,
            limits::kBasketSubmissions* kSubmissionClear},
};

std::string_view text_of_release(const Release& release) {
    const std::string file_name =
        std::string(release.record) + ".v" + std::to_string(release.version) + ".avsc";
    for (const ReleasedText& released : released_texts()) {
        if (released.file_name == file_name) return released.text;
    }
    throw std::logic_error("schema: no file " + file_name);
}

struct Registry {
    std::deque<Schema> schemas;  // a deque: what points into it stays
    std::vector<ReleasedSchema> released;

    Registry() {
        if (released_texts().size() != kReleases.size())
            throw std::logic_error("schema: a file without a release");
        for (const Release& release : kReleases) {
            const std::string_view text = text_of_release(release);
            if (fingerprint_of(canonical_form(text)) != release.fingerprint) {
                throw std::logic_error("schema: a released file was edited: " + std::string(release.record));
            }
            schemas.push_back(parse_schema(text));
            released.push_back({release.record, release.version, release.fingerprint, release.type,
                                release.clear_bytes_max, text, &schemas.back()});
        }
    }
};

const Registry& registry() {
    static const Registry registry;
    return registry;
}

}  // namespace

std::span<const ReleasedSchema> released_schemas() { return registry().released; }

const ReleasedSchema* find_schema(SchemaFingerprint fingerprint) {
    for (const ReleasedSchema& released : registry().released) {
        if (released.fingerprint == fingerprint) return &released;
    }
    return nullptr;
}

const ReleasedSchema& newest_schema(std::string_view record) {
    const ReleasedSchema* newest = nullptr;
    for (const ReleasedSchema& released : registry().released) {
        if (released.record == record) newest = &released;
    }
    assert(newest != nullptr);
    return *newest;
}

std::vector<SchemaFingerprint> schemas_of(MessageType type) {
    std::vector<SchemaFingerprint> fingerprints;
    for (const ReleasedSchema& released : registry().released) {
        if (released.type == type) fingerprints.push_back(released.fingerprint);
    }
    return fingerprints;
}

}  // namespace kesher::codec
