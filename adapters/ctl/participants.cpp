#include "adapters/ctl/participants.h"

#include "schemas/json/read.h"

namespace kesher::ctl {
namespace {

// As the kit's own directory: some thousand members with their key lists.
constexpr json::Bounds kDirectoryBounds{16 * 1024 * 1024, contract::limits::kJsonDepth};

bool is_named(const json::Value& object, const contract::OrganisationId& body) {
    const json::Value* id = object.find("id");
    return id != nullptr && id->text() != nullptr && *id->text() == body.text();
}

}  // namespace

std::string keys_word(const kit::Member& member, const contract::OrganisationId& self,
                      const kit::Pins& pins) {
    if (member.id == self) return "ourselves";
    if (member.keys) return "believed";
    if (!pins.contains(member.id)) return "no agreement";
    return std::string(text(member.why_not));
}

std::optional<bool> has_enrolled(std::string_view organisations, const contract::OrganisationId& body) {
    const auto document = json::read(organisations, kDirectoryBounds);
    const json::Value* list = document ? document->find("organisations") : nullptr;
    if (list == nullptr || list->array() == nullptr) return std::nullopt;
    for (const json::Value& object : *list->array()) {
        if (is_named(object, body)) return object.find("root") != nullptr;
    }
    return std::nullopt;
}

Refusal other_root(const contract::OrganisationId& body, std::optional<bool> enrolled,
                   std::optional<kit::Receipted> receipt) {
    Refusal made = refusal(contract::Code::digest_mismatch, std::move(receipt));
    if (enrolled == false) {
        made.sentence = "Nobody has enrolled as " + body.text() + " yet: there is no root to confirm.";
        made.remedy = "Confirm it when the body has enrolled with its token and has told you its root.";
        return made;
    }
    made.sentence = "This is not the root that enrolled as " + body.text() + ".";
    made.remedy =
        "Do not confirm; ask the body again over another channel. If its root is the one that you typed, "
        "somebody else used its token: `kesherctl enrol token " +
        body.text() + "`, with its --kind, ends what enrolled and makes another.";
    return made;
}

Report officer_report(const contract::OfficerId& officer, bool suspended, const json::Value& answer) {
    Report report;
    report.text("officer", officer.text()).hub_json(answer);
    const json::Value* known = answer.find("known");
    const bool* said = known == nullptr ? nullptr : known->boolean();
    if (!suspended || (said != nullptr && *said)) return report;
    return report.heading(
        (said == nullptr ? "The hub does not say whether it knew this officer until now. "
                         : "This officer was not known to the hub until now, and may not act from now on. ") +
        std::string("If the number is not the one that was meant, whoever was meant can act as before."));
}

}  // namespace kesher::ctl
