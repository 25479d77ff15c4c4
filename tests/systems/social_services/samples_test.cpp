// What python3's codecs write, we read; what we write is what they write, byte for byte.
// Method: make_samples.py knows the layout from the page alone and shares no code with the product.
#include <unistd.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/social_services/status_file.h"
#include "schemas/contract/code_points.h"

using namespace kesher::contract;
using namespace kesher::social_services;
using namespace std::chrono_literals;

namespace {

class Samples {
public:
    Samples()
        : folder_(std::filesystem::temp_directory_path() / ("kesher-samples-" + std::to_string(getpid()))) {
        const std::string script = KESHER_SOURCE_DIR "/tests/systems/social_services/make_samples.py";
        REQUIRE(std::system(("python3 -B '" + script + "' '" + folder_.string() + "'").c_str()) == 0);
    }
    ~Samples() { std::filesystem::remove_all(folder_); }
    Samples(const Samples&) = delete;
    Samples& operator=(const Samples&) = delete;

    std::string text(Encoding encoding, const std::string& ending) const {
        std::ifstream stream(folder_ / (std::string(kEncodings.text(encoding)) + ending), std::ios::binary);
        std::stringstream bytes;
        bytes << stream.rdbuf();
        return bytes.str();
    }

private:
    std::filesystem::path folder_;
};

constexpr std::array kThree{Encoding::iso_8859_8, Encoding::cp_862, Encoding::windows_1255};
const FileHeader kHeader{"000000018", "000000000000042"};
const Day kDay = parse_day("2026-11-21").value();

DepartmentFile expected() {
    Referral rent{.pseudonym = {},
                  .number = "2026-0001",
                  .service = Service::hous_rent,
                  .priority = Priority::routine,
                  .created = kDay,
                  .consent = ConsentReference{"H-17", parse_day("2027-01-01").value()},
                  .basis = LegalBasis::written_consent_explained,
                  .authority = Authority{Authority::Kind::settlement, 5000},
                  .language = Language::he,
                  .contact_prohibited = false,
                  .worker = OfficerId::parse("w.12"),
                  .neutral_name = "רות ע\"ש",
                  .identity = Identity{"000000018", "רות", "כהן-לוי", 1990, "0500000000"},
                  .need = {"מבקשת סיוע בשכר דירה, דו-קיום של 2 נפשות", "שורה שנייה (ABC)"}};
    Referral aid{.pseudonym = Pseudonym::parse("10000000000000000J"),
                 .number = "2026-0002",
                 .service = Service::legal_aid,
                 .priority = Priority::urgent,
                 .created = kDay,
                 .consent = {},
                 .basis = LegalBasis::between_public_bodies_within_powers,
                 .authority = Authority{Authority::Kind::regional_council, 12},
                 .language = Language::ar,
                 .contact_prohibited = true,
                 .worker = {},
                 .neutral_name = "",
                 .identity = {},
                 .need = {}};
    return {kHeader, {rent, aid}};
}

StatusFile expected_reply() {
    Status scheduled{.pseudonym = {},
                     .referral = "2026-0001",
                     .state = ReferralState::scheduled,
                     .reason = {},
                     .date = parse_day("2026-11-30").value(),
                     .time = 9h + 30min,
                     .worker = {},
                     .outcome = {}};
    Status declined{.pseudonym = {},
                    .referral = "2026-0002",
                    .state = ReferralState::declined,
                    .reason = Reason::no_capacity,
                    .date = parse_day("2026-11-22").value(),
                    .time = {},
                    .worker = {},
                    .outcome = {}};
    const Answer refused{.taken = false,
                         .flaw = Flaw::service,
                         .line = 2,
                         .column = 59,
                         .records = 0,
                         .words = "קוד שירות: אין שירות כזה"};
    return {kHeader, {refused}, {scheduled, declined}};
}

}  // namespace

TEST_CASE("A file of referrals made by python reads the same in all three encodings") {
    const Samples samples;
    for (const Encoding encoding : kThree) {
        CAPTURE(kEncodings.text(encoding));
        const auto file = decode_department_file(bytes_of(samples.text(encoding, ".DAT")), encoding);
        if (!file) FAIL(words_of(file.error().front(), Language::en));
        CHECK(*file == expected());
    }
}

TEST_CASE("A file of referrals that we write is python's byte for byte but for the worker") {
    const Samples samples;
    for (const Encoding encoding : kThree) {
        CAPTURE(kEncodings.text(encoding));
        const auto written = encode_department_file(expected(), encoding);
        REQUIRE(written);
        std::string by_python = samples.text(encoding, ".DAT");
        by_python.replace(by_python.find("w.12"), 4, "    ");
        CHECK(text_of(written->bytes) == by_python);
        CHECK(written->replaced == 0);
        CHECK(written->cut == 0);
    }
}

TEST_CASE("A reply made by python reads and writes to the same bytes") {
    const Samples samples;
    for (const Encoding encoding : kThree) {
        CAPTURE(kEncodings.text(encoding));
        const std::string by_python = samples.text(encoding, ".MSV");
        const auto reply = decode_status_file(bytes_of(by_python), encoding);
        if (!reply) FAIL(words_of(reply.error().front(), Language::en));
        CHECK(*reply == expected_reply());
        const auto written = encode_status_file(*reply, encoding);
        REQUIRE(written);
        CHECK(text_of(written->bytes) == by_python);
    }
}

TEST_CASE("Every byte is the character that python says but for controls and direction marks") {
    const Samples samples;
    for (const Encoding encoding : kThree) {
        std::istringstream rows(samples.text(encoding, ".table"));
        unsigned byte = 0;
        std::string character;
        std::size_t seen = 0;
        while (rows >> byte >> character) {
            CAPTURE(kEncodings.text(encoding), byte, character);
            ++seen;
            const auto ours = character_of(static_cast<std::uint8_t>(byte), encoding);
            const unsigned long theirs = character == "-" ? 0 : std::stoul(character);
            const bool invisible =
                theirs < 0x20 || (theirs >= 0x7F && theirs < 0xA0) || theirs == 0x200E || theirs == 0x200F;
            CHECK(ours.has_value() == !invisible);
            if (ours && !invisible)
                CHECK(code_points(*ours) == std::u32string(1, static_cast<char32_t>(theirs)));
        }
        CHECK(seen == 256);
    }
}
