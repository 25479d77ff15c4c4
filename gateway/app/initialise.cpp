#include "gateway/app/initialise.h"

#include <fcntl.h>
#include <unistd.h>

#include "gateway/app/hub_core.h"
#include "gateway/identity/admission.h"
#include "gateway/keys/key_files.h"
#include "gateway/store/bootstrap.h"
#include "gateway/store/log_repository.h"
#include "gateway/store/migrator.h"

namespace kesher::app {
namespace {

using namespace contract;

void make_keys(const config::Settings& settings) {
    if (std::filesystem::exists(settings.keys.directory) &&
        !std::filesystem::is_empty(settings.keys.directory)) {
        return;  // made by an earlier try; opening them checks them
    }
    std::optional<std::filesystem::path> passphrase;
    if (!settings.keys.passphrase_file.empty()) passphrase = settings.keys.passphrase_file;
    std::vector<std::string> hosts;
    const config::Listeners& at = settings.listeners;
    for (const config::Listener* each : {&at.organisations, &at.officers, &at.newcomers, &at.person}) {
        const std::string& host = each->host.empty() ? settings.hub.name : each->host;
        if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
    }
    const auto made = keys::create_key_directory(
        {settings.keys.directory, passphrase}, hosts,
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    if (!made) throw std::runtime_error(made.error().sentence);
}

void name_the_log(const config::Settings& settings, const std::string& owner_conninfo) {
    store::Connection owner({.conninfo = owner_conninfo}, store::log_statements());
    const auto known = store::log_origin(owner);
    if (!known) {
        if (!store::record_origin(owner, settings.hub.log_origin)) {
            throw std::runtime_error("The log could not be named.");
        }
    } else if (*known != settings.hub.log_origin) {
        throw std::runtime_error("This database already holds the log " + *known + ".");
    }
}

// Readable by nobody but its owner: whoever has it can become the operator for 24 hours.
void write_secret(const std::filesystem::path& file, const std::string& text) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) throw std::runtime_error("Cannot create " + file.string() + "; it must not exist yet.");
    const auto written = ::write(fd, text.data(), text.size());
    const bool whole = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    ::close(fd);
    if (!whole) throw std::runtime_error("Cannot write " + file.string() + ".");
}

}  // namespace

std::vector<std::string> migrate(const std::string& owner_conninfo) {
    store::Connection owner({.conninfo = owner_conninfo}, {});
    auto applied = store::migrate(owner);
    if (!applied) throw std::runtime_error(applied.error().text);
    return *std::move(applied);
}

void initialise(const config::Settings& settings, const Initialisation& how) {
    make_keys(settings);
    {
        store::Connection superuser({.conninfo = how.superuser_conninfo}, {});
        store::bootstrap(superuser, how.database);
    }
    (void)migrate(how.owner_conninfo);
    name_the_log(settings, how.owner_conninfo);

    HubCore core(settings);
    const auto operator_id = OrganisationId::parse("operator").value();
    if (core.rooms().sequencer().registry()->find(operator_id) != nullptr) return;
    const identity::Token token = identity::draw_token(core.rooms().identity, operator_id);
    const auto add = std::make_shared<identity::AddOrganisation>(
        identity::Asker{}, identity::AddOrganisation::Order{operator_id, OrganisationKind::operator_,
                                                            token.digest, token.expires_at, true});
    const auto answer = core.rooms().sequencer().run(add);
    if (answer.code) {
        throw std::runtime_error("The operator could not be added: " + std::string(text(*answer.code)));
    }
    write_secret(how.operator_token, token.file);
}

}  // namespace kesher::app
