// A body sees where its referrals stand and who looked, and nobody sees whose they are.
#include <catch2/catch.hpp>

#include "audit/log/receipt.h"
#include "gateway/insight/access.h"
#include "gateway/insight/agenda.h"
#include "gateway/insight/board.h"
#include "gateway/insight/reading.h"
#include "schemas/contract/limits.h"
#include "schemas/json/read.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Referred;
using tests::World;

namespace {

struct Looked {
    World world;

    insight::Rooms rooms() { return {world.hub(), world.readers(), world.row_keys(), world.sealed_store()}; }
    static insight::Reader reader(const tests::Body& body, bool auditor = false) {
        return {body.id(), body.tls_certificate(), auditor};
    }
    json::Value read(insight::Read answer) {
        REQUIRE(answer);
        return json::read(*answer, {.bytes = 1024 * 1024, .depth = 8}).value();
    }
    std::vector<json::Value> list(insight::Read answer, std::string_view key) {
        return *read(std::move(answer)).find(key)->array();
    }
    std::vector<json::Value> board(const tests::Body& body) {
        return list(insight::board(rooms(), reader(body)), "lines");
    }
    std::vector<json::Value> agenda(OrganisationKind kind = OrganisationKind::public_body) {
        return agenda_of(world.department, kind);
    }
    std::vector<json::Value> agenda_of(const tests::Body& asker,
                                       OrganisationKind kind = OrganisationKind::public_body) {
        return list(insight::agenda(rooms(), reader(asker), kind), "items");
    }
    std::vector<json::Value> rows(const tests::Body& body, insight::AccessQuestion question,
                                  bool auditor = false) {
        return list(insight::access(rooms(), reader(body, auditor), question), "rows");
    }

    // Child allowance: a service without a sensitivity label.
    Referred to_nii(const Pseudonym& woman) {
        const auto consent = world.agree(woman, world.nii,
                                         {.purposes = {Purpose::benefit_claim, Purpose::status_feedback},
                                          .groups = {DataGroup::identity},
                                          .services = {Service::ben_child}});
        return world.refer(woman, world.nii, consent, Service::ben_child);
    }
    Referred to_health(const Pseudonym& woman) {
        return world.refer(woman, world.health, world.agree(woman, world.health));
    }
    // To the health service, which has no room.
    void declined(int times) {
        for (int count = 0; count < times; ++count) {
            const auto woman = world.open_case(world.department);
            const auto referred = to_health(woman);
            const auto delivery = world.poll(world.health).at(0);
            (void)world.acknowledge(world.health, delivery, AckOutcome::taken);
            (void)world.must_send(world.health,
                                  world.event(world.health, delivery.pseudonym, world.department, referred,
                                              ReferralEvent::decline));
        }
    }
    std::vector<log::Record> reads(std::string_view operation) {
        std::vector<log::Record> found;
        for (const tests::Leaf& leaf : world.leaves()) {
            const bool is_one =
                leaf.record.event == log::RecordEvent::read && leaf.record.operation->text() == operation;
            if (is_one) found.push_back(leaf.record);
        }
        return found;
    }
};

std::string member(const json::Value& object, std::string_view key) {
    const json::Value* found = object.find(key);
    return found == nullptr || found->text() == nullptr ? "" : *found->text();
}

std::int64_t amount(const json::Value& object, std::string_view key) { return *object.find(key)->integer(); }

}  // namespace

TEST_CASE("The board shows the referrer where its referral stands and not whose it is") {
    Looked it;
    const auto woman = it.world.open_case(it.world.department);
    const auto referred = it.to_nii(woman);
    const auto answer = insight::board(it.rooms(), Looked::reader(it.world.department));
    REQUIRE(answer);
    CHECK(answer->find(woman.reveal()) == std::string::npos);
    CHECK(answer->find(referred.id.text()) == std::string::npos);
    const auto lines = it.board(it.world.department);
    REQUIRE(lines.size() == 1);
    CHECK(member(lines[0], "side") == "referrer");
    CHECK(member(lines[0], "other") == "nii");
    CHECK(member(lines[0], "service") == "BEN-CHILD");
    CHECK(member(lines[0], "state") == "REQUESTED");
    CHECK(member(lines[0], "days") == "0-3");
    CHECK(amount(lines[0], "line") == 1);
}

