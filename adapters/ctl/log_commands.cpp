// log checkpoint, log recover, doctor: what the log says of itself, and whether all around it is well.
#include "adapters/ctl/commands.h"
#include "adapters/ctl/doctor.h"
#include "adapters/ctl/recovery.h"
#include "adapters/kit/checkpoint_watch.h"
#include "adapters/kit/organisation_setup.h"
#include "audit/log/checkpoint.h"

namespace kesher::ctl {
namespace {

using contract::Failure;

// The note itself for programs and files; for people what it says, after its signature was checked.
Outcome show_checkpoint(Office& office) {
    const auto note = office.hub().checkpoint();
    if (!note) return Failure{refusal(note.error())};
    const auto opened = log::open_checkpoint(*note, office.pins().log);
    if (!opened)
        return Failure{Refusal{
            "unproven", "the checkpoint is not signed by the log: " + std::string(text(opened.error()))}};
    Report report;
    report.text("origin", opened->checkpoint.origin)
        .number("size", static_cast<std::int64_t>(contract::number(opened->checkpoint.size)))
        .text("root", contract::base64(opened->checkpoint.root.view()))
        .text("log", office.pins().log.vkey())
        .text("note", *note);
    return report;
}

struct RecoverWish {
    std::vector<std::filesystem::path> notes;  // checkpoint files: the hub's, and what witnesses handed over
};

// Asks the hub to show that its tree begins with what somebody remembers.
std::optional<bool> extends(Office& office, const std::string& remembered, contract::TreeSize size) {
    const auto body = office.hub().add_checkpoint_body(size);
    if (!body) return std::nullopt;
    const auto next = kit::parse_add_checkpoint(*body);
    if (!next) return std::nullopt;
    const auto judged = kit::judge_extension(remembered, *next, office.pins().log);
    if (judged == kit::Extension::holds) return true;
    if (judged == kit::Extension::forked || judged == kit::Extension::rolled_back) return false;
    return std::nullopt;
}

Outcome recover(Office& office, const RecoverWish& wish) {
    // What others remember first, then the hub: it goes on while we read.
    std::vector<Remembered> others{{"our journal", office.journal().checkpoint(), "it has seen none yet"}};
    for (const auto& file : wish.notes) {
        const auto text = kit::read_small_file(file);
        others.push_back(text ? Remembered{file.string(), *text}
                              : Remembered{file.string(), std::nullopt, text.error().sentence});
    }
    Remembered hub{.place = "hub"};
    if (const auto served = office.hub().checkpoint()) {
        hub.note = *served;
    } else {
        hub.why_not = refusal(served.error()).sentence;
    }
    Diagnosis found = diagnose(hub, others, office.pins().log);
    if (found.loss == Loss::unproven) {
        for (const Remembered& each : others) {
            if (each.place != found.newest_place) continue;
            const auto proven = extends(office, *each.note, found.newest->size);
            if (proven) found = with_proof(std::move(found), *proven);
            break;
        }
    }
    return report_of(found, office.pins().log);
}

}  // namespace

void add_log_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* log = app.add_subcommand("log", "The log");
    log->require_subcommand(1);
    log->add_subcommand("checkpoint", "The last signed checkpoint, its signature checked")
        ->callback(
            [&chosen] { chosen = [](const Common& common) { return in_office(common, show_checkpoint); }; });

    const auto wish = std::make_shared<RecoverWish>();
    CLI::App* recovery =
        log->add_subcommand("recover", "After a loss: what everybody knows of the log, and the way out");
    recovery->add_option("--checkpoint", wish->notes,
                         "A signed checkpoint: the hub's checkpoint file, a witness's; may be repeated");
    recovery->callback([wish, &chosen] {
        chosen = [wish](const Common& common) {
            return in_office(common, [&](Office& office) { return recover(office, *wish); });
        };
    });

    const auto order = std::make_shared<DoctorOrder>();
    CLI::App* doctor = app.add_subcommand("doctor", "Whether keys, clock, disks, listeners and log are well");
    doctor->add_option("--config", order->config, "Settings of kesher-hub, on the hub's own host");
    doctor->callback([order, &chosen] {
        chosen = [order](const Common& common) -> Outcome {
            const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
            return report_of(examine(common, *order, now));
        };
    });
}

}  // namespace kesher::ctl
