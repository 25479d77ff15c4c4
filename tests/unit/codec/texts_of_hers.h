// Every text of the sealed record in which somebody could type how to reach her, one by one.
#pragma once

#include <string>

#include "schemas/codec/sealed_record.h"

namespace kesher::codec::samples {

struct TextOfHers {
    const char* name;
    void (*put)(Sealed&, const std::string&);  // the record keeps every other rule
};

inline const TextOfHers kTextsOfHers[] = {
    {"need", [](Sealed& sealed, const std::string& text) { sealed.need = text; }},
    {"appointment.place",
     [](Sealed& sealed, const std::string& text) { sealed.appointment = Appointment{.place = text}; }},
    {"identity.given_name",
     [](Sealed& sealed, const std::string& text) {
         sealed.known_by = contract::KnownBy::identified;
         sealed.identity = Identity{.given_name = text};
     }},
    {"identity.family_name",
     [](Sealed& sealed, const std::string& text) {
         sealed.known_by = contract::KnownBy::identified;
         sealed.identity = Identity{.family_name = text};
     }},
    {"contact.neutral_name",
     [](Sealed& sealed, const std::string& text) { sealed.contact = Contact{.neutral_name = text}; }},
    {"family",
     [](Sealed& sealed, const std::string& text) {
         sealed.other(contract::DataGroup::family) = Particulars{.text = text};
     }},
    {"debt",
     [](Sealed& sealed, const std::string& text) {
         sealed.other(contract::DataGroup::debt) = Particulars{.answers = {{"who", "none"}, {text, "yes"}}};
     }},
    {"programme_fact",
     [](Sealed& sealed, const std::string& text) {
         sealed.other(contract::DataGroup::programme_fact) =
             Particulars{.answers = {{"who", "none"}, {"where", text}}};
     }},
    {"attachments.name",
     [](Sealed& sealed, const std::string& text) {
         sealed.attachments = {{.name = "scan.pdf", .media_type = "application/pdf"},
                               {.name = text, .media_type = "application/pdf"}};
     }},
};

}  // namespace kesher::codec::samples
