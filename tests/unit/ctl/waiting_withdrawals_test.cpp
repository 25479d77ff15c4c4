// Which withdrawals wait here, what the hub must know before them, and what is said of it.
#include "adapters/ctl/waiting_withdrawals.h"

#include <catch2/catch.hpp>

#include "adapters/ctl/sending.h"
#include "tests/unit/keys/own_directory.h"
#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::ctl;
using namespace kesher::kit::table;
using kit::OutgoingRow;
using kit::OutgoingState;

namespace {

struct Desk {
    Exchange exchange;

    [[nodiscard]] kit::Message revocation(std::uint8_t number, std::uint8_t of = 1) const {
        kit::Message message{id<MessageId>(number),
                             MessageType::consent_revoked,
                             OrganisationId::hub(),
                             {OfficerId::parse("worker.17").value(), OfficerRole::envelope_sw},
                             codec::ConsentRevoked{kToday}};
        message.pseudonym = pseudonym(1);
        message.consent = id<ConsentId>(of);
        return message;
    }
    [[nodiscard]] kit::Message event(std::uint8_t number, ReferralEvent event, std::uint8_t of) const {
        codec::ReferralEventPayload payload{.event = event, .occurred_on = kToday};
        kit::Message message{id<MessageId>(number),
                             MessageType::referral_event,
                             exchange.recipient.id,
                             {OfficerId::parse("worker.17").value(), OfficerRole::envelope_sw},
                             payload};
        message.pseudonym = pseudonym(1);
        message.referral = id<ReferralId>(of);
        message.purpose = Purpose::treatment;
        message.basis = LegalBasis::written_consent_explained;
        message.consent = id<ConsentId>(1);
        message.subject_acts = true;
        return message;
    }
    [[nodiscard]] OutgoingRow row(const kit::Message& message) const { return {exchange.written(message)}; }
    // Only what is read of it here.
    [[nodiscard]] OutgoingRow given(std::uint8_t number, std::uint8_t consent = 1) const {
        return {{id<MessageId>(number),
                 MessageType::consent_given,
                 OrganisationId::hub(),
                 {},
                 id<ConsentId>(consent),
                 "",
                 {}}};
    }
    [[nodiscard]] OutgoingRow in(OutgoingState state, OutgoingRow row, std::optional<Code> code = {}) const {
        row.state = state;
        row.code = code;
        return row;
    }
};

std::vector<MessageId> ids_of(const std::vector<kit::Written>& messages) {
    std::vector<MessageId> ids;
    for (const kit::Written& each : messages) ids.push_back(each.id);
    return ids;
}

}  // namespace

TEST_CASE("A consent taken back and a referral withdrawn are withdrawals, and nothing else is") {
    const Desk desk;
    CHECK(is_withdrawal(desk.row(desk.revocation(1)).written));
    CHECK(is_withdrawal(desk.revocation(1)));
    CHECK(is_withdrawal(desk.row(desk.event(2, ReferralEvent::withdraw, 1)).written));
    CHECK(is_withdrawal(desk.event(2, ReferralEvent::withdraw, 1)));
    CHECK_FALSE(is_withdrawal(desk.row(referral(desk.exchange.recipient)).written));
    // The journal hurries what a withdrawal stands on: that does not make it one.
    OutgoingRow hurried = desk.row(desk.event(3, ReferralEvent::schedule, 1));
    hurried.written.first_lane = true;
    CHECK_FALSE(is_withdrawal(hurried.written));
    hurried = desk.row(referral(desk.exchange.recipient));
    hurried.written.first_lane = true;
    CHECK_FALSE(is_withdrawal(hurried.written));
}

TEST_CASE("Of all that waits the withdrawals alone go by themselves, in the order in which she said them") {
    const Desk desk;
    const std::vector<OutgoingRow> waiting{desk.given(1), desk.row(referral(desk.exchange.recipient, 2)),
                                           desk.row(desk.revocation(3)),
                                           desk.row(desk.event(4, ReferralEvent::schedule, 2)),
                                           desk.row(desk.event(5, ReferralEvent::withdraw, 2))};
    CHECK(ids_of(withdrawals_among(waiting)) == std::vector{id<MessageId>(3), id<MessageId>(5)});
    CHECK(withdrawals_among({}).empty());
}

TEST_CASE("A withdrawal waits for the consent that it ends and for its referral, and for nothing else") {
    const Desk desk;
    const auto revoked = desk.row(desk.revocation(9)).written;
    const auto withdrawn = desk.row(desk.event(9, ReferralEvent::withdraw, 2)).written;
    const auto before = [](const std::vector<OutgoingRow>& rows, const kit::Written& withdrawal) {
        const auto found = undecided_before(rows, withdrawal);
        return found ? std::optional(found->written.id) : std::nullopt;
    };
    CHECK(before({desk.given(1)}, revoked) == id<MessageId>(1));
    CHECK_FALSE(before({desk.given(1, 7)}, revoked));
    CHECK_FALSE(before({desk.row(referral(desk.exchange.recipient, 2))}, revoked));
    CHECK(before({desk.row(referral(desk.exchange.recipient, 2))}, withdrawn) == id<MessageId>(2));
    CHECK_FALSE(before({desk.row(referral(desk.exchange.recipient, 3))}, withdrawn));
    // An update of the same referral that had no answer is not brought to the hub because of it.
    CHECK_FALSE(before({desk.row(desk.event(4, ReferralEvent::schedule, 2))}, withdrawn));
    // What was written after it is not before it.
    CHECK_FALSE(before({desk.row(desk.revocation(9)), desk.given(10)}, revoked));
}

