#include "schemas/statement/jws.h"

#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/ecdsa.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/segments.h"

namespace kesher::statement {
namespace {

using contract::Digest;
using contract::Failure;
using contract::Result;

constexpr json::Bounds kHeaderBounds{.bytes = 512, .depth = 1, .spelling = json::Spelling::plain};

struct Header {
    Digest certificate;
    std::int64_t iat;
};

std::optional<Header> parse_header(std::string_view segment, std::string_view type) {
    const auto text = decoded_text(segment);
    if (!text) return std::nullopt;
    const auto value = json::read(*text, kHeaderBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    const bool algorithm = object.text("alg") == "ES256";
    const auto certificate = contract::digest_from_base64url(object.text("x5t#S256"));
    const std::int64_t iat = object.integer("iat");
    const bool content = object.text("cty") == type;
    if (!object.finish() || !algorithm || !certificate || !content) return std::nullopt;
    if (iat < 0 || iat > kLastSecond) return std::nullopt;
    return Header{*certificate, iat};
}

// It names a certificate and a day, so one sender's is the same from message to message: a thread keeps the
// last good one beside its very text.
std::optional<Header> read_header(std::string_view segment, std::string_view type) {
    struct Last {
        std::string segment;
        std::string type;
        Header header;
    };
    thread_local std::optional<Last> last;
    if (last && last->segment == segment && last->type == type) return last->header;
    const auto header = parse_header(segment, type);
    if (header) last = Last{std::string(segment), std::string(type), *header};
    return header;
}

}  // namespace

std::optional<Signer> Signer::make(PrivateKey key, Certificate certificate) {
    if (certificate.key() != key.public_key()) return std::nullopt;
    return Signer(std::move(key), std::move(certificate));
}

std::string sign(const Signer& signer, std::string_view type, contract::Day iat, std::string_view payload) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(iat.time_since_epoch()).count();
    json::Writer header;
    header.open_object()
        .text("alg", "ES256")
        .text("x5t#S256", contract::base64url(signer.certificate().thumbprint().view()))
        .number("iat", seconds)
        .text("cty", type)
        .close();
    std::string text = contract::base64url(contract::bytes_of(header.take())) + '.' +
                       contract::base64url(contract::bytes_of(payload));
    const RawSignature signature = sign_es256(signer.key(), text);
    return text + '.' + contract::base64url(signature);
}

Result<Jws, JwsFault> verify(std::string_view jws, std::string_view type, const CertificateLookup& lookup,
                             std::size_t max_bytes) {
    if (jws.size() > max_bytes) return Failure{JwsFault::too_large};
    const auto segments = split_segments<3>(jws);
    if (!segments) return Failure{JwsFault::malformed};
    const auto header = read_header(segments->at(0), type);
    auto payload = decoded_text(segments->at(1));
    const auto bytes = contract::from_base64url(segments->at(2));
    const auto signature = bytes ? raw_signature(*bytes) : std::nullopt;
    if (!header || !payload || !signature) return Failure{JwsFault::malformed};
    const Certificate* certificate = lookup(header->certificate);
    if (certificate == nullptr) return Failure{JwsFault::certificate_unknown};
    const std::string_view signed_text = jws.substr(0, segments->at(0).size() + 1 + segments->at(1).size());
    if (!verify_es256(certificate->key(), signed_text, *signature)) return Failure{JwsFault::signature};
    return Jws{header->certificate, header->iat, std::move(*payload), sha256(segments->at(1)), sha256(jws)};
}

std::optional<contract::Day> whole_day(std::int64_t iat) {
    const std::chrono::sys_seconds instant{std::chrono::seconds(iat)};
    const contract::Day day = std::chrono::floor<std::chrono::days>(instant);
    if (instant != day) return std::nullopt;
    return day;
}

bool is_timely(contract::Day iat, contract::Instant at) {
    const contract::Instant said = contract::start_of(iat);
    return at - said <= contract::limits::kStatementAgeMax && said - at <= contract::limits::kClockAhead;
}

contract::Code code_of(JwsFault fault) {
    switch (fault) {
        case JwsFault::too_large:
            return contract::Code::too_large;
        case JwsFault::certificate_unknown:
            return contract::Code::certificate_unknown;
        case JwsFault::malformed:
        case JwsFault::signature:
            break;
    }
    return contract::Code::signature_invalid;
}

}  // namespace kesher::statement
