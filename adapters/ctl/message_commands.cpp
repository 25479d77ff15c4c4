// message send, event, show.
#include "adapters/ctl/commands.h"
#include "adapters/ctl/event_demands.h"
#include "adapters/ctl/referral_notes.h"
#include "adapters/ctl/sealed_file.h"
#include "adapters/ctl/sending.h"
#include "adapters/ctl/waiting_withdrawals.h"
#include "adapters/ctl/words.h"
#include "adapters/kit/organisation_setup.h"
#include "schemas/codec/records.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/hash.h"

namespace kesher::ctl {
namespace {

using contract::Failure;
using contract::ReferralEvent;

struct MessageWish {
    std::optional<contract::MessageId> message;
    std::optional<contract::ReferralId> referral;
    std::optional<contract::Pseudonym> pseudonym;
    std::optional<contract::OrganisationId> to;
    std::optional<contract::ConsentId> consent;
    std::optional<contract::MessageId> in_reply_to;
    contract::Service service = contract::Service::rights;
    std::vector<contract::Purpose> purpose;  // none: the service's usual one
    contract::LegalBasis basis = contract::LegalBasis::consent;
    contract::KnownBy known_by = contract::KnownBy::presents;
    contract::Priority priority = contract::Priority::routine;
    contract::Language language = contract::Language::he;
    std::filesystem::path need_file;
    std::filesystem::path sealed_file;
    std::filesystem::path save;
    // of an event
    ReferralEvent event = ReferralEvent::accept;
    std::vector<contract::Reason> reason;
    std::vector<contract::Outcome> outcome;
    std::optional<contract::Day> expected_on;
    std::optional<std::int64_t> expected_version;
    bool subject_acts = false;
};

constexpr std::size_t kNeedCharacters = contract::limits::kFreeTextCharacters;

Or<std::string> need_in(const std::filesystem::path& file) {
    auto text = kit::read_small_file(file);
    if (!text) return Failure{refusal(text.error())};
    while (text->ends_with('\n')) text->pop_back();
    if (text->find_first_not_of(" \t\r\n") == std::string::npos) {
        throw CLI::ValidationError("--need-file",
                                   "says nothing: it is what is asked for, in the worker's words");
    }
    return *std::move(text);
}

// What is said of her comes from files: a command line is seen by everybody on the machine.
Or<codec::Sealed> sealed_of(const MessageWish& wish) {
    codec::Sealed sealed;
    if (!wish.sealed_file.empty()) {
        const auto text = kit::read_small_file(wish.sealed_file);
        if (!text) return Failure{refusal(text.error())};
        auto read = read_sealed(*text);
        if (!read) return Failure{refusal(wish.sealed_file, read.error())};
        sealed = *std::move(read);
    }
    if (!wish.need_file.empty()) {
        auto need = need_in(wish.need_file);
        if (!need) return Failure{need.error()};
        // One of the two would be lost, and nobody told which.
        if (sealed.need) {
            throw CLI::ValidationError(
                "--need-file, --sealed-file",
                "both say what is asked for; leave `need` out of the one or give it alone");
        }
        sealed.need = *std::move(need);
    }
    if (codec::flaw(sealed) == "need") {
        throw CLI::ValidationError(
            wish.need_file.empty() ? "--sealed-file" : "--need-file",
            "what is asked for is text in UTF-8, of 1 to " + std::to_string(kNeedCharacters) + " characters");
    }
    return sealed;
}

// By what she is known goes with what is told of her.
void require_identity(const codec::Sealed& sealed) {
    if (codec::flaw(sealed) != "known_by") return;
    switch (sealed.known_by) {
        case contract::KnownBy::presents:
            throw CLI::ValidationError(
                "--known-by",
                "presents tells nothing that leads to her: --sealed-file has `identity` "
                "or a phone, which go with identified or contact");
        case contract::KnownBy::contact:
            throw CLI::ValidationError("--known-by", "contact needs `contact` in --sealed-file");
        case contract::KnownBy::identified:
            throw CLI::ValidationError("--known-by", "identified needs `identity` in --sealed-file");
    }
}

// An adapter has files of its own about what it sent; of this referral there is none.
void tell_where_answers_go(Outcome& outcome, const Office& office, const contract::ReferralId& referral) {
    if (!outcome || !std::filesystem::exists(office.directory() / "adapter.lock")) return;
    outcome->text(
        "answers",
        "they come to the kesher-adapter of this directory, which has no record of this referral and "
        "places none of them: `kesherctl message show --referral " +
            referral.text() + "` and `case show` tell its state");
}

Outcome send_referral(Office& office, const MessageWish& wish, codec::Sealed sealed) {
    if (wish.consent) {
        if (const auto known = office.journal().consent(*wish.consent))
            sealed.consent_until = known->valid_to;
    }
    const codec::ReferralSubmitted payload{.known_by = wish.known_by,
                                           .priority = wish.priority,
                                           .language = wish.language,
                                           .occurred_on = contract::day_of(office.hub().now())};
    kit::Message message{.id = wish.message.value_or(kit::draw_message_id()),
                         .type = contract::MessageType::referral_submitted,
                         .to = *wish.to,
                         .actor = office.actor(),
                         .payload = payload};
    message.sealed = std::move(sealed);
    message.pseudonym = wish.pseudonym;
    message.referral = wish.referral.value_or(contract::ReferralId::of_random(statement::random_bytes<16>()));
    message.service = wish.service;
    message.purpose = wish.purpose.empty() ? contract::usual_purpose(wish.service) : wish.purpose.front();
    message.basis = wish.basis;
    message.consent = wish.consent;
    message.in_reply_to = wish.in_reply_to;
    Outcome outcome = send(office, message, wish.save);
    // Given again with --id it keeps the referral that was drawn first.
    const auto sent = office.journal().outgoing(message.id);
    if (sent && sent->written.referral) tell_where_answers_go(outcome, office, *sent->written.referral);
    return outcome;
}

// A referral of ours moves only at her word where the recipient did not move it.
void require_her_word(const kit::Journal& journal, const MessageWish& wish) {
    const auto referral = journal.referral(*wish.referral);
    const bool ours = referral && referral->sent_by_us;
    if (!ours || !is_her_word(wish.event) || wish.subject_acts) return;
    throw CLI::ValidationError(
        "--subject-acts",
        "is required with " + std::string(contract::kReferralEvents.text(wish.event)) +
            " of a referral that was sent from here: the referring side says it as her word");
}

Refusal not_said(Refusal why) {
    say_also(why, "Nothing was sent, and nothing is written down here. Give the same command once more.");
    return why;
}

bool says_more(const MessageWish& wish) { return !wish.sealed_file.empty() || !wish.need_file.empty(); }

Outcome send_event(Office& office, const MessageWish& wish, const PassWaiting& pass_waiting = {}) {
    const auto note = find_note(office.directory(), *wish.referral);
    if (!note) {
        return Failure{Refusal{"unusable", "this referral was neither sent nor taken from here",
                               "Events are sent from the directory that sent or took the referral."}};
    }
    codec::ReferralEventPayload payload{.event = wish.event,
                                        .occurred_on = contract::day_of(office.hub().now())};
    if (!wish.reason.empty()) payload.reason = wish.reason.front();
    if (!wish.outcome.empty()) payload.outcome = wish.outcome.front();
    payload.expected_on = wish.expected_on;
    kit::Message message{.id = wish.message.value_or(kit::draw_message_id()),
                         .type = contract::MessageType::referral_event,
                         .to = note->other,
                         .actor = office.actor(),
                         .payload = payload};
    if (pass_waiting) {
        if (const auto open = office.wait_for_journal(); !open) return Failure{not_said(open.error())};
    }
    require_her_word(office.journal(), wish);
    if (says_more(wish)) {
        auto sealed = sealed_of(wish);
        if (!sealed) return Failure{sealed.error()};
        message.sealed = *std::move(sealed);
    }
    message.pseudonym = note->pseudonym;
    message.referral = note->referral;
    message.purpose = note->purpose;
    message.basis = note->basis;
    message.consent = note->consent;
    message.in_reply_to = wish.in_reply_to;
    message.expected_version = wish.expected_version;
    message.subject_acts = wish.subject_acts;
    if (is_withdrawal(message)) {
        if (office.journal().take_back(*wish.referral)) return never_left(*wish.referral);
        message.id = id_to_say(office.journal(), message, wish.message);
    }
    return send(office, message, {.save = wish.save, .pass_waiting = pass_waiting});
}

Outcome show(Office& office, const MessageWish& wish) {
    if (!wish.message && !wish.referral) throw CLI::RequiredError("a message id or --referral");
    const auto answer =
        wish.referral ? office.hub().referral(*wish.referral) : office.hub().message(*wish.message);
    if (!answer) return Failure{refusal(answer.error())};
    return Report{}.hub_json(*answer);
}

// Told before anything is sealed, and by the option's name.
void require_ground(const MessageWish& wish) {
    const bool rehearses = !wish.purpose.empty() && wish.purpose.front() == contract::Purpose::rehearsal;
    if (wish.consent || rehearses || contract::needs_no_consent(wish.basis)) return;
    throw CLI::ValidationError("--consent", "is required where the basis is " +
                                                std::string(contract::kLegalBases.text(wish.basis)) +
                                                ": the id that `consent give` answered");
}

// A referral that says neither what is asked nor anything else is nothing that a desk could answer.
void require_content(const MessageWish& wish) {
    if (!says_more(wish)) throw CLI::RequiredError("--need-file or --sealed-file");
}

void require_what_goes_with(const MessageWish& wish) {
    EventLine line{.event = wish.event, .says_more = says_more(wish), .subject_acts = wish.subject_acts};
    if (!wish.reason.empty()) line.reason = wish.reason.front();
    if (!wish.outcome.empty()) line.outcome = wish.outcome.front();
    if (const auto wrong = wrong_option(line)) throw CLI::ValidationError(wrong->option, wrong->sentence);
}

void add_shared(CLI::App& sub, MessageWish& wish) {
    add_id(sub, "--id", wish.message, "Message id of an earlier try: its bytes are sent again");
    add_id(sub, "--in-reply-to", wish.in_reply_to, "Message that this one answers");
    sub.add_option("--need-file", wish.need_file, "What is asked for, in the worker's words; sealed");
    sub.add_option("--sealed-file", wish.sealed_file, "The rest of the sealed part (README.md)");
    sub.add_option("--save", wish.save, "Folder for statement, payload, leaf and receipt");
}

void add_send_options(CLI::App& sub, MessageWish& wish) {
    add_shared(sub, wish);
    add_id(sub, "--case", wish.pseudonym, "Our pseudonym of the case")->required();
    add_id(sub, "--to", wish.to, "The receiving organisation")->required();
    add_word(sub, "--service", wish.service, contract::kServices, "HLT-TRAUMA")->required();
    add_id(sub, "--consent", wish.consent, "The consent it relies on");
    add_id(sub, "--referral", wish.referral, "Id of the referral; drawn unless given");
    add_words(sub, "--purpose", wish.purpose, contract::kPurposes, "The service's usual one unless given")
        ->expected(1);
    add_word(sub, "--basis", wish.basis, contract::kLegalBases, "PPL23B-CONSENT unless said otherwise");
    add_word(sub, "--known-by", wish.known_by, contract::kKnownBy, "presents, contact or identified");
    add_word(sub, "--priority", wish.priority, contract::kPriorities, "routine, urgent or stat");
    add_word(sub, "--language", wish.language, contract::kLanguages, "She speaks");
}

void add_event_options(CLI::App& sub, MessageWish& wish) {
    add_shared(sub, wish);
    add_id(sub, "--referral", wish.referral, "Id of the referral")->required();
    add_word(sub, "--event", wish.event, contract::kReferralEvents, "accept, decline, withdraw ...")
        ->required();
    add_words(sub, "--reason", wish.reason, contract::kReasons,
              "Required with decline, hold, cancel, fail and mark_error, and may go with redirect")
        ->expected(1);
    add_words(sub, "--outcome", wish.outcome, contract::kOutcomes, "Required with complete")->expected(1);
    add_day(sub, "--expected-on", wish.expected_on, "A day");
    add_whole_number(sub, "--expected-version", wish.expected_version,
                     "Refused where the referral has moved on");
    sub.add_flag(
        "--subject-acts", wish.subject_acts,
        "At her word: with withdraw always, and with schedule, hold and resume of the referring side");
}

}  // namespace

void add_message_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* group = app.add_subcommand("message", "Referrals and what happens with them");
    group->require_subcommand(1);
    const auto wish = std::make_shared<MessageWish>();

