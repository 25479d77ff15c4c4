#include "adapters/social_services/to_records.h"

#include <algorithm>

#include "adapters/record/israel_time.h"
#include "schemas/contract/code_points.h"

namespace kesher::social_services {
namespace {

using contract::Code;
using contract::Failure;
using contract::SafetyFlag;

// Base 32 (Crockford's letters, lower case) of the first ten bytes.
std::string number_of(contract::ByteView bytes) {
    constexpr std::string_view kLetters = "0123456789abcdefghjkmnpqrstvwxyz";
    constexpr std::size_t kBytes = 10;
    std::string number;
    unsigned bits = 0;
    unsigned held = 0;
    for (std::size_t i = 0; i < kBytes; ++i) {
        held = held << 8U | bytes[i];
        for (bits += 8; bits >= 5; bits -= 5) number += kLetters[held >> (bits - 5) & 31U];
        held &= (1U << bits) - 1;
    }
    return number;
}

bool says_more_than_contact(const codec::Safety& safety) {
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<SafetyFlag>(i);
        if (flag != SafetyFlag::contact_prohibited && safety.has(flag)) return true;
    }
    return false;
}

// Broken at blanks where that fits; else at every 80th character, which always does: 2,000 characters.
std::vector<std::string> lines_of(const std::string& need) {
    auto lines = need_lines(need);
    if (lines.size() <= kNeedLines) return lines;
    std::u32string rest = contract::code_points(need);
    std::replace(rest.begin(), rest.end(), U'\n', U' ');
    lines.clear();
    for (std::size_t at = 0; at < rest.size(); at += kNeedLineCharacters) {
        lines.push_back(contract::utf8_of(rest.substr(at, kNeedLineCharacters)));
    }
    return lines;
}

// A phone as the departments write it: digits, from 0. Another form has no room and is a declared loss.
std::string phone_of(const codec::Contact& contact) {
    std::string phone = contact.phone.value_or("");
    if (phone.starts_with("+972")) phone = '0' + phone.substr(4);
    const bool fits = phone.starts_with('0') && (phone.size() == 9 || phone.size() == 10);
    return fits ? phone : "";
}

std::optional<Identity> identity_of(const codec::Sealed& sealed) {
    Identity identity;
    if (sealed.identity) {
        identity.id_number = sealed.identity->id_number.value_or("");
        identity.given_name = sealed.identity->given_name.value_or("");
        identity.family_name = sealed.identity->family_name.value_or("");
        if (sealed.identity->birth_year) {
            identity.birth_year = static_cast<std::uint16_t>(*sealed.identity->birth_year);
        }
    }
    if (sealed.contact && !sealed.safety.contact_prohibited) identity.phone = phone_of(*sealed.contact);
    return identity == Identity{} ? std::nullopt : std::optional(std::move(identity));
}

}  // namespace

std::string native_number(const contract::ReferralId& id, const kit::AliasMaker& aliases) {
    return number_of(aliases.number(id).view());
}
std::string native_number(const contract::ConsentId& id) { return number_of(id.bytes()); }

contract::Result<Referral, Code> record_of(const statement::Statement& said,
                                           const codec::ReferralSubmitted& payload,
                                           const codec::Sealed& sealed, const contract::Pseudonym& pseudonym,
                                           const std::string& number) {
    if (!said.referral || !said.service || !said.basis) return Failure{Code::statement_invalid};
    if (says_more_than_contact(sealed.safety)) return Failure{Code::flag_not_honoured};
    Referral record{.pseudonym = pseudonym,
                    .number = number,
                    .service = *said.service,
                    .priority = payload.priority,
                    .created = payload.occurred_on,
                    .consent = {},
                    .basis = *said.basis,
                    .authority = {},
                    .language = payload.language,
                    .contact_prohibited = sealed.safety.contact_prohibited,
                    .worker = {},
                    .neutral_name = sealed.contact ? sealed.contact->neutral_name.value_or("") : "",
                    .identity = identity_of(sealed),
                    .need = sealed.need ? lines_of(*sealed.need) : std::vector<std::string>{}};
    if (said.consent) {
        // Where its last day was not told, no more is certain than the day of the act.
        record.consent =
            ConsentReference{native_number(*said.consent),
                             std::max(sealed.consent_until.value_or(record.created), record.created)};
    }
    return record;
}

Status status_of(std::string number, const std::optional<contract::Pseudonym>& pseudonym,
                 const Standing& standing, const StepTold& told) {
    Status status{.pseudonym = pseudonym,
                  .referral = std::move(number),
                  .state = shown(standing),
                  .reason = told.reason,
                  .date = told.on,
                  .time = {},
                  .worker = {},
                  .outcome = {}};
    if (status.state == contract::ReferralState::completed) status.outcome = told.outcome;
    if (status.state == contract::ReferralState::scheduled && told.appointment) {
        const record::WallTime wall = record::wall_time(told.appointment->slot);
        status.date = wall.day;
        if (wall.time != std::chrono::seconds{0}) status.time = wall.time;
    }
    return status;
}

}  // namespace kesher::social_services
