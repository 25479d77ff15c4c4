// A sealed part opens for its recipient, for its statement, and in one form only.
// Method: forge() seals properly under any header and padding, so that what is refused is the one fact that
// differs and not a broken tag.
#include <catch2/catch.hpp>

#include <openssl/evp.h>

#include "schemas/json/read.h"
#include "schemas/statement/concat_kdf.h"
#include "schemas/statement/gcm.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/seal.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;
using contract::Bytes;
using contract::ByteView;

namespace {

const auto kMessage = contract::MessageId::parse("11111111-1111-4111-8111-111111111111").value();
const auto kOther = contract::MessageId::parse("22222222-2222-4222-8222-222222222222").value();

std::string b64(ByteView bytes) { return contract::base64url(bytes); }
std::string b64(std::string_view text) { return contract::base64url(contract::bytes_of(text)); }

Bytes bytes(std::size_t size, std::uint8_t value = 0x5A) { return Bytes(size, value); }

Secret agreed(const PrivateKey& own, const PublicKey& other) {
    Secret z(32);
    std::size_t size = 32;
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_pkey(nullptr, own.native(), nullptr);
    REQUIRE(EVP_PKEY_derive_init(context) == 1);
    REQUIRE(EVP_PKEY_derive_set_peer(context, other.native()) == 1);
    REQUIRE(EVP_PKEY_derive(context, z.writable().data(), &size) == 1);
    EVP_PKEY_CTX_free(context);
    return z;
}

struct Segments {
    std::vector<std::string> parts;
    explicit Segments(std::string_view jwe) {
        for (std::size_t at = 0; at <= jwe.size(); at = jwe.find('.', at) + 1) {
            parts.emplace_back(jwe.substr(at, jwe.find('.', at) - at));
            if (jwe.find('.', at) == std::string_view::npos) break;
        }
    }
    [[nodiscard]] std::string text() const {
        std::string text = parts[0];
        for (std::size_t i = 1; i < parts.size(); ++i) text += "." + parts[i];
        return text;
    }
    // One bit of a segment's bytes.
    [[nodiscard]] std::string flipped(std::size_t part, std::size_t byte) const {
        Segments copy = *this;
        auto decoded = contract::from_base64url(parts[part]).value();
        decoded.at(byte) ^= 1U;
        copy.parts[part] = b64(decoded);
        return copy.text();
    }
};

struct Mail {
    Party ssd = party("ssd-5000");
    Party health = party("health");
    SealContext context{ssd.id, health.id, kMessage};
    OpeningKeys keys;
    PrivateKey ephemeral = PrivateKey::generate(KeyKind::p256);
    std::string x = b64(ephemeral.public_key().point().subspan(1, 32));
    std::string y = b64(ephemeral.public_key().point().subspan(33, 32));
    std::string good_header =
        R"({"alg":"ECDH-ES","enc":"A256GCM","kid":")" + b64(health.encryption.thumbprint().view()) +
        R"(","epk":{"kty":"EC","crv":"P-256","x":")" + x + R"(","y":")" + y + R"("},"apu":")" +
        b64("ssd-5000") + R"(","apv":")" + b64("health") + R"(","mid":")" + kMessage.text() + R"("})";

    Mail() { REQUIRE(keys.add(health.encryption_key, health.encryption)); }

    [[nodiscard]] std::string forge(const std::string& header, const Bytes& whole) const {
        const auto key =
            concat_kdf(agreed(ephemeral, health.encryption.key()), "A256GCM", "ssd-5000", "health", 32);
        const auto sealed = gcm_encrypt(key, b64(header), whole);
        return b64(header) + ".." + b64(sealed.nonce) + "." + b64(sealed.ciphertext) + "." + b64(sealed.tag);
    }
    // A plaintext of three bytes, rightly padded.
    [[nodiscard]] static Bytes whole() {
        Bytes padded(4096, 0);
        padded[3] = 3;
        std::fill_n(padded.begin() + 4, 3, std::uint8_t{0x5A});
        return padded;
    }
    [[nodiscard]] std::string forge(const std::string& header) const { return forge(header, whole()); }
    [[nodiscard]] std::string forge(const Bytes& whole) const { return forge(good_header, whole); }
    [[nodiscard]] std::string sealed() const { return seal(health.encryption, context, bytes(100)).value(); }
    [[nodiscard]] std::string verdict(std::string_view jwe) const { return verdict(jwe, context); }
    [[nodiscard]] std::string verdict(std::string_view jwe, const SealContext& expected) const {
        const auto opened = kesher::statement::open(jwe, keys, expected);
        return opened ? "ok" : std::string(contract::text(opened.error()));
    }
};

}  // namespace