TEST_CASE("The board shows the recipient a referral only once it was handed over") {
    Looked it;
    (void)it.to_nii(it.world.open_case(it.world.department));
    CHECK(it.board(it.world.nii).empty());
    CHECK(it.board(it.world.health).empty());
    REQUIRE(it.world.poll(it.world.nii).size() == 1);
    const auto lines = it.board(it.world.nii);
    REQUIRE(lines.size() == 1);
    CHECK(member(lines[0], "side") == "recipient");
    CHECK(member(lines[0], "other") == "ssd-5000");
    CHECK(it.board(it.world.health).empty());
}

TEST_CASE("A referral to a service with a sensitivity label never stands on the board") {
    Looked it;
    (void)it.to_health(it.world.open_case(it.world.department));
    CHECK(it.world.poll(it.world.health).size() == 1);
    CHECK(it.board(it.world.department).empty());
    CHECK(it.board(it.world.health).empty());
}

TEST_CASE("What may not stand on the board takes no line of it away") {
    Looked it;
    (void)it.to_nii(it.world.open_case(it.world.department));
    const auto woman = it.world.open_case(it.world.department);
    const auto consent = it.world.agree(woman, it.world.health);
    for (std::size_t count = 0; count <= limits::kBoardLines; ++count) {
        (void)it.world.refer(woman, it.world.health, consent);
    }
    const auto lines = it.board(it.world.department);
    REQUIRE(lines.size() == 1);
    CHECK(member(lines[0], "service") == "BEN-CHILD");
}

TEST_CASE("A referral that ended leaves the board after 30 days") {
    Looked it;
    const auto woman = it.world.open_case(it.world.department);
    const auto referred = it.to_nii(woman);
    (void)it.world.must_send(it.world.department, it.world.event(it.world.department, woman, it.world.nii,
                                                                 referred, ReferralEvent::withdraw));
    const Instant ended = it.world.now();
    it.world.set_clock(ended + 30 * 24h);
    CHECK(it.board(it.world.department).size() == 1);
    it.world.set_clock(ended + 30 * 24h + 1ms);
    CHECK(it.board(it.world.department).empty());
}

TEST_CASE("The lines of the board stand in an order of their own at every look") {
    Looked it;
    const auto woman = it.world.open_case(it.world.department);
    const auto first = it.to_nii(woman);
    constexpr std::size_t kOfEach = 12;
    // The later half is withdrawn, so that a line says which half it is of.
    for (std::size_t count = 1; count < 2 * kOfEach; ++count) {
        const auto later = it.world.refer(woman, it.world.nii, first.consent, first.service);
        if (count < kOfEach) continue;
        (void)it.world.must_send(it.world.department, it.world.event(it.world.department, woman, it.world.nii,
                                                                     later, ReferralEvent::withdraw));
    }
    const auto looked = [&] {
        std::string order;
        for (const json::Value& line : it.board(it.world.department)) order += member(line, "state").front();
        REQUIRE(order.size() == 2 * kOfEach);
        return order;
    };
    const std::string once = looked(), again = looked(), a_third_time = looked();
    // By chance all three are the same once in seven million million times.
    CHECK_FALSE((once == again && again == a_third_time));
    const auto lines = it.board(it.world.department);
    for (std::size_t at = 0; at < lines.size(); ++at)
        CHECK(amount(lines[at], "line") == static_cast<std::int64_t>(at + 1));
}

