#include "gateway/store/log_repository.h"

#include <limits>
#include <stdexcept>

namespace kesher::store {
namespace {

using contract::LeafIndex;
using contract::number;
using contract::TreeSize;

constexpr Statement kAppendEntries{"log_append_entries",
                                   "INSERT INTO log_entry (idx, leaf_hash, data) "
                                   "SELECT unnest($1::bigint[]), unnest($2::bytea[]), unnest($3::bytea[])"};
constexpr Statement kAppendTiles{"log_append_tiles",
                                 "INSERT INTO log_tile (level, n, hashes) "
                                 "SELECT unnest($1::smallint[]), unnest($2::bigint[]), unnest($3::bytea[])"};
constexpr Statement kAppendCheckpoint{"log_append_checkpoint",
                                      "INSERT INTO log_checkpoint (size, note) VALUES ($1, $2)"};
constexpr Statement kOrigin{"log_origin", "SELECT origin FROM log_origin"};
constexpr Statement kRecordOrigin{"log_record_origin",
                                  "INSERT INTO log_origin (origin) VALUES ($1) ON CONFLICT DO NOTHING"};
constexpr Statement kLastCheckpoint{"log_last_checkpoint",
                                    "SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1"};
constexpr Statement kCheckpointOf{"log_checkpoint_of",
                                  "SELECT size, note FROM log_checkpoint WHERE size = $1"};
constexpr Statement kCheckpointCovering{
    "log_checkpoint_covering", "SELECT size, note FROM log_checkpoint WHERE size > $1 ORDER BY size LIMIT 1"};
constexpr Statement kEntries{
    "log_entries", "SELECT idx, leaf_hash, data FROM log_entry WHERE idx >= $1 ORDER BY idx LIMIT $2"};
constexpr Statement kLeafHashes{"log_leaf_hashes",
                                "SELECT idx, leaf_hash FROM log_entry WHERE idx >= $1 ORDER BY idx LIMIT $2"};
constexpr Statement kEntry{"log_entry", "SELECT idx, leaf_hash, data FROM log_entry WHERE idx = $1"};
constexpr Statement kStoredSize{"log_stored_size", "SELECT coalesce(max(idx) + 1, 0) FROM log_entry"};
constexpr Statement kTile{"log_tile", "SELECT level, n, hashes FROM log_tile WHERE level = $1 AND n = $2"};
constexpr Statement kTiles{
    "log_tiles", "SELECT level, n, hashes FROM log_tile WHERE level = $1 AND n >= $2 ORDER BY n LIMIT $3"};
constexpr Statement kAddCosignature{
    "log_add_cosignature",
    "INSERT INTO log_cosignature (size, witness, line) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};
constexpr Statement kCosignaturesOf{
    "log_cosignatures_of",
    "SELECT size, witness, line FROM log_cosignature WHERE size = $1 ORDER BY witness"};
constexpr Statement kLastCosignatureOf{
    "log_last_cosignature_of",
    "SELECT size, witness, line FROM log_cosignature WHERE witness = $1 ORDER BY size DESC LIMIT 1"};
constexpr Statement kCosignaturesFrom{
    "log_cosignatures_from",
    "SELECT size, witness, line FROM log_cosignature WHERE size >= $1 ORDER BY size, witness LIMIT $2"};

constexpr Statement kAll[] = {kAppendEntries,
                              kAppendTiles,
                              kAppendCheckpoint,
                              kOrigin,
                              kRecordOrigin,
                              kLastCheckpoint,
                              kCheckpointOf,
                              kCheckpointCovering,
                              kEntries,
                              kLeafHashes,
                              kEntry,
                              kStoredSize,
                              kTile,
                              kTiles,
                              kAddCosignature,
                              kCosignaturesOf,
                              kLastCosignatureOf,
                              kCosignaturesFrom};

// bigint is signed; 2^63 leaves are out of reach of everything but a fault of ours.
std::int64_t as_bigint(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        throw std::out_of_range("a number of the log is over 2^63");
    }
    return static_cast<std::int64_t>(value);
}

std::uint64_t as_count(std::int64_t value) {
    if (value < 0) throw std::out_of_range("a number of the log is negative");
    return static_cast<std::uint64_t>(value);
}

LogEntry entry_in(const Row& row) {
    return {LeafIndex{as_count(row.bigint(0))}, row.digest(1), row.bytes(2)};
}
LogTile tile_in(const Row& row) {
    return {static_cast<std::uint8_t>(row.smallint(0)), as_count(row.bigint(1)), row.bytes(2)};
}
LogCheckpoint checkpoint_in(const Row& row) { return {TreeSize{as_count(row.bigint(0))}, row.text(1)}; }
LogCosignature cosignature_in(const Row& row) {
    return {TreeSize{as_count(row.bigint(0))}, row.text(1), row.text(2)};
}
LeafHash leaf_hash_in(const Row& row) { return {LeafIndex{as_count(row.bigint(0))}, row.digest(1)}; }

template <class Read>
auto all_in(const Rows& rows, Read read) {
    std::vector<decltype(read(rows[0]))> found;
    found.reserve(rows.size());
    for (const Row row : rows) found.push_back(read(row));
    return found;
}

template <class Read>
auto first_in(const Rows& rows, Read read) {
    std::optional<decltype(read(rows[0]))> found;
    if (!rows.empty()) found.emplace(read(rows.only()));
    return found;
}

Parameters page(std::uint64_t from, std::size_t limit) {
    return std::move(Parameters{}.bigint(as_bigint(from)).bigint(as_bigint(limit)));
}

}  // namespace

std::span<const Statement> log_statements() { return kAll; }

void append_entries(Pipeline& batch, std::span<const LogEntry> entries) {
    if (entries.empty()) return;
    BigintColumn indexes;
    BytesColumn hashes, data;
    for (const LogEntry& entry : entries) {
        indexes.add(as_bigint(number(entry.index)));
        hashes.add(entry.leaf_hash.view());
        data.add(entry.data);
    }
    batch.add(kAppendEntries, Parameters{}.column(indexes).column(hashes).column(data));
}

void append_tiles(Pipeline& batch, std::span<const LogTile> tiles) {
    if (tiles.empty()) return;
    SmallintColumn levels;
    BigintColumn numbers;
    BytesColumn hashes;
    for (const LogTile& tile : tiles) {
        levels.add(tile.level);
        numbers.add(as_bigint(tile.n));
        hashes.add(tile.hashes);
    }
    batch.add(kAppendTiles, Parameters{}.column(levels).column(numbers).column(hashes));
}

void append_checkpoint(Pipeline& batch, const LogCheckpoint& checkpoint) {
    batch.add(kAppendCheckpoint,
              Parameters{}.bigint(as_bigint(number(checkpoint.size))).text(checkpoint.note));
}

std::optional<std::string> log_origin(Connection& connection) {
    return first_in(connection.execute(kOrigin), [](const Row& row) { return row.text(0); });
}

bool record_origin(Connection& connection, std::string_view origin) {
    return connection.execute(kRecordOrigin, Parameters{}.text(origin)).affected() == 1;
}

std::optional<LogCheckpoint> last_checkpoint(Connection& connection) {
    return first_in(connection.execute(kLastCheckpoint), checkpoint_in);
}

std::optional<LogCheckpoint> checkpoint_of(Connection& connection, TreeSize size) {
    return first_in(connection.execute(kCheckpointOf, Parameters{}.bigint(as_bigint(number(size)))),
                    checkpoint_in);
}

std::optional<LogCheckpoint> checkpoint_covering(Connection& connection, LeafIndex index) {
    return first_in(connection.execute(kCheckpointCovering, Parameters{}.bigint(as_bigint(number(index)))),
                    checkpoint_in);
}

std::vector<LogEntry> log_entries(Connection& connection, LeafIndex from, std::size_t limit) {
    return all_in(connection.execute(kEntries, page(number(from), limit)), entry_in);
}

std::vector<LeafHash> leaf_hashes(Connection& connection, LeafIndex from, std::size_t limit) {
    return all_in(connection.execute(kLeafHashes, page(number(from), limit)), leaf_hash_in);
}

std::optional<LogEntry> log_entry(Connection& connection, LeafIndex index) {
    return first_in(connection.execute(kEntry, Parameters{}.bigint(as_bigint(number(index)))), entry_in);
}

TreeSize stored_size(Connection& connection) {
    return TreeSize{as_count(connection.execute(kStoredSize).only().bigint(0))};
}

std::optional<LogTile> log_tile(Connection& connection, std::uint8_t level, std::uint64_t n) {
    return first_in(connection.execute(kTile, Parameters{}.smallint(level).bigint(as_bigint(n))), tile_in);
}

std::vector<LogTile> log_tiles(Connection& connection, std::uint8_t level, std::uint64_t from,
                               std::size_t limit) {
    const auto parameters = Parameters{}.smallint(level).bigint(as_bigint(from)).bigint(as_bigint(limit));
    return all_in(connection.execute(kTiles, parameters), tile_in);
}

bool add_cosignature(Connection& connection, const LogCosignature& cosignature) {
    const auto parameters = Parameters{}
                                .bigint(as_bigint(number(cosignature.size)))
                                .text(cosignature.witness)
                                .text(cosignature.line);
    return connection.execute(kAddCosignature, parameters).affected() == 1;
}

std::vector<LogCosignature> cosignatures_of(Connection& connection, TreeSize size) {
    return all_in(connection.execute(kCosignaturesOf, Parameters{}.bigint(as_bigint(number(size)))),
                  cosignature_in);
}

std::optional<LogCosignature> last_cosignature_of(Connection& connection, std::string_view witness) {
    return first_in(connection.execute(kLastCosignatureOf, Parameters{}.text(witness)), cosignature_in);
}

std::vector<LogCosignature> cosignatures_from(Connection& connection, TreeSize from, std::size_t limit) {
    return all_in(connection.execute(kCosignaturesFrom, page(number(from), limit)), cosignature_in);
}

}  // namespace kesher::store
