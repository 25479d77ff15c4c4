// Who can write to the database changes one value beside the log, and is told which one: the hub does not
// start, names table, column and the entry that decided it, and starts again once the value is back.
#include <catch2/catch.hpp>

#include "gateway/inbox/upkeep_requests.h"
#include "gateway/sequencer/ledger.h"
#include "tests/store/leaves/told.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::tests;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

// One woman's year: consents renewed and withdrawn, referrals that were answered, refused, returned for
// another seal, withdrawn by her, expired and entered by mistake, one on hold, and one that still waits.
struct Year {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);

    Year() {
        (void)answered();
        returned_for_another_seal();
        mistaken();
        withdrawn_by_her();
        refused();
        waiting_and_stopped();
        renewed_and_withdrawn();
        expired();
        (void)world.send(world.nii, world.revocation(world.nii, woman, consent));  // not its case
        consent = world.agree(woman, world.health);
        on_hold();
        consent = world.agree(woman, world.health);
        last = world.refer(woman, world.health, consent);
        world.renew_claim_code(world.department, woman);
        world.stop();
    }

    void take(const Body& body) {
        for (const auto& delivery : world.poll(body)) {
            (void)world.acknowledge(body, delivery, AckOutcome::taken);
        }
    }
    // The submission of this referral, among all that is handed over.
    codec::Delivery fetch(const Referred& referred) {
        for (const auto& delivery : world.poll(world.health)) {
            const auto claims = delivery.statement.substr(delivery.statement.find('.') + 1);
            const auto bytes = from_base64url(claims.substr(0, claims.find('.'))).value();
            const std::string_view text = text_of(bytes);
            const bool submits = text.find("referral.submitted.v1") != std::string_view::npos;
            if (submits && text.find(referred.id.text()) != std::string_view::npos) return delivery;
        }
        throw std::runtime_error("the submission was not handed over");
    }
    void say(const Referred& referred, ReferralEvent event, const Pseudonym& name) {
        (void)world.must_send(world.health,
                              world.event(world.health, name, world.department, referred, event));
        take(world.department);
    }
    void say_own(const Referred& referred, ReferralEvent event) {
        (void)world.must_send(world.department,
                              world.event(world.department, woman, world.health, referred, event));
    }

    std::pair<Referred, Pseudonym> answered() {
        const auto referred = world.refer(woman, world.health, consent);
        const auto delivery = fetch(referred);
        say(referred, ReferralEvent::accept, delivery.pseudonym);  // before its receipt came
        (void)world.acknowledge(world.health, delivery, AckOutcome::taken);
        say(referred, ReferralEvent::start, delivery.pseudonym);
        return {referred, delivery.pseudonym};
    }
    void on_hold() {
        const auto [referred, name] = answered();
        say(referred, ReferralEvent::hold, name);
    }
    void returned_for_another_seal() {
        const auto referred = world.refer(woman, world.health, consent);
        const auto unopenable = fetch(referred);
        (void)world.acknowledge(world.health, unopenable, AckOutcome::refused, Code::seal_unopenable);
        (void)world.must_send(world.department,
                              world.referral(world.department, woman, world.health, referred));
        const auto late = fetch(referred);
        (void)world.acknowledge(world.health, late, AckOutcome::refused, Code::release_unproven);
        (void)world.acknowledge(world.health, fetch(referred), AckOutcome::held);
    }
    void mistaken() {
        const auto referred = world.refer(woman, world.health, consent);
        say_own(referred, ReferralEvent::mark_error);
    }
    void withdrawn_by_her() {
        const auto referred = world.refer(woman, world.health, consent);
        (void)fetch(referred);
        say_own(referred, ReferralEvent::withdraw);
        take(world.health);
    }
    void refused() {
        const auto referred = world.refer(woman, world.health, consent);
        (void)world.acknowledge(world.health, fetch(referred), AckOutcome::refused, Code::payload_invalid);
        take(world.department);
    }
    void waiting_and_stopped() {
        const auto referred = world.refer(woman, world.health, consent);
        world.set_status(world.health, OrganisationStatus::suspended);
        (void)world.poll(world.health);
        world.set_status(world.health, OrganisationStatus::active);
        world.pass(61s);
        const auto delivery = fetch(referred);
        (void)world.acknowledge(world.health, delivery, AckOutcome::taken);
        (void)world.must_send(world.health, world.event(world.health, delivery.pseudonym, world.department,
                                                        referred, ReferralEvent::accept));
        world.set_status(world.health, OrganisationStatus::suspended);
        (void)world.poll(world.department);
        world.set_status(world.health, OrganisationStatus::active);
    }
    void renewed_and_withdrawn() {
        (void)world.refer(woman, world.health, consent);
        const auto renewed = world.agree(woman, world.health);
        (void)world.refer(woman, world.health, renewed);
        (void)world.must_send(world.department, world.revocation(world.department, woman, consent));
        take(world.health);
        take(world.department);
        world.pass(25h);  // she may be asked again a day after
    }
    void expired() {
        const auto again = world.agree(woman, world.health);
        const auto referred = world.refer(woman, world.health, again);
        world.pass(73h);
        const auto request = std::make_shared<inbox::ExpireReferrals>(std::vector{referred.id});
        REQUIRE_FALSE(world.hub().run(request).code);
        REQUIRE(request->ended() == 1);
    }

    std::optional<Referred> last;
};

