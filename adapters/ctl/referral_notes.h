// What kesherctl remembers of a referral, so that an event about it needs nothing but its id: the terms
// that both sides repeat. `referrals/<id>.json` in the key directory, for its owner's eyes alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "adapters/kit/message_writer.h"
#include "adapters/kit/organisation_keys.h"
#include "schemas/statement/statement.h"

namespace kesher::ctl {

struct ReferralNote {
    contract::ReferralId referral;
    contract::OrganisationId other;  // the other party
    contract::Purpose purpose;
    contract::LegalBasis basis;
    std::optional<contract::ConsentId> consent{};
    contract::Pseudonym pseudonym;  // our own
    friend bool operator==(const ReferralNote&, const ReferralNote&) = default;
};

// None where the statement is not about a referral's terms.
[[nodiscard]] std::optional<ReferralNote> note_of(const statement::Statement& statement,
                                                  const contract::OrganisationId& other,
                                                  const contract::Pseudonym& pseudonym);

// Of a submission of our own, as it was journaled; none where it is no referral's.
[[nodiscard]] std::optional<ReferralNote> note_of(const kit::Written& written);

[[nodiscard]] std::string write_note(const ReferralNote& note);
[[nodiscard]] std::optional<ReferralNote> read_note(std::string_view json);

// A referral noted already keeps its first note: its terms never change.
[[nodiscard]] kit::Usable<contract::Done> keep_note(const std::filesystem::path& directory,
                                                    const ReferralNote& note);
[[nodiscard]] std::optional<ReferralNote> find_note(const std::filesystem::path& directory,
                                                    const contract::ReferralId& referral);

}  // namespace kesher::ctl
