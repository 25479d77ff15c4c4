#include "adapters/kit/message_writer.h"

#include "schemas/codec/ways_to_reach.h"
#include "schemas/statement/claims.h"
#include "schemas/statement/commitment.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/seal.h"

namespace kesher::kit {
namespace {

using contract::Code;
using contract::Failure;
using contract::MessageType;
using contract::Result;

Failure<Refused> refuse(Code code, std::vector<std::string> names = {}) {
    return {Refused{code, std::move(names)}};
}

bool has_groups(MessageType type) {
    return type == MessageType::referral_submitted || type == MessageType::referral_event;
}

bool is_withdrawal(const Message& message) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&message.payload);
    return message.type == MessageType::consent_revoked ||
           (event != nullptr && event->event == contract::ReferralEvent::withdraw);
}

// What ends a referral goes whether or not its recipient has said what it reads, and whether or not we know
// just now who takes part: her withdrawal waits for nobody's adapter and for no answer of the hub.
bool ends_disclosure(const codec::Payload& payload) {
    const auto* event = std::get_if<codec::ReferralEventPayload>(&payload);
    return event != nullptr && (event->event == contract::ReferralEvent::withdraw ||
                                event->event == contract::ReferralEvent::cancel ||
                                event->event == contract::ReferralEvent::mark_error);
}
bool always_goes(const Message& message) { return !message.sealed && ends_disclosure(message.payload); }

std::vector<contract::DataGroup> groups_of(const Message& message) {
    return message.sealed ? message.sealed->groups() : std::vector<contract::DataGroup>{};
}

// Does the payload have room for a sealed part, and must it?
std::optional<Refused> sealed_part_flaw(const Message& message) {
    const bool must = std::holds_alternative<codec::ReferralSubmitted>(message.payload);
    const bool may = must || std::holds_alternative<codec::ReferralEventPayload>(message.payload);
    if (message.sealed ? !may : must) return Refused{Code::payload_invalid, {"sealed"}};
    return std::nullopt;
}

std::optional<Refused> unhonoured_flags(const codec::Safety& safety, const Member& recipient) {
    Refused refused{Code::flag_not_honoured, {}};
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        if (safety.has(flag) && !recipient.honours.has(flag)) {
            refused.names.emplace_back(contract::kSafetyFlags.text(flag));
        }
    }
    if (refused.names.empty()) return std::nullopt;
    return refused;
}

// The codec refuses such a record as well, to write and to read it. Here, at home, whoever wrote the text is
// told which one it is and which flag stands against it.
std::optional<Refused> way_to_reach_her(const codec::Sealed& sealed) {
    const auto flag = codec::silence_of(sealed.safety);
    const auto text = flag ? codec::way_to_reach_in(sealed) : std::nullopt;
    if (!text) return std::nullopt;
    return Refused{Code::payload_invalid,
                   {std::string(contract::kSafetyFlags.text(*flag)), std::string(*text)}};
}

std::optional<Refused> too_little_known(const Message& message) {
    const auto* submitted = std::get_if<codec::ReferralSubmitted>(&message.payload);
    if (submitted == nullptr) return std::nullopt;
    if (submitted->known_by != message.sealed->known_by) return Refused{Code::payload_invalid, {"known_by"}};
    if (message.service && submitted->known_by < contract::least_known_by(*message.service)) {
        return Refused{Code::identity_required,
                       {std::string(contract::kKnownBy.text(contract::least_known_by(*message.service)))}};
    }
    return std::nullopt;
}

std::optional<Refused> not_consented(const Message& message, const contract::OrganisationId& self,
                                     const KnownConsent* consent, contract::Instant at) {
    if (!message.sealed) return std::nullopt;
    const auto groups = groups_of(message);
    if (!message.consent) {
        const bool none_needed = message.basis && contract::needs_no_consent(*message.basis);
        if (none_needed || groups.empty()) return std::nullopt;
        return Refused{Code::consent_missing};
    }
    if (consent == nullptr || consent->id != *message.consent) return Refused{Code::consent_missing};
    const auto code =
        refusal_of(*consent, {self, message.to, message.purpose.value_or(contract::Purpose::referral), groups,
                              contract::day_of(at)});
    if (!code) return std::nullopt;
    Refused refused{*code, {}};
    for (const auto group : groups) {
        if (!consent->groups.has(group)) refused.names.emplace_back(contract::kDataGroups.text(group));
    }
    return refused;
}

// What is wrong with the content, before a byte of it is sealed.
std::optional<Refused> content_flaw(const Message& message, const Member* recipient,
                                    const contract::OrganisationId& self, const KnownConsent* consent,
                                    contract::Instant at) {
    if (auto refused = sealed_part_flaw(message)) return refused;
    if (!message.sealed) return std::nullopt;
    if (auto refused = way_to_reach_her(*message.sealed)) return refused;
    if (auto name = codec::flaw(*message.sealed)) return Refused{Code::payload_invalid, {*std::move(name)}};
    if (auto refused = too_little_known(message)) return refused;
    // Her no first: whoever is told which flag to lower, and asks her, would then ask for nothing.
    if (auto refused = not_consented(message, self, consent, at)) return refused;
    return unhonoured_flags(message.sealed->safety, *recipient);
}

