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

// What one group counts: whom the asker itself referred or was handed, by its own names of them, and of all
// others' referrals how many women they are about. A woman of both is counted in both: nothing that the asker
// does itself moves what it is told of others.
struct Cell {
    std::set<std::string> own;
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
    }
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
        const auto number = said_sum(static_cast<std::uint32_t>(cell.own.size()),
                                     static_cast<std::uint32_t>(cell.others.size()), least);
        if (number) shown.emplace(group, *number);
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
    const auto [overdue, declined] = rooms.readers.look([&](store::Connection& connection) {
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
