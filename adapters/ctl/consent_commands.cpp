// consent give, revoke, show, acknowledge.
#include "adapters/ctl/commands.h"
#include "adapters/ctl/published_notice.h"
#include "adapters/ctl/sending.h"
#include "adapters/ctl/waiting_withdrawals.h"
#include "adapters/ctl/words.h"
#include "adapters/kit/consent_notes.h"
#include "adapters/kit/organisation_setup.h"
#include "schemas/codec/records.h"
#include "schemas/codec/words.h"
#include "schemas/statement/hash.h"

namespace kesher::ctl {
namespace {

using contract::Failure;
using contract::Purpose;

constexpr std::int32_t kRetentionDays = 7 * 365;
constexpr std::size_t kFormBytesMax = 64 * 1024 * 1024;  // a scan of several pages

struct ConsentWish {
    std::optional<contract::MessageId> message;
    std::optional<contract::ConsentId> consent;
    std::string number;  // the form's own, under which the organisation's files name it
    std::optional<contract::Pseudonym> pseudonym;
    std::optional<contract::OrganisationId> recipient;
    std::vector<Purpose> purposes;
    std::vector<contract::DataGroup> groups;
    std::vector<contract::Service> services;
    contract::Direction direction = contract::Direction::both;
    std::optional<contract::Day> from;
    int days = 90;
    contract::Language language = contract::Language::he;
    contract::ConsentForm form = contract::ConsentForm::written_ink;
    contract::LegalBasis basis = contract::LegalBasis::consent;
    std::filesystem::path form_file;
    std::string form_sha256;
    bool refused = false;
    std::filesystem::path save;
    // of an acknowledgement
    std::optional<contract::MessageId> in_reply_to;
    codec::RevocationEffect effect = codec::RevocationEffect::stopped;
    std::string law;
};

Or<std::optional<contract::Digest>> form_digest(const ConsentWish& wish) {
    if (wish.form == contract::ConsentForm::anonymous_click) return std::optional<contract::Digest>{};
    if (!wish.form_sha256.empty()) {
        const auto bytes = contract::from_hex(wish.form_sha256);
        const auto digest = bytes ? contract::Digest::from(*bytes) : std::nullopt;
        if (!digest) throw CLI::ValidationError("--form-sha256", "64 lower-case hex digits");
        return std::optional(*digest);
    }
    if (wish.form_file.empty()) throw CLI::RequiredError("--form-file or --form-sha256");
    std::ifstream scan(wish.form_file, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(scan), {});
    if (!scan || bytes.empty() || bytes.size() > kFormBytesMax) {
        return Failure{Refusal{"unusable", wish.form_file.string() + ": no scan that can be read"}};
    }
    return std::optional(statement::sha256(bytes));
}

codec::ConsentGiven record_of(const ConsentWish& wish, const Office& office, const codec::Notice& notice,
                              const std::optional<contract::Digest>& form, contract::Day today) {
    const contract::Day from = wish.from.value_or(today);
    codec::ConsentGiven given{.discloser = office.self(), .recipient = *wish.recipient};
    given.state = wish.refused ? codec::GivenState::rejected : codec::GivenState::active;
    given.notice = notice;
    given.language = wish.language;
    if (wish.form != contract::ConsentForm::anonymous_click) {
        given.explained_by = office.actor().id;
        given.explained_at = today;
    }
    given.form = wish.form;
    given.form_sha256 = form;
    given.purposes = wish.purposes;
    given.groups = wish.groups;
    given.direction = wish.direction;
    given.services = wish.services;
    given.valid_from = from;
    given.valid_to = from + std::chrono::days{wish.days};
    given.legal_basis = wish.basis;
    given.withdrawal_method = {codec::WithdrawalMethod::claim_code, codec::WithdrawalMethod::worker};
    given.retention = kRetentionDays;
    return given;
}

std::optional<contract::ConsentId> named_consent(const Office& office, const ConsentWish& wish) {
    if (wish.number.empty() || !wish.recipient) return wish.consent;
    return kit::AliasMaker(office.keys().alias_key().clone()).consent(wish.number, *wish.recipient);
}

// What went out is what is noted, also where an earlier try wrote it on another day.
kit::Usable<contract::Done> note_given(const Office& office, const std::string& number,
                                       const kit::Written& written) {
    if (number.empty()) return contract::Done{};
    const auto sent = codec::decode<codec::Submission>(written.submission);
    const auto given = codec::decode<codec::ConsentGiven>(sent.value().payload);
    return kit::keep_consent_note(office.directory(), {*written.consent, number, given.value()});
}

Outcome give(Office& office, const ConsentWish& wish) {
    const auto form = form_digest(wish);
    if (!form) return Failure{form.error()};
    const auto notice = published_notice(wish.purposes, wish.language);
    if (!notice) {
        return Failure{
            Refusal{"payload_invalid", "no notice is published for these purposes in this language"}};
    }
    const contract::Day today = contract::day_of(office.hub().now());
    kit::Message message{.id = wish.message.value_or(kit::draw_message_id()),
                         .type = contract::MessageType::consent_given,
                         .to = contract::OrganisationId::hub(),
                         .actor = office.actor(),
                         .payload = record_of(wish, office, *notice, *form, today)};
    message.pseudonym = wish.pseudonym;
    message.consent =
        named_consent(office, wish).value_or(contract::ConsentId::of_random(statement::random_bytes<16>()));
    return send(office, message, {.save = wish.save, .note = [&](const kit::Written& written) {
                                      return note_given(office, wish.number, written);
                                  }});
}

// Nobody is to think that she was heard.
Failure<Refusal> not_heard(Refusal why, const std::vector<std::string>& warnings) {
    while (why.sentence.ends_with('.')) why.sentence.pop_back();
    why.sentence += ". THE HUB DOES NOT KNOW OF HER WITHDRAWAL";
    for (const std::string& each : warnings) say_also(why, each);
    say_also(why, "Once this is mended, give the same command again.");
    return {std::move(why)};
}

Outcome revoke(Office& office, const ConsentWish& wish, const PassWaiting& pass_waiting) {
    const auto consent = named_consent(office, wish);
    kit::Message message{.id = wish.message.value_or(kit::draw_message_id()),
                         .type = contract::MessageType::consent_revoked,
                         .to = contract::OrganisationId::hub(),
                         .actor = office.actor(),
                         .payload = codec::ConsentRevoked{contract::day_of(office.hub().now())}};
    message.pseudonym = wish.pseudonym;
    message.consent = consent;
    AtHome at_home{.save = wish.save, .pass_waiting = pass_waiting};
    // Her word counts here from this moment, whatever is wrong with the journal or the folder and whatever
    // the hub answers: the adapter sends nothing more under it. Where that cannot be noted, the hub is told
    // all the same.
    if (const auto noted = kit::keep_revocation_note(office.directory(), *consent); !noted) {
        at_home.warnings.push_back(noted.error().sentence +
                                   "; a kesher-adapter that runs for this directory does not know of her "
                                   "withdrawal. The same command notes it when it is given again.");
    }
    if (const auto open = office.wait_for_journal(); !open) return not_heard(open.error(), at_home.warnings);
    message.id = id_to_say(office.journal(), message, wish.message);
    if (const auto ready = prepare_folder(wish.save, message.id); !ready)
        return not_heard(ready.error(), at_home.warnings);
    return send(office, message, std::move(at_home));
}

std::string as_native_number(std::string& text) {
    return kit::is_native_number(text) ? ""
                                       : "no number of a form, such as H-17, and never an identity number";
}
void add_number(CLI::App& sub, ConsentWish& wish, const std::string& what) {
    sub.add_option("--number", wish.number, what)->check(CLI::Validator(as_native_number, "NUMBER"));
}

template <class Enum, std::size_t N>
std::string words_of(const contract::ClosedList<Enum, N>& list, const contract::WordSet<Enum>& words) {
    std::string line;
    for (const Enum word : words.words()) line.append(line.empty() ? "" : " ").append(list.text(word));
    return line;
}

void tell_terms(Report& report, const kit::KnownConsent& known) {
    report.text("discloser", known.discloser.text())
        .text("recipient", known.recipient.text())
        .text("purposes", words_of(contract::kPurposes, known.purposes))
        .text("groups", words_of(contract::kDataGroups, known.groups))
        .text("direction", contract::kDirections.text(known.direction));
    if (known.valid_from) report.text("from", contract::text(*known.valid_from));
    if (known.valid_to) report.text("to", contract::text(*known.valid_to));
}

// What this directory knows of it; with the case, also where the referrals of the case stand (a leaf). The
// hub hands nobody the consent itself.
Outcome show(Office& office, const ConsentWish& wish) {
    kit::Journal& journal = office.journal();
    const auto known = journal.consent(*wish.consent);
    const bool withdrawn = journal.is_revoked(*wish.consent);
    if (!known && !withdrawn) {
        return Failure{Refusal{"unusable", "this consent was neither recorded nor received from here",
                               "Ask from the directory that recorded it."}};
    }
    Report report;
    report.text("consent", wish.consent->text());
    if (known) tell_terms(report, *known);
    report.text("state", withdrawn ? "withdrawn" : known->active ? "given" : "refused");
    const std::string missing = not_taken_of(journal.outgoing_of(*wish.consent), *wish.consent);
    if (!missing.empty()) report.text("hub", missing);
    if (!wish.pseudonym) return report;
    const auto status = office.hub().case_status(*wish.pseudonym);
    if (!status) return Failure{refusal(status.error())};
    return report.hub_json(*status);
}

// To the hub, within seven days of its notice: what became of what we had.
Outcome acknowledge(Office& office, const ConsentWish& wish) {
    codec::ConsentRevocationAcked acked{.occurred_on = contract::day_of(office.hub().now()),
                                        .effect = wish.effect};
    if (!wish.law.empty()) acked.law = wish.law;
    kit::Message message{.id = wish.message.value_or(kit::draw_message_id()),
                         .type = contract::MessageType::consent_revocation_acked,
                         .to = contract::OrganisationId::hub(),
                         .actor = office.actor(),
                         .payload = acked};
    message.consent = wish.consent;
    message.in_reply_to = wish.in_reply_to;
    return send(office, message, wish.save);
}

// By its id, or as the organisation's own files name it.
void require_named_consent(const ConsentWish& wish) {
    const bool by_number = !wish.number.empty() && wish.recipient;
    if (!wish.consent && !by_number) throw CLI::RequiredError("--consent, or --number with --recipient");
}

void add_shared(CLI::App& sub, ConsentWish& wish) {
    add_id(sub, "--case", wish.pseudonym, "Our pseudonym of the case")->required();
    add_id(sub, "--id", wish.message, "Message id of an earlier try");
    sub.add_option("--save", wish.save, "Folder for statement, payload, leaf and receipt");
}

void add_give_options(CLI::App& give, ConsentWish& wish) {
    add_id(give, "--consent", wish.consent, "Id of the consent; drawn unless given");
    add_number(give, wish, "Number of the signed form, under which our adapter's files name this consent");
    add_id(give, "--recipient", wish.recipient, "The one organisation it is for")->required();
    add_words(give, "--purposes", wish.purposes, contract::kPurposes, "TREATMENT,STATUS_FEEDBACK")
        ->required();
    add_words(give, "--groups", wish.groups, contract::kDataGroups,
              "Data groups; none: nothing that identifies her");
    add_words(give, "--services", wish.services, contract::kServices, "HLT-TRAUMA")->required();
    add_word(give, "--direction", wish.direction, contract::kDirections, "out, back or both");
    add_day(give, "--from", wish.from, "First day; today unless given");
    give.add_option("--days", wish.days, "How long it holds")->check(CLI::Range(1, 365));
    add_word(give, "--notice-language", wish.language, contract::kLanguages,
             "Of the notice that was read to her");
    add_word(give, "--form", wish.form, contract::kConsentForms, "written-ink unless said otherwise");
    add_word(give, "--basis", wish.basis, contract::kLegalBases, "PPL23B-CONSENT unless said otherwise");
    auto* file =
        give.add_option("--form-file", wish.form_file, "Scan of the signed form; only its SHA-256 is sent");
    give.add_option("--form-sha256", wish.form_sha256, "Or that SHA-256, in hex")->excludes(file);
    give.add_flag("--refused", wish.refused, "She was asked and said no");
}

}  // namespace

void add_consent_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* group = app.add_subcommand("consent", "What she agreed to");
    group->require_subcommand(1);
    const auto wish = std::make_shared<ConsentWish>();

