// The file under a native side's ledger: whole lines, only ever added, each on disk when the call returns.
//
// A line cut off by a stop never happened: it is taken off when the file is opened. What the lines say is the
// native side's. One process holds the file; one thread uses it.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kesher::kit {

// It cannot be read, written or understood: a broken world.
class LedgerBroken : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The words of a line, one blank between two.
using LedgerWords = std::vector<std::string_view>;

class LedgerFile {
public:
    // A line's first word, and how many words such a line has.
    using Kind = std::pair<std::string_view, std::size_t>;

    // Makes it, mode 0600, where there is none. `name` begins every text of LedgerBroken: "the ledger of
    // files".
    LedgerFile(const std::filesystem::path& file, std::string name);
    ~LedgerFile();
    LedgerFile(const LedgerFile&) = delete;
    LedgerFile& operator=(const LedgerFile&) = delete;

    // Every whole line from the first on; once, before the first append.
    void load(const std::function<void(std::string_view)>& apply);
    void append(std::string_view line);  // without its line end

    // The words of a line of one of these kinds; of any other the file is damaged.
    [[nodiscard]] LedgerWords words_of(std::string_view line, std::span<const Kind> kinds) const;

private:
    [[noreturn]] void broken(std::string_view what) const;
    std::string name_;
    int file_ = -1;
};

// A whole line that does not read is no cut-off end but damage: better to stand still than to forget.
[[noreturn]] void damaged(std::string_view name);

}  // namespace kesher::kit
