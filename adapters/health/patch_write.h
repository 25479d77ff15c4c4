// What the exchange tells of a referral that the far side has: as JSON Patch (RFC 6902) on its own resources.
//
// A patch and not the whole resource: what the far side added to its Task stays as it wrote it. Sent with
// If-Match of the version that was read, so that a change between is not overwritten. Each patch of a Task
// or a Consent bears the message that caused it as a tag: so it is known which were done.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schemas/codec/referral_records.h"
#include "schemas/contract/ids.h"
#include "schemas/json/value.h"
#include "schemas/json/writer.h"

namespace kesher::health {

// Task.status and ServiceRequest.status; empty: the event alone changes neither.
struct StatusWords {
    std::string_view task, service_request;
    friend bool operator==(const StatusWords&, const StatusWords&) = default;
};
// withdraw, cancel, expire: `cancelled`, `revoked`. mark_error: `entered-in-error` for both. freeze, hold:
// `on-hold`, `on-hold`. resume, unfreeze: back to what `stands` afterwards, `active`. schedule (she chose a
// date): no status. None for events that are the far side's own, or never told to it.
[[nodiscard]] std::optional<StatusWords> status_words(contract::ReferralEvent event,
                                                      contract::ReferralState stands);

// Adds to the resource that it is made for, and never takes away what stands there beside.
class Patch {
public:
    explicit Patch(const json::Value& resource);

    Patch& status(std::string_view word);  // nothing where it is empty, or stands there
    // The day, and why: statusReason with the event and the reason where there is one.
    Patch& told(const codec::ReferralEventPayload& event);
    Patch& tag(const contract::MessageId& message);
    Patch& note(std::string_view text);  // nothing where the same stands there
    [[nodiscard]] std::string take();    // empty where nothing is to be done

private:
    json::Writer& add(std::string_view op, std::string_view path);
    json::Writer out_;
    const json::Value& resource_;
    bool empty_ = true;
    bool tags_ = false;
    bool notes_ = false;
};

[[nodiscard]] bool has_tag(const json::Value& resource, const contract::MessageId& message);
// Whether it bears this number of ours among its identifiers.
[[nodiscard]] bool has_uuid(const json::Value& resource, std::string_view uuid);
[[nodiscard]] std::string_view status_of(const json::Value& resource);
// Whether R4 has nothing after this status of a Task, a ServiceRequest or a Consent.
[[nodiscard]] bool has_ended(std::string_view type, std::string_view status);

// `W/"3"` of version 3.
[[nodiscard]] std::string if_match(const std::string& version);

}  // namespace kesher::health
