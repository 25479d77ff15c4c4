#include "adapters/kit/checkpoint_watch.h"

#include <algorithm>
#include <charconv>

#include "audit/log/receipt.h"

namespace kesher::kit {
namespace {

// Of one step: each brings one of those that are not yet proven to the newest tree.
constexpr int kCallsOfStep = 64;
// Of a hub that is there: an honest one proves whatever it signed the first time it is asked.
constexpr int kUnprovenAnswers = 20;
// Refusals are no lie: a hub in trouble answers 503 for hours, and nobody's adapter is to stand still for
// that. Nor is it one that a busy log has grown between any two questions. But in a day either comes to an
// end, and what was not proven until then is not believed any longer.
constexpr std::chrono::hours kUnprovenTime{24};
// An honest hub offers all its witnesses one checkpoint for 45 seconds (limits::kWitnessOfferLife), while its
// receipts go on: however often it is asked in this time, it has said one thing.
constexpr std::chrono::seconds kBetweenOffers{60};
// Of the time between two steps counts no more than the longest pause of the loop (retry.h): a hub that was
// away had nothing to answer.
constexpr std::chrono::minutes kBetweenSteps{5};

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
            return "the log does not prove what it showed";
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
    return remember(shown->checkpoint, Shown{note});
}

bool CheckpointWatch::remember(const log::Checkpoint& checkpoint, const Shown& shown) {
    const auto held = journal_.checkpoint();
    if (held && opened(held, log_)->size == checkpoint.size)
        return is_same_tree(*held, checkpoint, shown.note);
    if (const auto found = observed_.find(checkpoint.size); found != observed_.end()) {
        Shown& earlier = found->second;
        earlier.answers = std::max(earlier.answers, shown.answers);
        earlier.waited = std::max(earlier.waited, shown.waited);
        if (!earlier.counted) earlier.counted = shown.counted;
        return is_same_tree(earlier.note, checkpoint, shown.note);
    }
    if (is_full()) return false;
    observed_.emplace(checkpoint.size, shown);
    return true;
}

bool CheckpointWatch::is_same_tree(const std::string& held, const log::Checkpoint& shown,
                                   const std::string& note) {
    if (opened(held, log_)->root == shown.root) return true;
    (void)halt(Extension::forked, held, note);
    return false;
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

Answered<std::string> CheckpointWatch::ask(contract::TreeSize from, HubClient& hub) {
    auto body = hub.add_checkpoint_body(from);
    said_ = body ? std::optional(*body) : std::nullopt;
    answered_ = answered_ || body || body.error().kind != HubFault::Kind::unreachable;
    return body;
}

CheckpointWatch::Step CheckpointWatch::advance_held(HubClient& hub) {
    const auto held = journal_.checkpoint();
    const auto body = ask(size_of(opened(held, log_)), hub);
    if (!body) return step_of(body.error());
    const auto next = parse_add_checkpoint(*body);
    return next ? take(held, *next, hub) : Step::unproven;
}

// One that was shown with a receipt, brought up to the newest tree.
CheckpointWatch::Step CheckpointWatch::advance(const Shown& shown, HubClient& hub) {
    const log::Checkpoint from = opened(shown.note, log_).value();
    const auto body = ask(from.size, hub);
    if (!body) return step_of(body.error());
    const auto next = parse_add_checkpoint(*body);
    const Extension found = next ? judge_extension(shown.note, *next, log_) : Extension::unproven;
    if (found == Extension::unproven) return Step::unproven;
    if (found != Extension::holds) return halt(found, shown.note, next->note);
    const log::Checkpoint newest = opened(next->note, log_).value();
    // We hold a larger one of this log: what ends before that proves nothing, and least of all the same
    // again.
    if (newest.size < size_of(opened(journal_.checkpoint(), log_))) return Step::unproven;
    observed_.erase(from.size);
    return remember(newest, {next->note, shown.answers, shown.waited, shown.counted}) ? Step::extended
                                                                                      : Step::halted;
}

// What the hub signed in a receipt must be a part of what it shows to everybody. The hub proves only up to
// its newest tree: each is brought there, and there they are the same one. A busy log moves on between two
// calls; then the next step goes on from here.
CheckpointWatch::Step CheckpointWatch::join_observed(HubClient& hub) {
    for (int call = 0; call < kCallsOfStep && !observed_.empty(); ++call) {
        const auto [size, shown] = *observed_.begin();
        const auto held_note = journal_.checkpoint();
        const auto held = opened(held_note, log_);
        if (held && held->size == size) {
            if (!is_same_tree(*held_note, opened(shown.note, log_).value(), shown.note)) return Step::halted;
            observed_.erase(size);
            continue;
        }
        const bool is_beyond = !held || size > held->size;
        const Step step = is_beyond ? advance_held(hub) : advance(shown, hub);
        if (step == Step::extended) continue;
        if (step == Step::unproven && !is_beyond && said_) ++observed_.at(size).answers;
        return step == Step::unchanged ? Step::unproven : step;
    }
    return Step::unchanged;
}

// The hub was asked for its newest tree, and what it said does not reach those that it had signed before.
void CheckpointWatch::count_beyond_newest(contract::Instant now) {
    const auto newest = size_of(opened(journal_.checkpoint(), log_));
    for (auto each = observed_.upper_bound(newest); each != observed_.end(); ++each) {
        Shown& shown = each->second;
        if (shown.counted && now >= *shown.counted && now - *shown.counted < kBetweenOffers) continue;
        shown.counted = now;
        ++shown.answers;
    }
}

bool CheckpointWatch::is_behind_as_usual() const {
    return !observed_.empty() && std::ranges::none_of(observed_, [](const auto& each) {
        return each.second.answers > 1 || each.second.waited > kBetweenOffers;
    });
}

std::chrono::milliseconds CheckpointWatch::since_last_step(contract::Instant now) {
    const std::chrono::milliseconds passed = last_step_ ? now - *last_step_ : std::chrono::milliseconds{0};
    last_step_ = now;
    return std::clamp<std::chrono::milliseconds>(passed, std::chrono::milliseconds{0}, kBetweenSteps);
}

// Whatever kind of answer kept it: what is left when a step ends has waited for its proof.
bool CheckpointWatch::is_overdue(std::chrono::milliseconds passed) {
    for (auto& [size, shown] : observed_) {
        if (answered_) shown.waited += passed;
        if (shown.answers < kUnprovenAnswers && shown.waited < kUnprovenTime) continue;
        (void)halt(Extension::unproven, shown.note, said_.value_or(""));
        return true;
    }
    return false;
}

CheckpointWatch::Step CheckpointWatch::step(HubClient& hub) {
    if (journal_.halt_reason()) return Step::halted;
    const contract::Instant now = hub.machine_now();
    const auto passed = since_last_step(now);
    answered_ = false;
    const Step advanced = advance_held(hub);
    if (advanced == Step::halted || observed_.empty()) return advanced;
    if (said_) count_beyond_newest(now);
    const Step joined = advanced == Step::unreachable ? advanced : join_observed(hub);
    if (joined == Step::halted || is_overdue(passed)) return Step::halted;
    if (advanced == Step::unreachable || joined == Step::unchanged) return advanced;
    // A line that breaks at this question alone is one more kind of refusal: the hub is there, and her
    // withdrawal is to reach it.
    return Step::unproven;
}

}  // namespace kesher::kit
