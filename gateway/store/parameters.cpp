#include "gateway/store/parameters.h"

#include <limits>
#include <stdexcept>
#include <type_traits>

namespace kesher::store {
namespace {

using contract::Bytes;
using contract::ByteView;

// Network byte order, as every integer of the protocol.
template <class T>
void put(Bytes& out, T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    std::array<std::uint8_t, sizeof(T)> bytes;
    for (std::size_t at = 0; at < sizeof(T); ++at) {
        bytes[at] = static_cast<std::uint8_t>(bits >> (8 * (sizeof(T) - 1 - at)));
    }
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void put_all(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

std::int32_t length_of(std::size_t size) {
    if (size > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
        throw std::length_error("a value over 2 GiB does not go into one statement");
    }
    return static_cast<std::int32_t>(size);
}

Bytes encoded(std::int64_t value) {
    Bytes out;
    put(out, value);
    return out;
}
Bytes encoded(std::int32_t value) {
    Bytes out;
    put(out, value);
    return out;
}
Bytes encoded(std::int16_t value) {
    Bytes out;
    put(out, value);
    return out;
}
Bytes encoded(bool value) { return Bytes{static_cast<std::uint8_t>(value ? 1 : 0)}; }
ByteView encoded(std::string_view value) { return contract::bytes_of(value); }
ByteView encoded(ByteView value) { return value; }
ByteView encoded(const Uuid& value) { return value; }

struct Types {
    SqlType item;
    SqlType array;
};

template <class T>
constexpr Types types_of() {
    if constexpr (std::is_same_v<T, std::int64_t>) return {SqlType::bigint, SqlType::bigint_array};
    if constexpr (std::is_same_v<T, std::int32_t>) return {SqlType::integer, SqlType::integer_array};
    if constexpr (std::is_same_v<T, std::int16_t>) return {SqlType::smallint, SqlType::smallint_array};
    if constexpr (std::is_same_v<T, bool>) return {SqlType::boolean, SqlType::boolean_array};
    if constexpr (std::is_same_v<T, std::string_view>) return {SqlType::text, SqlType::text_array};
    if constexpr (std::is_same_v<T, ByteView>) return {SqlType::bytea, SqlType::bytea_array};
    if constexpr (std::is_same_v<T, Uuid>) return {SqlType::uuid, SqlType::uuid_array};
}

}  // namespace

template <class T>
void Column<T>::add(T value) {
    const auto& bytes = encoded(value);
    put(items_, length_of(bytes.size()));
    put_all(items_, bytes);
    ++count_;
}

template <class T>
void Column<T>::add_null() {
    put(items_, std::int32_t{-1});
    has_null_ = true;
    ++count_;
}

Parameters& Parameters::push(SqlType type, ByteView bytes) {
    values_.push_back({type, false, Bytes(bytes.begin(), bytes.end())});
    return *this;
}

Parameters& Parameters::bigint(std::int64_t value) { return push(SqlType::bigint, encoded(value)); }
Parameters& Parameters::integer(std::int32_t value) { return push(SqlType::integer, encoded(value)); }
Parameters& Parameters::smallint(std::int16_t value) { return push(SqlType::smallint, encoded(value)); }
Parameters& Parameters::boolean(bool value) { return push(SqlType::boolean, encoded(value)); }
Parameters& Parameters::text(std::string_view value) { return push(SqlType::text, encoded(value)); }
Parameters& Parameters::bytes(ByteView value) { return push(SqlType::bytea, value); }
Parameters& Parameters::uuid(const Uuid& value) { return push(SqlType::uuid, value); }

Parameters& Parameters::bytes(Bytes&& value) {
    values_.push_back({SqlType::bytea, false, std::move(value)});
    return *this;
}

Parameters& Parameters::null() {
    values_.push_back({SqlType::any, true, {}});
    return *this;
}

// array_recv in arrayfuncs.c: dimensions, NULLs?, item type, then (length, lower bound), then items.
template <class T>
Parameters& Parameters::column(const Column<T>& column) {
    constexpr Types types = types_of<T>();
    const bool empty = column.count_ == 0;
    Bytes out;
    out.reserve(20 + column.items_.size());
    put(out, std::int32_t{empty ? 0 : 1});
    put(out, std::int32_t{column.has_null_ ? 1 : 0});
    put(out, static_cast<std::uint32_t>(types.item));
    if (!empty) {
        put(out, length_of(column.count_));
        put(out, std::int32_t{1});
        put_all(out, column.items_);
    }
    values_.push_back({types.array, false, std::move(out)});
    return *this;
}

template class Column<std::int64_t>;
template class Column<std::int32_t>;
template class Column<std::int16_t>;
template class Column<bool>;
template class Column<std::string_view>;
template class Column<ByteView>;
template class Column<Uuid>;
template Parameters& Parameters::column(const Column<std::int64_t>&);
template Parameters& Parameters::column(const Column<std::int32_t>&);
template Parameters& Parameters::column(const Column<std::int16_t>&);
template Parameters& Parameters::column(const Column<bool>&);
template Parameters& Parameters::column(const Column<std::string_view>&);
template Parameters& Parameters::column(const Column<ByteView>&);
template Parameters& Parameters::column(const Column<Uuid>&);

}  // namespace kesher::store
