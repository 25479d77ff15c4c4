// A signed document has one header, one algorithm and one spelling; a key is never taken from the document.
// Method: a document that verifies, and beside it one that differs in a single fact and is properly signed
// all the same, so that it is the fact that is refused and not a broken signature.
#include <catch2/catch.hpp>

#include "schemas/statement/ecdsa.h"
#include "schemas/statement/hash.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;

namespace {

constexpr std::string_view kPayload = R"({"v":1})";
constexpr std::size_t kMost = 8192;

std::string b64(std::string_view text) { return contract::base64url(contract::bytes_of(text)); }

struct Document {
    Party health = party("health");
    std::string thumbprint = contract::base64url(health.signing.thumbprint().view());
    std::string good_header = R"({"alg":"ES256","x5t#S256":")" + thumbprint +
                              R"(","iat":1795219200,"cty":")" + std::string(kStatementType) + R"("})";

    [[nodiscard]] std::string with_header(const std::string& header) const {
        const std::string text = b64(header) + "." + b64(kPayload);
        return text + "." + contract::base64url(sign_es256(health.signing_key, text));
    }
    [[nodiscard]] std::string with_member(const std::string& member) const {
        return with_header(replaced(good_header, "{", "{" + member + ","));
    }
    [[nodiscard]] std::string verdict(std::string_view jws, std::string_view type = kStatementType) const {
        const auto lookup = [&](const contract::Digest& asked) {
            return asked == health.signing.thumbprint() ? &health.signing : nullptr;
        };
        const auto verified = verify(jws, type, lookup, kMost);
        if (verified) return "ok";
        switch (verified.error()) {
            case JwsFault::too_large:
                return "too_large";
            case JwsFault::malformed:
                return "malformed";
            case JwsFault::certificate_unknown:
                return "certificate_unknown";
            case JwsFault::signature:
                return "signature";
        }
        return "";
    }
};

// A good document in its three segments.
struct Segments {
    std::string header, payload, signature;
    explicit Segments(const std::string& jws)
        : header(jws.substr(0, jws.find('.'))),
          payload(jws.substr(jws.find('.') + 1, jws.rfind('.') - jws.find('.') - 1)),
          signature(jws.substr(jws.rfind('.') + 1)) {}
    [[nodiscard]] std::string text() const { return header + "." + payload + "." + signature; }
    [[nodiscard]] contract::Bytes bytes() const { return contract::from_base64url(signature).value(); }
    void set(const contract::Bytes& bytes) { signature = contract::base64url(bytes); }
};

// The order n of P-256, big-endian.
const contract::Bytes kOrder =
    contract::from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").value();

// n - s: the other signature of the same text.
contract::Bytes other_half(contract::ByteView s) {
    contract::Bytes result(32);
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int value = kOrder[i] - s[i] - borrow;
        borrow = value < 0 ? 1 : 0;
        result[i] = static_cast<std::uint8_t>(value + 256 * borrow);
    }
    return result;
}

}  // namespace

TEST_CASE("A signed document verifies and gives exactly what was signed") {
    const Document document;
    const auto jws = sign(document.health.signer(), kStatementType, kToday, kPayload);
    const auto verified =
        verify(jws, kStatementType, [&](const auto&) { return &document.health.signing; }, kMost);
    REQUIRE(verified);
    CHECK(verified->payload == kPayload);
    CHECK(verified->certificate == document.health.signing.thumbprint());
    CHECK(whole_day(verified->iat) == kToday);
    CHECK(verified->document == sha256(jws));
    CHECK(verified->payload_segment == sha256(b64(kPayload)));
    CHECK(document.verdict(document.with_header(document.good_header)) == "ok");
}

TEST_CASE("Any other algorithm is refused") {
    const Document document;
    for (const char* algorithm : {"none", "None", "HS256", "HS512", "RS256", "PS256", "ES384", "ES512",
                                  "ES256K", "EdDSA", "es256", "ES256 ", ""}) {
        CAPTURE(algorithm);
        const auto header = replaced(document.good_header, "\"ES256\"", "\"" + std::string(algorithm) + "\"");
        CHECK(document.verdict(document.with_header(header)) == "malformed");
    }
    Segments unsigned_one(document.with_header(replaced(document.good_header, "ES256", "none")));
    unsigned_one.signature.clear();
    CHECK(document.verdict(unsigned_one.text()) == "malformed");
}

TEST_CASE("A header with anything beside the four members is refused") {
    const Document document;
    for (const char* member :
         {R"("crit":["b64"],"b64":false)", R"("crit":[])", R"("b64":true)",
          R"("jku":"https://evil.example/k")", R"("x5u":"https://evil.example/c")", R"("jwk":{"kty":"EC"})",
          R"("x5c":["MIIB"])", R"("kid":"1")", R"("typ":"JOSE")", R"("x5t":"abc")",
          R"("sigT":"2026-11-21T00:00:00Z")", R"("":1)"}) {
        CAPTURE(member);
        CHECK(document.verdict(document.with_member(member)) == "malformed");
    }
}

