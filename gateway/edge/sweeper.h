// Cuts sockets whose absolute deadline has passed, those by which one caller would have too many, and on
// request all of them or some.
//
// Poco's timeouts are per read: a sender that drips one byte at a time is never late, and one that
// drips inside a TLS record cannot be seen from above. So one thread per listener or client knows
// every socket's deadline and calls ::shutdown(2) on the late ones; the blocked read then ends. Not
// Poco's shutdown(): SecureStreamSocket is not thread-safe (#4435).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "gateway/edge/request.h"

namespace kesher::edge {

enum class Cut { not_yet, late, crowded, asked };

// How many handshakes may be unfinished at the same time; `threads` is what the listener has of them.
struct HandshakesMost {
    std::size_t of_one_address;
    std::size_t of_all;
    std::size_t threads;
};

class Sweeper {
public:
    // on_tick runs about five times a second on the sweeper's thread, outside its lock.
    explicit Sweeper(std::function<void()> on_tick = {});
    ~Sweeper();  // no Watch may be left

    // Must be destroyed before the socket is closed: a closed number may be another connection's.
    class Watch {
    public:
        Watch(Sweeper& sweeper, int fd);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

        void until(SteadyTime deadline);  // cut within a fifth of a second after it
        void rest();                      // no deadline: a handler is at work, or nothing is asked
        void set_idle(bool idle);         // between two requests: nothing is lost by a cut
        // A handshake with that address begins. With more than `most`, or where it takes the last thread
        // while others are unfinished, one is cut: of the address that has most of them the oldest; of two
        // addresses with as many, whichever is older.
        void shakes_hands(std::string address, const HandshakesMost& most);
        void has_shaken_hands();
        // Whose connection it turned out to be. With more than `most` of this caller one of the
        // others is cut (server.h, CallerShare); false where none can be.
        [[nodiscard]] bool belongs_to(std::string caller, std::string fingerprint, std::size_t most);
        [[nodiscard]] bool was_cut() const;
        [[nodiscard]] Cut why_cut() const;

    private:
        Sweeper& sweeper_;
        std::uint64_t key_;
    };

    std::size_t cut_all();
    std::size_t cut_idle();
    std::size_t cut_named(std::string_view fingerprint);

private:
    struct Entry {
        int fd;
        std::optional<SteadyTime> deadline{};
        bool idle = false;
        SteadyTime since{};  // when it became idle, or its request or answer began
        Cut cut = Cut::not_yet;
        std::string shaking_with{};  // address, while its handshake is not done
        std::string caller{};
        std::string fingerprint{};
    };
    using Entries = std::map<std::uint64_t, Entry>;  // the oldest first
    Entry* least_missed(const std::string& caller, const Entry& newcomer);
    Entry* handshake_too_many(const std::string& address, const HandshakesMost& most);
    std::size_t cut_where(const std::function<bool(const Entry&)>& chosen);
    static void cut(Entry& entry, Cut why);
    SteadyTime sweep();
    void run();

    std::function<void()> on_tick_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Entries entries_;
    std::uint64_t next_key_ = 0;
    bool ending_ = false;
    std::thread thread_;  // last: it runs on all of the above
};

}  // namespace kesher::edge
