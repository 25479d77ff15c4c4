#include "gateway/sequencer/case_slots.h"

#include <algorithm>
#include <iterator>

namespace kesher::sequencer {
namespace {

using namespace contract;

// The first look of a reading: how long it takes must not tell a body that others refer her too, so it
// reaches beyond what nearly every case has.
constexpr std::size_t kReadAtFirst = 64;

// Look by look, as long as every slot of one is in use.
template <class Row>
std::vector<Row> walk(const CaseSlots& slots, store::Connection& connection,
                      std::vector<Row> (*read)(store::Connection&, std::span<const Digest>)) {
    std::vector<Row> all;
    for (std::size_t from = 0;;) {
        const std::size_t to = std::max(kReadAtFirst, CaseSlots::looked_at(from));
        auto rows = read(connection, slots.until(to).subspan(from));
        const bool all_used = rows.size() == to - from;
        std::ranges::move(rows, std::back_inserter(all));
        if (!all_used) return all;
        from = to;
    }
}

}  // namespace

std::span<const Digest> CaseSlots::until(std::size_t count) const {
    while (hashed_.size() < count) hashed_.push_back(hash(hashed_.size()));
    return std::span(hashed_).first(count);
}

Digest CaseSlots::hash(std::size_t n) const {
    const auto number = static_cast<std::uint32_t>(n);
    return kind_ == Of::referrals ? row_keys_->referral_slot(case_id_, number)
                                  : row_keys_->consent_slot(case_id_, number);
}

std::vector<store::ReferralRow> referrals_of_case(store::Connection& connection,
                                                  const keys::RowKeys& row_keys, const CaseId& case_id) {
    return walk(CaseSlots(CaseSlots::Of::referrals, row_keys, case_id), connection, store::referrals_by_slot);
}

std::vector<store::ConsentRow> consents_of_case(store::Connection& connection, const keys::RowKeys& row_keys,
                                                const CaseId& case_id) {
    return walk(CaseSlots(CaseSlots::Of::consents, row_keys, case_id), connection, store::consents_by_slot);
}

}  // namespace kesher::sequencer
