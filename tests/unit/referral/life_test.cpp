// The guards around the table: who speaks, with what data, on which version, day and consent.
// Method: one event that is taken; each case changes a single fact.
#include <catch2/catch.hpp>

#include "tests/unit/referral/builders.h"

using namespace kesher::referral;
using namespace kesher::referral::test;

namespace {

Code refusal(const Referral& referral, const EventRequest& request, const Verdicts& verdicts = {}) {
    return attempt(referral, request, verdicts).error();
}

bool takes(E event, By by, S state, std::optional<Reason> reason, std::optional<Outcome> outcome = {}) {
    EventRequest request = complete_request(event, by);
    request.reason = reason;
    request.outcome = outcome;
    const auto answer = attempt(standing(state), request);
    if (!answer) CHECK(answer.error() == Code::payload_invalid);
    return answer.has_value();
}

}  // namespace

TEST_CASE("Each party speaks for itself alone") {
    EventRequest accept = complete_request(E::accept, By::rec);
    REQUIRE(attempt(standing(S::delivered), accept));
    const auto pretender =
        GENERATE(std::optional{department}, std::optional{housing}, std::optional<OrganisationId>{});
    accept.caller = pretender;
    CHECK(refusal(standing(S::delivered), accept) == Code::event_not_allowed);
}

TEST_CASE("She speaks by her code or through the referring side and never through the receiving one") {
    EventRequest withdraw = complete_request(E::withdraw, By::sub);
    CHECK(attempt(standing(S::accepted), withdraw));
    withdraw.caller = department;
    CHECK(attempt(standing(S::accepted), withdraw));
    withdraw.caller = health;
    CHECK(refusal(standing(S::accepted), withdraw) == Code::event_not_allowed);
    const Referral referral = standing(S::accepted);
    CHECK(party(referral, department, false) == By::ref);
    CHECK(party(referral, department, true) == By::sub);
    CHECK(party(referral, health, false) == By::rec);
    CHECK(party(referral, health, true) == std::nullopt);
    CHECK(party(referral, housing, false) == std::nullopt);
}

TEST_CASE("No organisation speaks as the hub or as the privacy officer") {
    EventRequest deliver = complete_request(E::deliver, By::hub);
    deliver.caller = health;
    CHECK(refusal(standing(S::requested), deliver) == Code::event_not_allowed);
    EventRequest freeze = complete_request(E::freeze, By::po);
    freeze.caller = department;
    CHECK(refusal(standing(S::accepted), freeze) == Code::event_not_allowed);
}

TEST_CASE("A decline says why in the words of the receiving side") {
    CHECK_FALSE(takes(E::decline, By::rec, S::delivered, std::nullopt));
    for (const Reason reason : {Reason::no_capacity, Reason::not_eligible, Reason::out_of_area,
                                Reason::missing_info, Reason::no_such_service, Reason::unsafe_for_staff,
                                Reason::subject_declined, Reason::subject_unreachable}) {
        CHECK(takes(E::decline, By::rec, S::delivered, reason));
        CHECK(takes(E::redirect, By::rec, S::delivered, reason));
    }
    for (const Reason reason : {Reason::consent_missing, Reason::agreement_missing, Reason::docs_missing,
                                Reason::service_ended, Reason::wrong_case}) {
        CHECK_FALSE(takes(E::decline, By::rec, S::delivered, reason));
        CHECK_FALSE(takes(E::redirect, By::rec, S::delivered, reason));
    }
    CHECK(takes(E::redirect, By::rec, S::delivered, std::nullopt));
}

TEST_CASE("Hold and cancel and fail and error say why each from its own list") {
    CHECK(takes(E::hold, By::rec, S::accepted, Reason::waiting_for_subject));
    CHECK(takes(E::hold, By::sub, S::accepted, Reason::waiting_for_provider));
    CHECK_FALSE(takes(E::hold, By::rec, S::accepted, Reason::no_capacity));
    CHECK_FALSE(takes(E::hold, By::rec, S::accepted, std::nullopt));
    CHECK(takes(E::cancel, By::ref, S::accepted, Reason::entered_twice));
    CHECK_FALSE(takes(E::cancel, By::ref, S::accepted, Reason::wrong_case));
    CHECK_FALSE(takes(E::cancel, By::ref, S::accepted, std::nullopt));
    CHECK(takes(E::fail, By::rec, S::accepted, Reason::contact_lost));
    CHECK_FALSE(takes(E::fail, By::rec, S::accepted, Reason::docs_missing));
    CHECK_FALSE(takes(E::fail, By::rec, S::accepted, std::nullopt));
    CHECK(takes(E::mark_error, By::ref, S::accepted, Reason::wrong_content));
    CHECK_FALSE(takes(E::mark_error, By::ref, S::accepted, Reason::entered_twice));
    CHECK_FALSE(takes(E::mark_error, By::ref, S::accepted, std::nullopt));
}

