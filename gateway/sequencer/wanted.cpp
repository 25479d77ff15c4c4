#include "gateway/sequencer/wanted.h"

namespace kesher::sequencer {
namespace {

// Every kind of key, of two that belong together.
template <class Own, class Other, class Do>
void each_pair(Own& own, Other& other, Do act) {
    act(own.messages, other.messages);
    act(own.cases, other.cases);
    act(own.consents, other.consents);
    act(own.consent_keys, other.consent_keys);
    act(own.consent_slots, other.consent_slots);
    act(own.forms, other.forms);
    act(own.referrals, other.referrals);
    act(own.referral_slots, other.referral_slots);
    act(own.used_slots, other.used_slots);
    act(own.deliveries, other.deliveries);
    act(own.deliveries_of_consent_slots, other.deliveries_of_consent_slots);
    act(own.by_statute_of_referral_slots, other.by_statute_of_referral_slots);
    act(own.deliveries_of_referrals, other.deliveries_of_referrals);
    act(own.case_requests, other.case_requests);
    act(own.cases_opened_by, other.cases_opened_by);
    act(own.claim_codes_by, other.claim_codes_by);
}

}  // namespace

bool Wanted::empty() const {
    bool all_empty = true;
    each_pair(*this, *this, [&](const auto& own, const auto&) { all_empty = all_empty && own.empty(); });
    return all_empty;
}

void Wanted::add(const Wanted& more) {
    each_pair(*this, more, [](auto& own, const auto& other) { own.add(other); });
    used_slots_of.insert(used_slots_of.end(), more.used_slots_of.begin(), more.used_slots_of.end());
}

void Wanted::settle() {
    each_pair(*this, *this, [](auto& own, const auto&) { own.settle(); });
}

void Wanted::keep_used(const IdsInUse& in_use) {
    messages.keep_used(in_use);
    referrals.keep_used(in_use);
    deliveries_of_referrals.keep_used(in_use);
}

void Wanted::remove(const Wanted& others) {
    each_pair(*this, others, [](auto& own, const auto& other) { own.remove(other); });
}

}  // namespace kesher::sequencer
