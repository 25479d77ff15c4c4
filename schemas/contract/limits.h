// Every limit of the exchange in one place, with its unit in the name and the reason beside it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kesher::contract::limits {

using namespace std::chrono_literals;

// A statement is kept for decades as the leaf's first line: it must stay small.
inline constexpr std::size_t kStatementBytes = 8 * 1024;
// A sealed part with 4 MiB of attachments, base64url, padded, with room for its clear fields.
inline constexpr std::size_t kPayloadBytes = 6 * 1024 * 1024;
// Avro expands: 1 MiB of empty strings becomes 115 MB in memory, so all but the sealed bytes is small.
inline constexpr std::size_t kPayloadClearBytes = 64 * 1024;
inline constexpr std::size_t kListItems = 256;
inline constexpr std::size_t kAvroDepth = 16;
inline constexpr std::size_t kAttachmentsBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kFreeTextCharacters = 2'000;
inline constexpr std::size_t kBasketSubmissions = 16;
// One submission with the largest payload and statement; a basket shares it.
inline constexpr std::size_t kSubmissionBytes = kPayloadBytes + 2 * kStatementBytes + 4 * 1024;

// Signed JSON: deeper or longer than any document of the contract is an attack.
inline constexpr std::size_t kJsonBytes = 64 * 1024;
inline constexpr std::size_t kJsonDepth = 8;

// A leaf's two lines; entry bundles carry a u16 length (C2SP tlog-tiles), so never over 65,535.
inline constexpr std::size_t kLeafBytes = 16 * 1024;

// iat is a day: three days behind bridges a weekend without a line, five minutes ahead a bad clock.
inline constexpr auto kStatementAgeMax = 72h;
inline constexpr auto kClockAhead = 300s;

// The sequencer's batch and queue.
inline constexpr std::size_t kBatchRequests = 1'024;
inline constexpr std::size_t kBatchBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kQueueRequests = 8'192;

// Inbox (contract.md 3).
inline constexpr auto kReleaseValidity = 60s;
inline constexpr auto kLease = 60s;
inline constexpr auto kHeldLease = 72h;
inline constexpr auto kPayloadKeptAfterTaken = 72h;
inline constexpr std::size_t kInboxBatchBytes = 1024 * 1024;
inline constexpr std::size_t kInboxBatchDeliveries = 100;
inline constexpr auto kInboxWaitMax = 30s;
inline constexpr std::size_t kInboxPollsPerCertificate = 2;

// After this many verified refusals a minute of one organisation and code, leaves only count.
inline constexpr std::size_t kVerifiedRefusalsPerMinute = 60;

// HTTP.
inline constexpr std::size_t kRequestTargetBytes = 2'048;
inline constexpr std::size_t kHeaderBytes = 16 * 1024;
inline constexpr std::size_t kHeaders = 64;
inline constexpr auto kRequestDeadline = 30s;  // from the first byte to the last byte of the request
inline constexpr auto kKeepAlive = 5s;
inline constexpr std::size_t kBytesInFlight = 64 * 1024 * 1024;  // of bodies, taken before they are read

// Consent (domain.md 5.1, 5.2).
inline constexpr auto kConsentDefault = std::chrono::days{90};
inline constexpr auto kConsentMax = std::chrono::days{365};
inline constexpr auto kConsentRestAfterWithdrawal = 24h;
inline constexpr auto kTrainingValidMax = std::chrono::days{731};  // 24 months, Reg 7(c)

// Referral life (domain.md 3).
inline constexpr auto kCaseLapse = 24h;
inline constexpr auto kAwaitingConsentLapse = std::chrono::days{14};  // a draft's as well
inline constexpr auto kUndeliveredLapse = 72h;
inline constexpr auto kDeliveredLapse = std::chrono::days{30};
inline constexpr auto kWaitlistedLapse = std::chrono::days{180};

// Days in which a body that got data signs what it did after a withdrawal (domain.md 5.2).
inline constexpr auto kRevocationAckDue = std::chrono::days{7};
// An unanswered referral is brought up at these ages; the last comes before kDeliveredLapse.
inline constexpr std::chrono::hours kUnansweredAlerts[]{72h, 7 * 24h, 21 * 24h};
// A sender's own date may be ahead of ours by its time zone, never by more than a day: a date in the
// future would make everything that follows look stale.
inline constexpr auto kOccurredAhead = std::chrono::days{1};
// Signed documents (contract.md 1-3).
inline constexpr std::size_t kSealStepBytes = 256 * 1024;
// The largest padded plaintext whose compact JWE (a third longer) fits a payload with its clear fields.
inline constexpr std::size_t kSealedPaddedBytes = 17 * kSealStepBytes;
// Key lists, agreements, acknowledgements: 64 KiB of JSON would be 86 KiB signed, none comes near.
inline constexpr std::size_t kSignedDocumentBytes = 64 * 1024;
inline constexpr std::size_t kCertificatesPerUse = 8;
inline constexpr std::size_t kCertificateBytes = 8 * 1024;
inline constexpr auto kEncryptionKeyLife =
    std::chrono::days{90};  // so that a lost key opens a quarter at most
// Texts inside records. A title, a name, a place: one line that a screen and a form can hold.
inline constexpr std::size_t kShortTextCharacters = 200;
// The sealed part without its attachments: fourteen groups of free text in four-byte letters, and answers.
inline constexpr std::size_t kSealedClearBytes = 256 * 1024;
// A checkpoint is a note of a few lines and one signature line a witness.
inline constexpr std::size_t kCheckpointBytes = 4 * 1024;
// Leaf and receipt of a release: two lines, and a proof of 64 hashes with its cosigned checkpoint.
inline constexpr std::size_t kReceiptBytes = 16 * 1024;
// Expiry and deletion rest on the hub's clock: they run only while the witnesses' clocks agree with it.
inline constexpr auto kWitnessedWithin = 5min;
// The same checkpoint is offered to every witness until most have signed it, or until all had time to ask:
// an adapter with nothing to do asks every 30 s.
inline constexpr auto kWitnessOfferLife = 45s;
inline constexpr auto kWitnessOfferLeast = 1s;
// Lines that one POST of cosignatures may hold (one witness, a few key types).
inline constexpr std::size_t kCosignatureLines = 8;
// Upkeep: how many rows one look takes in, and how many one request of it changes: it shares its batch
// with senders who wait.
inline constexpr std::size_t kUpkeepPage = 256;
inline constexpr std::size_t kUpkeepChanges = 64;
// A page of the access log: leaves read and rows answered. More than 100 rows need a case reference and a
// second person (the portal's), so no single answer holds more.
inline constexpr std::size_t kAccessLeaves = 1'000;
inline constexpr std::size_t kAccessRows = 100;
inline constexpr std::size_t kBoardLines = 200;
// Counts below these are not shown (domain.md 9.2, 9.4): to members of the round table, and to others.
inline constexpr std::uint32_t kSmallCell = 5;
inline constexpr std::uint32_t kSmallCellOutside = 10;
inline constexpr auto kBarrierWindow = std::chrono::days{90};
inline constexpr auto kBoardKeepsEnded = std::chrono::days{30};
// How often /readyz really signs and reads; between, it answers what it found.
inline constexpr auto kReadinessEvery = 5s;

// Fresh claim codes for one case on one day: each takes away the one she holds.
inline constexpr std::int32_t kClaimCodesPerDay = 5;

}  // namespace kesher::contract::limits