TEST_CASE("What is sealed opens to the same bytes whatever its length") {
    const Mail mail;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4092}, std::size_t{4093},
                                   std::size_t{65'532}, std::size_t{65'533}}) {
        CAPTURE(size);
        const auto jwe = seal(mail.health.encryption, mail.context, bytes(size));
        REQUIRE(jwe);
        const auto opened = kesher::statement::open(*jwe, mail.keys, mail.context);
        REQUIRE(opened);
        CHECK(*opened == bytes(size));
    }
    CHECK(mail.verdict(mail.forge(mail.good_header)) == "ok");
}

TEST_CASE("The header says exactly what the contract lists") {
    const Mail mail;
    const Segments segments(mail.sealed());
    REQUIRE(segments.parts.size() == 5);
    CHECK(segments.parts[1].empty());
    const auto bytes = contract::from_base64url(segments.parts[0]).value();
    const auto header = kesher::json::read(contract::text_of(bytes)).value();
    CHECK(header.members()->size() == 7);
    CHECK(*header.find("alg")->text() == "ECDH-ES");
    CHECK(*header.find("enc")->text() == "A256GCM");
    CHECK(*header.find("kid")->text() == b64(mail.health.encryption.thumbprint().view()));
    CHECK(*header.find("apu")->text() == b64("ssd-5000"));
    CHECK(*header.find("apv")->text() == b64("health"));
    CHECK(*header.find("mid")->text() == kMessage.text());
    CHECK(header.find("epk")->members()->size() == 4);
}

TEST_CASE("The length of the sealed part is one of a few") {
    constexpr std::size_t kStep = 256 * 1024;
    CHECK(padded_size(0) == 4096);
    CHECK(padded_size(4092) == 4096);
    CHECK(padded_size(4093) == 16 * 1024);
    CHECK(padded_size(16 * 1024 - 4) == 16 * 1024);
    CHECK(padded_size(16 * 1024 - 3) == 64 * 1024);
    CHECK(padded_size(64 * 1024 - 4) == 64 * 1024);
    CHECK(padded_size(64 * 1024 - 3) == kStep);
    CHECK(padded_size(kStep - 4) == kStep);
    CHECK(padded_size(kStep - 3) == 2 * kStep);
    CHECK(padded_size(kSealedPlaintextMax) == contract::limits::kSealedPaddedBytes);
    const Mail mail;
    const auto length = [&](std::size_t size) {
        return seal(mail.health.encryption, mail.context, bytes(size)).value().size();
    };
    CHECK(length(0) == length(4092));
    CHECK(length(4092) < length(4093));
}

TEST_CASE("The largest sealed part fits a payload and a larger one is not sealed") {
    const Mail mail;
    const auto jwe = seal(mail.health.encryption, mail.context, bytes(kSealedPlaintextMax));
    REQUIRE(jwe);
    CHECK(jwe->size() + contract::limits::kPayloadClearBytes <= contract::limits::kPayloadBytes);
    CHECK(mail.verdict(*jwe) == "ok");
    const auto over = seal(mail.health.encryption, mail.context, bytes(kSealedPlaintextMax + 1));
    REQUIRE_FALSE(over);
    CHECK(over.error() == contract::Code::too_large);
    static_assert(kSealedPlaintextMax > contract::limits::kAttachmentsBytes + 64 * 1024);
}

TEST_CASE("Nothing is sealed to a certificate that is not for encryption") {
    const Mail mail;
    for (const auto& certificate : {mail.health.signing, mail.health.root()}) {
        const auto sealed = seal(certificate, mail.context, bytes(1));
        REQUIRE_FALSE(sealed);
        CHECK(sealed.error() == contract::Code::key_unpinned);
    }
    OpeningKeys keys;
    CHECK_FALSE(keys.add(mail.health.signing_key, mail.health.signing));
    CHECK_FALSE(keys.add(mail.health.signing_key, mail.health.encryption));
    CHECK(keys.add(mail.health.encryption_key, mail.health.encryption));
}

