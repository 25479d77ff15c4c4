#include "adapters/kit/checkpoint_watch.h"

#include <charconv>

#include "audit/log/receipt.h"

namespace kesher::kit {
namespace {

// Decimal without leading zeros, as C2SP writes it.
std::optional<std::uint64_t> read_size(std::string_view digits) {
    if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
    std::uint64_t size = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) return std::nullopt;
    return size;
}

// The next line without its LF, taken off `rest`; none where there is no LF.
std::optional<std::string_view> take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

contract::TreeSize size_of(const std::optional<log::Checkpoint>& checkpoint) {
    return checkpoint ? checkpoint->size : contract::TreeSize{0};
}

std::optional<log::Checkpoint> opened(const std::optional<std::string>& note, const log::NoteKey& log) {
    if (!note) return std::nullopt;
    const auto read = log::open_checkpoint(*note, log);
    if (!read) throw JournalBroken("the journal's checkpoint is not one of this log");
    return read->checkpoint;
}

// A hub that answers is there; what it answered proved nothing.
CheckpointWatch::Step step_of(const HubFault& fault) {
    return fault.kind == HubFault::Kind::unreachable ? CheckpointWatch::Step::unreachable
                                                     : CheckpointWatch::Step::unproven;
}

log::CosignatureTime second_of(contract::Instant at) { return std::chrono::floor<std::chrono::seconds>(at); }

}  // namespace

std::string_view text(Extension extension) {
    switch (extension) {
        case Extension::holds:
            return "holds";
        case Extension::unproven:
            return "unproven";
        case Extension::rolled_back:
            return "the log was rolled back";
        case Extension::forked:
            return "the log shows two histories";
    }
    return "unproven";
}

std::optional<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
    constexpr std::string_view kOld = "old ";
    auto line = take_line(body);
    if (!line || !line->starts_with(kOld)) return std::nullopt;
    const auto old = read_size(line->substr(kOld.size()));
    if (!old) return std::nullopt;
    AddCheckpoint read{contract::TreeSize{*old}, {}, {}};
    for (line = take_line(body); line && !line->empty(); line = take_line(body)) {
        const auto hash = contract::digest_from_base64(*line);
        if (!hash || read.proof.size() == log::kProofHashes) return std::nullopt;
        read.proof.push_back(*hash);
    }
    if (!line || body.empty() || body.size() > log::kNoteBytes) return std::nullopt;
    read.note = body;
    return read;
}

Extension judge_extension(const std::optional<std::string>& last, const AddCheckpoint& next,
                          const log::NoteKey& log) {
    const auto shown = log::open_checkpoint(next.note, log);
    if (!shown) return Extension::unproven;
    const auto held = opened(last, log);
    const log::Checkpoint& now = shown->checkpoint;
    if (!held) {
        // The first one is believed: there is nothing yet that it could contradict.
        return next.old == contract::TreeSize{0} && next.proof.empty() ? Extension::holds
                                                                       : Extension::unproven;
    }
    // The log's own signature stands under both: these two findings need no proof from the hub.
    if (now.size < held->size) return Extension::rolled_back;
    if (now.size == held->size) return now.root == held->root ? Extension::holds : Extension::forked;
    if (next.old != held->size) return Extension::unproven;
    if (held->size == contract::TreeSize{0}) {
        return next.proof.empty() ? Extension::holds : Extension::unproven;
    }
    return merkle::is_consistent(held->size, held->root, now.size, now.root, next.proof) ? Extension::holds
                                                                                         : Extension::forked;
}

bool CheckpointWatch::observe(const std::string& note) {
    if (journal_.halt_reason()) return false;
    const auto shown = log::open_checkpoint(note, log_);
    if (!shown) return true;  // its receipt did not hold either, and was refused there
    const auto known = journal_.checkpoint();
    const auto held = opened(known, log_);
    const auto earlier = opened(observed_, log_);
    for (const auto& [other, text_of_other] : {std::pair(held, known), std::pair(earlier, observed_)}) {
        if (other && other->size == shown->checkpoint.size && other->root != shown->checkpoint.root) {
            halt(Extension::forked, *text_of_other, note);
            return false;
        }
    }
    if (shown->checkpoint.size > size_of(earlier) && shown->checkpoint.size != size_of(held))
        observed_ = note;
    return true;
}

