// One element of theirs, read field by field by the mapping's names. What is wrong is noted, and the reading
// goes on, so that all faults of a record are told at once.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/national_insurance/xml.h"
#include "adapters/record/field_fault.h"
#include "adapters/record/mapping.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/contract/instant.h"

namespace kesher::national_insurance {

using record::FieldFault;
using record::FieldFaults;
using record::Flaw;

// In bytes of UTF-8: a character has four at most. The codec's own bounds are judged behind these.
inline constexpr std::size_t kShortBytes = 200 * 4;
inline constexpr std::size_t kLongBytes = 2000 * 4;

class Fields {
public:
    // All must outlive it.
    Fields(const Element& element, const record::Mapping& mapping, FieldFaults& faults)
        : element_(element), mapping_(mapping), faults_(faults) {}

    // Of a field without children; none where it is absent. Noted: twice, children, no text, over `most`
    // bytes.
    [[nodiscard]] std::optional<std::string> text(std::string_view field, std::size_t most);
    // Its text as it is, empty too.
    [[nodiscard]] std::optional<std::string_view> raw(std::string_view field);
    // Noted where it is absent; then empty.
    [[nodiscard]] std::string must(std::string_view field, std::size_t most);
    // None where it is absent; noted where it stands twice.
    [[nodiscard]] std::optional<Fields> part(std::string_view field);
    [[nodiscard]] std::vector<Fields> parts(std::string_view field);
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
    // Noted where it is out of its bounds; must_number() also where it is absent, and is `least` then.
    [[nodiscard]] std::optional<std::int32_t> small_number(std::string_view field, std::int32_t least,
                                                           std::int32_t most);
    [[nodiscard]] std::int32_t must_number(std::string_view field, std::int32_t least, std::int32_t most);
    // YYYYMMDD, with 000000 behind it or not: a day has no hour here.
    [[nodiscard]] std::optional<contract::Day> day(std::string_view field);

    void note(std::string_view field, Flaw flaw);
    void note_missing(std::string_view field) { note(field, Flaw::missing); }
    // Elements that no field asked for: dropped, and counted.
    [[nodiscard]] std::size_t surplus() const;

private:
    static constexpr std::size_t kCodeBytes = 64;
    [[nodiscard]] const Element* only(std::string_view field);
    const std::string& name(std::string_view field);

    const Element& element_;
    const record::Mapping& mapping_;
    FieldFaults& faults_;
    std::set<std::string, std::less<>> asked_;
};

// As form_write.h writes it; none where there is none. Noted: an hour that the clocks jump over, an offset
// that Israel has not then.
[[nodiscard]] std::optional<codec::Appointment> read_appointment(Fields& of);

}  // namespace kesher::national_insurance
