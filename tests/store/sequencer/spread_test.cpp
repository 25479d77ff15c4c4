// The spread: how long a routine referral waits in the hub is drawn for it alone, stands in its own leaf, and
// says nothing of who else sent one.
#include <catch2/catch.hpp>

#include <set>

#include "tests/store/leaves/told.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Referred;
using tests::World;

namespace {

struct Spread {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);
    Spread() { world.spread_releases(24h); }

    // When the hub may hand it out, as the leaf of its submission says.
    Instant refer() {
        (void)world.refer(woman, world.health, consent);
        return Instant{std::chrono::milliseconds{tests::amount(
            tests::told(world, log::RecordEvent::accepted, "submit").back().record, "not_before")}};
    }
    std::size_t handed_out_at(Instant at) {
        world.set_clock(at);
        return world.poll(world.health).size();
    }
};

}  // namespace

TEST_CASE("A routine referral is handed out from the moment that its leaf says and not a moment before") {
    Spread it;
    const Instant sent = it.world.now();
    const Instant from = it.refer();
    CHECK(from >= sent);
    CHECK(from < sent + 24h + 1s);
    const bool started_anew = GENERATE(false, true);
    if (started_anew) it.world.restart();
    if (from > it.world.now()) CHECK(it.handed_out_at(from - 1ms) == 0);
    CHECK(it.handed_out_at(from) == 1);
}

TEST_CASE("Each draws its own wait whether it is her only referral or one of several") {
    Spread it;
    std::set<std::chrono::milliseconds> waits;
    for (int count = 0; count < 8; ++count) {
        const Instant from = it.refer();
        waits.insert(from - it.world.now());
    }
    CHECK(waits.size() == 8);
    // And so does the one referral of another woman, to another body.
    const auto other = it.world.open_case(it.world.department);
    const auto child = it.world.agree(other, it.world.nii,
                                      {.purposes = {Purpose::benefit_claim, Purpose::status_feedback},
                                       .groups = {DataGroup::identity},
                                       .services = {Service::ben_child}});
    (void)it.world.refer(other, it.world.nii, child, Service::ben_child);
    const auto leaf = tests::told(it.world, log::RecordEvent::accepted, "submit").back();
    const Instant from{std::chrono::milliseconds{tests::amount(leaf.record, "not_before")}};
    it.world.set_clock(from - 1ms);
    CHECK(it.world.poll(it.world.nii).empty());
    it.world.set_clock(from);
    CHECK(it.world.poll(it.world.nii).size() == 1);
}

TEST_CASE("What is urgent does not wait and its leaf says no moment") {
    Spread it;
    const Referred urgent{keys::new_id<ReferralId>(), it.consent, Service::hlt_trauma, Priority::urgent};
    (void)it.world.must_send(it.world.department,
                             it.world.referral(it.world.department, it.woman, it.world.health, urgent));
    const auto leaf = tests::told(it.world, log::RecordEvent::accepted, "submit").back();
    CHECK(leaf.record.facts.find("not_before") == nullptr);
    CHECK(it.world.poll(it.world.health).size() == 1);
}

TEST_CASE("What she withdraws while it waits is never handed out") {
    Spread it;
    const Instant from = it.refer();
    (void)it.world.must_send(it.world.department,
                             it.world.revocation(it.world.department, it.woman, it.consent));
    CHECK(it.handed_out_at(from) == 0);
    CHECK(it.handed_out_at(from + 1h) == 0);
}
