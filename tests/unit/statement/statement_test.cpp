// A statement has exactly the claims of its type, and only the parties it may have.
// Method: one good statement a type; each case changes a single claim and signs again.
#include <catch2/catch.hpp>

#include "schemas/contract/limits.h"
#include "schemas/json/read.h"
#include "schemas/statement/commitment.h"
#include "schemas/statement/ecdsa.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/statement.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;
using contract::Code;
using contract::DataGroup;
using contract::LegalBasis;
using contract::MessageType;
using contract::Purpose;

namespace {

const auto kHub = contract::OrganisationId::hub();
const auto kHealth = organisation("health");
const auto kSsd = organisation("ssd-5000");
const auto kMessage = contract::MessageId::parse("11111111-1111-4111-8111-111111111111").value();
const auto kEarlier = contract::MessageId::parse("22222222-2222-4222-8222-222222222222").value();
const auto kReferral = contract::ReferralId::parse("33333333-3333-4333-8333-333333333333").value();
const auto kConsent = contract::ConsentId::parse("44444444-4444-4444-8444-444444444444").value();

Statement base(MessageType type, const contract::OrganisationId& to) {
    Statement statement{
        "hub.example/log", kMessage, type, kSsd, to, contract::SchemaFingerprint{0x7275d51a3f395c8f},
        sha256("payload")};
    statement.actor = sha256("actor");
    return statement;
}

Statement submitted() {
    auto statement = base(MessageType::referral_submitted, kHealth);
    statement.case_ = sha256("case");
    statement.referral = kReferral;
    statement.service = contract::Service::hlt_phys;
    statement.purpose = Purpose::treatment;
    statement.basis = LegalBasis::consent;
    statement.groups = in_wire_order({DataGroup::identity, DataGroup::health, DataGroup::contact});
    statement.consent = kConsent;
    return statement;
}

Statement event() {
    auto statement = submitted();
    statement.type = MessageType::referral_event;
    statement.service.reset();
    return statement;
}

Statement consent(MessageType type) {
    auto statement = base(type, kHub);
    statement.case_ = sha256("case");
    statement.consent = kConsent;
    return statement;
}

Statement eligibility(MessageType type) {
    auto statement = base(type, kHealth);
    statement.referral = kReferral;
    statement.purpose = Purpose::rights_check;
    statement.basis = LegalBasis::no_personal_data;
    if (type == MessageType::eligibility_answered) statement.in_reply_to = kEarlier;
    return statement;
}

Statement good(MessageType type) {
    switch (type) {
        case MessageType::referral_submitted:
            return submitted();
        case MessageType::referral_event:
            return event();
        case MessageType::consent_given:
        case MessageType::consent_revoked:
            return consent(type);
        case MessageType::consent_revocation_acked: {
            auto statement = base(type, kHub);
            statement.consent = kConsent;
            statement.in_reply_to = kEarlier;
            return statement;
        }
        case MessageType::intake_screened: {
            auto statement = base(type, kHub);
            statement.case_ = sha256("case");
            return statement;
        }
        case MessageType::eligibility_asked:
        case MessageType::eligibility_answered:
            return eligibility(type);
        case MessageType::capacity_updated:
        case MessageType::agenda_proposed:
        case MessageType::headcount_reported:
            break;
    }
    return base(type, kHub);
}

Statement notice(MessageType type) {
    auto statement = good(type);
    statement.from = kHub;
    statement.to = kHealth;
    statement.actor.reset();
    statement.case_.reset();
    return statement;
}

// Signs any claims text with the key of `who`, and says what the steps say of it.
struct Court {
    Party who;
    explicit Court(const contract::OrganisationId& id = kSsd) : who(party(id.text())) {}

