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

std::string flaw_of(const std::string& text) {
    const auto read = read_sealed(text);
    return read ? "none" : read.error().member;
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

TEST_CASE("The first member that is not as it must be is named") {
    CHECK(flaw_of(R"({"lowered":["silence"]})") == "lowered");
    CHECK(flaw_of(R"({"need":5})") == "document.need");
    CHECK(flaw_of(R"({"nickname":"a"})") == "document");
    CHECK(flaw_of(R"({"identity":{"birth_year":"1990"}})") == "identity.birth_year");
    CHECK(flaw_of(R"({"contact":{"safe_channel":"pigeon"}})") == "contact.safe_channel");
    CHECK(flaw_of(R"({"groups":{"CONTACT":{}}})") == "groups");
    CHECK(flaw_of(R"({"groups":{"HEALTH":{"answers":[{"code":"a"}]}}})") == "groups.answers.value");
    CHECK(flaw_of(R"({"attachments":[{"name":"a","media_type":"b/c","group":"HEALTH","bytes":"!"}]})") ==
          "attachments");
    CHECK(flaw_of(R"({"need":"a","need":"b"})") == "duplicate_key");
    CHECK(flaw_of("") == "syntax");
}
