// Who she is and how to reach her stands in the document exactly where it may.
// Method: a name, an id number and a phone are planted; the document's text is searched for them.
#include <catch2/catch.hpp>

#include "adapters/health/bundle_write.h"
#include "adapters/health/referral_read.h"
#include "schemas/json/read.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;

namespace {

// Everything planted although the record may not hold it: the mapping must hold by itself.
Referral planted(KnownBy how) {
    Referral referral = record::samples::whole();
    referral.sealed.known_by = how;
    return referral;
}

bool shows(const Referral& referral, std::string_view text) {
    return transaction_bundle(referral).find(text) != std::string::npos;
}

constexpr std::string_view kMasked =
    R"("tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"REDACTED")";

}  // namespace

TEST_CASE("Where she presents herself neither name nor id number nor phone is in the document") {
    const Referral referral = planted(KnownBy::presents);
    CHECK_FALSE(shows(referral, record::samples::kGivenName));
    CHECK_FALSE(shows(referral, record::samples::kFamilyName));
    CHECK_FALSE(shows(referral, record::samples::kIdNumber));
    CHECK_FALSE(shows(referral, record::samples::kPhone));
    CHECK_FALSE(shows(referral, "1990"));
    CHECK(shows(referral, kMasked));
    CHECK(shows(referral, referral.pseudonym.reveal()));
}

TEST_CASE("A scan of her papers goes along only where she is known by them") {
    const auto shown = [](KnownBy how, DataGroup group) {
        Referral referral = planted(how);
        referral.sealed.attachments = {{"scan.pdf", "application/pdf", group, {1}}};
        return shows(referral, "scan.pdf");
    };
    CHECK_FALSE(shown(KnownBy::presents, DataGroup::identity));
    CHECK_FALSE(shown(KnownBy::presents, DataGroup::contact));
    CHECK(shown(KnownBy::presents, DataGroup::health));
    CHECK_FALSE(shown(KnownBy::contact, DataGroup::identity));
    CHECK(shown(KnownBy::contact, DataGroup::contact));
    CHECK(shown(KnownBy::identified, DataGroup::identity));
}

TEST_CASE("Where she may be contacted the phone is there and she stays masked") {
    const Referral referral = planted(KnownBy::contact);
    CHECK_FALSE(shows(referral, record::samples::kGivenName));
    CHECK_FALSE(shows(referral, record::samples::kFamilyName));
    CHECK_FALSE(shows(referral, record::samples::kIdNumber));
    CHECK_FALSE(shows(referral, "1990"));
    CHECK(shows(referral, record::samples::kPhone));
    CHECK(shows(referral, kMasked));
}

TEST_CASE("Where she is identified id number and name are there and nothing is masked as redacted") {
    const Referral referral = planted(KnownBy::identified);
    CHECK(shows(referral, record::samples::kGivenName));
    CHECK(shows(referral, record::samples::kFamilyName));
    CHECK(shows(referral,
                R"({"system":"http://fhir.health.gov.il/identifier/il-national-id","value":"000000018"})"));
    CHECK(shows(referral, R"("birthDate":"1990")"));
    CHECK(shows(referral, record::samples::kPhone));
    CHECK_FALSE(shows(referral, "REDACTED"));
}

TEST_CASE("While nobody may contact her no phone and no place is in the document whatever else it says") {
    for (const auto how : {KnownBy::presents, KnownBy::contact, KnownBy::identified}) {
        for (const auto flag : {SafetyFlag::contact_prohibited, SafetyFlag::address_confidential}) {
            Referral referral = planted(how);
            referral.sealed.other(DataGroup::locality)->text = "רחוב פלוני 7";
            referral.sealed.attachments.push_back({"map.pdf", "application/pdf", DataGroup::locality, {1}});
            referral.sealed.safety.set(flag, true);
            CHECK_FALSE(shows(referral, record::samples::kPhone));
            CHECK_FALSE(shows(referral, "רחוב פלוני"));
            CHECK_FALSE(shows(referral, "map.pdf"));
            CHECK_FALSE(shows(referral, "telecom"));
            CHECK(shows(referral, kSafetyFlags.text(flag)));
        }
    }
}

TEST_CASE("Contact prohibited is said in the word that SDOH CC has for it and in Hebrew") {
    Referral referral = record::samples::whole();
    CHECK_FALSE(shows(referral, "contacting-subject-prohibited"));
    referral.sealed.safety.contact_prohibited = true;
    CHECK(shows(referral,
                R"("code":"contacting-subject-prohibited","display":"Contacting Subject Prohibited")"));
    CHECK(shows(referral,
                "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"));
}

TEST_CASE("Each safety flag alone goes there and comes back alone") {
    for (std::size_t i = 0; i < kSafetyFlags.size(); ++i) {
        Referral referral = record::samples::known_by(KnownBy::presents);
        referral.sealed.other(DataGroup::locality).reset();
        referral.groups = referral.sealed.groups();
        for (std::size_t j = 0; j < kSafetyFlags.size(); ++j)
            referral.sealed.safety.set(static_cast<SafetyFlag>(j), i == j);
        CHECK((read_referral(transaction_bundle(referral)).value().sealed.safety == referral.sealed.safety));
    }
}

TEST_CASE("Where a far side dropped the flags all of them stand") {
    std::string text = transaction_bundle(record::samples::whole());
    const std::size_t from = text.find("\"orderDetail\":");
    const std::size_t to = text.find("\"subject\":");
    text.erase(from, to - from);
    CHECK((read_referral(text).value().sealed.safety == codec::Safety{}));
    CHECK(codec::Safety{}.contact_prohibited);
}

TEST_CASE("A safe way to reach her is told even where there is no number to call") {
    Referral referral = record::samples::known_by(KnownBy::presents);
    const auto back = read_referral(transaction_bundle(referral)).value();
    CHECK((back.sealed.contact == referral.sealed.contact));
    CHECK(shows(referral, R"({"url":"urn:kesher:safe-channel","valueCode":"sms"})"));
}
