// The certificates whose signatures count as one organisation's.
#pragma once

#include <vector>

#include "schemas/statement/certificate.h"

namespace kesher::statement {

class KeyRing {
public:
    // From a verified key list (schemas/statement/key_list.h), or for `hub` its certificate from enrolment.
    // Certificates of another use than signing are left out.
    KeyRing(contract::OrganisationId organisation, std::vector<Certificate> signing);

    [[nodiscard]] const contract::OrganisationId& organisation() const { return organisation_; }
    // Null where there is none with this thumbprint, or it does not hold at this time.
    [[nodiscard]] const Certificate* find(const contract::Digest& thumbprint, contract::Instant at) const;

private:
    contract::OrganisationId organisation_;
    std::vector<Certificate> signing_;
};

}  // namespace kesher::statement
