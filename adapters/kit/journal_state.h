// The journal's open file, and how stored words become values again. For this room's journal*.cpp alone.
#pragma once

#include "adapters/kit/journal.h"
#include "adapters/kit/sqlite_file.h"

namespace kesher::kit {

struct Journal::State {
    explicit State(const std::filesystem::path& path) : file(path) {}
    SqliteFile file;
};

// What we stored ourselves must read back; else the file was changed by another hand.
template <class T>
[[nodiscard]] T must_read(std::optional<T> value) {
    if (!value) throw JournalBroken("the journal holds a value that this program never wrote");
    return *std::move(value);
}
template <class Id>
[[nodiscard]] Id id_at(const Query& row, int column) {
    return must_read(Id::parse(row.text(column)));
}
template <class Id>
[[nodiscard]] std::optional<Id> optional_id_at(const Query& row, int column) {
    if (row.absent(column)) return std::nullopt;
    return id_at<Id>(row, column);
}
template <class Enum, std::size_t N>
[[nodiscard]] Enum word_at(const Query& row, int column, const contract::ClosedList<Enum, N>& list) {
    return must_read(list.parse(row.text(column)));
}
[[nodiscard]] inline std::optional<contract::Code> code_at(const Query& row, int column) {
    if (row.absent(column)) return std::nullopt;
    return must_read(contract::parse_code(row.text(column)));
}
[[nodiscard]] inline contract::Digest digest_at(const Query& row, int column) {
    return must_read(contract::Digest::from(row.blob(column)));
}
[[nodiscard]] inline contract::Instant instant_at(const Query& row, int column) {
    return contract::Instant{std::chrono::milliseconds{row.number(column)}};
}
[[nodiscard]] inline std::int64_t stored(contract::Instant at) { return at.time_since_epoch().count(); }
[[nodiscard]] inline std::int64_t stored(contract::LeafIndex index) {
    return static_cast<std::int64_t>(contract::number(index));
}
[[nodiscard]] inline contract::LeafIndex index_at(const Query& row, int column) {
    return contract::LeafIndex{static_cast<std::uint64_t>(row.number(column))};
}

template <class Id>
[[nodiscard]] std::optional<std::string> stored(const std::optional<Id>& id) {
    return id ? std::optional<std::string>(id->text()) : std::nullopt;
}
[[nodiscard]] inline std::optional<std::string> stored(const std::optional<contract::Code>& code) {
    return code ? std::optional<std::string>(contract::text(*code)) : std::nullopt;
}

}  // namespace kesher::kit
