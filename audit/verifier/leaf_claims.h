// Whether a leaf's record says what the statement says that it is about. The sender signed the statement, the
// hub alone wrote the record, and whoever searches the log searches records: one that names another body,
// referral or consent than the statement hides what was done.
//
// The claims are read and not believed: whether the signature holds is evidence_command's question.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log/leaf.h"
#include "audit/log/record.h"

namespace kesher::verifier {

// As the statement spells them; empty where it has none, or cannot be read.
struct Claims {
    std::string type;
    std::string from;
    std::string to;
    std::string id;
    std::string referral;
    std::string consent;
    std::string purpose;
    std::string service;
    std::string basis;
    std::vector<std::string> groups;
    // Whether they are spelled in the one way in which every program reads the same in them (json::Spelling).
    bool plain = false;
    [[nodiscard]] bool submits() const;
    [[nodiscard]] bool rehearses() const;  // hangs on no consent
};
[[nodiscard]] Claims read_claims(std::string_view jws);

// A sentence about the first member of the record that says other than the statement; none where all agree.
// What is accepted is said whole, by the event and under the operation that its type has: a withdrawal whose
// record did not name its referral would be found by nobody who searches for what ended. Of any other leaf,
// what the record leaves out contradicts nothing.
//
// Of the leaf whose first line the statement is. The recipient of a consent's leaf is the consent's own, its
// statement goes to the hub; and of refused claims the hub could not read, the caller is not the claimed one.
[[nodiscard]] std::optional<std::string> against_statement(const log::Record& record, const Claims& claims);
// Of a release of the statement. Its purpose and its consent are the referral's, which those of a submission
// are.
[[nodiscard]] std::optional<std::string> against_released(const log::Record& record, const Claims& claims);
// Of whichever of both the leaf is, or of another leaf that names the statement's digest. Also where it is
// about another statement, or no leaf.
[[nodiscard]] std::optional<std::string> against_leaf(std::string_view leaf, std::string_view statement);

}  // namespace kesher::verifier
