// What is refused, by which published code, and what a refusal leaves behind: its leaf and nothing else.
#include <catch2/catch.hpp>

#include "audit/log/receipt.h"
#include "schemas/codec/records.h"
#include "schemas/statement/commitment.h"
#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Message;
using tests::Referred;
using tests::World;

namespace {

// Rows of every kind that a message can leave behind.
struct Stored {
    std::int64_t leaves, messages, payloads, deliveries, referrals, consents;
    friend bool operator==(const Stored&, const Stored&) = default;
    friend Stored operator-(const Stored& a, const Stored& b) {
        return {a.leaves - b.leaves,         a.messages - b.messages,   a.payloads - b.payloads,
                a.deliveries - b.deliveries, a.referrals - b.referrals, a.consents - b.consents};
    }
    friend std::ostream& operator<<(std::ostream& out, const Stored& it) {
        return out << it.leaves << " leaves, " << it.messages << " messages, " << it.payloads << " payloads, "
                   << it.deliveries << " deliveries, " << it.referrals << " referrals, " << it.consents
                   << " consents";
    }
};

Stored stored(World& world) {
    return {world.count("log_entry"), world.count("message"),  world.count("payload"),
            world.count("delivery"),  world.count("referral"), world.count("consent")};
}

bool verifies(const World& world, const std::optional<sequencer::Receipted>& given) {
    if (!given) return false;
    const auto receipt = log::parse_receipt(given->receipt);
    if (!receipt || receipt->index != given->index) return false;
    return log::verify_receipt(given->leaf, *receipt, world.log_key()).has_value();
}

std::string word(const std::optional<Code>& code) {
    return code ? std::string(text(*code)) : std::string("accepted");
}

// A woman who agreed that the health service may know, and the referral that may now be made.
struct Agreed {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);
    Referred referred{keys::new_id<ReferralId>(), consent};

    Message referral() { return world.referral(world.department, woman, world.health, referred); }

    // Refused with this code, a leaf that verifies, its id used up, and no effect.
    void check_refused(const codec::Submission& submission, Code code) {
        const Stored before = stored(world);
        const auto answer = world.send(world.department, submission);
        CHECK(word(answer.code) == text(code));
        CHECK(verifies(world, answer.receipt));
        CHECK(stored(world) - before == Stored{1, 1, 0, 0, 0, 0});
        const tests::Leaf last = world.leaves().back();
        CHECK(last.record.event == log::RecordEvent::refused);
        CHECK(last.record.decision == log::Decision::deny);
        CHECK(word(last.record.code) == text(code));
        CHECK(last.statement == submission.statement);
    }
    void check_refused(const Message& message, Code code) {
        check_refused(world.department.sign(message), code);
    }

    // Answered, counted, and nothing written: it is nobody's word, or for somebody else.
    void check_only_counted(const codec::Submission& submission, Code code) {
        const Stored before = stored(world);
        const auto answer = world.send(world.department, submission);
        CHECK(word(answer.code) == text(code));
        CHECK_FALSE(answer.receipt);
        CHECK(stored(world) - before == Stored{});
    }
    void check_only_counted(const Message& message, Code code) {
        check_only_counted(world.department.sign(message), code);
    }
};

}  // namespace

TEST_CASE("An accepted referral has one leaf and a receipt that a stranger can check") {
    Agreed one;
    const Stored before = stored(one.world);
    const auto answer = one.world.send(one.world.department, one.referral());
    CHECK(word(answer.code) == "accepted");
    CHECK(verifies(one.world, answer.receipt));
    CHECK(stored(one.world) - before == Stored{1, 1, 1, 1, 1, 0});
    CHECK(one.world.standing(one.referred.id) == tests::Standing{ReferralState::requested, 1, false});
    const tests::Leaf leaf = one.world.leaves().back();
    CHECK(leaf.record.event == log::RecordEvent::accepted);
    CHECK(leaf.record.decision == log::Decision::permit);
    CHECK(leaf.record.consent == one.consent);
}

