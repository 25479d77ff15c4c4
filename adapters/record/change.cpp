#include "adapters/record/change.h"

namespace kesher::record {

bool needs_seal(const Change& change) { return change.said || change.appointment; }

kit::Message event_of(const Change& change, const Given& given, const contract::Pseudonym& pseudonym,
                      const contract::MessageId& id, const kit::Actor& actor, const codec::Safety& safety) {
    kit::Message message{id, contract::MessageType::referral_event, given.from, actor, change.event};
    message.pseudonym = pseudonym;
    message.referral = given.id;
    message.purpose = given.purpose;
    message.basis = given.basis;
    message.consent = given.consent;
    if (!needs_seal(change)) return message;
    message.sealed = codec::Sealed{};
    message.sealed->safety = safety;
    message.sealed->need = change.said;
    message.sealed->appointment = change.appointment;
    return message;
}

}  // namespace kesher::record
