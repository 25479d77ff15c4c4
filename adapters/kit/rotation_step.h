// Where a rotation of an organisation's keys stands (key_rotation.h): what lies in the directory, what the
// hub shows, and which step follows from the two.
#pragma once

#include "adapters/kit/hub_client.h"
#include "adapters/kit/organisation_keys.h"

namespace kesher::kit {

// A list and the text that was signed.
struct SignedList {
    statement::KeyList list;
    std::string jws;
};

struct RotationFacts {
    SignedList own;                     // keys.jws
    std::optional<SignedList> begun{};  // keys.next.jws
    std::optional<SignedList> shown{};  // what the hub has of us, signed by our root
    contract::Instant at;
};
enum class RotationStep { draw, publish, change_over };
// The hub has a list of our root that is not here and is not an older one: it was made in another copy of the
// directory, whose keys we do not have.
struct RotatedElsewhere {
    std::int64_t serial;
};
// Pure. A list that ran out before the hub took it is nobody's: its keys get new certificates.
[[nodiscard]] contract::Result<RotationStep, RotatedElsewhere> next_step(const RotationFacts& facts);

// Read from the directory and asked of the hub. Unusable before anything was changed: the hub is away or says
// no, its clock and this machine's differ by more than a certificate's beginning allows, or what it shows of
// us is not our root's.
[[nodiscard]] Usable<RotationFacts> look_at_rotation(const std::filesystem::path& directory,
                                                     const OrganisationKeys& keys, HubClient& hub);

[[nodiscard]] std::filesystem::path begun_list(const std::filesystem::path& directory);
// What the hub said, or what kept its answer away, and who mends it.
[[nodiscard]] std::string told_of(const HubFault& fault);
inline constexpr std::string_view kNothingChanged = "; nothing was changed";

}  // namespace kesher::kit
