// A FHIR R4 server that is not ours (server.mjs), and plain calls of it.
#pragma once

#include <optional>
#include <string>

#include "gateway/edge/client.h"
#include "tests/systems/node_program.h"

namespace kesher::tests {

class FarSide {
public:
    // The one of this program; started at first use.
    [[nodiscard]] static FarSide& running();
    FarSide(const FarSide&) = delete;
    FarSide& operator=(const FarSide&) = delete;

    [[nodiscard]] const std::string& url() const { return program_.url(); }
    [[nodiscard]] edge::Answer get(const std::string& path);
    [[nodiscard]] edge::Answer post(const std::string& path, std::string body);
    // With If-Match where a version is given.
    [[nodiscard]] edge::Answer put(const std::string& path, std::string body,
                                   const std::optional<std::string>& if_match = {});
    [[nodiscard]] edge::Answer patch(const std::string& path, std::string body, const std::string& if_match);

private:
    FarSide();
    [[nodiscard]] edge::Answer send(edge::Call call);
    NodeProgram program_{"fhir", "server.mjs"};
    edge::Client client_;
};

}  // namespace kesher::tests
