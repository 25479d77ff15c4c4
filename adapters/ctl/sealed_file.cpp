#include "adapters/ctl/sealed_file.h"

#include <algorithm>
#include <optional>

#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"

namespace kesher::ctl {
namespace {

using contract::DataGroup;
using contract::kDataGroups;

// Attachments in base64 and two thousand characters for each group.
constexpr json::Bounds kBounds{contract::limits::kPayloadBytes * 2, contract::limits::kJsonDepth};

constexpr std::string_view kWhole = "its outermost object";

std::optional<std::string> owned(std::optional<std::string_view> text) {
    if (!text) return std::nullopt;
    return std::string(*text);
}

template <class Enum, std::size_t N>
std::string none_of(const contract::ClosedList<Enum, N>& list) {
    std::string wrong = "is none of:";
    for (const std::string_view word : list.words) wrong.append(" ").append(word);
    return wrong;
}

std::string_view wrong_of(json::Mismatch::What what) {
    switch (what) {
        case json::Mismatch::What::not_an_object:
            return "is no object, with { and }";
        case json::Mismatch::What::missing:
            return "is missing";
        case json::Mismatch::What::wrong_kind:
            return "is of another kind of value than belongs there";
        case json::Mismatch::What::unknown:
            return "has a member that the sealed part does not know";
    }
    return "does not read";
}

std::string_view wrong_of(json::Fault fault) {
    switch (fault) {
        case json::Fault::syntax:
            return "is where it stops being JSON";
        case json::Fault::too_large:
            return "is where it grows larger than a sealed part can be";
        case json::Fault::too_deep:
            return "is where lists and objects stand too deep in one another";
        case json::Fault::byte_order_mark:
            return "begins with a byte order mark: it has to be UTF-8 without one";
        case json::Fault::nul:
            return "has a NUL character";
        case json::Fault::not_utf8:
            return "is not UTF-8";
        case json::Fault::duplicate_key:
            return "names a member of the same object for the second time";
        case json::Fault::not_an_integer:
            return "has a number that is not whole";
        case json::Fault::integer_out_of_range:
            return "has a number that is too large";
        case json::Fault::trailing_text:
            return "goes on behind the end of its object";
        default:  // not asked of this file
            return "does not read";
    }
}

// As editors count, lines and characters from 1. The reader stops behind the last byte that it took, so that
// byte is where to look.
std::string place_of(std::string_view text, const json::Error& error) {
    const bool at_the_fault = error.fault == json::Fault::nul || error.offset == 0;
    const std::string_view before = text.substr(0, at_the_fault ? error.offset : error.offset - 1);
    const auto line = 1 + std::ranges::count(before, '\n');
    const std::string_view head = before.substr(before.rfind('\n') + 1);  // npos + 1: the first line
    const auto column =
        1 + std::ranges::count_if(head, [](char byte) {
            return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;  // of UTF-8, the first byte of each
        });
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// One member after the other, and the place of the first that does not read.
class SealedReader {
public:
    explicit SealedReader(const json::Value& document) : object_(document) {}

    contract::Result<codec::Sealed, SealedFileFlaw> read() {
        codec::Sealed sealed;
        sealed.need = owned(object_.optional_text("need"));
        sealed.worker = owned(object_.optional_text("worker"));
        read_lowered(sealed.safety);
        if (const auto* identity = object_.optional_object("identity")) read_identity(*identity, sealed);
        if (const auto* contact = object_.optional_object("contact")) read_contact(*contact, sealed);
        if (const auto* groups = object_.optional_object("groups")) read_groups(*groups, sealed);
        if (const auto* appointment = object_.optional_object("appointment"))
            read_appointment(*appointment, sealed);
        if (const auto list = object_.optional_array("attachments")) read_attachments(*list, sealed);
        judge(object_, {});
        if (flaw_) return contract::Failure{*flaw_};
        return sealed;
    }

private:
    void fail(std::string_view member, std::string_view wrong) {
        if (!flaw_) flaw_ = SealedFileFlaw{std::string(member), std::string(wrong)};
    }
    void judge(const json::Object& object, std::string_view member) {
        const auto finished = object.finish();
        if (finished) return;
        const auto& [what, key] = finished.error();
        std::string place(member.empty() ? kWhole : member);
        if (!key.empty()) place = std::string(member).append(member.empty() ? "" : ".").append(key);
        fail(place, wrong_of(what));
    }
    void read_lowered(codec::Safety& safety) {
        const auto list = object_.optional_array("lowered");
        if (!list) return;
        for (const json::Value& item : *list) {
            const auto flag =
                item.text() == nullptr ? std::nullopt : contract::kSafetyFlags.parse(*item.text());
            if (flag)
                safety.set(*flag, false);
            else
                fail("lowered", none_of(contract::kSafetyFlags));
        }
    }
    void read_identity(const json::Value& value, codec::Sealed& sealed) {
        json::Object object(value);
        codec::Identity identity;
        identity.id_number = owned(object.optional_text("id_number"));
        identity.given_name = owned(object.optional_text("given_name"));
        identity.family_name = owned(object.optional_text("family_name"));
        if (const auto year = object.optional_integer("birth_year"))
            identity.birth_year = static_cast<std::int32_t>(*year);
        judge(object, "identity");
        sealed.identity = std::move(identity);
    }
    void read_contact(const json::Value& value, codec::Sealed& sealed) {
        json::Object object(value);
        codec::Contact contact;
        contact.phone = owned(object.optional_text("phone"));
        contact.neutral_name = owned(object.optional_text("neutral_name"));
        if (const auto word = object.optional_text("safe_channel")) {
            const auto channel = codec::kSafeChannels.parse(*word);
            if (channel)
                contact.safe_channel = *channel;
            else
                fail("contact.safe_channel", none_of(codec::kSafeChannels));
        }
        if (const auto hours = object.optional_array("safe_hours")) {
            for (const json::Value& item : *hours) read_hours(item, contact);
        }
        judge(object, "contact");
        sealed.contact = std::move(contact);
    }
    void read_hours(const json::Value& value, codec::Contact& contact) {
        json::Object object(value);
        contact.safe_hours.push_back({static_cast<std::int32_t>(object.integer("weekday")),
                                      static_cast<std::int32_t>(object.integer("from")),
                                      static_cast<std::int32_t>(object.integer("until"))});
        judge(object, "contact.safe_hours");
    }
    void read_groups(const json::Value& value, codec::Sealed& sealed) {
        for (const json::Member& each : *value.members()) {
            const auto group = kDataGroups.parse(each.key);
            if (!group || *group == DataGroup::identity || *group == DataGroup::contact) {
                fail("groups", "has a member that is no data group, or one with a place of its own");
                continue;
            }
            json::Object object(each.value);
            codec::Particulars particulars;
            particulars.text = owned(object.optional_text("text"));
            if (const auto answers = object.optional_array("answers")) {
                for (const json::Value& item : *answers) read_answer(item, particulars);
            }
            judge(object, "groups");
            sealed.other(*group) = std::move(particulars);
        }
    }
    void read_answer(const json::Value& value, codec::Particulars& particulars) {
        json::Object object(value);
        particulars.answers.push_back({std::string(object.text("code")), std::string(object.text("value"))});
        judge(object, "groups.answers");
    }
    void read_appointment(const json::Value& value, codec::Sealed& sealed) {
        json::Object object(value);
        const contract::Instant slot{std::chrono::milliseconds{object.integer("slot")}};
        const auto minutes = static_cast<std::int32_t>(object.integer("minutes"));
        sealed.appointment = codec::Appointment{slot, minutes, std::string(object.text("place"))};
        judge(object, "appointment");
    }
    void read_attachments(std::span<const json::Value> list, codec::Sealed& sealed) {
        for (const json::Value& item : list) {
            json::Object object(item);
            const std::string name(object.text("name")), media(object.text("media_type"));
            const auto group = kDataGroups.parse(object.text("group"));
            auto bytes = contract::from_base64(object.text("bytes"));
            judge(object, "attachments");
            if (!group) fail("attachments.group", none_of(kDataGroups));
            if (!bytes) fail("attachments.bytes", "is no base64");
            if (group && bytes) sealed.attachments.push_back({name, media, *group, *std::move(bytes)});
        }
    }

    json::Object object_;
    std::optional<SealedFileFlaw> flaw_;
};

void write_optional(json::Writer& writer, std::string_view key, const std::optional<std::string>& text) {
    if (text) writer.text(key, *text);
}

void write_identity(json::Writer& writer, const codec::Identity& identity) {
    writer.open_object("identity");
    write_optional(writer, "id_number", identity.id_number);
    write_optional(writer, "given_name", identity.given_name);
    write_optional(writer, "family_name", identity.family_name);
    if (identity.birth_year) writer.number("birth_year", *identity.birth_year);
    writer.close();
}

void write_contact(json::Writer& writer, const codec::Contact& contact) {
    writer.open_object("contact");
    write_optional(writer, "phone", contact.phone);
    write_optional(writer, "neutral_name", contact.neutral_name);
    writer.text("safe_channel", codec::kSafeChannels.text(contact.safe_channel)).open_array("safe_hours");
    for (const codec::SafeHours& hours : contact.safe_hours) {
        writer.open_object()
            .number("weekday", hours.weekday)
            .number("from", hours.from)
            .number("until", hours.until)
            .close();
    }
    writer.close().close();
}

void write_groups(json::Writer& writer, const codec::Sealed& sealed) {
    writer.open_object("groups");
    for (std::size_t i = 0; i < kDataGroups.size(); ++i) {
        const auto group = static_cast<DataGroup>(i);
        if (group == DataGroup::identity || group == DataGroup::contact || !sealed.other(group)) continue;
        const codec::Particulars& particulars = *sealed.other(group);
        writer.open_object(kDataGroups.text(group));
        write_optional(writer, "text", particulars.text);
        writer.open_array("answers");
        for (const codec::Answer& answer : particulars.answers) {
            writer.open_object().text("code", answer.code).text("value", answer.value).close();
        }
        writer.close().close();
    }
    writer.close();
}

void write_attachments(json::Writer& writer, const codec::Sealed& sealed) {
    writer.open_array("attachments");
    for (const codec::Attachment& each : sealed.attachments) {
        writer.open_object()
            .text("name", each.name)
            .text("media_type", each.media_type)
            .text("group", kDataGroups.text(each.group))
            .text("bytes", contract::base64(each.bytes))
            .close();
    }
    writer.close();
}

}  // namespace

contract::Result<codec::Sealed, SealedFileFlaw> read_sealed(std::string_view text) {
    const auto document = json::read(text, kBounds);
    if (!document) {
        const json::Error& error = document.error();
        return contract::Failure{SealedFileFlaw{place_of(text, error), std::string(wrong_of(error.fault))}};
    }
    return SealedReader(*document).read();
}

Refusal refusal(const std::filesystem::path& file, const SealedFileFlaw& flaw) {
    return {"unusable", file.string() + ": " + flaw.place + " " + flaw.wrong,
            "Mend it; what may stand in it: adapters/ctl/README.md, The sealed part as a file."};
}

std::string write_sealed(const codec::Sealed& sealed) {
    json::Writer writer;
    writer.open_object();
    write_optional(writer, "need", sealed.need);
    write_optional(writer, "worker", sealed.worker);
    writer.open_array("lowered");
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        if (!sealed.safety.has(flag)) writer.text(contract::kSafetyFlags.text(flag));
    }
    writer.close();
    if (sealed.identity) write_identity(writer, *sealed.identity);
    if (sealed.contact) write_contact(writer, *sealed.contact);
    write_groups(writer, sealed);
    if (sealed.appointment) {
        writer.open_object("appointment")
            .number("slot", sealed.appointment->slot.time_since_epoch().count())
            .number("minutes", sealed.appointment->minutes)
            .text("place", sealed.appointment->place)
            .close();
    }
    write_attachments(writer, sealed);
    return writer.close().take();
}

}  // namespace kesher::ctl
