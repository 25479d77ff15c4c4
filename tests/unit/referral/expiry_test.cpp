// Silence has an end: each state's own time, and before care begins the end of the consent.
// Method: a referral that came into its state at one instant; both sides of every edge.
#include <catch2/catch.hpp>

#include "tests/unit/referral/builders.h"

using namespace kesher::referral;
using namespace kesher::referral::test;

namespace {

using days = std::chrono::days;

std::optional<ExpiryCause> cause(const Referral& referral, Instant at,
                                 std::optional<Instant> consent_ends = {}) {
    const auto due = due_expiry(referral, consent_ends, at);
    return due ? std::optional{due->cause} : std::nullopt;
}

void check_edge(const Referral& referral, std::chrono::milliseconds age, ExpiryCause expected) {
    CHECK(cause(referral, before + age - 1ms) == std::nullopt);
    CHECK(cause(referral, before + age) == expected);
    CHECK(next_expiry(referral, std::nullopt) == Expiry{before + age, expected});
}

}  // namespace

TEST_CASE("Each waiting state has its own time") {
    check_edge(standing(S::draft), days{14}, ExpiryCause::consent_not_given);
    check_edge(standing(S::awaiting_consent), days{14}, ExpiryCause::consent_not_given);
    check_edge(standing(S::requested), 72h, ExpiryCause::undelivered);
    check_edge(standing(S::delivered), days{30}, ExpiryCause::unanswered);
    check_edge(standing(S::waitlisted), days{180}, ExpiryCause::waitlisted_too_long);
}

TEST_CASE("Care and ends do not expire") {
    for (const S state : all_states()) {
        if (find_transition(state, E::expire, By::hub) != nullptr) continue;
        CAPTURE(kReferralStates.text(state));
        CHECK(cause(standing(state), before + days{400}, before + days{1}) == std::nullopt);
    }
}

TEST_CASE("Whatever is due can be applied") {
    for (const S state : all_states()) {
        for (const bool frozen : {false, true}) {
            Referral referral = standing(state);
            referral.frozen = frozen && !is_terminal(state);
            if (!due_expiry(referral, before, before + days{400})) continue;
            CAPTURE(kReferralStates.text(state), frozen);
            CHECK(attempt(referral, complete_request(E::expire, By::hub))->referral.state == S::expired);
        }
    }
}

TEST_CASE("Before care begins the end of the consent ends the referral at once") {
    const Instant end = before + 2h;
    for (const S state : {S::requested, S::delivered, S::waitlisted}) {
        CHECK(cause(standing(state), end - 1ms, end) == std::nullopt);
        CHECK(cause(standing(state), end, end) == ExpiryCause::consent_ended);
    }
    CHECK(cause(standing(S::awaiting_consent), end, end) == std::nullopt);
    CHECK(next_expiry(standing(S::requested), before + 73h)->cause == ExpiryCause::undelivered);
}

TEST_CASE("After care has begun the end of the consent stops nothing") {
    Referral waiting = standing(S::waitlisted);
    waiting.accepted_once = true;
    CHECK(cause(waiting, before + 3h, before + 2h) == std::nullopt);
    CHECK(cause(standing(S::accepted), before + 3h, before + 2h) == std::nullopt);
}

TEST_CASE("A referral on the law alone has no consent to end") {
    Referral referral = standing(S::delivered);
    referral.terms.consent.reset();
    CHECK(cause(referral, before + 3h, before + 2h) == std::nullopt);
}

TEST_CASE("Frozen the silence of who cannot answer does not count and the rest does") {
    Referral referral = standing(S::delivered);
    referral.frozen = true;
    CHECK(cause(referral, before + days{400}) == std::nullopt);
    CHECK(cause(referral, before + 3h, before + 2h) == ExpiryCause::consent_ended);
    referral.state = S::waitlisted;
    CHECK(cause(referral, before + days{400}) == std::nullopt);
    referral.state = S::requested;
    CHECK(cause(referral, before + 72h) == ExpiryCause::undelivered);
}

TEST_CASE("Unfrozen the receiving side has its whole time again") {
    Referral referral = standing(S::delivered);
    referral.frozen = true;
    const Referral back = attempt(referral, complete_request(E::unfreeze, By::po))->referral;
    CHECK(next_expiry(back, std::nullopt)->at == noon + days{30});
}

TEST_CASE("An unanswered referral is brought up three times before it expires") {
    const Referral referral = standing(S::delivered);
    CHECK(alerts_reached(referral, before + 72h - 1ms) == 0);
    CHECK(alerts_reached(referral, before + 72h) == 1);
    CHECK(alerts_reached(referral, before + days{7} - 1ms) == 1);
    CHECK(alerts_reached(referral, before + days{7}) == 2);
    CHECK(alerts_reached(referral, before + days{21} - 1ms) == 2);
    CHECK(alerts_reached(referral, before + days{21}) == 3);
    CHECK(alerts_reached(standing(S::accepted), before + days{21}) == 0);
}
