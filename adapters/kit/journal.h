// The adapter's memory: what it sent, what it was given, what it knows. One SQLite file, mode 0600.
//
// An adapter killed at any point loses nothing and doubles nothing: bytes are stored before they are sent
// and before they are given on, and each step is one transaction that is on disk when the call returns
// (WAL, synchronous=FULL). Sealed bytes only. Made for one organisation and one log; opened by one process
// at a time, used by one thread.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/kit/directory.h"
#include "adapters/kit/journal_rows.h"
#include "adapters/kit/known_consent.h"
#include "schemas/statement/acks.h"

namespace kesher::kit {

// The world is broken: disk full, file damaged, a schema newer than this program, another organisation's
// file. The text is for the operator.
class JournalBroken : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct JournalOwner {
    contract::OrganisationId organisation;
    std::string log_origin;
};

inline constexpr int kJournalVersion = 2;

class Journal {
public:
    // Makes the file where there is none. Checks its integrity and its version, moves an older version
    // forward, and puts back what was half done: `sent` becomes `waiting` with the same bytes.
    explicit Journal(const std::filesystem::path& file, const JournalOwner& owner);
    ~Journal();
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;

    // All calls until commit() are one step; without commit() none of them happened.
    class Step {
    public:
        explicit Step(Journal& journal);
        ~Step();
        Step(const Step&) = delete;
        Step& operator=(const Step&) = delete;
        void commit();

    private:
        Journal& journal_;
        bool open_ = true;
    };

    // ---- what we send ----
    // False where this message id is here already: the bytes first written stay the ones that are sent.
    bool enqueue(const Written& written);
    [[nodiscard]] std::optional<OutgoingRow> outgoing(const contract::MessageId& id) const;
    // The next to send: withdrawals first, then in the order written; of one referral only its oldest that
    // is not decided, and that only once its `next_try` has come. At most `limit`.
    [[nodiscard]] std::vector<OutgoingRow> due(contract::Instant now, std::size_t limit) const;
    [[nodiscard]] std::optional<contract::Instant> next_due() const;  // of those that wait for nothing else
    void mark_sent(const contract::MessageId& id);
    void mark_waiting(const contract::MessageId& id, contract::Instant next_try,
                      std::optional<contract::Code> code);
    // There was no connection, or the hub said that it has done nothing with it (`busy`): not tried at all,
    // and taken back as before.
    void mark_unsent(const contract::MessageId& id, contract::Instant next_try,
                     std::optional<contract::Code> code = {});
    void mark_accepted(const contract::MessageId& id, const Receipted& receipt);
    void mark_refused(const contract::MessageId& id, contract::Code code,
                      const std::optional<Receipted>& receipt);
    // True where this referral's submission was never tried, and now never will be, with all that followed
    // it; or is taken back already. False where the hub may know it: then only a message can end it.
    bool take_back(const contract::ReferralId& referral);
    // The same where it was tried, and the hub has shown that it does not have it and never will.
    void take_back_unknown(const contract::ReferralId& referral);
    // Of referrals under this consent, what waits and was never tried.
    [[nodiscard]] std::vector<OutgoingRow> untried_under(const contract::ConsentId& consent) const;
    // Whether something waits that ends this referral.
    [[nodiscard]] bool is_to_end(const contract::ReferralId& referral) const;
    void replace_signature(const Written& redated);  // only while it is not decided
    // The newest `limit`, in the order written: what the hub refused years ago does not hide today's.
    [[nodiscard]] std::vector<RefusedRow> refused(std::size_t limit) const;
    [[nodiscard]] std::vector<OutgoingRow> outgoing_in(OutgoingState state, std::size_t limit) const;
    // However much else waits, in the order written: the consents taken back that are not decided, and the
    // events of the first lane, among which are those that hurry because a withdrawal follows them.
    [[nodiscard]] std::vector<OutgoingRow> undecided_of_the_first_lane() const;
    // Whatever became of it, in the order written: the consent itself given and taken back; a referral's
    // submission and its events of the first lane.
    [[nodiscard]] std::vector<OutgoingRow> outgoing_of(const contract::ConsentId& consent) const;
    [[nodiscard]] std::vector<OutgoingRow> outgoing_of(const contract::ReferralId& referral) const;
    // Whether a proven word says that what this withdrawal of hers is to end is over, or never began: the end
    // of the referral or the hub's notice of the consent as they were delivered, another word of ours to end
    // it that the log has taken, or the leaf that refused all that it could be about.
    [[nodiscard]] bool is_proven_over(const Written& withdrawal) const;
    [[nodiscard]] std::size_t count_of(OutgoingState state) const;

