// What a ministry's own system signs beside a message's body is its own word over just that body, as just
// that kind of message, by a key that is believed already.
// Method: a signature that verifies, and beside it one that differs in a single fact and is properly made all
// the same, so that it is the fact that is refused and not a broken signature.
#include "schemas/statement/detached_jws.h"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <vector>

#include "schemas/statement/ecdsa.h"
#include "schemas/statement/jws.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;

namespace {

constexpr std::string_view kType = "cloudevent+jws";
constexpr std::string_view kBody = R"({"specversion":"1.0","type":"il.example.placement.started"})";

std::string b64(std::string_view text) { return contract::base64url(contract::bytes_of(text)); }

std::string word(const contract::Result<contract::Done, DetachedFault>& verified) {
    if (verified) return "ok";
    switch (verified.error()) {
        case DetachedFault::malformed:
            return "malformed";
        case DetachedFault::key_unknown:
            return "key_unknown";
        case DetachedFault::signature:
            return "signature";
    }
    return "";
}

struct Sender {
    PrivateKey key = PrivateKey::generate(KeyKind::p256);
    std::string kid = thumbprint(key.public_key());
    std::vector<PublicKey> believed{key.public_key()};
    std::string good_header = R"({"alg":"ES256","kid":")" + kid + R"(","typ":"cloudevent+jws"})";

    // Signed over the attached form as RFC 7515 5.1 has it, with this between the dots.
    [[nodiscard]] std::string with_header(const std::string& header, const std::string& middle = "") const {
        const auto signature = sign_es256(key, b64(header) + "." + b64(kBody));
        return b64(header) + "." + middle + "." + contract::base64url(signature);
    }
    [[nodiscard]] std::string with_member(const std::string& member) const {
        return with_header(replaced(good_header, "{", "{" + member + ","));
    }
    [[nodiscard]] std::string verdict(std::string_view jws, std::string_view type = kType,
                                      std::string_view content = kBody) const {
        return word(verify_detached(jws, type, content, believed));
    }
};

struct Segments {
    std::string header, signature;
    explicit Segments(const std::string& jws)
        : header(jws.substr(0, jws.find('.'))), signature(jws.substr(jws.rfind('.') + 1)) {}
    [[nodiscard]] std::string text() const { return header + ".." + signature; }
    [[nodiscard]] contract::Bytes bytes() const { return contract::from_base64url(signature).value(); }
    void set(const contract::Bytes& bytes) { signature = contract::base64url(bytes); }
};

PublicKey key_of(std::string_view x, std::string_view y) {
    return PublicKey::from_coordinates(contract::from_base64url(x).value(),
                                       contract::from_base64url(y).value())
        .value();
}

}  // namespace

TEST_CASE("A signed body verifies and its header is exactly algorithm, key and type") {
    const Sender sender;
    const auto jws = sign_detached(sender.key, kType, kBody);
    CHECK(sender.verdict(jws) == "ok");
    CHECK(Segments(jws).header == b64(sender.good_header));
    CHECK(Segments(jws).text() == jws);
    CHECK(Segments(jws).bytes().size() == 64);
}

TEST_CASE("A body may be empty, long or no text at all") {
    const Sender sender;
    for (const auto& body : {std::string(), std::string(1'000'000, 'x'), std::string("\0\xFF..", 4)}) {
        const auto jws = sign_detached(sender.key, kType, body);
        CHECK(sender.verdict(jws, kType, body) == "ok");
        CHECK(sender.verdict(jws, kType, body + "x") == "signature");
    }
}

TEST_CASE("A body with one byte changed, added or taken away is noticed") {
    const Sender sender;
    const auto jws = sign_detached(sender.key, kType, kBody);
    const std::string body(kBody);
    for (std::size_t at = 0; at < body.size(); ++at) {
        auto altered = body;
        altered[at] = static_cast<char>(altered[at] ^ 1);
        CHECK(sender.verdict(jws, kType, altered) == "signature");
    }
    for (const auto& other :
         {body + "\n", " " + body, body.substr(1), body.substr(0, body.size() - 1), std::string()}) {
        CHECK(sender.verdict(jws, kType, other) == "signature");
    }
    CHECK(sender.verdict(jws, kType, b64(kBody)) == "signature");
}

