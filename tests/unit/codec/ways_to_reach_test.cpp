// A telephone number or an e-mail address is found in whatever text of the record it was typed.
#include "schemas/codec/ways_to_reach.h"

#include <catch2/catch.hpp>

#include "schemas/contract/code_points.h"
#include "tests/unit/codec/samples.h"
#include "tests/unit/codec/texts_of_hers.h"

using namespace kesher;
using namespace kesher::codec;
using contract::SafetyFlag;

namespace {

std::string utf8(char32_t c) { return contract::utf8_of({&c, 1}); }

std::string times(std::size_t count, const std::string& text) {
    std::string all;
    while (count-- > 0) all += text;
    return all;
}

// What is typed between the digits of a number and seen there.
constexpr std::u32string_view kSeparators =
    U"-. ()/+_~*\t\r\n"
    U"\u00A0\u00B7\u05BE\u0640\u2000\u2007\u2009\u2010\u2011\u2012\u2013\u2014\u2015\u2022\u2026\u2027\u202F"
    U"\u2044\u205F\u2212\u2215\u3000\uFE58\uFE63\uFF08\uFF09\uFF0A\uFF0B\uFF0D\uFF0E\uFF0F\uFF3F\uFF5E";

// What stands between digits and is not seen there.
constexpr std::u32string_view kUnseen =
    U"\u00AD\u061C\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2066\u2067\u2068\u2069"
    U"\u206F\u20E3\uFE00\uFE0E\uFE0F\uFEFF";

}  // namespace

TEST_CASE("Nine digits dialled in a row or an e-mail address are a way to reach her and a date is not") {
    for (const char* way : {"050-0000000", "+972 50 000 0000", "02.000.0000", "a@b.example", "000000018",
                            "(050) 0000000", "050/0000000", "050 - 000 - 0000", "050\u2011000\u20110000",
                            "٠٥٠٠٠٠٠٠٠", "\u2066050\u2069-0000000", "רותם 050-0000000"}) {
        CAPTURE(way);
        CHECK(names_a_way_to_reach(way));
    }
    for (const char* none : {"", "21-11-2026", "2026-11-21 ", "12345678", "two @ a time", "@",
                             "1,000,000,000", "12/05/2026 14:30", "050    0000000", "ב-12345678 ו-1"}) {
        CAPTURE(none);
        CHECK_FALSE(names_a_way_to_reach(none));
    }
}

TEST_CASE("Three signs of any kind stand between two digits of a number and a fourth ends it") {
    for (const char32_t c : kSeparators) {
        CAPTURE(static_cast<std::uint32_t>(c));
        const std::string sign = utf8(c);
        CHECK(names_a_way_to_reach("050" + sign + "000000"));
        CHECK_FALSE(names_a_way_to_reach("050" + sign + "00000"));  // eight digits
        CHECK(names_a_way_to_reach("050" + times(3, sign) + "000000"));
        CHECK_FALSE(names_a_way_to_reach("050" + times(4, sign) + "000000"));
    }
}

TEST_CASE("However many signs that nobody sees stand in a number it is found") {
    for (const char32_t c : kUnseen) {
        CAPTURE(static_cast<std::uint32_t>(c));
        const std::string unseen = utf8(c);
        CHECK(names_a_way_to_reach("050" + unseen + "000000"));
        CHECK(names_a_way_to_reach("050" + times(9, unseen) + "000000"));
        CHECK(names_a_way_to_reach("050" + unseen + " - " + unseen + "000000"));
        CHECK(names_a_way_to_reach("a" + unseen + "@" + unseen + "b"));
        CHECK_FALSE(names_a_way_to_reach("050" + unseen + "00000"));  // eight digits
        CHECK_FALSE(names_a_way_to_reach("050 " + unseen + "    000000"));
        CHECK_FALSE(names_a_way_to_reach("two " + unseen + "@" + unseen + " a time"));
    }
}

TEST_CASE("A letter or a comma or what stands beside a sign in the alphabet keeps two amounts apart") {
    for (const char32_t c :
         std::u32string_view(U"a,:;?x\u00AB\u00B6\u05BD\u05BF\u05D0\u060C\u0641\u066B\u066C"
                             U"\u2080\u2211\u2213\u3001\uFE57\uFE64\uFF0C\uFF1A\uFF21")) {
        CAPTURE(static_cast<std::uint32_t>(c));
        CHECK_FALSE(names_a_way_to_reach("0500" + utf8(c) + "00000"));
    }
    CHECK_FALSE(
        names_a_way_to_reach("050\xFF"
                             "000000"));  // no UTF-8
}

TEST_CASE("The digits of every keyboard dial and the letters beside them do not") {
    for (const char32_t zero : std::u32string_view(U"0\u0660\u06F0\uFF10")) {
        CAPTURE(static_cast<std::uint32_t>(zero));
        for (char32_t digit = zero; digit < zero + 10; ++digit) {
            CHECK(names_a_way_to_reach(times(9, utf8(digit))));
            CHECK_FALSE(names_a_way_to_reach(times(8, utf8(digit))));
        }
        CHECK_FALSE(names_a_way_to_reach(times(9, utf8(zero + 10))));
    }
    CHECK_FALSE(names_a_way_to_reach(times(9, "\u065F")));
    CHECK_FALSE(names_a_way_to_reach(times(9, "\u06EF")));
    CHECK(names_a_way_to_reach("0\uFF15\u0660-\u06F0\uFF1000-000"));  // of each a few
    CHECK(names_a_way_to_reach(times(9, "0\uFE0F\u20E3")));           // keys, as a telephone draws them
}

