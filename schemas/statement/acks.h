// What a recipient says about its deliveries (contract.md 3): compact JWS by its signing key,
// cty application/vnd.kesher.acks+json, claims exactly
//   {"v":1,"log","acks":[{"delivery","index","outcome","code"?,"native"?,"surplus"?}]}
// `index` is the release's leaf: the recipient signs the order. `code` stands exactly with `refused`;
// `native` (base64url of a salted commitment to the native system's receipt: adapters/kit/native_receipt.h)
// exactly with `taken`; `surplus` (1 or more data groups dropped as not covered) only with `taken`. 1 to 100
// acks, a delivery once.
//
// Like an order they are the body's own word and not its connection's, whose key may lie on a proxy.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/statement/jws.h"
#include "schemas/statement/signed_order.h"

namespace kesher::statement {

struct Ack {
    contract::DeliveryId delivery;
    contract::LeafIndex index;
    contract::AckOutcome outcome;
    std::optional<contract::Code> code{};
    std::optional<contract::Digest> native{};
    std::optional<std::int64_t> surplus{};
    friend bool operator==(const Ack&, const Ack&) = default;
};

struct Acks {
    std::string log;
    std::vector<Ack> acks;
    friend bool operator==(const Acks&, const Acks&) = default;
};

// Throws std::logic_error for acks that verify_acks would refuse.
[[nodiscard]] std::string sign_acks(const Acks& acks, const Signer& signer, contract::Day iat);

struct VerifiedAcks {
    Acks acks;
    contract::Day iat;
    contract::Digest document;  // SHA-256 of the whole compact text
    contract::Digest certificate;
};
// too_large, signature_invalid, certificate_unknown (also where the key list has ended), statement_invalid,
// wrong_log, clock_skew as for a statement.
[[nodiscard]] contract::Result<VerifiedAcks, contract::Code> verify_acks(std::string_view jws,
                                                                         const OrderDemand& demand);

}  // namespace kesher::statement
