// What one body may take of the exchange has an end (schemas/contract/shares.h), and a withdrawal has none.
// Method: as many as are allowed stand in the database already, or nearly; one more is asked for on each
// side.
#include <catch2/catch.hpp>

#include "gateway/http/inbox.h"
#include "gateway/keys/secret.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/case_slots.h"
#include "schemas/contract/shares.h"
#include "tests/store/upkeep/asked.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Asked;

namespace {

const Day kTrained = parse_day("2028-01-01").value();
const Day kForEver = parse_day("2099-01-01").value();

struct Shares : Asked {
    Pseudonym woman = world.open_case(world.department);

    // Copies of the case's first row of the table, with other values, until this many of its slots are in
    // use.
    void fill(const std::string& table, sequencer::CaseSlots::Of kind, std::size_t count,
              const std::string& values) {
        const auto lookup = world.row_keys().lookup(world.department.id(), woman);
        const auto name = world.readers().with([&](store::Connection& connection) {
            return store::pseudonym(connection, world.department.id(), lookup).value();
        });
        const auto secrets = world.sealed_store().open_case(name.organisation, name.lookup, name.sealed);
        const sequencer::CaseSlots slots(kind, world.row_keys(), secrets.value().case_id);
        std::string sql = "CREATE TEMP TABLE one AS SELECT * FROM " + table + " LIMIT 1;";
        const bool is_referral = kind == sequencer::CaseSlots::Of::referrals;
        const std::string column = is_referral ? "referrer_sealed" : "sealed";
        for (std::size_t n = 1; n < count; ++n) {
            const auto id = drawn();
            const auto referral = ReferralId::of_random(id);
            const auto consent = ConsentId::of_random(id);
            const Bytes sealed = is_referral
                                     ? sequencer::seal_referrer(world.sealed_store(), referral, *secrets)
                                     : sequencer::seal_consent(world.sealed_store(), consent, *secrets);
            sql += "UPDATE one SET id = '" + (is_referral ? referral.text() : consent.text()) +
                   "', slot = '\\x" + hex(slots.at(n).view()) + "', " + column + " = '\\x" + hex(sealed) +
                   "', " + values + "; INSERT INTO " + table + " SELECT * FROM one;";
        }
        world.as_superuser(sql + "DROP TABLE one");
        // What it remembers of the case was the truth until now: a new session looks again.
        world.lose_session();
        (void)world.hub().first_receipt(LeafIndex{0});
    }
    // That many officers of the department, by many hands, so that a commit stores many.
    void engage(std::int64_t count) {
        std::atomic<std::int64_t> next{0};
        std::vector<std::thread> hands;
        for (int i = 0; i < 64; ++i) {
            hands.emplace_back([&] {
                for (std::int64_t n = next++; n < count; n = next++) {
                    (void)world.hub().run(world.officer_order(
                        world.department, world.officer_entry(world.department, "x-" + std::to_string(n),
                                                              {OfficerRole::social_worker}, world.today())));
                }
            });
        }
        for (std::thread& hand : hands) hand.join();
    }
    using Asked::officer;
    edge::Response officer(const tests::Body& body, const std::string& id, Day training,
                           bool suspended = false) {
        auto entry = world.officer_entry(body, id, {OfficerRole::social_worker}, training);
        entry.suspended = suspended;
        return officer(body, entry);
    }
    struct SaidAcks {
        edge::Response response;
        Digest document;
    };
    // That it took so many deliveries of which nobody knows.
    SaidAcks acknowledge(const tests::Body& body, std::size_t count) {
        statement::Acks said{std::string(tests::World::kOrigin), {}};
        for (std::size_t n = 0; n < count; ++n) {
            said.acks.push_back({keys::new_id<DeliveryId>(),
                                 LeafIndex{n},
                                 AckOutcome::taken,
                                 {},
                                 statement::sha256("receipt of the native system")});
        }
        const std::string jws = body.sign(said, world.now());
        edge::Request request{.method = "POST", .route = "/v1/inbox/acks"};
        request.body.assign(jws.begin(), jws.end());
        return {http::post_acks(rooms, caller(body), request), statement::sha256(jws)};
    }
    ReferralId nobodys() { return ReferralId::of_random(drawn()); }
    sequencer::Answer propose(const tests::Body& by, const tests::Body& other, AgreementId id,
                              statement::AgreementAct act = statement::AgreementAct::propose,
                              std::optional<Digest> proposal = {}) {
        const bool in_order = by.id() < other.id();
        const tests::Body& low = in_order ? by : other;
        const tests::Body& high = in_order ? other : by;
        auto document = by.sign({.id = id,
                                 .act = act,
                                 .first = low.id(),
                                 .second = high.id(),
                                 .types = {MessageType::referral_submitted},
                                 .purposes = {Purpose::referral},
                                 .groups = {DataGroup::health},
                                 .from = world.today(),
                                 .to = world.today() + std::chrono::days{30},
                                 .first_root = low.root_pin(),
                                 .second_root = high.root_pin(),
                                 .role = OfficerRole::legal_adviser,
                                 .approver = OfficerId::parse("legal-1").value(),
                                 .proposal = proposal},
                                world.now());
        last_document = statement::sha256(document.jws);
        world.pass(1ms);
        return world.hub().run(
            std::make_shared<identity::ActOnAgreement>(identity::asker(caller(by)), std::move(document)));
    }
    static std::array<std::uint8_t, 16> drawn() {
        std::array<std::uint8_t, 16> bits{};
        keys::fill_random(bits);
        return bits;
    }
    static AgreementId fresh() { return AgreementId::of_random(drawn()); }

