#include "gateway/http/ordinary_calls.h"

#include <algorithm>

namespace kesher::http {
namespace {

std::size_t places(std::size_t of, std::size_t polls) {
    return std::max<std::size_t>((of - std::min(of, polls)) * 3 / 4, 1);
}

}  // namespace

OrdinaryCalls::OrdinaryCalls(std::size_t threads, std::size_t connections_each)
    : threads_(threads), connections_each_(connections_each) {}

std::optional<OrdinaryCalls::Place> OrdinaryCalls::enter(const contract::OrganisationId& body) {
    const std::scoped_lock hold(mutex_);
    Held& own = of_body_[body];
    if (all_.calls >= places(threads_, all_.polls) || own.calls >= places(connections_each_, own.polls)) {
        return std::nullopt;
    }
    ++all_.calls;
    ++own.calls;
    return Place(*this, {body, false});
}

OrdinaryCalls::Place OrdinaryCalls::enter_poll(const contract::OrganisationId& body) {
    const std::scoped_lock hold(mutex_);
    ++all_.polls;
    ++of_body_[body].polls;
    return {*this, {body, true}};
}

void OrdinaryCalls::leave(const Place::Of& of) {
    const std::scoped_lock hold(mutex_);
    for (Held* held : {&all_, &of_body_[of.body]}) --(of.poll ? held->polls : held->calls);
}

OrdinaryCalls::Place::~Place() {
    if (calls_ != nullptr) calls_->leave(of_);
}

}  // namespace kesher::http
