#include "audit/log/receipt.h"

#include <algorithm>
#include <set>
#include <utility>

#include "audit/log/decimal.h"
#include "audit/merkle/hash.h"
#include "audit/merkle/proof.h"

namespace kesher::log {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

// The next line without its LF; none where there is no LF any more.
std::optional<std::string_view> next_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

}  // namespace

std::string write(const Receipt& receipt) {
    std::string text(kFirstLine);
    text += '\n';
    if (receipt.extra) text += std::string(kExtra) + contract::base64(*receipt.extra) + "\n";
    text += std::string(kIndex) + std::to_string(contract::number(receipt.index)) + "\n";
    for (const contract::Digest& hash : receipt.proof) text += contract::base64(hash.view()) + "\n";
    text += '\n';
    return text + receipt.checkpoint;
}

Result<Receipt> parse_receipt(std::string_view text) {
    if (text.size() > kReceiptBytes) return fail(Flaw::too_large);
    Receipt receipt;
    if (next_line(text) != kFirstLine) return fail(Flaw::receipt_malformed);
    auto line = next_line(text);
    if (line && line->starts_with(kExtra)) {
        receipt.extra = contract::from_base64(line->substr(kExtra.size()));
        if (!receipt.extra) return fail(Flaw::receipt_malformed);
        line = next_line(text);
    }
    if (!line || !line->starts_with(kIndex)) return fail(Flaw::receipt_malformed);
    const auto index = parse_decimal(line->substr(kIndex.size()));
    if (!index) return fail(Flaw::receipt_malformed);
    receipt.index = contract::LeafIndex{*index};
    for (line = next_line(text); line && !line->empty(); line = next_line(text)) {
        const auto hash = contract::digest_from_base64(*line);
        if (!hash || receipt.proof.size() == kProofHashes) return fail(Flaw::receipt_malformed);
        receipt.proof.push_back(*hash);
    }
    if (!line) return fail(Flaw::receipt_malformed);
    receipt.checkpoint = text;
    return receipt;
}

namespace {

// The policy's witnesses among the note's lines, where they make its quorum.
Result<std::vector<Cosigned>> quorum(const Note& note, const Policy& policy) {
    const auto verified = verify(note, policy.witnesses());
    if (!verified) return fail(verified.error());
    std::set<std::size_t> present;
    std::vector<Cosigned> cosigned;
    for (const Verified& witness : *verified) {
        present.insert(witness.key);
        cosigned.push_back({policy.witnesses()[witness.key].name(), witness.time.value()});
    }
    if (!policy.satisfied_by(present)) return fail(Flaw::quorum_missing);
    return cosigned;
}

bool lists_log(const Policy& policy, const NoteKey& log) {
    const auto& logs = policy.logs();
    return logs.empty() || std::find(logs.begin(), logs.end(), log) != logs.end();
}

}  // namespace

Result<Proven> verify_receipt(std::string_view leaf, const Receipt& receipt, const NoteKey& log,
                              const Policy* policy) {
    const contract::Digest hash = merkle::leaf_hash(contract::bytes_of(leaf));
    auto opened = open_checkpoint(receipt.checkpoint, log);
    if (!opened) return fail(opened.error());
    Proven proven{receipt.index, opened->checkpoint, {}};
    if (policy != nullptr) {
        if (!lists_log(*policy, log)) return fail(Flaw::origin_differs);
        auto cosigned = quorum(opened->note, *policy);
        if (!cosigned) return fail(cosigned.error());
        proven.cosigned = std::move(*cosigned);
    }
    const Checkpoint& checkpoint = proven.checkpoint;
    if (contract::number(receipt.index) >= contract::number(checkpoint.size))
        return fail(Flaw::index_outside_tree);
    if (!merkle::is_included(hash, receipt.index, checkpoint.size, receipt.proof, checkpoint.root)) {
        return fail(Flaw::not_included);
    }
    return proven;
}

}  // namespace kesher::log
