// What one pseudonym of a body stands for.
//
// A body that was sent two referrals of one case has two names for her and is never told that they are one
// woman. The log's tag is the case's, so whatever is narrowed "to her" for such a body is narrowed to the
// name: the referral that was handed over under it, what the body referred or recorded under it, and no row
// that fits another of its names as well. The name that the case was opened under stands for the case and for
// what the body did under it, and not for another name that the same body was handed later.
#pragma once

#include <set>

#include "audit/log/record.h"
#include "gateway/insight/rooms.h"

namespace kesher::insight {

struct KnownByName {
    keys::SubjectKey subject_key;
    bool opener = false;  // this name is the one that the case was opened under
    // The referral that was handed over under it; none for one under which the body only refers.
    std::optional<contract::ReferralId> handed{};
    std::set<contract::ReferralId> referrals{};
    std::set<contract::ConsentId> consents{};
};

// None where the body has no such name.
[[nodiscard]] std::optional<KnownByName> known_by_name(const Rooms& rooms,
                                                       const contract::OrganisationId& body,
                                                       const contract::Pseudonym& name);
// Of the body's own rows: one that names a referral is that referral's; of the others, those about the name's
// own consents and, for the opener's name, those about the case as such.
[[nodiscard]] bool stands_for(const KnownByName& known, const log::Record& record);

}  // namespace kesher::insight
