#include "schemas/codec/rules.h"

#include <algorithm>

#include "schemas/codec/ways_to_reach.h"
#include "schemas/contract/limits.h"

namespace kesher::codec {
namespace {

using contract::ConsentForm;
using contract::DataGroup;
using contract::KnownBy;
using contract::Purpose;
using contract::Reason;
using contract::ReferralEvent;
using contract::SafetyFlag;
namespace limits = contract::limits;

bool is_decline_reason(Reason reason) { return reason <= Reason::agreement_missing; }

// Which reasons belong to an event (domain.md 3.1); what the hub itself says may carry any.
bool reason_fits(ReferralEvent event, Reason reason) {
    switch (event) {
        case ReferralEvent::decline:
        case ReferralEvent::redirect:
            return is_decline_reason(reason);
        case ReferralEvent::hold:
            return reason >= Reason::docs_missing && reason <= Reason::waiting_for_provider;
        case ReferralEvent::cancel:
            return reason == Reason::no_longer_needed || reason == Reason::entered_twice;
        case ReferralEvent::fail:
            return reason == Reason::service_ended || reason == Reason::contact_lost;
        case ReferralEvent::mark_error:
            return reason == Reason::wrong_case || reason == Reason::wrong_content;
        case ReferralEvent::withdraw:
        case ReferralEvent::expire:
        case ReferralEvent::undeliverable:
        case ReferralEvent::freeze:
        case ReferralEvent::unfreeze:
            return true;
        default:
            return false;
    }
}

bool needs_reason(ReferralEvent event) {
    return event == ReferralEvent::decline || event == ReferralEvent::cancel ||
           event == ReferralEvent::fail || event == ReferralEvent::mark_error;
}

// Released to everybody whatever the consent says, so there must be nothing in it to protect.
bool must_not_be_sealed(ReferralEvent event) {
    return event == ReferralEvent::withdraw || event == ReferralEvent::cancel ||
           event == ReferralEvent::mark_error;
}

Broken broken_form(const ConsentGiven& consent) {
    const bool click = consent.form == ConsentForm::anonymous_click;
    if (!click && !consent.explained_by) return "explained_by";
    if (!click && !consent.explained_at) return "explained_at";
    const bool signed_form = !click && consent.state == GivenState::active;
    if (signed_form && !consent.form_sha256) return "form_sha256";
    if (click && consent.form_sha256) return "form_sha256";
    if ((consent.grantor == Grantor::guardian) != consent.court_order.has_value()) return "court_order";
    return std::nullopt;
}

Broken broken_known_by(const Sealed& sealed) {
    const bool phone = sealed.contact && sealed.contact->phone;
    if (sealed.known_by == KnownBy::presents && (sealed.identity || phone)) return "known_by";
    if (sealed.known_by == KnownBy::contact && !sealed.contact) return "known_by";
    if (sealed.known_by == KnownBy::identified && !sealed.identity) return "known_by";
    return std::nullopt;
}

// While either flag stands, nothing in the record leads to where she is or rings where she is.
Broken broken_silence(const Sealed& sealed) {
    const auto flag = silence_of(sealed.safety);
    if (!flag) return std::nullopt;
    if (sealed.contact && sealed.contact->phone) return "contact.phone";
    if (sealed.other(DataGroup::locality)) return "locality";
    for (const Attachment& attachment : sealed.attachments) {
        if (attachment.group == DataGroup::contact || attachment.group == DataGroup::locality)
            return "attachments";
    }
    if (!way_to_reach_in(sealed)) return std::nullopt;
    // The flag is named and not the text, which is of its form: without the flag it could stand there.
    return *flag == SafetyFlag::contact_prohibited ? "safety.contact_prohibited"
                                                   : "safety.address_confidential";
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 1 to `most` letters and digits of ASCII and `besides`.
bool is_code(std::string_view text, std::size_t most, std::string_view besides) {
    return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter_or_digit(c) || besides.find(c) != std::string_view::npos;
    });
}

}  // namespace

Broken broken_rule(const ReferralEventPayload& event) {
    if (event.event <= ReferralEvent::submit) return "event";
    if (needs_reason(event.event) && !event.reason) return "reason";
    if (event.reason && !reason_fits(event.event, *event.reason)) return "reason";
    if (event.outcome.has_value() != (event.event == ReferralEvent::complete)) return "outcome";
    if (event.sealed && must_not_be_sealed(event.event)) return "sealed";
    return std::nullopt;
}

