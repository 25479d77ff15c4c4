#include "gateway/insight/agenda.h"

#include <map>
#include <set>

#include "gateway/insight/logged_read.h"
#include "gateway/insight/rules/publication.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/store/statistics.h"
#include "schemas/contract/limits.h"
#include "schemas/json/writer.h"

namespace kesher::insight {
namespace {

using namespace contract;

constexpr auto kOverdueAfter = limits::kUnansweredAlerts[0];
// Of one service and reason: whatever more there is, the count is a least one.
constexpr std::size_t kLookedAt = 1'000;

// How many women they are about, by service and, of declined ones, reason. One of whom a body refers five
// times is one.
using Group = std::pair<Service, std::optional<Reason>>;
std::map<Group, std::uint32_t> women(const keys::SealedStore& sealed,
                                     std::span<const store::ReferralRow> rows) {
    std::map<Group, std::set<CaseId>> cases;
    for (const store::ReferralRow& row : rows) {
        cases[{row.referral.terms.service, row.declined_for}].insert(
            sequencer::referrer_of(sealed, row).case_id);
    }
    std::map<Group, std::uint32_t> counted;
    for (const auto& [group, who] : cases) counted.emplace(group, static_cast<std::uint32_t>(who.size()));
    return counted;
}

void write_overdue(json::Writer& json, Service service, std::uint32_t women, std::uint32_t least) {
    const auto count = said_count(women, least);
    if (!count) return;
    json.open_object()
        .text("kind", "OVERDUE_REFERRALS")
        .text("service", kServices.text(service))
        .number("at_least", *count)
        .close();
}

// No room is a matter of its own at the table: it is mended by money, other reasons by rules.
void write_declined(json::Writer& json, const Group& group, std::uint32_t women, std::uint32_t least) {
    const auto count = said_count(women, least);
    if (!count) return;
    const bool capacity = group.second == Reason::no_capacity;
    json.open_object()
        .text("kind", capacity ? "CAPACITY" : "SYSTEMIC_BARRIER")
        .text("service", kServices.text(group.first));
    if (!capacity) json.text("reason", kReasons.text(group.second.value()));
    json.number("at_least", *count).number("days", limits::kBarrierWindow.count()).close();
}

}  // namespace

Read agenda(const Rooms& rooms, const Reader& reader, OrganisationKind kind) {
    const Instant now = rooms.sequencer.now();
    const std::uint32_t least = least_cell(kind);
    const auto [overdue, declined] = rooms.readers.with([&](store::Connection& connection) {
        return std::pair(
            store::overdue_referrals(connection, {now - kOverdueAfter, least, kLookedAt}),
            store::declined_referrals(connection, {now - limits::kBarrierWindow, least, kLookedAt}));
    });
    json::Writer json;
    json.open_object().text("on", text(day_of(now))).number("least", least).open_array("items");
    for (const auto& [group, count] : women(rooms.sealed_store, overdue)) {
        write_overdue(json, group.first, count, least);
    }
    for (const auto& [group, count] : women(rooms.sealed_store, declined)) {
        write_declined(json, group, count, least);
    }
    json.close().close();
    return shown(rooms, reader, "agenda", {}, json.take());
}

}  // namespace kesher::insight
