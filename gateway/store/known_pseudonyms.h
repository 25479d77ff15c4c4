// Which case a pseudonym leads to, as its row holds it: sealed. A row of `pseudonym` is written once and
// never changed or deleted, so what was read once is true for ever, and a case that is being worked on asks
// the database once and not at every message.
//
// It holds nothing that the database does not hold, no key and nothing opened; an unknown name is never kept,
// because it may become known. Thread-safe.
#pragma once

#include <cstddef>
#include <cstring>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"

namespace kesher::store {

class KnownPseudonyms {
public:
    // Rows that are kept at most: the cases of some busy days, about 5 MiB.
    static constexpr std::size_t kRows = 16'384;
    explicit KnownPseudonyms(std::size_t rows = kRows) : half_(rows / 2) {}

    [[nodiscard]] std::optional<contract::Bytes> find(const contract::OrganisationId& organisation,
                                                      const contract::Digest& lookup);
    void keep(const contract::OrganisationId& organisation, const contract::Digest& lookup,
              contract::Bytes sealed);

private:
    using Key = std::pair<contract::OrganisationId, contract::Digest>;
    // A lookup is an HMAC under the hub's key: as even as a hash can be, and nobody chooses it.
    struct Spread {
        std::size_t operator()(const Key& key) const {
            std::size_t first = 0;
            std::memcpy(&first, key.second.bytes.data(), sizeof first);
            return first;
        }
    };
    void put(const Key& key, contract::Bytes sealed);  // the lock is held

    std::size_t half_;
    std::mutex mutex_;
    // What was asked for lately, and what was before: when the first is full it becomes the second.
    std::unordered_map<Key, contract::Bytes, Spread> lately_;
    std::unordered_map<Key, contract::Bytes, Spread> before_;
};

}  // namespace kesher::store