TEST_CASE("A signature over one kind of message is none over another") {
    const Sender sender;
    const auto jws = sign_detached(sender.key, kType, kBody);
    CHECK(sender.verdict(jws) == "ok");
    for (const std::string_view other : {"answer+jws", "application/cloudevent+jws", "CloudEvent+JWS",
                                         "cloudevent+jw", "cloudevent+jwss", ""}) {
        CAPTURE(other);
        CHECK(sender.verdict(jws, other) == "malformed");
        CHECK(sender.verdict(sign_detached(sender.key, other, kBody)) == "malformed");
        CHECK(sender.verdict(sign_detached(sender.key, other, kBody), other) == "ok");
    }
}

TEST_CASE("A header may be spelled in any JSON that says the same") {
    const Sender sender;
    const auto& good = sender.good_header;
    CHECK(sender.verdict(sender.with_header(good)) == "ok");
    for (const auto& header :
         {R"({"typ":"cloudevent+jws","kid":")" + sender.kid + R"(","alg":"ES256"})", " " + good + "\r\n",
          replaced(good, ",", ",\n\t"), replaced(good, ":", " : "),
          replaced(good, "\"alg\"", "\"\\u0061lg\""), replaced(good, "ES256", "\\u0045S256"),
          replaced(good, "cloudevent+jws", "cloudevent\\u002bjws")}) {
        CAPTURE(header);
        CHECK(sender.verdict(sender.with_header(header)) == "ok");
    }
}

TEST_CASE("A header spelled otherwise than it was signed is refused though it says the same") {
    const Sender sender;
    Segments jws(sign_detached(sender.key, kType, kBody));
    jws.header = b64(" " + sender.good_header);
    CHECK(sender.verdict(jws.text()) == "signature");
}

TEST_CASE("Any other algorithm of a detached signature is refused") {
    const Sender sender;
    for (const char* algorithm : {"none", "None", "HS256", "RS256", "PS256", "ES384", "ES512", "ES256K",
                                  "EdDSA", "es256", "ES256 ", ""}) {
        CAPTURE(algorithm);
        const auto header = replaced(sender.good_header, "\"ES256\"", "\"" + std::string(algorithm) + "\"");
        CHECK(sender.verdict(sender.with_header(header)) == "malformed");
    }
    Segments unsigned_one(sender.with_header(replaced(sender.good_header, "ES256", "none")));
    unsigned_one.signature.clear();
    CHECK(sender.verdict(unsigned_one.text()) == "malformed");
}