    [[nodiscard]] std::string verdict(const std::string& claims,
                                      std::string_view header_type = kStatementType) const {
        const auto verified =
            verify_signature(sign(who.signer(), header_type, kToday, claims), who.ring(), kNow);
        if (!verified) return std::string(contract::text(verified.error()));
        const auto parsed = parse_claims(*verified);
        return parsed ? "ok" : std::string(contract::text(parsed.error()));
    }
};

// True where it may be written, and then it is read back the same.
bool allowed(const Statement& statement) {
    static const Court ssd;
    static const Court hub(kHub);
    std::string claims;
    try {
        claims = write_claims(statement);
    } catch (const std::logic_error&) {
        return false;
    }
    const Party& who = statement.from == kHub ? hub.who : ssd.who;
    const auto verified = verify_signature(sign_statement(statement, who.signer(), kToday), who.ring(), kNow);
    REQUIRE(verified);
    const auto parsed = parse_claims(*verified);
    REQUIRE(parsed);
    CHECK(parsed->statement == statement);
    CHECK(parsed->iat == kToday);
    CHECK(verified->claims() == claims);
    return true;
}

const std::string& claims() {
    static const std::string text = write_claims(submitted());
    return text;
}

struct Claim {
    const char* name;
    void (*toggle)(Statement&);
};
template <class T>
void toggle(std::optional<T>& claim, T value) {
    if (claim)
        claim.reset();
    else
        claim = std::move(value);
}
const std::vector<Claim> kClaims = {
    {"actor", [](Statement& s) { toggle(s.actor, sha256("a")); }},
    {"case", [](Statement& s) { toggle(s.case_, sha256("c")); }},
    {"referral", [](Statement& s) { toggle(s.referral, kReferral); }},
    {"service", [](Statement& s) { toggle(s.service, contract::Service::debt); }},
    {"purpose", [](Statement& s) { toggle(s.purpose, Purpose::referral); }},
    {"basis", [](Statement& s) { toggle(s.basis, LegalBasis::consent); }},
    {"groups", [](Statement& s) { toggle(s.groups, std::vector<DataGroup>{}); }},
    {"consent", [](Statement& s) { toggle(s.consent, kConsent); }},
    {"subject_acts", [](Statement& s) { s.subject_acts = !s.subject_acts; }},
    {"expected_version", [](Statement& s) { toggle(s.expected_version, std::int64_t{0}); }},
    {"in_reply_to", [](Statement& s) { toggle(s.in_reply_to, kEarlier); }},
};

// The claims of a good statement that may be put in or left out, in the order of kClaims.
std::string free_claims(const Statement& statement) {
    std::string names;
    for (const Claim& claim : kClaims) {
        Statement changed = statement;
        claim.toggle(changed);
        if (allowed(changed)) names += std::string(names.empty() ? "" : " ") + claim.name;
    }
    return names;
}

}  // namespace

TEST_CASE("A good statement of each type is signed and read back the same") {
    for (std::size_t i = 0; i < contract::kMessageTypes.size(); ++i) {
        CAPTURE(contract::kMessageTypes.words[i]);
        CHECK(allowed(good(static_cast<MessageType>(i))));
    }
}

TEST_CASE("Each type has its claims and no others") {
    CHECK(free_claims(good(MessageType::referral_submitted)) == "in_reply_to");
    CHECK(free_claims(good(MessageType::referral_event)) ==
          "consent subject_acts expected_version in_reply_to");
    CHECK(free_claims(good(MessageType::consent_given)) == "in_reply_to");
    CHECK(free_claims(good(MessageType::consent_revoked)) == "in_reply_to");
    CHECK(free_claims(good(MessageType::consent_revocation_acked)).empty());
    CHECK(free_claims(good(MessageType::intake_screened)).empty());
    CHECK(free_claims(good(MessageType::eligibility_asked)).empty());
    CHECK(free_claims(good(MessageType::eligibility_answered)).empty());
    CHECK(free_claims(good(MessageType::capacity_updated)) == "service");
    CHECK(free_claims(good(MessageType::agenda_proposed)) == "service");
    CHECK(free_claims(good(MessageType::headcount_reported)) == "service");
}

