// A running adapter: keys, journal, hub, loop and native half, joined in the order in which each needs the
// other.
#pragma once

#include <memory>
#include <stop_token>

#include "adapters/kit/runner.h"
#include "adapters/program/profile.h"

namespace kesher::program {

class Running {
public:
    // Opens all of it; the hub may be away. Throws JournalBroken and what the native half's own files throw.
    // With `evidence` every byte that crosses is kept there (adapters/kit/evidence_folder.h).
    [[nodiscard]] static kit::Usable<std::unique_ptr<Running>> open(
        const Profile& profile, const std::filesystem::path& evidence = {});
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    // Until stopped (true) or halted (false).
    [[nodiscard]] bool run(const std::stop_token& stop);
    // Turns until a turn changes nothing any more; the sum of them. `hub_reached`, `halted`: of the last.
    [[nodiscard]] kit::Turned run_once(const std::stop_token& stop);

    // From another thread: ends a call to the hub that is under way.
    void abort();
    // Why it stands still, where it does.
    [[nodiscard]] std::optional<std::string> halt_reason() const;
    // How many messages wait to be sent.
    [[nodiscard]] std::size_t waiting() const;

private:
    struct Parts;
    explicit Running(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace kesher::program
