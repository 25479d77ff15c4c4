// consent.given.v1 and consent.revoked.v1: what she agreed to, and that she does not any more.
#include <algorithm>

#include "audit/merkle/hash.h"
#include "gateway/consent/recording.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/hub_voice.h"
#include "gateway/sequencer/message.h"
#include "schemas/contract/shares.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

ConsentState state_of(codec::GivenState given) {
    return given == codec::GivenState::active ? ConsentState::active : ConsentState::rejected;
}

std::optional<Digest> form_of(const codec::ConsentGiven& given) {
    if (!given.form_sha256) return std::nullopt;
    return form_for(*given.form_sha256, given.recipient);
}

consent::Recording recording_of(const Turn& turn, const Incoming& incoming,
                                const codec::ConsentGiven& given) {
    return {.id = *incoming.says->consent,
            .recorder = consent::Recorder{incoming.sender, turn.registry.find(incoming.sender)->row.kind},
            .discloser = given.discloser,
            .recipient = given.recipient,
            .purposes = given.purposes,
            .groups = given.groups,
            .services = given.services,
            .direction = given.direction,
            .valid_from = given.valid_from,
            .valid_to = given.valid_to,
            .state = state_of(given.state),
            .form = given.form,
            .form_digest = form_of(given),
            .basis = given.legal_basis,
            .harm_veto = given.harm_veto.has_value()};
}

// The text that was shown must be the published one, byte for byte.
bool notice_published(const Turn& turn, const codec::ConsentGiven& given) {
    for (const Purpose purpose : given.purposes) {
        const catalogue::Notice* notice = turn.registry.catalogue().notice(
            purpose, given.language, static_cast<std::uint32_t>(given.notice.version));
        if (notice != nullptr && notice->id == given.notice.id &&
            merkle::sha256(bytes_of(notice->text)) == given.notice.sha256) {
            return true;
        }
    }
    return false;
}

std::vector<consent::Consent> consents_of_case(const Turn& turn, const Incoming& incoming) {
    std::vector<consent::Consent> all;
    for (const store::ConsentRow* row : turn.facts.consents_in(*incoming.consent_slots)) {
        all.push_back(row->consent);
    }
    return all;
}

log::Words words_of(const auto& list, const auto& values) {
    log::Words words;
    for (const auto value : values) words.push_back(log::Word::of(list.text(value)));
    return words;
}

template <class Id>
log::Words ids_in(std::span<const Id> ids) {
    log::Words words;
    for (const Id& id : ids) words.push_back(log::Word::of(id.text()));
    return words;
}

void add_facts(log::Record& record, const consent::Consent& consent) {
    record.facts.add("discloser", consent.discloser.text())
        .add("recipient", consent.recipient.text())
        .add("purposes", words_of(kPurposes, consent.purposes.words()))
        .add("groups", words_of(kDataGroups, consent.groups.words()))
        .add("services", words_of(kServices, consent.services.words()))
        .add("direction", kDirections.text(consent.direction))
        .add("form", kConsentForms.text(consent.form))
        .add("from", consent.valid_from)
        .add("to", consent.valid_to)
        .add("state", kConsentStates.text(consent.state))
        .add("harm_veto", consent.harm_veto);
    if (consent.form_digest) record.facts.add("form_digest", *consent.form_digest);
}

// A body that opened the case and was referred to in it has two names for her. By the second it is a
// recipient like any: else its consents would tell it that both are one woman.
std::optional<OrganisationId> opener_as_named(const Turn& turn, const Incoming& incoming,
                                              const store::CaseRow& file) {
    const bool by_another_name =
        file.opened_by == incoming.sender &&
        case_of(turn.means.sealed_store, file).pseudonym != incoming.subject->pseudonym;
    return by_another_name ? std::nullopt : std::optional(file.opened_by);
}

