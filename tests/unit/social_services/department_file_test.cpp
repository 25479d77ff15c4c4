// A department's file is taken whole or refused whole, and every fault is told where it stands.
// Method: one referral that is right; each case changes one field or one line of its file.
#include "adapters/social_services/department_file.h"

#include <catch2/catch.hpp>

#include "tests/unit/social_services/file_lines.h"

using namespace kesher::contract;
using namespace kesher::social_services;
using namespace kesher::social_services::test;

namespace {

Referral taken(const std::vector<std::string>& lines) {
    const auto file = decode_department_file(bytes_of(framed(lines)), Encoding::iso_8859_8);
    if (!file) FAIL(words_of(file.error().front(), Language::en));
    return file->referrals.at(0);
}

FileFaults faults_in(const std::string& file) {
    const auto decoded = decode_department_file(bytes_of(file), Encoding::iso_8859_8);
    return decoded ? FileFaults{} : decoded.error();
}

// "2:59 service: service", so that a case reads in one line; empty where the file was taken.
std::string refused(const std::vector<std::string>& lines) {
    const auto faults = faults_in(framed(lines));
    if (faults.empty()) return "";
    const FileFault& fault = faults.front();
    return std::to_string(fault.line) + ':' + std::to_string(fault.column) + ' ' + std::string(fault.field) +
           ' ' + std::string(kFlaws.text(fault.flaw)) + (faults.size() > 1 ? " and more" : "");
}
std::string refused_with(const Changes& changes) { return refused({referral(changes)}); }
std::string refused_identity(const Changes& changes) { return refused({referral(), identity(changes)}); }

Flaw only_flaw(const std::string& file) {
    const auto faults = faults_in(file);
    REQUIRE(faults.size() == 1);
    return faults.front().flaw;
}

}  // namespace

TEST_CASE("A referral without identity is taken and she presents herself") {
    const Referral one = taken({referral()});
    CHECK(one.number == "A-1");
    CHECK(one.service == Service::hous_rent);
    CHECK(one.consent->number == "H-17");
    CHECK(one.authority->symbol == 5000);
    CHECK_FALSE(one.identity);
    CHECK(known_by(one) == KnownBy::presents);
}

TEST_CASE("An identity number makes her identified and a phone alone reachable") {
    CHECK(known_by(taken({referral(), identity()})) == KnownBy::identified);
    CHECK(known_by(taken({referral(), identity({{"id_number", "0"}, {"phone", "0521111111"}})})) ==
          KnownBy::contact);
    CHECK(known_by(taken({referral(), identity({{"id_number", "0"}})})) == KnownBy::presents);
}

TEST_CASE("A value that the contract does not know is refused by line and column and field") {
    CHECK(refused_with({{"service", "HOUS-BOAT"}}) == "2:59 service service");
    CHECK(refused_with({{"priority", "4"}}) == "2:71 priority priority");
    CHECK(refused_with({{"priority", "0"}}) == "2:71 priority priority");
    CHECK(refused_with({{"basis", "SWL9-1"}}) == "2:104 basis basis");
    CHECK(refused_with({{"language", "fr"}}) == "2:123 language language");
    CHECK(refused_with({{"contact", "3"}}) == "2:125 contact contact");
    CHECK(refused_with({{"referral", ""}}) == "2:43 referral missing");
    CHECK(refused_with({{"pseudonym", "1ABC"}}) == "2:23 pseudonym pseudonym");
}

TEST_CASE("A day is a real day and the consent ends on or after the day of the referral") {
    CHECK(refused_with({{"created", "20260230"}}) == "2:72 created not_a_day");
    CHECK(refused_with({{"created", "0"}}) == "2:72 created missing");
    CHECK(refused_with({{"consent_to", "20261121"}}).empty());
    CHECK(refused_with({{"consent_to", "20261120"}}) == "2:96 consent_to consent");
}

