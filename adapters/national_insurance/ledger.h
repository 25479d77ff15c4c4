// How each referral that National Insurance was given stands (adapters/record/ledger.h), and which of their
// calls were taken: the same id is the same call, and is answered as before.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "adapters/record/ledger.h"

namespace kesher::national_insurance {

class Ledger final : public record::Ledger {
public:
    explicit Ledger(const std::filesystem::path& file);  // makes it, mode 0600, where there is none

    enum class Heard { never, the_same, with_another_content };
    // `id` as they wrote it; kept as its SHA-256. `content`: a keyed name of what the call said, which nobody
    // without the key can make or test.
    [[nodiscard]] Heard heard(std::string_view id, const contract::MessageId& content) const;
    void hear(std::string_view id, const contract::MessageId& content);

private:
    [[nodiscard]] std::span<const kit::LedgerFile::Kind> own_kinds() const override;
    void apply_own(const kit::LedgerWords& words) override;
    std::map<contract::Digest, contract::MessageId> heard_;
};

}  // namespace kesher::national_insurance
