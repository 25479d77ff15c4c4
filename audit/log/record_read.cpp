#include <algorithm>
#include <utility>

#include "audit/log/json_line.h"
#include "audit/log/record.h"
#include "audit/log/record_members.h"
#include "schemas/contract/limits.h"

namespace kesher::log {
namespace {

using contract::Digest;
using namespace spelling;

template <class T>
struct Read;  // Read<T>::from(line) -> optional<T>

template <class T>
std::optional<T> parsed_text(LineReader& line, std::optional<T> (*parse)(std::string_view)) {
    const auto text = line.text();
    return text ? parse(*text) : std::nullopt;
}

template <class T>
    requires requires(std::string_view text) {
        { T::parse(text) } -> std::same_as<std::optional<T>>;
    }
struct Read<T> {
    static std::optional<T> from(LineReader& line) { return parsed_text<T>(line, &T::parse); }
};
template <>
struct Read<Digest> {
    static std::optional<Digest> from(LineReader& line) {
        return parsed_text<Digest>(line, &contract::digest_from_base64url);
    }
};
template <>
struct Read<contract::Code> {
    static std::optional<contract::Code> from(LineReader& line) {
        return parsed_text<contract::Code>(line, &contract::parse_code);
    }
};
template <>
struct Read<Nonce> {
    static std::optional<Nonce> from(LineReader& line) {
        const auto bytes = parsed_text<contract::Bytes>(line, &contract::from_base64url);
        Nonce nonce{};
        if (!bytes || bytes->size() != nonce.size()) return std::nullopt;
        std::copy(bytes->begin(), bytes->end(), nonce.begin());
        return nonce;
    }
};
template <Listed E>
struct Read<E> {
    static std::optional<E> from(LineReader& line) {
        const auto text = line.text();
        return text ? list_of(E{}).parse(*text) : std::nullopt;
    }
};
template <>
struct Read<contract::Instant> {
    static std::optional<contract::Instant> from(LineReader& line) {
        const auto ms = line.integer();
        if (!ms) return std::nullopt;
        return contract::Instant{std::chrono::milliseconds{*ms}};
    }
};
template <std::unsigned_integral N>
struct Read<N> {
    static std::optional<N> from(LineReader& line) {
        const auto number = line.integer();
        if (!number || *number > Facts::kIntegerMax || !std::in_range<N>(*number)) return std::nullopt;
        return static_cast<N>(*number);
    }
};
template <class T>
struct Read<std::vector<T>> {
    static std::optional<std::vector<T>> from(LineReader& line) {
        std::vector<T> list;
        if (!line.take("[")) return std::nullopt;
        if (line.take("]")) return list;
        do {
            auto item = Read<T>::from(line);
            if (!item) return std::nullopt;
            list.push_back(std::move(*item));
        } while (line.take(","));
        return line.take("]") ? std::optional(std::move(list)) : std::nullopt;
    }
};
template <>
struct Read<FactValue> {
    static std::optional<FactValue> from(LineReader& line) {
        if (line.take("true")) return FactValue{true};
        if (line.take("false")) return FactValue{false};
        if (auto word = Read<Word>::from(line)) return FactValue{std::move(*word)};
        if (auto words = Read<Words>::from(line)) return FactValue{std::move(*words)};
        const auto integer = line.integer();
        if (!integer || *integer > Facts::kIntegerMax || *integer < -Facts::kIntegerMax) return std::nullopt;
        return FactValue{*integer};
    }
};
template <>
struct Read<Facts> {
    static std::optional<Facts> from(LineReader& line) {
        Facts facts;
        if (!line.take("{")) return std::nullopt;
        if (line.take("}")) return facts;
        do {
            const auto key = Read<Word>::from(line);
            if (!key || facts.find(key->text()) != nullptr || !line.take(":")) return std::nullopt;
            auto value = Read<FactValue>::from(line);
            if (!value) return std::nullopt;
            facts.add(key->text(), std::move(*value));
        } while (line.take(","));
        return line.take("}") ? std::optional(std::move(facts)) : std::nullopt;
    }
};

class Reader {
public:
    Reader(LineReader& line, bool first) : line_(line), first_(first) {}

    template <class T>
    void operator()(std::string_view key, T& member) {
        read(key, member, true);
    }
    template <class T>
    void operator()(std::string_view key, std::optional<T>& member) {
        read(key, member, false);
    }
    [[nodiscard]] static bool wants_facts(const Facts&) { return true; }
    [[nodiscard]] bool closed() { return good_ && line_.take("}"); }

private:
    template <class T>
    void read(std::string_view key, T& member, bool needed) {
        if (!good_) return;
        if (!line_.take_name(key, first_)) {
            // Facts are the one member without optional<> that may be left out.
            good_ = !needed || std::same_as<T, Facts>;
            return;
        }
        first_ = false;
        take(member);
    }
    template <class T>
    void take(std::optional<T>& member) {
        member = Read<T>::from(line_);
        good_ = member.has_value();
    }
    template <class T>
    void take(T& member) {
        auto value = Read<T>::from(line_);
        good_ = value.has_value();
        if (value) member = std::move(*value);
    }

    LineReader& line_;
    bool first_;
    bool good_ = true;
};

template <Object T>
struct Read<T> {
    static std::optional<T> from(LineReader& line) {
        T object;
        if (!line.take("{")) return std::nullopt;
        Reader reader(line, true);
        members(reader, object);
        if (!reader.closed()) return std::nullopt;
        return object;
    }
};

}  // namespace

Result<Record> parse_record(std::string_view text) {
    if (text.size() > contract::limits::kLeafBytes) return fail(Flaw::too_large);
    LineReader line(text);
    Record record;
    if (!line.take(kVersion)) return fail(Flaw::record_malformed);
    Reader reader(line, false);
    members(reader, record);
    // Written again it must be the same bytes: a number, list or text with a second spelling is refused.
    if (!reader.closed() || !line.at_end() || write(record) != text) return fail(Flaw::record_malformed);
    return record;
}

}  // namespace kesher::log
