// A statement is proven by the sender's own keys, on its own day, and with its payload where that is shown.
// Method: one referral of ssd-5000, signed; each case changes one thing and asks kesher-verify again.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "audit/log/leaf.h"
#include "audit/verifier/evidence_command.h"
#include "audit/verifier/leaf_claims.h"
#include "audit/verifier/plain_words.h"
#include "schemas/codec/schema.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/statement.h"
#include "tests/unit/audit/accepted_record.h"
#include "tests/unit/audit/scratch_folder.h"
#include "tests/unit/codec/samples.h"
#include "tests/unit/statement/parties.h"

using namespace kesher;
using namespace kesher::statement;
using contract::MessageType;
using samples::Answer;
using samples::ScratchFolder;
using samples::verify;

namespace {

contract::Bytes referral_bytes() {
    return codec::encode(codec::samples::of<codec::ReferralSubmitted>().at(0));
}

Statement referral() {
    const auto id = [](std::string_view text) { return contract::MessageId::parse(text).value(); };
    Statement what{"hub.example/log",
                   id("11111111-1111-4111-8111-111111111111"),
                   MessageType::referral_submitted,
                   organisation("ssd-5000"),
                   organisation("health"),
                   codec::newest_schema("ReferralSubmitted").fingerprint,
                   sha256(referral_bytes())};
    what.actor = sha256("actor");
    what.case_ = sha256("case");
    what.referral = contract::ReferralId::parse("33333333-3333-4333-8333-333333333333").value();
    what.service = contract::Service::hlt_phys;
    what.purpose = contract::Purpose::treatment;
    what.basis = contract::LegalBasis::consent;
    what.groups = in_wire_order({contract::DataGroup::identity, contract::DataGroup::health});
    what.consent = contract::ConsentId::parse("44444444-4444-4444-8444-444444444444").value();
    return what;
}

// What an auditor is given, and the question he asks about it.
struct Desk {
    ScratchFolder folder;
    Party sender = party("ssd-5000");
    Statement what = referral();
    contract::Day day = kToday;
    std::optional<Certificate> certificate{};  // another one than the sender's own
    std::vector<std::string> more{};
    std::optional<std::string> signed_before{};  // no two signatures are the same

    [[nodiscard]] std::string statement() const {
        return sign_statement(
            what, Signer::make(sender.signing_key, certificate.value_or(sender.signing)).value(), day);
    }
    [[nodiscard]] std::string key_list(contract::Instant until = kNow + 24h * 60) const {
        const KeyList list{sender.id, 1, {certificate.value_or(sender.signing)}, {sender.encryption}, until};
        return sign_key_list(list, sender.root_signer(), kToday);
    }
    [[nodiscard]] Answer ask(const std::string& keys) const {
        const std::string jws = signed_before.value_or(statement());
        std::vector<std::string> call{"evidence", "--statement", folder.write("statement.jws", jws), "--keys",
                                      folder.write("keys", keys)};
        call.insert(call.end(), more.begin(), more.end());
        return verify(call);
    }
    [[nodiscard]] Answer ask() const { return ask(sender.signing.pem()); }
    Desk& with(const std::string& option, const std::string& value) {
        more.push_back(option);
        more.push_back(value);
        return *this;
    }
    Desk& with_root() { return with("--root", folder.write("root.pem", sender.root().pem())); }
    Desk& with_payload(std::string_view bytes) { return with("--payload", folder.write("payload", bytes)); }
};

// As the hub writes it of what it accepts.
log::Record accepted(const Statement& what) {
    const bool of_consent = what.type == MessageType::consent_given;
    log::Record record =
        samples::decided(of_consent ? log::RecordEvent::consent : log::RecordEvent::accepted, what);
    if (what.service) record.facts.add("service", contract::kServices.text(*what.service));
    return record;
}

std::string bytes_as_text(const contract::Bytes& bytes) { return std::string(contract::text_of(bytes)); }

void refused(const Answer& answer, const std::string& reason) {
    CHECK(answer.exit_code == 1);
    CHECK(answer.out.starts_with("REFUSED: " + reason));
    CHECK(answer.err.empty());
}

}  // namespace

