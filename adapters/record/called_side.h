// The native half of an adapter whose native system is called and calls back: its calls, and how it and the
// exchange are kept in step, put between the kit's proofs. A format adds its system and its port.
#pragma once

#include "adapters/kit/native_side.h"
#include "adapters/record/liaison.h"

namespace kesher::record {

class CalledSide : public kit::NativeSide {
public:
    // Of the organisation's own; must outlive it.
    explicit CalledSide(const kit::AliasMaker& aliases) : aliases_(aliases) {}

    [[nodiscard]] kit::NativeAnswer deliver(const kit::ProvenDelivery& proven,
                                            const kit::Opened& opened) final;
    [[nodiscard]] kit::TakenBefore already_taken(const contract::OrganisationId& from,
                                                 const contract::MessageId& id) final;
    // All of them: a format lists each that stands, and how many; where the far side dropped one, their count
    // does not fit and all of them stand.
    [[nodiscard]] contract::WordSet<contract::SafetyFlag> honours() const final;
    // Their calls first: they wait.
    void work(contract::Instant now, const kit::Directory&) final;

protected:
    [[nodiscard]] virtual Liaison& liaison() = 0;
    [[nodiscard]] virtual CallsOfTheirs& calls() = 0;

private:
    // What leaves here of the system's answer, whose SHA-256 the liaison gives.
    template <class Answer>
    Answer committed(Answer answer, const contract::OrganisationId& from,
                     const contract::MessageId& id) const;
    const kit::AliasMaker& aliases_;
};

}  // namespace kesher::record
