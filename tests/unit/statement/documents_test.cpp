// Key lists, agreements and acknowledgements: what a root, an approver and a recipient sign.
// Method: one good document of each kind; each case changes one fact and signs again.
#include <catch2/catch.hpp>

#include "schemas/contract/limits.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/agreement_jws.h"
#include "schemas/statement/hash.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;
namespace limits = contract::limits;
using contract::Code;

namespace {

// Fails for what is ours to refuse before signing.
template <class Write>
bool writes(Write write) {
    try {
        (void)write();
        return true;
    } catch (const std::logic_error&) {
        return false;
    }
}

template <class Result>
std::string word_of(const Result& result) {
    return result ? "ok" : std::string(contract::text(result.error()));
}

// Claims of a good document, to be changed and signed again.
std::string payload_of(const std::string& jws) {
    const auto from = jws.find('.') + 1;
    const auto bytes = contract::from_base64url(jws.substr(from, jws.rfind('.') - from)).value();
    return {bytes.begin(), bytes.end()};
}

// --- key lists

struct Keys {
    Party health = party("health");
    KeyList list{health.id, 3, {health.signing}, {health.encryption}, kNow + 24h * 30};

    [[nodiscard]] KeyListDemand demand() const {
        return {health.id, health.root().key().spki_sha256(), 3, kNow};
    }
    [[nodiscard]] std::string jws() const { return sign_key_list(list, health.root_signer(), kToday); }
    [[nodiscard]] std::string verdict(const std::string& text, const KeyListDemand& demand) const {
        return word_of(verify_key_list(text, health.root(), demand));
    }
    [[nodiscard]] std::string changed(std::string_view from, std::string_view to) const {
        const auto claims = replaced(payload_of(jws()), from, to);
        return verdict(sign(health.root_signer(), kKeysType, kToday, claims), demand());
    }
    [[nodiscard]] Certificate certificate(Use use, Validity life = kKeyLife,
                                          std::string_view name = "health") const {
        return health.issuer.issue(PrivateKey::generate(KeyKind::p256).public_key(), organisation(name), use,
                                   life);
    }
};

// --- agreements

struct Bodies {
    Party health = party("health");
    Party ssd = party("ssd-5000");
    PrivateKey approver_key = PrivateKey::generate(KeyKind::p256);
    Certificate approver = health.issuer.issue(approver_key.public_key(), health.id, Use::approver, kKeyLife);

