// A submission is complete, opens for its recipient alone, and is refused before anything is sealed.
#include <catch2/catch.hpp>

#include "schemas/statement/commitment.h"
#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

std::optional<Refused> refusal(const Exchange& exchange, const Message& message, const KnownConsent& known) {
    const auto made = exchange.writer.write(message, exchange.directory, &known, kNow);
    if (made) return std::nullopt;
    return made.error();
}
Code code_of(const Exchange& exchange, const Message& message) {
    const auto found = refusal(exchange, message, consent(exchange.sender, exchange.recipient));
    return found ? found->code : Code::internal;
}

// What the recipient's entry of the directory holds from now on.
void declares(Exchange& exchange, const std::string& profile) {
    exchange.directory =
        Directory::read(organisations_json({{exchange.recipient, key_list(exchange.recipient), profile}}),
                        exchange.pins, kOrigin, kNow)
            .value();
}

}  // namespace

TEST_CASE("What the writer makes is read by the hub and opened by the recipient") {
    const Exchange exchange;
    const Message message = referral(exchange.recipient);
    const Written written = exchange.written(message);
    const auto submission = codec::decode<codec::Submission>(written.submission).value();
    CHECK(submission.statement == written.statement);

    const auto verified = statement::verify_signature(written.statement, exchange.sender.ring(), kNow);
    REQUIRE(verified);
    const auto said = statement::parse_claims(*verified).value();
    CHECK(said.iat == kToday);
    CHECK(said.statement.groups == std::vector{DataGroup::health});
    CHECK(statement::sha256(submission.payload) == said.statement.digest);
    CHECK(statement::opens_actor(*said.statement.actor, submission.actor.salt, message.actor.id,
                                 message.actor.role));
    CHECK(statement::opens_case(*said.statement.case_, submission.case_opening->salt, *message.pseudonym));

    const auto payload =
        codec::decode_payload(said.statement.type, said.statement.schema, submission.payload).value();
    const auto sealed = text_of(codec::sealed_part(payload).value());
    const statement::SealContext context{exchange.sender.id, exchange.recipient.id, message.id};
    const auto plain = statement::open(sealed, exchange.opening(exchange.recipient), context);
    REQUIRE(plain);
    CHECK(codec::decode<codec::Sealed>(*plain).value() == *message.sealed);
    CHECK_FALSE(statement::open(sealed, exchange.opening(exchange.sender), context));
    CHECK_FALSE(written.first_lane);
}

TEST_CASE("A group that the consent does not cover is named and stops the message") {
    const Exchange exchange;
    auto known = consent(exchange.sender, exchange.recipient);
    Message message = referral(exchange.recipient);
    message.sealed->other(DataGroup::debt) = codec::Particulars{"owes rent", {}};
    const auto refused = refusal(exchange, message, known);
    REQUIRE(refused);
    CHECK(refused->code == Code::consent_groups);
    CHECK(refused->names == std::vector<std::string>{"DEBT"});
    known.groups.add(DataGroup::debt);
    CHECK_FALSE(refusal(exchange, message, known));
    CHECK(exchange.writer.write(message, exchange.directory, nullptr, kNow).error().code ==
          Code::consent_missing);
    known.revoked = true;
    CHECK(refusal(exchange, message, known)->code == Code::consent_revoked);
}

TEST_CASE("Every safety flag that the recipient cannot honour is listed and nothing is sent") {
    Exchange exchange;
    declares(exchange,
             profile_of(exchange.recipient,
                        kEveryFlag.without({SafetyFlag::no_voicemail, SafetyFlag::address_confidential})));
    const auto known = consent(exchange.sender, exchange.recipient);
    Message message = referral(exchange.recipient);
    const auto refused = refusal(exchange, message, known);
    REQUIRE(refused);
    CHECK(refused->code == Code::flag_not_honoured);
    CHECK(refused->names == std::vector<std::string>{"no_voicemail", "address_confidential"});
    message.sealed->safety.no_voicemail = false;
    message.sealed->safety.address_confidential = false;
    CHECK_FALSE(refusal(exchange, message, known));
}

