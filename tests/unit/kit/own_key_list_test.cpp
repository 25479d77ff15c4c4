// What an organisation's next key list names, which private halves are over, and whose list is its own.
#include "adapters/kit/own_key_list.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

TEST_CASE("The next list keeps seven former signing certificates at most and none that has ended") {
    const Party& body = known_party("ssd-5000");
    const auto fresh = [&](statement::Use use) {
        return body.issuer.issue(statement::PrivateKey::generate(statement::KeyKind::p256).public_key(),
                                 body.id, use, statement::kKeyLife);
    };
    statement::KeyList current{body.id, 7, {}, {body.encryption}, kNow + 24h};
    for (int i = 0; i < 8; ++i) current.signing.push_back(fresh(statement::Use::signing));
    const FreshCertificates next{fresh(statement::Use::signing), fresh(statement::Use::encryption)};
    const Instant last = current.signing.front().not_after();
    const auto list = next_key_list(current, next, last);
    CHECK(list.serial == 8);
    CHECK(list.signing.size() == 8);
    CHECK(list.signing.front() == next.signing);
    CHECK(list.signing.at(1) == current.signing.front());
    CHECK(list.encryption == std::vector{next.encryption});
    CHECK(list.not_after == next.encryption.not_after());
    CHECK(next_key_list(current, next, last + 1s).signing == std::vector{next.signing});
}

TEST_CASE("No private half is over that the list names or that may still be needed") {
    const Party& body = known_party("ssd-5000");
    const statement::KeyList naming{body.id, 1, {body.signing}, {body.encryption}, kNow};
    const statement::KeyList other{body.id, 2, {}, {}, kNow};
    const Instant end = body.encryption.not_after();
    CHECK_FALSE(is_over(body.encryption, naming, end + 365 * 24h));
    CHECK_FALSE(is_over(body.encryption, other, end + kPrivateHalfKept));
    CHECK(is_over(body.encryption, other, end + kPrivateHalfKept + 1ms));
    CHECK_FALSE(is_over(body.signing, naming, end + 365 * 24h));
    CHECK_FALSE(is_over(body.signing, other, body.signing.not_after()));
    CHECK(is_over(body.signing, other, body.signing.not_after() + 1ms));
}

TEST_CASE("A key list of ours that ran out is read and one of another root or of no form is not") {
    const Party& body = known_party("ssd-5000");
    const std::string list = key_list(body, 3);
    const auto read = read_own_key_list(list, body.root());
    REQUIRE(read);
    CHECK(read->serial == 3);
    CHECK(read->organisation == body.id);
    CHECK_FALSE(read_own_key_list(list, known_party("health").root()));
    CHECK_FALSE(read_own_key_list("", body.root()));
    CHECK_FALSE(read_own_key_list("a.b.c", body.root()));
    CHECK_FALSE(read_own_key_list(list + "A", body.root()));
}
