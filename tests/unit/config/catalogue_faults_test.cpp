// A catalogue that lacks a word, knows one too many or shows a forbidden one is refused as a whole.
// Method: the built-in files written to a folder of their own, one of them changed.
#include <unistd.h>

#include <catch2/catch.hpp>

#include <fstream>

#include "config/catalogue/catalogue.h"
#include "config/catalogue/catalogue_files.h"

using namespace kesher::catalogue;
using kesher::config::SettingsFaults;

namespace {

class Folder {
public:
    explicit Folder(const Files& files)
        : path_(std::filesystem::temp_directory_path() / ("kesher-catalogue-" + std::to_string(getpid()))) {
        for (const auto& [name, text] : files) {
            std::filesystem::create_directories((path_ / name).parent_path());
            std::ofstream(path_ / name, std::ios::binary) << text;
        }
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// The faults after `from` became `to` in one file.
SettingsFaults faults_after(const std::string& name, const std::string& from, const std::string& to) {
    Files files = built_in_files();
    std::string& text = files.at(name);
    const std::size_t place = text.find(from);
    REQUIRE(place != std::string::npos);
    text.replace(place, from.size(), to);
    const Folder folder(files);
    const auto catalogue = read_catalogue(folder.path());
    return catalogue ? SettingsFaults{} : catalogue.error();
}

std::string one_key(const SettingsFaults& faults) {
    REQUIRE(faults.size() == 1);
    return faults.front().key;
}

}  // namespace

TEST_CASE("A folder that holds the same files is a catalogue") {
    const Folder folder(built_in_files());
    const auto catalogue = read_catalogue(folder.path());
    REQUIRE(catalogue);
    CHECK(catalogue->all_words() == built_in_catalogue().all_words());
}

TEST_CASE("A word missing in one language is refused") {
    CHECK(one_key(faults_after("words/states.toml", "ru = \"Черновик\"\n", "")) == "state.DRAFT.ru");
    CHECK(one_key(faults_after("words/states.toml", "\"Черновик\"", "\"\"")) == "state.DRAFT.ru");
}

TEST_CASE("A code without words and words without a code are refused") {
    const auto faults = faults_after("words/states.toml", "[state.DRAFT]", "[state.DRAUGHT]");
    REQUIRE(faults.size() == 2);
    CHECK(faults[0].key == "state.DRAUGHT");
    CHECK(faults[0].place.line > 0);
    CHECK(faults[1].key == "state.DRAFT");
}

TEST_CASE("A topic that is no closed list may be added freely and is read") {
    CHECK(faults_after("words/states.toml", "[state.DRAFT]",
                       "[page.inbox.title]\nhe = \"א\"\nen = \"A\"\nar = \"ا\"\nru = \"А\"\n[state.DRAFT]")
              .empty());
}

TEST_CASE("A field that is not known is refused") {
    CHECK(one_key(faults_after("services.toml", "owners =", "colour = \"red\"\nowners =")) ==
          "RIGHTS.colour");
    CHECK(one_key(faults_after("organisations.toml", "kind =", "colour = \"red\"\nkind =")) == "nii.colour");
}

TEST_CASE("A flag that is missing is refused and never taken as false") {
    CHECK(one_key(faults_after("services.toml", "reveals = false\n", "")) == "RIGHTS.reveals");
    CHECK(one_key(faults_after("organisations.toml", "in_programme = false\n", "")) == "nii.in_programme");
}

TEST_CASE("A service or kind or purpose that the contract does not know is refused") {
    CHECK(one_key(faults_after("organisations.toml", "\"PUBLIC_BODY\"", "\"BODY\"")) == "nii.kind");
    CHECK(one_key(faults_after("services.toml", "usual_purpose = \"REFERRAL\"", "usual_purpose = \"ANY\"")) ==
          "RIGHTS.usual_purpose");
    CHECK(faults_after("services.toml", "[RIGHTS]", "[LEFTS]").size() == 2);
}

TEST_CASE("An organisation with an id that cannot be is refused") {
    CHECK(one_key(faults_after("organisations.toml", "[nii]", "[NII]")) == "NII");
    CHECK(one_key(faults_after("organisations.toml", "[nii]", "[hub]")) == "hub");
}

TEST_CASE("A text that holds a stem of the list is refused without repeating it") {
    const auto faults = faults_after("services.toml", "\"Rights realisation\"", "\"Help for survivors\"");
    CHECK(one_key(faults) == "RIGHTS.en");
    CHECK(text(faults.front()).find("urvivor") == std::string::npos);
    CHECK(faults_after("notices/referral/v1.en.txt", "Consent", "Survivors").size() == 1);
}

TEST_CASE("A notice that is listed without text or has text without being listed is refused") {
    CHECK(faults_after("notices.toml", "[REFERRAL.v1]", "[REFERRAL.v2]").size() == 8);
    CHECK(one_key(faults_after("notices.toml", "[REFERRAL.v1]",
                               "[ANY.v1]\nreviewed = { he = true, en = true, ar = true, ru = true }\n"
                               "[REFERRAL.v1]")) == "ANY.v1");
}

TEST_CASE("A folder that is not there or lacks a file is refused") {
    CHECK_FALSE(read_catalogue("/nowhere"));
    Files files = built_in_files();
    files.erase("services.toml");
    const Folder folder(files);
    const auto catalogue = read_catalogue(folder.path());
    REQUIRE_FALSE(catalogue);
    CHECK(catalogue.error().size() == 29);
}
