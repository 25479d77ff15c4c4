#include "adapters/social_services/settings.h"

#include <algorithm>
#include <array>

#include "adapters/record/settings_judge.h"
#include "adapters/social_services/settlements.h"
#include "schemas/codec/ways_to_reach.h"

namespace kesher::social_services {
namespace {

using config::Kind;
using config::Need;
using config::Setting;
using config::Values;
using contract::Failure;

constexpr std::string_view kHeading =
    "Settings of the adapter of a local social-service department, each with its default and the reason one "
    "would change it. Read once at start; an unknown name or a wrong value stops the start and is named with "
    "its line. Paths that are not absolute count from this file's folder. Durations carry their unit: ms, s, "
    "m, h, d.";

constexpr std::array kTable{
    Setting{"organisation.id", Kind::text, "\"ssd-5000\"", "", "The department's id in the exchange.",
            Need::required},
    Setting{"organisation.keys", Kind::file, "\"keys\"", "",
            "Folder of the organisation's own keys, as kesher-adapter init made it."},
    Setting{"organisation.passphrase_file", Kind::file, "\"\"", "",
            "File whose first line opens the key files. Empty where they are not encrypted."},
    Setting{"organisation.journal", Kind::file, "\"journal.sqlite\"", "",
            "The adapter's memory: what was sent and received, sealed."},
    Setting{"hub.name", Kind::host, "\"exchange.example.org\"", "",
            "Name of the hub. It must be the one that enrolment pinned.", Need::required},
    Setting{"hub.poll_wait", Kind::duration, "\"20s\"", "0s..30s",
            "How long an empty inbox keeps the call open. Files are looked for in between, so lower it where "
            "a department wants its answers sooner."},
    Setting{"department.authority", Kind::text, "\"5000\"", "",
            "Symbol in the names of files: four digits of the settlement, or C and four digits of a regional "
            "council.",
            Need::required},
    Setting{"department.entity", Kind::text, "\"000000018\"", "",
            "The department's registered number, nine digits. A file of another one is refused.",
            Need::required},
    Setting{"department.place", Kind::text, "\"הלשכה\"", "",
            "How an appointment's place is called. It goes to others and stands in calendars, so it says "
            "nothing of what the place is for."},
    Setting{"files.folder", Kind::file, "\"/var/lib/kesher/department\"", "",
            "Where the department's system drops its files and finds ours: inbox, taken, refused, out. All "
            "on one disk.",
            Need::required},
    Setting{"files.ledger", Kind::file, "\"department.ledger\"", "",
            "What became of each file, without anything about a person. Not in the department's folder."},
    Setting{"files.encoding", Kind::choice, "\"windows-1255\"", "iso-8859-8|cp-862|windows-1255",
            "How the department's system writes Hebrew, in logical order."},
    Setting{"files.settle", Kind::duration, "\"2s\"", "0s..10m",
            "A file that changed less than this ago may still be written and is left alone. Raise it where "
            "files come over a slow line under their final name."},
    Setting{"files.keep", Kind::duration, "\"30d\"", "15d..365d",
            "How long files stay in taken and refused. They hold what the department wrote about people, so "
            "no longer than needed; a referral may wait 14 days for its consent."},
    Setting{"actor.officer", Kind::text, "\"desk\"", "",
            "The officer under whose number goes what a record gives no worker for. Nothing of a person.",
            Need::required},
    Setting{"actor.role", Kind::choice, "\"SOCIAL_WORKER\"",
            "SOCIAL_WORKER|ENVELOPE_SW|COORDINATOR|HEAD_COORDINATOR",
            "Role of the department's workers who refer."},
    Setting{"form.asks", Kind::texts, "[]", "0..6",
            "Safety questions that the department's own form asks each woman, by the contract's words: "
            "safe_channel, safe_hours, no_voicemail, neutral_name, do_not_notify_family, "
            "address_confidential. Only of these does a contact flag 1 mean that she lifted them; the others "
            "stay at their safest value, and a recipient who cannot honour them gets nothing."},
    Setting{"route", Kind::entries, "", "",
            "Who receives what: a service, or a service and the symbol of an authority, and one "
            "organisation. A file with a referral that no line fits, or two, is refused whole. For example: "
            "HOUS-RENT = \"housing\" and \"FLEX.5000\" = \"ssd-4000\""},
};

class Reader {
public:
    explicit Reader(const Values& values) : values_(values) {}

