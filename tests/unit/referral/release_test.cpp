// Bytes leave only if, at that instant, everything still holds.
// Method: one parcel that may go; each case changes a single fact.
#include <catch2/catch.hpp>

#include "gateway/referral/release.h"
#include "tests/unit/referral/builders.h"

using namespace kesher::referral;
using namespace kesher::referral::test;

namespace {

constexpr Release kPermit{ReleaseVerdict::permit};
constexpr Release kWait{ReleaseVerdict::wait};

ReleaseFacts facts(Parcel parcel) {
    return {.parcel = parcel, .to_status = OrganisationStatus::active, .agreement_active = true};
}

Release submission(const ReleaseFacts& given, const Referral& referral = standing(S::requested)) {
    return decide_release(referral, given, noon);
}

Release update(const ReleaseFacts& given, const Referral& referral = standing(S::accepted)) {
    return decide_release(referral, given, noon);
}

}  // namespace

TEST_CASE("A submission leaves while it is requested and in no other state") {
    for (const S state : all_states()) {
        CAPTURE(kReferralStates.text(state));
        const Release release = submission(facts(Parcel::submission), standing(state));
        if (state == S::requested) CHECK(release == kPermit);
        if (state != S::requested) {
            CHECK(release == Release{.verdict = ReleaseVerdict::drop, .code = Code::event_not_allowed});
        }
    }
}

TEST_CASE("A consent that is gone drops the submission and ends the referral and the sender is told") {
    ReleaseFacts given = facts(Parcel::submission);
    const auto dropped = [&](Code code) {
        given.consent = code;
        return submission(given);
    };
    const auto drop = [](Code code, E then) {
        return Release{.verdict = ReleaseVerdict::drop, .code = code, .then = then, .tell_sender = true};
    };
    CHECK(dropped(Code::consent_revoked) == drop(Code::consent_revoked, E::withdraw));
    for (const Code code : {Code::consent_lapsed, Code::consent_missing, Code::consent_groups}) {
        CHECK(dropped(code) == drop(code, E::expire));
    }
}

TEST_CASE("What a drop asks of the hub can be applied") {
    for (const E then : {E::withdraw, E::expire}) CHECK(attempt(S::requested, then, By::hub));
}

TEST_CASE("A submission waits for a suspended body or agreement and while frozen") {
    ReleaseFacts given = facts(Parcel::submission);
    Referral referral = standing(S::requested);
    SECTION("recipient") { given.to_status = OrganisationStatus::suspended; }
    SECTION("sender") { given.from_status = OrganisationStatus::suspended; }
    SECTION("agreement") { given.agreement_active = false; }
    SECTION("frozen") { referral.frozen = true; }
    CHECK(submission(given, referral) == kWait);
    given.consent = Code::consent_revoked;
    CHECK(submission(given, referral).verdict == ReleaseVerdict::drop);
}

TEST_CASE("A spread release waits until its time and not longer") {
    ReleaseFacts given = facts(Parcel::submission);
    given.not_before = noon + 1ms;
    CHECK(submission(given) == Release{.verdict = ReleaseVerdict::wait, .not_before = noon + 1ms});
    given.not_before = noon;
    CHECK(submission(given) == kPermit);
}

TEST_CASE("An update leaves while the consent and the agreement and the recipient stand") {
    CHECK(update(facts(Parcel::update)) == kPermit);
    ReleaseFacts given = facts(Parcel::update);
    Code expected = Code::internal;
    SECTION("consent") {
        given.consent = Code::consent_lapsed;
        expected = Code::consent_lapsed;
    }
    SECTION("no word for the way back") {
        given.feedback = false;
        expected = Code::consent_groups;
    }
    SECTION("recipient") {
        given.to_status = OrganisationStatus::suspended;
        expected = Code::organisation_suspended;
    }
    SECTION("sender") {
        given.from_status = OrganisationStatus::suspended;
        expected = Code::organisation_suspended;
    }
    SECTION("agreement") {
        given.agreement_active = false;
        expected = Code::agreement_missing;
    }
    CHECK(update(given) ==
          Release{.verdict = ReleaseVerdict::drop, .code = expected, .updates_stopped = true});
    given.update_ends = true;
    CHECK(update(given).notice_of_end);
}

TEST_CASE("An update leaves in every state but after she withdrew or where it was a mistake") {
    for (const S state : all_states()) {
        CAPTURE(kReferralStates.text(state));
        const bool over = state == S::withdrawn || state == S::erroneous;
        const Release expected =
            over ? Release{.verdict = ReleaseVerdict::drop, .code = Code::event_not_allowed} : kPermit;
        CHECK(update(facts(Parcel::update), standing(state)) == expected);
    }
}

TEST_CASE("Behind a cancellation nothing goes out any more and what its recipient tells still goes back") {
    ReleaseFacts given = facts(Parcel::update);
    CHECK(update(given, standing(S::cancelled)) == kPermit);
    given.goes_out = true;
    for (const S state : all_states()) {
        CAPTURE(kReferralStates.text(state));
        const bool over = state == S::withdrawn || state == S::erroneous || state == S::cancelled;
        const Release expected =
            over ? Release{.verdict = ReleaseVerdict::drop, .code = Code::event_not_allowed} : kPermit;
        CHECK(update(given, standing(state)) == expected);
    }
}

