#include "adapters/kit/delivery_gate.h"

#include <algorithm>
#include <iterator>

#include "adapters/kit/receipted.h"
#include "adapters/kit/unverified_jws.h"
#include "audit/log/receipt.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/hash.h"

namespace kesher::kit {
namespace {

using contract::Code;
using contract::DataGroup;
using contract::Failure;
using contract::Result;
namespace limits = contract::limits;

// Whose word the statement is said to be: only to choose the keys that it is then verified with.
std::optional<contract::OrganisationId> claimed_sender(std::string_view jws) {
    const json::Value claims = unverified_claims(jws);
    const json::Value* from = claims.find("from");
    if (from == nullptr || from->text() == nullptr) return std::nullopt;
    return contract::OrganisationId::parse(*from->text());
}

Result<statement::DatedStatement, Code> verified_statement(const std::string& jws, const GateMeans& means,
                                                           contract::Instant now) {
    const auto from = claimed_sender(jws);
    if (!from) return Failure{Code::signature_invalid};
    const bool hub = *from == contract::OrganisationId::hub();
    const Member* sender = hub ? nullptr : means.directory.find(*from);
    if (!hub && (sender == nullptr || !sender->keys)) {
        return Failure{sender == nullptr ? Code::key_unpinned : sender->why_not};
    }
    const auto verified = statement::verify_signature(jws, hub ? means.hub : sender->keys->ring(), now);
    if (!verified) return Failure{verified.error()};
    auto said = statement::parse_claims(*verified);
    if (!said) return said;
    if (said->statement.log != means.log.name()) return Failure{Code::wrong_log};
    if (said->statement.to != means.self) return Failure{Code::recipient_unknown};
    return said;
}

// The leaf says of exactly this delivery that it was let out, to us, at this attempt.
bool names_this(const log::Record& record, const codec::Delivery& delivery,
                const statement::Statement& statement, const contract::OrganisationId& self) {
    const log::FactValue* named = record.facts.find("delivery");
    const log::FactValue* attempt = record.facts.find("attempt");
    const auto* delivery_word = named == nullptr ? nullptr : std::get_if<log::Word>(named);
    const auto* attempt_number = attempt == nullptr ? nullptr : std::get_if<std::int64_t>(attempt);
    return record.event == log::RecordEvent::released && record.decision == log::Decision::permit &&
           record.recipient == self && record.message == statement.id &&
           record.statement == statement::sha256(delivery.statement) &&
           record.referral == statement.referral && delivery_word != nullptr &&
           delivery_word->text() == delivery.delivery.text() && attempt_number != nullptr &&
           *attempt_number == delivery.attempt;
}

// `not_after` is the hub's word alone; the leaf's time is signed, so it bounds what is believed.
bool in_time(const codec::Delivery& delivery, contract::Instant released_at, contract::Instant now,
             std::chrono::milliseconds validity) {
    return delivery.not_after <= released_at + limits::kReleaseValidity &&
           now + limits::kClockAhead >= released_at && now <= released_at + validity;
}

}  // namespace

Result<ProvenDelivery, GateRefusal> DeliveryGate::judge(codec::Delivery delivery, contract::Instant now,
                                                        std::chrono::milliseconds validity) const {
    const auto receipt = log::parse_receipt(delivery.receipt);
    if (!receipt) return Failure{GateRefusal{Code::release_unproven, std::nullopt}};
    const auto refuse = [&](Code code) { return Failure{GateRefusal{code, receipt->index}}; };

    auto said = verified_statement(delivery.statement, means_, now);
    if (!said) return refuse(said.error());
    auto release = kit::prove({receipt->index, delivery.leaf, delivery.receipt}, means_.log);
    if (!release || !names_this(release->record, delivery, said->statement, means_.self) ||
        !in_time(delivery, release->record.at, now, validity)) {
        return refuse(Code::release_unproven);
    }
    if (statement::sha256(delivery.payload) != said->statement.digest) return refuse(Code::digest_mismatch);

    ProvenDelivery proven(std::move(delivery), *std::move(said));
    proven.index_ = release->index;
    proven.released_at_ = release->record.at;
    proven.checkpoint_ = std::move(release->checkpoint);
    return proven;
}

Result<ProvenDelivery, GateRefusal> DeliveryGate::prove(codec::Delivery delivery,
                                                        contract::Instant now) const {
    if (now > delivery.not_after) {
        const auto receipt = log::parse_receipt(delivery.receipt);
        return Failure{
            GateRefusal{Code::release_unproven, receipt ? std::optional(receipt->index) : std::nullopt}};
    }
    return judge(std::move(delivery), now, limits::kReleaseValidity);
}

Result<ProvenDelivery, GateRefusal> DeliveryGate::prove_held(codec::Delivery delivery,
                                                             contract::Instant now) const {
    return judge(std::move(delivery), now, limits::kHeldLease);
}

Result<Opened, Code> DeliveryGate::open(const ProvenDelivery& proven) const {
    const statement::Statement& said = proven.statement();
    auto payload = codec::decode_payload(said.type, said.schema, proven.delivery().payload);
    if (!payload) return Failure{payload.error()};
    Opened opened{*std::move(payload)};
    const auto sealed = codec::sealed_part(opened.payload);
    if (!sealed) return opened;
    const auto plain =
        statement::open(contract::text_of(*sealed), means_.opening, {said.from, said.to, said.id});
    if (!plain) return Failure{plain.error()};
    auto record = codec::decode<codec::Sealed>(*plain);
    if (!record) return Failure{record.error()};
    opened.surplus = drop_surplus(*record, said.groups.value_or(std::vector<DataGroup>{}));
    opened.sealed = *std::move(record);
    return opened;
}

std::vector<DataGroup> drop_surplus(codec::Sealed& sealed, const std::vector<DataGroup>& allowed) {
    std::vector<DataGroup> surplus;
    for (const DataGroup group : sealed.groups()) {
        if (std::find(allowed.begin(), allowed.end(), group) != allowed.end()) continue;
        surplus.push_back(group);
        if (group == DataGroup::identity) {
            sealed.identity.reset();
        } else if (group == DataGroup::contact) {
            sealed.contact.reset();
        } else {
            sealed.other(group).reset();
        }
        std::erase_if(sealed.attachments, [&](const auto& attachment) { return attachment.group == group; });
    }
    // Whom she is known by cannot say more than what is left.
    using contract::KnownBy;
    if (sealed.known_by == KnownBy::identified && !sealed.identity) sealed.known_by = KnownBy::contact;
    if (sealed.known_by == KnownBy::contact && !sealed.contact) sealed.known_by = KnownBy::presents;
    return surplus;
}

bool is_revocation(const ProvenDelivery& proven) {
    return proven.statement().type == contract::MessageType::consent_revoked;
}

std::vector<ProvenDelivery> withdrawals_first(std::vector<ProvenDelivery> batch) {
    std::vector<ProvenDelivery> ordered;
    std::vector<ProvenDelivery> others;
    for (ProvenDelivery& each : batch) {
        auto& place = is_revocation(each) ? ordered : others;
        place.push_back(std::move(each));
    }
    std::ranges::move(others, std::back_inserter(ordered));
    return ordered;
}

}  // namespace kesher::kit
