// Who may call an adapter is judged with its settings: this machine alone, or those whose certificates are
// named.
#include "adapters/record/listening.h"

#include <catch2/catch.hpp>

#include <array>

using namespace kesher;
using namespace kesher::record;

namespace {

constexpr std::array kTable{
    config::Setting{"hub.poll_wait", config::Kind::duration, "\"2s\"", "1s..10s", "How long."},
    config::Setting{"listen.address", config::Kind::address, "\"127.0.0.1\"", "", "Where."},
    config::Setting{"listen.port", config::Kind::count, "8091", "0..65535", "Its port."},
    config::Setting{"listen.patience", config::Kind::duration, "\"20s\"", "100ms..60s", "How long."},
    config::Setting{"listen.certificate_file", config::Kind::file, "\"\"", "", "Its certificate."},
    config::Setting{"listen.private_key_file", config::Kind::file, "\"\"", "", "Its key."},
    config::Setting{"listen.client_ca_file", config::Kind::file, "\"\"", "", "Their CA."},
    config::Setting{"listen.clients", config::Kind::texts, "[]", "0..16", "Who."}};

struct Judged {
    ListenSettings settings;
    std::string fault;  // the first one's key
};
Judged judged(const std::string& toml) {
    const auto values = config::parse_table(toml, "/etc/x.toml", kTable).value();
    config::SettingsFaults faults;
    Judged made{judged_listening(values, faults), {}};
    if (!faults.empty()) made.fault = faults.front().key;
    return made;
}
const std::string kPrint(64, 'a');
std::string secured(const std::string& print) {
    return "[listen]\naddress = \"0.0.0.0\"\ncertificate_file = \"c.pem\"\nprivate_key_file = \"c.key\"\n"
           "client_ca_file = \"ca.pem\"\nclients = [\"" +
           print + "\"]";
}

}  // namespace

TEST_CASE("Plain HTTP is for this machine, and there whoever is on it may call") {
    const Judged plain = judged("");
    CHECK(plain.fault.empty());
    CHECK_FALSE(plain.settings.is_secured());
    CHECK(may_call(plain.settings, edge::Request{.method = "GET", .route = "/x"}));
    CHECK(judged("[listen]\naddress = \"::1\"").fault.empty());
    CHECK(judged("[listen]\naddress = \"0.0.0.0\"").fault == "listen.address");
}

TEST_CASE("Beyond it each caller is named by its certificate, with colons or without") {
    CHECK(judged(secured(kPrint)).fault.empty());
    const Judged made = judged(secured("AA" + [] {
        std::string rest;
        for (int i = 0; i < 31; ++i) rest += ":AA";
        return rest;
    }()));
    CHECK(made.fault.empty());
    CHECK(made.settings.clients == std::vector{kPrint});
    edge::Request request{.method = "GET", .route = "/x"};
    CHECK_FALSE(may_call(made.settings, request));
    request.peer = edge::Peer{{}, kPrint, "x"};
    CHECK(may_call(made.settings, request));
    request.peer->fingerprint = std::string(64, 'b');
    CHECK_FALSE(may_call(made.settings, request));
}

TEST_CASE("A certificate without key, CA or callers stops the start with what is missing") {
    const auto without = [](const std::string& line) {
        std::string toml = secured(kPrint);
        const std::size_t at = toml.find(line);
        return judged(toml.erase(at, toml.find('\n', at) - at)).fault;
    };
    CHECK(without("private_key_file") == "listen.private_key_file");
    CHECK(without("client_ca_file") == "listen.client_ca_file");
    CHECK(judged(secured("abc")).fault == "listen.clients");
    CHECK(judged("[listen]\nclients = [\"" + kPrint + "\"]").fault == "listen.clients");
    CHECK(judged("[listen]\nclient_ca_file = \"ca.pem\"").fault == "listen.client_ca_file");
}

TEST_CASE("A call is waited for longer than the loop is away") {
    CHECK(judged("[listen]\npatience = \"2s\"").fault == "listen.patience");
    CHECK(judged("[listen]\npatience = \"2001ms\"").fault.empty());
}
