#include "adapters/ctl/waiting_withdrawals.h"

#include <algorithm>

#include "adapters/ctl/sending.h"
#include "adapters/kit/organisation_setup.h"
#include "schemas/codec/records.h"

namespace kesher::ctl {
namespace {

namespace fs = std::filesystem;
using contract::Failure;
using contract::MessageType;
using kit::OutgoingState;
using kit::Written;

bool says_the_same(const kit::OutgoingRow& row, const kit::Message& withdrawal) {
    return row.written.type == withdrawal.type && row.written.referral == withdrawal.referral &&
           row.written.consent == withdrawal.consent && is_withdrawal(row.written);
}

// What was written of what it ends.
std::vector<kit::OutgoingRow> said_beside(const kit::Journal& journal, const auto& withdrawal) {
    return withdrawal.type == MessageType::consent_revoked ? journal.outgoing_of(*withdrawal.consent)
                                                           : journal.outgoing_of(*withdrawal.referral);
}

// The hub would not know what the later one speaks of before it has the earlier. Nothing else is sent because
// of a withdrawal, least of all an update.
bool stands_on(const Written& later, const Written& earlier) {
    if (later.type == MessageType::consent_revoked) {
        return earlier.type == MessageType::consent_given && earlier.consent == later.consent;
    }
    return earlier.type == MessageType::referral_submitted && earlier.referral == later.referral;
}

bool is_away(const std::optional<kit::Answered<kit::Sent>>& answer) {
    return answer && !*answer && answer->error().kind == kit::HubFault::Kind::unreachable;
}

std::string word_of(const PassedOn& each) {
    if (each.course == Course::never_left) return "never needed: its referral had not reached the hub";
    if (!each.answer) {
        return std::string("waits: the hub does not have its ") +
               (each.message.type == MessageType::consent_revoked ? "consent" : "referral") +
               ", which may be under way";
    }
    const kit::Answered<kit::Sent>& answer = *each.answer;
    if (!answer) return "not sent: " + refusal(answer.error()).word;
    if (answer->kind != kit::Sent::Kind::refused) return "sent first";
    return (is_put_back(each.message, *answer) ? "not taken yet: " : "refused: ") +
           std::string(text(*answer->code));
}

Report::Row row_of(const PassedOn& each) {
    const bool has_leaf = each.answer && *each.answer && (*each.answer)->receipt;
    return {each.message.id.text(), std::string(contract::kMessageTypes.text(each.message.type)),
            word_of(each),
            has_leaf ? "leaf " + std::to_string(contract::number((*each.answer)->receipt->index)) : ""};
}

// The hub may have refused it for a consent that it did not know, an answer given again included: then it
// waits under another id, and goes at once where the consent is there by now.
PassedOn offer(Office& office, const Written& withdrawal) {
    auto answer = deliver(office, withdrawal.id);
    const kit::Journal& journal = office.journal();
    const bool may_be_anew = withdrawal.type == MessageType::consent_revoked && answer &&
                             answer->code == contract::Code::not_found;
    if (!may_be_anew) return {withdrawal, Course::sent, std::move(answer)};
    const auto said = said_beside(journal, withdrawal);
    for (const Written& anew : withdrawals_among(said)) {
        if (anew.id == withdrawal.id) continue;
        if (undecided_before(said, anew)) return {anew, Course::waits};
        return {anew, Course::sent, deliver(office, anew.id)};
    }
    return {withdrawal, Course::sent, std::move(answer)};
}

// Where the hub puts the consent back it may have it all the same, from a try that had no answer, and it
// keeps a lane for withdrawals when it takes nothing else. So hers is offered: waiting behind a consent that
// is in force there would leave it in force. Where the hub does not have it, its refusal costs one message id
// (came_before_its_consent), and nothing that a later withdrawal needs. A consent that was never tried is not
// there, and where there is no way to the hub there is none for this either.
PassedOn after_consent(Office& office, const Written& withdrawal, const Written& given) {
    auto answer = deliver(office, given.id);
    const bool put_back = !answer || is_put_back(given, *answer);
    const bool no_way = !answer && answer.error().nothing_sent;
    const bool tried = office.journal().outgoing(given.id).value().attempts > 0;
    if (put_back && (no_way || !tried)) return {withdrawal, Course::waits, std::move(answer)};
    return offer(office, withdrawal);
}

PassedOn after_referral(Office& office, const Written& withdrawal, const kit::OutgoingRow& referral) {
    const auto asked = office.hub().referral(*referral.written.referral);
    const bool unknown = !asked && asked.error().code == contract::Code::not_found;
    if (!asked && !unknown) return {withdrawal, Course::waits, Failure{asked.error()}};
    kit::Journal& journal = office.journal();
    const contract::Instant now = office.hub().machine_now();
    switch (doubt_of(referral, asked.has_value(), now)) {
        case Doubt::has_it:
            return {withdrawal, Course::sent, deliver(office, withdrawal.id)};
        case Doubt::may_have_it:
            if (referral.next_try == contract::Instant{}) {
                journal.mark_waiting(referral.written.id, now + kUnderWay, referral.code);
            }
            return {withdrawal, Course::waits};
        case Doubt::never_had:
            break;
    }
    // In this order: a kill in between leaves a withdrawal that finds no referral before it, and is told so.
    journal.mark_refused(referral.written.id, contract::Code::consent_revoked, std::nullopt);
    journal.mark_refused(withdrawal.id, contract::Code::not_found, std::nullopt);
    return {withdrawal, Course::never_left};
}

bool says(const kit::OutgoingRow& row, MessageType type, const contract::ConsentId& consent) {
    return row.written.type == type && row.written.consent == consent;
}

// Empty where the hub took it, or where nothing of this type was said here.
std::string not_taken(const std::vector<kit::OutgoingRow>& said, const contract::ConsentId& consent,
                      MessageType type) {
    const bool ends = type == MessageType::consent_revoked;
    const std::string what = ends ? "her withdrawal" : "the consent";
    const kit::OutgoingRow* missing = nullptr;
    for (const kit::OutgoingRow& row : said) {
        if (!says(row, type, consent)) continue;
        if (row.state == OutgoingState::accepted) return {};
        const bool waits = row.state != OutgoingState::refused;
        if (missing == nullptr || waits) missing = &row;
    }
    if (missing == nullptr) return {};
    const std::string id = missing->written.id.text();
    if (missing->state == OutgoingState::refused) {
        return "refused " + what + ", message " + id +
               (missing->code ? ": " + std::string(text(*missing->code)) : "");
    }
    return "has not taken " + what + " yet, message " + id + ": " +
           (ends ? "the next kesherctl command with this directory that reaches it brings it"
                 : "the command that recorded it sends it, with --id " + id);
}

}  // namespace

bool is_undecided(const kit::OutgoingRow& row) {
    return row.state == OutgoingState::waiting || row.state == OutgoingState::sent;
}

bool is_withdrawal(const kit::Message& message) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&message.payload);
    return message.type == MessageType::consent_revoked ||
           (event != nullptr && event->event == contract::ReferralEvent::withdraw);
}

