#include "gateway/inbox/upkeep.h"

#include "gateway/inbox/upkeep_requests.h"
#include "schemas/contract/limits.h"

namespace kesher::inbox {
namespace {

using namespace contract;

struct Page {
    std::vector<ReferralId> due;
    std::optional<ReferralId> last;  // the last one judged
    bool more = false;
};

// What would expire now, by the same rule and the same facts as the decision's.
Page judge(store::Connection& connection, const UpkeepRooms& rooms, const std::optional<ReferralId>& after) {
    const auto rows = store::referrals_to_judge(connection, after, limits::kUpkeepPage);
    sequencer::Wanted wanted;
    for (const store::ReferralRow& row : rows) want_consent(row, rooms.row_keys, rooms.sealed_store, wanted);
    sequencer::Facts facts;
    if (!wanted.empty() && !std::holds_alternative<store::Replies>(facts.load(connection, wanted))) {
        throw store::DatabaseLost("consents were not read");
    }
    Page page;
    const Instant now = rooms.sequencer.now();
    for (const store::ReferralRow& row : rows) {
        if (page.due.size() == limits::kUpkeepChanges) break;
        page.last = row.referral.id;
        if (due_expiry(row, facts, rooms.row_keys, rooms.sealed_store, now))
            page.due.push_back(row.referral.id);
    }
    const bool judged_all = rows.empty() || page.last == rows.back().referral.id;
    page.more = !judged_all || rows.size() == limits::kUpkeepPage;
    return page;
}

}  // namespace

bool Upkeep::clock_agrees() const {
    return rooms_.clock.agrees(*rooms_.sequencer.registry(), rooms_.sequencer.now());
}

UpkeepRun Upkeep::end_referrals() {
    if (!clock_agrees()) return {.clock_doubtful = true};
    const Page page =
        rooms_.readers.with([&](store::Connection& connection) { return judge(connection, rooms_, after_); });
    UpkeepRun run{.more = page.more};
    if (!page.due.empty()) {
        const auto request = std::make_shared<ExpireReferrals>(page.due);
        run.code = rooms_.sequencer.run(request).code;
        if (run.code) return run;  // the same page again
        run.changed = request->ended();
    }
    after_ = page.more ? page.last : std::nullopt;
    return run;
}

UpkeepRun Upkeep::delete_payloads() {
    if (!clock_agrees()) return {.clock_doubtful = true};
    const Instant settled_before = rooms_.sequencer.now() - limits::kPayloadKeptAfterTaken;
    const auto messages = rooms_.readers.with([&](store::Connection& connection) {
        return store::payloads_delivered_before(connection, settled_before, limits::kUpkeepPage);
    });
    UpkeepRun run{.changed = messages.size(), .more = messages.size() == limits::kUpkeepPage};
    if (messages.empty()) return run;
    run.code = rooms_.sequencer.run(std::make_shared<DeletePayloads>(messages)).code;
    if (run.code) run.changed = 0;
    return run;
}

UpkeepRun Upkeep::lapse_cases() {
    if (!clock_agrees()) return {.clock_doubtful = true};
    const Instant opened_before = rooms_.sequencer.now() - limits::kCaseLapse;
    auto cases = rooms_.readers.with([&](store::Connection& connection) {
        return store::cases_to_lapse(connection, opened_before, limits::kUpkeepChanges);
    });
    UpkeepRun run{.more = cases.size() == limits::kUpkeepChanges};
    if (cases.empty()) return run;
    const auto request = std::make_shared<LapseCases>(std::move(cases));
    run.code = rooms_.sequencer.run(request).code;
    if (!run.code) run.changed = request->lapsed();
    return run;
}

}  // namespace kesher::inbox
