// How each referral that the health organisation was given stands (adapters/record/ledger.h), and where it
// lies on the far side: its own locations and, of an appointment, a keyed name.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/record/ledger.h"
#include "schemas/contract/ids.h"

namespace kesher::health {

using kit::LedgerBroken;
using record::Given;
using record::Intended;
using record::Standing;

// Where it lies on the far side: "Task/17". Empty where there is none.
struct Placed {
    std::string task, service_request, consent;
    friend bool operator==(const Placed&, const Placed&) = default;
};

class Ledger final : public record::Ledger {
public:
    explicit Ledger(const std::filesystem::path& file);  // makes it, mode 0600, where there is none

    // An older ledger kept no attempts: there it may be where it was given and never placed.
    [[nodiscard]] bool may_arrive(const contract::ReferralId& referral) const override;

    void place(const contract::ReferralId& referral, const Placed& where);
    [[nodiscard]] std::optional<Placed> placed(const contract::ReferralId& referral) const;

    // A name of the appointment that was told, which nobody without the key can make or test.
    void book(const contract::ReferralId& referral, const contract::MessageId& appointment);
    [[nodiscard]] std::optional<contract::MessageId> booked(const contract::ReferralId& referral) const;

private:
    [[nodiscard]] std::span<const kit::LedgerFile::Kind> own_kinds() const override;
    void apply_own(const kit::LedgerWords& words) override;
    [[nodiscard]] std::string location_in(std::string_view word, std::string_view type) const;
    std::map<contract::ReferralId, Placed> placed_;
    std::map<contract::ReferralId, contract::MessageId> booked_;
};

}  // namespace kesher::health
