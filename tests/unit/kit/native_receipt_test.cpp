// What the log holds of a native record.
#include "adapters/kit/native_receipt.h"

#include <catch2/catch.hpp>

#include "schemas/statement/hash.h"

using namespace kesher;

TEST_CASE("What the log says of a native record is shown by its salt and cannot be tried without it") {
    statement::Salt salt{};
    salt.fill(7);
    const contract::Bytes record{'a', 'b', 'c'};
    // Reckoned by python3 (hashlib) and by sha256sum.
    CHECK(contract::hex(kit::native_commitment(salt, record).view()) ==
          "fc1ce98fa905fdb4780cb5816ba4770c4ecffb12b69d3fe7219f28b74a596e7e");
    statement::Salt another = salt;
    another[15] ^= 1;
    CHECK(kit::native_commitment(another, record) != kit::native_commitment(salt, record));
    CHECK(kit::native_commitment(salt, record) != statement::sha256(record));
}
