// What the referrer, she, or the hub say of a referral, as updates of what was given.
#include <algorithm>

#include "adapters/record/liaison.h"
#include "adapters/record/told.h"
#include "schemas/statement/hash.h"

namespace kesher::record {
namespace {

using contract::Code;
using contract::ReferralState;

// Of the profile's own list, so that the view lives as long as the program.
std::string_view update_word(contract::ReferralEvent event) {
    return *std::ranges::find(kUpdateWords, contract::kReferralEvents.text(event));
}

Update update_of(const contract::ReferralId& referral, const codec::ReferralEventPayload& event,
                 const std::optional<codec::Sealed>& sealed) {
    Update update{referral, update_word(event.event), event.occurred_on, event.reason};
    if (sealed) {
        update.words = sealed->need;
        update.appointment = sealed->appointment;
        update.safety = sealed->safety;
    }
    return update;
}

// One call for each referral under the consent, the same after a stop; it names the day, so another day's is
// another call.
contract::MessageId call_of(const contract::MessageId& notice, const contract::ReferralId& referral,
                            contract::Day on) {
    return contract::MessageId::of_keyed_hash(statement::sha256("kesher.revoked.v1 " + notice.text() + ' ' +
                                                                referral.text() + ' ' + contract::text(on)));
}

}  // namespace

void Liaison::stand(const contract::ReferralId& referral, const Standing& then) {
    if (!(ledger_.stood(referral) == then)) ledger_.stand(referral, then);
}

kit::NativeAnswer Liaison::take_event(const Delivered& delivered) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&delivered.payload);
    if (event == nullptr || !delivered.said.referral) return kit::Declined{Code::payload_invalid};
    const contract::ReferralId id = *delivered.said.referral;
    const Given* given = ledger_.given(id);
    if (given == nullptr) return kit::Declined{Code::not_found};  // nothing there is about it
    // Who did not give it has no word in it, whatever the hub let pass.
    if (delivered.said.from != contract::OrganisationId::hub() && delivered.said.from != given->from) {
        return kit::Declined{Code::event_not_allowed};
    }
    settle(means_, ledger_, id);
    const auto then = told(ledger_.stood(id), event->event);
    if (!then) return kit::Declined{Code::event_not_allowed};
    Update update = update_of(id, *event, delivered.sealed);
    // Her consent is over, though its notice is not through yet: what halts it goes, and says nothing.
    if (given->consent && means_.journal.is_revoked(*given->consent)) {
        if (!is_end(event->event) && !is_binding(delivered.said.from, event->event)) {
            return kit::Declined{Code::consent_revoked};
        }
        update.words.reset();
        update.appointment.reset();
        update.safety.reset();
    }
    if (!is_end(event->event)) return take_word(*given, delivered, update, *then);
    std::string answers;
    if (!end(*given, update, delivered.said.from, delivered.said.id, answers)) return kit::Held{};
    stand(id, *then);
    return kit::Taken{statement::sha256(answers)};
}

kit::NativeAnswer Liaison::take_word(const Given& given, const Delivered& delivered, const Update& update,
                                     const Standing& then) {
    const auto event = std::get<codec::ReferralEventPayload>(delivered.payload).event;
    const bool binding = is_binding(delivered.said.from, event);
    const auto answer = noted(system_.tell(delivered.said.id, delivered.said.from, given, update));
    if (!answer) return kit::Held{};  // under its id it may be said again
    switch (answer->result.kind) {
        case ResultKind::taken:
            stand(given.id, then);
            return kit::Taken{answer->answer};
        case ResultKind::not_now:
        case ResultKind::changed:  // asked anew, it is said of how it stands now
            return kit::Held{};
        case ResultKind::unknown_referral:
            if (binding || ledger_.may_arrive(given.id)) return kit::Held{};  // not there yet, or not again
            return kit::Declined{Code::not_found};
        case ResultKind::form:
        case ResultKind::no_such_step:
        case ResultKind::not_told:
        case ResultKind::refused:
            break;
    }
    say(answer->result);
    if (!binding) return kit::Declined{Code::event_not_allowed};
    // Over there it has ended, and is not halted any more.
    if (answer->result.kind == ResultKind::no_such_step) return kit::Taken{answer->answer};
    means_.log.write(telemetry::Level::error, "word_not_confirmed");
    return kit::Held{};
}

// Where it may arrive, and nobody can say that it has, it is looked for (liaison_late.cpp).
bool Liaison::is_there(const Given& given) {
    if (!ledger_.may_arrive(given.id)) return true;
    const auto submission = ledger_.attempted(given.id);
    if (!submission) return true;
    const auto answer = noted(system_.inquire(given, *submission));
    return answer && answer->result.kind == ResultKind::taken;
}

bool Liaison::end(const Given& given, const Update& update, const contract::OrganisationId& by,
                  const contract::MessageId& id, std::string& answers) {
    const auto answer = noted(system_.tell(id, by, given, update));
    if (!answer) return false;
    answers.append(reinterpret_cast<const char*>(answer->answer.view().data()), answer->answer.view().size());
    switch (answer->result.kind) {
        case ResultKind::taken:
            // What they took in without looking may have come before the referral that it ends.
            if (system_.answers_before_doing() && !is_there(given)) return true;
            [[fallthrough]];
        case ResultKind::no_such_step:  // it is over there already
            if (ledger_.may_arrive(given.id)) ledger_.know(given.id);
            return true;
        case ResultKind::unknown_referral:  // where it may arrive it is looked for (liaison_late.cpp)
            if (!ledger_.may_arrive(given.id)) means_.log.write(telemetry::Level::warning, "end_of_unknown");
            return true;
        case ResultKind::form:
        case ResultKind::not_told:
        case ResultKind::refused:
        case ResultKind::changed:
        case ResultKind::not_now:
            break;
    }
    if (answer->result.kind != ResultKind::not_now) {
        say(answer->result);
        means_.log.write(telemetry::Level::error, "end_not_confirmed");
    }
    return false;
}

// What came under the consent is stopped, each referral of it, whatever became of the others. Only where all
// is done is the notice answered, and the hub told (acknowledge_revocations).
kit::NativeAnswer Liaison::take_revocation(const Delivered& delivered) {
    if (!delivered.said.consent) return kit::Declined{Code::payload_invalid};
    const contract::ConsentId consent = *delivered.said.consent;
    std::string answers;
    bool whole = true;
    for (const Given& given : ledger_.given_under(consent)) {
        settle(means_, ledger_, given.id);
        const ReferralState state = ledger_.stood(given.id).state;
        const Update update{given.id, "revoke", delivered.on};
        if (!end(given, update, given.from, call_of(delivered.said.id, given.id, delivered.on), answers)) {
            whole = false;
        } else if (!contract::is_terminal(state)) {
            stand(given.id, {ReferralState::withdrawn});
        }
    }
    if (!whole) return kit::Held{};
    ledger_.stop(consent, delivered.said.id);
    return kit::Taken{statement::sha256(answers)};
}

}  // namespace kesher::record
