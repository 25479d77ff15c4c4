// What was sent, was not answered for, and has ended: it may be there, or arrive late.
//
// A queue in front of a service commits what it took in when it can, also after our deadline, also after her
// withdrawal. So such a referral is asked for until a week has passed, and ended where it has come.
#include "adapters/record/liaison.h"
#include "adapters/record/told.h"
#include "config/catalogue/catalogue.h"
#include "schemas/statement/hash.h"

namespace kesher::record {
namespace {

using telemetry::Level;

// Longer than a long weekend with its holidays, over which a queue may stand with nobody there to see it.
constexpr auto kLateFor = std::chrono::days{7};
// Of one turn: in between the inbox is polled, where her withdrawal may be.
constexpr auto kTurn = std::chrono::seconds{10};

std::string why(contract::Code code) {
    const auto& words =
        catalogue::built_in_catalogue().words("code." + std::string(contract::text(code)) + ".title");
    return words.he + " / " + words.en;
}

}  // namespace

void Liaison::work(contract::Instant now) {
    acknowledge_revocations(means_, settings_.actor, ledger_, now);
    if (now < next_look_) return;
    turn_ends_ = std::chrono::steady_clock::now() + kTurn;
    const bool whole = look_for_late(now) && tell_refused(now);
    next_look_ = whole ? now + settings_.look_every : now;
}

// The next turn goes on behind the one where this one's time was up.
bool Liaison::look_for_late(contract::Instant now) {
    if (late_left_.empty()) {
        for (const Given& given : ledger_.may_arrive_late()) late_left_.push_back(given.id);
    }
    while (!late_left_.empty()) {
        const Given& given = *ledger_.given(late_left_.front());
        late_left_.pop_front();
        if (!ledger_.may_arrive_late(given.id)) continue;  // known since
        if (!ledger_.watched(given.id)) ledger_.watch(given.id, contract::day_of(now));
        if (is_late_over(given, now)) ledger_.know(given.id);
        if (away_said_) return true;  // the next might fare no better; it is the first of the next look
        if (is_time_up()) return late_left_.empty();
    }
    return true;
}

// Nothing of it is open there, and nothing comes any more.
bool Liaison::is_late_over(const Given& given, contract::Instant now) {
    const auto submission = ledger_.attempted(given.id);
    if (!submission) return true;
    const auto answer = noted(system_.inquire(given, *submission));
    if (!answer) return false;
    if (answer->result.kind == ResultKind::unknown_referral) {
        // A day has no hours: that of the end does not count.
        const auto since = ledger_.watched(given.id);
        return since && now >= contract::start_of(*since) + kLateFor + std::chrono::days{1};
    }
    if (answer->result.kind != ResultKind::taken) return false;
    const bool revoked = given.consent && means_.journal.is_revoked(*given.consent);
    const auto event = event_of_end(ledger_.stood(given.id).state);
    const std::string word = revoked ? "revoke" : std::string(contract::kReferralEvents.text(event));
    std::string answers;
    const Update update{given.id, word, contract::day_of(now)};
    if (!end(given, update, given.from, kit::draw_message_id(), answers)) return false;
    means_.log.write(Level::warning, "late_referral_ended");
    return !ledger_.may_arrive(given.id);  // end() knew it, where the answer was of it
}

// What the hub would not carry of theirs is said to them, with the hub's own reason.
bool Liaison::tell_refused(contract::Instant now) {
    for (const RefusedStep& refused : untold_refusals(means_, ledger_)) {
        Update update{refused.given.id, "not_told", contract::day_of(now)};
        update.words = why(refused.code);
        const auto id = contract::MessageId::of_keyed_hash(statement::sha256(
            "kesher.not-told.v1 " + refused.message.text() + ' ' + contract::text(update.on)));
        const auto answer = noted(system_.tell(id, refused.given.from, refused.given, update));
        if (away_said_) return true;
        if (answer && answer->result.kind != ResultKind::not_now) ledger_.tell(refused.message);
        if (is_time_up()) return false;
    }
    return true;
}

}  // namespace kesher::record
