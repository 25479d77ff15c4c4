// The columns of a table, in the order in which its reader (read_cases, read_consents, ...) takes them. For
// this room's sources alone: statements are put together from them while compiling, so they are macros.
#pragma once

#define KESHER_CASE_COLUMNS                                                                   \
    "key, anonymous, door, opened_by, opened_at, claim, sealed, claim_day, claims_that_day, " \
    "claim_signed_at"

#define KESHER_CONSENT_COLUMNS                                                                              \
    "c.id, c.idx, c.recorded_by, c.discloser, c.recipient, c.purposes, c.groups, c.services, c.direction, " \
    "c.valid_from, c.valid_to, c.state, c.form, c.harm_veto, c.form_digest, c.revoked_at, c.slot, c.sealed"

#define KESHER_REFERRAL_COLUMNS                                                                             \
    "id, referrer, recipient, service, purpose, basis, groups, consent, known_by, priority, state, since, " \
    "version, held_from, frozen, released, accepted_once, updates_stopped, awaiting_reseal, "               \
    "error_confirmed, referrer_last, recipient_last, submitted_idx, slot, referrer_sealed, "                \
    "recipient_sealed, declined_for"

#define KESHER_DELIVERY_COLUMNS                                                                      \
    "d.id, d.recipient, d.revocation, d.sender, d.message, d.type, d.referral, d.consent, "          \
    "d.accepted_idx, d.state, d.attempt, d.not_before, d.lease_until, d.release_idx, d.settled_at, " \
    "d.parcel, d.ack_idx, d.answered_idx"
