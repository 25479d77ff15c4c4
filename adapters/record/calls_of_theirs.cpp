#include "adapters/record/calls_of_theirs.h"

namespace kesher::record {

CallResult CallsOfTheirs::ask(CallOfTheirs call) {
    const CallResult not_now{ResultKind::not_now};
    const auto slot = std::make_shared<Slot>(Slot{std::move(call)});
    std::unique_lock lock(mutex_);
    if (closed_ || is_busy_() || waiting_.size() >= kMostWaiting) return not_now;
    waiting_.push_back(slot);
    const auto goes = [&] { return closed_ || slot->place != Place::waiting; };
    (void)changed_.wait_for(lock, patience_, goes);
    // What the loop has begun it ends: nothing there waits for anybody.
    changed_.wait(lock, [&] { return slot->place != Place::served; });
    if (slot->place == Place::waiting) waiting_.remove(slot);
    return slot->result;
}

std::shared_ptr<CallsOfTheirs::Slot> CallsOfTheirs::begin_next() {
    const std::scoped_lock lock(mutex_);
    if (waiting_.empty()) return nullptr;
    auto slot = waiting_.front();
    waiting_.pop_front();
    slot->place = Place::served;
    return slot;
}

void CallsOfTheirs::end(Slot& slot, CallResult result) {
    const std::scoped_lock lock(mutex_);
    slot.result = std::move(result);
    slot.place = Place::answered;
    changed_.notify_all();
}

void CallsOfTheirs::serve(const std::function<CallResult(const CallOfTheirs&)>& judge) {
    // Where judging throws, the call goes without an answer of the loop's, and the loop with its own fault.
    struct Answering {
        CallsOfTheirs& calls;
        Slot& slot;
        CallResult result{ResultKind::not_now};
        ~Answering() { calls.end(slot, std::move(result)); }
    };
    // What comes meanwhile waits for the next turn: in between the inbox is polled.
    for (std::size_t left = waiting(); left > 0; --left) {
        const auto slot = begin_next();
        if (!slot) return;
        Answering answering{*this, *slot};
        answering.result = judge(slot->call);
    }
}

std::size_t CallsOfTheirs::waiting() {
    const std::scoped_lock lock(mutex_);
    return waiting_.size();
}

void CallsOfTheirs::put_off() {
    while (const auto slot = begin_next()) end(*slot, {ResultKind::not_now});
}

void CallsOfTheirs::close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

}  // namespace kesher::record
