// A referral from a department to a hospital, in any state; each case changes one fact of it.
#pragma once

#include "gateway/referral/life.h"
#include "gateway/referral/submission.h"

namespace kesher::referral::test {

using namespace contract;
using namespace std::chrono_literals;
using E = ReferralEvent;
using S = ReferralState;

inline const OrganisationId department = OrganisationId::parse("ssd-5000").value();
inline const OrganisationId health = OrganisationId::parse("health").value();
inline const OrganisationId housing = OrganisationId::parse("housing").value();
inline const OrganisationId echo = OrganisationId::parse("echo").value();
inline const ReferralId referral_one = ReferralId::parse("00000000-0000-4000-9000-000000000001").value();
inline const ConsentId consent_one = ConsentId::parse("00000000-0000-4000-8000-000000000001").value();
inline constexpr Day today{std::chrono::year{2026} / 3 / 10};
inline constexpr Day yesterday = today - std::chrono::days{1};
inline constexpr Instant noon = start_of(today) + 12h;
inline constexpr Instant before = noon - 1h;  // when the referral came into its state

inline Terms treatment() {
    return {.service = Service::hlt_ment,
            .purpose = Purpose::treatment,
            .basis = LegalBasis::consent,
            .groups = {DataGroup::health},
            .consent = consent_one};
}

// As it stands when it has come to `state` by the usual way: bytes released, nothing flagged.
inline Referral standing(S state) {
    Referral referral{.id = referral_one,
                      .referrer = department,
                      .recipient = health,
                      .terms = treatment(),
                      .state = state,
                      .since = before,
                      .version = 5};
    referral.released = state >= S::delivered;
    if (state == S::on_hold) referral.held_from = S::in_progress;
    referral.accepted_once =
        state == S::accepted || state == S::scheduled || state == S::in_progress || state == S::on_hold;
    return referral;
}

inline std::optional<OrganisationId> caller_of(By by) {
    if (by == By::ref) return department;
    if (by == By::rec) return health;
    return std::nullopt;
}

// The event with all that it must bring, from whom it may come.
inline EventRequest complete_request(E event, By by) {
    EventRequest request{.event = event, .by = by, .caller = caller_of(by)};
    if (event == E::decline) request.reason = Reason::no_capacity;
    if (event == E::hold) request.reason = Reason::docs_missing;
    if (event == E::fail) request.reason = Reason::service_ended;
    if (event == E::cancel) request.reason = Reason::no_longer_needed;
    if (event == E::mark_error && by == By::ref) request.reason = Reason::wrong_case;
    if (event == E::complete) request.outcome = Outcome::provided;
    request.notice_published = event == E::ask_consent;
    return request;
}

inline Result<Applied, Code> attempt(const Referral& referral, const EventRequest& request,
                                     const Verdicts& verdicts = {}) {
    return apply(referral, request, verdicts, noon);
}
inline Result<Applied, Code> attempt(S state, E event, By by, const Verdicts& verdicts = {}) {
    return attempt(standing(state), complete_request(event, by), verdicts);
}

inline constexpr std::array kEverybody{By::ref, By::rec, By::sub, By::hub, By::po};

inline std::vector<S> all_states() { return WordSet<S>::up_to(S::erroneous).words(); }
inline std::vector<S> open_states() { return WordSet<S>::up_to(S::on_hold).words(); }
inline std::vector<S> terminal_states() {
    return WordSet<S>::up_to(S::erroneous).without(WordSet<S>::up_to(S::on_hold)).words();
}
inline std::vector<E> all_events() { return WordSet<E>::up_to(E::mark_error).words(); }

}  // namespace kesher::referral::test