    CLI::App* given = group->add_subcommand("give", "Records a signed consent, for exactly one recipient");
    add_shared(*given, *wish);
    add_give_options(*given, *wish);
    given->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return give(office, *wish); });
        };
    });

    CLI::App* revoked = group->add_subcommand("revoke", "She withdraws it; no reason is asked");
    add_shared(*revoked, *wish);
    add_id(*revoked, "--consent", wish->consent, "Id of the consent");
    add_number(*revoked, *wish, "Or the number of the signed form,");
    add_id(*revoked, "--recipient", wish->recipient, "and the organisation it was for");
    revoked->callback([wish, &chosen] {
        require_named_consent(*wish);
        chosen = [wish](const Common& common) {
            return in_office_said_first(common, [&](Office& office, const PassWaiting& pass_waiting) {
                return revoke(office, *wish, pass_waiting);
            });
        };
    });

    CLI::App* shown =
        group->add_subcommand("show", "What is known of a consent here, and how the case stands");
    add_id(*shown, "--consent", wish->consent, "Id of the consent")->required();
    add_id(*shown, "--case", wish->pseudonym, "Our pseudonym of the case: asks the hub, a leaf of the log");
    shown->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return show(office, *wish); });
        };
    });

    CLI::App* acked = group->add_subcommand(
        "acknowledge", "After a notice of withdrawal: what became of what we had, within seven days");
    add_id(*acked, "--consent", wish->consent, "Id of the consent")->required();
    add_id(*acked, "--in-reply-to", wish->in_reply_to, "Message id of the hub's notice")->required();
    add_word(*acked, "--effect", wish->effect, codec::kRevocationEffects,
             "stopped, deleted or retained-by-law");
    acked->add_option("--law", wish->law, "Statute and section, with retained-by-law and only then");
    add_id(*acked, "--id", wish->message, "Message id of an earlier try");
    acked->add_option("--save", wish->save, "Folder for statement, payload, leaf and receipt");
    acked->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return acknowledge(office, *wish); });
        };
    });
}

}  // namespace kesher::ctl
