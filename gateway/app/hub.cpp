#include "gateway/app/hub.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "config/catalogue/catalogue.h"
#include "gateway/app/hub_core.h"
#include "gateway/app/upkeep_jobs.h"
#include "gateway/edge/server.h"
#include "gateway/http/routes.h"
#include "gateway/identity/caller.h"
#include "gateway/sequencer/ended_certificates.h"

namespace kesher::app {
namespace {

using namespace contract;
using namespace std::chrono_literals;

edge::ServerTls tls_of(const keys::KeyDirectory& keys, const char* context, bool with_clients) {
    const std::string ca = keys.authority().certificate().pem();
    edge::ServerTls tls{.identity = {keys.tls_certificate().pem() + ca,
                                     edge::SecretText(std::string(text_of(keys.tls_key_pem().reveal())))}};
    if (keys.passphrase() != nullptr) {
        tls.identity.passphrase = edge::SecretText(std::string(text_of(keys.passphrase()->reveal())));
    }
    if (with_clients) tls.client_ca_pem = ca;
    tls.session_context = context;
    return tls;
}

edge::ListenerSettings listener(telemetry::Word name, const config::Listener& where,
                                const config::Limits& limits) {
    edge::ListenerSettings settings{.name = name, .address = where.address, .port = where.port};
    settings.threads = where.threads;
    settings.request_deadline = limits.request_deadline;
    settings.keep_alive = limits.keep_alive;
    settings.bytes_in_flight_max = limits.bytes_in_flight;
    return settings;
}

// Runs a small job over and over until the hub ends.
class Repeater {
public:
    Repeater(std::chrono::milliseconds pause, std::function<void()> job)
        : thread_([this, pause, job = std::move(job)] {
              std::unique_lock hold(mutex_);
              while (!ending_.wait_for(hold, pause, [this] { return ended_; })) job();
          }) {}
    ~Repeater() {
        {
            const std::scoped_lock hold(mutex_);
            ended_ = true;
        }
        ending_.notify_all();
        thread_.join();
    }
    Repeater(const Repeater&) = delete;
    Repeater& operator=(const Repeater&) = delete;

private:
    std::mutex mutex_;
    std::condition_variable ending_;
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace

struct Hub::Parts {
    HubCore core;
    std::vector<std::pair<std::string, std::unique_ptr<edge::Server>>> servers;
    sequencer::EndedCertificates ended;
    telemetry::JobHealth& counting_health;
    const std::size_t organisations_threads;
    bool threads_too_few = false;
    std::unique_ptr<Repeater> counting;
    UpkeepJobs jobs;
    std::unique_ptr<Repeater> upkeep;

    explicit Parts(const config::Settings& settings)
        : core(settings),
          ended(core.rooms().sequencer().registry()),
          counting_health(core.metrics().job("refusal_counts")),
          organisations_threads(settings.listeners.organisations.threads),
          jobs(core.rooms(), core.log(), core.metrics()) {
        core.announce_start();
        open_listeners(settings);
        counting = std::make_unique<Repeater>(1s, [this] { count(false); });
        upkeep = std::make_unique<Repeater>(5s, [this] { jobs.run_once(); });
    }
    ~Parts() {
        upkeep.reset();
        counting.reset();
        for (auto& [name, server] : servers) server->stop();
        count(true);
    }

    // Never throws: what fails now is done by the next turn, and nothing of it is half done.
    void count(bool all) {
        try {
            if (!all) cut_ended();
            tell_threads();
            core.log_counted_refusals(all) ? counting_health.succeeded() : counting_health.failed();
        } catch (const std::exception& fault) {
            counting_health.failed();
            core.log().write(telemetry::Level::warning, "counting_failed",
                             {{"reason", telemetry::Diagnostic{fault.what()}}});
        }
    }

    // Two polls of every body wait on a thread each, and the calls of all need some beside them.
    void tell_threads() {
        const std::size_t wanted = 2 * core.rooms().sequencer().registry()->organisations().size() + 64;
        const bool too_few = organisations_threads < wanted;
        if (too_few == threads_too_few) return;
        threads_too_few = too_few;
        core.log().write(too_few ? telemetry::Level::warning : telemetry::Level::info, "listener_threads",
                         {{"threads", organisations_threads}, {"wanted", wanted}});
    }

    // A body that left, or whose keys were stolen: within a second or two of the commit.
    void cut_ended() {
        for (const std::string& fingerprint : ended.since_last_look(core.rooms().sequencer().registry())) {
            for (auto& [name, server] : servers) server->disconnect(fingerprint);
        }
    }

    void open(edge::ListenerSettings settings, edge::RouteTable routes) {
        const std::string name(settings.name.text());
        servers.emplace_back(name, std::make_unique<edge::Server>(std::move(settings), std::move(routes),
                                                                  core.log(), core.metrics()));
    }

    void open_listeners(const config::Settings& settings) {
        const config::Listeners& at = settings.listeners;
        const config::Limits& limits = settings.limits;
        const keys::KeyDirectory& keys = core.keys();
        edge::ListenerSettings organisations = listener("organisations", at.organisations, limits);
        organisations.tls = tls_of(keys, "hub-organisations", true);
        organisations.share.connections = at.connections_each;
        organisations.certificate_lives = [this](std::string_view fingerprint) {
            return identity::identify(fingerprint, core.rooms().sequencer().registry()).has_value();
        };
        open(std::move(organisations), http::organisation_routes(core.rooms()));
        edge::ListenerSettings newcomers = listener("newcomers", at.newcomers, limits);
        newcomers.tls = tls_of(keys, "hub-newcomers", false);
        open(std::move(newcomers), http::newcomer_routes(core.rooms()));
        edge::ListenerSettings officers = listener("officers", at.officers, limits);
        officers.tls = tls_of(keys, "hub-officers", false);
        open(std::move(officers), http::officer_routes());
        edge::ListenerSettings person = listener("person", at.person, limits);
        person.tls = tls_of(keys, "hub-person", false);
        open(std::move(person), http::person_routes());
        open(listener("local", at.local, limits), http::local_routes(core.rooms(), core.metrics()));
        core.metrics()
            .gauge("kesher_listener_certificate_not_after_seconds",
                   "Until when the listeners' certificate holds, in POSIX seconds.")
            .set(std::chrono::floor<std::chrono::seconds>(keys.tls_certificate().not_after())
                     .time_since_epoch()
                     .count());
    }
};

Hub::Hub(const config::Settings& settings) : parts_(std::make_unique<Parts>(settings)) {}
Hub::~Hub() = default;

std::string Hub::addresses() const {
    std::string lines;
    for (const auto& [name, server] : parts_->servers) {
        lines += name + " " + std::to_string(server->port()) + "\n";
    }
    return lines;
}

}  // namespace kesher::app