TEST_CASE("What the hub itself says has neither officer nor case") {
    CHECK(allowed(notice(MessageType::referral_event)));
    CHECK(allowed(notice(MessageType::consent_revoked)));
    CHECK(free_claims(notice(MessageType::referral_event)) ==
          "consent subject_acts expected_version in_reply_to");
    CHECK(free_claims(notice(MessageType::consent_revoked)) == "in_reply_to");
    CHECK_FALSE(allowed(notice(MessageType::referral_submitted)));
    CHECK_FALSE(allowed(notice(MessageType::consent_given)));
    CHECK_FALSE(allowed(notice(MessageType::eligibility_asked)));
}

TEST_CASE("Each type goes to whom it may go") {
    const auto to = [](Statement statement, const contract::OrganisationId& recipient) {
        statement.to = recipient;
        return allowed(statement);
    };
    for (const MessageType type : {MessageType::referral_submitted, MessageType::eligibility_asked,
                                   MessageType::eligibility_answered}) {
        CHECK(to(good(type), kHealth));
        CHECK_FALSE(to(good(type), kHub));
    }
    for (const MessageType type :
         {MessageType::consent_given, MessageType::consent_revoked, MessageType::consent_revocation_acked,
          MessageType::intake_screened, MessageType::capacity_updated, MessageType::agenda_proposed,
          MessageType::headcount_reported}) {
        CHECK(to(good(type), kHub));
        CHECK_FALSE(to(good(type), kHealth));
    }
    CHECK(to(event(), kHealth));
    CHECK(to(event(), kHub));
    CHECK_FALSE(to(event(), kSsd));
    CHECK_FALSE(to(notice(MessageType::consent_revoked), kHub));
}

TEST_CASE("A referral needs a consent unless the law between public bodies carries it") {
    auto statement = submitted();
    for (std::size_t i = 0; i < contract::kLegalBases.size(); ++i) {
        statement.basis = static_cast<LegalBasis>(i);
        const bool by_law = contract::kLegalBases.words[i].starts_with("PPL23C-");
        CAPTURE(contract::kLegalBases.words[i]);
        statement.consent = kConsent;
        CHECK(allowed(statement) == !by_law);
        statement.consent.reset();
        CHECK(allowed(statement) == by_law);
    }
}

TEST_CASE("The claims are written in one order and one spelling") {
    CHECK(
        claims() ==
        R"({"v":1,"log":"hub.example/log","id":"11111111-1111-4111-8111-111111111111","type":"referral.submitted.v1",)"
        R"("from":"ssd-5000","to":"health","actor":")" +
            contract::base64url(sha256("actor").view()) + R"(","case":")" +
            contract::base64url(sha256("case").view()) +
            R"(","referral":"33333333-3333-4333-8333-333333333333","service":"HLT-PHYS","purpose":"TREATMENT",)"
            R"("basis":"PPL23B-CONSENT","groups":["CONTACT","HEALTH","IDENTITY"],)"
            R"("consent":"44444444-4444-4444-8444-444444444444","schema":"7275d51a3f395c8f","digest":{"S256":")" +
            contract::base64url(sha256("payload").view()) + R"("}})");
}

TEST_CASE("A claim outside its closed list or in another spelling is refused") {
    const Court court;
    const std::vector<std::pair<const char*, const char*>> changes = {
        {"\"v\":1", "\"v\":2"},
        {"\"v\":1", "\"v\":\"1\""},
        {"hub.example/log", ""},
        {"hub.example/log", "hub example"},
        {"hub.example/log", "hub+example"},
        {"hub.example/log", "\xD7\xA9"},
        {"11111111-1111-4111", "11111111-1111-1111"},
        {"referral.submitted.v1", "referral.submitted.v2"},
        {"ssd-5000", "SSD-5000"},
        {"\"health\"", "\"h\""},
        {"\"health\"", "null"},
        {"HLT-PHYS", "hlt-phys"},
        {"HLT-PHYS", "NONE"},
        {"TREATMENT", "CURIOSITY"},
        {"PPL23B-CONSENT", "PPL23C-3"},
        {"CONTACT", "Contact"},
        {"\"CONTACT\"", "1"},
        {"7275d51a3f395c8f", "7275D51A3F395C8F"},
        {"7275d51a3f395c8f", "7275d51a3f395c8"},
        {"\"S256\"", "\"S512\""},
        {"44444444-4444-4444", "44444444-4444-7444"}};
    CHECK(court.verdict(claims()) == "ok");
    for (const auto& [from, to] : changes) {
        CAPTURE(from, to);
        CHECK(court.verdict(replaced(claims(), from, to)) == "statement_invalid");
    }
}

