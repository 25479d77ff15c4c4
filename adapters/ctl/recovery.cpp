#include "adapters/ctl/recovery.h"

#include "schemas/contract/bytes.h"

namespace kesher::ctl {
namespace {

std::string entries(const log::Checkpoint& checkpoint) {
    return std::to_string(number(checkpoint.size)) + " entries";
}

// Larger first; of one size with another root the log has said two things.
bool contradict(const log::Checkpoint& a, const log::Checkpoint& b) {
    return a.size == b.size && a.root != b.root;
}

std::string sentence_of(const Diagnosis& diagnosis) {
    switch (diagnosis.loss) {
        case Loss::none:
            return "the hub signs " + entries(*diagnosis.hub) + ", and nobody here knows more";
        case Loss::unproven:
            return "the hub signs " + entries(*diagnosis.hub) + ", but did not prove that they begin with " +
                   entries(*diagnosis.newest) + " in " + diagnosis.newest_place;
        case Loss::silent:
            return diagnosis.newest
                       ? "the hub says nothing; its database must hold at least the " +
                             entries(*diagnosis.newest) + " that " + diagnosis.newest_place + " knows"
                       : "the hub says nothing, and nobody here knows a checkpoint";
        case Loss::behind:
            return "the hub signs " + entries(*diagnosis.hub) + ", but " + diagnosis.newest_place +
                   " knows " + entries(*diagnosis.newest);
        case Loss::forked:
            return "the log signed two histories; " + diagnosis.newest_place + " holds the other one";
    }
    return {};
}

// In the order in which they are to be tried: what loses nothing first.
std::vector<Report::Row> way_out(Loss loss, const std::string& origin) {
    if (loss == Loss::none) return {};
    std::vector<Report::Row> steps;
    const auto step = [&](std::string text) {
        steps.push_back({std::to_string(steps.size() + 1), std::move(text)});
    };
    if (loss == Loss::unproven) {
        step(
            "Ask again; a hub that keeps failing to prove it is to be treated as one that signed two "
            "histories.");
        return steps;
    }
    step("Stop the hub. Copy its database, key folder and checkpoint file before anything else.");
    if (loss == Loss::forked) {
        step("Keep both signed checkpoints: together they prove what happened. Tell every body's operator.");
        step("Find who held the log's key and who could write to the database; start nothing until then.");
    } else {
        step(
            "Bring back the newest copy that exists: a standby, the write-ahead log archive, a later "
            "backup.");
        step("Start the hub on it. It starts only if it holds every entry that was signed.");
    }
    step(
        "Only if it is lost for good, and two operators agree: write down both checkpoints and the reason; "
        "a fresh database under the next hub.log (after " +
        origin + ") begins the successor log with kesher-hub --init. The old one is never written again.");
    step(
        "In the successor every withdrawal is recorded again first; then each body sends again from its "
        "journal.");
    return steps;
}

}  // namespace

Diagnosis diagnose(const Remembered& hub, const std::vector<Remembered>& others, const log::NoteKey& log) {
    Diagnosis found;
    bool forked = false;
    const auto take = [&](const Remembered& each) -> std::optional<log::Checkpoint> {
        if (!each.note) {
            found.rows.push_back({each.place, "", each.why_not});
            return std::nullopt;
        }
        const auto opened = log::open_checkpoint(*each.note, log);
        if (!opened) {
            found.rows.push_back(
                {each.place, "", "not signed by the log: " + std::string(text(opened.error()))});
            return std::nullopt;
        }
        const log::Checkpoint& said = opened->checkpoint;
        found.rows.push_back(
            {each.place, std::to_string(number(said.size)), contract::base64(said.root.view())});
        return said;
    };
    found.hub = take(hub);
    for (const Remembered& each : others) {
        const auto said = take(each);
        if (!said) continue;
        const bool against = (found.newest && contradict(*found.newest, *said)) ||
                             (found.hub && contradict(*found.hub, *said));
        if (against && !forked) found.newest_place = each.place;
        forked = forked || against;
        if (forked || (found.newest && found.newest->size >= said->size)) continue;
        found.newest = *said;
        found.newest_place = each.place;
    }
    if (forked) {
        found.loss = Loss::forked;
    } else if (!found.hub) {
        found.loss = Loss::silent;
    } else if (found.newest && found.newest->size > found.hub->size) {
        found.loss = Loss::behind;
    } else if (found.newest && found.newest->size < found.hub->size) {
        found.loss = Loss::unproven;
    }
    return found;
}

Diagnosis with_proof(Diagnosis diagnosis, bool extends) {
    if (diagnosis.loss == Loss::unproven) diagnosis.loss = extends ? Loss::none : Loss::forked;
    return diagnosis;
}

Report report_of(const Diagnosis& diagnosis, const log::NoteKey& log) {
    Report report;
    report.text("log", log.name()).table("known", {"place", "size", "root"}, diagnosis.rows);
    const auto steps = way_out(diagnosis.loss, log.name());
    report.table("way_out", {"step", "what"}, steps);
    if (diagnosis.loss == Loss::none) return report.text("verdict", sentence_of(diagnosis));
    return report.does_not_hold(std::string(kLosses.text(diagnosis.loss)), sentence_of(diagnosis));
}

}  // namespace kesher::ctl
