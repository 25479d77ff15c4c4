#include "gateway/insight/read_request.h"

namespace kesher::insight {

sequencer::Answer ReadRequest::decide(sequencer::Turn& turn) {
    if (seen_.empty()) seen_.emplace_back();
    sequencer::Answer answer;
    answer.code = code_;
    if (code_ && turn.only_counted(looking_.organisation, *code_)) return answer;
    for (const Seen& seen : seen_) {
        log::Record record;
        record.event = log::RecordEvent::read;
        record.actor_type = looking_.auditor ? log::ActorType::auditor : log::ActorType::system;
        record.org = looking_.organisation;
        record.auth = log::Auth{std::nullopt, looking_.certificate};
        record.operation = log::Word::of(looking_.operation);
        record.scope = looking_.scope;
        record.decision = code_ ? log::Decision::deny : log::Decision::permit;
        record.code = code_;
        record.referral = seen.referral;
        record.message = seen.message;
        answer.leaf = turn.append(std::nullopt, std::move(record), seen.subject ? &*seen.subject : nullptr);
    }
    return answer;
}

}  // namespace kesher::insight