// What it recorded by this very name and as her yes: a body is not to find out by its share which of its
// names are one woman, and her no takes no place. There is no share of all: who may name her at all was sent
// one of her referrals, and those have an end (kReferralsPerCase).
std::size_t recorded_by_this_name(const Turn& turn, const Incoming& incoming) {
    const auto rows = turn.facts.consents_in(*incoming.consent_slots);
    return static_cast<std::size_t>(std::ranges::count_if(rows, [&](const store::ConsentRow* row) {
        return row->consent.recorded_by == incoming.sender && row->consent.state != ConsentState::rejected &&
               case_of(turn.means.sealed_store, *row).pseudonym == incoming.subject->pseudonym;
    }));
}

}  // namespace

namespace {

// So many ids stand in one leaf: 256 of 39 bytes leave a third of its 16 KiB free.
constexpr std::size_t kIdsOfALeaf = 256;

// What a recording or a withdrawal ends, all of it by name.
struct Ended {
    std::string_view operation;
    ConsentId consent;  // of the statement
    LeafIndex cause;    // of the statement's own leaf
    std::span<const ConsentId> consents;
    std::span<const ReferralId> referrals;
    // Of a withdrawal: to whom the named consent let data go, and whether it was over before.
    std::optional<OrganisationId> recipient{};
    bool already = false;
};

template <class Id>
std::span<const Id> take_some(std::span<const Id>& ids, std::size_t room) {
    const auto taken = ids.first(std::min(ids.size(), room));
    ids = ids.subspan(taken.size());
    return taken;
}

// Leaves of the hub itself, right after their cause and as many as it takes. They are not the sender's to
// read: whoever knows the case may pass on her no, and is not to learn of renewals and referrals of others,
// nor whom the consent that it names was for.
void say_ended(Turn& turn, Ended ended, const keys::SubjectKey& subject) {
    do {
        const auto consents = take_some(ended.consents, kIdsOfALeaf);
        const auto referrals = take_some(ended.referrals, kIdsOfALeaf - consents.size());
        log::Record record;
        record.event = log::RecordEvent::consent;
        record.actor_type = log::ActorType::system;
        record.org = OrganisationId::hub();
        record.operation = log::Word::of(ended.operation);
        record.consent = ended.consent;
        record.recipient = ended.recipient;
        record.decision = log::Decision::permit;
        record.facts.add("cause_leaf", number(ended.cause));
        if (ended.already) record.facts.add("already_revoked", true);
        if (!consents.empty()) record.facts.add("consents", ids_in(consents));
        if (!referrals.empty()) record.facts.add("referrals", ids_in(referrals));
        (void)turn.append(std::nullopt, std::move(record), &subject);
    } while (!ended.consents.empty() || !ended.referrals.empty());
}

}  // namespace