    [[nodiscard]] Agreement proposal() const {
        return {contract::AgreementId::parse("55555555-5555-4555-8555-555555555555").value(),
                AgreementAct::propose,
                health.id,
                ssd.id,
                {contract::MessageType::referral_event, contract::MessageType::referral_submitted},
                {contract::Purpose::status_feedback, contract::Purpose::treatment},
                {contract::DataGroup::contact, contract::DataGroup::identity},
                kToday,
                kToday + std::chrono::days{365},
                health.root().key().spki_sha256(),
                ssd.root().key().spki_sha256(),
                contract::OfficerRole::legal_adviser,
                contract::OfficerId::parse("law-1").value(),
                {}};
    }
    [[nodiscard]] Agreement approval() const {
        auto agreement = proposal();
        agreement.act = AgreementAct::approve;
        agreement.proposal = sha256("the proposal");
        return agreement;
    }
    [[nodiscard]] std::string verdict(const std::string& jws,
                                      const std::optional<Certificate>& by = {}) const {
        return word_of(verify_agreement(jws, health.id, health.root(), by, kNow));
    }
    [[nodiscard]] std::string changed(std::string_view from, std::string_view to) const {
        const auto claims =
            replaced(payload_of(sign_agreement(approval(), health.root_signer(), kToday)), from, to);
        return verdict(sign(health.root_signer(), kAgreementType, kToday, claims));
    }
    [[nodiscard]] bool allowed(const Agreement& agreement) const {
        return writes([&] { return sign_agreement(agreement, health.root_signer(), kToday); });
    }
};

// --- acknowledgements

const auto kDelivery = contract::DeliveryId::parse("66666666-6666-4666-8666-666666666666").value();
const auto kSecond = contract::DeliveryId::parse("77777777-7777-4777-8777-777777777777").value();

Ack taken() {
    return {kDelivery, contract::LeafIndex{17}, contract::AckOutcome::taken, {}, sha256("native"), {}};
}
Ack held() { return {kSecond, contract::LeafIndex{18}, contract::AckOutcome::held, {}, {}, {}}; }
Ack refused() {
    return {kSecond, contract::LeafIndex{19}, contract::AckOutcome::refused, Code::seal_unopenable, {}, {}};
}

// As the health service's newest list vouches for its signature, for this hub's log.
std::string verdict_of_acks(const std::string& jws, const Party& body, contract::Instant at = kNow) {
    const KeyList keys{body.id, 3, {body.signing}, {body.encryption}, kNow + 24h * 30};
    return word_of(verify_acks(jws, {"hub.example/log", keys, at}));
}

bool allowed(std::vector<Ack> acks, const std::string& log = "hub.example/log") {
    static const Party health = party("health");
    static const KeyList keys{health.id, 3, {health.signing}, {health.encryption}, kNow + 24h * 30};
    const Acks all{log, std::move(acks)};
    std::string jws;
    if (!writes([&] { return jws = sign_acks(all, health.signer(), kToday); })) return false;
    const auto verified = verify_acks(jws, {log, keys, kNow});
    REQUIRE(verified);
    CHECK(verified->acks == all);
    CHECK(verified->iat == kToday);
    CHECK(verified->document == sha256(jws));
    CHECK(verified->certificate == health.signing.thumbprint());
    return true;
}

}  // namespace

TEST_CASE("A key list is read back with its certificates and its ring") {
    const Keys keys;
    const auto list = verify_key_list(keys.jws(), keys.health.root(), keys.demand());
    REQUIRE(list);
    CHECK(list->organisation == keys.health.id);
    CHECK(list->serial == 3);
    CHECK(list->not_after == keys.list.not_after);
    CHECK(list->signing == keys.list.signing);
    CHECK(list->encryption == keys.list.encryption);
    CHECK(list->ring().find(keys.health.signing.thumbprint(), kNow) != nullptr);
    CHECK(list->ring().find(keys.health.encryption.thumbprint(), kNow) == nullptr);
}

TEST_CASE("A key list counts only under the pinned root") {
    const Keys keys;
    const auto other = party("health");
    auto demand = keys.demand();
    CHECK(keys.verdict(keys.jws(), demand) == "ok");
    demand.root_pin = other.root().key().spki_sha256();
    CHECK(keys.verdict(keys.jws(), demand) == "key_unpinned");
    CHECK(word_of(verify_key_list(keys.jws(), other.root(), keys.demand())) == "key_unpinned");
    CHECK(word_of(verify_key_list(keys.jws(), other.root(), demand)) == "key_unpinned");
    CHECK(word_of(verify_key_list(keys.jws(), keys.health.signing, keys.demand())) == "key_unpinned");
    const auto by_signing_key = sign(keys.health.signer(), kKeysType, kToday, payload_of(keys.jws()));
    CHECK(keys.verdict(by_signing_key, keys.demand()) == "key_unpinned");
}

TEST_CASE("A key list older than one seen or past its end does not count") {
    const Keys keys;
    auto demand = keys.demand();
    demand.least_serial = 4;
    CHECK(keys.verdict(keys.jws(), demand) == "key_unpinned");
    demand.least_serial = 2;
    CHECK(keys.verdict(keys.jws(), demand) == "ok");
    demand.at = keys.list.not_after;
    CHECK(keys.verdict(keys.jws(), demand) == "ok");
    demand.at += 1s;
    CHECK(keys.verdict(keys.jws(), demand) == "key_unpinned");
    demand.at = kRootLife.from - 1s;
    CHECK(keys.verdict(keys.jws(), demand) == "key_unpinned");
}

