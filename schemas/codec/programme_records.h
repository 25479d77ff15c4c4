// Payloads about no single person: a screening without content, an anonymous question, free places,
// a point for the round table, a count.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/codec/words.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::codec {

// intake.screened.v1
struct IntakeScreened {
    ScreeningFit fit = ScreeningFit::fit;
    contract::Language language = contract::Language::other;
    std::optional<District> district{};  // none where she did not say
    contract::Day occurred_on{};
    friend bool operator==(const IntakeScreened&, const IntakeScreened&) = default;
};

// eligibility.asked.v1: bands and classes only, no place, no date.
struct EligibilityAsked {
    AgeBand age_band = AgeBand::unknown;
    Children children = Children::unknown;
    IncomeBand income_band = IncomeBand::unknown;
    Housing housing = Housing::unknown;
    Work work = Work::unknown;
    YesNo disability = YesNo::unknown;
    contract::Language language = contract::Language::other;
    friend bool operator==(const EligibilityAsked&, const EligibilityAsked&) = default;
};

struct EligibilityAnswer {
    contract::Service service = contract::Service::rights;
    Likelihood likelihood = Likelihood::maybe;
    std::optional<contract::Reason> reason{};  // a decline reason
    std::optional<contract::Door> door{};      // where to ask for it
    friend bool operator==(const EligibilityAnswer&, const EligibilityAnswer&) = default;
};

// eligibility.answered.v1
struct EligibilityAnswered {
    std::vector<EligibilityAnswer> answers{};  // in order of the service's word, each service once
    friend bool operator==(const EligibilityAnswered&, const EligibilityAnswered&) = default;
};

// capacity.updated.v1: how it stood on a day.
struct CapacityUpdated {
    contract::Service service = contract::Service::rights;
    std::optional<std::int32_t> seats_free{};    // 0 is full; none: not counted in seats
    std::optional<std::int32_t> waiting_days{};  // none: not known
    Modality modality = Modality::in_person;
    std::vector<contract::Language> languages{};  // spoken there, at least one; sorted by word
    std::optional<contract::Day> starts_on{};     // of the next group or course
    contract::Day as_of{};
    friend bool operator==(const CapacityUpdated&, const CapacityUpdated&) = default;
};

// 1 to 200 characters each.
struct Titles {
    std::string he{};
    std::optional<std::string> en{}, ar{}, ru{};
    friend bool operator==(const Titles&, const Titles&) = default;
};

// agenda.proposed.v1: a point for a meeting; nothing about a case.
struct AgendaProposed {
    CouncilBody body = CouncilBody::round_table;
    AgendaKind kind = AgendaKind::open_issue;
    Titles titles{};
    std::optional<contract::Service> service{};  // where it is about one, as in the statement
    std::int32_t minutes = 10;                   // 1 to 240
    AgendaVisibility visibility = AgendaVisibility::members;
    friend bool operator==(const AgendaProposed&, const AgendaProposed&) = default;
};

// headcount.reported.v1: how many, and the stretch of the log that it was counted from.
struct HeadcountReported {
    std::chrono::year_month month{};
    std::optional<std::string> programme{};  // a code of the paying ministry, [A-Za-z0-9-]{1,16}
    std::int32_t count = 0;
    contract::LeafIndex first_leaf{};
    contract::LeafIndex last_leaf{};
    std::string checkpoint{};  // the signed note whose tree holds last_leaf, at most 4 KiB
    friend bool operator==(const HeadcountReported&, const HeadcountReported&) = default;
};

}  // namespace kesher::codec
