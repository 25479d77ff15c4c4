// A request as a handler gets it: framed, in time, read to its last byte, its path taken apart; and
// the answer a handler gives. Nothing here is Poco's.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/telemetry/word.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"

namespace kesher::edge {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Header {
    std::string name;
    std::string value;
};

// The certificate that the TLS handshake verified against the listener's client CA. Whether the
// organisation behind it is still welcome is looked up at every request (gateway/identity): a
// resumed session is not verified anew.
struct Peer {
    contract::Bytes certificate_der;
    std::string fingerprint;  // SHA-256 of certificate_der, lower-case hex
    std::string common_name;  // of the subject: an organisation id, not yet judged
};

struct Request {
    std::string method;
    telemetry::Word route;  // the template, e.g. "/v1/messages/{id}": what may be logged
    std::vector<std::string>
        segments{};  // of the path, percent-decoded: UTF-8, no NUL, no '/', not "." or ".."
    std::vector<std::pair<std::string, std::string>> captures{};  // name in the template -> segment
    std::vector<std::pair<std::string, std::string>> query{};     // in order, decoded; names may repeat
    std::vector<Header> headers{};  // as sent; no decision rests on one that TLS could give
    std::string media_type{};       // of Content-Type, lower case, without parameters; may be empty
    contract::Bytes body{};         // exactly Content-Length bytes
    std::optional<Peer> peer{};     // always there where the listener requires a certificate
    SteadyTime received{};          // when the last byte was read
    // Requested when the server is stopping: a handler that waits (a long poll) must come back soon.
    std::stop_token stopping{};
    // Whether whoever asked has closed the connection since. For a handler that waits: what it would hand out
    // then would reach nobody. Empty where no connection is behind the request.
    std::function<bool()> caller_left{};

    // Of the template's own names; asking for another is a fault of ours (std::out_of_range).
    [[nodiscard]] const std::string& capture(std::string_view name) const;
    // The only value of that name; none where it is absent or repeated.
    [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
    [[nodiscard]] std::optional<std::string_view> header(
        std::string_view name) const;             // case-blind, same rule
    [[nodiscard]] std::string_view text() const;  // the body as text; its encoding is not yet judged
};

struct Response {
    int status = 200;
    std::string content_type;     // empty: no body
    std::vector<Header> headers;  // besides Date, Content-Length, Content-Type, Connection, which edge writes
    std::string body;
    std::optional<contract::Code> refusal;         // for the metric and the log; set by problem()
    std::optional<contract::IncidentId> incident;  // for the log
};

[[nodiscard]] Response json_response(std::string json, int status = 200);
[[nodiscard]] Response bytes_response(contract::ByteView body, std::string content_type, int status = 200);
[[nodiscard]] Response empty_response(int status = 204);

}  // namespace kesher::edge
