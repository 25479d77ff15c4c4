// One caller never shuts another out, nor its own small messages: threads, memory and handshakes have shares.
// Method: lines of two ministries, of which one holds what it can; numbers small enough to reach both sides
// of each edge.
#include <catch2/catch.hpp>

#include "tests/edge/ministries.h"

using namespace kesher;
using namespace kesher::tests;

namespace {

using Lines = std::vector<std::unique_ptr<RawLine>>;

std::string head_of(std::size_t body_bytes) {
    return "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: " +
           std::to_string(body_bytes) + "\r\n\r\n";
}

edge::ListenerSettings patient(const Ministries& pki) {
    auto settings = pki.settings();
    settings.threads = 16;
    settings.request_deadline = 30s;
    settings.handshake_deadline = 30s;
    settings.keep_alive = 30s;
    return settings;
}

class Hall {
public:
    explicit Hall(edge::ListenerSettings settings) : listener(std::move(settings)) {}

    // A line whose handshake is done and that has been answered once.
    std::unique_ptr<RawLine> line_of(const Issued& body) {
        auto line = std::make_unique<RawLine>(listener.port(), TlsOffer{.identity = body});
        line->send(get("/v1/echo"));
        REQUIRE(line->answer().status == 200);
        return line;
    }
    // A body of that length is on its way and does not come; the listener has taken its bytes.
    void upload(const Issued& body, std::size_t bytes) {
        auto line = line_of(body);
        line->send(head_of(bytes) + "some");
        held_ += bytes;
        REQUIRE(
            listener.shows("kesher_edge_body_bytes_in_flight{listener=\"test\"} " + std::to_string(held_)));
        slow.push_back(std::move(line));
    }
    int status_of(const Issued& body, std::size_t bytes) {
        auto line = line_of(body);
        line->send(post("/v1/echo", std::string(bytes, 'a')));
        return line->answer().status;
    }
    bool crowded_out(int count) const {
        return listener.shows("kesher_edge_crowded_out_total{listener=\"test\"} " + std::to_string(count));
    }

    Listener listener;
    Lines slow;

private:
    std::size_t held_ = 0;
};

}  // namespace

