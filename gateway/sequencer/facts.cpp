#include "gateway/sequencer/facts.h"

#include <algorithm>

namespace kesher::sequencer {
namespace {

using namespace contract;

// Which reader takes the rows of a statement.
enum Asked { messages, cases, consents, consent_keys, forms, referrals, deliveries, case_requests };

template <class T>
std::vector<T> listed(const std::set<T>& set) {
    return {set.begin(), set.end()};
}

template <class Row, class Key>
const Row* row_of(const std::map<Key, Held<Row>>& rows, const Key& key) {
    const auto found = rows.find(key);
    return found == rows.end() ? nullptr : &found->second.row;
}

template <class Row, class Key>
std::vector<Row> changed_of(const std::map<Key, Held<Row>>& rows) {
    std::vector<Row> changed;
    for (const auto& [key, held] : rows) {
        if (held.changed) changed.push_back(held.row);
    }
    return changed;
}

template <class Row, class Key>
std::vector<Row> all_of(const std::map<Key, Row>& rows) {
    std::vector<Row> all;
    for (const auto& [key, row] : rows) all.push_back(row);
    return all;
}

}  // namespace

bool Wanted::empty() const {
    return messages.empty() && cases.empty() && consents.empty() && consent_keys.empty() &&
           consent_slots.empty() && forms.empty() && referrals.empty() && referral_slots.empty() &&
           deliveries.empty() && deliveries_of_consent_slots.empty() && deliveries_of_referrals.empty() &&
           case_requests.empty();
}

store::Outcome Facts::load(store::Connection& connection, const Wanted& wanted) {
    store::Pipeline pipeline(connection);
    std::vector<std::pair<int, store::Position>> asked;
    const auto ask = [&](Asked what, const auto& keys, auto find) {
        if (!keys.empty()) asked.emplace_back(what, find(pipeline, listed(keys)));
    };
    ask(messages, wanted.messages, store::find_messages);
    ask(cases, wanted.cases, store::find_cases);
    ask(case_requests, wanted.case_requests, store::find_case_requests);
    ask(consents, wanted.consents, store::find_consents);
    ask(consents, wanted.consent_slots, store::find_consents_by_slot);
    ask(consents, wanted.consent_keys, store::find_consents_by_key);
    ask(consent_keys, wanted.consent_keys, store::find_consent_keys);
    ask(forms, wanted.forms, store::find_forms);
    ask(referrals, wanted.referrals, store::find_referrals);
    ask(referrals, wanted.referral_slots, store::find_referrals_by_slot);
    ask(deliveries, wanted.deliveries, store::find_deliveries);
    ask(deliveries, wanted.deliveries_of_consent_slots, store::find_deliveries_of_consent_slots);
    ask(deliveries, wanted.deliveries_of_referrals, store::find_deliveries_of_referrals);
    store::Outcome outcome = pipeline.run();
    if (const auto* replies = std::get_if<store::Replies>(&outcome)) take(*replies, asked);
    return outcome;
}

void Facts::take(const store::Replies& replies, const std::vector<std::pair<int, store::Position>>& asked) {
    for (const auto& [what, position] : asked) {
        const store::Rows& rows = replies[position];
        switch (what) {
            case messages:
                for (auto& row : store::read_messages(rows)) messages_.try_emplace(row.key, row);
                break;
            case cases:
                for (auto& row : store::read_cases(rows)) cases_.try_emplace(row.key, row);
                break;
            case case_requests:
                for (auto& row : store::read_case_requests(rows)) {
                    case_requests_.try_emplace({row.organisation, row.request}, row);
                }
                break;
            case consents:
                for (auto& row : store::read_consents(rows)) {
                    consent_of_slot_.try_emplace(row.slot, row.consent.id);
                    consents_.try_emplace(row.consent.id, row);
                }
                break;
            case consent_keys:
                for (auto& row : store::read_consent_keys(rows)) {
                    const auto [from, to] = consent_keys_.equal_range(row.key);
                    const bool known = std::any_of(
                        from, to, [&](const auto& entry) { return entry.second.row.index == row.index; });
                    if (!known) consent_keys_.emplace(row.key, Held<store::ConsentKeyRow>{row});
                }
                break;
            case forms:
                for (auto& use : store::read_forms(rows)) forms_.insert(use);
                break;
            case referrals:
                for (auto& row : store::read_referrals(rows)) {
                    referral_of_slot_.try_emplace(row.slot, row.referral.id);
                    referrals_.try_emplace(row.referral.id, row);
                }
                break;
            case deliveries:
                for (auto& row : store::read_deliveries(rows)) deliveries_.try_emplace(row.id, row);
                break;
            default:
                break;
        }
    }
}

void Facts::write(store::Pipeline& batch) const {
    store::put_organisations(batch, all_of(organisations_));
    store::put_tls_certificates(batch, all_of(certificates_));
    store::put_officers(batch, all_of(officers_));
    store::put_tokens(batch, all_of(tokens_));
    store::insert_key_lists(batch, key_lists_);
    store::insert_profiles(batch, profiles_);
    store::insert_agreement_acts(batch, acts_);
    store::put_cases(batch, changed_of(cases_));
    store::insert_pseudonyms(batch, pseudonyms_);
    store::insert_case_requests(batch, changed_of(case_requests_));
    store::insert_messages(batch, changed_of(messages_));
    store::insert_payloads(batch, payloads_);
    store::delete_payloads(batch, wiped_);
    store::put_consents(batch, changed_of(consents_));
    std::vector<store::ConsentKeyRow> keys;
    for (const auto& [key, held] : consent_keys_) {
        if (held.changed) keys.push_back(held.row);
    }
    store::insert_consent_keys(batch, keys);
    store::put_referrals(batch, changed_of(referrals_));
    store::insert_referral_events(batch, events_);
    store::put_deliveries(batch, changed_of(deliveries_));
}

const store::MessageRow* Facts::message(const store::MessageKey& key) const { return row_of(messages_, key); }
const store::CaseRow* Facts::case_file(const Digest& key) const { return row_of(cases_, key); }
const store::CaseRequestRow* Facts::case_request(const store::CaseRequestKey& key) const {
    return row_of(case_requests_, key);
}
const store::ConsentRow* Facts::consent(const ConsentId& id) const { return row_of(consents_, id); }
const store::ReferralRow* Facts::referral(const ReferralId& id) const { return row_of(referrals_, id); }
const store::DeliveryRow* Facts::delivery(const DeliveryId& id) const { return row_of(deliveries_, id); }
bool Facts::form_used(const store::FormUse& use) const { return forms_.contains(use); }

std::vector<consent::Consent> Facts::consents_under(std::span<const Digest> keys) const {
    std::set<ConsentId> seen;
    std::vector<consent::Consent> found;
    for (const Digest& key : keys) {
        const auto [from, to] = consent_keys_.equal_range(key);
        for (auto entry = from; entry != to; ++entry) {
            const ConsentId& id = entry->second.row.consent;
            const store::ConsentRow* row = consent(id);
            if (row != nullptr && seen.insert(id).second) found.push_back(row->consent);
        }
    }
    return found;
}

std::vector<const store::ConsentRow*> Facts::consents_in(std::span<const Digest> slots) const {
    std::vector<const store::ConsentRow*> found;
    for (const Digest& slot : slots) {
        const auto entry = consent_of_slot_.find(slot);
        if (entry != consent_of_slot_.end()) found.push_back(consent(entry->second));
    }
    return found;
}

std::vector<const store::ReferralRow*> Facts::referrals_in(std::span<const Digest> slots) const {
    std::vector<const store::ReferralRow*> found;
    for (const Digest& slot : slots) {
        const auto entry = referral_of_slot_.find(slot);
        if (entry != referral_of_slot_.end()) found.push_back(referral(entry->second));
    }
    return found;
}

std::vector<store::DeliveryRow> Facts::deliveries_of(const ConsentId& consent) const {
    std::vector<store::DeliveryRow> found;
    for (const auto& [id, held] : deliveries_) {
        if (held.row.consent == consent) found.push_back(held.row);
    }
    return found;
}

std::vector<store::DeliveryRow> Facts::deliveries_of(const ReferralId& referral) const {
    std::vector<store::DeliveryRow> found;
    for (const auto& [id, held] : deliveries_) {
        if (held.row.referral == referral) found.push_back(held.row);
    }
    return found;
}

void Facts::add(store::MessageRow row) {
    const store::MessageKey key = row.key;
    messages_.insert_or_assign(key, Held<store::MessageRow>{std::move(row), true});
}

void Facts::add(store::CaseRequestRow row) {
    const store::CaseRequestKey key{row.organisation, row.request};
    case_requests_.insert_or_assign(key, Held<store::CaseRequestRow>{std::move(row), true});
}

void Facts::add(store::ConsentKeyRow row) {
    const Digest key = row.key;
    consent_keys_.emplace(key, Held<store::ConsentKeyRow>{std::move(row), true});
}

void Facts::put(store::CaseRow row) {
    const Digest key = row.key;
    cases_.insert_or_assign(key, Held<store::CaseRow>{std::move(row), true});
}

void Facts::put(store::ConsentRow row) {
    const ConsentId id = row.consent.id;
    consent_of_slot_.insert_or_assign(row.slot, id);
    if (row.consent.form_digest) forms_.insert({*row.consent.form_digest, row.consent.recipient});
    consents_.insert_or_assign(id, Held<store::ConsentRow>{std::move(row), true});
}

void Facts::put(store::ReferralRow row) {
    const ReferralId id = row.referral.id;
    referral_of_slot_.insert_or_assign(row.slot, id);
    referrals_.insert_or_assign(id, Held<store::ReferralRow>{std::move(row), true});
}

void Facts::put(store::DeliveryRow row) {
    const DeliveryId id = row.id;
    deliveries_.insert_or_assign(id, Held<store::DeliveryRow>{std::move(row), true});
}

void Facts::put(store::OrganisationRow row) {
    const OrganisationId id = row.id;
    organisations_.insert_or_assign(id, std::move(row));
}

void Facts::put(store::TlsCertificateRow row) {
    const Digest fingerprint = row.fingerprint;
    certificates_.insert_or_assign(fingerprint, std::move(row));
}

void Facts::put(store::OfficerRow row) {
    const std::pair key{row.organisation, row.id};
    officers_.insert_or_assign(key, std::move(row));
}

void Facts::put(store::TokenRow row) {
    const Digest digest = row.digest;
    tokens_.insert_or_assign(digest, std::move(row));
}

}  // namespace kesher::sequencer
