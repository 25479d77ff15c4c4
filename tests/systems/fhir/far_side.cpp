#include "tests/systems/fhir/far_side.h"

#include <stdexcept>

namespace kesher::tests {

FarSide& FarSide::running() {
    static FarSide far_side;
    return far_side;
}

FarSide::FarSide() : client_(edge::ClientSettings{.base_url = program_.url()}) {}

edge::Answer FarSide::send(edge::Call call) {
    call.headers.push_back({"accept", "application/fhir+json"});
    const auto answer = client_.send(call);
    if (!answer) throw std::runtime_error("far side: " + answer.error().text);
    return answer.value();
}

edge::Answer FarSide::get(const std::string& path) { return send({.method = "GET", .path = path}); }

edge::Answer FarSide::post(const std::string& path, std::string body) {
    return send(
        {.method = "POST", .path = path, .content_type = "application/fhir+json", .body = std::move(body)});
}

edge::Answer FarSide::put(const std::string& path, std::string body,
                          const std::optional<std::string>& if_match) {
    edge::Call call{
        .method = "PUT", .path = path, .content_type = "application/fhir+json", .body = std::move(body)};
    if (if_match) call.headers.push_back({"if-match", *if_match});
    return send(std::move(call));
}

edge::Answer FarSide::patch(const std::string& path, std::string body, const std::string& if_match) {
    edge::Call call{.method = "PATCH",
                    .path = path,
                    .content_type = "application/json-patch+json",
                    .body = std::move(body),
                    .headers = {{"if-match", if_match}}};
    return send(std::move(call));
}

}  // namespace kesher::tests
