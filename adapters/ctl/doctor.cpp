#include "adapters/ctl/doctor.h"

#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/rotation_step.h"
#include "audit/log/checkpoint.h"
#include "schemas/statement/profile.h"

namespace kesher::ctl {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using contract::Instant;

constexpr auto kSoon = std::chrono::days{14};
constexpr auto kClockWarn = 60s;
constexpr auto kClockMost = 300s;
constexpr std::uintmax_t kLeastFree = std::uintmax_t{1} << 30U;
constexpr std::uintmax_t kLeastShare = 20;  // one in twenty

bool open_to_others(const fs::path& path, std::error_code& fault) {
    const fs::perms rights = fs::status(path, fault).permissions();
    return (rights & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none;
}

bool is_secret(const fs::path& file) { return file.extension() == ".key"; }

constexpr std::string_view kAgree =
    "kesher-adapter agreement propose, then approve, by both bodies' legal advisers and security officers.";
constexpr std::string_view kDeclare =
    "kesherctl profile declare, by a desk that takes its inbox by hand; an adapter says it when it starts.";

std::string agreements(std::size_t count, std::string_view state) {
    return std::to_string(count) + (count == 1 ? " agreement is " : " agreements are ") + std::string(state) +
           ".";
}

std::string text_at(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

// Its last day counts as well; without one it has no end.
bool runs(const json::Value& agreement, contract::Day today) {
    const auto from = contract::parse_day(text_at(agreement, "from"));
    const auto to = contract::parse_day(text_at(agreement, "to"));
    return from && *from <= today && (!to || today <= *to);
}

std::string gibibytes(std::uintmax_t bytes) {
    const std::uintmax_t tenths = bytes / (kLeastFree / 10);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GiB";
}

}  // namespace

Finding check_rights(std::string what, const fs::path& folder) {
    std::error_code fault;
    const auto broken = [&](std::string sentence, std::string next) {
        return Finding{what, Health::broken, std::move(sentence), "ours", std::move(next)};
    };
    if (!fs::is_directory(folder, fault)) {
        return broken(folder.string() + " is not there, or this account may not see it.",
                      "Name the right folder, or ask as the account that owns it.");
    }
    if (open_to_others(folder, fault)) {
        return broken(folder.string() + " is open to other accounts of this machine.",
                      "chmod 700 " + folder.string());
    }
    std::size_t keys = 0;
    for (const auto& entry : fs::directory_iterator(folder, fault)) {
        if (!entry.is_regular_file(fault) || !is_secret(entry.path())) continue;
        ++keys;
        if (open_to_others(entry.path(), fault)) {
            return broken(entry.path().string() + " can be read by other accounts of this machine.",
                          "chmod 600 " + entry.path().string() + ", and think of the key as known.");
        }
    }
    if (fault) {
        return broken(folder.string() + " cannot be listed: " + fault.message() + ".",
                      "Ask as the account that owns it.");
    }
    return {std::move(what), Health::well, std::to_string(keys) + " private keys, for their owner alone."};
}

Finding check_private_file(std::string what, const fs::path& file) {
    std::error_code fault;
    if (!fs::is_regular_file(file, fault)) {
        return {std::move(what), Health::broken, file.string() + " is not there.", "ours",
                "Let the service manager hand it over, or mend the path."};
    }
    if (open_to_others(file, fault)) {
        return {std::move(what), Health::broken,
                file.string() + " can be read by other accounts of this machine.", "ours",
                "chmod 600 " + file.string() + ", and change the passphrase."};
    }
    return {std::move(what), Health::well, file.string() + " is for its owner alone."};
}

Finding check_space(std::string what, const Space& space) {
    const std::string sentence = gibibytes(space.free) + " of " + gibibytes(space.capacity) + " are free.";
    if (space.free >= kLeastFree && space.free >= space.capacity / kLeastShare) {
        return {std::move(what), Health::well, sentence};
    }
    return {std::move(what), Health::broken, sentence, "ours",
            "Free room on this disk, or make it larger: a full disk stops everything."};
}

Finding check_expiry(std::string what, Instant not_after, Instant at, std::string_view how) {
    const std::string day = contract::text(contract::day_of(not_after));
    if (at > not_after) {
        return {std::move(what), Health::broken, "It ended on " + day + ".", "ours", std::string(how)};
    }
    if (at + kSoon > not_after) {
        return {std::move(what), Health::soon, "It ends on " + day + ".", "ours", std::string(how)};
    }
    return {std::move(what), Health::well, "It holds until " + day + "."};
}

Finding check_rotation(const fs::path& directory) {
    if (!fs::exists(kit::begun_list(directory))) return {"key rotation", Health::well, "None is under way."};
    return {"key rotation", Health::soon,
            "One was begun and is not complete; keys.jws says which keys are in use.", "ours",
            "Call kesher-adapter keys rotate again; it says so where it needs the root."};
}

Finding check_clock(Instant ours, Instant hub) {
    const auto apart = std::chrono::floor<std::chrono::seconds>(ours > hub ? ours - hub : hub - ours);
    const std::string sentence =
        "This clock and the hub's are " + std::to_string(apart.count()) + " s apart.";
    if (apart <= kClockWarn) return {"clock", Health::well, sentence};
    return {"clock", apart > kClockMost ? Health::broken : Health::soon, sentence, "ours",
            "Let chrony or systemd-timesyncd set this clock; if it is right, tell the hub's operator."};
}

Finding check_checkpoint_file(const fs::path& file, const log::NoteKey& log, const Served& served) {
    const std::string what = "checkpoint file";
    const auto broken = [&](std::string sentence, std::string next) {
        return Finding{what, Health::broken, std::move(sentence), "hub", std::move(next)};
    };
    const auto text = kit::read_small_file(file);
    if (!text) {
        return broken(
            "The last checkpoint cannot be read: " + text.error().sentence + ".",
            "Give the hub's account a folder on another disk than the database (state.checkpoint_file).");
    }
    const auto kept = log::open_checkpoint(*text, log);
    if (!kept) {
        return broken("It is not signed by this log: " + std::string(log::text(kept.error())) + ".",
                      "Run `kesherctl log recover` before the hub is started again.");
    }
    const std::uint64_t entries = number(kept->checkpoint.size);
    const auto note = served();
    const auto now = note ? log::open_checkpoint(*note, log)
                          : log::Result<log::OpenedCheckpoint>(log::fail(log::Flaw::signature_missing));
    if (now && now->checkpoint.size < kept->checkpoint.size) {
        return broken("It signs " + std::to_string(entries) + " entries, the hub only " +
                          std::to_string(number(now->checkpoint.size)) + ": an older database was put back.",
                      "Stop the hub and run `kesherctl log recover`.");
    }
    return {what, Health::well, "It signs " + std::to_string(entries) + " entries."};
}

Finding check_standing(const contract::OrganisationId& self, contract::OrganisationStatus status,
                       const contract::Digest& root) {
    const std::string what = "standing";
    const std::string confirm =
        "kesherctl org confirm " + self.text() + " --root " + contract::base64url(root.view());
    switch (status) {
        case contract::OrganisationStatus::active:
            return {what, Health::well, "The hub lists " + self.text() + " as active."};
        case contract::OrganisationStatus::pending:
            return {what, Health::broken,
                    "Nobody has confirmed " + self.text() + ": no referral goes from it or to it.", "hub",
                    "Tell the operator the root over another channel, who then calls " + confirm + "."};
        case contract::OrganisationStatus::suspended:
            return {what, Health::broken, self.text() + " is suspended: no referral goes from it or to it.",
                    "hub", "Ask the operator why, who takes it back by " + confirm + "."};
        case contract::OrganisationStatus::left:
            break;
    }
    return {what, Health::broken, self.text() + " has left the exchange, for good.", "hub",
            "Ask the operator for another id, where it is to take part again."};
}

bool exchanges(contract::OrganisationKind kind) {
    return kind != contract::OrganisationKind::operator_ && kind != contract::OrganisationKind::auditor;
}

std::optional<Agreements> count_agreements(const json::Value& answer, contract::Day today) {
    const json::Value* list = answer.find("agreements");
    if (list == nullptr || list->array() == nullptr) return std::nullopt;
    Agreements found;
    for (const json::Value& each : *list->array()) {
        const std::string state = text_at(each, "state");
        if (state == "active" && runs(each, today)) ++found.in_force;
        if (state == "proposed") ++found.proposed;
    }
    return found;
}

Finding check_agreements(const Agreements& found) {
    const std::string what = "agreements";
    if (found.in_force > 0) return {what, Health::well, agreements(found.in_force, "in force")};
    if (found.proposed > 0) {
        return {what, Health::broken,
                "None is in force; " + agreements(found.proposed, "proposed and not approved by all four"),
                "ours", "kesher-adapter agreement approve, by each of the four who has not yet."};
    }
    return {what, Health::broken, "None is in force: no body may send us anything, and we nothing to any.",
            "ours", std::string(kAgree)};
}

Finding check_profile(std::string_view declared, std::string_view log, const statement::KeyList& keys,
                      Instant at) {
    const std::string what = "profile";
    const auto broken = [&](std::string sentence) {
        return Finding{what, Health::broken, std::move(sentence), "ours", std::string(kDeclare)};
    };
    if (declared.empty()) return broken("Nothing is declared: nobody sends to a body that reads nothing.");
    const auto verified = statement::verify_profile(declared, {log, keys, at, true});
    if (!verified) {
        return broken("What is declared counts for nobody: " + std::string(text(verified.error())) + ".");
    }
    return check_expiry(
        what, contract::start_of(verified->declared + statement::kProfileLife + std::chrono::days{1}) - 1ms,
        at, kDeclare);
}

Report report_of(const std::vector<Finding>& findings) {
    Report report;
    std::vector<Report::Row> rows;
    std::string broken;
    for (const Finding& each : findings) {
        rows.push_back(
            {each.what, std::string(kHealths.text(each.health)), each.sentence, each.side, each.next});
        if (each.health == Health::broken) broken += (broken.empty() ? "" : ", ") + each.what;
    }
    report.table("checks", {"what", "health", "sentence", "side", "next"}, rows);
    if (!broken.empty()) report.does_not_hold("broken", broken);
    return report;
}

}  // namespace kesher::ctl
