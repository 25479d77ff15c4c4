#include "gateway/store/readers.h"

namespace kesher::store {

Readers::Readers(ConnectionSettings settings, std::vector<Statement> statements, std::size_t count)
    : settings_(std::move(settings)), statements_(std::move(statements)), unopened_(count) {}

std::unique_ptr<Connection> Readers::take() {
    {
        std::unique_lock hold(mutex_);
        freed_.wait(hold, [&] { return !idle_.empty() || unopened_ > 0; });
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
        --unopened_;
    }
    // The place is given back where no connection comes about.
    struct Place {
        Readers& readers;
        bool taken = false;
        ~Place() {
            if (!taken) readers.give_back(nullptr);
        }
    } place{*this};
    auto connection = std::make_unique<Connection>(settings_, statements_);
    place.taken = true;
    return connection;
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
    {
        const std::scoped_lock hold(mutex_);
        if (connection && connection->usable()) {
            idle_.push_back(std::move(connection));
        } else {
            ++unopened_;
        }
    }
    freed_.notify_one();
}

}  // namespace kesher::store