Result<codec::Payload, Refused> with_seal(const Message& message, const Member* recipient,
                                          const contract::OrganisationId& self, contract::Instant at) {
    codec::Payload payload = message.payload;
    if (!message.sealed) return payload;
    const statement::Certificate* key = recipient->keys->seal_to(at);
    if (key == nullptr) return refuse(Code::key_unpinned);
    const auto jwe = statement::seal(*key, {self, message.to, message.id}, codec::encode(*message.sealed));
    if (!jwe) return refuse(jwe.error());
    const contract::ByteView bytes = contract::bytes_of(*jwe);
    const contract::Bytes sealed(bytes.begin(), bytes.end());
    if (auto* submitted = std::get_if<codec::ReferralSubmitted>(&payload)) submitted->sealed = sealed;
    if (auto* event = std::get_if<codec::ReferralEventPayload>(&payload)) event->sealed = sealed;
    return payload;
}

Result<contract::Bytes, Refused> encoded(const codec::Payload& payload, MessageType type) {
    const auto bytes = std::visit(
        [](const auto& record) -> Result<contract::Bytes, Refused> {
            if (auto name = codec::flaw(record)) return refuse(Code::payload_invalid, {*std::move(name)});
            return codec::encode(record);
        },
        payload);
    if (!bytes) return bytes;
    // The hub's own reading: it also finds a record that is not one of this type.
    const auto schema = codec::read_fingerprint(*bytes);
    const auto read = codec::decode_payload(type, schema.value(), *bytes);
    if (!read) return refuse(read.error(), {"payload"});
    return bytes;
}

}  // namespace

contract::MessageId draw_message_id() {
    return contract::MessageId::of_random(statement::random_bytes<16>());
}

namespace {
// None where it is no event of a referral, or does not read back.
std::optional<codec::Payload> event_in(const Written& written) {
    if (written.type != MessageType::referral_event) return std::nullopt;
    const auto submission = codec::decode<codec::Submission>(written.submission);
    if (!submission) return std::nullopt;
    const auto schema = codec::read_fingerprint(submission->payload);
    if (!schema) return std::nullopt;
    auto payload = codec::decode_payload(written.type, *schema, submission->payload);
    if (!payload) return std::nullopt;
    return *std::move(payload);
}
}  // namespace

bool ends_disclosure(const Written& written) {
    const auto payload = event_in(written);
    return payload && ends_disclosure(*payload);
}

bool is_her_withdrawal(const Written& written) {
    if (written.type == MessageType::consent_revoked) return true;
    const auto payload = event_in(written);
    const auto* event = payload ? std::get_if<codec::ReferralEventPayload>(&*payload) : nullptr;
    return event != nullptr && event->event == contract::ReferralEvent::withdraw;
}

Result<Written, Refused> MessageWriter::write(const Message& message, const Directory& directory,
                                              const KnownConsent* consent, contract::Instant at) const {
    const bool to_hub = message.to == contract::OrganisationId::hub();
    const Member* recipient = to_hub ? nullptr : directory.find(message.to);
    if (!to_hub && recipient == nullptr && !always_goes(message)) return refuse(Code::recipient_unknown);
    if (message.sealed && (recipient == nullptr || !recipient->keys)) {
        return refuse(recipient == nullptr ? Code::payload_invalid : recipient->why_not, {"sealed"});
    }
    if (recipient != nullptr && !recipient->declared && !always_goes(message)) {
        return refuse(Code::schema_unknown, {"reads"});
    }
    if (auto refused = content_flaw(message, recipient, self_, consent, at))
        return Failure{*std::move(refused)};

    const auto actor_salt = statement::draw_salt();
    const auto case_salt = statement::draw_salt();
    statement::Statement says{log_, message.id, message.type, self_, message.to, {}, {}};
    says.actor = statement::commit_actor(actor_salt, message.actor.id, message.actor.role);
    if (message.pseudonym) says.case_ = statement::commit_case(case_salt, *message.pseudonym);
    says.referral = message.referral;
    says.service = message.service;
    says.purpose = message.purpose;
    says.basis = message.basis;
    if (has_groups(message.type)) says.groups = groups_of(message);
    says.consent = message.consent;
    says.subject_acts = message.subject_acts;
    says.expected_version = message.expected_version;
    says.in_reply_to = message.in_reply_to;
    if (!statement::fits_contract(says)) return refuse(Code::statement_invalid);

    const auto payload = with_seal(message, recipient, self_, at);
    if (!payload) return Failure{payload.error()};
    const auto bytes = encoded(*payload, message.type);
    if (!bytes) return Failure{bytes.error()};
    says.schema = codec::read_fingerprint(*bytes).value();
    if (recipient != nullptr && !recipient->reads_schema(says.schema) && !always_goes(message)) {
        return refuse(Code::schema_unknown, {"reads"});
    }
    says.digest = statement::sha256(*bytes);

    codec::Submission submission{statement::sign_statement(says, signer_, contract::day_of(at)),
                                 *bytes,
                                 {actor_salt, message.actor.id, message.actor.role, std::nullopt}};
    if (message.pseudonym) submission.case_opening = codec::CaseOpening{case_salt, message.pseudonym};
    return Written{message.id,
                   message.type,
                   message.to,
                   message.referral,
                   message.consent,
                   submission.statement,
                   codec::encode(submission),
                   is_withdrawal(message)};
}

std::optional<Written> MessageWriter::redate(const Written& written, contract::Instant at) const {
    auto submission = codec::decode<codec::Submission>(written.submission);
    if (!submission) return std::nullopt;
    std::vector<statement::Certificate> ours = former_;
    ours.push_back(signer_.certificate());
    const auto verified =
        statement::verify_signature(written.statement, statement::KeyRing{self_, std::move(ours)}, at);
    if (!verified) return std::nullopt;
    const auto said = statement::parse_claims(*verified);
    if (!said) return std::nullopt;
    Written again = written;
    again.statement = statement::sign_statement(said->statement, signer_, contract::day_of(at));
    submission->statement = again.statement;
    again.submission = codec::encode(*submission);
    return again;
}

}  // namespace kesher::kit
