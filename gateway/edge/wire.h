// One connection's bytes, read and written against absolute deadlines.
//
// Poco's sockets carry the bytes; Wire adds what they lack: a deadline that a dripping peer cannot
// stretch, reads that say how they ended, and an OpenSSL error queue that is empty before each
// operation: SSL_get_error(3) needs that, Poco does not do it, and the rooms above use OpenSSL on the
// same threads.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <string>
#include <string_view>

#include "gateway/edge/sweeper.h"

namespace kesher::edge {

enum class Got { bytes, closed, late };

class Wire {
public:
    Wire(Poco::Net::StreamSocket& socket, Sweeper::Watch& watch) : socket_(socket), watch_(watch) {}

    // The lazy TLS handshake, now. False where the peer went away; throws Poco's SSLException for a
    // handshake that fails.
    [[nodiscard]] bool shake_hands(SteadyTime deadline);

    [[nodiscard]] std::string_view buffered() const { return std::string_view(buffer_).substr(used_); }
    void consume(std::size_t count);

    // Waits for more bytes behind buffered(). `late` leaves the connection fit for an answer, unless
    // the peer stopped inside a TLS record: then the sweeper cuts it and the result is `closed`.
    [[nodiscard]] Got fill(SteadyTime deadline);

    // False where the peer vanished or did not take the bytes in time.
    [[nodiscard]] bool send(std::string_view bytes, SteadyTime deadline);

    // Whether the peer has closed its sending side or is gone; takes nothing from the line.
    [[nodiscard]] bool peer_left() const;

    // Lifts the deadline: the peer is not to blame for what comes next.
    void rest() { watch_.rest(); }

    // After an answer to a request that was not read: takes what is still coming, for a moment. A
    // socket closed over unread bytes sends RST, and the peer would lose the answer.
    void linger();

private:
    void set_timeouts(SteadyTime deadline);

    Poco::Net::StreamSocket& socket_;
    Sweeper::Watch& watch_;
    std::string buffer_;
    std::size_t used_ = 0;
};

}  // namespace kesher::edge
