// How each referral that National Insurance was given stands (adapters/record/ledger.h), and which of their
// calls changed something: the same id is the same call, and is answered as before.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "adapters/record/ledger.h"

namespace kesher::national_insurance {

class Ledger final : public record::Ledger {
public:
    explicit Ledger(const std::filesystem::path& file);  // makes it, mode 0600, where there is none

    enum class Heard { never, the_same, with_another_content };
    // Keyed names of the call's id and of what it said, which nobody without the key can make or test.
    [[nodiscard]] Heard heard(const contract::MessageId& id, const contract::MessageId& content) const;
    void hear(const contract::MessageId& id, const contract::MessageId& content);

private:
    [[nodiscard]] std::span<const kit::LedgerFile::Kind> own_kinds() const override;
    void apply_own(const kit::LedgerWords& words) override;
    std::map<contract::MessageId, contract::MessageId> heard_;
};

}  // namespace kesher::national_insurance
