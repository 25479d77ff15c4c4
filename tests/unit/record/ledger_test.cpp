// What every native half's ledger keeps over a stop, and that a native half's own lines stand beside it.
#include "adapters/record/ledger.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <fstream>

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::record;

namespace {

class Scratch {
public:
    Scratch() { std::filesystem::remove(file); }
    ~Scratch() { std::filesystem::remove(file); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("kesher-record-ledger-" + std::to_string(::getpid()));
};

template <class Id>
Id id(char last) {
    std::string text = "00000000-0000-4000-8000-000000000000";
    text.back() = last;
    return Id::parse(text).value();
}
const auto kReferral = id<ReferralId>('1');
const auto kConsent = id<ConsentId>('2');
const auto kMessage = id<MessageId>('3');
const Given kGiven{kReferral, OrganisationId::parse("ssd-5000").value(), Purpose::benefit_claim,
                   LegalBasis::written_consent_explained, kConsent};

class WithCalls final : public Ledger {
public:
    explicit WithCalls(const std::filesystem::path& file) : Ledger(file, "the ledger of calls") { load(); }
    void call(const MessageId& message) { append("called " + message.text()); }
    std::set<MessageId> calls;

private:
    [[nodiscard]] std::span<const kit::LedgerFile::Kind> own_kinds() const override {
        static constexpr kit::LedgerFile::Kind kCalled{"called", 2};
        return {&kCalled, 1};
    }
    void apply_own(const kit::LedgerWords& words) override { calls.insert(must(MessageId::parse(words[1]))); }
};

}  // namespace

TEST_CASE("What was written is there after a stop and a native half's own lines beside it") {
    const Scratch scratch;
    const Standing held{ReferralState::on_hold, ReferralState::accepted, true};
    {
        WithCalls ledger(scratch.file);
        ledger.give(kGiven);
        ledger.attempt(kReferral, kMessage);
        CHECK(ledger.is_unknown(kReferral) == true);
        ledger.know(kReferral);
        ledger.stand(kReferral, held);
        ledger.intend(kReferral, {kMessage, {ReferralState::accepted}});
        ledger.stop(kConsent, kMessage);
        ledger.tell(kMessage);
        ledger.call(kMessage);
    }
    const WithCalls again(scratch.file);
    REQUIRE(again.given(kReferral));
    CHECK(*again.given(kReferral) == kGiven);
    CHECK(again.given_under(kConsent).size() == 1);
    CHECK(again.open().size() == 1);
    CHECK(again.is_unknown(kReferral) == false);
    CHECK(again.attempted(kReferral) == kMessage);
    CHECK(again.stood(kReferral) == held);
    CHECK(again.steps(kReferral) == 1);
    CHECK(again.intended(kReferral)->then == Standing{ReferralState::accepted});
    CHECK(again.unacknowledged().at(kConsent) == kMessage);
    CHECK(again.is_told(kMessage));
    CHECK(again.calls.contains(kMessage));
}

TEST_CASE(
    "Nothing is known of a referral that was never given and of one that was given it stands delivered") {
    const Scratch scratch;
    WithCalls ledger(scratch.file);
    CHECK(ledger.given(kReferral) == nullptr);
    CHECK_FALSE(ledger.is_unknown(kReferral));
    CHECK_FALSE(ledger.intended(kReferral));
    CHECK(ledger.stood(kReferral) == Standing{ReferralState::delivered});
}

TEST_CASE("A line of no known kind is damage and so is a word that does not read") {
    for (const std::string_view line : {"forgotten x\n", "called x\n", "stands 1 2\n"}) {
        const Scratch scratch;
        std::ofstream(scratch.file, std::ios::binary) << line;
        CHECK_THROWS_AS(WithCalls(scratch.file), LedgerBroken);
    }
}
