// Reading: what an organisation may see of its cases, referrals and messages. Every read is a request
// to the sequencer first; without its leaf there is no answer (one leaf per case that is returned).
//
// How a referral stands is shown to its referrer as far as it would be told (as_told.h).
//
// For a caller who is no party the answer is exactly that for an unknown id; the attempt is in the log.
#pragma once

#include <string>
#include <vector>

#include "gateway/insight/rooms.h"
#include "schemas/contract/shares.h"

namespace kesher::insight {

struct Reader {
    contract::OrganisationId organisation;
    contract::Digest certificate;
    bool auditor = false;  // an active organisation of kind AUDITOR
};

// JSON, or `not_found`, `unavailable`, `busy`.
using Read = contract::Result<std::string, contract::Code>;

// Whose move it is, in words of the board: `referrer`, `recipient`, `nobody`.
[[nodiscard]] std::string_view waiting_for(contract::ReferralState state);

// State, version, events allowed now, the caller's own receipts and what was handed to it.
[[nodiscard]] Read referral(const Rooms& rooms, const Reader& reader, const contract::ReferralId& id);
// The caller's own message with its deliveries, or one that was handed to it.
[[nodiscard]] Read message(const Rooms& rooms, const Reader& reader, const contract::MessageId& id);
// One status a case: per referral service, recipient, state, since (a day), who is waited for. A page holds
// at most `limit` cases and `next`, with which the following page is asked for, where there is one. The order
// is that of keys that mean nothing outside the hub's database: a case that is opened meanwhile may stand on
// a page that was read already.
struct CasesPage {
    std::size_t limit = contract::limits::kCasesPage;
    std::optional<std::string> after{};  // `next` of the page before
};
// `statement_invalid` where `after` is not one that the hub gave to this body.
[[nodiscard]] Read cases(const Rooms& rooms, const Reader& reader, const CasesPage& page = {});
[[nodiscard]] Read one_case(const Rooms& rooms, const Reader& reader, const contract::Pseudonym& pseudonym);

}  // namespace kesher::insight
