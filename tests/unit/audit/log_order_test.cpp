// Signed, proven and in its place, a leaf may still say that the hub broke its word: each leaf is held to
// those in front of it. Method: a few leaves in a row, one fact changed a case, read by LogOrder as
// kesher-verify log reads them.
#include "audit/verifier/log_order.h"

#include <catch2/catch.hpp>

#include "schemas/codec/schema.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/statement.h"

using namespace kesher;
using contract::MessageType;
using contract::ReferralState;
using log::Decision;
using log::RecordEvent;

namespace {

const std::string kReferral = "33333333-3333-4333-8333-333333333333";
const std::string kConsent = "44444444-4444-4444-8444-444444444444";
const std::string kOther = "55555555-5555-4555-8555-555555555555";

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
std::string jws(const statement::Statement& what) {
    return "e30." + contract::base64url(contract::bytes_of(statement::write_claims(what))) + ".AAAA";
}

log::Record record_of(RecordEvent event) {
    log::Record record;
    record.event = event;
    record.actor_type = log::ActorType::system;
    record.decision = Decision::permit;
    return record;
}
log::Record record_of(RecordEvent event, const statement::Statement& what) {
    log::Record record = record_of(event);
    record.org = what.from;
    record.purpose = what.purpose;
    record.consent = what.consent;
    record.message = what.id;
    record.referral = what.referral;
    record.recipient = what.to;
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

using Why = std::optional<std::string>;

struct Leaves {
    verifier::LogOrder order;
    std::uint64_t next = 0;

    Why add(const log::Record& record) { return take(std::nullopt, record); }
    Why add(const statement::Statement& what, const log::Record& record) { return take(jws(what), record); }
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

TEST_CASE("A submission stays here once its consent has ended") {
    Leaves leaves;
    (void)leaves.accept(submission());
    const std::string why = "it releases a referral whose consent had ended at entry 1";
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

TEST_CASE("What went out before she withdrew was right") {
    Leaves leaves;
    (void)leaves.accept(submission());
    CHECK(leaves.release(submission()) == std::nullopt);
    CHECK(leaves.add(hub_ends("consent.ended", "consents", kConsent)) == std::nullopt);
}

TEST_CASE("A submission stays here once its referral has ended") {
    Leaves leaves;
    (void)leaves.accept(submission());
    const std::string why = "it releases a referral that had ended at entry 1";
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
              "it releases an update of a referral whose consent had ended at entry 2");
    }
    SECTION("it went before") {
        CHECK(leaves.accept(said) == std::nullopt);
        CHECK(leaves.release(said) == std::nullopt);
        (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
    }
    SECTION("only the referral ended") {
        CHECK(leaves.accept(said) == std::nullopt);
        (void)leaves.add(hub_ends("consent.ended", "referrals", kReferral));
        CHECK(leaves.release(said) == std::nullopt);
    }
    SECTION("it was submitted anew under a consent in force") {
        statement::Statement anew = submission();
        anew.id = id<contract::MessageId>(kOther);
        anew.consent = id<contract::ConsentId>(kReferral);
        CHECK(leaves.accept(anew) == std::nullopt);
        CHECK(leaves.accept(said) == std::nullopt);
        (void)leaves.add(hub_ends("consent.ended", "consents", kConsent));
        CHECK(leaves.release(said) == std::nullopt);
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
        CHECK(leaves.release(what) == "it releases a referral that had ended at entry 1");
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
        CHECK(leaves.accept(submission()) == "its message was accepted before at entry 0");
    }
    SECTION("other words under the same number") {
        statement::Statement other = submission();
        other.digest = statement::sha256("other");
        CHECK(leaves.accept(other) == "its message was accepted before at entry 0");
    }
    SECTION("the same number of another sender") {
        statement::Statement other = submission();
        other.from = organisation("ssd-4000");
        CHECK(leaves.accept(other) == std::nullopt);
    }
    SECTION("refused the second time") {
        log::Record record = record_of(RecordEvent::refused, submission());
        record.decision = Decision::deny;
        CHECK(leaves.add(submission(), record) == std::nullopt);
    }
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
    SECTION("what it leaves out contradicts nothing") {
        record.purpose.reset();
        CHECK(leaves.add(submission(), record) == std::nullopt);
    }
    SECTION("of refused claims that nobody could read the caller is not the claimed one") {
        log::Record unread = record_of(RecordEvent::refused);
        unread.decision = Decision::deny;
        unread.org = organisation("nii");
        CHECK(leaves.add(submission(), unread) == std::nullopt);
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