TEST_CASE("A statement that holds is told in one plain sentence") {
    const Answer answer = Desk{}.ask();
    CHECK(answer.exit_code == 0);
    CHECK(
        answer.out.starts_with("HOLDS: ssd-5000 referred a case to health on 2026-11-21: it states as "
                               "its ground that the person consented (Privacy Protection Law s. 23b)\n"));
    CHECK(answer.out.find("\ngroups: HEALTH IDENTITY\n") != std::string::npos);
    CHECK(answer.out.find("\nactor: committed, not named\n") != std::string::npos);
    CHECK(answer.out.find("\npayload: not shown\n") != std::string::npos);
}

TEST_CASE("With its payload the very bytes are proven and read") {
    Desk desk;
    SECTION("these bytes") {
        const Answer answer = desk.with_payload(bytes_as_text(referral_bytes())).ask();
        CHECK(answer.exit_code == 0);
        CHECK(answer.out.find("\npayload: these bytes, with a sealed part\n") != std::string::npos);
    }
    SECTION("one byte less") {
        auto bytes = referral_bytes();
        bytes.pop_back();
        refused(desk.with_payload(bytes_as_text(bytes)).ask(), "digest_mismatch: the payload is not the one");
    }
    SECTION("signed bytes that are no canonical record") {
        auto bytes = referral_bytes();
        bytes.push_back(0);
        desk.what.digest = sha256(bytes);
        refused(desk.with_payload(bytes_as_text(bytes)).ask(), "payload_invalid: ");
    }
}

TEST_CASE("With its leaf the record says what the statement says") {
    Desk desk;
    const std::string jws = desk.statement();
    log::Record record = accepted(desk.what);
    const auto ask = [&](std::optional<std::string_view> first_line) {
        desk.more = {"--leaf", desk.folder.write("leaf", log::leaf_text(first_line, record).value())};
        return desk.ask(desk.sender.signing.pem());
    };
    desk.signed_before = jws;
    SECTION("its acceptance") {
        const Answer answer = ask(jws);
        CHECK(answer.exit_code == 0);
        CHECK(answer.out.find("s. 23b); the hub accepted it\n") != std::string::npos);
    }
    SECTION("its refusal: who signed it holds, and that it was refused is said with it") {
        record.event = log::RecordEvent::refused;
        record.decision = log::Decision::deny;
        record.code = contract::Code::consent_missing;
        const Answer answer = ask(jws);
        CHECK(answer.exit_code == 0);
        CHECK(answer.out.find("s. 23b); the hub REFUSED it (consent_missing)\n") != std::string::npos);
        CHECK(answer.out.find("\ndecision: the hub REFUSED it (consent_missing)\n") != std::string::npos);
    }
    SECTION("its acceptance under another recipient") {
        record.recipient = organisation("nii");
        refused(ask(jws), "its record names another `recipient` than the statement\n");
    }
    SECTION("a release of it") {
        record.event = log::RecordEvent::released;
        record.statement = sha256(jws);
        const Answer answer = ask(std::nullopt);
        CHECK(answer.exit_code == 0);
        CHECK(answer.out.find("the hub") == std::string::npos);
    }
    SECTION("a release of it to another body") {
        record.event = log::RecordEvent::released;
        record.statement = sha256(jws);
        record.recipient = organisation("nii");
        refused(ask(std::nullopt),
                "its record names another `recipient` than the statement that it releases\n");
    }
    SECTION("an acknowledgement of it which its recipient gave the sender") {
        record.event = log::RecordEvent::acknowledged;
        record.statement = sha256(jws);
        record.recipient = desk.what.from;
        CHECK(ask(std::nullopt).exit_code == 0);
    }
    SECTION("a leaf about another statement") {
        refused(ask(Desk{}.statement()), "the leaf is about another statement\n");
        refused(ask(std::nullopt), "the leaf is about another statement\n");
    }
}

