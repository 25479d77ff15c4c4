#include "gateway/edge/answer_text.h"

#include <array>
#include <cstdio>
#include <stdexcept>

#include "gateway/edge/ascii.h"

namespace kesher::edge {
namespace {

std::string_view phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 204:
            return "No Content";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 411:
            return "Length Required";
        case 413:
            return "Content Too Large";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        default:
            return "";  // the phrase says nothing to a program, and may be empty
    }
}

void append(std::string& out, std::string_view name, std::string_view value) {
    // A header that a value could end and begin anew is our fault, wherever the value came from.
    const bool clean = std::none_of(value.begin(), value.end(), is_control);
    if (!is_token(name) || !clean) throw std::logic_error("an answer's header is not one line");
    out.append(name).append(": ").append(value).append("\r\n");
}

bool has_no_body(int status) { return status == 204 || status == 304; }

}  // namespace

std::string http_date(contract::Instant at) {
    static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const contract::Day day = contract::day_of(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    std::array<char, 40> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                      kDays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                      kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                      static_cast<int>(time.seconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(length));
}

std::string answer_text(const Response& response, contract::Instant at, bool without_body, bool close) {
    std::string out =
        "HTTP/1.1 " + std::to_string(response.status) + ' ' + std::string(phrase(response.status));
    out += "\r\n";
    append(out, "Date", http_date(at));
    if (!has_no_body(response.status)) append(out, "Content-Length", std::to_string(response.body.size()));
    if (!response.content_type.empty()) append(out, "Content-Type", response.content_type);
    append(out, "X-Content-Type-Options", "nosniff");
    if (!only_header(response.headers, "Cache-Control")) append(out, "Cache-Control", "no-store");
    append(out, "Connection", close ? "close" : "keep-alive");
    for (const Header& header : response.headers) append(out, header.name, header.value);
    out += "\r\n";
    if (!without_body && !has_no_body(response.status)) out += response.body;
    return out;
}

}  // namespace kesher::edge
