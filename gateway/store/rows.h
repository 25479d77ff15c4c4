// What a statement answered: rows and columns, read by type.
//
// Every read is checked (row, column, type, NULL, length) and a wrong one throws std::logic_error:
// which columns a statement has is ours to know, so a mismatch is a fault of the hub and never a
// sender's. Rows own their memory and outlive the connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/store/parameters.h"
#include "schemas/contract/bytes.h"

struct pg_result;  // libpq's PGresult

namespace kesher::store {

struct ResultClear {
    void operator()(pg_result* result) const;
};
using ResultHandle = std::unique_ptr<pg_result, ResultClear>;

// A view of one row; it lives as long as its Rows.
class Row {
public:
    [[nodiscard]] bool null(std::size_t column) const;
    [[nodiscard]] std::int64_t bigint(std::size_t column) const;
    [[nodiscard]] std::int32_t integer(std::size_t column) const;
    [[nodiscard]] std::int16_t smallint(std::size_t column) const;
    [[nodiscard]] bool boolean(std::size_t column) const;
    [[nodiscard]] std::string text(std::size_t column) const;
    [[nodiscard]] contract::Bytes bytes(std::size_t column) const;
    [[nodiscard]] contract::ByteView view(std::size_t column) const;  // of a bytea, without a copy
    [[nodiscard]] contract::Digest digest(std::size_t column) const;  // a bytea of 32 bytes
    [[nodiscard]] Uuid uuid(std::size_t column) const;
    [[nodiscard]] std::vector<std::string> texts(std::size_t column) const;  // text[] without NULLs

    // NULL becomes nothing.
    [[nodiscard]] std::optional<std::int64_t> maybe_bigint(std::size_t column) const;
    [[nodiscard]] std::optional<std::string> maybe_text(std::size_t column) const;
    [[nodiscard]] std::optional<contract::Bytes> maybe_bytes(std::size_t column) const;
    [[nodiscard]] std::optional<Uuid> maybe_uuid(std::size_t column) const;

private:
    friend class Rows;
    Row(const pg_result& result, int row) : result_(&result), row_(row) {}
    [[nodiscard]] contract::ByteView value(std::size_t column, SqlType type) const;

    const pg_result* result_;
    int row_;
};

class Rows {
public:
    explicit Rows(ResultHandle result);

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] std::size_t affected() const;  // rows an INSERT, UPDATE or DELETE changed
    [[nodiscard]] Row operator[](std::size_t row) const;
    [[nodiscard]] Row only() const;  // exactly one row

    class Iterator {
    public:
        Iterator(const Rows& rows, std::size_t at) : rows_(&rows), at_(at) {}
        Row operator*() const { return (*rows_)[at_]; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        friend bool operator==(const Iterator&, const Iterator&) = default;

    private:
        const Rows* rows_;
        std::size_t at_;
    };
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, size()}; }

private:
    ResultHandle result_;
};

}  // namespace kesher::store