    // ---- what we are given ----
    [[nodiscard]] std::optional<IncomingRow> incoming(const contract::DeliveryId& id) const;
    // The same message may come under another delivery; its id is unique per sender for ever.
    [[nodiscard]] std::optional<IncomingRow> incoming_message(const contract::OrganisationId& from,
                                                              const contract::MessageId& id) const;
    // The submission of this referral, while the native system is not known to have it.
    [[nodiscard]] std::optional<IncomingRow> unfinished_submission(const contract::ReferralId& id) const;
    void receive(const IncomingRow& row);  // a delivery id not seen before
    void renew_release(const codec::Delivery& again, contract::LeafIndex index);  // seen before
    void mark_handing(const contract::DeliveryId& id);
    void mark_held(const contract::DeliveryId& id);
    // Both forget the sealed bytes; statement and proof stay.
    void mark_taken(const contract::DeliveryId& id, const contract::Digest& native, std::int64_t surplus);
    void mark_refused(const contract::DeliveryId& id, contract::Code code);
    // Held longer than the hub lets us, and never given on: it will be released anew and is then as new.
    void drop(const contract::DeliveryId& id);
    // received, handing and held, oldest first: not yet safe in the native system. Names only: payloads of
    // a long outage would fill the memory.
    [[nodiscard]] std::vector<contract::DeliveryId> unfinished() const;

    // What is to be acknowledged, in the order of the releases; one per delivery, the newest.
    void put_ack(const statement::Ack& ack);
    [[nodiscard]] std::vector<statement::Ack> unsent_acks(std::size_t limit) const;
    void mark_ack_sent(const statement::Ack& ack);

    // ---- what we know ----
    // False, and nothing kept, where the uuid stands for another native, the native for another uuid, or the
    // native is no native number.
    [[nodiscard]] bool put_alias(const AliasRow& alias);
    [[nodiscard]] std::optional<AliasRow> alias_of(AliasKind kind, std::string_view uuid) const;
    [[nodiscard]] std::vector<AliasRow> aliases(AliasKind kind, std::string_view native) const;
    // Of one id the body that was known first stays: nothing of the row changes where another is named.
    void put_referral(const ReferralRow& row);
    [[nodiscard]] std::optional<ReferralRow> referral(const contract::ReferralId& id) const;
    void put_consent(const KnownConsent& consent);
    [[nodiscard]] std::optional<KnownConsent> consent(const contract::ConsentId& id) const;
    [[nodiscard]] bool is_revoked(const contract::ConsentId& id) const;  // also of one not known otherwise
    // Before anything else of a batch: the consent is over, what waits under it is not sent (withdrawals
    // are) and not given on; such deliveries are refused `consent_revoked` and their bytes forgotten.
    void apply_revocation(const contract::ConsentId& id);

    void pin(const contract::OrganisationId& organisation, const contract::Digest& root);
    void unpin(const contract::OrganisationId& organisation);
    void raise_serial(const contract::OrganisationId& organisation, std::int64_t serial);  // never lowers
    void raise_profile(const contract::OrganisationId& organisation,
                       const statement::ProfilePlace& place);  // nor this
    [[nodiscard]] Pins pins() const;

    // The last answer of GET /v1/organisations that could be read: to seal by while the hub is away.
    void keep_directory(std::string_view json);
    [[nodiscard]] std::optional<std::string> kept_directory() const;

    // The last checkpoint seen: a signed note. False, and nothing kept, where `expected` is not what is
    // there (compare and set: audit-log.md 1.7).
    [[nodiscard]] std::optional<std::string> checkpoint() const;
    bool replace_checkpoint(const std::optional<std::string>& expected, const std::string& note);
    // Why the adapter stands still: two histories were shown. Stays until an operator clears it.
    void put_halt(std::string_view reason, std::string_view evidence);
    [[nodiscard]] std::optional<std::string> halt_reason() const;
    void clear_halt();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kesher::kit
