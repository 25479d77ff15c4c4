// Records in the names and codes of a mapping, and the shapes that several of them have.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/national_insurance/xml_write.h"
#include "adapters/record/mapping.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/contract/closed_list.h"
#include "schemas/contract/instant.h"

namespace kesher::national_insurance {

[[nodiscard]] std::string compact(contract::Day day);       // 20261121
[[nodiscard]] std::string day_and_hour(contract::Day day);  // 20261121000000: a day has no hour here

class Form {
public:
    Form(const record::Mapping& mapping, XmlWriter& out) : mapping_(mapping), out_(out) {}

    Form& open(std::string_view field) {
        out_.open(mapping_.name(field));
        return *this;
    }
    Form& close() {
        out_.close();
        return *this;
    }
    Form& text(std::string_view field, std::string_view value) {
        out_.text(mapping_.name(field), value);
        return *this;
    }
    Form& number(std::string_view field, std::int64_t value) { return text(field, std::to_string(value)); }
    Form& maybe(std::string_view field, const std::optional<std::string>& value) {
        return value ? text(field, *value) : *this;
    }
    template <class Enum, std::size_t N>
    Form& word(std::string_view field, std::string_view list, const contract::ClosedList<Enum, N>& of,
               Enum value) {
        return text(field, mapping_.code(list, of.text(value)));
    }

private:
    const record::Mapping& mapping_;
    XmlWriter& out_;
};

// On the wall, with how far the wall is from UTC: so the hour that comes twice is one of the two.
void write_appointment(Form& form, const codec::Appointment& appointment);

// Each flag that stands, and how many: without the count, or with another, all of them stand.
void write_safety(Form& form, const record::Mapping& mapping, const codec::Safety& safety);

}  // namespace kesher::national_insurance
