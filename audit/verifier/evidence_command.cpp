#include "audit/verifier/evidence_command.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "audit/verifier/input.h"
#include "audit/verifier/leaf_claims.h"
#include "audit/verifier/leaf_payload.h"
#include "audit/verifier/plain_words.h"
#include "schemas/codec/payload.h"
#include "schemas/codec/schema.h"
#include "schemas/contract/limits.h"
#include "schemas/json/read.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/key_list.h"

namespace kesher::verifier {
namespace {

namespace limits = contract::limits;
using contract::Code;
using contract::Day;
using contract::Digest;
using contract::Failure;
using contract::Instant;
using statement::Certificate;

constexpr std::string_view kPem = "-----BEGIN CERTIFICATE-----";

struct Refusal {
    Code code;
    std::string why;  // empty: the code's own sentence
};
template <class T>
using OrRefusal = contract::Result<T, Refusal>;
Failure<Refusal> refuse(Code code, std::string why = {}) { return {Refusal{code, std::move(why)}}; }

// The published title begins with a capital and ends with a full stop; here it follows a colon.
std::string clause(std::string_view title) {
    std::string text(title);
    if (text.ends_with('.')) text.pop_back();
    text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
    return text;
}

Finding refused(const Refusal& refusal) {
    const contract::CodeFacts& facts = contract::facts_of(refusal.code);
    const std::string why = refusal.why.empty() ? clause(facts.title) : refusal.why;
    return Finding::refused(std::string(facts.word) + ": " + why).add("code", facts.word);
}

// Everything that was named on the command line, read and of the right kind.
struct Material {
    std::string statement;
    std::optional<Certificate> signer;  // either this
    std::string key_list;               // or this
    std::optional<Certificate> root;
    std::optional<Digest> root_pin;
    std::optional<std::string> payload;
    std::optional<std::string> leaf;
};

OrUsage<std::string> read_line(const std::string& path, std::size_t most_bytes) {
    auto text = read_file(path, most_bytes + 1);
    if (text && text->ends_with('\n')) text->pop_back();
    return text;
}

OrUsage<Certificate> certificate_in(const std::string& pem, const std::string& option) {
    auto certificate = Certificate::from_pem(pem);
    if (!certificate) return Failure{UsageError{option + ": not one P-256 certificate in PEM"}};
    return std::move(*certificate);
}

OrUsage<contract::Done> read_root(const EvidenceQuestion& question, Material& material) {
    if (question.root) {
        const auto pem = read_file(*question.root, limits::kCertificateBytes);
        if (!pem) return Failure{pem.error()};
        auto root = certificate_in(*pem, "--root");
        if (!root) return Failure{root.error()};
        if (root->use() != statement::Use::root) return Failure{UsageError{"--root: not a root certificate"}};
        material.root = std::move(*root);
    }
    if (question.root_pin) {
        material.root_pin = contract::digest_from_base64url(*question.root_pin);
        if (!material.root_pin) return Failure{UsageError{"--root-pin: not a SHA-256 in base64url"}};
        if (!material.root) return Failure{UsageError{"--root-pin says nothing without --root"}};
    }
    return contract::Done{};
}

OrUsage<Material> read_material(const EvidenceQuestion& question) {
    Material material;
    if (question.acks.has_value() != question.statement.empty())
        return Failure{UsageError{"--statement or --acks: one of both"}};
    if (question.acks && !question.leaf) return Failure{UsageError{"--acks says nothing without --leaf"}};
    auto statement = question.acks ? read_line(*question.acks, limits::kSignedDocumentBytes)
                                   : read_line(question.statement, limits::kStatementBytes);
    if (!statement) return Failure{statement.error()};
    material.statement = std::move(*statement);
    auto keys = read_line(question.keys, limits::kSignedDocumentBytes);
    if (!keys) return Failure{keys.error()};
    if (const auto root = read_root(question, material); !root) return Failure{root.error()};
    if (keys->starts_with(kPem)) {
        auto signer = certificate_in(*keys + '\n', "--keys");
        if (!signer) return Failure{signer.error()};
        material.signer = std::move(*signer);
    } else {
        if (!material.root) return Failure{UsageError{"--keys: a key list needs --root"}};
        material.key_list = std::move(*keys);
    }
    if (question.payload) {
        auto payload = read_file(*question.payload, limits::kPayloadBytes);
        if (!payload) return Failure{payload.error()};
        material.payload = std::move(*payload);
    }
    if (question.leaf) {
        auto leaf = read_file(*question.leaf, limits::kLeafBytes);
        if (!leaf) return Failure{leaf.error()};
        material.leaf = std::move(*leaf);
    }
    return material;
}

// What the statement says of itself before anything is checked: whose keys to look at, and for which day.
struct Claimed {
    contract::OrganisationId from;
    Digest certificate;
    Day day;
};

std::optional<json::Value> read_segment(std::string_view segment) {
    const auto bytes = contract::from_base64url(segment);
    if (!bytes) return std::nullopt;
    auto value = json::read(contract::text_of(*bytes));
    return value ? std::optional(std::move(*value)) : std::nullopt;
}

std::string_view text_in(const std::optional<json::Value>& object, std::string_view key) {
    const json::Value* value = object ? object->find(key) : nullptr;
    const std::string* text = value != nullptr ? value->text() : nullptr;
    return text != nullptr ? std::string_view(*text) : std::string_view();
}

// Who signed, where what was signed does not say it: of acknowledgements their leaf does.
std::optional<Claimed> peek(std::string_view jws,
                            const std::optional<contract::OrganisationId>& signer = std::nullopt) {
    const std::size_t first = jws.find('.');
    const std::size_t second = jws.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto header = read_segment(jws.substr(0, first));
    const auto claims = read_segment(jws.substr(first + 1, second - first - 1));
    const json::Value* iat = header ? header->find("iat") : nullptr;
    const std::int64_t* seconds = iat != nullptr ? iat->integer() : nullptr;
    if (seconds == nullptr || *seconds < 0 || *seconds > statement::kLastSecond) return std::nullopt;
    const auto certificate = contract::digest_from_base64url(text_in(header, "x5t#S256"));
    const auto from = signer ? signer : contract::OrganisationId::parse(text_in(claims, "from"));
    if (!certificate || !from) return std::nullopt;
    const std::chrono::sys_seconds at{std::chrono::seconds(*seconds)};
    return Claimed{*from, *certificate, std::chrono::floor<std::chrono::days>(at)};
}

// The sender's certificate and the instant to judge it at: the first of the statement's day at which all
// that vouches for it had begun. A certificate made at noon may sign in the afternoon of that day.
struct Vouched {
    Certificate signer;
    Instant at;
};

OrRefusal<Vouched> on_its_day(Certificate signer, const std::optional<Certificate>& root, Day day) {
    Instant at = std::max(contract::start_of(day), signer.not_before());
    if (root) at = std::max(at, root->not_before());
    if (contract::day_of(at) != day || !signer.valid_at(at) || (root && !root->valid_at(at))) {
        return refuse(Code::certificate_unknown,
                      "the signing certificate did not hold on the statement's day");
    }
    return Vouched{std::move(signer), at};
}

OrRefusal<Vouched> from_certificate(const Material& material, const Claimed& claimed) {
    const Certificate& signer = *material.signer;
    if (signer.use() != statement::Use::signing || !signer.names(claimed.from)) {
        return refuse(Code::certificate_unknown,
                      "the certificate is not for signing as " + claimed.from.text());
    }
    if (material.root && !signer.issued_by(*material.root)) return refuse(Code::key_unpinned);
    return on_its_day(signer, material.root, claimed.day);
}

OrRefusal<Vouched> from_key_list(const Material& material, const Claimed& claimed) {
    const Certificate& root = *material.root;
    const Instant begins = std::max(contract::start_of(claimed.day), root.not_before());
    const auto list = statement::verify_key_list(material.key_list, root,
                                                 {claimed.from, root.key().spki_sha256(), 1, begins});
    if (!list) return refuse(list.error(), "the key list: " + clause(contract::facts_of(list.error()).title));
    const auto named = [&](const Certificate& one) { return one.thumbprint() == claimed.certificate; };
    const auto found = std::find_if(list->signing.begin(), list->signing.end(), named);
    if (found == list->signing.end()) return refuse(Code::certificate_unknown);
    auto vouched = on_its_day(*found, root, claimed.day);
    if (vouched && vouched->at > list->not_after) return refuse(Code::key_unpinned, "the key list had ended");
    return vouched;
}

OrRefusal<statement::DatedStatement> read_statement(const Material& material, const Claimed& claimed,
                                                    const Vouched& vouched) {
    const statement::KeyRing ring(claimed.from, {vouched.signer});
    const auto verified = statement::verify_signature(material.statement, ring, vouched.at);
    if (!verified) return refuse(verified.error());
    auto said = statement::parse_claims(*verified);
    if (!said) return refuse(said.error());
    return std::move(*said);
}

// The payload's record, where the bytes are at hand; the schema is judged either way.
OrRefusal<std::optional<codec::Payload>> read_payload(const Material& material,
                                                      const statement::Statement& what) {
    const codec::ReleasedSchema* schema = codec::find_schema(what.schema);
    if (schema == nullptr || schema->type != what.type) return refuse(Code::schema_unknown);
    if (!material.payload) return std::optional<codec::Payload>{};
    const contract::ByteView bytes = contract::bytes_of(*material.payload);
    if (statement::sha256(bytes) != what.digest) return refuse(Code::digest_mismatch);
    auto payload = codec::decode_payload(what.type, what.schema, bytes);
    if (!payload) return refuse(payload.error());
    return std::optional<codec::Payload>(std::move(*payload));
}

void add_claims(Finding& finding, const statement::DatedStatement& said) {
    const statement::Statement& what = said.statement;
    finding.add("log", what.log).add("message", what.id.text());
    finding.add("type", contract::kMessageTypes.text(what.type));
    finding.add("from", what.from.text()).add("to", what.to.text()).add("day", contract::text(said.iat));
    if (what.referral) finding.add("referral", what.referral->text());
    if (what.service) finding.add("service", contract::kServices.text(*what.service));
    if (what.purpose) finding.add("purpose", contract::kPurposes.text(*what.purpose));
    if (what.basis) finding.add("basis", contract::kLegalBases.text(*what.basis));
    if (what.consent) finding.add("consent", what.consent->text());
    if (what.groups) {
        std::string groups;
        for (const contract::DataGroup group : *what.groups) {
            groups.append(groups.empty() ? "" : " ").append(contract::kDataGroups.text(group));
        }
        finding.add("groups", groups.empty() ? "none" : groups);
    }
    if (what.subject_acts) finding.add("subject_acts", "at the person's own word");
    if (what.expected_version) {
        finding.add("expected_version", static_cast<std::uint64_t>(*what.expected_version));
    }
    if (what.in_reply_to) finding.add("in_reply_to", what.in_reply_to->text());
    if (what.actor) finding.add("actor", "committed, not named");
    if (what.case_) finding.add("case", "committed, not named");
}

void add_payload(Finding& finding, const statement::Statement& what,
                 const std::optional<codec::Payload>& payload) {
    const codec::ReleasedSchema& schema = *codec::find_schema(what.schema);
    finding.add("schema", contract::text(what.schema) + ' ' + std::string(schema.record) + ".v" +
                              std::to_string(schema.version));
    finding.add("digest", contract::base64url(what.digest.view()));
    if (!payload) {
        finding.add("payload", "not shown");
        return;
    }
    finding.add("payload", codec::sealed_part(*payload) ? "these bytes, with a sealed part" : "these bytes");
    if (const auto* event = std::get_if<codec::ReferralEventPayload>(&*payload)) {
        finding.add("event", contract::kReferralEvents.text(event->event));
    }
}

// What became of it by its own leaf, where that is shown: a refused message has a leaf, and a signature that
// holds, too.
std::optional<std::string> decision_in(std::string_view leaf) {
    const auto lines = log::split_leaf(leaf);
    if (!lines || !lines->statement) return std::nullopt;
    const auto record = log::parse_record(lines->record);
    if (!record) return std::nullopt;
    if (record->decision == log::Decision::permit) return "the hub accepted it";
    if (!record->code) return "the hub REFUSED it";
    return "the hub REFUSED it (" + std::string(contract::text(*record->code)) + ")";
}

// How far the key is vouched for: what was not shown is said, not passed over.
void add_trust(Finding& finding, const Material& material, const Vouched& vouched) {
    finding.add("certificate", contract::base64url(vouched.signer.thumbprint().view()));
    if (!material.root) {
        finding.add("vouched_by", "nobody: the certificate was believed as given");
        return;
    }
    finding.add("root", contract::base64url(material.root->key().spki_sha256().view()));
    finding.add("vouched_by",
                material.root_pin ? "the pinned root" : "the root as given, compared with no pin");
}

OrRefusal<Vouched> vouch(const Material& material, const Claimed& claimed) {
    if (material.root_pin && material.root->key().spki_sha256() != *material.root_pin)
        return refuse(Code::key_unpinned);
    return material.signer ? from_certificate(material, claimed) : from_key_list(material, claimed);
}

// The log that the claims name; verify_acks reads them again and believes nothing.
std::string log_named_in(std::string_view jws) {
    const std::size_t first = jws.find('.');
    const std::size_t second = jws.find('.', first + 1);
    return std::string(text_in(read_segment(jws.substr(first + 1, second - first - 1)), "log"));
}

Finding check_acks(const EvidenceQuestion& question, const Material& material) {
    const auto lines = log::split_leaf(*material.leaf);
    if (!lines) return Finding::refused(text(lines.error()));
    const auto record = log::parse_record(lines->record);
    if (!record) return Finding::refused(text(record.error()));
    if (!record->org) return Finding::refused("the leaf does not say who acknowledged");
    const auto claimed = peek(material.statement, record->org);
    if (!claimed) return refused({Code::signature_invalid, {}});
    const auto vouched = vouch(material, *claimed);
    if (!vouched) return refused(vouched.error());
    const std::string log = question.log.value_or(log_named_in(material.statement));
    const statement::KeyList keys{claimed->from, 1, {vouched->signer}, {}, vouched->at};
    const auto said = statement::verify_acks(material.statement, {log, keys, vouched->at});
    if (!said) return refused({said.error(), {}});
    if (const auto other = against_acks(*record, *said)) return Finding::refused(*other);
    Finding finding =
        Finding::holds(claimed->from.text() + " acknowledged a delivery on " + contract::text(claimed->day));
    finding.add("log", log).add("from", claimed->from.text()).add("day", contract::text(claimed->day));
    finding.add("acknowledgements", static_cast<std::uint64_t>(said->acks.acks.size()));
    add_trust(finding, material, *vouched);
    return finding;
}

}  // namespace

OrUsage<Finding> check_evidence(const EvidenceQuestion& question) {
    const auto material = read_material(question);
    if (!material) return Failure{material.error()};
    if (question.acks) return check_acks(question, *material);
    const auto claimed = peek(material->statement);
    if (!claimed) return refused({Code::signature_invalid, {}});
    const auto vouched = vouch(*material, *claimed);
    if (!vouched) return refused(vouched.error());
    const auto said = read_statement(*material, *claimed, *vouched);
    if (!said) return refused(said.error());
    if (question.log && said->statement.log != *question.log) return refused({Code::wrong_log, {}});
    const auto payload = read_payload(*material, said->statement);
    if (!payload) return refused(payload.error());
    const auto other = material->leaf ? against_leaf(*material->leaf, material->statement) : std::nullopt;
    if (other) return Finding::refused(*other);
    if (material->leaf && *payload) {
        if (const auto unlike = against_payload(*material->leaf, **payload)) return Finding::refused(*unlike);
    }
    const auto decided = material->leaf ? decision_in(*material->leaf) : std::nullopt;
    Finding finding = Finding::holds(sentence(*said) + (decided ? "; " + *decided : ""));
    add_claims(finding, *said);
    if (decided) finding.add("decision", *decided);
    add_payload(finding, said->statement, *payload);
    add_trust(finding, *material, *vouched);
    return finding;
}

}  // namespace kesher::verifier
