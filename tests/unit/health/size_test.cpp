// The largest foreign document that is read, and one byte more. Apart from the others: 8 MiB take seconds.
#include <catch2/catch.hpp>

#include "adapters/health/document.h"

using namespace kesher;
using namespace kesher::health;

TEST_CASE("A document is read to its size and no further") {
    const std::string frame = R"({"resourceType":"Task","x":""})";
    std::string full = frame;
    full.insert(full.size() - 2, std::string(kForeignBytes - frame.size(), 'x'));
    CHECK(open_document(full, "Task"));
    full.insert(full.size() - 2, "x");
    CHECK(open_document(full, "Task").error() == FhirFaults{{"Task", Flaw::not_json}});
}