TEST_CASE("A missing and a foreign claim and a claim twice are refused") {
    const Court court;
    for (const char* claim :
         {"\"v\":1,", "\"log\":\"hub.example/log\",", "\"from\":\"ssd-5000\",", "\"to\":\"health\",",
          "\"service\":\"HLT-PHYS\",", "\"schema\":\"7275d51a3f395c8f\","}) {
        CAPTURE(claim);
        CHECK(court.verdict(replaced(claims(), claim, "")) == "statement_invalid");
        CHECK(court.verdict(replaced(claims(), claim, std::string(claim) + claim)) == "statement_invalid");
    }
    CHECK(court.verdict(replaced(claims(), "{", "{\"note\":1,")) == "statement_invalid");
    CHECK(court.verdict(replaced(claims(), "\"S256\":", "\"x\":1,\"S256\":")) == "statement_invalid");
    CHECK(court.verdict(replaced(claims(), "\"service\"", "\"subject_acts\":true,\"service\"")) ==
          "statement_invalid");
    CHECK(court.verdict("[]") == "statement_invalid");
    CHECK(court.verdict("not json") == "statement_invalid");
}

TEST_CASE("What a statement says is spelled in one way and nobody reads another thing in it") {
    const Court court;
    for (const auto& [from, to] : kOtherSpellings) {
        CAPTURE(from, to);
        CHECK(court.verdict(replaced(claims(), from, to)) == "statement_invalid");
    }
    CHECK(court.verdict(claims() + "\n") == "statement_invalid");
    CHECK(court.verdict(replaced(claims(), "\"type\"", "\"typ\\u0065\"")) == "statement_invalid");
    CHECK(court.verdict(replaced(claims(), "\"from\":", "\"from\" : ")) == "statement_invalid");
    CHECK(court.verdict(replaced(claims(), "hub.example/log", "hub.example\\/log")) == "statement_invalid");
    CHECK(court.verdict(claims()) == "ok");
}

TEST_CASE("The data groups are sorted by spelling and stand once") {
    const Court court;
    const std::string list = R"(["CONTACT","HEALTH","IDENTITY"])";
    CHECK(court.verdict(replaced(claims(), list, "[]")) == "ok");
    CHECK(court.verdict(replaced(claims(), list, R"(["CONTACT"])")) == "ok");
    CHECK(court.verdict(replaced(claims(), list, R"(["HEALTH","CONTACT"])")) == "statement_invalid");
    CHECK(court.verdict(replaced(claims(), list, R"(["CONTACT","CONTACT"])")) == "statement_invalid");
    CHECK(court.verdict(replaced(claims(), list, R"("CONTACT")")) == "statement_invalid");
    CHECK(in_wire_order({DataGroup::violence, DataGroup::addiction, DataGroup::violence}) ==
          std::vector{DataGroup::addiction, DataGroup::violence});
}

TEST_CASE("She acts or the claim is not there and a version is zero or more") {
    const Court court;
    auto statement = event();
    statement.subject_acts = true;
    statement.expected_version = 0;
    const auto text = write_claims(statement);
    CHECK(court.verdict(text) == "ok");
    CHECK(court.verdict(replaced(text, "\"subject_acts\":true", "\"subject_acts\":false")) ==
          "statement_invalid");
    CHECK(court.verdict(replaced(text, "\"subject_acts\":true", "\"subject_acts\":1")) ==
          "statement_invalid");
    CHECK(court.verdict(replaced(text, "\"expected_version\":0", "\"expected_version\":-1")) ==
          "statement_invalid");
    CHECK(court.verdict(replaced(text, "\"expected_version\":0", "\"expected_version\":\"0\"")) ==
          "statement_invalid");
    CHECK(court.verdict(
              replaced(text, "\"expected_version\":0", "\"expected_version\":9223372036854775807")) == "ok");
}

