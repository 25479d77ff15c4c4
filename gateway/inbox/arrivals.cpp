#include "gateway/inbox/arrivals.h"

#include "schemas/contract/limits.h"

namespace kesher::inbox {

using namespace contract;

Arrivals::Poll::Poll(Poll&& other) noexcept : arrivals_(other.arrivals_), id_(std::move(other.id_)) {
    other.arrivals_ = nullptr;
}

Arrivals::Poll::~Poll() {
    if (arrivals_ == nullptr) return;
    const std::scoped_lock hold(arrivals_->mutex_);
    --arrivals_->mailboxes_[id_].polls;
}

std::optional<Arrivals::Poll> Arrivals::begin(const OrganisationId& id) {
    const std::scoped_lock hold(mutex_);
    Mailbox& mailbox = mailboxes_[id];
    if (mailbox.polls >= limits::kInboxPollsPerOrganisation) return std::nullopt;
    ++mailbox.polls;
    return Poll(*this, id);
}

void Arrivals::arrived(const OrganisationId& id) {
    {
        const std::scoped_lock hold(mutex_);
        ++mailboxes_[id].arrivals;
    }
    something_.notify_all();
}

std::uint64_t Arrivals::count(const OrganisationId& id) {
    const std::scoped_lock hold(mutex_);
    return mailboxes_[id].arrivals;
}

void Arrivals::wait(const OrganisationId& id, std::uint64_t seen, std::chrono::milliseconds within,
                    const std::stop_token& stopping) {
    std::unique_lock hold(mutex_);
    something_.wait_for(hold, stopping, within, [&] { return mailboxes_[id].arrivals != seen; });
}

}  // namespace kesher::inbox
