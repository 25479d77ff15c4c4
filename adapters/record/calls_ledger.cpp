#include "adapters/record/calls_ledger.h"

#include <array>

namespace kesher::record {
namespace {

constexpr std::array<kit::LedgerFile::Kind, 1> kLines{{{"heard", 3}}};

}  // namespace

CallsLedger::CallsLedger(const std::filesystem::path& file) : Ledger(file, "the ledger of referrals") {
    load();
}

std::span<const kit::LedgerFile::Kind> CallsLedger::own_kinds() const { return kLines; }

void CallsLedger::apply_own(const kit::LedgerWords& words) {
    heard_.insert_or_assign(must(contract::MessageId::parse(words[1])),
                            must(contract::MessageId::parse(words[2])));
}

CallsLedger::Heard CallsLedger::heard(const contract::MessageId& id,
                                      const contract::MessageId& content) const {
    const auto before = value_in(heard_, id);
    if (!before) return Heard::never;
    return *before == content ? Heard::the_same : Heard::with_another_content;
}

void CallsLedger::hear(const contract::MessageId& id, const contract::MessageId& content) {
    append("heard " + id.text() + ' ' + content.text());
}

}  // namespace kesher::record
