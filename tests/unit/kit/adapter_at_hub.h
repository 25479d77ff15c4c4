// What an adapter under test stands on: the scripted hub, which decides anew on what is given back, a journal
// on disk, keys, and the lines of its log. Its native half and its loop are the test's.
#pragma once

#include <algorithm>
#include <map>
#include <set>

#include "adapters/kit/outbox.h"
#include "tests/unit/kit/scripted_hub.h"

namespace kesher::kit::table {

struct AdapterAtHub {
    AdapterAtHub(Exchange& at, const Party& own) : exchange(at), self(own) {
        script.organisations = exchange.organisations;
        for (const auto& [organisation, pin] : exchange.pins) journal->pin(organisation, pin.root);
        script.given_back = [this](const statement::Ack& ack) { release_again(ack.delivery); };
    }
    AdapterAtHub(const AdapterAtHub&) = delete;
    AdapterAtHub& operator=(const AdapterAtHub&) = delete;

    [[nodiscard]] std::unique_ptr<Journal> open_journal() const {
        return std::make_unique<Journal>(folder / "journal", JournalOwner{self.id, std::string(kOrigin)});
    }
    // What the hub does with a release that was given back: it decides anew.
    void release_again(const DeliveryId& delivery) {
        const auto was = released.find(delivery);
        if (was == released.end() || over.contains(delivery)) return;
        const auto [written, number, attempt] = was->second;
        script.inbox.push_back(arrives(written, number, attempt + 1, script.machine_clock));
    }
    codec::Delivery arrives(const Written& written, std::uint8_t delivery, int attempt = 1,
                            Instant at = kNow) {
        released.insert_or_assign(id<DeliveryId>(delivery), std::tuple(written, delivery, attempt));
        Release release = release_of(written);
        release.delivery = id<DeliveryId>(delivery);
        release.attempt = attempt;
        release.at = at;
        return delivered(exchange.log, release);
    }
    [[nodiscard]] std::ptrdiff_t lines_with(std::string_view word) const {
        return std::count_if(lines.begin(), lines.end(),
                             [&](const std::string& line) { return line.find(word) != std::string::npos; });
    }

    std::map<DeliveryId, std::tuple<Written, std::uint8_t, int>> released;
    std::set<DeliveryId> over;  // she withdrew: the hub releases it to nobody
    Exchange& exchange;
    const Party& self;
    Folder folder;
    ScriptedHub script{exchange.log};
    HubClient hub = script.client(self.id);
    std::unique_ptr<Journal> journal = open_journal();
    AliasMaker aliases{statement::Secret(Bytes(32, 7))};
    ToldNames names{folder.path(), aliases};
    MessageWriter writer{self.id, std::string(kOrigin), self.signer()};
    statement::Signer signer = self.signer();
    statement::OpeningKeys opening = exchange.opening(self);
    std::vector<std::string> lines;
    telemetry::Log log{telemetry::Level::debug, [this](std::string_view line) { lines.emplace_back(line); }};
};

}  // namespace kesher::kit::table
