// The order of a record's keys, and the closed lists behind its words: written here once; record_write.cpp
// and record_read.cpp both walk it. For these two alone.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include "audit/log/record.h"

namespace kesher::log::spelling {

inline constexpr std::string_view kVersion = R"({"v":1)";

// A walk is called with each member's key and the member, in the order in which they stand on the line.

template <class Walk, class R>
    requires std::same_as<std::remove_const_t<R>, Record>
void members(Walk& walk, R& r) {
    walk("at", r.at);
    walk("event", r.event);
    walk("nonce", r.nonce);
    walk("actor_type", r.actor_type);
    walk("actor", r.actor);
    walk("role", r.role);
    walk("org", r.org);
    walk("unit", r.unit);
    walk("auth", r.auth);
    walk("operation", r.operation);
    walk("resource", r.resource);
    walk("scope", r.scope);
    walk("purpose", r.purpose);
    walk("basis", r.basis);
    walk("consent", r.consent);
    walk("agreement", r.agreement);
    walk("decision", r.decision);
    walk("code", r.code);
    walk("message", r.message);
    walk("statement", r.statement);
    walk("referral", r.referral);
    walk("before", r.before);
    walk("after", r.after);
    walk("subject", r.subject);
    walk("recipient", r.recipient);
    walk("dropped", r.dropped);
    walk("breakglass", r.breakglass);
    if (walk.wants_facts(r.facts)) walk("facts", r.facts);
}

template <class Walk, class A>
    requires std::same_as<std::remove_const_t<A>, Auth>
void members(Walk& walk, A& auth) {
    walk("factor", auth.factor);
    walk("certificate", auth.certificate);
}

template <class Walk, class S>
    requires std::same_as<std::remove_const_t<S>, Scope>
void members(Walk& walk, S& scope) {
    walk("groups", scope.groups);
    walk("rows", scope.rows);
    walk("search", scope.search);
}

template <class Walk, class S>
    requires std::same_as<std::remove_const_t<S>, Stage>
void members(Walk& walk, S& stage) {
    walk("state", stage.state);
    walk("version", stage.version);
}

template <class Walk, class D>
    requires std::same_as<std::remove_const_t<D>, Dropped>
void members(Walk& walk, D& dropped) {
    walk("names", dropped.names);
    walk("count", dropped.count);
}

constexpr const auto& list_of(RecordEvent) { return kRecordEvents; }
constexpr const auto& list_of(ActorType) { return kActorTypes; }
constexpr const auto& list_of(Decision) { return kDecisions; }
constexpr const auto& list_of(contract::OfficerRole) { return contract::kOfficerRoles; }
constexpr const auto& list_of(contract::DataGroup) { return contract::kDataGroups; }
constexpr const auto& list_of(contract::Purpose) { return contract::kPurposes; }
constexpr const auto& list_of(contract::LegalBasis) { return contract::kLegalBases; }
constexpr const auto& list_of(contract::ReferralState) { return contract::kReferralStates; }

template <class E>
concept Listed = requires(E e) { list_of(e); };
template <class T>
concept Object =
    std::same_as<T, Auth> || std::same_as<T, Scope> || std::same_as<T, Stage> || std::same_as<T, Dropped>;

}  // namespace kesher::log::spelling
