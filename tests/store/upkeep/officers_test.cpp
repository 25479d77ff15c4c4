// An officer is made and suspended by her body's signed word alone: not by its connection, not by what it
// said before, not under a key that has ended.
#include "gateway/identity/officers.h"

#include <catch2/catch.hpp>

#include "tests/store/upkeep/asked.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using statement::OfficerEntry;
using tests::World;

namespace {

struct Entered : tests::Asked {
    const tests::Body& body = world.department;

    [[nodiscard]] OfficerEntry entry(std::string_view id = "w-40") const {
        return world.officer_entry(body, id, {OfficerRole::social_worker, OfficerRole::caseworker},
                                   world.today() + std::chrono::days{100});
    }
    [[nodiscard]] std::string document(const OfficerEntry& says) const {
        return statement::sign_officer_entry(says, body.signer());
    }
    // As handed in over the body's own connection, for the officer that the entry names.
    edge::Response hand_in(const std::string& document) { return officer(body, "w-40", document); }
    // The same behind the call, by the hub that runs now: calls are bound to the first.
    sequencer::Answer decide(const std::string& document) {
        const identity::Caller known = caller(body);
        auto order = identity::read_officer_order(known, document, World::kOrigin, world.now());
        return world.hub().run(std::make_shared<identity::PutOfficer>(
            identity::asker(known), OfficerId::parse("w-40").value(), std::move(order).value()));
    }
    [[nodiscard]] const store::OfficerRow* stands(std::string_view id = "w-40") {
        registry_ = world.hub().registry();
        return registry_->officer(body.id(), OfficerId::parse(id).value());
    }
    std::map<Code, std::uint32_t> counted() {
        std::map<Code, std::uint32_t> found;
        for (const auto& each : world.refusals().take(world.now(), true)) found[each.code] += each.count;
        return found;
    }
    // Refused before anybody decides: counted, no leaf, nothing changed.
    void is_only_counted(const std::string& text, Code code) {
        const auto before = leaves();
        const edge::Response answer = hand_in(text);
        CHECK(tests::code_of(answer) == contract::text(code));
        CHECK(tests::read_answer(answer).find("receipt") == nullptr);
        CHECK(leaves() == before);
        CHECK(counted() == std::map<Code, std::uint32_t>{{code, 1}});
        CHECK(stands() == nullptr);
    }
    // What the hub says of whether it knew her before; none where it says nothing.
    static std::optional<bool> known(const edge::Response& answer) {
        const auto body = tests::read_answer(answer);
        const json::Value* said = body.find("known");
        return said == nullptr || said->boolean() == nullptr ? std::nullopt : std::optional(*said->boolean());
    }
    std::string kept() { return std::to_string(world.count("officer_document WHERE officer = 'w-40'")); }

private:
    std::shared_ptr<const sequencer::Registry> registry_;
};

// As entries were put before anybody had to sign them.
class UnsignedEntry final : public sequencer::Request {
public:
    UnsignedEntry(OrganisationId body, OfficerId id) : body_(std::move(body)), id_(std::move(id)) {}
    void want(sequencer::Wanted&) const override {}
    sequencer::Answer decide(sequencer::Turn& turn) override {
        log::Record record;
        record.event = log::RecordEvent::officer;
        record.org = body_;
        record.operation = log::Word::of("put");
        record.decision = log::Decision::permit;
        record.facts.add("officer", id_.text())
            .add("roles", log::Words{log::Word::of("SOCIAL_WORKER")})
            .add("training_valid_until", day_of(turn.at))
            .add("suspended", false);
        sequencer::Answer answer;
        answer.leaf = turn.append(std::nullopt, std::move(record));
        const store::OfficerRow row{body_,           id_,   {OfficerRole::social_worker},
                                    day_of(turn.at), false, *answer.leaf};
        turn.registry.put(row);
        turn.facts.put(row);
        turn.registry_changed();
        return answer;
    }

private:
    OrganisationId body_;
    OfficerId id_;
};

}  // namespace

