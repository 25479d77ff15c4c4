// A stem is found however it is dressed, and a harmless word that holds one by chance is passed over.
// Method: a list of invented stems, so that this file shows none of the real ones.
#include <catch2/catch.hpp>

#include "config/catalogue/catalogue.h"
#include "config/catalogue/never_shown.h"

using namespace kesher::catalogue;

namespace {
const NeverShown& list() {
    static const NeverShown made =
        NeverShown::parse("# invented\nkumquat\nred apple\n\nתפוז\n-תפוזים\nлимон\nليمون\n", "list.txt")
            .value();
    return made;
}
}  // namespace

TEST_CASE("A stem is found inside a word and in any case") {
    CHECK(list().found_in("two KumQuats") == "kumquat");
    CHECK(list().found_in("ЛИМОНАД") == "лимон");
    CHECK(list().found_in("והתפוזון") == "תפוז");
    CHECK(list().found_in("الليمون") == "ليمون");
    CHECK_FALSE(list().found_in("two kumqats"));
    CHECK_FALSE(list().found_in(""));
}

TEST_CASE("A stem of two words is found over a line's end and a hard space") {
    CHECK(list().found_in("a red apple"));
    CHECK(list().found_in("a red\napple"));
    CHECK(list().found_in("a red\u00A0apple"));
    CHECK_FALSE(list().found_in("a red  pear"));
}

TEST_CASE("Vowel points and invisible marks do not hide a stem") {
    CHECK(list().found_in("תַּפּוּז"));
    CHECK(list().found_in("kum\u200Bqu\u00ADat"));
    CHECK(list().found_in("لَيْمُون"));
    CHECK(list().found_in("ليـمون"));
}

TEST_CASE("A harmless word is passed over and a stem beside it is still found") {
    CHECK_FALSE(list().found_in("תפוזים"));
    CHECK(list().found_in("תפוזים ותפוז"));
}

TEST_CASE("A text that is cut in the middle of a letter is searched without fault") {
    CHECK_FALSE(list().found_in("\xD7"));
    CHECK(list().found_in("kumquat\xE2\x80"));
}

TEST_CASE("A list with an empty or tiny stem is refused with its line") {
    const auto tiny = NeverShown::parse("kumquat\nab\n", "list.txt");
    REQUIRE_FALSE(tiny);
    CHECK(tiny.error().front().place.line == 2);
    CHECK_FALSE(NeverShown::parse("# nothing\n", "list.txt"));
    CHECK_FALSE(NeverShown::parse("\xFF\xFF\xFF\xFF\n", "list.txt"));
    CHECK(NeverShown::parse("kumquat", "list.txt"));
}

TEST_CASE("The real list has stems in four alphabets and does not forbid maintenance payments or nutrition") {
    CHECK(NeverShown::built_in().stems().size() >= 30);
    CHECK_FALSE(NeverShown::built_in().found_in("דמי מזונות"));
    CHECK_FALSE(NeverShown::built_in().found_in("ייעוץ תזונה"));
    for (const std::string& stem : NeverShown::built_in().stems()) {
        CAPTURE(stem);
        CHECK(NeverShown::built_in().found_in("x " + stem + " x"));
    }
}

TEST_CASE("No text of the catalogue that people read holds a stem of the list") {
    for (const auto& [key, words] : built_in_catalogue().all_words()) {
        CAPTURE(key);
        for (const std::string* text : {&words.he, &words.en, &words.ar, &words.ru}) {
            CHECK_FALSE(NeverShown::built_in().found_in(*text));
        }
    }
    for (const Notice& notice : built_in_catalogue().notices()) {
        CHECK_FALSE(NeverShown::built_in().found_in(notice.text));
    }
}
