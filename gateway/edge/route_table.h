// Which calls a listener has: one row each, as data. The OpenAPI page and the tests read the same rows.
//
// A template is '/' and segments: a literal, `{name}` for one segment, or `{name*}` at the end for one
// or more. A literal beats a name. Two rows that the same request could reach with equal right, a
// malformed template or a repeated name throw std::logic_error: the program does not start.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/edge/request.h"
#include "gateway/telemetry/word.h"

namespace kesher::edge {

using Handler = std::function<Response(const Request&)>;

struct Route {
    telemetry::Word method;                      // "GET"
    telemetry::Word path;                        // "/v1/messages/{id}"
    telemetry::Word who;                         // whom gateway/http lets in; edge only keeps it
    std::size_t body_bytes_max = 0;              // 0: a request with a body is too_large
    std::vector<telemetry::Word> media_types{};  // accepted; empty where there is no body
    Handler handler{};
};

using Captures = std::vector<std::pair<std::string, std::string>>;

struct Found {
    const Route* route;
    Captures captures;
};
struct UnknownPath {};
struct OtherMethods {
    std::string allow;  // for the Allow header: "GET, POST"
};
using Lookup = std::variant<Found, UnknownPath, OtherMethods>;

class RouteTable {
public:
    explicit RouteTable(std::vector<Route> routes);

    [[nodiscard]] Lookup find(std::string_view method, const std::vector<std::string>& segments) const;
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

private:
    struct Pattern {
        std::vector<std::string> parts;  // literal text, or the name of a capture
        std::vector<char> kinds;         // 'l' literal, 'c' one segment, 'r' all that is left
    };
    static Pattern pattern_of(const Route& route);
    static bool fits(const Pattern& pattern, const std::vector<std::string>& segments);
    static bool nearer(const Pattern& a, const Pattern& b);
    static Captures captures_of(const Pattern& pattern, const std::vector<std::string>& segments);
    void refuse_duplicates() const;

    std::vector<Route> routes_;
    std::vector<Pattern> patterns_;
};

}  // namespace kesher::edge
