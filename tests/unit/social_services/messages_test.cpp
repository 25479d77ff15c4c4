// A record becomes the same message wherever its file lies, and no safety flag is lowered unasked.
// Method: one referral; each case changes one field of it.
#include "adapters/social_services/to_messages.h"

#include <catch2/catch.hpp>

#include "adapters/social_services/to_records.h"
#include "tests/unit/social_services/samples.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::social_services;
using namespace kesher::social_services::test;

namespace {

Outgoing sent(const Referral& referral) {
    return message_of(referral, pseudonym(1), desk(), aliases()).value();
}

// What housing's own adapter would write of it into a department's file.
Referral back(const Referral& referral) {
    const Outgoing outgoing = sent(referral);
    statement::Statement said{"hub.example/log",
                              outgoing.message.id,
                              outgoing.message.type,
                              organisation_id("ssd-5000"),
                              outgoing.message.to,
                              SchemaFingerprint{},
                              Digest{}};
    said.referral = outgoing.message.referral;
    said.service = outgoing.message.service;
    said.basis = outgoing.message.basis;
    said.consent = outgoing.message.consent;
    return record_of(said, std::get<codec::ReferralSubmitted>(outgoing.message.payload),
                     *outgoing.message.sealed, pseudonym(2), "0123456789abcdef")
        .value();
}

// The declared losses of README.md, taken out of both sides.
Referral without_losses(Referral referral) {
    referral.pseudonym.reset();
    referral.number.clear();
    if (referral.consent) referral.consent->number.clear();
    referral.authority.reset();
    referral.worker.reset();
    return referral;
}

}  // namespace

TEST_CASE("A record has the ids that its numbers and the alias key give for ever") {
    const kit::Message message = sent(sample()).message;
    CHECK(message.referral->text() == "c583ef55-5373-8b32-9df4-77c4df04a230");
    CHECK(message.consent->text() == "5db78de3-3b35-8311-99ab-628f9a2d3927");
    CHECK(message.id.text() == "b0ebc360-6456-8c6b-bdb4-6e8d956c0d37");
}

TEST_CASE("The line at which a record stands changes no id and a changed field changes the message alone") {
    Referral moved = sample();
    moved.line = {17};
    CHECK(sent(moved).message.id == sent(sample()).message.id);

    Referral changed = sample();
    changed.need.back() += " הבא";
    CHECK(sent(changed).message.id != sent(sample()).message.id);
    CHECK(sent(changed).message.referral == sent(sample()).message.referral);
}

TEST_CASE("One form that names two recipients is two consents with unrelated ids") {
    Desk other = desk();
    other.routes.front().recipient = organisation_id("nii");
    const auto to_other = message_of(sample(), pseudonym(1), other, aliases());
    CHECK(to_other->message.consent != sent(sample()).message.consent);
}

TEST_CASE("The message says what the record says and the day is the record's") {
    const kit::Message message = sent(sample()).message;
    const auto& payload = std::get<codec::ReferralSubmitted>(message.payload);
    CHECK(message.to == organisation_id("housing"));
    CHECK(message.purpose == Purpose::referral);
    CHECK(message.actor.id.text() == "w-7");
    CHECK(payload.known_by == KnownBy::identified);
    CHECK(payload.priority == Priority::urgent);
    CHECK(payload.language == Language::ar);
    CHECK(payload.occurred_on == day("2026-11-20"));
    CHECK(message.sealed->consent_until == day("2027-01-01"));
    CHECK(message.sealed->worker == std::nullopt);
    CHECK(codec::flaw(*message.sealed) == std::nullopt);
}

TEST_CASE("A record without a worker goes under the desk's own number") {
    Referral referral = sample();
    referral.worker.reset();
    CHECK(sent(referral).message.actor.id.text() == "desk");
}

TEST_CASE("A contact flag 2 leaves every safety flag at its safest value and no phone") {
    Referral referral = sample();
    referral.contact_prohibited = true;
    const codec::Sealed sealed = sealed_of(referral, kAllAsked);
    CHECK(sealed.safety == codec::Safety{});
    CHECK(sealed.contact->phone == std::nullopt);
    CHECK(codec::flaw(sealed) == std::nullopt);
}

