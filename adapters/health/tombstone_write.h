// What is put in the place of a referral that was sent, was not answered for, and has ended since.
//
// Each part is created under the very condition of the part that it stands for (bundle_write.h), so a
// transaction that arrives late finds its Task, its ServiceRequest, its Patient, its Provenance, and where
// the consent is over its Consent, and creates none of them: nothing of what was said of her comes to be
// there. A part that has arrived stays as it is, and is ended as any other.
//
// A tombstone says its number, that it is over, and what R4 and IL-Core 0.20 demand of every such resource,
// masked: no service, no flag, no text, nobody's name, no phone, not who referred. No Task bears the
// submission's tag, by which the exchange would take it for the referral itself.
#pragma once

#include <string>
#include <vector>

#include "adapters/health/bundle_write.h"
#include "adapters/health/patch_write.h"

namespace kesher::health {

struct Tombstone {
    // `consent` only where that is over too: others may have come under it. `message` where it is known.
    Names names;
    StatusWords words;  // both of an end
    contract::Day on;
};

// The sender is not among them: nothing here names it.
[[nodiscard]] std::vector<Part> parts_of(const Tombstone& tombstone);

// One transaction: all of it is taken, or nothing.
[[nodiscard]] std::string tombstone_bundle(const Tombstone& tombstone);

}  // namespace kesher::health
