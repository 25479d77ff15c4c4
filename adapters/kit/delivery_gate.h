// Judges a delivery before it is opened, and opens it (contract.md 3, inbox).
//
// Nothing here knows the network, the disk or the clock. First prove(): the sender's signature by pinned
// keys, the release's leaf and receipt by the pinned log, the time. Only what is proven is journaled and
// can be opened; what the statement's `groups` do not name is dropped from it and counted (Privacy
// Protection Law s. 23e).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/kit/directory.h"
#include "audit/log/note.h"
#include "schemas/codec/envelope_records.h"
#include "schemas/codec/payload.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/statement/seal.h"
#include "schemas/statement/statement.h"

namespace kesher::kit {

struct GateMeans {
    contract::OrganisationId self;
    const log::NoteKey& log;        // its name is the origin
    const statement::KeyRing& hub;  // for what the hub itself says
    const Directory& directory;
    const statement::OpeningKeys& opening;
};

// A release that holds, and was read in time. Only prove() and restore() make one.
class ProvenDelivery {
public:
    [[nodiscard]] const codec::Delivery& delivery() const { return delivery_; }
    [[nodiscard]] const statement::Statement& statement() const { return statement_; }
    [[nodiscard]] contract::Day iat() const { return iat_; }
    [[nodiscard]] contract::LeafIndex index() const { return index_; }
    [[nodiscard]] contract::Instant released_at() const { return released_at_; }
    [[nodiscard]] const std::string& checkpoint() const { return checkpoint_; }

private:
    friend class DeliveryGate;
    ProvenDelivery(codec::Delivery delivery, statement::DatedStatement said)
        : delivery_(std::move(delivery)), statement_(std::move(said.statement)), iat_(said.iat) {}
    codec::Delivery delivery_;
    statement::Statement statement_;
    contract::Day iat_;
    contract::LeafIndex index_{};
    contract::Instant released_at_{};
    std::string checkpoint_;
};

[[nodiscard]] bool is_revocation(const ProvenDelivery& proven);
// Her withdrawals before anything else of a batch, whatever place they had; the rest as it came.
[[nodiscard]] std::vector<ProvenDelivery> withdrawals_first(std::vector<ProvenDelivery> batch);

// Why it is not opened. Without an index not even the release can be named: nothing to acknowledge.
struct GateRefusal {
    contract::Code code;
    std::optional<contract::LeafIndex> index{};
};

struct Opened {
    codec::Payload payload;
    std::optional<codec::Sealed> sealed{};       // none where the payload has no sealed part
    std::vector<contract::DataGroup> surplus{};  // dropped; sorted by word
};

class DeliveryGate {
public:
    explicit DeliveryGate(GateMeans means) : means_(std::move(means)) {}

    // release_unproven: leaf, receipt, or time (over not_after, or not_after over release + 60 s).
    // signature_invalid, certificate_unknown, key_unpinned, statement_invalid, too_large: the statement.
    // wrong_log, recipient_unknown (not for us), digest_mismatch.
    [[nodiscard]] contract::Result<ProvenDelivery, GateRefusal> prove(codec::Delivery delivery,
                                                                      contract::Instant now) const;
    // The same for a delivery that the journal holds: it was read in time then, and may be opened for as
    // long as the hub lets us hold it (72 h from the release).
    [[nodiscard]] contract::Result<ProvenDelivery, GateRefusal> prove_held(codec::Delivery delivery,
                                                                           contract::Instant now) const;

    // schema_unknown, payload_invalid, seal_mismatch, seal_unopenable.
    [[nodiscard]] contract::Result<Opened, contract::Code> open(const ProvenDelivery& proven) const;

private:
    [[nodiscard]] contract::Result<ProvenDelivery, GateRefusal> judge(
        codec::Delivery delivery, contract::Instant now, std::chrono::milliseconds validity) const;
    GateMeans means_;
};

// Takes out of `sealed` what `allowed` does not name; the groups taken out, sorted by word.
[[nodiscard]] std::vector<contract::DataGroup> drop_surplus(codec::Sealed& sealed,
                                                            const std::vector<contract::DataGroup>& allowed);

}  // namespace kesher::kit
