// A FHIR R4 server that is not ours, started for these tests on a loopback port (server.mjs) and ended with
// them: it ends when its standard input does, or is ended by its own process id.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "gateway/edge/client.h"

namespace kesher::tests {

class FarSide {
public:
    // The one of this program; started at first use.
    [[nodiscard]] static FarSide& running();
    ~FarSide();
    FarSide(const FarSide&) = delete;
    FarSide& operator=(const FarSide&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] edge::Answer get(const std::string& path);
    [[nodiscard]] edge::Answer post(const std::string& path, std::string body);
    // With If-Match where a version is given.
    [[nodiscard]] edge::Answer put(const std::string& path, std::string body,
                                   const std::optional<std::string>& if_match = {});
    [[nodiscard]] edge::Answer patch(const std::string& path, std::string body, const std::string& if_match);

private:
    FarSide();
    [[nodiscard]] edge::Answer send(edge::Call call);
    void start();
    [[nodiscard]] std::string first_line() const;
    pid_t process_ = -1;
    int to_ = -1, from_ = -1;
    std::string url_;
    std::optional<edge::Client> client_;
};

}  // namespace kesher::tests
