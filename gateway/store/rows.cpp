#include "gateway/store/rows.h"

#include <libpq-fe.h>

#include <charconv>
#include <cstring>
#include <stdexcept>
#include <type_traits>

namespace kesher::store {
namespace {

using contract::Bytes;
using contract::ByteView;

[[noreturn]] void misread(const std::string& what) {
    throw std::logic_error("a row was read as what it is not: " + what);
}

template <class T>
T number(ByteView bytes) {
    if (bytes.size() != sizeof(T)) misread("the value has another length than its type");
    std::make_unsigned_t<T> value = 0;
    for (const std::uint8_t byte : bytes) {
        value = static_cast<std::make_unsigned_t<T>>(static_cast<std::uint64_t>(value) << 8 | byte);
    }
    return static_cast<T>(value);
}

// Walks the server's array form; throws rather than read past the value.
class ArrayReader {
public:
    explicit ArrayReader(ByteView bytes) : rest_(bytes) {}
    std::int32_t word() { return number<std::int32_t>(take(4)); }
    ByteView take(std::size_t count) {
        if (count > rest_.size()) misread("the array ends early");
        const ByteView taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

private:
    ByteView rest_;
};

}  // namespace

void ResultClear::operator()(pg_result* result) const { PQclear(result); }

bool Row::null(std::size_t column) const {
    if (column >= static_cast<std::size_t>(PQnfields(result_))) misread("there is no such column");
    return PQgetisnull(result_, row_, static_cast<int>(column)) == 1;
}

ByteView Row::value(std::size_t column, SqlType type) const {
    const auto name = [&] { return "column " + std::to_string(column); };
    if (null(column)) misread(name() + " is NULL");
    const int at = static_cast<int>(column);
    if (PQftype(result_, at) != static_cast<Oid>(type)) misread(name() + " has another type");
    if (PQfformat(result_, at) != 1) misread(name() + " is not in binary form");
    return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(result_, row_, at)),
            static_cast<std::size_t>(PQgetlength(result_, row_, at))};
}

std::int64_t Row::bigint(std::size_t column) const {
    return number<std::int64_t>(value(column, SqlType::bigint));
}
std::int32_t Row::integer(std::size_t column) const {
    return number<std::int32_t>(value(column, SqlType::integer));
}
std::int16_t Row::smallint(std::size_t column) const {
    return number<std::int16_t>(value(column, SqlType::smallint));
}
bool Row::boolean(std::size_t column) const {
    return number<std::uint8_t>(value(column, SqlType::boolean)) != 0;
}
std::string Row::text(std::size_t column) const {
    return std::string(contract::text_of(value(column, SqlType::text)));
}
ByteView Row::view(std::size_t column) const { return value(column, SqlType::bytea); }
Bytes Row::bytes(std::size_t column) const {
    const ByteView found = view(column);
    return {found.begin(), found.end()};
}

contract::Digest Row::digest(std::size_t column) const {
    const auto digest = contract::Digest::from(view(column));
    if (!digest) misread("column " + std::to_string(column) + " is not a digest of 32 bytes");
    return *digest;
}

Uuid Row::uuid(std::size_t column) const {
    const ByteView found = value(column, SqlType::uuid);
    Uuid uuid{};
    if (found.size() != uuid.size()) misread("the value has another length than its type");
    std::memcpy(uuid.data(), found.data(), uuid.size());
    return uuid;
}

std::vector<std::string> Row::texts(std::size_t column) const {
    ArrayReader reader(value(column, SqlType::text_array));
    const std::int32_t dimensions = reader.word();
    const bool has_null = reader.word() != 0;
    reader.take(4);  // the item type, which the column's type implies
    if (dimensions == 0) return {};
    if (dimensions != 1 || has_null) misread("the array has NULLs or more than one dimension");
    const std::int32_t count = reader.word();
    reader.take(4);  // lower bound
    std::vector<std::string> texts;
    for (std::int32_t item = 0; item < count; ++item) {
        const std::int32_t length = reader.word();
        if (length < 0) misread("the array has a NULL");
        texts.emplace_back(contract::text_of(reader.take(static_cast<std::size_t>(length))));
    }
    return texts;
}

std::optional<std::int64_t> Row::maybe_bigint(std::size_t column) const {
    if (null(column)) return std::nullopt;
    return bigint(column);
}
std::optional<std::string> Row::maybe_text(std::size_t column) const {
    if (null(column)) return std::nullopt;
    return text(column);
}
std::optional<Bytes> Row::maybe_bytes(std::size_t column) const {
    if (null(column)) return std::nullopt;
    return bytes(column);
}
std::optional<Uuid> Row::maybe_uuid(std::size_t column) const {
    if (null(column)) return std::nullopt;
    return uuid(column);
}

Rows::Rows(ResultHandle result) : result_(std::move(result)) {
    if (!result_) throw std::logic_error("Rows without a result");
}

std::size_t Rows::size() const { return static_cast<std::size_t>(PQntuples(result_.get())); }

std::size_t Rows::affected() const {
    const std::string_view digits = PQcmdTuples(result_.get());
    std::size_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    return count;
}

Row Rows::operator[](std::size_t row) const {
    if (row >= size()) misread("there is no such row");
    return Row(*result_, static_cast<int>(row));
}

Row Rows::only() const {
    if (size() != 1) misread("one row was expected and " + std::to_string(size()) + " came");
    return Row(*result_, 0);
}

}  // namespace kesher::store