TEST_CASE("The sign of an e-mail address is one in full width and in small form as well") {
    for (const char* sign : {"@", "\uFF20", "\uFE6B"}) {
        CAPTURE(sign);
        CHECK(names_a_way_to_reach(std::string("rotem") + sign + "mail.example"));
        CHECK_FALSE(names_a_way_to_reach(std::string("two ") + sign + " a time"));
    }
}

TEST_CASE("A date with slashes is part of no number and what is no day is dialled") {
    for (const char* date :
         {"12/05/2026 14:30", "1/2/26 1234567", "29/02/2028 14", "05/31/2026 14", "2026/05/12 14",
          "31/12/1999 14", "01/01/1900 14", "31/12/2099 14", "12 / 05 / 2026 14", "12/05/2026-15/05/2026",
          "12/05/2026\n15/05/2026", "\u0661\u0662/\u0660\u0665/\u0662\u0660\u0662\u0666 \u0661\u0664",
          "12\u200F/05\u200F/2026 14", "12/05/2026 12345678", "12345678 12/05/2026"}) {
        CAPTURE(date);
        CHECK_FALSE(names_a_way_to_reach(date));
    }
    for (const char* number :
         {"02/123/4567",           "050/123/4567",         "02 / 123 / 4567", "972/50/1234567",
          "02/12/1234567",         "05/00/23/45/67",       "05/01/23/45/67",  "05 / 01 / 23 / 45 / 67",
          "29/02/2027 14",         "32/05/2026 14",        "13/13/2026 14",   "00/05/2026 14",
          "12/00/2026 14",         "12/05/1899 14",        "12/05/2100 14",   "12/05/202 145",
          "012/05/2026",           "12/005/2026",          "0/12/05/2026",    "12/05/2026 123456789",
          "02\uFF0F123\uFF0F4567", "02\u2044123\u22154567"}) {
        CAPTURE(number);
        CHECK(names_a_way_to_reach(number));
    }
}

// adapters/social_services/hebrew.cpp writes for a code page that lacks them: a dash, a blank, points,
// nothing.
TEST_CASE("What a file of the department would hold as a number that can be dialled is found before") {
    constexpr std::u32string_view kBecomeDashes = U"\u05BE\u2010\u2011\u2012\u2013\u2014\u2212";
    constexpr std::u32string_view kBecomeBlanks = U"\u00A0\u2007\u2009\u202F\t\n\r";
    constexpr std::u32string_view kBecomePoints = U"\u2026";
    constexpr std::u32string_view kLeftOut =
        U"\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\uFE0F\uFEFF";
    for (const auto& characters : {kBecomeDashes, kBecomeBlanks, kBecomePoints, kLeftOut}) {
        for (const char32_t c : characters) {
            CAPTURE(static_cast<std::uint32_t>(c));
            CHECK(names_a_way_to_reach("050" + utf8(c) + "0000000"));
            CHECK(names_a_way_to_reach("02" + utf8(c) + "000" + utf8(c) + "0000"));
        }
    }
    for (const char32_t c : kLeftOut) {
        CAPTURE(static_cast<std::uint32_t>(c));
        CHECK(names_a_way_to_reach(utf8(c) + "050" + utf8(c) + " - " + utf8(c) + "0000000"));
    }
}

TEST_CASE("A sign of an e-mail address that stands alone does not hide an address behind it") {
    CHECK(names_a_way_to_reach("@ home: a@b.example"));
    CHECK(names_a_way_to_reach("two @ a time, a@b.example"));
    CHECK_FALSE(names_a_way_to_reach("two @ a time @"));
}

TEST_CASE("In whichever text of hers a way to reach her stands it is found and the text is named") {
    CHECK_FALSE(way_to_reach_in(Sealed{}));
    for (const auto& [name, put] : samples::kTextsOfHers) {
        CAPTURE(name);
        Sealed sealed;
        put(sealed, "רותם");
        CHECK_FALSE(way_to_reach_in(sealed));
        put(sealed, "רותם 050-0000000");
        CHECK(way_to_reach_in(sealed) == name);
        put(sealed, "rotem@mail.example");
        CHECK(way_to_reach_in(sealed) == name);
    }
    const Attachment with_a_number{.name = "scan.pdf", .media_type = "application/x-0500000000"};
    CHECK(way_to_reach_in({.attachments = {with_a_number}}) == "attachments.media_type");
}

TEST_CASE("The number of the referring desk and her identity number lead to her from no text") {
    Sealed sealed{.worker = "03-0000000"};
    sealed.identity = Identity{.id_number = "000000018"};
    CHECK_FALSE(way_to_reach_in(sealed));
}

TEST_CASE("Each of two flags alone forbids every way to reach her and no other flag does") {
    Safety safety;
    CHECK(silence_of(safety) == SafetyFlag::contact_prohibited);
    safety.contact_prohibited = false;
    CHECK(silence_of(safety) == SafetyFlag::address_confidential);
    safety.address_confidential = false;
    CHECK_FALSE(silence_of(safety));
    safety.contact_prohibited = true;
    CHECK(silence_of(safety) == SafetyFlag::contact_prohibited);
}
