#include "schemas/json/read.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "schemas/contract/bytes.h"

namespace kesher::json {
namespace {

using contract::Failure;

// Lets the parser read, and remembers how far it came: its own handler calls carry no position.
class Cursor {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Cursor(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
    reference operator*() const { return *at_; }
    Cursor& operator++() {
        *furthest_ = ++at_;
        return *this;
    }
    friend bool operator==(const Cursor& a, const Cursor& b) { return a.at_ == b.at_; }

private:
    const char* at_;
    const char** furthest_;
};

bool is_integer_spelling(std::string_view number) {
    return number.find_first_of(".eE") == std::string_view::npos;
}

// The parser's events, made into a tree. Every refusal is remembered once and stops the parser.
class Builder {
public:
    explicit Builder(std::size_t depth) : depth_(depth) {}

    bool null() { return add(Value()); }
    bool boolean(bool value) { return add(Value(value)); }
    // Called for negative spellings alone, so zero here was written -0.
    bool number_integer(std::int64_t value) {
        return value == 0 ? refuse(Fault::not_an_integer) : add(Value(value));
    }
    bool number_unsigned(std::uint64_t value) {
        constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (value > kMost) return refuse(Fault::integer_out_of_range);
        return add(Value(static_cast<std::int64_t>(value)));
    }
    bool number_float(double, const std::string& spelling) { return refuse_number(spelling); }
    bool string(std::string& value) {
        if (value.find('\0') != std::string::npos) return refuse(Fault::nul);
        return add(Value(std::move(value)));
    }
    bool binary(nlohmann::json::binary_t&) { return refuse(Fault::syntax); }
    bool start_object(std::size_t) { return open(true); }
    bool start_array(std::size_t) { return open(false); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(std::string& key) {
        if (key.find('\0') != std::string::npos) return refuse(Fault::nul);
        Level& level = levels_.back();
        if (is_known(level, key)) return refuse(Fault::duplicate_key);
        level.key = std::move(key);
        return true;
    }
    bool parse_error(std::size_t, const std::string& token, const nlohmann::json::exception& error) {
        constexpr int kNumberOverflow = 406;
        if (error.id == kNumberOverflow) return refuse_number(token);
        return refuse(whole_ ? Fault::trailing_text : Fault::syntax);
    }

    [[nodiscard]] std::optional<Fault> fault() const { return fault_; }
    [[nodiscard]] Value take() { return std::move(*whole_); }

private:
    struct Level {
        bool object;
        Value::Array items;
        Value::Members members;
        std::string key;
        std::set<std::string> keys;
    };

    // Few are compared one by one, many are found in a set: a sender's thousand keys cost no million looks.
    static bool is_known(Level& level, const std::string& key) {
        constexpr std::size_t kFew = 24;
        if (level.members.size() < kFew) {
            return std::any_of(level.members.begin(), level.members.end(),
                               [&](const Member& member) { return member.key == key; });
        }
        if (level.keys.empty()) {
            for (const Member& member : level.members) level.keys.insert(member.key);
        }
        return !level.keys.insert(key).second;
    }
    bool refuse(Fault fault) {
        fault_ = fault;
        return false;
    }
    bool refuse_number(std::string_view spelling) {
        return refuse(is_integer_spelling(spelling) ? Fault::integer_out_of_range : Fault::not_an_integer);
    }
    bool open(bool object) {
        if (levels_.size() == depth_) return refuse(Fault::too_deep);
        levels_.push_back({object, {}, {}, {}, {}});
        return true;
    }
    bool close() {
        Level level = std::move(levels_.back());
        levels_.pop_back();
        return add(level.object ? Value(std::move(level.members)) : Value(std::move(level.items)));
    }
    bool add(Value value) {
        if (levels_.empty()) {
            whole_ = std::move(value);
        } else if (levels_.back().object) {
            levels_.back().members.push_back({std::move(levels_.back().key), std::move(value)});
        } else {
            levels_.back().items.push_back(std::move(value));
        }
        return true;
    }

    std::size_t depth_;
    std::vector<Level> levels_;
    std::optional<Value> whole_;
    std::optional<Fault> fault_;
};

// Where the text could be spelled otherwise. Without an escaped quotation mark every one begins or ends a
// text.
std::optional<std::size_t> other_spelling(std::string_view text, Spelling allowed) {
    if (allowed == Spelling::any) return std::nullopt;
    bool in_text = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') in_text = !in_text;
        if (c == '\\') {
            const bool line_end =
                allowed == Spelling::plain_with_line_ends && in_text && text.substr(at).starts_with("\\n");
            if (!line_end) return at;
        }
        if (!in_text && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) return at;
    }
    return std::nullopt;
}

// What the parser would take in silence: it skips a byte order mark and stops at NUL as if at the end.
std::optional<Error> refuse_before_parsing(std::string_view text, Bounds bounds) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.size() > bounds.bytes) return Error{Fault::too_large, bounds.bytes};
    if (text.starts_with(kByteOrderMark)) return Error{Fault::byte_order_mark, 0};
    const std::size_t nul = text.find('\0');
    if (nul != std::string_view::npos) return Error{Fault::nul, nul};
    if (const auto at = other_spelling(text, bounds.spelling)) return Error{Fault::not_plain, *at};
    return std::nullopt;
}

}  // namespace

contract::Result<Value, Error> read(std::string_view text, Bounds bounds) {
    if (const auto error = refuse_before_parsing(text, bounds)) return Failure{*error};
    Builder builder(bounds.depth);
    const char* furthest = text.data();
    const char* end = text.data() + text.size();
    const bool whole =
        nlohmann::json::sax_parse(Cursor(text.data(), &furthest), Cursor(end, &furthest), &builder);
    if (whole) return builder.take();
    Fault fault = builder.fault().value();
    if (fault == Fault::syntax && !contract::is_utf8(text)) fault = Fault::not_utf8;
    return Failure{Error{fault, static_cast<std::size_t>(furthest - text.data())}};
}

std::string_view word(Fault fault) {
    switch (fault) {
        case Fault::syntax:
            return "syntax";
        case Fault::too_large:
            return "too_large";
        case Fault::too_deep:
            return "too_deep";
        case Fault::byte_order_mark:
            return "byte_order_mark";
        case Fault::nul:
            return "nul";
        case Fault::not_utf8:
            return "not_utf8";
        case Fault::duplicate_key:
            return "duplicate_key";
        case Fault::not_an_integer:
            return "not_an_integer";
        case Fault::integer_out_of_range:
            return "integer_out_of_range";
        case Fault::trailing_text:
            return "trailing_text";
        case Fault::not_plain:
            return "not_plain";
    }
    return "syntax";
}

}  // namespace kesher::json