TEST_CASE("Claims in another spelling are refused and their leaf says nothing of what they name") {
    Agreed one;
    const auto good = one.world.department.sign(one.referral());
    const std::string claims = statement::write_claims(one.referral().says);
    for (const auto& [from, to] : std::vector<std::pair<std::string_view, std::string_view>>{
             {"\"type\"", "\"typ\\u0065\""}, {"\"id\":\"", "\"id\" : \""}, {"ssd-5000", "ssd\\u002d5000"}}) {
        CAPTURE(to);
        auto submission = good;
        std::string respelled = claims;
        respelled.replace(respelled.find(from), from.size(), to);
        submission.statement = statement::sign(one.world.department.signer(), statement::kStatementType,
                                               one.world.today(), respelled);
        const Stored before = stored(one.world);
        const auto answer = one.world.send(one.world.department, submission);
        CHECK(word(answer.code) == "statement_invalid");
        CHECK(verifies(one.world, answer.receipt));
        CHECK(stored(one.world) - before == Stored{1, 0, 0, 0, 0, 0});
        const auto record = one.world.leaves().back().record;
        CHECK_FALSE(record.message);
        CHECK_FALSE(record.consent);
        CHECK_FALSE(record.referral);
    }
    CHECK_NOTHROW(one.world.restart());
    CHECK(word(one.world.send(one.world.department, good).code) == "accepted");
}

TEST_CASE("A receipt does not hold for a leaf with one byte changed") {
    Agreed one;
    auto receipted = one.world.send(one.world.department, one.referral()).receipt.value();
    REQUIRE(verifies(one.world, receipted));
    receipted.leaf[receipted.leaf.size() / 2] ^= 1;
    CHECK_FALSE(verifies(one.world, receipted));
}

TEST_CASE("A referral that names a consent she never gave is refused consent_missing") {
    Agreed one;
    one.referred.consent = keys::new_id<ConsentId>();
    one.check_refused(one.referral(), Code::consent_missing);
}

TEST_CASE("A referral with a data group she did not agree to is refused consent_groups") {
    Agreed one;
    Message message = one.referral();
    message.says.groups = {DataGroup::debt, DataGroup::health};
    one.check_refused(message, Code::consent_groups);
}

TEST_CASE("A referral to a body without an agreement is refused agreement_missing") {
    Agreed one;
    one.referred = {keys::new_id<ReferralId>(),
                    one.world.agree(one.woman, one.world.housing,
                                    {.purposes = {Purpose::referral}, .services = {Service::hous_emerg}}),
                    Service::hous_emerg};
    one.check_refused(one.world.referral(one.world.department, one.woman, one.world.housing, one.referred),
                      Code::agreement_missing);
}

TEST_CASE("A data group that the agreement does not name is refused agreement_missing") {
    Agreed one;
    Message message = one.referral();
    message.says.groups = {DataGroup::health, DataGroup::hiv};
    one.check_refused(message, Code::agreement_missing);
}

TEST_CASE("A referral to a suspended body is refused and passes again when the body is active") {
    Agreed one;
    one.world.set_status(one.world.health, OrganisationStatus::suspended);
    one.check_refused(one.referral(), Code::organisation_suspended);
    one.world.set_status(one.world.health, OrganisationStatus::active);
    CHECK(word(one.world.send(one.world.department, one.referral()).code) == "accepted");
}

TEST_CASE("A referral of a suspended body is refused organisation_suspended") {
    Agreed one;
    one.world.set_status(one.world.department, OrganisationStatus::suspended);
    one.check_refused(one.referral(), Code::organisation_suspended);
}

TEST_CASE("An unattended system may not refer her") {
    Agreed one;
    Message message = one.referral();
    World::name_actor(message, "w-17", OfficerRole::system);
    one.check_refused(message, Code::actor_not_allowed);
}

TEST_CASE("A role that the body has not entered for its officer is refused") {
    Agreed one;
    Message message = one.referral();
    World::name_actor(message, "w-17", OfficerRole::coordinator);
    one.check_refused(message, Code::actor_not_allowed);
}

TEST_CASE("Training counts to the end of its last day and not a day longer") {
    Agreed one;
    one.world.put_officer(one.world.department, "w-18", {OfficerRole::social_worker}, one.world.today());
    Message last_day = one.referral();
    World::name_actor(last_day, "w-18", OfficerRole::social_worker);
    CHECK(word(one.world.send(one.world.department, last_day).code) == "accepted");
    one.world.pass(24h);
    one.referred.id = keys::new_id<ReferralId>();
    Message day_after = one.referral();
    World::name_actor(day_after, "w-18", OfficerRole::social_worker);
    one.check_refused(day_after, Code::actor_not_allowed);
}

