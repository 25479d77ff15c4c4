// Signed, proven and in its place, a leaf may still say that the hub broke its word: each leaf is held to
// those in front of it. Method: a few leaves in a row, one fact changed a case, read by LogOrder as
// kesher-verify log reads them.
#include "audit/verifier/log_order.h"

#include <catch2/catch.hpp>

#include "schemas/codec/schema.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/statement.h"
#include "tests/unit/audit/accepted_record.h"

using namespace kesher;
using contract::MessageType;
using contract::ReferralState;
using log::Decision;
using log::RecordEvent;

namespace {

const std::string kReferral = "33333333-3333-4333-8333-333333333333";
const std::string kConsent = "44444444-4444-4444-8444-444444444444";
const std::string kOther = "55555555-5555-4555-8555-555555555555";
const contract::Instant kMorning =
    contract::start_of(contract::parse_day("2026-11-21").value()) + std::chrono::hours{7};

template <class Id>
Id id(std::string_view text) {
    return Id::parse(text).value();
}
contract::OrganisationId organisation(std::string_view text) { return id<contract::OrganisationId>(text); }

statement::Statement submission() {
    statement::Statement what{"hub.example/log",
                              id<contract::MessageId>("11111111-1111-4111-8111-111111111111"),
                              MessageType::referral_submitted,
                              organisation("ssd-5000"),
                              organisation("health"),
                              codec::newest_schema("ReferralSubmitted").fingerprint,
                              statement::sha256("payload")};
    what.actor = statement::sha256("actor");
    what.case_ = statement::sha256("case");
    what.referral = id<contract::ReferralId>(kReferral);
    what.service = contract::Service::hlt_phys;
    what.purpose = contract::Purpose::treatment;
    what.basis = contract::LegalBasis::consent;
    what.groups = std::vector{contract::DataGroup::health};
    what.consent = id<contract::ConsentId>(kConsent);
    return what;
}

statement::Statement event_of(const contract::OrganisationId& from) {
    statement::Statement what = submission();
    what.id = id<contract::MessageId>("22222222-2222-4222-8222-222222222222");
    what.type = MessageType::referral_event;
    what.service.reset();
    if (from == organisation("health")) std::swap(what.from, what.to);
    if (from != contract::OrganisationId::hub()) return what;
    what.from = from;
    what.actor.reset();
    what.case_.reset();
    return what;
}

statement::Statement withdrawal(const contract::OrganisationId& from, const contract::OrganisationId& to) {
    statement::Statement what = submission();
    what.id = id<contract::MessageId>("66666666-6666-4666-8666-666666666666");
    what.type = MessageType::consent_revoked;
    what.from = from;
    what.to = to;
    what.referral.reset();
    what.service.reset();
    what.purpose.reset();
    what.basis.reset();
    what.groups.reset();
    if (from == contract::OrganisationId::hub()) {
        what.actor.reset();
        what.case_.reset();
    }
    return what;
}

// Its signature is nobody's: who signed is not this question.
std::string jws(std::string_view claims) {
    return "e30." + contract::base64url(contract::bytes_of(claims)) + ".AAAA";
}
std::string jws(const statement::Statement& what) { return jws(statement::write_claims(what)); }

log::Record record_of(RecordEvent event) {
    log::Record record = samples::decided(event);
    record.at = kMorning;
    return record;
}
log::Record record_of(RecordEvent event, const statement::Statement& what) {
    log::Record record = samples::decided(event, what);
    record.at = kMorning;
    if (what.type == MessageType::referral_event) record.operation = log::Word::of("accept");
    const bool accepts = event == RecordEvent::accepted && what.service;
    if (accepts) record.facts.add("service", contract::kServices.text(*what.service));
    return record;
}

// As the body that discloses recorded it: for what the submission says, from the day before yesterday until
// today.
log::Record given(std::string_view consent, std::string_view discloser = "ssd-5000") {
    log::Record record = record_of(RecordEvent::consent);
    record.org = organisation(discloser);
    record.operation = log::Word::of(contract::kMessageTypes.text(MessageType::consent_given));
    record.consent = id<contract::ConsentId>(consent);
    record.message = id<contract::MessageId>(consent);
    record.recipient = organisation("health");
    record.facts.add("discloser", discloser)
        .add("recipient", "health")
        .add("purposes", log::Words{log::Word::of("STATUS_FEEDBACK"), log::Word::of("TREATMENT")})
        .add("groups", log::Words{log::Word::of("CONTACT"), log::Word::of("HEALTH")})
        .add("services", log::Words{log::Word::of("HLT-PHYS")})
        .add("direction", "both")
        .add("form", "written-ink")
        .add("from", "2026-11-19")
        .add("to", "2026-11-21")
        .add("state", "active")
        .add("harm_veto", false);
    return record;
}

// The same with one fact changed, or left out.
log::Record given_but(std::string_view fact, std::optional<log::FactValue> value,
                      std::string_view consent = kConsent) {
    log::Record record = given(consent);
    log::Facts facts;
    for (const auto& [key, held] : record.facts.all()) {
        if (key.text() != fact) facts.add(key.text(), held);
        if (key.text() == fact && value) facts.add(key.text(), *value);
    }
    record.facts = facts;
    return record;
}

log::Record hub_ends(std::string_view operation, std::string_view fact, std::string_view which) {
    log::Record record = record_of(RecordEvent::consent);
    record.org = contract::OrganisationId::hub();
    record.operation = log::Word::of(operation);
    record.facts.add(fact, log::Words{log::Word::of(kOther), log::Word::of(which)});
    return record;
}

log::Record moved(RecordEvent event, std::string_view operation, ReferralState after) {
    log::Record record = record_of(event);
    record.operation = log::Word::of(operation);
    record.referral = id<contract::ReferralId>(kReferral);
    record.after = log::Stage{after, 2};
    return record;
}

// Her yes to `consent` as its recorder signed it: one message each.
statement::Statement yes(const log::Record& record) {
    statement::Statement what = withdrawal(organisation(record.org->text()), contract::OrganisationId::hub());
    what.id = id<contract::MessageId>(record.consent->text());
    what.type = MessageType::consent_given;
    what.consent = record.consent;
    return what;
}

using Why = std::optional<std::string>;

// Before all else, at entry 0, she agreed.
struct Leaves {
    verifier::LogOrder order;
    std::uint64_t next = 0;

