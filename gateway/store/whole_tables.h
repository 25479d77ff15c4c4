// Whole tables, page by page in the order of their keys: for the start, which holds every row against the
// log.
#pragma once

#include "gateway/store/cases.h"
#include "gateway/store/consents.h"
#include "gateway/store/deliveries.h"
#include "gateway/store/messages.h"
#include "gateway/store/referrals.h"

namespace kesher::store {

// Each gives up to `limit` rows behind `after`, and the first ones for none.
[[nodiscard]] std::vector<CaseRow> cases_page(Connection& connection, const CaseRow* after,
                                              std::size_t limit);
[[nodiscard]] std::vector<ConsentRow> consents_page(Connection& connection, const ConsentRow* after,
                                                    std::size_t limit);
[[nodiscard]] std::vector<ConsentKeyRow> consent_keys_page(Connection& connection, const ConsentKeyRow* after,
                                                           std::size_t limit);
[[nodiscard]] std::vector<ReferralRow> referrals_page(Connection& connection, const ReferralRow* after,
                                                      std::size_t limit);
[[nodiscard]] std::vector<DeliveryRow> deliveries_page(Connection& connection, const DeliveryRow* after,
                                                       std::size_t limit);
[[nodiscard]] std::vector<MessageRow> messages_page(Connection& connection, const MessageRow* after,
                                                    std::size_t limit);
[[nodiscard]] std::vector<PseudonymRow> pseudonyms_page(Connection& connection, const PseudonymRow* after,
                                                        std::size_t limit);
[[nodiscard]] std::vector<CaseRequestRow> case_requests_page(Connection& connection,
                                                             const CaseRequestRow* after, std::size_t limit);

// Ids alone, and no row with them.
[[nodiscard]] std::vector<MessageKey> message_keys_page(Connection& connection, const MessageKey* after,
                                                        std::size_t limit);
[[nodiscard]] std::vector<contract::ReferralId> referral_ids_page(Connection& connection,
                                                                  const contract::ReferralId* after,
                                                                  std::size_t limit);
// The numbers under which something was handed on, a question without identity among them; each once.
[[nodiscard]] std::vector<contract::ReferralId> numbers_sent_page(Connection& connection,
                                                                  const contract::ReferralId* after,
                                                                  std::size_t limit);
// How many messages and referrals there are.
[[nodiscard]] std::size_t ids_stored(Connection& connection);

// The acceptance of a message that waits for its recipient and whose payload is gone; none where all is
// there.
[[nodiscard]] std::optional<contract::LeafIndex> delivery_without_payload(Connection& connection);

// Every row of a table, one page in memory at a time.
template <class Row, class Take>
void for_each_row(Connection& connection,
                  std::vector<Row> (*page)(Connection&, const Row* after, std::size_t limit), Take take) {
    constexpr std::size_t kRowsAtOnce = 4'096;
    std::optional<Row> last;
    for (;;) {
        std::vector<Row> rows = page(connection, last ? &*last : nullptr, kRowsAtOnce);
        for (const Row& row : rows) take(row);
        if (rows.size() < kRowsAtOnce) return;
        last = std::move(rows.back());
    }
}

}  // namespace kesher::store