TEST_CASE("What is decided keeps no withdrawal waiting, and no decided withdrawal waits") {
    const Desk desk;
    const auto revoked = desk.row(desk.revocation(9));
    for (const OutgoingState state :
         {OutgoingState::accepted, OutgoingState::refused, OutgoingState::taken_back}) {
        CHECK_FALSE(undecided_before({desk.in(state, desk.given(1))}, revoked.written));
        CHECK(withdrawals_among({desk.in(state, revoked)}).empty());
    }
    for (const OutgoingState state : {OutgoingState::waiting, OutgoingState::sent}) {
        CHECK(undecided_before({desk.in(state, desk.given(1))}, revoked.written));
        CHECK(withdrawals_among({desk.in(state, revoked)}).size() == 1);
    }
}

TEST_CASE("A withdrawal keeps here what it would end at the hub, and nothing else") {
    const Desk desk;
    const std::vector of_consent{desk.row(desk.revocation(8)).written};
    const std::vector of_referral{desk.row(desk.event(9, ReferralEvent::withdraw, 2)).written};
    const auto submits = [](std::uint8_t referral, std::uint8_t consent) {
        return Matter{MessageType::referral_submitted, id<ReferralId>(referral), id<ConsentId>(consent)};
    };
    CHECK(withdrawal_against(of_consent, submits(5, 1))->id == id<MessageId>(8));
    CHECK_FALSE(withdrawal_against(of_consent, submits(5, 7)));
    CHECK_FALSE(withdrawal_against(of_consent, {MessageType::referral_submitted, id<ReferralId>(5), {}}));
    CHECK(withdrawal_against(of_consent, {MessageType::consent_given, {}, id<ConsentId>(1)}));
    CHECK(withdrawal_against(of_referral, submits(2, 7))->id == id<MessageId>(9));
    CHECK_FALSE(withdrawal_against(of_referral, submits(3, 1)));
    CHECK_FALSE(withdrawal_against(of_referral, {MessageType::consent_given, {}, id<ConsentId>(1)}));
    CHECK_FALSE(
        withdrawal_against(of_consent, {MessageType::referral_event, id<ReferralId>(2), id<ConsentId>(1)}));
    CHECK_FALSE(withdrawal_against({}, submits(2, 1)));
}

TEST_CASE("A refusal is from before the consent where the log has that later, or the hub none yet") {
    const Desk desk;
    const auto revoked = desk.row(desk.revocation(9)).written;
    kit::Sent refused{.kind = kit::Sent::Kind::refused, .code = Code::not_found};
    refused.receipt = kit::Receipted{LeafIndex{7}, "leaf", "receipt"};
    const auto taken_at = [&](std::uint64_t leaf) {
        OutgoingRow row = desk.in(OutgoingState::accepted, desk.given(1));
        row.receipt = kit::Receipted{LeafIndex{leaf}, "leaf", "receipt"};
        return row;
    };
    CHECK(came_before_its_consent({desk.given(1)}, revoked, refused));
    CHECK(came_before_its_consent({taken_at(8)}, revoked, refused));
    CHECK_FALSE(came_before_its_consent({taken_at(6)}, revoked, refused));
    CHECK_FALSE(came_before_its_consent({desk.in(OutgoingState::refused, desk.given(1))}, revoked, refused));
    CHECK_FALSE(came_before_its_consent({desk.given(1, 7)}, revoked, refused));
    CHECK_FALSE(came_before_its_consent({}, revoked, refused));
    refused.code = Code::actor_not_allowed;
    CHECK_FALSE(came_before_its_consent({desk.given(1)}, revoked, refused));
    refused.code = Code::not_found;
    refused.receipt.reset();  // it used up no id
    CHECK_FALSE(came_before_its_consent({desk.given(1)}, revoked, refused));
}

TEST_CASE(
    "A referral of unknown fate is not sent because of its withdrawal: the hub is asked, and asked again") {
    const Desk desk;
    OutgoingRow sent = desk.row(referral(desk.exchange.recipient, 2));
    CHECK(doubt_of(sent, true, kNow) == Doubt::has_it);
    CHECK(doubt_of(sent, false, kNow) == Doubt::may_have_it);
    CHECK(doubt_of(sent, std::nullopt, kNow) == Doubt::may_have_it);
    sent.next_try = kNow + kUnderWay;
    CHECK(doubt_of(sent, false, kNow + kUnderWay - 1ms) == Doubt::may_have_it);
    CHECK(doubt_of(sent, false, kNow + kUnderWay) == Doubt::never_had);
    CHECK(doubt_of(sent, std::nullopt, kNow + kUnderWay) == Doubt::may_have_it);
    CHECK(doubt_of(sent, true, kNow + kUnderWay) == Doubt::has_it);
    CHECK(kUnderWay > contract::limits::kRequestDeadline);
}

