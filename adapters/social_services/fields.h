// The records of the departments' files, field by field, as their page has them (README.md): name,
// width, and how a value is written. Fixed width in characters, one byte a character, CRLF lines.
//
// The frame (A100, Z900) is that of the Tax Authority's uniform file, version 1.31; the records
// between are ours. M100 answers a file; S100 tells how a referral stands.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace kesher::social_services {

enum class Shape {
    constant,  // the same in every file
    number,    // digits, zero-filled to the left; zeros alone where there is none
    word,      // A-Z a-z 0-9 . _ - to the left, blanks after it; blank where there is none
    text,      // any letters to the left, blanks after it
    day,       // YYYYMMDD; zeros where there is none
    filler,    // blanks
};

struct Field {
    std::string_view name;
    std::string_view hebrew;
    std::size_t width;
    Shape shape;
};

inline constexpr std::string_view kConstant = "&IHUB01&";

inline constexpr std::array kA100{
    Field{"code", "קוד רשומה", 4, Shape::constant},      Field{"record_no", "מספר רשומה", 9, Shape::number},
    Field{"entity", "מספר ישות", 9, Shape::number},      Field{"primary", "מזהה ראשי", 15, Shape::number},
    Field{"constant", "קבוע מערכת", 8, Shape::constant}, Field{"reserved", "שמור", 50, Shape::filler},
};
inline constexpr std::array kR100{
    Field{"code", "קוד רשומה", 4, Shape::constant},      Field{"record_no", "מספר רשומה", 9, Shape::number},
    Field{"entity", "מספר ישות", 9, Shape::number},      Field{"pseudonym", "כינוי", 20, Shape::word},
    Field{"referral", "מספר פנייה", 16, Shape::word},    Field{"service", "קוד שירות", 12, Shape::word},
    Field{"priority", "דחיפות", 1, Shape::number},       Field{"created", "תאריך הפנייה", 8, Shape::day},
    Field{"consent", "מספר הסכמה", 16, Shape::word},     Field{"consent_to", "תוקף ההסכמה", 8, Shape::day},
    Field{"basis", "בסיס חוקי", 14, Shape::word},        Field{"authority_type", "סוג רשות", 1, Shape::word},
    Field{"symbol", "סמל רשות", 4, Shape::number},       Field{"language", "שפה", 2, Shape::word},
    Field{"contact", "יצירת קשר", 1, Shape::number},     Field{"worker", "מספר העובדת", 9, Shape::word},
    Field{"neutral_name", "שם לפנייה", 20, Shape::text}, Field{"filler", "ריק", 46, Shape::filler},
};
inline constexpr std::array kI100{
    Field{"code", "קוד רשומה", 4, Shape::constant},    Field{"record_no", "מספר רשומה", 9, Shape::number},
    Field{"entity", "מספר ישות", 9, Shape::number},    Field{"referral", "מספר פנייה", 16, Shape::word},
    Field{"id_number", "מספר זהות", 9, Shape::number}, Field{"given_name", "שם פרטי", 20, Shape::text},
    Field{"family_name", "שם משפחה", 20, Shape::text}, Field{"birth_year", "שנת לידה", 4, Shape::number},
    Field{"phone", "טלפון", 10, Shape::word},          Field{"filler", "ריק", 9, Shape::filler},
};
inline constexpr std::array kN100{
    Field{"code", "קוד רשומה", 4, Shape::constant},    Field{"record_no", "מספר רשומה", 9, Shape::number},
    Field{"entity", "מספר ישות", 9, Shape::number},    Field{"referral", "מספר פנייה", 16, Shape::word},
    Field{"need_line", "מספר שורה", 2, Shape::number}, Field{"need", "תוכן הבקשה", 80, Shape::text},
    Field{"filler", "ריק", 10, Shape::filler},
};
inline constexpr std::array kS100{
    Field{"code", "קוד רשומה", 4, Shape::constant},   Field{"record_no", "מספר רשומה", 9, Shape::number},
    Field{"entity", "מספר ישות", 9, Shape::number},   Field{"pseudonym", "כינוי", 20, Shape::word},
    Field{"referral", "מספר פנייה", 16, Shape::word}, Field{"status", "מצב", 2, Shape::number},
    Field{"reason", "סיבה", 3, Shape::number},        Field{"date", "תאריך", 8, Shape::day},
    Field{"time", "שעת המועד", 6, Shape::number},     Field{"worker", "מספר העובדת", 9, Shape::word},
    Field{"note", "קוד תוצאה", 4, Shape::number},     Field{"filler", "ריק", 50, Shape::filler},
};
inline constexpr std::array kM100{
    Field{"code", "קוד רשומה", 4, Shape::constant}, Field{"record_no", "מספר רשומה", 9, Shape::number},
    Field{"entity", "מספר ישות", 9, Shape::number}, Field{"outcome", "תוצאת הקליטה", 1, Shape::word},
    Field{"fault", "קוד שגיאה", 3, Shape::number},  Field{"line", "שורה", 9, Shape::number},
    Field{"column", "עמודה", 4, Shape::number},     Field{"records", "רשומות שנקלטו", 9, Shape::number},
    Field{"words", "הסבר", 80, Shape::text},        Field{"filler", "ריק", 12, Shape::filler},
};
inline constexpr std::array kZ900{
    Field{"code", "קוד רשומה", 4, Shape::constant},      Field{"record_no", "מספר רשומה", 9, Shape::number},
    Field{"entity", "מספר ישות", 9, Shape::number},      Field{"primary", "מזהה ראשי", 15, Shape::number},
    Field{"constant", "קבוע מערכת", 8, Shape::constant}, Field{"total", "סך הרשומות", 15, Shape::number},
    Field{"reserved", "שמור", 50, Shape::filler},
};

template <std::size_t N>
[[nodiscard]] constexpr std::size_t width_of(const std::array<Field, N>& record) {
    std::size_t width = 0;
    for (const Field& field : record) width += field.width;
    return width;
}
static_assert(width_of(kA100) == 95);
static_assert(width_of(kR100) == 200);
static_assert(width_of(kI100) == 110);
static_assert(width_of(kN100) == 130);
static_assert(width_of(kS100) == 140);
static_assert(width_of(kM100) == 140);
static_assert(width_of(kZ900) == 110);

}  // namespace kesher::social_services
