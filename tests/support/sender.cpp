#include "tests/support/sender.h"

#include <stdexcept>

#include "config/catalogue/catalogue.h"
#include "schemas/codec/payload.h"
#include "schemas/codec/records.h"
#include "schemas/statement/commitment.h"
#include "schemas/statement/hash.h"

namespace kesher::tests {
namespace {

using namespace contract;

Instant moment() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

template <class T>
T usable(kit::Usable<T> opened) {
    if (!opened) throw std::runtime_error(opened.error().sentence);
    return *std::move(opened);
}

Day this_day() {
    return day_of(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

// Of the form of a compact JWE for an agreed key: five parts, the second empty.
std::string like_jwe(std::size_t size) {
    std::string text;
    while (text.size() < size) text += base64url(statement::random_bytes<96>());
    text.resize(size);
    for (const std::size_t dot : {size / 4, size / 4 + 1, size / 4 + 18, size - 23}) text[dot] = '.';
    return text;
}

// Two bytes of length stand before the text from 64 to 8,191 bytes on.
Bytes payload_of(Day day, std::size_t size) {
    constexpr std::string_view kLeast = "a..a.a.a";
    codec::ReferralSubmitted payload;
    payload.occurred_on = day;
    payload.sealed.assign(kLeast.begin(), kLeast.end());
    const std::size_t clear = codec::encode(payload).size() - kLeast.size() + 1;
    const std::string text = like_jwe(size - clear);
    payload.sealed.assign(text.begin(), text.end());
    Bytes bytes = codec::encode(payload);
    if (bytes.size() != size) throw std::logic_error("no payload has this size");
    return bytes;
}

}  // namespace

Sender::Sender(const std::string& folder, const std::string& officer)
    : folder_(folder),
      keys_(usable(kit::OrganisationKeys::open(folder, statement::Plain{}))),
      pins_(usable(kit::open_hub_pins(folder))),
      tls_(usable(kit::open_tls_identity(folder))),
      officer_(OfficerId::parse(officer).value()),
      today_(this_day()) {}

statement::Statement Sender::says(MessageType type, const OrganisationId& to) const {
    return {pins_.log_origin(), drawn<MessageId>(), type, keys_.organisation(), to, {}, {}};
}

statement::CaseOrder Sender::case_wish() const {
    return {.organisation = keys_.organisation(),
            .log = pins_.log_origin(),
            .at = moment(),
            .id = drawn<RequestId>(),
            .officer = {officer_, OfficerRole::social_worker},
            .door = Door::department};
}

std::string Sender::claim_code_order(const Pseudonym& woman) const {
    return statement::sign_claim_code_order({.organisation = keys_.organisation(),
                                             .log = pins_.log_origin(),
                                             .at = moment(),
                                             .pseudonym = woman,
                                             .officer = {officer_, OfficerRole::social_worker}},
                                            signer());
}

codec::ConsentGiven Sender::consent_record(const OrganisationId& recipient) const {
    const auto* notice = catalogue::built_in_catalogue().newest_notice(Purpose::treatment, Language::he);
    codec::ConsentGiven given{.discloser = keys_.organisation(), .recipient = recipient};
    given.notice = {notice->id, static_cast<std::int32_t>(notice->version), statement::sha256(notice->text)};
    given.language = Language::he;
    given.explained_by = officer_;
    given.explained_at = today_;
    given.form_sha256 = statement::sha256(statement::random_bytes<16>());
    given.purposes = {Purpose::status_feedback, Purpose::treatment};
    given.groups = {DataGroup::health};
    given.direction = Direction::both;
    given.services = {Service::hlt_trauma};
    given.valid_from = today_;
    given.valid_to = today_ + std::chrono::days{90};
    given.legal_basis = LegalBasis::written_consent_explained;
    given.withdrawal_method = {codec::WithdrawalMethod::claim_code};
    given.retention = 365;
    return given;
}

Draft Sender::consent(const Pseudonym& woman, const ConsentId& id, const codec::ConsentGiven& record) const {
    Draft draft{says(MessageType::consent_given, OrganisationId::hub()), codec::encode(record), woman};
    draft.says.consent = id;
    return draft;
}

Draft Sender::referral(const Pseudonym& woman, const OrganisationId& recipient, const ConsentId& consent,
                       std::size_t payload_bytes) const {
    Draft draft{says(MessageType::referral_submitted, recipient), payload_of(today_, payload_bytes), woman};
    draft.says.referral = drawn<ReferralId>();
    draft.says.service = Service::hlt_trauma;
    draft.says.purpose = Purpose::treatment;
    draft.says.basis = LegalBasis::written_consent_explained;
    draft.says.groups = {DataGroup::health};
    draft.says.consent = consent;
    return draft;
}

codec::Submission Sender::sign(const Draft& draft) const {
    Draft whole = draft;
    whole.says.schema = codec::read_fingerprint(draft.payload).value();
    whole.says.digest = statement::sha256(draft.payload);
    return sign_as_it_is(whole, today_);
}

codec::Submission Sender::sign_as_it_is(const Draft& draft, Day iat) const {
    const auto actor_salt = statement::draw_salt();
    const auto case_salt = statement::draw_salt();
    statement::Statement says = draft.says;
    says.actor = statement::commit_actor(actor_salt, officer_, draft.role);
    says.case_ = statement::commit_case(case_salt, draft.woman);
    codec::Submission submission{statement::sign_statement(says, keys_.signer(), iat),
                                 draft.payload,
                                 {actor_salt, officer_, draft.role, std::nullopt}};
    submission.case_opening = codec::CaseOpening{case_salt, draft.woman};
    return submission;
}

}  // namespace kesher::tests
