// What a recipient signs about its deliveries, and what follows (contract.md 3, inbox rules).
//
// An acknowledgement names the release's index, so the recipient signs the order too. The same one
// again is answered with the first receipt and changes nothing (referral::is_said_again); nor does another
// outcome for a settled delivery. One that was dropped while it was out is heard until it says what became of
// the bytes. What names a delivery that this body never got is refused alike, whether there is such a one or
// not: with a leaf a document, which says no more than the document's digest, and shown to nobody.
#pragma once

#include <vector>

#include "gateway/inbox/rooms.h"
#include "gateway/referral/release.h"
#include "gateway/sequencer/request.h"
#include "schemas/statement/acks.h"

namespace kesher::inbox {

// An acknowledgement that has its leaf.
struct Acknowledged {
    contract::LeafIndex leaf;
    referral::LastAck said;
};
// An acknowledged delivery, and what it is about: neither ever changes, so both are read before.
struct AckedDelivery {
    contract::DeliveryId id;
    std::optional<contract::ReferralId> referral;
    std::optional<contract::ConsentId> consent;
    std::optional<contract::Digest> statement;  // SHA-256 of what was handed over, as its release says
    std::optional<Acknowledged> last{};         // as far as the reader saw; a leaf never changes
};
// Those whose `index` is a release of that very delivery, first or repeated.
[[nodiscard]] std::vector<AckedDelivery> acked_deliveries(store::Connection& connection,
                                                          const statement::VerifiedAcks& acks);

[[nodiscard]] std::vector<AckedDelivery> deliveries_of(const Rooms& rooms,
                                                       const statement::VerifiedAcks& acks);

struct AckAnswer {
    contract::DeliveryId delivery;
    std::optional<contract::Code> code;
    std::optional<contract::LeafIndex> leaf;
    std::optional<sequencer::Receipted> receipt{};
};

class Acknowledge final : public sequencer::Request {
public:
    // `certificate`: of the connection that they came over.
    Acknowledge(contract::OrganisationId recipient, const contract::Digest& certificate,
                statement::VerifiedAcks acks, std::vector<AckedDelivery> about)
        : recipient_(std::move(recipient)),
          certificate_(certificate),
          acks_(std::move(acks)),
          about_(std::move(about)) {}

    void want(sequencer::Wanted& wanted) const override;
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;
    void committed(std::vector<sequencer::Receipted> receipts) override;

    // In the order of the acks. A leaf without receipt is an earlier one: its first receipt is asked for.
    [[nodiscard]] const std::vector<AckAnswer>& answers() const { return answers_; }

private:
    [[nodiscard]] AckAnswer decide_one(sequencer::Turn& turn, const statement::Ack& ack);
    void say_refused(sequencer::Turn& turn) const;
    // Null where the index is of no release of that delivery.
    [[nodiscard]] const AckedDelivery* named_release(const statement::Ack& ack) const;
    // The leaf that has it on record already.
    [[nodiscard]] static std::optional<contract::LeafIndex> leaf_before(const statement::Ack& ack,
                                                                        const store::DeliveryRow& delivery,
                                                                        const AckedDelivery& release);
    [[nodiscard]] log::Record record_of(const statement::Ack& ack, const store::DeliveryRow& delivery,
                                        const AckedDelivery& release) const;
    void settle(sequencer::Turn& turn, const statement::Ack& ack, store::DeliveryRow delivery,
                contract::LeafIndex leaf);
    void apply_effect(sequencer::Turn& turn, const statement::Ack& ack, const store::DeliveryRow& delivery,
                      contract::LeafIndex leaf);

    contract::OrganisationId recipient_;
    contract::Digest certificate_;
    statement::VerifiedAcks acks_;
    std::vector<AckedDelivery> about_;
    std::vector<AckAnswer> answers_;
};

}  // namespace kesher::inbox
