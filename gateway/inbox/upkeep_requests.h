// The decisions of the hub's own upkeep, each with its leaf (event `expired`).
#pragma once

#include <vector>

#include "gateway/referral/life.h"
#include "gateway/sequencer/request.h"

namespace kesher::inbox {

// Why a referral expired: fact `cause` of its leaf. Stored: never renumber or rename.
inline constexpr contract::ClosedList<referral::ExpiryCause, 5> kExpiryCauses{
    {"consent-not-given", "undelivered", "unanswered", "waitlisted-too-long", "consent-ended"}};

// The rows by which a referral's consent is found, for Facts::load().
void want_consent(const store::ReferralRow& row, const keys::RowKeys& row_keys,
                  const keys::SealedStore& sealed_store, sequencer::Wanted& wanted);
// Its expiry where it is due, by the consent that decides as these facts have it.
[[nodiscard]] std::optional<referral::Expiry> due_expiry(const store::ReferralRow& row,
                                                         const sequencer::Facts& facts,
                                                         const keys::RowKeys& row_keys,
                                                         const keys::SealedStore& sealed_store,
                                                         contract::Instant at);

// One leaf a referral: operation `expire`, before and after, fact `cause`. Who is not due stays as it is.
class ExpireReferrals final : public sequencer::Request {
public:
    explicit ExpireReferrals(std::vector<contract::ReferralId> referrals)
        : referrals_(std::move(referrals)) {}
    void want(sequencer::Wanted& wanted) const override;
    void want_more(const sequencer::Facts& facts, const sequencer::Means& means,
                   sequencer::Wanted& wanted) const override;
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;
    [[nodiscard]] std::size_t ended() const { return ended_; }  // after run()

private:
    std::vector<contract::ReferralId> referrals_;
    std::size_t ended_ = 0;
};

// One leaf for all: operation `payload-deleted`, fact `count`. Only for messages that have no delivery left
// to make: what is settled stays settled, so nothing here can have changed since it was looked for.
class DeletePayloads final : public sequencer::Request {
public:
    explicit DeletePayloads(std::vector<store::MessageKey> messages) : messages_(std::move(messages)) {}
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;

private:
    std::vector<store::MessageKey> messages_;
};

// A case by its key, and where its first referral would be.
struct LapsingCase {
    contract::Digest key;
    contract::Digest first_slot;
};

// One leaf a case: operation `case-lapsed`. A case that got its referral in the meantime keeps its code.
class LapseCases final : public sequencer::Request {
public:
    explicit LapseCases(std::vector<LapsingCase> cases) : cases_(std::move(cases)) {}
    void want(sequencer::Wanted& wanted) const override;
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;
    [[nodiscard]] std::size_t lapsed() const { return lapsed_; }  // after run()

private:
    std::vector<LapsingCase> cases_;
    std::size_t lapsed_ = 0;
};

}  // namespace kesher::inbox
