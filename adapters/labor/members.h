// One JSON object of theirs, read member by member by the mapping's names. What is wrong is noted with the
// way to it (a JSON Pointer, RFC 6901), and the reading goes on, so that all faults of a record are told at
// once.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/record/field_fault.h"
#include "adapters/record/mapping.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/contract/closed_list.h"
#include "schemas/contract/instant.h"
#include "schemas/json/value.h"

namespace kesher::labor {

using record::FieldFault;
using record::FieldFaults;
using record::Flaw;

// In bytes of UTF-8: a character has four at most. The codec's own bounds are judged behind these.
inline constexpr std::size_t kShortBytes = 200 * 4;
inline constexpr std::size_t kLongBytes = 2000 * 4;

// schema.org's DayOfWeek; 0 is Sunday.
inline constexpr std::array<std::string_view, 7> kWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                           "Thursday", "Friday", "Saturday"};

class Members {
public:
    // All must outlive it. A value that is no object has no members, which the caller has noted.
    Members(const json::Value& object, std::string pointer, const record::Mapping& mapping,
            FieldFaults& faults)
        : object_(object), pointer_(std::move(pointer)), mapping_(mapping), faults_(faults) {}

    // None where it is absent. Noted: no text, blank, over `most` bytes.
    [[nodiscard]] std::optional<std::string> text(std::string_view field, std::size_t most);
    // Its text as it is, empty too.
    [[nodiscard]] std::optional<std::string_view> raw(std::string_view field);
    // Noted where it is absent; then empty.
    [[nodiscard]] std::string must(std::string_view field, std::size_t most);
    // An object; none where it is absent, noted where it is no object.
    [[nodiscard]] std::optional<Members> part(std::string_view field);
    // An array of objects, or of texts; empty where it is absent.
    [[nodiscard]] std::vector<Members> parts(std::string_view field);
    [[nodiscard]] std::vector<std::string> texts(std::string_view field, std::size_t most);

    // By the mapping's codes; noted where the code is none, or the field absent.
    template <class Enum, std::size_t N>
    [[nodiscard]] Enum word(std::string_view field, std::string_view list,
                            const contract::ClosedList<Enum, N>& of) {
        const std::string code = must(field, kCodeBytes);
        const std::string* found = code.empty() ? nullptr : mapping_.word(list, code);
        if (found == nullptr && !code.empty()) note(field, Flaw::unknown_code);
        const auto word = found == nullptr ? std::nullopt : of.parse(*found);
        return word.value_or(Enum{});
    }
    // In the contract's own spelling.
    template <class Enum, std::size_t N>
    [[nodiscard]] std::optional<Enum> plain(std::string_view field, const contract::ClosedList<Enum, N>& of) {
        const auto said = text(field, kCodeBytes);
        const auto word = said ? of.parse(*said) : std::nullopt;
        if (said && !word) note(field, Flaw::unknown_code);
        return word;
    }
    template <class Id>
    [[nodiscard]] std::optional<Id> id(std::string_view field) {
        const auto said = text(field, kCodeBytes);
        auto id = said ? Id::parse(*said) : std::nullopt;
        if (said && !id) note(field, Flaw::not_an_id);
        return id;
    }
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view field);
    // "08:30", as minutes of the day, 0 to 1,440; noted where it is none.
    [[nodiscard]] std::int32_t minute(std::string_view field);

    void note(std::string_view field, Flaw flaw);
    // Of another standard (CloudEvents, JSON-LD), not of the mapping.
    void pass_over(std::string_view name) { asked_.emplace(name); }
    // Members that no field asked for: dropped, and counted.
    [[nodiscard]] std::size_t surplus() const;
    [[nodiscard]] const record::Mapping& mapping() const { return mapping_; }

private:
    static constexpr std::size_t kCodeBytes = 64;
    const json::Value* find(std::string_view field);
    [[nodiscard]] std::string pointer_to(std::string_view field) const;

    const json::Value& object_;
    std::string pointer_;
    const record::Mapping& mapping_;
    FieldFaults& faults_;
    std::set<std::string, std::less<>> asked_;
};

// RFC 3339 with a whole minute and one of the two offsets of Israel at that time; noted where it is none.
[[nodiscard]] std::optional<codec::Appointment> read_schedule(Members& data);

// A day's instant at midnight UTC, or any instant of RFC 3339: the day that it is in Israel.
// None where it is none.
[[nodiscard]] std::optional<contract::Day> day_in(std::string_view timestamp);

}  // namespace kesher::labor