TEST_CASE("Looking at the board has one leaf for each line on it") {
    Looked it;
    const auto first = it.world.open_case(it.world.department);
    (void)it.to_nii(first);
    (void)it.to_nii(it.world.open_case(it.world.department));
    CHECK(it.board(it.world.department).size() == 2);
    const auto leaves = it.reads("board");
    REQUIRE(leaves.size() == 2);
    for (const log::Record& leaf : leaves) {
        CHECK(leaf.org == it.world.department.id());
        CHECK(leaf.subject);
        CHECK_FALSE(leaf.referral);
        CHECK(leaf.scope->rows == 2U);
    }
}

TEST_CASE("The agenda speaks of missing room from the fifth decline on") {
    Looked it;
    it.declined(4);
    CHECK(it.agenda().empty());
    it.declined(1);
    const auto items = it.agenda();
    REQUIRE(items.size() == 1);
    CHECK(member(items[0], "kind") == "CAPACITY");
    CHECK(member(items[0], "service") == "HLT-TRAUMA");
    CHECK(amount(items[0], "at_least") == 5);
    it.declined(1);
    CHECK(amount(it.agenda().at(0), "at_least") == 5);
    CHECK(it.agenda(OrganisationKind::ngo).empty());
    it.world.pass(91 * 24h);
    CHECK(it.agenda().empty());
    CHECK(it.reads("agenda").size() == 5);
}

TEST_CASE("The agenda counts women and one who is declined five times is one") {
    Looked it;
    it.declined(4);
    const auto woman = it.world.open_case(it.world.department);
    const auto consent = it.world.agree(woman, it.world.health);
    const auto decline_her = [&] {
        const auto referred = it.world.refer(woman, it.world.health, consent);
        const auto delivery = it.world.poll(it.world.health).at(0);
        (void)it.world.must_send(it.world.health,
                                 it.world.event(it.world.health, delivery.pseudonym, it.world.department,
                                                referred, ReferralEvent::decline));
    };
    for (int times = 0; times < 6; ++times) decline_her();
    const auto items = it.agenda();
    REQUIRE(items.size() == 1);  // ten referrals of five women
    CHECK(amount(items[0], "at_least") == 5);
    CHECK(it.agenda(OrganisationKind::ngo).empty());                   // which hears from the tenth on
    CHECK(amount(it.agenda_of(it.world.nii).at(0), "at_least") == 5);  // who has no part in it
    // Ten names to who was referred to: that six of them are one woman it is not told here either.
    CHECK(amount(it.agenda_of(it.world.health).at(0), "at_least") == 10);
}

TEST_CASE("The agenda counts answers that are overdue for more than 72 hours") {
    Looked it;
    for (int count = 0; count < 5; ++count) (void)it.to_nii(it.world.open_case(it.world.department));
    const Instant last = it.world.now();
    it.world.set_clock(last + 72h);
    CHECK(it.agenda().empty());
    it.world.set_clock(last + 72h + 1ms);
    const auto items = it.agenda();
    REQUIRE(items.size() == 1);
    CHECK(member(items[0], "kind") == "OVERDUE_REFERRALS");
    CHECK(member(items[0], "service") == "BEN-CHILD");
}

TEST_CASE("Four women of one's own and four of another body's are too few for the agenda of either") {
    Looked it;
    World& world = it.world;
    tests::Body other(OrganisationId::parse("ssd-6000").value(), OrganisationKind::public_body, world.now());
    world.enrol(other);
    (void)world.make_agreement(other, world.nii, {DataGroup::identity});
    const auto refer_one = [&](const tests::Body& from) {
        const auto woman = world.open_case(from);
        const auto consent = keys::new_id<ConsentId>();
        (void)world.must_send(from, world.consent(from, woman, world.nii, consent,
                                                  {.purposes = {Purpose::benefit_claim},
                                                   .groups = {DataGroup::identity},
                                                   .services = {Service::ben_child}}));
        (void)world.must_send(from,
                              world.referral(from, woman, world.nii,
                                             {keys::new_id<ReferralId>(), consent, Service::ben_child}));
    };
    for (int count = 0; count < 4; ++count) {
        refer_one(world.department);
        refer_one(other);
    }
    world.pass(72h + 1ms);
    CHECK(it.agenda_of(world.department).empty());
    CHECK(it.agenda_of(other).empty());
    // Who has no part in them counts all eight.
    CHECK(amount(it.agenda_of(world.housing).at(0), "at_least") == 5);
    // A fifth of one's own is told of by itself, and no more of others'.
    refer_one(world.department);
    world.pass(72h + 1ms);
    CHECK(amount(it.agenda_of(world.department).at(0), "at_least") == 5);
    CHECK(amount(it.agenda_of(other).at(0), "at_least") == 5);
}

