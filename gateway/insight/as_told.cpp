#include "gateway/insight/as_told.h"

#include <algorithm>

#include "gateway/agreement/agreement.h"
#include "gateway/consent/statute.h"
#include "gateway/referral/release.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/message.h"
#include "gateway/store/stored_words.h"

namespace kesher::insight {
namespace {

using namespace contract;

// Known to the referrer by itself: it made and submitted it.
constexpr WordSet<ReferralState> kBeforeDelivery{ReferralState::draft, ReferralState::awaiting_consent,
                                                 ReferralState::requested};

OrganisationStatus status_of(const sequencer::Registry& registry, const OrganisationId& id) {
    const sequencer::Organisation* found = registry.find(id);
    return found == nullptr ? OrganisationStatus::suspended : found->row.status;
}

void add_her_word(const Stand& stand, Instant at, referral::ReleaseFacts& facts) {
    const referral::Referral& referral = stand.referral;
    const referral::Terms& terms = referral.terms;
    if (needs_no_consent(terms.basis)) {
        facts.consent = consent::her_no(stand.consents, referral.referrer, referral.recipient, terms.purpose);
        return;
    }
    const auto carriage = consent::evaluate_update({.named = std::nullopt,
                                                    .discloser = referral.referrer,
                                                    .recipient = referral.recipient,
                                                    .purpose = terms.purpose,
                                                    .groups = {},
                                                    .service = terms.service},
                                                   stand.consents, at);
    if (!carriage) facts.consent = carriage.error();
    facts.feedback = carriage && *carriage == consent::Carriage::carried;
}

// Whether the recipient's word that it stands elsewhere now would reach the referrer.
bool updates_are_carried(const Stand& stand, const sequencer::Registry& registry, Instant at) {
    const referral::Referral& referral = stand.referral;
    referral::ReleaseFacts facts{.parcel = referral::Parcel::update,
                                 .to_status = status_of(registry, referral.referrer),
                                 .from_status = status_of(registry, referral.recipient)};
    facts.agreement_active =
        agreement::find_agreement(
            registry.agreement_list(),
            {referral.recipient, referral.referrer, MessageType::referral_event, referral.terms.purpose, {}},
            at)
            .has_value();
    add_her_word(stand, at, facts);
    referral::Referral asked = referral;
    asked.state = ReferralState::delivered;  // not of its end, which is told whatever else is
    return referral::decide_release(asked, facts, at).verdict != referral::ReleaseVerdict::drop;
}

// When the hub told the referrer that it was delivered: with the recipient's receipt or, where its answer
// came before that, with the answer. A notice of another time is then a freeze's.
Instant told_of_delivery(const Stand& stand) {
    std::optional<Instant> receipt;
    std::vector<Instant> notices;
    for (const store::DeliveryRow& each : stand.deliveries) {
        const bool by_hub = each.message.sender == OrganisationId::hub();
        if (by_hub && each.recipient == stand.referral.referrer) notices.push_back(each.not_before);
        const bool taken =
            each.type == MessageType::referral_submitted && each.state == store::DeliveryState::taken;
        if (taken) receipt = each.settled_at;
    }
    if (notices.empty()) store::refuse_stored("delivery.referral");
    const bool with_receipt = receipt && std::ranges::find(notices, *receipt) != notices.end();
    return with_receipt ? *receipt : *std::ranges::min_element(notices);
}

}  // namespace

std::vector<Digest> keys_of_her_word(const Rooms& rooms, const store::ReferralRow& row) {
    const referral::Referral& referral = row.referral;
    const CaseId id = sequencer::referrer_of(rooms.sealed_store, row).case_id;
    if (needs_no_consent(referral.terms.basis)) {
        return sequencer::pair_keys(rooms.row_keys, id, referral.referrer, referral.recipient);
    }
    std::vector<Digest> keys;
    for (const Purpose purpose : {referral.terms.purpose, Purpose::status_feedback}) {
        keys.push_back(rooms.row_keys.consent_key(id, referral.referrer, referral.recipient, purpose));
    }
    return keys;
}

referral::Referral as_told(const Stand& stand, const OrganisationId& reader,
                           const sequencer::Registry& registry, Instant at) {
    referral::Referral seen = stand.referral;
    if (reader != seen.referrer || kBeforeDelivery.has(seen.state)) return seen;
    if (updates_are_carried(stand, registry, at)) return seen;
    seen.version = kVersionNotTold;
    seen.updates_stopped = !is_terminal(seen.state);
    if (is_terminal(seen.state)) return seen;
    seen.state = ReferralState::delivered;
    seen.held_from.reset();
    seen.since = told_of_delivery(stand);
    return seen;
}

}  // namespace kesher::insight
