#include "adapters/record/called_side.h"

#include "adapters/kit/native_receipt.h"

namespace kesher::record {

template <class Answer>
Answer CalledSide::committed(Answer answer, const contract::OrganisationId& from,
                             const contract::MessageId& id) const {
    if (auto* taken = std::get_if<kit::Taken>(&answer)) {
        taken->native = kit::native_commitment(aliases_.salt(from, id), taken->native.view());
    }
    return answer;
}

kit::NativeAnswer CalledSide::deliver(const kit::ProvenDelivery& proven, const kit::Opened& opened) {
    const statement::Statement& said = proven.statement();
    return committed(liaison().deliver({said, opened.payload, opened.sealed, proven.delivery().pseudonym,
                                        proven.delivery().statement, contract::day_of(proven.released_at())}),
                     said.from, said.id);
}

kit::TakenBefore CalledSide::already_taken(const contract::OrganisationId& from,
                                           const contract::MessageId& id) {
    return committed(liaison().already_taken(from, id), from, id);
}

contract::WordSet<contract::SafetyFlag> CalledSide::honours() const {
    return contract::WordSet<contract::SafetyFlag>::up_to(contract::SafetyFlag::address_confidential);
}

void CalledSide::work(contract::Instant now, const kit::Directory&) {
    const auto serve = [&] {
        calls().serve([&](const CallOfTheirs& call) { return liaison().hear(call, now); });
    };
    serve();
    liaison().work(now);
    serve();
}

}  // namespace kesher::record