    Digest last_document{};
};

}  // namespace

TEST_CASE("After sixty refused readings within a minute the next are counted and have no leaf of their own") {
    Shares it;
    const std::size_t before = it.leaves();
    for (std::size_t i = 0; i < limits::kVerifiedRefusalsPerMinute; ++i) {
        REQUIRE(it.referral(it.world.department, it.nobodys()).status == 404);
    }
    CHECK(it.leaves() == before + limits::kVerifiedRefusalsPerMinute);
    const edge::Response counted = it.referral(it.world.department, it.nobodys());
    CHECK(counted.status == 404);
    CHECK(it.leaves() == before + limits::kVerifiedRefusalsPerMinute);
    // Another body's has its leaf, and so has this one's in the next minute.
    CHECK(it.referral(it.world.health, it.nobodys()).body == counted.body);
    CHECK(it.leaves() == before + limits::kVerifiedRefusalsPerMinute + 1);
    it.world.pass(1min);
    (void)it.referral(it.world.department, it.nobodys());
    CHECK(it.leaves() == before + limits::kVerifiedRefusalsPerMinute + 2);
    const auto counts = it.world.refusals().take(it.world.now(), false);
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].organisation == it.world.department.id());
    CHECK(counts[0].code == Code::not_found);
    CHECK(counts[0].count == 1);
}

TEST_CASE(
    "What a body acknowledges and never got is refused with a leaf and without a receipt, one a document") {
    Shares it;
    const Digest document = it.acknowledge(it.world.nii, 1).document;
    const auto leaf = it.world.leaves().back();
    CHECK_FALSE(leaf.statement);
    CHECK(leaf.record.event == log::RecordEvent::acknowledged);
    CHECK(leaf.record.decision == log::Decision::deny);
    CHECK(leaf.record.code == Code::not_found);
    CHECK(leaf.record.org == it.world.nii.id());
    CHECK(leaf.record.facts == log::Facts{}.add("acks", document));
    const std::size_t before = it.leaves();
    const auto many = it.acknowledge(it.world.nii, 100);
    CHECK(it.leaves() == before + 1);
    const json::Value answer = tests::read_answer(many.response);
    REQUIRE(answer.find("acks")->array()->size() == 100);
    for (const json::Value& ack : *answer.find("acks")->array()) {
        CHECK(*ack.find("code")->text() == "not_found");
        CHECK(ack.find("leaf") == nullptr);
        CHECK(ack.find("receipt") == nullptr);
        CHECK(ack.find("index") == nullptr);
    }
    CHECK_NOTHROW(it.world.restart());  // the leaf changes no table
}

