#include "gateway/insight/agenda.h"

#include <algorithm>
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

// What one group counts. Whom the asker itself referred or was handed, it counts by its own names of them; of
// all others how many women they are. Apart, because whoever can take its own away from a sum is left with
// what may be one woman.
struct Cell {
    std::set<std::string> own;
    std::set<CaseId> known;
    std::set<CaseId> others;
};

void count(Cell& cell, const keys::SealedStore& sealed, const store::ReferralRow& row,
           const OrganisationId& asker) {
    const referral::Referral& referral = row.referral;
    const keys::CaseSecrets referrer = sequencer::referrer_of(sealed, row);
    if (referral.referrer == asker) {
        cell.own.insert(referrer.pseudonym.reveal());
    } else if (const auto handed = sequencer::recipient_of(sealed, row);
               handed && referral.recipient == asker) {
        cell.own.insert(handed->pseudonym.reveal());
    } else {
        cell.others.insert(referrer.case_id);
        return;
    }
    cell.known.insert(referrer.case_id);
}

std::optional<std::uint32_t> said(const Cell& cell, std::uint32_t least) {
    const auto others =
        std::ranges::count_if(cell.others, [&](const CaseId& id) { return !cell.known.contains(id); });
    return said_sum(static_cast<std::uint32_t>(cell.own.size()), static_cast<std::uint32_t>(others), least);
}

// By service and, of declined ones, reason.
using Group = std::pair<Service, std::optional<Reason>>;
std::map<Group, std::uint32_t> counted(const keys::SealedStore& sealed,
                                       std::span<const store::ReferralRow> rows, const OrganisationId& asker,
                                       std::uint32_t least) {
    std::map<Group, Cell> cells;
    for (const store::ReferralRow& row : rows) {
        count(cells[{row.referral.terms.service, row.declined_for}], sealed, row, asker);
    }
    std::map<Group, std::uint32_t> shown;
    for (const auto& [group, cell] : cells) {
        if (const auto number = said(cell, least)) shown.emplace(group, *number);
    }
    return shown;
}

void write_overdue(json::Writer& json, Service service, std::uint32_t at_least) {
    json.open_object()
        .text("kind", "OVERDUE_REFERRALS")
        .text("service", kServices.text(service))
        .number("at_least", at_least)
        .close();
}

// No room is a matter of its own at the table: it is mended by money, other reasons by rules.
void write_declined(json::Writer& json, const Group& group, std::uint32_t at_least) {
    const bool capacity = group.second == Reason::no_capacity;
    json.open_object()
        .text("kind", capacity ? "CAPACITY" : "SYSTEMIC_BARRIER")
        .text("service", kServices.text(group.first));
    if (!capacity) json.text("reason", kReasons.text(group.second.value()));
    json.number("at_least", at_least).number("days", limits::kBarrierWindow.count()).close();
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
    const auto in = [&](std::span<const store::ReferralRow> rows) {
        return counted(rooms.sealed_store, rows, reader.organisation, least);
    };
    for (const auto& [group, at_least] : in(overdue)) write_overdue(json, group.first, at_least);
    for (const auto& [group, at_least] : in(declined)) write_declined(json, group, at_least);
    json.close().close();
    return shown(rooms, reader, "agenda", {}, json.take());
}

}  // namespace kesher::insight
