// Nobody speaks to the ministries' listener without a certificate of its CA, over TLS 1.3, in time.
// Method: OpenSSL itself as the caller; one fact of the caller's offer changed a case.
#include <catch2/catch.hpp>

#include "tests/edge/ministries.h"

using namespace kesher;
using namespace kesher::tests;

namespace {

RawAnswer asked(Listener& listener, const TlsOffer& offer) {
    RawLine line(listener.port(), offer);
    if (!line.is_open()) return {};
    line.send(get("/v1/echo"));
    return line.answer();
}

}  // namespace

TEST_CASE("A caller with a certificate of the CA is served over TLS 1.3 and known by it") {
    const Ministries pki;
    Listener listener(pki.settings());
    RawLine line(listener.port(), {.identity = pki.health});
    REQUIRE(line.is_open());
    CHECK(line.protocol() == "TLSv1.3");
    line.send(get("/v1/echo"));
    const RawAnswer answer = line.answer();
    CHECK(answer.status == 200);
    CHECK(answer.body.starts_with("GET  health "));
    CHECK(answer.body.size() == std::string("GET  health ").size() + 64);
    CHECK(listener.logs("\"organisation\":\"health\""));
}

TEST_CASE("The certificate is not compared with the address that its organisation calls from") {
    // The caller's certificate names no address at all, as Poco's extended verification would ask.
    const Ministries pki;
    Listener listener(pki.settings());
    CHECK(asked(listener, {.identity = pki.health}).status == 200);
}

TEST_CASE("An anonymous caller is refused") {
    const Ministries pki;
    Listener listener(pki.settings());
    CHECK(asked(listener, {}).status == 0);
    CHECK(listener.handled == 0);
    CHECK(listener.shows("kesher_edge_handshake_failures_total{listener=\"test\"} 1"));
}

TEST_CASE("A caller over TLS 1.2 is refused") {
    const Ministries pki;
    Listener listener(pki.settings());
    RawLine line(listener.port(), {.identity = pki.health, .only_tls_1_2 = true});
    CHECK_FALSE(line.is_open());
    CHECK(listener.shows("kesher_edge_handshake_failures_total{listener=\"test\"} 1"));
}

TEST_CASE("A caller with a certificate of another CA of the same name is refused") {
    const Ministries pki;
    Listener listener(pki.settings());
    Authority other("hub-ca");
    CHECK(asked(listener, {.identity = other.issue({"health"})}).status == 0);
    CHECK(listener.handled == 0);
}

TEST_CASE("A caller with an expired certificate is refused and with one that ends tomorrow is not") {
    Ministries pki;
    Listener listener(pki.settings());
    CHECK(asked(listener, {.identity = pki.hub_ca.issue({"health", {}, -10, -1})}).status == 0);
    CHECK(asked(listener, {.identity = pki.hub_ca.issue({"health", {}, 1, 2})}).status == 0);
    CHECK(asked(listener, {.identity = pki.hub_ca.issue({"health", {}, -10, 1})}).status == 200);
}

TEST_CASE("A revoked certificate is refused and another of the same CA is not") {
    Ministries pki;
    auto settings = pki.settings();
    settings.tls->client_crl_pem = pki.hub_ca.revocation_list(pki.health.certificate_pem);
    Listener listener(settings);
    CHECK(asked(listener, {.identity = pki.health}).status == 0);
    CHECK(asked(listener, {.identity = pki.hub_ca.issue({"labor"})}).status == 200);
}

TEST_CASE("A second connection resumes the session and keeps the certificate") {
    const Ministries pki;
    Listener listener(pki.settings());
    RawLine first(listener.port(), {.identity = pki.health});
    first.send(get("/v1/echo"));
    const std::string known_as = first.answer().body;
    CHECK_FALSE(first.was_resumed());
    RawLine second(listener.port(), {.identity = pki.health, .resume_from = first.session()});
    REQUIRE(second.is_open());
    CHECK(second.was_resumed());
    second.send(get("/v1/echo"));
    CHECK(second.answer().body == known_as);
}

