#include "gateway/insight/witnessing.h"

#include <algorithm>

#include "audit/log/leaf.h"
#include "audit/log/note.h"
#include "gateway/insight/log_reading.h"
#include "gateway/store/log_repository.h"
#include "gateway/store/stored_words.h"
#include "schemas/contract/limits.h"

namespace kesher::insight {
namespace {

using namespace contract;
using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

// What a witness was offered last, and the two before: it may answer late.
constexpr std::size_t kOffersKept = 3;

Result<std::vector<log::SignatureLine>, Code> read_lines(std::string_view text) {
    std::vector<log::SignatureLine> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos || lines.size() == limits::kCosignatureLines) {
            return Failure{Code::statement_invalid};
        }
        auto line = log::parse_signature_line(text.substr(0, end));
        if (!line) return Failure{Code::statement_invalid};
        lines.push_back(*std::move(line));
        text.remove_prefix(end + 1);
    }
    if (lines.empty()) return Failure{Code::statement_invalid};
    return lines;
}

// The size that more than half of them have signed, or a larger one: each tree extends those before it.
TreeSize stored_by_most(store::Connection& connection, const std::vector<sequencer::Witness>& witnesses) {
    std::vector<TreeSize> sizes;
    for (const sequencer::Witness& witness : witnesses) {
        const auto last = store::last_cosignature_of(connection, witness.key.name());
        sizes.push_back(last ? last->size : TreeSize{0});
    }
    std::ranges::sort(sizes, std::ranges::greater{});
    return sizes.at(sizes.size() / 2);
}

Instant time_of(const store::LogEntry& entry) {
    const auto leaf = log::split_leaf(text_of(entry.data));
    const auto record =
        leaf ? log::parse_record(leaf->record) : log::Result<log::Record>(log::fail(leaf.error()));
    if (!record) store::refuse_stored("log_entry.data");
    return record->at;
}

}  // namespace

Witnessing::Offer Witnessing::newest(store::Connection& connection, SteadyTime now) const {
    const auto checkpoint = sequencer::stored_checkpoint(connection, log_key_);
    if (!checkpoint) return {{}, {}, now};
    const auto stored = store::checkpoint_of(connection, checkpoint->size);
    return {*checkpoint, stored->note, now};
}

std::optional<Witnessing::Offer> Witnessing::shared(const sequencer::Registry& registry, TreeSize old,
                                                    SteadyTime now) {
    const std::size_t witnesses = sequencer::witnesses_of(registry).size();
    const auto is_over = [&](const Offer& offer) {
        const auto age = now - offer.since;
        return age >= limits::kWitnessOfferLife ||
               (age >= limits::kWitnessOfferLeast &&
                sequencer::is_majority(offer.signed_by.size(), witnesses));
    };
    {
        const std::scoped_lock hold(mutex_);
        if (shared_ && !is_over(*shared_) && old <= shared_->checkpoint.size) return shared_;
    }
    const Offer fresh = readers_.with([&](store::Connection& connection) { return newest(connection, now); });
    if (fresh.note.empty()) return std::nullopt;
    const std::scoped_lock hold(mutex_);
    // Whoever is ahead of the others gets the newest, and the others are still waited for.
    if (shared_ && !is_over(*shared_))
        return old <= shared_->checkpoint.size ? shared_ : std::optional(fresh);
    if (!shared_ || shared_->checkpoint.size < fresh.checkpoint.size) {
        shared_ = fresh;
    } else {
        shared_->since = now;  // nothing was logged since: the same one, signed again with a fresh time
    }
    return shared_;
}

void Witnessing::remember(const OrganisationId& witness, const Offer& offer) {
    const std::scoped_lock hold(mutex_);
    std::deque<Offer>& known = offers_[witness];
    if (!known.empty() && known.front().checkpoint == offer.checkpoint) return;
    known.push_front(offer);
    if (known.size() > kOffersKept) known.pop_back();
}