struct Change {
    std::string table, column, to;  // `to`: SQL of another value
    std::string where = "true";
    // Of one row only: the first that the condition finds.
    [[nodiscard]] std::string sql() const {
        return "UPDATE " + table + " SET " + column + " = " + to + " WHERE ctid = (SELECT ctid FROM " +
               table + " WHERE " + where + " LIMIT 1)";
    }
};

std::string flipped(const std::string& column) {
    return "set_byte(" + column + ", 5, get_byte(" + column + ", 5) # 1)";
}

// What a start says, and empty where it started.
std::string refusal_of_start(World& world) {
    try {
        world.start();
    } catch (const sequencer::LogBroken& broken) {
        return broken.what();
    }
    return {};
}

std::string entry_in(const std::string& refusal) {
    const std::size_t at = refusal.find("entry ") + 6;
    return refusal.substr(at, refusal.find_first_not_of("0123456789", at) - at);
}

// Stopped, changed behind its back, and not to be started before everything is as it was. `where` finds the
// row that was changed among those laid aside; the entry that is named speaks of it, by its own number or
// that of what it hangs on.
void check_refused(World& world, const std::string& table, const std::string& change,
                   const std::string& names, const std::optional<std::string>& where = {}) {
    CAPTURE(table, change);
    world.as_superuser("CREATE TABLE aside AS SELECT * FROM " + table);
    world.as_superuser("SET session_replication_role = replica; " + change);
    const std::string refusal = refusal_of_start(world);
    CHECK_THAT(refusal, Contains("The table " + table + " ") && Contains(names) && Contains("entry ") &&
                            Contains("backup"));
    const bool has_number = table == "consent" || table == "referral" || table == "delivery";
    if (where && has_number) {
        const std::string numbers =
            table == "delivery" ? "concat_ws('|', r.id, r.referral, r.consent)" : "r.id::text";
        CHECK(world.count("log_entry e, (SELECT * FROM aside WHERE " + *where + " LIMIT 1) r WHERE e.idx = " +
                          entry_in(refusal) + " AND convert_from(e.data, 'UTF8') ~ (" + numbers + ")") == 1);
    }
    world.as_superuser("SET session_replication_role = replica; DELETE FROM " + table + "; INSERT INTO " +
                       table +
                       " SELECT * FROM aside; DROP TABLE aside; SET session_replication_role = origin");
}

void check_each(World& world, const std::vector<Change>& changes) {
    for (const Change& change : changes) {
        check_refused(world, change.table, change.sql(), "in its column " + change.column + " ",
                      change.where);
    }
    CHECK_NOTHROW(world.start());
}

}  // namespace

TEST_CASE("A database that nobody touched starts after all that can happen to a referral") {
    Year it;
    CHECK_NOTHROW(it.world.start());
    CHECK_NOTHROW(it.world.restart());
    CHECK(it.world.standing(it.last.value().id).state == ReferralState::requested);
}

TEST_CASE("One value of a consent changed: the hub does not start and names table and column and entry") {
    Year it;
    check_each(it.world, {{"consent", "state", "'active'", "state = 'revoked'"},
                          {"consent", "state", "'revoked'", "state = 'active'"},
                          {"consent", "revoked_at", "revoked_at + 1", "revoked_at IS NOT NULL"},
                          {"consent", "idx", "idx + 1"},
                          {"consent", "recorded_by", "'nii'"},
                          {"consent", "discloser", "'nii'"},
                          {"consent", "recipient", "'nii'"},
                          {"consent", "purposes", "'TREATMENT'"},
                          {"consent", "groups", "'DEBT HEALTH'"},
                          {"consent", "services", "'EMP-VOC'"},
                          {"consent", "direction", "'out'"},
                          {"consent", "valid_from", "valid_from - 1"},
                          {"consent", "valid_to", "valid_to + 1"},
                          {"consent", "form", "'written-digital'"},
                          {"consent", "harm_veto", "true"},
                          {"consent", "form_digest", flipped("form_digest")},
                          {"consent", "slot", flipped("slot")},
                          {"consent", "sealed", flipped("sealed")}});
}

