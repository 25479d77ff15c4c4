#include "adapters/national_insurance/ledger.h"

#include <array>

#include "schemas/statement/hash.h"

namespace kesher::national_insurance {
namespace {

constexpr std::array<kit::LedgerFile::Kind, 1> kLines{{{"heard", 3}}};

}  // namespace

Ledger::Ledger(const std::filesystem::path& file) : record::Ledger(file, "the ledger of referrals") {
    load();
}

std::span<const kit::LedgerFile::Kind> Ledger::own_kinds() const { return kLines; }

void Ledger::apply_own(const kit::LedgerWords& words) {
    heard_.insert_or_assign(must(contract::digest_from_base64url(words[1])),
                            must(contract::MessageId::parse(words[2])));
}

Ledger::Heard Ledger::heard(std::string_view id, const contract::MessageId& content) const {
    const auto before = record::value_in(heard_, statement::sha256(id));
    if (!before) return Heard::never;
    return *before == content ? Heard::the_same : Heard::with_another_content;
}

void Ledger::hear(std::string_view id, const contract::MessageId& content) {
    append("heard " + contract::base64url(statement::sha256(id).view()) + ' ' + content.text());
}

}  // namespace kesher::national_insurance
