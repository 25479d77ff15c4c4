#include "adapters/labor/cloud_event.h"

#include <algorithm>

#include "schemas/json/read.h"

namespace kesher::labor {
namespace {

using contract::Failure;

constexpr json::Bounds kBounds{.bytes = kEventBytes, .depth = 16};
constexpr std::string_view kSource = "urn:kesher:organisation:";

// No blank and no control character: it stands in headers and is compared as it is.
bool is_name(const std::string& text) {
    return !text.empty() && text.size() <= kNameBytes &&
           std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7F; });
}

// RFC 9110, 8.3.1: with parameters or without.
bool is_json(std::string_view type) {
    constexpr std::string_view kJson = "application/json";
    return type.starts_with(kJson) && (type.size() == kJson.size() || type[kJson.size()] == ';');
}

const std::string* text_of(const json::Value& event, std::string_view attribute) {
    const json::Value* found = event.find(attribute);
    return found == nullptr ? nullptr : found->text();
}

}  // namespace

const json::Value& CloudEvent::data() const { return *whole.find("data"); }

contract::Result<CloudEvent, EventFault> read_event(std::string_view body) {
    if (body.size() > kEventBytes) return Failure{EventFault{EventFlaw::too_large}};
    auto read = json::read(body, kBounds);
    if (!read || read->members() == nullptr) return Failure{EventFault{EventFlaw::not_json}};
    const std::string* version = text_of(*read, "specversion");
    if (version == nullptr || *version != "1.0") {
        return Failure{EventFault{EventFlaw::version, "specversion"}};
    }
    CloudEvent event;
    struct Name {
        std::string_view attribute;
        std::string& to;
    };
    for (const Name& name : {Name{"id", event.id}, Name{"source", event.source}, Name{"type", event.type}}) {
        const std::string* text = text_of(*read, name.attribute);
        if (text == nullptr || !is_name(*text)) {
            return Failure{EventFault{EventFlaw::attribute, name.attribute}};
        }
        name.to = *text;
    }
    if (const json::Value* time = read->find("time")) {
        event.on = time->text() == nullptr ? std::nullopt : day_in(*time->text());
        if (!event.on) return Failure{EventFault{EventFlaw::attribute, "time"}};
    }
    const json::Value* content = read->find("datacontenttype");
    if (content != nullptr && (content->text() == nullptr || !is_json(*content->text()))) {
        return Failure{EventFault{EventFlaw::not_an_object, "datacontenttype"}};
    }
    const json::Value* data = read->find("data");
    if (data == nullptr || data->members() == nullptr || read->find("data_base64") != nullptr) {
        return Failure{EventFault{EventFlaw::not_an_object, "data"}};
    }
    event.whole = *std::move(read);
    return event;
}

json::Writer begin_event(std::string_view id, std::string_view source, std::string_view type,
                         contract::Day on) {
    json::Writer out;
    out.open_object()
        .text("specversion", "1.0")
        .text("id", id)
        .text("source", source)
        .text("type", type)
        .text("time", contract::text(on) + "T00:00:00Z")
        .text("datacontenttype", "application/json");
    return out;
}

std::string source_of(const contract::OrganisationId& organisation) {
    return std::string(kSource) + organisation.text();
}

std::optional<contract::OrganisationId> organisation_in(std::string_view source) {
    if (!source.starts_with(kSource)) return std::nullopt;
    return contract::OrganisationId::parse(source.substr(kSource.size()));
}

}  // namespace kesher::labor