TEST_CASE("A body sees what was done on its behalf and nothing of another's") {
    Looked it;
    (void)it.to_nii(it.world.open_case(it.world.department));
    const auto own = it.rows(it.world.department, {});
    REQUIRE_FALSE(own.empty());
    for (const json::Value& row : own) CHECK(member(row, "org") == "ssd-5000");
    const auto foreign =
        insight::access(it.rooms(), Looked::reader(it.world.department),
                        {.officer = {}, .org = it.world.nii.id(), .subject = {}, .before = {}});
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error() == Code::not_found);
    const auto leaves = it.reads("access");
    REQUIRE(leaves.size() == 2);
    CHECK(leaves[0].decision == log::Decision::permit);
    CHECK(leaves[1].decision == log::Decision::deny);
}

TEST_CASE("Rows are narrowed to one officer and come newest first") {
    Looked it;
    (void)it.to_nii(it.world.open_case(it.world.department));
    const auto all = it.rows(it.world.department, {});
    for (std::size_t at = 1; at < all.size(); ++at)
        CHECK(amount(all[at - 1], "index") > amount(all[at], "index"));
    std::string officer;
    for (const json::Value& row : all)
        officer = member(row, "actor").empty() ? officer : member(row, "actor");
    REQUIRE_FALSE(officer.empty());
    const auto hers = it.rows(it.world.department,
                              {.officer = OfficerId::parse(officer), .org = {}, .subject = {}, .before = {}});
    REQUIRE_FALSE(hers.empty());
    CHECK(hers.size() < all.size());
    for (const json::Value& row : hers) CHECK(member(row, "actor") == officer);
}

TEST_CASE("By its own name of a case a body sees the rows about that woman alone") {
    Looked it;
    const auto first = it.world.open_case(it.world.department);
    const auto second = it.world.open_case(it.world.department);
    const auto referred = it.to_nii(first);
    (void)it.to_nii(second);
    const auto about =
        it.rows(it.world.department, {.officer = {}, .org = {}, .subject = first, .before = {}});
    REQUIRE(about.size() == 3);  // opened, agreed, referred
    CHECK(member(about[0], "referral") == referred.id.text());
    CHECK(it.reads("access").front().subject);
    const auto unknown = insight::access(it.rooms(), Looked::reader(it.world.nii),
                                         {.officer = {}, .org = {}, .subject = first, .before = {}});
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error() == Code::not_found);
}

TEST_CASE("An auditor sees the rows of all bodies and asks by a body's name of a case") {
    Looked it;
    const auto woman = it.world.open_case(it.world.department);
    (void)it.to_nii(woman);
    (void)it.to_health(it.world.open_case(it.world.department));
    REQUIRE(it.world.poll(it.world.health).size() == 1);
    const auto& auditor = it.world.housing;
    std::set<std::string> bodies;
    for (const json::Value& row : it.rows(auditor, {}, true)) bodies.insert(member(row, "org"));
    CHECK(bodies.size() > 3);
    const auto one =
        it.rows(auditor, {.officer = {}, .org = it.world.nii.id(), .subject = {}, .before = {}}, true);
    for (const json::Value& row : one) CHECK(member(row, "org") == "nii");
    const auto about = it.rows(
        auditor, {.officer = {}, .org = it.world.department.id(), .subject = woman, .before = {}}, true);
    CHECK(about.size() == 4);  // opened, agreed, what that replaced, referred
    const auto leaf = it.reads("access").back();
    CHECK(leaf.actor_type == log::ActorType::auditor);
    CHECK(leaf.subject);
    CHECK_FALSE(insight::access(it.rooms(), Looked::reader(auditor, true),
                                {.officer = {}, .org = {}, .subject = woman, .before = {}}));
}

