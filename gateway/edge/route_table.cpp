#include "gateway/edge/route_table.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "gateway/edge/ascii.h"

namespace kesher::edge {
namespace {

[[noreturn]] void refuse(const Route& route, const char* why) {
    throw std::logic_error("route " + std::string(route.method.text()) + ' ' +
                           std::string(route.path.text()) + ": " + why);
}

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> parts;
    path.remove_prefix(1);
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
        if (path.empty()) parts.emplace_back();  // a slash at the end: an empty part, refused below
    }
    return parts;
}

}  // namespace

RouteTable::Pattern RouteTable::pattern_of(const Route& route) {
    if (!is_token(route.method.text())) refuse(route, "method is not a token");
    if (!route.path.text().starts_with('/')) refuse(route, "path does not start with /");
    if (!route.handler) refuse(route, "no handler");
    if ((route.body_bytes_max > 0) != !route.media_types.empty()) {
        refuse(route, "a body has media types, and no body has none");
    }
    Pattern pattern;
    std::set<std::string_view> names;
    for (std::string_view part : split(route.path.text())) {
        if (!pattern.kinds.empty() && pattern.kinds.back() == 'r') refuse(route, "{name*} stands last");
        const bool named = part.starts_with('{') && part.ends_with('}');
        char kind = 'l';
        if (named) {
            part = part.substr(1, part.size() - 2);
            kind = part.ends_with('*') ? 'r' : 'c';
            if (kind == 'r') part.remove_suffix(1);
            if (!names.insert(part).second) refuse(route, "a name stands twice");
        }
        if (part.empty() || part.find_first_of("{}*") != std::string_view::npos)
            refuse(route, "malformed part");
        pattern.parts.emplace_back(part);
        pattern.kinds.push_back(kind);
    }
    return pattern;
}

RouteTable::RouteTable(std::vector<Route> routes) : routes_(std::move(routes)) {
    for (const Route& route : routes_) patterns_.push_back(pattern_of(route));
    refuse_duplicates();
}

// Two templates of one shape would differ in the names of their captures alone.
void RouteTable::refuse_duplicates() const {
    std::set<std::string> shapes;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        std::string shape{routes_[i].method.text()};
        for (std::size_t part = 0; part < patterns_[i].parts.size(); ++part) {
            const char kind = patterns_[i].kinds[part];
            shape += '/';
            shape += kind == 'l' ? patterns_[i].parts[part] : std::string{'{', kind, '}'};
        }
        if (!shapes.insert(shape).second) refuse(routes_[i], "a second row for the same requests");
    }
}

bool RouteTable::fits(const Pattern& pattern, const std::vector<std::string>& segments) {
    const bool open_ended = !pattern.kinds.empty() && pattern.kinds.back() == 'r';
    if (open_ended ? segments.size() < pattern.parts.size() : segments.size() != pattern.parts.size())
        return false;
    for (std::size_t i = 0; i < pattern.parts.size(); ++i) {
        if (pattern.kinds[i] == 'l' ? segments[i] != pattern.parts[i] : segments[i].empty()) return false;
    }
    return true;
}

// Part by part from the left, a literal is nearer than a name, and a name nearer than a rest.
bool RouteTable::nearer(const Pattern& a, const Pattern& b) {
    const auto rank = [](char kind) { return kind == 'l' ? 0 : kind == 'c' ? 1 : 2; };
    return std::lexicographical_compare(a.kinds.begin(), a.kinds.end(), b.kinds.begin(), b.kinds.end(),
                                        [&](char x, char y) { return rank(x) < rank(y); });
}

Captures RouteTable::captures_of(const Pattern& pattern, const std::vector<std::string>& segments) {
    Captures captures;
    for (std::size_t i = 0; i < pattern.parts.size(); ++i) {
        if (pattern.kinds[i] == 'l') continue;
        std::string value = segments[i];
        if (pattern.kinds[i] == 'r') {
            for (std::size_t rest = i + 1; rest < segments.size(); ++rest) value += '/' + segments[rest];
        }
        captures.emplace_back(pattern.parts[i], std::move(value));
    }
    return captures;
}

Lookup RouteTable::find(std::string_view method, const std::vector<std::string>& segments) const {
    std::optional<std::size_t> best;
    std::set<std::string_view> others;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        if (!fits(patterns_[i], segments)) continue;
        if (routes_[i].method.text() != method) {
            others.insert(routes_[i].method.text());
        } else if (!best || nearer(patterns_[i], patterns_[*best])) {
            best = i;
        }
    }
    if (best) return Found{&routes_[*best], captures_of(patterns_[*best], segments)};
    if (others.empty()) return UnknownPath{};
    std::string allow;
    for (const std::string_view other : others) allow += (allow.empty() ? "" : ", ") + std::string(other);
    return OtherMethods{allow};
}

}  // namespace kesher::edge
