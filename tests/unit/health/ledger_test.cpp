// What the ledger was told it knows after a stop at any byte, and nothing else.
#include "adapters/health/ledger.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;

namespace {

class Scratch {
public:
    Scratch() { std::filesystem::remove(file); }
    ~Scratch() { std::filesystem::remove(file); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] std::string text() const {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    void write(const std::string& text) const { std::ofstream(file, std::ios::binary) << text; }
    std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("kesher-health-ledger-" + std::to_string(::getpid()));
};

template <class Id>
Id id(char fill) {
    std::string text = "00000000-0000-4000-8000-000000000000";
    text.back() = fill;
    return Id::parse(text).value();
}
const auto kReferral = id<ReferralId>('1');
const auto kConsent = id<ConsentId>('2');
const auto kMessage = id<MessageId>('3');
const Given kGiven{kReferral, OrganisationId::parse("ssd-5000").value(), Purpose::treatment,
                   LegalBasis::written_consent_explained, kConsent};
const Standing kHeld{ReferralState::on_hold, ReferralState::accepted, true};

}  // namespace

TEST_CASE("What was written is there after the ledger was opened anew") {
    const Scratch scratch;
    {
        Ledger ledger(scratch.file);
        ledger.give(kGiven);
        ledger.attempt(kReferral, id<MessageId>('6'));
        ledger.watch(kReferral, parse_day("2026-11-23").value());
        ledger.place(kReferral, {"Task/1", "ServiceRequest/2", "Consent/3"});
        ledger.stand(kReferral, kHeld);
        ledger.intend(kReferral, {kMessage, {ReferralState::accepted}});
        ledger.book(kReferral, id<MessageId>('4'));
        ledger.stop(kConsent, kMessage);
        ledger.tell(kMessage);
    }
    const Ledger again(scratch.file);
    REQUIRE(again.given(kReferral) != nullptr);
    CHECK(*again.given(kReferral) == kGiven);
    CHECK(again.given_under(kConsent) == std::vector{kGiven});
    CHECK(again.may_arrive(kReferral));
    CHECK(again.attempted(kReferral) == id<MessageId>('6'));
    CHECK(again.watched(kReferral) == parse_day("2026-11-23"));
    CHECK(again.placed(kReferral) == Placed{"Task/1", "ServiceRequest/2", "Consent/3"});
    CHECK(again.stood(kReferral) == kHeld);
    CHECK(again.intended(kReferral)->message == kMessage);
    CHECK(again.booked(kReferral) == id<MessageId>('4'));
    CHECK(again.unacknowledged().at(kConsent) == kMessage);
    CHECK(again.is_told(kMessage));
    CHECK(again.steps(kReferral) == 1);
}

TEST_CASE("A referral without consent and a place without a part stand so") {
    const Scratch scratch;
    Given given = kGiven;
    given.consent.reset();
    {
        Ledger ledger(scratch.file);
        ledger.give(given);
        ledger.place(kReferral, {"Task/1", "", ""});
    }
    const Ledger again(scratch.file);
    CHECK(*again.given(kReferral) == given);
    CHECK(again.placed(kReferral) == Placed{"Task/1", "", ""});
    CHECK(again.given_under(kConsent).empty());
}

TEST_CASE("A referral stands delivered until it is said otherwise and is open until it ended") {
    const Scratch scratch;
    Ledger ledger(scratch.file);
    ledger.give(kGiven);
    CHECK(ledger.stood(kReferral) == Standing{ReferralState::delivered});
    CHECK(ledger.open().size() == 1);
    ledger.stand(kReferral, {ReferralState::completed});
    CHECK(ledger.open().empty());
}

TEST_CASE("An attempt may arrive until what became of it is known, after a stop as well") {
    const Scratch scratch;
    const auto anew = [&] { return Ledger(scratch.file); };
    CHECK_FALSE(anew().may_arrive(kReferral));
    {
        Ledger ledger(scratch.file);
        ledger.give(kGiven);
        ledger.attempt(kReferral, kMessage);
    }
    CHECK(anew().may_arrive(kReferral));
    {
        Ledger ledger(scratch.file);
        ledger.place(kReferral, {"Task/1", "", ""});
        CHECK(ledger.may_arrive(kReferral));  // another attempt's place
        ledger.know(kReferral);
    }
    CHECK_FALSE(anew().may_arrive(kReferral));
    CHECK(anew().attempted(kReferral) == kMessage);
    Ledger ledger(scratch.file);
    ledger.attempt(kReferral, kMessage);
    CHECK(ledger.may_arrive(kReferral));
}

TEST_CASE("What an older ledger gave and never placed may arrive") {
    const Scratch scratch;
    Ledger ledger(scratch.file);
    ledger.give(kGiven);
    CHECK(ledger.may_arrive(kReferral));
    CHECK_FALSE(ledger.attempted(kReferral));
    ledger.place(kReferral, {"Task/1", "", ""});
    CHECK_FALSE(ledger.may_arrive(kReferral));
}

TEST_CASE("Only what the exchange has ended is looked after, until it is known") {
    const Scratch scratch;
    Ledger ledger(scratch.file);
    ledger.give(kGiven);
    ledger.attempt(kReferral, kMessage);
    using S = ReferralState;
    const auto late = [&](ReferralState state) {
        ledger.stand(kReferral, {state});
        CHECK(ledger.may_arrive_late().empty() != ledger.may_arrive_late(kReferral));
        return ledger.may_arrive_late(kReferral);
    };
    for (const auto open : {S::delivered, S::accepted, S::on_hold}) CHECK_FALSE(late(open));
    for (const auto theirs : {S::completed, S::declined, S::failed}) CHECK_FALSE(late(theirs));
    for (const auto ours : {S::withdrawn, S::cancelled, S::expired, S::erroneous}) CHECK(late(ours));
    ledger.know(kReferral);
    CHECK_FALSE(late(S::withdrawn));
}

TEST_CASE("An intention is over once its step was taken") {
    const Scratch scratch;
    Ledger ledger(scratch.file);
    ledger.intend(kReferral, {kMessage, {ReferralState::accepted}});
    CHECK(ledger.stood(kReferral) == Standing{ReferralState::delivered});
    ledger.stand(kReferral, {ReferralState::accepted});
    CHECK_FALSE(ledger.intended(kReferral));
}

TEST_CASE("A revocation waits for its acknowledgement once") {
    const Scratch scratch;
    Ledger ledger(scratch.file);
    ledger.stop(kConsent, kMessage);
    ledger.stop(kConsent, id<MessageId>('5'));
    CHECK(ledger.unacknowledged().at(kConsent) == kMessage);
    ledger.acknowledge(kConsent);
    CHECK(ledger.unacknowledged().empty());
}

TEST_CASE("A line cut off by a stop never happened") {
    const Scratch scratch;
    {
        Ledger ledger(scratch.file);
        ledger.give(kGiven);
        ledger.stand(kReferral, kHeld);
    }
    const std::string whole = scratch.text();
    const std::size_t second = whole.find('\n') + 1;
    for (std::size_t cut = second; cut < whole.size(); cut += 7) {
        scratch.write(whole.substr(0, cut));
        const Ledger again(scratch.file);
        CHECK(again.given(kReferral) != nullptr);
        CHECK(again.stood(kReferral) == Standing{ReferralState::delivered});
        CHECK(scratch.text() == whole.substr(0, second));
    }
}

TEST_CASE("A damaged line stops the start") {
    for (const std::string line :
         {"given x", "known x", "attempted 00000000-0000-4000-8000-000000000001 x",
          "watched 00000000-0000-4000-8000-000000000001 2026-11-31", "stands 1 2 3 4",
          "placed 00000000-0000-4000-8000-000000000001 ../etc - -", "other 1",
          "placed 00000000-0000-4000-8000-000000000001 Patient/1 - -", ""}) {
        const Scratch scratch;
        scratch.write(line + "\n");
        CHECK_THROWS_AS(Ledger(scratch.file), LedgerBroken);
    }
}

TEST_CASE("The file is its owner's alone and is opened once") {
    const Scratch scratch;
    const Ledger ledger(scratch.file);
    struct stat facts{};
    REQUIRE(::stat(scratch.file.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
    CHECK_THROWS_AS(Ledger(scratch.file), LedgerBroken);
}
