// A text that was written in our own code: a constant of the program, never a value of a request.
//
// Names of events, fields, labels, jobs and route templates are Words. Because only a string
// literal makes one, a path, an id or a name cannot become a metric label: it does not compile.
#pragma once

#include <compare>
#include <cstddef>
#include <string_view>

namespace kesher::telemetry {

class Word {
public:
    template <std::size_t N>
    consteval Word(const char (&literal)[N]) : text_(literal, N - 1) {}

    [[nodiscard]] constexpr std::string_view text() const { return text_; }
    friend constexpr bool operator==(Word a, Word b) { return a.text_ == b.text_; }
    friend constexpr auto operator<=>(Word a, Word b) { return a.text_ <=> b.text_; }

private:
    std::string_view text_;  // points at the literal, which lives as long as the program
};

}  // namespace kesher::telemetry
