#include "adapters/health/fhir_codes.h"

#include <algorithm>
#include <array>

#include "config/catalogue/catalogue.h"

namespace kesher::health {
namespace {

using catalogue::SecurityLabel;
using contract::DataGroup;
using contract::Service;

constexpr Coding kTreatment{systems::kSnomed, "7922000", "General treatment (procedure)"};
constexpr Coding kCounseling{systems::kSnomed, "409063005", "Counseling (procedure)"};
constexpr Coding kTherapy{systems::kSnomed, "277132007", "Therapeutic procedure (procedure)"};
constexpr Coding kEducation{systems::kSnomed, "409073007", "Education (procedure)"};

constexpr std::array kWithdrawalInstitutions{
    Coding{systems::kMohInstitution, "15", "גמילה סמים-רפואי"},
    Coding{systems::kMohInstitution, "16", "גמילת סמים-משולב"},
};

constexpr Coding kPsy{systems::kActCode, "PSY", "psychiatry disorder information sensitivity"};
constexpr Coding kEth{systems::kActCode, "ETH", "substance abuse information sensitivity"};
constexpr Coding kSdv{systems::kActCode, "SDV",
                      "sexual assault, abuse, or domestic violence information sensitivity"};
constexpr Coding kHiv{systems::kActCode, "HIV", "HIV/AIDS information sensitivity"};
constexpr Coding kNormal{systems::kConfidentiality, "N", "normal"};

SecurityLabel label_of(DataGroup group) {
    switch (group) {
        case DataGroup::mental:
            return SecurityLabel::psy;
        case DataGroup::addiction:
            return SecurityLabel::eth;
        case DataGroup::violence:
            return SecurityLabel::sdv;
        case DataGroup::hiv:
            return SecurityLabel::hiv;
        case DataGroup::health:
        case DataGroup::programme_fact:
            return SecurityLabel::restricted;
        default:
            return SecurityLabel::normal;
    }
}

std::optional<Coding> sensitivity(SecurityLabel label) {
    switch (label) {
        case SecurityLabel::psy:
            return kPsy;
        case SecurityLabel::eth:
            return kEth;
        case SecurityLabel::sdv:
            return kSdv;
        case SecurityLabel::hiv:
            return kHiv;
        default:
            return std::nullopt;
    }
}

}  // namespace

Coding category_of(Service service) {
    switch (service) {
        case Service::hlt_phys:
        case Service::hlt_sex:
        case Service::hlt_detox:
            return kTreatment;
        case Service::hlt_trauma:
            return kTherapy;
        case Service::edu_compl:
        case Service::edu_higher:
        case Service::emp_voc:
            return kEducation;
        default:
            return kCounseling;
    }
}

std::optional<Coding> moh_service_of(Service service) {
    switch (service) {
        case Service::hlt_ment:
            return Coding{systems::kMohService, "L0830",
                          "הערכה ראשונית/תקופתית וקביעת תכנית טפול, בצוות, בריאות הנפש"};
        case Service::hlt_trauma:
            return Coding{systems::kMohService, "L0841", "פסיכותרפיה פרטנית"};
        case Service::hlt_phys:
        case Service::hlt_sex:
        case Service::hlt_detox:
            return std::nullopt;
        default:
            return Coding{systems::kMohService, "L9499", "שירות סוציאלי - תיאום, קישור ותיווך"};
    }
}

std::span<const Coding> moh_institutions_of(Service service) {
    if (service != Service::hlt_detox) return {};
    return kWithdrawalInstitutions;
}

std::vector<Coding> security_labels(Service service, std::span<const DataGroup> groups) {
    std::vector<SecurityLabel> labels{catalogue::built_in_catalogue().service(service).label};
    for (const DataGroup group : groups) labels.push_back(label_of(group));
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    std::vector<Coding> codings;
    for (const SecurityLabel label : labels) {
        if (const auto coding = sensitivity(label)) codings.push_back(*coding);
    }
    const bool restricted = labels.back() != SecurityLabel::normal;
    codings.push_back(restricted ? kRestricted : kNormal);
    return codings;
}

}  // namespace kesher::health
