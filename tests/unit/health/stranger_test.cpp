// Of a referral only the body that gave it and the hub say something.
// Method: a ledger that knows one referral, and a server that is away: what is heard is held, the rest
// declined.
#include <catch2/catch.hpp>

#include <filesystem>

#include "adapters/health/clinic.h"
#include "tests/unit/health/clinic_desk.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;
namespace fs = std::filesystem;

namespace {

template <class Id>
Id id(std::uint8_t fill) {
    std::array<std::uint8_t, 16> bytes{};
    bytes.fill(fill);
    return Id::of_random(bytes);
}

class Stage : public test::ClinicDesk {
public:
    Stage() {
        Ledger(root / "ledger")
            .give({id<ReferralId>(3), statement::organisation("ssd-5000"), Purpose::treatment,
                   LegalBasis::written_consent_explained, id<ConsentId>(4)});
        clinic_.emplace(settings, means(), FhirServerSettings{.base_url = settings.base_url});
    }

    kit::NativeAnswer says(const OrganisationId& from, ReferralEvent event) {
        statement::Statement said{
            "hub.example/log",   id<MessageId>(7), MessageType::referral_event, from, self.id,
            SchemaFingerprint{}, Digest{}};
        said.referral = id<ReferralId>(3);
        const codec::Payload payload =
            codec::ReferralEventPayload{.event = event, .occurred_on = statement::kToday};
        const std::optional<codec::Sealed> sealed;
        return clinic_->deliver({said, payload, sealed, Pseudonym::of_random({}), "", statement::kToday});
    }

private:
    std::optional<Clinic> clinic_;
};

}  // namespace

TEST_CASE("What a body that did not give it says of a referral is declined and never reaches the server") {
    Stage stage;
    const auto what = GENERATE(ReferralEvent::withdraw, ReferralEvent::cancel);
    const auto before = fs::file_size(stage.root / "ledger");
    const auto answer = stage.says(statement::organisation("nii"), what);
    REQUIRE(std::holds_alternative<kit::Declined>(answer));
    CHECK(std::get<kit::Declined>(answer).code == Code::event_not_allowed);
    CHECK(fs::file_size(stage.root / "ledger") == before);
}

TEST_CASE("What the body that gave it or the hub says of a referral is heard") {
    Stage stage;
    const auto what = GENERATE(ReferralEvent::withdraw, ReferralEvent::cancel);
    const auto from = GENERATE(std::string("ssd-5000"), std::string("hub"));
    const auto giver = from == "hub" ? OrganisationId::hub() : statement::organisation(from);
    CHECK(std::holds_alternative<kit::Held>(stage.says(giver, what)));  // the server is away
}
