// Writes JSON with one spelling: no white space, members in the order given, only what RFC 8259 section 7
// demands is escaped. What it writes, read() takes and a second writing gives the same bytes.
//
//     json::Writer writer;
//     writer.open_object().text("id", id.text()).number("index", 17).open_array("acks");
//     ...
//     writer.close().close();
//     std::string body = writer.take();
//
// Misuse (an unbalanced document, a key twice, text that is not UTF-8 or holds NUL) is a fault of ours
// and throws std::logic_error.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/json/value.h"

namespace kesher::json {

class Writer {
public:
    // Inside an object: with a key. Inside an array, or as the whole document: without.
    Writer& open_object(std::string_view key);
    Writer& open_object();
    Writer& open_array(std::string_view key);
    Writer& open_array();
    Writer& close();  // the innermost object or array

    Writer& text(std::string_view key, std::string_view value);
    Writer& text(std::string_view value);
    Writer& number(std::string_view key, std::int64_t value);
    Writer& number(std::int64_t value);
    Writer& boolean(std::string_view key, bool value);
    Writer& boolean(bool value);
    Writer& null(std::string_view key);
    Writer& null();
    Writer& value(std::string_view key, const Value& value);  // a tree that was read
    Writer& value(const Value& value);
    // JSON that a writer made before (and perhaps a table kept); taken as it is.
    Writer& raw(std::string_view key, std::string_view json);
    Writer& raw(std::string_view json);

    [[nodiscard]] std::string take();

private:
    struct Written {
        std::size_t from, size;  // of out_
    };
    struct Level {
        bool object;
        std::vector<Written> few;
        std::set<std::string, std::less<>> many;
        bool empty;
    };
    void begin_document_or_item();
    void begin_member(std::string_view key);
    [[nodiscard]] bool is_new(Level& level, std::size_t from) const;  // the key that was quoted from there on
    void open(bool object);
    void quote(std::string_view text);
    void write(const Value& value);

    std::string out_;
    std::vector<Level> levels_;
};

}  // namespace kesher::json
