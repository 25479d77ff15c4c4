// The catalogue has words for every code in four languages and agrees with the contract's lists.
#include <catch2/catch.hpp>

#include <set>
#include <sstream>

#include "config/catalogue/catalogue.h"
#include "config/catalogue/catalogue_files.h"
#include "config/catalogue/closed_words.h"
#include "config/catalogue/never_shown.h"
#include "schemas/contract/codes.h"

using namespace kesher::catalogue;
using namespace kesher::contract;

namespace {

const Catalogue& catalogue() { return built_in_catalogue(); }

OrganisationTraits traits(std::string_view id) {
    return catalogue().organisation_traits(OrganisationId::parse(id).value()).value();
}

std::size_t words_in(const std::string& text) {
    std::istringstream stream(text);
    std::string word;
    std::size_t count = 0;
    while (stream >> word) ++count;
    return count;
}

template <class Check>
void for_each_service(Check check) {
    for (std::size_t i = 0; i < kServices.size(); ++i) {
        CAPTURE(kServices.words.at(i));
        check(catalogue().service(static_cast<Service>(i)));
    }
}

constexpr std::array kFour{Language::he, Language::ar, Language::ru, Language::en};
constexpr std::array kWithNotice{Purpose::referral, Purpose::benefit_claim, Purpose::treatment,
                                 Purpose::status_feedback, Purpose::round_table};

}  // namespace

TEST_CASE("Every word of every closed list is said in four different languages") {
    for (const std::string& key : closed_keys()) {
        CAPTURE(key);
        REQUIRE(catalogue().has_words(key));
        for (const Language language : kFour) CHECK_FALSE(catalogue().words(key, language).empty());
        const Words& words = catalogue().words(key);
        CHECK(std::set<std::string>{words.he, words.en, words.ar, words.ru}.size() == 4);
    }
}

TEST_CASE("No words stand in the catalogue for a code that is not in the contract") {
    for (const auto& [key, words] : catalogue().all_words()) {
        CAPTURE(key);
        CHECK((closed_keys().contains(key) || !in_closed_topic(key)));
    }
}

TEST_CASE("Hebrew and Arabic and Russian words are written in their own letters") {
    for (const auto& [key, words] : catalogue().all_words()) {
        CAPTURE(key);
        const auto has = [](const std::string& text, unsigned char low, unsigned char high) {
            return std::any_of(text.begin(), text.end(), [&](char c) {
                return static_cast<unsigned char>(c) >= low && static_cast<unsigned char>(c) <= high;
            });
        };
        CHECK(has(words.he, 0xD7, 0xD7));
        CHECK(has(words.ar, 0xD8, 0xDA));
        CHECK(has(words.ru, 0xD0, 0xD1));
        CHECK_FALSE(has(words.en, 0xD0, 0xDA));
    }
}

TEST_CASE("The states are said to people as the design says them") {
    CHECK(catalogue().words("state.AWAITING_CONSENT").he == "ממתין להסכמתך");
    CHECK(catalogue().words("state.DECLINED").en == "Declined, see reason");
    CHECK(catalogue().words("state.WITHDRAWN").ar == "سُحب بناءً على طلبك");
    CHECK(catalogue().words("state.COMPLETED", Language::ru) == "Завершено");
    CHECK(catalogue().words("state.DRAFT", Language::other) == "טיוטה");
}

TEST_CASE("A refusal's English words are those of the published list") {
    for (std::size_t i = 0; i < kCodeCount; ++i) {
        const CodeFacts& facts = facts_of(static_cast<Code>(i));
        CAPTURE(facts.word);
        const std::string key = "code." + std::string(facts.word);
        CHECK(catalogue().words(key + ".title").en == facts.title);
        CHECK(catalogue().words(key + ".remedy").en == facts.remedy);
    }
}

