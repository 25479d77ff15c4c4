// What goes with an event is told at home, and is what the hub's own table asks for.
#include "adapters/ctl/event_demands.h"

#include <catch2/catch.hpp>

#include "gateway/referral/transitions.h"

using namespace kesher;
using namespace kesher::ctl;
using contract::Outcome;
using contract::Reason;
using contract::ReferralEvent;
using referral::By;

namespace {

std::optional<std::string> option_of(const EventLine& line) {
    const auto wrong = wrong_option(line);
    return wrong ? std::optional(wrong->option) : std::nullopt;
}

// What a body says of a referral that there is: not what makes one, nor what the hub and its privacy officer
// say, nor her withdrawal, which nothing may be asked of.
bool is_a_bodys(const referral::Transition& row) {
    const bool makes_it = row.event <= ReferralEvent::submit;
    return !makes_it && row.event != ReferralEvent::withdraw &&
           (row.who.has(By::ref) || row.who.has(By::rec) || row.who.has(By::sub));
}

}  // namespace

TEST_CASE("Each event takes the reasons that the hub takes, and demands one where the hub does") {
    std::size_t rows = 0;
    for (const referral::Transition& row : referral::transitions()) {
        if (!is_a_bodys(row)) continue;
        ++rows;
        CAPTURE(contract::kReferralEvents.text(row.event));
        contract::WordSet<Reason> reasons;
        for (const Reason reason : reasons_of(row.event)) reasons.add(reason);
        CHECK(reasons == row.data.reasons);
        CHECK(demands_reason(row.event) == (row.data.reason_rule == referral::ReasonRule::required));
        const EventLine complete{.event = row.event, .outcome = Outcome::provided, .subject_acts = true};
        const bool takes_outcome = option_of(complete) != "--outcome" && option_of(complete) != "--reason";
        if (!demands_reason(row.event)) CHECK(takes_outcome == row.data.outcome);
        // The referring side alone may say these, and only as her word.
        if (row.who.has(By::sub)) CHECK(is_her_word(row.event));
    }
    CHECK(rows >= 13);
}

TEST_CASE("Without the reason that an event demands its option and its words are named") {
    for (const ReferralEvent event : {ReferralEvent::decline, ReferralEvent::hold, ReferralEvent::cancel,
                                      ReferralEvent::fail, ReferralEvent::mark_error}) {
        CAPTURE(contract::kReferralEvents.text(event));
        const auto wrong = wrong_option({.event = event});
        REQUIRE(wrong);
        CHECK(wrong->option == "--reason");
        const auto first = reasons_of(event).front();
        CHECK(wrong->sentence.find(contract::kReasons.text(first)) != std::string::npos);
        CHECK_FALSE(wrong_option({.event = event, .reason = first}));
    }
    CHECK(option_of({.event = ReferralEvent::cancel, .reason = Reason::no_capacity}) == "--reason");
    CHECK(option_of({.event = ReferralEvent::decline, .reason = Reason::consent_missing}) == "--reason");
    CHECK(option_of({.event = ReferralEvent::accept, .reason = Reason::no_capacity}) == "--reason");
    CHECK_FALSE(wrong_option({.event = ReferralEvent::redirect}));
}

TEST_CASE("An outcome goes with complete, and complete with an outcome") {
    CHECK(option_of({.event = ReferralEvent::complete}) == "--outcome");
    CHECK_FALSE(wrong_option({.event = ReferralEvent::complete, .outcome = Outcome::partly}));
    CHECK(option_of({.event = ReferralEvent::accept, .outcome = Outcome::partly}) == "--outcome");
}

TEST_CASE("A withdrawal is her own word and is sent without a sealed part") {
    CHECK(option_of({.event = ReferralEvent::withdraw}) == "--subject-acts");
    CHECK_FALSE(wrong_option({.event = ReferralEvent::withdraw, .subject_acts = true}));
    CHECK(option_of({.event = ReferralEvent::withdraw, .says_more = true, .subject_acts = true}) ==
          "--need-file, --sealed-file");
    // No reason of hers is a ground to keep it back.
    CHECK_FALSE(
        wrong_option({.event = ReferralEvent::withdraw, .reason = Reason::wrong_case, .subject_acts = true}));
}

TEST_CASE("What other commands prepare and send is no event here") {
    for (const ReferralEvent event :
         {ReferralEvent::draft, ReferralEvent::ask_consent, ReferralEvent::submit}) {
        CHECK(option_of({.event = event}) == "--event");
    }
}
