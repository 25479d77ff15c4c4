// The values of one call, in PostgreSQL's binary format: nothing is quoted, nothing is parsed.
//
// Rows go in by columns: a batch of 1,000 rows is one statement with one array a column, unnested by
// the server, so that a pipeline stays within its 64 statements. Each value knows its type, and a
// connection refuses (std::logic_error) to send one where the server expects another.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "schemas/contract/bytes.h"

namespace kesher::store {

using Uuid = std::array<std::uint8_t, 16>;

// The type numbers of pg_type.dat; they are the same in every PostgreSQL.
enum class SqlType : std::uint32_t {
    any = 0,  // of a NULL, which fits everywhere
    boolean = 16,
    bytea = 17,
    bigint = 20,
    smallint = 21,
    integer = 23,
    text = 25,
    uuid = 2950,
    boolean_array = 1000,
    bytea_array = 1001,
    smallint_array = 1005,
    integer_array = 1007,
    text_array = 1009,
    bigint_array = 1016,
    uuid_array = 2951,
};

// One array under construction, a value a row. T: std::int64_t, std::int32_t, std::int16_t, bool,
// std::string_view, contract::ByteView or Uuid.
template <class T>
class Column {
public:
    void add(T value);
    void add_null();
    template <class U>
    void add(const std::optional<U>& value) {
        if (value) {
            add(T(*value));
        } else {
            add_null();
        }
    }
    [[nodiscard]] std::size_t size() const { return count_; }

private:
    friend class Parameters;
    contract::Bytes items_;  // (length, value)* as the server reads them
    std::size_t count_ = 0;
    bool has_null_ = false;
};

using BigintColumn = Column<std::int64_t>;
using IntegerColumn = Column<std::int32_t>;
using SmallintColumn = Column<std::int16_t>;
using BooleanColumn = Column<bool>;
using TextColumn = Column<std::string_view>;
using BytesColumn = Column<contract::ByteView>;
using UuidColumn = Column<Uuid>;

// In the order of $1, $2, ...
class Parameters {
public:
    Parameters& bigint(std::int64_t value);
    Parameters& integer(std::int32_t value);
    Parameters& smallint(std::int16_t value);
    Parameters& boolean(bool value);
    Parameters& text(std::string_view value);  // UTF-8 without NUL
    Parameters& bytes(contract::ByteView value);
    Parameters& bytes(contract::Bytes&& value);  // without a copy: a payload has up to 6 MiB
    Parameters& uuid(const Uuid& value);
    Parameters& null();
    template <class T>
    Parameters& column(const Column<T>& column);

    struct Value {
        SqlType type;
        bool null;
        contract::Bytes bytes;
    };
    [[nodiscard]] const std::vector<Value>& values() const { return values_; }

private:
    Parameters& push(SqlType type, contract::ByteView bytes);
    std::vector<Value> values_;
};

}  // namespace kesher::store