TEST_CASE("Another body's delivery and one that there is not are refused by leaves that say the same") {
    Shares it;
    (void)it.world.refer(it.woman, it.world.health, it.world.agree(it.woman, it.world.health));
    const auto batch = it.world.poll(it.world.health);
    REQUIRE(batch.size() == 1);
    (void)it.world.acknowledge(it.world.nii, batch.front(), AckOutcome::taken);
    const log::Record others = it.world.leaves().back().record;
    const Digest document = it.acknowledge(it.world.nii, 1).document;
    log::Record nobodys = it.world.leaves().back().record;
    CHECK(others.code == Code::not_found);
    nobodys.at = others.at;
    nobodys.nonce = others.nonce;
    CHECK(nobodys.facts == log::Facts{}.add("acks", document));
    nobodys.facts = others.facts;
    CHECK(log::write(nobodys) == log::write(others));
    CHECK(others.facts.find("delivery") == nullptr);
}

TEST_CASE("Of refused acknowledgements sixty a minute have a leaf and the rest are counted") {
    Shares it;
    const std::size_t before = it.leaves();
    for (std::size_t i = 0; i < limits::kVerifiedRefusalsPerMinute + 3; ++i) {
        REQUIRE(it.acknowledge(it.world.nii, 1).response.status == 200);
    }
    CHECK(it.leaves() == before + limits::kVerifiedRefusalsPerMinute);
    it.world.pass(1min);
    const auto counts = it.world.refusals().take(it.world.now(), false);
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].organisation == it.world.nii.id());
    CHECK(counts[0].code == Code::not_found);
    CHECK(counts[0].count == 3);
}

TEST_CASE("What is shown has its leaf however much was refused before") {
    Shares it;
    for (std::size_t i = 0; i < limits::kVerifiedRefusalsPerMinute + 5; ++i) {
        (void)it.referral(it.world.department, it.nobodys());
    }
    const std::size_t before = it.leaves();
    CHECK(it.cases(it.world.department).status == 200);
    CHECK(it.leaves() == before + 1);
}

TEST_CASE("Refused orders about officers are counted as well after sixty within a minute") {
    Shares it;
    const std::size_t before = it.leaves();
    for (std::size_t i = 0; i < limits::kVerifiedRefusalsPerMinute + 3; ++i) {
        REQUIRE(it.officer(it.world.department, "w-1", kForEver).status == 422);
    }
    CHECK(it.leaves() == before + limits::kVerifiedRefusalsPerMinute);
    CHECK(it.officer(it.world.department, "w-1", kTrained).status == 201);
}

TEST_CASE("A body has so many officers and one that it has can always be suspended") {
    Shares it;
    const auto others = it.world.count("officer WHERE organisation = 'ssd-5000'");
    it.engage(static_cast<std::int64_t>(limits::kOfficersPerOrganisation) - others - 1);
    CHECK(it.officer(it.world.department, "w-last", kTrained).status == 201);
    const edge::Response beyond = it.officer(it.world.department, "w-beyond", kTrained);
    CHECK(beyond.status == 409);
    CHECK(tests::code_of(beyond) == "event_not_allowed");
    CHECK(it.officer(it.world.department, "w-last", kTrained, true).status == 201);
    CHECK(it.officer(it.world.health, "w-beyond", kTrained).status == 201);
}

TEST_CASE("Two bodies have so many agreements open and an ended one makes room") {
    Shares it;
    const AgreementId first = Shares::fresh();
    REQUIRE_FALSE(it.propose(it.world.health, it.world.housing, first).code);
    const Digest proposal = it.last_document;
    for (std::size_t i = 1; i < limits::kAgreementsPerPair; ++i) {
        REQUIRE_FALSE(it.propose(it.world.health, it.world.housing, Shares::fresh()).code);
    }
    CHECK(it.propose(it.world.housing, it.world.health, Shares::fresh()).code == Code::event_not_allowed);
    CHECK_FALSE(it.propose(it.world.health, it.world.nii, Shares::fresh()).code);
    CHECK_FALSE(
        it.propose(it.world.housing, it.world.health, first, statement::AgreementAct::end, proposal).code);
    CHECK_FALSE(it.propose(it.world.housing, it.world.health, Shares::fresh()).code);
    CHECK(it.propose(it.world.housing, it.world.health, Shares::fresh()).code == Code::event_not_allowed);
}

