// A receipt holds for its own leaf, log and signatures, and for nothing else.
// Method: the samples' receipts, and receipts of a log made here; each case changes one fact.
#include "audit/log/receipt.h"

#include <catch2/catch.hpp>

#include "samples.h"

using namespace kesher;
using namespace kesher::log;
using contract::LeafIndex;
using contract::TreeSize;

namespace {

NoteKey key(const char* who) {
    return NoteKey::parse(samples::vectors()["keys"][who]["vkey"].get<std::string>()).value();
}
NoteSigner signer(const char* who) {
    const auto& vector = samples::vectors()["keys"][who];
    return NoteSigner::from_seed(vector["name"], NoteKeyType{vector["type"].get<std::uint8_t>()},
                                 contract::from_hex(vector["seed_hex"].get<std::string>()).value())
        .value();
}
std::string proof_text(unsigned index) {
    return samples::tlog("proof." + std::to_string(index) + ".tlog-proof");
}
Receipt receipt(unsigned index) { return parse_receipt(proof_text(index)).value(); }

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

Policy policy(const std::string& quorum) {
    return Policy::parse("log " + key("log").vkey() + "\nwitness health " + key("w1").vkey() +
                         "\nwitness justice " + key("w2").vkey() +
                         "\ngroup both all health justice\nquorum " + quorum + "\n")
        .value();
}

Flaw flaw(const std::string& leaf, const Receipt& of, const Policy* with = nullptr) {
    const auto proven = verify_receipt(leaf, of, key("log"), with);
    REQUIRE_FALSE(proven);
    return proven.error();
}

}  // namespace

TEST_CASE("Every receipt of the samples holds and is written again to the same bytes") {
    for (const unsigned index : {0U, 5U, 255U, 256U, 299U}) {
        CAPTURE(index);
        CHECK(write(receipt(index)) == proof_text(index));
        const auto proven =
            verify_receipt(samples::tlog("leaf." + std::to_string(index)), receipt(index), key("log"));
        REQUIRE(proven);
        CHECK(proven->index == LeafIndex{index});
        CHECK(proven->checkpoint.size == TreeSize{300});
        CHECK(proven->cosigned.empty());
    }
}

TEST_CASE("Extra data is kept and trusted with nothing") {
    const std::string text = samples::tlog("proof.5.extra.tlog-proof");
    auto with_extra = parse_receipt(text).value();
    REQUIRE(with_extra.extra);
    CHECK(contract::text_of(*with_extra.extra) == R"({"note":"unauthenticated"})");
    CHECK(write(with_extra) == text);
    with_extra.extra->front() ^= 1U;
    CHECK(verify_receipt("entry 5", with_extra, key("log")));
}

TEST_CASE("A receipt is of one leaf only") {
    CHECK(flaw("entry 6", receipt(5)) == Flaw::not_included);
    CHECK(flaw("entry 5\n", receipt(5)) == Flaw::not_included);
    CHECK(flaw("", receipt(5)) == Flaw::not_included);
}

TEST_CASE("A receipt with one thing changed is refused") {
    auto other = receipt(5);
    SECTION("index") { other.index = LeafIndex{4}; }
    SECTION("hash") { other.proof[3].bytes[0] ^= 1U; }
    SECTION("hash left out") { other.proof.pop_back(); }
    SECTION("hash added") { other.proof.push_back(other.proof[0]); }
    SECTION("order") { std::swap(other.proof[0], other.proof[1]); }
    CHECK(flaw("entry 5", other) == Flaw::not_included);
}

TEST_CASE("A receipt is of one log only") {
    const NoteKey stranger = signer("w1").key();
    CHECK(verify_receipt("entry 5", receipt(5), stranger).error() == Flaw::origin_differs);
    const auto same_name =
        NoteSigner::from_seed("hub.example/audit", NoteKeyType::ed25519, contract::Bytes(32, 9)).value();
    CHECK(verify_receipt("entry 5", receipt(5), same_name.key()).error() == Flaw::signature_missing);
}

TEST_CASE("A witness's key cannot stand for the log's even under its name") {
    const auto cosigner =
        NoteSigner::from_seed("hub.example/audit", NoteKeyType::cosignature, contract::Bytes(32, 9)).value();
    auto other = receipt(5);
    auto note = parse_note(other.checkpoint).value();
    note.lines = {cosigner.cosign(note.text, {})};
    other.checkpoint = write(note);
    CHECK(verify_receipt("entry 5", other, cosigner.key()).error() == Flaw::key_type_unsupported);
}

TEST_CASE("A checkpoint with one thing changed no longer carries the log's signature") {
    auto other = receipt(5);
    SECTION("size") { other.checkpoint = replaced(other.checkpoint, "\n300\n", "\n301\n"); }
    SECTION("root") { other.checkpoint = replaced(other.checkpoint, "yjk9", "zjk9"); }
    SECTION("extension line") { other.checkpoint = replaced(other.checkpoint, "2Eg=\n", "2Eg=\nmore\n"); }
    SECTION("signature") { other.checkpoint = replaced(other.checkpoint, "BMkNm8LC", "BMkNm8LD"); }
    CHECK(flaw("entry 5", other) == Flaw::signature_wrong);
}

TEST_CASE("An index at the size of the checkpoint is refused and one below is not") {
    const auto log = signer("log");
    const auto leaf = merkle::leaf_hash(contract::bytes_of("entry 0"));
    Receipt one{std::nullopt, LeafIndex{0}, {}, sign(Checkpoint{log.key().name(), TreeSize{1}, leaf}, log)};
    CHECK(verify_receipt("entry 0", one, log.key()));
    one.index = LeafIndex{1};
    CHECK(flaw("entry 0", one) == Flaw::index_outside_tree);
}

