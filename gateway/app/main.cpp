// kesher-hub: the exchange itself.
//
//   kesher-hub --config F                      runs until SIGTERM or SIGINT
//   kesher-hub --config F --init --superuser C --owner C --database N --operator-token FILE
//   kesher-hub --migrate --owner C
//   kesher-hub --config F --renew-certificate    the listeners' own, yearly; shown from the next start on
//   kesher-hub --config F --rotate-store-key     yearly and after any suspicion; used from the next start on
// Exit codes: 0 ended as asked, 1 cannot run (a sentence says why), 2 usage.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "gateway/app/hub.h"
#include "gateway/app/hub_keys.h"
#include "gateway/app/initialise.h"
#include "gateway/telemetry/core_dumps.h"

namespace {

using namespace kesher;

struct Wish {
    std::string config;
    bool init = false;
    bool migrate = false;
    bool renew_certificate = false;
    bool rotate_store_key = false;
    app::Initialisation how;
};

config::Settings settings_of(const Wish& wish) {
    auto settings = config::read_settings(wish.config);
    if (!settings) {
        std::string faults;
        for (const config::SettingsFault& fault : settings.error()) faults += config::text(fault) + "\n";
        throw std::runtime_error(faults);
    }
    return *std::move(settings);
}

// Signals are taken by waiting, so that ending is ordinary code on the main thread.
void wait_for_end() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    int which = 0;
    sigwait(&ends, &which);
}

void block_signals() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int act(const Wish& wish) {
    telemetry::forbid_core_dumps();
    if (wish.migrate) {
        for (const std::string& name : app::migrate(wish.how.owner_conninfo))
            std::cout << "applied " << name << "\n";
        return 0;
    }
    const config::Settings settings = settings_of(wish);
    if (wish.init) {
        const bool made = app::initialise(settings, wish.how);
        std::cout << "The log " << settings.hub.log_origin << (made ? " is made" : " was made before")
                  << (made ? ", and the operator's token is written.\n" : "; nothing was changed.\n");
        return 0;
    }
    if (wish.renew_certificate) {
        app::renew_certificate(settings);
        std::cout << "The listeners' certificate is renewed; the hub shows it from its next start on.\n";
    }
    if (wish.rotate_store_key) {
        const unsigned number = app::rotate_store_key(settings);
        std::cout << "Store key " << number
                  << " is made; back it up before the next start, which seals with it.\n";
    }
    if (wish.renew_certificate || wish.rotate_store_key) return 0;
    block_signals();
    const app::Hub hub(settings);
    std::cout << hub.addresses() << "ready" << std::endl;
    wait_for_end();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"kesher-hub: consented referrals between bodies, in one order, with proof.", "kesher-hub"};
    cli.set_version_flag("--version", "kesher-hub " KESHER_VERSION);
    Wish wish;
    cli.add_option("--config", wish.config, "Settings file (kesher.example.toml says what stands in it)");
    cli.add_flag("--init", wish.init, "First start: keys, database, log, the operator's token");
    cli.add_flag("--migrate", wish.migrate, "Brings the schema up to date, as kesher_owner");
    cli.add_flag("--renew-certificate", wish.renew_certificate, "A new certificate for the listeners");
    cli.add_flag("--rotate-store-key", wish.rotate_store_key, "A new key for what is sealed from now on");
    cli.add_option("--superuser", wish.how.superuser_conninfo, "Connection of a superuser, for --init alone");
    cli.add_option("--owner", wish.how.owner_conninfo, "Connection as kesher_owner");
    cli.add_option("--database", wish.how.database, "Name of the database, for --init");
    cli.add_option("--operator-token", wish.how.operator_token, "Where --init writes the operator's token");
    try {
        cli.parse(argc, argv);
        if (!wish.migrate && wish.config.empty()) throw CLI::RequiredError("--config");
    } catch (const CLI::ParseError& fault) {
        const int code = cli.exit(fault);
        return code == 0 ? 0 : 2;
    }
    try {
        return act(wish);
    } catch (const std::exception& fault) {
        std::cerr << "kesher-hub cannot run: " << fault.what() << "\n";
        return 1;
    }
}