TEST_CASE("The same plaintext is never sealed to the same bytes") {
    const Mail mail;
    const Segments one(mail.sealed());
    const Segments two(mail.sealed());
    for (const std::size_t part : {0U, 2U, 3U, 4U}) CHECK(one.parts[part] != two.parts[part]);
}

TEST_CASE("A sealed part of another message or for other parties is told apart") {
    const Mail mail;
    const auto jwe = mail.sealed();
    CHECK(mail.verdict(jwe) == "ok");
    CHECK(mail.verdict(jwe, {mail.ssd.id, mail.health.id, kOther}) == "seal_mismatch");
    CHECK(mail.verdict(jwe, {organisation("labor"), mail.health.id, kMessage}) == "seal_mismatch");
    CHECK(mail.verdict(jwe, {mail.ssd.id, organisation("labor"), kMessage}) == "seal_mismatch");
    const auto& header = mail.good_header;
    CHECK(mail.verdict(mail.forge(replaced(header, b64("ssd-5000"), b64("ssd-5001")))) == "seal_mismatch");
    CHECK(mail.verdict(mail.forge(replaced(header, b64("health"), b64("healti")))) == "seal_mismatch");
    CHECK(mail.verdict(mail.forge(replaced(header, kMessage.text(), kOther.text()))) == "seal_mismatch");
}

TEST_CASE("Apu and apv are bound into the key as well") {
    const Mail mail;
    const auto key =
        concat_kdf(agreed(mail.ephemeral, mail.health.encryption.key()), "A256GCM", "labor", "health", 32);
    const auto sealed = gcm_encrypt(key, b64(mail.good_header), Mail::whole());
    const auto jwe = b64(mail.good_header) + ".." + b64(sealed.nonce) + "." + b64(sealed.ciphertext) + "." +
                     b64(sealed.tag);
    CHECK(mail.verdict(jwe) == "seal_unopenable");
}

TEST_CASE("Compression, extensions and other algorithms are refused though properly sealed") {
    const Mail mail;
    const auto& good = mail.good_header;
    for (const char* member : {R"("zip":"DEF")", R"("crit":["mid"])", R"("crit":["exp"],"exp":1)",
                               R"("cty":"avro")", R"("typ":"JOSE")", R"("jku":"https://evil.example")",
                               R"("x5c":[])", R"("iv":"")", R"("alg":"ECDH-ES")"}) {
        CAPTURE(member);
        CHECK(mail.verdict(mail.forge(replaced(good, "{", "{" + std::string(member) + ","))) ==
              "seal_unopenable");
    }
    for (const char* algorithm :
         {"dir", "ECDH-ES+A256KW", "ECDH-ES+A128KW", "RSA-OAEP", "A256KW", "none", "ecdh-es"}) {
        CAPTURE(algorithm);
        CHECK(mail.verdict(mail.forge(replaced(good, "ECDH-ES", algorithm))) == "seal_unopenable");
    }
    for (const char* encryption : {"A128GCM", "A192GCM", "A256CBC-HS512", ""}) {
        CAPTURE(encryption);
        CHECK(mail.verdict(mail.forge(replaced(good, "A256GCM", encryption))) == "seal_unopenable");
    }
}

TEST_CASE("A header that lacks a member is refused") {
    const Mail mail;
    for (const char* key : {"\"alg\"", "\"enc\"", "\"kid\"", "\"epk\"", "\"apu\"", "\"apv\"", "\"mid\"",
                            "\"kty\"", "\"crv\"", "\"x\"", "\"y\""}) {
        CAPTURE(key);
        CHECK(mail.verdict(mail.forge(replaced(mail.good_header, key, "\"zz\""))) == "seal_unopenable");
    }
}

