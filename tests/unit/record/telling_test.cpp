// A step of a native system is judged whole, put into the outbox once, and settled after a stop.
#include "adapters/record/telling.h"

#include <catch2/catch.hpp>

#include "tests/unit/record/native_table.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::record;
using namespace kesher::record::test;
using E = ReferralEvent;
using S = ReferralState;

namespace {

class Desk final : public NativeTable {
public:
    explicit Desk(
        const WordSet<SafetyFlag>& honours = WordSet<SafetyFlag>::up_to(SafetyFlag::address_confidential))
        : NativeTable("nii", honours) {
        open();
    }
    ~Desk() override { close_side(); }
    void restart() {
        close_side();
        reopen();
        open();
    }
    kit::NativeAnswer deliver(const statement::Statement& said, const codec::Payload&,
                              const std::optional<codec::Sealed>&, const Pseudonym&) override {
        book->give(
            {said.referral.value(), said.from, said.purpose.value(), said.basis.value(), said.consent});
        return kit::Taken{};
    }
    contract::Result<Steps, NotTellable> steps(const Referral& referral, const std::vector<Change>& changes,
                                               const codec::Safety& safety = {}) {
        return steps_of(means(), actor, *book, *book->given(referral.referral),
                        book->stood(referral.referral), changes, safety, "seen", now);
    }

    std::unique_ptr<Ledger> book;
    kit::Actor actor{OfficerId::parse("soap").value(), OfficerRole::system};

private:
    void open() {
        book = std::make_unique<Ledger>(ledger(), "the ledger");
        book->load();
    }
    void close_side() override { book.reset(); }
};

Change change(E event) {
    Change made;
    made.event.event = event;
    made.event.occurred_on = kToday;
    return made;
}
Referral given(Desk& desk) {
    Referral referral = fresh(KnownBy::contact, statement::organisation("nii"));
    (void)desk.give(referral);
    return referral;
}

}  // namespace

TEST_CASE("Steps are told in order and stand in the ledger") {
    Desk desk;
    const Referral referral = given(desk);
    const auto made = desk.steps(referral, {change(E::accept), change(E::start)});
    REQUIRE(made);
    CHECK(tell(desk.means(), *desk.book, referral.referral, made->steps, desk.now));
    CHECK(desk.events() == std::vector<E>{E::accept, E::start});
    CHECK(desk.book->stood(referral.referral).state == S::in_progress);
}

TEST_CASE("After a kill behind the outbox the step is settled and not told again") {
    Desk desk;
    const Referral referral = given(desk);
    const auto made = desk.steps(referral, {change(E::accept)});
    REQUIRE(tell(desk.means(), *desk.book, referral.referral, made->steps, desk.now));
    desk.cut_ledger_after_last("intends");
    desk.restart();
    CHECK(desk.book->stood(referral.referral).state == S::delivered);
    settle(desk.means(), *desk.book, referral.referral);
    CHECK(desk.book->stood(referral.referral).state == S::accepted);
}

TEST_CASE("After a kill before the outbox the step is told under the same id") {
    Desk desk;
    const Referral referral = given(desk);
    const auto made = desk.steps(referral, {change(E::accept)});
    desk.book->intend(referral.referral, {made->steps.front().message.id, made->steps.front().then});
    desk.restart();
    settle(desk.means(), *desk.book, referral.referral);
    CHECK(desk.book->stood(referral.referral).state == S::delivered);
    const auto again = desk.steps(referral, {change(E::accept)});
    CHECK(again->steps.front().message.id == made->steps.front().message.id);
}

TEST_CASE("Words that the referrer cannot guard stay behind and the change is told") {
    Desk desk{WordSet<SafetyFlag>{}};
    const Referral referral = given(desk);
    Change said = change(E::accept);
    said.said = "נקבע";
    const auto made = desk.steps(referral, {said});
    REQUIRE(made);
    CHECK(made->words_left_out);
    CHECK_FALSE(made->steps.front().message.sealed);
}

TEST_CASE("Where no consent of hers carries it nothing is told, and the code says why") {
    Desk desk;
    const Referral referral = given(desk);
    Given another = *desk.book->given(referral.referral);
    another.consent = ConsentId::of_random(statement::random_bytes<16>());  // nobody has heard of it
    std::vector<Change> changes{change(E::accept)};
    changes.front().said = "נקבע";
    const auto made =
        steps_of(desk.means(), desk.actor, *desk.book, another, {}, changes, {}, "seen", desk.now);
    REQUIRE_FALSE(made);
    REQUIRE(made.error().code);
    CHECK(is_about_consent(*made.error().code));
}

TEST_CASE("A referral whose number of hers the journal does not know is told of later") {
    Desk desk;
    const Referral referral = fresh(KnownBy::contact, statement::organisation("nii"));
    desk.book->give({referral.referral, referral.from, referral.purpose, referral.basis, referral.consent});
    const auto made = desk.steps(referral, {change(E::accept)});
    REQUIRE_FALSE(made);
    CHECK_FALSE(made.error().code);
}

TEST_CASE("The hub hears once that what came under a consent is stopped") {
    Desk desk;
    const Referral referral = given(desk);
    desk.book->stop(*referral.consent, kit::draw_message_id());
    acknowledge_revocations(desk.means(), desk.actor, *desk.book, desk.now);
    acknowledge_revocations(desk.means(), desk.actor, *desk.book, desk.now);
    REQUIRE(desk.sent().size() == 1);
    CHECK(desk.sent().front().written.type == MessageType::consent_revocation_acked);
}

TEST_CASE("What the hub refused is said once to the native system") {
    Desk desk;
    const Referral referral = given(desk);
    const auto made = desk.steps(referral, {change(E::accept)});
    REQUIRE(tell(desk.means(), *desk.book, referral.referral, made->steps, desk.now));
    const MessageId id = made->steps.front().message.id;
    desk.journal().mark_refused(id, Code::consent_lapsed, std::nullopt);
    const auto untold = untold_refusals(desk.means(), *desk.book);
    REQUIRE(untold.size() == 1);
    CHECK(untold.front().message == id);
    CHECK(untold.front().code == Code::consent_lapsed);
    desk.book->tell(id);
    CHECK(untold_refusals(desk.means(), *desk.book).empty());
}
