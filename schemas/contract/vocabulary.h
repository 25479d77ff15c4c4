// The closed lists of the exchange: message types, purposes, data groups, legal bases, roles, kinds,
// events, states, reasons. Spelled as in contract.md 1-2 and domain.md 3-7; each word is stored in
// the log, so the order of an enum is for ever: add at the end only.
#pragma once

#include "schemas/contract/closed_list.h"

namespace kesher::contract {

enum class MessageType {
    referral_submitted,
    referral_event,
    consent_given,
    consent_revoked,
    consent_revocation_acked,
    intake_screened,
    eligibility_asked,
    eligibility_answered,
    capacity_updated,
    agenda_proposed,
    headcount_reported,
};
inline constexpr ClosedList<MessageType, 11> kMessageTypes{
    {"referral.submitted.v1", "referral.event.v1", "consent.given.v1", "consent.revoked.v1",
     "consent.revocation-acked.v1", "intake.screened.v1", "eligibility.asked.v1", "eligibility.answered.v1",
     "capacity.updated.v1", "agenda.proposed.v1", "headcount.reported.v1"}};

enum class Purpose {
    referral,
    benefit_claim,
    treatment,
    status_feedback,
    round_table,
    rights_check,
    research_agg,
    rehearsal,
    break_glass,  // the last two stand in statements and leaves, never in a consent
};
inline constexpr ClosedList<Purpose, 9> kPurposes{{"REFERRAL", "BENEFIT_CLAIM", "TREATMENT",
                                                   "STATUS_FEEDBACK", "ROUND_TABLE", "RIGHTS_CHECK",
                                                   "RESEARCH_AGG", "REHEARSAL", "BTG"}};

enum class DataGroup {
    identity,
    contact,
    locality,
    family,
    income,
    housing,
    employment,
    education,
    legal,
    debt,
    health,
    mental,
    addiction,
    violence,
    hiv,
    programme_fact,
};
inline constexpr ClosedList<DataGroup, 16> kDataGroups{
    {"IDENTITY", "CONTACT", "LOCALITY", "FAMILY", "INCOME", "HOUSING", "EMPLOYMENT", "EDUCATION", "LEGAL",
     "DEBT", "HEALTH", "MENTAL", "ADDICTION", "VIOLENCE", "HIV", "PROGRAMME_FACT"}};

// Which law carries the disclosure (domain.md 7).
enum class LegalBasis {
    consent,
    between_public_bodies_within_powers,
    between_public_bodies_needed,
    entitled_to_demand,
    written_consent_explained,
    social_workers_2,
    social_workers_3,
    harm_prevention,
    social_workers_5,
    social_workers_6,
    social_workers_7,
    social_workers_8,
    patient_consent,
    treating_clinician,
    no_personal_data,
};
inline constexpr ClosedList<LegalBasis, 15> kLegalBases{
    {"PPL23B-CONSENT", "PPL23C-1A", "PPL23C-1B", "PPL23C-2", "SWL8-1", "SWL8-2", "SWL8-3", "SWL8-4", "SWL8-5",
     "SWL8-6", "SWL8-7", "SWL8-8", "PRL20-1", "PRL20-3", "NO-PERSONAL-DATA"}};
// The only bases that stand without a consent, and only between two public bodies (s. 23c).
[[nodiscard]] constexpr bool needs_no_consent(LegalBasis basis) {
    return basis == LegalBasis::between_public_bodies_within_powers ||
           basis == LegalBasis::between_public_bodies_needed || basis == LegalBasis::entitled_to_demand;
}

enum class OrganisationKind { public_body, provider, ngo, hotline, tool, operator_, auditor };
inline constexpr ClosedList<OrganisationKind, 7> kOrganisationKinds{
    {"PUBLIC_BODY", "PROVIDER", "NGO", "HOTLINE", "TOOL", "OPERATOR", "AUDITOR"}};

enum class OrganisationStatus { pending, active, suspended, left };
inline constexpr ClosedList<OrganisationStatus, 4> kOrganisationStatuses{
    {"pending", "active", "suspended", "left"}};

enum class OfficerRole {
    social_worker,
    envelope_sw,
    hotline_sw,
    hotline_operator,
    coordinator,
    head_coordinator,
    caseworker,
    facilitator,
    manager,
    legal_adviser,
    security_officer,
    privacy_officer,
    round_table_member,
    chair,
    forum_member,
    supervisor,
    auditor,
    operator_,
    system,
};
inline constexpr ClosedList<OfficerRole, 19> kOfficerRoles{
    {"SOCIAL_WORKER", "ENVELOPE_SW", "HOTLINE_SW", "HOTLINE_OPERATOR", "COORDINATOR", "HEAD_COORDINATOR",
     "CASEWORKER", "FACILITATOR", "MANAGER", "LEGAL_ADVISER", "SECURITY_OFFICER", "PRIVACY_OFFICER",
     "ROUND_TABLE_MEMBER", "CHAIR", "FORUM_MEMBER", "SUPERVISOR", "AUDITOR", "OPERATOR", "SYSTEM"}};

enum class ReferralState {
    draft,
    awaiting_consent,
    requested,
    delivered,
    accepted,
    waitlisted,
    scheduled,
    in_progress,
    on_hold,
    declined,
    withdrawn,
    cancelled,
    expired,
    failed,
    completed,
    erroneous,
};
inline constexpr ClosedList<ReferralState, 16> kReferralStates{
    {"DRAFT", "AWAITING_CONSENT", "REQUESTED", "DELIVERED", "ACCEPTED", "WAITLISTED", "SCHEDULED",
     "IN_PROGRESS", "ON_HOLD", "DECLINED", "WITHDRAWN", "CANCELLED", "EXPIRED", "FAILED", "COMPLETED",
     "ERRONEOUS"}};
[[nodiscard]] constexpr bool is_terminal(ReferralState state) {
    return state >= ReferralState::declined;  // the order above: everything from DECLINED on
}

enum class ReferralEvent {
    draft,
    ask_consent,
    submit,
    deliver,
    accept,
    waitlist,
    decline,
    redirect,
    schedule,
    start,
    no_show,
    hold,
    resume,
    complete,
    fail,
    withdraw,
    cancel,
    expire,
    undeliverable,
    freeze,
    unfreeze,
    mark_error,
};
inline constexpr ClosedList<ReferralEvent, 22> kReferralEvents{
    {"draft",    "ask_consent", "submit",        "deliver", "accept",   "waitlist",  "decline", "redirect",
     "schedule", "start",       "no_show",       "hold",    "resume",   "complete",  "fail",    "withdraw",
     "cancel",   "expire",      "undeliverable", "freeze",  "unfreeze", "mark_error"}};

enum class Reason {
    // decline
    no_capacity,
    not_eligible,
    out_of_area,
    missing_info,
    no_such_service,
    unsafe_for_staff,
    subject_declined,
    subject_unreachable,
    consent_missing,
    agreement_missing,
    // hold
    docs_missing,
    waiting_for_subject,
    waiting_for_provider,
    // cancel
    no_longer_needed,
    entered_twice,
    // fail
    service_ended,
    contact_lost,
    // mark_error
    wrong_case,
    wrong_content,
};
inline constexpr ClosedList<Reason, 19> kReasons{
    {"no-capacity", "not-eligible", "out-of-area", "missing-info", "no-such-service", "unsafe-for-staff",
     "subject-declined", "subject-unreachable", "consent-missing", "agreement-missing", "docs-missing",
     "waiting-for-subject", "waiting-for-provider", "no-longer-needed", "entered-twice", "service-ended",
     "contact-lost", "wrong-case", "wrong-content"}};

enum class Outcome { provided, partly, not_eligible_found, self_resolved };
inline constexpr ClosedList<Outcome, 4> kOutcomes{
    {"provided", "partly", "not-eligible-found", "self-resolved"}};

// How the recipient will know her; a higher one shows more, so the order is meaningful.
enum class KnownBy { presents, contact, identified };
inline constexpr ClosedList<KnownBy, 3> kKnownBy{{"presents", "contact", "identified"}};

enum class Priority { routine, urgent, stat };
inline constexpr ClosedList<Priority, 3> kPriorities{{"routine", "urgent", "stat"}};

enum class Language { he, ar, ru, en, other };
inline constexpr ClosedList<Language, 5> kLanguages{{"he", "ar", "ru", "en", "other"}};

enum class Direction { out, back, both };
inline constexpr ClosedList<Direction, 3> kDirections{{"out", "back", "both"}};

enum class ConsentState { proposed, active, rejected, expired, revoked, superseded };
inline constexpr ClosedList<ConsentState, 6> kConsentStates{
    {"proposed", "active", "rejected", "expired", "revoked", "superseded"}};

// No oral form: the Social Workers Law s. 8(a)(1) says in writing.
enum class ConsentForm { written_ink, written_digital, anonymous_click };
inline constexpr ClosedList<ConsentForm, 3> kConsentForms{
    {"written-ink", "written-digital", "anonymous-click"}};

enum class Door { hotline_118, site, department, ngo, campaign, other };
inline constexpr ClosedList<Door, 6> kDoors{{"118", "site", "department", "ngo", "campaign", "other"}};

enum class AckOutcome { taken, held, refused };
inline constexpr ClosedList<AckOutcome, 3> kAckOutcomes{{"taken", "held", "refused"}};

// Flags that always travel sealed and are never a declared loss (domain.md 5.3).
enum class SafetyFlag {
    contact_prohibited,
    safe_channel,
    safe_hours,
    no_voicemail,
    neutral_name,
    do_not_notify_family,
    address_confidential,
};
inline constexpr ClosedList<SafetyFlag, 7> kSafetyFlags{{"contact-prohibited", "safe_channel", "safe_hours",
                                                         "no_voicemail", "neutral_name",
                                                         "do_not_notify_family", "address_confidential"}};

// Services v1 (domain.md 10).
enum class Service {
    rights,
    ben_income,
    ben_disab,
    ben_child,
    ben_alim,
    ben_unemp,
    hous_rent,
    hous_public,
    hous_emerg,
    emp_counsel,
    emp_voc,
    emp_place,
    hlt_phys,
    hlt_sex,
    hlt_ment,
    hlt_trauma,
    hlt_detox,
    edu_compl,
    edu_higher,
    legal_aid,
    debt,
    childcare,
    group_dig,
    group_fam,
    hotline_118,
    accomp,
    interp,
    flex,
};
inline constexpr ClosedList<Service, 28> kServices{
    {"RIGHTS",      "BEN-INCOME", "BEN-DISAB",   "BEN-CHILD",   "BEN-ALIM",   "BEN-UNEMP", "HOUS-RENT",
     "HOUS-PUBLIC", "HOUS-EMERG", "EMP-COUNSEL", "EMP-VOC",     "EMP-PLACE",  "HLT-PHYS",  "HLT-SEX",
     "HLT-MENT",    "HLT-TRAUMA", "HLT-DETOX",   "EDU-COMPL",   "EDU-HIGHER", "LEGAL-AID", "DEBT",
     "CHILDCARE",   "GROUP-DIG",  "GROUP-FAM",   "HOTLINE-118", "ACCOMP",     "INTERP",    "FLEX"}};

// The least that a service must know her by; below it a referral is `identity_required` (contract.md 1).
[[nodiscard]] KnownBy least_known_by(Service service);
// Whether a referral to it may be anonymous (domain.md 10, column anon).
[[nodiscard]] bool may_be_anonymous(Service service);
// The purpose a referral to it has unless said otherwise (domain.md 11.6).
[[nodiscard]] Purpose usual_purpose(Service service);

}  // namespace kesher::contract