TEST_CASE("However many consents others recorded in a case, a body has its own share of it") {
    Shares it;
    (void)it.world.agree(it.woman, it.world.health);
    it.fill("consent", sequencer::CaseSlots::Of::consents, 9 * limits::kConsentsOfOneBody,
            "state = 'active', recipient = 'housing', form_digest = NULL, recorded_by = 'nii'");
    const sequencer::Answer answer =
        it.world.send(it.world.department, it.world.consent(it.world.department, it.woman, it.world.nii,
                                                            ConsentId::of_random(Shares::drawn()),
                                                            {.purposes = {Purpose::benefit_claim},
                                                             .groups = {DataGroup::identity},
                                                             .services = {Service::ben_child}}));
    CHECK_FALSE(answer.code);
}

TEST_CASE("A case is full of referrals that were released, and of nothing else") {
    const auto [released, purpose, count, full] = GENERATE(table<std::string, std::string, std::size_t, bool>(
        {{"true", "TREATMENT", limits::kReferralsPerCase - 1, false},
         {"true", "TREATMENT", limits::kReferralsPerCase, true},
         {"false", "TREATMENT", limits::kReferralsPerCase + 1, false},
         {"true", "REHEARSAL", limits::kReferralsPerCase + 1, false}}));
    CAPTURE(released, purpose, count);
    Shares it;
    const auto consent = it.world.agree(it.woman, it.world.health);
    (void)it.world.refer(it.woman, it.world.health, consent);
    // Beside the first, which waits.
    it.fill("referral", sequencer::CaseSlots::Of::referrals, 1 + count,
            "state = 'COMPLETED', consent = NULL, referrer = 'nii', released = " + released +
                ", purpose = '" + purpose + "'");
    const tests::Referred one{it.nobodys(), consent};
    const auto code =
        it.world
            .send(it.world.department, it.world.referral(it.world.department, it.woman, it.world.health, one))
            .code;
    CHECK(code == (full ? std::optional(Code::event_not_allowed) : std::nullopt));
    const auto drafted = it.world
                             .send(it.world.department, it.world.draft(it.world.department, it.woman,
                                                                       it.world.health, it.nobodys()))
                             .code;
    CHECK(drafted == (full ? std::optional(Code::event_not_allowed) : std::nullopt));
}

TEST_CASE("The release that fills a case counts from that moment on, also where its slots are remembered") {
    Shares it;
    const auto consent = it.world.agree(it.woman, it.world.health);
    (void)it.world.refer(it.woman, it.world.health, consent);
    it.fill("referral", sequencer::CaseSlots::Of::referrals, limits::kReferralsPerCase,
            "state = 'COMPLETED', consent = NULL, referrer = 'nii', released = true");
    const auto refer = [&] {
        const tests::Referred one{it.nobodys(), consent};
        return it.world
            .send(it.world.department, it.world.referral(it.world.department, it.woman, it.world.health, one))
            .code;
    };
    CHECK_FALSE(refer());  // nothing of the department's own has left yet
    REQUIRE_FALSE(it.world.poll(it.world.health).empty());
    CHECK(refer() == Code::event_not_allowed);
}

TEST_CASE("A body has so many drafts of a case, and no draft takes a place of a submission") {
    Shares it;
    const auto consent = it.world.agree(it.woman, it.world.health);
    const auto draft = [&](const ReferralId& id) {
        return it.world
            .send(it.world.department, it.world.draft(it.world.department, it.woman, it.world.health, id))
            .code;
    };
    const auto submit = [&](const ReferralId& id) {
        const tests::Referred referred{id, consent};
        return it.world
            .send(it.world.department,
                  it.world.referral(it.world.department, it.woman, it.world.health, referred))
            .code;
    };
    const ReferralId first = it.nobodys();
    CHECK_FALSE(draft(first));
    for (std::size_t n = 1; n < limits::kDraftsOfOneBody; ++n) REQUIRE_FALSE(draft(it.nobodys()));
    CHECK(draft(it.nobodys()) == Code::event_not_allowed);
    CHECK_FALSE(submit(it.nobodys()));
    // One that is submitted is a draft no more, and its place is the next one's.
    CHECK_FALSE(submit(first));
    CHECK_FALSE(draft(it.nobodys()));
    CHECK(draft(it.nobodys()) == Code::event_not_allowed);
    // So it is for a hub that has just started and looks for itself.
    it.world.restart();
    CHECK(draft(it.nobodys()) == Code::event_not_allowed);
    CHECK_FALSE(submit(it.nobodys()));
}

