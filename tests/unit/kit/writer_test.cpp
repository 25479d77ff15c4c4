// A submission is complete, opens for its recipient alone, and is refused before anything is sealed.
#include <catch2/catch.hpp>

#include "schemas/statement/commitment.h"
#include "tests/unit/codec/texts_of_hers.h"
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

TEST_CASE("Her own no is told from the body's own end of a referral and from what only hurries with it") {
    const Exchange exchange;
    Message message = referral(exchange.recipient);
    Written hurries = exchange.written(message);
    hurries.first_lane = true;
    CHECK_FALSE(is_her_withdrawal(hurries));
    message.type = MessageType::referral_event;
    message.sealed.reset();
    message.service.reset();
    const auto says = [&](ReferralEvent event, std::optional<Reason> reason) {
        message.payload =
            codec::ReferralEventPayload{.event = event, .reason = reason, .occurred_on = kToday};
        return exchange.written(message);
    };
    CHECK(is_her_withdrawal(says(ReferralEvent::withdraw, std::nullopt)));
    CHECK_FALSE(is_her_withdrawal(says(ReferralEvent::cancel, Reason::no_longer_needed)));
    CHECK_FALSE(is_her_withdrawal(says(ReferralEvent::mark_error, Reason::wrong_case)));
    message.type = MessageType::consent_revoked;
    message.to = OrganisationId::hub();
    message.payload = codec::ConsentRevoked{kToday};
    message.referral.reset();
    message.purpose.reset();
    message.basis.reset();
    CHECK(is_her_withdrawal(exchange.written(message)));
}

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

TEST_CASE("Data about her goes under a consent or under a law that asks for none") {
    const Exchange exchange;
    Message message = referral(exchange.recipient);
    message.consent.reset();
    CHECK(code_of(exchange, message) == Code::consent_missing);
    message.basis = LegalBasis::between_public_bodies_within_powers;
    CHECK(code_of(exchange, message) == Code::internal);

    // An event needs no consent by its form: what stops it is what it says of her.
    Message event = referral(exchange.recipient);
    event.type = MessageType::referral_event;
    event.payload = codec::ReferralEventPayload{.event = ReferralEvent::accept, .occurred_on = kToday};
    event.service.reset();
    event.consent.reset();
    CHECK(code_of(exchange, event) == Code::consent_missing);
    event.sealed->other(DataGroup::health).reset();
    CHECK(code_of(exchange, event) == Code::internal);
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
    // Where she said no, nobody is sent to ask her for less caution: that comes first.
    auto taken_back = known;
    taken_back.revoked = true;
    CHECK(refusal(exchange, message, taken_back)->code == Code::consent_revoked);
    message.sealed->safety.no_voicemail = false;
    message.sealed->safety.address_confidential = false;
    CHECK_FALSE(refusal(exchange, message, known));
}

TEST_CASE(
    "While either flag forbids it no text of hers may name a way to reach her and the worker is told which") {
    const Exchange exchange;
    auto known = consent(exchange.sender, exchange.recipient);
    known.groups = WordSet<DataGroup>::up_to(DataGroup::programme_fact);
    for (const auto& [name, put] : codec::samples::kTextsOfHers) {
        CAPTURE(name);
        for (const char* way : {"רותם 050-0000000", "rotem@mail.example"}) {
            Message message = referral(exchange.recipient);
            codec::Safety& safety = message.sealed->safety;
            put(*message.sealed, way);
            std::get<codec::ReferralSubmitted>(message.payload).known_by = message.sealed->known_by;
            safety.contact_prohibited = safety.address_confidential = false;
            CHECK_FALSE(refusal(exchange, message, known));
            safety.contact_prohibited = true;
            const auto prohibited = refusal(exchange, message, known);
            REQUIRE(prohibited);
            CHECK(prohibited->code == Code::payload_invalid);
            CHECK(prohibited->names == std::vector<std::string>{"contact-prohibited", name});
            safety.contact_prohibited = false;
            safety.address_confidential = true;
            const auto confidential = refusal(exchange, message, known);
            REQUIRE(confidential);
            CHECK(confidential->code == Code::payload_invalid);
            CHECK(confidential->names == std::vector<std::string>{"address_confidential", name});
        }
    }
}

TEST_CASE("While either flag forbids it her phone has no field of its own either") {
    const Exchange exchange;
    for (const auto flag : {SafetyFlag::contact_prohibited, SafetyFlag::address_confidential}) {
        Message message = referral(exchange.recipient);
        message.sealed->safety.contact_prohibited = message.sealed->safety.address_confidential = false;
        message.sealed->safety.set(flag, true);
        message.sealed->known_by = KnownBy::contact;
        std::get<codec::ReferralSubmitted>(message.payload).known_by = KnownBy::contact;
        message.sealed->contact = codec::Contact{};
        message.sealed->contact->neutral_name = "רותם";
        CHECK(code_of(exchange, message) == Code::internal);  // a name to say is no way to reach her
        message.sealed->contact->phone = "0500000000";
        const auto refused = refusal(exchange, message, consent(exchange.sender, exchange.recipient));
        REQUIRE(refused);
        CHECK(refused->names == std::vector<std::string>{"contact.phone"});
        message.sealed->safety.set(flag, false);
        CHECK(code_of(exchange, message) == Code::internal);
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

TEST_CASE("What ends a referral is written also where nobody says who takes part") {
    Exchange exchange;
    exchange.directory = Directory{};
    Message message = referral(exchange.recipient);
    CHECK(code_of(exchange, message) == Code::recipient_unknown);
    message.type = MessageType::referral_event;
    message.service.reset();
    message.payload = codec::ReferralEventPayload{.event = ReferralEvent::withdraw, .occurred_on = kToday};
    CHECK(code_of(exchange, message) == Code::recipient_unknown);  // nobody to seal it to
    message.sealed.reset();
    CHECK(code_of(exchange, message) == Code::internal);
    CHECK(exchange.written(message).first_lane);
    message.payload = codec::ReferralEventPayload{.event = ReferralEvent::accept, .occurred_on = kToday};
    CHECK(code_of(exchange, message) == Code::recipient_unknown);
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
