#include "gateway/store/readers.h"

namespace kesher::store {

Readers::Readers(ConnectionSettings settings, std::vector<Statement> statements, std::size_t count)
    : settings_(std::move(settings)), statements_(std::move(statements)), unopened_(count), count_(count) {}

std::size_t Readers::left_by(For what) const {
    switch (what) {
        case For::looking:
            return count_ / 2;
        case For::exchange:
            return count_ / 4;
        case For::withdrawal:
            break;
    }
    return 0;
}

std::unique_ptr<Connection> Readers::take(For what) {
    {
        std::unique_lock hold(mutex_);
        const std::size_t leaves = left_by(what);
        const auto is_free = [&] { return idle_.size() + unopened_ > leaves; };
        if (what == For::withdrawal) {
            freed_.wait(hold, is_free);
        } else if (!freed_.wait_for(hold, settings_.answer_within, is_free)) {
            throw DatabaseLost("no reader is free");
        }
        while (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            if (connection->still_there()) return connection;
            ++unopened_;
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
    freed_.notify_all();  // whoever is woken may not be the one who may take it
}

}  // namespace kesher::store
