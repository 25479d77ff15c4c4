// Our client trusts one CA, names one host, and never waits, reads or sends more than it was told.
// Method: our own listener as the server, or a socket that answers exact bytes.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "gateway/edge/client.h"
#include "tests/edge/listener.h"

using namespace kesher;
using namespace kesher::tests;
using edge::ClientFault;

namespace {

struct Hub {
    Authority ca{"hub-ca"};
    Issued hub = ca.issue({"hub", "DNS:localhost"});
    Issued health = ca.issue({"health"});

    edge::ListenerSettings listener() const {
        auto settings = quick_settings();
        settings.tls = edge::ServerTls{.identity = {hub.certificate_pem, edge::SecretText(hub.key_pem)},
                                       .client_ca_pem = ca.certificate_pem(),
                                       .session_context = "hub-ministries"};
        return settings;
    }
    edge::ClientSettings client(std::uint16_t port) const {
        return {.base_url = "https://localhost:" + std::to_string(port),
                .server_ca_pem = ca.certificate_pem(),
                .identity = edge::TlsIdentity{health.certificate_pem, edge::SecretText(health.key_pem)},
                .deadline = 2s,
                .answer_bytes_max = 100'000};
    }
};

// Answers one connection with exact bytes, and then waits for the caller to go.
class OneAnswer {
public:
    explicit OneAnswer(std::string bytes, bool close_after = true) {
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listening_, generic, size) == 0);
        REQUIRE(::listen(listening_, 4) == 0);
        REQUIRE(::getsockname(listening_, generic, &size) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this, bytes = std::move(bytes), close_after] {
            const int fd = ::accept(listening_, nullptr, nullptr);
            std::array<char, 4'096> chunk{};
            static_cast<void>(::recv(fd, chunk.data(), chunk.size(), 0));
            static_cast<void>(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL));
            if (close_after) ::shutdown(fd, SHUT_WR);
            while (::recv(fd, chunk.data(), chunk.size(), 0) > 0) continue;
            ::close(fd);
        });
    }
    ~OneAnswer() {
        thread_.join();
        ::close(listening_);
    }
    OneAnswer(const OneAnswer&) = delete;
    OneAnswer& operator=(const OneAnswer&) = delete;

    [[nodiscard]] contract::Result<edge::Answer, ClientFault> asked(std::size_t bytes_max = 1'000) const {
        edge::Client client({.base_url = "http://127.0.0.1:" + std::to_string(port_) + "/fhir/",
                             .deadline = 400ms,
                             .answer_bytes_max = bytes_max});
        return client.send({.path = "/Patient"});
    }

private:
    int listening_ = -1;
    std::uint16_t port_ = 0;
    std::jthread thread_;
};

ClientFault::Kind kind_of(const contract::Result<edge::Answer, ClientFault>& result) {
    REQUIRE_FALSE(result.has_value());
    return result.error().kind;
}

}  // namespace

TEST_CASE("A call with our certificate is answered and the server knows who called") {
    const Hub hub;
    Listener listener(hub.listener());
    edge::Client client(hub.client(listener.port()));
    const auto answer = client.send({.method = "POST",
                                     .path = "/v1/echo",
                                     .content_type = "text/plain",
                                     .body = "hello",
                                     .headers = {{"X-A", "b"}}});
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->content_type == "text/plain");
    CHECK(answer->body.starts_with("POST hello health "));
    CHECK(answer->body.ends_with(" X-A=b"));
    CHECK(answer->header("date"));
}

TEST_CASE("Calls in a row share one connection and a call after a long rest has a new one") {
    const Hub hub;
    Listener listener(hub.listener());  // keep alive of 0.3 s
    edge::Client client(hub.client(listener.port()));
    for (int i = 0; i < 3; ++i) REQUIRE(client.send({.path = "/v1/echo"}));
    CHECK(listener.shows("kesher_edge_connections{listener=\"test\"} 1"));
    CHECK(listener.shows("kesher_edge_connections{listener=\"test\"} 0"));
    const auto after = client.send({.path = "/v1/echo"});
    REQUIRE(after);
    CHECK(after->status == 200);
}

