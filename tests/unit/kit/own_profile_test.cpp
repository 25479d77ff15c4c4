// What an adapter declares of itself, and when the next declaration is due.
#include "adapters/kit/own_profile.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

struct Own {
    Party health = party("health");
    statement::Signer signer = health.signer();
    WordSet<SafetyFlag> honours{SafetyFlag::safe_hours};
    std::int64_t key_serial = 3;

    [[nodiscard]] std::optional<std::string> due(const std::string& shown, Instant at = kNow) const {
        return due_profile({health.id, signer, key_serial, kOrigin}, honours, shown, at);
    }
    [[nodiscard]] std::optional<statement::VerifiedProfile> declared(const std::string& shown,
                                                                     Instant at = kNow) const {
        const auto document = due(shown, at);
        if (!document) return std::nullopt;
        const statement::KeyList keys{health.id, key_serial, {health.signing}, {}, kNow};
        return statement::verify_profile(*document, {kOrigin, keys, at}).value();
    }
    [[nodiscard]] std::string shown(statement::ProfilePlace place) const {
        return profile_of(health, honours, place, schemas_read());
    }
};

}  // namespace

TEST_CASE("Who has declared nothing declares every schema that it reads and just the flags it honours") {
    const Own own;
    const auto first = own.declared("");
    REQUIRE(first);
    CHECK(first->profile.place == statement::ProfilePlace{3, 1});
    CHECK(first->profile.honours == own.honours);
    CHECK(first->profile.reads == schemas_read());
    CHECK(std::find(schemas_read().begin(), schemas_read().end(), common_schemas().front()) !=
          schemas_read().end());
    CHECK(first->declared == kToday);
}

TEST_CASE("What stands there as it is needs no other word for thirty days") {
    const Own own;
    CHECK_FALSE(own.due(own.shown({3, 5})));
    CHECK_FALSE(own.due(own.shown({3, 5}), kNow + 24h * 29));
    CHECK(own.declared(own.shown({3, 5}), kNow + 24h * 30)->profile.place == statement::ProfilePlace{3, 6});
}

TEST_CASE("Other flags are declared under the next number") {
    Own own;
    const std::string before = own.shown({3, 5});
    own.honours = {};
    CHECK(own.declared(before)->profile.place == statement::ProfilePlace{3, 6});
}

TEST_CASE("Under a newer key list the count begins again") {
    Own own;
    const std::string before = own.shown({3, 5});
    own.key_serial = 4;
    CHECK(own.declared(before)->profile.place == statement::ProfilePlace{4, 1});
}

TEST_CASE("A document that is not ours says nothing of what we declared") {
    const Own own;
    const std::string forged = profile_of(party("health"), own.honours, {3, 900}, schemas_read());
    CHECK(own.declared(forged)->profile.place == statement::ProfilePlace{3, 1});
    CHECK(own.declared("no document")->profile.place == statement::ProfilePlace{3, 1});
}
