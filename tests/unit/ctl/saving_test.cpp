// Evidence is written once: the same bytes again are no fault, others never replace them.
#include <catch2/catch.hpp>

#include "adapters/ctl/saving.h"
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

const auto kMessage = contract::MessageId::parse("44444444-4444-4444-8444-444444444444").value();
const auto kOther = contract::MessageId::parse("55555555-5555-4555-8555-555555555555").value();

// Unsigned: only whose it is counts here.
std::string statement_of(const contract::MessageId& id) {
    const std::string claims = R"({"id":")" + id.text() + R"("})";
    return "e30." + contract::base64url(contract::bytes_of(claims)) + ".c2ln";
}

}  // namespace

TEST_CASE("A folder for evidence is new, or empty, or holds an earlier try of the very message") {
    const tests::OwnDirectory own;
    CHECK(prepare_folder("", kMessage));
    CHECK(prepare_folder(own / "made/below", kMessage));
    CHECK(std::filesystem::is_empty(own / "made/below"));
    CHECK(prepare_folder(own / "made/below", kMessage));

    tests::put_text(own / "made/below/statement.jws", statement_of(kMessage));
    tests::put_text(own / "made/below/leaf", "a leaf");
    CHECK(prepare_folder(own / "made/below", kMessage));
    const auto others = prepare_folder(own / "made/below", kOther);
    REQUIRE_FALSE(others);
    CHECK(others.error().word == "unusable");
    CHECK(others.error().sentence.find("made/below") != std::string::npos);
    CHECK(others.error().remedy.find("Nothing was sent") == 0);
}

TEST_CASE("A folder that holds anything else, or cannot be one, is told before anything is sent") {
    const tests::OwnDirectory own;
    std::filesystem::create_directories(own / "used");
    tests::put_text(own / "used/notes.txt", "somebody's");
    CHECK_FALSE(prepare_folder(own / "used", kMessage));
    tests::put_text(own / "used/statement.jws", "no statement");
    CHECK_FALSE(prepare_folder(own / "used", kMessage));
    CHECK_FALSE(prepare_folder(own / "used/notes.txt", kMessage));
    CHECK_FALSE(prepare_folder(own / "used/notes.txt/below", kMessage));
}

TEST_CASE("A place for a new file is tried and left as it was") {
    const tests::OwnDirectory own;
    CHECK(prepare_new_file(own / "token"));
    CHECK_FALSE(std::filesystem::exists(own / "token"));
    CHECK_FALSE(prepare_new_file(own / "nowhere/token"));
    tests::put_text(own / "token", "another");
    CHECK_FALSE(prepare_new_file(own / "token"));
    CHECK(text_in(own / "token") == "another");
}

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
