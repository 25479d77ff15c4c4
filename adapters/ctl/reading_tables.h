// What the hub answers to a reading, as tables in the catalogue's words. Programs get the hub's own JSON.
//
// A code that the catalogue has no words for stands as it came: a newer hub may know more than we.
#pragma once

#include "adapters/ctl/report.h"
#include "config/catalogue/catalogue.h"

namespace kesher::ctl {

// GET /v1/board: {"on","lines":[{"line","side","other","service","state","days","waiting_for","updates"?}]}
[[nodiscard]] Report board_report(const json::Value& board, const catalogue::Catalogue& catalogue,
                                  contract::Language language);
// GET /v1/cases:
// {"cases":[{"pseudonym","anonymous"?,"opened"?,"referrals":[{"referral","service","recipient",
// "state","since","waiting_for","consent_until"?}]}]}; a line for each referral, and for a case that has none
[[nodiscard]] Report cases_report(const json::Value& cases, const catalogue::Catalogue& catalogue,
                                  contract::Language language);
// GET /v1/agenda: {"on","least","items":[{"kind","service","reason"?,"at_least","days"?}]}
[[nodiscard]] Report agenda_report(const json::Value& agenda, const catalogue::Catalogue& catalogue,
                                   contract::Language language);
// GET /v1/access: {"rows":[{"index","at","event","operation"?,"org"?,...}],"next"?}
[[nodiscard]] Report access_report(const json::Value& access, const catalogue::Catalogue& catalogue,
                                   contract::Language language);

}  // namespace kesher::ctl