TEST_CASE("One value of a referral changed: the hub does not start and names table and column and entry") {
    Year it;
    check_each(it.world, {{"referral", "state", "'ACCEPTED'", "state = 'WITHDRAWN'"},
                          {"referral", "since", "since + 1"},
                          {"referral", "version", "version + 1"},
                          {"referral", "held_from", "'SCHEDULED'", "held_from IS NOT NULL"},
                          {"referral", "frozen", "true", "state = 'REQUESTED'"},
                          {"referral", "released", "NOT released"},
                          {"referral", "accepted_once", "NOT accepted_once"},
                          {"referral", "updates_stopped", "NOT updates_stopped"},
                          {"referral", "awaiting_reseal", "true", "state = 'REQUESTED'"},
                          {"referral", "error_confirmed", "true"},
                          {"referral", "referrer_last", "20000"},
                          {"referral", "recipient_last", "20000"},
                          {"referral", "referrer", "'nii'"},
                          {"referral", "recipient", "'nii'"},
                          {"referral", "service", "'EMP-VOC'"},
                          {"referral", "purpose", "'REFERRAL'"},
                          {"referral", "basis", "'PPL23C-2'"},
                          {"referral", "groups", "'DEBT HEALTH'"},
                          {"referral", "consent", "id"},
                          {"referral", "known_by", "'identified'"},
                          {"referral", "priority", "'urgent'"},
                          {"referral", "submitted_idx", "submitted_idx + 1"},
                          {"referral", "slot", flipped("slot")},
                          {"referral", "declined_for", "'no-capacity'"},
                          {"referral", "referrer_sealed", flipped("referrer_sealed")},
                          {"referral", "recipient_sealed", "NULL", "released"}});
}

TEST_CASE(
    "One value of a delivery or message changed: the hub does not start and names table and column and "
    "entry") {
    Year it;
    check_each(it.world, {{"delivery", "recipient", "'nii'"},
                          {"delivery", "answered_idx", "1", "revocation"},
                          {"delivery", "revocation", "NOT revocation"},
                          {"delivery", "sender", "'nii'"},
                          {"delivery", "message", "id"},
                          {"delivery", "type", "'capacity.updated.v1'"},
                          {"delivery", "parcel", "'always'", "parcel = 'submission'"},
                          {"delivery", "referral", "NULL", "referral IS NOT NULL"},
                          {"delivery", "consent", "NULL", "consent IS NOT NULL"},
                          {"delivery", "accepted_idx", "accepted_idx + 1"},
                          {"delivery", "state", "'dropped'", "revocation"},
                          {"delivery", "state", "'waiting'", "state = 'taken'"},
                          {"delivery", "attempt", "attempt + 1"},
                          {"delivery", "not_before", "not_before + 86400000", "state = 'taken'"},
                          {"delivery", "not_before", "not_before + 1", "revocation"},
                          {"delivery", "lease_until", "lease_until + 1"},
                          {"delivery", "release_idx", "0", "release_idx IS NOT NULL"},
                          {"delivery", "ack_idx", "0", "ack_idx IS NOT NULL"},
                          {"delivery", "settled_at", "settled_at + 1", "settled_at IS NOT NULL"},
                          {"message", "claims", flipped("claims")},
                          {"message", "payload", flipped("payload"), "code IS NULL"},
                          {"message", "idx", "idx + 1"},
                          {"message", "code", "'not_found'", "code IS NULL"}});
}

