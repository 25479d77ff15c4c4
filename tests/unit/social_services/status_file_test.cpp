// A reply says what became of a file and how referrals stand, and nothing that does not go together.
// Method: one record that is right; each case changes one field.
#include "adapters/social_services/status_file.h"

#include <catch2/catch.hpp>

#include "tests/unit/social_services/file_lines.h"

using namespace kesher::contract;
using namespace kesher::social_services;
using namespace kesher::social_services::test;
using namespace std::chrono_literals;

namespace {

const FileHeader kHeader{"000000018", "000000000000042"};

Result<StatusFile, FileFaults> read(const std::string& line) {
    return decode_status_file(bytes_of(framed({line})), Encoding::iso_8859_8);
}

std::string refused(const std::string& line) {
    const auto file = read(line);
    if (file) return "";
    const FileFault& fault = file.error().front();
    return std::string(fault.field) + ' ' + std::string(kFlaws.text(fault.flaw));
}

Status taken(const Changes& changes) {
    auto file = read(status(changes));
    if (!file) FAIL(words_of(file.error().front(), Language::en));
    return file->statuses.at(0);
}

}  // namespace

TEST_CASE("A status has the number of its state in the contract's list") {
    CHECK(taken({{"status", "5"}}).state == ReferralState::accepted);
    CHECK(taken({{"status", "1"}}).state == ReferralState::draft);
    CHECK(taken({{"status", "16"}}).state == ReferralState::erroneous);
    CHECK(refused(status({{"status", "17"}})) == "status status");
    CHECK(refused(status({{"status", "0"}})) == "status status");
}

TEST_CASE("A decline and a failure have their reason") {
    CHECK(taken({{"status", "10"}, {"reason", "1"}}).reason == Reason::no_capacity);
    CHECK(refused(status({{"status", "10"}})) == "reason reason");
    CHECK(refused(status({{"status", "14"}})) == "reason reason");
    CHECK(refused(status({{"status", "10"}, {"reason", "20"}})) == "reason reason");
}

TEST_CASE("A completion has its outcome and nothing else has one") {
    CHECK(taken({{"status", "15"}, {"note", "2"}}).outcome == Outcome::partly);
    CHECK(refused(status({{"status", "15"}})) == "note outcome");
    CHECK(refused(status({{"note", "1"}})) == "note outcome");
    CHECK(refused(status({{"status", "15"}, {"note", "5"}})) == "note outcome");
}

TEST_CASE("Only an appointment has an hour and the hour is one of the day") {
    CHECK(taken({{"status", "7"}, {"time", "093000"}}).time == 9h + 30min);
    CHECK(taken({{"status", "7"}, {"time", "235959"}}).time == 24h - 1s);
    CHECK_FALSE(taken({{"status", "7"}}).time);
    CHECK(refused(status({{"time", "093000"}})) == "time time");
    CHECK(refused(status({{"status", "7"}, {"time", "240000"}})) == "time time");
    CHECK(refused(status({{"status", "7"}, {"time", "096000"}})) == "time time");
}

TEST_CASE("A status names its referral and its day") {
    CHECK(refused(status({{"referral", ""}})) == "referral missing");
    CHECK(refused(status({{"date", "0"}})) == "date missing");
    CHECK(refused(status({{"worker", "000000018"}})) == "worker worker");
    CHECK(refused(referral()) == " record_unknown");
}

TEST_CASE("A status never names its referral by an identity number") {
    CHECK(refused(status({{"referral", "000000026"}})) == "referral value");
    CHECK(taken({{"referral", "000000027"}}).referral == "000000027");  // nine digits of nobody
}

TEST_CASE("A file was taken without a fault or refused with a known one") {
    CHECK(read(answer({{"records", "3"}}))->answers.at(0).records == 3);
    CHECK(refused(answer({{"fault", "1"}})) == "fault answer");
    CHECK(refused(answer({{"outcome", "R"}})) == "fault answer");
    CHECK(read(answer({{"outcome", "R"}, {"fault", "52"}}))->answers.at(0).flaw.has_value());
    CHECK(refused(answer({{"outcome", "R"}, {"fault", "53"}})) == "fault answer");
    CHECK(read(answer({{"outcome", "R"}, {"fault", "39"}}))->answers.at(0).flaw == Flaw::value);
    CHECK(refused(answer({{"outcome", "X"}, {"fault", "1"}})) == "outcome answer");
}

TEST_CASE("The answer to a file that was taken counts its records") {
    const std::string file = framed({referral(), identity(), need(1), need(2)});
    const auto reply = answer_to(kHeader, decode_department_file(bytes_of(file), Encoding::iso_8859_8));
    REQUIRE(reply.answers.size() == 1);
    CHECK(reply.answers[0].taken);
    CHECK(reply.answers[0].records == 6);
}

TEST_CASE("The answer to a file that was refused tells every fault and reads back") {
    const std::string file = framed({referral({{"service", "NONE"}, {"language", "fr"}})});
    const auto reply = answer_to(kHeader, decode_department_file(bytes_of(file), Encoding::iso_8859_8));
    REQUIRE(reply.answers.size() == 2);
    CHECK(reply.answers[0].flaw == Flaw::service);
    CHECK(reply.answers[0].line == 2);
    CHECK(reply.answers[0].words == "קוד שירות: אין שירות כזה");
    const auto written = encode_status_file(reply, Encoding::windows_1255);
    REQUIRE(written);
    CHECK(written->cut == 0);
    CHECK(decode_status_file(written->bytes, Encoding::windows_1255).value() == reply);
}

TEST_CASE("A worker's number is never written") {
    Status one = taken({{"worker", "w.12"}});
    CHECK(one.worker);
    const auto written = encode_status_file({kHeader, {}, {one}}, Encoding::iso_8859_8);
    REQUIRE(written);
    CHECK(text_of(written->bytes).find("w.12") == std::string_view::npos);
}
