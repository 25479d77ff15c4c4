#include "gateway/inbox/upkeep.h"

#include <set>
#include <utility>

#include "gateway/inbox/upkeep_requests.h"
#include "gateway/sequencer/case_rows.h"
#include "schemas/contract/limits.h"

namespace kesher::inbox {
namespace {

using namespace contract;

struct Page {
    std::vector<ReferralId> due;
    std::optional<ReferralId> last;  // the last one judged
    bool more = false;
    Unanswered met{};
};

void meet(Unanswered& met, const referral::Referral& referral, Instant now) {
    const int alerts = referral::alerts_reached(referral, now);
    for (int i = 0; i < alerts; ++i) ++met.referrals.at(static_cast<std::size_t>(i));
}

// What would expire now, by the same rule and the same facts as the decision's.
Page judge(store::Connection& connection, const UpkeepRooms& rooms, const std::optional<ReferralId>& after) {
    const Instant now = rooms.sequencer.now();
    const auto rows = store::referrals_to_judge(connection, after, limits::kUpkeepPage);
    sequencer::Wanted wanted;
    for (const store::ReferralRow& row : rows) want_consent(row, rooms.row_keys, rooms.sealed_store, wanted);
    wanted.settle();
    sequencer::Facts facts;
    if (!wanted.empty() && !std::holds_alternative<store::Replies>(facts.load(connection, wanted, now))) {
        throw store::DatabaseLost("consents were not read");
    }
    Page page;
    for (const store::ReferralRow& row : rows) {
        if (page.due.size() == limits::kUpkeepChanges) break;
        page.last = row.referral.id;
        meet(page.met, row.referral, now);
        if (due_expiry(row, facts, rooms.row_keys, rooms.sealed_store, now))
            page.due.push_back(row.referral.id);
    }
    const bool judged_all = rows.empty() || page.last == rows.back().referral.id;
    page.more = !judged_all || rows.size() == limits::kUpkeepPage;
    return page;
}

struct CasesPage {
    std::vector<LapsingCase> due;
    std::optional<store::CasePlace> last;  // the last one judged
    bool more = false;
};

// Cases whose day is over and that have no first referral.
CasesPage judge_cases(store::Connection& connection, const UpkeepRooms& rooms,
                      const std::optional<store::CasePlace>& after) {
    const Instant opened_before = rooms.sequencer.now() - limits::kCaseLapse;
    const auto rows = store::cases_opened_before(connection, opened_before, after, limits::kUpkeepPage);
    std::vector<Digest> first_slots;
    for (const store::CaseRow& row : rows) {
        const CaseId id = sequencer::case_of(rooms.sealed_store, row).case_id;
        first_slots.push_back(rooms.row_keys.referral_slot(id, 0));
    }
    std::set<Digest> used;
    if (!rows.empty()) {
        for (const auto& each : store::used_slots(connection, first_slots)) used.insert(each.slot);
    }
    CasesPage page;
    for (std::size_t i = 0; i < rows.size() && page.due.size() < limits::kUpkeepChanges; ++i) {
        page.last = store::CasePlace{rows[i].opened_at, rows[i].key};
        if (!used.contains(first_slots[i])) page.due.push_back({rows[i].key, first_slots[i]});
    }
    page.more = rows.size() == limits::kUpkeepPage || (page.last && page.last->key != rows.back().key);
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
    for (std::size_t i = 0; i < met_.referrals.size(); ++i) met_.referrals.at(i) += page.met.referrals.at(i);
    if (!page.more) met_last_ = std::exchange(met_, {});
    return run;
}

std::optional<Unanswered> Upkeep::unanswered() {
    if (!met_last_) return std::nullopt;
    // The last day on which it may be answered is whole: domain.md 5.2.
    const Instant before = start_of(day_of(rooms_.sequencer.now()) - limits::kRevocationAckDue);
    met_last_->revocations = rooms_.readers.with(
        [&](store::Connection& connection) { return store::revocations_unanswered(connection, before); });
    return met_last_;
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
    const CasesPage page = rooms_.readers.with(
        [&](store::Connection& connection) { return judge_cases(connection, rooms_, judged_until_); });
    UpkeepRun run{.more = page.more};
    if (!page.due.empty()) {
        const auto request = std::make_shared<LapseCases>(page.due);
        run.code = rooms_.sequencer.run(request).code;
        if (run.code) return run;  // the same page again
        run.changed = request->lapsed();
        // Where one did not lapse it was referred just now, or its day was not over by the sequencer's clock.
        if (run.changed < page.due.size()) return run;
    }
    if (page.last) judged_until_ = page.last;
    return run;
}

}  // namespace kesher::inbox
