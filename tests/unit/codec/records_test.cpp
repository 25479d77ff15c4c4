// A record comes back from its bytes as it was, and what breaks one of its rules does not get in.
// Method: the samples, which are right; each case changes a single fact.
#include <catch2/catch.hpp>

#include "schemas/contract/limits.h"
#include "tests/unit/codec/samples.h"
#include "tests/unit/codec/texts_of_hers.h"

using namespace kesher;
using namespace kesher::codec;
using contract::Code;
using samples::day;

namespace {

template <class Record>
Record full() {
    return samples::of<Record>().at(0);
}
template <class Record>
Record bare() {
    return samples::of<Record>().at(1);
}

// The bytes with the first occurrence of a text replaced by another of the same length.
contract::Bytes swapped(contract::Bytes bytes, std::string_view from, std::string_view to) {
    REQUIRE(from.size() == to.size());
    const auto view = contract::bytes_of(from);
    const auto found = std::search(bytes.begin(), bytes.end(), view.begin(), view.end());
    REQUIRE(found != bytes.end());
    std::copy(to.begin(), to.end(), found);
    return bytes;
}

}  // namespace

TEST_CASE("Every record comes back as it was with every field set and with only what must be set") {
    int records = 0;
    samples::each([&]<class Record>(const std::string& name, const Record& record) {
        CAPTURE(name);
        ++records;
        REQUIRE(flaw(record).value_or("none") == "none");
        const auto bytes = encode(record);
        auto decoded = decode<Record>(bytes);
        REQUIRE(decoded);
        CHECK(decoded.value() == record);
        CHECK(encode(decoded.value()) == bytes);
    });
    CHECK(records == 32);
}

TEST_CASE("A record is not read as another one") {
    CHECK(decode<ConsentRevoked>(encode(full<Draft>())).error() == Code::schema_unknown);
    CHECK(decode<Submission>(encode(full<SubmissionBatch>())).error() == Code::schema_unknown);
    auto bytes = encode(full<Draft>());
    bytes[2] ^= 1;
    CHECK(decode<Draft>(bytes).error() == Code::schema_unknown);
    CHECK(decode<Draft>({}).error() == Code::schema_unknown);
}

TEST_CASE("Bytes behind the header that are not canonical are an invalid payload") {
    auto bytes = encode(full<Draft>());
    bytes.push_back(0);
    CHECK(decode<Draft>(bytes).error() == Code::payload_invalid);
    bytes.resize(10);
    CHECK(decode<Draft>(bytes).error() == Code::payload_invalid);
}

TEST_CASE("A word outside its closed list is refused and so is a list that is not sorted or repeats itself") {
    const auto bytes = encode(full<Draft>());
    CHECK(decode<Draft>(swapped(bytes, "BEN-INCOME", "BEN-INCOMF")).error() == Code::payload_invalid);
    CHECK(decode<Draft>(swapped(bytes, "CONTACT", "CONTACU")).error() == Code::payload_invalid);
    CHECK(decode<Draft>(swapped(bytes, "nii", "nIi")).error() == Code::payload_invalid);
    const auto two = encode(Draft{.recipient = samples::organisation("nii"),
                                  .purposes = {contract::Purpose::referral},
                                  .groups = {contract::DataGroup::hiv, contract::DataGroup::debt}});
    REQUIRE(decode<Draft>(two));
    CHECK(decode<Draft>(two)->groups.front() == contract::DataGroup::debt);  // written sorted by word
    const auto three = encode(Draft{.recipient = samples::organisation("nii"),
                                    .purposes = {contract::Purpose::referral},
                                    .groups = {contract::DataGroup::income, contract::DataGroup::mental}});
    CHECK(decode<Draft>(swapped(three, "INCOME", "MENTAL")).error() == Code::payload_invalid);
    CHECK(decode<Draft>(swapped(three, "INCOME", "VIOLEN")).error() == Code::payload_invalid);
}

