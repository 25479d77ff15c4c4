// A native system that is called, one call for each thing said: what a format has to offer for that, and what
// its answers mean. liaison.h keeps such a system and the exchange in step.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/record/field_fault.h"
#include "adapters/record/ledger.h"
#include "adapters/record/referral.h"
#include "schemas/contract/bytes.h"

namespace kesher::record {

// What is told of a referral that was given: an event of who referred her, of hers or of the hub, or that the
// consent is over under which she was referred, or that what they said of it last was not told (`not_told`).
inline constexpr std::array<std::string_view, 11> kUpdateWords{
    "withdraw", "cancel", "expire", "mark_error", "freeze",  "unfreeze",
    "schedule", "hold",   "resume", "revoke",     "not_told"};

struct Update {
    contract::ReferralId referral;
    std::string_view event;  // one of kUpdateWords
    contract::Day on;
    std::optional<contract::Reason> reason{};
    std::optional<std::string> words{};
    std::optional<codec::Appointment> appointment{};  // she chose it
    // As they stand with what is said; none where nothing is said but the event.
    std::optional<codec::Safety> safety{};
};

// The answer to a call, in either direction. `form`: nothing of it was done, the form is wrong. `not_told`:
// it has a form and a step, and her consent does not carry it to who referred her. `refused`: theirs alone;
// nothing happened, nobody knows why. `changed`: it stands otherwise than the call supposed. `not_now`:
// the same call again later.
enum class ResultKind { taken, form, unknown_referral, no_such_step, not_told, refused, changed, not_now };
// Of a referral that is known here: what the next call may suppose.
struct Stood {
    contract::ReferralState state;
    std::string version;  // another one after each step
    friend bool operator==(const Stood&, const Stood&) = default;
};
struct CallResult {
    ResultKind kind = ResultKind::taken;
    FieldFaults faults{};          // of `form`
    bool words_left_out = false;   // of `taken`: the change was told, and the words beside it were not
    std::optional<Stood> stood{};  // of a call of theirs: how it stands behind it
    friend bool operator==(const CallResult&, const CallResult&) = default;
};

struct Answered {
    CallResult result;
    contract::Digest answer;  // SHA-256 of what they answered
};
// No answer, or none to this call.
struct Unanswered {
    bool away = false;             // not reached, too slow, or busy: again later, and nobody has to mend it
    bool outcome_unknown = false;  // it may have been done, or be done yet
    std::string_view word{};       // what was wrong, for the log; of the program's own
    int status = 0;                // of HTTP; 0 where there was none
};
using CallOutcome = contract::Result<Answered, Unanswered>;

class CalledSystem {
public:
    virtual ~CalledSystem() = default;
    // Whether it is one of their services at all.
    [[nodiscard]] virtual bool serves(contract::Service service) const = 0;
    // Under the message's id: the same id is the same call, so an answer speaks of every try.
    [[nodiscard]] virtual CallOutcome give(const Referral& referral) = 0;
    // `by`: who says it, the referrer or the hub. The same id is the same call.
    [[nodiscard]] virtual CallOutcome tell(const contract::MessageId& id, const contract::OrganisationId& by,
                                           const Given& given, const Update& update) = 0;
    // Whether they have what came under this message's id: `taken`, or `unknown_referral`. A new call each
    // time; nothing is given.
    [[nodiscard]] virtual CallOutcome inquire(const Given& given, const contract::MessageId& submission) = 0;
    // Whether `taken` says no more than that it was taken in: what is to be known is then asked.
    [[nodiscard]] virtual bool answers_before_doing() const { return false; }
};

}  // namespace kesher::record
