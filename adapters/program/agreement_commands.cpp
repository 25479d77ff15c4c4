// agreement propose, approve, end, send: signed here and kept here before the hub hears of it.
#include "adapters/kit/enrolled.h"
#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/written_form.h"
#include "adapters/program/agreement_acts.h"
#include "adapters/program/command.h"
#include "schemas/json/read.h"
#include "schemas/statement/hash.h"

namespace kesher::program {
namespace {

namespace fs = std::filesystem;
using contract::Failure;
using kit::Unusable;

struct AgreementWish {
    std::string with;
    std::string their_root;
    std::vector<std::string> types, purposes, groups;
    std::string from, to;
    fs::path root_key, approver_key, approver_certificate;
    std::string role, approver;
    std::string agreement;
    fs::path proposal;
    fs::path document;
};

template <class Value>
Value must(std::optional<Value> value, const std::string& option) {
    if (!value) throw CLI::ValidationError(option, kit::not_of_its_form<Value>());
    return *std::move(value);
}
template <class Enum, std::size_t N>
Enum must_word(const std::string& text, const contract::ClosedList<Enum, N>& list,
               const std::string& option) {
    if (const auto value = list.parse(text)) return *value;
    std::string words;
    for (const std::string_view each : list.words) words.append(" ").append(each);
    throw CLI::ValidationError(option, "what was given is none of:" + words);
}
template <class Enum, std::size_t N>
std::vector<Enum> words(const std::vector<std::string>& texts, const contract::ClosedList<Enum, N>& list,
                        const std::string& option) {
    std::vector<Enum> found;
    for (const std::string& text : texts) found.push_back(must_word(text, list, option));
    return found;
}

kit::Usable<Approver> approver_of(const AgreementWish& wish, const Common& common,
                                  const statement::Certificate& root) {
    const auto role = must_word(wish.role, contract::kOfficerRoles, "--role");
    const auto id = must(contract::OfficerId::parse(wish.approver), "--approver");
    const auto protection = kit::protection_of(common.passphrase_file);
    if (!protection) return Failure{protection.error()};
    if (!wish.root_key.empty()) {
        auto issuer = kit::open_root(wish.root_key, common.directory / "root.pem", *protection);
        if (!issuer) return Failure{issuer.error()};
        return Approver{statement::Signer::make(issuer->key(), issuer->root()).value(), true, id, role};
    }
    const auto text = kit::read_small_file(wish.approver_certificate);
    if (!text) return Failure{text.error()};
    const auto certificate = statement::Certificate::from_pem(*text);
    if (!certificate || !certificate->issued_by(root)) {
        return Failure{Unusable{wish.approver_certificate.string() + ": not a certificate of our root"}};
    }
    auto key = statement::read_private_key(wish.approver_key, *protection);
    if (!key)
        return Failure{
            Unusable{wish.approver_key.string() + ": " + std::string(statement::word(key.error()))}};
    auto signer = statement::Signer::make(*std::move(key), *certificate);
    if (!signer) return Failure{Unusable{wish.approver_key.string() + ": not the certificate's key"}};
    return Approver{*std::move(signer), false, id, role};
}

Outcome send(kit::HubClient& hub, const kit::OwnAct& act, const fs::path& file) {
    const statement::Agreement& agreement = act.verified.agreement;
    const auto answer = hub.put("POST", "/v1/agreements", "application/json",
                                statement::write_agreement_document(act.document));
    if (!answer) {
        const kit::HubFault& fault = answer.error();
        std::string why = fault.code ? std::string(contract::text(*fault.code)) + ": " +
                                           std::string(facts_of(*fault.code).title)
                                     : std::string(kit::text(fault.kind)) + ": " + fault.text;
        if (!fault.code)
            why += " It is kept; `agreement send --document " + file.string() + "` sends it again.";
        return Failure{Unusable{std::move(why)}};
    }
    const json::Value* index = answer->find("index");
    Facts facts{{"agreement", agreement.id.text()},
                {"act", std::string(statement::kAgreementActs.text(agreement.act))},
                {"document", file.string()}};
    if (index != nullptr && index->integer() != nullptr)
        facts.emplace_back("leaf", std::to_string(*index->integer()));
    return facts;
}

Outcome keep_and_send(const Common& common, kit::EnrolledBody& body, const kit::Usable<kit::OwnAct>& act) {
    if (!act) return Failure{act.error()};
    const auto file = kit::keep_own_act(common.directory, *act);
    if (!file) return Failure{file.error()};
    return send(*body.hub, *act, *file);
}

Outcome propose_one(const Common& common, const AgreementWish& wish) {
    const Terms terms{must(contract::OrganisationId::parse(wish.with), "--with"),
                      must(contract::digest_from_base64url(wish.their_root), "--their-root"),
                      words(wish.types, contract::kMessageTypes, "--types"),
                      words(wish.purposes, contract::kPurposes, "--purposes"),
                      words(wish.groups, contract::kDataGroups, "--groups"),
                      must(contract::parse_day(wish.from), "--from"),
                      must(contract::parse_day(wish.to), "--to")};
    auto body = kit::open_enrolled(common.directory, common.passphrase_file);
    if (!body) return Failure{body.error()};
    const auto approver = approver_of(wish, common, body->keys.root());
    if (!approver) return Failure{approver.error()};
    const Side side{body->keys.organisation(), body->keys.root(), body->hub->now()};
    const auto id = contract::AgreementId::of_random(statement::random_bytes<16>());
    return keep_and_send(common, *body, propose(side, terms, *approver, id));
}

// The other body's root as the hub's directory shows it.
kit::Usable<statement::Certificate> root_shown_by_hub(kit::HubClient& hub,
                                                      const contract::OrganisationId& id) {
    const auto text = hub.organisations();
    if (!text) return Failure{Unusable{std::string(kit::text(text.error().kind)) + ": " + text.error().text}};
    const auto document = json::read(*text, {16 * 1024 * 1024});
    const json::Value* list = document ? document->find("organisations") : nullptr;
    if (list != nullptr && list->array() != nullptr) {
        for (const json::Value& each : *list->array()) {
            const json::Value* name = each.find("id");
            const json::Value* pem = each.find("root");
            if (name == nullptr || name->text() == nullptr || *name->text() != id.text()) continue;
            if (pem == nullptr || pem->text() == nullptr) break;
            const auto certificate = statement::Certificate::from_pem(*pem->text());
            if (certificate) return *certificate;
        }
    }
    return Failure{Unusable{"the hub shows no root of " + id.text()}};
}

Outcome approve_one(const Common& common, const AgreementWish& wish) {
    const auto other = must(contract::OrganisationId::parse(wish.with), "--with");
    const auto pin = must(contract::digest_from_base64url(wish.their_root), "--their-root");
    const auto text = kit::read_small_file(wish.proposal);
    if (!text) return Failure{text.error()};
    const auto proposal = statement::read_agreement_document(*text);
    if (!proposal) return Failure{Unusable{wish.proposal.string() + ": no document of an agreement"}};
    auto body = kit::open_enrolled(common.directory, common.passphrase_file);
    if (!body) return Failure{body.error()};
    const auto approver = approver_of(wish, common, body->keys.root());
    if (!approver) return Failure{approver.error()};
    const auto root = root_shown_by_hub(*body->hub, other);
    if (!root) return Failure{root.error()};
    const Side side{body->keys.organisation(), body->keys.root(), body->hub->now()};
    return keep_and_send(common, *body, approve(side, *proposal, {other, *root, pin}, *approver));
}

Outcome end_one(const Common& common, const AgreementWish& wish) {
    const auto id = must(contract::AgreementId::parse(wish.agreement), "--agreement");
    auto body = kit::open_enrolled(common.directory, common.passphrase_file);
    if (!body) return Failure{body.error()};
    const auto approver = approver_of(wish, common, body->keys.root());
    if (!approver) return Failure{approver.error()};
    const Side side{body->keys.organisation(), body->keys.root(), body->hub->now()};
    for (const kit::OwnAct& act : kit::own_acts(common.directory, side.self, side.root, side.at)) {
        const statement::Agreement& agreed = act.verified.agreement;
        if (agreed.id != id || agreed.act == statement::AgreementAct::end) continue;
        return keep_and_send(common, *body,
                             end(side, agreed, agreed.proposal.value_or(act.verified.document), *approver));
    }
    return Failure{Unusable{"this agreement was neither proposed nor approved from here"}};
}

Outcome send_one(const Common& common, const AgreementWish& wish) {
    auto body = kit::open_enrolled(common.directory, common.passphrase_file);
    if (!body) return Failure{body.error()};
    const auto text = kit::read_small_file(wish.document);
    if (!text) return Failure{text.error()};
    auto document = statement::read_agreement_document(*text);
    if (!document) return Failure{Unusable{wish.document.string() + ": no document of an agreement"}};
    auto verified = statement::verify_agreement(document->jws, body->keys.organisation(), body->keys.root(),
                                                document->approver, body->hub->now());
    if (!verified)
        return Failure{Unusable{"it does not hold: " + std::string(contract::text(verified.error()))}};
    return send(*body->hub, {*std::move(document), *std::move(verified)}, wish.document);
}

void add_signing(CLI::App& sub, AgreementWish& wish) {
    sub.add_option("--role", wish.role, "LEGAL_ADVISER or SECURITY_OFFICER")->required();
    sub.add_option("--approver", wish.approver, "Number of the officer who signs")->required();
    auto* root = sub.add_option("--root-key", wish.root_key, "The root's key, from where it is kept");
    auto* key = sub.add_option("--approver-key", wish.approver_key, "Or an approver's key")->excludes(root);
    auto* certificate =
        sub.add_option("--approver-certificate", wish.approver_certificate, "and certificate by the root");
    key->needs(certificate);
    certificate->needs(key);
    sub.parse_complete_callback([root, key] {
        if (root->empty() && key->empty()) throw CLI::RequiredError("--root-key or --approver-key");
    });
}

void add_other(CLI::App& sub, AgreementWish& wish) {
    sub.add_option("--with", wish.with, "The other body")->required();
    sub.add_option("--their-root", wish.their_root, "Its root's fingerprint, read over another channel")
        ->required();
}

using Act = Outcome (*)(const Common&, const AgreementWish&);

CLI::App* add(CLI::App& group, const std::string& name, const std::string& what, Act act,
              const std::shared_ptr<AgreementWish>& wish, Chosen& chosen) {
    CLI::App* sub = group.add_subcommand(name, what);
    sub->callback([wish, act, &chosen] {
        chosen = [wish, act](const Common& common) {
            need_directory(common);
            return act(common, *wish);
        };
    });
    return sub;
}

}  // namespace

void add_agreement_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* group = app.add_subcommand("agreement", "This organisation's word on exchange agreements");
    group->require_subcommand(1);
    const auto wish = std::make_shared<AgreementWish>();

