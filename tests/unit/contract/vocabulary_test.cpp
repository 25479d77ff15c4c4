// The words of the exchange are stored for ever: they are spelled once and never change place.
#include <catch2/catch.hpp>

#include <set>

#include "schemas/contract/vocabulary.h"

using namespace kesher::contract;

namespace {
template <class List>
void check_unique(const List& list) {
    std::set<std::string_view> seen;
    for (const std::string_view word : list.words) {
        CAPTURE(word);
        CHECK_FALSE(word.empty());
        CHECK(seen.insert(word).second);
        CHECK(list.text(list.parse(word).value()) == word);
    }
    CHECK_FALSE(list.parse(""));
    CHECK_FALSE(list.parse("no such word"));
}
}  // namespace

TEST_CASE("Every list has distinct words that read back to themselves") {
    check_unique(kMessageTypes);
    check_unique(kPurposes);
    check_unique(kDataGroups);
    check_unique(kLegalBases);
    check_unique(kOrganisationKinds);
    check_unique(kOrganisationStatuses);
    check_unique(kOfficerRoles);
    check_unique(kReferralStates);
    check_unique(kReferralEvents);
    check_unique(kReasons);
    check_unique(kOutcomes);
    check_unique(kKnownBy);
    check_unique(kPriorities);
    check_unique(kLanguages);
    check_unique(kDirections);
    check_unique(kConsentStates);
    check_unique(kConsentForms);
    check_unique(kDoors);
    check_unique(kAckOutcomes);
    check_unique(kSafetyFlags);
    check_unique(kServices);
}

TEST_CASE("Seven of the sixteen states end a referral") {
    int terminal = 0;
    for (std::size_t i = 0; i < kReferralStates.size(); ++i) {
        if (is_terminal(static_cast<ReferralState>(i))) ++terminal;
    }
    CHECK(terminal == 7);
    CHECK(is_terminal(ReferralState::declined));
    CHECK(is_terminal(ReferralState::erroneous));
    CHECK_FALSE(is_terminal(ReferralState::on_hold));
}

TEST_CASE("A benefit and public housing and higher education need to know who she is and nothing else does") {
    std::set<std::string_view> identified;
    for (std::size_t i = 0; i < kServices.size(); ++i) {
        const auto service = static_cast<Service>(i);
        if (least_known_by(service) == KnownBy::identified) identified.insert(kServices.text(service));
        CHECK(least_known_by(service) != KnownBy::contact);
        CHECK_FALSE((least_known_by(service) == KnownBy::identified && may_be_anonymous(service)));
    }
    CHECK(identified == std::set<std::string_view>{"BEN-INCOME", "BEN-DISAB", "BEN-CHILD", "BEN-ALIM",
                                                   "BEN-UNEMP", "HOUS-RENT", "HOUS-PUBLIC", "EDU-HIGHER"});
}

TEST_CASE("Only the bases between public bodies stand without a consent") {
    int without = 0;
    for (std::size_t i = 0; i < kLegalBases.size(); ++i) {
        if (needs_no_consent(static_cast<LegalBasis>(i))) ++without;
    }
    CHECK(without == 3);
    CHECK_FALSE(needs_no_consent(LegalBasis::consent));
}

TEST_CASE("The usual purpose follows the service") {
    CHECK(usual_purpose(Service::ben_income) == Purpose::benefit_claim);
    CHECK(usual_purpose(Service::ben_unemp) == Purpose::benefit_claim);
    CHECK(usual_purpose(Service::hlt_trauma) == Purpose::treatment);
    CHECK(usual_purpose(Service::hous_rent) == Purpose::referral);
}