TEST_CASE("A benefit claim for somebody who is not identified is refused identity_required") {
    Agreed one;
    one.referred = {keys::new_id<ReferralId>(),
                    one.world.agree(one.woman, one.world.nii,
                                    {.purposes = {Purpose::benefit_claim},
                                     .groups = {DataGroup::identity},
                                     .services = {Service::ben_income}}),
                    Service::ben_income};
    const auto claim = [&] {
        return one.world.referral(one.world.department, one.woman, one.world.nii, one.referred);
    };
    Message unnamed = claim();
    auto payload = codec::decode<codec::ReferralSubmitted>(unnamed.payload).value();
    payload.known_by = KnownBy::presents;
    unnamed.payload = codec::encode(payload);
    unnamed.says.digest = statement::sha256(unnamed.payload);
    one.check_refused(unnamed, Code::identity_required);
    CHECK(word(one.world.send(one.world.department, claim()).code) == "accepted");
}

TEST_CASE("A case that the sender does not have is not_found") {
    Agreed one;
    const auto stranger = keys::new_pseudonym();
    one.check_refused(one.world.referral(one.world.department, stranger, one.world.health, one.referred),
                      Code::not_found);
}

TEST_CASE("A case of another body is not_found in the same words as no case at all") {
    Agreed one;
    const auto of_nii = one.world.open_case(one.world.nii);
    one.check_refused(one.world.referral(one.world.department, of_nii, one.world.health, one.referred),
                      Code::not_found);
}

TEST_CASE("To its recipient a referral does not exist before it was released") {
    Agreed agreed;
    World& world = agreed.world;
    (void)world.must_send(world.department, agreed.referral());
    const auto own = world.open_case(world.health);
    const auto sent = [&](const Referred& referred) {
        return word(world
                        .send(world.health, world.event(world.health, own, world.department, referred,
                                                        ReferralEvent::accept))
                        .code);
    };
    Referred unknown = agreed.referred;
    unknown.id = keys::new_id<ReferralId>();
    CHECK(sent(agreed.referred) == "not_found");
    CHECK(sent(unknown) == "not_found");
    REQUIRE(world.poll(world.health).size() == 1);
    CHECK(sent(agreed.referred) == "opening_mismatch");
}

TEST_CASE("An officer who is not the one in the statement is refused opening_mismatch") {
    Agreed one;
    auto submission = one.world.department.sign(one.referral());
    submission.actor.id = OfficerId::parse("w-99").value();
    one.check_refused(submission, Code::opening_mismatch);
}

TEST_CASE("A case that is not the one in the statement is refused opening_mismatch") {
    Agreed one;
    auto submission = one.world.department.sign(one.referral());
    submission.case_opening->pseudonym = one.world.open_case(one.world.department);
    one.check_refused(submission, Code::opening_mismatch);
}

TEST_CASE("A statement for another log is only counted") {
    Agreed one;
    Message message = one.referral();
    message.says.log = "other.example/log";
    one.check_only_counted(message, Code::wrong_log);
}

TEST_CASE("A statement is taken to the end of its third day and not after") {
    Agreed one;
    Message message = one.referral();
    message.iat = one.world.today();
    one.world.set_clock(start_of(message.iat) + 72h - 1ms);  // sending takes one more millisecond
    CHECK(word(one.world.send(one.world.department, message).code) == "accepted");
    one.referred.id = keys::new_id<ReferralId>();
    Message late = one.referral();
    late.iat = message.iat;
    one.check_only_counted(late, Code::clock_skew);
}

TEST_CASE("A statement of tomorrow is taken within the last five minutes of today alone") {
    Agreed one;
    Message message = one.referral();
    message.iat = one.world.today() + std::chrono::days{1};
    one.world.set_clock(start_of(message.iat) - 300s - 2ms);
    one.check_only_counted(message, Code::clock_skew);
    CHECK(word(one.world.send(one.world.department, message).code) == "accepted");
}

TEST_CASE("A payload that is not the one signed is only counted and leaves its id free") {
    Agreed one;
    const auto right = one.world.department.sign(one.referral());
    auto changed = right;
    changed.payload.back() ^= 1;
    one.check_only_counted(changed, Code::digest_mismatch);
    CHECK(word(one.world.send(one.world.department, right).code) == "accepted");
}

TEST_CASE("A statement signed by another body's key is only counted") {
    Agreed one;
    const auto submission = one.world.nii.sign(one.referral());
    one.check_only_counted(submission, Code::certificate_unknown);
}

