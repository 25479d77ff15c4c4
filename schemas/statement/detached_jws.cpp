#include "schemas/statement/detached_jws.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/ecdsa.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/segments.h"

namespace kesher::statement {
namespace {

using contract::Failure;

// No member of ours has members of its own: what comes with one is of no interest.
constexpr json::Bounds kHeaderBounds{.bytes = kDetachedJwsBytes, .depth = 1};

struct Coordinates {
    std::string x, y;
};

// All 32 bytes of each, leading zeros too (RFC 7518 6.2.1.2).
Coordinates coordinates(const PublicKey& key) {
    if (key.kind() != KeyKind::p256) throw std::logic_error("the key of a detached JWS is P-256");
    const contract::ByteView point = key.point();
    return {contract::base64url(point.subspan(1, 32)), contract::base64url(point.subspan(33, 32))};
}

// What is signed is the attached form: the content stands in base64url though it does not travel so.
std::string signing_input(std::string_view header_segment, std::string_view content) {
    return std::string(header_segment) + '.' + contract::base64url(contract::bytes_of(content));
}

// The `kid`, where all else is as it must be.
std::optional<std::string> kid_of_header(std::string_view segment, std::string_view type) {
    const auto text = decoded_text(segment);
    if (!text) return std::nullopt;
    const auto value = json::read(*text, kHeaderBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    const bool algorithm = object.text("alg") == "ES256";
    const std::string_view kid = object.text("kid");
    const bool kind = object.text("typ") == type;
    if (!object.finish() || !algorithm || !kind) return std::nullopt;
    return std::string(kid);
}

}  // namespace

std::string thumbprint(const PublicKey& key) {
    const Coordinates point = coordinates(key);
    json::Writer members;  // RFC 7638 3: those that are required, by their names' order, and no white space
    members.open_object()
        .text("crv", "P-256")
        .text("kty", "EC")
        .text("x", point.x)
        .text("y", point.y)
        .close();
    return contract::base64url(sha256(members.take()).view());
}

std::string jwk(const PublicKey& key) {
    const Coordinates point = coordinates(key);
    json::Writer members;
    members.open_object()
        .text("kty", "EC")
        .text("crv", "P-256")
        .text("x", point.x)
        .text("y", point.y)
        .text("kid", thumbprint(key))
        .text("use", "sig")
        .text("alg", "ES256")
        .close();
    return members.take();
}

std::string sign_detached(const PrivateKey& key, std::string_view type, std::string_view content) {
    json::Writer members;
    members.open_object()
        .text("alg", "ES256")
        .text("kid", thumbprint(key.public_key()))
        .text("typ", type)
        .close();
    const std::string header = contract::base64url(contract::bytes_of(members.take()));
    const RawSignature signature = sign_es256(key, signing_input(header, content));
    std::string jws = header + ".." + contract::base64url(signature);
    if (jws.size() > kDetachedJwsBytes) throw std::logic_error("the type of a detached JWS is too long");
    return jws;
}

contract::Result<contract::Done, DetachedFault> verify_detached(std::string_view jws, std::string_view type,
                                                                std::string_view content,
                                                                std::span<const PublicKey> keys) {
    if (jws.size() > kDetachedJwsBytes) return Failure{DetachedFault::malformed};
    const auto segments = split_segments<3>(jws);
    // A content that came with it would be a second one beside the body: one program reads this, one that.
    if (!segments || !segments->at(1).empty()) return Failure{DetachedFault::malformed};
    const auto kid = kid_of_header(segments->at(0), type);
    const auto bytes = contract::from_base64url(segments->at(2));
    const auto signature = bytes ? raw_signature(*bytes) : std::nullopt;
    if (!kid || !signature) return Failure{DetachedFault::malformed};
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const PublicKey& believed) {
        return believed.kind() == KeyKind::p256 && thumbprint(believed) == *kid;
    });
    if (key == keys.end()) return Failure{DetachedFault::key_unknown};
    if (!verify_es256(*key, signing_input(segments->at(0), content), *signature)) {
        return Failure{DetachedFault::signature};
    }
    return contract::Done{};
}

}  // namespace kesher::statement