TEST_CASE("With payload and leaf the record says what only the payload says") {
    Desk desk;
    log::Record record;
    const auto ask = [&](const auto& payload) {
        const auto bytes = codec::encode(payload);
        desk.what.digest = sha256(bytes);
        desk.signed_before = desk.statement();
        desk.more = {"--leaf",
                     desk.folder.write("leaf", log::leaf_text(*desk.signed_before, record).value())};
        return desk.with_payload(bytes_as_text(bytes)).ask();
    };
    const auto differs = [](const std::string& fact) {
        return "its record says another `" + fact + "` than the payload\n";
    };
    // With one word after the other changed, and left out.
    const auto refuses_without = [&](const auto& payload, const std::vector<std::string>& told) {
        const log::Record whole = record;
        for (const std::string& changed : told) {
            for (const bool left_out : {false, true}) {
                record.facts = {};
                for (const auto& [fact, value] : whole.facts.all()) {
                    if (fact.text() != changed) record.facts.add(fact.text(), value);
                    if (fact.text() == changed && !left_out) record.facts.add(changed, "another");
                }
                refused(ask(payload), differs(changed));
            }
        }
    };
    SECTION("how she is known - how urgent it is - and the day") {
        const auto sent = codec::samples::of<codec::ReferralSubmitted>().at(0);
        record = accepted(desk.what);
        record.facts.add("known_by", contract::kKnownBy.text(sent.known_by))
            .add("priority", contract::kPriorities.text(sent.priority))
            .add("occurred_on", sent.occurred_on);
        CHECK(ask(sent).exit_code == 0);
        refuses_without(sent, {"known_by", "priority", "occurred_on"});
    }
    desk.what.service.reset();
    SECTION("which event of a referral it is") {
        const auto event = codec::samples::of<codec::ReferralEventPayload>().at(0);
        desk.what.type = MessageType::referral_event;
        desk.what.schema = codec::newest_schema("ReferralEvent").fingerprint;
        record = accepted(desk.what);
        record.operation = log::Word::of(contract::kReferralEvents.text(event.event));
        record.facts.add("occurred_on", event.occurred_on);
        if (event.reason) record.facts.add("reason", contract::kReasons.text(*event.reason));
        if (event.outcome) record.facts.add("outcome", contract::kOutcomes.text(*event.outcome));
        CHECK(ask(event).exit_code == 0);
        const auto other = event.event == contract::ReferralEvent::accept ? contract::ReferralEvent::start
                                                                          : contract::ReferralEvent::accept;
        record.operation = log::Word::of(contract::kReferralEvents.text(other));
        refused(ask(event), differs("operation"));
        record.event = log::RecordEvent::refused;
        record.decision = log::Decision::deny;
        CHECK(ask(event).exit_code == 0);
    }
    SECTION("why it was declined and what came of it") {
        desk.what.type = MessageType::referral_event;
        desk.what.schema = codec::newest_schema("ReferralEvent").fingerprint;
        record = accepted(desk.what);
        codec::ReferralEventPayload event{.event = contract::ReferralEvent::decline,
                                          .reason = contract::Reason::no_capacity,
                                          .occurred_on = kToday};
        record.operation = log::Word::of("decline");
        record.facts.add("reason", "no-capacity").add("occurred_on", kToday);
        SECTION("the reason") {
            CHECK(ask(event).exit_code == 0);
            refuses_without(event, {"reason", "occurred_on"});
        }
        SECTION("an outcome of which the payload knows nothing") {
            record.facts.add("outcome", "provided");
            refused(ask(event), differs("outcome"));
        }
        SECTION("the outcome") {
            event = {.event = contract::ReferralEvent::complete,
                     .outcome = contract::Outcome::provided,
                     .occurred_on = kToday};
            record.operation = log::Word::of("complete");
            record.facts = {};
            record.facts.add("outcome", "provided").add("occurred_on", kToday);
            CHECK(ask(event).exit_code == 0);
            refuses_without(event, {"outcome"});
        }
    }
    SECTION("what she agreed to") {
        const codec::ConsentGiven given = codec::samples::of<codec::ConsentGiven>().at(0);
        desk.what.type = MessageType::consent_given;
        desk.what.to = contract::OrganisationId::hub();
        desk.what.referral.reset();
        desk.what.purpose.reset();
        desk.what.basis.reset();
        desk.what.groups.reset();
        desk.what.schema = codec::newest_schema("ConsentGiven").fingerprint;
        record = accepted(desk.what);
        record.recipient = given.recipient;
        const auto words = [](std::initializer_list<const char*> each) {
            log::Words all;
            for (const char* word : each) all.push_back(log::Word::of(word));
            return log::FactValue{all};
        };
        const auto word = [](std::string_view one) { return log::FactValue{log::Word::of(one)}; };
        const std::vector<std::pair<std::string, log::FactValue>> said{
            {"discloser", word("ssd-5000")},
            {"recipient", word("nii")},
            {"purposes", words({"STATUS_FEEDBACK", "BENEFIT_CLAIM"})},  // the order says nothing
            {"groups", words({"CONTACT", "IDENTITY"})},
            {"services", words({"BEN-DISAB", "BEN-INCOME"})},
            {"direction", word("both")},
            {"form", word("written-ink")},
            {"from", word("2026-11-21")},
            {"to", word("2027-02-19")},
            {"state", word("active")},
            {"harm_veto", log::FactValue{true}}};
        const std::map<std::string, log::FactValue> wrong{
            {"discloser", word("ssd-4000")},
            {"recipient", word("labor")},
            {"purposes", words({"BENEFIT_CLAIM"})},
            {"groups", words({"CONTACT", "HEALTH", "IDENTITY"})},
            {"services", words({"BEN-DISAB", "no-service"})},
            {"direction", word("out")},
            {"form", word("anonymous-click")},
            {"from", word("2026-11-20")},
            {"to", word("2027-02-20")},
            {"state", word("rejected")},
            {"harm_veto", log::FactValue{false}}};
        for (const auto& [fact, value] : said) record.facts.add(fact, value);
        CHECK(ask(given).exit_code == 0);
        for (const auto& changed : said) {
            for (const bool left_out : {false, true}) {
                record.facts = {};
                for (const auto& [fact, value] : said) {
                    if (fact != changed.first) record.facts.add(fact, value);
                    if (fact == changed.first && !left_out) record.facts.add(fact, wrong.at(fact));
                }
                refused(ask(given), "its record says another `" + changed.first + "` than the payload\n");
            }
        }
    }
}

