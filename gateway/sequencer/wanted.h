// What a request needs to be decided, by key: what Facts loads.
#pragma once

#include <algorithm>
#include <vector>

#include "gateway/sequencer/case_slots.h"
#include "gateway/sequencer/ids_in_use.h"
#include "gateway/store/cases.h"
#include "gateway/store/consents.h"
#include "gateway/store/messages.h"

namespace kesher::sequencer {

// Put together by many and sorted once: a set would move memory about for each key.
template <class Key>
class Keys {
public:
    void insert(Key key) { keys_.push_back(std::move(key)); }
    template <class Each>
    void insert(Each from, Each to) {
        keys_.insert(keys_.end(), from, to);
    }
    [[nodiscard]] bool empty() const { return keys_.empty(); }
    // From here on sorted and each once, as what follows needs them.
    void settle() {
        if (keys_.size() < 2) return;
        std::sort(keys_.begin(), keys_.end());
        keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
    }
    [[nodiscard]] const std::vector<Key>& settled() const { return keys_; }
    void add(const Keys& more) { insert(more.keys_.begin(), more.keys_.end()); }
    void keep_used(const IdsInUse& in_use) {
        std::erase_if(keys_, [&](const Key& key) { return !in_use.may_hold(key); });
    }
    void remove(const Keys& others) {
        if (others.empty()) return;
        std::erase_if(keys_, [&](const Key& key) {
            return std::binary_search(others.keys_.begin(), others.keys_.end(), key);
        });
    }

private:
    std::vector<Key> keys_;
};

// A case's referral slots, asked for by whoever knows her by this name.
struct SlotsAsked {
    const CaseSlots* slots;
    contract::Pseudonym name;
};

struct Wanted {
    Keys<store::MessageKey> messages;
    Keys<contract::Digest> cases;
    Keys<contract::ConsentId> consents;
    Keys<contract::Digest> consent_keys;
    Keys<contract::Digest> consent_slots;
    Keys<store::FormUse> forms;
    Keys<contract::ReferralId> referrals;
    Keys<contract::Digest> referral_slots;  // with the rows that are filed there
    Keys<contract::Digest> used_slots;      // of referrals: only whether, and whose
    // Every used slot of these cases' referrals, where they are not known yet: taken by Facts::recall before
    // the first round, and by nothing else here. Each outlives the batch.
    std::vector<SlotsAsked> used_slots_of;
    Keys<contract::DeliveryId> deliveries;
    Keys<contract::Digest> deliveries_of_consent_slots;
    Keys<contract::Digest> by_statute_of_referral_slots;  // deliveries without a consent
    Keys<contract::ReferralId> deliveries_of_referrals;
    Keys<store::CaseRequestKey> case_requests;
    Keys<contract::OrganisationId> cases_opened_by;
    Keys<contract::OrganisationId> claim_codes_by;
    [[nodiscard]] bool empty() const;
    void add(const Wanted& more);
    void settle();                      // before it is loaded, removed or removed from
    void remove(const Wanted& others);  // what was asked for already
    void keep_used(const IdsInUse& in_use);
};

}  // namespace kesher::sequencer
