// A consent is recorded by who may, on a form of its own, after a published notice, for a time.
// Method: one recording that is taken; each case changes a single fact.
#include <catch2/catch.hpp>

#include "tests/unit/consent/builders.h"

using namespace kesher::consent;
using namespace kesher::consent::test;

namespace {

struct Attempt {
    Recording recording{.id = consent_id(2),
                        .recorder = Recorder{department, OrganisationKind::public_body},
                        .discloser = department,
                        .recipient = health,
                        .purposes = {Purpose::status_feedback, Purpose::treatment},
                        .groups = {DataGroup::contact, DataGroup::health},
                        .services = {Service::hlt_ment, Service::hlt_phys},
                        .direction = Direction::both,
                        .valid_from = first_day,
                        .valid_to = last_day,
                        .state = ConsentState::active,
                        .form = ConsentForm::written_ink,
                        .form_digest = digest_of(7),
                        .basis = LegalBasis::written_consent_explained};
    std::vector<Consent> consents{};
    RecordingFacts facts{.case_opener = department,
                         .discloser_known = true,
                         .recipient_known = true,
                         .notice_published = true,
                         .consents = {}};

    Result<Recorded, Code> made(Instant at = noon) {
        facts.consents = consents;
        return decide_recording(recording, facts, LeafIndex{20}, at);
    }
    std::optional<Code> refusal(Instant at = noon) {
        const auto answer = made(at);
        return answer ? std::nullopt : std::optional{answer.error()};
    }
};

}  // namespace

TEST_CASE("What was recorded is what she signed") {
    Attempt attempt;
    CHECK(attempt.made().value().consent == given(2));
    CHECK(attempt.made().value().superseded.empty());
}

TEST_CASE("A body never records a consent of which it is the recipient") {
    Attempt attempt;
    attempt.facts.case_opener = health;
    attempt.recording.recorder->organisation = health;
    CHECK(attempt.refusal() == Code::consent_recorder);
    attempt.recording.recorder->organisation = department;
    CHECK(attempt.refusal() == std::nullopt);
}

TEST_CASE("Only the discloser and the body that opened the case record her word") {
    Attempt attempt;
    attempt.recording.state = GENERATE(ConsentState::active, ConsentState::rejected, ConsentState::proposed);
    const auto by = [&](const OrganisationId& recorder) {
        attempt.recording.recorder->organisation = recorder;
        return attempt.refusal();
    };
    attempt.facts.case_opener = provider;
    CHECK(by(department) == std::nullopt);
    CHECK(by(provider) == std::nullopt);
    CHECK(by(housing) == Code::consent_recorder);
    attempt.facts.case_opener = housing;
    CHECK(by(housing) == std::nullopt);
    CHECK(by(provider) == Code::consent_recorder);
}

TEST_CASE("Whoever may not record learns neither of a withdrawal nor of a form from the refusal") {
    Attempt attempt;
    Consent withdrawn = given(1);
    SECTION("she withdrew an hour ago") {
        withdrawn.state = ConsentState::revoked;
        withdrawn.revoked_at = noon - 1h;
        attempt.consents = {withdrawn};
        REQUIRE(attempt.refusal() == Code::consent_revoked);
    }
    SECTION("the form was recorded before") {
        attempt.facts.form_recorded_for_recipient = true;
        REQUIRE(attempt.refusal() == Code::consent_form_reused);
    }
    SECTION("the recipient is unknown") {
        attempt.facts.recipient_known = false;
        REQUIRE(attempt.refusal() == Code::recipient_unknown);
    }
    attempt.recording.recorder->organisation = housing;
    CHECK(attempt.refusal() == Code::consent_recorder);
}

TEST_CASE("Public bodies and the provider record and the hotline never does") {
    Attempt attempt;
    const auto by_kind = [&](OrganisationKind kind) {
        attempt.recording.recorder->kind = kind;
        return attempt.refusal();
    };
    CHECK(by_kind(OrganisationKind::public_body) == std::nullopt);
    CHECK(by_kind(OrganisationKind::provider) == std::nullopt);
    for (const auto kind : {OrganisationKind::hotline, OrganisationKind::ngo, OrganisationKind::tool,
                            OrganisationKind::operator_, OrganisationKind::auditor}) {
        CHECK(by_kind(kind) == Code::consent_recorder);
    }
}

TEST_CASE("She records her own consent on her own page") {
    Attempt attempt;
    attempt.recording.recorder.reset();
    CHECK(attempt.made().value().consent.recorded_by == OrganisationId::hub());
}

TEST_CASE("Discloser and recipient are two known organisations") {
    Attempt attempt;
    SECTION("unknown recipient") {
        attempt.facts.recipient_known = false;
        CHECK(attempt.refusal() == Code::recipient_unknown);
    }
    SECTION("unknown discloser") {
        attempt.facts.discloser_known = false;
        CHECK(attempt.refusal() == Code::recipient_unknown);
    }
    SECTION("one body twice") {
        attempt.recording.recipient = department;
        attempt.facts.case_opener = housing;
        attempt.recording.recorder->organisation = housing;
        CHECK(attempt.refusal() == Code::payload_invalid);
    }
}

