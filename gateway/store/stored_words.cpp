#include "gateway/store/stored_words.h"

namespace kesher::store {

void refuse_stored(std::string_view column) {
    throw DatabaseCorrupt("the database holds a value that this program cannot have written, in " +
                          std::string(column));
}

contract::OrganisationId stored_organisation(std::string_view text) {
    return stored(contract::OrganisationId::parse(text), "organisation");
}

contract::LeafIndex stored_index(std::int64_t number) {
    if (number < 0) refuse_stored("idx");
    return contract::LeafIndex{static_cast<std::uint64_t>(number)};
}

std::int64_t bigint(contract::LeafIndex index) { return static_cast<std::int64_t>(contract::number(index)); }

std::int64_t bigint(contract::Instant instant) { return instant.time_since_epoch().count(); }

contract::Instant stored_instant(std::int64_t milliseconds) {
    return contract::Instant{std::chrono::milliseconds{milliseconds}};
}

std::int32_t integer(contract::Day day) { return static_cast<std::int32_t>(day.time_since_epoch().count()); }

contract::Day stored_day(std::int32_t days) { return contract::Day{std::chrono::days{days}}; }

std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

}  // namespace kesher::store
