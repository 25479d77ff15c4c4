// What the hub itself proposes for the round table: counts, never a case.
//
//   GET /v1/agenda
//   {"on":"2026-11-21","least":5,"items":[
//     {"kind":"OVERDUE_REFERRALS","service":"EMP-VOC","at_least":10},
//     {"kind":"CAPACITY","service":"HOUS-RENT","at_least":5,"days":90},
//     {"kind":"SYSTEMIC_BARRIER","service":"EDU-COMPL","reason":"not-eligible","at_least":5,"days":90}]}
//
// Overdue: sent or received and unanswered for over 72 h. Capacity and barriers: declines of one service for
// one reason within 90 days. Counted are women, however many referrals each has, up to 1,000 referrals of a
// kind; those that the asker referred or was handed by its own names of them, so that it is not told which
// are one woman. A count below `least` is not there at all: 5 for bodies that sit at the table, 10 for
// others. The asker's own and all others are counted apart (a woman of both in both), each in whole steps of
// `least`, and then added: neither two agendas laid side by side nor what it can take away from a sum shows
// one woman's.
#pragma once

#include "gateway/insight/reading.h"

namespace kesher::insight {

[[nodiscard]] Read agenda(const Rooms& rooms, const Reader& reader, contract::OrganisationKind kind);

}  // namespace kesher::insight