Broken broken_rule(const Draft& draft) {
    if (draft.notice.has_value() != (draft.event == ReferralEvent::ask_consent)) return "notice";
    if (draft.recipient == contract::OrganisationId::hub()) return "recipient";
    return std::nullopt;
}

Broken broken_rule(const ConsentGiven& consent) {
    if (const Broken broken = broken_form(consent)) return broken;
    if (consent.discloser == contract::OrganisationId::hub()) return "discloser";
    if (consent.recipient == contract::OrganisationId::hub() || consent.recipient == consent.discloser) {
        return "recipient";
    }
    for (const Purpose purpose : consent.purposes) {
        if (purpose == Purpose::rehearsal || purpose == Purpose::break_glass) return "purposes";
    }
    const bool in_order = consent.valid_from <= consent.valid_to;
    if (!in_order || consent.valid_to - consent.valid_from > limits::kConsentMax) return "valid_to";
    return std::nullopt;
}

Broken broken_rule(const ConsentRevocationAcked& acked) {
    if (acked.law.has_value() != (acked.effect == RevocationEffect::retained_by_law)) return "law";
    return std::nullopt;
}

Broken broken_rule(const EligibilityAnswer& answer) {
    if (answer.reason && !is_decline_reason(*answer.reason)) return "reason";
    return std::nullopt;
}

Broken broken_rule(const EligibilityAnswered& answered) {
    const auto word = [](const EligibilityAnswer& answer) {
        return contract::kServices.text(answer.service);
    };
    const auto not_before = [&](const EligibilityAnswer& a, const EligibilityAnswer& b) {
        return word(a) >= word(b);
    };
    const auto& answers = answered.answers;
    if (std::adjacent_find(answers.begin(), answers.end(), not_before) != answers.end()) return "answers";
    return std::nullopt;
}

Broken broken_rule(const HeadcountReported& report) {
    if (report.first_leaf > report.last_leaf) return "last_leaf";
    return std::nullopt;
}

Broken broken_rule(const Appointment& appointment) {
    if (appointment.slot.time_since_epoch() % std::chrono::minutes{1} != std::chrono::milliseconds{0})
        return "slot";
    return std::nullopt;
}

Broken broken_rule(const Identity& identity) {
    if (!identity.id_number && !identity.given_name && !identity.family_name && !identity.birth_year) {
        return "id_number";
    }
    return std::nullopt;
}

Broken broken_rule(const SafeHours& hours) {
    if (hours.from >= hours.until) return "until";
    return std::nullopt;
}

Broken broken_rule(const Particulars& particulars) {
    if (!particulars.text && particulars.answers.empty()) return "text";
    return std::nullopt;
}

Broken broken_rule(const Sealed& sealed) {
    if (const Broken broken = broken_known_by(sealed)) return broken;
    if (const Broken broken = broken_silence(sealed)) return broken;
    std::size_t attached = 0;
    for (const Attachment& attachment : sealed.attachments) attached += attachment.bytes.size();
    if (attached > limits::kAttachmentsBytes) return "attachments";
    return std::nullopt;
}

bool is_compact_jwe(contract::ByteView bytes) {
    const std::string_view text = contract::text_of(bytes);
    const std::size_t first_dot = text.find('.');
    if (first_dot == 0 || first_dot == std::string_view::npos) return false;
    // ECDH-ES: the key is agreed, so the part for a wrapped key is empty (RFC 7516 section 3.1).
    if (first_dot + 1 >= text.size() || text[first_dot + 1] != '.') return false;
    if (text.size() > limits::kPayloadBytes) return false;
    std::size_t dots = 0;
    for (auto at = first_dot; at != std::string_view::npos && dots < 5; at = text.find('.', at + 1)) ++dots;
    return dots == 4 && contract::is_jose_text(text);
}

bool is_notice_id(std::string_view text) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; };
    return !text.empty() && text.size() <= 32 && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(), allowed);
}

bool is_licence(std::string_view text) { return is_code(text, 32, "-/"); }

bool is_programme_code(std::string_view text) { return is_code(text, 16, "-"); }

bool is_phone(std::string_view text) {
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    return text.size() >= 6 && text.size() <= 15 && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_file_name(std::string_view text) {
    const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\';
    });
    return plain && contract::is_utf8(text) && !text.empty() && text.size() <= limits::kShortTextCharacters &&
           text != "." && text != "..";
}

bool is_media_type(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    return is_code(text.substr(0, slash), 64, "!#$&-^_.+") &&
           is_code(text.substr(slash + 1), 64, "!#$&-^_.+");
}

}  // namespace kesher::codec
