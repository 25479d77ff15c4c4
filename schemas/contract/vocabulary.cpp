#include "schemas/contract/vocabulary.h"

namespace kesher::contract {

KnownBy least_known_by(Service service) {
    switch (service) {
        case Service::ben_income:
        case Service::ben_disab:
        case Service::ben_child:
        case Service::ben_alim:
        case Service::ben_unemp:
        case Service::hous_rent:
        case Service::hous_public:
        case Service::edu_higher:
            return KnownBy::identified;
        default:
            return KnownBy::presents;
    }
}

bool may_be_anonymous(Service service) {
    switch (service) {
        case Service::rights:
        case Service::hous_emerg:
        case Service::emp_counsel:
        case Service::hlt_phys:
        case Service::hlt_sex:
        case Service::hlt_ment:
        case Service::hlt_detox:
        case Service::legal_aid:
        case Service::debt:
        case Service::group_dig:
        case Service::hotline_118:
        case Service::accomp:
        case Service::interp:
            return true;
        default:
            return false;
    }
}

Purpose usual_purpose(Service service) {
    if (service >= Service::ben_income && service <= Service::ben_unemp) return Purpose::benefit_claim;
    if (service >= Service::hlt_phys && service <= Service::hlt_detox) return Purpose::treatment;
    return Purpose::referral;
}

}  // namespace kesher::contract
