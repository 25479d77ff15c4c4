// Cases with their names and requests, and consents.
#include "gateway/sequencer/case_tables.h"

namespace kesher::sequencer {

using namespace contract;

bool is_about(const SubjectMark& mark, const keys::CaseSecrets& secrets) {
    return mark.tag && *mark.tag == keys::subject_tag(secrets.subject_key, mark.nonce);
}

// A leaf names no case: the one that opened it is found by its body and time, and known by its tag.
const ToldCase* CaseTables::told_of(const store::CaseRow& row, const keys::CaseSecrets& secrets) const {
    const auto is_it = [&](const ToldCase& told) { return is_about(told.mark, secrets); };
    const auto& cases = told_.cases();
    const auto from = std::lower_bound(cases.begin(), cases.end(), row.opened_at,
                                       [](const ToldCase& told, Instant at) { return told.opened_at < at; });
    for (auto each = from; each != cases.end() && each->opened_at == row.opened_at; ++each) {
        if (is_it(*each)) return &*each;
    }
    const auto elsewhere = std::find_if(cases.begin(), cases.end(), is_it);
    return elsewhere == cases.end() ? nullptr : &*elsewhere;
}

void CaseTables::require_file(const store::CaseRow& row) {
    std::optional<keys::CaseSecrets> secrets;
    try {
        secrets = case_of(means_.sealed_store, row);
    } catch (const store::DatabaseCorrupt&) {
        refuse_unknown("case_file");  // nothing that opens says which leaf opened it
    }
    const ToldCase* told = told_of(row, *secrets);
    if (told == nullptr) refuse_unknown("case_file");
    const RowCheck check("case_file", told->by);
    std::optional<Digest> claim;
    if (row.claim) claim = keys::claim_tag(secrets->subject_key, *row.claim);
    check.holds("key", row.key == means_.row_keys.case_key(secrets->case_id))
        .holds("opened_by", row.opened_by == told->opened_by)
        .holds("opened_at", row.opened_at == told->opened_at)
        .holds("anonymous", row.anonymous == told->anonymous)
        .holds("door", row.door == told->door)
        .holds("claim", claim == told->claim)
        .holds("claim_day", row.claim_day == told->claim_day)
        .holds("claims_that_day", row.claims_that_day == told->claims_that_day)
        .holds("claim_signed_at", row.claim_signed_at == told->claim_signed_at);
    name(row.opened_by, *secrets, told->by);
    tallies_.emplace(secrets->case_id, CaseTally{told, *secrets});
}

void CaseTables::require_files() {
    store::for_each_row(connection_, store::cases_page,
                        [this](const store::CaseRow& row) { require_file(row); });
    if (tallies_.size() == told_.cases().size()) return;
    std::set<LeafIndex> seen;
    for (const auto& [id, tally] : tallies_) seen.insert(tally.told->by);
    for (const ToldCase& told : told_.cases()) {
        if (!seen.contains(told.by)) refuse_lost("case_file", told.by);
    }
}

CaseTally& CaseTables::tally_of(const RowCheck& check, std::string_view column,
                                const keys::CaseSecrets& secrets) {
    const auto found = tallies_.find(secrets.case_id);
    check.holds(column, found != tallies_.end());
    return found->second;
}

void CaseTables::require_consent(const store::ConsentRow& row, const ToldConsent& told) {
    const RowCheck check("consent", told.by);
    const consent::Consent& is = row.consent;
    const consent::Consent& was = told.consent;
    check.holds("idx", is.leaf == was.leaf)
        .holds("recorded_by", is.recorded_by == was.recorded_by)
        .holds("discloser", is.discloser == was.discloser)
        .holds("recipient", is.recipient == was.recipient)
        .holds("purposes", is.purposes == was.purposes)
        .holds("groups", is.groups == was.groups)
        .holds("services", is.services == was.services)
        .holds("direction", is.direction == was.direction)
        .holds("valid_from", is.valid_from == was.valid_from)
        .holds("valid_to", is.valid_to == was.valid_to)
        .holds("state", is.state == was.state)
        .holds("form", is.form == was.form)
        .holds("harm_veto", is.harm_veto == was.harm_veto)
        .holds("form_digest", is.form_digest == was.form_digest)
        .holds("revoked_at", is.revoked_at == was.revoked_at);
    const auto secrets = opened(check, "sealed", [&] { return case_of(means_.sealed_store, row); });
    check.holds("sealed", is_about(told.mark, secrets));
    check.holds("slot", tally_of(check, "sealed", secrets).consent_slots.emplace(row.slot, told.by).second);
    for (const Purpose purpose : is.purposes.words()) {
        const Digest key = means_.row_keys.consent_key(secrets.case_id, is.discloser, is.recipient, purpose);
        consent_keys_.emplace(ConsentKeyOf{key, is.leaf, is.id}, is.leaf);
    }
}

void CaseTables::require_consents() {
    match(
        "consent", connection_, store::consents_page, told_.consents(),
        [](const store::ConsentRow& row) { return row.consent.id; },
        [this](const store::ConsentRow& row, const ToldConsent& told) { require_consent(row, told); });
}

// A case's consents and referrals are found by walking its slots until one is free: as many as it has are
// filed in its first ones, or the walk ends before what lies behind.
void CaseTables::require_slots() const {
    const auto require = [&](std::string_view table, CaseSlots::Of kind, const CaseId& id,
                             const std::map<Digest, LeafIndex>& filed) {
        const CaseSlots slots(kind, means_.row_keys, id);
        const auto first = slots.until(filed.size());
        const std::set<Digest> expected(first.begin(), first.end());
        for (const auto& [slot, by] : filed) RowCheck(table, by).holds("slot", expected.contains(slot));
    };
    for (const auto& [id, tally] : tallies_) {
        require("consent", CaseSlots::Of::consents, id, tally.consent_slots);
        require("referral", CaseSlots::Of::referrals, id, tally.referral_slots);
    }
}

void CaseTables::require_consent_keys() {
    match(
        "consent_key", connection_, store::consent_keys_page, consent_keys_,
        [](const store::ConsentKeyRow& row) { return ConsentKeyOf{row.key, row.index, row.consent}; },
        [](const store::ConsentKeyRow&, LeafIndex) {});
}

void CaseTables::require_names() {
    match(
        "pseudonym", connection_, store::pseudonyms_page, names_,
        [](const store::PseudonymRow& row) { return NameKey{row.organisation, row.lookup}; },
        [this](const store::PseudonymRow& row, LeafIndex by) {
            const auto secrets = means_.sealed_store.open_case(row.organisation, row.lookup, row.sealed);
            RowCheck("pseudonym", by).holds("sealed", secrets && tallies_.contains(secrets->case_id));
        });
}

void CaseTables::require_requests() {
    std::set<LeafIndex> answered;
    store::for_each_row(connection_, store::case_requests_page, [&](const store::CaseRequestRow& row) {
        const auto secrets = means_.sealed_store.open_case(row.organisation, row.lookup, row.sealed);
        const auto found = secrets ? tallies_.find(secrets->case_id) : tallies_.end();
        if (found == tallies_.end()) refuse_unknown("case_request");
        const ToldCase& told = *found->second.told;
        RowCheck("case_request", told.by)
            .holds("organisation", row.organisation == told.opened_by)
            .holds("request", keys::request_tag(secrets->subject_key, row.request) == told.request)
            .holds("sealed", secrets->pseudonym == found->second.secrets.pseudonym);
        answered.insert(told.by);
    });
    for (const auto& [id, tally] : tallies_) {
        if (!answered.contains(tally.told->by)) refuse_lost("case_request", tally.told->by);
    }
}

}  // namespace kesher::sequencer