TEST_CASE("A consent is named unless a law between public bodies carries the referral") {
    const Changes none{{"consent", ""}, {"consent_to", "0"}};
    CHECK(refused_with(none) == "2:80 consent consent");
    CHECK(refused_with({{"consent", ""}}) == "2:80 consent consent");
    CHECK(refused_with({{"consent_to", "0"}}) == "2:96 consent_to consent");
    CHECK(refused_with({{"consent", ""}, {"consent_to", "0"}, {"basis", "PPL23C-2"}}).empty());
    CHECK(refused_with({{"basis", "PPL23C-2"}}) == "2:80 consent consent");
    CHECK(taken({referral({{"basis", "NO-PERSONAL"}})}).basis == LegalBasis::no_personal_data);
}

TEST_CASE("An authority is a known settlement or a regional council or none") {
    CHECK_FALSE(taken({referral({{"authority_type", ""}, {"symbol", "0"}})}).authority);
    CHECK(taken({referral({{"authority_type", "C"}, {"symbol", "12"}})}).authority->symbol == 12);
    CHECK(refused_with({{"symbol", "1"}}) == "2:119 symbol authority");
    CHECK(refused_with({{"authority_type", "C"}, {"symbol", "0"}}) == "2:119 symbol authority");
    CHECK(refused_with({{"authority_type", "X"}}) == "2:118 authority_type authority");
    CHECK(refused_with({{"authority_type", ""}}) == "2:118 authority_type authority");
}

TEST_CASE("A worker's number is never an identity number") {
    CHECK(taken({referral({{"worker", "w.12"}})}).worker->text() == "w.12");
    CHECK(taken({referral({{"worker", "000000019"}})}).worker->text() == "000000019");
    CHECK(refused_with({{"worker", "000000018"}}) == "2:126 worker worker");
}

TEST_CASE("The number of a referral or of a consent is never an identity number") {
    CHECK(refused_with({{"referral", "000000026"}}) == "2:43 referral value");
    CHECK(refused_with({{"consent", "000000026"}}) == "2:80 consent value");
    // Nine digits of nobody, or more or fewer of them.
    const auto number = GENERATE("000000027", "00000026", "0000000026", "A00000026");
    CHECK(taken({referral({{"referral", number}, {"consent", number}})}).number == number);
    const FileFault fault = faults_in(framed({referral({{"referral", "000000026"}})})).at(0);
    CHECK(words_of(fault, Language::en) == "line 2, column 43, referral: the value does not fit the field");
    CHECK(words_of(fault, Language::he) == "שורה 2, עמודה 43, מספר פנייה: הערך אינו מתאים לשדה");
}

TEST_CASE("An identity has a right check digit and a year and a phone that can be") {
    CHECK(refused_identity({{"id_number", "000000026"}}).empty());
    CHECK(refused_identity({{"id_number", "000000019"}}) == "3:39 id_number id_number");
    CHECK(refused_identity({{"birth_year", "1900"}}).empty());
    CHECK(refused_identity({{"birth_year", "1899"}}) == "3:88 birth_year birth_year");
    CHECK(refused_identity({{"birth_year", "2026"}}).empty());
    CHECK(refused_identity({{"birth_year", "2027"}}) == "3:88 birth_year birth_year");
    CHECK(refused_identity({{"phone", "020000000"}}).empty());
    CHECK(refused_identity({{"phone", "02000000"}}) == "3:92 phone phone");
    CHECK(refused_identity({{"phone", "2000000000"}}) == "3:92 phone phone");
}

TEST_CASE("While nobody may try to reach her no phone is taken and none is written") {
    CHECK(refused({referral({{"contact", "2"}}), identity({{"phone", "0521111111"}})}) ==
          "3:92 phone phone_prohibited");
    CHECK(taken({referral({{"contact", "2"}}), identity()}).contact_prohibited);
    Referral one = taken({referral(), identity({{"phone", "0521111111"}})});
    one.contact_prohibited = true;
    const auto written = encode_department_file({{"000000018", "42"}, {one}}, Encoding::iso_8859_8);
    REQUIRE(written);
    CHECK(text_of(written->bytes).find("0521111111") == std::string_view::npos);
}

