// What a request needs to be decided, by key: what Facts loads.
#pragma once

#include <set>

#include "gateway/store/cases.h"
#include "gateway/store/consents.h"
#include "gateway/store/messages.h"

namespace kesher::sequencer {

struct Wanted {
    std::set<store::MessageKey> messages;
    std::set<contract::Digest> cases;
    std::set<contract::ConsentId> consents;
    std::set<contract::Digest> consent_keys;
    std::set<contract::Digest> consent_slots;
    std::set<store::FormUse> forms;
    std::set<contract::ReferralId> referrals;
    std::set<contract::Digest> referral_slots;  // with the rows that are filed there
    std::set<contract::Digest> used_slots;      // of referrals: only whether, and when it was submitted
    std::set<contract::DeliveryId> deliveries;
    std::set<contract::Digest> deliveries_of_consent_slots;
    std::set<contract::ReferralId> deliveries_of_referrals;
    std::set<store::CaseRequestKey> case_requests;
    std::set<contract::OrganisationId> cases_opened_by;
    [[nodiscard]] bool empty() const;
    void add(const Wanted& more);
    void take(Wanted&& more);           // the same, at no cost where it is the first
    void remove(const Wanted& others);  // what was asked for already
};

}  // namespace kesher::sequencer
