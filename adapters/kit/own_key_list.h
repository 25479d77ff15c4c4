// An organisation's own key list: what the present one says, what the next one names, and which private
// halves are over. Pure: no file, no clock, no hub.
#pragma once

#include <chrono>
#include <string_view>

#include "adapters/kit/organisation_keys.h"
#include "schemas/statement/key_list.h"

namespace kesher::kit {

// Signed by our own root, in the contract's form; one that has run out is still ours and says until when it
// held.
[[nodiscard]] Usable<statement::KeyList> read_own_key_list(std::string_view jws,
                                                           const statement::Certificate& root);

struct FreshCertificates {
    statement::Certificate signing;
    statement::Certificate encryption;
};
// The list behind `current`. It names the fresh signing certificate first and behind it the former ones for
// as long as they hold: hub and recipients take nobody's word but that of the newest list, and what a former
// key signed lies in journals and inboxes when it is published. Of encryption certificates it names the fresh
// one alone, so that whoever has read it seals to no other. It holds as long as that one.
[[nodiscard]] statement::KeyList next_key_list(const statement::KeyList& current,
                                               const FreshCertificates& fresh, contract::Instant at);

// Contract.md 2: the private half of an encryption key is destroyed 35 days after its certificate's end.
// Until that end a sender may seal to it, three days later the hub still takes the statement, and a referral
// that was handed over ends unanswered after 30.
inline constexpr std::chrono::days kPrivateHalfKept{35};

// Whether nothing needs the private half of this certificate any more. Never one that the list names: a
// signing key is over when its certificate has ended, an encryption key 35 days later.
[[nodiscard]] bool is_over(const statement::Certificate& certificate, const statement::KeyList& list,
                           contract::Instant at);

}  // namespace kesher::kit
