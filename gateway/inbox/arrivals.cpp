#include "gateway/inbox/arrivals.h"

#include "schemas/contract/limits.h"

namespace kesher::inbox {

using namespace contract;

Arrivals::Poll::Poll(Poll&& other) noexcept : arrivals_(other.arrivals_), certificate_(other.certificate_) {
    other.arrivals_ = nullptr;
}

Arrivals::Poll::~Poll() {
    if (arrivals_ == nullptr) return;
    const std::scoped_lock hold(arrivals_->mutex_);
    const auto open = arrivals_->polls_.find(certificate_);
    if (--open->second == 0) arrivals_->polls_.erase(open);
}

std::optional<Arrivals::Poll> Arrivals::begin(const Digest& certificate) {
    const std::scoped_lock hold(mutex_);
    std::size_t& open = polls_[certificate];
    if (open >= limits::kInboxPollsPerCertificate) return std::nullopt;
    ++open;
    return Poll(*this, certificate);
}

void Arrivals::arrived(const OrganisationId& id) {
    {
        const std::scoped_lock hold(mutex_);
        ++arrivals_[id];
    }
    something_.notify_all();
}

std::uint64_t Arrivals::count(const OrganisationId& id) {
    const std::scoped_lock hold(mutex_);
    return arrivals_[id];
}

void Arrivals::wait(const OrganisationId& id, std::uint64_t seen, std::chrono::milliseconds within,
                    const std::stop_token& stopping) {
    std::unique_lock hold(mutex_);
    something_.wait_for(hold, stopping, within, [&] { return arrivals_[id] != seen; });
}

}  // namespace kesher::inbox
