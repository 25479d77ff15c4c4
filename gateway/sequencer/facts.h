// The rows that a batch's decisions stand on: loaded in few round trips, changed only by decisions,
// written in one transaction. Each decision sees what the ones before it changed.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "gateway/keys/sealed_store.h"
#include "gateway/sequencer/case_slots.h"
#include "gateway/sequencer/ids_in_use.h"
#include "gateway/sequencer/known_slots.h"
#include "gateway/sequencer/wanted.h"
#include "gateway/store/cases.h"
#include "gateway/store/consents.h"
#include "gateway/store/deliveries.h"
#include "gateway/store/messages.h"
#include "gateway/store/organisations.h"
#include "gateway/store/pipeline.h"
#include "gateway/store/referrals.h"

namespace kesher::sequencer {

// How a row is in the working set: one that was read is changed where it stands, any other is new.
template <class Row>
struct Held {
    Row row;
    bool stored = false;
    bool changed = false;
};

class Facts {
public:
    // A row already here stays as it is. `now` is what "lately" is counted from.
    [[nodiscard]] store::Outcome load(store::Connection& connection, const Wanted& wanted,
                                      contract::Instant now);
    // Before the rows that this batch adds are written.
    void add_to(IdsInUse& in_use) const;
    // Adds every change to the batch's transaction. Nothing is asked of the working set after that but to
    // remember(): its rows are gone into the statements.
    void write(store::Pipeline& batch) &&;

    [[nodiscard]] const store::MessageRow* message(const store::MessageKey& key) const;
    [[nodiscard]] const store::CaseRow* case_file(const contract::Digest& key) const;
    [[nodiscard]] const store::CaseRequestRow* case_request(const store::CaseRequestKey& key) const;
    // Opened by this body within kCaseLapse, those of this batch with them.
    [[nodiscard]] std::int64_t cases_opened(const contract::OrganisationId& organisation) const;
    // Fresh claim codes of this body on this day, those of this batch with them.
    [[nodiscard]] std::int64_t claim_codes_made(const contract::OrganisationId& organisation) const;
    void count_claim_code(const contract::OrganisationId& organisation) { ++claim_codes_[organisation]; }
    // How many of a case's slots are in use, as far as they were looked at (CaseSlots::looked_at).
    [[nodiscard]] std::size_t first_unused(const CaseSlots& slots) const;
    // The same once all were. Throws store::DatabaseCorrupt where one behind the first free one is in use:
    // nobody deletes, so a row was changed, and an answer could leave out what hangs on it.
    [[nodiscard]] std::size_t used(const CaseSlots& slots) const;
    [[nodiscard]] bool is_used(const contract::Digest& referral_slot) const;
    // The used slots of a case's referrals, in order: as they are known, or else once all were looked at,
    // with the same check. What is filled in this batch is added by fill(); remembered once it is committed.
    [[nodiscard]] bool knows_used(const CaseSlots& slots) const { return filled_.contains(slots.at(0)); }
    [[nodiscard]] const KnownSlots::Used& used_slots_of(const CaseSlots& slots) const {
        return known_case(slots).used;
    }
    // The next slot, or the one that it has: a draft that is submitted keeps its own.
    void fill(const CaseSlots& slots, const store::ReferralRow& row, const contract::Pseudonym& name);
    // It was released for the first time; `first_slot` is its case's.
    void disclose(const contract::Digest& first_slot, const store::ReferralRow& row);
    // What is known already need not be looked up; whatever else is wanted of these cases is added.
    void recall(KnownSlots& known, Wanted& wanted);
    // Once all is loaded: every case that was looked at is known, whatever will be decided. Who is refused
    // and asks again must not meet the same look a second time.
    void know_looked_at(const keys::SealedStore& sealed);
    void remember(KnownSlots& known) &&;
    [[nodiscard]] const store::ConsentRow* consent(const contract::ConsentId& id) const;
    // The consents that these keys lead to, each once.
    [[nodiscard]] std::vector<consent::Consent> consents_under(std::span<const contract::Digest> keys) const;
    // The case's own, by its slots.
    [[nodiscard]] std::vector<const store::ConsentRow*> consents_in(const CaseSlots& slots) const;
    [[nodiscard]] bool form_used(const store::FormUse& use) const;
    [[nodiscard]] const store::ReferralRow* referral(const contract::ReferralId& id) const;
    [[nodiscard]] std::vector<const store::ReferralRow*> referrals_in(const CaseSlots& slots) const;
    [[nodiscard]] const store::DeliveryRow* delivery(const contract::DeliveryId& id) const;
    [[nodiscard]] std::vector<store::DeliveryRow> deliveries_of(const contract::ConsentId& consent) const;
    [[nodiscard]] std::vector<store::DeliveryRow> deliveries_of(const contract::ReferralId& referral) const;

