// What the health side stands on in a test: a folder of its own, keys, journal and outbox, a FHIR server that
// is away, and a directory of nobody.
#pragma once

#include <unistd.h>

#include <filesystem>

#include "adapters/health/health_side.h"
#include "tests/unit/statement/parties.h"

namespace kesher::health::test {

class ClinicDesk {
public:
    ClinicDesk() = default;
    ~ClinicDesk() { std::filesystem::remove_all(root); }
    ClinicDesk(const ClinicDesk&) = delete;
    ClinicDesk& operator=(const ClinicDesk&) = delete;

    [[nodiscard]] HealthMeans means() {
        return {journal, outbox, writer,
                aliases, log,    [this]() -> const kit::Directory& { return directory; }};
    }

    std::filesystem::path root =
        std::filesystem::temp_directory_path() / ("kesher-health-" + std::to_string(::getpid()));
    HealthSettings settings{.organisation = statement::organisation("health"),
                            .keys = {},
                            .passphrase_file = {},
                            .journal = {},
                            .hub = "hub.example",
                            .base_url = "http://127.0.0.1:1",
                            .ca_file = {},
                            .authorization_file = {},
                            .deadline = std::chrono::seconds{2},
                            .sweep_every = std::chrono::hours{24},
                            .ledger = root / "ledger",
                            .place = "המרפאה",
                            .officer = contract::OfficerId::parse("fhir").value()};

private:
    struct Made {
        explicit Made(const std::filesystem::path& folder) { std::filesystem::create_directories(folder); }
    } made_{root};

public:
    statement::Party self = statement::party("health");
    kit::Journal journal{root / "journal.sqlite", kit::JournalOwner{self.id, "hub.example/log"}};
    kit::MessageWriter writer{self.id, "hub.example/log", self.signer()};
    kit::AliasMaker aliases{statement::Secret(contract::Bytes(32, 7))};
    kit::ToldNames told_names{root, aliases};
    kit::Outbox outbox{journal, writer, told_names};
    telemetry::Log log{telemetry::Level::error, [](std::string_view) {}};
    kit::Directory directory;
};

}  // namespace kesher::health::test