TEST_CASE("A key list is for the organisation that is asked about") {
    const Keys keys;
    auto demand = keys.demand();
    demand.organisation = organisation("labor");
    CHECK(keys.verdict(keys.jws(), demand) == "statement_invalid");
}

TEST_CASE("A vouching body's root signs the key list of a member") {
    const auto hq = party("molsa-hq");
    const auto member = organisation("ssd-5000");
    const auto certificate =
        hq.issuer.issue(PrivateKey::generate(KeyKind::p256).public_key(), member, Use::signing, kKeyLife);
    const KeyList list{member, 1, {certificate}, {}, kNow + 1h};
    const auto jws = sign_key_list(list, hq.root_signer(), kToday);
    CHECK(word_of(verify_key_list(jws, hq.root(), {member, hq.root().key().spki_sha256(), 1, kNow})) == "ok");
}

TEST_CASE("A key list holds only certificates of its root for its organisation and their one use") {
    const Keys keys;
    const auto with = [&](std::vector<Certificate> signing, std::vector<Certificate> encryption) {
        const KeyList list{keys.health.id, 3, std::move(signing), std::move(encryption), kNow + 1h};
        return writes([&] { return sign_key_list(list, keys.health.root_signer(), kToday); });
    };
    const auto signing = keys.certificate(Use::signing);
    const auto encryption = keys.certificate(Use::encryption);
    CHECK(with({signing}, {encryption}));
    CHECK(with({}, {}));
    CHECK_FALSE(with({encryption}, {}));
    CHECK_FALSE(with({}, {signing}));
    CHECK_FALSE(with({keys.certificate(Use::tls_client)}, {}));
    CHECK_FALSE(with({keys.certificate(Use::approver)}, {}));
    CHECK_FALSE(with({keys.health.root()}, {}));
    CHECK_FALSE(with({party("health").signing}, {}));
    CHECK_FALSE(with({keys.certificate(Use::signing, kKeyLife, "labor")}, {}));
    CHECK_FALSE(with({signing, signing}, {}));
}

TEST_CASE("One key has one use and is never the root's own") {
    const Keys keys;
    const auto of = [&](const PublicKey& key, Use use) {
        return keys.health.issuer.issue(key, keys.health.id, use, kKeyLife);
    };
    const auto with = [&](const Certificate& signing, const Certificate& encryption) {
        const KeyList list{keys.health.id, 3, {signing}, {encryption}, kNow + 1h};
        return writes([&] { return sign_key_list(list, keys.health.root_signer(), kToday); });
    };
    const auto one = PrivateKey::generate(KeyKind::p256).public_key();
    const auto two = PrivateKey::generate(KeyKind::p256).public_key();
    CHECK(with(of(one, Use::signing), of(two, Use::encryption)));
    CHECK_FALSE(with(of(one, Use::signing), of(one, Use::encryption)));
    CHECK_FALSE(with(of(keys.health.root().key(), Use::signing), of(two, Use::encryption)));
}

TEST_CASE("An encryption key lives ninety days at most and a list has eight at most") {
    const Keys keys;
    const auto with = [&](std::vector<Certificate> encryption) {
        const KeyList list{keys.health.id, 3, {}, std::move(encryption), kNow + 1h};
        return writes([&] { return sign_key_list(list, keys.health.root_signer(), kToday); });
    };
    CHECK(with({keys.certificate(Use::encryption, {kNow, kNow + 24h * 90})}));
    CHECK_FALSE(with({keys.certificate(Use::encryption, {kNow, kNow + 24h * 90 + 1s})}));
    std::vector<Certificate> many;
    while (many.size() < 8) many.push_back(keys.certificate(Use::encryption));
    CHECK(with(many));
    many.push_back(keys.certificate(Use::encryption));
    CHECK_FALSE(with(many));
}

