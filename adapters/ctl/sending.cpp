#include "adapters/ctl/sending.h"

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

kit::MessageWriter writer_of(const Office& office) {
    return {office.self(), office.pins().log_origin(), office.keys().signer(), office.keys().former()};
}

// So that a later event about it needs no more than its id.
Or<Done> note_referral(const Office& office, const kit::Message& message) {
    const bool has_terms = message.type == contract::MessageType::referral_submitted && message.referral &&
                           message.purpose && message.basis && message.pseudonym;
    if (!has_terms) return Done{};
    const auto kept = keep_note(office.directory(), {*message.referral, message.to, *message.purpose,
                                                     *message.basis, message.consent, *message.pseudonym});
    if (!kept) return Failure{refusal(kept.error())};
    return Done{};
}

// What the hub says of these bytes. clock_skew used up no id: the same claims under the right day.
kit::Answered<kit::Sent> ask_hub(Office& office, kit::Written& written) {
    auto sent = office.hub().send(written.submission, written.statement);
    if (!sent || sent->code != Code::clock_skew || !sent->at) return sent;
    office.hub().follow_clock(*sent->at);
    const auto redated = writer_of(office).redate(written, office.hub().now());
    if (!redated) return sent;
    office.journal().replace_signature(*redated);
    written = *redated;
    return office.hub().send(written.submission, written.statement);
}

void journal_answer(kit::Journal& journal, const contract::MessageId& id, const kit::Sent& sent) {
    if (sent.kind != kit::Sent::Kind::refused) return journal.mark_accepted(id, *sent.receipt);
    // What the hub may yet take (busy, unavailable) stays to be sent again under the same id.
    if (sent.retry.retry == contract::Retry::no) return journal.mark_refused(id, *sent.code, sent.receipt);
    journal.mark_waiting(id, contract::Instant{}, sent.code);
}

Or<Done> save_sent(const Office& office, const kit::Written& written, const kit::Sent& sent,
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

// From when the hub hands it out, where its leaf says that it waits (release.spread).
std::optional<contract::Instant> handed_out_from(const kit::Receipted& receipted) {
    const auto lines = log::split_leaf(receipted.leaf);
    const auto record =
        lines ? log::parse_record(lines->record) : log::Result<log::Record>(log::fail(lines.error()));
    const log::FactValue* found = record ? record->facts.find("not_before") : nullptr;
    const auto* at = found == nullptr ? nullptr : std::get_if<std::int64_t>(found);
    return at == nullptr ? std::nullopt : std::optional(contract::Instant{std::chrono::milliseconds{*at}});
}

Report report_of(const kit::Message& message, const kit::Sent& sent) {
    Report report;
    report.text("message", message.id.text());
    if (message.referral) report.text("referral", message.referral->text());
    if (message.consent) report.text("consent", message.consent->text());
    report.text("answer", sent.kind == kit::Sent::Kind::accepted ? "accepted" : "repeated");
    if (const auto from = handed_out_from(*sent.receipt))
        report.text("handed_out_from", contract::text(*from));
    return report.receipt(*sent.receipt);
}

}  // namespace

Or<Done> save_file(const fs::path& file, std::string_view text) {
    if (fs::exists(file)) {
        const auto before = kit::read_small_file(file);
        if (before && *before == text) return Done{};
    }
    const auto written = kit::write_new_file(file, text);
    if (!written) return Failure{refusal(written.error())};
    return Done{};
}

Or<Done> save_evidence(const Evidence& evidence, const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Failure{Refusal{"unusable", folder.string() + ": cannot be made"}};
    fs::permissions(folder, fs::perms::owner_all, failed);
    std::vector<std::pair<std::string, std::string>> files;
    if (!evidence.statement.empty()) files.emplace_back("statement.jws", evidence.statement);
    if (!evidence.payload.empty()) files.emplace_back("payload.avro", contract::text_of(evidence.payload));
    if (evidence.receipt) {
        files.emplace_back("leaf", evidence.receipt->leaf);
        files.emplace_back("receipt.tlog-proof", evidence.receipt->receipt);
    }
    for (const auto& [name, text] : files) {
        if (auto saved = save_file(folder / name, text); !saved) return saved;
    }
    return Done{};
}

Outcome send(Office& office, const kit::Message& message, const fs::path& save) {
    kit::Journal& journal = office.journal();
    if (!journal.outgoing(message.id)) {
        const auto members = office.members();
        if (!members) return Failure{members.error()};
        const kit::MessageWriter writer = writer_of(office);
        const kit::AliasMaker aliases(office.keys().alias_key().clone());
        const kit::ToldNames names(office.directory(), aliases);
        const auto submitted =
            kit::Outbox(journal, writer, names).submit(message, *members, office.hub().now());
        if (!submitted) return Failure{refusal(submitted.error())};
        if (const auto noted = note_referral(office, message); !noted) return Failure{noted.error()};
    }
    kit::Written written = journal.outgoing(message.id).value().written;
    journal.mark_sent(message.id);
    const auto sent = ask_hub(office, written);
    if (!sent) {
        // Nothing is known of what became of it; the same command with this id asks again.
        Refusal unknown = refusal(sent.error());
        unknown.remedy = "Give the same command once more with --id " + message.id.text() + ".";
        return Failure{std::move(unknown)};
    }
    journal_answer(journal, message.id, *sent);
    const auto saved = save_sent(office, written, *sent, save);
    if (!saved) return Failure{saved.error()};
    if (sent->kind == kit::Sent::Kind::refused) return Failure{refusal(*sent->code, sent->receipt)};
    return report_of(message, *sent);
}

}  // namespace kesher::ctl
