#include "adapters/social_services/to_messages.h"

#include <algorithm>
#include <array>

#include "adapters/social_services/native_words.h"
#include "schemas/statement/hash.h"

namespace kesher::social_services {
namespace {

using contract::Failure;
using contract::SafetyFlag;

constexpr std::size_t kNeedCharacters = 2'000;

std::optional<std::string> unless_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::string need_of(const Referral& referral) {
    std::string need;
    for (const std::string& line : referral.need) need += (need.empty() ? "" : "\n") + line;
    return need;
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

codec::Safety safety_of(const Referral& referral, contract::WordSet<SafetyFlag> asked) {
    codec::Safety safety;
    if (referral.contact_prohibited) return safety;
    for (const SafetyFlag flag : asked.words()) safety.set(flag, false);
    safety.contact_prohibited = false;
    if (!referral.neutral_name.empty()) safety.neutral_name = true;
    return safety;
}

kit::Actor actor_of(const Referral& referral, const Desk& desk) {
    return {referral.worker.value_or(desk.officer), desk.role};
}

// Each field and an end mark that no field can hold.
class RecordText {
public:
    void add(std::string_view field) { text_.append(field).push_back('\x1F'); }
    void add(std::uint64_t number) { add(std::string_view(std::to_string(number))); }
    [[nodiscard]] contract::Digest digest() const { return statement::sha256(text_); }

private:
    std::string text_;
};

}  // namespace

codec::Sealed sealed_of(const Referral& referral, contract::WordSet<SafetyFlag> asked) {
    codec::Sealed sealed;
    sealed.known_by = known_by(referral);
    sealed.need = unless_empty(need_of(referral));
    sealed.safety = safety_of(referral, asked);
    if (referral.consent) sealed.consent_until = referral.consent->to;
    const bool names = referral.identity && sealed.known_by != contract::KnownBy::presents;
    if (names) {
        const Identity& known = *referral.identity;
        codec::Identity identity{unless_empty(known.id_number),
                                 unless_empty(known.given_name),
                                 unless_empty(known.family_name),
                                 {}};
        if (known.birth_year) identity.birth_year = *known.birth_year;
        if (identity != codec::Identity{}) sealed.identity = std::move(identity);
    }
    const std::string phone = names && !referral.contact_prohibited ? referral.identity->phone : "";
    if (!phone.empty() || !referral.neutral_name.empty()) {
        sealed.contact = codec::Contact{unless_empty(phone),
                                        unless_empty(referral.neutral_name),
                                        phone.empty() ? codec::SafeChannel::none : codec::SafeChannel::voice,
                                        {}};
    }
    return sealed;
}

contract::Digest digest_of(const Referral& referral) {
    RecordText text;
    text.add(referral.pseudonym ? referral.pseudonym->reveal() : "");
    text.add(referral.number);
    text.add(contract::kServices.text(referral.service));
    text.add(contract::kPriorities.text(referral.priority));
    text.add(contract::text(referral.created));
    text.add(referral.consent ? referral.consent->number : "");
    text.add(referral.consent ? contract::text(referral.consent->to) : "");
    text.add(word_of(referral.basis));
    text.add(referral.authority ? static_cast<std::uint64_t>(referral.authority->kind) + 1 : 0);
    text.add(referral.authority ? referral.authority->symbol : 0);
    text.add(contract::kLanguages.text(referral.language));
    text.add(referral.contact_prohibited ? 2 : 1);
    text.add(referral.worker ? referral.worker->text() : "");
    text.add(referral.neutral_name);
    if (referral.identity) {
        text.add(referral.identity->id_number);
        text.add(referral.identity->given_name);
        text.add(referral.identity->family_name);
        text.add(referral.identity->birth_year.value_or(0));
        text.add(referral.identity->phone);
    }
    for (const std::string& line : referral.need) text.add(line);
    return text.digest();
}

contract::Result<Outgoing, FileFault> message_of(const Referral& referral,
                                                 const contract::Pseudonym& pseudonym, const Desk& desk,
                                                 const kit::AliasMaker& aliases) {
    const auto recipient = recipient_of(desk.routes, referral);
    if (!recipient) return Failure{recipient.error()};
    if (characters(need_of(referral)) > kNeedCharacters) {
        return Failure{referral_fault(referral, "referral", Flaw::need_length)};
    }
    codec::ReferralSubmitted payload;
    payload.known_by = known_by(referral);
    payload.priority = referral.priority;
    payload.language = referral.language;
    payload.occurred_on = referral.created;

    const contract::ReferralId id = aliases.referral(referral.number);
    kit::Message message{aliases.message(id, digest_of(referral)), contract::MessageType::referral_submitted,
                         *recipient, actor_of(referral, desk), payload};
    message.sealed = sealed_of(referral, desk.asked);
    message.pseudonym = pseudonym;
    message.referral = id;
    message.service = referral.service;
    message.purpose = contract::usual_purpose(referral.service);
    message.basis = referral.basis;
    Outgoing outgoing{std::move(message),
                      {{kit::AliasKind::referral, referral.number, id.text(), std::nullopt}}};
    if (referral.consent) {
        const contract::ConsentId consent = aliases.consent(referral.consent->number, *recipient);
        outgoing.message.consent = consent;
        outgoing.aliases.push_back(
            {kit::AliasKind::consent, referral.consent->number, consent.text(), *recipient});
    }
    return outgoing;
}

std::optional<FileFault> fault_of(const Referral& referral, const kit::Refused& refused) {
    const auto at = [&](std::string_view field, Flaw flaw) {
        return std::optional(referral_fault(referral, field, flaw));
    };
    switch (refused.code) {
        case contract::Code::consent_missing:
        case contract::Code::consent_revoked:
        case contract::Code::consent_lapsed:
            return at("consent", Flaw::consent_over);
        case contract::Code::consent_groups:
            return at("consent", Flaw::consent_groups);
        case contract::Code::identity_required:
            return at("service", Flaw::identity_required);
        case contract::Code::flag_not_honoured:
            return at("contact", Flaw::flag_not_honoured);
        case contract::Code::payload_invalid: {
            // The kit's own words: free text that rings at home, or a phone beside a flag that forbids it.
            const bool phone =
                std::find(refused.names.begin(), refused.names.end(), "contact.phone") != refused.names.end();
            return at("contact", phone ? Flaw::phone_prohibited : Flaw::way_to_reach);
        }
        case contract::Code::statement_invalid:
        case contract::Code::too_large:
            return at("referral", Flaw::value);
        default:
            return std::nullopt;
    }
}

}  // namespace kesher::social_services
