#include "schemas/json/writer.h"

#include <algorithm>
#include <stdexcept>

#include "schemas/contract/bytes.h"

namespace kesher::json {
namespace {

void demand(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
}

// The two-character forms of RFC 8259 section 7; others below space have six.
std::string escaped(char c) {
    switch (c) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '\b':
            return "\\b";
        case '\f':
            return "\\f";
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            break;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    return "\\u00" + contract::hex(contract::ByteView(&byte, 1));
}

bool needs_escape(char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == '"' || c == '\\'; }

}  // namespace

void Writer::quote(std::string_view text) {
    // Nearly every text: a leaf with its receipt has three thousand characters of it.
    if (contract::is_plain_ascii(text)) {
        out_.push_back('"');
        out_ += text;
        out_.push_back('"');
        return;
    }
    demand(contract::is_utf8(text) && text.find('\0') == std::string_view::npos,
           "JSON text is UTF-8 without NUL");
    out_.push_back('"');
    while (!text.empty()) {
        const auto end = std::find_if(text.begin(), text.end(), needs_escape);
        const auto plain = static_cast<std::size_t>(end - text.begin());
        out_ += text.substr(0, plain);
        if (plain == text.size()) break;
        out_ += escaped(text[plain]);
        text.remove_prefix(plain + 1);
    }
    out_.push_back('"');
}

void Writer::begin_document_or_item() {
    if (levels_.empty()) {
        demand(out_.empty(), "a JSON document is one value");
        return;
    }
    Level& level = levels_.back();
    demand(!level.object, "a member of a JSON object needs a key");
    if (!level.empty) out_.push_back(',');
    level.empty = false;
}

void Writer::begin_member(std::string_view key) {
    demand(!levels_.empty() && levels_.back().object, "only a JSON object has keys");
    Level& level = levels_.back();
    const std::size_t before = out_.size();
    if (!level.empty) out_.push_back(',');
    const std::size_t from = out_.size();
    quote(key);
    if (!is_new(level, from)) {
        out_.resize(before);
        demand(false, "a JSON key stands once");
    }
    level.empty = false;
    out_.push_back(':');
}

// Few are compared one by one where they were written, many are found in a set.
bool Writer::is_new(Level& level, std::size_t from) const {
    constexpr std::size_t kFew = 24;
    const std::string_view out = out_;
    const std::string_view written = out.substr(from);
    const auto of = [&](const Written& key) { return out.substr(key.from, key.size); };
    if (level.few.size() < kFew) {
        const bool again = std::any_of(level.few.begin(), level.few.end(),
                                       [&](const Written& key) { return of(key) == written; });
        if (!again) level.few.push_back({from, written.size()});
        return !again;
    }
    if (level.many.empty()) {
        for (const Written& key : level.few) level.many.emplace(of(key));
    }
    return level.many.emplace(written).second;
}

void Writer::open(bool object) {
    levels_.push_back({object, {}, {}, true});
    out_.push_back(object ? '{' : '[');
}

void Writer::write(const Value& value) {
    if (const bool* held = value.boolean())
        out_ += *held ? "true" : "false";
    else if (const std::int64_t* number = value.integer())
        out_ += std::to_string(*number);
    else if (const std::string* text = value.text())
        quote(*text);
    else if (const Value::Array* items = value.array()) {
        open(false);
        for (const Value& item : *items) this->value(item);
        close();
    } else if (const Value::Members* members = value.members()) {
        open(true);
        for (const Member& member : *members) this->value(member.key, member.value);
        close();
    } else
        out_ += "null";
}

Writer& Writer::open_object(std::string_view key) {
    begin_member(key);
    open(true);
    return *this;
}

Writer& Writer::open_object() {
    begin_document_or_item();
    open(true);
    return *this;
}

Writer& Writer::open_array(std::string_view key) {
    begin_member(key);
    open(false);
    return *this;
}

Writer& Writer::open_array() {
    begin_document_or_item();
    open(false);
    return *this;
}

Writer& Writer::close() {
    demand(!levels_.empty(), "nothing is open in this JSON document");
    out_.push_back(levels_.back().object ? '}' : ']');
    levels_.pop_back();
    return *this;
}

Writer& Writer::text(std::string_view key, std::string_view value) {
    begin_member(key);
    quote(value);
    return *this;
}

Writer& Writer::text(std::string_view value) {
    begin_document_or_item();
    quote(value);
    return *this;
}

Writer& Writer::number(std::string_view key, std::int64_t value) { return raw(key, std::to_string(value)); }
Writer& Writer::number(std::int64_t value) { return raw(std::to_string(value)); }
Writer& Writer::boolean(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }
Writer& Writer::null(std::string_view key) { return raw(key, "null"); }
Writer& Writer::null() { return raw("null"); }

Writer& Writer::value(std::string_view key, const Value& value) {
    begin_member(key);
    write(value);
    return *this;
}

Writer& Writer::value(const Value& value) {
    begin_document_or_item();
    write(value);
    return *this;
}

Writer& Writer::raw(std::string_view key, std::string_view json) {
    begin_member(key);
    out_ += json;
    return *this;
}

Writer& Writer::raw(std::string_view json) {
    begin_document_or_item();
    out_ += json;
    return *this;
}

std::string Writer::take() {
    demand(levels_.empty() && !out_.empty(), "this JSON document is not complete");
    return std::exchange(out_, {});
}

}  // namespace kesher::json
