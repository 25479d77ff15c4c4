// The board: where a body's referrals stand, in a form that shows states and nobody.
//
//   GET /v1/board
//   {"on":"2026-11-21","lines":[{"line":3,"side":"referrer|recipient","other":"nii","service":"BEN-CHILD",
//     "state":"DELIVERED","days":"0-3|4-14|15-30|over-30","waiting_for":"referrer|recipient|nobody",
//     "updates":"stopped"?}],"more":true?}
//
// Only referrals that the caller sent, as far as it would be told of them (as_told.h), or that were handed to
// it; open ones, and for 30 days those that ended. A third body's never stand here, so her consent for
// ROUND_TABLE is not asked about. Never a service labelled R, HIV, PSY, ETH or SDV, never a rehearsal, no
// number or pseudonym of hers, no day (domain.md 9.2). Line numbers are random and new with every answer, and
// the lines stand in their order, so that two answers cannot be laid side by side. At most 200; `more` where
// there are others.
#pragma once

#include "gateway/insight/reading.h"

namespace kesher::insight {

[[nodiscard]] Read board(const Rooms& rooms, const Reader& reader);

}  // namespace kesher::insight