    void add(store::MessageRow row);
    void add(store::PayloadRow row) { payloads_.push_back(std::move(row)); }
    void wipe_payload(store::MessageKey key) { wiped_.push_back(std::move(key)); }
    void add(store::PseudonymRow row) { pseudonyms_.push_back(std::move(row)); }
    void add(store::CaseRequestRow row);
    void add(store::ConsentKeyRow row);
    void add(store::KeyListRow row) { key_lists_.push_back(std::move(row)); }
    void add(store::ProfileRow row) { profiles_.push_back(std::move(row)); }
    void add(store::OfficerDocumentRow row) { officer_documents_.push_back(std::move(row)); }
    void add(store::AgreementActRow row) { acts_.push_back(std::move(row)); }
    void put(store::CaseRow row);
    void put(store::ConsentRow row);
    void put(store::ReferralRow row);
    void put(store::DeliveryRow row);
    void put(store::OrganisationRow row);
    void put(store::TlsCertificateRow row);
    void put(store::OfficerRow row);
    void put(store::TokenRow row);

private:
    [[nodiscard]] bool is_used(CaseSlots::Of kind, const contract::Digest& slot) const;
    [[nodiscard]] const KnownSlots::Case& known_case(const CaseSlots& slots) const;
    void take(const store::Replies& replies, const std::vector<std::pair<int, store::Position>>& asked);
    void take(store::ConsentRow row);
    void take(store::ReferralRow row);
    void take(const store::ConsentKeyRow& row);

    std::map<store::MessageKey, Held<store::MessageRow>> messages_;
    std::map<contract::Digest, Held<store::CaseRow>> cases_;
    std::map<store::CaseRequestKey, Held<store::CaseRequestRow>> case_requests_;
    std::map<contract::OrganisationId, std::int64_t> cases_opened_;
    std::map<contract::OrganisationId, std::int64_t> claim_codes_;
    std::map<contract::ConsentId, Held<store::ConsentRow>> consents_;
    std::map<contract::Digest, contract::ConsentId> consent_of_slot_;
    std::multimap<contract::Digest, Held<store::ConsentKeyRow>> consent_keys_;
    std::set<store::FormUse> forms_;
    std::map<contract::ReferralId, Held<store::ReferralRow>> referrals_;
    std::map<contract::Digest, contract::ReferralId> referral_of_slot_;
    std::map<contract::Digest, store::UsedSlot> used_slots_;
    std::map<contract::Digest, KnownSlots::Case> filled_;                   // by the case's first slot
    std::vector<std::pair<contract::Digest, contract::Digest>> disclosed_;  // the case's first slot, its own
    struct Looked {
        const CaseSlots* slots;  // outlives the batch
        std::vector<contract::Pseudonym> names;
    };
    std::map<contract::Digest, Looked> looked_at_;  // by the case's first slot
    std::map<contract::DeliveryId, Held<store::DeliveryRow>> deliveries_;
    std::vector<store::PayloadRow> payloads_;
    std::vector<store::MessageKey> wiped_;
    std::vector<store::PseudonymRow> pseudonyms_;
    std::vector<store::KeyListRow> key_lists_;
    std::vector<store::ProfileRow> profiles_;
    std::vector<store::OfficerDocumentRow> officer_documents_;
    std::vector<store::AgreementActRow> acts_;
    std::map<contract::OrganisationId, store::OrganisationRow> organisations_;
    std::map<contract::Digest, store::TlsCertificateRow> certificates_;
    std::map<std::pair<contract::OrganisationId, contract::OfficerId>, store::OfficerRow> officers_;
    std::map<contract::Digest, store::TokenRow> tokens_;
};

}  // namespace kesher::sequencer
