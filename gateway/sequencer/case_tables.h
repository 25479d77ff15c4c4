// The walk over the tables that hold cases, each row against its telling: for tables_check.cpp,
// case_tables.cpp and course_tables.cpp alone.
#pragma once

#include <map>
#include <set>

#include "gateway/keys/subject_tags.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/case_slots.h"
#include "gateway/sequencer/tables_check.h"
#include "gateway/sequencer/tables_differ.h"
#include "gateway/store/stored_words.h"
#include "gateway/store/whole_tables.h"

namespace kesher::sequencer {

using NameKey = std::pair<contract::OrganisationId, contract::Digest>;
using ConsentKeyOf = std::tuple<contract::Digest, contract::LeafIndex, contract::ConsentId>;

struct CaseTally {
    const ToldCase* told;
    keys::CaseSecrets secrets;
    // Which leaf decided the row in each slot.
    std::map<contract::Digest, contract::LeafIndex> referral_slots{};
    std::map<contract::Digest, contract::LeafIndex> consent_slots{};
};

class CaseTables {
public:
    CaseTables(const RetoldCases& told, store::Connection& connection, const Means& means,
               contract::Instant now)
        : told_(told), connection_(connection), means_(means), now_(now) {}

    void require() {
        require_files();
        require_consents();
        require_referrals();
        require_slots();
        require_consent_keys();
        require_names();
        require_requests();
        require_deliveries();
        require_messages();
    }

private:
    const ToldCase* told_of(const store::CaseRow& row, const keys::CaseSecrets& secrets) const;
    CaseTally& tally_of(const RowCheck& check, std::string_view column, const keys::CaseSecrets& secrets);
    void name(const contract::OrganisationId& body, const keys::CaseSecrets& secrets,
              contract::LeafIndex by) {
        names_.emplace(NameKey{body, means_.row_keys.lookup(body, secrets.pseudonym)}, by);
    }
    void require_files();
    void require_file(const store::CaseRow& row);
    void require_consents();
    void require_consent(const store::ConsentRow& row, const ToldConsent& told);
    void require_referrals();
    void require_referral(const store::ReferralRow& row, const ToldReferral& told);
    void require_standing(const RowCheck& check, const referral::Referral& row,
                          const referral::Referral& told) const;
    void require_slots() const;
    void require_consent_keys();
    void require_names();
    void require_requests();
    void require_deliveries() const;
    void require_course(const RowCheck& check, const store::DeliveryRow& row,
                        const store::DeliveryRow& was) const;
    void require_delivery(const store::DeliveryRow& row, const ToldDelivery& told) const;
    void require_messages() const;

    const RetoldCases& told_;
    store::Connection& connection_;
    const Means& means_;
    contract::Instant now_;
    std::map<contract::CaseId, CaseTally> tallies_;
    std::map<NameKey, contract::LeafIndex> names_;
    std::map<ConsentKeyOf, contract::LeafIndex> consent_keys_;
};

[[nodiscard]] bool is_about(const SubjectMark& mark, const keys::CaseSecrets& secrets);

// A seal that does not open was changed, or moved from another row.
template <class Open>
auto opened(const RowCheck& check, std::string_view column, Open open) -> decltype(open()) {
    try {
        return open();
    } catch (const store::DatabaseCorrupt&) {
        check.holds(column, false);
        throw;
    }
}

// Of a table too large to be held: page by page.
template <class Row, class Told, class KeyOf, class Check>
void match(std::string_view table, store::Connection& connection,
           std::vector<Row> (*page)(store::Connection&, const Row*, std::size_t), const Told& told,
           KeyOf key_of, Check check) {
    match_each(
        table, [&](const auto& take) { store::for_each_row(connection, page, take); }, told, key_of, check);
}

}  // namespace kesher::sequencer