TEST_CASE("What a recipient acknowledged is what the leaf says") {
    const Party health = party("health");
    const auto delivery = [](char last) {
        return contract::DeliveryId::parse(std::string("11111111-1111-4111-8111-11111111111") + last).value();
    };
    const Acks acks{
        "hub.example/log",
        {{delivery('1'), contract::LeafIndex{14}, contract::AckOutcome::held},
         {delivery('2'), contract::LeafIndex{15}, contract::AckOutcome::refused, contract::Code::not_found},
         {delivery('3'), contract::LeafIndex{16}, contract::AckOutcome::taken, std::nullopt,
          sha256("native")}}};
    const std::string jws = sign_acks(acks, health.signer(), kToday);
    ScratchFolder folder;
    const auto record_of = [&](const std::string& document, const Ack& ack) {
        log::Record record;
        record.event = log::RecordEvent::acknowledged;
        record.decision = log::Decision::permit;
        record.org = health.id;
        record.code = ack.code;
        record.facts.add("delivery", ack.delivery.text())
            .add("index", contract::number(ack.index))
            .add("outcome", contract::kAckOutcomes.text(ack.outcome))
            .add("acks", sha256(document));
        if (ack.native) record.facts.add("native", *ack.native);
        return record;
    };
    const auto ask = [&](const std::string& document, const log::Record& record, const std::string& keys,
                         const std::vector<std::string>& more = {}) {
        std::vector<std::string> call{"evidence",
                                      "--acks",
                                      folder.write("acks.jws", document),
                                      "--keys",
                                      folder.write("keys", keys),
                                      "--leaf",
                                      folder.write("leaf", log::leaf_text(std::nullopt, record).value())};
        call.insert(call.end(), more.begin(), more.end());
        return verify(call);
    };
    const std::string pem = health.signing.pem();
    for (const Ack& ack : acks.acks) {
        const Answer answer = ask(jws, record_of(jws, ack), pem, {"--log", "hub.example/log"});
        CHECK(answer.exit_code == 0);
        CHECK(answer.out.starts_with("HOLDS: health acknowledged a delivery on 2026-11-21\n"));
    }
    const Ack& first = acks.acks.at(1);
    const log::Record honest = record_of(jws, first);
    const auto differs = [](const std::string& fact) {
        return "its record says another `" + fact + "` than the acknowledgement that was signed\n";
    };
    SECTION("another delivery, index, outcome, code or receipt") {
        Ack other = first;
        other.delivery = delivery('4');
        refused(ask(jws, record_of(jws, other), pem), differs("delivery"));
        other = first;
        other.index = contract::LeafIndex{14};
        refused(ask(jws, record_of(jws, other), pem), differs("index"));
        other = first;
        other.outcome = contract::AckOutcome::taken;
        refused(ask(jws, record_of(jws, other), pem), differs("outcome"));
        other = first;
        other.code = std::nullopt;
        refused(ask(jws, record_of(jws, other), pem), differs("code"));
        other = acks.acks.at(2);
        other.native = sha256("another");
        refused(ask(jws, record_of(jws, other), pem), differs("native"));
    }
    SECTION("a leaf of something else") {
        log::Record record = honest;
        record.event = log::RecordEvent::released;
        refused(ask(jws, record, pem), "the leaf is of no acknowledgement\n");
        record = honest;
        record.decision = log::Decision::deny;
        refused(ask(jws, record, pem), "the leaf is of no acknowledgement\n");
        refused(ask(jws, record_of("another", first), pem), "the leaf is about another acknowledgement\n");
        record = honest;
        record.org.reset();
        refused(ask(jws, record, pem), "the leaf does not say who acknowledged\n");
    }
    SECTION("a document of another kind, spelling, log or signer") {
        const std::string claims =
            R"({"v":1,"log":"hub.example/log","acks":[{"delivery":"11111111-1111-4111-8111-111111111112",)"
            R"("index":15,"outcome":"refused","code":"not_found"}]})";
        const std::string plain = sign(health.signer(), kAcksType, kToday, claims);
        CHECK(ask(plain, record_of(plain, first), pem).exit_code == 0);
        const std::string kind = sign(health.signer(), kStatementType, kToday, claims);
        refused(ask(kind, record_of(kind, first), pem), "signature_invalid: ");
        const std::string spaced =
            sign(health.signer(), kAcksType, kToday, replaced(claims, "\"acks\":", "\"acks\": "));
        refused(ask(spaced, record_of(spaced, first), pem), "statement_invalid: ");
        refused(ask(jws, honest, pem, {"--log", "other.example/log"}), "wrong_log: ");
        refused(ask(jws, honest, party("health").signing.pem()), "certificate_unknown: ");
        refused(ask(jws, honest, party("nii").signing.pem()), "certificate_unknown: ");
    }
    SECTION("what cannot be asked is a usage error") {
        const std::string file = folder.write("acks.jws", jws);
        const std::string keys = folder.write("keys", pem);
        CHECK(verify({"evidence", "--acks", file, "--keys", keys}).exit_code == 2);
        CHECK(verify({"evidence", "--keys", keys}).exit_code == 2);
        CHECK(verify({"evidence", "--acks", file, "--statement", file, "--keys", keys}).exit_code == 2);
    }
}

