// A native system that calls is answered within a turn with how its referral stands, and what it says of
// another state than there is counts for nothing.
#include "adapters/record/called_side.h"

#include <catch2/catch.hpp>

#include <future>

#include "tests/unit/record/native_table.h"

using namespace kesher;
using namespace kesher::record;
using namespace kesher::record::test;
using E = ReferralEvent;
using S = ReferralState;

namespace {

// Takes whatever it is told.
class Obedient final : public CalledSystem {
public:
    [[nodiscard]] bool serves(Service service) const override { return service == Service::emp_voc; }
    CallOutcome give(const Referral&) override { return taken(); }
    CallOutcome tell(const MessageId&, const OrganisationId&, const Given&, const Update& update) override {
        told.emplace_back(update.event);
        return taken();
    }
    CallOutcome inquire(const Given&, const MessageId&) override { return taken(); }
    std::vector<std::string> told;

private:
    static Answered taken() { return {CallResult{}, statement::sha256("their answer")}; }
};

class Side final : public CalledSide {
public:
    Side(const LiaisonSettings& settings, const NativeMeans& means)
        : CalledSide(means.aliases), calls_(20s, [] { return false; }), liaison_(settings, means, system) {}
    Liaison& liaison() override { return liaison_; }
    CallsOfTheirs& calls() override { return calls_; }
    Obedient system;

private:
    CallsOfTheirs calls_;
    Liaison liaison_;
};

class Table final : public NativeTable {
public:
    Table() : NativeTable("labor", WordSet<SafetyFlag>::up_to(SafetyFlag::address_confidential)) {
        side = std::make_unique<Side>(
            LiaisonSettings{ledger(), 1s, "המשרד", {OfficerId::parse("events").value(), OfficerRole::system}},
            means());
    }
    ~Table() override { close_side(); }
    kit::NativeAnswer deliver(const statement::Statement& said, const codec::Payload& payload,
                              const std::optional<codec::Sealed>& sealed,
                              const Pseudonym& pseudonym) override {
        return side->liaison().deliver({said, payload, sealed, pseudonym, jws, kToday});
    }
    CallResult call(const CallOfTheirs& call) {
        auto answer = std::async(std::launch::async, [&] { return side->calls().ask(call); });
        while (answer.wait_for(5ms) != std::future_status::ready) side->work(now, directory);
        return answer.get();
    }
    Referral given() {
        Referral referral = fresh(KnownBy::contact, self.id);
        referral.service = Service::emp_voc;
        REQUIRE(std::holds_alternative<kit::Taken>(give(referral)));
        return referral;
    }
    std::unique_ptr<Side> side;

private:
    void close_side() override { side.reset(); }
};

CallOfTheirs says(const std::string& id, const Referral& referral, S state,
                  std::optional<std::string> version = {}) {
    CallOfTheirs call{id, "", Status{referral.referral, {state}, kToday}};
    call.version = std::move(version);
    return call;
}

}  // namespace

TEST_CASE("Whatever is called keeps every safety flag, or all of them stand") {
    Table table;
    CHECK(table.side->honours() == WordSet<SafetyFlag>::up_to(SafetyFlag::address_confidential));
}

TEST_CASE("A state that they say is told, and the answer says how it stands now") {
    Table table;
    const Referral referral = table.given();
    const CallResult result = table.call(says("1", referral, S::accepted));
    CHECK(result.kind == ResultKind::taken);
    REQUIRE(result.stood);
    CHECK(result.stood->state == S::accepted);
    CHECK(table.events() == std::vector{E::accept});
}

TEST_CASE("What supposes another version than there is changes nothing and says which there is") {
    Table table;
    const Referral referral = table.given();
    const CallResult look = table.call({"", "", Look{referral.referral}});
    REQUIRE(look.stood);
    CHECK(table.call(says("1", referral, S::accepted, look.stood->version)).kind == ResultKind::taken);
    const CallResult stale = table.call(says("2", referral, S::in_progress, look.stood->version));
    CHECK(stale.kind == ResultKind::changed);
    CHECK(stale.stood->version != look.stood->version);
    CHECK(table.events() == std::vector{E::accept});
    CHECK(table.call(says("2", referral, S::in_progress, stale.stood->version)).kind == ResultKind::taken);
    CHECK(table.events() == std::vector{E::accept, E::start});
    // What was taken is answered as before, also where its version is an old one by now.
    CHECK(table.call(says("1", referral, S::accepted, look.stood->version)).kind == ResultKind::taken);
}

TEST_CASE("The same id with other words is none, and neither is a referral that nobody gave") {
    Table table;
    const Referral referral = table.given();
    CHECK(table.call(says("1", referral, S::accepted)).kind == ResultKind::taken);
    CHECK(table.call(says("1", referral, S::in_progress)).kind == ResultKind::form);
    const Referral other = fresh(KnownBy::contact, table.self.id);
    CHECK(table.call(says("3", other, S::accepted)).kind == ResultKind::unknown_referral);
    CHECK(table.call({"", "", Look{other.referral}}).kind == ResultKind::unknown_referral);
    CallOfTheirs to_another = says("4", referral, S::in_progress);
    to_another.referrer = "ssd-3000";
    CHECK(table.call(to_another).kind == ResultKind::unknown_referral);
}

TEST_CASE("What is none of their services is declined and nothing is given") {
    Table table;
    Referral referral = fresh(KnownBy::contact, table.self.id);
    referral.service = Service::hlt_phys;
    const auto answer = table.give(referral);
    REQUIRE(std::holds_alternative<kit::Declined>(answer));
    CHECK(std::get<kit::Declined>(answer).code == Code::service_not_allowed);
}

TEST_CASE("When she withdraws her consent they are told of each referral under it") {
    Table table;
    const Referral referral = table.given();
    CHECK(std::holds_alternative<kit::Taken>(table.revoke(referral, kit::draw_message_id())));
    CHECK(table.side->system.told == std::vector<std::string>{"revoke"});
    CHECK(table.call(says("1", referral, S::accepted)).kind == ResultKind::no_such_step);
    REQUIRE(table.sent().size() == 1);  // that it is stopped, and nothing else
    CHECK(table.sent().front().written.type == MessageType::consent_revocation_acked);
}
