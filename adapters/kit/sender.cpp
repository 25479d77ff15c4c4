#include "adapters/kit/sender.h"

#include <algorithm>

#include "adapters/kit/unverified_jws.h"
#include "audit/log/receipt.h"
#include "schemas/statement/statement.h"

namespace kesher::kit {
namespace {

using contract::Code;
using contract::Instant;
using telemetry::Level;

// A message that the hub does not know so long after it was tried, it never had: no request lives that long.
constexpr std::chrono::seconds kNoLongerUnderWay{120};
constexpr std::chrono::seconds kAskedAgain{10};
constexpr std::chrono::seconds kLongestPutOff{60 * 60};  // of her withdrawal, whatever the hub asks for

}  // namespace

std::chrono::milliseconds Sender::draw(DelayRange range) const { return point_of(range, means_.random()); }

Instant Sender::after(DelayRange range) const { return means_.hub.now() + draw(range); }

void Sender::try_later(const OutgoingRow& row, RetryWord word, std::optional<Code> code) {
    const auto delay = delay_after(word, row.attempts + 1);
    means_.journal.mark_waiting(row.written.id, after(delay.value_or(delay_range(row.attempts + 1))), code);
}

bool Sender::believes(const Receipted& receipt, Turned& turned) {
    const auto read = log::parse_receipt(receipt.receipt);
    if (!read || means_.watch.observe(read->checkpoint)) return true;
    if (turned.halted) return true;  // it stands still already; what still passes is her withdrawal
    turned.halted = means_.journal.halt_reason().has_value();
    const telemetry::Word word = turned.halted ? telemetry::Word("receipt_of_another_history")
                                               : telemetry::Word("receipt_of_unproven_history");
    means_.log.write(Level::error, word);
    return false;
}

void Sender::tell_unproven(Code code, Turned& turned) {
    means_.log.write(Level::error, "withdrawal_refused_without_proof", {{"code", code}});
    ++turned.withdrawals_unproven;
}

// Used up no id: the same claims once more, under the day that the hub says it is.
void Sender::after_skew(const OutgoingRow& row, const Sent& sent, Turned& turned) {
    if (means_.hub.clock_too_far()) means_.log.write(Level::error, "hub_clock_too_far");
    const auto redated = means_.writer.redate(row.written, means_.hub.now());
    const bool first_time = row.code != Code::clock_skew;
    if (!redated) {  // signed by a key that is no longer ours to use
        if (is_her_withdrawal(row.written)) return keep_withdrawal(row, *sent.code, turned);
        means_.journal.mark_refused(row.written.id, *sent.code, std::nullopt);
        ++turned.refused;
        return;
    }
    means_.journal.replace_signature(*redated);
    if (first_time) {
        means_.journal.mark_waiting(row.written.id, means_.hub.now(), sent.code);
    } else {
        if (is_her_withdrawal(row.written)) tell_unproven(*sent.code, turned);
        try_later(row, {contract::Retry::same, {}}, sent.code);
    }
    ++turned.put_back;
}

// So that the hub, should it come to hear her, does not have to refuse it for its age.
void Sender::sign_anew_in_time(const Written& written) {
    const Instant next = means_.hub.now() + kLongestUnprovenDelay;
    const json::Value header = unverified_header(written.statement);
    const json::Value* iat = header.find("iat");
    const auto day =
        iat != nullptr && iat->integer() != nullptr ? statement::whole_day(*iat->integer()) : std::nullopt;
    if (day && statement::is_timely(*day, next)) return;
    if (const auto redated = means_.writer.redate(written, means_.hub.now())) {
        means_.journal.replace_signature(*redated);
    } else {
        means_.log.write(Level::error, "withdrawal_not_signed_anew");
    }
}

// Her no is not settled by the bare word of the hub. An honest one says not_found without its leaf
// (contract.md 5), a lying one says anything: either way it stays, until a leaf says that it was taken,
// refused by a rule, or that there is nothing left to end.
void Sender::keep_withdrawal(const OutgoingRow& row, Code code, Turned& turned) {
    if (means_.journal.is_proven_over(row.written)) {
        means_.journal.mark_refused(row.written.id, code, std::nullopt);
        means_.log.write(Level::info, "withdrawal_of_what_is_over", {{"code", code}});
        ++turned.refused;
        return;
    }
    sign_anew_in_time(row.written);
    means_.journal.mark_waiting(row.written.id, after(unproven_delay_range(row.attempts + 1)), code);
    tell_unproven(code, turned);
    ++turned.put_back;
}

void Sender::after_refusal(const OutgoingRow& row, const Sent& sent, Turned& turned) {
    const Code code = *sent.code;
    const bool bare_word = !sent.receipt && is_her_withdrawal(row.written);
    RetryWord retry = sent.retry;
    // Nor is her no put off for days by a word that nothing proves, or by one that is none of this refusal's.
    if (bare_word) retry.after = std::min(retry.after, kLongestPutOff);
    if (bare_word && contract::facts_of(code).retry == contract::Retry::no) retry.retry = contract::Retry::no;
    if (code == Code::clock_skew && !sent.receipt) {
        after_skew(row, sent, turned);
    } else if (code == Code::busy) {
        // The hub has done nothing with it: she may take it back as if it had never been tried.
        means_.journal.mark_unsent(row.written.id, after(delay_after(retry, 1).value_or(delay_range(1))),
                                   code);
        ++turned.put_back;
    } else if (retry.retry == contract::Retry::no && bare_word) {
        keep_withdrawal(row, code, turned);
    } else if (retry.retry == contract::Retry::no) {
        means_.journal.mark_refused(row.written.id, code, sent.receipt);
        means_.log.write(Level::warning, "message_refused", {{"code", code}});
        ++turned.refused;
    } else {
        try_later(row, retry, code);
        ++turned.put_back;
    }
}

// Whether she took back what this says, or what it stands on, since it was written. What itself ends a
// disclosure is no such thing.
bool Sender::is_over_for_her(const Written& written) const {
    const bool submission = written.type == contract::MessageType::referral_submitted;
    if (submission && written.referral && means_.journal.is_to_end(*written.referral)) return true;
    const bool under_consent = submission || written.type == contract::MessageType::referral_event;
    return under_consent && written.consent && means_.journal.is_revoked(*written.consent) &&
           !ends_disclosure(written);
}

// What was tried without an answer, and was taken back by her before it is known to have arrived, is not
// brought to the hub: that may not have heard of it yet. The hub is asked whether it has the message, and as
// long as it does not say so nothing is sent. What it does not have two minutes later was never accepted.
Sender::Doubt Sender::doubt_of(const OutgoingRow& row) {
    const Written& written = row.written;
    if (row.attempts == 0 || !is_over_for_her(written)) return Doubt::none;
    const auto known = means_.hub.message(written.id);
    if (known) {
        unknown_since_.erase(written.id);
        return Doubt::none;
    }
    if (known.error().code == Code::not_found) {
        const Instant now = means_.hub.machine_now();
        const Instant since = unknown_since_.emplace(written.id, now).first->second;
        if (now - since >= kNoLongerUnderWay) {
            end_unsent(written);
            return Doubt::waits;
        }
    }
    means_.journal.mark_sent(written.id);
    means_.journal.mark_unsent(written.id, means_.hub.now() + kAskedAgain, row.code);
    const bool away = known.error().kind == HubFault::Kind::unreachable;
    return away ? Doubt::hub_away : Doubt::waits;
}

void Sender::end_unsent(const Written& written) {
    unknown_since_.erase(written.id);
    const bool submission = written.type == contract::MessageType::referral_submitted;
    if (submission && written.referral && means_.journal.is_to_end(*written.referral)) {
        means_.journal.take_back_unknown(*written.referral);  // with what ends it
    } else {
        means_.journal.mark_refused(written.id, Code::consent_revoked, std::nullopt);
    }
}

// False where the hub is away: the rest waits too.
bool Sender::send_one(const OutgoingRow& row, Turned& turned) {
    if (const Doubt doubt = doubt_of(row); doubt != Doubt::none) {
        ++turned.put_back;
        return doubt != Doubt::hub_away;
    }
    means_.journal.mark_sent(row.written.id);
    const auto sent = means_.hub.send(row.written.submission, row.written.statement);
    if (!sent) {
        if (sent.error().nothing_sent) {
            means_.journal.mark_unsent(row.written.id, after(delay_range(1)));
        } else {
            try_later(row, sent.error().retry, sent.error().code);
        }
        ++turned.put_back;
        const bool away = sent.error().kind == HubFault::Kind::unreachable;
        means_.log.write(away ? Level::warning : Level::error, "send_failed",
                         {{"reason", telemetry::Diagnostic{std::string(text(sent.error().kind))}}});
        return !away;
    }
    if (sent->receipt && !believes(*sent->receipt, turned)) {
        try_later(row, {contract::Retry::same, {}}, sent->code);
        ++turned.put_back;
    } else if (sent->kind == Sent::Kind::refused) {
        after_refusal(row, *sent, turned);
    } else {
        means_.journal.mark_accepted(row.written.id, *sent->receipt);
        ++turned.accepted;
    }
    return true;
}

void Sender::send_due(Turned& turned) {
    constexpr std::size_t kAtOnce = 8;  // each may be 6 MiB
    std::size_t left = limit_;
    while (left > 0) {
        std::vector<OutgoingRow> due = means_.journal.due(means_.hub.now(), std::min(left, kAtOnce));
        // With a log that cannot be believed nothing is disclosed any more; her withdrawal still passes.
        const auto may_go = [&](const OutgoingRow& row) {
            return row.written.first_lane || (!turned.halted && !means_.watch.is_full());
        };
        if (std::ranges::none_of(due, may_go)) return;
        for (const OutgoingRow& row : due) {
            if (!may_go(row)) continue;  // it may have come to that since
            --left;
            if (!send_one(row, turned)) {
                turned.hub_reached = false;
                return;
            }
        }
    }
}

}  // namespace kesher::kit