namespace {

// The insurance institute was sent two referrals: of one woman, or, as the control, of two.
struct SentTwice {
    Looked it;
    bool one_woman;
    Pseudonym first_woman = it.world.open_case(it.world.department);
    Pseudonym second_woman = one_woman ? first_woman : it.world.open_case(it.world.department);
    Referred first = it.to_nii(first_woman);
    Pseudonym first_name = taken();
    Referred second = it.to_nii(second_woman);
    Pseudonym second_name = taken();

    Pseudonym taken() {
        const auto batch = it.world.poll(it.world.nii);
        REQUIRE(batch.size() == 1);
        REQUIRE(it.world.acknowledge(it.world.nii, batch.front(), AckOutcome::taken).receipt);
        return batch.front().pseudonym;
    }
    void look_at_all() {
        const auto reader = Looked::reader(it.world.nii);
        for (const Pseudonym& name : {first_name, second_name})
            REQUIRE(insight::one_case(it.rooms(), reader, name));
        for (const Referred& each : {first, second}) REQUIRE(insight::referral(it.rooms(), reader, each.id));
        REQUIRE(insight::cases(it.rooms(), reader));
        REQUIRE(it.board(it.world.nii).size() == 2);
    }
    // What the institute is told about one of its names, without what differs by chance.
    std::vector<std::string> told_of(const Pseudonym& name) {
        std::vector<std::string> told;
        const auto rows = it.rows(it.world.nii, {.officer = {}, .org = {}, .subject = name, .before = {}});
        for (const json::Value& row : rows) {
            const std::string of = member(row, "referral");
            const std::string which = of == first.id.text()    ? "first"
                                      : of == second.id.text() ? "second"
                                                               : of;
            told.push_back(member(row, "event") + " " + member(row, "operation") + " " + which);
        }
        return told;
    }
};

}  // namespace

TEST_CASE("A recipient with two names of one woman is told of each name what is that name's") {
    SentTwice one{.it = {}, .one_woman = true};
    REQUIRE(one.first_name.reveal() != one.second_name.reveal());
    one.look_at_all();
    (void)one.it.world.must_send(
        one.it.world.nii, one.it.world.event(one.it.world.nii, one.second_name, one.it.world.department,
                                             one.second, ReferralEvent::accept));
    const auto of_first = one.told_of(one.first_name);
    const std::vector<std::string> expected{"read cases first", "read referral first", "read case first",
                                            "acknowledged referral.submitted.v1 first"};
    CHECK(of_first == expected);
    const auto of_second = one.told_of(one.second_name);
    CHECK(of_second.size() == expected.size() + 1);
    for (const std::string& row : of_second) CHECK(row.find("first") == std::string::npos);
}

TEST_CASE("What a recipient is told of two referrals is the same for one woman and for two") {
    SentTwice one{.it = {}, .one_woman = true};
    SentTwice two{.it = {}, .one_woman = false};
    for (SentTwice* each : {&one, &two}) each->look_at_all();
    CHECK(one.told_of(one.first_name) == two.told_of(two.first_name));
    CHECK(one.told_of(one.second_name) == two.told_of(two.second_name));
    // Asking has its own row, under the name that was asked for.
    CHECK(one.told_of(one.first_name) == two.told_of(two.first_name));
    CHECK(one.told_of(one.first_name).front() == "read access first");
}

