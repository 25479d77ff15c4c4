// The log as anybody enrolled may see it: checkpoint, hash tiles, receipts, and what witnesses need
// (contract.md 4). All of it is read beside the sequencer.
#pragma once

#include "gateway/http/answers.h"

namespace kesher::http {

// The newest, with the cosignatures that came for it.
[[nodiscard]] edge::Response get_checkpoint(const HubRooms& rooms, const identity::Caller& caller,
                                            const edge::Request& request);
// Hash tiles, full or partial; entry bundles for auditors only, each with a leaf.
[[nodiscard]] edge::Response get_tile(const HubRooms& rooms, const identity::Caller& caller,
                                      const edge::Request& request);
// `leaf` only for the leaf's organisation, the recipient of a release, and auditors; leaves about
// organisations, keys and agreements are open. What an auditor sees of others has a leaf. The receipt
// stands on the first checkpoint that most witnesses signed, once there is one.
[[nodiscard]] edge::Response get_receipt(const HubRooms& rooms, const identity::Caller& caller,
                                         const edge::Request& request);

// `?old=N`: C2SP add-checkpoint's body for this caller's witness. 409 `version_conflict` where it knows a
// larger tree than the hub has signed.
[[nodiscard]] edge::Response get_add_checkpoint(const HubRooms& rooms, const identity::Caller& caller,
                                                const edge::Request& request);
// text/plain, the witness's line or lines as C2SP answers them: {"size":17,"first":true}.
[[nodiscard]] edge::Response post_cosignatures(const HubRooms& rooms, const identity::Caller& caller,
                                               const edge::Request& request);

}  // namespace kesher::http
