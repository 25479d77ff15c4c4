// Where the referrals and the consents of a case are filed, one after another.
//
// How many there are is stored nowhere: a row of the case that counted them would be written together with
// each of them, and whoever watches the database change (xmin, the WAL, a trigger) would know one woman's by
// it. They are found by looking: a few slots at once, and more only while all of those are in use. Nobody
// deletes, so the first that is free is the next one, and none behind it is in use.
#pragma once

#include <span>
#include <vector>

#include "gateway/keys/pseudonyms.h"
#include "gateway/store/consents.h"
#include "gateway/store/referrals.h"

namespace kesher::sequencer {

class CaseSlots {
public:
    enum class Of { referrals, consents };
    // `row_keys` outlives it. One thread at a time: what was hashed is kept.
    CaseSlots(Of kind, const keys::RowKeys& row_keys, const contract::CaseId& case_id)
        : kind_(kind), row_keys_(&row_keys), case_id_(case_id) {}

    [[nodiscard]] Of kind() const { return kind_; }
    // Of one far behind the kept ones only itself is hashed, and not kept.
    [[nodiscard]] contract::Digest at(std::size_t n) const {
        return n > hashed_.size() ? hash(n) : until(n + 1)[n];
    }
    [[nodiscard]] std::span<const contract::Digest> until(std::size_t count) const;

    // Most women are referred a few times: what the first look finds is enough.
    static constexpr std::size_t kAtFirst = 4;
    // As far as a submission looks: it costs a round trip more where they are not enough, and what it costs
    // is met by the clock of whoever sends it.
    static constexpr std::size_t kBySubmission = 16;
    // How many have to be looked at where the first `used` are in use: at least one more, and each look twice
    // as far as the one before.
    [[nodiscard]] static constexpr std::size_t looked_at(std::size_t used) {
        std::size_t count = kAtFirst;
        while (count <= used) count *= 2;
        return count;
    }

private:
    [[nodiscard]] contract::Digest hash(std::size_t n) const;

    Of kind_;
    const keys::RowKeys* row_keys_;
    contract::CaseId case_id_;
    mutable std::vector<contract::Digest> hashed_{};
};

// All of a case, for readers beside the sequencer. Throw store::DatabaseLost.
[[nodiscard]] std::vector<store::ReferralRow> referrals_of_case(store::Connection& connection,
                                                                const keys::RowKeys& row_keys,
                                                                const contract::CaseId& case_id);
[[nodiscard]] std::vector<store::ConsentRow> consents_of_case(store::Connection& connection,
                                                              const keys::RowKeys& row_keys,
                                                              const contract::CaseId& case_id);

}  // namespace kesher::sequencer