TEST_CASE("The body that opened her case still sees all its rows about her and so does an auditor") {
    SentTwice one{.it = {}, .one_woman = true};
    Looked& it = one.it;
    const auto own =
        it.rows(it.world.department, {.officer = {}, .org = {}, .subject = one.first_woman, .before = {}});
    std::set<std::string> referrals;
    for (const json::Value& row : own) referrals.insert(member(row, "referral"));
    CHECK(referrals.contains(one.first.id.text()));
    CHECK(referrals.contains(one.second.id.text()));
    const auto all =
        it.rows(it.world.housing,
                {.officer = {}, .org = it.world.nii.id(), .subject = one.first_name, .before = {}}, true);
    std::set<std::string> seen;
    for (const json::Value& row : all) seen.insert(member(row, "referral"));
    CHECK(seen.contains(one.second.id.text()));
}

TEST_CASE("The leaves of a look at the board are as many as its lines whosever they are") {
    SentTwice sent{.it = {}, .one_woman = GENERATE(true, false)};
    REQUIRE(sent.it.board(sent.it.world.nii).size() == 2);
    const auto leaves = sent.it.reads("board");
    REQUIRE(leaves.size() == 2);
    for (const log::Record& leaf : leaves) {
        CHECK(leaf.subject);
        CHECK_FALSE(leaf.referral);
        CHECK(leaf.scope->rows == 2U);
    }
}

namespace {

// The health service was handed a referral and accepted it; what the department said afterwards waits for it.
struct UnderWay {
    Looked it;
    World& world = it.world;
    const tests::Body& sender = it.world.department;
    const tests::Body& recipient = it.world.health;
    Pseudonym woman = world.open_case(sender);
    Referred referred{keys::new_id<ReferralId>(), world.agree(woman, recipient)};
    MessageId submission = say(sender, world.referral(sender, woman, recipient, referred));

    MessageId say(const tests::Body& from, const tests::Message& message) {
        (void)world.must_send(from, message);
        return message.says.id;
    }
    codec::Delivery hand_over() {
        const auto batch = world.poll(recipient);
        REQUIRE(batch.size() == 1);
        return batch.front();
    }
    MessageId accept(const codec::Delivery& delivery) {
        REQUIRE(world.acknowledge(recipient, delivery, AckOutcome::taken).receipt);
        return say(recipient,
                   world.event(recipient, delivery.pseudonym, sender, referred, ReferralEvent::accept));
    }
    // Her word, that her worker passes on.
    MessageId say_when() {
        tests::Message hers = world.event(sender, woman, recipient, referred, ReferralEvent::schedule);
        hers.says.subject_acts = true;
        return say(sender, hers);
    }
    insight::Read look(const tests::Body& body) {
        return insight::referral(it.rooms(), Looked::reader(body), referred.id);
    }
    insight::Read look(const tests::Body& body, const MessageId& message) {
        return insight::message(it.rooms(), Looked::reader(body), message);
    }
    json::Value view(const tests::Body& body) { return it.read(look(body)); }
    // The messages of which it is shown where they went.
    static std::set<std::string> messages(const json::Value& view) {
        std::set<std::string> found;
        for (const json::Value& delivery : *view.find("deliveries")->array())
            found.insert(member(delivery, "message"));
        return found;
    }
};

bool is_unknown(const insight::Read& answer) { return !answer && answer.error() == Code::not_found; }

}  // namespace

TEST_CASE("A recipient is shown of a referral what it was handed and what it said itself") {
    UnderWay one;
    const MessageId accepted = one.accept(one.hand_over());
    const MessageId waiting = one.say_when();
    CHECK(UnderWay::messages(one.view(one.recipient)) == std::set{one.submission.text(), accepted.text()});
    CHECK(UnderWay::messages(one.view(one.sender)) == std::set{one.submission.text(), waiting.text()});
    // Once they were handed over they are shown: the hub's word to the sender that it was delivered as well.
    const auto told = one.world.poll(one.sender);
    REQUIRE(told.size() == 1);
    CHECK(UnderWay::messages(one.view(one.sender)) ==
          std::set{one.submission.text(), waiting.text(), World::message_in(told.front()).text()});
    CHECK(World::message_in(one.hand_over()) == waiting);
    CHECK(UnderWay::messages(one.view(one.recipient)) ==
          std::set{one.submission.text(), accepted.text(), waiting.text()});
}

