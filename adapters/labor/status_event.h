// What is said of a referral that was given, as events: by us (an update), and by them (a status), and what
// an event is answered with: 202 with a receipt, or a problem (RFC 9457) whose `code` says what became of it.
#pragma once

#include <optional>
#include <string>

#include "adapters/labor/cloud_event.h"
#include "adapters/record/called_system.h"
#include "adapters/record/native_status.h"

namespace kesher::labor {

using record::CallResult;
using record::ResultKind;
using record::Status;
using record::Update;

// ---- ours ----

// `by`: who says it.
[[nodiscard]] std::string write_update(const contract::MessageId& id, const contract::OrganisationId& by,
                                       const Update& update, const record::Mapping& mapping);

// ---- theirs ----

// The state is `actionStatus`, with a hyphen and `x-substatus` behind it where that is there; a reason of its
// own stands in `error`, an outcome in `result`.
[[nodiscard]] contract::Result<Status, FieldFaults> read_status(const CloudEvent& event,
                                                                const record::Mapping& mapping);

// ---- the answer to an event, in either direction ----

// The id of the event that was taken and the SHA-256 of its body: an answer to these bytes and no others.
// Beside it, where the change was told and the words were not, a sentence that says so.
[[nodiscard]] std::string write_receipt(std::string_view source, const CloudEvent& event,
                                        const contract::Digest& body, contract::Day on,
                                        const CallResult& result, const record::Mapping& mapping);
[[nodiscard]] bool is_receipt_of(const CloudEvent& receipt, std::string_view id, const contract::Digest& body,
                                 const record::Mapping& mapping);

// HTTP's status of a result that is not `taken`; of `taken` it is 202.
[[nodiscard]] int http_status(ResultKind kind);
// Which event is answered: its id and the SHA-256 of its body. Of a question it is the referral's number, and
// the digest of nothing.
struct Answering {
    std::string id;
    contract::Digest body;
};
// {"type","title","status","code","eventId","requestHash","faults"}: in Hebrew and English, for their people.
[[nodiscard]] std::string write_problem(const CallResult& result, const std::optional<Answering>& of = {});
[[nodiscard]] bool is_problem_of(std::string_view body, const Answering& event);
// By its `code`, where that fits the status; none for what says nothing of the event. 429 says by itself that
// nothing was begun.
[[nodiscard]] std::optional<CallResult> read_problem(int status, std::string_view body);

}  // namespace kesher::labor
