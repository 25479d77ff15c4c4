#include <algorithm>

#include "adapters/labor/referral_event.h"
#include "adapters/record/israel_time.h"

namespace kesher::labor {
namespace {

using contract::DataGroup;
using record::Mapping;
using record::Referral;

std::string two(long long number) { return (number < 10 ? "0" : "") + std::to_string(number); }
std::string hour_and_minute(long long minutes) { return two(minutes / 60) + ':' + two(minutes % 60); }

// An object of `data`, in the mapping's names and codes.
class Part {
public:
    Part(const Mapping& mapping, json::Writer& out) : mapping_(mapping), out_(out) {}
    Part& text(std::string_view field, std::string_view value) {
        out_.text(mapping_.name(field), value);
        return *this;
    }
    Part& maybe(std::string_view field, const std::optional<std::string>& value) {
        return value ? text(field, *value) : *this;
    }
    template <class Enum, std::size_t N>
    Part& word(std::string_view field, std::string_view list, const contract::ClosedList<Enum, N>& of,
               Enum value) {
        return text(field, mapping_.code(list, of.text(value)));
    }
    Part& open(std::string_view field) {
        out_.open_object(mapping_.name(field));
        return *this;
    }
    Part& list(std::string_view field) {
        out_.open_array(mapping_.name(field));
        return *this;
    }
    Part& item() {
        out_.open_object();
        return *this;
    }
    Part& close() {
        out_.close();
        return *this;
    }

private:
    const Mapping& mapping_;
    json::Writer& out_;
};

// ISCO-08, part 1: ten major groups, and a digit more for each of the three levels below.
bool is_unit_group(std::string_view text) {
    return text.size() == 4 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

void write_programme(Part& part, const Referral& referral) {
    part.open("data.object")
        .text("object.kind", "EducationalOccupationalProgram")
        .word("object.service", "service", contract::kServices, referral.service);
    const auto& work = referral.sealed.other(DataGroup::employment);
    if (work) {
        const auto occupation = std::ranges::find(work->answers, "isco-08", &codec::Answer::code);
        if (occupation != work->answers.end() && is_unit_group(occupation->value)) {
            part.text("object.occupation", occupation->value);
        }
    }
    part.close();
}

void write_contact(Part& part, const codec::Contact& contact) {
    part.open("participant.contact")
        .text("contact.kind", "ContactPoint")
        .maybe("contact.phone", contact.phone)
        .maybe("contact.neutral_name", contact.neutral_name)
        .word("contact.channel", "channel", codec::kSafeChannels, contact.safe_channel);
    part.list("contact.hours");
    for (const codec::SafeHours& hours : contact.safe_hours) {
        part.item()
            .text("hours.weekday", kWeekdays[static_cast<std::size_t>(hours.weekday)])
            .text("hours.from", hour_and_minute(hours.from))
            .text("hours.until", hour_and_minute(hours.until))
            .close();
    }
    part.close().close();
}

void write_participant(Part& part, const Referral& referral) {
    const codec::Sealed& sealed = referral.sealed;
    part.open("data.participant")
        .text("participant.kind", "Person")
        .text("participant.identifier", referral.pseudonym.reveal())
        .word("participant.known_by", "known_by", contract::kKnownBy, sealed.known_by);
    if (sealed.identity) {
        part.maybe("participant.id_number", sealed.identity->id_number)
            .maybe("participant.given_name", sealed.identity->given_name)
            .maybe("participant.family_name", sealed.identity->family_name);
        if (const auto year = sealed.identity->birth_year) {
            part.text("participant.birth_year", std::to_string(*year));
        }
    }
    if (sealed.contact) write_contact(part, *sealed.contact);
    part.close();
}

void write_particulars(Part& part, const codec::Sealed& sealed) {
    part.list("data.particulars");
    for (std::size_t i = 0; i < codec::kOtherGroups; ++i) {
        if (!sealed.others[i]) continue;
        const auto group = static_cast<DataGroup>(i + static_cast<std::size_t>(DataGroup::locality));
        part.item()
            .text("particulars.group", contract::kDataGroups.text(group))
            .maybe("particulars.text", sealed.others[i]->text)
            .list("particulars.answers");
        for (const codec::Answer& answer : sealed.others[i]->answers) {
            part.item().text("answer.code", answer.code).text("answer.value", answer.value).close();
        }
        part.close().close();
    }
    part.close();
}

void write_attachments(Part& part, const codec::Sealed& sealed) {
    part.list("data.attachments");
    for (const codec::Attachment& attachment : sealed.attachments) {
        part.item()
            .text("attachment.name", attachment.name)
            .text("attachment.type", attachment.media_type)
            .text("attachment.group", contract::kDataGroups.text(attachment.group))
            .text("attachment.content", contract::base64(attachment.bytes))
            .close();
    }
    part.close();
}

}  // namespace

std::span<const record::Loss> declared_losses() { return record::common_losses(); }

record::Referral minus_losses(record::Referral referral) {
    return record::minus_common_losses(std::move(referral));
}

// The hour on the wall with how far the wall is from UTC: so the hour that comes twice is one of the two.
void write_schedule(json::Writer& out, const Mapping& mapping, const codec::Appointment& appointment) {
    const record::WallTime wall = record::wall_time(appointment.slot);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(wall.time).count();
    const auto offset =
        std::chrono::floor<std::chrono::minutes>(contract::start_of(wall.day) + wall.time - appointment.slot);
    Part(mapping, out)
        .open("data.schedule")
        .text("schedule.start", contract::text(wall.day) + 'T' + hour_and_minute(minutes) + ":00+" +
                                    hour_and_minute(offset.count()))
        .text("schedule.minutes", "PT" + std::to_string(appointment.minutes) + "M")
        .text("schedule.place", appointment.place)
        .close();
}

void write_policy(json::Writer& out, const Mapping& mapping, const codec::Safety& safety) {
    Part part(mapping, out);
    part.open("data.policy")
        .text("policy.contact", mapping.code("contact", safety.contact_prohibited ? "prohibited" : "allowed"))
        .list("policy.flags");
    std::int64_t flags = 0;
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        if (!safety.has(flag)) continue;
        out.text(contract::kSafetyFlags.text(flag));
        ++flags;
    }
    part.close();
    out.number(mapping.name("policy.count"), flags);
    part.close();
}

std::string write_referral(const Referral& referral, const Mapping& mapping) {
    const Referral shown = minus_losses(referral);
    const codec::Sealed& sealed = shown.sealed;
    json::Writer out = begin_event(shown.message.text(), source_of(shown.from), mapping.name("type.referral"),
                                   shown.occurred_on);
    Part part(mapping, out);
    part.text("attribute.referral", shown.referral.text())
        .text("attribute.basis", contract::kLegalBases.text(shown.basis));
    if (shown.consent) part.text("attribute.consent", shown.consent->text());
    if (sealed.consent_until) {
        part.text("attribute.consent_until", contract::text(*sealed.consent_until) + "T23:59:59Z");
    }
    out.open_object("data").text("@context", "https://schema.org/");
    part.text("data.action", "JoinAction");
    write_programme(part, shown);
    write_participant(part, shown);
    part.word("data.priority", "priority", contract::kPriorities, shown.priority)
        .word("data.language", "language", contract::kLanguages, shown.language)
        .text("data.purpose", contract::kPurposes.text(shown.purpose));
    part.list("data.groups");
    for (const DataGroup group : shown.groups) out.text(contract::kDataGroups.text(group));
    part.close();
    write_policy(out, mapping, sealed.safety);
    part.maybe("data.need", sealed.need).maybe("data.worker", sealed.worker);
    write_particulars(part, sealed);
    write_attachments(part, sealed);
    if (sealed.appointment) write_schedule(out, mapping, *sealed.appointment);
    if (!shown.statement.empty()) part.text("data.statement", shown.statement);
    out.close().close();
    return out.take();
}

}  // namespace kesher::labor
