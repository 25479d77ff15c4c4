// One organisation's side of a command: its key directory opened, the hub behind it, and its memory.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "adapters/ctl/report.h"
#include "adapters/kit/directory.h"
#include "adapters/kit/enrolled.h"
#include "adapters/kit/journal.h"
#include "adapters/kit/message_writer.h"

namespace kesher::ctl {

// What every command takes.
struct Common {
    std::filesystem::path directory;
    std::filesystem::path passphrase_file;  // of the private keys; empty where they lie plain
    std::filesystem::path evidence;         // every byte that crosses is kept there; empty: nothing is
    bool json = false;
    std::optional<contract::OfficerId> officer{};
    std::optional<contract::OfficerRole> role{};
    // How long her withdrawal waits for the journal where another kesherctl has it.
    std::chrono::milliseconds patience{10'000};
    // The line to the hub, for tests that are one; over mutual TLS where it is not set.
    std::function<std::unique_ptr<kit::Transport>()> line{};
};

class Office {
public:
    // The directory must be enrolled: hub.json and tls.pem are there.
    [[nodiscard]] static Or<std::unique_ptr<Office>> open(const Common& common);

    [[nodiscard]] kit::HubClient& hub() { return *body_.hub; }
    [[nodiscard]] const kit::OrganisationKeys& keys() const { return body_.keys; }
    // In place of these the keys that the directory holds now: a rotation may have run since. Where they
    // cannot be opened these stay.
    void renew_keys();
    [[nodiscard]] const kit::HubPins& pins() const { return body_.pins; }
    [[nodiscard]] const contract::OrganisationId& self() const { return body_.keys.organisation(); }
    [[nodiscard]] const std::filesystem::path& directory() const { return common_.directory; }
    // `kesherctl.journal` in the key directory; made at its first use.
    [[nodiscard]] kit::Journal& journal();
    // The same for her withdrawal: tried again while another kesherctl has it, with a line on the terminal.
    // Why, where it stays so.
    [[nodiscard]] Or<contract::Done> wait_for_journal();
    // Who takes part, with the keys that our own agreements let us believe.
    [[nodiscard]] Or<kit::Directory> members();
    // Who acts; a usage error (CLI::ValidationError) where the command line does not say.
    [[nodiscard]] kit::Actor actor() const;

private:
    Office(const Common& common, kit::EnrolledBody body) : common_(common), body_(std::move(body)) {}
    Common common_;
    kit::EnrolledBody body_;
    std::optional<kit::Journal> journal_;
};

}  // namespace kesher::ctl