TEST_CASE("A key list with any other claims is refused though its root signed it") {
    const Keys keys;
    CHECK(keys.changed("\"v\":1", "\"v\":1") == "ok");
    CHECK(keys.changed("\"v\":1", "\"v\":2") == "statement_invalid");
    CHECK(keys.changed("\"v\":1", "\"v\":1,\"note\":1") == "statement_invalid");
    CHECK(keys.changed("\"serial\":3", "\"serial\":0") == "statement_invalid");
    CHECK(keys.changed("\"serial\":3,", "") == "statement_invalid");
    CHECK(keys.changed("\"serial\":3", "\"serial\":3,\"serial\":3") == "statement_invalid");
    CHECK(keys.changed("\"not_after\":", "\"not_after\":-") == "statement_invalid");
    CHECK(keys.changed("-----BEGIN CERTIFICATE", "-----BEGIN CERTIFICATES") == "statement_invalid");
    CHECK(keys.changed("\"org\":\"health\"", "\"org\":\"hub\"") == "statement_invalid");
}

TEST_CASE("A key list is spelled in one way and only the line ends of its certificates are escaped") {
    const Keys keys;
    for (const auto& [from, to] : kOtherSpellings) {
        CAPTURE(from, to);
        CHECK(keys.changed(from, to) == "statement_invalid");
    }
    CHECK(keys.changed("CERTIFICATE-----\\n", "CERTIFICATE-----\\n") == "ok");
    CHECK(keys.changed("CERTIFICATE-----\\n", "CERTIFICATE-----\\u000a") == "statement_invalid");
    CHECK(keys.changed("CERTIFICATE-----\\n", "CERTIFICATE-----\\r\\n") == "statement_invalid");
}

TEST_CASE("The certificate to seal to holds now and longest") {
    const Keys keys;
    const auto old = keys.certificate(Use::encryption, {kNow - 24h * 80, kNow + 24h});
    const auto fresh = keys.certificate(Use::encryption, {kNow - 24h, kNow + 24h * 80});
    const auto coming = keys.certificate(Use::encryption, {kNow + 24h, kNow + 24h * 90});
    const KeyList list{keys.health.id, 1, {}, {old, fresh, coming}, kNow + 24h * 90};
    CHECK(*list.seal_to(kNow) == fresh);
    CHECK(*list.seal_to(kNow - 24h * 2) == old);
    CHECK(*list.seal_to(kNow + 24h) == coming);
    CHECK(list.seal_to(kNow - 24h * 81) == nullptr);
}

TEST_CASE("A proposal and an approval are read back the same") {
    const Bodies bodies;
    for (const auto& agreement : {bodies.proposal(), bodies.approval()}) {
        const auto jws = sign_agreement(agreement, bodies.health.root_signer(), kToday);
        const auto verified = verify_agreement(jws, bodies.health.id, bodies.health.root(), {}, kNow);
        REQUIRE(verified);
        CHECK(verified->agreement == agreement);
        CHECK(verified->document == sha256(jws));
        CHECK(verified->certificate == bodies.health.root().thumbprint());
    }
    CHECK(bodies.proposal().same_terms(bodies.approval()));
    auto other = bodies.approval();
    other.to += std::chrono::days{1};
    CHECK_FALSE(bodies.proposal().same_terms(other));
}

TEST_CASE("An approver whom the root vouches for may sign and nobody else") {
    const Bodies bodies;
    const auto jws_by = [&](const PrivateKey& key, const Certificate& certificate) {
        return sign_agreement(bodies.approval(), Signer::make(key, certificate).value(), kToday);
    };
    const auto by_approver = jws_by(bodies.approver_key, bodies.approver);
    CHECK(bodies.verdict(by_approver, bodies.approver) == "ok");
    CHECK(bodies.verdict(by_approver) == "certificate_unknown");
    const auto by_signing_key = jws_by(bodies.health.signing_key, bodies.health.signing);
    CHECK(bodies.verdict(by_signing_key, bodies.health.signing) == "certificate_unknown");
    const auto foreign =
        bodies.ssd.issuer.issue(bodies.approver_key.public_key(), bodies.health.id, Use::approver, kKeyLife);
    CHECK(bodies.verdict(jws_by(bodies.approver_key, foreign), foreign) == "certificate_unknown");
    const auto named =
        bodies.health.issuer.issue(bodies.approver_key.public_key(), bodies.ssd.id, Use::approver, kKeyLife);
    CHECK(bodies.verdict(jws_by(bodies.approver_key, named), named) == "certificate_unknown");
    const auto lapsed = bodies.health.issuer.issue(bodies.approver_key.public_key(), bodies.health.id,
                                                   Use::approver, {kNow - 2h, kNow - 1h});
    CHECK(bodies.verdict(jws_by(bodies.approver_key, lapsed), lapsed) == "certificate_unknown");
}

