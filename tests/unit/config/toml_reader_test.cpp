// A settings table judges a file: what is unknown, out of range, missing or secret is refused by name
// and line. Method: one small table; each case changes one line of a file that is right.
#include <catch2/catch.hpp>

#include "config/toml_document.h"
#include "config/toml_reader.h"

using namespace kesher::config;
using namespace std::chrono_literals;

namespace {

constexpr std::array kTable{
    Setting{"officers", Kind::texts, "[]", "0..2", "Officers whose work this is."},
    Setting{"office.id", Kind::text, "\"ssd-5000\"", "", "Id of the office.", Need::required},
    Setting{"office.open", Kind::flag, "true", "", "Whether it takes referrals."},
    Setting{"poll.every", Kind::duration, "\"5m\"", "1s..1h", "How often the folder is read."},
    Setting{"poll.files", Kind::count, "10", "1..100", "Files taken at once."},
    Setting{"poll.mode", Kind::choice, "\"copy\"", "copy|move", "What happens to a file that was read."},
    Setting{"folders.in", Kind::file, "\"in\"", "", "Folder that is read."},
    Setting{"folders.key_file", Kind::file, "\"\"", "", "File of the key."},
    Setting{"hub.host", Kind::host, "\"\"", "", "Name of the hub."},
    Setting{"hub.address", Kind::address, "\"127.0.0.1\"", "", "Address of the hub."},
    Setting{"route", Kind::entries, "", "", "Which organisation gives a service."},
};

Values read(const std::string& toml) {
    auto values = parse_table(toml, "/etc/kesher/office.toml", kTable);
    if (!values) FAIL(text(values.error().front()));
    return std::move(values).value();
}

SettingsFaults faults_of(const std::string& toml) {
    const auto values = parse_table(toml, "office.toml", kTable);
    REQUIRE_FALSE(values);
    return values.error();
}

SettingsFault one_fault(const std::string& line) {
    const auto faults = faults_of("office.id = \"ssd-5000\"\n" + line + "\n");
    REQUIRE(faults.size() == 1);
    return faults.front();
}

}  // namespace

TEST_CASE("What a file leaves out has its default") {
    const Values values = read("office.id = \"ssd-70\"");
    CHECK(values.text("office.id") == "ssd-70");
    CHECK(values.flag("office.open"));
    CHECK(values.duration("poll.every") == 5min);
    CHECK(values.count("poll.files") == 10);
    CHECK(values.text("poll.mode") == "copy");
    CHECK(values.file("folders.in") == "/etc/kesher/in");
    CHECK(values.file("folders.key_file").empty());
    CHECK(values.texts("officers").empty());
    CHECK(values.entries("route").empty());
}

