// Who takes part, and whose keys may be believed without trusting the hub (contract.md 2).
//
// The hub's list is a cache: an organisation's keys count only where its root is the one that an agreement
// of our own pinned, the list is in date, and its serial is not lower than one we have seen. What its adapter
// reads and honours counts only as one of these keys declared it, and never as it stood before.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemas/contract/closed_list.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/statement/agreement_jws.h"
#include "schemas/statement/key_list.h"
#include "schemas/statement/profile.h"

namespace kesher::kit {

struct Pin {
    contract::Digest root;                   // SPKI SHA-256, from an agreement that our own body signed
    std::int64_t serial_seen = 1;            // the highest
    statement::ProfilePlace profile_seen{};  // the last
    friend bool operator==(const Pin&, const Pin&) = default;
};
using Pins = std::map<contract::OrganisationId, Pin>;

// The pin that an agreement gives: of the other body of the pair. Our own signature on it is what counts,
// so it is checked against our own root. key_unpinned where it is not of our own making.
struct PinnedBody {
    contract::OrganisationId body;
    contract::Digest root;
    statement::AgreementAct act;  // `end` takes the pin away
};
[[nodiscard]] contract::Result<PinnedBody, contract::Code> pin_of_agreement(
    const statement::AgreementDocument& document, const contract::OrganisationId& self,
    const statement::Certificate& own_root, contract::Instant at);

struct Member {
    contract::OrganisationId id;
    contract::OrganisationKind kind = contract::OrganisationKind::public_body;
    contract::OrganisationStatus status = contract::OrganisationStatus::pending;
    std::map<std::string, std::string> names{};  // language -> the neutral name
    std::vector<contract::Service> services{};
    // As it declared itself; both empty where that cannot be verified, whatever the hub says of it.
    std::vector<contract::SchemaFingerprint> reads{};
    contract::WordSet<contract::SafetyFlag> honours{};
    bool declared = false;
    std::string profile{};  // the document as it came
    // Only where reached from a pin; else `why_not`: key_unpinned, signature_invalid, statement_invalid.
    std::optional<statement::KeyList> keys{};
    contract::Code why_not = contract::Code::key_unpinned;

    [[nodiscard]] bool reads_schema(contract::SchemaFingerprint fingerprint) const;
};

class Directory {
public:
    Directory() = default;  // of nobody
    // The body of GET /v1/organisations. payload_invalid where it is not that; words of later versions
    // (a service, a flag) are left out. `log` is our log's origin, `at` the machine's clock.
    [[nodiscard]] static contract::Result<Directory, contract::Code> read(std::string_view json,
                                                                          const Pins& pins,
                                                                          std::string_view log,
                                                                          contract::Instant at);
    [[nodiscard]] const Member* find(const contract::OrganisationId& id) const;
    [[nodiscard]] const std::map<contract::OrganisationId, Member>& members() const { return members_; }
    // Serials higher than the pins': the journal keeps them before the keys are used.
    [[nodiscard]] const std::map<contract::OrganisationId, std::int64_t>& newer_serials() const {
        return newer_serials_;
    }
    // Declarations later than the pins': kept before they are used, too.
    [[nodiscard]] const std::map<contract::OrganisationId, statement::ProfilePlace>& newer_profiles() const {
        return newer_profiles_;
    }
    // An active body of our agreements has no keys here, or has not declared what it reads: not yet, maybe.
    [[nodiscard]] bool awaits_somebody() const { return awaits_somebody_; }

private:
    std::map<contract::OrganisationId, Member> members_;
    std::map<contract::OrganisationId, std::int64_t> newer_serials_;
    std::map<contract::OrganisationId, statement::ProfilePlace> newer_profiles_;
    bool awaits_somebody_ = false;
};

}  // namespace kesher::kit
