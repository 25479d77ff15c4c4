// What is said of a referral that was given: by us (an update, an inquiry), and by them (feedback B, משוב
// ב'), and the result that each call is answered with (feedback A, משוב א').
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/national_insurance/profile.h"
#include "adapters/national_insurance/xml.h"
#include "adapters/record/called_system.h"
#include "adapters/record/native_status.h"

namespace kesher::national_insurance {

using record::CallResult;
using record::FieldFault;
using record::FieldFaults;
using record::Flaw;
using record::kFlaws;
using record::kUpdateWords;
using record::ResultKind;
using record::Status;
using record::Update;

// ---- ours ----

[[nodiscard]] std::string write_update(const Update& update, const record::Mapping& mapping);
// Whether they have what came under this id: nothing is given.
[[nodiscard]] std::string write_inquiry(const contract::MessageId& id, const record::Mapping& mapping);

// ---- theirs ----

[[nodiscard]] contract::Result<Status, FieldFaults> read_status(const Element& body,
                                                                const record::Mapping& mapping);

// ---- the answer to a call, in either direction ----

// KOD-TOTZAA. 0: taken. 100 and a flaw of field_fault.h: the form is wrong, and nothing happened. From 200:
// what the form says cannot be. From 900: not now; the same call again later. Any other code of theirs below
// 900, and X-Road's non-technical fault, is `refused`.
// `call`: the field of the call that is answered ("call.status"). In Hebrew and English, for their people.
[[nodiscard]] std::string write_result(std::string_view call, const CallResult& result,
                                       const record::Mapping& mapping);
// None where it is no result of this call. Of faults what they say: line, element and flaw where they are
// ours.
[[nodiscard]] std::optional<CallResult> read_result(const Element& body, std::string_view call,
                                                    const record::Mapping& mapping);

}  // namespace kesher::national_insurance