bool is_withdrawal(const Written& written) {
    if (written.type == MessageType::consent_revoked) return true;
    if (written.type != MessageType::referral_event || !written.first_lane) return false;
    const auto submission = codec::decode<codec::Submission>(written.submission);
    if (!submission) return false;
    const auto said = codec::decode<codec::ReferralEventPayload>(submission->payload);
    return said && said->event == contract::ReferralEvent::withdraw;
}

std::vector<Written> withdrawals_among(const std::vector<kit::OutgoingRow>& rows) {
    std::vector<Written> in_order;
    for (const kit::OutgoingRow& row : rows) {
        if (is_undecided(row) && is_withdrawal(row.written)) in_order.push_back(row.written);
    }
    return in_order;
}

std::vector<Written> withdrawals_in(const kit::Journal& journal) {
    return withdrawals_among(journal.undecided_of_the_first_lane());
}

std::optional<kit::OutgoingRow> undecided_before(const std::vector<kit::OutgoingRow>& said,
                                                 const Written& withdrawal) {
    for (const kit::OutgoingRow& row : said) {
        if (row.written.id == withdrawal.id) break;
        if (is_undecided(row) && stands_on(withdrawal, row.written)) return row;
    }
    return std::nullopt;
}

std::optional<Written> withdrawal_against(const std::vector<Written>& withdrawals, const Matter& matter) {
    const bool submits = matter.type == MessageType::referral_submitted;
    if (!submits && matter.type != MessageType::consent_given) return std::nullopt;
    for (const Written& each : withdrawals) {
        const bool of_the_consent =
            each.type == MessageType::consent_revoked && each.consent == matter.consent;
        const bool of_the_referral =
            submits && each.type == MessageType::referral_event && each.referral == matter.referral;
        if (of_the_consent || of_the_referral) return each;
    }
    return std::nullopt;
}

Doubt doubt_of(const kit::OutgoingRow& referral, std::optional<bool> known, contract::Instant at) {
    if (known == true) return Doubt::has_it;
    const bool is_over = referral.next_try != contract::Instant{} && at >= referral.next_try;
    return known == false && is_over ? Doubt::never_had : Doubt::may_have_it;
}

std::string not_taken_of(const std::vector<kit::OutgoingRow>& said, const contract::ConsentId& consent) {
    auto missing = not_taken(said, consent, MessageType::consent_revoked);
    return missing.empty() ? not_taken(said, consent, MessageType::consent_given) : missing;
}

