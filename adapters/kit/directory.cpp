#include "adapters/kit/directory.h"

#include <algorithm>
#include <set>

#include "schemas/json/read.h"

namespace kesher::kit {
namespace {

using contract::Code;
using contract::Failure;
using contract::Result;

// Some thousand members with their key lists of a few certificates each.
constexpr json::Bounds kDirectoryBounds{16 * 1024 * 1024, contract::limits::kJsonDepth};

const std::string* text_at(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value == nullptr ? nullptr : value->text();
}

// Calls `take` with each text of the list; false where it is not a list of texts.
template <class Take>
bool each_text(const json::Value& object, std::string_view key, Take take) {
    const json::Value* value = object.find(key);
    if (value == nullptr || value->is_null()) return true;  // not known of it yet
    if (value->array() == nullptr) return false;
    for (const json::Value& item : *value->array()) {
        if (item.text() == nullptr) return false;
        take(*item.text());
    }
    return true;
}

bool read_names(const json::Value& object, Member& member) {
    const json::Value* names = object.find("names");
    if (names == nullptr || names->is_null()) return true;
    if (names->members() == nullptr) return false;
    for (const json::Member& name : *names->members()) {
        if (name.value.text() == nullptr) return false;
        member.names.emplace(name.key, *name.value.text());
    }
    return true;
}

bool read_services(const json::Value& object, Member& member) {
    return each_text(object, "services", [&](const std::string& word) {
        if (const auto service = contract::kServices.parse(word)) member.services.push_back(*service);
    });
}

// `reads` and `honours` beside it are the hub's words, and no sender relies on them. The place of a
// declaration that is later than the last one seen.
std::optional<statement::ProfilePlace> read_profile(Member& member, const Pin& pin, std::string_view log,
                                                    contract::Instant at) {
    if (member.profile.empty() || !member.keys) return std::nullopt;
    auto verified = statement::verify_profile(member.profile, {log, *member.keys, at});
    if (!verified || verified->profile.place < pin.profile_seen) return std::nullopt;
    member.reads = std::move(verified->profile.reads);
    member.honours = verified->profile.honours;
    member.declared = true;
    if (verified->profile.place == pin.profile_seen) return std::nullopt;
    return verified->profile.place;
}

void read_keys(const json::Value& object, const Pins& pins, contract::Instant at, Member& member) {
    const std::string* jws = text_at(object, "keys");
    const std::string* root_pem = text_at(object, "root");
    const auto pin = pins.find(member.id);
    if (jws == nullptr || root_pem == nullptr || pin == pins.end()) return;  // why_not: key_unpinned
    const auto root = statement::Certificate::from_pem(*root_pem);
    if (!root) return;
    auto keys =
        statement::verify_key_list(*jws, *root, {member.id, pin->second.root, pin->second.serial_seen, at});
    if (keys) {
        member.keys = *std::move(keys);
    } else {
        member.why_not = keys.error();
    }
}

std::optional<Member> read_member(const json::Value& object, const Pins& pins, contract::Instant at) {
    const std::string* id_text = text_at(object, "id");
    const std::string* kind = text_at(object, "kind");
    const std::string* status = text_at(object, "status");
    if (id_text == nullptr || kind == nullptr || status == nullptr) return std::nullopt;
    const auto id = contract::OrganisationId::parse(*id_text);
    const auto known_kind = contract::kOrganisationKinds.parse(*kind);
    const auto known_status = contract::kOrganisationStatuses.parse(*status);
    if (!id || !known_kind || !known_status) return std::nullopt;
    Member member{*id, *known_kind, *known_status};
    if (!read_names(object, member) || !read_services(object, member)) return std::nullopt;
    if (const std::string* profile = text_at(object, "profile")) member.profile = *profile;
    read_keys(object, pins, at, member);
    return member;
}

}  // namespace

bool Member::reads_schema(contract::SchemaFingerprint fingerprint) const {
    return std::find(reads.begin(), reads.end(), fingerprint) != reads.end();
}

Result<PinnedBody, Code> pin_of_agreement(const statement::AgreementDocument& document,
                                          const contract::OrganisationId& self,
                                          const statement::Certificate& own_root, contract::Instant at) {
    const auto verified = statement::verify_agreement(document.jws, self, own_root, document.approver, at);
    if (!verified) return Failure{verified.error()};
    const statement::Agreement& agreement = verified->agreement;
    const bool we_are_first = agreement.first == self;
    return PinnedBody{we_are_first ? agreement.second : agreement.first,
                      we_are_first ? agreement.second_root : agreement.first_root, agreement.act};
}

Result<Directory, Code> Directory::read(std::string_view text, const Pins& pins, std::string_view log,
                                        contract::Instant at) {
    const auto document = json::read(text, kDirectoryBounds);
    if (!document) return Failure{Code::payload_invalid};
    const json::Value* list = document->find("organisations");
    if (list == nullptr || list->array() == nullptr) return Failure{Code::payload_invalid};
    Directory directory;
    for (const json::Value& object : *list->array()) {
        auto member = read_member(object, pins, at);
        if (!member) return Failure{Code::payload_invalid};
        if (member->keys && member->keys->serial > pins.at(member->id).serial_seen) {
            directory.newer_serials_.emplace(member->id, member->keys->serial);
        }
        const auto id = member->id;
        if (const auto pin = pins.find(id); pin != pins.end()) {
            if (const auto place = read_profile(*member, pin->second, log, at)) {
                directory.newer_profiles_.emplace(id, *place);
            }
            const bool active = member->status == contract::OrganisationStatus::active;
            directory.awaits_somebody_ = directory.awaits_somebody_ || (active && !member->declared);
        }
        if (!directory.members_.emplace(id, *std::move(member)).second) return Failure{Code::payload_invalid};
    }
    return directory;
}

const Member* Directory::find(const contract::OrganisationId& id) const {
    const auto found = members_.find(id);
    return found == members_.end() ? nullptr : &found->second;
}

}  // namespace kesher::kit
