// One SQLite file under the journal. For this room's journal*.cpp alone.
//
// Every statement is prepared with its values bound; what SQLite cannot do throws JournalBroken.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/contract/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace kesher::kit {

class Query {
public:
    Query(sqlite3* file, std::string_view sql);

    [[nodiscard]] bool next();  // the next row; false at the end
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] bool truth(int column) const { return number(column) != 0; }
    [[nodiscard]] contract::Bytes blob(int column) const;
    [[nodiscard]] bool absent(int column) const;

    void bind(int place, std::string_view value);
    void bind(int place, contract::ByteView value);
    void bind(int place, std::int64_t value);
    void bind_null(int place);
    template <class T>
    void bind(int place, const std::optional<T>& value) {
        value ? bind(place, *value) : bind_null(place);
    }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* held) const;
    };
    sqlite3* file_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class SqliteFile {
public:
    // Creates it with mode 0600; holds the only lock until it is destroyed.
    explicit SqliteFile(const std::filesystem::path& path);

    template <class... Values>
    [[nodiscard]] Query query(std::string_view sql, const Values&... values) const {
        Query made(file_.get(), sql);
        int place = 0;
        (made.bind(++place, values), ...);
        return made;
    }
    // Runs to the end; how many rows were changed.
    template <class... Values>
    std::int64_t run(std::string_view sql, const Values&... values) {
        Query made = query(sql, values...);
        while (made.next()) {
        }
        return changed();
    }
    void script(const char* sql);  // several statements of ours, without values

private:
    [[nodiscard]] std::int64_t changed() const;
    struct Close {
        void operator()(sqlite3* held) const;
    };
    std::unique_ptr<sqlite3, Close> file_;
};

}  // namespace kesher::kit