TEST_CASE("What was signed names the log that is asked for") {
    Desk desk;
    CHECK(desk.with("--log", "hub.example/log").ask().exit_code == 0);
    Desk other;
    refused(other.with("--log", "other.example/log").ask(), "wrong_log: ");
}

TEST_CASE("What an event says of a referral is told by its word") {
    Desk desk;
    const auto event = codec::samples::of<codec::ReferralEventPayload>().at(0);
    const auto bytes = codec::encode(event);
    desk.what.type = MessageType::referral_event;
    desk.what.service.reset();
    desk.what.schema = codec::newest_schema("ReferralEvent").fingerprint;
    desk.what.digest = sha256(bytes);
    const Answer answer = desk.with_payload(bytes_as_text(bytes)).ask();
    CHECK(answer.exit_code == 0);
    const std::string line = "\nevent: " + std::string(contract::kReferralEvents.text(event.event)) + "\n";
    CHECK(answer.out.find(line) != std::string::npos);
}

TEST_CASE("A schema that was never released for this type is refused with and without the payload") {
    Desk desk;
    desk.what.schema = codec::newest_schema("ConsentGiven").fingerprint;
    refused(desk.ask(), "schema_unknown: ");
    refused(desk.with_payload(bytes_as_text(referral_bytes())).ask(), "schema_unknown: ");
}