TEST_CASE("A header that is spelled otherwise is refused though it says the same") {
    const Document document;
    const auto& good = document.good_header;
    for (const auto& [from, to] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"{", " {"},
                                                                    {"{", "{\n"},
                                                                    {"\"x5t#S256\":", "\"x5t#S256\": "},
                                                                    {"\"x5t#S256\"", "\"x5t\\u0023S256\""},
                                                                    {"\"ES256\"", "\"ES\\u003256\""},
                                                                    {"application/", "application\\/"}}) {
        CAPTURE(from, to);
        CHECK(document.verdict(document.with_header(replaced(good, from, to))) == "malformed");
    }
    CHECK(document.verdict(document.with_header(good)) == "ok");
}

TEST_CASE("A header with a member twice is refused whichever comes last") {
    const Document document;
    for (const char* member :
         {R"("alg":"none")", R"("alg":"ES256")", R"("cty":"x")", R"("iat":0)", R"("x5t#S256":"")"}) {
        CAPTURE(member);
        CHECK(document.verdict(document.with_member(member)) == "malformed");
        const auto last =
            document.good_header.substr(0, document.good_header.size() - 1) + "," + member + "}";
        CHECK(document.verdict(document.with_header(last)) == "malformed");
    }
}

TEST_CASE("A header that lacks a member or has one of another form is refused") {
    const Document document;
    const auto& good = document.good_header;
    const std::string cty = ",\"cty\":\"" + std::string(kStatementType) + "\"";
    for (const auto& header :
         {replaced(good, "\"alg\":\"ES256\",", ""), replaced(good, ",\"iat\":1795219200", ""),
          replaced(good, cty, ""), replaced(good, "\"x5t#S256\":\"" + document.thumbprint + "\",", ""),
          replaced(good, "1795219200", "\"1795219200\""), replaced(good, "1795219200", "1795219200.0"),
          replaced(good, "1795219200", "-1"), replaced(good, "1795219200", "253402300800"),
          replaced(good, document.thumbprint, document.thumbprint + "="),
          replaced(good, document.thumbprint, document.thumbprint.substr(1)), std::string("[]"),
          std::string("{}"), std::string("x"), std::string()}) {
        CAPTURE(header);
        CHECK(document.verdict(document.with_header(header)) == "malformed");
    }
    CHECK(document.verdict(document.with_header(replaced(good, "1795219200", "0"))) == "ok");
    CHECK(document.verdict(document.with_header(replaced(good, "1795219200", "253402300799"))) == "ok");
}

TEST_CASE("A document of one type does not verify as another") {
    const Document document;
    const auto jws = document.with_header(document.good_header);
    CHECK(document.verdict(jws, kStatementType) == "ok");
    for (const auto type :
         {kKeysType, kAgreementType, kAcksType, std::string_view("vnd.kesher.statement+json")}) {
        CHECK(document.verdict(jws, type) == "malformed");
    }
}

TEST_CASE("A compact document has three segments") {
    const Document document;
    const Segments good(document.with_header(document.good_header));
    CHECK(document.verdict(good.text()) == "ok");
    for (const auto& text :
         {good.text() + ".", "." + good.text(), good.text() + ".x", good.header + "." + good.payload,
          good.header + ".." + good.signature, "." + good.payload + "." + good.signature,
          good.header + "." + good.payload + ".", std::string(), std::string("."), std::string(".."),
          good.header, good.text() + "\n", " " + good.text()}) {
        CAPTURE(text);
        CHECK(document.verdict(text) != "ok");
    }
    CHECK(document.verdict(good.text() + ".") == "malformed");
    CHECK(document.verdict(good.text() + "." + good.signature) == "malformed");
}

TEST_CASE("A second spelling of a segment is refused") {
    const Document document;
    const Segments good(document.with_header(document.good_header));
    Segments padded = good;
    padded.signature += "==";
    CHECK(document.verdict(padded.text()) == "malformed");
    Segments spare = good;  // 64 bytes leave four spare bits in the last character, which must be zero
    const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    spare.signature.back() = alphabet[alphabet.find(spare.signature.back()) + 1];
    CHECK(document.verdict(spare.text()) == "malformed");
    for (const char c : {'+', '/', '=', ' ', '\n', '\0', '%'}) {
        Segments other = good;
        other.signature[10] = c;
        CHECK(document.verdict(other.text()) == "malformed");
        Segments payload = good;
        payload.payload[2] = c;
        CHECK(document.verdict(payload.text()) == "malformed");
    }
}

TEST_CASE("A payload in a second spelling is refused though it is signed") {
    const Document document;
    const auto signed_with = [&](const std::string& payload) {
        const std::string text = b64(document.good_header) + "." + payload;
        return text + "." + contract::base64url(sign_es256(document.health.signing_key, text));
    };
    CHECK(document.verdict(signed_with("eyJ2IjoxfQ")) == "ok");
    CHECK(document.verdict(signed_with("eyJ2IjoxfQ==")) == "malformed");
    CHECK(document.verdict(signed_with("eyJ2IjoxfR")) == "malformed");
}

TEST_CASE("A signature is 64 bytes and not DER") {
    const Document document;
    Segments jws(document.with_header(document.good_header));
    const auto good = jws.bytes();
    contract::Bytes der = {0x30, 0x46, 0x02, 0x21, 0x00};
    der.insert(der.end(), good.begin(), good.begin() + 32);
    der.insert(der.end(), {0x02, 0x21, 0x00});
    der.insert(der.end(), good.begin() + 32, good.end());
    auto longer = good;
    longer.push_back(0);
    auto leading = good;
    leading.insert(leading.begin(), 0);
    for (const auto& bytes :
         {der, longer, leading, contract::Bytes(good.begin(), good.end() - 1), contract::Bytes(96, 1)}) {
        jws.set(bytes);
        CHECK(document.verdict(jws.text()) == "malformed");
    }
    jws.set(good);
    CHECK(document.verdict(jws.text()) == "ok");
}

TEST_CASE("The halves of a signature are at least one and below the order of the curve") {
    const Document document;
    Segments jws(document.with_header(document.good_header));
    const auto good = jws.bytes();
    auto below = kOrder;
    below.back() -= 1;
    auto above = kOrder;
    above.back() += 1;
    contract::Bytes one(32, 0);
    one.back() = 1;
    const auto verdict_of = [&](const contract::Bytes& half, std::ptrdiff_t at) {
        auto bytes = good;
        std::copy(half.begin(), half.end(), bytes.begin() + at);
        jws.set(bytes);
        return document.verdict(jws.text());
    };
    for (const std::ptrdiff_t at : {0, 32}) {
        CHECK(verdict_of(contract::Bytes(32, 0), at) == "malformed");
        CHECK(verdict_of(one, at) == "signature");
        CHECK(verdict_of(below, at) == "signature");
        CHECK(verdict_of(kOrder, at) == "malformed");
        CHECK(verdict_of(above, at) == "malformed");
        CHECK(verdict_of(contract::Bytes(32, 0xFF), at) == "malformed");
    }
}

TEST_CASE("A high and a low s are both valid as ES256 forbids neither") {
    const Document document;
    Segments jws(document.with_header(document.good_header));
    CHECK(document.verdict(jws.text()) == "ok");
    auto bytes = jws.bytes();
    const auto other = other_half(contract::ByteView(bytes).last(32));
    std::copy(other.begin(), other.end(), bytes.begin() + 32);
    jws.set(bytes);
    CHECK(document.verdict(jws.text()) == "ok");
}

TEST_CASE("One changed byte anywhere is noticed") {
    const Document document;
    const Segments good(document.with_header(document.good_header));
    Segments payload = good;
    payload.payload = b64(R"({"v":2})");
    CHECK(document.verdict(payload.text()) == "signature");
    Segments header = good;
    header.header = b64(replaced(document.good_header, "1795219200", "1795219201"));
    CHECK(document.verdict(header.text()) == "signature");
    Segments signature = good;
    auto bytes = good.bytes();
    bytes[20] ^= 1U;
    signature.set(bytes);
    CHECK(document.verdict(signature.text()) == "signature");
}

TEST_CASE("A certificate that the caller does not know is refused before the signature is looked at") {
    const Document document;
    const auto other = party("labor");
    const auto jws = sign(other.signer(), kStatementType, kToday, kPayload);
    CHECK(document.verdict(jws) == "certificate_unknown");
    const auto claimed = replaced(document.good_header, document.thumbprint,
                                  contract::base64url(other.signing.thumbprint().view()));
    CHECK(document.verdict(document.with_header(claimed)) == "certificate_unknown");
}

TEST_CASE("Another key under a known certificate's name is refused") {
    const Document document;
    const std::string text = b64(document.good_header) + "." + b64(kPayload);
    const auto other = PrivateKey::generate(KeyKind::p256);
    CHECK(document.verdict(text + "." + contract::base64url(sign_es256(other, text))) == "signature");
}

TEST_CASE("A document is as long as allowed and not longer") {
    const Document document;
    const auto jws = document.with_header(document.good_header);
    const auto lookup = [&](const auto&) { return &document.health.signing; };
    CHECK(verify(jws, kStatementType, lookup, jws.size()));
    CHECK(verify(jws, kStatementType, lookup, jws.size() - 1).error() == JwsFault::too_large);
}

TEST_CASE("A day is its first second alone") {
    CHECK(whole_day(0) == contract::Day{});
    CHECK(whole_day(86'400) == contract::Day{} + std::chrono::days{1});
    CHECK_FALSE(whole_day(1));
    CHECK_FALSE(whole_day(86'399));
    CHECK_FALSE(whole_day(86'401));
}
