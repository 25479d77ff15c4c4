// Evidence is written once: the same bytes again are no fault, others never replace them.
#include <catch2/catch.hpp>

#include "adapters/ctl/sending.h"
#include "tests/unit/keys/own_directory.h"

using namespace kesher;
using namespace kesher::ctl;
using tests::text_in;

namespace {

Evidence evidence() {
    return {"a.b.c",
            {1, 2, 3},
            kit::Receipted{contract::LeafIndex{5}, "a.b.c\n{}\n", "c2sp.org/tlog-proof@v1\n"}};
}

}  // namespace

TEST_CASE("Evidence is saved under the names that auditors' tools take") {
    const tests::OwnDirectory own;
    REQUIRE(save_evidence(evidence(), own / "saved"));
    CHECK(text_in(own / "saved/statement.jws") == "a.b.c");
    CHECK(text_in(own / "saved/payload.avro") == std::string("\x01\x02\x03"));
    CHECK(text_in(own / "saved/leaf") == "a.b.c\n{}\n");
    CHECK(text_in(own / "saved/receipt.tlog-proof") == "c2sp.org/tlog-proof@v1\n");
}

TEST_CASE("The same evidence may be saved again and other evidence never replaces it") {
    const tests::OwnDirectory own;
    REQUIRE(save_evidence(evidence(), own / "saved"));
    CHECK(save_evidence(evidence(), own / "saved"));
    Evidence other = evidence();
    other.statement = "x.y.z";
    const auto refused = save_evidence(other, own / "saved");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().word == "unusable");
    CHECK(text_in(own / "saved/statement.jws") == "a.b.c");
}

TEST_CASE("A refusal before the signature held leaves a statement and no receipt") {
    const tests::OwnDirectory own;
    Evidence bare = evidence();
    bare.receipt.reset();
    REQUIRE(save_evidence(bare, own / "saved"));
    CHECK(std::filesystem::exists(own / "saved/statement.jws"));
    CHECK_FALSE(std::filesystem::exists(own / "saved/leaf"));
}
