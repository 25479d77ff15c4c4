#include "adapters/kit/sqlite_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "adapters/kit/journal.h"

namespace kesher::kit {
namespace {

// SQLite's own words about its file; it knows nothing of what is stored.
[[noreturn]] void fail(sqlite3* file, int code) {
    if (code == SQLITE_BUSY) throw JournalBroken("the journal is in use by another process");
    throw JournalBroken(std::string("the journal: ") +
                        (file != nullptr ? sqlite3_errmsg(file) : sqlite3_errstr(code)));
}

void make_private_file(const std::filesystem::path& path) {
    const int made = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0) throw JournalBroken("the journal cannot be opened: " + path.string());
    ::close(made);
    const auto mode = std::filesystem::status(path).permissions();
    constexpr auto kOthers = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    if ((mode & kOthers) != std::filesystem::perms::none) {
        throw JournalBroken("the journal is open to others than its owner: " + path.string());
    }
}

}  // namespace

void Query::Finalize::operator()(sqlite3_stmt* held) const { sqlite3_finalize(held); }

Query::Query(sqlite3* file, std::string_view sql) : file_(file) {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v2(file, sql.data(), static_cast<int>(sql.size()), &made, nullptr);
    statement_.reset(made);
    if (code != SQLITE_OK) fail(file, code);
}

bool Query::next() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fail(file_, code);
    return false;
}

bool Query::absent(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::int64_t Query::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

contract::Bytes Query::blob(int column) const {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    if (bytes == nullptr) return {};
    return {bytes, bytes + size};
}

std::string Query::text(int column) const {
    const contract::Bytes bytes = blob(column);  // a text's blob is its UTF-8, NULs and all
    return std::string(contract::text_of(bytes));
}

void Query::bind(int place, std::string_view value) {
    const int code = sqlite3_bind_text64(statement_.get(), place, value.data(), value.size(),
                                         SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK) fail(file_, code);
}

void Query::bind(int place, contract::ByteView value) {
    // A null pointer would be bound as NULL: an empty blob is not "no blob".
    const int code = value.empty() ? sqlite3_bind_zeroblob(statement_.get(), place, 0)
                                   : sqlite3_bind_blob64(statement_.get(), place, value.data(), value.size(),
                                                         SQLITE_TRANSIENT);
    if (code != SQLITE_OK) fail(file_, code);
}

void Query::bind(int place, std::int64_t value) {
    const int code = sqlite3_bind_int64(statement_.get(), place, value);
    if (code != SQLITE_OK) fail(file_, code);
}

void Query::bind_null(int place) {
    const int code = sqlite3_bind_null(statement_.get(), place);
    if (code != SQLITE_OK) fail(file_, code);
}

void SqliteFile::Close::operator()(sqlite3* held) const { sqlite3_close_v2(held); }

SqliteFile::SqliteFile(const std::filesystem::path& path) {
    make_private_file(path);
    sqlite3* made = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    file_.reset(made);
    if (code != SQLITE_OK) fail(made, code);
    sqlite3_extended_result_codes(made, 0);
    // EXCLUSIVE: two adapters on one journal would send everything twice. secure_delete: what is
    // forgotten is overwritten, not only unlinked.
    script(
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
        "BEGIN EXCLUSIVE; COMMIT;");
    const auto must_be = [&](std::string_view pragma, std::string_view value) {
        Query asked = query(pragma);
        if (!asked.next() || asked.text(0) != value) {
            throw JournalBroken("the journal: " + std::string(pragma) + " is not " + std::string(value));
        }
    };
    must_be("PRAGMA journal_mode", "wal");
    must_be("PRAGMA synchronous", "2");
    must_be("PRAGMA integrity_check", "ok");
}

void SqliteFile::script(const char* sql) {
    const int code = sqlite3_exec(file_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(file_.get(), code);
}

std::int64_t SqliteFile::changed() const { return sqlite3_changes(file_.get()); }

}  // namespace kesher::kit