TEST_CASE("One changed character of header or claims or signature is refused") {
    Desk desk;
    std::string jws = desk.statement();
    const std::size_t at = GENERATE(std::size_t{5}, std::size_t{400}, std::size_t{0});
    char& changed = at == 0 ? jws[jws.size() - 10] : jws[at];
    changed = changed == 'A' ? 'B' : 'A';
    const Answer answer = verify({"evidence", "--statement", desk.folder.write("statement.jws", jws),
                                  "--keys", desk.folder.write("keys", desk.sender.signing.pem())});
    refused(answer, "signature_invalid: the statement's signature or header is not valid\n");
}

TEST_CASE("Another organisation's certificate proves nothing") {
    Desk desk;
    refused(desk.ask(party("health").signing.pem()),
            "certificate_unknown: the certificate is not for signing as");
    refused(desk.ask(party("ssd-5000").signing.pem()), "certificate_unknown: ");
    refused(desk.ask(desk.sender.encryption.pem()),
            "certificate_unknown: the certificate is not for signing as");
}

TEST_CASE("The certificate must hold on the day of the statement and on no other") {
    Desk desk;
    desk.day = contract::day_of(kKeyLife.from) - std::chrono::days{1};
    refused(desk.ask(), "certificate_unknown: the signing certificate did not hold on the statement's day");
    // Made at noon of that day: good from its first second on, and the statement says only the day.
    desk.day = contract::day_of(kKeyLife.from);
    CHECK(desk.ask().exit_code == 0);
    desk.day = contract::day_of(kKeyLife.until);
    CHECK(desk.ask().exit_code == 0);
    desk.day += std::chrono::days{1};
    refused(desk.ask(), "certificate_unknown: the signing certificate did not hold on the statement's day");
}

TEST_CASE("A key list counts under its root and until its end") {
    Desk desk;
    CHECK(desk.ask(desk.key_list()).exit_code == 2);  // without a root it is nobody's
    desk.with_root();
    const Answer answer = desk.ask(desk.key_list());
    CHECK(answer.exit_code == 0);
    CHECK(answer.out.find("\nvouched_by: the root as given, compared with no pin\n") != std::string::npos);
    CHECK(desk.ask(desk.key_list(contract::start_of(kToday))).exit_code == 0);
    refused(desk.ask(desk.key_list(contract::start_of(kToday) - 1s)), "key_unpinned: the key list: ");

    const Party other = party("ssd-5000");
    const KeyList foreign{other.id, 1, {other.signing}, {other.encryption}, kNow + 24h};
    refused(desk.ask(sign_key_list(foreign, other.root_signer(), kToday)), "key_unpinned: the key list: ");
}

TEST_CASE("A key list that ended before its certificate began on the statement's day vouches for nothing") {
    Desk desk;
    desk.with_root();
    // Made at noon of that day: nothing was signed by it before, and the list must stand at noon.
    desk.day = contract::day_of(kKeyLife.from);
    CHECK(desk.ask(desk.key_list(kKeyLife.from)).exit_code == 0);
    refused(desk.ask(desk.key_list(kKeyLife.from - 1s)), "key_unpinned: the key list had ended\n");
}