TEST_CASE("The sender's passing key is a point of P-256 in full and nothing else") {
    const Mail mail;
    const auto& good = mail.good_header;
    const std::string zero = b64(bytes(32, 0));
    auto off = contract::from_base64url(mail.y).value();
    off.back() ^= 1U;
    for (const auto& header :
         {replaced(good, "P-256", "P-384"), replaced(good, "P-256", "secp256k1"),
          replaced(good, "P-256", "X25519"), replaced(good, "\"EC\"", "\"OKP\""),
          replaced(good, mail.y, b64(off)), replaced(good, mail.y, mail.x), replaced(good, mail.y, zero),
          replaced(replaced(good, mail.x, zero), mail.y, zero), replaced(good, mail.x, ""),
          replaced(good, mail.x, b64(bytes(31))), replaced(good, mail.x, b64(bytes(33))),
          replaced(good, mail.x, b64(bytes(32, 0xFF))), replaced(good, mail.x, mail.x + "="),
          replaced(good, "\"kty\"", "\"d\":\"" + zero + "\",\"kty\""),
          replaced(good, "\"kty\"", "\"use\":\"enc\",\"kty\""),
          replaced(good, "\"kty\"", "\"x\":\"" + mail.x + "\",\"kty\"")}) {
        CAPTURE(header);
        CHECK(mail.verdict(mail.forge(header)) == "seal_unopenable");
    }
    CHECK(mail.verdict(mail.forge(good)) == "ok");
}

TEST_CASE("A sealed part for a key that is not there does not open") {
    const Mail mail;
    const auto other = party("health");
    CHECK(mail.verdict(seal(other.encryption, mail.context, bytes(1)).value()) == "seal_unopenable");
    const auto renamed = replaced(mail.good_header, b64(mail.health.encryption.thumbprint().view()),
                                  b64(other.encryption.thumbprint().view()));
    CHECK(mail.verdict(mail.forge(renamed)) == "seal_unopenable");
    OpeningKeys both;
    REQUIRE(both.add(other.encryption_key, other.encryption));
    REQUIRE(both.add(mail.health.encryption_key, mail.health.encryption));
    CHECK(kesher::statement::open(mail.sealed(), both, mail.context));
    CHECK_FALSE(kesher::statement::open(mail.forge(renamed), both, mail.context));
}

TEST_CASE("One changed bit anywhere is noticed") {
    const Mail mail;
    const Segments jwe(mail.sealed());
    CHECK(mail.verdict(jwe.text()) == "ok");
    CHECK(mail.verdict(jwe.flipped(2, 0)) == "seal_unopenable");
    CHECK(mail.verdict(jwe.flipped(2, 11)) == "seal_unopenable");
    CHECK(mail.verdict(jwe.flipped(3, 0)) == "seal_unopenable");
    CHECK(mail.verdict(jwe.flipped(3, 4095)) == "seal_unopenable");
    CHECK(mail.verdict(jwe.flipped(4, 0)) == "seal_unopenable");
    CHECK(mail.verdict(jwe.flipped(4, 15)) == "seal_unopenable");
    Segments spaced = jwe;
    const auto header = contract::from_base64url(jwe.parts[0]).value();
    spaced.parts[0] = b64(" " + std::string(contract::text_of(header)));
    CHECK(mail.verdict(spaced.text()) == "seal_unopenable");
}

TEST_CASE("Segments that are short, long, empty, missing or of another spelling are refused") {
    const Mail mail;
    const Segments good(mail.sealed());
    for (std::size_t part = 0; part < 5; ++part) {
        CAPTURE(part);
        Segments other = good;
        if (part != 1) {
            other.parts[part].clear();
            CHECK(mail.verdict(other.text()) == "seal_unopenable");
        }
        other.parts[part] = good.parts[part] + "AAAA";
        CHECK(mail.verdict(other.text()) == "seal_unopenable");
        other.parts[part] = good.parts[part] + "=";
        CHECK(mail.verdict(other.text()) == "seal_unopenable");
        other = good;
        other.parts.erase(other.parts.begin() + static_cast<std::ptrdiff_t>(part));
        CHECK(mail.verdict(other.text()) == "seal_unopenable");
    }
    CHECK(mail.verdict(good.text().substr(0, good.text().size() - 4)) == "seal_unopenable");
    CHECK(mail.verdict(good.text() + ".") == "seal_unopenable");
    CHECK(mail.verdict("") == "seal_unopenable");
    CHECK(mail.verdict(std::string(contract::limits::kPayloadBytes + 1, '.')) == "seal_unopenable");
}