Accepted accept_consent(Turn& turn, const Incoming& incoming) {
    const auto& given = std::get<codec::ConsentGiven>(*incoming.payload);
    const CaseId& id = incoming.subject->case_id;
    const store::CaseRow* stored_file = turn.facts.case_file(turn.means.row_keys.case_key(id));
    if (stored_file == nullptr) return Failure{Code::not_found};
    if (turn.registry.find(incoming.sender)->row.status != OrganisationStatus::active) {
        return Failure{Code::organisation_suspended};
    }
    const auto may = referral::actor_may(actor_of(turn, incoming), referral::Deed::record_consent, turn.at);
    if (!may) return Failure{may.error()};
    if (turn.facts.consent(*incoming.says->consent) != nullptr) return Failure{Code::id_reused};
    // Her no is recorded however much there is.
    const auto consents = consents_of_case(turn, incoming);
    const bool one_too_many = recorded_by_this_name(turn, incoming) >= limits::kConsentsOfOneBody;
    if (given.state == codec::GivenState::active && one_too_many) return Failure{Code::event_not_allowed};

    const consent::RecordingFacts facts{
        .case_opener = opener_as_named(turn, incoming, *stored_file),
        .discloser_known = turn.registry.find(given.discloser) != nullptr,
        .recipient_known = turn.registry.find(given.recipient) != nullptr,
        .notice_published = notice_published(turn, given),
        .form_recorded_for_recipient =
            given.form_sha256 && turn.facts.form_used({*form_of(given), given.recipient}),
        .confirmed_by_her_code = false,
        .consents = consents};
    const auto recorded =
        consent::decide_recording(recording_of(turn, incoming, given), facts, turn.next_leaf(), turn.at);
    if (!recorded) return Failure{recorded.error()};

    log::Record record = record_of(incoming, log::RecordEvent::consent);
    record.operation = log::Word::of(kMessageTypes.text(MessageType::consent_given));
    record.decision = log::Decision::permit;
    record.recipient = recorded->consent.recipient;
    add_facts(record, recorded->consent);
    const LeafIndex leaf = turn.append(incoming.statement, std::move(record), &incoming.subject->subject_key);
    keep_message(turn, incoming, leaf);
    // What it replaces is said in a leaf that its recorder does not hold: a consent of the pair may have been
    // recorded by another body. There is one behind every yes, so that the log's size does not tell either.
    if (given.state == codec::GivenState::active) {
        say_ended(turn, {"consent.superseded", recorded->consent.id, leaf, recorded->superseded, {}, {}},
                  incoming.subject->subject_key);
    }

    const keys::RowKeys& keys = turn.means.row_keys;
    turn.facts.put(
        store::ConsentRow{recorded->consent, incoming.consent_slots->at(consents.size()),
                          seal_consent(turn.means.sealed_store, recorded->consent.id, *incoming.subject)});
    for (const Purpose purpose : recorded->consent.purposes.words()) {
        turn.facts.add(store::ConsentKeyRow{
            keys.consent_key(id, recorded->consent.discloser, recorded->consent.recipient, purpose), leaf,
            recorded->consent.id});
    }
    for (const ConsentId& superseded : recorded->superseded) {
        store::ConsentRow old = *turn.facts.consent(superseded);
        old.consent.state = ConsentState::superseded;
        turn.facts.put(old);
    }
    return leaf;
}

namespace {

struct Affected {
    std::vector<consent::OpenReferral> open;
    std::vector<consent::Handed> handed;
};

// News that went back by a consent of its own. Its delivery is filed under the referral's, whose end it
// shares; which word let it go follows from its release. What was sent more than once may have gone by an
// earlier one.
void add_news(Affected& affected, const store::DeliveryRow& delivery, const consent::Consent& of_referral,
              std::span<const consent::Consent> consents) {
    const bool went_back = delivery.parcel == referral::Parcel::update && delivery.release &&
                           delivery.message.sender == of_referral.recipient &&
                           delivery.recipient == of_referral.discloser;
    if (!went_back) return;
    const LeafIndex from = delivery.attempt > 1 ? delivery.accepted : *delivery.release;
    for (const ConsentId& id : consent::feedback_between(consents, of_referral.discloser,
                                                         of_referral.recipient, from, *delivery.release)) {
        affected.handed.push_back({delivery.recipient, id});
    }
}

Affected affected_by(const Turn& turn, std::span<const consent::Consent> consents,
                     const CaseSlots& referral_slots) {
    Affected affected;
    for (const consent::Consent& consent : consents) {
        for (const store::DeliveryRow& delivery : turn.facts.deliveries_of(consent.id)) {
            if (delivery.attempt == 0) continue;
            affected.handed.push_back({delivery.recipient, consent.id});
            add_news(affected, delivery, consent, consents);
        }
    }
    for (const store::ReferralRow* row : turn.facts.referrals_in(referral_slots)) {
        if (is_terminal(row->referral.state)) continue;
        affected.open.push_back({row->referral.id, row->referral.terms.consent, row->referral.referrer,
                                 row->referral.recipient, row->referral.terms.purpose,
                                 row->referral.released});
    }
    return affected;
}

// What waits under it stays here; from now on it carries nothing.
void end_consent(Turn& turn, const consent::Consent& revoked) {
    store::ConsentRow row = *turn.facts.consent(revoked.id);
    row.consent = revoked;
    turn.facts.put(row);
    drop_waiting(turn, turn.facts.deliveries_of(revoked.id));
}

void withdraw_by_hub(Turn& turn, const ReferralId& id, LeafIndex cause, const keys::SubjectKey& subject) {
    const store::ReferralRow before = *turn.facts.referral(id);
    const auto applied = referral::apply(
        before.referral, {.event = ReferralEvent::withdraw, .by = referral::By::hub, .caller = std::nullopt},
        {}, turn.at);
    if (!applied) return;  // it has ended by itself: nothing is open any more
    write_applied(turn, {.before = before, .applied = *applied, .subject = subject, .leaf = cause});
}

// Whether the caller's name is one under which this consent was recorded or used, or the one that the case
// was opened under. By its other names a body is a stranger to it: it is not to learn that they are one
// woman.
bool knows_consent(const Turn& turn, const Incoming& incoming, const ConsentId& id,
                   const store::CaseRow& file) {
    const keys::SealedStore& sealed = turn.means.sealed_store;
    const OrganisationId& caller = incoming.sender;
    const Pseudonym& name = incoming.subject->pseudonym;
    if (file.opened_by == caller && case_of(sealed, file).pseudonym == name) return true;
    const store::ConsentRow* row = turn.facts.consent(id);
    const bool recorded =
        row != nullptr && row->consent.recorded_by == caller && case_of(sealed, *row).pseudonym == name;
    if (recorded) return true;
    const auto referrals = turn.facts.referrals_in(*incoming.referral_slots);
    return std::ranges::any_of(referrals, [&](const store::ReferralRow* each) {
        const referral::Referral& referral = each->referral;
        // A draft may name any consent: nobody has decided on it yet.
        if (referral.terms.consent != id || !each->submitted) return false;
        if (referral.referrer == caller && referrer_of(sealed, *each).pseudonym == name) return true;
        const auto handed = recipient_of(sealed, *each);
        return referral.recipient == caller && handed && handed->pseudonym == name;
    });
}

}  // namespace