TEST_CASE("A consent lasts 90 days unless said otherwise and 365 at most") {
    Attempt attempt;
    const auto lasting = [&](int days) {
        attempt.recording.valid_to = first_day + std::chrono::days{days};
        return attempt.refusal();
    };
    CHECK(lasting(365) == std::nullopt);
    CHECK(lasting(366) == Code::payload_invalid);
    CHECK(lasting(0) == std::nullopt);
    CHECK(lasting(-1) == Code::payload_invalid);
    attempt.recording.valid_to.reset();
    CHECK(attempt.made().value().consent.valid_to == first_day + std::chrono::days{90});
}

TEST_CASE("A consent that is over is not recorded any more") {
    Attempt attempt;
    CHECK(attempt.refusal(start_of(last_day) + 24h - 1ms) == std::nullopt);
    CHECK(attempt.refusal(start_of(last_day) + 24h) == Code::payload_invalid);
}

TEST_CASE("The notice she was read is a published one") {
    Attempt attempt;
    attempt.facts.notice_published = false;
    CHECK(attempt.refusal() == Code::payload_invalid);
}

TEST_CASE("Lists are sorted by their words and name nothing twice") {
    Attempt attempt;
    SECTION("purposes out of order") {
        attempt.recording.purposes = {Purpose::treatment, Purpose::status_feedback};
    }
    SECTION("a group twice") { attempt.recording.groups = {DataGroup::health, DataGroup::health}; }
    SECTION("services out of order") { attempt.recording.services = {Service::hlt_phys, Service::hlt_ment}; }
    SECTION("no purpose") { attempt.recording.purposes = {}; }
    SECTION("no service") { attempt.recording.services = {}; }
    CHECK(attempt.refusal() == Code::payload_invalid);
}

TEST_CASE("Order is that of the words and not of their numbers") {
    Attempt attempt;
    attempt.recording.groups = {DataGroup::addiction, DataGroup::contact, DataGroup::hiv, DataGroup::mental};
    CHECK(attempt.refusal() == std::nullopt);
    attempt.recording.groups = {DataGroup::contact, DataGroup::mental, DataGroup::addiction};
    CHECK(attempt.refusal() == Code::payload_invalid);
}

TEST_CASE("Nobody can consent to rehearsals or to the breaking of glass") {
    Attempt attempt;
    const Purpose purpose = GENERATE(Purpose::rehearsal, Purpose::break_glass);
    attempt.recording.purposes = {purpose};
    CHECK(attempt.refusal() == Code::payload_invalid);
}

TEST_CASE("The law that needs no consent is no basis of one") {
    Attempt attempt;
    for (const auto basis : {LegalBasis::consent, LegalBasis::patient_consent}) {
        attempt.recording.basis = basis;
        CHECK(attempt.refusal() == std::nullopt);
    }
    for (const auto basis : {LegalBasis::between_public_bodies_needed, LegalBasis::harm_prevention}) {
        attempt.recording.basis = basis;
        CHECK(attempt.refusal() == Code::payload_invalid);
    }
}

TEST_CASE("She can answer yes or no and nothing is recorded as already ended") {
    Attempt attempt;
    const auto answered = [&](ConsentState state) {
        attempt.recording.state = state;
        return attempt.refusal();
    };
    CHECK(answered(ConsentState::rejected) == std::nullopt);
    CHECK(answered(ConsentState::proposed) == std::nullopt);
    CHECK(answered(ConsentState::expired) == Code::payload_invalid);
    CHECK(answered(ConsentState::revoked) == Code::payload_invalid);
    CHECK(answered(ConsentState::superseded) == Code::payload_invalid);
}

TEST_CASE("A written form has its digest and a click has none and no personal data") {
    Attempt attempt;
    SECTION("ink without digest") {
        attempt.recording.form_digest.reset();
        CHECK(attempt.refusal() == Code::payload_invalid);
    }
    SECTION("screen without digest") {
        attempt.recording.form = ConsentForm::written_digital;
        CHECK(attempt.refusal() == std::nullopt);
        attempt.recording.form_digest.reset();
        CHECK(attempt.refusal() == Code::payload_invalid);
    }
    SECTION("click") {
        attempt.recording.form = ConsentForm::anonymous_click;
        attempt.recording.form_digest.reset();
        CHECK(attempt.refusal() == Code::payload_invalid);
        attempt.recording.groups = {DataGroup::locality, DataGroup::programme_fact};
        CHECK(attempt.refusal() == std::nullopt);
        attempt.recording.form_digest = digest_of(7);
        CHECK(attempt.refusal() == Code::payload_invalid);
    }
    SECTION("a basis without personal data") {
        attempt.recording.basis = LegalBasis::no_personal_data;
        CHECK(attempt.refusal() == Code::payload_invalid);
        attempt.recording.groups = {};
        CHECK(attempt.refusal() == std::nullopt);
    }
}

