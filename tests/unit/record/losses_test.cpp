// What no native format carries: what she is not known by there, and what no text of theirs holds.
#include <catch2/catch.hpp>

#include "adapters/record/losses.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::record;

TEST_CASE("Each loss has words in Hebrew and English and none is a safety flag") {
    for (const Loss& loss : common_losses()) {
        CHECK_FALSE(kSafetyFlags.parse(loss.field));
        CHECK_FALSE(loss.he.empty());
        CHECK_FALSE(loss.en.empty());
    }
}

TEST_CASE("What is lost is lost once and every safety flag stays as it was") {
    std::mt19937 dice(11);
    for (int i = 0; i < 200; ++i) {
        const Referral sent = samples::drawn(dice);
        const Referral arrives = minus_common_losses(sent);
        CHECK(arrives.sealed.safety == sent.sealed.safety);
        CHECK((minus_common_losses(arrives) == arrives));
    }
    CHECK((minus_common_losses(samples::whole()) == samples::whole()));
}

TEST_CASE("Who is not identified loses her identity and who presents herself every way to be reached") {
    Referral sent = samples::whole();
    sent.sealed.known_by = KnownBy::contact;
    CHECK_FALSE(minus_common_losses(sent).sealed.identity);
    CHECK(minus_common_losses(sent).sealed.contact->phone);
    sent.sealed.known_by = KnownBy::presents;
    CHECK_FALSE(minus_common_losses(sent).sealed.contact->phone);
    sent = samples::whole();
    sent.sealed.safety.address_confidential = true;
    CHECK_FALSE(minus_common_losses(sent).sealed.contact->phone);
    CHECK_FALSE(minus_common_losses(sent).sealed.other(DataGroup::locality));
}

TEST_CASE("A control character becomes a blank and a text of blanks is none") {
    Referral sent = samples::whole();
    sent.sealed.need = "a\x01z";
    CHECK(minus_common_losses(sent).sealed.need == "a z");
    sent.sealed.need = " \x02\n";
    CHECK_FALSE(minus_common_losses(sent).sealed.need);
}