TEST_CASE("A record with a flaw is never written and the flaw has the name of its field") {
    Draft draft = full<Draft>();
    draft.groups.push_back(contract::DataGroup::contact);
    CHECK(flaw(draft) == "groups");
    CHECK_THROWS_AS(encode(draft), FlawedRecord);
    draft = full<Draft>();
    draft.notice->id = "Not an id";
    CHECK(flaw(draft) == "notice.id");
    draft = full<Draft>();
    draft.notice->version = 0;
    CHECK(flaw(draft) == "notice.version");
}

TEST_CASE("Asking for consent names the notice and a mere draft does not") {
    Draft draft = full<Draft>();
    draft.notice.reset();
    CHECK(flaw(draft) == "notice");
    draft.event = contract::ReferralEvent::draft;
    CHECK_FALSE(flaw(draft));
    draft.event = contract::ReferralEvent::submit;
    CHECK(flaw(draft) == "event");
}

TEST_CASE(
    "An opening that is not of its form is read as none so that the openings are judged in their turn") {
    auto bytes = encode(full<Submission>());
    const auto number = decode<Submission>(swapped(bytes, "worker.17", "000000018"));
    REQUIRE(number);
    CHECK_FALSE(number->actor.id);
    const auto role = decode<Submission>(swapped(bytes, "ENVELOPE_SW", "ENVELOPE_SX"));
    REQUIRE(role);
    CHECK_FALSE(role->actor.role);
    const std::string pseudonym = full<Submission>().case_opening->pseudonym->reveal();
    const auto opening = decode<Submission>(swapped(bytes, pseudonym, "2" + pseudonym.substr(1)));
    REQUIRE(opening);
    REQUIRE(opening->case_opening);
    CHECK_FALSE(opening->case_opening->pseudonym);
    CHECK(flaw(*opening) == "case.pseudonym");
}

TEST_CASE("A basket holds one to sixteen submissions") {
    SubmissionBatch batch;
    CHECK(flaw(batch) == "submissions");
    batch.submissions.assign(16, bare<Submission>());
    CHECK_FALSE(flaw(batch));
    CHECK(decode<SubmissionBatch>(encode(batch)));
    batch.submissions.push_back(bare<Submission>());
    CHECK(flaw(batch) == "submissions");
}

TEST_CASE("An inbox batch holds at most a hundred deliveries with everything at its largest") {
    Delivery large = bare<DeliveryBatch>().deliveries.front();
    large.statement.assign(contract::limits::kStatementBytes, 'a');
    large.leaf.assign(contract::limits::kLeafBytes, 'b');
    large.receipt.assign(contract::limits::kReceiptBytes, 'c');
    DeliveryBatch batch{.deliveries = std::vector<Delivery>(100, large)};
    CHECK_FALSE(flaw(batch));
    batch.deliveries.push_back(large);
    CHECK(flaw(batch) == "deliveries");
    large.statement.push_back('a');
    CHECK(flaw(DeliveryBatch{.deliveries = {large}}) == "deliveries.statement");
}

TEST_CASE("What stands in the place of the sealed part must at least look sealed") {
    ReferralSubmitted referral = full<ReferralSubmitted>();
    for (const char* text :
         {"", "plain words", "a.b.c", "a..b.c", "a.k.b.c.d", "..a.b.c", "a..b.c.d.e", "a..b c.d.e"}) {
        CAPTURE(text);
        const auto view = contract::bytes_of(text);
        referral.sealed.assign(view.begin(), view.end());
        CHECK(flaw(referral) == "sealed");
    }
    const auto view = contract::bytes_of("a..b.c.d");
    referral.sealed.assign(view.begin(), view.end());
    CHECK_FALSE(flaw(referral));
}

