// After a real loss: what the hub, the checkpoint file and everybody's own memory say of the log, side by
// side, and what follows. It changes nothing: which log goes on is for two operators to decide.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/ctl/report.h"
#include "audit/log/checkpoint.h"

namespace kesher::ctl {

// One place that remembers a checkpoint: "hub", "our journal", or a file's name.
struct Remembered {
    std::string place;
    std::optional<std::string> note{};  // signed; none where the place says nothing
    std::string why_not{};              // then
};

enum class Loss {
    none,      // the hub signs the newest that anybody knows
    unproven,  // the hub signs more, but has not proven yet that it begins with what is known
    silent,    // the hub says nothing; the newest known is what its database must reach
    behind,    // somebody holds a larger tree than the hub signs
    forked,    // the log signed two trees of one size, or one that does not extend the other
};
inline constexpr contract::ClosedList<Loss, 5> kLosses{
    {"none", "unproven", "log_silent", "log_behind", "log_forked"}};

struct Diagnosis {
    Loss loss = Loss::none;
    std::optional<log::Checkpoint> hub{};
    std::optional<log::Checkpoint> newest{};
    std::string newest_place{};
    std::vector<Report::Row> rows{};  // place, size, root or why not
};
// `hub` first. Notes that the log did not sign are listed and count for nothing: anybody can write one.
[[nodiscard]] Diagnosis diagnose(const Remembered& hub, const std::vector<Remembered>& others,
                                 const log::NoteKey& log);
// The hub showed that its tree begins with the newest that was known, or that it does not.
[[nodiscard]] Diagnosis with_proof(Diagnosis diagnosis, bool extends);

// With the steps of the way out; it holds for `none` alone.
[[nodiscard]] Report report_of(const Diagnosis& diagnosis, const log::NoteKey& log);

}  // namespace kesher::ctl
