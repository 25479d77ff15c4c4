#include "adapters/ctl/sealed_file.h"

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

std::optional<std::string> owned(std::optional<std::string_view> text) {
    if (!text) return std::nullopt;
    return std::string(*text);
}

// One member after the other, and the name of the first that does not read.
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
        judge(object_, "document");
        if (!flaw_.empty()) return contract::Failure{SealedFileFlaw{flaw_}};
        return sealed;
    }

private:
    void fail(std::string_view member) {
        if (flaw_.empty()) flaw_ = member;
    }
    void judge(const json::Object& object, std::string_view member) {
        const auto finished = object.finish();
        if (finished) return;
        const std::string_view key = finished.error().key;
        fail(key.empty() ? std::string(member) : std::string(member) + "." + std::string(key));
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
                fail("lowered");
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
                fail("contact.safe_channel");
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
        if (value.members() == nullptr) return fail("groups");
        for (const json::Member& each : *value.members()) {
            const auto group = kDataGroups.parse(each.key);
            if (!group || *group == DataGroup::identity || *group == DataGroup::contact) {
                fail("groups");
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
            if (group && bytes)
                sealed.attachments.push_back({name, media, *group, *std::move(bytes)});
            else
                fail("attachments");
        }
    }

    json::Object object_;
    std::string flaw_;
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
    if (!document) return contract::Failure{SealedFileFlaw{std::string(json::word(document.error().fault))}};
    return SealedReader(*document).read();
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