Accepted accept_revocation(Turn& turn, const Incoming& incoming) {
    const ConsentId& consent = *incoming.says->consent;
    const store::CaseRow* file =
        turn.facts.case_file(turn.means.row_keys.case_key(incoming.subject->case_id));
    if (file == nullptr) return Failure{Code::not_found};
    const auto may = referral::actor_may(actor_of(turn, incoming), referral::Deed::revoke_consent, turn.at);
    if (!may) return Failure{may.error()};
    // By this name it has recorded nothing: it is to pass on her no by the name that it heard her under.
    const store::ConsentRow* named = turn.facts.consent(consent);
    if (named != nullptr && recorded_under_another_name(turn, incoming, named->consent)) {
        return Failure{Code::not_found};
    }
    const auto consents = consents_of_case(turn, incoming);
    const Affected affected = affected_by(turn, consents, *incoming.referral_slots);
    // That the caller knows the case is shown by its opening.
    const auto decided =
        consent::decide_revocation(consent,
                                   {.caller_knows_case = true,
                                    .caller_knows_consent = knows_consent(turn, incoming, consent, *file),
                                    .consents = consents,
                                    .open_referrals = affected.open,
                                    .handed = affected.handed},
                                   turn.at);
    if (!decided) return Failure{decided.error()};

    log::Record record = record_of(incoming, log::RecordEvent::consent);
    record.operation = log::Word::of(kMessageTypes.text(MessageType::consent_revoked));
    record.decision = log::Decision::permit;
    const LeafIndex leaf = turn.append(incoming.statement, std::move(record), &incoming.subject->subject_key);
    keep_message(turn, incoming, leaf);

    const keys::SubjectKey& subject = incoming.subject->subject_key;
    std::vector<ConsentId> chain;
    if (!decided->already_revoked) {
        for (const consent::Consent& revoked : decided->revoked) chain.push_back(revoked.id);
    }
    say_ended(turn,
              {"consent.ended", consent, leaf, chain, decided->withdraw, decided->revoked.front().recipient,
               decided->already_revoked},
              subject);
    if (decided->already_revoked) return leaf;
    for (const consent::Consent& revoked : decided->revoked) end_consent(turn, revoked);
    for (const consent::Handed& told : decided->notify) {
        say_revoked(turn, told.organisation, told.consent, leaf, subject);
    }
    for (const ReferralId& referral : decided->withdraw) withdraw_by_hub(turn, referral, leaf, subject);
    return leaf;
}

}  // namespace kesher::sequencer
