#include "schemas/statement/officer_entry.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/words.h"

namespace kesher::statement {
namespace {

namespace limits = contract::limits;
using contract::Code;
using contract::Digest;
using contract::Failure;
using contract::Instant;
using contract::kOfficerRoles;
using contract::Result;

constexpr std::int64_t kLastMillisecond = kLastSecond * 1'000 + 999;

std::optional<OfficerEntry> read_entry(std::string_view payload) {
    const auto value = json::read(payload);
    if (!value) return std::nullopt;
    json::Object object(*value);
    const bool version = object.integer("v") == 1;
    const std::string_view log = object.text("log");
    const auto organisation = contract::OrganisationId::parse(object.text("org"));
    const auto officer = contract::OfficerId::parse(object.text("officer"));
    const std::int64_t at = object.integer("at");
    auto roles = read_words(object.array("roles"), kOfficerRoles);
    const auto training = contract::parse_day(object.text("training_valid_until"));
    const bool suspended = object.boolean("suspended");
    if (!object.finish() || !version || !organisation || !officer || !training) return std::nullopt;
    const bool in_form = is_log_origin(log) && at >= 0 && at <= kLastMillisecond && roles &&
                         is_in_wire_order(*roles, kOfficerRoles);
    if (!in_form) return std::nullopt;
    return OfficerEntry{*organisation,     std::string(log), *officer, Instant{std::chrono::milliseconds{at}},
                        *std::move(roles), *training,        suspended};
}

}  // namespace

std::string sign_officer_entry(OfficerEntry entry, const Signer& signer) {
    std::sort(entry.roles.begin(), entry.roles.end(),
              [](auto one, auto other) { return kOfficerRoles.text(one) < kOfficerRoles.text(other); });
    json::Writer writer;
    writer.open_object().number("v", 1).text("log", entry.log).text("org", entry.organisation.text());
    writer.text("officer", entry.officer.text()).number("at", entry.at.time_since_epoch().count());
    write_words(writer, "roles", entry.roles, kOfficerRoles);
    writer.text("training_valid_until", contract::text(entry.training_valid_until))
        .boolean("suspended", entry.suspended);
    const std::string payload = writer.close().take();
    if (!read_entry(payload)) throw std::logic_error("this officer's entry breaks the contract");
    return sign(signer, kOfficerType, contract::day_of(entry.at), payload);
}

Result<VerifiedOfficer, Code> verify_officer_entry(std::string_view jws, const OfficerDemand& demand) {
    if (demand.at > demand.keys.not_after) return Failure{Code::certificate_unknown};
    const KeyRing ring = demand.keys.ring();
    const auto lookup = [&](const Digest& thumbprint) { return ring.find(thumbprint, demand.at); };
    const auto verified = verify(jws, kOfficerType, lookup, limits::kSignedDocumentBytes);
    if (!verified) return Failure{code_of(verified.error())};
    auto entry = read_entry(verified->payload);
    const auto day = whole_day(verified->iat);
    const bool holds = entry && day && entry->organisation == demand.keys.organisation &&
                       contract::day_of(entry->at) == *day;
    if (!holds) return Failure{Code::statement_invalid};
    if (entry->log != demand.log) return Failure{Code::wrong_log};
    const bool in_time =
        entry->at >= demand.at - limits::kStatementAgeMax && entry->at <= demand.at + limits::kClockAhead;
    if (!in_time) return Failure{Code::clock_skew};
    return VerifiedOfficer{*std::move(entry), verified->document, verified->certificate};
}

}  // namespace kesher::statement
