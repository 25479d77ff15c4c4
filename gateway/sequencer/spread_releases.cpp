#include "gateway/sequencer/spread_releases.h"

#include <charconv>
#include <span>

#include "gateway/sequencer/request.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

// A wait is 36 + 1 + 10 characters and its quotes: a third of a leaf's 16 KiB stays free.
constexpr std::size_t kSubmissionsOfALeaf = 192;

}  // namespace

std::string SpreadWait::text() const { return delivery.text() + ":" + std::to_string(share); }

std::optional<SpreadWait> SpreadWait::parse(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto delivery = DeliveryId::parse(text.substr(0, colon));
    const std::string_view digits = text.substr(colon + 1);
    std::uint32_t share = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), share);
    if (!delivery || fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    const SpreadWait wait{*delivery, share};
    return wait.text() == text ? std::optional(wait) : std::nullopt;
}

std::optional<Instant> SpreadReleases::add(const DeliveryId& delivery, const referral::SpreadFacts& facts,
                                           Instant at) {
    if (!referral::may_be_spread(facts)) return std::nullopt;
    const auto not_before = referral::release_not_before(facts, at);
    submissions_.push_back({delivery, facts.share, not_before.has_value()});
    return not_before;
}

void SpreadReleases::say(Turn& turn) const {
    for (std::span<const Submission> rest(submissions_); !rest.empty();) {
        const auto told = rest.first(std::min(rest.size(), kSubmissionsOfALeaf));
        rest = rest.subspan(told.size());
        log::Words waits;
        for (const Submission& submission : told) {
            if (submission.waits) {
                waits.push_back(log::Word::of(SpreadWait{submission.delivery, submission.share}.text()));
            }
        }
        log::Record record;
        record.event = log::RecordEvent::accepted;
        record.actor_type = log::ActorType::system;
        record.org = OrganisationId::hub();
        record.operation = log::Word::of(kSpreadOperation);
        record.decision = log::Decision::permit;
        record.facts.add("release_spread_ms", turn.means.release_spread.count()).add("waits", waits);
        (void)turn.append(std::nullopt, std::move(record));
    }
}

}  // namespace kesher::sequencer