    CLI::App* proposed =
        add(*group, "propose", "Proposes an agreement with another body", propose_one, wish, chosen);
    add_other(*proposed, *wish);
    proposed->add_option("--types", wish->types, "Message types")->delimiter(',')->required();
    proposed->add_option("--purposes", wish->purposes, "Purposes")->delimiter(',')->required();
    proposed->add_option("--groups", wish->groups, "Data groups")->delimiter(',');
    proposed->add_option("--from", wish->from, "First day, 2026-11-21")->required();
    proposed->add_option("--to", wish->to, "Last day")->required();
    add_signing(*proposed, *wish);

    CLI::App* approved =
        add(*group, "approve", "Approves a proposal that was read", approve_one, wish, chosen);
    add_other(*approved, *wish);
    approved->add_option("--proposal", wish->proposal, "The proposal's document, as its maker handed it over")
        ->required();
    add_signing(*approved, *wish);

    CLI::App* ended =
        add(*group, "end", "Ends an agreement; one officer of one body suffices", end_one, wish, chosen);
    ended->add_option("--agreement", wish->agreement, "Its id")->required();
    add_signing(*ended, *wish);

    CLI::App* sent =
        add(*group, "send", "Sends a document that was kept but did not get through", send_one, wish, chosen);
    sent->add_option("--document", wish->document, "A file of agreements/")->required();
}

}  // namespace kesher::program
