// A hub's calls about cases and officers as one body after the other makes them, without the network.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gateway/http/participants.h"
#include "gateway/http/reading.h"
#include "gateway/identity/caller.h"
#include "gateway/insight/witnessing.h"
#include "schemas/json/read.h"
#include "tests/store/sequencer/world.h"

namespace kesher::tests {

struct Asked {
    World world;
    inbox::Arrivals arrivals;
    sequencer::WitnessedClock clock;
    insight::Witnessing witnessing{world.readers(), clock, world.log_key()};
    http::OrdinaryCalls calls{128, 16};
    http::HubRooms rooms{
        {world.hub(), world.refusals(), world.readers(), world.keys(), world.row_keys(), world.sealed_store(),
         world.claim_codes(), world.log_key(), std::string(World::kHub), std::string(World::kOrigin),
         "https://hub.example:8443", "https://hub.example:8445"},
        {world.hub(), world.readers(), world.sealed_store(), arrivals},
        {world.hub(), world.readers(), world.row_keys(), world.sealed_store()},
        clock,
        witnessing,
        calls,
        std::chrono::seconds{30}};

    identity::Caller caller(const Body& body) {
        return identity::identify(contract::hex(body.tls_certificate().view()), world.hub().registry())
            .value();
    }
    using Query = std::vector<std::pair<std::string, std::string>>;
    edge::Response cases(const Body& body, Query query = {}) {
        edge::Request request{.method = "GET", .route = "/v1/cases"};
        request.query = std::move(query);
        return http::get_cases(rooms, caller(body), request);
    }
    edge::Response referral(const Body& body, const contract::ReferralId& id) {
        edge::Request request{.method = "GET", .route = "/v1/referrals/{id}"};
        request.captures = {{"id", id.text()}};
        return http::get_referral(rooms, caller(body), request);
    }
    edge::Response message(const Body& body, const contract::MessageId& id) {
        edge::Request request{.method = "GET", .route = "/v1/messages/{id}"};
        request.captures = {{"id", id.text()}};
        return http::get_message(rooms, caller(body), request);
    }
    // The entry as its body signs it, a moment later than the last.
    edge::Response officer(const Body& body, statement::OfficerEntry entry) {
        world.pass(std::chrono::milliseconds{1});
        entry.at = world.now();
        return officer(body, entry.officer.text(), statement::sign_officer_entry(entry, body.signer()));
    }
    edge::Response officer(const Body& body, const std::string& id, const std::string& text) {
        edge::Request request{.method = "PUT", .route = "/v1/officers/{id}"};
        request.captures = {{"id", id}};
        request.body.assign(text.begin(), text.end());
        return http::put_officer(rooms, caller(body), request);
    }
    std::size_t leaves() { return world.leaves().size(); }
};

inline json::Value read_answer(const edge::Response& response) {
    return json::read(response.body, {.bytes = 1024 * 1024, .depth = 8}).value();
}
inline std::string code_of(const edge::Response& response) {
    const auto body = read_answer(response);
    const json::Value* code = body.find("code");
    return code == nullptr ? "" : *code->text();
}

}  // namespace kesher::tests