Result<std::string, Code> Witnessing::add_checkpoint(const sequencer::Registry& registry,
                                                     const OrganisationId& witness, TreeSize old,
                                                     SteadyTime now) {
    const auto offer = shared(registry, old, now);
    if (!offer) return Failure{Code::not_found};
    const TreeSize size = offer->checkpoint.size;
    if (old > size) return Failure{Code::version_conflict};
    const auto proof = readers_.with([&](store::Connection& connection) {
        return merkle::prove_consistency(old, size, nodes_at(connection, size));
    });
    remember(witness, *offer);
    std::string body = "old " + std::to_string(number(old)) + "\n";
    for (const Digest& hash : proof) body.append(base64(hash.view())).append("\n");
    return body.append("\n").append(offer->note);
}

std::vector<Witnessing::Offer> Witnessing::offered_to(const OrganisationId& witness) const {
    const std::scoped_lock hold(mutex_);
    const auto known = offers_.find(witness);
    if (known == offers_.end()) return {};
    return {known->second.begin(), known->second.end()};
}

Result<Witnessing::Kept, Code> Witnessing::cosignatures(const sequencer::Registry& registry,
                                                        const OrganisationId& witness,
                                                        std::string_view text) {
    const auto lines = read_lines(text);
    if (!lines) return Failure{lines.error()};
    const sequencer::Organisation* organisation = registry.find(witness);
    if (organisation == nullptr || !organisation->row.witness) return Failure{Code::not_found};
    const auto key = log::NoteKey::parse(*organisation->row.witness);
    if (!key) return Failure{Code::not_found};
    for (const Offer& offer : offered_to(witness)) {
        for (const log::SignatureLine& line : *lines) {
            const auto said = log::time_of(line);
            if (!said || !key->wrote(line) || !key->holds(line, log::body(offer.checkpoint))) continue;
            std::string stored = log::write(line);
            stored.pop_back();  // its LF
            const TreeSize size = offer.checkpoint.size;
            const bool first = readers_.with([&](store::Connection& connection) {
                return store::add_cosignature(connection, {size, key->name(), stored});
            });
            clock_.heard(witness, *said);
            count(registry, witness, size);
            return Kept{size, first};
        }
    }
    return Failure{Code::signature_invalid};
}

// The shared offer's signers; those of operators and auditors are kept, but make no majority.
void Witnessing::count(const sequencer::Registry& registry, const OrganisationId& witness, TreeSize size) {
    const auto witnesses = sequencer::witnesses_of(registry);
    const auto is_witness = [&](const sequencer::Witness& each) { return each.id == witness; };
    const std::scoped_lock hold(mutex_);
    const bool counts = shared_ && shared_->checkpoint.size == size &&
                        std::any_of(witnesses.begin(), witnesses.end(), is_witness);
    if (!counts) return;
    shared_->signed_by.insert(witness);
    if (sequencer::is_majority(shared_->signed_by.size(), witnesses.size())) witnessed_ = size;
}

std::optional<TreeSize> Witnessing::witnessed() const {
    const std::scoped_lock hold(mutex_);
    return witnessed_;
}

TreeSize Witnessing::signed_by_most(store::Connection& connection,
                                    const std::vector<sequencer::Witness>& witnesses) {
    const auto known = [this] {
        return std::max(witnessed_.value_or(TreeSize{0}), witnessed_before_.value_or(TreeSize{0}));
    };
    {
        const std::scoped_lock hold(mutex_);
        if (witnessed_before_) return known();
    }
    const TreeSize before = stored_by_most(connection, witnesses);
    const std::scoped_lock hold(mutex_);
    witnessed_before_ = before;
    return known();
}

std::optional<std::chrono::milliseconds> Witnessing::unwitnessed_for(const sequencer::Registry& registry,
                                                                     Instant now) {
    const auto witnesses = sequencer::witnesses_of(registry);
    if (witnesses.empty()) return std::nullopt;
    return readers_.with([&](store::Connection& connection) {
        const TreeSize size = signed_by_most(connection, witnesses);
        const auto oldest = store::log_entry(connection, LeafIndex{number(size)});
        return oldest ? std::max(now - time_of(*oldest), 0ms) : 0ms;
    });
}

}  // namespace kesher::insight
