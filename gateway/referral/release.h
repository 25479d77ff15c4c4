// Decides whether bytes that wait may leave now: the release table of contract.md 3.
//
// Every send, first or repeated, is decided anew at its own instant, on the consents as they stand.
#pragma once

#include <chrono>
#include <optional>

#include "gateway/referral/life.h"

namespace kesher::referral {

enum class Parcel {
    submission,  // referral.submitted.v1
    update,      // referral.event.v1 of an organisation
    always,      // notices of the hub; withdraw, cancel, mark_error without sealed part
};
[[nodiscard]] Parcel parcel_of_event(contract::ReferralEvent event, bool from_hub, bool has_sealed);

struct ReleaseFacts {
    Parcel parcel;
    contract::OrganisationStatus to_status;
    contract::OrganisationStatus from_status = contract::OrganisationStatus::active;
    bool agreement_active = false;                  // true where none is needed
    std::optional<contract::Code> consent{};        // against the release; absent = in force, or not needed
    bool feedback = true;                           // an update back: consent::Carriage::carried
    bool goes_out = false;                          // an update of the referring side
    bool update_ends = false;                       // the update brought the referral to its end
    std::optional<contract::Instant> not_before{};  // the spread's
};

enum class ReleaseVerdict { permit, wait, drop };

struct Release {
    ReleaseVerdict verdict;
    std::optional<contract::Code> code{};           // why not, for the `deny` leaf of a drop
    std::optional<contract::Instant> not_before{};  // a wait that ends by itself
    std::optional<contract::ReferralEvent> then{};  // the hub applies it: withdraw or expire
    bool tell_sender = false;
    bool notice_of_end = false;  // not carried, but the referring body learns from the hub that it ended
    std::optional<bool> updates_stopped{};  // the referral's flag is to be this
    friend bool operator==(const Release&, const Release&) = default;
};

[[nodiscard]] Release decide_release(const Referral& referral, const ReleaseFacts& facts,
                                     contract::Instant at);

// What a signed acknowledgement of a submission's delivery does. An update has no state of its own:
// there only keep_leased and release_again matter.
enum class AckEffect {
    deliver,        // taken: the native system confirmed
    keep_leased,    // held in the adapter's journal: the lease becomes 72 h
    release_again,  // refused release_unproven: it was late or unproven, not wrong
    await_reseal,   // refused seal_unopenable: the sender sends it newly sealed under a new id
    undeliverable,  // refused otherwise: FAILED, and the sender is told
};
[[nodiscard]] AckEffect effect_of_ack(contract::AckOutcome outcome, std::optional<contract::Code> code);

// Of a delivery that is not settled: what was acknowledged of it last, and of which release.
struct LastAck {
    contract::LeafIndex release;
    AckEffect effect;
};
// Whether an acknowledgement of the release at this index says nothing new: it has its leaf, and renews no
// lease. What leaves a delivery open counts once a release, and of the newest that was acknowledged or a
// later one: else one signed document, sent over and over by whoever has the connection, would keep bytes
// from the body for as long as it likes and grow the log with every call. What settles one does so once by
// itself.
[[nodiscard]] bool is_said_again(AckEffect effect, contract::LeafIndex release, const LastAck& last);

// The spread (contract.md 1): a routine release waits a random part of `spread`, so that two recipients
// cannot pair her by time. Every one waits, also where she was sent nowhere else: a wait that followed from
// the case would tell whoever sends one referral whether another body sent one that day.
struct SpreadFacts {
    contract::Priority priority;
    std::chrono::milliseconds spread;  // setting release_spread, at most 48 h; 0 = off
    std::uint32_t share;               // random, of 2^32
};
// When it may be released; none where it need not wait.
[[nodiscard]] std::optional<contract::Instant> release_not_before(const SpreadFacts& facts,
                                                                  contract::Instant at);

}  // namespace kesher::referral
