#include "adapters/health/losses.h"

#include <vector>

namespace kesher::health {
namespace {

using record::Loss;

constexpr Loss kAppointment{"appointment", "מועד שהציע הגורם המפנה: מועד קובע הגורם המקבל",
                            "an appointment that the referrer proposes: the recipient makes it"};

}  // namespace

std::span<const Loss> declared_losses() {
    static const std::vector<Loss> losses = [] {
        std::vector<Loss> all{kAppointment};
        const auto common = record::common_losses();
        all.insert(all.end(), common.begin(), common.end());
        return all;
    }();
    return losses;
}

Referral minus_losses(Referral referral) {
    referral.sealed.appointment.reset();
    return record::minus_common_losses(std::move(referral));
}

}  // namespace kesher::health
