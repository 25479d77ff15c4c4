// Stands before an adapter's native half, so that a mistake in it stays its own.
//
// What a native system does is an answer (native_side.h); what its half throws is a mistake of this program,
// met with one record or one message. It ends neither the loop nor what is due: it is counted, told to the
// operator by its type alone (its text may be about a person), and what comes behind it goes on. A broken
// world is no such thing: JournalBroken passes as it is, and so does LedgerBroken, since a line that was
// written in part is taken off at a start alone. For runner.cpp.
#pragma once

#include <exception>
#include <map>
#include <utility>

#include "adapters/kit/native_side.h"
#include "gateway/telemetry/log.h"

namespace kesher::kit {

class NativeGuard final : public NativeSide {
public:
    NativeGuard(NativeSide& native, telemetry::Log& log) : native_(native), log_(log) {}

    // After an exception it may be there: Taken where the native system says so, else Unsure, and it is given
    // again under its next release. But the hub keeps behind a step what ends its referral: one that fails
    // for the third time and is not there is declined (`internal`), so that her withdrawal is heard.
    [[nodiscard]] NativeAnswer deliver(const ProvenDelivery& proven, const Opened& opened) override;
    // After an exception nobody can say.
    [[nodiscard]] TakenBefore already_taken(const contract::OrganisationId& from,
                                            const contract::MessageId& id) override;
    [[nodiscard]] contract::WordSet<contract::SafetyFlag> honours() const override {
        return native_.honours();
    }
    // LedgerBroken is kept for must_be_whole().
    void work(contract::Instant now, const Directory& directory) override;

    // Throws the LedgerBroken that work() met. Asked once what is due has left: a withdrawal that waits needs
    // no ledger.
    void must_be_whole();
    // Calls that ended in an exception.
    [[nodiscard]] std::size_t failures() const { return failures_; }

private:
    template <class Call>
    [[nodiscard]] bool comes_to_an_end(telemetry::Word event, Call call);
    [[nodiscard]] NativeAnswer after_failure(const statement::Statement& said, const codec::Payload& payload);

    NativeSide& native_;
    telemetry::Log& log_;
    std::exception_ptr broken_{};
    std::size_t failures_ = 0;
    // How often a step failed, since this program began.
    std::map<std::pair<contract::OrganisationId, contract::MessageId>, int> failed_{};
};

}  // namespace kesher::kit
