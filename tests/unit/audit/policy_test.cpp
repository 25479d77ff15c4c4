// A policy says exactly whose cosignatures are enough (c2sp.org/tlog-policy).
// Method: three witnesses in groups; each case changes one line or one witness.
#include "audit/log/policy.h"

#include <catch2/catch.hpp>

using namespace kesher;
using namespace kesher::log;

namespace {

std::string vkey(const std::string& name, NoteKeyType type, std::uint8_t seed) {
    return NoteSigner::from_seed(name, type, contract::Bytes(32, seed)).value().key().vkey();
}
std::string witness(const std::string& name, std::uint8_t seed) {
    return "witness " + name + " " + vkey(name + ".example/witness", NoteKeyType::cosignature, seed) + "\n";
}
const std::string three = witness("a", 1) + witness("b", 2) + witness("c", 3);
Policy parsed(const std::string& text) { return Policy::parse(text).value(); }

}  // namespace

TEST_CASE("A group is satisfied by exactly as many of its members as it asks for") {
    const Policy two = parsed(three + "group g 2 a b c\nquorum g\n");
    CHECK_FALSE(two.satisfied_by({}));
    CHECK_FALSE(two.satisfied_by({1}));
    CHECK(two.satisfied_by({0, 2}));
    CHECK(two.satisfied_by({0, 1, 2}));
    const Policy all = parsed(three + "group g all a b c\nquorum g\n");
    CHECK_FALSE(all.satisfied_by({0, 2}));
    CHECK(all.satisfied_by({0, 1, 2}));
    const Policy any = parsed(three + "group g any a b c\nquorum g\n");
    CHECK_FALSE(any.satisfied_by({}));
    CHECK(any.satisfied_by({2}));
}

TEST_CASE("One witness or nobody can be the quorum") {
    const Policy b = parsed(three + "quorum b\n");
    CHECK(b.satisfied_by({1}));
    CHECK_FALSE(b.satisfied_by({0, 2}));
    CHECK(parsed("quorum none\n").satisfied_by({}));
}

TEST_CASE("Groups may hold groups defined before them") {
    const Policy nested = parsed(three + "group ab any a b\ngroup top all ab c\nquorum top\n");
    CHECK(nested.satisfied_by({1, 2}));
    CHECK_FALSE(nested.satisfied_by({0, 1}));
    CHECK_FALSE(nested.satisfied_by({2}));
}

TEST_CASE("The least number of witnesses that makes a quorum is known") {
    CHECK(parsed("quorum none\n").least_witnesses() == 0);
    CHECK(parsed(three + "quorum a\n").least_witnesses() == 1);
    CHECK(parsed(three + "group g 2 a b c\nquorum g\n").least_witnesses() == 2);
    CHECK(parsed(three + "group ab all a b\ngroup top any ab c\nquorum top\n").least_witnesses() == 1);
    CHECK(parsed(three + "group ab all a b\ngroup top all ab c\nquorum top\n").least_witnesses() == 3);
}

TEST_CASE("Comments and blank lines and addresses are read past") {
    const std::string log_line =
        "log " + vkey("hub.example/log", NoteKeyType::ed25519, 9) + " https://hub.example/log\n";
    const Policy policy =
        parsed("# a comment\n\n \t \n  # another\n" + log_line + three + "\tquorum\t a  \n");
    CHECK(policy.logs().size() == 1);
    CHECK(policy.witnesses().size() == 3);
    CHECK(policy.witnesses()[0].name() == "a.example/witness");
    CHECK(Policy::parse(three + "quorum a"));
}

TEST_CASE("A policy with a line that says something else is refused") {
    const std::string log_key = vkey("hub.example/log", NoteKeyType::ed25519, 9);
    for (const std::string& bad : std::vector<std::string>{
             std::string(),
             three,
             three + "quorum d\n",
             three + "quorum\n",
             three + "quorum a b\n",
             three + "quorum a\nquorum a\n",
             "quorum a\n" + three,
             three + "quota a\n",
             three + "group g 0 a\nquorum g\n",
             three + "group g 2 a\nquorum g\n",
             three + "group g 02 a b\nquorum g\n",
             three + "group g -1 a\nquorum g\n",
             three + "group g most a\nquorum g\n",
             three + "group g all\nquorum g\n",
             three + "group g all a a\nquorum g\n",
             three + "group g all d\nquorum g\n",
             three + "group g all none\nquorum g\n",
             three + "group none all a\nquorum none\n",
             three + "group a all b\nquorum a\n",
             three + "group g all g\nquorum g\n",
             three + "group g all a b\ngroup h all a c\nquorum g\n",
             three + witness("a", 4) + "quorum a\n",
             three + witness("d", 1) + "quorum a\n",
             "witness a\nquorum a\n",
             "witness none " + vkey("n.example", NoteKeyType::cosignature, 4) + "\nquorum none\n",
             "log " + log_key + "\nlog " + log_key + "\nquorum none\n",
             "log\nquorum none\n",
             "log " + log_key + " url more\nquorum none\n",
             "log " + vkey("x.example", NoteKeyType::cosignature, 4) + "\nquorum none\n",
             "witness a " + log_key + "\nquorum a\n",
             three + "quorum a\r\n",
             three + "quorum a\x7F\n"}) {
        CAPTURE(bad);
        CHECK_FALSE(Policy::parse(bad));
    }
    CHECK(Policy::parse(std::string(Policy::kMaxBytes + 1, '\n')).error() == Flaw::too_large);
}
