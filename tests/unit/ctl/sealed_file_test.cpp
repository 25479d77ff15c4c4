// The sealed part as a file: what is written is read back, and a member that is wrong is named.
#include <catch2/catch.hpp>

#include "adapters/ctl/sealed_file.h"

using namespace kesher;
using namespace kesher::ctl;
using contract::DataGroup;
using contract::SafetyFlag;

namespace {

codec::Sealed full() {
    codec::Sealed sealed;
    sealed.need = "first talk, mornings";
    sealed.worker = "03-desk";
    sealed.safety.set(SafetyFlag::contact_prohibited, false);
    sealed.identity = codec::Identity{"000000018", "Dana", std::nullopt, 1990};
    sealed.contact =
        codec::Contact{"+97230000000", "Maya", codec::SafeChannel::sms, {{1, 540, 720}, {3, 600, 660}}};
    sealed.other(DataGroup::health) = codec::Particulars{"asthma", {{"allergy", "none"}}};
    sealed.other(DataGroup::programme_fact) = codec::Particulars{};
    sealed.appointment =
        codec::Appointment{contract::Instant{std::chrono::minutes{29'000'000}}, 45, "room 4"};
    sealed.attachments.push_back(
        {"letter.pdf", "application/pdf", DataGroup::health, {0x25, 0x50, 0x00, 0xFF}});
    return sealed;
}

// As whoever wrote the file is told it, without the file's name.
std::string flaw_of(const std::string& text) {
    const auto read = read_sealed(text);
    if (read) return "none";
    const Refusal refused = refusal("bad.json", read.error());
    CHECK(refused.word == "unusable");
    CHECK(refused.remedy.find("adapters/ctl/README.md") != std::string::npos);
    REQUIRE(refused.sentence.starts_with("bad.json: "));
    return refused.sentence.substr(10);
}

}  // namespace

TEST_CASE("What is written of a sealed part is read back") {
    for (const codec::Sealed& sealed : {full(), codec::Sealed{}}) {
        const auto read = read_sealed(write_sealed(sealed));
        REQUIRE(read);
        CHECK(*read == sealed);
    }
}

TEST_CASE("An empty object knows nothing of her and leaves every safety flag standing") {
    const auto read = read_sealed("{}");
    REQUIRE(read);
    CHECK(*read == codec::Sealed{});
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        CHECK(read->safety.has(static_cast<SafetyFlag>(i)));
    }
}

TEST_CASE("Only a flag that the file names is lowered") {
    const auto read = read_sealed(R"({"lowered":["safe_hours"]})");
    REQUIRE(read);
    CHECK_FALSE(read->safety.has(SafetyFlag::safe_hours));
    CHECK(read->safety.has(SafetyFlag::contact_prohibited));
}

TEST_CASE("The first member that is not as it must be is named, and what is wrong with it") {
    const std::string kind = " is of another kind of value than belongs there";
    CHECK(flaw_of(R"({"need":5})") == "need" + kind);
    CHECK(flaw_of(R"({"groups":[]})") == "groups" + kind);
    CHECK(flaw_of(R"({"identity":{"birth_year":"1990"}})") == "identity.birth_year" + kind);
    CHECK(flaw_of(R"({"groups":{"HEALTH":{"answers":[{"code":"a"}]}}})") ==
          "groups.answers.value is missing");
    CHECK(flaw_of(R"({"contact":{"safe_hours":[5]}})") == "contact.safe_hours is no object, with { and }");
    CHECK(flaw_of("5") == "its outermost object is no object, with { and }");
    CHECK(flaw_of(R"({"lowered":["silence"]})").starts_with("lowered is none of: contact-prohibited "));
    CHECK(
        flaw_of(R"({"contact":{"safe_channel":"pigeon"}})").starts_with("contact.safe_channel is none of: "));
    const auto attachment = [](const std::string& group, const std::string& bytes) {
        return R"({"attachments":[{"name":"a","media_type":"b/c","group":")" + group + R"(","bytes":")" +
               bytes + R"("}]})";
    };
    CHECK(flaw_of(attachment("HEALTH", "!")) == "attachments.bytes is no base64");
    CHECK(flaw_of(attachment("WEALTH", "")).starts_with("attachments.group is none of: "));
}

TEST_CASE("A member that the sealed part does not know is told by its place and never by its name") {
    const std::string unknown = " has a member that the sealed part does not know";
    CHECK(flaw_of(R"({"Dana":"a"})") == "its outermost object" + unknown);
    CHECK(flaw_of(R"({"contact":{"Dana":"a"}})") == "contact" + unknown);
    CHECK(flaw_of(R"({"contact":{"safe_hours":[{"weekday":1,"from":0,"until":9,"Dana":1}]}})") ==
          "contact.safe_hours" + unknown);
    CHECK(flaw_of(R"({"groups":{"Dana":{}}})") ==
          "groups has a member that is no data group, or one with a place of its own");
    CHECK(flaw_of(R"({"groups":{"CONTACT":{}}})").starts_with("groups has a member that is no data group"));
}

TEST_CASE("What is no JSON is told by line and column, as an editor counts them") {
    const std::string stops = " is where it stops being JSON";
    CHECK(flaw_of("") == "line 1, column 1" + stops);
    CHECK(flaw_of("{\"need\":\"a\",}") == "line 1, column 13" + stops);
    CHECK(flaw_of("{\n  \"need\": \"a\",\n  }\n") == "line 3, column 3" + stops);
    CHECK(flaw_of("{\n  \"need\": \"a\"\n") == "line 2, column 14" + stops);
    // Characters and not bytes: a Hebrew text stands before what is wrong.
    CHECK(flaw_of("{\"need\":\"שלום\",}") == "line 1, column 16" + stops);
    CHECK(flaw_of("{\"need\":\"a\",\n\"need\":\"b\"}") ==
          "line 2, column 6 names a member of the same object for the second time");
    CHECK(flaw_of("{\"appointment\":{\"minutes\":4.5}}") ==
          "line 1, column 30 has a number that is not whole");
    CHECK(flaw_of(std::string("{\n\0}", 4)) == "line 2, column 1 has a NUL character");
    CHECK(flaw_of("\xEF\xBB\xBF{}").starts_with("line 1, column 1 begins with a byte order mark"));
    CHECK(flaw_of("{}{}") == "line 1, column 3 goes on behind the end of its object");
}
