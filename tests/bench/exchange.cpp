// Sends the same number of messages to the floor and to the hub, in turns, and prints what each took.
//
//   kesher-bench-exchange --folder F --officer O --recipient R --database-pid P --rounds N
//                         --floor PID:PORT:LOCAL_PORT --hub PID:PORT:LOCAL_PORT
//   kesher-bench-exchange --folder F --officer O --recipient R --hub PID:PORT:LOCAL_PORT --fill N
// The second sends N referrals to the hub alone, and prints how fast each part of them went.
// Every message is made before its clock starts, and every answer must be 201: one that is not ends the run.
// A round goes through all numbers of connections, each for both sides one right after the other, so that
// what else happens on the machine hits both. Rates are medians of the rounds; latencies are of all rounds.
#include <CLI/CLI.hpp>
#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <iomanip>
#include <iostream>
#include <latch>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "tests/bench/meter.h"
#include "tests/bench/workload.h"

namespace kesher::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Side {
    std::string name;
    pid_t pid = 0;
    std::uint16_t port = 0;
    std::uint16_t local_port = 0;
};

struct Load {
    std::size_t connections;
    std::size_t messages;
};
constexpr std::array kLoads{Load{1, 400}, Load{8, 2'400}, Load{32, 4'800}, Load{128, 4'800}};
constexpr std::size_t kWarmUp = 800;
constexpr std::size_t kRatioAt = 32;
constexpr std::size_t kPartOfFill = 8'000;

struct Measured {
    std::vector<double> rates;                              // messages a second, one a round
    std::vector<double> latencies;                          // ms
    std::vector<double> batches, server_cpu, database_cpu;  // messages a commit; µs a message
    double peak = 0;                                        // MiB
};

struct Figures {
    double seconds = 0;
    std::vector<double> latencies;
};

// Each connection takes the next message that nobody has taken; its latency is its own caller's.
class Run {
public:
    Run(const Credentials& credentials, const Side& side, std::size_t connections)
        : credentials_(&credentials), side_(side), connections_(connections) {}

    Figures send(const std::vector<std::string>& requests) {
        std::latch ready(static_cast<std::ptrdiff_t>(connections_ + 1));
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < connections_; ++i) threads.emplace_back([&] { work(requests, ready); });
        ready.arrive_and_wait();
        const auto began = Clock::now();
        for (std::thread& thread : threads) thread.join();
        figures_.seconds = std::chrono::duration<double>(Clock::now() - began).count();
        if (fault_) std::rethrow_exception(fault_);
        return std::move(figures_);
    }

private:
    void work(const std::vector<std::string>& requests, std::latch& ready) {
        std::vector<double> own;
        bool waited = false;
        try {
            Line line(*credentials_, side_.port);
            line.connect();
            ready.arrive_and_wait();
            waited = true;
            for (std::size_t i = next_++; i < requests.size(); i = next_++) {
                const auto began = Clock::now();
                const Reply reply = line.send(requests[i]);
                own.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
                if (reply.status != 201) {
                    throw std::runtime_error(side_.name + " answered " + std::to_string(reply.status) + " " +
                                             reply.body);
                }
            }
        } catch (const std::exception&) {
            next_ = requests.size();
            const std::scoped_lock hold(mutex_);
            fault_ = std::current_exception();
        }
        if (!waited) ready.count_down();
        const std::scoped_lock hold(mutex_);
        figures_.latencies.insert(figures_.latencies.end(), own.begin(), own.end());
    }

    const Credentials* credentials_;
    Side side_;
    std::size_t connections_;
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    Figures figures_;
    std::exception_ptr fault_;
};

struct Batches {
    double requests, commits;
};
Batches batches_of(const Side& side) {
    const std::string page = read_page(side.local_port, "/metrics");
    return {series(page, "kesher_sequencer_batch_requests_sum"),
            series(page, "kesher_sequencer_batch_requests_count")};
}

class Bench {
public:
    Bench(Workload& workload, Side floor, Side hub, pid_t database)
        : workload_(&workload), floor_(std::move(floor)), hub_(std::move(hub)), database_(database) {}

    void warm_up() {
        (void)Run(workload_->credentials(), floor_, 8).send(workload_->plain_messages(kWarmUp));
        (void)Run(workload_->credentials(), hub_, 8).send(workload_->referrals(kWarmUp));
    }

    void round() {
        for (const Load& load : kLoads) {
            const std::uint64_t before = workload_->log_size();
            const double floor = measure(floor_, load, workload_->plain_messages(load.messages));
            const double hub = measure(hub_, load, workload_->referrals(load.messages));
            const std::uint64_t leaves = workload_->log_size() - before;
            if (leaves < load.messages) throw std::runtime_error("the hub's log lacks accepted messages");
            if (load.connections == kRatioAt) ratios_.push_back(hub / floor);
            std::cerr << "  " << std::setw(3) << load.connections << " connections: floor "
                      << static_cast<long>(floor) << "/s, hub " << static_cast<long>(hub) << "/s\n";
        }
    }

    void print() const {
        std::cout
            << "| side | connections | messages/s | p50 ms | p99 ms | messages a commit | server CPU µs | "
               "database CPU µs | peak MiB |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n";
        for (const Load& load : kLoads) {
            for (const Side* side : {&floor_, &hub_}) print_row(*side, load.connections);
        }
        double peak = 0;
        for (const Load& load : kLoads) peak = std::max(peak, at(hub_, load.connections).peak);
        std::cout << std::fixed << std::setprecision(0) << "hub's peak memory: " << peak << " MiB\n"
                  << std::setprecision(2) << "hub/floor at " << kRatioAt << " connections, each pair:";
        for (const double ratio : ratios_) std::cout << " " << ratio;
        std::cout << "\nhub/floor at " << kRatioAt << " connections: " << median(ratios_) << std::endl;
    }

private:
    using Key = std::pair<std::string, std::size_t>;

    double measure(const Side& side, const Load& load, const std::vector<std::string>& requests) {
        forget_peak(side.pid);
        const Batches before = batches_of(side);
        const double server = cpu_seconds(side.pid);
        const double database = cpu_seconds_of_children(database_);
        Figures figures = Run(workload_->credentials(), side, load.connections).send(requests);
        const Batches after = batches_of(side);
        const auto count = static_cast<double>(requests.size());
        const double decided = after.requests - before.requests;
        if (decided < count) throw std::runtime_error(side.name + " stored less than it answered for");
        Measured& cell = cells_[{side.name, load.connections}];
        cell.rates.push_back(count / figures.seconds);
        cell.latencies.insert(cell.latencies.end(), figures.latencies.begin(), figures.latencies.end());
        cell.batches.push_back(decided / (after.commits - before.commits));
        cell.server_cpu.push_back((cpu_seconds(side.pid) - server) * 1e6 / count);
        cell.database_cpu.push_back((cpu_seconds_of_children(database_) - database) * 1e6 / count);
        cell.peak = std::max(cell.peak, peak_mebibytes(side.pid));
        return count / figures.seconds;
    }

    const Measured& at(const Side& side, std::size_t connections) const {
        return cells_.at({side.name, connections});
    }

    void print_row(const Side& side, std::size_t connections) const {
        const Measured& cell = at(side, connections);
        std::cout << std::fixed << "| " << side.name << " | " << connections << std::setprecision(0) << " | "
                  << median(cell.rates) << std::setprecision(1) << " | " << percentile(cell.latencies, 0.5)
                  << " | " << percentile(cell.latencies, 0.99) << " | " << median(cell.batches)
                  << std::setprecision(0) << " | " << median(cell.server_cpu) << " | "
                  << median(cell.database_cpu) << " | " << cell.peak << " |\n";
    }

    Workload* workload_;
    Side floor_, hub_;
    pid_t database_;
    std::map<Key, Measured> cells_;
    std::vector<double> ratios_;
};

Side side_of(std::string name, const std::string& text) {
    std::istringstream in(text);
    Side side{std::move(name)};
    char colon = 0;
    in >> side.pid >> colon >> side.port >> colon >> side.local_port;
    if (!in) throw std::runtime_error(text + " is not PID:PORT:LOCAL_PORT");
    return side;
}

struct Wish {
    Parties parties;
    std::string floor, hub;
    pid_t database = 0;
    std::size_t rounds = 3;
    std::size_t fill = 0;
};

// Whether a message costs more where much is stored is seen by the parts: each is sent at 32 connections.
void fill(const Wish& wish) {
    const Side hub = side_of("hub", wish.hub);
    Workload workload(wish.parties, hub.port);
    std::cerr << "  cases and consents for " << wish.fill << " referrals\n";
    workload.prepare_cases(wish.fill);
    const std::uint64_t before = workload.log_size();
    for (std::size_t sent = 0; sent < wish.fill;) {
        const std::size_t count = std::min(kPartOfFill, wish.fill - sent);
        const auto requests = workload.referrals(count);
        const Figures figures = Run(workload.credentials(), hub, kRatioAt).send(requests);
        sent += count;
        std::cout << "| " << sent << " | " << workload.log_size() << " | "
                  << static_cast<long>(static_cast<double>(count) / figures.seconds) << " |" << std::endl;
    }
    if (workload.log_size() - before < wish.fill) throw std::runtime_error("the log lacks accepted messages");
}

void run(const Wish& wish) {
    const Side hub = side_of("hub", wish.hub);
    Workload workload(wish.parties, hub.port);
    std::size_t referrals = kWarmUp;
    for (const Load& load : kLoads) referrals += wish.rounds * load.messages;
    std::cerr << "  cases and consents for " << referrals << " referrals\n";
    workload.prepare_cases(referrals);
    Bench bench(workload, side_of("floor", wish.floor), hub, wish.database);
    bench.warm_up();
    for (std::size_t round = 1; round <= wish.rounds; ++round) {
        std::cerr << "  round " << round << " of " << wish.rounds << "\n";
        bench.round();
    }
    bench.print();
}

}  // namespace
}  // namespace kesher::bench

