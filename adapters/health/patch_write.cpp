#include "adapters/health/patch_write.h"

#include <algorithm>
#include <array>

#include "adapters/health/fhir_codes.h"
#include "adapters/health/resource_write.h"

namespace kesher::health {
namespace {

using contract::ReferralEvent;
using contract::ReferralState;

using Statuses = std::array<std::string_view, 5>;
constexpr Statuses kTaskEnds{"completed", "rejected", "failed", "cancelled", "entered-in-error"};
constexpr Statuses kRequestEnds{"completed", "revoked", "entered-in-error"};
constexpr Statuses kConsentEnds{"rejected", "inactive", "entered-in-error"};

const Statuses& ends_of(std::string_view type) {
    if (type == "Task") return kTaskEnds;
    return type == "Consent" ? kConsentEnds : kRequestEnds;
}

std::optional<StatusWords> words_for(ReferralState stands) {
    switch (stands) {
        case ReferralState::requested:
        case ReferralState::delivered:
            return StatusWords{"received", "active"};
        case ReferralState::accepted:
        case ReferralState::waitlisted:
        case ReferralState::scheduled:
            return StatusWords{"accepted", "active"};
        case ReferralState::in_progress:
            return StatusWords{"in-progress", "active"};
        case ReferralState::on_hold:
            return StatusWords{"on-hold", "on-hold"};
        default:
            return std::nullopt;
    }
}

const json::Value* list_of(const json::Value& resource, std::string_view name) {
    const json::Value* list = resource.find(name);
    return list != nullptr && list->array() != nullptr ? list : nullptr;
}

const json::Value* tags_of(const json::Value& resource) {
    const json::Value* meta = resource.find("meta");
    return meta == nullptr ? nullptr : list_of(*meta, "tag");
}

bool says(const json::Value& object, std::string_view key, std::string_view value) {
    const json::Value* said = object.find(key);
    return said != nullptr && said->text() != nullptr && *said->text() == value;
}

// Whether a list of codings or identifiers, if there is one, has this of ours.
bool bears(const json::Value* list, std::string_view system, std::string_view key, std::string_view value) {
    return list != nullptr &&
           std::any_of(list->array()->begin(), list->array()->end(), [&](const json::Value& item) {
               return says(item, "system", system) && says(item, key, value);
           });
}

}  // namespace

std::optional<StatusWords> status_words(ReferralEvent event, ReferralState stands) {
    switch (event) {
        case ReferralEvent::withdraw:
        case ReferralEvent::cancel:
        case ReferralEvent::expire:
            return StatusWords{"cancelled", "revoked"};
        case ReferralEvent::mark_error:
            return StatusWords{"entered-in-error", "entered-in-error"};
        case ReferralEvent::freeze:
        case ReferralEvent::hold:
            return StatusWords{"on-hold", "on-hold"};
        case ReferralEvent::unfreeze:
        case ReferralEvent::resume:
            return words_for(stands);
        case ReferralEvent::schedule:
            return StatusWords{"", ""};
        default:
            return std::nullopt;
    }
}

Patch::Patch(const json::Value& resource)
    : resource_(resource), tags_(tags_of(resource) != nullptr), notes_(list_of(resource, "note") != nullptr) {
    out_.open_array();
}

json::Writer& Patch::add(std::string_view op, std::string_view path) {
    empty_ = false;
    return out_.open_object().text("op", op).text("path", path);
}

Patch& Patch::status(std::string_view word) {
    if (!word.empty() && status_of(resource_) != word) {
        add("replace", "/status").text("value", word).close();
    }
    return *this;
}

Patch& Patch::told(const codec::ReferralEventPayload& event) {
    add("add", "/lastModified").text("value", contract::text(event.occurred_on)).close();
    json::Writer& out = add("add", "/statusReason");
    const Coding coding{systems::kEvent, contract::kReferralEvents.text(event.event)};
    if (event.reason)
        write_codeable(out, "value", {coding, {systems::kReason, contract::kReasons.text(*event.reason)}});
    else
        write_codeable(out, "value", {coding});
    out.close();
    return *this;
}

Patch& Patch::tag(const contract::MessageId& message) {
    const std::string id = message.text();
    json::Writer& out = add("add", tags_ ? "/meta/tag/-" : "/meta/tag");
    if (tags_) {
        out.open_object("value").text("system", systems::kMessage).text("code", id).close();
    } else {
        out.open_array("value");
        write_coding(out, {systems::kMessage, id});
        out.close();
    }
    out.close();
    tags_ = true;
    return *this;
}

Patch& Patch::note(std::string_view text) {
    if (const json::Value* notes = list_of(resource_, "note")) {
        const auto same = [&](const json::Value& note) { return says(note, "text", text); };
        if (std::any_of(notes->array()->begin(), notes->array()->end(), same)) return *this;
    }
    json::Writer& out = add("add", notes_ ? "/note/-" : "/note");
    if (notes_) {
        out.open_object("value").text("text", text).close();
    } else {
        out.open_array("value").open_object().text("text", text).close().close();
    }
    out.close();
    notes_ = true;
    return *this;
}

std::string Patch::take() {
    out_.close();
    std::string made = out_.take();
    return empty_ ? std::string() : made;
}

bool has_tag(const json::Value& resource, const contract::MessageId& message) {
    return bears(tags_of(resource), systems::kMessage, "code", message.text());
}

bool has_uuid(const json::Value& resource, std::string_view uuid) {
    return bears(list_of(resource, "identifier"), systems::kUuid, "value", "urn:uuid:" + std::string(uuid));
}

std::string_view status_of(const json::Value& resource) {
    const json::Value* status = resource.find("status");
    return status != nullptr && status->text() != nullptr ? std::string_view(*status->text())
                                                          : std::string_view();
}

bool has_ended(std::string_view type, std::string_view status) {
    const Statuses& ends = ends_of(type);
    return !status.empty() && std::find(ends.begin(), ends.end(), status) != ends.end();
}

std::string if_match(const std::string& version) { return "W/\"" + version + '"'; }

}  // namespace kesher::health