TEST_CASE("A service's traits agree with the contract's rules about it") {
    for_each_service([](const ServiceTraits& service) {
        CHECK(service.anonymous == may_be_anonymous(service.service));
        CHECK(service.least_known_by == least_known_by(service.service));
        CHECK(service.usual_purpose == usual_purpose(service.service));
        CHECK(service.names == catalogue().words("service." + std::string(kServices.text(service.service))));
    });
}

TEST_CASE("A service belongs to organisations that the catalogue knows") {
    for_each_service([](const ServiceTraits& service) {
        CHECK_FALSE(service.owners.empty());
        for (std::string owner : service.owners) {
            CAPTURE(owner);
            if (owner.back() == '#' || owner.back() == '*') owner.back() = '1';
            CHECK(catalogue().organisation_traits(OrganisationId::parse(owner).value()));
        }
    });
}

TEST_CASE("Sensitive services carry their label and three show the programme by their name") {
    CHECK(catalogue().service(Service::hlt_sex).label == SecurityLabel::hiv);
    CHECK(catalogue().service(Service::hlt_ment).label == SecurityLabel::psy);
    CHECK(catalogue().service(Service::hlt_detox).label == SecurityLabel::eth);
    CHECK(catalogue().service(Service::hous_emerg).label == SecurityLabel::sdv);
    CHECK(catalogue().service(Service::ben_child).label == SecurityLabel::normal);
    std::set<std::string_view> revealing;
    for_each_service([&](const ServiceTraits& service) {
        if (service.reveals) revealing.insert(kServices.text(service.service));
    });
    CHECK(revealing == std::set<std::string_view>{"ACCOMP", "FLEX", "GROUP-DIG"});
}

TEST_CASE("Every organisation of the exchange has traits and no other id has") {
    for (const char* id :
         {"nii", "labor", "housing", "health", "education", "higher-education", "ssd-5000", "ssd-r12",
          "molsa-hq", "molsa-district-3", "provider", "hotline-118", "digital-tool", "rights-engine",
          "ngo-door", "desk-1", "echo", "operator", "auditor"}) {
        CAPTURE(id);
        CHECK(catalogue().organisation_traits(OrganisationId::parse(id).value()));
    }
    for (const char* id :
         {"hub", "ssd-", "ssd-x", "ssd-r", "ssd-rx", "desk-", "desk-one", "ngo-", "nii2", "unknown"}) {
        CAPTURE(id);
        CHECK_FALSE(catalogue().organisation_traits(OrganisationId::parse(id).value()));
    }
}

TEST_CASE(
    "A provider and the digital tool and an association reveal the programme and a hotline and a desk do "
    "not") {
    CHECK(traits("provider").reveals);
    CHECK(traits("digital-tool").reveals);
    CHECK(traits("ngo-door").reveals);
    CHECK_FALSE(traits("hotline-118").reveals);
    CHECK_FALSE(traits("desk-1").reveals);
    CHECK_FALSE(traits("ssd-5000").reveals);
}

TEST_CASE("Ministries and departments and desks and associations are outside the programme") {
    for (const char* id : {"nii", "health", "ssd-5000", "desk-1", "ngo-door", "molsa-district-3"}) {
        CAPTURE(id);
        CHECK_FALSE(traits(id).in_programme);
    }
    CHECK(traits("provider").in_programme);
    CHECK(traits("hotline-118").in_programme);
}

TEST_CASE("Only departments and the provider and a desk record consents") {
    CHECK(traits("ssd-5000").records_consent);
    CHECK(traits("ssd-r12").records_consent);
    CHECK(traits("provider").records_consent);
    CHECK(traits("desk-1").records_consent);
    for (const char* id : {"nii", "health", "hotline-118", "digital-tool", "ngo-door", "molsa-hq", "echo"}) {
        CAPTURE(id);
        CHECK_FALSE(traits(id).records_consent);
    }
}