std::optional<contract::MessageId> said_before(const kit::Journal& journal, const kit::Message& withdrawal) {
    std::optional<contract::MessageId> taken;
    for (const kit::OutgoingRow& row : said_beside(journal, withdrawal)) {
        if (!says_the_same(row, withdrawal)) continue;
        if (is_undecided(row)) return row.written.id;
        if (row.state == OutgoingState::accepted) taken = row.written.id;
    }
    return taken;
}

contract::MessageId id_to_say(const kit::Journal& journal, const kit::Message& withdrawal,
                              const std::optional<contract::MessageId>& named) {
    if (named) {
        const auto row = journal.outgoing(*named);
        const bool said_anew = row && row->state == OutgoingState::refused && says_the_same(*row, withdrawal);
        if (!said_anew) return *named;
    }
    return said_before(journal, withdrawal).value_or(withdrawal.id);
}

bool came_before_its_consent(const std::vector<kit::OutgoingRow>& said, const Written& withdrawal,
                             const kit::Sent& refused) {
    const bool unknown_there = withdrawal.type == MessageType::consent_revoked &&
                               refused.code == contract::Code::not_found && refused.receipt;
    return unknown_there && std::ranges::any_of(said, [&](const kit::OutgoingRow& row) {
               if (!stands_on(withdrawal, row.written)) return false;
               const bool taken_later = row.state == OutgoingState::accepted && row.receipt &&
                                        row.receipt->index > refused.receipt->index;
               return is_undecided(row) || taken_later;
           });
}

fs::path unsent_mark(const fs::path& directory) { return directory / "kesherctl.unsent"; }

kit::Usable<contract::Done> put_unsent_mark(const fs::path& directory) {
    const fs::path mark = unsent_mark(directory);
    if (fs::exists(mark)) return contract::Done{};
    if (const auto written = kit::write_new_file(mark, ""); !written) return written;
    (void)kit::sync_folder(directory);  // the file is there; a power cut alone could still lose its name
    return contract::Done{};
}

void settle_unsent_mark(Office& office) {
    const fs::path mark = unsent_mark(office.directory());
    if (!fs::exists(mark)) return;
    // One that stays costs a look; one that is gone too early, a withdrawal.
    if (withdrawals_in(office.journal()).empty()) (void)kit::remove_file(mark);
}

PassedOn pass_on(Office& office, const Written& withdrawal) {
    const auto before = undecided_before(said_beside(office.journal(), withdrawal), withdrawal);
    if (!before) return offer(office, withdrawal);
    return before->written.type == MessageType::consent_given
               ? after_consent(office, withdrawal, before->written)
               : after_referral(office, withdrawal, *before);
}

Passing pass_on_withdrawals(Office& office, const std::optional<contract::MessageId>& own) {
    if (!fs::exists(unsent_mark(office.directory()))) return {};
    try {
        Passing passing;
        std::optional<kit::Answered<kit::Sent>> last;
        for (const Written& each : withdrawals_in(office.journal())) {
            const bool is_own = each.id == own;
            const bool left = is_away(last) && !is_own;
            PassedOn passed = left ? PassedOn{each, Course::waits, last} : pass_on(office, each);
            last = passed.answer;
            if (is_own) {
                passing.own = std::move(passed);
            } else {
                passing.passed.push_back(std::move(passed));
            }
        }
        settle_unsent_mark(office);
        return passing;
    } catch (const kit::JournalBroken& broken) {
        // No reason to stop a command that needs no journal; one that does says it again by itself.
        return {{}, broken.what()};
    }
}

Report never_left(const contract::ReferralId& referral) {
    Report report;
    report.text("referral", referral.text())
        .text("answer", "never sent")
        .text("hub", "knows nothing of it, and it is not sent any more: there is nothing to withdraw");
    return report;
}

Outcome beside(Outcome outcome, const Passing& passing) {
    if (passing.passed.empty() && passing.not_looked.empty()) return outcome;
    if (outcome) {
        std::vector<Report::Row> rows;
        for (const PassedOn& each : passing.passed) rows.push_back(row_of(each));
        if (!passing.not_looked.empty())
            rows.push_back({"-", "-", "not looked for: " + passing.not_looked, ""});
        outcome->table("withdrawals", {"message", "type", "answer", "leaf"}, rows);
        return outcome;
    }
    Refusal refused = outcome.error();
    for (const PassedOn& each : passing.passed) {
        say_also(refused, "A withdrawal that waited here (message " + each.message.id.text() +
                              "): " + word_of(each) + ".");
    }
    if (!passing.not_looked.empty())
        say_also(refused, "Whether a withdrawal waits here was not looked for: " + passing.not_looked + ".");
    return Failure{std::move(refused)};
}

}  // namespace kesher::ctl