    explicit Leaves(const log::Record& first = given(kConsent)) { (void)agree(first); }
    Why agree(const log::Record& record) { return add(yes(record), record); }
    Why add(const log::Record& record) { return take(std::nullopt, record); }
    Why add(const statement::Statement& what, const log::Record& record) { return take(jws(what), record); }
    Why add(const std::string& statement, const log::Record& record) { return take(statement, record); }
    Why accept(const statement::Statement& what) { return add(what, record_of(RecordEvent::accepted, what)); }
    Why release(const statement::Statement& what, log::Record record) {
        record.statement = statement::sha256(jws(what));
        return add(record);
    }
    Why release(const statement::Statement& what) {
        return release(what, record_of(RecordEvent::released, what));
    }

private:
    Why take(std::optional<std::string> statement, const log::Record& record) {
        return order.take(next++, {std::move(statement), log::write(record)}, record);
    }
};

}  // namespace

TEST_CASE("A message is released after it was accepted and again when its line broke") {
    Leaves leaves;
    CHECK(leaves.accept(submission()) == std::nullopt);
    CHECK(leaves.release(submission()) == std::nullopt);
    CHECK(leaves.release(submission()) == std::nullopt);
}

TEST_CASE("A release of what was not accepted before it is refused") {
    const std::string why = "it releases a statement that no entry before it accepted";
    Leaves leaves;
    SECTION("never heard of") { CHECK(leaves.release(submission()) == why); }
    SECTION("refused") {
        log::Record record = record_of(RecordEvent::refused, submission());
        record.decision = Decision::deny;
        CHECK(leaves.add(submission(), record) == std::nullopt);
        CHECK(leaves.release(submission()) == why);
    }
    SECTION("it names no statement") {
        (void)leaves.accept(submission());
        CHECK(leaves.add(record_of(RecordEvent::released, submission())) == why);
    }
    SECTION("what is not released needs no acceptance") {
        log::Record dropped = record_of(RecordEvent::released, submission());
        dropped.decision = Decision::deny;
        CHECK(leaves.release(submission(), dropped) == std::nullopt);
    }
}

