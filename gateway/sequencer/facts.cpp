#include "gateway/sequencer/facts.h"

#include <algorithm>
#include <stdexcept>

#include "gateway/sequencer/case_rows.h"
#include "gateway/store/stored_words.h"
#include "schemas/contract/limits.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

// Which reader takes the rows of a statement.
enum Asked {
    messages,
    cases,
    consents,
    consents_by_key,
    forms,
    referrals,
    used_slots,
    deliveries,
    case_requests,
    opened_counts,
    claim_code_counts
};

template <class Row, class Key>
const Row* row_of(const std::map<Key, Held<Row>>& rows, const Key& key) {
    const auto found = rows.find(key);
    return found == rows.end() ? nullptr : &found->second.row;
}

template <class Rows, class Wanted>
auto rows_where(Rows& rows, Wanted wanted) {
    std::vector<decltype(rows.begin()->second.row)> found;
    for (auto& [key, held] : rows) {
        if (held.changed && wanted(held)) found.push_back(std::move(held.row));
    }
    return found;
}

// Where a row is only ever added: one that stands there already is refused by its key.
template <class Rows>
auto added_to(Rows& rows) {
    return rows_where(rows, [](const auto&) { return true; });
}
// Where it may change: nobody else writes these tables and nobody deletes, so what was read is there.
template <class Rows>
auto new_in(Rows& rows) {
    return rows_where(rows, [](const auto& held) { return !held.stored; });
}
template <class Rows>
auto changed_in(Rows& rows) {
    return rows_where(rows, [](const auto& held) { return held.stored; });
}

// The key may be a part of the row: it is copied before the row goes.
template <class Row, class Key>
void hold_read(std::map<Key, Held<Row>>& rows, const Key& key, Row&& row) {
    Key under = key;
    rows.try_emplace(std::move(under), Held<Row>{std::move(row), true, false});
}

// What was read and is put again stays a stored row.
template <class Row, class Key>
void hold_changed(std::map<Key, Held<Row>>& rows, const Key& key, Row row) {
    const auto found = rows.find(key);
    if (found == rows.end()) {
        rows.emplace(key, Held<Row>{std::move(row), false, true});
        return;
    }
    found->second.row = std::move(row);
    found->second.changed = true;
}

template <class Row, class Key>
std::vector<Row> all_of(const std::map<Key, Row>& rows) {
    std::vector<Row> all;
    for (const auto& [key, row] : rows) all.push_back(row);
    return all;
}

store::UsedSlot used_slot_of(const store::ReferralRow& row) {
    return {row.slot,
            row.referral.referrer,
            row.referral.id,
            row.referrer_sealed,
            row.submitted.has_value(),
            store::is_disclosed(row.referral)};
}

KnownSlots::Place place_of(const store::UsedSlot& slot, const Pseudonym& name) {
    return {slot.slot, slot.referrer, name, slot.submitted, slot.disclosed};
}

}  // namespace

store::Outcome Facts::load(store::Connection& connection, const Wanted& wanted, Instant now) {
    store::Pipeline pipeline(connection);
    std::vector<std::pair<int, store::Position>> asked;
    const auto ask = [&](Asked what, const auto& keys, auto find) {
        if (!keys.empty()) asked.emplace_back(what, find(pipeline, keys.settled()));
    };
    ask(messages, wanted.messages, store::find_messages);
    ask(cases, wanted.cases, store::find_cases);
    ask(case_requests, wanted.case_requests, store::find_case_requests);
    ask(opened_counts, wanted.cases_opened_by, [&](store::Pipeline& to, const auto& bodies) {
        return store::count_cases_opened(to, bodies, now - limits::kCaseLapse);
    });
    ask(claim_code_counts, wanted.claim_codes_by, [&](store::Pipeline& to, const auto& bodies) {
        return store::count_claim_codes(to, bodies, day_of(now));
    });
    ask(consents, wanted.consents, store::find_consents);
    ask(consents, wanted.consent_slots, store::find_consents_by_slot);
    ask(consents_by_key, wanted.consent_keys, store::find_consents_by_key);
    ask(forms, wanted.forms, store::find_forms);
    ask(referrals, wanted.referrals, store::find_referrals);
    ask(referrals, wanted.referral_slots, store::find_referrals_by_slot);
    ask(used_slots, wanted.used_slots, store::find_used_slots);
    ask(deliveries, wanted.deliveries, store::find_deliveries);
    ask(deliveries, wanted.deliveries_of_consent_slots, store::find_deliveries_of_consent_slots);
    ask(deliveries, wanted.by_statute_of_referral_slots, store::find_deliveries_by_statute_of_referral_slots);
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
                for (auto& row : store::read_messages(rows)) hold_read(messages_, row.key, std::move(row));
                break;
            case cases:
                for (auto& row : store::read_cases(rows)) hold_read(cases_, row.key, std::move(row));
                break;
            case case_requests:
                for (auto& row : store::read_case_requests(rows)) {
                    hold_read(case_requests_, {row.organisation, row.request}, std::move(row));
                }
                break;
            case opened_counts:
                for (const auto& row : store::read_body_counts(rows)) {
                    cases_opened_.try_emplace(row.organisation, row.count);
                }
                break;
            case claim_code_counts:
                for (const auto& row : store::read_body_counts(rows)) {
                    claim_codes_.try_emplace(row.organisation, row.count);
                }
                break;
            case consents:
                for (auto& row : store::read_consents(rows)) take(std::move(row));
                break;
            case consents_by_key:
                for (auto& [key, row] : store::read_consents_by_key(rows)) {
                    take(key);
                    take(std::move(row));
                }
                break;
            case forms:
                for (auto& use : store::read_forms(rows)) forms_.insert(use);
                break;
            case referrals:
                for (auto& row : store::read_referrals(rows)) take(std::move(row));
                break;
            case used_slots:
                for (auto& used : store::read_used_slots(rows)) {
                    const Digest slot = used.slot;
                    used_slots_.try_emplace(slot, std::move(used));
                }
                break;
            case deliveries:
                for (auto& row : store::read_deliveries(rows)) hold_read(deliveries_, row.id, std::move(row));
                break;
            default:
                break;
        }
    }
}