TEST_CASE("An event carries the reason and the outcome that belong to it") {
    using contract::Reason;
    using contract::ReferralEvent;
    ReferralEventPayload event{.event = ReferralEvent::decline, .occurred_on = day("2026-11-21")};
    CHECK(flaw(event) == "reason");
    event.reason = Reason::docs_missing;
    CHECK(flaw(event) == "reason");
    event.reason = Reason::no_capacity;
    CHECK_FALSE(flaw(event));
    event.outcome = contract::Outcome::provided;
    CHECK(flaw(event) == "outcome");
    event = {.event = ReferralEvent::complete, .occurred_on = day("2026-11-21")};
    CHECK(flaw(event) == "outcome");
    event = {.event = ReferralEvent::accept, .reason = Reason::no_capacity, .occurred_on = day("2026-11-21")};
    CHECK(flaw(event) == "reason");
    event = {
        .event = ReferralEvent::mark_error, .reason = Reason::wrong_case, .occurred_on = day("2026-11-21")};
    CHECK_FALSE(flaw(event));
    event = {.event = ReferralEvent::submit, .occurred_on = day("2026-11-21")};
    CHECK(flaw(event) == "event");
}

TEST_CASE("A withdrawal and a cancellation and a correction have no sealed part") {
    using contract::ReferralEvent;
    ReferralEventPayload event = bare<ReferralEventPayload>();
    event.sealed = samples::jwe();
    CHECK(flaw(event) == "sealed");
    event.event = ReferralEvent::cancel;
    event.reason = contract::Reason::entered_twice;
    CHECK(flaw(event) == "sealed");
    event.event = ReferralEvent::mark_error;
    event.reason = contract::Reason::wrong_content;
    CHECK(flaw(event) == "sealed");
    event.event = ReferralEvent::accept;
    event.reason.reset();
    CHECK_FALSE(flaw(event));
}

TEST_CASE("A consent lasts from its first day to its last and never over 365 days") {
    ConsentGiven consent = full<ConsentGiven>();
    consent.valid_to = consent.valid_from + std::chrono::days{365};
    CHECK_FALSE(flaw(consent));
    consent.valid_to = consent.valid_from + std::chrono::days{366};
    CHECK(flaw(consent) == "valid_to");
    consent.valid_to = consent.valid_from;
    CHECK_FALSE(flaw(consent));
    consent.valid_to = consent.valid_from - std::chrono::days{1};
    CHECK(flaw(consent) == "valid_to");
}

TEST_CASE("A written consent says who explained it and on which day and which form was signed") {
    ConsentGiven consent = full<ConsentGiven>();
    SECTION("who") {
        consent.explained_by.reset();
        CHECK(flaw(consent) == "explained_by");
    }
    SECTION("when") {
        consent.explained_at.reset();
        CHECK(flaw(consent) == "explained_at");
    }
    SECTION("form") {
        consent.form_sha256.reset();
        CHECK(flaw(consent) == "form_sha256");
        consent.state = GivenState::rejected;  // she signed nothing
        CHECK_FALSE(flaw(consent));
    }
    SECTION("a guardian has a court order and nobody else has one") {
        consent.court_order.reset();
        CHECK(flaw(consent) == "court_order");
        consent.grantor = Grantor::subject;
        CHECK_FALSE(flaw(consent));
    }
    SECTION("recipient") {
        consent.recipient = consent.discloser;
        CHECK(flaw(consent) == "recipient");
        consent.recipient = contract::OrganisationId::hub();
        CHECK(flaw(consent) == "recipient");
    }
    SECTION("a rehearsal is nothing to consent to") {
        consent.purposes = {contract::Purpose::rehearsal};
        CHECK(flaw(consent) == "purposes");
        consent.purposes.clear();
        CHECK(flaw(consent) == "purposes");
    }
}

TEST_CASE("Law is named where data is kept by law and only there") {
    ConsentRevocationAcked acked = full<ConsentRevocationAcked>();
    acked.law.reset();
    CHECK(flaw(acked) == "law");
    acked = bare<ConsentRevocationAcked>();
    acked.law = "a law";
    CHECK(flaw(acked) == "law");
}

