// message draft, ask-consent: a referral that is prepared, and waits for her word. The hub alone hears of it;
// it is sent with `message send --referral`, once she has agreed.
#include "adapters/ctl/commands.h"
#include "adapters/ctl/published_notice.h"
#include "adapters/ctl/sending.h"
#include "adapters/ctl/words.h"
#include "schemas/statement/hash.h"

namespace kesher::ctl {
namespace {

using contract::Failure;

struct DraftWish {
    std::optional<contract::MessageId> message;
    std::optional<contract::ReferralId> referral;
    std::optional<contract::Pseudonym> pseudonym;
    std::optional<contract::OrganisationId> recipient;
    contract::Service service = contract::Service::rights;
    std::vector<contract::Purpose> purpose;  // none: the service's usual one
    std::vector<contract::DataGroup> groups;
    contract::LegalBasis basis = contract::LegalBasis::consent;
    contract::Language language = contract::Language::he;
    std::filesystem::path save;
};

// What is to be asked of her: the usual purpose, and to be told how it goes.
std::vector<contract::Purpose> purposes_of(const DraftWish& wish) {
    std::vector<contract::Purpose> purposes = wish.purpose;
    if (purposes.empty()) purposes = {contract::usual_purpose(wish.service)};
    return purposes;
}

Outcome send_draft(Office& office, const DraftWish& wish, contract::ReferralEvent event) {
    codec::Draft draft{.event = event, .service = wish.service, .recipient = *wish.recipient};
    draft.purposes = purposes_of(wish);
    draft.groups = wish.groups;
    draft.language = wish.language;
    if (event == contract::ReferralEvent::ask_consent) {
        draft.notice = published_notice(draft.purposes, wish.language);
        if (!draft.notice) {
            return Failure{
                Refusal{"payload_invalid", "no notice is published for these purposes in this language"}};
        }
    }
    kit::Message message{.id = wish.message.value_or(kit::draw_message_id()),
                         .type = contract::MessageType::referral_event,
                         .to = contract::OrganisationId::hub(),
                         .actor = office.actor(),
                         .payload = draft};
    message.pseudonym = wish.pseudonym;
    message.referral = wish.referral.value_or(contract::ReferralId::of_random(statement::random_bytes<16>()));
    message.purpose = draft.purposes.front();
    message.basis = wish.basis;
    return send(office, message, wish.save);
}

void add_options(CLI::App& sub, DraftWish& wish) {
    add_id(sub, "--case", wish.pseudonym, "Our pseudonym of the case")->required();
    add_id(sub, "--to", wish.recipient, "The organisation that is to receive it")->required();
    add_word(sub, "--service", wish.service, contract::kServices, "HLT-TRAUMA")->required();
    add_words(sub, "--purpose", wish.purpose, contract::kPurposes, "The service's usual one unless given")
        ->expected(1);
    add_words(sub, "--groups", wish.groups, contract::kDataGroups, "Data groups that will be needed");
    add_word(sub, "--basis", wish.basis, contract::kLegalBases, "PPL23B-CONSENT unless said otherwise");
    add_word(sub, "--language", wish.language, contract::kLanguages, "She speaks");
    add_id(sub, "--id", wish.message, "Message id of an earlier try: its bytes are sent again");
    sub.add_option("--save", wish.save, "Folder for statement, payload, leaf and receipt");
}

}  // namespace

void add_draft_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* group = app.get_subcommand("message");
    const auto wish = std::make_shared<DraftWish>();

    CLI::App* draft = group->add_subcommand("draft", "Prepares a referral; only the hub hears of it");
    add_options(*draft, *wish);
    add_id(*draft, "--referral", wish->referral, "Id of the referral; drawn unless given");
    draft->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) {
                return send_draft(office, *wish, contract::ReferralEvent::draft);
            });
        };
    });

    CLI::App* ask = group->add_subcommand(
        "ask-consent", "The prepared referral waits for her word: 14 days, after the notice was read to her");
    add_options(*ask, *wish);
    add_id(*ask, "--referral", wish->referral, "Id of the referral that was prepared")->required();
    ask->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) {
                return send_draft(office, *wish, contract::ReferralEvent::ask_consent);
            });
        };
    });
}

}  // namespace kesher::ctl
