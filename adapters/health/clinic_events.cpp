// What the clinic's changes tell the exchange, and what became of it.
#include "adapters/health/clinic_seen.h"
#include "adapters/health/document.h"
#include "adapters/health/referral_read.h"

namespace kesher::health {
namespace {

using contract::Code;
using contract::Failure;
using contract::ReferralEvent;
using telemetry::Level;
using Kind = ServerFault::Kind;

const Remark kConsentOver{"ההסכמה אינה בתוקף: השינוי לא נמסר",
                          "The consent is over: the change was not told"};
const Remark kWordsLeftOut{
    "המלים נשארו כאן: יש בהן דרך ליצור איתה קשר, או שהגורם המפנה אינו יכול לשמור עליהן",
    "The words stayed here: they name a way to reach her, or the referrer cannot "
    "guard them"};
const Remark kNotSendable{"השינוי לא נמסר: אין לו צורה במערכת", "The change was not told: it has no form"};

Remark refused_for(Code code) {
    return {"המערכת לא קיבלה את השינוי האחרון",
            "The exchange did not take the last change: " + std::string(contract::facts_of(code).title)};
}

// None where a later look may find it otherwise.
std::optional<Remark> not_told_for(Code code) {
    if (record::is_about_consent(code)) return kConsentOver;
    if (code == Code::payload_invalid || code == Code::statement_invalid) return kNotSendable;
    return std::nullopt;
}

}  // namespace

// As they stand with the referral there; what cannot be read stands at its safest.
FhirAnswered<codec::Safety> Clinic::safety_at(const Placed& at) {
    if (at.service_request.empty()) return codec::Safety{};
    const auto body = server_.read(at.service_request);
    if (!body && body.error().kind != Kind::gone) return Failure{body.error()};
    if (!body) return codec::Safety{};
    return read_safety(*body);
}

// What may not be sealed to the referrer stays behind, and the clinic is told so; that there is a change is
// told.
Clinic::Looked Clinic::tell(const Given& given, const Seen& seen, const std::vector<Change>& changes,
                            contract::Instant now) {
    const auto row = means_.journal.referral(given.id);
    if (!row || !row->pseudonym) return Looked::later;
    codec::Safety safety;
    if (std::any_of(changes.begin(), changes.end(), record::needs_seal)) {
        const auto read = safety_at(seen.at);
        if (!read) return read.error().kind == Kind::away ? Looked::away : Looked::later;
        safety = *read;
    }
    const auto made = record::steps_of(means_, {settings_.officer, settings_.role}, ledger_, given,
                                       seen.stood, changes, safety, seen.report.version, now);
    if (!made) {
        const auto remark = made.error().code ? not_told_for(*made.error().code) : std::nullopt;
        return remark ? complain(given, seen.at, *remark) : Looked::later;
    }
    const std::span<const record::Step> steps(made->steps);
    if (steps.empty()) return Looked::done;
    if (!record::tell(means_, ledger_, given.id, steps.first(steps.size() - 1), now)) return Looked::later;
    // A date is the last thing that a look tells, and known before it is.
    if (changes.back().event.event == ReferralEvent::schedule && seen.appointment) {
        ledger_.book(given.id, name_of(given, seen.appointment->appointment));
    }
    if (!record::tell(means_, ledger_, given.id, steps.last(1), now)) return Looked::later;
    return made->words_left_out ? complain(given, seen.at, kWordsLeftOut) : Looked::done;
}

// What the hub would not carry is said on the Task, with the hub's own reason.
void Clinic::tell_refused() {
    for (const record::RefusedStep& refused : record::untold_refusals(means_, ledger_)) {
        const auto at = locate(refused.given);
        if (!at) return say(at.error());
        if (*at) {
            const Looked looked = complain(refused.given, **at, refused_for(refused.code));
            if (looked == Looked::away) return;
            if (looked == Looked::later && is_time_up()) return;
            if (looked == Looked::later) continue;  // until the next look
        }
        ledger_.tell(refused.message);
        if (is_time_up()) return;
    }
}

}  // namespace kesher::health
