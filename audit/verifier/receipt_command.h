// kesher-verify receipt: whether a leaf is in the log that the key belongs to.
#pragma once

#include <optional>
#include <string>

#include "audit/verifier/finding.h"

namespace kesher::verifier {

struct ReceiptQuestion {
    std::string leaf;  // files
    std::string proof;
    std::string log_key;  // a vkey, or a file with one
    std::optional<std::string> policy;
};
[[nodiscard]] OrUsage<Finding> check_receipt(const ReceiptQuestion& question);

}  // namespace kesher::verifier
