// PUT /v1/profile: an organisation declares which schemas its adapter reads and which safety flags its far
// side honours (contract.md 1). Until it has, it reads and honours nothing.
//
// The hub keeps what was signed and hands it on as it is: every sender verifies it by itself, so that a hub
// that lies could at most have a message not written, never a flag lost. A leaf, like key lists.
#pragma once

#include <string>

#include "gateway/identity/organisations.h"
#include "schemas/json/writer.h"

namespace kesher::identity {

class DeclareProfile final : public sequencer::Request {
public:
    DeclareProfile(Asker asker, std::string jws) : asker_(std::move(asker)), jws_(std::move(jws)) {}
    void want(sequencer::Wanted&) const override {}
    // version_conflict: not later than the last, or not under the newest key list. certificate_unknown, also
    // where there is no key list; signature_invalid, wrong_log, clock_skew, statement_invalid as
    // statement::verify_profile.
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    Asker asker_;
    std::string jws_;
};

// Members `reads`, `honours` and `profile` of an organisation in the directory: what counts at `at`, and the
// newest document, counting or not, so that its body knows which number comes next.
void write_profile(json::Writer& json, const sequencer::Organisation& organisation, contract::Instant at);

}  // namespace kesher::identity