TEST_CASE("A contact flag 1 lowers only what the department's form asked her about") {
    Referral referral = sample();
    referral.neutral_name.clear();
    const WordSet<SafetyFlag> asked{SafetyFlag::safe_hours};
    const codec::Safety safety = sealed_of(referral, asked).safety;
    for (std::size_t i = 0; i < kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<SafetyFlag>(i);
        INFO(kSafetyFlags.text(flag));
        CHECK(safety.has(flag) == (flag != SafetyFlag::contact_prohibited && flag != SafetyFlag::safe_hours));
    }
}

TEST_CASE("A neutral name in the record is the only name to say whatever the form asked") {
    CHECK(sealed_of(sample(), kAllAsked).safety.neutral_name);
}

TEST_CASE("A name without a number to know her by stays behind") {
    Referral referral = sample();
    referral.identity->id_number.clear();
    referral.identity->phone.clear();
    const codec::Sealed sealed = sealed_of(referral, kAllAsked);
    CHECK(sealed.known_by == KnownBy::presents);
    CHECK(sealed.identity == std::nullopt);
    CHECK(codec::flaw(sealed) == std::nullopt);
}

TEST_CASE("A need of 25 full lines is refused at its record because its ends do not fit") {
    Referral referral = sample();
    referral.need.assign(25, std::string(80, 'x'));
    CHECK(message_of(referral, pseudonym(1), desk(), aliases()).error().flaw == Flaw::need_length);
    referral.need.back() = std::string(56, 'x');  // 24 lines of 80, 24 ends and 56: exactly 2,000
    CHECK(message_of(referral, pseudonym(1), desk(), aliases()));
}

TEST_CASE("A record comes back as it went but for the declared losses") {
    std::uint32_t random = 1;
    const auto draw = [&random](std::uint32_t below) {
        random = random * 1'664'525U + 1'013'904'223U;
        return (random >> 16U) % below;
    };
    for (int round = 0; round < 300; ++round) {
        Referral referral = sample();
        referral.neutral_name.clear();
        referral.contact_prohibited = false;
        referral.priority = static_cast<Priority>(draw(3));
        referral.language = static_cast<Language>(draw(5));
        referral.created += std::chrono::days{draw(30)};
        if (draw(3) == 0) {
            referral.consent.reset();
            referral.basis = LegalBasis::between_public_bodies_needed;
        }
        referral.need.clear();
        for (std::uint32_t line = draw(6); line > 0; --line) {
            std::string text = "שורה";
            for (std::uint32_t word = draw(9); word > 0; --word) text += " אבג" + std::to_string(draw(90));
            referral.need.push_back(text);
        }
        if (draw(4) == 0) {
            referral.identity.reset();
        } else {
            if (draw(2) == 0) referral.identity->phone.clear();
            if (draw(2) == 0) referral.identity->birth_year.reset();
            if (draw(3) == 0) referral.identity->family_name.clear();
        }
        INFO("round " << round);
        CHECK(without_losses(back(referral)) == without_losses(referral));
    }
}

TEST_CASE("A referral with a flag that no field can say is not taken") {
    const Outgoing outgoing = sent(sample());  // its neutral name stands under a flag
    statement::Statement said{"hub.example/log",
                              outgoing.message.id,
                              outgoing.message.type,
                              organisation_id("ssd-5000"),
                              outgoing.message.to,
                              SchemaFingerprint{},
                              Digest{}};
    said.referral = outgoing.message.referral;
    said.service = outgoing.message.service;
    said.basis = outgoing.message.basis;
    said.consent = outgoing.message.consent;
    codec::Sealed sealed = *outgoing.message.sealed;
    const auto& payload = std::get<codec::ReferralSubmitted>(outgoing.message.payload);
    for (std::size_t i = 0; i < kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<SafetyFlag>(i);
        for (std::size_t other = 0; other < kSafetyFlags.size(); ++other) {
            sealed.safety.set(static_cast<SafetyFlag>(other), other == i);
        }
        const auto record = record_of(said, payload, sealed, pseudonym(2), "0123456789abcdef");
        INFO(kSafetyFlags.text(flag));
        if (flag == SafetyFlag::contact_prohibited) {
            CHECK(record->contact_prohibited);
            CHECK(record->identity->phone.empty());
        } else {
            CHECK(record.error() == Code::flag_not_honoured);
        }
    }
}