TEST_CASE("Every safety flag stands at its safest until somebody lowers it") {
    Sealed sealed = decode<Sealed>(encode(Sealed{})).value();
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        CAPTURE(contract::kSafetyFlags.text(flag));
        CHECK(sealed.safety.has(flag));
        sealed.safety.set(flag, false);
        CHECK_FALSE(sealed.safety.has(flag));
        Safety others;
        others.set(flag, false);
        CHECK_FALSE(others == Safety{});
        others.set(flag, true);
        CHECK(others == Safety{});
    }
    CHECK_FALSE(decode<Sealed>(encode(sealed))->safety.no_voicemail);
}

TEST_CASE("While contact is prohibited or the address confidential no phone and no place is in the record") {
    using contract::SafetyFlag;
    for (const auto flag : {SafetyFlag::contact_prohibited, SafetyFlag::address_confidential}) {
        Sealed sealed = full<Sealed>();
        sealed.safety.set(flag, true);
        CHECK(flaw(sealed) == "contact.phone");
        sealed.contact->phone.reset();
        CHECK(flaw(sealed) == "locality");
        sealed.other(contract::DataGroup::locality).reset();
        CHECK_FALSE(flaw(sealed));
        sealed.attachments.front().group = contract::DataGroup::contact;
        CHECK(flaw(sealed) == "attachments");
    }
}

TEST_CASE("While contact is prohibited or the address confidential no text names a way to reach her") {
    using contract::SafetyFlag;
    for (const auto& [name, put] : samples::kTextsOfHers) {
        CAPTURE(name);
        Sealed sealed;
        sealed.safety.contact_prohibited = sealed.safety.address_confidential = false;
        put(sealed, "050-0000000");
        CHECK_FALSE(flaw(sealed));
        sealed.safety.contact_prohibited = true;
        CHECK(flaw(sealed) == "safety.contact_prohibited");
        sealed.safety.contact_prohibited = false;
        sealed.safety.address_confidential = true;
        CHECK(flaw(sealed) == "safety.address_confidential");
        put(sealed, "nobody calls");
        CHECK_FALSE(flaw(sealed));
    }
}

TEST_CASE("A record of others that names a way to reach her while she is silent is not read either") {
    Sealed sealed;
    sealed.worker = "03-0000000";  // the referring desk's own number leads to a desk
    sealed.contact = Contact{.neutral_name = "ROTEM OOO-OOOOOOO"};
    const auto bytes = encode(sealed);
    CHECK(decode<Sealed>(bytes));
    CHECK(decode<Sealed>(swapped(bytes, "OOO-OOOOOOO", "050-0000000")).error() == Code::payload_invalid);
}

TEST_CASE("How she is known and what is said of her agree") {
    using contract::KnownBy;
    Sealed sealed = full<Sealed>();
    sealed.identity.reset();
    CHECK(flaw(sealed) == "known_by");
    sealed.known_by = KnownBy::contact;
    CHECK_FALSE(flaw(sealed));
    sealed.known_by = KnownBy::presents;
    CHECK(flaw(sealed) == "known_by");
    sealed.contact->phone.reset();
    CHECK_FALSE(flaw(sealed));
    sealed.identity = Identity{.birth_year = 1990};
    CHECK(flaw(sealed) == "known_by");
    sealed = full<Sealed>();
    sealed.identity = Identity{};
    CHECK(flaw(sealed) == "identity.id_number");
    sealed.identity->id_number = "000000019";  // a wrong check digit
    CHECK(flaw(sealed) == "identity.id_number");
}

TEST_CASE("The groups of a sealed record are its parts and those of its attachments sorted and each once") {
    using contract::DataGroup;
    Sealed sealed;
    CHECK(sealed.groups().empty());
    sealed.other(DataGroup::violence) = Particulars{.text = "x"};
    sealed.identity = Identity{.birth_year = 1990};
    sealed.attachments = {{.group = DataGroup::addiction}, {.group = DataGroup::violence}};
    CHECK(sealed.groups() == std::vector{DataGroup::addiction, DataGroup::identity, DataGroup::violence});
    CHECK(full<Sealed>().groups().size() == 16);
}