TEST_CASE("A tag is sixteen bytes and a nonce twelve") {
    const Mail mail;
    const Segments good(mail.sealed());
    for (const std::size_t size : {0U, 4U, 12U, 15U}) {
        Segments shorter = good;
        shorter.parts[4] = b64(ByteView(contract::from_base64url(good.parts[4]).value()).first(size));
        CHECK(mail.verdict(shorter.text()) == "seal_unopenable");
    }
    for (const std::size_t size : {0U, 11U, 13U, 16U}) {
        Segments other = good;
        other.parts[2] = b64(bytes(size));
        CHECK(mail.verdict(other.text()) == "seal_unopenable");
    }
}

TEST_CASE("Padding is zeros up to the step that the length asks for") {
    const Mail mail;
    CHECK(mail.verdict(mail.forge(Mail::whole())) == "ok");
    const auto changed = [&](auto change) {
        auto whole = Mail::whole();
        change(whole);
        return mail.verdict(mail.forge(whole));
    };
    CHECK(changed([](Bytes& w) { w[7] = 1; }) == "seal_unopenable");
    CHECK(changed([](Bytes& w) { w.back() = 1; }) == "seal_unopenable");
    CHECK(changed([](Bytes& w) { w[2] = 0x10; }) == "seal_unopenable");  // 4099 bytes belong in 16 KiB
    CHECK(changed([](Bytes& w) { w[0] = 0xFF; }) == "seal_unopenable");
    CHECK(changed([](Bytes& w) { w.resize(4095); }) == "seal_unopenable");
    CHECK(changed([](Bytes& w) { w.resize(4097); }) == "seal_unopenable");
    CHECK(changed([](Bytes& w) { w.resize(16 * 1024); }) == "seal_unopenable");
    CHECK(changed([](Bytes& w) { w.resize(7); }) == "seal_unopenable");
    CHECK(changed([](Bytes& w) { w.resize(3); }) == "seal_unopenable");
    CHECK(changed([](Bytes& w) { w.clear(); }) == "seal_unopenable");
}

TEST_CASE("The agreed key is the one of RFC 7518 appendix C") {
    constexpr std::array<std::uint8_t, 32> kAgreed = {158, 86,  217, 29,  129, 113, 53,  211, 114, 131, 66,
                                                      131, 191, 132, 38,  156, 251, 49,  110, 163, 218, 128,
                                                      106, 72,  246, 218, 167, 121, 140, 254, 144, 196};
    const Secret agreed(Bytes(kAgreed.begin(), kAgreed.end()));
    CHECK(b64(concat_kdf(agreed, "A128GCM", "Alice", "Bob", 16).reveal()) == "VqqN6vgjbSBcIijNcacQGg");
    CHECK(b64(concat_kdf(agreed, "A128GCM", "Alice", "Bop", 16).reveal()) != "VqqN6vgjbSBcIijNcacQGg");
}

TEST_CASE("The Diffie-Hellman secret is the one of RFC 7518 appendix C") {
    const auto d = contract::from_base64url("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo").value();
    const auto x = contract::from_base64url("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0").value();
    const auto y = contract::from_base64url("SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps").value();
    const auto other = PublicKey::from_coordinates(
        contract::from_base64url("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ").value(),
        contract::from_base64url("e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck").value());
    REQUIRE(other);
    // RFC 5915 ECPrivateKey: the curve and the public key follow the number.
    Bytes key = contract::from_hex("30770201010420").value();
    key.insert(key.end(), d.begin(), d.end());
    const auto curve = contract::from_hex("a00a06082a8648ce3d030107a14403420004").value();
    key.insert(key.end(), curve.begin(), curve.end());
    key.insert(key.end(), x.begin(), x.end());
    key.insert(key.end(), y.begin(), y.end());
    const std::uint8_t* at = key.data();
    const auto alice =
        PrivateKey::adopt(d2i_PrivateKey(EVP_PKEY_EC, nullptr, &at, static_cast<long>(key.size())));
    REQUIRE(alice);
    CHECK(b64(concat_kdf(agreed(*alice, *other), "A128GCM", "Alice", "Bob", 16).reveal()) ==
          "VqqN6vgjbSBcIijNcacQGg");
}
