// What one look at a referral on the FHIR server found, and how what it answers is read. For clinic*.cpp
// alone.
#pragma once

#include <algorithm>
#include <optional>

#include "adapters/health/clinic.h"

namespace kesher::health {

struct Clinic::Seen {
    Placed at;
    Standing stood;
    TaskReport report;
    std::optional<AppointmentReport> appointment{};
};

// Whether the next referral would fare no better. A fault inside the server (500) may be of one resource
// alone, and what the clinic did for the others is told all the same.
[[nodiscard]] inline bool is_of_all(const ServerFault& fault) {
    return fault.kind == ServerFault::Kind::away && fault.status != 500;
}

// It is not where it was, or something else is: a proxy that answers 404 to all, a server that gave new ids.
// Only a search says where it lies now, or that it is nowhere.
[[nodiscard]] inline bool is_astray(const ServerFault& fault) {
    return fault.kind == ServerFault::Kind::gone || fault.kind == ServerFault::Kind::malformed;
}

// Nothing of the sort is there; a page of what was not asked for says nothing of the kind.
[[nodiscard]] inline bool says_none(const SearchAnswer& answer) {
    return answer.page.found.empty() && !answer.page.more;
}

// What was asked for is not on it: what else there is, nobody knows.
[[nodiscard]] inline ServerFault answered_something_else(const SearchAnswer& answer) {
    return {ServerFault::Kind::malformed, 200, 0, answer.answer};
}

// `identifier=urn:ietf:rfc:3986%7Curn:uuid:…`
[[nodiscard]] std::string query_of(std::string_view name, std::string_view system, std::string_view value);

// Whether what a search found bears this number; a server may answer what was not asked for.
[[nodiscard]] inline bool bears(const Found& found, std::string_view uuid) {
    return std::find(found.uuids.begin(), found.uuids.end(), "urn:uuid:" + std::string(uuid)) !=
           found.uuids.end();
}

// As far as the server says where.
[[nodiscard]] Placed placed_by(const std::vector<EntryAnswer>& answers);

[[nodiscard]] inline std::string both(const Remark& remark) { return remark.he + " · " + remark.en; }

}  // namespace kesher::health
