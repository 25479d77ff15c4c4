// Strangers who begin handshakes and do not finish them never shut an enrolled body out, from however many
// addresses they come.
// Method: lines from several addresses of this machine, of which each is a caller of its own. A halfway line
// has the listener's first answer, so its handshake is known to be under way; one after the other, since
// which of two that come together is the older is for no one to say.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>

#include "gateway/edge/sweeper.h"
#include "tests/edge/ministries.h"

using namespace kesher;
using namespace kesher::tests;

namespace {

using Line = std::unique_ptr<RawLine>;

int status_of(RawLine& line) {
    line.send(get("/v1/echo"));
    return line.answer().status;
}

class Door {
public:
    explicit Door(std::size_t threads, edge::CallerShare share = {})
        : listener_(settings(pki_, threads, share)) {}

    // Bytes of a handshake that says no more: what a stranger without any certificate can send.
    Line stranger(const std::string& from) {
        auto line = std::make_unique<RawLine>(listener_.port(), from);
        line->send_raw("\x16\x03\x01");
        return line;
    }
    Line halfway(const std::string& from) {
        return std::make_unique<RawLine>(listener_.port(),
                                         TlsOffer{.identity = pki_.health, .from = from, .halfway = true});
    }
    Line enrolled(const std::string& from = {}) {
        return std::make_unique<RawLine>(listener_.port(), TlsOffer{.identity = pki_.labor, .from = from});
    }
    // Lines whose handshake is done and that have been answered once.
    std::vector<Line> served(int count) {
        std::vector<Line> lines;
        for (int i = 0; i < count; ++i) {
            lines.push_back(enrolled());
            REQUIRE(status_of(*lines.back()) == 200);
        }
        return lines;
    }
    bool crowded_out(int count) const { return shows("kesher_edge_crowded_out_total", count); }
    bool open(int count) const { return shows("kesher_edge_connections", count); }

private:
    static edge::ListenerSettings settings(const Ministries& pki, std::size_t threads,
                                           const edge::CallerShare& share) {
        auto settings = pki.settings();
        settings.threads = threads;
        settings.connections_queued_max = 64;
        settings.request_deadline = 30s;
        settings.handshake_deadline = 30s;  // nothing here ends by its deadline
        settings.keep_alive = 30s;
        settings.share = share;
        return settings;
    }
    bool shows(const std::string& number, int count) const {
        return listener_.shows(number + "{listener=\"test\"} " + std::to_string(count));
    }

    Ministries pki_;
    Listener listener_;
};

std::string address(int last) { return "127.0.0." + std::to_string(last); }

// Its handshake goes on where it stopped, and it is served.
bool lives(RawLine& line) { return line.finish() && status_of(line) == 200; }

}  // namespace

TEST_CASE("Strangers of many addresses with more handshakes than threads do not shut an enrolled body out") {
    Door door(16);
    std::vector<Line> strangers;
    for (int i = 0; i < 40; ++i) strangers.push_back(door.stranger(address(2 + i)));
    // Half of the threads are theirs, and each further one ended another.
    CHECK(door.crowded_out(32));
    CHECK(door.open(8));
    CHECK(status_of(*door.enrolled()) == 200);
    CHECK(door.crowded_out(33));
}

TEST_CASE("Strangers of a few addresses who go on and on do not end a slow handshake of another address") {
    Door door(16);
    const Line slow = door.halfway(address(2));
    std::vector<Line> strangers;
    for (int i = 0; i < 60; ++i) {
        strangers.push_back(door.stranger(address(3 + i % 6)));
        if (i >= 7) REQUIRE(door.crowded_out(i - 6));
        if (i < 7) REQUIRE(door.open(i + 2));
    }
    CHECK(lives(*slow));
}

TEST_CASE(
    "As many unfinished handshakes as all addresses may have all live and with one more the oldest ends") {
    Door door(16, {.handshakes_of_all = 3});
    std::vector<Line> lines;
    for (int i = 0; i < 3; ++i) lines.push_back(door.halfway(address(4 - i)));
    CHECK(door.open(3));
    CHECK(door.crowded_out(0));
    SECTION("at the bound") {
        for (const Line& line : lines) CHECK(lives(*line));
        CHECK(door.crowded_out(0));
    }
    SECTION("one more") {
        lines.push_back(door.halfway(address(5)));
        CHECK(door.crowded_out(1));
        CHECK(door.open(3));
        CHECK_FALSE(lives(*lines[0]));
        for (std::size_t i = 1; i < 4; ++i) CHECK(lives(*lines[i]));
        CHECK(door.crowded_out(1));
    }
    SECTION("one more after one is finished") {
        CHECK(lives(*lines[2]));
        lines.push_back(door.halfway(address(5)));
        for (const std::size_t i : {0U, 1U, 3U}) CHECK(lives(*lines[i]));
        CHECK(door.crowded_out(0));
    }
}

