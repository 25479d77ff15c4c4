// What the hub holds for unused is unused: whatever was stored is looked up, before and after a start.
#include <catch2/catch.hpp>

#include "gateway/keys/pseudonyms.h"
#include "gateway/sequencer/ids_in_use.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using sequencer::IdsInUse;
using store::MessageKey;
using tests::World;

namespace {

MessageKey key(const char* sender) {
    return {OrganisationId::parse(sender).value(), keys::new_id<MessageId>()};
}

}  // namespace

TEST_CASE("No id that was added is ever said to be unused") {
    IdsInUse ids(0);
    std::vector<MessageKey> messages;
    std::vector<ReferralId> numbers;
    for (std::size_t n = 0; n < 3 * IdsInUse::kLeastIds; ++n) {  // more than there was room made for
        messages.push_back(key(n % 2 == 0 ? "ssd-5000" : "health"));
        numbers.push_back(keys::new_id<ReferralId>());
        ids.add(messages.back());
        ids.add(numbers.back());
    }
    for (const MessageKey& message : messages) REQUIRE(ids.may_hold(message));
    for (const ReferralId& number : numbers) REQUIRE(ids.may_hold(number));
}

TEST_CASE("Nearly every id that was not added is known to be unused") {
    IdsInUse ids(0);
    for (std::size_t n = 0; n < IdsInUse::kLeastIds; ++n) ids.add(key("ssd-5000"));
    std::size_t mistaken = 0;
    constexpr std::size_t kAsked = 100'000;
    for (std::size_t n = 0; n < kAsked; ++n) mistaken += ids.may_hold(key("ssd-5000")) ? 1 : 0;
    CHECK(mistaken < kAsked / 200);
}

TEST_CASE("An id is a message's of one sender, or a referral's number, and none of the others") {
    IdsInUse ids(0);
    const MessageKey own = key("ssd-5000");
    const MessageKey of_another{OrganisationId::parse("health").value(), own.id};
    ids.add(own);
    CHECK(ids.may_hold(own));
    CHECK_FALSE(ids.may_hold(of_another));
    CHECK_FALSE(ids.may_hold(ReferralId::from_bytes(own.id.bytes()).value()));
}

TEST_CASE("Everything that is stored is known to be in use") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    for (int n = 0; n < 9; ++n) (void)world.refer(woman, world.health, consent);
    world.readers().with([](store::Connection& connection) {
        const IdsInUse ids = IdsInUse::stored(connection);
        const store::Rows messages = connection.query("SELECT sender, id FROM message", store::Parameters{});
        REQUIRE(messages.size() >= 10);
        for (const store::Row row : messages) {
            CHECK(ids.may_hold(MessageKey{OrganisationId::parse(std::string(row.text(0))).value(),
                                          MessageId::from_bytes(row.uuid(1)).value()}));
        }
        const store::Rows numbers = connection.query("SELECT id FROM referral", store::Parameters{});
        REQUIRE(numbers.size() == 9);
        for (const store::Row row : numbers) CHECK(ids.may_hold(ReferralId::from_bytes(row.uuid(0)).value()));
        CHECK_FALSE(ids.may_hold(key("ssd-5000")));
        return 0;
    });
}

TEST_CASE("A message is the same one after a start and after a lost session") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto id = keys::new_id<ReferralId>();
    const auto submission =
        world.department.sign(world.referral(world.department, woman, world.health, {id, consent}));
    const auto first = world.send(world.department, submission);
    REQUIRE_FALSE(first.code);
    const auto is_known = [&] {
        const auto again = world.send(world.department, submission);
        CHECK_FALSE(again.code);
        CHECK(again.repeated);
        CHECK(again.leaf == first.leaf);
        // The number is taken as well, whoever's next message names it.
        CHECK(
            world.send(world.department, world.referral(world.department, woman, world.health, {id, consent}))
                .code);
    };
    is_known();
    world.stop();
    world.start();
    is_known();
    world.lose_session();
    (void)world.send(world.department, submission);  // unavailable: it looks again
    is_known();
}
