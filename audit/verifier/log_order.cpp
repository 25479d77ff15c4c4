#include "audit/verifier/log_order.h"

#include "audit/merkle/hash.h"
#include "audit/verifier/leaf_facts.h"

namespace kesher::verifier {
namespace {

using contract::MessageType;
using contract::ReferralEvent;
using log::RecordEvent;

std::string at_entry(std::uint64_t index) { return " at entry " + std::to_string(index); }

std::string_view operation_of(const log::Record& record) {
    return record.operation ? std::string_view(record.operation->text()) : std::string_view();
}

// Whose word it is that nothing more is to be disclosed.
bool ends_disclosure(const log::Record& record) {
    const auto event = contract::kReferralEvents.parse(operation_of(record));
    return event == ReferralEvent::withdraw || event == ReferralEvent::cancel ||
           event == ReferralEvent::mark_error;
}

// By its state, or by the word of whoever ended it: that holds whatever state the hub wrote beside it.
bool ends_referral(const log::Record& record) {
    if (record.after && contract::is_terminal(record.after->state)) return true;
    return record.event == RecordEvent::accepted && ends_disclosure(record);
}

// Nothing of it leaves any more, not even what was said before (contract.md 3).
bool takes_back(const log::Record& record) {
    using contract::ReferralState;
    const auto event = contract::kReferralEvents.parse(operation_of(record));
    const bool said = record.event == RecordEvent::accepted &&
                      (event == ReferralEvent::withdraw || event == ReferralEvent::mark_error);
    return said || (record.after && (record.after->state == ReferralState::withdrawn ||
                                     record.after->state == ReferralState::erroneous));
}

// Whether readers may tell apart what was taken from what was not: `partial`, or no decision at all, is a yes
// to one who looks for no `deny` and a no to one who looks for `permit`.
bool needs_decision(const log::Leaf& leaf, const log::Record& record) {
    return leaf.statement || record.statement || record.event == RecordEvent::accepted ||
           record.event == RecordEvent::refused || record.event == RecordEvent::released ||
           record.event == RecordEvent::acknowledged || record.event == RecordEvent::consent;
}
bool is_decided(const log::Record& record) {
    return record.decision == log::Decision::permit || record.decision == log::Decision::deny;
}

const log::Words& ids_in(const log::Record& record, std::string_view fact) {
    static const log::Words none;
    const log::Words* ids = words_in(record, fact);
    return ids == nullptr ? none : *ids;
}

}  // namespace

std::optional<std::string> LogOrder::take(std::uint64_t index, const log::Leaf& leaf,
                                          const log::Record& record) {
    if (needs_decision(leaf, record) && !is_decided(record))
        return "its decision is neither `permit` nor `deny`";
    Claims claims;
    if (leaf.statement) {
        claims = read_claims(*leaf.statement);
        if (auto why = against_statement(record, claims)) return why;
    }
    if (record.decision != log::Decision::permit) return std::nullopt;
    if (auto why = take_delivery(index, leaf, record)) return why;
    if (record.event == RecordEvent::released) return judge_release(record);
    if (leaf.statement) {
        if (!claims.plain) return "it accepts a statement that two programs may read in two ways";
        if (auto why = take_message(index, record, claims)) return why;
        if (record.event == RecordEvent::accepted) {
            accepted_.try_emplace(merkle::sha256(contract::bytes_of(*leaf.statement)),
                                  Accepted{claims, ends_disclosure(record)});
            if (claims.submits()) submitted_.insert_or_assign(claims.referral, claims);
        }
    }
    take_ends(index, record, claims);
    return std::nullopt;
}

// From its acceptance on, however often it is released and acknowledged.
std::optional<std::string> LogOrder::take_delivery(std::uint64_t index, const log::Leaf& leaf,
                                                   const log::Record& record) {
    const std::string_view delivery = word_in(record, "delivery");
    if (delivery.empty() || (!leaf.statement && !record.statement)) return std::nullopt;
    const contract::Digest statement =
        leaf.statement ? merkle::sha256(contract::bytes_of(*leaf.statement)) : *record.statement;
    const auto [earlier, fresh] = deliveries_.try_emplace(std::string(delivery), Delivered{statement, index});
    if (fresh || earlier->second.statement == statement) return std::nullopt;
    return "its delivery was of another statement" + at_entry(earlier->second.entry);
}

std::optional<std::string> LogOrder::take_message(std::uint64_t index, const log::Record& record,
                                                  const Claims& claims) {
    const auto [earlier, fresh] = messages_.try_emplace({claims.from, claims.id}, index);
    if (!fresh) return "its message was accepted before" + at_entry(earlier->second);
    const bool submitted = record.event == RecordEvent::accepted && claims.submits();
    return submitted ? given_.judge(claims, record.at) : std::nullopt;
}

std::optional<std::string> LogOrder::judge_release(const log::Record& record) const {
    const auto found = record.statement ? accepted_.find(*record.statement) : accepted_.end();
    if (found == accepted_.end()) return "it releases a statement that no entry before it accepted";
    const auto& [claims, ends] = found->second;
    if (auto why = against_released(record, claims)) return why;
    if (claims.submits()) return judge_submission(claims, record.at);
    return ends ? std::nullopt : judge_update(claims);
}

// What the parties say of a referral goes as long as her word for it: a notice of the hub, and what ends a
// disclosure, always.
std::optional<std::string> LogOrder::judge_update(const Claims& claims) const {
    const bool is_update = claims.type == contract::kMessageTypes.text(MessageType::referral_event);
    if (!is_update || claims.from == contract::OrganisationId::hub().text()) return std::nullopt;
    const auto taken_back = taken_back_.find(claims.referral);
    if (taken_back != taken_back_.end())
        return "it releases an update of a referral that was taken back" + at_entry(taken_back->second);
    const auto submitted = submitted_.find(claims.referral);
    if (submitted == submitted_.end() || submitted->second.rehearses()) return std::nullopt;
    const auto consent = consents_.find(submitted->second.consent);
    if (consent == consents_.end()) return std::nullopt;
    return "it releases an update of a referral whose consent had ended" + at_entry(consent->second);
}

std::optional<std::string> LogOrder::judge_submission(const Claims& claims, contract::Instant at) const {
    const auto consent = consents_.find(claims.consent);
    if (!claims.rehearses() && consent != consents_.end())
        return "it releases a referral whose consent had ended" + at_entry(consent->second);
    const auto referral = referrals_.find(claims.referral);
    if (referral != referrals_.end())
        return "it releases a referral that had ended" + at_entry(referral->second);
    return given_.judge_release(claims, at);
}

// A withdrawal ends what it names from its own leaf on; what else falls with it, the hub's leaves behind it
// name.
void LogOrder::take_ends(std::uint64_t index, const log::Record& record, const Claims& claims) {
    if (record.event == RecordEvent::consent) take_consents(index, record, claims);
    if (claims.type == contract::kMessageTypes.text(MessageType::consent_revoked) && !claims.consent.empty())
        end_consent(claims.consent, index);
    if (!record.referral) return;
    if (ends_referral(record)) referrals_.try_emplace(record.referral->text(), index);
    if (takes_back(record)) taken_back_.try_emplace(record.referral->text(), index);
}

void LogOrder::take_consents(std::uint64_t index, const log::Record& record, const Claims& claims) {
    const std::string_view operation = operation_of(record);
    // What nobody signed is nobody's yes: with a statement, the operation is its type (against_statement).
    const std::string_view given = contract::kMessageTypes.text(MessageType::consent_given);
    if (operation == given && claims.type == given) given_.take(index, record);
    if (operation == "consent.superseded") {
        for (const log::Word& id : ids_in(record, "consents"))
            given_.put_state(id.text(), contract::ConsentState::superseded);
    }
    if (operation != "consent.ended") return;
    for (const log::Word& id : ids_in(record, "consents")) end_consent(id.text(), index);
    for (const log::Word& id : ids_in(record, "referrals")) {
        referrals_.try_emplace(id.text(), index);
        taken_back_.try_emplace(id.text(), index);
    }
}

void LogOrder::end_consent(const std::string& id, std::uint64_t index) {
    consents_.try_emplace(id, index);
    given_.put_state(id, contract::ConsentState::revoked);
}

}  // namespace kesher::verifier