CheckpointWatch::Step CheckpointWatch::halt(Extension why, const std::string& held,
                                            const std::string& shown) {
    journal_.put_halt(text(why), held + "\n" + shown);
    return Step::halted;
}

CheckpointWatch::Step CheckpointWatch::take(const std::optional<std::string>& held, const AddCheckpoint& next,
                                            HubClient& hub) {
    const Extension found = judge_extension(held, next, log_);
    if (found == Extension::unproven) return Step::unproven;
    if (found != Extension::holds) return halt(found, held.value_or(""), next.note);
    const bool grew = size_of(opened(next.note, log_)) > size_of(opened(held, log_)) || !held;
    // Kept before it is cosigned: what we have signed we can never forget. Where another was kept since we
    // asked, this one is not: whether the two are one history is the next step's question.
    if (grew && !journal_.replace_checkpoint(held, next.note)) return Step::unproven;
    if (witness_ != nullptr) {
        const auto note = log::parse_note(next.note);
        const auto line = witness_->cosign(note.value().text, second_of(hub.machine_now()));
        const auto sent = hub.send_cosignature(log::write(line));
        if (!sent && sent.error().kind == HubFault::Kind::unreachable) return Step::unreachable;
    }
    return grew ? Step::extended : Step::unchanged;
}

CheckpointWatch::Step CheckpointWatch::advance_held(HubClient& hub) {
    const auto held = journal_.checkpoint();
    const auto body = hub.add_checkpoint_body(size_of(opened(held, log_)));
    if (!body) return step_of(body.error());
    const auto next = parse_add_checkpoint(*body);
    return next ? take(held, *next, hub) : Step::unproven;
}

CheckpointWatch::Step CheckpointWatch::advance_observed(HubClient& hub) {
    const auto body = hub.add_checkpoint_body(size_of(opened(observed_, log_)));
    if (!body) return step_of(body.error());
    const auto next = parse_add_checkpoint(*body);
    if (!next) return Step::unproven;
    const Extension found = judge_extension(observed_, *next, log_);
    if (found == Extension::unproven) return Step::unproven;
    if (found != Extension::holds) return halt(found, *observed_, next->note);
    observed_ = next->note;
    return Step::extended;
}

// What the hub signed in a receipt must be a part of what it shows to everybody. The hub proves only up
// to its newest tree, so the two we hold take turns to catch up until they are the same one.
CheckpointWatch::Step CheckpointWatch::join_observed(HubClient& hub) {
    constexpr int kTurns = 6;  // a busy log moves on between two calls; the next step goes on from here
    for (int turn = 0; turn < kTurns; ++turn) {
        const auto held_note = journal_.checkpoint();
        const auto held = opened(held_note, log_);
        const auto observed = opened(observed_, log_);
        if (size_of(held) == size_of(observed)) {
            if (held->root != observed->root) return halt(Extension::forked, *held_note, *observed_);
            observed_.reset();
            return Step::unchanged;
        }
        const Step step = size_of(observed) > size_of(held) ? advance_held(hub) : advance_observed(hub);
        if (step != Step::extended) return step == Step::unchanged ? Step::unproven : step;
    }
    return Step::unproven;
}

CheckpointWatch::Step CheckpointWatch::step(HubClient& hub) {
    if (journal_.halt_reason()) return Step::halted;
    const Step advanced = advance_held(hub);
    if (advanced == Step::halted || !observed_ || !journal_.checkpoint()) return advanced;
    return join_observed(hub) == Step::halted ? Step::halted : advanced;
}

}  // namespace kesher::kit
