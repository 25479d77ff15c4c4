// The operator's log: one JSON object a line, on standard error, written before the call returns.
//
//   {"at":"2026-11-21T07:15:00.123Z","level":"info","event":"request","route":"/v1/inbox","status":200}
//
// It may be lost (a full disk is silent), so nothing that must be proven is only here; the audit
// log is elsewhere. What may be said is a closed set of types: words of our code, numbers, published
// codes, organisations and incidents. A pseudonym, a case, a referral, a payload, a secret or a
// bare std::string is not a Value: such a line does not compile. Thread-safe.
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/telemetry/word.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"

namespace kesher::telemetry {

enum class Level { debug, info, warning, error };

// What a library of ours says about itself (an errno text, an OpenSSL reason). Never anything that
// a sender chose; cut after kBytesMax, control bytes and bad UTF-8 escaped. Wrapping is the promise.
struct Diagnostic {
    static constexpr std::size_t kBytesMax = 300;
    std::string text;
};

class Value {
public:
    Value(Word word) : value_(word.text()) {}
    template <std::size_t N>
    consteval Value(const char (&literal)[N]) : value_(Word(literal).text()) {}
    Value(Diagnostic diagnostic) : value_(std::move(diagnostic.text)), free_text_(true) {}
    Value(contract::Code code) : value_(contract::text(code)) {}
    Value(const contract::IncidentId& incident) : value_(incident.text()) {}
    Value(const contract::AgreementId& agreement) : value_(agreement.text()) {}
    Value(const contract::OrganisationId& organisation) : value_(organisation.text()) {}
    Value(contract::LeafIndex index) : value_(static_cast<std::int64_t>(contract::number(index))) {}
    Value(contract::TreeSize size) : value_(static_cast<std::int64_t>(contract::number(size))) {}
    Value(contract::Instant instant) : value_(contract::text(instant)) {}
    Value(std::chrono::milliseconds elapsed) : value_(std::int64_t{elapsed.count()}) {}
    template <std::same_as<bool> B>
    Value(B truth) : value_(truth) {}
    template <std::integral I>
        requires(!std::same_as<I, bool> && !std::same_as<I, char>)
    Value(I number) : value_(static_cast<std::int64_t>(number)) {}

    // The value as JSON text; the one place where text is escaped.
    [[nodiscard]] std::string json() const;

private:
    std::variant<std::string_view, std::string, std::int64_t, bool> value_;
    bool free_text_ = false;
};

struct Field {
    Word name;
    Value value;
};

class Log {
public:
    using Sink = std::function<void(std::string_view line)>;

    explicit Log(Level least = Level::info);  // to standard error
    Log(Level least, Sink sink);              // for tests: gets each line without its newline
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void write(Level level, Word event, std::initializer_list<Field> fields = {});

    // Lines that could not be written so far (a full disk, a closed pipe).
    [[nodiscard]] std::uint64_t lost() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// `text` as a JSON string with its quotes: control bytes, quotes and backslashes escaped; a byte that
// is not UTF-8 becomes U+FFFD, so that a line is always one line of valid JSON.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace kesher::telemetry
