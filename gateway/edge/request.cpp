#include "gateway/edge/request.h"

#include <stdexcept>

#include "gateway/edge/ascii.h"

namespace kesher::edge {

const std::string& Request::capture(std::string_view name) const {
    for (const auto& [held, segment] : captures) {
        if (held == name) return segment;
    }
    throw std::out_of_range("the route has no such capture");
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
    std::optional<std::string_view> found;
    for (const auto& [held, value] : query) {
        if (held != name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
    return only_header(headers, name);
}

std::string_view Request::text() const { return contract::text_of(body); }

Response json_response(std::string json, int status) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = std::move(json);
    return response;
}

Response bytes_response(contract::ByteView body, std::string content_type, int status) {
    Response response;
    response.status = status;
    response.content_type = std::move(content_type);
    response.body = contract::text_of(body);
    return response;
}

Response empty_response(int status) {
    Response response;
    response.status = status;
    return response;
}

}  // namespace kesher::edge
