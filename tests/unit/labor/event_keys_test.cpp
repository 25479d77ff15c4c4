// Whose signatures are believed is a JWK set that is understood whole, or the adapter does not start.
#include "adapters/labor/event_keys.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <fstream>

#include "schemas/statement/key_file.h"
#include "tests/unit/labor/labor_mapping.h"

using namespace kesher;
using namespace kesher::labor;
using labor::test::with;

namespace {

const statement::PrivateKey& key() {
    static const auto made = statement::PrivateKey::generate(statement::KeyKind::p256);
    return made;
}
const std::string& set() {
    static const std::string made = write_key_set(key().public_key());
    return made;
}

}  // namespace

TEST_CASE("A key set reads as it was written, with others' members beside") {
    const auto read = read_key_set(set());
    REQUIRE(read);
    CHECK(*read == std::vector{key().public_key()});
    CHECK(read_key_set(with(set(), "{\"kty\"", "{\"x5t\":\"abc\",\"kty\"")));
}

TEST_CASE("A key set of which one key is not understood is none") {
    CHECK_FALSE(read_key_set(""));
    CHECK_FALSE(read_key_set("{}"));
    CHECK_FALSE(read_key_set(R"({"keys":[]})"));
    CHECK_FALSE(read_key_set(with(set(), "\"EC\"", "\"RSA\"")));
    CHECK_FALSE(read_key_set(with(set(), "P-256", "P-384")));
    CHECK_FALSE(read_key_set(with(set(), "\"x\":\"", "\"x\":\"AA")));
    CHECK_FALSE(read_key_set(with(set(), "{\"kty\"", "{\"d\":\"AA\",\"kty\"")));
    const std::string one = set().substr(9, set().size() - 11);
    std::string nine = "{\"keys\":[" + one;
    for (int i = 0; i < 7; ++i) nine += ',' + one;
    CHECK(read_key_set(nine + "]}"));
    CHECK_FALSE(read_key_set(nine + ',' + one + "]}"));
}

TEST_CASE("A key file that cannot be used is named, and what is in it is not") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("kesher-keys-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto ours = folder / "events.key", theirs = folder / "theirs.json";
    const auto refused = [&]() -> std::string {
        try {
            (void)read_event_keys(ours, theirs);
            return {};
        } catch (const std::runtime_error& fault) {
            return fault.what();
        }
    };
    CHECK(refused().starts_with("events.key: "));
    REQUIRE(statement::write_private_key(ours, key(), statement::Plain{}));
    CHECK(refused() == "theirs.json: it cannot be read");
    std::ofstream(theirs) << "secret";
    CHECK(refused() == "theirs.json: it is no JWK set of one to eight public P-256 keys");
    std::ofstream(theirs) << set();
    CHECK(refused() == "theirs.json: our own key is in it: then what we sign were theirs");
    std::ofstream(theirs) << write_key_set(
        statement::PrivateKey::generate(statement::KeyKind::p256).public_key());
    CHECK(refused().empty());
    std::filesystem::remove_all(folder);
}
