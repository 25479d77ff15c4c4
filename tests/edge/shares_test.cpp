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

// As the listener names it (request.h).
std::string fingerprint_of(const Ministries& pki, const Issued& body) {
    const Listener listener(pki.settings());
    RawLine line(listener.port(), {.identity = body});
    line.send(get("/v1/echo"));
    const std::string said = line.answer().body;
    return said.substr(said.rfind(' ') + 1);
}

// A body, and somebody with an older certificate of it that the hub has ended since.
struct Stolen {
    Ministries pki{};
    Issued ended = pki.hub_ca.issue({"health"});
    edge::ListenerSettings settings = patient(pki);

    Stolen() {
        settings.certificate_lives = [fingerprint = fingerprint_of(pki, ended)](std::string_view shown) {
            return shown != fingerprint;
        };
    }
};

edge::ListenerSettings open_to_all(const Ministries& pki) {
    auto settings = patient(pki);
    settings.threads = 6;  // three of one address
    settings.tls->client_ca_pem.clear();
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
    std::unique_ptr<RawLine> line_from(const std::string& address) {
        auto line = std::make_unique<RawLine>(listener.port(), TlsOffer{.from = address});
        line->send(get("/v1/echo"));
        REQUIRE(line->answer().status == 200);
        return line;
    }
    // Its request waits in a handler.
    void serve(RawLine& line) {
        listener.hold = true;
        const int before = listener.handled;
        line.send(post("/v1/hold", "a"));
        while (listener.handled == before) std::this_thread::sleep_for(1ms);
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
    Lines served;
    for (int i = 0; i < 2; ++i) {
        served.push_back(hall.line_of(pki.health));
        hall.serve(*served.back());
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

TEST_CASE("An ended certificate ends no connection of the body that it names however often it is shown") {
    Stolen stolen;
    stolen.settings.share.connections = 2;
    Hall hall(stolen.settings);
    auto first = hall.line_of(stolen.pki.health);
    auto second = hall.line_of(stolen.pki.health);
    Lines thief;
    for (int i = 0; i < 6; ++i) {
        thief.push_back(hall.line_of(stolen.ended));
        REQUIRE(hall.crowded_out(std::max(i - 1, 0)));
    }
    // Two of its address are answered, so that an honest body hears why; each further one ended another of
    // them.
    for (std::size_t i = 0; i < 4; ++i) CHECK(thief[i]->ends());
    for (RawLine* line : {first.get(), second.get(), thief[4].get(), thief[5].get()}) {
        line->send(get("/v1/echo"));
        CHECK(line->answer().status == 200);
    }
}

TEST_CASE("Where ended certificates hold all of their share the body that they name is served") {
    Stolen stolen;
    stolen.settings.share.connections = 2;
    Hall hall(stolen.settings);
    Lines thief;
    for (int i = 0; i < 2; ++i) {
        thief.push_back(hall.line_of(stolen.ended));
        hall.serve(*thief.back());
    }
    RawLine third(hall.listener.port(), {.identity = stolen.ended});
    third.send(get("/v1/echo"));
    CHECK(third.answer().status == 0);
    // The body had no part in it, and an address is no line of a log.
    CHECK(hall.listener.logs(R"("connections-over-share","listener":"test","organisation":"-")"));
    CHECK(hall.status_of(stolen.pki.health, 100) == 200);
    CHECK(hall.status_of(stolen.pki.labor, 100) == 200);
    hall.listener.hold = false;
}

TEST_CASE("An ended certificate is told so before a large body of it is read and a small one is answered") {
    Stolen stolen;
    stolen.settings.bytes_in_flight_max = 8'000;
    Hall hall(stolen.settings);
    auto thief = hall.line_of(stolen.ended);
    thief->send(head_of(8'000) + "some");
    const RawAnswer answer = thief->answer();
    CHECK(answer.has("\"code\":\"certificate_unknown\""));
    CHECK(thief->ends());
    CHECK(hall.status_of(stolen.ended, 1'000) == 200);
    CHECK(hall.listener.shows("kesher_edge_body_bytes_in_flight{listener=\"test\"} 0"));
    CHECK(hall.status_of(stolen.pki.health, 8'000) == 200);
}

TEST_CASE("Without certificates one address holds half of the threads and its longest idle line ends first") {
    const Ministries pki;
    Hall hall(open_to_all(pki));
    auto neighbour = hall.line_from("127.0.0.9");
    Lines lines;
    for (int i = 0; i < 3; ++i) lines.push_back(hall.line_from("127.0.0.2"));
    CHECK(hall.crowded_out(0));
    for (int i = 1; i <= 10; ++i) {
        lines.push_back(hall.line_from("127.0.0.2"));
        REQUIRE(hall.crowded_out(i));
        CHECK(lines[static_cast<std::size_t>(i - 1)]->ends());
    }
    for (std::size_t i = 10; i < 13; ++i) CHECK_FALSE(lines[i]->ends(10ms));
    auto newcomer = hall.line_from("127.0.0.3");
    for (RawLine* line : {neighbour.get(), newcomer.get()}) {
        line->send(get("/v1/echo"));
        CHECK(line->answer().status == 200);
    }
}

TEST_CASE("Where an address is being served with all that it may hold another address still is") {
    const Ministries pki;
    Hall hall(open_to_all(pki));
    Lines served;
    for (int i = 0; i < 3; ++i) {
        served.push_back(hall.line_from("127.0.0.2"));
        hall.serve(*served.back());
    }
    RawLine fourth(hall.listener.port(), TlsOffer{.from = "127.0.0.2"});
    fourth.send(get("/v1/echo"));
    CHECK(fourth.answer().status == 0);
    auto neighbour = hall.line_from("127.0.0.3");
    hall.listener.hold = false;
    for (const auto& line : served) CHECK(line->answer().status == 204);
}

TEST_CASE("This machine's own plain callers may hold every thread") {
    auto settings = quick_settings();
    settings.threads = 4;
    settings.keep_alive = 30s;
    const Listener listener(settings);
    Lines lines;
    for (int i = 0; i < 4; ++i) {
        lines.push_back(std::make_unique<RawLine>(listener.port()));
        lines.back()->send(get("/v1/echo"));
        REQUIRE(lines.back()->answer().status == 200);
    }
    for (const auto& line : lines) {
        line->send(get("/v1/echo"));
        CHECK(line->answer().status == 200);
    }
}