TEST_CASE("Identity and need belong to a referral that stands before them") {
    CHECK(refused({identity(), referral()}) == "2:23 referral referral_unknown");
    CHECK(refused({referral(), identity(), identity()}) == "4:23 referral identity_twice");
    CHECK(refused({referral(), referral()}) == "3:43 referral referral_twice");
    CHECK(refused({referral(), need(1, {{"referral", "A-2"}})}) == "3:23 referral referral_unknown");
}

TEST_CASE("The lines of a need follow each other and are at most twenty-five") {
    std::vector<std::string> lines{referral()};
    for (unsigned i = 1; i <= 25; ++i) lines.push_back(need(i));
    CHECK(taken(lines).need.size() == 25);
    lines.push_back(need(26));
    CHECK(refused(lines) == "28:39 need_line need_length");
    CHECK(refused({referral(), need(2)}) == "3:39 need_line need_order");
    CHECK(refused({referral(), need(1), need(1)}) == "4:39 need_line need_order");
}

TEST_CASE("A field has the form of its kind") {
    CHECK(refused_with({{"symbol", "5x"}}) == "2:119 symbol not_a_number");
    CHECK(refused_with({{"service", " HOUS-RENT"}}).starts_with("2:59 service not_a_word"));
    CHECK(refused_with({{"filler", "x"}}) == "2:155 filler blank_missing");
    CHECK(refused_with({{"neutral_name", "\xE0\xE1"}}).empty());
    CHECK(refused_with({{"neutral_name", "\xBF"}}) == "2:135 neutral_name letters");
    CHECK(refused_with({{"neutral_name", "\x07"}}) == "2:135 neutral_name letters");
}

TEST_CASE("A line has its record's length and ends with carriage return and line feed") {
    const std::string good = framed({referral()});
    CHECK(faults_in(good).empty());
    CHECK(only_flaw(framed({referral() + " "})) == Flaw::line_length);
    CHECK(only_flaw(framed({referral().substr(0, 199)})) == Flaw::line_length);
    CHECK(only_flaw(good.substr(0, good.size() - 1)) == Flaw::line_end);
    CHECK(only_flaw(std::string(good).erase(good.find('\r'), 1)) == Flaw::line_end);
    CHECK(only_flaw(framed({"X100" + referral().substr(4)})) == Flaw::record_unknown);
    CHECK(only_flaw(good + "\x1A") == Flaw::line_end);
}

TEST_CASE("A file opens with A100 and ends with Z900 that counts every record") {
    const std::string good = framed({referral()});
    CHECK(only_flaw("") == Flaw::file_empty);
    CHECK(only_flaw(good.substr(97)) == Flaw::frame);
    CHECK(only_flaw(good.substr(0, 97 + 202)) == Flaw::frame);
    CHECK(only_flaw(good.substr(0, 97)) == Flaw::frame);
    CHECK(faults_in(good + good).size() >= 2);
    std::string miscounted = good;
    miscounted.replace(miscounted.find("000000000000003"), 15, "000000000000004");
    CHECK(only_flaw(miscounted) == Flaw::total);
    std::string foreign = good;
    foreign.replace(97 + 13, 9, "000000026");
    CHECK(only_flaw(foreign) == Flaw::entity);
    std::string skipped = good;
    skipped.replace(97 + 4, 9, "000000007");
    CHECK(only_flaw(skipped) == Flaw::record_number);
    std::string other = good;
    other.replace(other.find("&IHUB01&"), 8, "&IHUB02&");
    CHECK(only_flaw(other) == Flaw::frame);
}

TEST_CASE("A file without referrals is a file and one over eight mebibytes is not") {
    CHECK(faults_in(framed({})).empty());
    CHECK(only_flaw(std::string(kFileBytes + 1, ' ')) == Flaw::file_too_large);
    CHECK(only_flaw(std::string(kFileBytes, ' ')) == Flaw::line_end);
}