TEST_CASE("A signed entry makes an officer and its leaf names the document and the key") {
    Entered it;
    const OfficerEntry says = it.entry();
    const std::string document = it.document(says);
    REQUIRE(it.hand_in(document).status == 201);
    const log::Record leaf = it.world.leaves().back().record;
    CHECK(leaf.event == log::RecordEvent::officer);
    CHECK(leaf.operation->text() == "put");
    const auto fact = [&](std::string_view name) {
        return std::get<log::Word>(*leaf.facts.find(name)).text();
    };
    CHECK(fact("document") == base64url(statement::sha256(document).view()));
    CHECK(fact("signed_by") == base64url(it.body.signer().certificate().thumbprint().view()));
    CHECK(it.world.count("officer_document WHERE officer = 'w-40' AND jws = '" + document + "'") == 1);
    for (int starts = 0; starts < 2; ++starts) {
        REQUIRE(it.stands());
        CHECK(it.stands()->roles ==
              std::vector<OfficerRole>{OfficerRole::social_worker, OfficerRole::caseworker});
        CHECK(it.stands()->document == statement::sha256(document));
        CHECK(it.stands()->signed_at == says.at);
        it.world.restart();
    }
}

TEST_CASE("The same document again is answered the same and leaves no second leaf") {
    Entered it;
    const std::string document = it.document(it.entry());
    const edge::Response first = it.hand_in(document);
    const auto leaves = it.leaves();
    const edge::Response again = it.hand_in(document);
    CHECK(again.status == 200);
    CHECK(*tests::read_answer(again).find("leaf")->text() == *tests::read_answer(first).find("leaf")->text());
    it.world.restart();
    const sequencer::Answer after_a_start = it.decide(document);
    REQUIRE(after_a_start.receipt);
    CHECK(after_a_start.repeated);
    CHECK(after_a_start.receipt->leaf == *tests::read_answer(first).find("leaf")->text());
    CHECK(it.leaves() == leaves);
    CHECK(it.kept() == "1");
}

TEST_CASE("Who is suspended ahead of any entry is suspended, and the hub says that it did not know her") {
    Entered it;
    OfficerEntry says = it.entry();
    says.suspended = true;
    const std::string document = it.document(says);
    const edge::Response unknown = it.hand_in(document);
    REQUIRE(unknown.status == 201);
    CHECK(Entered::known(unknown) == false);
    CHECK(it.stands()->suspended);
    // The document again: what was there before it is not kept, and not made up.
    const edge::Response again = it.hand_in(document);
    CHECK(again.status == 200);
    CHECK(Entered::known(again) == std::nullopt);
    it.world.restart();
    it.world.pass(1ms);
    const auto known = it.world.officer_order(it.body, it.entry());
    CHECK_FALSE(known->was_known());
    REQUIRE_FALSE(it.world.hub().run(known).code);
    CHECK(known->was_known() == true);
}

TEST_CASE("An officer of another body with the same number is not the one who is known") {
    Entered it;
    OfficerEntry of_health = it.entry();
    of_health.organisation = it.world.health.id();
    REQUIRE(it.officer(it.world.health, of_health).status == 201);
    CHECK(Entered::known(it.hand_in(it.document(it.entry()))) == false);
    CHECK(Entered::known(it.officer(it.body, it.entry())) == true);
}

TEST_CASE("What was said before she was suspended does not bring her back") {
    Entered it;
    const std::string before = it.document(it.entry());
    REQUIRE(it.hand_in(before).status == 201);
    it.world.pass(1ms);
    OfficerEntry says = it.entry();
    says.suspended = true;
    REQUIRE(it.hand_in(it.document(says)).status == 201);
    CHECK(it.world.leaves().back().record.operation->text() == "suspend");
    OfficerEntry as_late = says;
    as_late.suspended = false;
    for (int starts = 0; starts < 2; ++starts) {
        CHECK(it.decide(before).code == Code::version_conflict);
        CHECK(it.decide(it.document(as_late)).code == Code::version_conflict);
        CHECK(it.world.leaves().back().record.code == Code::version_conflict);
        CHECK(it.stands()->suspended);
        it.world.restart();
    }
    it.world.pass(1ms);
    as_late.at += 1ms;
    CHECK_FALSE(it.decide(it.document(as_late)).code);
    CHECK_FALSE(it.stands()->suspended);
    CHECK(it.kept() == "3");
}

