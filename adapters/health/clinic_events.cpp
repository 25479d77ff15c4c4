// What the clinic's changes tell the exchange, and what became of it.
#include "adapters/health/clinic_seen.h"
#include "adapters/health/document.h"
#include "adapters/health/referral_read.h"
#include "schemas/statement/hash.h"

namespace kesher::health {
namespace {

using contract::Code;
using contract::Failure;
using contract::ReferralEvent;
using telemetry::Level;
using Kind = ServerFault::Kind;

constexpr std::size_t kRefusalsLookedAt = 1'000;  // of the hub, kept in the journal; a clinic has a few

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

bool is_about_consent(Code code) {
    return code == Code::consent_revoked || code == Code::consent_lapsed || code == Code::consent_missing ||
           code == Code::consent_groups;
}

}  // namespace

struct Clinic::Step {
    kit::Message message;
    Standing then;
};

// As they stand with the referral there; what cannot be read stands at its safest.
FhirAnswered<codec::Safety> Clinic::safety_at(const Placed& at) {
    if (at.service_request.empty()) return codec::Safety{};
    const auto body = server_.read(at.service_request);
    if (!body && body.error().kind != Kind::gone) return Failure{body.error()};
    if (!body) return codec::Safety{};
    return read_safety(*body);
}

// The kit's own judgement, before anything is sent. What may not be sealed to the referrer stays behind, and
// the clinic is told so; that there is a change is told.
std::optional<Remark> Clinic::make_sendable(kit::Message& message, contract::Instant now,
                                            bool& not_now) const {
    const auto consent = message.consent ? means_.journal.consent(*message.consent) : std::nullopt;
    const auto judged = [&] {
        return means_.writer.write(message, means_.directory(), consent ? &*consent : nullptr, now);
    };
    auto written = judged();
    std::optional<Remark> remark;
    if (!written && message.sealed &&
        (written.error().code == Code::flag_not_honoured || written.error().code == Code::payload_invalid)) {
        message.sealed.reset();
        remark = kWordsLeftOut;
        written = judged();
    }
    if (written) return remark;
    const Code code = written.error().code;
    means_.log.write(Level::warning, "change_not_now", {{"code", code}});
    not_now = true;
    if (is_about_consent(code)) return kConsentOver;
    if (code == Code::payload_invalid || code == Code::statement_invalid) return kNotSendable;
    return std::nullopt;
}

Clinic::Looked Clinic::tell(const Given& given, const Seen& seen, const std::vector<Change>& changes,
                            contract::Instant now) {
    const auto row = means_.journal.referral(given.id);
    if (!row || !row->pseudonym) return Looked::later;
    Standing standing = seen.stood;
    std::vector<Step> steps;
    std::optional<Remark> remark;
    for (const Change& change : changes) {
        codec::Safety safety;
        if (needs_seal(change)) {
            const auto read = safety_at(seen.at);
            if (!read) return read.error().kind == Kind::away ? Looked::away : Looked::later;
            safety = *read;
        }
        const std::string step = std::to_string(ledger_.steps(given.id) + steps.size()) + ' ' +
                                 seen.report.version + ' ' +
                                 std::string(contract::kReferralEvents.text(change.event.event));
        const auto id = means_.aliases.message(given.id, statement::sha256("step " + step));
        kit::Message message =
            event_of(change, given, *row->pseudonym, id, {settings_.officer, settings_.role}, safety);
        bool not_now = false;
        if (auto left = make_sendable(message, now, not_now)) remark = *left;
        if (not_now) return remark ? complain(given, seen.at, *remark) : Looked::later;
        standing = record::after(standing, change.event.event);  // steps_to made a way of them
        steps.push_back({std::move(message), standing});
    }
    for (const Step& step : steps) {
        const auto& event = std::get<codec::ReferralEventPayload>(step.message.payload);
        if (event.event == ReferralEvent::schedule && seen.appointment) {
            ledger_.book(given.id, name_of(given, seen.appointment->appointment));
        }
        ledger_.intend(given.id, {step.message.id, step.then});
        const auto accepted = means_.outbox.submit(step.message, means_.directory(), now);
        if (!accepted) return Looked::later;  // judged good a moment ago: the next look says why not
        ledger_.stand(given.id, step.then);
        means_.log.write(Level::info, "change_told");
    }
    return remark ? complain(given, seen.at, *remark) : Looked::done;
}

// The hub hears it once: named by the notice.
void Clinic::acknowledge_revocations(contract::Instant now) {
    for (const auto& [consent, notice] : ledger_.unacknowledged()) {
        kit::Message message{
            contract::MessageId::of_keyed_hash(statement::sha256("kesher.stopped.v1 " + notice.text())),
            contract::MessageType::consent_revocation_acked,
            contract::OrganisationId::hub(),
            {settings_.officer, settings_.role},
            codec::ConsentRevocationAcked{contract::day_of(now), codec::RevocationEffect::stopped,
                                          std::nullopt}};
        message.consent = consent;
        message.in_reply_to = notice;
        const auto sent = means_.outbox.submit(message, means_.directory(), now);
        if (!sent) {
            means_.log.write(Level::error, "revocation_not_acknowledged", {{"code", sent.error().code}});
            continue;
        }
        ledger_.acknowledge(consent);
    }
}

// What the hub would not carry is said on the Task, with the hub's own reason.
void Clinic::tell_refused() {
    for (const kit::RefusedRow& row : means_.journal.refused(kRefusalsLookedAt)) {
        const bool event = row.type == contract::MessageType::referral_event && row.referral;
        const Given* given = event ? ledger_.given(*row.referral) : nullptr;
        if (given == nullptr || ledger_.is_told(row.id)) continue;
        const auto at = locate(*given);
        if (!at) return say(at.error());
        if (*at) {
            const Looked looked = complain(*given, **at, refused_for(row.code.value_or(Code::internal)));
            if (looked == Looked::away) return;
            if (looked == Looked::later && is_time_up()) return;
            if (looked == Looked::later) continue;  // until the next look
        }
        ledger_.tell(row.id);
        if (is_time_up()) return;
    }
}

}  // namespace kesher::health
