// What an adapter's native half offers to the kit: it takes what was opened, or says why not yet or not.
#pragma once

#include <variant>

#include "adapters/kit/delivery_gate.h"
#include "schemas/contract/closed_list.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::kit {

struct Taken {
    contract::Digest native;  // of the native system's own receipt (native_receipt.h)
};
struct Held {};  // the native system is away; asked again while the hub lets us hold it
struct Declined {
    contract::Code code;  // it can never take this
};
// It was given, and no answer came: it may be there, or arrive late. It counts as given until
// `already_taken` says otherwise, also where she withdraws meanwhile.
struct Unsure {};
using NativeAnswer = std::variant<Taken, Held, Declined, Unsure>;
struct NotTaken {};
using TakenBefore = std::variant<Taken, NotTaken, Held>;  // Held: the native system is away, nobody can say

class NativeSide {
public:
    virtual ~NativeSide() = default;
    // Opened content: to be given to the native system and forgotten, never stored, never logged. Expected
    // faults of the native system are Held; it does not throw for them. A consent.revoked notice comes
    // here before anything else of its batch: what came under that consent is to be stopped in the native
    // system, and the answer to it says so.
    [[nodiscard]] virtual NativeAnswer deliver(const ProvenDelivery& proven, const Opened& opened) = 0;
    // After a stop in the middle of deliver(): the receipt of this message where the native system has it
    // already. By the message's id, which every native format carries (domain.md 11.0). It looks and gives
    // nothing: she may have withdrawn since.
    [[nodiscard]] virtual TakenBefore already_taken(const contract::OrganisationId& from,
                                                    const contract::MessageId& id) = 0;
    // The safety flags that the native system is sure to keep, whatever else a record says: what is declared
    // in its organisation's name, so that a message with another is never sealed to it (contract.md 1).
    [[nodiscard]] virtual contract::WordSet<contract::SafetyFlag> honours() const = 0;
    // One turn of its own: looks for native files, calls, rows; puts what it finds into the outbox. Called
    // from the loop's thread, which alone may use the journal; the directory is the one last read.
    virtual void work(contract::Instant, const Directory&) {}
};

}  // namespace kesher::kit
