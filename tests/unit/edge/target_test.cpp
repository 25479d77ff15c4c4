// A path and a query have one meaning, for us and for whoever stands before us.
// Method: targets as sent; both sides of every rule.
#include <catch2/catch.hpp>

#include "gateway/edge/framing_gate.h"

using namespace kesher;
using namespace kesher::edge;

namespace {

std::vector<std::string> segments(std::string_view target) { return parse_target(target).value().segments; }
using Query = std::vector<std::pair<std::string, std::string>>;
Query query(std::string_view target) { return parse_target(target).value().query; }

}  // namespace

TEST_CASE("A path is its decoded segments in order") {
    CHECK(segments("/").empty());
    CHECK(segments("/v1/inbox") == std::vector<std::string>{"v1", "inbox"});
    CHECK(segments("/v1/%D7%A7%20a") == std::vector<std::string>{"v1", "\xD7\xA7 a"});
    CHECK(segments("/v1/a+b") == std::vector<std::string>{"v1", "a+b"});
    CHECK(segments("/v1/") == std::vector<std::string>{"v1", ""});
}

TEST_CASE("A path that decodes to another path or to no text is refused") {
    for (const char* target : {"/a%2Fb", "/a%2fb", "/%2e", "/..", "/a/../b", "/%2E%2e/b", "/a%00", "/a%0Ab",
                               "/a%", "/a%4", "/a%4g", "/%FF", "/%C0%AF", "//", "/a//b", "", "a"}) {
        INFO(target);
        CHECK_FALSE(parse_target(target));
    }
    CHECK(parse_target("/..."));
    CHECK(parse_target("/a%41"));
}

TEST_CASE("A query is its decoded pairs in order and may repeat a name") {
    CHECK(query("/a?") == Query{});
    CHECK(query("/a?wait=30&limit=100") == Query{{"wait", "30"}, {"limit", "100"}});
    CHECK(query("/a?b=1&b=2") == Query{{"b", "1"}, {"b", "2"}});
    CHECK(query("/a?flag") == Query{{"flag", ""}});
    CHECK(query("/a?b=c%3Dd+e%2Ff") == Query{{"b", "c=d+e/f"}});
}

TEST_CASE("A query without a name or with a broken escape is refused") {
    for (const char* target : {"/a?=b", "/a?&b", "/a?b=%", "/a?b=%0D", "/a?%FF=b", "/a?b&&c"}) {
        INFO(target);
        CHECK_FALSE(parse_target(target));
    }
}

TEST_CASE("A value that is asked for by name is the only one or none") {
    Request request{.method = "GET", .route = "/a/{id}"};
    request.query = {{"wait", "30"}, {"limit", "1"}, {"limit", "2"}};
    request.headers = {{"Cookie", "a=b"}, {"X-A", "1"}, {"x-a", "2"}};
    request.captures = {{"id", "17"}};
    CHECK(request.query_value("wait") == "30");
    CHECK_FALSE(request.query_value("limit"));
    CHECK_FALSE(request.query_value("other"));
    CHECK(request.header("cookie") == "a=b");
    CHECK_FALSE(request.header("X-A"));
    CHECK(request.capture("id") == "17");
    CHECK_THROWS_AS(request.capture("other"), std::out_of_range);
}
