// What the referrer, she, or the hub say of a referral, as patches of what it became.
#include "adapters/health/clinic_seen.h"
#include "schemas/statement/hash.h"

namespace kesher::health {
namespace {

using contract::Code;
using contract::Failure;
using contract::ReferralEvent;
using contract::ReferralState;
using Kind = ServerFault::Kind;

// Where an event leads that is not the clinic's own; none for the clinic's.
std::optional<Stood> told(const Stood& before, ReferralEvent event) {
    const Standing& standing = before.standing;
    switch (event) {
        case ReferralEvent::withdraw:
            return Stood{{ReferralState::withdrawn, {}}};
        case ReferralEvent::cancel:
            return Stood{{ReferralState::cancelled, {}}};
        case ReferralEvent::expire:
            return Stood{{ReferralState::expired, {}}};
        case ReferralEvent::mark_error:
            return Stood{{ReferralState::erroneous, {}}};
        case ReferralEvent::freeze:
            return Stood{standing, true};
        case ReferralEvent::unfreeze:
            return Stood{standing, false};
        case ReferralEvent::schedule:
        case ReferralEvent::hold:
        case ReferralEvent::resume: {
            const auto then = after(standing, event);  // she acts
            return then ? std::optional(Stood{*then, before.frozen}) : std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

const Remark kEndedBefore{"ההפניה הופסקה על ידי המערכת אחרי שנסגרה כאן",
                          "The exchange ended the referral after it had been closed here"};

// She chose a date herself: it is theirs to put into the calendar.
std::optional<Remark> chosen(const std::optional<codec::Sealed>& sealed) {
    if (!sealed || !sealed->appointment) return std::nullopt;
    const std::string slot =
        contract::text(sealed->appointment->slot) + " (UTC), " + std::to_string(sealed->appointment->minutes);
    return Remark{"נבחר מועד: " + slot + " דקות, " + sealed->appointment->place,
                  "A date was chosen: " + slot + " minutes, " + sealed->appointment->place};
}

}  // namespace

void Clinic::stand(const contract::ReferralId& referral, const Stood& stood) {
    if (!(ledger_.stood(referral) == stood)) ledger_.stand(referral, stood);
}

// The Task last: once it bears the tag, all is done.
FhirAnswered<std::string> Clinic::tell_task(const contract::ReferralId& referral, const Placed& at,
                                            const codec::ReferralEventPayload& event,
                                            const StatusWords& words, const contract::MessageId& message,
                                            const std::optional<Remark>& remark) {
    const bool erroneous = event.event == ReferralEvent::mark_error;
    if (!at.service_request.empty()) {
        const auto request = amend(at.service_request, referral.text(), [&](const json::Value& resource) {
            const bool over = !erroneous && has_ended("ServiceRequest", status_of(resource));
            return Patch(resource).status(over ? "" : words.service_request).take();
        });
        if (!request && request.error().kind != Kind::gone) return request;
    }
    return amend(at.task, referral.text(), [&](const json::Value& resource) {
        if (has_tag(resource, message)) return std::string();
        const std::string_view status = status_of(resource);
        Patch patch(resource);
        if (erroneous || !has_ended("Task", status)) {
            patch.status(words.task).told(event);
        } else if (status != "cancelled" && status != "entered-in-error") {
            patch.note(both(kEndedBefore));  // how it ended there stays as they wrote it
        }
        if (remark) patch.note(both(*remark));
        return patch.tag(message).take();
    });
}

kit::NativeAnswer Clinic::take_event(const Delivered& delivered) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&delivered.payload);
    if (event == nullptr || !delivered.said.referral) return kit::Declined{Code::payload_invalid};
    const contract::ReferralId id = *delivered.said.referral;
    const Given* given = ledger_.given(id);
    if (given == nullptr) return kit::Declined{Code::not_found};  // nothing there is about it
    settle(id);
    const auto then = told(ledger_.stood(id), event->event);
    const auto words = then ? status_words(event->event, then->standing.state) : std::nullopt;
    if (!words) return kit::Declined{Code::event_not_allowed};

    const bool ends = contract::is_terminal(then->standing.state);
    if (ends && ledger_.may_arrive(id) && !end_for_good(*given, {*event, *words}, delivered.pseudonym)) {
        return kit::Held{};
    }
    const auto failed = [&](const ServerFault& fault) {
        return ends ? answer_to_end(fault) : answer_to(fault);
    };
    const auto at = locate(*given);
    if (!at) return failed(at.error());
    if (!*at && !ends) return kit::Held{};  // the referral itself is not there yet
    if (*at) {
        const auto answer = tell_task(id, **at, *event, *words, delivered.said.id, chosen(delivered.sealed));
        if (answer) {
            stand(id, *then);
            return kit::Taken{statement::sha256(*answer)};
        }
        if (answer.error().kind != Kind::gone || !ends) return failed(answer.error());
    }
    // It was surely never brought there, or they deleted it: there is nothing to end.
    const auto nothing = server_.search("Task", "identifier=urn:ietf:rfc:3986%7Curn:uuid:" + id.text());
    if (!nothing) return failed(nothing.error());
    stand(id, *then);
    return kit::Taken{nothing->answer};
}

FhirAnswered<std::string> Clinic::end_consent(const contract::ConsentId& consent, const std::string& location,
                                              const contract::MessageId& notice) {
    std::string at = location;
    if (at.empty()) {
        const auto found = find("Consent", consent.text());
        if (!found) return Failure{found.error()};
        if (!found->location) return contract::hex(found->answer.view());  // that it has none
        at = *found->location;
    }
    auto answer = amend(at, consent.text(), [&](const json::Value& resource) {
        if (has_tag(resource, notice)) return std::string();
        return Patch(resource).status("inactive").tag(notice).take();
    });
    if (!answer && answer.error().kind == Kind::gone) return std::string();
    return answer;
}

// What came under the consent is stopped, each referral of it that has not ended; the consent itself last.
// Only then is the notice answered, and the hub told (acknowledge_revocations).
kit::NativeAnswer Clinic::take_revocation(const Delivered& delivered) {
    if (!delivered.said.consent) return kit::Declined{Code::payload_invalid};
    const contract::ConsentId consent = *delivered.said.consent;
    const contract::MessageId notice = delivered.said.id;
    const codec::ReferralEventPayload ended{.event = ReferralEvent::withdraw, .occurred_on = delivered.on};
    const auto words = status_words(ended.event, ReferralState::withdrawn);
    std::string answers;
    std::string consent_at;
    for (const Given& given : ledger_.given_under(consent)) {
        settle(given.id);
        if (ledger_.may_arrive(given.id) &&
            !end_for_good(given, {ended, *words, true}, delivered.pseudonym)) {
            return kit::Held{};
        }
        const auto at = locate(given);
        if (!at) return answer_to_end(at.error());
        if (*at) {
            const auto answer = tell_task(given.id, **at, ended, *words, notice, {});
            if (!answer && answer.error().kind != Kind::gone) return answer_to_end(answer.error());
            answers += answer ? *answer : std::string();
            consent_at = (*at)->consent;
        }
        if (!contract::is_terminal(ledger_.stood(given.id).standing.state)) {
            stand(given.id, {{ReferralState::withdrawn, {}}});
        }
    }
    const auto answer = end_consent(consent, consent_at, notice);
    if (!answer) return answer_to_end(answer.error());
    ledger_.stop(consent, notice);
    return kit::Taken{statement::sha256(answers + *answer)};
}

}  // namespace kesher::health
