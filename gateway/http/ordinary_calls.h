// How many ordinary calls of the organisations' listener are under way, in all and of one body: while the
// database is slow each of them holds a thread and a connection, and her withdrawal must find one.
//
// What is never told `busy` has no place here and needs none: withdrawals, the inbox and its acknowledgements
// (the polls of a body are bounded by their own rule), the operator's orders.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "schemas/contract/ids.h"

namespace kesher::http {

class OrdinaryCalls {
public:
    // Of so many threads in all and connections of one body, of which polls hold some: three quarters of the
    // rest, and always one.
    OrdinaryCalls(std::size_t threads, std::size_t connections_each);

    // While it lives a call is under way.
    class Place {
    public:
        Place(Place&& other) noexcept : calls_(std::exchange(other.calls_, nullptr)), of_(other.of_) {}
        Place& operator=(Place&&) = delete;
        ~Place();

    private:
        friend class OrdinaryCalls;
        struct Of {
            contract::OrganisationId body;
            bool poll;
        };
        Place(OrdinaryCalls& calls, Of of) : calls_(&calls), of_(std::move(of)) {}
        OrdinaryCalls* calls_;
        Of of_;
    };

    // Nothing where there is no place: the call is refused `busy`.
    [[nodiscard]] std::optional<Place> enter(const contract::OrganisationId& body);
    // Always; a poll that waits leaves less for the others.
    [[nodiscard]] Place enter_poll(const contract::OrganisationId& body);

private:
    struct Held {
        std::size_t calls = 0;
        std::size_t polls = 0;
    };
    void leave(const Place::Of& of);

    const std::size_t threads_;
    const std::size_t connections_each_;
    std::mutex mutex_;
    Held all_;
    std::map<contract::OrganisationId, Held> of_body_;
};

}  // namespace kesher::http
