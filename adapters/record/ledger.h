// How each referral that a body was given stands, so that a stop at any point neither doubles nor loses
// anything.
//
// Lines are only ever added, each on disk when the call returns; a line cut off by a stop never happened. Ids
// and codes: nothing that a record says, nothing about a person. One process, one thread. A ledger that
// cannot be read or written is a broken world: it throws LedgerBroken. A native half with lines of its own
// derives from it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/kit/ledger_file.h"
#include "adapters/record/change.h"
#include "adapters/record/standing.h"

namespace kesher::record {

using kit::LedgerBroken;

// A step that is about to be put into the outbox, and where it leads.
struct Intended {
    contract::MessageId message;
    Standing then;
};

class Ledger {
public:
    // Makes it, mode 0600, where there is none. `name` begins every text of LedgerBroken.
    Ledger(const std::filesystem::path& file, std::string name);
    virtual ~Ledger() = default;
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;
    // Reads what is there; once, before anything else.
    void load();

    // Before the far side hears of it. The first word on a referral stays.
    void give(const Given& given);
    [[nodiscard]] const Given* given(const contract::ReferralId& referral) const;  // null where there is none
    [[nodiscard]] std::vector<Given> given_under(const contract::ConsentId& consent) const;
    [[nodiscard]] std::vector<Given> open() const;  // that have not ended

    // An attempt to write it there, before a byte of it goes out; and that what became of that attempt is
    // known. In between it may be there, or arrive at any time.
    void attempt(const contract::ReferralId& referral, const contract::MessageId& submission);
    void know(const contract::ReferralId& referral);
    // Whether the last attempt has no answer yet; none where there was no attempt.
    [[nodiscard]] std::optional<bool> is_unknown(const contract::ReferralId& referral) const;
    // Under which message.
    [[nodiscard]] std::optional<contract::MessageId> attempted(const contract::ReferralId& referral) const;

    // Whether it may be there, or come to be there, without anybody here knowing.
    [[nodiscard]] virtual bool may_arrive(const contract::ReferralId& referral) const {
        return is_unknown(referral).value_or(false);
    }
    // So of what the exchange, and not the native system, has ended, until it is known.
    [[nodiscard]] bool may_arrive_late(const contract::ReferralId& referral) const;
    [[nodiscard]] std::vector<Given> may_arrive_late() const;
    // Since when they are looked for.
    void watch(const contract::ReferralId& referral, contract::Day since);
    [[nodiscard]] std::optional<contract::Day> watched(const contract::ReferralId& referral) const;

    // DELIVERED where nothing was said yet.
    [[nodiscard]] Standing stood(const contract::ReferralId& referral) const;
    void stand(const contract::ReferralId& referral, const Standing& stood);
    // How many steps it took: names the next one, even where it leads back to where it was.
    [[nodiscard]] std::size_t steps(const contract::ReferralId& referral) const;

    // Written before the outbox, and over once stand() was called.
    void intend(const contract::ReferralId& referral, const Intended& intended);
    [[nodiscard]] std::optional<Intended> intended(const contract::ReferralId& referral) const;

    // The hub's notice of a revocation, once what came under it is stopped; until we said so.
    void stop(const contract::ConsentId& consent, const contract::MessageId& notice);
    void acknowledge(const contract::ConsentId& consent);
    [[nodiscard]] std::map<contract::ConsentId, contract::MessageId> unacknowledged() const;

    // An event of ours that the hub refused, once the far side was told.
    void tell(const contract::MessageId& message);
    [[nodiscard]] bool is_told(const contract::MessageId& message) const { return told_.contains(message); }

protected:
    // Lines of the native half's own: their kinds, and what one says. Damage throws (must()).
    [[nodiscard]] virtual std::span<const kit::LedgerFile::Kind> own_kinds() const { return {}; }
    virtual void apply_own(const kit::LedgerWords&) {}
    void append(const std::string& line);
    template <class T>
    [[nodiscard]] T must(std::optional<T> value) const {
        if (!value) kit::damaged(name_);
        return *std::move(value);
    }

private:
    void apply(std::string_view line);
    [[nodiscard]] Standing stood_in(const kit::LedgerWords& words, std::size_t at) const;
    [[nodiscard]] Given given_in(const kit::LedgerWords& words) const;
    std::string name_;
    kit::LedgerFile file_;
    std::vector<kit::LedgerFile::Kind> kinds_;
    std::map<contract::ReferralId, Given> given_;
    std::map<contract::ReferralId, contract::MessageId> attempted_;
    std::map<contract::ReferralId, bool> unknown_;  // what became of the last attempt
    std::map<contract::ReferralId, contract::Day> watched_;
    std::map<contract::ReferralId, Standing> standings_;
    std::map<contract::ReferralId, std::size_t> steps_;
    std::map<contract::ReferralId, Intended> intended_;
    std::map<contract::ConsentId, contract::MessageId> stopped_;
    std::set<contract::ConsentId> acknowledged_;
    std::set<contract::MessageId> told_;
};

// The value under a key; none where there is none.
template <class Key, class T>
[[nodiscard]] std::optional<T> value_in(const std::map<Key, T>& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace kesher::record
