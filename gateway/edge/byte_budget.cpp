#include "gateway/edge/byte_budget.h"

namespace kesher::edge {

ByteBudget::Lease::Lease(ByteBudget& budget, std::string caller, std::size_t bytes)
    : budget_(budget), caller_(std::move(caller)), bytes_(bytes) {
    budget_.shown_.add(static_cast<std::int64_t>(bytes_));
}

ByteBudget::Lease::~Lease() {
    budget_.give_back(caller_, bytes_);
    budget_.shown_.add(-static_cast<std::int64_t>(bytes_));
}

bool ByteBudget::take(const std::string& caller, std::size_t bytes, std::optional<Lease>& lease) {
    if (bytes > bounds_.small_body) {
        const std::scoped_lock hold(mutex_);
        if (!fits(caller, bytes)) return false;
        held_ += bytes;
        Held& own = callers_[caller];
        own.bytes += bytes;
        ++own.bodies;
    }
    lease.emplace(*this, caller, bytes);
    return true;
}

// A caller's first body is measured by the room that there is, and not by its share: the largest message of
// the contract must pass on a small machine too.
bool ByteBudget::fits(const std::string& caller, std::size_t bytes) const {
    if (bytes > bounds_.bytes - held_) return false;
    const auto own = callers_.find(caller);
    if (own == callers_.end()) return true;
    return own->second.bodies < bounds_.bodies_a_caller && own->second.bytes < bounds_.bytes_a_caller &&
           bytes <= bounds_.bytes_a_caller - own->second.bytes;
}

void ByteBudget::give_back(const std::string& caller, std::size_t bytes) {
    if (bytes <= bounds_.small_body) return;
    const std::scoped_lock hold(mutex_);
    held_ -= bytes;
    const auto own = callers_.find(caller);
    own->second.bytes -= bytes;
    if (--own->second.bodies == 0) callers_.erase(own);
}

}  // namespace kesher::edge