TEST_CASE("A malformed receipt is refused") {
    const std::string good = proof_text(5);
    const std::string hash = "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFQ=\n";
    for (const std::string& bad :
         std::vector<std::string>{std::string(),
                                  std::string("c2sp.org/tlog-proof@v1"),
                                  std::string("c2sp.org/tlog-proof@v1\n"),
                                  replaced(good, "@v1", "@v2"),
                                  " " + good,
                                  "\n" + good,
                                  replaced(good, "@v1\n", "@v1\r\n"),
                                  replaced(good, "index 5", "index 05"),
                                  replaced(good, "index 5", "index +5"),
                                  replaced(good, "index 5", "index -1"),
                                  replaced(good, "index 5", "index 5 "),
                                  replaced(good, "index 5", "index  5"),
                                  replaced(good, "index 5", "index"),
                                  replaced(good, "index 5", "index 0x5"),
                                  replaced(good, "index 5", "index 9223372036854775808"),
                                  replaced(good, "index 5\n", ""),
                                  replaced(good, "index 5\n", "index 5\nextra eA==\n"),
                                  replaced(good, "index 5\n", "extra eA==\nextra eA==\nindex 5\n"),
                                  replaced(good, "index 5\n", "extra eA=\nindex 5\n"),
                                  replaced(good, "index 5\n", "extra\nindex 5\n"),
                                  replaced(good, hash, "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFR=\n"),
                                  replaced(good, hash, "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFQ\n"),
                                  replaced(good, hash, "SFM1\n"),
                                  replaced(good, hash, " " + hash),
                                  good.substr(0, good.find("\n\n") + 1)}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_receipt(bad));
    }
    CHECK(parse_receipt(replaced(good, "index 5", "index 9223372036854775807")));
}

TEST_CASE("A receipt may hold 63 hashes and no more") {
    std::string text = "c2sp.org/tlog-proof@v1\nindex 0\n";
    const std::string line = "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFQ=\n";
    for (int i = 0; i < 63; ++i) text += line;
    CHECK(parse_receipt(text + "\ncheckpoint").value().proof.size() == 63);
    CHECK_FALSE(parse_receipt(text + line + "\ncheckpoint"));
    CHECK(parse_receipt(std::string(kReceiptBytes + 1, 'x')).error() == Flaw::too_large);
}

TEST_CASE("A checkpoint is read from three lines and written again") {
    const Checkpoint checkpoint{"hub.example/log", TreeSize{42}, merkle::empty_root()};
    const std::string text = body(checkpoint);
    CHECK(text == "hub.example/log\n42\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    CHECK(parse_body(text).value() == checkpoint);
    CHECK(parse_body(text + "an extension line\n").value() == checkpoint);
    CHECK(open_checkpoint(samples::tlog("checkpoint.0"), key("log")).value().checkpoint.size == TreeSize{0});
    for (const std::string& bad : std::vector<std::string>{
             std::string(), text.substr(0, text.size() - 1), "\n" + text, text + "\n", text + "more",
             replaced(text, "42", "042"), replaced(text, "42", "-1"), replaced(text, "42", "4 2"),
             replaced(text, "42", "4.2"), replaced(text, "42", ""),
             replaced(text, "42", "9223372036854775808"), replaced(text, "42\n", ""),
             replaced(text, "uFU=", "uFU"), replaced(text, "47DE", ""), replaced(text, "47DE", "47DE47DE")}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_body(bad));
    }
}

TEST_CASE("A log signs only under its own name") {
    CHECK_THROWS_AS(sign(Checkpoint{"other.example/log", TreeSize{0}, merkle::empty_root()}, signer("log")),
                    std::invalid_argument);
}

TEST_CASE("A receipt with a policy needs its quorum of cosignatures") {
    const Policy both = policy("both");
    const auto proven = verify_receipt("entry 5", receipt(5), key("log"), &both);
    REQUIRE(proven);
    REQUIRE(proven->cosigned.size() == 2);
    CHECK(proven->cosigned[0].witness == "health.example/witness");

    auto one = receipt(5);
    auto note = parse_note(one.checkpoint).value();
    note.lines.pop_back();
    one.checkpoint = write(note);
    CHECK(flaw("entry 5", one, &both) == Flaw::quorum_missing);
    const Policy health = policy("health");
    CHECK(verify_receipt("entry 5", one, key("log"), &health));
    const Policy nobody = policy("none");
    CHECK(verify_receipt("entry 5", parse_receipt(samples::tlog("proof.5.extra.tlog-proof")).value(),
                         key("log"), &nobody));
}

TEST_CASE("A witness's wrong cosignature refuses the receipt though the quorum stands without it") {
    auto bent = receipt(5);
    auto note = parse_note(bent.checkpoint).value();
    note.lines[2].signature.back() ^= 1U;
    bent.checkpoint = write(note);
    const Policy health = policy("health");
    CHECK(flaw("entry 5", bent, &health) == Flaw::signature_wrong);
}

TEST_CASE("A policy that lists logs accepts no other") {
    const auto other =
        NoteSigner::from_seed("other.example/log", NoteKeyType::ed25519, contract::Bytes(32, 5)).value();
    const auto listed = Policy::parse("log " + other.key().vkey() + "\nquorum none\n").value();
    CHECK(flaw("entry 5", receipt(5), &listed) == Flaw::origin_differs);
    const auto any = Policy::parse("quorum none\n").value();
    CHECK(verify_receipt("entry 5", receipt(5), key("log"), &any));
}