TEST_CASE("Completion names its outcome and nothing else has one or an unasked reason") {
    CHECK(takes(E::complete, By::rec, S::in_progress, {}, Outcome::self_resolved));
    CHECK_FALSE(takes(E::complete, By::rec, S::in_progress, {}, {}));
    CHECK_FALSE(takes(E::complete, By::rec, S::in_progress, Reason::service_ended, Outcome::partly));
    CHECK_FALSE(takes(E::accept, By::rec, S::delivered, {}, Outcome::provided));
    CHECK_FALSE(takes(E::accept, By::rec, S::delivered, Reason::no_capacity));
    CHECK_FALSE(takes(E::no_show, By::rec, S::scheduled, Reason::subject_unreachable));
}

TEST_CASE("Consent is asked for with a published notice") {
    EventRequest ask = complete_request(E::ask_consent, By::ref);
    CHECK(attempt(standing(S::draft), ask));
    ask.notice_published = false;
    CHECK(refusal(standing(S::draft), ask) == Code::payload_invalid);
}

TEST_CASE("What is always released carries no sealed part") {
    EventRequest cancel = complete_request(E::cancel, By::ref);
    cancel.has_sealed = true;
    CHECK(refusal(standing(S::accepted), cancel) == Code::payload_invalid);
    EventRequest error = complete_request(E::mark_error, By::ref);
    error.has_sealed = true;
    CHECK(refusal(standing(S::accepted), error) == Code::payload_invalid);
    EventRequest schedule = complete_request(E::schedule, By::rec);
    schedule.has_sealed = true;
    CHECK(attempt(standing(S::accepted), schedule));
}

TEST_CASE("An expected version must be the referral's and may be absent") {
    EventRequest accept = complete_request(E::accept, By::rec);
    accept.expected_version = 5;
    CHECK(attempt(standing(S::delivered), accept)->referral.version == 6);
    accept.expected_version = 4;
    CHECK(refusal(standing(S::delivered), accept) == Code::version_conflict);
    accept.expected_version = 6;
    CHECK(refusal(standing(S::delivered), accept) == Code::version_conflict);
}

TEST_CASE("An answer before the receipt brings the receipt with it") {
    Referral referral = standing(S::requested);
    CHECK(refusal(referral, complete_request(E::accept, By::rec)) == Code::event_not_allowed);
    referral.released = true;
    EventRequest accept = complete_request(E::accept, By::rec);
    accept.expected_version = 5;
    const Applied applied = attempt(referral, accept).value();
    REQUIRE(applied.steps.size() == 2);
    CHECK(applied.steps[0].event == E::deliver);
    CHECK(applied.steps[0].by == By::hub);
    CHECK(applied.steps[0].to == S::delivered);
    CHECK(applied.steps[1].event == E::accept);
    CHECK(applied.steps[1].from == S::delivered);
    CHECK(applied.referral.version == 7);
    CHECK(applied.referral.state == S::accepted);
    // Nothing is implied for what could not follow a receipt.
    CHECK(refusal(referral, complete_request(E::start, By::rec)) == Code::event_not_allowed);
    CHECK(refusal(referral, complete_request(E::schedule, By::sub)) == Code::event_not_allowed);
}

TEST_CASE("An event older than its side's last is stored and changes nothing") {
    Referral referral = standing(S::delivered);
    referral.recipient_last = today;
    EventRequest accept = complete_request(E::accept, By::rec);
    accept.occurred_on = today;
    CHECK_FALSE(attempt(referral, accept)->ignored_stale);
    accept.occurred_on = yesterday;
    const Applied stale = attempt(referral, accept).value();
    CHECK(stale.ignored_stale);
    CHECK(stale.steps.empty());
    CHECK(stale.referral == referral);
    SECTION("also where it would be refused in this state") {
        referral.state = S::completed;
        CHECK(attempt(referral, accept)->ignored_stale);
    }
    SECTION("the other side's days do not count") {
        referral.recipient_last.reset();
        referral.referrer_last = today;
        CHECK_FALSE(attempt(referral, accept)->ignored_stale);
    }
    SECTION("without a day nothing is stale") {
        accept.occurred_on.reset();
        CHECK_FALSE(attempt(referral, accept)->ignored_stale);
    }
    SECTION("a version that differs is said first") {
        accept.expected_version = 4;
        CHECK(refusal(referral, accept) == Code::version_conflict);
    }
}