TEST_CASE("While she must not be contacted no field and no free text may lead to her") {
    const Exchange exchange;
    Message message = referral(exchange.recipient);
    message.sealed->contact = codec::Contact{};
    message.sealed->contact->neutral_name = "רותם";
    CHECK(code_of(exchange, message) == Code::internal);  // a name to say is no way to reach her
    message.sealed->contact->phone = "0500000000";
    CHECK(code_of(exchange, message) == Code::payload_invalid);
    message = referral(exchange.recipient);
    message.sealed->need = "call 050-000 0000";
    CHECK(code_of(exchange, message) == Code::payload_invalid);
    message = referral(exchange.recipient);
    message.sealed->other(DataGroup::health)->answers = {{"clinic", "me@example.org"}};
    CHECK(code_of(exchange, message) == Code::payload_invalid);
    message.sealed->safety.contact_prohibited = false;
    message.sealed->safety.address_confidential = false;
    CHECK(code_of(exchange, message) == Code::internal);
}

TEST_CASE("Nine digits dialled in a row or an e-mail address are a way to reach her and a date is not") {
    for (const char* way : {"050-0000000", "+972 50 000 0000", "02.000.0000", "a@b.example", "000000018",
                            "(050) 0000000", "050/0000000", "050 - 000 - 0000", "050\u2011000\u20110000",
                            "٠٥٠٠٠٠٠٠٠", "\u2066050\u2069-0000000"}) {
        CAPTURE(way);
        CHECK(names_a_way_to_reach(way));
    }
    for (const char* none : {"", "21-11-2026", "2026-11-21 ", "12345678", "two @ a time", "@",
                             "1,000,000,000", "12/05/2026 14:30", "050    0000000", "ב-12345678 ו-1"}) {
        CAPTURE(none);
        CHECK_FALSE(names_a_way_to_reach(none));
    }
}

TEST_CASE("A service that must know her better refuses one who only presents herself") {
    const Exchange exchange;
    Message message = referral(exchange.recipient);
    message.service = Service::ben_income;
    CHECK(code_of(exchange, message) == Code::identity_required);
    message.service = Service::hlt_phys;
    std::get<codec::ReferralSubmitted>(message.payload).known_by = KnownBy::contact;
    CHECK(code_of(exchange, message) ==
          Code::payload_invalid);  // the clear part says more than the sealed one
}

TEST_CASE("Nothing is sealed to keys that no agreement of ours vouches for") {
    Exchange exchange;
    exchange.pins.erase(exchange.recipient.id);
    exchange.directory = Directory::read(exchange.organisations, exchange.pins, kOrigin, kNow).value();
    CHECK(code_of(exchange, referral(exchange.recipient)) == Code::key_unpinned);
    exchange.directory = Directory();
    CHECK(code_of(exchange, referral(exchange.recipient)) == Code::recipient_unknown);
}

TEST_CASE("Claims that a message type must have or must not have are refused before signing") {
    const Exchange exchange;
    Message message = referral(exchange.recipient);
    message.pseudonym.reset();
    CHECK(code_of(exchange, message) == Code::statement_invalid);
    message = referral(exchange.recipient);
    message.expected_version = 1;
    CHECK(code_of(exchange, message) == Code::statement_invalid);
    message = referral(exchange.recipient);
    message.sealed.reset();
    CHECK(code_of(exchange, message) == Code::payload_invalid);
    message = referral(exchange.recipient);
    message.payload = codec::ReferralEventPayload{.event = ReferralEvent::accept, .occurred_on = kToday};
    CHECK(code_of(exchange, message) == Code::schema_unknown);  // a payload of another type
}

TEST_CASE("A schema that the recipient does not read is not sent to it") {
    Exchange exchange;
    declares(exchange, profile_of(exchange.recipient, kEveryFlag, {1, 1},
                                  {contract::parse_fingerprint("7275d51a3f395c8f").value()}));
    CHECK(code_of(exchange, referral(exchange.recipient)) == Code::schema_unknown);
}

