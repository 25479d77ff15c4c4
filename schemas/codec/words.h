// Closed lists that stand only inside payloads: what a screening found, how coarse a fact is, where a
// person may be met. Lists that the log or a statement knows too are in schemas/contract/vocabulary.h.
//
// A list whose words are Avro names is an Avro enum, written by its place: the order is for ever, add
// at the end and only with a new schema version. The others travel as text (schemas/avro/README.md).
#pragma once

#include "schemas/contract/closed_list.h"

namespace kesher::codec {

using contract::ClosedList;

// Why an organisation may not act on a consent although she gave it (Social Workers Law s. 8(a)(1)):
// the worker is convinced that disclosure may hurt her, or her family.
enum class HarmTo { subject, family };
inline constexpr ClosedList<HarmTo, 2> kHarmTo{{"subject", "family"}};

enum class Grantor { subject, guardian };
inline constexpr ClosedList<Grantor, 2> kGrantors{{"subject", "guardian"}};

// What may be recorded of an answer to a notice; the other states of a consent are reached in the hub.
enum class GivenState { active, rejected };
inline constexpr ClosedList<GivenState, 2> kGivenStates{{"active", "rejected"}};

// Where the record is kept; a second place would be a new version of the schema.
enum class Storage { israel };
inline constexpr ClosedList<Storage, 1> kStorages{{"Israel"}};

// Ways to withdraw that were offered to her. Travels as text.
enum class WithdrawalMethod { claim_code, hotline, letter, worker };
inline constexpr ClosedList<WithdrawalMethod, 4> kWithdrawalMethods{
    {"claim-code", "hotline", "letter", "worker"}};

// What a recipient did when a consent was revoked. Travels as text.
enum class RevocationEffect { stopped, deleted, retained_by_law };
inline constexpr ClosedList<RevocationEffect, 3> kRevocationEffects{
    {"stopped", "deleted", "retained-by-law"}};

// Travels as text.
enum class ScreeningFit { fit, no_fit, other_door };
inline constexpr ClosedList<ScreeningFit, 3> kScreeningFits{{"fit", "no-fit", "other-door"}};

// As coarse as a place ever gets in clear.
enum class District { jerusalem, north, haifa, center, tel_aviv, south, judea_samaria };
inline constexpr ClosedList<District, 7> kDistricts{
    {"jerusalem", "north", "haifa", "center", "tel_aviv", "south", "judea_samaria"}};

// Facts of an anonymous question: bands so wide that together they name nobody. Adults only.
enum class AgeBand { from_18_to_24, from_25_to_34, from_35_to_49, from_50_to_61, from_62, unknown };
inline constexpr ClosedList<AgeBand, 6> kAgeBands{
    {"from_18_to_24", "from_25_to_34", "from_35_to_49", "from_50_to_61", "from_62", "unknown"}};

enum class Children { none, one, two, three_or_more, unknown };
inline constexpr ClosedList<Children, 5> kChildren{{"none", "one", "two", "three_or_more", "unknown"}};

// A month's income against the legal minimum wage and the average wage.
enum class IncomeBand { none, below_minimum, minimum_to_average, above_average, unknown };
inline constexpr ClosedList<IncomeBand, 5> kIncomeBands{
    {"none", "below_minimum", "minimum_to_average", "above_average", "unknown"}};

enum class Housing { own, rented, with_others, temporary, without, unknown };
inline constexpr ClosedList<Housing, 6> kHousings{
    {"own", "rented", "with_others", "temporary", "without", "unknown"}};

enum class Work { employed, self_employed, seeking, studying, not_working, unknown };
inline constexpr ClosedList<Work, 6> kWorks{
    {"employed", "self_employed", "seeking", "studying", "not_working", "unknown"}};

enum class YesNo { yes, no, unknown };
inline constexpr ClosedList<YesNo, 3> kYesNo{{"yes", "no", "unknown"}};

enum class Likelihood { likely, maybe, no };
inline constexpr ClosedList<Likelihood, 3> kLikelihoods{{"likely", "maybe", "no"}};

enum class Modality { in_person, phone, video, text };
inline constexpr ClosedList<Modality, 4> kModalities{{"in_person", "phone", "video", "text"}};

enum class CouncilBody { round_table, field_forum, implementation_team };
inline constexpr ClosedList<CouncilBody, 3> kCouncilBodies{
    {"ROUND_TABLE", "FIELD_FORUM", "IMPLEMENTATION_TEAM"}};

// domain.md 9.1, without CASE_CONSULT: a case comes to the table by its consent, never by a proposal.
// Travels as text.
enum class AgendaKind {
    systemic_barrier,
    capacity,
    overdue_referrals,
    stat,
    security_quarterly,
    knesset_annual,
    breakglass_count,
    revocation_acks,
    open_issue,
    new_service,
    forum_input,
    rt_reply,
    policy,
    agreement,
};
inline constexpr ClosedList<AgendaKind, 14> kAgendaKinds{
    {"SYSTEMIC_BARRIER", "CAPACITY", "OVERDUE_REFERRALS", "STAT", "SECURITY_QUARTERLY", "KNESSET_ANNUAL",
     "BREAKGLASS_COUNT", "REVOCATION_ACKS", "OPEN_ISSUE", "NEW_SERVICE", "FORUM_INPUT", "RT_REPLY", "POLICY",
     "AGREEMENT"}};

// Who may read a proposed item: the members of its body, or the other body too.
enum class AgendaVisibility { members, shared };
inline constexpr ClosedList<AgendaVisibility, 2> kAgendaVisibilities{{"members", "shared"}};

enum class SafeChannel { none, voice, sms, chat, email, in_person, through_worker };
inline constexpr ClosedList<SafeChannel, 7> kSafeChannels{
    {"none", "voice", "sms", "chat", "email", "in_person", "through_worker"}};

}  // namespace kesher::codec
