// case open, claim-code, list, show.
#include "adapters/ctl/commands.h"
#include "adapters/ctl/reading_tables.h"
#include "adapters/ctl/words.h"
#include "adapters/ctl/written_language.h"
#include "adapters/kit/own_cases.h"
#include "schemas/statement/hash.h"

namespace kesher::ctl {
namespace {

using contract::Failure;

struct CaseWish {
    std::optional<contract::RequestId> id;
    bool anonymous = false;
    contract::Door door = contract::Door::department;
    std::optional<contract::Pseudonym> pseudonym;
    contract::Language language = contract::Language::en;
};

// The claim code is hers: shown once, on a line of its own, and kept nowhere.
Outcome open_case(Office& office, const CaseWish& wish) {
    const kit::Actor actor = office.actor();
    const auto id = wish.id.value_or(contract::RequestId::of_random(statement::random_bytes<16>()));
    const auto opened = kit::open_case(office.hub(), office.keys().signer(),
                                       {id, {actor.id, actor.role}, wish.anonymous, wish.door});
    if (!opened) {
        Refusal refused = refusal(opened.error());
        if (opened.error().kind == kit::HubFault::Kind::unreachable) {
            refused.remedy = "Give the same command once more with --id " + id.text() + ".";
        }
        return Failure{std::move(refused)};
    }
    Report report;
    report.text("pseudonym", opened->pseudonym.reveal());
    if (opened->claim_code) report.text("claim_code", *opened->claim_code);
    if (opened->receipt) report.receipt(*opened->receipt);
    return report;
}

// Hers again: shown once. The one she had is dead from this moment on.
Outcome new_code(Office& office, const CaseWish& wish) {
    const kit::Actor actor = office.actor();
    const auto answer =
        kit::new_claim_code(office.hub(), office.keys().signer(), *wish.pseudonym, {actor.id, actor.role});
    if (!answer) return Failure{refusal(answer.error())};
    return Report{}.hub_json(*answer);
}

Outcome shown(const kit::Answered<json::Value>& answer) {
    if (!answer) return Failure{refusal(answer.error())};
    return Report{}.hub_json(*answer);
}

Outcome listed(Office& office, contract::Language language) {
    const auto answer = office.hub().cases();
    if (!answer) return Failure{refusal(answer.error())};
    return cases_report(*answer, catalogue::built_in_catalogue(), language);
}

}  // namespace

void add_case_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* group =
        app.add_subcommand("case", "Cases of this organisation; each reading is a leaf of the log");
    group->require_subcommand(1);
    const auto wish = std::make_shared<CaseWish>();

    CLI::App* open =
        group->add_subcommand("open", "Opens a case: our pseudonym of it, and the claim code for her");
    add_id(*open, "--id", wish->id, "Of an earlier try: asking twice opens one case");
    open->add_flag("--anonymous", wish->anonymous, "Nobody knows who she is");
    add_word(*open, "--door", wish->door, contract::kDoors,
             "By which door she came; department unless said otherwise");
    open->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return open_case(office, *wish); });
        };
    });

    CLI::App* list =
        group->add_subcommand("list", "All of them, a line for each referral and where it stands");
    add_language(*list, wish->language);
    list->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return listed(office, wish->language); });
        };
    });

    CLI::App* renewed = group->add_subcommand(
        "claim-code", "A fresh code for her, where hers is lost or somebody saw it; the old one is dead");
    add_id(*renewed, "pseudonym", wish->pseudonym, "Our pseudonym of the case")->required();
    renewed->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return new_code(office, *wish); });
        };
    });

    CLI::App* show = group->add_subcommand("show", "One of them");
    add_id(*show, "pseudonym", wish->pseudonym, "Our pseudonym of it")->required();
    show->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(
                common, [&](Office& office) { return shown(office.hub().case_status(*wish->pseudonym)); });
        };
    });
}

}  // namespace kesher::ctl
