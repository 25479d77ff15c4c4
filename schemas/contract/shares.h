// What one caller may take of the exchange, so that it never shuts out another, nor a withdrawal. Each with
// its unit in the name and the reason beside it; the limits of a single thing are in limits.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "schemas/contract/limits.h"

namespace kesher::contract::limits {

// Connections. A caller who has not shown its certificate yet holds a thread, and so does one who sends
// slowly: both get a short time.
inline constexpr auto kHandshakeDeadline = 5s;
inline constexpr auto kHeadDeadline = 10s;
// A body may stand still this long, and over its whole time it comes at least this fast.
inline constexpr auto kBodyGrace = 5s;
inline constexpr std::size_t kBodyBytesPerSecond = 32 * 1024;
// Bodies up to this are never refused for want of room: a withdrawal is a message without a sealed part, and
// the number of threads bounds what all of them hold.
inline constexpr std::size_t kSmallBodyBytes = 96 * 1024;
static_assert(kSmallBodyBytes >= 2 * kStatementBytes + kPayloadClearBytes + 4 * 1024);
// Of the bytes in flight, the part that one caller may hold in several bodies; a single one always fits.
inline constexpr std::size_t kCallerPartOfBytes = 4;

// A page of GET /v1/cases: each case is a leaf.
inline constexpr std::size_t kCasesPage = 100;
inline constexpr std::size_t kCasesPageMax = 200;

// How much there may be of one thing. No withdrawal, cancellation or revocation adds to any of these.
// Of the largest body all who ever used the hub: an entry is suspended and never deleted.
inline constexpr std::size_t kOfficersPerOrganisation = 5'000;
// Proposed or in force between the same two bodies: a few, by type and purpose, and their successors. Whoever
// has too many ends one.
inline constexpr std::size_t kAgreementsPerPair = 16;
// Of one case by one body under one name of hers: years of renewals. Counted by the name alone, so that none
// closes her case to the others, nor learns from a refusal what they have or which of its names are one
// woman. Her no is not counted.
inline constexpr std::size_t kConsentsOfOneBody = 128;
// Submitted ones, and beside them drafts that never were: a draft costs nothing and its place is never free
// again, so it takes none from a submission.
inline constexpr std::size_t kReferralsOfOneBody = 320;
inline constexpr std::size_t kDraftsOfOneBody = 64;
// Of one case, of those that were released to somebody (rehearsals apart), by all bodies together: each gives
// its recipient a name with a share of its own, so without an end of these nothing of a case had one.
inline constexpr std::size_t kReferralsPerCase = 1'024;
// Opened by one body within kCaseLapse, referred or not: ten times a busy day of the largest hotline. Older
// ones without a referral have lapsed; and which are referred only the key files tell.
inline constexpr std::int64_t kCasesWithinLapse = 10'000;
// Fresh claim codes of one body on one day, of all its cases: each takes one away from a woman, and whoever
// has a body's signing key shall not have all of them before somebody notices.
inline constexpr std::int64_t kClaimCodesOfOneBody = 50;

}  // namespace kesher::contract::limits
