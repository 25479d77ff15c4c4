#include "gateway/referral/actors.h"

#include <algorithm>
#include <array>

namespace kesher::referral {
namespace {

using contract::Code;
using contract::Failure;
using contract::WordSet;
using K = contract::OrganisationKind;
using R = contract::OfficerRole;

using Kinds = WordSet<K>;
using Roles = WordSet<R>;

// OPERATOR stands among the receiving kinds for `echo`, which answers rehearsals.
constexpr Kinds kCaring{K::public_body, K::provider, K::ngo, K::tool};
constexpr Kinds kCaringOr118 = kCaring.with({K::hotline});
constexpr Kinds kReceiving = kCaringOr118.with({K::operator_});

// Who knows her and refers; lay facilitators get a group handle only, never a case.
constexpr Roles kReferrers{R::social_worker, R::envelope_sw, R::coordinator, R::head_coordinator};
constexpr Roles kHotline{R::hotline_sw, R::hotline_operator};
// An unattended adapter carries what its native system says: receipts, states, and her withdrawal.
// It never speaks for a person who would have to answer for it: no submission, no consent.
constexpr Roles kReceivers = kReferrers.with({R::caseworker, R::hotline_sw, R::system});
constexpr Roles kPassOnHerWord = kReceivers.with({R::hotline_operator, R::manager, R::privacy_officer});
constexpr Roles kRecorders{R::social_worker, R::envelope_sw};
constexpr Roles kCouncil{R::round_table_member, R::chair, R::forum_member, R::coordinator,
                         R::head_coordinator};

enum class Training { asked, not_asked };

struct Permission {
    Deed deed;
    Kinds kinds;
    Roles roles;
    Training training = Training::asked;
};

// clang-format off
constexpr std::array kPermissions{
    Permission{Deed::open_case,               kCaring,      kReferrers},
    Permission{Deed::open_case,               {K::hotline}, kHotline},
    Permission{Deed::submit,                  kCaring,      kReferrers},
    Permission{Deed::submit_anonymous,        kCaring,      kReferrers},
    Permission{Deed::submit_anonymous,        {K::hotline}, kHotline},
    Permission{Deed::act_as_referrer,         kCaring,      kReferrers},
    Permission{Deed::act_as_referrer,         {K::hotline}, kHotline},
    Permission{Deed::act_as_recipient,        kReceiving,   kReceivers},
    Permission{Deed::withdraw,                kCaringOr118, kPassOnHerWord, Training::not_asked},
    Permission{Deed::record_consent,          {K::public_body, K::provider}, kRecorders},
    Permission{Deed::revoke_consent,          kCaringOr118, kPassOnHerWord, Training::not_asked},
    Permission{Deed::acknowledge_revocation,  kReceiving,   kPassOnHerWord},
    Permission{Deed::screen_intake,           {K::hotline}, {R::hotline_sw}},
    Permission{Deed::ask_eligibility,         kCaringOr118, kPassOnHerWord},
    Permission{Deed::answer_eligibility,      {K::public_body, K::tool}, {R::caseworker, R::system}},
    Permission{Deed::report_capacity,         kCaringOr118, kReceivers.with({R::manager})},
    Permission{Deed::propose_agenda,          {K::public_body, K::provider, K::ngo}, kCouncil},
    Permission{Deed::report_headcount,        {K::provider}, {R::manager, R::head_coordinator}},
    Permission{Deed::deliver_and_acknowledge, kReceiving,   kReceivers},
};
// clang-format on

bool trained(const Actor& actor, contract::Instant at) {
    if (actor.role == R::system) return true;
    return actor.training_valid_until && contract::day_of(at) <= *actor.training_valid_until;
}

bool permits(const Permission& permission, const Actor& actor, Deed deed, contract::Instant at) {
    return permission.deed == deed && permission.kinds.has(actor.kind) && permission.roles.has(actor.role) &&
           (permission.training == Training::not_asked || trained(actor, at));
}

}  // namespace

contract::Result<contract::Done, Code> actor_may(const Actor& actor, Deed deed, contract::Instant at) {
    const bool holds_role = actor.holds_role || actor.role == R::system;
    const bool permitted = std::ranges::any_of(
        kPermissions, [&](const Permission& permission) { return permits(permission, actor, deed, at); });
    if (!holds_role || actor.suspended || !permitted) return Failure{Code::actor_not_allowed};
    return contract::Done{};
}

}  // namespace kesher::referral