TEST_CASE("A key list without the signing certificate does not vouch for it") {
    Desk desk;
    const KeyList list{desk.sender.id, 2, {}, {desk.sender.encryption}, kNow + 24h};
    refused(desk.with_root().ask(sign_key_list(list, desk.sender.root_signer(), kToday)),
            "certificate_unknown: ");
}

TEST_CASE("The root is compared with the pin of the agreement") {
    Desk desk;
    desk.with_root();
    SECTION("the same") {
        desk.with("--root-pin", contract::base64url(desk.sender.root().key().spki_sha256().view()));
        const Answer answer = desk.ask(desk.key_list());
        CHECK(answer.exit_code == 0);
        CHECK(answer.out.find("\nvouched_by: the pinned root\n") != std::string::npos);
    }
    SECTION("another") {
        desk.with("--root-pin", contract::base64url(sha256("another root").view()));
        refused(desk.ask(desk.key_list()), "key_unpinned: the key is not vouched for by the root");
    }
    SECTION("a certificate that this root issued, and one that it did not") {
        CHECK(desk.ask().exit_code == 0);
        Desk other;
        other.with("--root", other.folder.write("root.pem", party("ssd-5000").root().pem()));
        refused(other.ask(), "key_unpinned: ");
    }
}

TEST_CASE("A statement with claims that its type does not have is refused even where it is signed") {
    Desk desk;
    const auto signer = desk.sender.signer();
    const std::string claims = replaced(write_claims(desk.what), "\"service\":\"HLT-PHYS\",", "");
    const std::string jws = sign(signer, kStatementType, kToday, claims);
    const Answer answer = verify({"evidence", "--statement", desk.folder.write("statement.jws", jws),
                                  "--keys", desk.folder.write("keys", desk.sender.signing.pem())});
    refused(answer, "statement_invalid: the statement has a missing, foreign or malformed claim\n");
}

TEST_CASE("Programs get the codes and the ids") {
    Desk desk;
    desk.more = {"--json"};
    const auto holds = nlohmann::json::parse(desk.ask().out);
    CHECK(holds["holds"] == true);
    CHECK(holds["from"] == "ssd-5000");
    CHECK(holds["type"] == "referral.submitted.v1");
    CHECK(holds["consent"] == "44444444-4444-4444-8444-444444444444");
    const auto no = nlohmann::json::parse(desk.ask(party("health").signing.pem()).out);
    CHECK(no["holds"] == false);
    CHECK(no["code"] == "certificate_unknown");
}

TEST_CASE("What cannot be asked is a usage error") {
    Desk desk;
    CHECK(verify({"evidence"}).exit_code == 2);
    CHECK(verify({"evidence", "--statement", "no-such-file", "--keys", "no-such-file"}).exit_code == 2);
    CHECK(desk.ask("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").exit_code == 2);
    CHECK(Desk{}.with("--root-pin", contract::base64url(sha256("root").view())).ask().exit_code == 2);
    CHECK(Desk{}.with_root().with("--root-pin", "no digest").ask().exit_code == 2);
    Desk leaf;
    CHECK(leaf.with("--root", leaf.folder.write("leaf.pem", leaf.sender.signing.pem())).ask().exit_code == 2);
}

TEST_CASE("Every type of message and every legal basis has words of its own") {
    std::set<std::string_view> deeds;
    for (std::size_t i = 0; i < contract::kMessageTypes.size(); ++i) {
        deeds.insert(verifier::deed(static_cast<MessageType>(i)));
    }
    CHECK(deeds.size() == contract::kMessageTypes.size());
    std::set<std::string_view> grounds;
    for (std::size_t i = 0; i < contract::kLegalBases.size(); ++i) {
        grounds.insert(verifier::ground(static_cast<contract::LegalBasis>(i)));
    }
    CHECK(grounds.size() == contract::kLegalBases.size());
    CHECK(deeds.count("said something to") == 0);
    CHECK(grounds.count("there is one that this program does not know") == 0);
}
