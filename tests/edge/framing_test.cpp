// A request can be read in one way only, or it is refused and its connection closed.
// Method: exact bytes over a raw socket; the second request of each smuggling attempt is /v1/fault,
// which counts when it is reached.
#include <catch2/catch.hpp>

#include "tests/edge/listener.h"

using namespace kesher;
using namespace kesher::tests;

namespace {

const std::string kSmuggled = "GET /v1/fault HTTP/1.1\r\nHost: hub.example\r\n\r\n";

// Sends the bytes, expects the refusal and a closed line, and that no handler ran.
void check_refused(const std::string& bytes, int status, const std::string& code) {
    Listener listener;
    RawLine line(listener.port());
    line.send(bytes);
    const RawAnswer answer = line.answer();
    CHECK(answer.status == status);
    CHECK(answer.has("\"code\":\"" + code + "\""));
    CHECK(answer.has("Connection: close"));
    CHECK(line.ends());
    CHECK(listener.handled == 0);
    CHECK(listener.shows("kesher_refusals_total{listener=\"test\",code=\"" + code + "\"} 1"));
}

}  // namespace

TEST_CASE("A request in chunks with a trailer does not carry a second one in") {
    check_refused(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"
        "\r\n1\r\na\r\n0\r\n" +
            kSmuggled,
        411, "length_required");
}

TEST_CASE("A request with chunks and a length does not carry a second one in") {
    check_refused(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
            kSmuggled,
        411, "length_required");
}

TEST_CASE("A request with two lengths does not carry a second one in") {
    check_refused(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n"
        "Content-Length: 44\r\n\r\n" +
            kSmuggled,
        400, "bad_framing");
}

TEST_CASE("A length with a space before its colon does not carry a second request in") {
    check_refused(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length : 44\r\n\r\n" +
            kSmuggled,
        400, "bad_framing");
}

TEST_CASE("A body that a call does not take is not read as the next request") {
    Listener listener;
    RawLine line(listener.port());
    line.send("GET /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(kSmuggled.size()) +
              "\r\n\r\n" + kSmuggled);
    CHECK(line.answer().status == 413);
    CHECK(line.ends());
    CHECK(listener.handled == 0);
}

TEST_CASE("A folded header is refused") {
    check_refused("GET /v1/echo HTTP/1.1\r\nHost: h\r\nX-A: b\r\n Content-Length: 5\r\n\r\n", 400,
                  "bad_framing");
}

TEST_CASE("An encoded word in a header stays text and never becomes a line of its own") {
    Listener listener;
    RawLine line(listener.port());
    line.send(get("/v1/echo", "X-A: =?us-ascii?Q?a=0D=0ASet-Cookie:b?=\r\n"));
    const RawAnswer answer = line.answer();
    CHECK(answer.status == 200);
    CHECK(answer.body == "GET  X-A==?us-ascii?Q?a=0D=0ASet-Cookie:b?=");
}

TEST_CASE("A header that names the charset of the known stack overflow is harmless text") {
    Listener listener;
    RawLine line(listener.port());
    line.send(get("/v1/echo", "X-A: =?UTF-32?Q?" + std::string(400, 'a') + "?=\r\n"));
    CHECK(line.answer().status == 200);
}

TEST_CASE("A control byte in a header value is refused") {
    check_refused(
        "GET /v1/echo HTTP/1.1\r\nHost: h\r\nX-A: a\x01"
        "b\r\n\r\n",
        400, "bad_framing");
}

TEST_CASE("A bare line feed is refused at once and not waited upon") {
    check_refused("GET /v1/echo HTTP/1.1\nHost: h\n\n", 400, "bad_framing");
}

TEST_CASE("A post without a length is refused") {
    check_refused("POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n\r\n", 411,
                  "length_required");
}

TEST_CASE("A length that is not plain digits is refused") {
    for (const std::string length : {"-5", "+5", "5x", "05", "5 5", "5, 5", "0x5", ""}) {
        Listener listener;
        RawLine line(listener.port());
        line.send("POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: " +
                  length + "\r\n\r\nhello");
        INFO(length);
        const RawAnswer answer = line.answer();
        CHECK(answer.status == 400);
        CHECK(answer.has("bad_framing"));
        CHECK(listener.handled == 0);
    }
}

TEST_CASE("A version other than one point one is refused") {
    for (const std::string version :
         {"HTTP/1.0", "HTTP/9.9", "HTTP/1.1x", "HTTP/2", "http/1.1", "HTTP/1.1 junk"}) {
        Listener listener;
        RawLine line(listener.port());
        line.send("GET /v1/echo " + version + "\r\nHost: h\r\n\r\n");
        INFO(version);
        CHECK(line.answer().status == 400);
        CHECK(listener.handled == 0);
    }
}

TEST_CASE("A request with no host or two hosts is refused and with one is served") {
    check_refused("GET /v1/echo HTTP/1.1\r\n\r\n", 400, "bad_framing");
    check_refused("GET /v1/echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "bad_framing");
    Listener listener;
    RawLine line(listener.port());
    line.send("GET /v1/echo HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(line.answer().status == 200);
}

TEST_CASE("A header line without a colon is refused") {
    check_refused("GET /v1/echo HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n", 400, "bad_framing");
}

TEST_CASE("A head over its limit is refused before it ends") {
    check_refused("GET /v1/echo HTTP/1.1\r\nHost: h\r\nX-A: " + std::string(17'000, 'a'), 413, "too_large");
}

TEST_CASE("A body of exactly the limit is served and one byte more is refused unread") {
    Listener listener;
    RawLine fits(listener.port());
    fits.send(post("/v1/echo", std::string(8'000, 'a')));
    CHECK(fits.answer().status == 200);
    RawLine over(listener.port());
    over.send(post("/v1/echo", std::string(8'001, 'a')));
    const RawAnswer answer = over.answer();
    CHECK(answer.status == 413);
    CHECK(answer.has("too_large"));
    CHECK(over.ends());
    CHECK(listener.handled == 1);
}

TEST_CASE("A sender of a large body still gets the refusal and not a reset") {
    Listener listener;
    RawLine line(listener.port());
    line.send(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 500000\r\n\r\n");
    line.send(std::string(500'000, 'a'));
    CHECK(line.answer().status == 413);
}

TEST_CASE("A short body is refused and its bytes are thrown away") {
    Listener listener;
    RawLine line(listener.port());
    line.send(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nhello");
    line.finish_sending();
    const RawAnswer answer = line.answer();
    CHECK(answer.status == 400);
    CHECK(listener.handled == 0);
}

TEST_CASE("Two requests in one packet are two requests") {
    Listener listener;
    RawLine line(listener.port());
    line.send(post("/v1/echo", "first") + post("/v1/echo", "second"));
    CHECK(line.answer().body == "POST first");
    CHECK(line.answer().body == "POST second");
}

TEST_CASE("A sender who asks to continue is told so before it sends the body") {
    Listener listener;
    RawLine line(listener.port());
    line.send(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
        "Expect: 100-continue\r\n\r\n");
    CHECK(line.answer().status == 100);
    line.send("hello");
    CHECK(line.answer().body == "POST hello");
}

TEST_CASE("A body of a type that the call does not take is refused") {
    check_refused(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=a\r\n"
        "Content-Length: 1\r\n\r\na",
        400, "bad_framing");
}
