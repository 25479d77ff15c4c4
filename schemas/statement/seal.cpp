#include "schemas/statement/seal.h"

#include <algorithm>

#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/concat_kdf.h"
#include "schemas/statement/evp.h"
#include "schemas/statement/gcm.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/segments.h"

namespace kesher::statement {
namespace {

namespace limits = contract::limits;
using contract::Bytes;
using contract::ByteView;
using contract::Code;
using contract::Digest;
using contract::Failure;
using contract::Result;

constexpr std::size_t kLengthBytes = 4;
constexpr std::array<std::size_t, 3> kSmallSteps = {4 * 1024, 16 * 1024, 64 * 1024};
constexpr std::size_t kCoordinateBytes = 32;
constexpr json::Bounds kHeaderBounds{.bytes = 1024, .depth = 2};
constexpr std::string_view kEncryption = "A256GCM";

struct Header {
    Digest kid;
    PublicKey ephemeral;
    std::string apu;
    std::string apv;
    std::string mid;
};

std::string write_header(const Digest& kid, const PublicKey& ephemeral, const SealContext& context) {
    const ByteView point = ephemeral.point().subspan(1);
    json::Writer writer;
    writer.open_object()
        .text("alg", "ECDH-ES")
        .text("enc", kEncryption)
        .text("kid", contract::base64url(kid.view()));
    writer.open_object("epk")
        .text("kty", "EC")
        .text("crv", "P-256")
        .text("x", contract::base64url(point.first(kCoordinateBytes)))
        .text("y", contract::base64url(point.last(kCoordinateBytes)))
        .close();
    writer.text("apu", contract::base64url(contract::bytes_of(context.from.text())))
        .text("apv", contract::base64url(contract::bytes_of(context.to.text())))
        .text("mid", context.id.text());
    return writer.close().take();
}

// RFC 7518 6.2.1: both coordinates at full length. `d`, or anything else beside them, is refused.
std::optional<PublicKey> read_ephemeral(const json::Value& value) {
    json::Object object(value);
    const bool curve = object.text("kty") == "EC" && object.text("crv") == "P-256";
    const auto x = contract::from_base64url(object.text("x"));
    const auto y = contract::from_base64url(object.text("y"));
    if (!object.finish() || !curve || !x || !y) return std::nullopt;
    return PublicKey::from_coordinates(*x, *y);
}

std::optional<Header> read_header(std::string_view segment) {
    const auto text = decoded_text(segment);
    if (!text) return std::nullopt;
    const auto value = json::read(*text, kHeaderBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    const bool algorithms = object.text("alg") == "ECDH-ES";
    const bool encryption = object.text("enc") == kEncryption;
    const auto kid = contract::digest_from_base64url(object.text("kid"));
    auto ephemeral = read_ephemeral(object.object("epk"));
    auto apu = decoded_text(object.text("apu"));
    auto apv = decoded_text(object.text("apv"));
    std::string mid(object.text("mid"));
    if (!object.finish() || !algorithms || !encryption || !kid || !ephemeral || !apu || !apv)
        return std::nullopt;
    return Header{*kid, std::move(*ephemeral), std::move(*apu), std::move(*apv), std::move(mid)};
}

Secret agree(const PrivateKey& own, const PublicKey& other) {
    const evp::KeyContext context(evp::must(EVP_PKEY_CTX_new_from_pkey(nullptr, own.native(), nullptr)));
    evp::must(EVP_PKEY_derive_init(context.get()));
    evp::must(EVP_PKEY_derive_set_peer(context.get(), other.native()));
    Secret agreed(kCoordinateBytes);
    std::size_t size = agreed.size();
    evp::must(EVP_PKEY_derive(context.get(), agreed.writable().data(), &size));
    return agreed;
}

Secret padded(ByteView plaintext) {
    Secret whole(padded_size(plaintext.size()));
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
        whole.writable()[i] = static_cast<std::uint8_t>(plaintext.size() >> (24 - 8 * i));
    }
    std::copy(plaintext.begin(), plaintext.end(), whole.writable().begin() + kLengthBytes);
    return whole;
}

// One plaintext has one padding: the step its length asks for, and zeros alone.
std::optional<Bytes> unpadded(const Secret& whole) {
    const ByteView bytes = whole.reveal();
    if (bytes.size() < kLengthBytes) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) size = (size << 8) | bytes[i];
    if (size > kSealedPlaintextMax || padded_size(size) != bytes.size()) return std::nullopt;
    const ByteView rest = bytes.subspan(kLengthBytes + size);
    if (!std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; }))
        return std::nullopt;
    const ByteView plaintext = bytes.subspan(kLengthBytes, size);
    return Bytes(plaintext.begin(), plaintext.end());
}

