#include "gateway/insight/board.h"

#include <algorithm>
#include <array>
#include <map>

#include "gateway/insight/as_told.h"
#include "gateway/insight/logged_read.h"
#include "gateway/insight/rules/publication.h"
#include "gateway/keys/secret.h"
#include "gateway/sequencer/case_rows.h"
#include "schemas/contract/limits.h"
#include "schemas/json/writer.h"

namespace kesher::insight {
namespace {

using namespace contract;

// Those without a sensitivity label.
WordSet<Service> services_that_may_stand(const sequencer::Registry& registry) {
    WordSet<Service> services;
    for (std::size_t i = 0; i < kServices.size(); ++i) {
        const auto service = static_cast<Service>(i);
        const auto label = registry.catalogue().service(service).label;
        if (label == catalogue::SecurityLabel::normal) services.add(service);
    }
    return services;
}

// An order that nobody can know before: each line draws a number, and the least stands first.
std::vector<store::ReferralRow> in_random_order(std::vector<store::ReferralRow> rows) {
    struct Drawn {
        std::array<std::uint8_t, 16> number{};
        store::ReferralRow row;
    };
    std::vector<Drawn> drawn;
    for (store::ReferralRow& row : rows) {
        drawn.push_back({{}, std::move(row)});
        keys::fill_random(drawn.back().number);
    }
    std::sort(drawn.begin(), drawn.end(), [](const Drawn& a, const Drawn& b) { return a.number < b.number; });
    rows.clear();
    for (Drawn& each : drawn) rows.push_back(std::move(each.row));
    return rows;
}

// Each as the reader may see it, in the same order.
std::vector<store::ReferralRow> all_as_told(store::Connection& connection, const Rooms& rooms,
                                            const OrganisationId& reader,
                                            std::vector<store::ReferralRow> rows,
                                            const sequencer::Registry& registry, Instant at) {
    std::vector<ReferralId> ids;
    std::vector<std::vector<Digest>> keys(rows.size());
    std::vector<Digest> all_keys;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].referral.referrer != reader) continue;  // its recipient sees it as it stands
        ids.push_back(rows[i].referral.id);
        keys[i] = keys_of_her_word(rooms, rows[i]);
        all_keys.insert(all_keys.end(), keys[i].begin(), keys[i].end());
    }
    store::Pipeline pipeline(connection);
    const auto sent = store::find_deliveries_of_referrals(pipeline, ids);
    const auto under = store::find_consents_by_key(pipeline, all_keys);
    const store::Outcome outcome = pipeline.run();
    const auto* replies = std::get_if<store::Replies>(&outcome);
    if (replies == nullptr) throw store::DatabaseLost("a board was not answered");
    std::map<ReferralId, std::vector<store::DeliveryRow>> deliveries;
    for (auto& each : store::read_deliveries((*replies)[sent])) {
        deliveries[each.referral.value()].push_back(std::move(each));
    }
    std::multimap<Digest, consent::Consent> consents;
    for (auto& each : store::read_consents_by_key((*replies)[under])) {
        consents.emplace(each.key.key, std::move(each.row.consent));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        referral::Referral& referral = rows[i].referral;
        std::vector<consent::Consent> hers;
        for (const Digest& key : keys[i]) {
            const auto [from, to] = consents.equal_range(key);
            for (auto each = from; each != to; ++each) hers.push_back(each->second);
        }
        referral = as_told({referral, hers, deliveries[referral.id]}, reader, registry, at);
    }
    return rows;
}

void write_line(json::Writer& json, const referral::Referral& referral, const OrganisationId& viewer,
                std::int64_t number, Day today) {
    const bool sent = referral.referrer == viewer;
    const ReferralState state = referral::shown_state(referral);
    json.open_object()
        .number("line", number)
        .text("side", sent ? "referrer" : "recipient")
        .text("other", (sent ? referral.recipient : referral.referrer).text())
        .text("service", kServices.text(referral.terms.service))
        .text("state", kReferralStates.text(state))
        .text("days", kDayBands.text(band_of(day_of(referral.since), today)))
        .text("waiting_for", waiting_for(state));
    if (referral.updates_stopped) json.text("updates", "stopped");
    json.close();
}

}  // namespace

Read board(const Rooms& rooms, const Reader& reader) {
    const Instant now = rooms.sequencer.now();
    const auto registry = rooms.sequencer.registry();
    auto rows = rooms.readers.look([&](store::Connection& connection) {
        auto found =
            store::referrals_of(connection, {reader.organisation, services_that_may_stand(*registry),
                                             now - limits::kBoardKeepsEnded, limits::kBoardLines + 1});
        return all_as_told(connection, rooms, reader.organisation, std::move(found), *registry, now);
    });
    const bool more = rows.size() > limits::kBoardLines;
    if (more) rows.pop_back();

    json::Writer json;
    json.open_object().text("on", text(day_of(now))).open_array("lines");
    std::vector<Seen> seen;
    std::int64_t number = 0;
    for (const store::ReferralRow& row : in_random_order(std::move(rows))) {
        // A leaf a line, however many are one woman's: the body reads its own leaves and counts them.
        seen.push_back(
            {std::nullopt, std::nullopt, sequencer::referrer_of(rooms.sealed_store, row).subject_key});
        write_line(json, row.referral, reader.organisation, ++number, day_of(now));
    }
    json.close();
    if (more) json.boolean("more", true);
    json.close();
    log::Scope scope;
    scope.rows = static_cast<std::uint32_t>(number);
    return shown(rooms, reader, "board", std::move(seen), json.take(), std::move(scope));
}

}  // namespace kesher::insight