TEST_CASE("Free text is counted in characters and short text has one line") {
    Sealed sealed;
    sealed.need = std::string();
    for (int i = 0; i < 2000; ++i) *sealed.need += "ש";
    CHECK_FALSE(flaw(sealed));
    *sealed.need += "x";
    CHECK(flaw(sealed) == "need");
    sealed.need = "";
    CHECK(flaw(sealed) == "need");
    sealed.need = std::string("a\0b", 3);
    CHECK(flaw(sealed) == "need");
    sealed.need = "\xFF";
    CHECK(flaw(sealed) == "need");
    sealed.need = "two\nlines";
    CHECK_FALSE(flaw(sealed));
    sealed.worker = "two\nlines";
    CHECK(flaw(sealed) == "worker");
}

TEST_CASE("Attachments are four mebibytes together and their names are no paths") {
    Sealed sealed;
    const Attachment half{.name = "a", .media_type = "text/plain", .bytes = contract::Bytes(2 * 1024 * 1024)};
    sealed.attachments = {half, half};
    CHECK_FALSE(flaw(sealed));
    CHECK(decode<Sealed>(encode(sealed)));
    sealed.attachments.push_back({.name = "b", .media_type = "text/plain", .bytes = {0}});
    CHECK(flaw(sealed) == "attachments");
    for (const char* name : {"", "..", "a/b", "a\\b", "a\nb", "\xFF"}) {
        CAPTURE(name);
        sealed.attachments = {{.name = name, .media_type = "text/plain"}};
        CHECK(flaw(sealed) == "attachments.name");
    }
}

TEST_CASE("A sealed record whose texts are each short enough may still be too long together") {
    Sealed sealed;
    sealed.safety = full<Sealed>().safety;
    const Answer answer{.code = "c", .value = std::string(200, 'v')};
    for (auto& other : sealed.others) other = Particulars{.answers = std::vector<Answer>(80, answer)};
    CHECK_FALSE(flaw(sealed));
    for (auto& other : sealed.others) other = Particulars{.answers = std::vector<Answer>(100, answer)};
    CHECK(flaw(sealed) == "Sealed");
}

TEST_CASE("Numbers and days and months keep to their bounds") {
    AgendaProposed agenda = full<AgendaProposed>();
    agenda.minutes = 0;
    CHECK(flaw(agenda) == "minutes");
    agenda.minutes = 241;
    CHECK(flaw(agenda) == "minutes");
    ConsentRevoked revoked{.occurred_on = day("2199-12-31")};
    CHECK_FALSE(flaw(revoked));
    revoked.occurred_on += std::chrono::days{1};
    CHECK(flaw(revoked) == "occurred_on");
    revoked.occurred_on = day("1900-01-01");
    CHECK_FALSE(flaw(revoked));
    revoked.occurred_on -= std::chrono::days{1};
    CHECK(flaw(revoked) == "occurred_on");
    HeadcountReported report = full<HeadcountReported>();
    std::swap(report.first_leaf, report.last_leaf);
    CHECK(flaw(report) == "last_leaf");
    report = full<HeadcountReported>();
    report.month = {};
    CHECK(flaw(report) == "month");
    Sealed sealed = full<Sealed>();
    sealed.appointment->slot += std::chrono::seconds{1};
    CHECK(flaw(sealed) == "appointment.slot");
    sealed = full<Sealed>();
    sealed.contact->safe_hours.front().until = sealed.contact->safe_hours.front().from;
    CHECK(flaw(sealed) == "contact.safe_hours.until");
}

TEST_CASE("Answers of the rights engine stand in order of their service and each service once") {
    EligibilityAnswered answered = full<EligibilityAnswered>();
    std::swap(answered.answers[0], answered.answers[1]);
    CHECK(flaw(answered) == "answers");
    answered.answers[1] = answered.answers[0];
    CHECK(flaw(answered) == "answers");
    answered = full<EligibilityAnswered>();
    answered.answers[0].reason = contract::Reason::entered_twice;
    CHECK(flaw(answered) == "answers.reason");
}
