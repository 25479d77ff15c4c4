#include "gateway/agreement/agreement.h"

namespace kesher::agreement {
namespace {

using contract::Code;
using contract::Failure;
using contract::LegalBasis;
using contract::OrganisationId;
using contract::OrganisationKind;
using contract::Purpose;

bool is_pair(const Terms& terms, const OrganisationId& one, const OrganisationId& other) {
    return (terms.pair[0] == one && terms.pair[1] == other) ||
           (terms.pair[1] == one && terms.pair[0] == other);
}

bool in_force(const Agreement& agreement, contract::Instant at) {
    if (agreement.state != State::active || contract::day_of(at) < agreement.terms.from) return false;
    return !agreement.terms.to || contract::day_of(at) <= *agreement.terms.to;
}

}  // namespace

bool covers(const Agreement& agreement, const Disclosure& disclosure, contract::Instant at) {
    const Terms& terms = agreement.terms;
    return in_force(agreement, at) && is_pair(terms, disclosure.from, disclosure.to) &&
           terms.types.has(disclosure.type) && terms.purposes.has(disclosure.purpose) &&
           terms.groups.includes(disclosure.groups);
}

bool needs_agreement(const Disclosure& disclosure) {
    const OrganisationId& hub = OrganisationId::hub();
    if (disclosure.to == hub || disclosure.from == hub) return false;
    // `echo` answers the rehearsal of its sender: both ways, and nothing else with it.
    const bool with_echo = disclosure.to.text() == "echo" || disclosure.from.text() == "echo";
    return !(with_echo && disclosure.purpose == Purpose::rehearsal);
}

contract::Result<std::optional<contract::AgreementId>, Code> find_agreement(
    std::span<const Agreement> agreements, const Disclosure& disclosure, contract::Instant at) {
    using Found = std::optional<contract::AgreementId>;
    if (!needs_agreement(disclosure)) return Found{};
    for (const Agreement& agreement : agreements) {
        if (covers(agreement, disclosure, at)) return Found{agreement.id};
    }
    return Failure{Code::agreement_missing};
}

contract::Result<contract::Done, Code> basis_may_stand(LegalBasis basis, OrganisationKind from,
                                                       OrganisationKind to) {
    const bool both_public = from == OrganisationKind::public_body && to == OrganisationKind::public_body;
    if (contract::needs_no_consent(basis) && !both_public) return Failure{Code::consent_missing};
    return contract::Done{};
}

}  // namespace kesher::agreement
