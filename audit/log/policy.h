// Who must have cosigned a checkpoint (c2sp.org/tlog-policy): logs, witnesses, groups, a quorum.
//
//   log <vkey> [url] · witness <name> <vkey> [url] · group <name> all|any|<k> <names...>
//   quorum <name>|none         (`#` begins a comment line; a name is defined before it is used)
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log/flaw.h"
#include "audit/log/note.h"

namespace kesher::log {

class Policy {
public:
    static constexpr std::size_t kMaxBytes = 64 * 1024;

    [[nodiscard]] static Result<Policy> parse(std::string_view text);
    [[nodiscard]] const std::vector<NoteKey>& logs() const { return logs_; }
    [[nodiscard]] const std::vector<NoteKey>& witnesses() const { return witnesses_; }
    // Whether these witnesses (positions in witnesses()) make the quorum. `none` asks for nobody.
    [[nodiscard]] bool satisfied_by(const std::set<std::size_t>& witnesses) const;
    // The least number of witnesses that could make it; for the rule that a quorum is a majority.
    [[nodiscard]] std::size_t least_witnesses() const;

private:
    class Reading;
    struct Group {
        std::size_t needed = 0;
        std::vector<std::string> members;
    };
    [[nodiscard]] bool has(const std::string& name, const std::set<std::size_t>& witnesses) const;
    [[nodiscard]] std::size_t least(const std::string& name) const;

    std::vector<NoteKey> logs_;
    std::vector<NoteKey> witnesses_;
    std::map<std::string, std::size_t, std::less<>> witness_of_;
    std::map<std::string, Group, std::less<>> groups_;
    std::optional<std::string> quorum_;  // none = "none"
};

}  // namespace kesher::log