void Facts::take(store::ConsentRow row) {
    consent_of_slot_.try_emplace(row.slot, row.consent.id);
    hold_read(consents_, row.consent.id, std::move(row));
}

void Facts::take(store::ReferralRow row) {
    referral_of_slot_.try_emplace(row.slot, row.referral.id);
    used_slots_.try_emplace(row.slot, used_slot_of(row));
    hold_read(referrals_, row.referral.id, std::move(row));
}

void Facts::take(const store::ConsentKeyRow& row) {
    const auto [from, to] = consent_keys_.equal_range(row.key);
    const bool known =
        std::any_of(from, to, [&](const auto& entry) { return entry.second.row.index == row.index; });
    if (!known) consent_keys_.emplace(row.key, Held<store::ConsentKeyRow>{row, true, false});
}

void Facts::add_to(IdsInUse& in_use) const {
    for (const auto& [key, held] : messages_) {
        if (held.changed) in_use.add(key);
    }
    for (const auto& [id, held] : referrals_) {
        if (held.changed) in_use.add(id);
    }
    for (const auto& [id, held] : deliveries_) {
        if (held.changed && held.row.referral) in_use.add(*held.row.referral);
    }
}

void Facts::write(store::Pipeline& batch) && {
    store::put_organisations(batch, all_of(organisations_));
    store::put_tls_certificates(batch, all_of(certificates_));
    store::put_officers(batch, all_of(officers_));
    store::put_tokens(batch, all_of(tokens_));
    store::insert_key_lists(batch, key_lists_);
    store::insert_profiles(batch, profiles_);
    store::insert_officer_documents(batch, officer_documents_);
    store::insert_agreement_acts(batch, acts_);
    store::insert_cases(batch, new_in(cases_));
    store::update_cases(batch, changed_in(cases_));
    store::insert_pseudonyms(batch, pseudonyms_);
    store::insert_case_requests(batch, added_to(case_requests_));
    store::insert_messages(batch, added_to(messages_));
    store::insert_payloads(batch, payloads_);
    store::delete_payloads(batch, wiped_);
    store::insert_consents(batch, new_in(consents_));
    store::update_consents(batch, changed_in(consents_));
    store::insert_consent_keys(batch, added_to(consent_keys_));
    store::insert_referrals(batch, new_in(referrals_));
    store::update_referrals(batch, changed_in(referrals_));
    store::insert_deliveries(batch, new_in(deliveries_));
    store::update_deliveries(batch, changed_in(deliveries_));
}

const store::MessageRow* Facts::message(const store::MessageKey& key) const { return row_of(messages_, key); }
const store::CaseRow* Facts::case_file(const Digest& key) const { return row_of(cases_, key); }
const store::CaseRequestRow* Facts::case_request(const store::CaseRequestKey& key) const {
    return row_of(case_requests_, key);
}
const store::ConsentRow* Facts::consent(const ConsentId& id) const { return row_of(consents_, id); }
std::int64_t Facts::cases_opened(const OrganisationId& organisation) const {
    const auto found = cases_opened_.find(organisation);
    return found == cases_opened_.end() ? 0 : found->second;
}

std::int64_t Facts::claim_codes_made(const OrganisationId& organisation) const {
    const auto found = claim_codes_.find(organisation);
    return found == claim_codes_.end() ? 0 : found->second;
}

bool Facts::is_used(CaseSlots::Of kind, const Digest& slot) const {
    return kind == CaseSlots::Of::referrals ? is_used(slot) : consent_of_slot_.contains(slot);
}

std::size_t Facts::first_unused(const CaseSlots& slots) const {
    std::size_t n = 0;
    while (is_used(slots.kind(), slots.at(n))) ++n;
    return n;
}

