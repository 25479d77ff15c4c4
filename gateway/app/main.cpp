// kesher-hub: the exchange itself.
//
//   kesher-hub --config F                      runs until SIGTERM or SIGINT
//   kesher-hub --config F --init --superuser C --owner C --database N --operator-token FILE
//   kesher-hub --migrate --owner C
// Exit codes: 0 ended as asked, 1 cannot run (a sentence says why), 2 usage.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "gateway/app/hub.h"
#include "gateway/app/initialise.h"

namespace {

using namespace kesher;

struct Wish {
    std::string config;
    bool init = false;
    bool migrate = false;
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
    if (wish.migrate) {
        for (const std::string& name : app::migrate(wish.how.owner_conninfo))
            std::cout << "applied " << name << "\n";
        return 0;
    }
    const config::Settings settings = settings_of(wish);
    if (wish.init) {
        app::initialise(settings, wish.how);
        std::cout << "The log " << settings.hub.log_origin << " is made.\n";
        return 0;
    }
    block_signals();
    const app::Hub hub(settings);
    std::cout << hub.addresses() << "ready" << std::endl;
    wait_for_end();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"kesher-hub: consented referrals between bodies, in one order, with proof."};
    Wish wish;
    cli.add_option("--config", wish.config, "Settings file (kesher.example.toml says what stands in it)");
    cli.add_flag("--init", wish.init, "First start: keys, database, log, the operator's token");
    cli.add_flag("--migrate", wish.migrate, "Brings the schema up to date, as kesher_owner");
    cli.add_option("--superuser", wish.how.superuser_conninfo, "Connection of a superuser, for --init alone");
    cli.add_option("--owner", wish.how.owner_conninfo, "Connection as kesher_owner");
    cli.add_option("--database", wish.how.database, "Name of the database, for --init");
    cli.add_option("--operator-token", wish.how.operator_token, "Where --init writes the operator's token");
    try {
        cli.parse(argc, argv);
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