TEST_CASE("A ticket lives an hour at most") {
    const Ministries pki;
    Listener listener(pki.settings());
    RawLine line(listener.port(), {.identity = pki.health});
    line.send(get("/v1/echo"));
    REQUIRE(line.answer().status == 200);
    CHECK(line.ticket_life_seconds() > 0);
    CHECK(line.ticket_life_seconds() <= 3'600);
}

TEST_CASE("A session of one listener does not open another") {
    const Ministries pki;
    Listener ministries(pki.settings());
    auto portal = pki.settings();
    portal.tls->client_ca_pem.clear();
    portal.tls->session_context = "hub-portal";
    Listener open_to_all(portal);
    RawLine anonymous(open_to_all.port(), TlsOffer{});
    anonymous.send(get("/v1/echo"));
    REQUIRE(anonymous.answer().status == 200);
    const RawAnswer answer = asked(ministries, {.resume_from = anonymous.session()});
    CHECK(answer.status == 0);
    CHECK(ministries.handled == 0);
}

TEST_CASE("A listener without a client CA serves anonymous callers and asks for no certificate") {
    const Ministries pki;
    auto settings = pki.settings();
    settings.tls->client_ca_pem.clear();
    Listener listener(settings);
    CHECK(asked(listener, {}).body == "GET ");
    CHECK(asked(listener, {.identity = pki.health}).body == "GET ");
}

TEST_CASE("A caller who stops within the handshake is cut at the handshake's own deadline") {
    const Ministries pki;
    auto settings = pki.settings();
    settings.handshake_deadline = 300ms;
    settings.request_deadline = 30s;
    Listener listener(settings);
    RawLine line(listener.port());
    line.send_raw("\x16\x03\x01");
    const auto began = std::chrono::steady_clock::now();
    CHECK(line.ends());
    CHECK(std::chrono::steady_clock::now() - began >= 250ms);
    CHECK(listener.shows("kesher_edge_deadline_cuts_total{listener=\"test\"} 1"));
}

TEST_CASE("A caller who drips inside a TLS record is cut at the deadline") {
    const Ministries pki;
    auto settings = pki.settings();
    settings.request_deadline = 400ms;
    Listener listener(settings);
    RawLine line(listener.port(), {.identity = pki.health});
    line.send("GET /v1/ec");
    const auto began = std::chrono::steady_clock::now();
    // The head of a record of 16,000 bytes, and then a byte every 100 ms.
    line.send_raw(std::string("\x17\x03\x03\x3e\x80", 5));
    bool cut = false;
    for (int i = 0; i < 100 && !cut; ++i) {
        line.send_raw("a");
        cut = line.ends(100ms);
    }
    CHECK(cut);  // while it still dripped, and with most of its record to come
    CHECK(std::chrono::steady_clock::now() - began >= 350ms);
    CHECK(listener.handled == 0);
    CHECK(listener.shows("kesher_edge_deadline_cuts_total{listener=\"test\"} 1"));
}

TEST_CASE("A caller who is silent after the handshake is told the deadline over TLS") {
    const Ministries pki;
    auto settings = pki.settings();
    settings.request_deadline = 400ms;
    Listener listener(settings);
    RawLine line(listener.port(), {.identity = pki.health});
    line.send("GET /v1/ec");
    CHECK(line.answer().status == 408);
}

TEST_CASE("A broken handshake leaves no trace for the next caller of the same thread") {
    const Ministries pki;
    auto settings = pki.settings();
    settings.threads = 1;
    settings.request_deadline = 400ms;
    Listener listener(settings);
    for (int i = 0; i < 3; ++i) {
        CHECK(asked(listener, {}).status == 0);
        RawLine slow(listener.port(), {.identity = pki.health});
        slow.send("GET /v1/ec");
        CHECK(slow.answer().status == 408);
    }
}

TEST_CASE("A compromised certificate's live connections are cut and others stay") {
    Ministries pki;
    auto settings = pki.settings();
    settings.keep_alive = 3s;
    Listener listener(settings);
    RawLine health(listener.port(), {.identity = pki.health});
    health.send(get("/v1/echo"));
    const std::string body = health.answer().body;
    const std::string fingerprint = body.substr(body.rfind(' ') + 1);
    RawLine labor(listener.port(), {.identity = pki.hub_ca.issue({"labor"})});
    labor.send(get("/v1/echo"));
    REQUIRE(labor.answer().status == 200);
    CHECK(listener.server().disconnect("") == 0);
    CHECK(listener.server().disconnect(fingerprint) == 1);
    CHECK(health.ends(1s));
    labor.send(get("/v1/echo"));
    CHECK(labor.answer().status == 200);
}

TEST_CASE("Material that does not fit together stops the start") {
    Ministries pki;
    SECTION("a key of another certificate") {
        auto settings = pki.settings();
        settings.tls->identity.private_key_pem = edge::SecretText(pki.health.key_pem);
        CHECK_THROWS_AS(Listener(settings), std::runtime_error);
    }
    SECTION("a certificate that is none") {
        auto settings = pki.settings();
        settings.tls->identity.certificate_chain_pem = "nothing";
        CHECK_THROWS_AS(Listener(settings), std::runtime_error);
    }
    SECTION("no session context") {
        auto settings = pki.settings();
        settings.tls->session_context.clear();
        CHECK_THROWS_AS(Listener(settings), std::runtime_error);
    }
    SECTION("a wrong passphrase") {
        auto settings = pki.settings();
        settings.tls->identity.private_key_pem = edge::SecretText(encrypted_key(pki.hub.key_pem, "open it"));
        settings.tls->identity.passphrase = edge::SecretText("another");
        CHECK_THROWS_AS(Listener(settings), std::runtime_error);
    }
}

TEST_CASE("A key under its passphrase serves") {
    const Ministries pki;
    auto settings = pki.settings();
    settings.tls->identity.private_key_pem = edge::SecretText(encrypted_key(pki.hub.key_pem, "open it"));
    settings.tls->identity.passphrase = edge::SecretText("open it");
    Listener listener(settings);
    CHECK(asked(listener, {.identity = pki.health}).status == 200);
}

TEST_CASE("The settings that the library would have chosen worse are ours") {
    const Ministries pki;
    Listener listener(pki.settings());
    RawLine line(listener.port(), {.identity = pki.health});
    REQUIRE(line.is_open());
    CHECK_FALSE(line.renegotiates());
    edge::require_poco_runtime();
}

TEST_CASE("Two requests smuggled as one are refused over TLS as well") {
    const Ministries pki;
    Listener listener(pki.settings());
    RawLine line(listener.port(), {.identity = pki.health});
    line.send(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        "1\r\na\r\n0\r\n" +
        get("/v1/fault"));
    CHECK(line.answer().status == 411);
    CHECK(line.ends());
    CHECK(listener.handled == 0);
}