TEST_CASE("With one more of all addresses the one that has most unfinished handshakes loses its oldest") {
    Door door(16, {.handshakes_of_all = 4});
    const Line single = door.halfway(address(2));
    const Line first = door.halfway(address(4));
    const Line other = door.halfway(address(3));
    const Line second = door.halfway(address(4));
    CHECK(door.crowded_out(0));
    const Line newcomer = door.halfway(address(5));
    CHECK(door.crowded_out(1));
    CHECK(door.open(4));
    CHECK_FALSE(lives(*first));
    for (const Line* line : {&single, &other, &second, &newcomer}) CHECK(lives(**line));
}

TEST_CASE("Of two addresses that have as many unfinished handshakes the one with the oldest loses it") {
    Door door(16, {.handshakes_of_all = 5});
    const Line single = door.halfway(address(2));
    const Line oldest = door.halfway(address(4));
    const Line third = door.halfway(address(3));
    const Line fourth = door.halfway(address(3));
    const Line fifth = door.halfway(address(4));
    CHECK(door.crowded_out(0));
    const Line newcomer = door.halfway(address(5));
    CHECK(door.crowded_out(1));
    CHECK(door.open(5));
    CHECK_FALSE(lives(*oldest));
    for (const Line* line : {&single, &third, &fourth, &fifth, &newcomer}) CHECK(lives(**line));
}

TEST_CASE("Where an address is beyond its own bound it loses one of its own and no other address any") {
    // Whether all of them together are too many then or not.
    const auto of_all = GENERATE(std::size_t{4}, std::size_t{8});
    Door door(16, {.handshakes = 2, .handshakes_of_all = of_all});
    const Line oldest = door.halfway(address(2));
    const Line second = door.halfway(address(2));
    const Line first_of_many = door.halfway(address(3));
    const Line second_of_many = door.halfway(address(3));
    CHECK(door.crowded_out(0));
    const Line third_of_many = door.halfway(address(3));
    CHECK(door.crowded_out(1));
    CHECK(door.open(4));
    CHECK_FALSE(lives(*first_of_many));
    for (const Line* line : {&oldest, &second, &second_of_many, &third_of_many}) CHECK(lives(**line));
    CHECK(door.crowded_out(1));
}

TEST_CASE("Where those being served leave three threads strangers hold two and one stays for who comes") {
    Door door(8);
    const auto served = door.served(5);
    std::vector<Line> strangers;
    for (int i = 0; i < 2; ++i) strangers.push_back(door.stranger(address(2 + i)));
    CHECK(door.open(7));
    CHECK(door.crowded_out(0));
    for (int i = 1; i <= 10; ++i) {
        strangers.push_back(door.stranger(address(3 + i)));
        CHECK(door.crowded_out(i));
    }
    CHECK(door.open(7));
    const Line newcomer = door.enrolled(address(20));
    CHECK(status_of(*newcomer) == 200);
    for (const Line& line : served) CHECK(status_of(*line) == 200);
}

TEST_CASE("Where those being served leave one thread who shakes hands with it is served") {
    Door door(8);
    const auto served = door.served(7);
    CHECK(lives(*door.halfway(address(2))));
    CHECK(door.crowded_out(0));
    for (const Line& line : served) CHECK(status_of(*line) == 200);
}

// Without a listener, whose threads come back too soon to be seen: what is ended keeps its thread here.
TEST_CASE("A handshake that was ended counts no more although its thread is not back yet") {
    struct Ends {
        Ends() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()) == 0); }
        ~Ends() {
            for (const int fd : fds) ::close(fd);
        }
        std::array<int, 2> fds{};
    };
    const edge::HandshakesMost most{.of_one_address = 2, .of_all = 2, .threads = 4};
    std::array<Ends, 5> ends;
    edge::Sweeper sweeper;
    const auto watch = [&](std::size_t i) {
        auto made = std::make_unique<edge::Sweeper::Watch>(sweeper, ends[i].fds[0]);
        made->shakes_hands("192.0.2.1", most);
        return made;
    };
    const auto first = watch(0);
    const auto second = watch(1);
    const auto third = watch(2);
    CHECK(first->why_cut() == edge::Cut::crowded);
    second->has_shaken_hands();
    const auto fourth = watch(3);
    for (const auto* each : {&second, &third, &fourth}) CHECK_FALSE((*each)->was_cut());
    const auto fifth = watch(4);
    CHECK(third->why_cut() == edge::Cut::crowded);
    for (const auto* each : {&second, &fourth, &fifth}) CHECK_FALSE((*each)->was_cut());
}
