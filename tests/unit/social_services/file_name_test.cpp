// A file's name says whose it is, of which day, and which of that day; nothing else is a name of ours.
#include "adapters/social_services/file_name.h"

#include <catch2/catch.hpp>

#include "adapters/social_services/settlements.h"

using namespace kesher::social_services;

TEST_CASE("A name reads and writes back to itself") {
    for (const char* name :
         {"IHUB_5000_20261121_001.DAT", "IHUB_0070_20260228_999.MSV", "IHUB_C0012_20261121_010.DAT"}) {
        CAPTURE(name);
        const auto read = parse_file_name(name);
        REQUIRE(read);
        CHECK(text(*read) == name);
    }
    const FileName name = parse_file_name("IHUB_C0012_20261121_010.DAT").value();
    CHECK(name.authority == Authority{Authority::Kind::regional_council, 12});
    CHECK(name.sequence == 10);
}

TEST_CASE("The reply to a file has its name with the ending MSV") {
    CHECK(text(reply_to(parse_file_name("IHUB_5000_20261121_001.DAT").value())) ==
          "IHUB_5000_20261121_001.MSV");
}

TEST_CASE("A name with another spelling is no name") {
    for (const char* name :
         {"", "IHUB_", "IHUB_5000_20261121_001.dat", "ihub_5000_20261121_001.DAT",
          "IHUB_500_20261121_001.DAT", "IHUB_0000_20261121_001.DAT", "IHUB_5000_20260230_001.DAT",
          "IHUB_5000_20261121_000.DAT", "IHUB_5000_20261121_1.DAT", "IHUB_5000_20261121_001.DAT.tmp",
          "IHUB_50x0_20261121_001.DAT", "IHUB_5000_2026112a_001.DAT", "IHUB_CC012_20261121_001.DAT",
          "../IHUB_5000_20261121_001.DAT"}) {
        CAPTURE(name);
        CHECK_FALSE(parse_file_name(name));
    }
}

TEST_CASE("A settlement is known by its symbol and zero and a council's number are none") {
    CHECK(settlement(5000)->name_en == "TEL AVIV - YAFO");
    CHECK(settlement(5000)->name_he == "תל אביב - יפו");
    CHECK(settlement(11)->name_he == "ניר ח\"ן");
    CHECK_FALSE(settlement(0));
    CHECK_FALSE(settlement(1));
    CHECK_FALSE(settlement(9998));
    CHECK(settlement_count() == 1'597);
}
