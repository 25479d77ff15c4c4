#include "gateway/sequencer/refusal_counts.h"

namespace kesher::sequencer {

using namespace contract;

void RefusalCounts::add(const OrganisationId& organisation, Code code, Instant at) {
    const std::scoped_lock hold(mutex_);
    ++counted_[{organisation, code, std::chrono::floor<std::chrono::minutes>(at)}];
}

bool RefusalCounts::may_log(const OrganisationId& organisation, Code code, Instant at) {
    const Minute minute = std::chrono::floor<std::chrono::minutes>(at);
    const std::scoped_lock hold(mutex_);
    std::erase_if(verified_, [&](const auto& entry) { return entry.first.minute != minute; });
    return ++verified_[{organisation, code, minute}] <= logged_a_minute_;
}

std::vector<RefusalCounts::Count> RefusalCounts::take(Instant at, bool all) {
    const Minute now = std::chrono::floor<std::chrono::minutes>(at);
    const std::scoped_lock hold(mutex_);
    std::vector<Count> taken;
    for (auto entry = counted_.begin(); entry != counted_.end();) {
        if (!all && entry->first.minute >= now) {
            ++entry;
            continue;
        }
        taken.push_back({entry->first.organisation, entry->first.code, entry->first.minute, entry->second});
        entry = counted_.erase(entry);
    }
    return taken;
}

void RefusalCounts::give_back(const std::vector<Count>& counts) {
    const std::scoped_lock hold(mutex_);
    for (const Count& count : counts) counted_[{count.organisation, count.code, count.minute}] += count.count;
}

Answer CountedRequest::decide(Turn& turn) {
    Answer answer;
    for (const RefusalCounts::Count& count : counts_) {
        log::Record record;
        record.event = log::RecordEvent::counted;
        record.actor_type = log::ActorType::system;
        record.org = count.organisation;
        record.decision = log::Decision::deny;
        record.code = count.code;
        record.facts.add("minute", Instant{count.minute}).add("count", count.count);
        answer.leaf = turn.append(std::nullopt, std::move(record));
    }
    return answer;
}

}  // namespace kesher::sequencer