std::size_t Facts::used(const CaseSlots& slots) const {
    const std::size_t count = first_unused(slots);
    for (const Digest& slot : slots.until(CaseSlots::looked_at(count)).subspan(count)) {
        if (is_used(slots.kind(), slot)) store::refuse_stored("slot");
    }
    return count;
}

bool Facts::is_used(const Digest& referral_slot) const { return used_slots_.contains(referral_slot); }

const KnownSlots::Case& Facts::known_case(const CaseSlots& slots) const {
    const auto found = filled_.find(slots.at(0));
    if (found == filled_.end()) throw std::logic_error("a case's slots that nobody looked at");
    return found->second;
}

void Facts::fill(const CaseSlots& slots, const store::ReferralRow& row, const Pseudonym& name) {
    KnownSlots::Used& used = filled_.at(slots.at(0)).used;
    KnownSlots::Place place = place_of(used_slot_of(row), name);
    const auto own = std::ranges::find(used, row.slot, &KnownSlots::Place::slot);
    if (own == used.end()) {
        used.push_back(std::move(place));
    } else {
        *own = std::move(place);
    }
}

void Facts::disclose(const Digest& first_slot, const store::ReferralRow& row) {
    if (!store::is_disclosed(row.referral)) return;
    disclosed_.emplace_back(first_slot, row.slot);
    const auto held = filled_.find(first_slot);
    if (held != filled_.end()) held->second.disclose(row.slot);
}

void Facts::recall(KnownSlots& known, Wanted& wanted) {
    for (const auto& [slots, name] : wanted.used_slots_of) {
        const Digest first = slots->at(0);
        if (!filled_.contains(first) && !looked_at_.contains(first)) {
            if (auto found = known.take(first)) filled_.emplace(first, *std::move(found));
        }
        const auto held = filled_.find(first);
        if (held != filled_.end() &&
            std::ranges::find(held->second.names, name) != held->second.names.end()) {
            continue;
        }
        // As if nothing of it were known, whatever another name may have left here.
        Looked& looked = looked_at_.try_emplace(first, Looked{slots, {}}).first->second;
        if (held != filled_.end()) {
            looked.names = std::move(held->second.names);
            filled_.erase(held);
        }
        looked.names.push_back(name);
        const auto first_look = slots->until(CaseSlots::kBySubmission);
        wanted.used_slots.insert(first_look.begin(), first_look.end());
    }
}

void Facts::know_looked_at(const keys::SealedStore& sealed) {
    for (const auto& [first, looked] : looked_at_) {
        KnownSlots::Case known{{}, looked.names};
        for (const Digest& slot : looked.slots->until(used(*looked.slots))) {
            const store::UsedSlot& held = used_slots_.at(slot);
            known.used.push_back(place_of(held, referrer_of(sealed, held).pseudonym));
        }
        filled_.insert_or_assign(first, std::move(known));
    }
}

void Facts::remember(KnownSlots& known) && {
    for (auto& [first, held] : filled_) known.put(first, std::move(held));
    for (const auto& [first, slot] : disclosed_) known.disclosed(first, slot);
}

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

std::vector<const store::ConsentRow*> Facts::consents_in(const CaseSlots& slots) const {
    std::vector<const store::ConsentRow*> found;
    for (const Digest& slot : slots.until(used(slots))) found.push_back(consent(consent_of_slot_.at(slot)));
    return found;
}

// Only where the rows were asked for: that a slot is in use may be known without (Wanted::used_slots).
std::vector<const store::ReferralRow*> Facts::referrals_in(const CaseSlots& slots) const {
    std::vector<const store::ReferralRow*> found;
    for (const Digest& slot : slots.until(used(slots))) found.push_back(referral(referral_of_slot_.at(slot)));
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
    hold_changed(messages_, key, std::move(row));
}

void Facts::add(store::CaseRequestRow row) {
    const store::CaseRequestKey key{row.organisation, row.request};
    ++cases_opened_[row.organisation];  // it was opened just now
    hold_changed(case_requests_, key, std::move(row));
}

void Facts::add(store::ConsentKeyRow row) {
    const Digest key = row.key;
    consent_keys_.emplace(key, Held<store::ConsentKeyRow>{std::move(row), false, true});
}

void Facts::put(store::CaseRow row) {
    const Digest key = row.key;
    hold_changed(cases_, key, std::move(row));
}

void Facts::put(store::ConsentRow row) {
    const ConsentId id = row.consent.id;
    consent_of_slot_.insert_or_assign(row.slot, id);
    if (row.consent.form_digest) forms_.insert({*row.consent.form_digest, row.consent.recipient});
    hold_changed(consents_, id, std::move(row));
}

void Facts::put(store::ReferralRow row) {
    const ReferralId id = row.referral.id;
    referral_of_slot_.insert_or_assign(row.slot, id);
    used_slots_.insert_or_assign(row.slot, used_slot_of(row));
    hold_changed(referrals_, id, std::move(row));
}

void Facts::put(store::DeliveryRow row) {
    const DeliveryId id = row.id;
    hold_changed(deliveries_, id, std::move(row));
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
