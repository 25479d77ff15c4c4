// run: the adapter at work, until SIGTERM or SIGINT, or with --once until nothing is due any more.
#include <csignal>
#include <ctime>
#include <future>
#include <iostream>

#include "adapters/program/command.h"
#include "adapters/program/running.h"

namespace kesher::program {
namespace {

using contract::Failure;
using kit::Unusable;
using std::chrono::steady_clock;

// What has not ended by then waits for somebody else's machine; a stop there is as good as a kill, and after
// a kill nothing is lost or doubled.
constexpr std::chrono::milliseconds kStopPatience{1'500};
constexpr std::chrono::milliseconds kLook{50};

struct RunWish {
    std::filesystem::path config;
    std::filesystem::path evidence;
    bool once = false;
};

sigset_t ends() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

// The work is on a thread of its own; this one takes the signals, so that ending is ordinary code.
template <class Work>
auto work_until_signal(Running& running, Work work) {
    std::stop_source stop;
    auto done = std::async(std::launch::async, [&] { return work(stop.get_token()); });
    std::optional<steady_clock::time_point> asked;
    while (done.wait_for(std::chrono::milliseconds{0}) != std::future_status::ready) {
        const sigset_t set = ends();
        const timespec look{0, std::chrono::nanoseconds(kLook).count()};
        if (sigtimedwait(&set, nullptr, &look) > 0 && !asked) {
            asked = steady_clock::now();
            stop.request_stop();
        }
        if (!asked) continue;
        running.abort();  // again and again: the next call may have begun since
        if (steady_clock::now() - *asked > kStopPatience) std::_Exit(0);
    }
    return done.get();
}

std::string sum_of(const kit::Turned& turned, std::size_t waiting) {
    const auto part = [](std::size_t count, const char* what) { return std::to_string(count) + ' ' + what; };
    std::string text = part(turned.accepted, "accepted by the hub, ") + part(turned.refused, "refused, ") +
                       part(waiting, "waiting to be sent; ") + part(turned.taken, "taken from the inbox, ") +
                       part(turned.held, "held, ") + part(turned.declined, "declined, ") +
                       part(turned.acknowledged, "acknowledged");
    if (turned.withdrawals_unproven > 0) {
        text += "; " + part(turned.withdrawals_unproven,
                            "withdrawals that the hub refused without proof: ask its operator");
    }
    if (turned.failed > 0) text += "; " + part(turned.failed, "steps that failed here: the log says which");
    return text;
}

Failure<Unusable> standing_still(const Running& running, const Profile& profile) {
    return {Unusable{
        running.halt_reason().value_or("the log shows two histories") + ": " + profile.journal.string() +
        " holds both checkpoints, and nothing leaves or is opened until the hub's operator and an "
        "auditor have explained them"}};
}

Outcome run_all(const Profile& profile, const RunWish& wish) {
    auto running = Running::open(profile, wish.evidence);
    if (!running) return Failure{running.error()};
    if (!wish.once) {
        const bool stopped =
            work_until_signal(**running, [&](const std::stop_token& stop) { return (*running)->run(stop); });
        if (!stopped) return standing_still(**running, profile);
        return Facts{};
    }
    const kit::Turned sum =
        work_until_signal(**running, [&](const std::stop_token& stop) { return (*running)->run_once(stop); });
    if (sum.halted) return standing_still(**running, profile);
    const std::string told = sum_of(sum, (*running)->waiting());
    if (sum.hub_reached) return Facts{{"done", told}};
    return Failure{Unusable{"the hub " + profile.hub + " cannot be reached, what waits is kept (" + told +
                            "); whoever runs the line or the hub mends it"}};
}

Outcome run(const RunWish& wish) {
    const sigset_t set = ends();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    const auto profile = read_profile(wish.config);
    if (!profile) return Failure{profile.error()};
    try {
        return run_all(*profile, wish);
    } catch (const kit::JournalBroken& broken) {
        return Failure{Unusable{std::string(broken.what()) + " (" + profile->journal.string() +
                                "); whoever runs this machine looks at its disk and at that file"}};
    }
}

}  // namespace

void add_run_command(CLI::App& app, Chosen& chosen) {
    const auto wish = std::make_shared<RunWish>();
    CLI::App* sub = app.add_subcommand("run", "The adapter at work, until it is told to end");
    sub->add_option("--config", wish->config, "Its settings: adapter.example.toml of its kind")->required();
    sub->add_flag("--once", wish->once,
                  "Ends when nothing is due any more, with a line that says what was done");
    sub->add_option("--evidence", wish->evidence,
                    "For rehearsals: a folder that keeps every byte that crosses");
    sub->callback([wish, &chosen] { chosen = [wish](const Common&) { return run(*wish); }; });
}

}  // namespace kesher::program