TEST_CASE(
    "A refusal that used up no id keeps a withdrawal waiting, and one with a leaf is the hub's answer") {
    const Desk desk;
    const auto withdrawal = desk.row(desk.revocation(1)).written;
    const auto other = desk.row(referral(desk.exchange.recipient)).written;
    const auto refused = [](Code code, bool leaf) {
        kit::Sent sent{.kind = kit::Sent::Kind::refused, .code = code, .retry = {facts_of(code).retry, {}}};
        if (leaf) sent.receipt = kit::Receipted{LeafIndex{7}, "leaf", "receipt"};
        return sent;
    };
    for (const kit::Written& each : {withdrawal, other}) {
        CHECK(is_put_back(each, refused(Code::busy, false)));
        CHECK(is_put_back(each, refused(Code::clock_skew, false)));
        CHECK_FALSE(is_put_back(each, refused(Code::actor_not_allowed, true)));
        CHECK_FALSE(is_put_back(each, kit::Sent{.kind = kit::Sent::Kind::accepted}));
    }
    CHECK(is_put_back(withdrawal, refused(Code::certificate_unknown, false)));
    CHECK_FALSE(is_put_back(other, refused(Code::certificate_unknown, false)));
}

TEST_CASE("What the hub has not taken of a consent is said until it has") {
    const Desk desk;
    const auto consent = id<ConsentId>(1);
    const OutgoingRow given = desk.given(1);
    const OutgoingRow revoked = desk.row(desk.revocation(2));
    CHECK(not_taken_of({}, consent).empty());
    const std::string of_consent = not_taken_of({desk.in(OutgoingState::waiting, given)}, consent);
    CHECK(of_consent.find("has not taken the consent yet, message " + id<MessageId>(1).text()) == 0);
    const std::string of_withdrawal = not_taken_of(
        {desk.in(OutgoingState::waiting, revoked), desk.in(OutgoingState::accepted, given)}, consent);
    CHECK(of_withdrawal.find("has not taken her withdrawal yet, message " + id<MessageId>(2).text()) == 0);
    const auto refused = desk.in(OutgoingState::refused, revoked, Code::actor_not_allowed);
    CHECK(not_taken_of({refused}, consent) ==
          "refused her withdrawal, message " + id<MessageId>(2).text() + ": actor_not_allowed");
    // Said again by somebody who may.
    CHECK(not_taken_of({refused, desk.in(OutgoingState::accepted, desk.row(desk.revocation(3)))}, consent)
              .empty());
    CHECK(not_taken_of({desk.in(OutgoingState::waiting, desk.row(desk.revocation(4, 7)))}, consent).empty());
}

TEST_CASE("What became of a waiting withdrawal stands in the answer of any other command") {
    const Desk desk;
    const auto written = desk.row(desk.revocation(1)).written;
    const Passing none;
    CHECK(said(beside(Report{}.text("a", "b"), none), false).out == "a  b\n");

    kit::Sent accepted{kit::Sent::Kind::accepted};
    accepted.receipt = kit::Receipted{LeafIndex{7}, "leaf", "receipt"};
    const Passing sent{{{written, Course::sent, kit::Answered<kit::Sent>(accepted)}}};
    const Said told = said(beside(Report{}.text("a", "b"), sent), false);
    CHECK(told.exit_code == 0);
    CHECK(told.out.find("withdrawals  " + id<MessageId>(1).text() +
                        "  consent.revoked.v1  sent first  leaf 7\n") != std::string::npos);

    const kit::HubFault away{.kind = kit::HubFault::Kind::unreachable, .text = "no connection"};
    const Passing waits{{{written, Course::waits, kit::Answered<kit::Sent>(contract::Failure{away})}}};
    const Said failed = said(beside(contract::Failure{Refusal{"unreachable", "no hub"}}, waits), false);
    CHECK(failed.exit_code == 1);
    CHECK(failed.out.find(id<MessageId>(1).text() + "): not sent: unreachable.") != std::string::npos);

    const Passing unknown{{{written, Course::waits}}, "the journal is in use by another process"};
    const std::string both = said(beside(Report{}, unknown), false).out;
    CHECK(both.find("waits: ") != std::string::npos);
    CHECK(both.find("not looked for: the journal is in use by another process") != std::string::npos);
}

TEST_CASE("The mark that a withdrawal may wait is put once and is no fault the second time") {
    const tests::OwnDirectory own;
    std::filesystem::create_directories(own / "keys");
    CHECK(put_unsent_mark(own / "keys"));
    CHECK(put_unsent_mark(own / "keys"));
    CHECK(std::filesystem::exists(unsent_mark(own / "keys")));
    CHECK_FALSE(put_unsent_mark(own / "nowhere"));
}
