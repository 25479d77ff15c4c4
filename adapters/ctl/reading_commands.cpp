// board, agenda, access: where things stand, what the hub proposes to talk about, and who looked. Each is a
// reading with a leaf of its own, shown in the catalogue's words.
#include "adapters/ctl/commands.h"
#include "adapters/ctl/reading_tables.h"
#include "adapters/ctl/words.h"
#include "adapters/ctl/written_language.h"

namespace kesher::ctl {
namespace {

using contract::Failure;
using contract::Language;

struct ReadingWish {
    Language language = Language::en;
    std::optional<contract::Pseudonym> subject;
    std::optional<contract::OfficerId> officer;
    std::optional<contract::OrganisationId> org;
    std::optional<std::int64_t> before;
    bool ics = false;
    std::string start;
    int minutes = 90;
};

// Ids and pseudonyms of the contract hold nothing that a query would have to escape.
std::string access_path(const ReadingWish& wish) {
    std::string path = "/v1/access";
    const auto add = [&](std::string_view name, const std::string& value) {
        path.append(path.find('?') == std::string::npos ? "?" : "&").append(name).append("=").append(value);
    };
    if (wish.subject) add("subject", wish.subject->reveal());
    if (wish.officer) add("officer", wish.officer->text());
    if (wish.org) add("org", wish.org->text());
    if (wish.before) add("before", std::to_string(*wish.before));
    return path;
}

using Shown = Report (*)(const json::Value&, const catalogue::Catalogue&, Language);

Outcome read(Office& office, const std::string& path, Shown shown, Language language) {
    const auto answer = office.hub().get(path);
    if (!answer) return Failure{refusal(answer.error())};
    return shown(*answer, catalogue::built_in_catalogue(), language);
}

// When the table meets, for a calendar: it says nothing of what is on the agenda.
Outcome meeting(Office& office, const ReadingWish& wish) {
    if (wish.start.empty()) throw CLI::RequiredError("--start with --ics");
    const auto answer = office.hub().get("/v1/agenda/meeting?start=" + wish.start +
                                         "&minutes=" + std::to_string(wish.minutes));
    if (!answer) return Failure{refusal(answer.error())};
    const json::Value* ics = answer->find("ics");
    if (ics == nullptr || ics->text() == nullptr) {
        return Failure{Refusal{"unproven", "the hub answered without a calendar"}};
    }
    return Report{}.heading(*ics->text()).for_programs(*answer);
}

// Digits, `-`, `:` and one T: nothing that a query would have to escape.
std::string valid_start(const std::string& text) {
    const bool plain = text.size() == 16 && text.find_first_not_of("0123456789-:T") == std::string::npos;
    return plain ? "" : "'" + text + "' is not of the form 2026-12-01T09:30";
}

}  // namespace

void add_reading_commands(CLI::App& app, Chosen& chosen) {
    const auto wish = std::make_shared<ReadingWish>();

    CLI::App* board =
        app.add_subcommand("board", "Where our referrals stand, in an order that says nothing; a leaf");
    add_language(*board, wish->language);
    board->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) {
                return read(office, "/v1/board", board_report, wish->language);
            });
        };
    });

    CLI::App* agenda =
        app.add_subcommand("agenda", "What the hub proposes for the round table, in counts alone; a leaf");
    add_language(*agenda, wish->language);
    agenda->add_flag("--ics", wish->ics, "Instead: the table's meeting for a calendar, without its agenda");
    agenda->add_option("--start", wish->start, "Of the meeting, in Israel: 2026-12-01T09:30")
        ->check(valid_start);
    agenda->add_option("--minutes", wish->minutes, "How long it lasts")->check(CLI::Range(5, 720));
    agenda->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) {
                if (wish->ics) return meeting(office, *wish);
                return read(office, "/v1/agenda", agenda_report, wish->language);
            });
        };
    });

    CLI::App* access = app.add_subcommand("access", "Who looked, sent and decided, newest first; a leaf");
    add_language(*access, wish->language);
    add_id(*access, "--subject", wish->subject, "Our pseudonym of a case");
    add_id(*access, "--officer", wish->officer, "Number of an officer");
    add_id(*access, "--org", wish->org, "An organisation (another than our own: auditors alone)");
    add_whole_number(*access, "--before", wish->before,
                     "The next page: the number that the last one ended with");
    access->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) {
                return read(office, access_path(*wish), access_report, wish->language);
            });
        };
    });
}

}  // namespace kesher::ctl
