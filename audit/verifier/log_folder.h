// A copy of a log in a folder, as C2SP tlog-tiles lays it out: checkpoint, tile/<L>/<N>, tile/entries/<N>.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audit/merkle/tile.h"
#include "audit/verifier/finding.h"
#include "schemas/contract/bytes.h"

namespace kesher::verifier {

class LogFolder {
public:
    explicit LogFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] OrUsage<std::string> checkpoint() const;
    // As wide as asked. A partial piece may have given way to the full one, which is then cut. None where
    // there is no such file, or it does not hold as many hashes or leaves as its name says.
    [[nodiscard]] std::optional<contract::Bytes> tile(const merkle::Tile& tile) const;
    [[nodiscard]] std::optional<std::vector<contract::Bytes>> entries(
        const merkle::EntryBundle& bundle) const;

private:
    [[nodiscard]] std::optional<std::string> read(const std::string& path, std::size_t most_bytes) const;
    std::filesystem::path folder_;
};

}  // namespace kesher::verifier
