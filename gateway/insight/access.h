// Who looked, who disclosed, who decided: the log's records as rows, newest first (domain.md 8).
//
//   GET /v1/access?officer=ID&org=ID&subject=PSEUDONYM&before=INDEX
//   {"rows":[{"index":17,"at":"2026-11-21T07:15:00.123Z","event":"read","operation":"case","org":"ssd-5000",
//     "actor_type":"system","actor":"w-17"?,"role"?,"purpose"?,"basis"?,"consent"?,"decision"?,"code"?,
//     "message"?,"referral"?,"recipient"?,"groups":[]?}],
//    "next":12?}
//
// A body sees the records of what was done on its own behalf; auditors see those of all. `subject` is the
// caller's own pseudonym of a case; an auditor, who has none, names the body with `org` and gives that
// body's. The name that opened the case stands for all of it; any other stands for what was handed over,
// referred and recorded under it alone, so that a body with two names of one woman is not told that she is
// one. `next` is the `before` of the following page: a page holds at most 100 rows out of 1,000 leaves, so it
// may be empty and yet go on. Columns are a closed list: no tag, nonce, certificate or free fact.
#pragma once

#include "gateway/insight/reading.h"

namespace kesher::insight {

struct AccessQuestion {
    std::optional<contract::OfficerId> officer;
    std::optional<contract::OrganisationId> org;
    std::optional<contract::Pseudonym> subject;
    std::optional<contract::LeafIndex> before;
};

// `not_found` for another body's records, and for a pseudonym that is not this body's: the attempt is in the
// log. The read has its leaf: officer and body as asked, the case by its tag.
[[nodiscard]] Read access(const Rooms& rooms, const Reader& reader, const AccessQuestion& question);

}  // namespace kesher::insight
