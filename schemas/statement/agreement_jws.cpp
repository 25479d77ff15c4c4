#include "schemas/statement/agreement_jws.h"

#include <stdexcept>

#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/words.h"

namespace kesher::statement {
namespace {

namespace limits = contract::limits;
using contract::Code;
using contract::Digest;
using contract::Failure;
using contract::OrganisationId;
using contract::Result;

struct Pair {
    OrganisationId first;
    OrganisationId second;
};

std::optional<Pair> read_pair(std::span<const json::Value> items) {
    if (items.size() != 2 || items[0].text() == nullptr || items[1].text() == nullptr) return std::nullopt;
    const auto first = OrganisationId::parse(*items[0].text());
    const auto second = OrganisationId::parse(*items[1].text());
    if (!first || !second) return std::nullopt;
    return Pair{*first, *second};
}

struct Roots {
    Digest first;
    Digest second;
};

std::optional<Roots> read_roots(const json::Value& value, const Pair& pair) {
    json::Object object(value);
    const auto first = contract::digest_from_base64url(object.text(pair.first.text()));
    const auto second = contract::digest_from_base64url(object.text(pair.second.text()));
    if (!object.finish() || !first || !second) return std::nullopt;
    return Roots{*first, *second};
}

// Its own kind of optional: absent is allowed, malformed is not.
bool read_proposal(std::optional<std::string_view> text, std::optional<Digest>& into) {
    if (text) into = contract::digest_from_base64url(*text);
    return !text || into.has_value();
}

std::optional<Agreement> read_claims(std::string_view text) {
    const auto value = json::read(text, kClaimsBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    const bool version = object.integer("v") == 1;
    const auto id = contract::AgreementId::parse(object.text("id"));
    const auto act = kAgreementActs.parse(object.text("act"));
    const auto pair = read_pair(object.array("pair"));
    auto types = read_words(object.array("types"), contract::kMessageTypes);
    auto purposes = read_words(object.array("purposes"), contract::kPurposes);
    auto groups = read_words(object.array("groups"), contract::kDataGroups);
    const auto from = contract::parse_day(object.text("from"));
    const auto to = contract::parse_day(object.text("to"));
    const json::Value& roots_value = object.object("roots");
    const auto role = contract::kOfficerRoles.parse(object.text("role"));
    const auto approver = contract::OfficerId::parse(object.text("approver"));
    std::optional<Digest> proposal;
    const bool proposal_read = read_proposal(object.optional_text("proposal"), proposal);
    if (!object.finish() || !version || !id || !act || !pair || !types || !purposes || !groups)
        return std::nullopt;
    const auto roots = read_roots(roots_value, *pair);
    if (!from || !to || !roots || !role || !approver || !proposal_read) return std::nullopt;
    return Agreement{*id,
                     *act,
                     pair->first,
                     pair->second,
                     std::move(*types),
                     std::move(*purposes),
                     std::move(*groups),
                     *from,
                     *to,
                     roots->first,
                     roots->second,
                     *role,
                     *approver,
                     proposal};
}

bool fits_contract(const Agreement& agreement) {
    const bool pair = agreement.first < agreement.second && agreement.first != OrganisationId::hub() &&
                      agreement.second != OrganisationId::hub();
    const bool lists = !agreement.types.empty() && !agreement.purposes.empty() &&
                       is_in_wire_order(agreement.types, contract::kMessageTypes) &&
                       is_in_wire_order(agreement.purposes, contract::kPurposes) &&
                       is_in_wire_order(agreement.groups, contract::kDataGroups);
    const bool role = agreement.role == contract::OfficerRole::legal_adviser ||
                      agreement.role == contract::OfficerRole::security_officer;
    const bool proposal = agreement.proposal.has_value() == (agreement.act != AgreementAct::propose);
    return pair && lists && role && proposal && agreement.from <= agreement.to;
}

std::string write_claims(const Agreement& agreement) {
    json::Writer writer;
    writer.open_object()
        .number("v", 1)
        .text("id", agreement.id.text())
        .text("act", kAgreementActs.text(agreement.act));
    writer.open_array("pair").text(agreement.first.text()).text(agreement.second.text()).close();
    write_words(writer, "types", agreement.types, contract::kMessageTypes);
    write_words(writer, "purposes", agreement.purposes, contract::kPurposes);
    write_words(writer, "groups", agreement.groups, contract::kDataGroups);
    writer.text("from", contract::text(agreement.from)).text("to", contract::text(agreement.to));
    writer.open_object("roots")
        .text(agreement.first.text(), contract::base64url(agreement.first_root.view()))
        .text(agreement.second.text(), contract::base64url(agreement.second_root.view()))
        .close();
    writer.text("role", contract::kOfficerRoles.text(agreement.role))
        .text("approver", agreement.approver.text());
    if (agreement.proposal) writer.text("proposal", contract::base64url(agreement.proposal->view()));
    return writer.close().take();
}

// The certificate that must have signed: the approver's where one is handed in, else the root.
const Certificate* signer_of(const OrganisationId& body, const Certificate& root,
                             const std::optional<Certificate>& approver, contract::Instant at) {
    if (root.use() != Use::root || !root.valid_at(at)) return nullptr;
    if (!approver) return &root;
    const bool vouched =
        approver->use() == Use::approver && approver->names(body) && approver->issued_by(root, at);
    return vouched ? &*approver : nullptr;
}

}  // namespace

bool Agreement::same_terms(const Agreement& other) const {
    return id == other.id && first == other.first && second == other.second && types == other.types &&
           purposes == other.purposes && groups == other.groups && from == other.from && to == other.to &&
           first_root == other.first_root && second_root == other.second_root;
}

std::string sign_agreement(const Agreement& agreement, const Signer& signer, contract::Day iat) {
    if (!fits_contract(agreement)) throw std::logic_error("this agreement breaks the contract");
    return sign(signer, kAgreementType, iat, write_claims(agreement));
}

Result<VerifiedAgreement, Code> verify_agreement(std::string_view jws, const OrganisationId& body,
                                                 const Certificate& root,
                                                 const std::optional<Certificate>& approver,
                                                 contract::Instant at) {
    const Certificate* signer = signer_of(body, root, approver, at);
    const auto lookup = [&](const Digest& thumbprint) {
        return signer != nullptr && signer->thumbprint() == thumbprint ? signer : nullptr;
    };
    const auto verified = verify(jws, kAgreementType, lookup, limits::kSignedDocumentBytes);
    if (!verified) return Failure{code_of(verified.error())};
    auto agreement = read_claims(verified->payload);
    if (!agreement || !whole_day(verified->iat) || !fits_contract(*agreement))
        return Failure{Code::statement_invalid};
    if (body != agreement->first && body != agreement->second) return Failure{Code::statement_invalid};
    const Digest& pin = body == agreement->first ? agreement->first_root : agreement->second_root;
    if (pin != root.key().spki_sha256()) return Failure{Code::key_unpinned};
    return VerifiedAgreement{std::move(*agreement), verified->document, verified->certificate};
}

std::string write_agreement_document(const AgreementDocument& document) {
    json::Writer writer;
    writer.open_object().text("agreement", document.jws);
    if (document.approver) writer.text("approver", document.approver->pem());
    return writer.close().take();
}

Result<AgreementDocument, Code> read_agreement_document(std::string_view json) {
    const auto value = json::read(json);
    if (!value) return Failure{Code::statement_invalid};
    json::Object object(*value);
    AgreementDocument document{std::string(object.text("agreement")), std::nullopt};
    const auto pem = object.optional_text("approver");
    if (!object.finish()) return Failure{Code::statement_invalid};
    if (!pem) return document;
    auto approver = Certificate::from_pem(*pem);
    if (!approver) return Failure{Code::statement_invalid};
    document.approver = std::move(*approver);
    return document;
}

}  // namespace kesher::statement
