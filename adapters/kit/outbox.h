// The one way for an adapter to say something: written, sealed, signed and journaled in one step.
#pragma once

#include "adapters/kit/journal.h"
#include "adapters/kit/message_writer.h"
#include "adapters/kit/told_names.h"

namespace kesher::kit {

struct Accepted {
    contract::MessageId id;
    bool fresh = true;  // false: this id was journaled before, and its first bytes are what is sent
};

// With the message, the journal learns what it is about: the consent given or revoked, the referral sent,
// and these aliases; and a neutral name that it tells is told from now on to its recipient alone. Nothing is
// written where it is refused: payload_invalid (contact.neutral_name) where another body was told that name,
// id_reused where an alias stands for something else already.
class Outbox {
public:
    Outbox(Journal& journal, const MessageWriter& writer, const ToldNames& names)
        : journal_(journal), writer_(writer), names_(names) {}
    [[nodiscard]] contract::Result<Accepted, Refused> submit(const Message& message,
                                                             const Directory& directory, contract::Instant at,
                                                             const std::vector<AliasRow>& aliases = {});

private:
    Journal& journal_;
    const MessageWriter& writer_;
    const ToldNames& names_;
};

}  // namespace kesher::kit
