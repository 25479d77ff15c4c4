// Every value comes back as it went: alone, in arrays, as NULL, empty and at its limits.
#include <catch2/catch.hpp>
#include <limits>

#include "gateway/store/connection.h"
#include "tests/support/postgres.h"

using namespace kesher;
using namespace kesher::store;

namespace {

// Values need no tables, so the maintenance database serves.
Connection connect(std::span<const Statement> statements = {}) {
    return {{.conninfo = tests::FreshDatabase::cluster()}, statements};
}

contract::Bytes pattern(std::size_t size) {
    contract::Bytes bytes(size);
    for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<std::uint8_t>(at * 31 + at / 256);
    return bytes;
}

constexpr std::size_t kMiB = 1024 * 1024;

}  // namespace

TEST_CASE("Numbers come back at both ends of their range") {
    Connection connection = connect();
    using I16 = std::numeric_limits<std::int16_t>;
    using I32 = std::numeric_limits<std::int32_t>;
    using I64 = std::numeric_limits<std::int64_t>;
    const Rows rows = connection.query(
        "SELECT $1::bigint, $2::bigint, $3::integer, $4::integer, $5::smallint, "
        "$6::smallint, $1::bigint < 0, $2::bigint = 9223372036854775807",
        Parameters{}
            .bigint(I64::min())
            .bigint(I64::max())
            .integer(I32::min())
            .integer(I32::max())
            .smallint(I16::min())
            .smallint(I16::max()));
    const Row row = rows.only();
    CHECK(row.bigint(0) == I64::min());
    CHECK(row.bigint(1) == I64::max());
    CHECK(row.integer(2) == I32::min());
    CHECK(row.integer(3) == I32::max());
    CHECK(row.smallint(4) == I16::min());
    CHECK(row.smallint(5) == I16::max());
    CHECK(row.boolean(6));
    CHECK(row.boolean(7));
}

TEST_CASE("Texts, bytes and ids come back unchanged, also the empty ones") {
    Connection connection = connect();
    const Uuid id{0, 1, 2, 3, 4, 5, 0x46, 7, 0x88, 9, 10, 11, 12, 13, 14, 255};
    const contract::Bytes every_byte = pattern(256);
    const Rows rows = connection.query(
        "SELECT $1::text, $2::text, $3::bytea, $4::bytea, $5::uuid, $5::uuid::text, octet_length($4::bytea)",
        Parameters{}.text("קשר ' \\ \" \n").text("").bytes(every_byte).bytes(contract::ByteView{}).uuid(id));
    const Row row = rows.only();
    CHECK(row.text(0) == "קשר ' \\ \" \n");
    CHECK(row.text(1).empty());
    CHECK(row.bytes(2) == every_byte);
    CHECK(row.bytes(3).empty());
    CHECK(row.uuid(4) == id);
    CHECK(row.text(5) == "00010203-0405-4607-8809-0a0b0c0d0eff");
    CHECK(row.integer(6) == 0);
}

TEST_CASE("An absent value is NULL on the server and nothing on its way back") {
    Connection connection = connect();
    const Rows rows = connection.query("SELECT $1::bigint, $2::text, $3::bytea, $4::uuid",
                                       Parameters{}.null().null().null().null());
    const Row row = rows.only();
    CHECK(row.null(0));
    CHECK(row.maybe_bigint(0) == std::nullopt);
    CHECK(row.maybe_text(1) == std::nullopt);
    CHECK(row.maybe_bytes(2) == std::nullopt);
    CHECK(row.maybe_uuid(3) == std::nullopt);
}

TEST_CASE("A thousand rows go in as one array a column, in their order and with their NULLs") {
    Connection connection = connect();
    BigintColumn numbers;
    TextColumn texts;
    BytesColumn bytes;
    UuidColumn ids;
    BooleanColumn flags;
    SmallintColumn levels;
    for (std::int64_t row = 0; row < 1000; ++row) {
        numbers.add(row - 500);
        texts.add(row % 3 == 0 ? std::nullopt : std::optional<std::string>("row " + std::to_string(row)));
        bytes.add(pattern(static_cast<std::size_t>(row)));
        ids.add(Uuid{static_cast<std::uint8_t>(row % 256), static_cast<std::uint8_t>(row / 256)});
        flags.add(row % 2 == 0);
        levels.add(static_cast<std::int16_t>(row % 64));
    }
    const Rows rows = connection.query(
        "SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::uuid[], $5::boolean[], "
        "$6::smallint[])",
        Parameters{}.column(numbers).column(texts).column(bytes).column(ids).column(flags).column(levels));
    REQUIRE(rows.size() == 1000);
    for (std::size_t at = 0; at < rows.size(); ++at) {
        const Row row = rows[at];
        REQUIRE(row.bigint(0) == static_cast<std::int64_t>(at) - 500);
        REQUIRE(row.maybe_text(1).has_value() == (at % 3 != 0));
        if (at % 3 != 0) REQUIRE(row.text(1) == "row " + std::to_string(at));
        REQUIRE(row.bytes(2) == pattern(at));
        REQUIRE(row.uuid(3) ==
                Uuid{static_cast<std::uint8_t>(at % 256), static_cast<std::uint8_t>(at / 256)});
        REQUIRE(row.boolean(4) == (at % 2 == 0));
        REQUIRE(row.smallint(5) == static_cast<std::int16_t>(at % 64));
    }
}

