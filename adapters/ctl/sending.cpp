#include "adapters/ctl/sending.h"

#include "adapters/ctl/event_demands.h"
#include "adapters/ctl/referral_notes.h"
#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/outbox.h"
#include "audit/log/leaf.h"
#include "schemas/codec/records.h"

namespace kesher::ctl {
namespace {

namespace fs = std::filesystem;
using contract::Code;
using contract::Done;
using contract::Failure;
using contract::MessageType;
using kit::Sent;

kit::MessageWriter writer_of(const Office& office) {
    return {office.self(), office.pins().log_origin(), office.keys().signer(), office.keys().former()};
}

// The published codes that asking again can help, and a hub that cannot be reached at all.
bool may_pass(const Refusal& refused) {
    const auto code = contract::parse_code(refused.word);
    return refused.word == "unreachable" || (code && facts_of(*code).retry != contract::Retry::no);
}

bool ends_a_referral(const kit::Message& message) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&message.payload);
    return event != nullptr && is_never_sealed(event->event);
}

// Who takes part. What goes to the hub itself, and what ends a referral, need nobody's keys: they are written
// down here whether or not the hub can be asked, and the hub may tell such a question to come back later.
Or<kit::Directory> directory_for(Office& office, const kit::Message& message) {
    if (message.to == contract::OrganisationId::hub() || ends_a_referral(message)) return kit::Directory{};
    auto members = office.members();
    if (members) return members;
    Refusal refused = members.error();
    say_also(refused, "Nothing was sent, and nothing is written down here.");
    if (may_pass(refused)) say_also(refused, "Give the same command once more when the hub answers.");
    return Failure{std::move(refused)};
}

// So that a later event about it needs no more than its id.
kit::Usable<Done> note_referral(const Office& office, const kit::Written& written) {
    const auto note = note_of(written);
    return note ? keep_note(office.directory(), *note) : kit::Usable<Done>(Done{});
}

Or<Done> write_down(Office& office, const kit::Message& message) {
    const auto members = directory_for(office, message);
    if (!members) return Failure{members.error()};
    // Where even that fails her word is still written down and sent; only nobody is reminded of it.
    if (is_withdrawal(message)) (void)put_unsent_mark(office.directory());
    const kit::MessageWriter writer = writer_of(office);
    const kit::AliasMaker aliases(office.keys().alias_key().clone());
    const kit::ToldNames names(office.directory(), aliases);
    const auto submitted =
        kit::Outbox(office.journal(), writer, names).submit(message, *members, office.hub().now());
    if (!submitted) return Failure{refusal(submitted.error())};
    return Done{};
}

// A --id that was noted down for another command must not answer this one with that one's receipt.
bool is_this_message(const kit::Written& written, const kit::Message& message) {
    if (written.type != message.type || written.to != message.to) return false;
    if (message.type == MessageType::consent_revoked) return written.consent == message.consent;
    const bool event_of_a_referral =
        message.type == MessageType::referral_event && message.to != contract::OrganisationId::hub();
    return !event_of_a_referral || written.referral == message.referral;
}

// Her withdrawal came before it could leave, and it never will.
bool is_held_back(const kit::OutgoingRow& row) {
    return row.state == kit::OutgoingState::taken_back ||
           (row.state == kit::OutgoingState::refused && row.code == Code::consent_revoked && !row.receipt);
}

Refusal withdrawn_meanwhile(const kit::Written& withdrawal) {
    const bool of_the_referral = withdrawal.type == MessageType::referral_event;
    return {"consent_revoked",
            "she withdrew, and her withdrawal (message " + withdrawal.id.text() + ") is not at the hub yet" +
                (of_the_referral ? ": the hub is being asked whether it had this referral" : ""),
            "Nothing was sent. The next kesherctl command with this directory that reaches the hub goes on "
            "with her withdrawal."};
}

Matter matter_of(const auto& message) { return {message.type, message.referral, message.consent}; }

// Whether the hub has it from an earlier try is asked, and never by sending it again. Judged by what is
// written down: the same command draws another referral.
Or<Done> not_withdrawn_meanwhile(Office& office, const kit::Message& message) {
    const auto before = office.journal().outgoing(message.id);
    if (before && !is_undecided(*before)) return Done{};
    const auto withdrawal = withdrawal_against(withdrawals_in(office.journal()),
                                               before ? matter_of(before->written) : matter_of(message));
    if (!withdrawal) return Done{};
    (void)put_unsent_mark(office.directory());  // it may have failed when she said it
    return Failure{withdrawn_meanwhile(*withdrawal)};
}

