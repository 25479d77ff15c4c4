// Cases as the database may know them: rows that nobody can join without the hub's key files.
//
// A case is found by keys under K_lookup (gateway/keys/pseudonyms.h); who knows a pseudonym gets the
// case's secrets out of that pseudonym's own row. A pseudonym never changes and never moves, so
// connection threads resolve it before the sequencer.
//
// Nothing here is written when something is submitted for the case or a consent of it is recorded: who
// watches the rows change would know by it that two submissions are one woman's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gateway/store/connection.h"
#include "gateway/store/pipeline.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::store {

struct CaseRow {
    contract::Digest key;
    bool anonymous = false;
    contract::Door door = contract::Door::other;
    contract::OrganisationId opened_by;
    contract::Instant opened_at;
    std::optional<contract::Digest> claim;     // stored form of the living claim code
    contract::Bytes sealed;                    // the opener's CaseSecrets
    std::optional<contract::Day> claim_day{};  // of the last code that replaced another
    std::int32_t claims_that_day = 0;
    std::optional<contract::Instant> claim_signed_at{};  // of the order of the living code or the case
};

struct PseudonymRow {
    contract::OrganisationId organisation;
    contract::Digest lookup;
    contract::Bytes sealed;
};

// POST /v1/cases with the same (organisation, id) is answered again, without the code.
struct CaseRequestRow {
    contract::OrganisationId organisation;
    contract::RequestId request;
    contract::Digest lookup;
    contract::Bytes sealed;
};

[[nodiscard]] std::span<const Statement> case_statements();

Position find_cases(Pipeline& pipeline, std::span<const contract::Digest> keys);
[[nodiscard]] std::vector<CaseRow> read_cases(const Rows& rows);
[[nodiscard]] std::vector<CaseRow> cases(Connection& connection, std::span<const contract::Digest> keys);
// New ones; and of stored ones what may change: claim with its day and count.
void insert_cases(Pipeline& batch, std::span<const CaseRow> rows);
void update_cases(Pipeline& batch, std::span<const CaseRow> rows);

// Cases opened before that time that still have a claim code, whether referred or not; the oldest first, and
// those of one time in the order of their keys. Only those behind `after`.
struct CasePlace {
    contract::Instant opened_at;
    contract::Digest key;
};
[[nodiscard]] std::vector<CaseRow> cases_opened_before(Connection& connection,
                                                       contract::Instant opened_before,
                                                       const std::optional<CasePlace>& after,
                                                       std::size_t limit);

void insert_pseudonyms(Pipeline& batch, std::span<const PseudonymRow> rows);
[[nodiscard]] std::optional<PseudonymRow> pseudonym(Connection& connection,
                                                    const contract::OrganisationId& organisation,
                                                    const contract::Digest& lookup);

// In the order of their look-up keys, which says nothing to anybody; those behind `after`, at most `limit`.
[[nodiscard]] std::vector<PseudonymRow> pseudonyms_of(Connection& connection,
                                                      const contract::OrganisationId& organisation,
                                                      const std::optional<contract::Digest>& after,
                                                      std::size_t limit);

// How many cases each of these bodies opened after that time, whatever became of them.
struct BodyCount {
    contract::OrganisationId organisation;
    std::int64_t count;
};
Position count_cases_opened(Pipeline& pipeline, std::span<const contract::OrganisationId> organisations,
                            contract::Instant after);
// How many fresh claim codes each of them was made on that day, of all its cases.
Position count_claim_codes(Pipeline& pipeline, std::span<const contract::OrganisationId> organisations,
                           contract::Day on);
[[nodiscard]] std::vector<BodyCount> read_body_counts(const Rows& rows);

struct CaseRequestKey {
    contract::OrganisationId organisation;
    contract::RequestId request;
    friend auto operator<=>(const CaseRequestKey&, const CaseRequestKey&) = default;
};
Position find_case_requests(Pipeline& pipeline, std::span<const CaseRequestKey> keys);
[[nodiscard]] std::vector<CaseRequestRow> read_case_requests(const Rows& rows);
void insert_case_requests(Pipeline& batch, std::span<const CaseRequestRow> rows);

}  // namespace kesher::store