TEST_CASE("Slow large bodies of one organisation leave room for another and for its own small one") {
    const Ministries pki;
    auto settings = patient(pki);
    settings.bytes_in_flight_max = 40'000;
    settings.share = {};  // a quarter of the bytes
    Hall hall(settings);
    hall.upload(pki.health, 5'000);
    hall.upload(pki.health, 5'000);
    CHECK(hall.status_of(pki.health, 1'001) == 429);
    CHECK(hall.status_of(pki.health, 1'000) == 200);
    CHECK(hall.status_of(pki.labor, 8'000) == 200);
    CHECK(hall.status_of(pki.labor, 1'000) == 200);
}

TEST_CASE("A second large body of a caller fits up to its share and no further") {
    const Ministries pki;
    auto settings = patient(pki);
    settings.bytes_in_flight_max = 40'000;
    settings.share.large_bytes = 9'000;
    Hall hall(settings);
    hall.upload(pki.health, 5'000);
    CHECK(hall.status_of(pki.health, 4'001) == 429);
    CHECK(hall.status_of(pki.health, 4'000) == 200);
}

TEST_CASE("A caller's first body may be larger than its share where there is room") {
    const Ministries pki;
    auto settings = patient(pki);
    settings.bytes_in_flight_max = 8'000;
    settings.share.large_bytes = 2'000;
    Hall hall(settings);
    CHECK(hall.status_of(pki.health, 8'000) == 200);
    hall.upload(pki.health, 3'000);
    CHECK(hall.status_of(pki.health, 1'001) == 429);
    CHECK(hall.status_of(pki.labor, 5'000) == 200);
    CHECK(hall.status_of(pki.labor, 5'001) == 429);
}

TEST_CASE("A small body is never told busy and one byte more is where nothing is left") {
    const Ministries pki;
    auto settings = patient(pki);
    settings.bytes_in_flight_max = 8'000;
    Hall hall(settings);
    hall.upload(pki.health, 8'000);
    for (const Issued* body : {&pki.health, &pki.labor}) {
        CHECK(hall.status_of(*body, 1'001) == 429);
        CHECK(hall.status_of(*body, 1'000) == 200);
    }
}

TEST_CASE("Large bodies take half of a caller's connections and the other half stays for small ones") {
    const Ministries pki;
    auto settings = patient(pki);
    settings.bytes_in_flight_max = 100'000;
    settings.share = {.connections = 4, .large_bytes = 100'000};
    Hall hall(settings);
    hall.upload(pki.health, 1'001);
    hall.upload(pki.health, 1'001);
    CHECK(hall.status_of(pki.health, 1'001) == 429);
    CHECK(hall.status_of(pki.health, 1'000) == 200);
    CHECK(hall.status_of(pki.labor, 1'001) == 200);
}

TEST_CASE("With one connection too many the organisation's longest idle one ends and no other") {
    const Ministries pki;
    auto settings = patient(pki);
    settings.share.connections = 2;
    Hall hall(settings);
    auto labor = hall.line_of(pki.labor);
    auto first = hall.line_of(pki.health);
    auto second = hall.line_of(pki.health);
    CHECK(hall.crowded_out(0));
    auto third = hall.line_of(pki.health);
    CHECK(first->ends());
    CHECK(hall.crowded_out(1));
    for (RawLine* line : {labor.get(), second.get(), third.get()}) {
        line->send(get("/v1/echo"));
        CHECK(line->answer().status == 200);
    }
}

TEST_CASE("With one connection too many a request that does not come is given up and not one just begun") {
    const Ministries pki;
    auto settings = patient(pki);
    settings.share = {.connections = 2, .large_bytes = 10'000, .large_bodies = 2};
    Hall hall(settings);
    hall.upload(pki.health, 2'000);
    std::this_thread::sleep_for(1'300ms);
    hall.upload(pki.health, 2'000);
    auto third = hall.line_of(pki.health);
    CHECK(hall.slow.front()->ends());
    CHECK_FALSE(hall.slow.back()->ends(50ms));
    CHECK(hall.crowded_out(1));
}

TEST_CASE("Where all connections of an organisation are being served a new one ends unanswered") {
    const Ministries pki;
    auto settings = patient(pki);
    settings.share.connections = 2;
    Hall hall(settings);
    auto labor = hall.line_of(pki.labor);
    hall.listener.hold = true;
    Lines served;
    for (int i = 0; i < 2; ++i) {
        served.push_back(hall.line_of(pki.health));
        const int before = hall.listener.handled;
        served.back()->send(post("/v1/hold", "a"));
        while (hall.listener.handled == before) std::this_thread::sleep_for(1ms);
    }
    RawLine third(hall.listener.port(), {.identity = pki.health});
    third.send(get("/v1/echo"));
    CHECK(third.answer().status == 0);
    CHECK(hall.crowded_out(1));
    CHECK(hall.listener.logs("\"connections-over-share\""));
    labor->send(get("/v1/echo"));
    CHECK(labor->answer().status == 200);
    hall.listener.hold = false;
    for (const auto& line : served) CHECK(line->answer().status == 204);
}

TEST_CASE("Unfinished handshakes of one address are as many as its share and the oldest goes first") {
    const Ministries pki;
    auto settings = patient(pki);
    settings.threads = 8;
    settings.share.handshakes = 3;
    Hall hall(settings);
    Lines silent;
    const auto one_more = [&] {
        silent.push_back(std::make_unique<RawLine>(hall.listener.port()));
        silent.back()->send_raw("\x16\x03\x01");
    };
    for (int i = 0; i < 3; ++i) {
        one_more();
        REQUIRE(hall.listener.shows("kesher_edge_connections{listener=\"test\"} " + std::to_string(i + 1)));
    }
    CHECK(hall.crowded_out(0));
    // One after the other: which of two that come together is the older is for no one to say.
    for (int i = 1; i <= 20; ++i) {
        one_more();
        REQUIRE(hall.crowded_out(i));
    }
    for (std::size_t i = 0; i < 20; ++i) CHECK(silent[i]->ends(2s));
    for (std::size_t i = 20; i < 23; ++i) CHECK_FALSE(silent[i]->ends(10ms));
    // Who does shake hands is served at once, in the place of one more of them.
    CHECK(hall.status_of(pki.health, 100) == 200);
    CHECK(hall.crowded_out(21));
}
