// What the native system says of a referral, told to who referred her before it is answered.
#include "adapters/record/liaison.h"
#include "config/catalogue/never_shown.h"
#include "schemas/statement/hash.h"

namespace kesher::record {
namespace {

using contract::Code;
using contract::ReferralState;

template <class List, class Word>
std::string word_or_none(const List& list, const std::optional<Word>& word) {
    return word ? std::string(list.text(*word)) : std::string("-");
}

// All that the call says, in one line of its own making.
std::string content_of(const Status& status) {
    std::string text = "heard " + std::string(contract::kReferralStates.text(status.meaning.state)) + ' ' +
                       word_or_none(contract::kReasons, status.meaning.reason) + ' ' +
                       word_or_none(contract::kOutcomes, status.meaning.outcome) + ' ' +
                       contract::text(status.on);
    if (status.appointment) {
        text += ' ' + contract::text(status.appointment->slot) + ' ' +
                std::to_string(status.appointment->minutes) + ' ' + status.appointment->place;
    }
    return text + '\n' + status.words.value_or("");
}

CallResult wrong(unsigned line, std::string field) {
    return {ResultKind::form, {{line, std::move(field), Flaw::value}}};
}

CallResult not_tellable(const NotTellable& why, const Status& status, const std::string& field) {
    if (!why.code) return {ResultKind::not_now};
    if (is_about_consent(*why.code)) return {ResultKind::not_told};
    if (*why.code == Code::payload_invalid || *why.code == Code::statement_invalid) {
        return wrong(status.line, field);
    }
    return {ResultKind::not_now};
}

}  // namespace

Stood Liaison::stood(const contract::ReferralId& referral) const {
    const ReferralState state = shown(ledger_.stood(referral));
    return {state, std::to_string(ledger_.steps(referral)) + '-' +
                       std::string(contract::kReferralStates.text(state))};
}

CallResult Liaison::hear(const CallOfTheirs& call, contract::Instant now) {
    const auto* status = std::get_if<Status>(&call.said);
    const contract::ReferralId& referral =
        status != nullptr ? status->referral : std::get<Look>(call.said).referral;
    const Given* given = ledger_.given(referral);
    if (given == nullptr) return {ResultKind::unknown_referral};
    if (!call.referrer.empty() && given->from.text() != call.referrer) return {ResultKind::unknown_referral};
    CallResult result = status != nullptr ? hear_status(call, *status, *given, now) : CallResult{};
    result.stood = stood(referral);
    return result;
}

CallResult Liaison::hear_status(const CallOfTheirs& call, const Status& status, const Given& given,
                                contract::Instant now) {
    // Names that nobody without the key can make or test: of the call, and of what it said.
    const auto named = [&](const std::string& text) {
        return means_.aliases.message(given.id, statement::sha256(text));
    };
    const auto id = named("call " + call.id);
    const auto content = named(content_of(status));
    const CallsLedger::Heard heard = ledger_.heard(id, content);
    if (heard == CallsLedger::Heard::the_same) return {ResultKind::taken};
    if (heard == CallsLedger::Heard::with_another_content) return wrong(status.line, call.id_field);
    settle(means_, ledger_, given.id);
    const Standing before = ledger_.stood(given.id);
    if (ledger_.may_arrive_late(given.id)) {
        next_look_ = now;  // it has come, and is ended by the look, which alone may forget it
    } else if (ledger_.may_arrive(given.id)) {
        ledger_.know(given.id);  // they have it
    }
    if (before.frozen && !contract::is_terminal(before.state)) return {ResultKind::not_now};
    if (call.version && *call.version != stood(given.id).version) return {ResultKind::changed};
    const auto changes = changes_to(before, status);
    if (!changes) return {ResultKind::no_such_step};
    if (changes->empty()) return {ResultKind::taken};
    // The notice will stop it; until then nothing more of it goes anywhere.
    if (given.consent && means_.journal.is_revoked(*given.consent)) return {ResultKind::not_told};
    std::vector<Change> sayable = *changes;
    auto& appointment = sayable.back().appointment;
    if (appointment && catalogue::NeverShown::built_in().found_in(appointment->place)) {
        appointment->place = settings_.place;
    }
    // No record of theirs is read back here: what is said goes with every flag standing.
    const auto steps =
        steps_of(means_, settings_.actor, ledger_, given, before, sayable, codec::Safety{}, id.text(), now);
    if (!steps) return not_tellable(steps.error(), status, call.words_field);
    if (!tell(means_, ledger_, given.id, steps->steps, now)) return {ResultKind::not_now};
    ledger_.hear(id, content);
    return {ResultKind::taken, {}, steps->words_left_out};
}

}  // namespace kesher::record
