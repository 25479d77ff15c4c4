#include "gateway/edge/sweeper.h"

#include <sys/socket.h>

#include <cassert>

namespace kesher::edge {
namespace {

constexpr std::chrono::milliseconds kTick{200};

}  // namespace

Sweeper::Sweeper(std::function<void()> on_tick) : on_tick_(std::move(on_tick)), thread_([this] { run(); }) {}

Sweeper::~Sweeper() {
    {
        const std::scoped_lock lock(mutex_);
        assert(entries_.empty());
        ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

Sweeper::Watch::Watch(Sweeper& sweeper, int fd) : sweeper_(sweeper) {
    const std::scoped_lock lock(sweeper_.mutex_);
    key_ = sweeper_.next_key_++;
    sweeper_.entries_.emplace(key_, Entry{fd});
}

Sweeper::Watch::~Watch() {
    const std::scoped_lock lock(sweeper_.mutex_);
    sweeper_.entries_.erase(key_);
}

void Sweeper::Watch::until(SteadyTime deadline) {
    // Not woken for it: the sweeper looks every kTick, and a cut that much later is soon enough.
    const std::scoped_lock lock(sweeper_.mutex_);
    sweeper_.entries_.at(key_).deadline = deadline;
}

void Sweeper::Watch::rest() {
    const std::scoped_lock lock(sweeper_.mutex_);
    sweeper_.entries_.at(key_).deadline.reset();
}

void Sweeper::Watch::set_idle(bool idle) {
    const std::scoped_lock lock(sweeper_.mutex_);
    sweeper_.entries_.at(key_).idle = idle;
}

void Sweeper::Watch::name(std::string fingerprint) {
    const std::scoped_lock lock(sweeper_.mutex_);
    sweeper_.entries_.at(key_).fingerprint = std::move(fingerprint);
}

bool Sweeper::Watch::was_cut() const {
    const std::scoped_lock lock(sweeper_.mutex_);
    return sweeper_.entries_.at(key_).cut;
}

void Sweeper::cut(Entry& entry) {
    entry.cut = true;
    entry.deadline.reset();
    // ENOTCONN is the peer that went away by itself; there is nothing else to do about it.
    ::shutdown(entry.fd, SHUT_RDWR);
}

std::size_t Sweeper::cut_where(const std::function<bool(const Entry&)>& chosen) {
    const std::scoped_lock lock(mutex_);
    std::size_t count = 0;
    for (auto& [key, entry] : entries_) {
        if (entry.cut || !chosen(entry)) continue;
        cut(entry);
        ++count;
    }
    return count;
}

std::size_t Sweeper::cut_all() {
    return cut_where([](const Entry&) { return true; });
}
std::size_t Sweeper::cut_idle() {
    return cut_where([](const Entry& entry) { return entry.idle; });
}
std::size_t Sweeper::cut_named(std::string_view fingerprint) {
    return cut_where(
        [&](const Entry& entry) { return !fingerprint.empty() && entry.fingerprint == fingerprint; });
}

// Cuts the late ones; returns when it next wants to look.
SteadyTime Sweeper::sweep() {
    const SteadyTime now = std::chrono::steady_clock::now();
    SteadyTime next = now + kTick;
    for (auto& [key, entry] : entries_) {
        if (!entry.deadline) continue;
        if (*entry.deadline <= now) {
            cut(entry);
        } else {
            next = std::min(next, *entry.deadline);
        }
    }
    return next;
}

void Sweeper::run() {
    std::unique_lock lock(mutex_);
    SteadyTime last_tick = std::chrono::steady_clock::now();
    while (!ending_) {
        wake_.wait_until(lock, sweep());
        const SteadyTime now = std::chrono::steady_clock::now();
        if (!on_tick_ || now - last_tick < kTick) continue;
        last_tick = now;
        lock.unlock();
        on_tick_();
        lock.lock();
    }
}

}  // namespace kesher::edge
