// The head of a request is read in one way only; what leaves doubt is refused.
// Method: the pure functions on exact bytes; tests/edge sends the same over sockets.
#include <catch2/catch.hpp>

#include "gateway/edge/framing_gate.h"
#include "schemas/contract/limits.h"

using namespace kesher;
using namespace kesher::edge;
using contract::Code;
namespace limits = contract::limits;

namespace {

Head head_with(std::vector<Header> headers, std::string method = "POST", std::string version = "HTTP/1.1") {
    return {std::move(method), "/v1/messages", std::move(version), std::move(headers)};
}

std::string with_headers(std::size_t count) {
    std::string bytes = "GET / HTTP/1.1\r\n";
    for (std::size_t i = 0; i < count; ++i) bytes += "A: b\r\n";
    return bytes + "\r\n";
}

Code fault_of(std::string_view bytes) { return parse_head(bytes).error(); }

}  // namespace

TEST_CASE("A head is taken apart as it was sent") {
    const auto head = parse_head("POST /v1/a?b=c HTTP/1.1\r\nHost: hub\r\nX-A:\t b c \t\r\nX-B:\r\n\r\n");
    REQUIRE(head);
    CHECK(head->method == "POST");
    CHECK(head->target == "/v1/a?b=c");
    CHECK(head->version == "HTTP/1.1");
    REQUIRE(head->headers.size() == 3);
    CHECK(head->headers[1].name == "X-A");
    CHECK(head->headers[1].value == "b c");
    CHECK(head->headers[2].value.empty());
}

TEST_CASE("A request line with anything but three parts and an origin path is refused") {
    for (const char* line : {"GET /", "GET", "", " GET / HTTP/1.1", "GET  / HTTP/1.1", "GET / a HTTP/1.1",
                             "G(T / HTTP/1.1", "GET http://other/ HTTP/1.1", "OPTIONS * HTTP/1.1",
                             "GET /#a HTTP/1.1", "GET /\xC3\xA9 HTTP/1.1", "GET\t/ HTTP/1.1"}) {
        INFO(line);
        CHECK_FALSE(parse_head(std::string(line) + "\r\nHost: h\r\n\r\n"));
    }
}