    contract::Result<DepartmentSettings, config::SettingsFaults> read() {
        const auto organisation = record::judged_organisation(values_, faults_);
        const auto officer = record::judged_officer(values_, faults_);
        const auto authority = authority_of();
        check_entity();
        const auto asked = asked_of();
        const auto routes = routes_of();
        if (!faults_.empty()) return Failure{std::move(faults_)};
        return DepartmentSettings{
            .organisation = *organisation,
            .keys = values_.file("organisation.keys"),
            .passphrase_file = values_.file("organisation.passphrase_file"),
            .journal = values_.file("organisation.journal"),
            .hub = values_.text("hub.name"),
            .poll_wait = values_.duration("hub.poll_wait"),
            .folder = values_.file("files.folder"),
            .ledger = values_.file("files.ledger"),
            .encoding = kEncodings.parse(values_.text("files.encoding")).value(),
            .settle = values_.duration("files.settle"),
            .keep = values_.duration("files.keep"),
            .authority = *authority,
            .entity = values_.text("department.entity"),
            .desk = {*officer, contract::kOfficerRoles.parse(values_.text("actor.role")).value(), asked,
                     values_.text("department.place"), routes}};
    }

private:
    void complain(std::string_view key, std::string what, std::string mend) {
        faults_.push_back(values_.fault(key, std::move(what), std::move(mend)));
    }

    std::optional<Authority> authority_of() {
        const auto authority = parse_authority(values_.text("department.authority"));
        const bool known = authority && (authority->kind == Authority::Kind::regional_council ||
                                         settlement(authority->symbol));
        if (!known) {
            complain("department.authority", "it is no symbol of an authority",
                     "Write four digits of the settlement, or C and four digits of the council");
        }
        return authority;
    }

    void check_entity() {
        const std::string& entity = values_.text("department.entity");
        const bool digits =
            std::all_of(entity.begin(), entity.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (entity.size() != 9 || !digits) {
            complain("department.entity", "it is not nine digits", "Write the registered number with zeros");
        }
        const std::string& place = values_.text("department.place");
        if (place.empty() || place.size() > 200) {
            complain("department.place", "it is empty or too long",
                     "Write a neutral name, at most 200 bytes");
        }
        // It would go to bodies that may hold nothing to reach her by.
        if (codec::names_a_way_to_reach(place)) {
            complain("department.place", "a telephone number or an address stands in it",
                     "Write a neutral name alone");
        }
    }

    contract::WordSet<contract::SafetyFlag> asked_of() {
        contract::WordSet<contract::SafetyFlag> asked;
        for (const std::string& word : values_.texts("form.asks")) {
            const auto flag = contract::kSafetyFlags.parse(word);
            if (flag && *flag != contract::SafetyFlag::contact_prohibited) {
                asked.add(*flag);
            } else {
                complain("form.asks", "a word is no safety question of a form", "Use the words listed above");
            }
        }
        return asked;
    }

    Routes routes_of() {
        Routes routes;
        for (const config::Entry& entry : values_.entries("route")) {
            if (const auto route = parse_route(entry.key, entry.value)) {
                routes.push_back(*route);
                continue;
            }
            config::SettingsFault fault = values_.fault(
                "organisation.id", "it is no service with a symbol, or no organisation",
                "Write a service, or a service, a dot and four digits of a symbol; and an organisation's id");
            fault.key = "route." + entry.key;
            fault.place = entry.place;
            faults_.push_back(std::move(fault));
        }
        return routes;
    }

    const Values& values_;
    config::SettingsFaults faults_;
};

contract::Result<DepartmentSettings, config::SettingsFaults> settings_of(
    const contract::Result<Values, config::SettingsFaults>& values) {
    if (!values) return Failure{values.error()};
    return Reader(*values).read();
}

}  // namespace

contract::Result<DepartmentSettings, config::SettingsFaults> read_department_settings(
    const std::filesystem::path& file) {
    return settings_of(config::read_table(file, kTable));
}

contract::Result<DepartmentSettings, config::SettingsFaults> parse_department_settings(
    std::string_view toml, const std::filesystem::path& file) {
    return settings_of(config::parse_table(toml, file, kTable));
}

std::string department_example() { return config::example_text(kHeading, kTable); }

}  // namespace kesher::social_services
