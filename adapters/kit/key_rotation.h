// The next signing and encryption keys of an enrolled organisation, from the drawing to the change-over, in
// its key directory. N is the serial of the list that names them first.
//
//   1 signing-N.key encryption-N.key   drawn; then signing-N.pem encryption-N.pem, by the root
//   2 keys.next.jws                    the list, signed by the root, which is not needed from here on
//   3 PUT /v1/keys                     the hub takes it, or shows already that it did
//   4 keys.jws                         becomes that list, by one rename: what every program signs by
//   5 private halves that are over are destroyed; keys.next.jws goes, and the rotation is complete
//
// Each step is on disk before the next. A call that finds a rotation begun goes on where it stopped, with the
// keys that are there and the list that was signed; where the hub has not taken that list, whatever the
// reason, all programs go on with the keys of the last one. What is sealed to the new encryption key opens
// from step 1 on, so it does before any sender can have read of it.
#pragma once

#include <functional>

#include "adapters/kit/hub_client.h"
#include "adapters/kit/organisation_keys.h"

namespace kesher::kit {

struct Rotation {
    std::filesystem::path directory;
    statement::Protection protection;    // of our keys and of the root's
    std::filesystem::path root_key{};    // from wherever it is kept; empty where it is not at hand
    std::function<void()> after_each{};  // called when a step is on disk; for who kills it there
};
struct Rotated {
    statement::KeyList list;
    std::optional<contract::LeafIndex> leaf{};  // where the hub took it in this very call
    std::vector<std::string> destroyed{};       // files of private halves
    bool was_begun = false;                     // an earlier call had signed the list
};
// To its end. Unusable: why not and who mends it, and that nothing was changed or that the same call goes on.
// One call at a time for a directory: the caller sees to it.
[[nodiscard]] Usable<Rotated> rotate_keys(const Rotation& rotation, HubClient& hub);

}  // namespace kesher::kit
