// Their calls on their way from the listener's threads to the loop's thread, which alone may use journal and
// ledger. Nothing of a call is stored: whoever called waits for its answer, and calls again where it does not
// come.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <variant>

#include "adapters/record/called_system.h"
#include "adapters/record/native_status.h"

namespace kesher::record {

// They ask how a referral stands, and say nothing.
struct Look {
    contract::ReferralId referral;
};
struct CallOfTheirs {
    std::string id;        // of the call, as they wrote it
    std::string referrer;  // to whom they say it: who referred her; empty where their format does not say
    std::variant<Look, Status> said;
    // What a fault of the id or of the words is called in their format.
    std::string id_field{}, words_field{};
    // The version that they suppose it to stand at (Stood); none where they do not say.
    std::optional<std::string> version{};
};

// Of the listener's threads (listening.h) the others stay free for whoever is answered at once.
inline constexpr std::size_t kMostWaiting = 5;

class CallsOfTheirs {
public:
    // `is_busy`: the loop waits for them at this moment, and would wait for their call to end; asked from the
    // listener's threads.
    CallsOfTheirs(std::chrono::milliseconds patience, std::function<bool()> is_busy)
        : patience_(patience), is_busy_(std::move(is_busy)) {}

    // On a listener's thread: what the loop made of it. `not_now` where the loop did not come to it in time,
    // is busy with them, or has ended, or where as many wait already; then nothing of it happens later.
    [[nodiscard]] CallResult ask(CallOfTheirs call);
    // On the loop's thread: each that waits now, in the order in which they came.
    void serve(const std::function<CallResult(const CallOfTheirs&)>& judge);
    // On the loop's thread: whoever waits is told `not_now`, because the loop is about to wait for them.
    void put_off();
    // Whoever waits goes.
    void close();

private:
    enum class Place { waiting, served, answered };
    struct Slot {
        CallOfTheirs call;
        Place place = Place::waiting;
        CallResult result{ResultKind::not_now};
    };
    [[nodiscard]] std::shared_ptr<Slot> begin_next();  // null where none waits
    void end(Slot& slot, CallResult result);
    [[nodiscard]] std::size_t waiting();
    const std::chrono::milliseconds patience_;
    const std::function<bool()> is_busy_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<std::shared_ptr<Slot>> waiting_;
    bool closed_ = false;
};

}  // namespace kesher::record