TEST_CASE("An agreement counts for a body only under the root it pins for that body") {
    const Bodies bodies;
    auto agreement = bodies.approval();
    agreement.first_root = bodies.ssd.root().key().spki_sha256();
    CHECK(bodies.verdict(sign_agreement(agreement, bodies.health.root_signer(), kToday)) == "key_unpinned");
    const auto jws = sign_agreement(bodies.approval(), bodies.health.root_signer(), kToday);
    CHECK(word_of(verify_agreement(jws, bodies.ssd.id, bodies.health.root(), {}, kNow)) == "key_unpinned");
    CHECK(word_of(verify_agreement(jws, organisation("labor"), bodies.health.root(), {}, kNow)) ==
          "statement_invalid");
    CHECK(word_of(verify_agreement(jws, bodies.health.id, bodies.ssd.root(), {}, kNow)) ==
          "certificate_unknown");
}

TEST_CASE("An agreement that breaks the contract is not signed") {
    const Bodies bodies;
    const auto changed = [&](auto change) {
        auto agreement = bodies.approval();
        change(agreement);
        return bodies.allowed(agreement);
    };
    CHECK(changed([](Agreement&) {}));
    CHECK_FALSE(changed([](Agreement& a) { a.proposal.reset(); }));
    CHECK_FALSE(changed([](Agreement& a) { a.act = AgreementAct::propose; }));
    CHECK(changed([](Agreement& a) { a.act = AgreementAct::end; }));
    CHECK_FALSE(changed([](Agreement& a) { std::swap(a.first, a.second); }));
    CHECK_FALSE(changed([](Agreement& a) { a.second = a.first; }));
    CHECK_FALSE(changed([](Agreement& a) { a.second = contract::OrganisationId::hub(); }));
    CHECK_FALSE(changed([](Agreement& a) { a.types.clear(); }));
    CHECK_FALSE(changed([](Agreement& a) { a.purposes.clear(); }));
    CHECK(changed([](Agreement& a) { a.groups.clear(); }));
    CHECK_FALSE(changed([](Agreement& a) { std::reverse(a.groups.begin(), a.groups.end()); }));
    CHECK_FALSE(changed([](Agreement& a) { a.types.push_back(a.types.back()); }));
    CHECK(changed([](Agreement& a) { a.to = a.from; }));
    CHECK_FALSE(changed([](Agreement& a) { a.to = a.from - std::chrono::days{1}; }));
    CHECK(changed([](Agreement& a) { a.role = contract::OfficerRole::security_officer; }));
    CHECK_FALSE(changed([](Agreement& a) { a.role = contract::OfficerRole::manager; }));
}

