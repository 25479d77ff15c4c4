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

// She chose a date herself: it is theirs to put into the calendar.
std::optional<Remark> chosen(const std::optional<codec::Sealed>& sealed) {
    if (!sealed || !sealed->appointment) return std::nullopt;
    const std::string slot =
        contract::text(sealed->appointment->slot) + " (UTC), " + std::to_string(sealed->appointment->minutes);
    return Remark{"נבחר מועד: " + slot + " דקות, " + sealed->appointment->place,
                  "A date was chosen: " + slot + " minutes, " + sealed->appointment->place};
}

}  // namespace

void Clinic::stand(const contract::ReferralId& referral, const Standing& stood) {
    if (!(ledger_.stood(referral) == stood)) ledger_.stand(referral, stood);
}

// A word that ends nothing, and the message that says it.
struct Clinic::Said {
    const codec::ReferralEventPayload& event;
    StatusWords words;
    const contract::MessageId& message;
    std::optional<Remark> remark;
};

// The Task last: once it bears the tag, all is done. It is told too where the request could not be.
FhirAnswered<std::string> Clinic::tell_task(const contract::ReferralId& referral, const Placed& at,
                                            const Said& said) {
    std::optional<ServerFault> fault;
    if (!at.service_request.empty()) {
        const auto request = amend(at.service_request, referral.text(), [&](const json::Value& resource) {
            const bool over = has_ended("ServiceRequest", status_of(resource));
            return Patch(resource).status(over ? "" : said.words.service_request).take();
        });
        if (!request) fault = request.error();
    }
    auto task = amend(at.task, referral.text(), [&](const json::Value& resource) {
        if (has_tag(resource, said.message)) return std::string();
        Patch patch(resource);
        if (!has_ended("Task", status_of(resource))) patch.status(said.words.task).told(said.event);
        if (said.remark) patch.note(both(*said.remark));
        if (!fault) patch.tag(said.message);
        return patch.take();
    });
    if (fault && (task || !is_astray(task.error()))) return Failure{*fault};
    return task;
}

FhirAnswered<std::optional<std::string>> Clinic::tell_there(const Given& given, const Said& said) {
    const auto at = locate(given);
    if (!at) return Failure{at.error()};
    if (!*at) return std::optional<std::string>();
    auto told = tell_task(given.id, **at, said);
    if (!told && is_astray(told.error())) {
        const auto now = seek(given);
        if (!now) return Failure{now.error()};
        if (!*now && told.error().kind == Kind::gone) return std::optional<std::string>();
        if (*now) told = tell_task(given.id, **now, said);
    }
    if (!told) return Failure{told.error()};
    return std::optional(*std::move(told));
}

kit::NativeAnswer Clinic::take_word(const Delivered& delivered, const Given& given, const Said& said) {
    const bool binding = record::is_binding(delivered.said.from, said.event.event);
    const auto failed = [&](const ServerFault& fault) {
        return binding ? hold(fault, "word_not_confirmed") : answer_to(fault);
    };
    const auto told = tell_there(given, said);
    if (!told) return failed(told.error());
    if (*told) return kit::Taken{statement::sha256(**told)};
    if (contract::is_terminal(ledger_.stood(given.id).state)) {
        const auto nothing = find("Task", given.id.text());
        if (!nothing) return failed(nothing.error());
        if (!nothing->location) return kit::Taken{nothing->answer};  // and none comes any more
    }
    if (binding || !ledger_.placed(given.id)) return kit::Held{};  // not there yet, or not again
    return kit::Declined{Code::not_found};
}

kit::NativeAnswer Clinic::take_event(const Delivered& delivered) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&delivered.payload);
    if (event == nullptr || !delivered.said.referral) return kit::Declined{Code::payload_invalid};
    const contract::ReferralId id = *delivered.said.referral;
    const Given* given = ledger_.given(id);
    if (given == nullptr) return kit::Declined{Code::not_found};  // nothing there is about it
    // Who did not give it has no word in it, whatever the hub let pass.
    if (delivered.said.from != contract::OrganisationId::hub() && delivered.said.from != given->from) {
        return kit::Declined{Code::event_not_allowed};
    }
    record::settle(means_, ledger_, id);
    const auto then = record::told(ledger_.stood(id), event->event);
    const auto words = then ? status_words(event->event, then->state) : std::nullopt;
    if (!words) return kit::Declined{Code::event_not_allowed};
    if (!record::is_end(event->event)) {
        const auto answer =
            take_word(delivered, *given, {*event, *words, delivered.said.id, chosen(delivered.sealed)});
        if (std::holds_alternative<kit::Taken>(answer)) stand(id, *then);
        return answer;
    }
    const Ended ended = end_for_good(*given, {*event, *words, false, delivered.said.id}, delivered.pseudonym);
    if (ended.fault) return hold(*ended.fault);
    stand(id, *then);
    return kit::Taken{statement::sha256(ended.answers)};
}

// What came under the consent is stopped, each referral of it; the consent itself last. Each is tried
// whatever became of the others. Only where all is done is the notice answered, and the hub told
// (acknowledge_revocations).
kit::NativeAnswer Clinic::take_revocation(const Delivered& delivered) {
    if (!delivered.said.consent) return kit::Declined{Code::payload_invalid};
    const contract::ConsentId consent = *delivered.said.consent;
    const codec::ReferralEventPayload withdrawn{.event = ReferralEvent::withdraw,
                                                .occurred_on = delivered.on};
    const StatusWords words = status_words(withdrawn.event, ReferralState::withdrawn).value();
    Ending ending{withdrawn, words, false, delivered.said.id};
    const auto under = ledger_.given_under(consent);
    Ended all;
    for (const Given& given : under) {
        record::settle(means_, ledger_, given.id);
        ending.of_consent = ledger_.may_arrive(given.id);  // a late one must find it over
        const Ended ended = end_for_good(given, ending, delivered.pseudonym);
        all.answers += ended.answers;
        if (ended.fault) {
            all.keep(*ended.fault);
        } else if (!contract::is_terminal(ledger_.stood(given.id).state)) {
            stand(given.id, {ReferralState::withdrawn});
        }
    }
    end_consent(consent, under, ending, all);
    if (all.fault) return hold(*all.fault);
    ledger_.stop(consent, delivered.said.id);
    return kit::Taken{statement::sha256(all.answers)};
}

}  // namespace kesher::health
