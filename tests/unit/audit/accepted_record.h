// What the hub writes of a statement that it accepts, or refuses, or releases: every member that the
// statement has as well (gateway/sequencer/message.h, record_of). What a test adds to it or takes away is the
// test's.
#pragma once

#include "audit/log/record.h"
#include "schemas/statement/statement.h"

namespace kesher::samples {

inline log::Record decided(log::RecordEvent event) {
    log::Record record;
    record.event = event;
    record.actor_type = log::ActorType::system;
    record.decision = log::Decision::permit;
    return record;
}
inline log::Record decided(log::RecordEvent event, const statement::Statement& says) {
    log::Record record = decided(event);
    record.org = says.from;
    record.operation = log::Word::of(contract::kMessageTypes.text(says.type));
    record.purpose = says.purpose;
    record.basis = says.basis;
    if (says.groups) record.scope = log::Scope{says.groups, std::nullopt, std::nullopt};
    record.consent = says.consent;
    record.message = says.id;
    record.referral = says.referral;
    record.recipient = says.to;
    return record;
}

}  // namespace kesher::samples