TEST_CASE("An agreement with any other claims is refused though its root signed it") {
    const Bodies bodies;
    CHECK(bodies.changed("\"v\":1", "\"v\":1") == "ok");
    const std::vector<std::pair<const char*, const char*>> changes = {
        {"\"v\":1", "\"v\":2"},
        {"\"v\":1", "\"v\":1,\"x\":1"},
        {"\"approve\"", "\"agree\""},
        {"\"approve\"", "\"propose\""},
        {"[\"health\",\"ssd-5000\"]", "[\"ssd-5000\",\"health\"]"},
        {"[\"health\",\"ssd-5000\"]", "[\"health\"]"},
        {"[\"health\",\"ssd-5000\"]", "[\"health\",\"ssd-5000\",\"ssd-5000\"]"},
        {"\"TREATMENT\"", "\"treatment\""},
        {"\"TREATMENT\"", "\"STATUS_FEEDBACK\""},
        {"2026-11-21", "2026-11-31"},
        {"2026-11-21", "21.11.2026"},
        {"LEGAL_ADVISER", "SUPERVISOR"},
        {"law-1", "000000018"},
        {"\"roots\":{\"health\"", "\"roots\":{\"labor\""},
        {"\"proposal\":\"", "\"proposal\":\"A"},
        {"55555555-5555-4555", "55555555-5555-1555"}};
    for (const auto& [from, to] : changes) {
        CAPTURE(from, to);
        CHECK(bodies.changed(from, to) == "statement_invalid");
    }
    for (const auto& [from, to] : kOtherSpellings) {
        CAPTURE(from, to);
        CHECK(bodies.changed(from, to) == "statement_invalid");
    }
}

TEST_CASE("The approver's certificate travels beside the agreement") {
    const Bodies bodies;
    const auto jws = sign_agreement(bodies.approval(), bodies.health.root_signer(), kToday);
    const auto with = write_agreement_document({jws, bodies.approver});
    const auto read = read_agreement_document(with);
    REQUIRE(read);
    CHECK(read->jws == jws);
    CHECK(*read->approver == bodies.approver);
    const auto without = write_agreement_document({jws, {}});
    CHECK(without == "{\"agreement\":\"" + jws + "\"}");
    CHECK_FALSE(read_agreement_document(without)->approver);
    for (const auto& text :
         {replaced(with, "BEGIN", "BEGIM"), replaced(with, "\"approver\"", "\"other\""),
          replaced(with, "\"agreement\"", "\"other\""), std::string("{}"), std::string("x")}) {
        CHECK(word_of(read_agreement_document(text)) == "statement_invalid");
    }
}

TEST_CASE("Acknowledgements are signed and read back the same") {
    CHECK(allowed({taken()}));
    CHECK(allowed({taken(), held()}));
    CHECK(allowed({taken(), refused()}));
    auto surplus = taken();
    surplus.surplus = 1;
    CHECK(allowed({surplus}));
}

TEST_CASE("Each outcome says what belongs to it and nothing else") {
    const auto changed = [](Ack ack, auto change) {
        change(ack);
        return allowed({ack});
    };
    CHECK_FALSE(changed(taken(), [](Ack& a) { a.native.reset(); }));
    CHECK_FALSE(changed(taken(), [](Ack& a) { a.code = Code::internal; }));
    CHECK_FALSE(changed(taken(), [](Ack& a) { a.surplus = 0; }));
    CHECK_FALSE(changed(held(), [](Ack& a) { a.native = sha256("n"); }));
    CHECK_FALSE(changed(held(), [](Ack& a) { a.code = Code::internal; }));
    CHECK_FALSE(changed(held(), [](Ack& a) { a.surplus = 1; }));
    CHECK_FALSE(changed(refused(), [](Ack& a) { a.code.reset(); }));
    CHECK_FALSE(changed(refused(), [](Ack& a) { a.native = sha256("n"); }));
    CHECK_FALSE(changed(refused(), [](Ack& a) { a.surplus = 1; }));
    CHECK(changed(held(), [](Ack& a) { a.index = contract::LeafIndex{INT64_MAX}; }));
    CHECK_FALSE(changed(held(), [](Ack& a) { a.index = contract::LeafIndex{std::uint64_t{INT64_MAX} + 1}; }));
}

TEST_CASE("A list of acknowledgements has one to a hundred and a delivery once") {
    CHECK_FALSE(allowed({}));
    CHECK_FALSE(allowed({taken(), taken()}));
    CHECK_FALSE(allowed({taken()}, ""));
    std::vector<Ack> many;
    while (many.size() < 100) {
        many.push_back(taken());
        many.back().delivery = contract::DeliveryId::of_random(random_bytes<16>());
    }
    CHECK(allowed(many));
    many.push_back(held());
    CHECK_FALSE(allowed(many));
}

