// org, enrol token, officer, user: who takes part.
#include <set>

#include "adapters/ctl/commands.h"
#include "adapters/ctl/participants.h"
#include "adapters/ctl/saving.h"
#include "adapters/ctl/words.h"
#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/own_officers.h"
#include "schemas/json/writer.h"

namespace kesher::ctl {
namespace {

using contract::Failure;

struct OrganisationWish {
    std::optional<contract::OrganisationId> id;
    contract::OrganisationKind kind = contract::OrganisationKind::public_body;
    std::optional<contract::Digest> root;
    std::filesystem::path token_file;
};

std::string json_of(const json::Value& value) {
    json::Writer writer;
    writer.value(value);
    return writer.take();
}

// The token is the organisation for 24 hours: it goes into a file for its owner's eyes, never to the screen.
Outcome add_organisation(Office& office, const OrganisationWish& wish) {
    // The hub adds it once; a token that finds no place afterwards is lost.
    if (const auto ready = prepare_new_file(wish.token_file); !ready) {
        Refusal refused = ready.error();
        refused.remedy = "The hub was not asked. Name a file that is not there yet with --token-file.";
        return Failure{std::move(refused)};
    }
    json::Writer body;
    body.open_object()
        .text("id", wish.id->text())
        .text("kind", contract::kOrganisationKinds.text(wish.kind))
        .close();
    const auto answer = office.hub().put("POST", "/v1/admin/organisations", "application/json", body.take());
    if (!answer) return Failure{refusal(answer.error())};
    const json::Value* token = answer->find("token_file");
    const json::Value* expires = token == nullptr ? nullptr : token->find("expires");
    if (expires == nullptr || expires->text() == nullptr) {
        return Failure{Refusal{"unproven", "the hub answered without a token"}};
    }
    Report report;
    report.text("organisation", wish.id->text());
    if (const auto written = kit::write_new_file(wish.token_file, json_of(*token)); !written) {
        return report.table("warnings", {"what"},
                            {{written.error().sentence +
                              "; the hub has added it, and its token is lost. `kesherctl enrol token " +
                              wish.id->text() + "` with another --token-file makes the next."}});
    }
    report.text("token_file", wish.token_file.string()).text("expires", *expires->text());
    return report;
}

Outcome change_status(Office& office, const OrganisationWish& wish, contract::OrganisationStatus status) {
    json::Writer body;
    body.open_object().text("status", contract::kOrganisationStatuses.text(status));
    if (wish.root) body.text("root", contract::base64url(wish.root->view()));
    body.close();
    const auto answer = office.hub().put("PUT", "/v1/admin/organisations/" + wish.id->text(),
                                         "application/json", body.take());
    if (!answer && answer.error().code == contract::Code::digest_mismatch) {
        const auto listed = office.hub().organisations();
        const auto enrolled = listed ? has_enrolled(*listed, *wish.id) : std::nullopt;
        return Failure{other_root(*wish.id, enrolled, answer.error().receipt)};
    }
    if (!answer) return Failure{refusal(answer.error())};
    Report report;
    report.text("organisation", wish.id->text()).text("status", contract::kOrganisationStatuses.text(status));
    return report.hub_json(*answer);
}

// One order: it is suspended and its keys are over, before anybody has time to use them.
Outcome compromise(Office& office, const OrganisationWish& wish) {
    json::Writer body;
    body.open_object().text("id", wish.id->text()).close();
    const auto answer = office.hub().put("POST", "/v1/admin/compromise", "application/json", body.take());
    if (!answer) return Failure{refusal(answer.error())};
    Report report;
    report.text("organisation", wish.id->text()).text("status", "suspended").text("keys", "ended");
    return report.hub_json(*answer);
}

Outcome list_organisations(Office& office) {
    const auto members = office.members();
    if (!members) return Failure{members.error()};
    const kit::Pins pins = office.journal().pins();
    std::vector<Report::Row> rows;
    for (const auto& [id, member] : members->members()) {
        rows.push_back({id.text(), std::string(contract::kOrganisationKinds.text(member.kind)),
                        std::string(contract::kOrganisationStatuses.text(member.status)),
                        keys_word(member, office.self(), pins)});
    }
    return Report{}.table("organisations", {"id", "kind", "status", "keys"}, rows);
}

void add_adding(CLI::App& group, const std::string& name, Chosen& chosen) {
    const auto wish = std::make_shared<OrganisationWish>();
    CLI::App* add = group.add_subcommand(name, "Makes an organisation known and writes its token file");
    add_id(*add, "id", wish->id, "Its id, such as ssd-5000")->required();
    add_word(*add, "--kind", wish->kind, contract::kOrganisationKinds, "PUBLIC_BODY unless said otherwise");
    add->add_option("--token-file", wish->token_file, "Where the token goes (mode 0600); must not exist")
        ->required();
    add->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return add_organisation(office, *wish); });
        };
    });
}

