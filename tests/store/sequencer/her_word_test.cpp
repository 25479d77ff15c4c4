// Whose word about her the hub takes, and that her own no holds whatever a sender relies on.
#include <catch2/catch.hpp>

#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using codec::GivenState;
using tests::Message;
using tests::Referred;
using tests::World;
using S = ReferralState;

namespace {

std::string word(const sequencer::Answer& answer) {
    return answer.code ? std::string(text(*answer.code)) : std::string("accepted");
}

// The department referred her to the health service, which took it and so has a name for her too.
struct KnownToTwo {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);
    Referred referred = world.refer(woman, world.health, consent);
    Pseudonym known_to_health = take();

    Pseudonym take() {
        const auto batch = world.poll(world.health);
        REQUIRE(batch.size() == 1);
        REQUIRE(world.acknowledge(world.health, batch.front(), AckOutcome::taken).receipt);
        return batch.front().pseudonym;
    }
    // Health writes down what she is to have said about two bodies.
    std::string recorded_by_health(const tests::Body& discloser, const tests::Body& recipient,
                                   tests::Terms terms = {}) {
        terms.discloser = discloser.id();
        return word(world.send(world.health, world.consent(world.health, known_to_health, recipient,
                                                           keys::new_id<ConsentId>(), terms)));
    }
};

}  // namespace

TEST_CASE("A body that was sent one referral records neither her yes nor her no between two others") {
    KnownToTwo one;
    const auto before = one.world.count("consent");
    const GivenState said = GENERATE(GivenState::active, GivenState::rejected);
    CHECK(one.recorded_by_health(one.world.department, one.world.nii, {.state = said}) == "consent_recorder");
    CHECK(one.recorded_by_health(one.world.housing, one.world.nii, {.state = said}) == "consent_recorder");
    CHECK(one.world.count("consent") == before);
    CHECK(one.recorded_by_health(one.world.health, one.world.nii, {.state = said}) == "accepted");
    CHECK(one.world.count("consent") == before + 1);
}

TEST_CASE("The body that opened her case records what she agreed to between two others") {
    KnownToTwo one;
    tests::Terms terms{.discloser = one.world.health.id()};
    const auto sent =
        one.world.consent(one.world.department, one.woman, one.world.nii, keys::new_id<ConsentId>(), terms);
    CHECK(word(one.world.send(one.world.department, sent)) == "accepted");
}

TEST_CASE("Whether she withdrew and which form she signed is not to be found out by trying to record") {
    KnownToTwo one;
    const Digest form = statement::sha256("one signed sheet");
    const auto of_nii = one.world.agree(one.woman, one.world.nii, {.form = form});
    const auto asked = [&] {
        return one.recorded_by_health(one.world.department, one.world.nii, {.form = form});
    };
    CHECK(asked() == "consent_recorder");
    (void)one.world.must_send(one.world.department,
                              one.world.revocation(one.world.department, one.woman, of_nii));
    CHECK(asked() == "consent_recorder");
    // The department, which heard her, is told.
    const auto anew =
        one.world.consent(one.world.department, one.woman, one.world.nii, keys::new_id<ConsentId>());
    CHECK(word(one.world.send(one.world.department, anew)) == "consent_revoked");
}