TEST_CASE("A header name that is no token and a value with a control byte are refused") {
    for (const char* line :
         {"Host : h", " Host: h", "Ho st: h", ": h", "Host", "A: b\x7F", "A: b\rc", "\tb: c"}) {
        INFO(line);
        CHECK(fault_of("GET / HTTP/1.1\r\n" + std::string(line) + "\r\n\r\n") == Code::bad_framing);
    }
    CHECK(fault_of(std::string("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 25)) == Code::bad_framing);
    CHECK(parse_head("GET / HTTP/1.1\r\nA: b\tc\r\n\r\n"));
}

TEST_CASE("As many headers as the limit are taken and one more is too large") {
    CHECK(parse_head(with_headers(limits::kHeaders)));
    CHECK(fault_of(with_headers(limits::kHeaders + 1)) == Code::too_large);
}

TEST_CASE("A target of the limit is taken and one byte more is too large") {
    const auto with_target = [](std::size_t bytes) {
        return "GET /" + std::string(bytes - 1, 'a') + " HTTP/1.1\r\n\r\n";
    };
    CHECK(parse_head(with_target(limits::kRequestTargetBytes)));
    CHECK(fault_of(with_target(limits::kRequestTargetBytes + 1)) == Code::too_large);
}

TEST_CASE("The end of a head is found at its empty line and not before") {
    const std::string head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    for (std::size_t length = 0; length < head.size(); ++length) {
        CHECK(end_of_head(head.substr(0, length)).value() == 0);
    }
    CHECK(end_of_head(head).value() == head.size());
    CHECK(end_of_head(head + "body\n\n").value() == head.size());
}

TEST_CASE("A line feed without its return or an empty first line is refused where it stands") {
    CHECK(end_of_head("GET / HTTP/1.1\n").error() == Code::bad_framing);
    CHECK(end_of_head("\n").error() == Code::bad_framing);
    CHECK(end_of_head("\r\n").error() == Code::bad_framing);
    CHECK(end_of_head("GET / HTTP/1.1\r\nHost: h\n\r\n").error() == Code::bad_framing);
}

TEST_CASE("A head of the limit without an end is too large and one byte less may still end") {
    CHECK(end_of_head(std::string(limits::kHeaderBytes, 'a')).error() == Code::too_large);
    CHECK(end_of_head(std::string(limits::kHeaderBytes - 1, 'a')).value() == 0);
}

TEST_CASE("A transfer encoding is refused whatever stands beside it") {
    CHECK(framing_fault(head_with({{"Host", "h"}, {"Transfer-Encoding", "chunked"}}), 100) ==
          Code::length_required);
    CHECK(framing_fault(head_with({{"Host", "h"}, {"transfer-encoding", ""}, {"Content-Length", "5"}}),
                        100) == Code::length_required);
    CHECK(framing_fault(head_with({{"Host", "h"}, {"Transfer-Encoding", "chunked"}}, "GET"), 100) ==
          Code::length_required);
}

TEST_CASE("A length is one number in plain digits") {
    const auto fault = [](std::vector<Header> lengths) {
        lengths.push_back({"Host", "h"});
        return framing_fault(head_with(std::move(lengths)), 100);
    };
    CHECK_FALSE(fault({{"Content-Length", "0"}}));
    CHECK_FALSE(fault({{"content-length", "100"}}));
    CHECK(fault({{"Content-Length", "101"}}) == Code::too_large);
    CHECK(fault({{"Content-Length", std::string(30, '9')}}) == Code::too_large);
    CHECK(fault({{"Content-Length", "5"}, {"content-length", "5"}}) == Code::bad_framing);
    for (const char* text : {"-5", "+5", "5x", "", "05", "00", "5 5", "5,5", "0x5", "\xD9\xA5"}) {
        INFO(text);
        CHECK(fault({{"Content-Length", text}}) == Code::bad_framing);
    }
}

TEST_CASE("Methods with a body need a length and others do not") {
    for (const char* method : {"POST", "PUT", "PATCH"}) {
        CHECK(framing_fault(head_with({{"Host", "h"}}, method), 100) == Code::length_required);
    }
    for (const char* method : {"GET", "DELETE", "HEAD"}) {
        CHECK_FALSE(framing_fault(head_with({{"Host", "h"}}, method), 100));
    }
}

TEST_CASE("One host and version one point one alone pass") {
    const auto fault = [](std::vector<Header> headers, std::string version = "HTTP/1.1") {
        return framing_fault(head_with(std::move(headers), "GET", std::move(version)), 0);
    };
    CHECK_FALSE(fault({{"Host", "hub.example:8443"}}));
    CHECK_FALSE(fault({{"Host", "[::1]:8443"}}));
    CHECK(fault({}) == Code::bad_framing);
    CHECK(fault({{"Host", ""}}) == Code::bad_framing);
    CHECK(fault({{"Host", "a b"}}) == Code::bad_framing);
    CHECK(fault({{"Host", "a/b"}}) == Code::bad_framing);
    CHECK(fault({{"Host", "a"}, {"host", "a"}}) == Code::bad_framing);
    CHECK(fault({{"Host", "a"}}, "HTTP/1.0") == Code::bad_framing);
    CHECK(fault({{"Host", "a"}}, "HTTP/9.9") == Code::bad_framing);
    CHECK(fault({{"Host", "a"}}, "HTTP/1.1 ") == Code::bad_framing);
}

TEST_CASE("The only expectation is to continue") {
    const auto fault = [](std::vector<Header> more) {
        more.push_back({"Host", "h"});
        return framing_fault(head_with(std::move(more), "GET"), 0);
    };
    CHECK_FALSE(fault({{"Expect", "100-Continue"}}));
    CHECK(fault({{"Expect", "magic"}}) == Code::bad_framing);
    CHECK(fault({{"Expect", "100-continue"}, {"Expect", "100-continue"}}) == Code::bad_framing);
}

TEST_CASE("The head of an answer has a version and three digits") {
    CHECK(parse_answer_head("HTTP/1.1 200 OK\r\nA: b\r\n\r\n")->status == 200);
    CHECK(parse_answer_head("HTTP/1.0 503\r\n\r\n")->status == 503);
    for (const char* line : {"HTTP/2 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000", "HTTP/1.1 -20", "HTTP/1.1",
                             "", "HTTP/1.1 099 OK", "HTTP/1.1  200", "http/1.1 200 OK"}) {
        INFO(line);
        CHECK_FALSE(parse_answer_head(std::string(line) + "\r\n\r\n"));
    }
}