TEST_CASE("A statement says who signed it") {
    const Court court;
    CHECK(court.verdict(replaced(claims(), "\"from\":\"ssd-5000\"", "\"from\":\"labor\"")) ==
          "statement_invalid");
    const Court other(organisation("labor"));
    CHECK(other.verdict(claims()) == "statement_invalid");
}

TEST_CASE("A time within the day is no day though it is signed") {
    const Court court;
    const auto at_second = [&](std::int64_t iat) {
        const std::string header =
            R"({"alg":"ES256","x5t#S256":")" + contract::base64url(court.who.signing.thumbprint().view()) +
            R"(","iat":)" + std::to_string(iat) + R"(,"cty":")" + std::string(kStatementType) + R"("})";
        const std::string text = contract::base64url(contract::bytes_of(header)) + "." +
                                 contract::base64url(contract::bytes_of(claims()));
        const auto jws = text + "." + contract::base64url(sign_es256(court.who.signing_key, text));
        const auto verified = verify_signature(jws, court.who.ring(), kNow).value();
        CHECK(verified.iat() == iat);
        const auto parsed = parse_claims(verified);
        return parsed ? "ok" : std::string(contract::text(parsed.error()));
    };
    const std::int64_t day =
        std::chrono::duration_cast<std::chrono::seconds>(kToday.time_since_epoch()).count();
    CHECK(at_second(day) == "ok");
    CHECK(at_second(day - 1) == "statement_invalid");
    CHECK(at_second(day + 1) == "statement_invalid");
    CHECK(at_second(day + 43'200) == "statement_invalid");
}

TEST_CASE("The certificate is judged before the signature and the signature before the claims") {
    const Court court;
    const auto code = [&](std::string_view jws, const KeyRing& ring, contract::Instant at) {
        const auto verified = verify_signature(jws, ring, at);
        return verified ? "ok" : std::string(contract::text(verified.error()));
    };
    const auto jws = sign(court.who.signer(), kStatementType, kToday, claims());
    CHECK(code(jws, court.who.ring(), kNow) == "ok");
    CHECK(code(jws, party("ssd-5000").ring(), kNow) == "certificate_unknown");
    CHECK(code(jws, court.who.ring(), kKeyLife.until + 1s) == "certificate_unknown");
    CHECK(code(jws + "A", court.who.ring(), kNow) == "signature_invalid");
    CHECK(code(std::string(contract::limits::kStatementBytes + 1, 'A'), court.who.ring(), kNow) ==
          "too_large");
    CHECK(code(std::string(contract::limits::kStatementBytes, 'A'), court.who.ring(), kNow) ==
          "signature_invalid");
    const auto by_encryption_key = Signer::make(court.who.encryption_key, court.who.encryption).value();
    const KeyRing mixed(kSsd, {court.who.signing, court.who.encryption, court.who.root()});
    CHECK(code(sign(by_encryption_key, kStatementType, kToday, claims()), mixed, kNow) ==
          "certificate_unknown");
    CHECK(code(sign(court.who.root_signer(), kStatementType, kToday, claims()), mixed, kNow) ==
          "certificate_unknown");
    CHECK(court.verdict(claims(), kAcksType) == "signature_invalid");
}

TEST_CASE("Who and which id are known though the rest is wrong") {
    const Court court;
    const auto peek = [&](const std::string& text) {
        const auto verified =
            verify_signature(sign(court.who.signer(), kStatementType, kToday, text), court.who.ring(), kNow);
        return peek_identity(verified.value());
    };
    REQUIRE(peek(claims()));
    CHECK(peek(claims())->from == kSsd);
    CHECK(peek(claims())->id == kMessage);
    CHECK(peek(replaced(claims(), "HLT-PHYS", "NONE"))->id == kMessage);
    CHECK(peek(R"({"id":"11111111-1111-4111-8111-111111111111","from":"ssd-5000"})")->id == kMessage);
    CHECK_FALSE(peek(replaced(claims(), "\"from\":\"ssd-5000\"", "\"from\":\"labor\"")));
    CHECK_FALSE(peek(replaced(claims(), "11111111-1111-4111", "11111111-1111-1111")));
    CHECK_FALSE(peek(R"({"id":1,"from":"ssd-5000"})"));
    CHECK_FALSE(peek("{}"));
    CHECK_FALSE(peek("x"));
    // What grep would not find there, no leaf says of it.
    for (const auto& [from, to] : kOtherSpellings) {
        CAPTURE(from, to);
        CHECK_FALSE(peek(replaced(claims(), from, to)));
    }
    CHECK_FALSE(peek(replaced(claims(), "\"id\"", "\"i\\u0064\"")));
}

TEST_CASE("A repetition has the same claims digest and a statement digest of its own") {
    const Court court;
    const auto verified = [&](contract::Day day) {
        return verify_signature(sign(court.who.signer(), kStatementType, day, claims()), court.who.ring(),
                                kNow)
            .value();
    };
    const auto first = verified(kToday);
    const auto again = verified(kToday + std::chrono::days{1});
    CHECK(first.claims_digest() == again.claims_digest());
    CHECK(first.claims_digest() == sha256(contract::base64url(contract::bytes_of(claims()))));
    CHECK(first.statement_digest() != again.statement_digest());
    CHECK(first.certificate() == court.who.signing.thumbprint());
    CHECK(first.signed_by() == kSsd);
}

TEST_CASE("The largest statement that the contract allows fits its limit") {
    auto statement = submitted();
    statement.type = MessageType::referral_event;
    statement.service.reset();
    statement.log = std::string(255, 'x');
    std::vector<DataGroup> all;
    for (std::size_t i = 0; i < contract::kDataGroups.size(); ++i) all.push_back(static_cast<DataGroup>(i));
    statement.groups = in_wire_order(all);
    statement.subject_acts = true;
    statement.expected_version = INT64_MAX;
    statement.in_reply_to = kEarlier;
    const Court court;
    CHECK(sign_statement(statement, court.who.signer(), kToday).size() < contract::limits::kStatementBytes);
    CHECK(allowed(statement));
    statement.log += 'x';
    CHECK_FALSE(allowed(statement));
}

TEST_CASE("Commitments open to what they were made from and to nothing else") {
    Salt salt{};
    salt.fill(7);
    const auto officer = contract::OfficerId::parse("w-17").value();
    const auto other = contract::OfficerId::parse("w-18").value();
    const auto role = contract::OfficerRole::social_worker;
    const auto actor = commit_actor(salt, officer, role);
    CHECK(actor ==
          sha256(std::string("kesher.actor.v1") + std::string(16, '\x07') + "w-17" + '\0' + "SOCIAL_WORKER"));
    CHECK(opens_actor(actor, salt, officer, role));
    CHECK_FALSE(opens_actor(actor, salt, other, role));
    CHECK_FALSE(opens_actor(actor, salt, officer, contract::OfficerRole::supervisor));
    CHECK_FALSE(opens_actor(actor, draw_salt(), officer, role));
    const auto pseudonym = contract::Pseudonym::of_random({1, 2, 3});
    const auto commitment = commit_case(salt, pseudonym);
    CHECK(commitment == sha256("kesher.case.v1" + std::string(16, '\x07') + pseudonym.reveal()));
    CHECK(opens_case(commitment, salt, pseudonym));
    CHECK_FALSE(opens_case(commitment, salt, contract::Pseudonym::of_random({1, 2, 4})));
    CHECK_FALSE(opens_case(commitment, draw_salt(), pseudonym));
    CHECK(draw_salt() != draw_salt());
}
