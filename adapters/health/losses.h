// What FHIR does not carry of a referral.
#pragma once

#include <span>

#include "adapters/record/losses.h"

namespace kesher::health {

using record::Referral;

[[nodiscard]] std::span<const record::Loss> declared_losses();

// What arrives where everything arrives that FHIR carries: the referral minus its declared losses. Used to
// show the referrer what will be seen, and by the tests to compare with.
[[nodiscard]] Referral minus_losses(Referral referral);

}  // namespace kesher::health
