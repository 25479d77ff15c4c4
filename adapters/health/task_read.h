// What a Task, and the Appointment that it leads to, say of how a referral stands.
//
// Only what the receiving body may say is taken: `requested`, `received`, `accepted`, `rejected`,
// `in-progress`, `on-hold`, `completed`, `failed`. A status that is the referrer's or the hub's (`draft`,
// `ready`, `cancelled`, `entered-in-error`) is a fault, but `cancelled` and `entered-in-error` also stand
// there because we wrote them: steps.h takes them where the referral has ended so. A Task whose code is not
// `fulfill` is about something else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/health/fhir_fault.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/json/value.h"

namespace kesher::health {

struct TaskReport {
    std::string id;                                  // of the far side's
    std::string version;                             // meta.versionId: for If-Match; may be empty
    std::optional<contract::ReferralId> referral{};  // where the Task bears our identifier
    contract::ReferralState state = contract::ReferralState::delivered;
    bool redirect = false;  // DECLINED with the words to whom else: businessStatus `redirect`
    bool no_show = false;   // ACCEPTED again after an appointment: businessStatus `no_show`
    std::optional<contract::Reason> reason{};
    std::optional<contract::Outcome> outcome{};
    contract::Day occurred_on{};                 // the later of lastModified and meta.lastUpdated
    std::optional<contract::Day> expected_on{};  // executionPeriod.start, of WAITLISTED and ON_HOLD
    std::optional<std::string> said{};           // statusReason.text: sealed, never in clear
    std::optional<std::string> appointment{};    // "Appointment/17": SCHEDULED once it is read
    friend bool operator==(const TaskReport&, const TaskReport&) = default;
};

// rejected, failed: a reason of urn:kesher:reason (3.1), and rejected also a text, as SDOH CC demands.
// completed: an outcome of urn:kesher:outcome, or an output `resulting-activity` (then `provided`).
[[nodiscard]] contract::Result<TaskReport, FhirFaults> read_task(std::string_view text);
[[nodiscard]] contract::Result<TaskReport, FhirFaults> read_task(const json::Value& task);

struct AppointmentReport {
    enum class Standing { booked, no_show, called_off };
    Standing standing = Standing::booked;
    codec::Appointment appointment{};  // day, minute and the place's neutral label: sealed
    friend bool operator==(const AppointmentReport&, const AppointmentReport&) = default;
};
// The place is the display of the participant that is a Location. What else an Appointment says (who
// treats, why, a description) is surplus and is not read.
[[nodiscard]] contract::Result<AppointmentReport, FhirFaults> read_appointment(std::string_view text);

}  // namespace kesher::health
