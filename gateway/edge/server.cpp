#include "gateway/edge/server.h"

#include <Poco/Environment.h>
#include <Poco/ErrorHandler.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "gateway/edge/connection.h"
#include "gateway/edge/tls_context.h"

namespace kesher::edge {
namespace {

using namespace std::chrono_literals;

constexpr Poco::UInt32 kPocoLeast = 0x010B0000;  // 1.11.0
constexpr int kThreadIdleSeconds = 60;

// What Poco's accept thread throws into the void: no file number, no memory. Poco has one handler for
// the whole process, so it counts; Server::Parts shows the count. The pause keeps a full process from
// spinning: the connection stays in the kernel's queue meanwhile.
class AcceptFaults final : public Poco::ErrorHandler {
public:
    void exception(const Poco::Exception&) override { note(); }
    void exception(const std::exception&) override { note(); }
    void exception() override { note(); }
    [[nodiscard]] std::uint64_t count() const { return count_; }

    static AcceptFaults& installed() {
        static AcceptFaults faults;
        static const bool once = [] {
            Poco::ErrorHandler::set(&faults);
            return true;
        }();
        static_cast<void>(once);
        return faults;
    }

private:
    void note() {
        ++count_;
        std::this_thread::sleep_for(50ms);
    }
    std::atomic<std::uint64_t> count_{0};
};

class ConnectionFactory final : public Poco::Net::TCPServerConnectionFactory {
public:
    ConnectionFactory(Listener& listener, Sweeper& sweeper) : listener_(listener), sweeper_(sweeper) {}
    Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
        return std::make_unique<Connection>(socket, listener_, sweeper_).release();
    }

private:
    Listener& listener_;
    Sweeper& sweeper_;
};

Poco::Net::ServerSocket listening_socket(const ListenerSettings& settings) {
    const Poco::Net::SocketAddress address(settings.address, settings.port);
    if (!settings.tls && !address.host().isLoopback()) {
        throw std::runtime_error("plain HTTP is for loopback addresses alone");
    }
    Poco::Net::ServerSocket socket = settings.tls
                                         ? Poco::Net::SecureServerSocket(server_context(*settings.tls))
                                         : Poco::Net::ServerSocket();
    // Poco's own constructor sets SO_REUSEPORT as well: a second program of the same user could then
    // take half of our connections, and an address in use would go unnoticed.
    socket.bind(address, true, false);
    socket.listen(static_cast<int>(settings.connections_queued_max));
    return socket;
}

// Poco's queue is first come, first served, and a connection in it is not known to the sweeper until a thread
// takes it. It drains as fast as threads come back, and with one unfinished handshake too many another ends
// at once and its thread takes the next (Sweeper::handshake_too_many). What remains: connections that come
// faster than threads can take and end them fill the queue, and Poco then drops new ones, honest or not
// (metrics.dropped). Who sends them is for a packet filter in front to count (deployment/README.md).
Poco::Net::TCPServerParams::Ptr params_of(const ListenerSettings& settings) {
    Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
    params->setMaxThreads(static_cast<int>(settings.threads));
    params->setMaxQueued(static_cast<int>(settings.connections_queued_max));
    params->setThreadIdleTime(Poco::Timespan(1, 0));  // how long a stop may wait for an idle thread
    return params;
}

}  // namespace

// In order of life: what stands below uses what stands above.
struct Server::Parts {
    Parts(ListenerSettings settings, RouteTable routes, telemetry::Log& log, telemetry::Metrics& metrics)
        : listener(std::move(settings), std::move(routes), log, metrics),
          socket(listening_socket(listener.settings)),
          port(socket.address().port()),
          pool(1, static_cast<int>(listener.settings.threads), kThreadIdleSeconds,
               static_cast<int>(listener.settings.stack_bytes)),
          sweeper([this] { show_queue(); }),
          server(std::make_unique<Poco::Net::TCPServer>(new ConnectionFactory(listener, sweeper), pool,
                                                        socket, params_of(listener.settings))) {
        server->start();
        const std::scoped_lock lock(shown_mutex);
        running = server.get();
    }

    // On the sweeper's thread five times a second, and once more at the end.
    void show_queue() {
        const std::scoped_lock lock(shown_mutex);
        if (running == nullptr) return;
        listener.metrics.queue.set(running->queuedConnections());
        listener.metrics.dropped.set(running->refusedConnections());
        const std::uint64_t faults = AcceptFaults::installed().count();
        listener.metrics.accept_faults.add(faults - accept_faults_seen);
        accept_faults_seen = faults;
    }

    bool empty_within(std::chrono::milliseconds time) const {
        const SteadyTime end = std::chrono::steady_clock::now() + time;
        while (server->currentConnections() > 0) {
            if (std::chrono::steady_clock::now() >= end) return false;
            std::this_thread::sleep_for(5ms);
        }
        return true;
    }

    Listener listener;
    Poco::Net::ServerSocket socket;
    std::uint16_t port;
    Poco::ThreadPool pool;
    std::mutex shown_mutex;
    std::uint64_t accept_faults_seen = AcceptFaults::installed().count();
    const Poco::Net::TCPServer* running = nullptr;  // while the server may be asked for its queue
    Sweeper sweeper;
    std::unique_ptr<Poco::Net::TCPServer> server;
    bool stopped = false;
};

Server::Server(ListenerSettings settings, RouteTable routes, telemetry::Log& log,
               telemetry::Metrics& metrics) {
    require_poco_runtime();
    ignore_broken_pipes();
    if (settings.threads == 0 || settings.requests_per_connection == 0 ||
        settings.body_bytes_per_second == 0) {
        throw std::runtime_error("a listener has threads, requests a connection, and a speed of bodies");
    }
    try {
        parts_ = std::make_unique<Parts>(std::move(settings), std::move(routes), log, metrics);
    } catch (const Poco::Exception& fault) {
        throw std::runtime_error("listener: " + fault.displayText());
    }
}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return parts_->port; }

std::size_t Server::disconnect(std::string_view fingerprint) {
    return parts_->sweeper.cut_named(fingerprint);
}

// Not Poco's stopAll(true) nor its onServerStopped: they race with the connections (#2634, #1884).
void Server::stop(std::chrono::milliseconds drain) {
    Parts& parts = *parts_;
    if (parts.stopped) return;
    parts.stopped = true;
    parts.listener.stopping.request_stop();
    parts.server->stop();  // joins the accept thread; what was queued is closed
    parts.socket.close();
    parts.sweeper.cut_idle();
    if (!parts.empty_within(drain)) parts.sweeper.cut_all();
    // A connection that began meanwhile sees `stopping` before it reads; all threads end.
    parts.pool.joinAll();
    parts.show_queue();
    const std::scoped_lock lock(parts.shown_mutex);
    parts.running = nullptr;
}

void require_poco_runtime() {
    if (Poco::Environment::libraryVersion() < kPocoLeast) {
        throw std::runtime_error("the Poco in memory is older than 1.11.0");
    }
}

}  // namespace kesher::edge
