#include "adapters/health/patch_write.h"

#include "adapters/health/fhir_codes.h"
#include "adapters/health/resource_write.h"

namespace kesher::health {
namespace {

using contract::ReferralEvent;

struct Words {
    std::string_view task, service_request;
};

std::optional<Words> words_of(ReferralEvent event) {
    switch (event) {
        case ReferralEvent::withdraw:
        case ReferralEvent::cancel:
        case ReferralEvent::expire:
            return Words{"cancelled", "revoked"};
        case ReferralEvent::mark_error:
            return Words{"entered-in-error", "entered-in-error"};
        case ReferralEvent::freeze:
            return Words{"on-hold", "on-hold"};
        default:
            return std::nullopt;
    }
}

void write_text(json::Writer& out, std::string_view op, std::string_view path, std::string_view value) {
    out.open_object().text("op", op).text("path", path).text("value", value).close();
}

std::string status_patch(std::string_view status) {
    json::Writer out;
    out.open_array();
    write_text(out, "replace", "/status", status);
    out.close();
    return out.take();
}

std::string task_patch(std::string_view status, const codec::ReferralEventPayload& event) {
    json::Writer out;
    out.open_array();
    write_text(out, "replace", "/status", status);
    write_text(out, "add", "/lastModified", contract::text(event.occurred_on));
    out.open_object().text("op", "add").text("path", "/statusReason");
    const Coding told{systems::kEvent, contract::kReferralEvents.text(event.event)};
    if (event.reason)
        write_codeable(out, "value", {told, {systems::kReason, contract::kReasons.text(*event.reason)}});
    else
        write_codeable(out, "value", {told});
    out.close().close();
    return out.take();
}

}  // namespace

std::optional<Patches> patches_of(const codec::ReferralEventPayload& event) {
    const auto words = words_of(event.event);
    if (!words) return std::nullopt;
    return Patches{task_patch(words->task, event), status_patch(words->service_request)};
}

std::string consent_patch() { return status_patch("inactive"); }

std::string if_match(const std::string& version) { return "W/\"" + version + '"'; }

}  // namespace kesher::health