TEST_CASE("An organisation's name holds the rest of its id") {
    CHECK(traits("ssd-5000").names.he == "מחלקה לשירותים חברתיים 5000");
    CHECK(traits("ssd-r12").names.en == "Social-services department, regional council 12");
    CHECK(traits("desk-1").names.he == "לשכת הפניות 1");
    CHECK(traits("nii").names.en == "National Insurance Institute");
    CHECK(traits("nii").kind == OrganisationKind::public_body);
    CHECK(traits("desk-1").kind == OrganisationKind::provider);
}

TEST_CASE("Five purposes have a notice in four languages and it is found by its version") {
    CHECK(catalogue().notices().size() == 20);
    for (const Purpose purpose : kWithNotice) {
        for (const Language language : kFour) {
            const Notice* notice = catalogue().notice(purpose, language, 1);
            REQUIRE(notice != nullptr);
            CHECK(notice->purpose == purpose);
            CHECK(notice->language == language);
            CHECK(catalogue().newest_notice(purpose, language) == notice);
            CHECK_FALSE(notice->reviewed);
        }
        CHECK(catalogue().notice(purpose, Language::he, 2) == nullptr);
        CHECK(catalogue().notice(purpose, Language::other, 1) == nullptr);
    }
    CHECK(catalogue().newest_notice(Purpose::rehearsal, Language::he) == nullptr);
}

TEST_CASE("A notice can be read aloud in ninety seconds") {
    for (const Notice& notice : catalogue().notices()) {
        CAPTURE(notice.id, kLanguages.text(notice.language));
        const std::size_t most = notice.language == Language::en   ? 220   // 147 words a minute
                                 : notice.language == Language::ru ? 180   // 120
                                                                   : 160;  // 107; prefixes make longer words
        CHECK(words_in(notice.text) <= most);
        CHECK(words_in(notice.text) >= 100);
    }
}

TEST_CASE("A notice says that she may refuse and withdraw and how") {
    const std::map<Language, std::vector<std::string>> said{
        {Language::he, {"ההסכמה היא בחירה שלך", "אין חובה בחוק", "בכל רגע", "118", "זכותך"}},
        {Language::en, {"To agree is your choice", "No law obliges you", "at any moment", "118", "right to"}},
        {Language::ar, {"الموافقة هي اختيارك", "لا يلزمك القانون", "في أي لحظة", "118", "من حقك"}},
        {Language::ru,
         {"Согласие — ваш выбор", "Закон к нему не обязывает", "в любой момент", "118", "Вы вправе"}}};
    for (const Notice& notice : catalogue().notices()) {
        for (const std::string& words : said.at(notice.language)) {
            CAPTURE(notice.id, words);
            CHECK(notice.text.find(words) != std::string::npos);
        }
    }
}

TEST_CASE("Arabic and Russian words are marked as not yet reviewed") {
    CHECK(catalogue().reviewed("state.DRAFT", Language::he));
    CHECK(catalogue().reviewed("state.DRAFT", Language::en));
    CHECK_FALSE(catalogue().reviewed("state.DRAFT", Language::ar));
    CHECK_FALSE(catalogue().reviewed("service.RIGHTS", Language::ru));
}

TEST_CASE("The catalogue built in is the folder's byte for byte") {
    const auto files = read_files(KESHER_SOURCE_DIR "/config/catalogue");
    REQUIRE(files);
    Files expected = *files;
    expected.erase("CMakeLists.txt");
    CHECK(expected == built_in_files());
}

TEST_CASE("A service is offered by the bodies that it names and by nobody else") {
    const Catalogue& all = built_in_catalogue();
    const auto offers = [&](const char* id, Service service) {
        return all.offers(OrganisationId::parse(id).value(), service);
    };
    CHECK(offers("health", Service::hlt_trauma));
    CHECK_FALSE(offers("housing", Service::hlt_trauma));
    CHECK(offers("ssd-5000", Service::hous_emerg));  // a settlement's department
    CHECK(offers("ssd-r12", Service::hous_emerg));   // a regional council's
    CHECK(offers("housing", Service::hous_emerg));
    CHECK_FALSE(offers("ssd-x", Service::hous_emerg));
    CHECK(offers("ngo-example", Service::debt));
}
