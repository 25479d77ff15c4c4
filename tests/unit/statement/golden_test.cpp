// What was signed and sealed once is read for ever (schemas/golden/statement).
#include <sys/stat.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "schemas/statement/hash.h"
#include "schemas/statement/key_file.h"
#include "schemas/statement/seal.h"
#include "schemas/statement/statement.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;

namespace {

std::string golden(const std::string& name) {
    return file_text(std::string(KESHER_SOURCE_DIR) + "/schemas/golden/statement/" + name);
}

// A checkout's files are readable by all, which no key file may be: read from a copy.
PrivateKey golden_key(const std::string& name) {
    const auto copy =
        std::filesystem::temp_directory_path() / ("kesher-golden-" + contract::hex(random_bytes<8>()));
    std::ofstream(copy, std::ios::binary) << golden(name);
    ::chmod(copy.c_str(), 0600);
    auto key = read_private_key(copy, Plain{});
    std::filesystem::remove(copy);
    return std::move(key).value();
}

}  // namespace

TEST_CASE("The golden statement verifies and says what it said when it was signed") {
    const auto certificate = Certificate::from_pem(golden("signing.pem")).value();
    const KeyRing ring(organisation("ssd-5000"), {certificate});
    const auto verified = verify_signature(golden("statement.jws"), ring, kNow);
    REQUIRE(verified);
    CHECK(verified->claims() == golden("statement.claims.json"));
    const auto parsed = parse_claims(*verified);
    REQUIRE(parsed);
    CHECK(write_claims(parsed->statement) == golden("statement.claims.json"));
    CHECK(parsed->iat == kToday);
    CHECK(golden_key("signing.key.pem").public_key() == certificate.key());
    CHECK(certificate.issued_by(Certificate::from_pem(golden("root.pem")).value(), kNow));
}

TEST_CASE("The golden key list verifies under its root") {
    const auto root = Certificate::from_pem(golden("root.pem")).value();
    const auto id = organisation("ssd-5000");
    const auto list = verify_key_list(golden("keys.jws"), root, {id, root.key().spki_sha256(), 1, kNow});
    REQUIRE(list);
    CHECK(list->signing.at(0).pem() == golden("signing.pem"));
}

TEST_CASE("The golden sealed part opens to the same bytes") {
    const auto certificate = Certificate::from_pem(golden("encryption.pem")).value();
    OpeningKeys keys;
    REQUIRE(keys.add(golden_key("encryption.key.pem"), certificate));
    const auto id = contract::MessageId::parse("11111111-1111-4111-8111-111111111111").value();
    const auto opened = kesher::statement::open(golden("sealed.jwe"), keys,
                                                {organisation("ssd-5000"), organisation("health"), id});
    REQUIRE(opened);
    CHECK(contract::text_of(*opened) == golden("plaintext.bin"));
}