int main(int argc, char** argv) {
    CLI::App cli{"kesher-bench-exchange: the hub's full acceptance beside the floor under it."};
    kesher::bench::Wish wish;
    cli.add_option("--folder", wish.parties.folder, "Keys of the enrolled sender")->required();
    cli.add_option("--officer", wish.parties.officer, "Who signs")->required();
    cli.add_option("--recipient", wish.parties.recipient, "Who is referred to")->required();
    cli.add_option("--hub", wish.hub, "PID:PORT:LOCAL_PORT")->required();
    auto* floor = cli.add_option("--floor", wish.floor, "PID:PORT:LOCAL_PORT");
    auto* database = cli.add_option("--database-pid", wish.database, "PostgreSQL's first process");
    cli.add_option("--rounds", wish.rounds, "Pairs at each number of connections")->check(CLI::Range(1, 50));
    auto* filled = cli.add_option("--fill", wish.fill, "Only this: so many referrals to the hub");
    floor->needs(database)->excludes(filled);
    CLI11_PARSE(cli, argc, argv);
    try {
        if (wish.fill == 0 && wish.floor.empty()) throw std::runtime_error("--floor or --fill is needed");
        wish.fill > 0 ? kesher::bench::fill(wish) : kesher::bench::run(wish);
        return 0;
    } catch (const std::exception& fault) {
        std::cerr << "kesher-bench-exchange: " << fault.what() << "\n";
        return 1;
    }
}
