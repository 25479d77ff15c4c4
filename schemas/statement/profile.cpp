#include "schemas/statement/profile.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/verify_by_ring.h"
#include "schemas/statement/words.h"

namespace kesher::statement {
namespace {

namespace limits = contract::limits;
using contract::Code;
using contract::Failure;
using contract::Result;
using contract::SafetyFlag;
using contract::SchemaFingerprint;

// Texts, each once and in order; nullopt for anything else.
std::optional<std::vector<std::string_view>> read_list(std::span<const json::Value> items) {
    if (items.size() > kProfileWords) return std::nullopt;
    std::vector<std::string_view> texts;
    for (const json::Value& item : items) {
        const std::string* text = item.text();
        if (text == nullptr || (!texts.empty() && *text <= texts.back())) return std::nullopt;
        texts.push_back(*text);
    }
    return texts;
}

std::optional<std::vector<SchemaFingerprint>> read_schemas(std::span<const json::Value> items) {
    const auto texts = read_list(items);
    if (!texts) return std::nullopt;
    std::vector<SchemaFingerprint> schemas;
    for (const std::string_view text : *texts) {
        const auto schema = contract::parse_fingerprint(text);
        if (!schema) return std::nullopt;
        schemas.push_back(*schema);
    }
    return schemas;
}

std::optional<contract::WordSet<SafetyFlag>> read_flags(std::span<const json::Value> items) {
    const auto texts = read_list(items);
    if (!texts) return std::nullopt;
    contract::WordSet<SafetyFlag> flags;
    for (const std::string_view text : *texts) {
        if (const auto flag = contract::kSafetyFlags.parse(text)) flags.add(*flag);
    }
    return flags;
}

std::optional<Profile> read_profile(std::string_view payload) {
    const auto value = json::read(payload, kClaimsBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    const bool version = object.integer("v") == 1;
    const std::string_view log = object.text("log");
    const auto organisation = contract::OrganisationId::parse(object.text("org"));
    const ProfilePlace place{object.integer("keys"), object.integer("serial")};
    auto reads = read_schemas(object.array("reads"));
    const auto honours = read_flags(object.array("honours"));
    const bool whole = object.finish().has_value() && version && organisation && reads && honours;
    if (!whole || !is_log_origin(log) || place.keys < 1 || place.serial < 1) return std::nullopt;
    return Profile{*organisation, std::string(log), place, *std::move(reads), *honours};
}

void write_list(json::Writer& writer, std::string_view key, std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    writer.open_array(key);
    for (const std::string& text : texts) writer.text(text);
    writer.close();
}

}  // namespace

std::string sign_profile(const Profile& profile, const Signer& signer, contract::Day iat) {
    std::vector<std::string> reads;
    std::vector<std::string> honours;
    for (const SchemaFingerprint schema : profile.reads) reads.push_back(contract::text(schema));
    for (const SafetyFlag flag : profile.honours.words())
        honours.emplace_back(contract::kSafetyFlags.text(flag));
    json::Writer writer;
    writer.open_object().number("v", 1).text("log", profile.log).text("org", profile.organisation.text());
    writer.number("keys", profile.place.keys).number("serial", profile.place.serial);
    write_list(writer, "reads", std::move(reads));
    write_list(writer, "honours", std::move(honours));
    const std::string payload = writer.close().take();
    if (!read_profile(payload)) throw std::logic_error("this profile breaks the contract");
    return sign(signer, kProfileType, iat, payload);
}

Result<VerifiedProfile, Code> verify_profile(std::string_view jws, const ProfileDemand& demand) {
    const auto verified =
        verify_by(demand.keys.ring(), jws, kProfileType, demand.at, limits::kSignedDocumentBytes);
    if (!verified) return Failure{verified.error()};
    const auto declared = whole_day(verified->iat);
    auto profile = read_profile(verified->payload);
    const bool holds = profile && declared && profile->organisation == demand.keys.organisation &&
                       profile->place.keys <= demand.keys.serial;
    if (!holds) return Failure{Code::statement_invalid};
    if (profile->log != demand.log) return Failure{Code::wrong_log};
    VerifiedProfile found{*std::move(profile), *declared, verified->certificate};
    const bool of_the_future = *declared > contract::day_of(demand.at + limits::kClockAhead);
    if (of_the_future || (found.has_run_out(demand.at) && !demand.also_run_out)) {
        return Failure{Code::clock_skew};
    }
    return found;
}

}  // namespace kesher::statement
