// The sealed record's fields in the order of its schema. Internal to this room.
#pragma once

#include "schemas/codec/forms.h"

namespace kesher::codec {

inline constexpr std::array<std::string_view, kOtherGroups> kOtherGroupFields = {
    "locality", "family", "income", "housing",   "employment", "education", "legal",
    "debt",     "health", "mental", "addiction", "violence",   "hiv",       "programme_fact"};

template <class Io>
void fields(Io& io, Is<Safety> auto& safety) {
    io("contact_prohibited", safety.contact_prohibited, Truth{});
    io("safe_channel", safety.safe_channel, Truth{});
    io("safe_hours", safety.safe_hours, Truth{});
    io("no_voicemail", safety.no_voicemail, Truth{});
    io("neutral_name", safety.neutral_name, Truth{});
    io("do_not_notify_family", safety.do_not_notify_family, Truth{});
    io("address_confidential", safety.address_confidential, Truth{});
}

template <class Io>
void fields(Io& io, Is<Appointment> auto& appointment) {
    io("slot", appointment.slot, InstantRule{});
    io("minutes", appointment.minutes, Count{1, 1440});
    io("place", appointment.place, line());
}

template <class Io>
void fields(Io& io, Is<Identity> auto& identity) {
    io("id_number", identity.id_number, nullable(Formed{contract::is_national_id_number}));
    io("given_name", identity.given_name, nullable(line()));
    io("family_name", identity.family_name, nullable(line()));
    io("birth_year", identity.birth_year, nullable(Count{1900, 2199}));
}

template <class Io>
void fields(Io& io, Is<SafeHours> auto& hours) {
    io("weekday", hours.weekday, Count{0, 6});
    io("from", hours.from, Count{0, 1439});
    io("until", hours.until, Count{1, 1440});
}

template <class Io>
void fields(Io& io, Is<Contact> auto& contact) {
    io("phone", contact.phone, nullable(Formed{is_phone}));
    io("neutral_name", contact.neutral_name, nullable(line()));
    io("safe_channel", contact.safe_channel, Symbol{kSafeChannels});
    io("safe_hours", contact.safe_hours, list(Sub<SafeHours>{}));
}

template <class Io>
void fields(Io& io, Is<Answer> auto& answer) {
    io("code", answer.code, line(64));
    io("value", answer.value, line());
}

template <class Io>
void fields(Io& io, Is<Particulars> auto& particulars) {
    io("text", particulars.text, nullable(Text{}));
    io("answers", particulars.answers, list(Sub<Answer>{}));
}

template <class Io>
void fields(Io& io, Is<Attachment> auto& attachment) {
    io("name", attachment.name, Formed{is_file_name});
    io("media_type", attachment.media_type, Formed{is_media_type});
    io("group", attachment.group, Word{contract::kDataGroups});
    io("bytes", attachment.bytes, Blob{contract::limits::kAttachmentsBytes});
}

template <class Io>
void fields(Io& io, Is<Sealed> auto& sealed) {
    io("known_by", sealed.known_by, Symbol{contract::kKnownBy});
    io("need", sealed.need, nullable(Text{}));
    io("worker", sealed.worker, nullable(line(64)));
    io("safety", sealed.safety, Sub<Safety>{});
    io("consent_until", sealed.consent_until, nullable(DayRule{}));
    io("appointment", sealed.appointment, nullable(Sub<Appointment>{}));
    io("identity", sealed.identity, nullable(Sub<Identity>{}));
    io("contact", sealed.contact, nullable(Sub<Contact>{}));
    for (std::size_t i = 0; i < kOtherGroups; ++i) {
        io(kOtherGroupFields[i], sealed.others[i], nullable(Sub<Particulars>{}));
    }
    io("attachments", sealed.attachments, list(Sub<Attachment>{}));
}

}  // namespace kesher::codec
