// What a command found out, for people and for programs.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/log/flaw.h"
#include "schemas/contract/result.h"

namespace kesher::verifier {

inline constexpr int kHolds = 0;
inline constexpr int kRefused = 1;
inline constexpr int kUsage = 2;

class Finding {
public:
    [[nodiscard]] static Finding holds(std::string sentence);
    [[nodiscard]] static Finding refused(std::string_view reason);

    Finding& add(std::string key, std::string_view text);
    Finding& add(std::string key, std::uint64_t number);
    // A list of small objects; in plain text one `key: value value` line each.
    using Members = std::vector<std::pair<std::string, std::string>>;
    Finding& add(std::string key, const std::vector<Members>& list);
    [[nodiscard]] int exit_code() const { return holds_ ? kHolds : kRefused; }
    // `HOLDS: sentence` or `REFUSED: reason`, then `key: value` lines; or one JSON object.
    void print(std::ostream& out, bool json) const;

private:
    struct Line {
        std::string key;
        std::vector<std::string> plain;
        std::string json;
    };
    Finding(bool holds, std::string sentence) : holds_(holds), sentence_(std::move(sentence)) {}
    bool holds_;
    std::string sentence_;
    std::vector<Line> lines_;
};

// Why a command could not begin: a file that cannot be read, a key that is none. Exit code 2.
struct UsageError {
    std::string message;
};
template <class T>
using OrUsage = contract::Result<T, UsageError>;

}  // namespace kesher::verifier
