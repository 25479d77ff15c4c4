// The database's backend dies in the middle: nobody is told what did not happen, and nothing happens twice.
#include <catch2/catch.hpp>

#include <thread>

#include "audit/log/receipt.h"
#include "gateway/store/log_repository.h"
#include "tests/store/sequencer/queued.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::World;

namespace {

codec::Submission next_referral(World& world, const Pseudonym& woman, const ConsentId& consent) {
    return world.department.sign(world.referral(world.department, woman, world.health,
                                                {keys::new_id<ReferralId>(), consent, Service::hlt_trauma}));
}

}  // namespace

TEST_CASE("A backend that dies before the commit: the caller hears unavailable and nothing is stored") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto submission = next_referral(world, woman, consent);
    const auto leaves = world.count("log_entry");

    const auto first = std::make_shared<tests::Gate>(), second = std::make_shared<tests::Gate>();
    auto one = tests::enqueue(world.hub(), first);
    first->wait_until_reached();
    auto two = tests::enqueue(world.hub(), second);
    auto answer = tests::enqueue(world.hub(), world.read(world.department, submission).value());
    first->open();
    second->wait_until_reached();  // the facts are loaded, the decision is under way
    world.lose_session();
    second->open();

    CHECK_FALSE(one.get().code);
    CHECK(two.get().code == Code::unavailable);
    CHECK(answer.get().code == Code::unavailable);
    CHECK(world.count("log_entry") == leaves);
    const auto again = world.send(world.department, submission);
    CHECK_FALSE(again.code);
    CHECK_FALSE(again.repeated);
    CHECK(world.count("log_entry") == leaves + 1);
}

TEST_CASE("After a backend died while nothing happened the next message but one is accepted") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    world.lose_session();
    const auto submission = next_referral(world, woman, consent);
    const auto first = world.send(world.department, submission);
    CHECK(first.code == Code::unavailable);
    CHECK_FALSE(world.send(world.department, submission).code);
}

TEST_CASE("A row about a body that no leaf tells of is believed by no new session") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    world.as_superuser(
        "INSERT INTO enrolment_token SELECT sha256('mine'), organisation, expires_at + 1000000000, true, "
        "NULL, "
        "NULL, false FROM enrolment_token LIMIT 1");
    world.lose_session();
    const auto submission = next_referral(world, woman, consent);
    for (int n = 0; n < 3; ++n) CHECK(world.send(world.department, submission).code == Code::unavailable);
    const auto lines = world.operator_log();
    CHECK(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
        return line.find("enrolment_token holds a row that no entry") != std::string::npos;
    }));
    world.as_superuser("DELETE FROM enrolment_token WHERE digest = sha256('mine')");
    CHECK_FALSE(world.send(world.department, submission).code);
}

TEST_CASE("A new session knows what the bodies have done since the start") {
    World world;
    world.set_status(world.housing, OrganisationStatus::suspended);
    world.put_officer(world.health, "w-new", {OfficerRole::caseworker}, world.today());
    tests::Body auditor(OrganisationId::parse("auditor").value(), OrganisationKind::auditor, world.now());
    world.enrol(auditor);
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto submission = next_referral(world, woman, consent);
    world.lose_session();
    CHECK(world.send(world.department, submission).code == Code::unavailable);
    CHECK_FALSE(world.send(world.department, submission).code);
}

TEST_CASE(
    "Whatever moment the backend dies: each answered receipt is in the log and each message counts once") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    constexpr std::size_t kSenders = 3, kEach = 20, kKills = 12;
    std::atomic<std::size_t> done{0};
    std::array<std::vector<sequencer::Receipted>, kSenders> receipts;
    std::vector<std::thread> senders;
    for (std::size_t sender = 0; sender < kSenders; ++sender) {
        senders.emplace_back([&, sender] {
            for (std::size_t n = 0; n < kEach; ++n) {
                const auto submission = next_referral(world, woman, consent);
                for (;;) {
                    const auto answer = world.hub().run(world.read(world.department, submission).value());
                    if (answer.code == Code::unavailable) continue;
                    if (!answer.code && answer.receipt) receipts[sender].push_back(*answer.receipt);
                    break;
                }
                ++done;
            }
        });
    }
    // Now and then, so that something is decided in between, and never at the same point of it.
    for (std::size_t killed = 1; killed <= kKills; ++killed) {
        while (done < killed * kSenders * kEach / (kKills + 2)) std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds{killed % 5});
        world.lose_session();
    }
    for (std::thread& sender : senders) sender.join();

    const auto leaves = world.leaves();
    std::set<LeafIndex> indexes;
    for (const auto& each : receipts) {
        CHECK(each.size() == kEach);
        for (const sequencer::Receipted& given : each) {
            const auto receipt = log::parse_receipt(given.receipt).value();
            CHECK(log::verify_receipt(given.leaf, receipt, world.log_key()));
            REQUIRE(number(given.index) < leaves.size());
            CHECK(leaves[number(given.index)].index == given.index);
            CHECK(given.leaf.find(*leaves[number(given.index)].statement) == 0);
            indexes.insert(given.index);
        }
    }
    CHECK(indexes.size() == kSenders * kEach);
    CHECK(world.count("referral") == kSenders * kEach);
    CHECK(world.count("message WHERE sender = 'ssd-5000'") == kSenders * kEach + 1);
    CHECK(world.count("log_entry") == static_cast<std::int64_t>(leaves.back().index) + 1);
    CHECK_NOTHROW(world.restart());  // the whole log gives the root that was signed
}

TEST_CASE("Who reads after the server ended every idle session is answered by a new one") {
    World world;
    const auto seen = [&] {
        return world.readers().with(
            [](store::Connection& connection) { return number(store::stored_size(connection)) > 0; });
    };
    REQUIRE(seen());
    world.as_superuser(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND "
        "pid <> pg_backend_pid()");
    CHECK(seen());
}