TEST_CASE("The same signed form is not recorded twice for one recipient") {
    Attempt attempt;
    attempt.facts.form_recorded_for_recipient = true;
    CHECK(attempt.refusal() == Code::consent_form_reused);
}

TEST_CASE("After a withdrawal a new consent for that recipient rests for a day") {
    Attempt attempt;
    Consent withdrawn = given(1);
    withdrawn.state = ConsentState::revoked;
    withdrawn.revoked_at = noon;
    attempt.consents = {withdrawn};
    CHECK(attempt.refusal(noon + 24h - 1ms) == Code::consent_revoked);
    CHECK(attempt.refusal(noon + 24h) == std::nullopt);
    SECTION("unless she confirms with her code") {
        attempt.facts.confirmed_by_her_code = true;
        CHECK(attempt.refusal(noon + 1h) == std::nullopt);
    }
    SECTION("her no needs no rest") {
        attempt.recording.state = ConsentState::rejected;
        CHECK(attempt.refusal(noon + 1h) == std::nullopt);
    }
    SECTION("another recipient needs no rest") {
        attempt.consents[0].recipient = housing;
        CHECK(attempt.refusal(noon + 1h) == std::nullopt);
    }
}

TEST_CASE(
    "A withdrawal between two others stops the body that opened the case and is hidden from a recipient") {
    Attempt attempt;
    Consent withdrawn = given(1);
    withdrawn.discloser = housing;
    withdrawn.state = ConsentState::revoked;
    withdrawn.revoked_at = noon - 1h;
    attempt.consents = {withdrawn};
    SECTION("the body that opened the case is told") { CHECK(attempt.refusal() == Code::consent_revoked); }
    SECTION("she herself is told on her page") {
        attempt.recording.recorder.reset();
        CHECK(attempt.refusal() == Code::consent_revoked);
    }
    SECTION("a body that discloses and did not open it learns nothing") {
        attempt.facts.case_opener = provider;
        CHECK(attempt.refusal() == std::nullopt);
        attempt.consents[0].discloser = department;
        CHECK(attempt.refusal() == Code::consent_revoked);
    }
}

TEST_CASE("A worker's conviction of harm is recorded with the consent") {
    Attempt attempt;
    attempt.recording.harm_veto = true;
    CHECK(attempt.made().value().consent.harm_veto);
}

TEST_CASE("A renewal supersedes what it replaces whole and nothing else") {
    Attempt attempt;
    attempt.consents = {given(1)};
    CHECK(attempt.made().value().superseded == std::vector{consent_id(1)});
    SECTION("an older one with a purpose more still decides for that") {
        attempt.consents[0].purposes.add(Purpose::round_table);
    }
    SECTION("another recipient's") { attempt.consents[0].recipient = housing; }
    SECTION("another discloser's") { attempt.consents[0].discloser = housing; }
    SECTION("one that was not active") { attempt.consents[0].state = ConsentState::rejected; }
    SECTION("not by her no") { attempt.recording.state = ConsentState::rejected; }
    CHECK(attempt.made().value().superseded.empty());
}

TEST_CASE("A renewal replaces as many as it takes") {
    Attempt attempt;
    attempt.recording.id = consent_id(5);
    Consent first = given(1);
    first.purposes = {Purpose::treatment};
    Consent second = given(3);
    second.purposes = {Purpose::status_feedback};
    const bool turned = GENERATE(false, true);
    attempt.consents = turned ? std::vector{second, first} : std::vector{first, second};
    CHECK(attempt.made().value().superseded.size() == 2);
}

TEST_CASE("What replaced a consent and was not heard of has not replaced it") {
    Consent first = given(1);
    first.state = ConsentState::superseded;
    const Consent second = given(3);
    CHECK(as_heard({first, second}).front().state == ConsentState::superseded);
    CHECK(as_heard({first}).front().state == ConsentState::active);
    SECTION("what replaced it was withdrawn since") {
        Consent over = second;
        over.state = ConsentState::revoked;
        CHECK(as_heard({first, over}).front().state == ConsentState::superseded);
    }
    SECTION("her no and a question replace nothing") {
        Consent asked = second;
        asked.state = GENERATE(ConsentState::rejected, ConsentState::proposed);
        CHECK(as_heard({first, asked}).front().state == ConsentState::active);
    }
    SECTION("another recipient's or one for less replaces nothing") {
        Consent other = second;
        if (GENERATE(true, false)) {
            other.recipient = housing;
        } else {
            other.purposes = {Purpose::round_table};
        }
        CHECK(as_heard({first, other}).front().state == ConsentState::active);
    }
    SECTION("what was withdrawn stays withdrawn") {
        first.state = ConsentState::revoked;
        CHECK(as_heard({first}).front().state == ConsentState::revoked);
    }
}