TEST_CASE("What a file says is read with its kind") {
    const Values values = read(
        "officers = [\"a\", \"b\"]\n[office]\nid = \"x\"\nopen = false\n[poll]\nevery = \"1h\"\nfiles = 100\n"
        "mode = \"move\"\n[folders]\nin = \"/srv/in\"\n[hub]\nhost = \"hub.example\"\naddress = \"::1\"\n");
    CHECK_FALSE(values.flag("office.open"));
    CHECK(values.duration("poll.every") == 1h);
    CHECK(values.count("poll.files") == 100);
    CHECK(values.text("poll.mode") == "move");
    CHECK(values.file("folders.in") == "/srv/in");
    CHECK(values.text("hub.host") == "hub.example");
    CHECK(values.text("hub.address") == "::1");
    CHECK(values.texts("officers") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("Free keys are kept in the order of the file with nested ones joined by a dot") {
    const Values values = read(
        "office.id = \"x\"\n[route]\nHOUS-RENT = \"housing\"\n\"BEN-CHILD\" = \"nii\"\n"
        "[route.HOUS-EMERG]\n5000 = \"ssd-5000\"\n");
    const auto& routes = values.entries("route");
    REQUIRE(routes.size() == 3);
    CHECK(routes[0].key == "HOUS-RENT");
    CHECK(routes[1].value == "nii");
    CHECK(routes[2].key == "HOUS-EMERG.5000");
    CHECK(routes[2].place.line == 6);
}

TEST_CASE("A free key with another value than a text is refused by its whole name") {
    CHECK(one_fault("route.HOUS-RENT = 7").key == "route.HOUS-RENT");
    CHECK(one_fault("route = \"housing\"").key == "route");
    CHECK(one_fault("route.\"A.B\" = \"x\"\nroute.A.B = \"y\"").what == "this key stands twice");
}

TEST_CASE("An unknown key is refused with its line and the names that are known there") {
    const SettingsFault fault = one_fault("[poll]\nevry = \"5m\"");
    CHECK(fault.key == "poll.evry");
    CHECK(fault.place == Place{3, 1});
    CHECK(fault.mend == "Known here are every, files, mode");
    CHECK(text(fault) ==
          "office.toml:3:1: poll.evry: there is no such setting. Known here are every, files, mode.");
    CHECK(one_fault("[pol]\nevery = \"5m\"").key == "pol");
    CHECK(one_fault("poll = 5").key == "poll");
}

TEST_CASE("A secret in the file is refused and never repeated") {
    const SettingsFault fault = one_fault("office.password = \"hunter2\"");
    CHECK(fault.what == "a secret never stands in this file");
    CHECK(text(fault).find("hunter2") == std::string::npos);
}

TEST_CASE("A number is taken from the first to the last of its range") {
    const std::string id = "office.id = \"x\"\n";
    CHECK(read(id + "poll.files = 1").count("poll.files") == 1);
    CHECK(one_fault("poll.files = 0").what == "0 is out of range");
    CHECK(one_fault("poll.files = 101").mend == "Give a whole number from 1 to 100");
    CHECK(one_fault("poll.files = -1").what == "-1 is out of range");
    CHECK(one_fault("poll.files = \"7\"").what == "it is not a whole number");
    CHECK(one_fault("poll.files = 7.0").what == "it is not a whole number");
}

TEST_CASE("A duration is taken from the first to the last of its range") {
    const std::string id = "office.id = \"x\"\n";
    CHECK(read(id + "poll.every = \"1s\"").duration("poll.every") == 1s);
    CHECK(one_fault("poll.every = \"999ms\"").what == "999ms is out of range");
    CHECK(one_fault("poll.every = \"61m\"").what == "61m is out of range");
    CHECK(one_fault("poll.every = \"5\"").what == "it is not a duration");
    CHECK(one_fault("poll.every = 5").what == "it is not a plain text in quotes");
}

TEST_CASE("A word that is not on the list is refused with the list") {
    CHECK(one_fault("poll.mode = \"copies\"").mend == "Give one of copy|move");
    CHECK(one_fault("office.open = \"true\"").key == "office.open");
    CHECK(one_fault("hub.host = \"Hub.example\"").key == "hub.host");
    CHECK(one_fault("hub.address = \"hub.example\"").key == "hub.address");
    CHECK(one_fault("hub.address = \"\"").key == "hub.address");
}

TEST_CASE("A list is taken up to its last allowed length and of texts only") {
    CHECK(one_fault("officers = [\"a\", \"b\", \"c\"]").key == "officers");
    CHECK(one_fault("officers = [1]").key == "officers");
    CHECK(one_fault("officers = \"a\"").key == "officers");
}

TEST_CASE("A missing setting without default is refused") {
    const auto faults = faults_of("");
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().key == "office.id");
    CHECK(faults.front().place == Place{});
    CHECK(faults.front().mend == "Set it, for example to \"ssd-5000\"");
}

TEST_CASE("All faults of a file are told at once and in the order of its lines") {
    const auto faults = faults_of("[poll]\nmode = \"no\"\nfiles = 0\nevery = \"x\"\nnone = 1\n");
    REQUIRE(faults.size() == 5);
    CHECK(faults[0].key == "office.id");
    CHECK(faults[1].place.line == 2);
    CHECK(faults[2].place.line == 3);
    CHECK(faults[3].place.line == 4);
    CHECK(faults[4].place.line == 5);
}

TEST_CASE("A file that is not TOML or has a key twice is refused with its line") {
    CHECK(faults_of("office.id = \"x\"\n\noops\n").front().place.line == 3);
    CHECK(faults_of("office.id = \"x\"\noffice.id = \"y\"\n").front().place.line == 2);
    CHECK(faults_of("office.id = \"\xFF\"\n").front().what == "the file is not UTF-8 text");
    CHECK(faults_of(std::string(kTomlBytes + 1, '\n')).front().what == "the file is over 1 MiB");
    CHECK(parse_toml(std::string(kTomlBytes, '\n'), "blank.toml"));
}

TEST_CASE("A file that is not there is a fault and not a default") {
    const auto values = read_table("/nowhere/office.toml", kTable);
    REQUIRE_FALSE(values);
    CHECK(values.error().front().what == "there is no such file");
}

TEST_CASE("The example of a table reads back to the table's defaults") {
    const std::string example = example_text("Settings of an office.", kTable);
    const Values values = read(example);
    CHECK(values.text("office.id") == "ssd-5000");
    CHECK(values.duration("poll.every") == 5min);
    for (const Setting& setting : kTable) {
        CAPTURE(setting.key);
        CHECK(example.find("# " + std::string(setting.doc)) != std::string::npos);
    }
}

TEST_CASE("A rule over several settings can say where one of them stands") {
    const Values values = read("office.id = \"x\"\n[poll]\nfiles = 7\n");
    const SettingsFault fault = values.fault("poll.files", "it is odd", "Take an even one");
    CHECK(fault.place == Place{3, 1});
    CHECK(fault.file == "/etc/kesher/office.toml");
}

TEST_CASE("A text at which the library under the reader would stop the program is a fault like any other") {
    CHECK(one_fault("office.open = 1979-05-27T.7").place.line == 2);
    const auto stray = parse_toml("\nr1\xCD\x8C", "stray.toml");
    REQUIRE_FALSE(stray);
    CHECK(stray.error().front().place == Place{2, 3});
    CHECK_FALSE(parse_toml("a = \"\\", "unended.toml"));
    CHECK_FALSE(parse_toml("a = \"\"\"b\\\xCD\x8C", "escaped.toml"));
    CHECK_FALSE(parse_toml("a = \"\"\"a\\ \xCD\x8Cr", "stray.toml"));
    CHECK(parse_toml("a = \"\"\"a\\ \n \xD7\xA7\"\"\"", "lines.toml"));
    CHECK_FALSE(parse_toml("a =-\"\"\"a\"\\r1\xCD\x8C", "stray.toml"));
    // A quote within a number begins no text, nor does one that never ends.
    CHECK_FALSE(
        parse_toml("a = 0x['06d0\")\"li\\\\r1\xCD\x8C"
                   "1",
                   "stray.toml"));
    CHECK_FALSE(parse_toml("a = \"\"\"\"\xD7\xA7\"\"\"\"\xD7\xA7", "stray.toml"));
}

TEST_CASE("Hebrew stands in quotes of every kind and in comments and nowhere else") {
    CHECK(
        parse_toml("\xEF\xBB\xBF# \xD7\xA7\na = \"\xD7\xA7\\\"\xD7\xA7\"\nb = '''\xD7\xA7\n\xD7\xA7'''\n"
                   "c = \"\"\"\"\xD7\xA7\"\"\"\"\nd = 'x\"\xD7\xA7' # \xD7\xA7\n\"\xD7\xA7\" = 1\n",
                   "quotes.toml"));
    CHECK_FALSE(parse_toml("a = \xD7\xA7", "bare.toml"));
}
