// How each referral that a native system was given stands (ledger.h), and which of its calls changed
// something: the same id is the same call, and is answered as before.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "adapters/record/ledger.h"

namespace kesher::record {

class CallsLedger final : public Ledger {
public:
    explicit CallsLedger(const std::filesystem::path& file);  // makes it, mode 0600, where there is none

    enum class Heard { never, the_same, with_another_content };
    // Keyed names of the call's id and of what it said, which nobody without the key can make or test.
    [[nodiscard]] Heard heard(const contract::MessageId& id, const contract::MessageId& content) const;
    void hear(const contract::MessageId& id, const contract::MessageId& content);

private:
    [[nodiscard]] std::span<const kit::LedgerFile::Kind> own_kinds() const override;
    void apply_own(const kit::LedgerWords& words) override;
    std::map<contract::MessageId, contract::MessageId> heard_;
};

}  // namespace kesher::record
