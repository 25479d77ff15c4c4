#include "gateway/consent/recording.h"

#include <algorithm>

#include "schemas/contract/limits.h"

namespace kesher::consent {
namespace {

using contract::Code;
using contract::ConsentForm;
using contract::ConsentState;
using contract::DataGroup;
using contract::Failure;
using contract::LegalBasis;
using contract::OrganisationKind;
using contract::Purpose;
namespace limits = contract::limits;

// Departments' social workers and the provider's envelope workers explain and record (domain.md
// 5.2); 118 may only open anonymous referrals or send her a link to sign.
constexpr WordSet<OrganisationKind> kRecordingKinds{OrganisationKind::public_body,
                                                    OrganisationKind::provider};
// Rehearsal and break-glass are purposes of statements, never of a consent.
constexpr WordSet<Purpose> kConsentPurposes{
    Purpose::referral,    Purpose::benefit_claim, Purpose::treatment,   Purpose::status_feedback,
    Purpose::round_table, Purpose::rights_check,  Purpose::research_agg};
constexpr WordSet<LegalBasis> kConsentBases{LegalBasis::consent, LegalBasis::written_consent_explained,
                                            LegalBasis::patient_consent, LegalBasis::no_personal_data};
// In anonymous mode the only place is a district, and the programme is no fact about a known person.
constexpr WordSet<DataGroup> kNotPersonal{DataGroup::locality, DataGroup::programme_fact};
constexpr WordSet<ConsentState> kAnswers{ConsentState::active, ConsentState::proposed,
                                         ConsentState::rejected};

template <class Enum, std::size_t N>
bool sorted_and_unique(const contract::ClosedList<Enum, N>& list, const std::vector<Enum>& words) {
    const auto not_before = [&](Enum a, Enum b) { return list.text(a) >= list.text(b); };
    return std::ranges::adjacent_find(words, not_before) == words.end();
}

template <class Enum>
WordSet<Enum> set_of(const std::vector<Enum>& words) {
    WordSet<Enum> set;
    for (const Enum word : words) set.add(word);
    return set;
}

bool lists_hold(const Recording& recording) {
    return !recording.purposes.empty() && !recording.services.empty() &&
           sorted_and_unique(contract::kPurposes, recording.purposes) &&
           sorted_and_unique(contract::kDataGroups, recording.groups) &&
           sorted_and_unique(contract::kServices, recording.services) &&
           kConsentPurposes.includes(set_of(recording.purposes));
}

contract::Day last_day(const Recording& recording) {
    return recording.valid_to.value_or(recording.valid_from + limits::kConsentDefault);
}

bool dates_hold(const Recording& recording, contract::Instant at) {
    const contract::Day last = last_day(recording);
    return last >= recording.valid_from && last <= recording.valid_from + limits::kConsentMax &&
           last >= contract::day_of(at);
}

bool form_holds(const Recording& recording) {
    const bool on_paper_or_screen = recording.form != ConsentForm::anonymous_click;
    if (on_paper_or_screen != recording.form_digest.has_value()) return false;
    const bool without_person =
        recording.form == ConsentForm::anonymous_click || recording.basis == LegalBasis::no_personal_data;
    return !without_person || kNotPersonal.includes(set_of(recording.groups));
}

bool payload_holds(const Recording& recording, const RecordingFacts& facts, contract::Instant at) {
    return lists_hold(recording) && dates_hold(recording, at) && form_holds(recording) &&
           recording.discloser != recording.recipient && kAnswers.has(recording.state) &&
           kConsentBases.has(recording.basis) && facts.notice_published;
}

// Who heard her about the whole case: she herself, and the body that opened it.
bool knows_whole_case(const Recording& recording, const RecordingFacts& facts) {
    return !recording.recorder || recording.recorder->organisation == facts.case_opener;
}

// Nobody is to be talked round on the day she said no. A body that only received a referral speaks for its
// own disclosures: what she withdrew between two others is not to be found out by its recording.
bool rests(const Recording& recording, const RecordingFacts& facts, contract::Instant at) {
    if (recording.state != ConsentState::active || facts.confirmed_by_her_code) return false;
    const bool any_discloser = knows_whole_case(recording, facts);
    return std::ranges::any_of(facts.consents, [&](const Consent& consent) {
        const bool of_these = any_discloser || consent.discloser == recording.discloser;
        return of_these && consent.recipient == recording.recipient && consent.revoked_at &&
               at < *consent.revoked_at + limits::kConsentRestAfterWithdrawal;
    });
}

bool may_record(const Recording& recording, const RecordingFacts& facts) {
    if (!recording.recorder) return true;
    const contract::OrganisationId& by = recording.recorder->organisation;
    const bool hears_her = by == recording.discloser || by == facts.case_opener;
    return kRecordingKinds.has(recording.recorder->kind) && hears_her && by != recording.recipient;
}

Consent consent_of(const Recording& recording, contract::LeafIndex leaf) {
    const auto& herself = contract::OrganisationId::hub();
    return {.id = recording.id,
            .leaf = leaf,
            .recorded_by = recording.recorder ? recording.recorder->organisation : herself,
            .discloser = recording.discloser,
            .recipient = recording.recipient,
            .purposes = set_of(recording.purposes),
            .groups = set_of(recording.groups),
            .services = set_of(recording.services),
            .direction = recording.direction,
            .valid_from = recording.valid_from,
            .valid_to = last_day(recording),
            .state = recording.state,
            .form = recording.form,
            .harm_veto = recording.harm_veto,
            .form_digest = recording.form_digest};
}

bool covers(const Consent& given, const Consent& older) {
    return older.discloser == given.discloser && older.recipient == given.recipient &&
           given.purposes.includes(older.purposes);
}

bool replaces(const Consent& given, const Consent& older) {
    return older.state == ConsentState::active && covers(given, older);
}

// A refusal and a proposal replace nothing, whatever became of them.
bool has_replaced(const Consent& given, const Consent& older) {
    return given.leaf > older.leaf && given.state != ConsentState::rejected &&
           given.state != ConsentState::proposed && covers(given, older);
}

// A refusal or a proposal decides, having the highest leaf, but renews nothing.
Recorded with_superseded(Consent given, std::span<const Consent> consents) {
    Recorded recorded{std::move(given)};
    if (recorded.consent.state != ConsentState::active) return recorded;
    for (const Consent& older : consents) {
        if (replaces(recorded.consent, older)) recorded.superseded.push_back(older.id);
    }
    return recorded;
}

}  // namespace

contract::Result<Recorded, Code> decide_recording(const Recording& recording, const RecordingFacts& facts,
                                                  contract::LeafIndex leaf, contract::Instant at) {
    if (!may_record(recording, facts)) return Failure{Code::consent_recorder};
    if (!facts.discloser_known || !facts.recipient_known) return Failure{Code::recipient_unknown};
    if (!payload_holds(recording, facts, at)) return Failure{Code::payload_invalid};
    if (recording.form_digest && facts.form_recorded_for_recipient) {
        return Failure{Code::consent_form_reused};
    }
    if (rests(recording, facts, at)) return Failure{Code::consent_revoked};
    return with_superseded(consent_of(recording, leaf), facts.consents);
}

std::vector<Consent> as_heard(std::vector<Consent> consents) {
    std::vector<Consent> heard = consents;
    for (Consent& older : heard) {
        const auto by = [&](const Consent& given) { return has_replaced(given, older); };
        if (older.state == ConsentState::superseded && std::ranges::none_of(consents, by)) {
            older.state = ConsentState::active;
        }
    }
    return heard;
}

}  // namespace kesher::consent