TEST_CASE("A body has so many consents in a case and her no and her withdrawal pass beyond them") {
    Shares it;
    const auto given = it.world.agree(it.woman, it.world.health);
    it.fill("consent", sequencer::CaseSlots::Of::consents, limits::kConsentsOfOneBody - 1,
            "state = 'superseded', recipient = 'housing', form_digest = NULL");
    const auto consent = [&](codec::GivenState state) {
        return it.world
            .send(it.world.department, it.world.consent(it.world.department, it.woman, it.world.nii,
                                                        ConsentId::of_random(Shares::drawn()),
                                                        {.purposes = {Purpose::benefit_claim},
                                                         .groups = {DataGroup::identity},
                                                         .services = {Service::ben_child},
                                                         .state = state}))
            .code;
    };
    CHECK_FALSE(consent(codec::GivenState::rejected));  // takes no place of a yes
    CHECK_FALSE(consent(codec::GivenState::active));
    CHECK(consent(codec::GivenState::active) == Code::event_not_allowed);
    CHECK_FALSE(consent(codec::GivenState::rejected));
    CHECK_FALSE(
        it.world.send(it.world.department, it.world.revocation(it.world.department, it.woman, given)).code);
}

TEST_CASE("A body has so many referrals in a case and one that it has can always be withdrawn") {
    Shares it;
    const auto consent = it.world.agree(it.woman, it.world.health);
    (void)it.world.refer(it.woman, it.world.health, consent);
    it.fill("referral", sequencer::CaseSlots::Of::referrals, limits::kReferralsOfOneBody - 1,
            "state = 'COMPLETED', consent = NULL");
    const auto last = it.world.refer(it.woman, it.world.health, consent);
    const tests::Referred beyond{it.nobodys(), consent};
    CHECK(it.world
              .send(it.world.department,
                    it.world.referral(it.world.department, it.woman, it.world.health, beyond))
              .code == Code::event_not_allowed);
    CHECK_FALSE(it.world
                    .send(it.world.department, it.world.event(it.world.department, it.woman, it.world.health,
                                                              last, ReferralEvent::withdraw))
                    .code);
}

TEST_CASE("A body opens so many cases within a day and a day later it opens more") {
    Shares it;
    const Instant opened = it.world.now();
    it.world.as_superuser(
        "INSERT INTO case_file (key, anonymous, door, opened_by, opened_at, claim, sealed) SELECT "
        "sha256(('k' || n)::bytea), false, 'site', 'ssd-5000', " +
        std::to_string(opened.time_since_epoch().count()) +
        ", sha256(('c' || n)::bytea), '\\x00' FROM generate_series(1, " +
        std::to_string(limits::kCasesWithinLapse - 2) + ") n");
    const auto may_open = [&](const tests::Body& body) {
        try {
            (void)it.world.open_case(body);
            return true;
        } catch (const std::runtime_error&) {
            return false;
        }
    };
    CHECK(may_open(it.world.department));
    const std::size_t before = it.leaves();
    CHECK_FALSE(may_open(it.world.department));
    const auto leaves = it.world.leaves();
    REQUIRE(leaves.size() == before + 1);
    CHECK(leaves.back().record.code == Code::event_not_allowed);
    CHECK(may_open(it.world.health));
    // Which of them are referred the table does not tell.
    (void)it.world.refer(it.woman, it.world.health, it.world.agree(it.woman, it.world.health));
    CHECK_FALSE(may_open(it.world.department));
    it.world.set_clock(opened + 24h - 2ms);  // each comes one millisecond later
    CHECK_FALSE(may_open(it.world.department));
    CHECK(may_open(it.world.department));
}
