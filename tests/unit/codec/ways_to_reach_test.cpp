// A telephone number or an e-mail address is found in whatever text of the record it was typed.
#include "schemas/codec/ways_to_reach.h"

#include <catch2/catch.hpp>

#include "tests/unit/codec/samples.h"
#include "tests/unit/codec/texts_of_hers.h"

using namespace kesher;
using namespace kesher::codec;
using contract::SafetyFlag;

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
