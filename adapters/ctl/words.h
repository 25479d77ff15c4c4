// Options of the command line whose values are published words or ids: a wrong one is a usage error.
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/kit/written_form.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/closed_list.h"
#include "schemas/contract/instant.h"

namespace kesher::ctl {

template <class Enum, std::size_t N>
[[nodiscard]] Enum word_or_usage(const std::string& option, const std::string& word,
                                 const contract::ClosedList<Enum, N>& list) {
    if (const auto value = list.parse(word)) return *value;
    std::string words;
    for (const std::string_view each : list.words) words.append(words.empty() ? "" : " ").append(each);
    throw CLI::ValidationError(option, "'" + word + "' is none of: " + words);
}

template <class Enum, std::size_t N>
CLI::Option* add_word(CLI::App& app, const std::string& option, Enum& into,
                      const contract::ClosedList<Enum, N>& list, const std::string& what) {
    return app.add_option_function<std::string>(
        option, [option, &into, &list](const std::string& word) { into = word_or_usage(option, word, list); },
        what);
}

// Several, after one another or with commas; given twice counts once.
template <class Enum, std::size_t N>
CLI::Option* add_words(CLI::App& app, const std::string& option, std::vector<Enum>& into,
                       const contract::ClosedList<Enum, N>& list, const std::string& what) {
    return app
        .add_option_function<std::vector<std::string>>(
            option,
            [option, &into, &list](const std::vector<std::string>& words) {
                for (const std::string& word : words) into.push_back(word_or_usage(option, word, list));
                std::sort(into.begin(), into.end(),
                          [&list](Enum a, Enum b) { return list.text(a) < list.text(b); });
                into.erase(std::unique(into.begin(), into.end()), into.end());
            },
            what)
        ->delimiter(',');
}

// Anything with a parse() of its own that gives an optional.
template <class Parse, class Value>
CLI::Option* add_parsed(CLI::App& app, const std::string& option, std::optional<Value>& into, Parse parse,
                        const std::string& what) {
    return app.add_option_function<std::string>(
        option,
        [option, &into, parse](const std::string& text) {
            auto value = parse(text);
            if (!value) throw CLI::ValidationError(option, kit::not_of_its_form<Value>());
            into = std::move(value);
        },
        what);
}

template <class Id>
CLI::Option* add_id(CLI::App& app, const std::string& option, std::optional<Id>& into,
                    const std::string& what) {
    return add_parsed(app, option, into, [](const std::string& text) { return Id::parse(text); }, what);
}

// A leaf's number, a referral's version: not negative, and no longer than 64 bits.
[[nodiscard]] inline std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = fault == std::errc{} && end == text.data() + text.size() && text.front() != '-';
    return whole ? std::optional(number) : std::nullopt;
}

// CLI's own checks of numbers tell their bounds with all 309 digits of the largest double.
inline CLI::Option* add_whole_number(CLI::App& app, const std::string& option,
                                     std::optional<std::int64_t>& into, const std::string& what) {
    return add_parsed(app, option, into, whole_number, what);
}

inline CLI::Option* add_day(CLI::App& app, const std::string& option, std::optional<contract::Day>& into,
                            const std::string& what) {
    return add_parsed(
        app, option, into, [](const std::string& text) { return contract::parse_day(text); }, what);
}

inline CLI::Option* add_digest(CLI::App& app, const std::string& option,
                               std::optional<contract::Digest>& into, const std::string& what) {
    return add_parsed(
        app, option, into, [](const std::string& text) { return contract::digest_from_base64url(text); },
        what);
}

}  // namespace kesher::ctl
