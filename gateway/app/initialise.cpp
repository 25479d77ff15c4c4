#include "gateway/app/initialise.h"

#include <fcntl.h>
#include <unistd.h>

#include "gateway/app/hub_core.h"
#include "gateway/app/hub_keys.h"
#include "gateway/identity/admission.h"
#include "gateway/store/bootstrap.h"
#include "gateway/store/log_repository.h"
#include "gateway/store/migrator.h"

namespace kesher::app {
namespace {

using namespace contract;

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

bool initialise(const config::Settings& settings, const Initialisation& how) {
    make_keys(settings);
    {
        store::Connection superuser({.conninfo = how.superuser_conninfo}, {});
        store::bootstrap(superuser, how.database);
    }
    (void)migrate(how.owner_conninfo);
    name_the_log(settings, how.owner_conninfo);

    HubCore core(settings);
    const auto operator_id = OrganisationId::parse("operator").value();
    const auto registry = core.rooms().sequencer().registry();
    const sequencer::Organisation* known = registry->find(operator_id);
    const bool has_token = known != nullptr && std::filesystem::exists(how.operator_token);
    if (has_token || (known != nullptr && known->root)) return false;
    const identity::Token token = identity::draw_token(core.rooms().identity, operator_id);
    const auto add = std::make_shared<identity::AddOrganisation>(
        identity::Asker{}, identity::AddOrganisation::Order{operator_id, OrganisationKind::operator_,
                                                            token.digest, token.expires_at, true});
    const auto answer = core.rooms().sequencer().run(add);
    if (answer.code) {
        throw std::runtime_error("The operator could not be added: " + std::string(text(*answer.code)));
    }
    write_secret(how.operator_token, token.file);
    return true;
}

}  // namespace kesher::app