TEST_CASE("What is decided neither with permit nor with deny is refused") {
    const std::string why = "its decision is neither `permit` nor `deny`";
    const auto undecided =
        GENERATE(true, false) ? std::optional<Decision>() : std::optional(Decision::partial);
    Leaves leaves;
    (void)leaves.accept(submission());
    SECTION("of a statement") {
        log::Record record = record_of(
            GENERATE(RecordEvent::accepted, RecordEvent::refused, RecordEvent::consent, RecordEvent::start),
            event_of(organisation("health")));
        record.decision = undecided;
        CHECK(leaves.add(event_of(organisation("health")), record) == why);
    }
    SECTION("of a release, an acknowledgement, or what the hub says without a statement") {
        log::Record record =
            record_of(GENERATE(RecordEvent::accepted, RecordEvent::refused, RecordEvent::released,
                               RecordEvent::acknowledged, RecordEvent::consent));
        record.decision = undecided;
        CHECK(leaves.add(record) == why);
    }
    SECTION("of whatever else names a statement") {
        log::Record record = record_of(RecordEvent::counted);
        record.decision = undecided;
        CHECK(leaves.release(submission(), record) == why);
    }
    SECTION("what concerns no message may have none") {
        log::Record record = record_of(GENERATE(RecordEvent::start, RecordEvent::read, RecordEvent::expired));
        record.decision = undecided;
        CHECK(leaves.add(record) == std::nullopt);
    }
}

TEST_CASE("A submission stays here once its consent has ended") {
    Leaves leaves;
    (void)leaves.accept(submission());
    const std::string why = "it releases a referral whose consent had ended at entry 2";
    SECTION("by the leaf of the hub that names every consent that fell") {
        CHECK(leaves.add(hub_ends("consent.ended", "consents", kConsent)) == std::nullopt);
        CHECK(leaves.release(submission()) == why);
    }
    SECTION("by her word alone - even where the hub left that leaf out") {
        const auto word = withdrawal(organisation("ssd-5000"), contract::OrganisationId::hub());
        log::Record record = record_of(RecordEvent::consent, word);
        record.recipient = organisation("health");  // the consent's own
        CHECK(leaves.add(word, record) == std::nullopt);
        CHECK(leaves.release(submission()) == why);
    }
    SECTION("a renewed consent has not ended") {
        CHECK(leaves.agree(given(kReferral)) == std::nullopt);
        CHECK(leaves.add(hub_ends("consent.superseded", "consents", kConsent)) == std::nullopt);
        CHECK(leaves.release(submission()) == std::nullopt);
    }
    SECTION("another consent ended") {
        CHECK(leaves.add(hub_ends("consent.ended", "consents", kReferral)) == std::nullopt);
        CHECK(leaves.release(submission()) == std::nullopt);
    }
    SECTION("a withdrawal that was refused ended nothing") {
        const auto word = withdrawal(organisation("ssd-5000"), contract::OrganisationId::hub());
        log::Record record = record_of(RecordEvent::refused, word);
        record.decision = Decision::deny;
        CHECK(leaves.add(word, record) == std::nullopt);
        CHECK(leaves.release(submission()) == std::nullopt);
    }
}

TEST_CASE("A submission stays here behind the last day of its consent unless a later one covers it") {
    const Why why("it releases a referral that its consent, recorded at entry 0, covers no more");
    const auto released_after = [](std::chrono::hours later) {
        log::Record record = record_of(RecordEvent::released, submission());
        record.at = kMorning + later;
        return record;
    };
    const auto word = [](std::string_view one) { return log::Word::of(one); };
    const log::Record renewed = given_but("to", word("2026-11-22"), kReferral);
    Leaves leaves;
    (void)leaves.accept(submission());
    SECTION("on its last day, as UTC has it") {
        CHECK(leaves.release(submission(), released_after(std::chrono::hours{16})) == std::nullopt);
    }
    SECTION("a day later") {
        CHECK(leaves.release(submission(), released_after(std::chrono::hours{17})) == why);
    }
    SECTION("a later consent between the same bodies covers it still") {
        (void)leaves.agree(renewed);
        CHECK(leaves.release(submission(), released_after(std::chrono::hours{17})) == std::nullopt);
        CHECK(leaves.release(submission(), released_after(std::chrono::hours{41})) == why);
    }
    SECTION("a later consent between others does not") {
        (void)leaves.agree(given_but("discloser", word("ssd-4000"), kReferral));
        CHECK(leaves.release(submission(), released_after(std::chrono::hours{17})) == why);
    }
    SECTION("another had replaced it and was taken back") {
        (void)leaves.agree(given(kReferral));
        (void)leaves.add(hub_ends("consent.superseded", "consents", kConsent));
        (void)leaves.add(hub_ends("consent.ended", "consents", kReferral));
        CHECK(leaves.release(submission()) == why);
    }
    SECTION("an earlier one does not stand in for it") {
        Leaves others(given(kReferral));
        statement::Statement second = submission();
        (void)others.agree(given(kConsent));
        (void)others.accept(second);
        (void)others.add(hub_ends("consent.superseded", "consents", kConsent));
        CHECK(others.release(second) ==
              "it releases a referral that its consent, recorded at entry 1, covers no more");
    }
}

