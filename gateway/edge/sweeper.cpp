#include "gateway/edge/sweeper.h"

#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace kesher::edge {
namespace {

constexpr std::chrono::milliseconds kTick{200};
// A request that is not whole after this time may be given up for a new one of the same caller.
constexpr std::chrono::milliseconds kMomentForARequest{1'000};

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
    Entry& entry = sweeper_.entries_.at(key_);
    if (!entry.deadline && !entry.idle) entry.since = std::chrono::steady_clock::now();
    entry.deadline = deadline;
}

void Sweeper::Watch::rest() {
    const std::scoped_lock lock(sweeper_.mutex_);
    sweeper_.entries_.at(key_).deadline.reset();
}

void Sweeper::Watch::set_idle(bool idle) {
    const std::scoped_lock lock(sweeper_.mutex_);
    Entry& entry = sweeper_.entries_.at(key_);
    if (entry.idle == idle) return;
    entry.idle = idle;
    entry.since = std::chrono::steady_clock::now();
}

void Sweeper::Watch::shakes_hands(std::string address, const HandshakesMost& most) {
    const std::scoped_lock lock(sweeper_.mutex_);
    Entry& own = sweeper_.entries_.at(key_);
    own.shaking_with = std::move(address);
    Entry* spared = sweeper_.handshake_too_many(own.shaking_with, most);
    if (spared != nullptr) cut(*spared, Cut::crowded);
}

void Sweeper::Watch::has_shaken_hands() {
    const std::scoped_lock lock(sweeper_.mutex_);
    sweeper_.entries_.at(key_).shaking_with.clear();
}

bool Sweeper::Watch::belongs_to(std::string caller, std::string fingerprint, std::size_t most) {
    const std::scoped_lock lock(sweeper_.mutex_);
    Entry& own = sweeper_.entries_.at(key_);
    own.caller = std::move(caller);
    own.fingerprint = std::move(fingerprint);
    const auto count =
        std::count_if(sweeper_.entries_.begin(), sweeper_.entries_.end(), [&](const auto& each) {
            return each.second.caller == own.caller && each.second.cut == Cut::not_yet;
        });
    if (static_cast<std::size_t>(count) <= most) return true;
    Entry* spared = sweeper_.least_missed(own.caller, own);
    if (spared == nullptr) return false;
    cut(*spared, Cut::crowded);
    return true;
}

bool Sweeper::Watch::was_cut() const { return why_cut() != Cut::not_yet; }

Cut Sweeper::Watch::why_cut() const {
    const std::scoped_lock lock(sweeper_.mutex_);
    return sweeper_.entries_.at(key_).cut;
}

// Of this caller's other connections: the one idle for the longest time, else the slowest sender or reader.
// Whoever waits for a handler is left alone, and so is a request that began just now.
Sweeper::Entry* Sweeper::least_missed(const std::string& caller, const Entry& newcomer) {
    const SteadyTime began_before = std::chrono::steady_clock::now() - kMomentForARequest;
    const auto rank = [](const Entry& entry) { return std::pair(!entry.idle, entry.since); };
    Entry* found = nullptr;
    for (auto& [key, entry] : entries_) {
        if (entry.caller != caller || &entry == &newcomer || entry.cut != Cut::not_yet) continue;
        const bool slow = entry.deadline && entry.since < began_before;
        if (!entry.idle && !slow) continue;
        if (found == nullptr || rank(entry) < rank(*found)) found = &entry;
    }
    return found;
}

// Null where there is room for all. One is enough: each that begins adds one, and one that is cut gives its
// thread back at once. An address beyond its own bound is always the one that has most.
//
// To begin one costs a stranger nothing, so all of them together are bounded, whatever addresses they have;
// and an address that has a single one outlives those that have many, so that a slow honest caller lives
// among strangers from a few addresses. Those being served may leave fewer threads than the bound allows:
// then the last one is kept free for whoever waits in Poco's queue, whom nobody here can see. Where they
// leave a single one, whoever has it keeps it until handshake_deadline: ended by the next, none would ever
// finish. What remains: strangers from more addresses than `of_all` have one each like everybody else, and
// whoever needs longer than it takes them to begin `of_all` of them is ended and must try again.
Sweeper::Entry* Sweeper::handshake_too_many(const std::string& address, const HandshakesMost& most) {
    std::map<std::string_view, std::size_t> unfinished;
    std::size_t all = 0;
    std::size_t threads_taken = 0;
    for (const auto& [key, entry] : entries_) {
        if (entry.cut != Cut::not_yet) continue;
        ++threads_taken;
        if (entry.shaking_with.empty()) continue;
        ++all;
        ++unfinished[entry.shaking_with];
    }
    const bool none_left = threads_taken >= most.threads && all > 1;
    if (unfinished[address] <= most.of_one_address && all <= most.of_all && !none_left) return nullptr;
    Entry* found = nullptr;
    std::size_t found_has = 0;
    for (auto& [key, entry] : entries_) {
        if (entry.cut != Cut::not_yet || entry.shaking_with.empty()) continue;
        const std::size_t has = unfinished[entry.shaking_with];
        if (has <= found_has) continue;
        found = &entry;
        found_has = has;
    }
    return found;
}

void Sweeper::cut(Entry& entry, Cut why) {
    entry.cut = why;
    entry.deadline.reset();
    // ENOTCONN is the peer that went away by itself; there is nothing else to do about it.
    ::shutdown(entry.fd, SHUT_RDWR);
}

std::size_t Sweeper::cut_where(const std::function<bool(const Entry&)>& chosen) {
    const std::scoped_lock lock(mutex_);
    std::size_t count = 0;
    for (auto& [key, entry] : entries_) {
        if (entry.cut != Cut::not_yet || !chosen(entry)) continue;
        cut(entry, Cut::asked);
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
            cut(entry, Cut::late);
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