Or<kit::Written> journaled(Office& office, const kit::Message& message) {
    if (!office.journal().outgoing(message.id)) {
        if (const auto written = write_down(office, message); !written) return Failure{written.error()};
    }
    const kit::OutgoingRow row = office.journal().outgoing(message.id).value();
    if (!is_this_message(row.written, message)) {
        return Failure{Refusal{"id_reused", "this --id names another message that was written here",
                               "Nothing was sent. Leave --id away, or give the one that this very command "
                               "named when it was first given."}};
    }
    if (is_held_back(row)) {
        return Failure{
            Refusal{"consent_revoked", "she withdrew before this message had left; it is not sent any more"}};
    }
    return row.written;
}

// What the hub says of these bytes. clock_skew used up no id: the same claims under the right day.
kit::Answered<Sent> ask_hub(Office& office, kit::Written& written) {
    auto sent = office.hub().send(written.submission, written.statement);
    if (!sent || sent->code != Code::clock_skew || !sent->at) return sent;
    office.hub().follow_clock(*sent->at);
    const auto redated = writer_of(office).redate(written, office.hub().now());
    if (!redated) return sent;
    office.journal().replace_signature(*redated);
    written = *redated;
    return office.hub().send(written.submission, written.statement);
}

// The same word of hers of the same day, passed on by the same officer. None where it does not read back.
std::optional<kit::Message> said_anew(const kit::Written& withdrawal) {
    const auto submission = codec::decode<codec::Submission>(withdrawal.submission);
    if (!submission || !submission->case_opening) return std::nullopt;
    auto revoked = codec::decode<codec::ConsentRevoked>(submission->payload);
    const auto& actor = submission->actor;
    if (!revoked || !actor.id || !actor.role) return std::nullopt;
    kit::Message message{.id = kit::draw_message_id(),
                         .type = withdrawal.type,
                         .to = withdrawal.to,
                         .actor = {*actor.id, *actor.role},
                         .payload = *std::move(revoked)};
    message.pseudonym = submission->case_opening->pseudonym;
    message.consent = withdrawal.consent;
    return message;
}

// In one step: a program that is killed leaves one withdrawal that waits, and neither none nor two.
bool wrote_anew(Office& office, const kit::Written& withdrawal, const Sent& refused) {
    const auto message = said_anew(withdrawal);
    if (!message) return false;
    kit::Journal::Step step(office.journal());
    if (!write_down(office, *message)) return false;
    office.journal().mark_refused(withdrawal.id, *refused.code, refused.receipt);
    step.commit();
    return true;
}

// Whether this refusal is to leave her word waiting, and no other message says it already.
bool is_to_be_said_anew(const kit::Journal& journal, const kit::Written& withdrawal, const Sent& refused) {
    if (withdrawal.type != MessageType::consent_revoked) return false;
    const auto said = journal.outgoing_of(*withdrawal.consent);
    const auto waiting = withdrawals_among(said);
    return waiting.size() == 1 && waiting.front().id == withdrawal.id &&
           came_before_its_consent(said, withdrawal, refused);
}

void journal_answer(Office& office, const kit::Written& written, const Sent& sent) {
    kit::Journal& journal = office.journal();
    if (sent.kind != Sent::Kind::refused) return journal.mark_accepted(written.id, *sent.receipt);
    if (sent.code == Code::busy) return journal.mark_unsent(written.id, contract::Instant{}, sent.code);
    if (is_put_back(written, sent)) return journal.mark_waiting(written.id, contract::Instant{}, sent.code);
    if (!is_to_be_said_anew(journal, written, sent))
        return journal.mark_refused(written.id, *sent.code, sent.receipt);
    if (!wrote_anew(office, written, sent)) journal.mark_waiting(written.id, contract::Instant{}, sent.code);
}