TEST_CASE("When a referral was accepted from its sender is shown to that sender alone") {
    UnderWay one;
    const auto delivery = one.hand_over();
    const auto own = one.view(one.sender);
    REQUIRE(own.find("submitted") != nullptr);
    const tests::Leaf acceptance = one.world.leaves().at(static_cast<std::size_t>(amount(own, "submitted")));
    CHECK(acceptance.record.message == one.submission);
    CHECK(one.view(one.recipient).find("submitted") == nullptr);
    // Of its message the recipient is shown the release to itself, which it has in its hands.
    const auto message = one.it.read(one.look(one.recipient, one.submission));
    CHECK(message.find("decision") == nullptr);
    CHECK(message.find("index") == nullptr);
    const auto& deliveries = *message.find("deliveries")->array();
    REQUIRE(deliveries.size() == 1);
    CHECK(static_cast<std::uint64_t>(amount(deliveries[0], "release")) ==
          number(log::parse_receipt(delivery.receipt).value().index));
    CHECK(one.it.read(one.look(one.sender, one.submission)).find("index") != nullptr);
}

TEST_CASE("A referral and its message are unknown to the recipient until they are handed over") {
    UnderWay one;
    CHECK(is_unknown(one.look(one.recipient)));
    CHECK(is_unknown(one.look(one.recipient, one.submission)));
    for (const std::string_view operation : {"referral", "message"}) {
        const auto leaves = one.it.reads(operation);
        REQUIRE(leaves.size() == 1);
        CHECK(leaves[0].decision == log::Decision::deny);
        CHECK_FALSE(leaves[0].referral);
        CHECK_FALSE(leaves[0].message);
        CHECK_FALSE(leaves[0].subject);
    }
    const auto delivery = one.hand_over();
    CHECK(one.look(one.recipient));
    CHECK(one.look(one.recipient, one.submission));
    (void)one.accept(delivery);
    const MessageId waiting = one.say_when();
    CHECK(is_unknown(one.look(one.recipient, waiting)));
    (void)one.hand_over();
    CHECK(one.look(one.recipient, waiting));
    // Who has no part in it never knows of it.
    CHECK(is_unknown(one.look(one.world.nii)));
    CHECK(is_unknown(one.look(one.world.nii, one.submission)));
}

TEST_CASE("Pages of the access log follow each other without a gap or a row twice") {
    Looked it;
    for (int count = 0; count < 120; ++count) (void)it.world.open_case(it.world.department);
    std::set<std::int64_t> seen;
    std::optional<LeafIndex> before;
    int pages = 0;
    do {
        const auto page =
            it.read(insight::access(it.rooms(), Looked::reader(it.world.department),
                                    {.officer = {}, .org = {}, .subject = {}, .before = before}));
        const auto& rows = *page.find("rows")->array();
        CHECK(rows.size() <= 100);
        for (const json::Value& row : rows) CHECK(seen.insert(amount(row, "index")).second);
        const json::Value* next = page.find("next");
        before = next == nullptr ? std::nullopt
                                 : std::optional(LeafIndex{static_cast<std::uint64_t>(*next->integer())});
        ++pages;
    } while (before && pages < 10);
    CHECK(pages == 2);
    std::size_t own = 0;
    for (const tests::Leaf& leaf : it.world.leaves()) {
        const bool read_here = leaf.record.event == log::RecordEvent::read;
        if (leaf.record.org == it.world.department.id() && !read_here) ++own;
    }
    CHECK(seen.size() == own);
}
