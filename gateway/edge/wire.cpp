#include "gateway/edge/wire.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

namespace kesher::edge {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// After the soft deadline, which ends in an answer, the sweeper's hard one.
constexpr auto kGrace = 250ms;
constexpr auto kLinger = 2s;
constexpr auto kLingerQuiet = 250ms;
constexpr std::size_t kChunkBytes = 16 * 1024;  // the largest TLS record

Poco::Timespan timespan(steady_clock::duration left) {
    // Zero would mean "for ever" to SO_RCVTIMEO.
    return Poco::Timespan(std::max<Poco::Timespan::TimeDiff>(
        std::chrono::duration_cast<std::chrono::microseconds>(left).count(), 1'000));
}

}  // namespace

void Wire::set_timeouts(SteadyTime deadline) {
    const Poco::Timespan left = timespan(deadline - steady_clock::now());
    socket_.setReceiveTimeout(left);
    socket_.setSendTimeout(left);
    watch_.until(deadline + kGrace);
    ERR_clear_error();
}

bool Wire::shake_hands(SteadyTime deadline) {
    set_timeouts(deadline);
    Poco::Net::SecureStreamSocket secure(socket_);
    return secure.completeHandshake() == 1;
}

void Wire::consume(std::size_t count) {
    used_ += count;
    if (used_ < buffer_.size()) return;
    buffer_.clear();
    used_ = 0;
}

Got Wire::fill(SteadyTime deadline) {
    std::array<char, kChunkBytes> chunk;
    try {
        const auto left = deadline - steady_clock::now();
        if (left <= 0s) return Got::late;
        set_timeouts(deadline);
        // Decrypted bytes may wait inside the TLS layer, where poll(2) does not see them.
        if (socket_.available() == 0 && !socket_.poll(timespan(left), Poco::Net::Socket::SELECT_READ)) {
            return Got::late;
        }
        const int count = socket_.receiveBytes(chunk.data(), static_cast<int>(chunk.size()));
        if (count <= 0) return Got::closed;
        buffer_.append(chunk.data(), static_cast<std::size_t>(count));
        watch_.set_idle(false);
        return Got::bytes;
    } catch (const Poco::TimeoutException&) {
        return watch_.was_cut() ? Got::closed : Got::late;
    } catch (const Poco::IOException&) {  // reset, broken record, cut by the sweeper
        return Got::closed;
    }
}

bool Wire::send(std::string_view bytes, SteadyTime deadline) {
    try {
        while (!bytes.empty()) {
            if (steady_clock::now() >= deadline) return false;
            set_timeouts(deadline);
            const int count =
                socket_.sendBytes(bytes.data(), static_cast<int>(std::min(bytes.size(), kChunkBytes)));
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    } catch (const Poco::TimeoutException&) {
        return false;
    } catch (const Poco::IOException&) {
        return false;
    }
}

bool Wire::peer_left() const {
    pollfd line{.fd = socket_.impl()->sockfd(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&line, 1, 0) == 1 && (line.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void Wire::linger() {
    const SteadyTime end = steady_clock::now() + kLinger;
    watch_.until(end + kGrace);
    std::array<char, kChunkBytes> chunk;
    try {
        while (steady_clock::now() < end &&
               socket_.poll(timespan(kLingerQuiet), Poco::Net::Socket::SELECT_READ)) {
            // Raw: what comes is thrown away, so the TLS layer need not open it.
            if (::recv(socket_.impl()->sockfd(), chunk.data(), chunk.size(), MSG_DONTWAIT) <= 0) return;
        }
    } catch (const Poco::IOException&) {
        return;
    }
}

}  // namespace kesher::edge