void add_org(CLI::App& app, Chosen& chosen) {
    CLI::App* org = app.add_subcommand("org", "Organisations (add, confirm, suspend: operators alone)");
    org->require_subcommand(1);
    const auto wish = std::make_shared<OrganisationWish>();

    add_adding(*org, "add", chosen);
    // The same by its other name: a newcomer that lost its token gets another, until it has enrolled.
    add_adding(*app.get_subcommand("enrol"), "token", chosen);

    CLI::App* confirm = org->add_subcommand("confirm", "Lets a pending organisation take part");
    add_id(*confirm, "id", wish->id, "Its id")->required();
    add_digest(*confirm, "--root", wish->root, "Its root's fingerprint, read over another channel")
        ->required();
    confirm->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) {
                return change_status(office, *wish, contract::OrganisationStatus::active);
            });
        };
    });

    CLI::App* suspend =
        org->add_subcommand("suspend", "Stops what goes to and from an organisation, at once");
    add_id(*suspend, "id", wish->id, "Its id")->required();
    suspend->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) {
                return change_status(office, *wish, contract::OrganisationStatus::suspended);
            });
        };
    });

    CLI::App* stolen = org->add_subcommand(
        "compromise",
        "Its keys may be in other hands: suspends it and ends its keys and connections, at once");
    add_id(*stolen, "id", wish->id, "Its id")->required();
    stolen->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return compromise(office, *wish); });
        };
    });

    CLI::App* leave = org->add_subcommand("off-board", "It takes part no more, for good: its keys are over");
    add_id(*leave, "id", wish->id, "Its id")->required();
    leave->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) {
                return change_status(office, *wish, contract::OrganisationStatus::left);
            });
        };
    });

    org->add_subcommand("list", "Who takes part, and whose keys our own agreements let us believe")
        ->callback([&chosen] {
            chosen = [](const Common& common) { return in_office(common, list_organisations); };
        });
}

struct OfficerWish {
    std::optional<contract::OfficerId> id;
    std::vector<contract::OfficerRole> roles;
    std::optional<contract::Day> training_valid_until;
    bool suspended = false;
};

Outcome put_officer(Office& office, const OfficerWish& wish) {
    const auto training = kit::judge_training(*wish.training_valid_until, office.hub().now());
    if (!training) return Failure{refusal(training.error())};
    // A role that was named twice is meant once.
    const std::set<contract::OfficerRole> roles(wish.roles.begin(), wish.roles.end());
    const auto answer = kit::put_officer(office.hub(), office.keys().signer(),
                                         {.organisation = office.self(),
                                          .log = office.pins().log_origin(),
                                          .officer = *wish.id,
                                          .at = {},
                                          .roles = {roles.begin(), roles.end()},
                                          .training_valid_until = *wish.training_valid_until,
                                          .suspended = wish.suspended});
    if (!answer) return Failure{refusal(answer.error())};
    return officer_report(*wish.id, wish.suspended, *answer);
}

// The hub keeps no account, only the body's own signed entry. Without a role she may do nothing; the log
// keeps which ones she had, and she is let in again by being invited anew.
Outcome suspend_officer(Office& office, OfficerWish wish) {
    wish.roles.clear();
    wish.training_valid_until = contract::day_of(office.hub().now());
    wish.suspended = true;
    return put_officer(office, wish);
}

void add_user(CLI::App& app, Chosen& chosen) {
    CLI::App* user = app.add_subcommand("user", "Who of this organisation's people may act");
    user->require_subcommand(1);
    const auto wish = std::make_shared<OfficerWish>();
    CLI::App* invite = user->add_subcommand("invite", "She may act in these roles");
    add_id(*invite, "id", wish->id, "Her number in the organisation, never an id number")->required();
    add_words(*invite, "--as", wish->roles, contract::kOfficerRoles, "Her roles; may be repeated")
        ->required();
    add_day(*invite, "--training-valid-until", wish->training_valid_until,
            "Last day, at most 24 months from now")
        ->required();
    invite->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return put_officer(office, *wish); });
        };
    });
    CLI::App* suspend = user->add_subcommand("suspend", "She may not act any more, from this moment on");
    add_id(*suspend, "id", wish->id, "Her number in the organisation")->required();
    suspend->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return suspend_officer(office, *wish); });
        };
    });
}

void add_officer(CLI::App& app, Chosen& chosen) {
    CLI::App* officer = app.add_subcommand("officer", "This organisation's own officers");
    officer->require_subcommand(1);
    const auto wish = std::make_shared<OfficerWish>();
    CLI::App* put = officer->add_subcommand("put", "Makes or changes an officer's entry");
    add_id(*put, "--id", wish->id, "Her number in the organisation, never an id number")->required();
    add_words(*put, "--role", wish->roles, contract::kOfficerRoles, "Her roles; may be repeated")->required();
    add_day(*put, "--training-valid-until", wish->training_valid_until,
            "Last day, at most 24 months from now")
        ->required();
    put->add_flag("--suspended", wish->suspended, "She may not act");
    put->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return put_officer(office, *wish); });
        };
    });
}

}  // namespace

void add_operator_commands(CLI::App& app, Chosen& chosen) {
    add_org(app, chosen);
    add_officer(app, chosen);
    add_user(app, chosen);
}

}  // namespace kesher::ctl