TEST_CASE("Endings are never too old to count") {
    Referral referral = standing(S::accepted);
    referral.referrer_last = today;
    const E event = GENERATE(E::cancel, E::mark_error, E::withdraw);
    EventRequest request = complete_request(event, event == E::withdraw ? By::sub : By::ref);
    request.caller = department;
    request.occurred_on = yesterday;
    const Applied applied = attempt(referral, request).value();
    CHECK_FALSE(applied.ignored_stale);
    CHECK(is_terminal(applied.referral.state));
    CHECK(applied.referral.referrer_last == today);
}

TEST_CASE("Each side's last day is remembered and at her word it is the referring side's") {
    EventRequest hold = complete_request(E::hold, By::rec);
    hold.occurred_on = yesterday;
    CHECK(attempt(standing(S::accepted), hold)->referral.recipient_last == yesterday);
    CHECK_FALSE(attempt(standing(S::accepted), hold)->referral.referrer_last);
    hold.by = By::sub;
    hold.caller = department;
    CHECK(attempt(standing(S::accepted), hold)->referral.referrer_last == yesterday);
}

TEST_CASE("A day may be ahead by a time zone and not by more") {
    EventRequest accept = complete_request(E::accept, By::rec);
    accept.occurred_on = today + std::chrono::days{1};
    CHECK(attempt(standing(S::delivered), accept));
    accept.occurred_on = today + std::chrono::days{2};
    CHECK(refusal(standing(S::delivered), accept) == Code::payload_invalid);
}

TEST_CASE("When the consent has ended only endings pass") {
    const Verdicts lapsed{.consent = Code::consent_lapsed};
    CHECK(attempt(S::accepted, E::start, By::rec, lapsed).error() == Code::consent_lapsed);
    CHECK(attempt(S::on_hold, E::resume, By::sub, lapsed).error() == Code::consent_lapsed);
    CHECK(attempt(S::in_progress, E::complete, By::rec, lapsed).error() == Code::consent_lapsed);
    CHECK(attempt(S::accepted, E::cancel, By::ref, lapsed));
    CHECK(attempt(S::accepted, E::mark_error, By::ref, lapsed));
    CHECK(attempt(S::accepted, E::withdraw, By::sub, lapsed));
    CHECK(attempt(S::accepted, E::freeze, By::po, lapsed));
    CHECK(attempt(S::requested, E::deliver, By::hub, lapsed));
    CHECK(attempt(S::draft, E::ask_consent, By::ref, lapsed));
}

TEST_CASE("A rehearsal is about nobody so no consent stands against it") {
    const Verdicts missing{.consent = Code::consent_missing};
    Referral rehearsal = standing(S::delivered);
    CHECK(refusal(rehearsal, complete_request(E::accept, By::rec), missing) == Code::consent_missing);
    rehearsal.terms.purpose = Purpose::rehearsal;
    CHECK(attempt(rehearsal, complete_request(E::accept, By::rec), missing));
    CHECK(events_allowed(rehearsal, By::rec, true).has(E::accept));
    CHECK(next_expiry(rehearsal, before)->cause == ExpiryCause::unanswered);
    const Verdicts unagreed{.agreement = Code::agreement_missing};
    CHECK(refusal(rehearsal, complete_request(E::accept, By::rec), unagreed) == Code::agreement_missing);
}

TEST_CASE("Without an agreement in force the parties tell each other endings only") {
    const Verdicts none{.consent = Code::consent_groups, .agreement = Code::agreement_missing};
    CHECK(attempt(S::delivered, E::accept, By::rec, none).error() == Code::agreement_missing);
    CHECK(attempt(S::delivered, E::cancel, By::ref, none));
}

TEST_CASE("Resume returns to the state that was held and so does nothing else") {
    const S held = GENERATE(S::accepted, S::scheduled, S::in_progress);
    const Referral on_hold = attempt(held, E::hold, By::rec)->referral;
    CHECK(on_hold.state == S::on_hold);
    CHECK(on_hold.held_from == held);
    const Referral resumed = attempt(on_hold, complete_request(E::resume, By::sub))->referral;
    CHECK(resumed.state == held);
    CHECK_FALSE(resumed.held_from);
    const Referral scheduled = attempt(on_hold, complete_request(E::schedule, By::rec))->referral;
    CHECK(scheduled.state == S::scheduled);
    CHECK_FALSE(scheduled.held_from);
}

