// What an operator checks before and after everything else, one sentence each: what is so, whose side it is
// on, and what to do next. Nothing here changes anything, and nothing tells of a person or a case.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/ctl/office.h"
#include "schemas/statement/certificate.h"
#include "schemas/statement/key_list.h"

namespace kesher::ctl {

enum class Health { well, soon, broken };  // `soon`: it holds today, and will not hold by itself
inline constexpr contract::ClosedList<Health, 3> kHealths{{"well", "soon", "broken"}};

struct Finding {
    std::string what;
    Health health = Health::well;
    std::string sentence;  // what is so, and where it is broken, why
    std::string side{};    // `ours` or `hub`; empty where it is well
    std::string next{};    // what to do; empty where it is well
    friend bool operator==(const Finding&, const Finding&) = default;
};

// No file of a key or a passphrase may be read by anybody but its owner (mode 0600, the folder 0700).
[[nodiscard]] Finding check_rights(std::string what, const std::filesystem::path& folder);
// A private file of its own, such as a passphrase file.
[[nodiscard]] Finding check_private_file(std::string what, const std::filesystem::path& file);
// Less than 1 GiB or 5 % free is broken: a full disk stops what is written last, the proof.
struct Space {
    std::uintmax_t free = 0;
    std::uintmax_t capacity = 0;
};
[[nodiscard]] Finding check_space(std::string what, const Space& space);
// 14 days before the end it is told, so that a root that lies in a safe can be fetched.
[[nodiscard]] Finding check_expiry(std::string what, contract::Instant not_after, contract::Instant at,
                                   std::string_view how);
// A rotation that was begun goes on with the next call; keys.jws says which keys are in use until then.
[[nodiscard]] Finding check_rotation(const std::filesystem::path& directory);
// A statement's day may be 300 s ahead; a clock off by more than 60 s is told before that.
[[nodiscard]] Finding check_clock(contract::Instant ours, contract::Instant hub);
// The file holds a checkpoint of this log, no larger than what the hub signs now. `served` gives that signed
// note, or none; it is asked after the file was read, because the hub goes on.
using Served = std::function<std::optional<std::string>()>;
[[nodiscard]] Finding check_checkpoint_file(const std::filesystem::path& file, const log::NoteKey& log,
                                            const Served& served);

// How the hub lists us: only an active body sends and is handed anything. `root` is our root's fingerprint,
// by which the operator confirms us.
[[nodiscard]] Finding check_standing(const contract::OrganisationId& self,
                                     contract::OrganisationStatus status, const contract::Digest& root);
// What an operator and an auditor do without: they exchange nothing about anybody.
[[nodiscard]] bool exchanges(contract::OrganisationKind kind);
// Agreements of ours in the answer of GET /v1/agreements. None where it is not of that form.
struct Agreements {
    std::size_t in_force = 0;
    std::size_t proposed = 0;  // approvals are missing
    friend bool operator==(const Agreements&, const Agreements&) = default;
};
[[nodiscard]] std::optional<Agreements> count_agreements(const json::Value& answer, contract::Day today);
[[nodiscard]] Finding check_agreements(const Agreements& agreements);
// `declared` is what the directory holds of us, empty where there is nothing; it counts as others would count
// it, by our own key list.
[[nodiscard]] Finding check_profile(std::string_view declared, std::string_view log,
                                    const statement::KeyList& keys, contract::Instant at);

struct DoctorOrder {
    std::filesystem::path config;  // of kesher-hub, on its own host; empty: our own side and the calls alone
};
// All of them, in the order in which they should be mended.
[[nodiscard]] std::vector<Finding> examine(const Common& common, const DoctorOrder& order,
                                           contract::Instant now);
// A table for people; it does not hold where anything is broken.
[[nodiscard]] Report report_of(const std::vector<Finding>& findings);

}  // namespace kesher::ctl
