// Every record's fields in the order of its schema, once for writing and reading alike. Internal to
// this room. The name beside each value is the schema's; a wrong order or name stops the first read.
#pragma once

#include <concepts>
#include <type_traits>

#include "schemas/codec/field_rules.h"
#include "schemas/codec/records.h"
#include "schemas/codec/rules.h"

namespace kesher::codec {

class Reader {
public:
    explicit Reader(AvroNode record) : record_(record) {}
    template <class T, class Rule>
    void operator()(std::string_view name, T& value, const Rule& rule) {
        if (!kept_) return;
        auto read = rule.read(record_.field(next_++, name));
        kept_ = read.has_value();
        if (kept_) value = *std::move(read);
    }
    [[nodiscard]] bool kept() const { return kept_; }

private:
    AvroNode record_;
    std::size_t next_ = 0;
    bool kept_ = true;
};

// A record to read into. Ids have no default value, so those records start with a name of nobody.
template <class Record>
[[nodiscard]] Record blank() {
    return Record{};
}
template <>
[[nodiscard]] Delivery blank<Delivery>();
template <>
[[nodiscard]] Draft blank<Draft>();
template <>
[[nodiscard]] HarmVeto blank<HarmVeto>();
template <>
[[nodiscard]] ConsentGiven blank<ConsentGiven>();

template <class Record>
struct Sub {
    bool write(Writer& out, const Record& record) const {
        fields(out, record);
        if (const Broken broken = broken_rule(record)) out.note_flaw(*broken);
        return true;  // a flaw below was noted there, by its own name
    }
    [[nodiscard]] std::optional<Record> read(AvroNode node) const {
        Reader reader(node);
        auto record = blank<Record>();
        fields(reader, record);
        if (!reader.kept() || broken_rule(record)) return std::nullopt;
        return record;
    }
};

template <class T, class Record>
concept Is = std::same_as<std::remove_const_t<T>, Record>;

inline constexpr contract::ClosedList<contract::ReferralEvent, 2> kDraftEvents{{"draft", "ask_consent"}};

inline constexpr std::int32_t kMostInt = 2'147'483'647;

template <class Io>
void fields(Io& io, Is<ActorOpening> auto& actor) {
    io("salt", actor.salt, Octets<Salt>{});
    io("id", actor.id, claimed(IdRule<contract::OfficerId>{}));
    io("role", actor.role, claimed(Word{contract::kOfficerRoles}));
    io("proof", actor.proof, nullable(Document{contract::limits::kStatementBytes}));
}

template <class Io>
void fields(Io& io, Is<CaseOpening> auto& opening) {
    io("salt", opening.salt, Octets<Salt>{});
    io("pseudonym", opening.pseudonym, claimed(IdRule<contract::Pseudonym>{}));
}

template <class Io>
void fields(Io& io, Is<Submission> auto& submission) {
    io("statement", submission.statement, Document{contract::limits::kStatementBytes});
    io("payload", submission.payload, Blob{contract::limits::kPayloadBytes});
    io("actor", submission.actor, Sub<ActorOpening>{});
    io("case", submission.case_opening, nullable(Sub<CaseOpening>{}));
}

template <class Io>
void fields(Io& io, Is<SubmissionBatch> auto& batch) {
    io("submissions", batch.submissions, list(Sub<Submission>{}, 1, contract::limits::kBasketSubmissions));
}

template <class Io>
void fields(Io& io, Is<Delivery> auto& delivery) {
    io("delivery", delivery.delivery, IdRule<contract::DeliveryId>{});
    io("statement", delivery.statement, Document{contract::limits::kStatementBytes});
    io("payload", delivery.payload, Blob{contract::limits::kPayloadBytes});
    io("pseudonym", delivery.pseudonym, IdRule<contract::Pseudonym>{});
    io("version", delivery.version, Count{0, kMostInt});
    io("attempt", delivery.attempt, Count{1, kMostInt});
    io("not_after", delivery.not_after, InstantRule{});
    io("leaf", delivery.leaf, Document{contract::limits::kLeafBytes});
    io("receipt", delivery.receipt, Document{contract::limits::kReceiptBytes});
}

template <class Io>
void fields(Io& io, Is<DeliveryBatch> auto& batch) {
    io("deliveries", batch.deliveries, list(Sub<Delivery>{}, 1, contract::limits::kInboxBatchDeliveries));
}

template <class Io>
void fields(Io& io, Is<ReferralSubmitted> auto& referral) {
    io("known_by", referral.known_by, Symbol{contract::kKnownBy});
    io("priority", referral.priority, Symbol{contract::kPriorities});
    io("language", referral.language, Symbol{contract::kLanguages});
    io("occurred_on", referral.occurred_on, DayRule{});
    io("sealed", referral.sealed, Blob{contract::limits::kPayloadBytes, is_compact_jwe});
}

template <class Io>
void fields(Io& io, Is<ReferralEventPayload> auto& event) {
    io("event", event.event, Symbol{contract::kReferralEvents});
    io("reason", event.reason, nullable(Word{contract::kReasons}));
    io("outcome", event.outcome, nullable(Word{contract::kOutcomes}));
    io("occurred_on", event.occurred_on, DayRule{});
    io("expected_on", event.expected_on, nullable(DayRule{}));
    io("synthesized", event.synthesized, Truth{});
    io("sealed", event.sealed, nullable(Blob{contract::limits::kPayloadBytes, is_compact_jwe}));
}

template <class Io>
void fields(Io& io, Is<Notice> auto& notice) {
    io("id", notice.id, Formed{is_notice_id});
    io("version", notice.version, Count{1, kMostInt});
    io("sha256", notice.sha256, DigestRule{});
}

template <class Io>
void fields(Io& io, Is<Draft> auto& draft) {
    io("event", draft.event, Symbol{kDraftEvents});
    io("service", draft.service, Word{contract::kServices});
    io("recipient", draft.recipient, IdRule<contract::OrganisationId>{});
    io("purposes", draft.purposes, word_set(Word{contract::kPurposes}, 1));
    io("groups", draft.groups, word_set(Word{contract::kDataGroups}));
    io("notice", draft.notice, nullable(Sub<Notice>{}));
    io("language", draft.language, Symbol{contract::kLanguages});
}

template <class Io>
void fields(Io& io, Is<HarmVeto> auto& veto) {
    io("by", veto.by, IdRule<contract::OfficerId>{});
    io("harm_to", veto.harm_to, Symbol{kHarmTo});
}

template <class Io>
void fields(Io& io, Is<ConsentGiven> auto& consent) {
    using contract::OrganisationId;
    io("version", consent.version, Count{1, kMostInt});
    io("state", consent.state, Symbol{kGivenStates});
    io("notice", consent.notice, Sub<Notice>{});
    io("language", consent.language, Symbol{contract::kLanguages});
    io("explained_by", consent.explained_by, nullable(IdRule<contract::OfficerId>{}));
    io("licence", consent.licence, nullable(Formed{is_licence}));
    io("explained_at", consent.explained_at, nullable(DayRule{}));
    io("interpreter", consent.interpreter, nullable(IdRule<contract::OfficerId>{}));
    io("form", consent.form, Word{contract::kConsentForms});
    io("form_sha256", consent.form_sha256, nullable(DigestRule{}));
    io("grantor", consent.grantor, Symbol{kGrantors});
    io("court_order", consent.court_order, nullable(DigestRule{}));
    io("discloser", consent.discloser, IdRule<OrganisationId>{});
    io("recipient", consent.recipient, IdRule<OrganisationId>{});
    io("purposes", consent.purposes, word_set(Word{contract::kPurposes}, 1));
    io("groups", consent.groups, word_set(Word{contract::kDataGroups}));
    io("direction", consent.direction, Symbol{contract::kDirections});
    io("services", consent.services, word_set(Word{contract::kServices}));
    io("valid_from", consent.valid_from, DayRule{});
    io("valid_to", consent.valid_to, DayRule{});
    io("legal_basis", consent.legal_basis, Word{contract::kLegalBases});
    io("withdrawal_method", consent.withdrawal_method, word_set(Word{kWithdrawalMethods}, 1));
    io("retention", consent.retention, Count{0, kMostInt});
    io("storage", consent.storage, Symbol{kStorages});
    io("harm_veto", consent.harm_veto, nullable(Sub<HarmVeto>{}));
}

template <class Io>
void fields(Io& io, Is<ConsentRevoked> auto& revoked) {
    io("occurred_on", revoked.occurred_on, DayRule{});
}

template <class Io>
void fields(Io& io, Is<ConsentRevocationAcked> auto& acked) {
    io("occurred_on", acked.occurred_on, DayRule{});
    io("effect", acked.effect, Word{kRevocationEffects});
    io("law", acked.law, nullable(line()));
}

template <class Io>
void fields(Io& io, Is<IntakeScreened> auto& screened) {
    io("fit", screened.fit, Word{kScreeningFits});
    io("language", screened.language, Symbol{contract::kLanguages});
    io("district", screened.district, nullable(Symbol{kDistricts}));
    io("occurred_on", screened.occurred_on, DayRule{});
}

template <class Io>
void fields(Io& io, Is<EligibilityAsked> auto& asked) {
    io("age_band", asked.age_band, Symbol{kAgeBands});
    io("children", asked.children, Symbol{kChildren});
    io("income_band", asked.income_band, Symbol{kIncomeBands});
    io("housing", asked.housing, Symbol{kHousings});
    io("work", asked.work, Symbol{kWorks});
    io("disability", asked.disability, Symbol{kYesNo});
    io("language", asked.language, Symbol{contract::kLanguages});
}

template <class Io>
void fields(Io& io, Is<EligibilityAnswer> auto& answer) {
    io("service", answer.service, Word{contract::kServices});
    io("likelihood", answer.likelihood, Symbol{kLikelihoods});
    io("reason", answer.reason, nullable(Word{contract::kReasons}));
    io("door", answer.door, nullable(Word{contract::kDoors}));
}

template <class Io>
void fields(Io& io, Is<EligibilityAnswered> auto& answered) {
    io("answers", answered.answers, list(Sub<EligibilityAnswer>{}));
}

template <class Io>
void fields(Io& io, Is<CapacityUpdated> auto& capacity) {
    io("service", capacity.service, Word{contract::kServices});
    io("seats_free", capacity.seats_free, nullable(Count{0, kMostInt}));
    io("waiting_days", capacity.waiting_days, nullable(Count{0, kMostInt}));
    io("modality", capacity.modality, Symbol{kModalities});
    io("languages", capacity.languages, word_set(Symbol{contract::kLanguages}, 1));
    io("starts_on", capacity.starts_on, nullable(DayRule{}));
    io("as_of", capacity.as_of, DayRule{});
}

template <class Io>
void fields(Io& io, Is<Titles> auto& titles) {
    io("he", titles.he, line());
    io("en", titles.en, nullable(line()));
    io("ar", titles.ar, nullable(line()));
    io("ru", titles.ru, nullable(line()));
}

template <class Io>
void fields(Io& io, Is<AgendaProposed> auto& proposed) {
    io("body", proposed.body, Symbol{kCouncilBodies});
    io("kind", proposed.kind, Word{kAgendaKinds});
    io("titles", proposed.titles, Sub<Titles>{});
    io("service", proposed.service, nullable(Word{contract::kServices}));
    io("minutes", proposed.minutes, Count{1, 240});
    io("visibility", proposed.visibility, Symbol{kAgendaVisibilities});
}

template <class Io>
void fields(Io& io, Is<HeadcountReported> auto& report) {
    io("month", report.month, MonthRule{});
    io("programme", report.programme, nullable(Formed{is_programme_code}));
    io("count", report.count, Count{0, kMostInt});
    io("first_leaf", report.first_leaf, Leaf{});
    io("last_leaf", report.last_leaf, Leaf{});
    io("checkpoint", report.checkpoint, Document{contract::limits::kCheckpointBytes});
}

}  // namespace kesher::codec