TEST_CASE("A refusal is an answer with its problem and not a fault of the client") {
    const Hub hub;
    Listener listener(hub.listener());
    edge::Client client(hub.client(listener.port()));
    const auto answer = client.send({.method = "POST",
                                     .path = "/v1/echo",
                                     .content_type = "text/plain",
                                     .body = std::string(300'000, 'a')});
    REQUIRE(answer);
    CHECK(answer->status == 413);
    CHECK(answer->content_type == "application/problem+json");
}

TEST_CASE("A server of another CA is refused") {
    const Hub hub;
    Listener listener(hub.listener());
    auto settings = hub.client(listener.port());
    const Authority other("hub-ca");
    settings.server_ca_pem = other.certificate_pem();
    edge::Client client(settings);
    CHECK(kind_of(client.send({.path = "/v1/echo"})) == ClientFault::Kind::tls);
    CHECK(listener.handled == 0);
}

TEST_CASE("A server whose certificate does not name the host is refused") {
    const Hub hub;
    Listener listener(hub.listener());
    auto settings = hub.client(listener.port());
    settings.base_url = "https://127.0.0.1:" + std::to_string(listener.port());  // it names localhost alone
    edge::Client client(settings);
    CHECK(kind_of(client.send({.path = "/v1/echo"})) == ClientFault::Kind::tls);
}

namespace {

// A newcomer: no certificate yet, and of the hub's CA it knows the key alone.
edge::ListenerSettings newcomers(const Issued& hub, const std::string& sent_along) {
    auto settings = quick_settings();
    settings.tls =
        edge::ServerTls{.identity = {hub.certificate_pem + sent_along, edge::SecretText(hub.key_pem)},
                        .session_context = "hub-newcomers"};
    return settings;
}
edge::Client newcomer(std::uint16_t port, const contract::Digest& pin,
                      const std::string& host = "localhost") {
    return edge::Client({.base_url = "https://" + host + ":" + std::to_string(port),
                         .server_ca_pin = pin,
                         .deadline = 2s,
                         .answer_bytes_max = 100'000});
}

}  // namespace

TEST_CASE("A newcomer believes the server whose CA has the pinned key") {
    const Hub hub;
    Listener listener(newcomers(hub.hub, hub.ca.certificate_pem()));
    edge::Client client = newcomer(listener.port(), hub.ca.key_pin());
    const auto answer = client.send({.path = "/v1/echo"});
    REQUIRE(answer);
    CHECK(answer->status == 200);
}

TEST_CASE("A newcomer refuses a server whose CA has another key") {
    const Hub hub;
    const Authority other("hub-ca");
    Listener listener(newcomers(hub.hub, hub.ca.certificate_pem()));
    edge::Client client = newcomer(listener.port(), other.key_pin());
    CHECK(kind_of(client.send({.path = "/v1/echo"})) == ClientFault::Kind::tls);
    CHECK(listener.handled == 0);
}

TEST_CASE("A newcomer refuses a server that shows the pinned CA beside a certificate of another one") {
    const Hub hub;
    Authority other("hub-ca");
    Listener listener(
        newcomers(other.issue({"hub", "DNS:localhost"}), other.certificate_pem() + hub.ca.certificate_pem()));
    edge::Client client = newcomer(listener.port(), hub.ca.key_pin());
    CHECK(kind_of(client.send({.path = "/v1/echo"})) == ClientFault::Kind::tls);
    CHECK(listener.handled == 0);
}

TEST_CASE("A newcomer refuses a server that does not send its CA along or does not name the host") {
    const Hub hub;
    Listener without(newcomers(hub.hub, ""));
    edge::Client first = newcomer(without.port(), hub.ca.key_pin());
    CHECK(kind_of(first.send({.path = "/v1/echo"})) == ClientFault::Kind::tls);
    Listener unnamed(newcomers(hub.hub, hub.ca.certificate_pem()));
    edge::Client second = newcomer(unnamed.port(), hub.ca.key_pin(), "127.0.0.1");
    CHECK(kind_of(second.send({.path = "/v1/echo"})) == ClientFault::Kind::tls);
}

TEST_CASE("A caller whom the server does not know gets a fault and no answer") {
    const Hub hub;
    Listener listener(hub.listener());
    auto settings = hub.client(listener.port());
    settings.identity.reset();
    edge::Client client(settings);
    const auto answer = client.send({.path = "/v1/echo"});
    CHECK_FALSE(answer);
    CHECK(listener.handled == 0);
}

TEST_CASE("A port where nobody listens is a fault of connecting") {
    edge::Client client({.base_url = "http://127.0.0.1:1", .deadline = 1s});
    CHECK(kind_of(client.send({.path = "/"})) == ClientFault::Kind::connect);
}

TEST_CASE("A server that does not answer is left at the deadline") {
    const OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", false);
    const auto began = std::chrono::steady_clock::now();
    CHECK(kind_of(server.asked()) == ClientFault::Kind::timeout);
    CHECK(std::chrono::steady_clock::now() - began >= 350ms);
}

TEST_CASE("A call can be ended from another thread") {
    const Hub hub;
    Listener listener(hub.listener());
    listener.hold = true;
    edge::Client client(hub.client(listener.port()));
    const std::jthread other([&] {
        while (listener.handled == 0) std::this_thread::sleep_for(1ms);
        client.abort();
    });
    CHECK(kind_of(client.send(
              {.method = "POST", .path = "/v1/hold", .content_type = "text/plain", .body = "a"})) ==
          ClientFault::Kind::connect);
    listener.hold = false;
}

TEST_CASE("An answer in chunks is put together") {
    const OneAnswer server(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;x=y\r\nhello\r\nA\r\n, world!!!\r\n0\r\nX-T: a\r\n\r\n");
    const auto answer = server.asked();
    REQUIRE(answer);
    CHECK(answer->body == "hello, world!!!");
}

TEST_CASE("An answer without a length ends with its connection") {
    const OneAnswer server("HTTP/1.0 200 OK\r\n\r\nhello");
    const auto answer = server.asked();
    REQUIRE(answer);
    CHECK(answer->body == "hello");
}

TEST_CASE("An answer of exactly the limit is read and one byte more is refused") {
    const std::string bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    const OneAnswer fits(bytes);
    CHECK(fits.asked(5));
    const OneAnswer over(bytes);
    CHECK(kind_of(over.asked(4)) == ClientFault::Kind::too_large);
    const OneAnswer chunks("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    CHECK(kind_of(chunks.asked(4)) == ClientFault::Kind::too_large);
}

TEST_CASE("An answer cut short is no answer") {
    const OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    CHECK(kind_of(server.asked()) == ClientFault::Kind::connect);
}

TEST_CASE("An answer with two lengths or a length beside chunks is refused") {
    const OneAnswer two("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!");
    CHECK(kind_of(two.asked()) == ClientFault::Kind::framing);
    const OneAnswer both(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    CHECK(kind_of(both.asked()) == ClientFault::Kind::framing);
    const OneAnswer none("ICY 200 OK\r\n\r\n");
    CHECK(kind_of(none.asked()) == ClientFault::Kind::framing);
}

TEST_CASE("A URL without TLS beyond this machine or with a password in it is refused") {
    for (const std::string url : {"http://hub.example/", "ftp://localhost/", "https://a:b@localhost/",
                                  "https://localhost/?a=b", "localhost:8443", ""}) {
        INFO(url);
        CHECK_THROWS_AS(edge::Client({.base_url = url}), std::invalid_argument);
    }
    CHECK_THROWS_AS(edge::Client({.base_url = "https://localhost/"}), std::runtime_error);  // no CA
    const Hub hub;
    CHECK_THROWS_AS(edge::Client({.base_url = "https://localhost/",
                                  .server_ca_pem = hub.ca.certificate_pem(),
                                  .server_ca_pin = hub.ca.key_pin()}),
                    std::invalid_argument);
}
