#include "adapters/health/fhir_fault.h"

#include <array>

namespace kesher::health {
namespace {

struct Said {
    std::string_view he, en;
};
constexpr std::array<Said, kFlaws.size()> kSaid{{
    {"אינו JSON תקין, או גדול או עמוק מהמותר", "not well-formed JSON, or larger or deeper than allowed"},
    {"סוג משאב אחר", "another type of resource"},
    {"חסר", "missing"},
    {"מבנה שונה מהנדרש", "not of the kind it must be"},
    {"קוד לא מוכר", "unknown code"},
    {"שני קודים במקום אחד", "two codes where one may stand"},
    {"אינו תאריך", "not a day"},
    {"אינו מועד", "not a point in time"},
    {"אינו מזהה תקין", "not an identifier of its form"},
    {"שייך לפנייה אחרת", "belongs to another referral"},
    {"מצב הפנייה אינו מאפשר זאת", "the referral's state does not allow it"},
    {"אין זה בסמכות הגורם המקבל", "not for the receiving body to say"},
    {"מספר הרשומות אינו תואם", "the number of entries differs"},
    {"ערך לא תקין", "not a valid value"},
}};

}  // namespace

std::string words_of(const FhirFault& fault, contract::Language language) {
    const Said& said = kSaid[static_cast<std::size_t>(fault.flaw)];
    return fault.place + ": " + std::string(language == contract::Language::he ? said.he : said.en);
}

}  // namespace kesher::health