    CLI::App* referral = group->add_subcommand("send", "Refers her to one organisation");
    add_send_options(*referral, *wish);
    referral->callback([wish, &chosen] {
        require_ground(*wish);
        require_content(*wish);
        chosen = [wish](const Common& common) -> Outcome {
            auto sealed = sealed_of(*wish);
            if (!sealed) return Failure{sealed.error()};
            sealed->known_by = wish->known_by;
            require_identity(*sealed);
            return in_office(common, [&](Office& office) { return send_referral(office, *wish, *sealed); });
        };
    });

    CLI::App* event = group->add_subcommand("event", "Says what happens with a referral, from either side");
    add_event_options(*event, *wish);
    event->callback([wish, &chosen] {
        require_what_goes_with(*wish);
        chosen = [wish](const Common& common) {
            if (!is_never_sealed(wish->event))
                return in_office(common, [&](Office& office) { return send_event(office, *wish); });
            return in_office_said_first(common, [&](Office& office, const PassWaiting& pass_waiting) {
                return send_event(office, *wish, pass_waiting);
            });
        };
    });

    CLI::App* shown =
        group->add_subcommand("show", "Where a message or a referral stands; a leaf of the log");
    add_id(*shown, "id", wish->message, "Message id");
    add_id(*shown, "--referral", wish->referral, "Or a referral's");
    shown->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return show(office, *wish); });
        };
    });
}

}  // namespace kesher::ctl
