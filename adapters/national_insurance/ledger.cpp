#include "adapters/national_insurance/ledger.h"

#include <array>

namespace kesher::national_insurance {
namespace {

constexpr std::array<kit::LedgerFile::Kind, 1> kLines{{{"heard", 3}}};

}  // namespace

Ledger::Ledger(const std::filesystem::path& file) : record::Ledger(file, "the ledger of referrals") {
    load();
}

std::span<const kit::LedgerFile::Kind> Ledger::own_kinds() const { return kLines; }

void Ledger::apply_own(const kit::LedgerWords& words) {
    heard_.insert_or_assign(must(contract::MessageId::parse(words[1])),
                            must(contract::MessageId::parse(words[2])));
}

Ledger::Heard Ledger::heard(const contract::MessageId& id, const contract::MessageId& content) const {
    const auto before = record::value_in(heard_, id);
    if (!before) return Heard::never;
    return *before == content ? Heard::the_same : Heard::with_another_content;
}

void Ledger::hear(const contract::MessageId& id, const contract::MessageId& content) {
    append("heard " + id.text() + ' ' + content.text());
}

}  // namespace kesher::national_insurance
