#include "audit/verifier/receipt_command.h"

#include <utility>

#include "audit/log/policy.h"
#include "audit/log/receipt.h"
#include "audit/verifier/input.h"
#include "schemas/contract/instant.h"

namespace kesher::verifier {
namespace {

// Entry bundles carry a 16-bit length: no leaf of any log in this format is longer.
constexpr std::size_t kLeafBytesOfAnyLog = 65'535;

Finding found(const log::Proven& proven) {
    const std::uint64_t index = contract::number(proven.index);
    const std::uint64_t size = contract::number(proven.checkpoint.size);
    const std::string& origin = proven.checkpoint.origin;
    Finding finding = Finding::holds("leaf " + std::to_string(index) + " of " + origin +
                                     " is this one, at size " + std::to_string(size));
    finding.add("origin", origin).add("index", index).add("size", size);
    finding.add("root", contract::base64(proven.checkpoint.root.view()));
    std::vector<Finding::Members> cosigned;
    for (const log::Cosigned& by : proven.cosigned) {
        cosigned.push_back({{"witness", by.witness}, {"at", contract::text(contract::Instant{by.at})}});
    }
    if (!cosigned.empty()) finding.add("cosigned", cosigned);
    return finding;
}

}  // namespace

OrUsage<Finding> check_receipt(const ReceiptQuestion& question) {
    const auto key = read_log_key(question.log_key);
    if (!key) return contract::Failure{key.error()};
    const auto leaf = read_file(question.leaf, kLeafBytesOfAnyLog);
    if (!leaf) return contract::Failure{leaf.error()};
    const auto proof = read_file(question.proof, log::kReceiptBytes);
    if (!proof) return contract::Failure{proof.error()};
    std::optional<log::Policy> policy;
    if (question.policy) {
        const auto file = read_file(*question.policy, log::Policy::kMaxBytes);
        if (!file) return contract::Failure{file.error()};
        auto parsed = log::Policy::parse(*file);
        if (!parsed) return contract::Failure{UsageError{"--policy: " + std::string(text(parsed.error()))}};
        policy = std::move(*parsed);
    }
    const auto receipt = log::parse_receipt(*proof);
    if (!receipt) return Finding::refused(text(receipt.error()));
    const auto proven = log::verify_receipt(*leaf, *receipt, *key, policy ? &*policy : nullptr);
    if (!proven) return Finding::refused(text(proven.error()));
    return found(*proven);
}

}  // namespace kesher::verifier
