// A key list that was taken once: read again when its time is over, and what it named when its root is gone.
#include <catch2/catch.hpp>

#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;

namespace {

struct Past {
    Party health = party("health");
    KeyList list{health.id, 3, {health.signing}, {health.encryption}, kNow + 24h * 30};

    [[nodiscard]] std::string jws() const { return sign_key_list(list, health.root_signer(), kToday); }
    [[nodiscard]] std::vector<contract::Digest> named() const {
        return {health.signing.key().spki_sha256(), health.encryption.key().spki_sha256()};
    }
};

std::string verdict(std::string_view jws, const Certificate& root) {
    const auto list = verify_past_key_list(jws, root);
    return list ? "ok" : std::string(contract::text(list.error()));
}

}  // namespace

TEST_CASE("A key list names each of its keys once and the same under another certificate") {
    Past past;
    CHECK(past.list.keys() == past.named());
    past.list.signing = {past.health.issuer.issue(past.health.signing_key.public_key(), past.health.id,
                                                  Use::signing, kKeyLife)};
    CHECK_FALSE(past.list.signing.front() == past.health.signing);
    CHECK(past.list.keys() == past.named());
    past.list.signing.clear();
    past.list.encryption.clear();
    CHECK(past.list.keys().empty());
}

TEST_CASE("A key list that has run out is read again and says whose it was and what it named") {
    Past past;
    past.list.not_after = kNow - 24h * 300;
    const auto list = verify_past_key_list(past.jws(), past.health.root());
    REQUIRE(list);
    CHECK(list->organisation == past.health.id);
    CHECK(list->serial == 3);
    CHECK(list->not_after == past.list.not_after);
    CHECK(list->keys() == past.named());
}

TEST_CASE("A key list that names an end behind its root's is read as one that held until the root's") {
    Past past;
    past.list.not_after = kRootLife.until + 1s;
    CHECK(verdict(past.jws(), past.health.root()) == "ok");
}

TEST_CASE("A key list that was over before its root began never held") {
    Past past;
    past.list.not_after = kRootLife.from;
    CHECK(verdict(past.jws(), past.health.root()) == "ok");
    past.list.not_after = kRootLife.from - 1s;
    CHECK(verdict(past.jws(), past.health.root()) == "key_unpinned");
}

TEST_CASE("A past key list counts under the root that signed it alone and as it was signed") {
    const Past past;
    CHECK(verdict(past.jws(), past.health.root()) == "ok");
    CHECK(verdict(past.jws(), party("health").root()) == "key_unpinned");
    CHECK(verdict(past.jws(), past.health.signing) == "key_unpinned");
    const auto by_no_root =
        sign(past.health.signer(), kKeysType, kToday,
             R"({"v":1,"org":"health","serial":3,"signing":[],"encryption":[],"not_after":1796000000})");
    CHECK(verdict(by_no_root, past.health.signing) == "key_unpinned");
    CHECK(verdict(past.jws() + "A", past.health.root()) == "signature_invalid");
    CHECK(verdict("", past.health.root()) == "signature_invalid");
    const auto other_claims = sign(past.health.root_signer(), kKeysType, kToday, R"({"v":1})");
    CHECK(verdict(other_claims, past.health.root()) == "statement_invalid");
}

TEST_CASE("What a list names is read without its root and only of what has its form") {
    const Past past;
    CHECK(unverified_keys_of(past.jws()) == past.named());
    const auto by_a_stranger =
        sign(party("labor").root_signer(), kKeysType, kToday,
             R"({"v":1,"org":"health","serial":3,"signing":[],"encryption":[],"not_after":1})");
    CHECK(unverified_keys_of(by_a_stranger) == std::vector<contract::Digest>{});
    const auto other_claims = sign(past.health.root_signer(), kKeysType, kToday, R"({"v":1})");
    CHECK_FALSE(unverified_keys_of(other_claims));
    CHECK_FALSE(unverified_keys_of(past.jws() + ".A"));
    CHECK_FALSE(unverified_keys_of("a.b.c"));
    CHECK_FALSE(unverified_keys_of(""));
}
