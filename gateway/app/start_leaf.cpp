#include "gateway/app/start_leaf.h"

#include "audit/merkle/hash.h"

namespace kesher::app {

using namespace contract;

Digest digest_of(const catalogue::Files& files) {
    std::string listing;
    for (const auto& [path, bytes] : files) {
        listing += hex(merkle::sha256(bytes_of(bytes)).view()) + "  " + path + "\n";
    }
    return merkle::sha256(bytes_of(listing));
}

sequencer::Answer StartRequest::decide(sequencer::Turn& turn) {
    log::Record record;
    record.event = log::RecordEvent::start;
    record.actor_type = log::ActorType::system;
    record.org = OrganisationId::hub();
    record.facts.add("version", KESHER_VERSION)
        .add("settings", facts_.settings)
        .add("catalogue", facts_.catalogue)
        .add("release_spread_ms", facts_.release_spread.count());
    sequencer::Answer answer;
    answer.leaf = turn.append(std::nullopt, std::move(record));
    return answer;
}

}  // namespace kesher::app
