#include "gateway/insight/agenda.h"

#include "gateway/insight/logged_read.h"
#include "gateway/insight/rules/publication.h"
#include "gateway/store/statistics.h"
#include "schemas/contract/limits.h"
#include "schemas/json/writer.h"

namespace kesher::insight {
namespace {

using namespace contract;

constexpr auto kOverdueAfter = limits::kUnansweredAlerts[0];

struct Counts {
    std::vector<store::OverdueCount> overdue;
    std::vector<store::DeclineCount> declined;
};

void write_overdue(json::Writer& json, const store::OverdueCount& cell, std::uint32_t least) {
    const auto count = said_count(cell.count, least);
    if (!count) return;
    json.open_object()
        .text("kind", "OVERDUE_REFERRALS")
        .text("service", kServices.text(cell.service))
        .number("at_least", *count)
        .close();
}

// No room is a matter of its own at the table: it is mended by money, other reasons by rules.
void write_declined(json::Writer& json, const store::DeclineCount& cell, std::uint32_t least) {
    const auto count = said_count(cell.count, least);
    if (!count) return;
    const bool capacity = cell.reason == Reason::no_capacity;
    json.open_object()
        .text("kind", capacity ? "CAPACITY" : "SYSTEMIC_BARRIER")
        .text("service", kServices.text(cell.service));
    if (!capacity) json.text("reason", kReasons.text(cell.reason));
    json.number("at_least", *count).number("days", limits::kBarrierWindow.count()).close();
}

}  // namespace

Read agenda(const Rooms& rooms, const Reader& reader, OrganisationKind kind) {
    const Instant now = rooms.sequencer.now();
    const std::uint32_t least = least_cell(kind);
    const Counts counts = rooms.readers.with([&](store::Connection& connection) {
        return Counts{store::overdue_counts(connection, now - kOverdueAfter, least),
                      store::decline_counts(connection, now - limits::kBarrierWindow, least)};
    });
    json::Writer json;
    json.open_object().text("on", text(day_of(now))).number("least", least).open_array("items");
    for (const store::OverdueCount& cell : counts.overdue) write_overdue(json, cell, least);
    for (const store::DeclineCount& cell : counts.declined) write_declined(json, cell, least);
    json.close().close();
    return shown(rooms, reader, "agenda", {}, json.take());
}

}  // namespace kesher::insight
