// The hub's settings are whole, named and refused when wrong. Method: the example file, with single
// lines changed.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "config/settings.h"
#include "config/toml_scalar.h"
#include "schemas/contract/limits.h"

using namespace kesher::config;
namespace limits = kesher::contract::limits;
using namespace std::chrono_literals;

namespace {

const std::filesystem::path kExample = KESHER_SOURCE_DIR "/config/kesher.example.toml";
const std::string kLeast = "hub.name = \"hub.example\"\nkeys.passphrase_file = \"secret/passphrase\"\n";

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::stringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
}

// A file of this process alone, gone with the case.
class File {
public:
    explicit File(const std::string& toml)
        : path_(std::filesystem::temp_directory_path() /
                ("kesher-settings-" + std::to_string(getpid()) + ".toml")) {
        std::ofstream(path_, std::ios::binary) << toml;
    }
    ~File() { std::filesystem::remove(path_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

Settings read(const std::string& toml) {
    const File file(toml);
    auto settings = read_settings(file.path());
    if (!settings) FAIL(text(settings.error().front()));
    return std::move(settings).value();
}

std::vector<std::string> refused(const std::string& lines) {
    const File file(kLeast + lines);
    const auto settings = read_settings(file.path());
    std::vector<std::string> keys;
    if (settings) return keys;
    for (const SettingsFault& fault : settings.error()) keys.push_back(fault.key);
    return keys;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("The example file is exactly the table of settings written out") {
    // Where it is not, the file as it should be lies in the build folder, to be copied.
    const std::filesystem::path written = KESHER_BINARY_DIR "/kesher.example.toml";
    std::ofstream(written, std::ios::binary) << hub_example();
    CHECK(bytes_of(kExample) == bytes_of(written));
}

TEST_CASE("The example file sets every setting to its default") {
    const auto example = read_table(kExample, hub_settings());
    REQUIRE(example);
    const auto least = parse_table(kLeast, kExample, hub_settings());
    REQUIRE(least);
    for (const Setting& setting : hub_settings()) {
        CAPTURE(setting.key);
        CHECK(example->fault(setting.key, "", "").place.line > 0);
        if (setting.need == Need::required) continue;
        switch (setting.kind) {
            case Kind::count:
                CHECK(example->count(setting.key) == least->count(setting.key));
                break;
            case Kind::duration:
                CHECK(example->duration(setting.key) == least->duration(setting.key));
                break;
            case Kind::file:
                CHECK(example->file(setting.key) == least->file(setting.key));
                break;
            default:
                CHECK(example->text(setting.key) == least->text(setting.key));
        }
    }
}

TEST_CASE("The listeners are those of the contract") {
    const Settings settings = read(kLeast);
    CHECK(settings.listeners.organisations.port == 8443);
    CHECK(settings.listeners.officers.port == 8444);
    CHECK(settings.listeners.newcomers.port == 8445);
    CHECK(settings.listeners.person.port == 8446);
    CHECK(settings.listeners.local.port == 9464);
    CHECK(settings.listeners.local.address == "127.0.0.1");
    CHECK(settings.release.spread == 24h);
}

TEST_CASE("A limit's default is the contract's and can only be lowered") {
    const Settings settings = read(kLeast);
    CHECK(settings.limits.batch_requests == limits::kBatchRequests);
    CHECK(settings.limits.queue_requests == limits::kQueueRequests);
    CHECK(settings.limits.bytes_in_flight == limits::kBytesInFlight);
    CHECK(settings.limits.verified_refusals_per_minute == limits::kVerifiedRefusalsPerMinute);
    CHECK(settings.limits.inbox_wait == limits::kInboxWaitMax);
    CHECK(settings.limits.request_deadline == limits::kRequestDeadline);
    CHECK(settings.limits.keep_alive == limits::kKeepAlive);
    for (const Setting& setting : hub_settings()) {
        if (!setting.key.starts_with("limits.")) continue;
        CAPTURE(setting.key);
        const std::string most(ends_of(setting.range).second);
        CHECK((setting.kind == Kind::duration ? '"' + most + '"' : most) == setting.standard);
    }
}

TEST_CASE("The log's origin is the hub's name and the number of its log") {
    CHECK(read(kLeast).hub.log_origin == "hub.example/log");
    CHECK(read(kLeast + "hub.log = 2\n").hub.log_origin == "hub.example/log/2");
}

TEST_CASE("A listener is called by the hub's name unless it has one of its own") {
    const Settings settings = read(kLeast + "listeners.person.host = \"my.example\"\n");
    CHECK(settings.listeners.organisations.host == "hub.example");
    CHECK(settings.listeners.person.host == "my.example");
    CHECK(settings.listeners.local.host.empty());
}

TEST_CASE("A path counts from the settings file's folder") {
    const Settings settings = read(kLeast);
    CHECK(settings.keys.passphrase_file == std::filesystem::temp_directory_path() / "secret/passphrase");
    CHECK(settings.keys.directory == "/var/lib/kesher/keys");
    CHECK(settings.catalogue.empty());
}

TEST_CASE("Two listeners cannot share a port") {
    CHECK(refused("listeners.person.port = 8447\n") == Names{});
    CHECK(refused("listeners.person.port = 8444\n") == Names{"listeners.person.port"});
}

TEST_CASE("A password in the connection string is refused") {
    CHECK(refused("database.conninfo = \"host=db dbname=kesher\"\n") == Names{});
    CHECK(refused("database.conninfo = \"host=db password=x\"\n") == Names{"database.conninfo"});
    CHECK(refused("database.conninfo = \"postgresql://u:x@db/kesher\"\n") == Names{"database.conninfo"});
    CHECK(refused("database.password = \"x\"\n") == Names{"database.password"});
}

TEST_CASE("Settings that contradict each other are refused together") {
    CHECK(refused("limits.queue_requests = 1024\n") == Names{});
    CHECK(refused("limits.queue_requests = 1023\nkeys.directory = \"/var/lib/kesher/state\"\n") ==
          Names{"limits.batch_requests", "keys.directory"});
    CHECK(refused("listeners.organisations.threads = 32\n") == Names{});
    CHECK(refused("listeners.organisations.threads = 31\n") ==
          Names{"listeners.organisations.connections_each"});
}

TEST_CASE("A hub without a name or a passphrase file does not start") {
    const File file("");
    const auto settings = read_settings(file.path());
    REQUIRE_FALSE(settings);
    CHECK(settings.error().size() == 2);
    CHECK(refused("release.spread = \"49h\"\n") == Names{"release.spread"});
    CHECK(refused("release.spread = \"48h\"\n") == Names{});
}

TEST_CASE("No setting holds a secret itself and every one has its reason") {
    for (const Setting& setting : hub_settings()) {
        CAPTURE(setting.key);
        CHECK_FALSE(names_a_secret(setting.key));
        CHECK(setting.doc.size() >= 9);
    }
}