template <std::size_t N>
bool decode_exactly(std::string_view segment, std::array<std::uint8_t, N>& into) {
    const auto bytes = contract::from_base64url(segment);
    if (!bytes || bytes->size() != N) return false;
    std::copy(bytes->begin(), bytes->end(), into.begin());
    return true;
}

std::optional<GcmSealed> read_sealed(std::string_view nonce, std::string_view ciphertext,
                                     std::string_view tag) {
    GcmSealed sealed{};
    if (!decode_exactly(nonce, sealed.nonce) || !decode_exactly(tag, sealed.tag)) return std::nullopt;
    auto bytes = contract::from_base64url(ciphertext);
    if (!bytes) return std::nullopt;
    sealed.ciphertext = std::move(*bytes);
    return sealed;
}

}  // namespace

std::size_t padded_size(std::size_t plaintext_bytes) {
    const std::size_t whole = plaintext_bytes + kLengthBytes;
    for (const std::size_t step : kSmallSteps) {
        if (whole <= step) return step;
    }
    return (whole + limits::kSealStepBytes - 1) / limits::kSealStepBytes * limits::kSealStepBytes;
}

Result<std::string, Code> seal(const Certificate& recipient, const SealContext& context, ByteView plaintext) {
    if (recipient.use() != Use::encryption) return Failure{Code::key_unpinned};
    if (plaintext.size() > kSealedPlaintextMax) return Failure{Code::too_large};
    const PrivateKey ephemeral = PrivateKey::generate(KeyKind::p256);
    const Secret key = concat_kdf(agree(ephemeral, recipient.key()), kEncryption, context.from.text(),
                                  context.to.text(), kGcmKeyBytes);
    const std::string header = contract::base64url(
        contract::bytes_of(write_header(recipient.thumbprint(), ephemeral.public_key(), context)));
    const GcmSealed sealed = gcm_encrypt(key, header, padded(plaintext).reveal());
    // The second segment is empty: the agreed key is the content key itself (RFC 7518 4.6).
    return header + ".." + contract::base64url(sealed.nonce) + '.' + contract::base64url(sealed.ciphertext) +
           '.' + contract::base64url(sealed.tag);
}

bool OpeningKeys::add(PrivateKey key, const Certificate& certificate) {
    if (certificate.use() != Use::encryption || certificate.key() != key.public_key()) return false;
    entries_.push_back({certificate.thumbprint(), std::move(key)});
    return true;
}

const PrivateKey* OpeningKeys::find(const Digest& kid) const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& one) { return one.kid == kid; });
    return found == entries_.end() ? nullptr : &found->key;
}

Result<Bytes, Code> open(std::string_view jwe, const OpeningKeys& keys, const SealContext& expected) {
    const Failure unopenable{Code::seal_unopenable};
    if (jwe.size() > limits::kPayloadBytes) return unopenable;
    const auto segments = split_segments<5>(jwe);
    if (!segments || !segments->at(1).empty()) return unopenable;
    const auto header = read_header(segments->at(0));
    const auto sealed = read_sealed(segments->at(2), segments->at(3), segments->at(4));
    if (!header || !sealed) return unopenable;
    const bool bound = header->apu == expected.from.text() && header->apv == expected.to.text() &&
                       header->mid == expected.id.text();
    if (!bound) return Failure{Code::seal_mismatch};
    const PrivateKey* key = keys.find(header->kid);
    if (key == nullptr) return unopenable;
    const Secret content_key =
        concat_kdf(agree(*key, header->ephemeral), kEncryption, header->apu, header->apv, kGcmKeyBytes);
    const auto whole = gcm_decrypt(content_key, segments->at(0), *sealed);
    if (!whole) return unopenable;
    auto plaintext = unpadded(*whole);
    if (!plaintext) return unopenable;
    return std::move(*plaintext);
}

}  // namespace kesher::statement