TEST_CASE("An empty array is no row and not one NULL") {
    Connection connection = connect();
    const Parameters nothing = std::move(Parameters{}.column(BigintColumn{}));
    CHECK(connection.query("SELECT * FROM unnest($1::bigint[])", nothing).empty());
    const Rows length = connection.query("SELECT cardinality($1::bigint[])", nothing);
    CHECK(length.only().integer(0) == 0);
}

TEST_CASE("A list of texts is read back as a list") {
    Connection connection = connect();
    const Rows rows =
        connection.query("SELECT ARRAY['a', '', 'ב']::text[], ARRAY[]::text[], ARRAY['a', NULL]::text[]");
    CHECK(rows.only().texts(0) == std::vector<std::string>{"a", "", "ב"});
    CHECK(rows.only().texts(1).empty());
    CHECK_THROWS_AS(rows.only().texts(2), std::logic_error);
}

TEST_CASE("The largest payload goes up and comes back whole") {
    Connection connection = connect();
    const contract::Bytes payload = pattern(6 * kMiB);
    const Rows rows =
        connection.query("SELECT $1::bytea, octet_length($1::bytea)", Parameters{}.bytes(payload));
    CHECK(rows.only().integer(1) == static_cast<std::int32_t>(6 * kMiB));
    CHECK(rows.only().bytes(0) == payload);
}

TEST_CASE("A row read as what it is not stops the program instead of yielding a wrong value") {
    Connection connection = connect();
    const Rows rows = connection.query("SELECT 1::bigint, NULL::text, '\\x00'::bytea");
    const Row row = rows.only();
    CHECK_THROWS_AS(row.text(0), std::logic_error);
    CHECK_THROWS_AS(row.integer(0), std::logic_error);
    CHECK_THROWS_AS(row.text(1), std::logic_error);
    CHECK_THROWS_AS(row.digest(2), std::logic_error);
    CHECK_THROWS_AS(row.bigint(3), std::logic_error);
    CHECK_THROWS_AS(rows[1], std::logic_error);
}

TEST_CASE("A prepared statement refuses values of another type or number before they are sent") {
    constexpr Statement kDouble[] = {{"double", "SELECT $1::bigint * 2"}};
    Connection connection = connect(kDouble);
    CHECK(connection.execute(kDouble[0], Parameters{}.bigint(21)).only().bigint(0) == 42);
    CHECK(connection.execute(kDouble[0], Parameters{}.null()).only().null(0));
    CHECK_THROWS_AS(connection.execute(kDouble[0], Parameters{}.integer(21)), std::logic_error);
    CHECK_THROWS_AS(connection.execute(kDouble[0], Parameters{}), std::logic_error);
    CHECK_THROWS_AS(connection.execute({"never_prepared", "SELECT 1"}), std::logic_error);
    CHECK(connection.usable());
}

TEST_CASE("A statement that does not fit the schema stops the connection from opening") {
    constexpr Statement kWrong[] = {{"wrong", "SELECT missing FROM nowhere"}};
    try {
        connect(kWrong);
        FAIL("the statement was prepared");
    } catch (const DatabaseRefused& refused) {
        CHECK(refused.sqlstate() == "42P01");
        CHECK(std::string(refused.what()).find("wrong") != std::string::npos);
    }
}

TEST_CASE("A refused call names its statement and constraint and never a value") {
    constexpr Statement kStore[] = {
        {"store_it", "INSERT INTO pg_temp.kept SELECT $1::text FROM generate_series(1, 2)"}};
    Connection connection = connect();
    connection.script("CREATE TEMPORARY TABLE kept (word text CONSTRAINT kept_once UNIQUE)");
    try {
        (void)connection.query(kStore[0].sql, Parameters{}.text("planted-value"));
        FAIL("a duplicate was stored");
    } catch (const DatabaseRefused& refused) {
        CHECK(refused.sqlstate() == "23505");
        CHECK(std::string(refused.what()).find("kept_once") != std::string::npos);
        CHECK(std::string(refused.what()).find("planted-value") == std::string::npos);
    }
    CHECK(connection.query("SELECT count(*) FROM pg_temp.kept").only().bigint(0) == 0);
}

TEST_CASE("A script that fails within its own BEGIN leaves no transaction open") {
    Connection connection = connect();
    CHECK_THROWS_AS(connection.script("BEGIN; SELECT 1 / 0; COMMIT"), DatabaseRefused);
    CHECK(connection.query("SELECT 1::bigint").only().bigint(0) == 1);
}

TEST_CASE("A server that cannot be reached is told without a password") {
    try {
        Connection({.conninfo = "host=/nonexistent dbname=kesher user=kesher_hub password=planted"}, {});
        FAIL("a session came about");
    } catch (const DatabaseLost& lost) {
        CHECK(std::string(lost.what()).find("/nonexistent") != std::string::npos);
        CHECK(std::string(lost.what()).find("planted") == std::string::npos);
    }
}