TEST_CASE(
    "One value of a body or key or agreement changed: the hub does not start and names table and column and "
    "entry") {
    Year it;
    check_each(it.world, {{"organisation", "kind", "'OPERATOR'"},
                          {"organisation", "status", "'suspended'"},
                          {"organisation", "root_pem", "root_pem || ' '"},
                          {"organisation", "root_spki", flipped("root_spki")},
                          {"organisation", "witness", "witness || 'A'"},
                          {"organisation", "desk_of", "'nii'"},
                          {"organisation", "changed_idx", "changed_idx - 1"},
                          {"organisation", "keys_ended", "1"},
                          {"organisation", "confirmed", "NOT confirmed"},
                          {"organisation", "keys_from", "keys_from + 1"},
                          {"tls_certificate", "organisation", "'nii'", "organisation = 'health'"},
                          {"tls_certificate", "not_after", "not_after + 1"},
                          {"tls_certificate", "ended", "true"},
                          {"key_list", "serial", "2"},
                          {"key_list", "jws", "jws || 'A'"},
                          {"officer", "roles", "'SUPERVISOR'"},
                          {"officer", "training_valid_until", "training_valid_until + 1"},
                          {"officer", "suspended", "true"},
                          {"officer", "idx", "idx + 1"},
                          {"officer", "signed_at", "signed_at + 1"},
                          {"officer", "document", flipped("document")},
                          {"officer_document", "jws", "jws || 'A'"},
                          {"officer_document", "idx", "idx + 1"},
                          {"agreement_act", "at", "at + 1"},
                          {"agreement_act", "agreement", "gen_random_uuid()"},
                          {"agreement_act", "organisation", "'housing'"},
                          {"agreement_act", "jws", "jws || 'A'"},
                          {"agreement_act", "certificate", "'none'"},
                          {"enrolment_token", "organisation", "'nii'", "organisation = 'health'"},
                          {"enrolment_token", "expires_at", "expires_at + 1"},
                          {"enrolment_token", "confirmed", "true"},
                          {"enrolment_token", "request", flipped("request")},
                          {"enrolment_token", "answer", "answer || ' '"},
                          {"enrolment_token", "frozen", "true"}});
}

TEST_CASE(
    "One value of a case or name changed: the hub does not start and names table and column and entry") {
    Year it;
    check_each(it.world, {{"case_file", "anonymous", "true"},
                          {"case_file", "door", "'118'"},
                          {"case_file", "opened_by", "'nii'"},
                          {"case_file", "opened_at", "opened_at + 1"},
                          {"case_file", "claim", flipped("claim")},
                          {"case_file", "claim_day", "20000"},
                          {"case_file", "claims_that_day", "4"},
                          {"case_file", "claim_signed_at", "1"},
                          {"case_request", "request", "gen_random_uuid()"},
                          {"pseudonym", "sealed", flipped("sealed")}});
}

TEST_CASE("A row that is gone is missed by name of table and entry") {
    Year it;
    for (const std::string table : {"consent", "consent_key", "referral", "delivery", "payload", "message",
                                    "case_file", "case_request", "pseudonym", "officer", "officer_document",
                                    "key_list", "tls_certificate", "enrolment_token", "agreement_act"}) {
        check_refused(it.world, table, "DELETE FROM " + table, "has lost a row that entry ");
    }
    CHECK_NOTHROW(it.world.start());
}

TEST_CASE("A row that no leaf tells of is found") {
    Year it;
    it.world.as_superuser(
        "INSERT INTO enrolment_token SELECT sha256('mine'), organisation, expires_at + 1000000000, true, "
        "NULL, "
        "NULL, false FROM enrolment_token LIMIT 1");
    CHECK_THROWS_WITH(it.world.start(), Contains("The table enrolment_token holds a row that no entry"));
    it.world.as_superuser("DELETE FROM enrolment_token WHERE digest = sha256('mine')");
    CHECK_NOTHROW(it.world.start());
    it.world.stop();
    it.world.as_superuser(
        "INSERT INTO delivery SELECT gen_random_uuid(), recipient, revocation, sender, message, "
        "type, parcel, referral, consent, accepted_idx, state, attempt, not_before, lease_until, "
        "release_idx, ack_idx, settled_at FROM delivery LIMIT 1");
    CHECK_THROWS_WITH(it.world.start(), Contains("The table delivery holds a row that no entry"));
}

TEST_CASE("A key list that stands at another entry than its own is found") {
    Year it;
    it.world.stop();
    it.world.as_superuser("UPDATE key_list SET idx = idx + 1 WHERE organisation = 'health'");
    CHECK_THROWS_WITH(it.world.start(), Contains("The table key_list holds a row that no entry"));
    it.world.as_superuser("UPDATE key_list SET idx = idx - 1 WHERE organisation = 'health'");
    CHECK_NOTHROW(it.world.start());
}

TEST_CASE("What refuses the start says nothing that a row says") {
    Year it;
    it.world.as_superuser("UPDATE consent SET state = 'active'");
    try {
        it.world.start();
        FAIL("it started");
    } catch (const sequencer::LogBroken& broken) {
        const std::string text = broken.what();
        CHECK(text.find(it.consent.text()) == std::string::npos);
        CHECK(text.find("health") == std::string::npos);
        CHECK(text.find("ssd-5000") == std::string::npos);
    }
}
