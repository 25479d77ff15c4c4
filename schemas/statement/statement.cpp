#include "schemas/statement/statement.h"

#include <stdexcept>

#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/claims.h"
#include "schemas/statement/verify_by_ring.h"
#include "schemas/statement/words.h"

namespace kesher::statement {
namespace {

using contract::Code;
using contract::Digest;
using contract::Failure;
using contract::OrganisationId;
using contract::Result;

// Remembers whether any claim that stands there could not be understood.
class Claims {
public:
    explicit Claims(const json::Value& value) : object_(value) {}

    template <class T, class Parse>
    std::optional<T> must(std::string_view key, Parse parse) {
        std::optional<T> parsed = parse(object_.text(key));
        good_ = good_ && parsed.has_value();
        return parsed;
    }
    template <class T, class Parse>
    std::optional<T> may(std::string_view key, Parse parse) {
        const auto text = object_.optional_text(key);
        if (!text) return std::nullopt;
        std::optional<T> parsed = parse(*text);
        good_ = good_ && parsed.has_value();
        return parsed;
    }
    std::optional<std::vector<contract::DataGroup>> groups() {
        const auto items = object_.optional_array("groups");
        if (!items) return std::nullopt;
        auto words = read_words(*items, contract::kDataGroups);
        good_ = good_ && words.has_value();
        return words;
    }
    // Present means true: the claim has no other value.
    bool subject_acts() {
        const auto value = object_.optional_boolean("subject_acts");
        good_ = good_ && value.value_or(true);
        return value.has_value();
    }
    std::optional<Digest> payload_digest() {
        json::Object inner(object_.object("digest"));
        const auto digest = contract::digest_from_base64url(inner.text("S256"));
        good_ = good_ && inner.finish() && digest.has_value();
        return digest;
    }
    std::optional<std::int64_t> integer(std::string_view key) { return object_.optional_integer(key); }
    bool is_version_1() { return object_.integer("v") == 1; }
    std::string log() { return std::string(object_.text("log")); }
    [[nodiscard]] bool good() const { return good_ && object_.finish(); }

private:
    json::Object object_;
    bool good_ = true;
};

std::optional<Statement> read_claims(const json::Value& value) {
    Claims claims(value);
    const bool version = claims.is_version_1();
    const std::string log = claims.log();
    const auto id = claims.must<contract::MessageId>("id", contract::MessageId::parse);
    const auto type = claims.must<contract::MessageType>(
        "type", [](std::string_view word) { return contract::kMessageTypes.parse(word); });
    const auto from = claims.must<OrganisationId>("from", OrganisationId::parse);
    const auto to = claims.must<OrganisationId>("to", OrganisationId::parse);
    const auto schema = claims.must<contract::SchemaFingerprint>("schema", contract::parse_fingerprint);
    const auto digest = claims.payload_digest();
    if (!version || !id || !type || !from || !to || !schema || !digest) return std::nullopt;

    Statement statement{log, *id, *type, *from, *to, *schema, *digest};
    statement.actor = claims.may<Digest>("actor", contract::digest_from_base64url);
    statement.case_ = claims.may<Digest>("case", contract::digest_from_base64url);
    statement.referral = claims.may<contract::ReferralId>("referral", contract::ReferralId::parse);
    statement.service = claims.may<contract::Service>(
        "service", [](std::string_view word) { return contract::kServices.parse(word); });
    statement.purpose = claims.may<contract::Purpose>(
        "purpose", [](std::string_view word) { return contract::kPurposes.parse(word); });
    statement.basis = claims.may<contract::LegalBasis>(
        "basis", [](std::string_view word) { return contract::kLegalBases.parse(word); });
    statement.groups = claims.groups();
    statement.consent = claims.may<contract::ConsentId>("consent", contract::ConsentId::parse);
    statement.subject_acts = claims.subject_acts();
    statement.expected_version = claims.integer("expected_version");
    statement.in_reply_to = claims.may<contract::MessageId>("in_reply_to", contract::MessageId::parse);
    if (!claims.good()) return std::nullopt;
    return statement;
}

void write_optional_claims(json::Writer& writer, const Statement& statement) {
    if (statement.actor) writer.text("actor", contract::base64url(statement.actor->view()));
    if (statement.case_) writer.text("case", contract::base64url(statement.case_->view()));
    if (statement.referral) writer.text("referral", statement.referral->text());
    if (statement.service) writer.text("service", contract::kServices.text(*statement.service));
    if (statement.purpose) writer.text("purpose", contract::kPurposes.text(*statement.purpose));
    if (statement.basis) writer.text("basis", contract::kLegalBases.text(*statement.basis));
    if (statement.groups) write_words(writer, "groups", *statement.groups, contract::kDataGroups);
    if (statement.consent) writer.text("consent", statement.consent->text());
    if (statement.subject_acts) writer.boolean("subject_acts", true);
    if (statement.expected_version) writer.number("expected_version", *statement.expected_version);
    if (statement.in_reply_to) writer.text("in_reply_to", statement.in_reply_to->text());
}

}  // namespace

std::vector<contract::DataGroup> in_wire_order(std::vector<contract::DataGroup> groups) {
    const auto before = [](contract::DataGroup a, contract::DataGroup b) {
        return contract::kDataGroups.text(a) < contract::kDataGroups.text(b);
    };
    std::sort(groups.begin(), groups.end(), before);
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    return groups;
}

std::string write_claims(const Statement& statement) {
    if (!fits_contract(statement)) throw std::logic_error("these claims are not those of their message type");
    json::Writer writer;
    writer.open_object()
        .number("v", 1)
        .text("log", statement.log)
        .text("id", statement.id.text())
        .text("type", contract::kMessageTypes.text(statement.type))
        .text("from", statement.from.text())
        .text("to", statement.to.text());
    write_optional_claims(writer, statement);
    writer.text("schema", contract::text(statement.schema));
    writer.open_object("digest").text("S256", contract::base64url(statement.digest.view())).close();
    return writer.close().take();
}

std::string sign_statement(const Statement& statement, const Signer& signer, contract::Day iat) {
    return sign(signer, kStatementType, iat, write_claims(statement));
}

Result<VerifiedStatement, Code> verify_signature(std::string_view jws, const KeyRing& ring,
                                                 contract::Instant at) {
    auto verified = verify_by(ring, jws, kStatementType, at, contract::limits::kStatementBytes);
    if (!verified) return Failure{verified.error()};
    return VerifiedStatement(ring.organisation(), std::move(*verified));
}

std::optional<Identity> peek_identity(const VerifiedStatement& verified) {
    const auto value = json::read(verified.claims(), kClaimsBounds);
    if (!value) return std::nullopt;
    const json::Value* from = value->find("from");
    const json::Value* id = value->find("id");
    if (from == nullptr || id == nullptr || from->text() == nullptr || id->text() == nullptr)
        return std::nullopt;
    const auto parsed = contract::MessageId::parse(*id->text());
    if (*from->text() != verified.signed_by().text() || !parsed) return std::nullopt;
    return Identity{verified.signed_by(), *parsed};
}

Result<DatedStatement, Code> parse_claims(const VerifiedStatement& verified) {
    const auto value = json::read(verified.claims(), kClaimsBounds);
    if (!value) return Failure{Code::statement_invalid};
    auto statement = read_claims(*value);
    const auto day = whole_day(verified.iat());
    const bool holds =
        statement && day && statement->from == verified.signed_by() && fits_contract(*statement);
    if (!holds) return Failure{Code::statement_invalid};
    return DatedStatement{std::move(*statement), *day};
}

}  // namespace kesher::statement
