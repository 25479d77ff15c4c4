// profile declare, show: what a body whose inbox is taken by hand reads and honours. An adapter says it by
// itself when it starts, and corrects what stands there.
#include "adapters/ctl/commands.h"
#include "adapters/ctl/words.h"
#include "adapters/kit/own_profile.h"

namespace kesher::ctl {
namespace {

using contract::Failure;
using contract::SafetyFlag;

struct ProfileWish {
    std::vector<SafetyFlag> honours;
    std::optional<contract::OrganisationId> organisation;
};

// The file that `inbox take` writes shows every flag; whether the desk keeps it is the desk's to say.
Outcome declare(Office& office, const ProfileWish& wish) {
    contract::WordSet<SafetyFlag> honours;
    for (const SafetyFlag flag : wish.honours) honours.add(flag);
    const auto members = office.members();
    if (!members) return Failure{members.error()};
    const auto serial = kit::own_key_serial(office.keys(), office.hub().machine_now());
    if (!serial) {
        return Failure{Refusal{"unusable", "keys.jws has run out or is not this organisation's",
                               "Publish a newer key list first."}};
    }
    const kit::Member* shown = members->find(office.self());
    const auto document = kit::due_profile(
        {office.self(), office.keys().signer(), *serial, office.pins().log_origin()}, honours,
        shown == nullptr ? std::string() : shown->profile, office.hub().machine_now());
    Report report;
    report.text("answer", document ? "declared" : "unchanged");
    if (!document) return report;
    const auto declared = kit::declare_profile(office.hub(), *document);
    if (!declared) return Failure{refusal(declared.error())};
    return report;
}

// As our own sends judge it: what another body declared counts only under keys that our agreements pin.
Outcome show(Office& office, const ProfileWish& wish) {
    const auto members = office.members();
    if (!members) return Failure{members.error()};
    const kit::Member* member = members->find(*wish.organisation);
    if (member == nullptr) return Failure{Refusal{"not_found", "no such organisation"}};
    std::string reads;
    for (const auto schema : member->reads)
        reads.append(reads.empty() ? "" : " ").append(contract::text(schema));
    std::string honours;
    for (const SafetyFlag flag : member->honours.words()) {
        honours.append(honours.empty() ? "" : " ").append(contract::kSafetyFlags.text(flag));
    }
    Report report;
    report.text("organisation", member->id.text())
        .text("declared", member->declared ? "yes" : "no")
        .text("reads", reads)
        .text("honours", honours);
    return report;
}

}  // namespace

void add_profile_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* group =
        app.add_subcommand("profile", "What a body's side reads and which safety flags it honours");
    group->require_subcommand(1);
    const auto wish = std::make_shared<ProfileWish>();

    CLI::App* declared = group->add_subcommand(
        "declare", "Declares it for a desk that takes its inbox by hand; an adapter does so by itself");
    add_words(*declared, "--honours", wish->honours, contract::kSafetyFlags,
              "Safety flags that the desk is sure to keep, none unless said: nothing that bears another is "
              "sent to it");
    declared->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return declare(office, *wish); });
        };
    });

    CLI::App* shown = group->add_subcommand("show", "What our own messages to a body are judged by");
    add_id(*shown, "organisation", wish->organisation, "Its id")->required();
    shown->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return show(office, *wish); });
        };
    });
}

}  // namespace kesher::ctl