TEST_CASE("A body that has declared nothing is sent nothing whatever the hub says of it") {
    Exchange exchange;
    declares(exchange, "");
    CHECK(code_of(exchange, referral(exchange.recipient)) == Code::schema_unknown);
    const Party impostor = party("health");  // the hub, or whoever has its line
    declares(exchange, profile_of(impostor));
    CHECK(code_of(exchange, referral(exchange.recipient)) == Code::schema_unknown);
    declares(exchange, profile_of(exchange.recipient));
    CHECK(code_of(exchange, referral(exchange.recipient)) == Code::internal);
}

TEST_CASE("What ends a referral goes to a body that has declared nothing") {
    Exchange exchange;
    declares(exchange, "");
    Message message = referral(exchange.recipient);
    message.type = MessageType::referral_event;
    message.sealed.reset();
    message.service.reset();
    const auto code = [&](ReferralEvent event, std::optional<Reason> reason = std::nullopt) {
        message.payload =
            codec::ReferralEventPayload{.event = event, .reason = reason, .occurred_on = kToday};
        return code_of(exchange, message);
    };
    CHECK(code(ReferralEvent::withdraw) == Code::internal);
    CHECK(code(ReferralEvent::cancel, Reason::no_longer_needed) == Code::internal);
    CHECK(code(ReferralEvent::mark_error, Reason::wrong_case) == Code::internal);
    CHECK(code(ReferralEvent::accept) == Code::schema_unknown);
}

TEST_CASE("After clock_skew the same claims and payload go under the day that the hub says") {
    const Exchange exchange;
    const Written written = exchange.written(referral(exchange.recipient));
    const auto again = exchange.writer.redate(written, kNow + 48h);
    REQUIRE(again);
    const auto before = statement::verify_signature(written.statement, exchange.sender.ring(), kNow);
    const auto after = statement::verify_signature(again->statement, exchange.sender.ring(), kNow + 48h);
    REQUIRE(after);
    CHECK(after->claims_digest() == before->claims_digest());
    CHECK(statement::parse_claims(*after)->iat == kToday + std::chrono::days{2});
    auto old_submission = codec::decode<codec::Submission>(written.submission).value();
    old_submission.statement = again->statement;
    CHECK(codec::decode<codec::Submission>(again->submission).value() == old_submission);
}

TEST_CASE(
    "After a rotation what a former key signed goes under another day by the present key and nobody else's") {
    const Exchange exchange;
    const Written written = exchange.written(referral(exchange.recipient));
    const Party& body = exchange.sender;
    const auto key = statement::PrivateKey::generate(statement::KeyKind::p256);
    const auto fresh =
        body.issuer.issue(key.public_key(), body.id, statement::Use::signing, statement::kKeyLife);
    const auto signer = statement::Signer::make(key, fresh).value();
    MessageWriter rotated(body.id, std::string(kOrigin), body.signer());
    rotated.sign_by(signer, {body.signing});
    const auto again = rotated.redate(written, kNow + 48h);
    REQUIRE(again);
    CHECK_FALSE(statement::verify_signature(again->statement, body.ring(), kNow + 48h));
    CHECK(statement::verify_signature(again->statement, {body.id, {fresh}}, kNow + 48h));
    rotated.sign_by(signer, {});
    CHECK_FALSE(rotated.redate(written, kNow + 48h));
}

TEST_CASE("A withdrawal travels in the first lane and without a sealed part") {
    const Exchange exchange;
    Message message = referral(exchange.recipient);
    message.type = MessageType::referral_event;
    message.payload = codec::ReferralEventPayload{.event = ReferralEvent::withdraw, .occurred_on = kToday};
    message.service.reset();
    message.sealed.reset();
    message.subject_acts = true;
    const auto made = exchange.writer.write(message, exchange.directory, nullptr, kNow);
    REQUIRE(made);
    CHECK(made->first_lane);
}
