// The first leaf of every run: which program, settings and catalogue decide from here on.
#pragma once

#include "config/catalogue/catalogue_files.h"
#include "gateway/sequencer/request.h"

namespace kesher::app {

// SHA-256 of what `sha256sum` prints of the files, in the order of their paths:
// "<64 hex digits>  <path inside the catalogue>\n" a file. An auditor needs no program of ours to compare.
[[nodiscard]] contract::Digest digest_of(const catalogue::Files& files);

struct StartFacts {
    contract::Digest settings;   // of the settings file's bytes
    contract::Digest catalogue;  // digest_of
    std::chrono::milliseconds release_spread{};
};

// Facts version, settings, catalogue, release_spread_ms.
class StartRequest final : public sequencer::Request {
public:
    explicit StartRequest(StartFacts facts) : facts_(facts) {}
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    StartFacts facts_;
};

}  // namespace kesher::app