Or<Done> save_sent(const Office& office, const kit::Written& written, const Sent& sent,
                   const fs::path& folder) {
    if (folder.empty()) return Done{};
    const auto submission = codec::decode<codec::Submission>(written.submission);
    if (!submission) return Failure{Refusal{"unusable", "the journaled submission does not read back"}};
    const auto saved = save_evidence({written.statement, submission->payload, sent.receipt}, folder);
    if (!saved) return saved;
    if (auto done = save_file(folder / "submission.avro", contract::text_of(written.submission)); !done)
        return done;
    const auto signer = kit::certificate_named(office.directory(), written.statement);
    if (!signer)
        return Failure{Refusal{"unusable", "the certificate that signed it is not in the key directory"}};
    if (auto done = save_file(folder / "signer.pem", signer->pem()); !done) return done;
    return save_file(folder / "log.vkey", office.pins().log.vkey() + "\n");
}

std::string again_with(const kit::Written& written) { return "--id " + written.id.text(); }

// From when the hub hands it out, where its leaf says that it waits (release.spread).
std::optional<contract::Instant> handed_out_from(const kit::Receipted& receipted) {
    const auto lines = log::split_leaf(receipted.leaf);
    const auto record =
        lines ? log::parse_record(lines->record) : log::Result<log::Record>(log::fail(lines.error()));
    const log::FactValue* found = record ? record->facts.find("not_before") : nullptr;
    const auto* at = found == nullptr ? nullptr : std::get_if<std::int64_t>(found);
    return at == nullptr ? std::nullopt : std::optional(contract::Instant{std::chrono::milliseconds{*at}});
}

// By the ids of what was journaled: a command that is given again draws others.
Report names_of(const kit::Written& written) {
    Report report;
    report.text("message", written.id.text());
    if (written.referral) report.text("referral", written.referral->text());
    if (written.consent) report.text("consent", written.consent->text());
    return report;
}

void warn(Report& report, const std::vector<std::string>& warnings) {
    std::vector<Report::Row> rows;
    for (const std::string& each : warnings) rows.push_back({each});
    if (!rows.empty()) report.table("warnings", {"what"}, rows);
}

// Nobody refused anything, and nobody knows it yet: the worker must not take it for done, nor for lost.
Report not_heard(const kit::Written& written, const Refusal& why, bool hub_may_know) {
    Report report = names_of(written);
    report.text("hub", hub_may_know ? "not known whether it has it" : "does not know it yet")
        .text("again", "the same command with " + again_with(written) +
                           " sends it; so does, before anything else, every kesherctl command with this "
                           "directory that reaches the hub");
    if (!why.remedy.empty()) report.text("remedy", why.remedy);
    std::string sentence = why.sentence;
    while (sentence.ends_with('.')) sentence.pop_back();
    report.does_not_hold(why.word, sentence + ". Her withdrawal is written down here, and " +
                                       (hub_may_know ? "IT IS NOT KNOWN WHETHER THE HUB HAS IT"
                                                     : "THE HUB DOES NOT KNOW IT YET"));
    return report;
}

Refusal unknown(const kit::Written& written, const kit::HubFault& fault) {
    Refusal refused = refusal(fault);
    say_also(refused,
             fault.nothing_sent
                 ? "It was not sent. It is written down here: the same command with " + again_with(written) +
                       " sends it."
                 : "Whether the hub has it is not known. It is written down here: the same command with " +
                       again_with(written) + " asks again, and doubles nothing.");
    return refused;
}

Refusal refused_by_hub(const kit::Written& written, const Sent& sent) {
    Refusal refused = refusal(*sent.code, sent.receipt);
    if (is_put_back(written, sent)) {
        say_also(refused, "It is written down here: the same command with " + again_with(written) +
                              " sends it again.");
    } else if (is_withdrawal(written)) {
        say_also(refused,
                 "THE HUB HAS NOT TAKEN HER WITHDRAWAL: once this is mended, give the command again, without "
                 "--id.");
    }
    return refused;
}

// One message on its way: what is said of it, and what failed at home meanwhile.
class Sending {
public:
    Sending(Office& office, kit::Written written, AtHome at_home)
        : office_(office),
          written_(std::move(written)),
          at_home_(std::move(at_home)),
          referral_noted_(note_referral(office_, written_)) {}

    Outcome message() {
        const auto sent = deliver(office_, written_.id);
        const bool over = sent && sent->kind == Sent::Kind::refused && !is_put_back(written_, *sent);
        if (!over) warn_unless(referral_noted_, "no event of this referral can be sent without it");
        if (!sent) return refused(unknown(written_, sent.error()));
        return answered(*sent);
    }

