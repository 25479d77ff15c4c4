// The bytes of bodies that one listener holds, and what each caller may hold of them.
//
// A large body's bytes are taken whole before its first byte is read, so that many callers of large bodies
// are told `busy` instead of filling the memory together; and each caller has a share, so that one of them
// cannot take everything. A small body is never refused: a withdrawal fits it (contract.md 3: never 429), a
// connection reads one body at a time, and so the number of threads bounds what all small bodies hold
// together.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/telemetry/metrics.h"

namespace kesher::edge {

class ByteBudget {
public:
    struct Bounds {
        std::size_t bytes;            // of all large bodies together
        std::size_t bytes_a_caller;   // of one caller's, where it holds more than one
        std::size_t bodies_a_caller;  // large ones
        std::size_t small_body;       // bytes up to which a body is small
    };
    ByteBudget(Bounds bounds, telemetry::Gauge& shown) : bounds_(bounds), shown_(shown) {}

    class Lease {
    public:
        Lease(ByteBudget& budget, std::string caller, std::size_t bytes);
        ~Lease();
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;

    private:
        ByteBudget& budget_;
        std::string caller_;
        std::size_t bytes_;
    };

    // Fills `lease` and returns true where the bytes fit.
    [[nodiscard]] bool take(const std::string& caller, std::size_t bytes, std::optional<Lease>& lease);

private:
    struct Held {
        std::size_t bytes = 0;
        std::size_t bodies = 0;
    };
    [[nodiscard]] bool fits(const std::string& caller, std::size_t bytes) const;
    void give_back(const std::string& caller, std::size_t bytes);

    const Bounds bounds_;
    std::mutex mutex_;
    std::size_t held_ = 0;                 // by large bodies
    std::map<std::string, Held> callers_;  // who holds large bodies now
    telemetry::Gauge& shown_;
};

}  // namespace kesher::edge