TEST_CASE("A submission is accepted under a consent that was recorded before it") {
    Leaves leaves;
    SECTION("and that covers it") { CHECK(leaves.accept(submission()) == std::nullopt); }
    SECTION("never heard of") {
        statement::Statement what = submission();
        what.consent = id<contract::ConsentId>(kOther);
        CHECK(leaves.accept(what) ==
              "it accepts a referral under a consent that no entry before it recorded");
    }
    SECTION("it names none, and stands on no statute") {
        // No program of ours would write or take such claims.
        std::string claims = statement::write_claims(submission());
        const std::string named = ",\"consent\":\"" + kConsent + "\"";
        REQUIRE(claims.find(named) != std::string::npos);
        claims.erase(claims.find(named), named.size());
        log::Record record = record_of(RecordEvent::accepted, submission());
        record.consent.reset();
        CHECK(leaves.add(jws(claims), record) ==
              "it accepts a referral that names neither a consent nor a statute");
    }
    SECTION("it had ended") {
        (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
        CHECK(
            leaves.accept(submission()) ==
            "it accepts a referral that its consent, recorded at entry 0, does not cover (consent_revoked)");
    }
    SECTION("another had replaced it") {
        (void)leaves.add(hub_ends("consent.superseded", "consents", kConsent));
        CHECK(
            leaves.accept(submission()) ==
            "it accepts a referral that its consent, recorded at entry 0, does not cover (consent_missing)");
    }
    SECTION("what the hub refused, it accepted not") {
        log::Record record = record_of(RecordEvent::refused, submission());
        record.decision = Decision::deny;
        (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
        CHECK(leaves.add(submission(), record) == std::nullopt);
    }
}

TEST_CASE("A consent that nobody signed covers nothing") {
    const std::string why = "it accepts a referral under a consent that no entry before it recorded";
    const log::Record record = given(kReferral);
    statement::Statement under = submission();
    under.consent = record.consent;
    Leaves leaves;
    SECTION("signed as a consent") {
        CHECK(leaves.agree(record) == std::nullopt);
        CHECK(leaves.accept(under) == std::nullopt);
    }
    SECTION("by the hub's own word alone") {
        CHECK(leaves.add(record) == std::nullopt);
        CHECK(leaves.accept(under) == why);
    }
    SECTION("signed as something else") {
        statement::Statement other = yes(record);
        other.type = MessageType::consent_revoked;
        CHECK(leaves.add(other, record) == "its record names another `operation` than the statement");
    }
    SECTION("kept as another event than a consent") {
        log::Record kept = record;
        kept.event = GENERATE(RecordEvent::accepted, RecordEvent::read, RecordEvent::case_);
        kept.recipient = contract::OrganisationId::hub();
        CHECK(leaves.add(yes(record), kept) == "its record names another `event` than the statement");
    }
}

TEST_CASE("What a message does is what its type says") {
    const Why why("its record names another `operation` than the statement");
    const auto accepted_as = [](const statement::Statement& what, std::string_view operation) {
        Leaves leaves;
        log::Record record = record_of(RecordEvent::accepted, what);
        record.operation = log::Word::of(operation);
        return leaves.add(what, record);
    };
    CHECK(accepted_as(submission(), "submit") == std::nullopt);
    CHECK(accepted_as(submission(), "referral.submitted.v1") == std::nullopt);
    CHECK(accepted_as(submission(), "withdraw") == why);
    CHECK(accepted_as(submission(), "consent.given.v1") == why);
    CHECK(accepted_as(submission(), "consent.ended") == why);
    const statement::Statement said = event_of(organisation("health"));
    CHECK(accepted_as(said, "withdraw") == std::nullopt);
    CHECK(accepted_as(said, "submit") == why);
    const auto notice = withdrawal(contract::OrganisationId::hub(), organisation("health"));
    CHECK(accepted_as(notice, "consent.revoked.v1") == std::nullopt);
    CHECK(accepted_as(notice, "withdraw") == why);
}

TEST_CASE("A delivery is of one statement from its acceptance on") {
    const Why why("its delivery was of another statement at entry 1");
    const auto said = event_of(organisation("health"));
    const auto of_delivery = [](RecordEvent event, const statement::Statement& what,
                                std::string_view delivery) {
        log::Record record = record_of(event, what);
        record.facts.add("delivery", delivery);
        return record;
    };
    Leaves leaves;
    CHECK(leaves.add(submission(), of_delivery(RecordEvent::accepted, submission(), kOther)) == std::nullopt);
    SECTION("released, released again and acknowledged") {
        CHECK(leaves.release(submission(), of_delivery(RecordEvent::released, submission(), kOther)) ==
              std::nullopt);
        CHECK(leaves.release(submission(), of_delivery(RecordEvent::released, submission(), kOther)) ==
              std::nullopt);
        CHECK(leaves.release(submission(), of_delivery(RecordEvent::acknowledged, submission(), kOther)) ==
              std::nullopt);
    }
    SECTION("another statement was accepted for it") {
        CHECK(leaves.add(said, of_delivery(RecordEvent::accepted, said, kOther)) == why);
    }
    SECTION("another statement was released or acknowledged by it") {
        (void)leaves.accept(said);
        const RecordEvent event = GENERATE(RecordEvent::released, RecordEvent::acknowledged);
        CHECK(leaves.release(said, of_delivery(event, said, kOther)) == why);
        CHECK(leaves.release(said, of_delivery(event, said, kReferral)) == std::nullopt);
    }
}

TEST_CASE("What her consent does not say it does not cover") {
    const auto words = [](std::string_view word) { return log::Words{log::Word::of(word)}; };
    const auto word = [](std::string_view one) { return log::Word::of(one); };
    const auto accepted_under = [](const log::Record& consent) {
        return Leaves(consent).accept(submission());
    };
    const auto why = [](std::string_view code) {
        return Why("it accepts a referral that its consent, recorded at entry 0, does not cover (" +
                   std::string(code) + ")");
    };
    CHECK(accepted_under(given_but("discloser", word("ssd-4000"))) == why("consent_missing"));
    CHECK(accepted_under(given_but("recipient", word("labor"))) == why("consent_missing"));
    CHECK(accepted_under(given_but("purposes", words("REFERRAL"))) == why("consent_missing"));
    CHECK(accepted_under(given_but("state", word("rejected"))) == why("consent_missing"));
    CHECK(accepted_under(given_but("harm_veto", true)) == why("consent_missing"));
    CHECK(accepted_under(given_but("groups", words("CONTACT"))) == why("consent_groups"));
    CHECK(accepted_under(given_but("services", words("HLT-TRAUMA"))) == why("consent_groups"));
    CHECK(accepted_under(given_but("direction", word("back"))) == why("consent_groups"));
    CHECK(accepted_under(given_but("to", word("2026-11-20"))) == why("consent_lapsed"));
    CHECK(accepted_under(given_but("from", word("2026-11-22"))) == why("consent_lapsed"));
    // As far as she agreed, and no further, it does.
    CHECK(accepted_under(given_but("direction", word("out"))) == std::nullopt);
    CHECK(accepted_under(given_but("from", word("2026-11-21"))) == std::nullopt);
    // A leaf that leaves out between whom is no consent.
    CHECK(accepted_under(given_but("recipient", std::nullopt)) ==
          "it accepts a referral under a consent that no entry before it recorded");
}

TEST_CASE("What went out before she withdrew was right") {
    Leaves leaves;
    (void)leaves.accept(submission());
    CHECK(leaves.release(submission()) == std::nullopt);
    CHECK(leaves.add(hub_ends("consent.ended", "consents", kConsent)) == std::nullopt);
}

TEST_CASE("A submission stays here once its referral has ended") {
    Leaves leaves;
    (void)leaves.accept(submission());
    const std::string why = "it releases a referral that had ended at entry 2";
    SECTION("it fell with a consent") {
        CHECK(leaves.add(hub_ends("consent.ended", "referrals", kReferral)) == std::nullopt);
        CHECK(leaves.release(submission()) == why);
    }
    SECTION("it expired") {
        (void)leaves.add(moved(RecordEvent::expired, "expire", ReferralState::expired));
        CHECK(leaves.release(submission()) == why);
    }
    SECTION("the sender took it back whatever state the hub wrote beside it") {
        const std::string operation = GENERATE("withdraw", "cancel", "mark_error");
        (void)leaves.add(moved(RecordEvent::accepted, operation, ReferralState::requested));
        CHECK(leaves.release(submission()) == why);
    }
    SECTION("it is held and not ended") {
        (void)leaves.add(moved(RecordEvent::accepted, "hold", ReferralState::on_hold));
        CHECK(leaves.release(submission()) == std::nullopt);
    }
    SECTION("another referral ended") {
        (void)leaves.add(hub_ends("consent.ended", "referrals", kConsent));
        CHECK(leaves.release(submission()) == std::nullopt);
    }
}

TEST_CASE("What the rules let pass behind an end passes") {
    Leaves leaves;
    (void)leaves.accept(submission());
    (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
    (void)leaves.add(hub_ends("consent.ended", "referrals", kReferral));
    SECTION("the notice of her withdrawal") {
        const auto notice = withdrawal(contract::OrganisationId::hub(), organisation("health"));
        CHECK(leaves.accept(notice) == std::nullopt);
        CHECK(leaves.release(notice) == std::nullopt);
    }
    SECTION("what the hub says of the referral") {
        const auto said = event_of(contract::OrganisationId::hub());
        CHECK(leaves.accept(said) == std::nullopt);
        CHECK(leaves.release(said) == std::nullopt);
    }
    SECTION("that a party ends what is disclosed") {
        const auto said = event_of(organisation(GENERATE("ssd-5000", "health")));
        log::Record record = record_of(RecordEvent::accepted, said);
        record.operation = log::Word::of(GENERATE("withdraw", "cancel", "mark_error"));
        CHECK(leaves.add(said, record) == std::nullopt);
        CHECK(leaves.release(said) == std::nullopt);
    }
}

TEST_CASE("What a party says of a referral stays here once the referral's consent has ended") {
    const auto said = event_of(organisation(GENERATE("ssd-5000", "health")));
    Leaves leaves;
    (void)leaves.accept(submission());
    SECTION("whichever consent its own statement names") {
        statement::Statement named = said;
        named.consent = GENERATE(as<std::string>{}, kConsent, kOther) == kOther
                            ? std::optional(id<contract::ConsentId>(kOther))
                            : std::nullopt;
        CHECK(leaves.accept(named) == std::nullopt);
        (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
        CHECK(leaves.release(named) ==
              "it releases an update of a referral whose consent had ended at entry 3");
    }
    SECTION("it went before") {
        CHECK(leaves.accept(said) == std::nullopt);
        CHECK(leaves.release(said) == std::nullopt);
        (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
    }
    SECTION("it was completed, and its consent stands") {
        CHECK(leaves.accept(said) == std::nullopt);
        (void)leaves.add(moved(RecordEvent::accepted, "complete", ReferralState::completed));
        CHECK(leaves.release(said) == std::nullopt);
    }
    SECTION("it was submitted anew under a consent in force") {
        statement::Statement anew = submission();
        anew.id = id<contract::MessageId>(kOther);
        anew.consent = id<contract::ConsentId>(kReferral);
        (void)leaves.agree(given(kReferral));
        CHECK(leaves.accept(anew) == std::nullopt);
        CHECK(leaves.accept(said) == std::nullopt);
        (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
        CHECK(leaves.release(said) == std::nullopt);
    }
}

TEST_CASE("Nothing of a referral that was taken back leaves any more though its consent stands") {
    const auto said = event_of(organisation(GENERATE("ssd-5000", "health")));
    const Why why("it releases an update of a referral that was taken back at entry 3");
    Leaves leaves;
    (void)leaves.accept(submission());
    CHECK(leaves.accept(said) == std::nullopt);
    SECTION("it fell with a consent") {
        (void)leaves.add(hub_ends("consent.ended", "referrals", kReferral));
        CHECK(leaves.release(said) == why);
    }
    SECTION("she withdrew it") {
        (void)leaves.add(moved(RecordEvent::accepted, "withdraw", ReferralState::withdrawn));
        CHECK(leaves.release(said) == why);
    }
    SECTION("it was entered by mistake") {
        (void)leaves.add(moved(RecordEvent::accepted, "mark_error", ReferralState::erroneous));
        CHECK(leaves.release(said) == why);
    }
    SECTION("whatever state the hub wrote beside her word") {
        (void)leaves.add(moved(RecordEvent::accepted, "withdraw", ReferralState::accepted));
        CHECK(leaves.release(said) == why);
    }
    SECTION("of a referral that was cancelled it tells what was said before") {
        (void)leaves.add(moved(RecordEvent::accepted, "cancel", ReferralState::cancelled));
        CHECK(leaves.release(said) == std::nullopt);
    }
    SECTION("it went before") {
        CHECK(leaves.release(said) == std::nullopt);
        (void)leaves.add(moved(RecordEvent::accepted, "withdraw", ReferralState::withdrawn));
    }
}

TEST_CASE("A submission by statute is not hers to end by a consent") {
    statement::Statement what = submission();
    what.basis = contract::LegalBasis::between_public_bodies_within_powers;
    what.consent.reset();
    Leaves leaves;
    (void)leaves.accept(what);
    SECTION("a consent between the two ended") {
        (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
        CHECK(leaves.release(what) == std::nullopt);
    }
    SECTION("it was named as fallen") {
        (void)leaves.add(hub_ends("consent.ended", "referrals", kReferral));
        CHECK(leaves.release(what) == "it releases a referral that had ended at entry 2");
    }
}

TEST_CASE("A rehearsal needs no consent that is in force") {
    statement::Statement what = submission();
    what.purpose = contract::Purpose::rehearsal;
    what.to = organisation("echo");
    Leaves leaves;
    (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
    (void)leaves.accept(what);
    CHECK(leaves.release(what) == std::nullopt);
}

TEST_CASE("One message of one sender is accepted once") {
    Leaves leaves;
    (void)leaves.accept(submission());
    SECTION("the same again") {
        CHECK(leaves.accept(submission()) == "its message was accepted before at entry 1");
    }
    SECTION("other words under the same number") {
        statement::Statement other = submission();
        other.digest = statement::sha256("other");
        CHECK(leaves.accept(other) == "its message was accepted before at entry 1");
    }
    SECTION("the same number of another sender") {
        statement::Statement other = submission();
        other.from = organisation("ssd-4000");
        other.consent = id<contract::ConsentId>(kOther);
        (void)leaves.agree(given(kOther, "ssd-4000"));
        CHECK(leaves.accept(other) == std::nullopt);
    }
    SECTION("refused the second time") {
        log::Record record = record_of(RecordEvent::refused, submission());
        record.decision = Decision::deny;
        CHECK(leaves.add(submission(), record) == std::nullopt);
    }
}

TEST_CASE("What is accepted is spelled so that every program reads the same in it") {
    const std::string claims = statement::write_claims(submission());
    const auto respelled = [&](std::string_view from, std::string_view to) {
        std::string text = claims;
        return jws(text.replace(text.find(from), from.size(), to));
    };
    const std::string why = "it accepts a statement that two programs may read in two ways";
    const log::Record accepted = record_of(RecordEvent::accepted, submission());
    for (const std::string& statement :
         {respelled("\"type\"", "\"typ\\u0065\""), respelled("ssd-5000", "ssd\\u002d5000"),
          respelled("hub.example/", "hub.example\\/"), respelled("\"from\":", "\"from\" : "),
          respelled("{", "{\n")}) {
        Leaves leaves;
        CHECK(leaves.add(statement, accepted) == why);
        // What was refused binds nobody, and the sender alone spelled it so.
        log::Record refused = accepted;
        refused.event = RecordEvent::refused;
        refused.decision = Decision::deny;
        refused.message.reset();
        refused.purpose.reset();
        refused.basis.reset();
        refused.scope.reset();
        refused.consent.reset();
        refused.referral.reset();
        refused.recipient.reset();
        CHECK(leaves.add(statement, refused) == std::nullopt);
    }
    Leaves leaves;
    CHECK(leaves.add(jws(claims), accepted) == std::nullopt);
}

TEST_CASE("A record that says other than its statement is refused by the member's name") {
    const auto other = [](std::string_view member) {
        return Why("its record names another `" + std::string(member) + "` than the statement");
    };
    log::Record record = record_of(RecordEvent::accepted, submission());
    Leaves leaves;
    SECTION("org") {
        record.org = organisation("nii");
        CHECK(leaves.add(submission(), record) == other("org"));
    }
    SECTION("message") {
        record.message = id<contract::MessageId>(kOther);
        CHECK(leaves.add(submission(), record) == other("message"));
    }
    SECTION("consent") {
        record.consent = id<contract::ConsentId>(kOther);
        CHECK(leaves.add(submission(), record) == other("consent"));
    }
    SECTION("referral") {
        record.referral = id<contract::ReferralId>(kOther);
        CHECK(leaves.add(submission(), record) == other("referral"));
    }
    SECTION("recipient") {
        record.recipient = organisation("nii");
        CHECK(leaves.add(submission(), record) == other("recipient"));
    }
    SECTION("purpose") {
        record.purpose = contract::Purpose::benefit_claim;
        CHECK(leaves.add(submission(), record) == other("purpose"));
    }
    SECTION("a refusal too") {
        record.event = RecordEvent::refused;
        record.decision = Decision::deny;
        record.recipient = organisation("nii");
        CHECK(leaves.add(submission(), record) == other("recipient"));
    }
    SECTION("basis") {
        record.basis = contract::LegalBasis::between_public_bodies_within_powers;
        CHECK(leaves.add(submission(), record) == other("basis"));
    }
    SECTION("data groups") {
        record.scope->groups->push_back(contract::DataGroup::contact);
        CHECK(leaves.add(submission(), record) == other("scope.groups"));
    }
    SECTION("service") {
        record.facts = {};
        record.facts.add("service", "HLT-TRAUMA");
        CHECK(leaves.add(submission(), record) == other("service"));
    }
    SECTION("event") {
        record.event = GENERATE(RecordEvent::consent, RecordEvent::read, RecordEvent::case_);
        CHECK(leaves.add(submission(), record) == other("event"));
    }
    SECTION("of refused claims that nobody could read the caller is not the claimed one") {
        log::Record unread = record_of(RecordEvent::refused);
        unread.decision = Decision::deny;
        unread.org = organisation("nii");
        CHECK(leaves.add(submission(), unread) == std::nullopt);
    }
}

// Who searches the log for what ended, or for who saw what, searches records.
TEST_CASE("A record of what is accepted leaves out nothing that its statement says") {
    const auto without = [](std::string_view member) {
        return Why("its record leaves out the `" + std::string(member) + "` of the statement");
    };
    log::Record record = record_of(RecordEvent::accepted, submission());
    Leaves leaves;
    SECTION("org") {
        record.org.reset();
        CHECK(leaves.add(submission(), record) == without("org"));
    }
    SECTION("message") {
        record.message.reset();
        CHECK(leaves.add(submission(), record) == without("message"));
    }
    SECTION("consent") {
        record.consent.reset();
        CHECK(leaves.add(submission(), record) == without("consent"));
    }
    SECTION("referral") {
        record.referral.reset();
        CHECK(leaves.add(submission(), record) == without("referral"));
    }
    SECTION("recipient") {
        record.recipient.reset();
        CHECK(leaves.add(submission(), record) == without("recipient"));
    }
    SECTION("purpose") {
        record.purpose.reset();
        CHECK(leaves.add(submission(), record) == without("purpose"));
    }
    SECTION("basis") {
        record.basis.reset();
        CHECK(leaves.add(submission(), record) == without("basis"));
    }
    SECTION("data groups") {
        record.scope.reset();
        CHECK(leaves.add(submission(), record) == without("scope.groups"));
    }
    SECTION("operation") {
        record.operation.reset();
        CHECK(leaves.add(submission(), record) == without("operation"));
    }
    SECTION("service") {
        record.facts = {};
        CHECK(leaves.add(submission(), record) == without("service"));
    }
    SECTION("her withdrawal's referral whatever state the hub wrote beside it") {
        statement::Statement said = event_of(organisation("ssd-5000"));
        log::Record withdrawn = record_of(RecordEvent::accepted, said);
        withdrawn.operation = log::Word::of("withdraw");
        withdrawn.referral.reset();
        CHECK(leaves.add(said, withdrawn) == without("referral"));
    }
    SECTION("her consent's recipient") {
        log::Record consent = given(kOther);
        consent.recipient.reset();
        CHECK(leaves.agree(consent) == without("recipient"));
    }
    SECTION("what the hub says of a referral has no groups to leave out") {
        statement::Statement said = event_of(contract::OrganisationId::hub());
        said.groups = std::vector<contract::DataGroup>{};
        log::Record told = record_of(RecordEvent::accepted, said);
        told.scope.reset();
        CHECK(leaves.add(said, told) == std::nullopt);
    }
    SECTION("a refusal may") {
        log::Record refused = record_of(RecordEvent::refused);
        refused.decision = Decision::deny;
        CHECK(leaves.add(submission(), refused) == std::nullopt);
    }
}

TEST_CASE("A release that says other than the statement it releases is refused by the member's name") {
    const auto other = [](std::string_view member) {
        return Why("its record names another `" + std::string(member) +
                   "` than the statement that it releases");
    };
    log::Record record = record_of(RecordEvent::released, submission());
    Leaves leaves;
    (void)leaves.accept(submission());
    SECTION("recipient") {
        record.recipient = organisation("nii");
        CHECK(leaves.release(submission(), record) == other("recipient"));
    }
    SECTION("org") {
        record.org = organisation("nii");
        CHECK(leaves.release(submission(), record) == other("org"));
    }
    SECTION("the consent of a submission") {
        record.consent = id<contract::ConsentId>(kOther);
        CHECK(leaves.release(submission(), record) == other("consent"));
    }
    SECTION("an event goes under its referral's consent whichever it names itself") {
        const auto said = event_of(organisation("health"));
        (void)leaves.accept(said);
        record = record_of(RecordEvent::released, said);
        record.consent = id<contract::ConsentId>(kOther);
        CHECK(leaves.release(said, record) == std::nullopt);
    }
}