    // `own`: what became of it already, among those that waited.
    Outcome withdrawal(std::optional<PassedOn> own) {
        const PassedOn passed = own ? *std::move(own) : pass_on(office_, written_);
        settle_unsent_mark(office_);
        written_ = passed.message;
        if (passed.course == Course::never_left) return never_left(*written_.referral);
        if (!passed.answer) {
            const std::string what = written_.type == MessageType::consent_revoked ? "consent" : "referral";
            return unheard({"not_found", "the hub does not have the " + what +
                                             ", whose own sending had no answer and may still be under way"},
                           false);
        }
        const auto& sent = *passed.answer;
        const bool tried = passed.course == Course::sent;
        if (!sent) return unheard(refusal(sent.error()), tried && !sent.error().nothing_sent);
        if (is_put_back(written_, *sent)) return unheard(refusal(*sent->code), false);
        return answered(*sent);
    }

private:
    void warn_unless(const kit::Usable<Done>& done, const std::string& what) {
        if (done) return;
        at_home_.warnings.push_back(done.error().sentence + "; " + what + ". The same command with " +
                                    again_with(written_) + " writes it.");
    }

    Outcome refused(Refusal why) const {
        for (const std::string& each : at_home_.warnings) say_also(why, each);
        return Failure{std::move(why)};
    }

    Outcome unheard(const Refusal& why, bool hub_may_know) const {
        Report report = not_heard(written_, why, hub_may_know);
        warn(report, at_home_.warnings);
        return report;
    }

    Outcome answered(const Sent& sent) {
        // The bytes as they went: a clock_skew has them signed under another day.
        written_ = office_.journal().outgoing(written_.id).value().written;
        if (const auto saved = save_sent(office_, written_, sent, at_home_.save); !saved) {
            at_home_.warnings.push_back(saved.error().sentence +
                                        "; the evidence is not saved. The same command with " +
                                        again_with(written_) + " and another --save saves it.");
        }
        if (sent.kind == Sent::Kind::refused) return refused(refused_by_hub(written_, sent));
        if (at_home_.note)
            warn_unless(at_home_.note(written_), "a kesher-adapter of this directory does not know it");
        Report report = names_of(written_);
        report.text("answer", sent.kind == Sent::Kind::accepted ? "accepted" : "repeated");
        if (const auto from = handed_out_from(*sent.receipt))
            report.text("handed_out_from", contract::text(*from));
        report.receipt(*sent.receipt);
        warn(report, at_home_.warnings);
        return report;
    }

    Office& office_;
    kit::Written written_;
    AtHome at_home_;
    kit::Usable<Done> referral_noted_;  // before it is sent: an event may follow an answer that never came
};

}  // namespace

void say_also(Refusal& refused, const std::string& sentence) {
    refused.remedy += (refused.remedy.empty() ? "" : " ") + sentence;
}

bool is_put_back(const kit::Written& written, const Sent& sent) {
    if (sent.kind != Sent::Kind::refused) return false;
    const bool id_unused = !sent.receipt && (sent.code == Code::clock_skew || is_withdrawal(written));
    return sent.retry.retry != contract::Retry::no || id_unused;
}

kit::Answered<Sent> deliver(Office& office, const contract::MessageId& id) {
    kit::Journal& journal = office.journal();
    kit::Written written = journal.outgoing(id).value().written;
    journal.mark_sent(id);
    auto sent = ask_hub(office, written);
    if (sent) {
        journal_answer(office, written, *sent);
    } else if (sent.error().nothing_sent) {
        journal.mark_unsent(id, contract::Instant{});
    } else {
        journal.mark_waiting(id, contract::Instant{}, sent.error().code);
    }
    return sent;
}

Outcome send(Office& office, const kit::Message& message, AtHome at_home) {
    if (const auto ready = prepare_folder(at_home.save, message.id); !ready) return Failure{ready.error()};
    const auto free = not_withdrawn_meanwhile(office, message);
    const auto written = free ? journaled(office, message) : Or<kit::Written>(Failure{free.error()});
    if (!written) {
        Refusal why = written.error();
        for (const std::string& each : at_home.warnings) say_also(why, each);
        return Failure{std::move(why)};
    }
    auto own = at_home.pass_waiting ? at_home.pass_waiting(*written) : std::nullopt;
    Sending sending(office, *written, std::move(at_home));
    return is_withdrawal(*written) ? sending.withdrawal(std::move(own)) : sending.message();
}

}  // namespace kesher::ctl
