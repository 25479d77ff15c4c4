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

TEST_CASE("What another hub stored while this one had no session is known when it has one again") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto id = keys::new_id<ReferralId>();
    const auto message = world.referral(world.department, woman, world.health, {id, consent});
    const auto submission = world.department.sign(message);
    const auto request = world.read(world.department, submission).value();
    world.lose_session();
    const auto first = world.another_sequencer()->run(request);
    REQUIRE_FALSE(first.code);
    REQUIRE_FALSE(first.repeated);
    // It does not yet know that its session is gone, and then looks again.
    REQUIRE(world.send(world.department, submission).code == Code::unavailable);
    const auto leaves = world.count("log_entry");
    SECTION("the same message gets the first answer") {
        const auto again = world.send(world.department, submission);
        CHECK_FALSE(again.code);
        CHECK(again.repeated);
        CHECK(again.receipt.value().receipt == first.receipt.value().receipt);
        CHECK(world.count("log_entry") == leaves);
    }
    SECTION("another message under its id is id_reused") {
        auto other =
            world.referral(world.department, woman, world.health, {keys::new_id<ReferralId>(), consent});
        other.says.id = message.says.id;
        World::name_actor(other, "w-17", OfficerRole::social_worker);
        CHECK(world.send(world.department, other).code == Code::id_reused);
        CHECK(world.count("log_entry") == leaves + 1);
    }
    SECTION("another message with its referral's number begins no second referral") {
        const auto other = world.referral(world.department, woman, world.health, {id, consent});
        CHECK(world.send(world.department, other).code == Code::event_not_allowed);
        CHECK(world.count("log_entry") == leaves + 1);
    }
    CHECK(world.count("message WHERE id = '" + message.says.id.text() + "'") == 1);
    CHECK(world.count("referral") == 1);
}

namespace {

// Beyond one reading of 4,096, and beyond two.
constexpr std::size_t kCopies = 5'000;

// The one row of a table so many times more, each time with these of its values made anew. No leaf tells of
// any: they are read and never decided on.
std::string copies(const std::string& table, const std::string& values) {
    return "INSERT INTO " + table + " SELECT (jsonb_populate_record(one.it, jsonb_build_object(" + values +
           "))).* FROM (SELECT t AS it FROM " + table + " t LIMIT 1) one, generate_series(1, " +
           std::to_string(kCopies) + ") n";
}

}  // namespace

TEST_CASE("Everything that is stored is known to be in use although it takes several readings") {
    World world;
    const auto woman = world.open_case(world.department);
    (void)world.refer(woman, world.health, world.agree(woman, world.health));
    // Of two senders, so that one reading ends in the midst of each.
    for (const std::string sender : {"aaa", "zzz"})
        world.as_superuser(copies("message", "'sender', '" + sender + "', 'id', gen_random_uuid()"));
    world.as_superuser(copies(
        "referral", "'id', gen_random_uuid(), 'slot', '\\x' || encode(sha256(n::text::bytea), 'hex')"));
    world.as_superuser(copies("delivery", "'id', gen_random_uuid(), 'referral', gen_random_uuid()"));
    world.readers().with([](store::Connection& connection) {
        const IdsInUse ids = IdsInUse::stored(connection);
        const store::Rows messages = connection.query("SELECT sender, id FROM message", store::Parameters{});
        REQUIRE(messages.size() > 2 * kCopies);
        for (const store::Row row : messages) {
            REQUIRE(ids.may_hold(MessageKey{OrganisationId::parse(std::string(row.text(0))).value(),
                                            MessageId::from_bytes(row.uuid(1)).value()}));
        }
        for (const std::string numbers : {"SELECT id FROM referral", "SELECT referral FROM delivery"}) {
            const store::Rows rows = connection.query(numbers, store::Parameters{});
            REQUIRE(rows.size() > kCopies);
            for (const store::Row row : rows)
                REQUIRE(ids.may_hold(ReferralId::from_bytes(row.uuid(0)).value()));
        }
        return 0;
    });
}
