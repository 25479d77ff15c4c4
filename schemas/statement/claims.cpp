#include "schemas/statement/claims.h"

#include "schemas/statement/words.h"

namespace kesher::statement {
namespace {

using contract::MessageType;
using contract::OrganisationId;

enum class Need : std::uint8_t { never, may, must };
enum class To : std::uint8_t { organisation, hub, either };

struct Row {
    To to;
    Need referral, service, purpose, basis, groups, case_, consent, subject_acts, expected_version,
        in_reply_to;
};

constexpr Need never = Need::never;
constexpr Need may = Need::may;
constexpr Need must = Need::must;

// In the order of MessageType. `consent` of a submission hangs on its basis and is judged apart.
constexpr std::array<Row, contract::kMessageTypes.size()> kRows{{
    // to            referral service purpose basis groups case  consent acts version in_reply_to
    {To::organisation, must, must, must, must, must, must, may, never, never, may},  // referral.submitted
    {To::either, must, never, must, must, must, must, may, may, may, may},           // referral.event
    {To::hub, never, never, never, never, never, must, must, never, never, may},     // consent.given
    {To::hub, never, never, never, never, never, must, must, never, never, may},     // consent.revoked
    {To::hub, never, never, never, never, never, never, must, never, never, must},   // revocation-acked
    {To::hub, never, never, never, never, never, must, never, never, never, never},  // intake.screened
    {To::organisation, must, never, must, must, never, never, never, never, never,
     never},  // eligibility.asked
    {To::organisation, must, never, must, must, never, never, never, never, never, must},  // .answered
    {To::hub, never, may, never, never, never, never, never, never, never, never},         // capacity.updated
    {To::hub, never, may, never, never, never, never, never, never, never, never},         // agenda.proposed
    {To::hub, never, may, never, never, never, never, never, never, never, never},  // headcount.reported
}};

bool meets(Need need, bool present) { return need == Need::may || (need == Need::must) == present; }

bool is_hub(const OrganisationId& id) { return id == OrganisationId::hub(); }

// The hub itself says two things, to organisations alone (contract.md 1, "What the hub itself says").
bool parties_fit(const Statement& statement, const Row& row) {
    if (statement.from == statement.to) return false;
    const bool to_hub = is_hub(statement.to);
    if (is_hub(statement.from)) {
        return statement.type == MessageType::referral_event ||
               statement.type == MessageType::consent_revoked;
    }
    return row.to == To::either || (row.to == To::hub) == to_hub;
}

// Between public bodies within s. 23c no consent is asked, and none may be claimed beside it.
bool consent_fits(const Statement& statement, const Row& row) {
    const bool present = statement.consent.has_value();
    if (statement.type != MessageType::referral_submitted) return meets(row.consent, present);
    return present != contract::needs_no_consent(statement.basis.value());
}

}  // namespace

bool fits_contract(const Statement& statement) {
    const Row& row = kRows[static_cast<std::size_t>(statement.type)];
    const bool from_hub = is_hub(statement.from);
    const bool claims = meets(row.referral, statement.referral.has_value()) &&
                        meets(row.service, statement.service.has_value()) &&
                        meets(row.purpose, statement.purpose.has_value()) &&
                        meets(row.basis, statement.basis.has_value()) &&
                        meets(row.groups, statement.groups.has_value()) &&
                        meets(from_hub ? never : row.case_, statement.case_.has_value()) &&
                        meets(from_hub ? never : must, statement.actor.has_value()) &&
                        meets(row.subject_acts, statement.subject_acts) &&
                        meets(row.expected_version, statement.expected_version.has_value()) &&
                        meets(row.in_reply_to, statement.in_reply_to.has_value());
    return claims && consent_fits(statement, row) && parties_fit(statement, row) &&
           is_log_origin(statement.log) && statement.expected_version.value_or(0) >= 0 &&
           (!statement.groups || is_in_wire_order(*statement.groups, contract::kDataGroups));
}

}  // namespace kesher::statement