TEST_CASE("A header with anything beside the three members is refused and no key is taken from it") {
    const Sender sender;
    for (const auto& member :
         {std::string(R"("crit":["b64"],"b64":false)"), std::string(R"("crit":["b64"],"b64":true)"),
          std::string(R"("crit":[])"), std::string(R"("b64":true)"), std::string(R"("b64":false)"),
          "\"jwk\":" + jwk(sender.key.public_key()), std::string(R"("jwk":"x")"),
          std::string(R"("jku":"https://evil.example/k")"), std::string(R"("x5u":"https://evil.example/c")"),
          std::string(R"("x5c":["MIIB"])"), std::string(R"("x5t":"abc")"), std::string(R"("x5t#S256":"abc")"),
          std::string(R"("cty":"application/json")"), std::string(R"("iat":1795219200)"),
          std::string(R"("note":null)"), std::string(R"("":1)")}) {
        CAPTURE(member);
        CHECK(sender.verdict(sender.with_member(member)) == "malformed");
    }
    CHECK(sender.verdict(sender.with_header(sender.good_header)) == "ok");
}

TEST_CASE("A stranger who puts his own key into the header is not believed") {
    const Sender sender;
    const Sender stranger;
    const auto with_own_key =
        replaced(stranger.good_header, "{", "{\"jwk\":" + jwk(stranger.key.public_key()) + ",");
    CHECK(sender.verdict(stranger.with_header(with_own_key)) == "malformed");
    CHECK(sender.verdict(stranger.with_header(stranger.good_header)) == "key_unknown");
    CHECK(sender.verdict(stranger.with_header(sender.good_header)) == "signature");
}

TEST_CASE("A header with one of the three members twice is refused whichever comes last") {
    const Sender sender;
    for (const auto& member : {std::string(R"("alg":"none")"), std::string(R"("alg":"ES256")"),
                               std::string(R"("typ":"x")"), "\"kid\":\"" + sender.kid + "\""}) {
        CAPTURE(member);
        CHECK(sender.verdict(sender.with_member(member)) == "malformed");
        const auto last = sender.good_header.substr(0, sender.good_header.size() - 1) + "," + member + "}";
        CHECK(sender.verdict(sender.with_header(last)) == "malformed");
    }
}

TEST_CASE("A header that lacks one of the three members or has it in another form is refused") {
    const Sender sender;
    const auto& good = sender.good_header;
    const auto kid = "\"" + sender.kid + "\"";
    for (const auto& header :
         {replaced(good, "\"alg\":\"ES256\",", ""), replaced(good, ",\"typ\":\"cloudevent+jws\"", ""),
          replaced(good, "\"kid\":" + kid + ",", ""), replaced(good, "\"ES256\"", "null"),
          replaced(good, "\"ES256\"", "[\"ES256\"]"), replaced(good, kid, "1"), replaced(good, kid, "null"),
          replaced(good, kid, "[" + kid + "]"), replaced(good, "\"cloudevent+jws\"", "true"),
          "[" + good + "]", good + good, good + "x", "\xEF\xBB\xBF" + good, replaced(good, "}", ",}"),
          std::string("[]"), std::string("{}"), std::string("x"), std::string()}) {
        CAPTURE(header);
        CHECK(sender.verdict(sender.with_header(header)) == "malformed");
    }
}

TEST_CASE("The key is the one that the header names among those that are believed") {
    const Sender first;
    const Sender second;
    const auto of_first = sign_detached(first.key, kType, kBody);
    const auto of_second = sign_detached(second.key, kType, kBody);
    const std::vector<PublicKey> both{first.key.public_key(), second.key.public_key()};
    const std::vector<PublicKey> twice{second.key.public_key(), second.key.public_key()};
    CHECK(word(verify_detached(of_first, kType, kBody, both)) == "ok");
    CHECK(word(verify_detached(of_second, kType, kBody, both)) == "ok");
    CHECK(word(verify_detached(of_second, kType, kBody, twice)) == "ok");
    CHECK(word(verify_detached(of_first, kType, kBody, twice)) == "key_unknown");
    CHECK(word(verify_detached(of_first, kType, kBody, {})) == "key_unknown");
    // Both are believed, but the one did not sign what names the other.
    const auto crossed = first.with_header(second.good_header);
    CHECK(word(verify_detached(crossed, kType, kBody, both)) == "signature");
}

TEST_CASE("A key goes by its thumbprint alone in its one spelling") {
    const Sender sender;
    const auto named = [&](const std::string& kid) {
        return sender.verdict(sender.with_header(replaced(sender.good_header, sender.kid, kid)));
    };
    CHECK(named(sender.kid) == "ok");
    for (const auto& other : {sender.kid + "=", " " + sender.kid, sender.kid.substr(1), std::string(),
                              std::string("1"), contract::hex(contract::from_base64url(sender.kid).value()),
                              contract::base64url(sender.key.public_key().spki_sha256().view())}) {
        CAPTURE(other);
        CHECK(named(other) == "key_unknown");
    }
}

TEST_CASE("A content that comes with its signature is refused though it is the body") {
    const Sender sender;
    CHECK(sender.verdict(sender.with_header(sender.good_header, "")) == "ok");
    for (const auto& middle :
         {b64(kBody), b64("other"), std::string(kBody), std::string("A"), std::string(" ")}) {
        CAPTURE(middle);
        CHECK(sender.verdict(sender.with_header(sender.good_header, middle)) == "malformed");
    }
}

TEST_CASE("A signature over the body as it is, without base64url, is none") {
    const Sender sender;
    const std::string header = b64(sender.good_header);
    const auto raw = sign_es256(sender.key, header + "." + std::string(kBody));
    CHECK(sender.verdict(header + ".." + contract::base64url(raw)) == "signature");
}

TEST_CASE("A detached signature has two segments and two dots between them") {
    const Sender sender;
    const Segments good(sender.with_header(sender.good_header));
    CHECK(sender.verdict(good.text()) == "ok");
    for (const auto& text :
         {good.text() + ".", "." + good.text(), good.header + "." + good.signature,
          good.header + "..." + good.signature, good.header + ". ." + good.signature, ".." + good.signature,
          good.header + "..", good.header, good.signature, good.text() + "\n", " " + good.text(),
          std::string(), std::string("."), std::string(".."), std::string("...")}) {
        CAPTURE(text);
        CHECK(sender.verdict(text) == "malformed");
    }
}

TEST_CASE("A second spelling of a segment of a detached signature is refused") {
    const Sender sender;
    const Segments good(sender.with_header(sender.good_header));
    Segments padded = good;
    padded.signature += "==";
    CHECK(sender.verdict(padded.text()) == "malformed");
    Segments spare = good;  // 64 bytes leave four spare bits in the last character, which must be zero
    const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    spare.signature.back() = alphabet[alphabet.find(spare.signature.back()) + 1];
    CHECK(sender.verdict(spare.text()) == "malformed");
    for (const char c : {'+', '/', '=', ' ', '\n', '\0', '%'}) {
        Segments signature = good;
        signature.signature[10] = c;
        CHECK(sender.verdict(signature.text()) == "malformed");
        Segments header = good;
        header.header[2] = c;
        CHECK(sender.verdict(header.text()) == "malformed");
    }
}

TEST_CASE("A detached signature is 64 bytes and not DER") {
    const Sender sender;
    Segments jws(sender.with_header(sender.good_header));
    const auto good = jws.bytes();
    contract::Bytes der = {0x30, 0x46, 0x02, 0x21, 0x00};
    der.insert(der.end(), good.begin(), good.begin() + 32);
    der.insert(der.end(), {0x02, 0x21, 0x00});
    der.insert(der.end(), good.begin() + 32, good.end());
    auto longer = good;
    longer.push_back(0);
    for (const auto& bytes :
         {der, longer, contract::Bytes(good.begin(), good.end() - 1), contract::Bytes(96, 1)}) {
        jws.set(bytes);
        CHECK(sender.verdict(jws.text()) == "malformed");
    }
    jws.set(good);
    CHECK(sender.verdict(jws.text()) == "ok");
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto bytes = good;
        bytes[at] ^= 1U;
        jws.set(bytes);
        CHECK(sender.verdict(jws.text()) != "ok");
    }
}

TEST_CASE("The halves of a detached signature are at least one and below the order of the curve") {
    const Sender sender;
    Segments jws(sender.with_header(sender.good_header));
    const auto good = jws.bytes();
    const auto order =
        contract::from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").value();
    auto below = order;
    below.back() -= 1;
    auto above = order;
    above.back() += 1;
    contract::Bytes one(32, 0);
    one.back() = 1;
    const auto verdict_of = [&](const contract::Bytes& half, std::ptrdiff_t at) {
        auto bytes = good;
        std::copy(half.begin(), half.end(), bytes.begin() + at);
        jws.set(bytes);
        return sender.verdict(jws.text());
    };
    for (const std::ptrdiff_t at : {0, 32}) {
        CHECK(verdict_of(contract::Bytes(32, 0), at) == "malformed");
        CHECK(verdict_of(one, at) == "signature");
        CHECK(verdict_of(below, at) == "signature");
        CHECK(verdict_of(order, at) == "malformed");
        CHECK(verdict_of(above, at) == "malformed");
        CHECK(verdict_of(contract::Bytes(32, 0xFF), at) == "malformed");
    }
}

TEST_CASE("A detached signature is at most 2 KiB long") {
    const Sender sender;
    const auto of_length = [&](std::size_t header_bytes) {
        auto header = sender.good_header;
        header.append(header_bytes - header.size(), ' ');
        return sender.with_header(header);
    };
    const auto longest = of_length(1470);  // 1960 characters, two dots, 86 characters; 2049 is no such length
    CHECK(longest.size() == kDetachedJwsBytes);
    CHECK(sender.verdict(longest) == "ok");
    const auto longer = of_length(1471);
    CHECK(longer.size() == kDetachedJwsBytes + 2);
    CHECK(sender.verdict(longer) == "malformed");
}

TEST_CASE("Nothing is signed that would be refused for its type") {
    const Sender sender;
    const std::size_t room = 1470 - (sender.good_header.size() - kType.size());
    const auto longest = sign_detached(sender.key, std::string(room, 't'), kBody);
    CHECK(longest.size() == kDetachedJwsBytes);
    CHECK(sender.verdict(longest, std::string(room, 't')) == "ok");
    CHECK_THROWS_AS(sign_detached(sender.key, std::string(room + 1, 't'), kBody), std::logic_error);
    CHECK_THROWS_AS(sign_detached(sender.key, "\xFF", kBody), std::logic_error);
    const std::string quoted = R"(a "b" \c)";  // escaped in the header, and the same when read
    CHECK(sender.verdict(sign_detached(sender.key, quoted, kBody), quoted) == "ok");
}

TEST_CASE("A key that is not P-256 signs nothing, has no name and is passed over among those believed") {
    const auto other = PrivateKey::generate(KeyKind::ed25519);
    CHECK_THROWS_AS(sign_detached(other, kType, kBody), std::logic_error);
    CHECK_THROWS_AS(thumbprint(other.public_key()), std::logic_error);
    CHECK_THROWS_AS(jwk(other.public_key()), std::logic_error);
    const Sender sender;
    const auto jws = sign_detached(sender.key, kType, kBody);
    const std::vector<PublicKey> mixed{other.public_key(), sender.key.public_key()};
    CHECK(word(verify_detached(jws, kType, kBody, mixed)) == "ok");
    CHECK(word(verify_detached(jws, kType, kBody, std::span(mixed).first(1))) == "key_unknown");
}

TEST_CASE("A document of the contract and a detached signature are not taken for each other") {
    const Party health = party("health");
    const std::vector<PublicKey> believed{health.signing_key.public_key()};
    Segments statement(sign(health.signer(), kStatementType, kToday, kBody));
    CHECK(word(verify_detached(statement.text(), kStatementType, kBody, believed)) == "malformed");
    const auto detached = sign_detached(health.signing_key, kStatementType, kBody);
    const auto attached = replaced(detached, "..", "." + b64(kBody) + ".");
    const auto lookup = [&](const contract::Digest&) { return &health.signing; };
    CHECK(verify(attached, kStatementType, lookup, 8192).error() == JwsFault::malformed);
}

// RFC 9449 (DPoP): the key of figure 2 and the `jkt` that section 6.1 prints for it.
TEST_CASE("A published key has its published thumbprint") {
    CHECK(thumbprint(key_of("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
                            "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA")) ==
          "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

TEST_CASE("A public key is written as a JWK with all of both coordinates") {
    CHECK(jwk(key_of("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                     "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")) ==
          R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
          R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",)"
          R"("kid":"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U","use":"sig","alg":"ES256"})");
    // A coordinate that begins with a zero byte is not shortened: 43 characters, the first of them A.
    for (int drawn = 0;; ++drawn) {
        REQUIRE(drawn < 10'000);
        const auto key = PrivateKey::generate(KeyKind::p256).public_key();
        if (key.point()[1] != 0) continue;
        const auto text = jwk(key);
        const auto at = text.find("\"x\":\"") + 5;
        CHECK(text[at] == 'A');
        CHECK(text.find('"', at) - at == 43);
        break;
    }
}

// The key and the content of RFC 7515 A.3, signed with Python's `cryptography` under a header with line ends,
// another order and an escape. npm `jose` takes it too.
TEST_CASE("What another program signed over the content of RFC 7515 verifies") {
    const std::string jws =
        "ewogICJ0eXAiOiAiY2xvdWRldmVudCtqd3MiLAogICJraWQiOiAib0tJeXd2R1VwVFZUeXhNUTNid0lJZVFVdWRmcl"
        "9Da0xNakNFMTlFQ0QtVSIsCiAgIlx1MDA2MWxnIjogIkVTMjU2Igp9Cg..vD7zBEb_94RrW74RjV5R1Lzaf7vGPY0S"
        "kgm6DxeQPd09xTpcGMyvgL9olJMdlsX4mICrctlfmSHAxqA8CRU4Xg";
    const std::string content =
        "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
    const std::vector<PublicKey> believed{
        key_of("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")};
    CHECK(word(verify_detached(jws, kType, content, believed)) == "ok");
    CHECK(word(verify_detached(jws, kType, replaced(content, "\r\n", "\n"), believed)) == "signature");
    CHECK(word(verify_detached(jws, "JWT", content, believed)) == "malformed");
}
