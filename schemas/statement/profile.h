// What an organisation's adapter can do, in its own words: which schemas it reads, which safety flags its
// far side honours (contract.md 1). Compact JWS by a signing certificate of its current key list,
// cty application/vnd.kesher.profile+json, claims exactly
//   {"v":1,"log":origin,"org":id,"keys":int,"serial":int,"reads":[16 hex digits],"honours":[flag]}
// `keys` is the serial of the key list that was current when it was signed, `serial` (1 and up) counts within
// it; both lists are sorted and each word stands once, at most 64. A flag of a later version is left out.
//
// The hub stores it and hands it on, and can change nothing of it: a sender believes the signature alone.
// What an older one said is not to be had again: its place (`keys`, `serial`) is remembered, and one that is
// older than 90 days counts no more.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/closed_list.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/statement/key_list.h"

namespace kesher::statement {

inline constexpr std::string_view kProfileType = "application/vnd.kesher.profile+json";
inline constexpr std::size_t kProfileWords =
    64;  // of each list: seven flags, some versions of fifteen records
// A declaration counts no longer than this, so that one that somebody holds back is not believed for ever; an
// adapter that runs says the same again long before.
inline constexpr auto kProfileLife = std::chrono::days{90};
inline constexpr auto kProfileRenewedAfter = std::chrono::days{30};

// Where a profile stands among all that its organisation ever declared.
struct ProfilePlace {
    std::int64_t keys = 0;
    std::int64_t serial = 0;
    friend auto operator<=>(const ProfilePlace&, const ProfilePlace&) = default;
};

struct Profile {
    contract::OrganisationId organisation;
    std::string log;
    ProfilePlace place;
    std::vector<contract::SchemaFingerprint> reads;  // sorted
    contract::WordSet<contract::SafetyFlag> honours;
};

// Throws std::logic_error for a profile that verify_profile would refuse.
[[nodiscard]] std::string sign_profile(const Profile& profile, const Signer& signer, contract::Day iat);

struct ProfileDemand {
    std::string_view log;
    const KeyList& keys;  // the organisation's, reached from a pin
    contract::Instant at;
    bool also_run_out = false;  // for who declares the next one and needs the number of the last
};
struct VerifiedProfile {
    Profile profile;
    contract::Day declared;  // `iat`
    contract::Digest certificate;

    [[nodiscard]] bool has_run_out(contract::Instant at) const {
        return declared + kProfileLife < contract::day_of(at);
    }
};
// certificate_unknown: none of these keys signed it. signature_invalid: the JWS does not hold. wrong_log.
// clock_skew: older than 90 days, or of the future. statement_invalid: claims break the form, name another
// body, or a later key list than this one.
[[nodiscard]] contract::Result<VerifiedProfile, contract::Code> verify_profile(std::string_view jws,
                                                                               const ProfileDemand& demand);

}  // namespace kesher::statement
