// What is said of a referral that was given: by us (an update, an inquiry), and by them (feedback B, משוב
// ב'), and the result that each call is answered with (feedback A, משוב א').
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/national_insurance/field_fault.h"
#include "adapters/national_insurance/profile.h"
#include "adapters/national_insurance/xml.h"
#include "adapters/record/change.h"
#include "adapters/record/standing.h"

namespace kesher::national_insurance {

// ---- ours ----

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
[[nodiscard]] std::string write_update(const Update& update, const record::Mapping& mapping);
// Whether they have what came under this id: nothing is given.
[[nodiscard]] std::string write_inquiry(const contract::MessageId& id, const record::Mapping& mapping);

// ---- theirs ----

struct Status {
    contract::ReferralId referral;
    Meaning meaning;
    contract::Day on;
    std::optional<std::string> words{};
    std::optional<codec::Appointment> appointment{};
    unsigned line = 0;
};
[[nodiscard]] contract::Result<Status, FieldFaults> read_status(const Element& body,
                                                                const record::Mapping& mapping);

// The events that lead there, in order, the skipped ones synthesised; empty where it stands there and nothing
// more is said. None where no way leads there, where it is frozen, and where what is said beside the state
// would be lost. That she did not come is never made of a state: a date that is known stays.
[[nodiscard]] std::optional<std::vector<record::Change>> changes_to(const record::Standing& standing,
                                                                    const Status& status);

// ---- the answer to a call, in either direction ----

// KOD-TOTZAA. 0: taken. 100 and a flaw of field_fault.h: the form is wrong, and nothing happened. From 200:
// what the form says cannot be. From 900: not now; the same call again later.
// `not_told`: it has a form and a step, and her consent does not carry it to who referred her. `refused`:
// theirs alone, any other code below 900, and X-Road's non-technical fault: nothing happened, nobody knows
// why.
enum class ResultKind { taken, form, unknown_referral, no_such_step, not_told, refused, not_now };
struct CallResult {
    ResultKind kind = ResultKind::taken;
    FieldFaults faults{};         // of `form`
    bool words_left_out = false;  // of `taken`: the change was told, and the words beside it were not
    friend bool operator==(const CallResult&, const CallResult&) = default;
};
// `call`: the field of the call that is answered ("call.status"). In Hebrew and English, for their people.
[[nodiscard]] std::string write_result(std::string_view call, const CallResult& result,
                                       const record::Mapping& mapping);
// None where it is no result of this call. Of faults what they say: line, element and flaw where they are
// ours.
[[nodiscard]] std::optional<CallResult> read_result(const Element& body, std::string_view call,
                                                    const record::Mapping& mapping);

}  // namespace kesher::national_insurance