TEST_CASE("Faults of a whole file are told in order and end at a hundred") {
    std::vector<std::string> lines;
    for (int i = 0; i < 60; ++i) {
        lines.push_back(
            referral({{"referral", "A-" + std::to_string(i)}, {"language", "fr"}, {"service", "NONE"}}));
    }
    const auto faults = faults_in(framed(lines));
    REQUIRE(faults.size() == 100);
    CHECK(faults[0].line == 2);
    CHECK(faults[0].column == 59);
    CHECK(faults[1].column == 123);
    CHECK(faults[2].line == 3);
}

TEST_CASE("A fault is said in words with its place and without the value") {
    const auto faults = faults_in(framed({referral({{"service", "HOUS-BOAT"}})}));
    CHECK(words_of(faults.front(), Language::he) == "שורה 2, עמודה 59, קוד שירות: אין שירות כזה");
    CHECK(words_of(faults.front(), Language::en) == "line 2, column 59, service: there is no such service");
    CHECK(words_of({.line = 0, .column = 0, .flaw = Flaw::file_empty}, Language::en) == "the file is empty");
    CHECK(short_words_of(faults.front()) == "קוד שירות: אין שירות כזה");
    for (const std::string_view flaw : kFlaws.words) {
        CAPTURE(flaw);
        for (const Language language : {Language::he, Language::en}) {
            CHECK_FALSE(
                words_of({.line = 1, .column = 1, .flaw = kFlaws.parse(flaw).value()}, language).empty());
        }
    }
}

TEST_CASE("What is written reads back to the same referrals in each encoding") {
    Referral one = taken({referral(), identity({{"phone", "0521111111"}}), need(1)});
    one.neutral_name = "רות";
    const DepartmentFile file{{"000000018", "000000000000042"}, {one}};
    for (const Encoding encoding : {Encoding::iso_8859_8, Encoding::cp_862, Encoding::windows_1255}) {
        const auto written = encode_department_file(file, encoding);
        REQUIRE(written);
        const auto read = decode_department_file(written->bytes, encoding);
        REQUIRE(read);
        CHECK(*read == file);
    }
}

TEST_CASE("What has no letter in the file or no room in the field is counted") {
    Referral one = taken({referral(), need(1)});
    one.neutral_name = std::string(21, 'x');
    one.need = {"שָׁלוֹם \U0001F600"};
    const auto written = encode_department_file({{"000000018", "42"}, {one}}, Encoding::iso_8859_8);
    REQUIRE(written);
    CHECK(written->cut == 1);
    CHECK(written->replaced == 4);
    const auto read = decode_department_file(written->bytes, Encoding::iso_8859_8);
    REQUIRE(read);
    CHECK(read->referrals[0].neutral_name == std::string(20, 'x'));
    CHECK(read->referrals[0].need[0] == "שלום ?");
}

TEST_CASE("A number that does not fit its field is refused and never cut") {
    Referral one = taken({referral()});
    one.number = std::string(16, '7');
    CHECK(encode_department_file({{"000000018", "42"}, {one}}, Encoding::iso_8859_8));
    one.number = std::string(17, '7');
    const auto written = encode_department_file({{"000000018", "42"}, {one}}, Encoding::iso_8859_8);
    REQUIRE_FALSE(written);
    CHECK(written.error().front().field == "referral");
    CHECK(written.error().front().flaw == Flaw::value);
}

TEST_CASE("Free text is broken at blanks into lines of eighty") {
    CHECK(need_lines("").empty());
    CHECK(need_lines(std::string(80, 'a')).size() == 1);
    CHECK(need_lines(std::string(81, 'a')) == std::vector<std::string>{std::string(80, 'a'), "a"});
    CHECK(need_lines(std::string(80, 'a') + " b") == std::vector<std::string>{std::string(80, 'a'), "b"});
    CHECK(need_lines("one\ntwo") == std::vector<std::string>{"one", "two"});
    const std::string word = "מילה ";
    std::string text;
    for (int i = 0; i < 40; ++i) text += word;
    for (const std::string& line : need_lines(text)) CHECK(line.size() <= 160);
}
