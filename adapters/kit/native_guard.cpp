#include "adapters/kit/native_guard.h"

#include <typeinfo>

#include "adapters/kit/journal.h"
#include "adapters/kit/ledger_file.h"

namespace kesher::kit {
namespace {

using contract::ReferralEvent;

constexpr int kTries = 3;

constexpr contract::WordSet<ReferralEvent> kEnds{
    ReferralEvent::withdraw,   ReferralEvent::cancel,   ReferralEvent::expire,
    ReferralEvent::mark_error, ReferralEvent::decline,  ReferralEvent::fail,
    ReferralEvent::complete,   ReferralEvent::redirect, ReferralEvent::undeliverable};

// What something that ends the referral may have to wait behind. What ends it is offered until it is taken,
// and so is the hub's own word, which nobody says again.
bool is_step(const statement::Statement& said, const codec::Payload& payload) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&payload);
    return event != nullptr && said.from != contract::OrganisationId::hub() && !kEnds.has(event->event);
}

}  // namespace

template <class Call>
bool NativeGuard::comes_to_an_end(telemetry::Word event, Call call) {
    try {
        call();
        return true;
    } catch (const JournalBroken&) {
        throw;
    } catch (const LedgerBroken&) {
        throw;
    } catch (const std::exception& fault) {
        ++failures_;
        log_.write(telemetry::Level::error, event, {{"kind", telemetry::Diagnostic{typeid(fault).name()}}});
        return false;
    }
}

NativeAnswer NativeGuard::deliver(const ProvenDelivery& proven, const Opened& opened) {
    const statement::Statement& said = proven.statement();
    NativeAnswer answer = Unsure{};
    if (!comes_to_an_end("delivery_failed_here", [&] { answer = native_.deliver(proven, opened); })) {
        return after_failure(said, opened.payload);
    }
    failed_.erase({said.from, said.id});
    return answer;
}

NativeAnswer NativeGuard::after_failure(const statement::Statement& said, const codec::Payload& payload) {
    const TakenBefore before = already_taken(said.from, said.id);
    if (const auto* taken = std::get_if<Taken>(&before)) return *taken;
    if (!is_step(said, payload)) return Unsure{};
    int& tried = failed_[{said.from, said.id}];
    if (++tried < kTries || std::holds_alternative<Held>(before)) return Unsure{};
    failed_.erase({said.from, said.id});
    return Declined{contract::Code::internal};
}

TakenBefore NativeGuard::already_taken(const contract::OrganisationId& from, const contract::MessageId& id) {
    TakenBefore before = Held{};
    if (!comes_to_an_end("native_side_failed", [&] { before = native_.already_taken(from, id); })) {
        return Held{};
    }
    return before;
}

void NativeGuard::work(contract::Instant now, const Directory& directory) {
    try {
        (void)comes_to_an_end("native_side_failed", [&] { native_.work(now, directory); });
    } catch (const LedgerBroken&) {
        broken_ = std::current_exception();
    }
}

void NativeGuard::must_be_whole() {
    if (broken_) std::rethrow_exception(std::exchange(broken_, nullptr));
}

}  // namespace kesher::kit
