// The order of the keys stands once, in members(); writing and reading both walk it.
#include "audit/log/record.h"

#include <concepts>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "audit/log/json_line.h"
#include "schemas/contract/limits.h"

namespace kesher::log {
namespace {

using contract::Digest;

// ---- the members of each object, in their order on the line ----------------------------------

template <class Walk, class R>
    requires std::same_as<std::remove_const_t<R>, Record>
void members(Walk& walk, R& r) {
    walk("at", r.at);
    walk("event", r.event);
    walk("nonce", r.nonce);
    walk("actor_type", r.actor_type);
    walk("actor", r.actor);
    walk("role", r.role);
    walk("org", r.org);
    walk("unit", r.unit);
    walk("auth", r.auth);
    walk("operation", r.operation);
    walk("resource", r.resource);
    walk("scope", r.scope);
    walk("purpose", r.purpose);
    walk("basis", r.basis);
    walk("consent", r.consent);
    walk("agreement", r.agreement);
    walk("decision", r.decision);
    walk("code", r.code);
    walk("message", r.message);
    walk("statement", r.statement);
    walk("referral", r.referral);
    walk("before", r.before);
    walk("after", r.after);
    walk("subject", r.subject);
    walk("recipient", r.recipient);
    walk("dropped", r.dropped);
    walk("breakglass", r.breakglass);
    if (walk.wants_facts(r.facts)) walk("facts", r.facts);
}

template <class Walk, class A>
    requires std::same_as<std::remove_const_t<A>, Auth>
void members(Walk& walk, A& auth) {
    walk("factor", auth.factor);
    walk("certificate", auth.certificate);
}

template <class Walk, class S>
    requires std::same_as<std::remove_const_t<S>, Scope>
void members(Walk& walk, S& scope) {
    walk("groups", scope.groups);
    walk("rows", scope.rows);
    walk("search", scope.search);
}

template <class Walk, class S>
    requires std::same_as<std::remove_const_t<S>, Stage>
void members(Walk& walk, S& stage) {
    walk("state", stage.state);
    walk("version", stage.version);
}

template <class Walk, class D>
    requires std::same_as<std::remove_const_t<D>, Dropped>
void members(Walk& walk, D& dropped) {
    walk("names", dropped.names);
    walk("count", dropped.count);
}

// ---- words of closed lists -------------------------------------------------------------------

constexpr const auto& list_of(RecordEvent) { return kRecordEvents; }
constexpr const auto& list_of(ActorType) { return kActorTypes; }
constexpr const auto& list_of(Decision) { return kDecisions; }
constexpr const auto& list_of(contract::OfficerRole) { return contract::kOfficerRoles; }
constexpr const auto& list_of(contract::DataGroup) { return contract::kDataGroups; }
constexpr const auto& list_of(contract::Purpose) { return contract::kPurposes; }
constexpr const auto& list_of(contract::LegalBasis) { return contract::kLegalBases; }
constexpr const auto& list_of(contract::ReferralState) { return contract::kReferralStates; }

template <class E>
concept Listed = requires(E e) { list_of(e); };
template <class T>
concept Object =
    std::same_as<T, Auth> || std::same_as<T, Scope> || std::same_as<T, Stage> || std::same_as<T, Dropped>;

// ---- writing ---------------------------------------------------------------------------------

class Writer {
public:
    explicit Writer(std::string& out) : out_(out) { out_ += '{'; }
    Writer(std::string& out, std::string_view begun) : out_(out), first_(false) { out_ += begun; }
    void close() { out_ += '}'; }

    template <class T>
    void operator()(std::string_view key, const T& member) {
        name(key);
        value(member);
    }
    template <class T>
    void operator()(std::string_view key, const std::optional<T>& member) {
        if (member) (*this)(key, *member);
    }
    [[nodiscard]] static bool wants_facts(const Facts& facts) { return !facts.empty(); }

private:
    void name(std::string_view key) {
        if (!std::exchange(first_, false)) out_ += ',';
        out_ += json_text(key);
        out_ += ':';
    }
    void value(std::string_view text) { out_ += json_text(text); }
    void value(const Word& word) { value(std::string_view{word.text()}); }
    void value(const contract::OfficerId& id) { value(std::string_view{id.text()}); }
    void value(const contract::OrganisationId& id) { value(std::string_view{id.text()}); }
    template <class Tag>
    void value(const contract::UuidId<Tag>& id) {
        value(std::string_view{id.text()});
    }
    void value(const Digest& digest) { value(std::string_view{contract::base64url(digest.view())}); }
    void value(const Nonce& nonce) { value(std::string_view{contract::base64url(nonce)}); }
    void value(contract::Code code) { value(contract::text(code)); }
    template <Listed E>
    void value(E word) {
        value(list_of(word).text(word));
    }
    void value(bool truth) { out_ += truth ? "true" : "false"; }
    void value(std::int64_t number) { out_ += std::to_string(number); }
    void value(std::uint32_t number) { out_ += std::to_string(number); }
    void value(std::uint64_t number) {
        if (number > std::uint64_t{Facts::kIntegerMax}) throw std::invalid_argument("a number over 2^53 - 1");
        out_ += std::to_string(number);
    }
    void value(contract::Instant at) { out_ += std::to_string(at.time_since_epoch().count()); }
    template <class T>
    void value(const std::vector<T>& list) {
        out_ += '[';
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i > 0) out_ += ',';
            value(list[i]);
        }
        out_ += ']';
    }
    void value(const Facts& facts) {
        Writer object(out_);
        for (const auto& [key, fact] : facts.all()) {
            object.name(key.text());
            std::visit([&object](const auto& held) { object.value(held); }, fact);
        }
        object.close();
    }
    template <Object T>
    void value(const T& nested) {
        Writer object(out_);
        members(object, nested);
        object.close();
    }

    std::string& out_;
    bool first_ = true;
};

// ---- reading ---------------------------------------------------------------------------------

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
        if (!line_.take((first_ ? "" : ",") + json_text(key) + ":")) {
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

constexpr std::string_view kVersion = R"({"v":1)";

}  // namespace

std::string write(const Record& record) {
    std::string line;
    Writer writer(line, kVersion);
    members(writer, record);
    writer.close();
    return line;
}

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