TEST_CASE("A freeze is a flag over any open state and is shown as on hold") {
    for (const S state : open_states()) {
        CAPTURE(kReferralStates.text(state));
        const Referral frozen = attempt(state, E::freeze, By::po)->referral;
        CHECK(shown_state(frozen) == S::on_hold);
        CHECK(frozen.state == state);
        CHECK(refusal(frozen, complete_request(E::freeze, By::po)) == Code::event_not_allowed);
        const Referral back = attempt(frozen, complete_request(E::unfreeze, By::po))->referral;
        CHECK(shown_state(back) == state);
        CHECK(back.held_from == standing(state).held_from);
        CHECK(back.version == 7);
        CHECK(refusal(back, complete_request(E::unfreeze, By::po)) == Code::event_not_allowed);
    }
}

TEST_CASE("While frozen the parties can only end it and transport still counts") {
    Referral frozen = standing(S::on_hold);
    frozen.frozen = true;
    CHECK(refusal(frozen, complete_request(E::resume, By::rec)) == Code::event_not_allowed);
    CHECK(refusal(frozen, complete_request(E::decline, By::rec)) == Code::event_not_allowed);
    CHECK(refusal(frozen, complete_request(E::schedule, By::sub)) == Code::event_not_allowed);
    CHECK(attempt(frozen, complete_request(E::cancel, By::ref))->referral.state == S::cancelled);
    CHECK(attempt(frozen, complete_request(E::mark_error, By::ref))->referral.state == S::erroneous);
    frozen = standing(S::requested);
    frozen.frozen = true;
    frozen.released = true;
    CHECK(refusal(frozen, complete_request(E::accept, By::rec)) == Code::event_not_allowed);
    const Referral delivered = attempt(frozen, complete_request(E::deliver, By::hub))->referral;
    CHECK(delivered.state == S::delivered);
    CHECK(shown_state(delivered) == S::on_hold);
    CHECK(attempt(frozen, complete_request(E::undeliverable, By::hub))->referral.state == S::failed);
    CHECK(attempt(frozen, complete_request(E::expire, By::hub))->referral.state == S::expired);
}

TEST_CASE("An error is marked once and confirmed once and its content is wiped at the mark") {
    const Applied marked = attempt(S::completed, E::mark_error, By::ref).value();
    CHECK(marked.content_wiped);
    CHECK_FALSE(marked.referral.error_confirmed);
    CHECK(refusal(marked.referral, complete_request(E::mark_error, By::ref)) == Code::event_not_allowed);
    const Applied confirmed = attempt(marked.referral, complete_request(E::mark_error, By::po)).value();
    CHECK(confirmed.referral.error_confirmed);
    CHECK_FALSE(confirmed.content_wiped);
    CHECK(refusal(confirmed.referral, complete_request(E::mark_error, By::po)) == Code::event_not_allowed);
    CHECK_FALSE(attempt(S::accepted, E::cancel, By::ref)->content_wiped);
}

TEST_CASE("A synthesised step is told as one and the time of the new state is the decision's") {
    EventRequest start = complete_request(E::start, By::rec);
    CHECK_FALSE(attempt(standing(S::accepted), start)->steps[0].synthesized);
    start.synthesized = true;
    const Applied applied = attempt(standing(S::accepted), start).value();
    CHECK(applied.steps[0].synthesized);
    CHECK(applied.referral.since == noon);
    CHECK(attempt(S::accepted, E::freeze, By::po)->referral.since == before);
}

TEST_CASE("Care has begun once it was accepted and a waiting list does not undo that") {
    CHECK_FALSE(attempt(S::delivered, E::waitlist, By::rec)->referral.accepted_once);
    const Referral accepted = attempt(S::delivered, E::accept, By::rec)->referral;
    CHECK(accepted.accepted_once);
    CHECK(attempt(accepted, complete_request(E::waitlist, By::rec))->referral.accepted_once);
    Referral waiting = standing(S::waitlisted);
    CHECK(attempt(waiting, complete_request(E::start, By::rec))->referral.accepted_once);
}

TEST_CASE("The referring body is shown what it may do itself and at her word") {
    const Referral referral = standing(S::accepted);
    CHECK(events_allowed(referral, department, false) ==
          WordSet<E>{E::cancel, E::mark_error, E::schedule, E::hold, E::withdraw});
    CHECK(events_allowed(referral, department, true) == WordSet<E>{E::cancel, E::mark_error, E::withdraw});
    CHECK(events_allowed(referral, health, false) ==
          WordSet<E>{E::waitlist, E::decline, E::redirect, E::schedule, E::start, E::hold, E::fail});
    CHECK(events_allowed(referral, health, true).empty());
    CHECK(events_allowed(referral, housing, false).empty());
    CHECK(events_allowed(standing(S::draft), department, true) ==
          WordSet<E>{E::ask_consent, E::submit, E::cancel, E::mark_error, E::withdraw});
}
