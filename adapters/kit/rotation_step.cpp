#include "adapters/kit/rotation_step.h"

#include "adapters/kit/hub_answers.h"
#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/own_key_list.h"
#include "schemas/contract/limits.h"
#include "schemas/json/read.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;
using contract::Code;
using contract::Done;
using contract::Failure;
using contract::Instant;
using statement::Certificate;

constexpr std::size_t kDirectoryBytes = 16 * 1024 * 1024;

Failure<Unusable> unusable(std::string sentence) { return {Unusable{std::move(sentence)}}; }

// What the hub refused, in its own words, or what kept its answer away.
std::string told(const HubFault& fault) {
    if (fault.code) {
        return "the hub says " + std::string(contract::text(*fault.code)) + ": " +
               std::string(contract::facts_of(*fault.code).title);
    }
    return "the hub: " + std::string(text(fault.kind)) + ": " + fault.text;
}

// Whose certificate the hub does not know any more is let in by a fresh token alone.
std::string who_mends(const HubFault& fault) {
    if (fault.kind == HubFault::Kind::unreachable) return "; whoever runs the line or the hub mends it";
    if (fault.code == Code::certificate_unknown || fault.code == Code::organisation_suspended) {
        return "; the hub's operator says why, and after stolen keys a fresh token lets this organisation in "
               "again, not this command";
    }
    return "; the hub's operator mends it";
}

struct ShownOfUs {
    std::optional<SignedList> list;
    Instant hub_at;
};

Usable<ShownOfUs> shown_by(HubClient& hub, const OrganisationKeys& keys) {
    const auto answer = hub.organisations();
    if (!answer) {
        return unusable(told_of(answer.error()) + std::string(kNothingChanged));
    }
    const auto document = json::read(*answer, {kDirectoryBytes, contract::limits::kJsonDepth});
    const json::Value* at = document ? document->find("at") : nullptr;
    const json::Value* list = document ? document->find("organisations") : nullptr;
    const auto hub_at = at != nullptr && at->text() != nullptr ? parse_instant(*at->text()) : std::nullopt;
    if (!hub_at || list == nullptr || list->array() == nullptr) {
        return unusable("the hub's list of organisations cannot be read; its operator mends it" +
                        std::string(kNothingChanged));
    }
    ShownOfUs shown{std::nullopt, *hub_at};
    for (const json::Value& each : *list->array()) {
        const json::Value* id = each.find("id");
        const json::Value* jws = each.find("keys");
        if (id == nullptr || id->text() == nullptr || *id->text() != keys.organisation().text()) continue;
        if (jws == nullptr || jws->text() == nullptr) continue;
        auto read = read_own_key_list(*jws->text(), keys.root());
        if (!read) {
            return unusable("the hub shows a key list of " + keys.organisation().text() +
                            " that this root did not sign; its operator says whose it is" +
                            std::string(kNothingChanged));
        }
        shown.list = SignedList{*std::move(read), *jws->text()};
    }
    return shown;
}

Usable<std::optional<SignedList>> read_begun(const fs::path& directory, const Certificate& root) {
    const fs::path file = begun_list(directory);
    if (!fs::exists(file)) return std::optional<SignedList>{};
    auto text = read_small_file(file);
    if (!text) return Failure{text.error()};
    auto list = read_own_key_list(*text, root);
    if (!list) return unusable(file.string() + ": " + list.error().sentence);
    return std::optional(SignedList{*std::move(list), *std::move(text)});
}

// A certificate that begins in the future is believed by nobody, and one of the past ends too early.
Usable<Done> clocks_agree(Instant ours, Instant hub) {
    const auto apart = std::chrono::floor<std::chrono::seconds>(ours > hub ? ours - hub : hub - ours);
    if (apart <= contract::limits::kClockAhead) return Done{};
    return unusable("this machine's clock and the hub's are " + std::to_string(apart.count()) +
                    " s apart; whoever runs this machine sets its clock first" +
                    std::string(kNothingChanged));
}

}  // namespace

fs::path begun_list(const fs::path& directory) { return directory / "keys.next.jws"; }

std::string told_of(const HubFault& fault) { return told(fault) + who_mends(fault); }

Usable<RotationFacts> look_at_rotation(const fs::path& directory, const OrganisationKeys& keys,
                                       HubClient& hub) {
    auto begun = read_begun(directory, keys.root());
    if (!begun) return Failure{begun.error()};
    if (*begun && (*begun)->jws != keys.key_list() && (*begun)->list.serial != keys.list().serial + 1) {
        return unusable(begun_list(directory).string() + " is list " + std::to_string((*begun)->list.serial) +
                        " and keys.jws is list " + std::to_string(keys.list().serial) +
                        ": it was put back from a copy; whoever did so takes it away" +
                        std::string(kNothingChanged));
    }
    auto shown = shown_by(hub, keys);
    if (!shown) return Failure{shown.error()};
    const Instant at = hub.machine_now();
    if (const auto agree = clocks_agree(at, shown->hub_at); !agree) return Failure{agree.error()};
    return RotationFacts{{keys.list(), keys.key_list()}, *std::move(begun), std::move(shown->list), at};
}

contract::Result<RotationStep, RotatedElsewhere> next_step(const RotationFacts& facts) {
    const auto& [own, begun, shown, at] = facts;
    const bool taken = begun && (begun->jws == own.jws || (shown && shown->jws == begun->jws));
    if (taken) return RotationStep::change_over;
    if (shown && shown->jws != own.jws && shown->list.serial >= own.list.serial) {
        return Failure{RotatedElsewhere{shown->list.serial}};
    }
    return begun && at <= begun->list.not_after ? RotationStep::publish : RotationStep::draw;
}

}  // namespace kesher::kit
