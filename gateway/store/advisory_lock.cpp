#include "gateway/store/advisory_lock.h"

#include <thread>
#include <utility>

namespace kesher::store {
namespace {

// Advisory locks are per database, so one number serves every hub's own.
constexpr std::string_view kTryLock = "SELECT pg_try_advisory_lock(7308612134990453)";
constexpr std::string_view kUnlock = "SELECT pg_advisory_unlock(7308612134990453)";
constexpr std::chrono::milliseconds kBetweenTries{20};

}  // namespace

std::optional<SequencerLock> SequencerLock::try_take(Connection& connection) {
    if (!connection.query(kTryLock).only().boolean(0)) return std::nullopt;
    return SequencerLock(connection);
}

std::optional<SequencerLock> SequencerLock::take(Connection& connection, std::chrono::milliseconds within) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    for (;;) {
        if (auto lock = try_take(connection)) return lock;
        if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
        std::this_thread::sleep_for(kBetweenTries);
    }
}

SequencerLock::~SequencerLock() {
    if (connection_ == nullptr || !connection_->usable()) return;
    try {
        (void)connection_->query(kUnlock);
    } catch (const std::runtime_error&) {
        connection_->discard();  // the server frees the lock when the session ends
    }
}

SequencerLock::SequencerLock(SequencerLock&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

}  // namespace kesher::store