TEST_CASE("After she withdrew an update neither waits nor repeats the end that was told") {
    ReleaseFacts given = facts(Parcel::update);
    Referral referral = standing(S::withdrawn);
    SECTION("frozen") { referral.frozen = true; }
    SECTION("the consent went too") { given.consent = Code::consent_revoked; }
    SECTION("the last word of its recipient") { given.update_ends = true; }
    SECTION("a rehearsal") { referral.terms.purpose = Purpose::rehearsal; }
    CHECK(update(given, referral) ==
          Release{.verdict = ReleaseVerdict::drop, .code = Code::event_not_allowed});
}

TEST_CASE("A rehearsal leaves whatever is said of consent and waits for all the rest") {
    ReleaseFacts given = facts(Parcel::submission);
    given.consent = Code::consent_missing;
    given.feedback = false;
    Referral rehearsal = standing(S::requested);
    rehearsal.terms.purpose = Purpose::rehearsal;
    CHECK(submission(given, rehearsal) == kPermit);
    given.parcel = Parcel::update;
    CHECK(update(given, rehearsal) == kPermit);
    given.parcel = Parcel::submission;
    given.to_status = OrganisationStatus::suspended;
    CHECK(submission(given, rehearsal) == kWait);
}

TEST_CASE("An update waits while the referral is frozen") {
    Referral referral = standing(S::accepted);
    referral.frozen = true;
    CHECK(update(facts(Parcel::update), referral) == kWait);
}

TEST_CASE("Updates that flow again say so") {
    Referral referral = standing(S::accepted);
    referral.updates_stopped = true;
    CHECK(update(facts(Parcel::update), referral).updates_stopped == false);
    CHECK(update(facts(Parcel::update), standing(S::accepted)).updates_stopped == std::nullopt);
}

TEST_CASE("Notices of the hub and endings leave always") {
    ReleaseFacts worst = facts(Parcel::always);
    worst.to_status = OrganisationStatus::suspended;
    worst.agreement_active = false;
    worst.consent = Code::consent_revoked;
    worst.feedback = false;
    worst.not_before = noon + 1h;
    for (const S state : all_states()) {
        Referral referral = standing(state);
        referral.frozen = true;
        CHECK(decide_release(referral, worst, noon) == kPermit);
    }
}

TEST_CASE("Only endings without a sealed part and the hub's own words are always released") {
    for (const E event : all_events()) {
        CAPTURE(kReferralEvents.text(event));
        const bool ends = event == E::withdraw || event == E::cancel || event == E::mark_error;
        CHECK(parcel_of_event(event, false, false) == (ends ? Parcel::always : Parcel::update));
        CHECK(parcel_of_event(event, false, true) == Parcel::update);
        CHECK(parcel_of_event(event, true, false) == Parcel::always);
    }
}

TEST_CASE("Each acknowledgement has one effect") {
    CHECK(effect_of_ack(AckOutcome::taken, {}) == AckEffect::deliver);
    CHECK(effect_of_ack(AckOutcome::held, {}) == AckEffect::keep_leased);
    CHECK(effect_of_ack(AckOutcome::refused, Code::release_unproven) == AckEffect::release_again);
    CHECK(effect_of_ack(AckOutcome::refused, Code::seal_unopenable) == AckEffect::await_reseal);
    CHECK(effect_of_ack(AckOutcome::refused, Code::seal_mismatch) == AckEffect::undeliverable);
    CHECK(effect_of_ack(AckOutcome::refused, Code::key_unpinned) == AckEffect::undeliverable);
    CHECK(effect_of_ack(AckOutcome::refused, {}) == AckEffect::undeliverable);
}

TEST_CASE("What leaves a delivery open is said once a release and never of one that is over") {
    const auto again = [](AckEffect effect, std::uint64_t release, std::uint64_t last,
                          AckEffect last_effect) {
        return is_said_again(effect, LeafIndex{release}, {LeafIndex{last}, last_effect});
    };
    constexpr auto held = AckEffect::keep_leased;
    constexpr auto late = AckEffect::release_again;
    CHECK(again(held, 7, 7, held));
    CHECK(again(held, 7, 9, held));
    CHECK_FALSE(again(held, 9, 7, held));
    CHECK(again(held, 7, 7, late));
    CHECK(again(held, 7, 9, late));
    CHECK_FALSE(again(held, 9, 7, late));
    CHECK_FALSE(again(late, 7, 7, held));  // what was held could not be opened after all
    CHECK(again(late, 7, 9, held));
    CHECK_FALSE(again(late, 9, 7, held));
    CHECK(again(late, 7, 7, late));
    CHECK(again(late, 7, 9, late));
    CHECK_FALSE(again(late, 9, 7, late));
    for (const AckEffect settles : {AckEffect::deliver, AckEffect::await_reseal, AckEffect::undeliverable}) {
        CHECK_FALSE(again(settles, 7, 7, held));
        CHECK_FALSE(again(settles, 7, 9, held));
        CHECK_FALSE(again(settles, 9, 7, late));
    }
}

TEST_CASE("A routine release waits its share of the spread and never longer than the setting") {
    CHECK(release_not_before({Priority::routine, 24h, 0x80000000U}, noon) == noon + 12h);
    CHECK(release_not_before({Priority::routine, 24h, 0}, noon) == noon);
    CHECK(release_not_before({Priority::routine, 48h, 0xFFFFFFFFU}, noon) == noon + 48h - 1ms);
}

TEST_CASE("What is urgent is not spread and neither is anything where the spread is off") {
    CHECK(release_not_before({Priority::urgent, 24h, 0x80000000U}, noon) == std::nullopt);
    CHECK(release_not_before({Priority::stat, 24h, 0x80000000U}, noon) == std::nullopt);
    CHECK(release_not_before({Priority::routine, 0ms, 0x80000000U}, noon) == std::nullopt);
}
