// What National Insurance says of a referral (feedback B), told to who referred her before it is answered.
#include "adapters/national_insurance/institute.h"
#include "config/catalogue/never_shown.h"
#include "schemas/statement/hash.h"

namespace kesher::national_insurance {
namespace {

using contract::Code;

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

CallResult not_tellable(const record::NotTellable& why, const Status& status, const std::string& field) {
    if (!why.code) return {ResultKind::not_now};
    if (record::is_about_consent(*why.code)) return {ResultKind::not_told};
    if (*why.code == Code::payload_invalid || *why.code == Code::statement_invalid) {
        return wrong(status.line, field);
    }
    return {ResultKind::not_now};
}

}  // namespace

CallResult Institute::hear(const CallOfTheirs& call, contract::Instant now) {
    Status status = call.status;
    const Given* given = ledger_.given(status.referral);
    if (given == nullptr || given->from.text() != call.referrer) return {ResultKind::unknown_referral};
    // Names that nobody without the key can make or test: of the call, and of what it said.
    const auto named = [&](const std::string& text) {
        return means_.aliases.message(given->id, statement::sha256(text));
    };
    const auto id = named("call " + call.id);
    const auto content = named(content_of(status));
    const Ledger::Heard heard = ledger_.heard(id, content);
    if (heard == Ledger::Heard::the_same) return {ResultKind::taken};
    if (heard == Ledger::Heard::with_another_content) return wrong(status.line, "xrd:id");
    record::settle(means_, ledger_, given->id);
    const record::Standing stood = ledger_.stood(given->id);
    if (ledger_.may_arrive_late(given->id)) {
        next_look_ = now;  // it has come, and is ended by the look, which alone may forget it
    } else if (ledger_.may_arrive(given->id)) {
        ledger_.know(given->id);  // they have it
    }
    if (stood.frozen && !contract::is_terminal(stood.state)) return {ResultKind::not_now};
    const auto changes = changes_to(stood, status);
    if (!changes) return {ResultKind::no_such_step};
    if (changes->empty()) return {ResultKind::taken};
    // The notice will stop it; until then nothing more of it goes anywhere.
    if (given->consent && means_.journal.is_revoked(*given->consent)) return {ResultKind::not_told};
    std::vector<record::Change> sayable = *changes;
    auto& appointment = sayable.back().appointment;
    if (appointment && catalogue::NeverShown::built_in().found_in(appointment->place)) {
        appointment->place = settings_.place;
    }
    // No record of theirs is read back here: what is said goes with every flag standing.
    const auto steps =
        record::steps_of(means_, actor_, ledger_, *given, stood, sayable, codec::Safety{}, id.text(), now);
    if (!steps) return not_tellable(steps.error(), status, mapping_.name("status.words"));
    if (!record::tell(means_, ledger_, given->id, steps->steps, now)) return {ResultKind::not_now};
    ledger_.hear(id, content);
    return {ResultKind::taken, {}, steps->words_left_out};
}

}  // namespace kesher::national_insurance