TEST_CASE("Acknowledgements with any other claims are refused though the recipient signed them") {
    const auto health = party("health");
    const auto good =
        payload_of(sign_acks({"hub.example/log", {taken(), refused()}}, health.signer(), kToday));
    const auto verdict = [&](const std::string& claims) {
        return verdict_of_acks(sign(health.signer(), kAcksType, kToday, claims), health);
    };
    CHECK(verdict(good) == "ok");
    const std::vector<std::pair<const char*, const char*>> changes = {
        {"\"v\":1", "\"v\":2"},
        {"\"v\":1", "\"v\":1,\"x\":1"},
        {"hub.example/log", "hub example"},
        {"\"taken\"", "\"took\""},
        {"\"taken\"", "\"held\""},
        {"\"index\":17", "\"index\":-1"},
        {"\"index\":17", "\"index\":\"17\""},
        {"seal_unopenable", "no_such_code"},
        {"\"native\":\"", "\"native\":\"A"},
        {"\"index\":17", "\"index\":17,\"x\":1"},
        {"66666666-6666-4666", "66666666-6666-1666"},
        {"77777777-7777-4777-8777-777777777777", "66666666-6666-4666-8666-666666666666"}};
    for (const auto& [from, to] : changes) {
        CAPTURE(from, to);
        CHECK(verdict(replaced(good, from, to)) == "statement_invalid");
    }
    for (const auto& [from, to] : kOtherSpellings) {
        if (from == "health") continue;  // they name no body
        CAPTURE(from, to);
        CHECK(verdict(replaced(good, from, to)) == "statement_invalid");
    }
    CHECK(verdict(replaced(good, "hub.example", "\\u0068ub.example")) == "statement_invalid");
    CHECK(verdict_of_acks(sign(health.signer(), kStatementType, kToday, good), health) ==
          "signature_invalid");
    CHECK(verdict_of_acks(sign(health.signer(), kAcksType, kToday, good), party("health")) ==
          "certificate_unknown");
}

TEST_CASE("Acknowledgements are for one log and handed in within three days of the day that they name") {
    const auto health = party("health");
    const auto signed_on = [&](contract::Day day, const std::string& log = "hub.example/log") {
        return sign_acks({log, {held()}}, health.signer(), day);
    };
    const contract::Instant today = contract::start_of(kToday);
    const auto jws = signed_on(kToday);
    CHECK(verdict_of_acks(jws, health, today + limits::kStatementAgeMax) == "ok");
    CHECK(verdict_of_acks(jws, health, today + limits::kStatementAgeMax + 1ms) == "clock_skew");
    CHECK(verdict_of_acks(jws, health, today - limits::kClockAhead) == "ok");
    CHECK(verdict_of_acks(jws, health, today - limits::kClockAhead - 1ms) == "clock_skew");
    CHECK(verdict_of_acks(signed_on(contract::Day{}), health) == "clock_skew");
    CHECK(verdict_of_acks(signed_on(kToday + std::chrono::days{365}), health) == "clock_skew");
    CHECK(verdict_of_acks(signed_on(kToday, "hub.example/log/2"), health) == "wrong_log");
    CHECK(verdict_of_acks(signed_on(contract::Day{}, "hub.example/log/2"), health) == "wrong_log");
}

TEST_CASE("Acknowledgements count to the last second of their body's key list") {
    const auto health = party("health");
    const auto jws = sign_acks({"hub.example/log", {held()}}, health.signer(), kToday);
    const KeyList keys{health.id, 3, {health.signing}, {health.encryption}, kNow + 1s};
    CHECK(word_of(verify_acks(jws, {"hub.example/log", keys, kNow + 1s})) == "ok");
    CHECK(word_of(verify_acks(jws, {"hub.example/log", keys, kNow + 1s + 1ms})) == "certificate_unknown");
}
