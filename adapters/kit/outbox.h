// The one way for an adapter to say something: written, sealed, signed and journaled in one step.
#pragma once

#include "adapters/kit/journal.h"
#include "adapters/kit/message_writer.h"

namespace kesher::kit {

struct Accepted {
    contract::MessageId id;
    bool fresh = true;  // false: this id was journaled before, and its first bytes are what is sent
};

// With the message, the journal learns what it is about: the consent given or revoked, the referral sent,
// and these aliases. Nothing is written where it is refused.
class Outbox {
public:
    Outbox(Journal& journal, const MessageWriter& writer) : journal_(journal), writer_(writer) {}
    [[nodiscard]] contract::Result<Accepted, Refused> submit(const Message& message,
                                                             const Directory& directory, contract::Instant at,
                                                             const std::vector<AliasRow>& aliases = {});

private:
    Journal& journal_;
    const MessageWriter& writer_;
};

}  // namespace kesher::kit