TEST_CASE("With the body's connection alone nobody makes an officer") {
    Entered it;
    (void)it.counted();
    it.is_only_counted(R"({"roles":["SOCIAL_WORKER"],"training_valid_until":"2027-06-01","suspended":false})",
                       Code::signature_invalid);
    it.is_only_counted("", Code::signature_invalid);
    it.is_only_counted(statement::sign_officer_entry(it.entry(), it.world.health.signer()),
                       Code::certificate_unknown);
    OfficerEntry of_health = it.entry();
    of_health.organisation = it.world.health.id();
    it.is_only_counted(statement::sign_officer_entry(of_health, it.world.health.signer()),
                       Code::certificate_unknown);
    it.is_only_counted(it.document(of_health), Code::statement_invalid);
}

TEST_CASE("An entry for another log and one of another day are only counted") {
    Entered it;
    (void)it.counted();
    OfficerEntry elsewhere = it.entry();
    elsewhere.log = "other.example/log";
    it.is_only_counted(it.document(elsewhere), Code::wrong_log);
    OfficerEntry old = it.entry();
    old.at -= limits::kStatementAgeMax + 1ms;
    it.is_only_counted(it.document(old), Code::clock_skew);
    OfficerEntry ahead = it.entry();
    ahead.at += limits::kClockAhead + 1ms;
    it.is_only_counted(it.document(ahead), Code::clock_skew);
}

TEST_CASE("An entry handed in for another officer than it names is refused with its leaf") {
    Entered it;
    const edge::Response answer = it.hand_in(it.document(it.entry("w-41")));
    CHECK(tests::code_of(answer) == "statement_invalid");
    CHECK(tests::read_answer(answer).find("receipt") != nullptr);
    CHECK(it.stands("w-40") == nullptr);
    CHECK(it.stands("w-41") == nullptr);
    CHECK(it.officer(it.body, "000000018", it.document(it.entry())).status == 422);
}

TEST_CASE("A key that has ended makes no officer and suspends none") {
    Entered it;
    REQUIRE(it.hand_in(it.document(it.entry())).status == 201);
    const auto stood = it.stands()->document;
    it.world.pass(1ms);
    OfficerEntry says = it.entry();
    says.suspended = true;
    const auto under_way = it.world.officer_order(it.body, says);
    const identity::Caller stolen = it.caller(it.body);
    (void)it.world.hub().run(std::make_shared<identity::Compromise>(identity::Asker{}, it.body.id()));
    const auto leaves = it.leaves();
    CHECK(it.world.hub().run(under_way).code == Code::certificate_unknown);
    const auto known = identity::Caller{it.body.id(), stolen.certificate, it.world.hub().registry()};
    CHECK(identity::read_officer_order(known, it.document(says), World::kOrigin, it.world.now()).error() ==
          Code::certificate_unknown);
    CHECK(it.leaves() == leaves);
    CHECK(it.stands()->document == stood);
}

TEST_CASE("A body that is suspended can suspend its officers and let in none") {
    Entered it;
    it.world.set_status(it.body, OrganisationStatus::suspended);
    CHECK(tests::code_of(it.hand_in(it.document(it.entry()))) == "organisation_suspended");
    it.world.pass(1ms);
    OfficerEntry says = it.entry();
    says.suspended = true;
    CHECK(it.hand_in(it.document(says)).status == 201);
}

TEST_CASE("An entry from before they were signed stands until the first that is") {
    Entered it;
    const auto id = OfficerId::parse("w-40").value();
    REQUIRE_FALSE(it.world.hub().run(std::make_shared<UnsignedEntry>(it.body.id(), id)).code);
    it.world.restart();
    REQUIRE(it.stands());
    CHECK_FALSE(it.stands()->document);
    CHECK_FALSE(it.decide(it.document(it.entry())).code);
    it.world.restart();
    CHECK(it.stands()->document);
}