TEST_CASE("Another message under a used id is id_reused and the first keeps its answer") {
    Agreed one;
    const Message first = one.referral();
    const auto given = one.world.must_send(one.world.department, first);
    Message other = one.referral();
    other.says.id = first.says.id;
    const Stored before = stored(one.world);
    const auto refused = one.world.send(one.world.department, other);
    CHECK(word(refused.code) == "id_reused");
    CHECK(verifies(one.world, refused.receipt));
    CHECK(stored(one.world) - before == Stored{1, 0, 0, 0, 0, 0});
    const auto again = one.world.send(one.world.department, first);
    CHECK(again.repeated);
    CHECK(again.receipt->receipt == given.receipt->receipt);
}

TEST_CASE("A statement sent again with other payload bytes is id_reused and its first answer stands") {
    Agreed one;
    const bool was_accepted = GENERATE(true, false);
    if (!was_accepted) one.referred.consent = keys::new_id<ConsentId>();
    const auto right = one.world.department.sign(one.referral());
    const auto first = one.world.send(one.world.department, right);
    REQUIRE(word(first.code) == (was_accepted ? "accepted" : "consent_missing"));
    auto other = right;  // the very same signed bytes; what they were signed for is not what comes with them
    other.payload.back() ^= 1;
    const Stored before = stored(one.world);
    const auto refused = one.world.send(one.world.department, other);
    CHECK(word(refused.code) == "id_reused");
    CHECK_FALSE(refused.repeated);
    CHECK(verifies(one.world, refused.receipt));
    CHECK(refused.receipt->index != first.receipt->index);
    CHECK(stored(one.world) - before == Stored{1, 0, 0, 0, 0, 0});
    const auto again = one.world.send(one.world.department, right);
    CHECK(again.repeated);
    CHECK(again.code == first.code);
    CHECK(again.receipt->receipt == first.receipt->receipt);
}

TEST_CASE("The payload of an accepted message under other claims and its id is id_reused") {
    Agreed one;
    Message message = one.referral();
    const auto given = one.world.must_send(one.world.department, message);
    message.says.purpose = Purpose::referral;
    const Stored before = stored(one.world);
    const auto refused = one.world.send(one.world.department, message);
    CHECK(word(refused.code) == "id_reused");
    CHECK(refused.receipt->index != given.receipt->index);
    CHECK(stored(one.world) - before == Stored{1, 0, 0, 0, 0, 0});
}

TEST_CASE("A referral id that belongs to another woman is refused and the refusal is the message's answer") {
    Agreed one;
    (void)one.world.must_send(one.world.department, one.referral());
    const auto other = one.world.open_case(one.world.department);
    const auto consent = one.world.agree(other, one.world.health);
    const Message message = one.world.referral(one.world.department, other, one.world.health,
                                               {one.referred.id, consent, Service::hlt_trauma});
    one.check_refused(message, Code::id_reused);
    const Stored before = stored(one.world);
    const auto again = one.world.send(one.world.department, message);
    CHECK(again.repeated);
    CHECK(word(again.code) == "id_reused");
    CHECK(stored(one.world) - before == Stored{});
}

TEST_CASE("The same signed form for the same body again is refused and for another body it is not") {
    Agreed one;
    const Digest form = statement::sha256("one signed sheet");
    (void)one.world.agree(one.woman, one.world.health, {.form = form});
    const auto again = one.world.consent(one.world.department, one.woman, one.world.health,
                                         keys::new_id<ConsentId>(), {.form = form});
    one.check_refused(again, Code::consent_form_reused);
    CHECK_NOTHROW(one.world.agree(one.woman, one.world.nii, {.form = form}));
}

TEST_CASE("What was counted and could not be stored is counted once with what came since") {
    sequencer::RefusalCounts counts;
    const auto nii = OrganisationId::parse("nii").value();
    const Instant minute = start_of(Day{std::chrono::days{20'000}});
    const auto add = [&] { counts.add(nii, Code::signature_invalid, minute); };
    add();
    CHECK(counts.take(minute, false).empty());  // the minute is not over
    const auto taken = counts.take(minute + std::chrono::minutes{1}, false);
    REQUIRE(taken.size() == 1);
    CHECK(counts.take(minute + std::chrono::minutes{1}, true).empty());
    counts.give_back(taken);
    add();
    const auto again = counts.take(minute + std::chrono::minutes{1}, false);
    REQUIRE(again.size() == 1);
    CHECK(again[0].count == 2);
    CHECK(again[0].organisation == nii);
}
