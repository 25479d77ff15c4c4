#include "tests/store/sequencer/world.h"

#include <stdlib.h>

#include <thread>

#include "audit/log/leaf.h"
#include "audit/log/receipt.h"
#include "config/catalogue/catalogue.h"
#include "gateway/identity/cases.h"
#include "gateway/inbox/poll.h"
#include "schemas/codec/records.h"
#include "schemas/codec/schema.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/statement/commitment.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/seal.h"

namespace kesher::tests {

using namespace contract;
using namespace std::chrono_literals;

namespace {

// A Monday, eight in the morning.
constexpr Instant kBegin = Instant{std::chrono::sys_days{std::chrono::year{2027} / 3 / 1}} + 8h;
constexpr std::string_view kWorker = "w-17";
const std::vector<DataGroup> kAgreedGroups{DataGroup::health, DataGroup::debt, DataGroup::identity};

OrganisationId organisation(std::string_view text) { return OrganisationId::parse(text).value(); }
OfficerId officer(std::string_view text) { return OfficerId::parse(text).value(); }

std::filesystem::path fresh_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kesher-world-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for the keys");
    return pattern;
}

keys::KeyDirectory fresh_keys(const std::filesystem::path& folder) {
    const keys::KeyDirectoryPlace place{folder / "keys", std::nullopt};
    const auto made = keys::create_key_directory(place, {std::string(World::kHub)}, kBegin);
    if (!made) throw std::runtime_error(made.error().sentence);
    auto opened = keys::KeyDirectory::open(place);
    if (!opened) throw std::runtime_error(opened.error().sentence);
    return *std::move(opened);
}

store::ConnectionSettings as_hub(const FreshDatabase& database) { return {.conninfo = database.hub()}; }

template <class Enum, std::size_t N>
std::vector<Enum> by_spelling(const ClosedList<Enum, N>& list, std::vector<Enum> words) {
    std::sort(words.begin(), words.end(), [&](Enum a, Enum b) { return list.text(a) < list.text(b); });
    return words;
}

[[noreturn]] void refused(std::string_view what, Code code) {
    throw std::runtime_error(std::string(what) + ": " + std::string(text(code)));
}

}  // namespace

World::World()
    : department(organisation("ssd-5000"), OrganisationKind::public_body, kBegin),
      health(organisation("health"), OrganisationKind::public_body, kBegin),
      nii(organisation("nii"), OrganisationKind::public_body, kBegin),
      housing(organisation("housing"), OrganisationKind::public_body, kBegin),
      clock_(kBegin.time_since_epoch().count()),
      folder_(fresh_folder()),
      keys_(fresh_keys(folder_)),
      row_keys_(keys_.lookup_key()),
      sealed_store_(keys_.store_keys()),
      claim_codes_(keys_.claim_key()),
      signer_(log::NoteSigner::from_seed(std::string(kOrigin), log::NoteKeyType::ed25519,
                                         keys_.log_seed().reveal())
                  .value()),
      log_(telemetry::Level::debug,
           [this](std::string_view line) {
               const std::scoped_lock hold(log_mutex_);
               log_lines_.emplace_back(line);
           }),
      readers_(as_hub(database_), sequencer::all_statements(), 2),
      superuser_(
          std::make_unique<store::Connection>(store::ConnectionSettings{.conninfo = database_.superuser()},
                                              std::span<const store::Statement>{})) {
    start();
    for (Body* body : {&department, &health, &nii, &housing}) enrol(*body);
    with_health_ = make_agreement(health, department, kAgreedGroups);
    (void)make_agreement(nii, department, kAgreedGroups);
}

World::~World() {
    stop();
    std::filesystem::remove_all(folder_);
}

sequencer::Means World::means() {
    return {row_keys_, sealed_store_, keys_.signer(), std::string(kOrigin), spread_, refusals_};
}

sequencer::SequencerSettings World::settings() {
    return {.database = as_hub(database_),
            .queue_requests = queue_requests,
            .checkpoint_file = checkpoint_file(),
            .on_arrival = {},
            .now = [this] { return now(); }};
}

std::unique_ptr<sequencer::Sequencer> World::another_sequencer() {
    return std::make_unique<sequencer::Sequencer>(settings(), means(), signer_,
                                                  catalogue::built_in_catalogue(), log_, metrics_);
}

void World::start() { sequencer_ = another_sequencer(); }

Instant World::now() const { return Instant{std::chrono::milliseconds{clock_.load()}}; }
void World::set_clock(Instant at) { clock_ = at.time_since_epoch().count(); }

void World::run(const std::shared_ptr<sequencer::Request>& request) {
    pass(1ms);
    const sequencer::Answer answer = hub().run(request);
    if (answer.code) refused("the hub refused a step of the beginning", *answer.code);
}

identity::Caller World::caller(const Body& body) const {
    auto known = identity::identify(hex(body.tls_certificate().view()), sequencer_->registry());
    if (!known) refused("no such caller", known.error());
    return *std::move(known);
}

void World::enrol(Body& body) {
    const auto token = statement::sha256(statement::random_bytes<16>());
    run(std::make_shared<identity::AddOrganisation>(
        identity::Asker{}, identity::AddOrganisation::Order{body.id(), body.kind(), token,
                                                            now() + std::chrono::hours{24}, false}));
    const auto enrol = std::make_shared<identity::Enrol>(body.enrolment(token, std::string(kHub), now()),
                                                         keys_.authority(), std::string(kHub), "{}");
    run(enrol);
    const auto answer = json::read(enrol->answer()).value();
    json::Object members(answer);
    body.enrolled(statement::Certificate::from_pem(members.text("certificate")).value().thumbprint());
    run(std::make_shared<identity::ChangeStatus>(identity::Asker{}, body.id(), OrganisationStatus::active,
                                                 body.root_pin()));
    put_officer(body, kWorker, {OfficerRole::social_worker, OfficerRole::caseworker},
                today() + std::chrono::days{300});
}

Digest World::act(const Body& by, const statement::Agreement& agreement) {
    auto document = by.sign(agreement, now());
    const Digest digest = statement::sha256(document.jws);
    run(std::make_shared<identity::ActOnAgreement>(identity::asker(caller(by)), std::move(document)));
    return digest;
}

statement::Agreement World::make_agreement(const Body& first, const Body& second,
                                           std::vector<DataGroup> groups) {
    const bool in_order = first.id() < second.id();
    const Body& low = in_order ? first : second;
    const Body& high = in_order ? second : first;
    statement::Agreement terms{.id = keys::new_id<AgreementId>(),
                               .act = statement::AgreementAct::propose,
                               .first = low.id(),
                               .second = high.id(),
                               .types = {MessageType::eligibility_answered, MessageType::eligibility_asked,
                                         MessageType::referral_event, MessageType::referral_submitted},
                               .purposes = {Purpose::benefit_claim, Purpose::referral, Purpose::treatment},
                               .groups = by_spelling(kDataGroups, std::move(groups)),
                               .from = today(),
                               .to = today() + std::chrono::days{365},
                               .first_root = low.root_pin(),
                               .second_root = high.root_pin(),
                               .role = OfficerRole::legal_adviser,
                               .approver = officer("legal-1")};
    terms.proposal = act(low, terms);
    terms.act = statement::AgreementAct::approve;
    for (const Body* by : {&low, &high}) {
        for (const OfficerRole role : {OfficerRole::legal_adviser, OfficerRole::security_officer}) {
            terms.role = role;
            terms.approver = officer(role == OfficerRole::legal_adviser ? "legal-1" : "security-1");
            (void)act(*by, terms);
        }
    }
    return terms;
}

void World::renew_agreement(std::vector<DataGroup> groups) {
    with_health_->act = statement::AgreementAct::end;
    (void)act(department, *with_health_);
    with_health_ = make_agreement(health, department, std::move(groups));
}

void World::set_status(const Body& body, OrganisationStatus status) {
    run(std::make_shared<identity::ChangeStatus>(identity::Asker{}, body.id(), status, body.root_pin()));
}

void World::put_officer(const Body& body, std::string_view id, std::vector<OfficerRole> roles, Day training) {
    run(officer_order(body, officer_entry(body, id, std::move(roles), training)));
}

statement::OfficerEntry World::officer_entry(const Body& body, std::string_view id,
                                             std::vector<OfficerRole> roles, Day training) const {
    return {body.id(), std::string(kOrigin), officer(id), now(), std::move(roles), training};
}

std::shared_ptr<identity::PutOfficer> World::officer_order(const Body& body,
                                                           const statement::OfficerEntry& entry) const {
    auto order = identity::read_officer_order(
        caller(body), statement::sign_officer_entry(entry, body.signer()), kOrigin, now());
    if (!order) refused("no such entry", order.error());
    return std::make_shared<identity::PutOfficer>(identity::asker(caller(body)), entry.officer,
                                                  *std::move(order));
}

void World::lose_session() {
    as_superuser(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
}

void World::name_actor(Message& message, std::string_view id, OfficerRole role) {
    message.actor = {.salt = statement::draw_salt(), .id = officer(id), .role = role};
    message.says.actor = statement::commit_actor(message.actor.salt, *message.actor.id, role);
}

Message World::message(const Body& from, MessageType type, const OrganisationId& to, std::string_view schema,
                       Bytes payload, const Pseudonym& woman) const {
    Message message{.says = {.log = std::string(kOrigin),
                             .id = keys::new_id<MessageId>(),
                             .type = type,
                             .from = from.id(),
                             .to = to,
                             .schema = codec::newest_schema(schema).fingerprint,
                             .digest = statement::sha256(payload)},
                    .payload = std::move(payload),
                    .iat = today(),
                    .actor = {}};
    name_actor(message, kWorker, OfficerRole::social_worker);
    message.case_opening = codec::CaseOpening{statement::draw_salt(), woman};
    message.says.case_ = statement::commit_case(message.case_opening->salt, woman);
    return message;
}

Message World::consent(const Body& from, const Pseudonym& woman, const Body& to, const ConsentId& id,
                       const Terms& terms) const {
    const catalogue::Notice* notice =
        catalogue::built_in_catalogue().newest_notice(terms.purposes.front(), Language::he);
    codec::ConsentGiven given{
        .state = terms.state,
        .notice = {notice->id, static_cast<std::int32_t>(notice->version), statement::sha256(notice->text)},
        .language = Language::he,
        .explained_by = officer(kWorker),
        .explained_at = today(),
        .form_sha256 = terms.form.value_or(statement::sha256(statement::random_bytes<32>())),
        .discloser = terms.discloser.value_or(from.id()),
        .recipient = to.id(),
        .purposes = by_spelling(kPurposes, terms.purposes),
        .groups = by_spelling(kDataGroups, terms.groups),
        .direction = terms.direction,
        .services = by_spelling(kServices, terms.services),
        .valid_from = today(),
        .valid_to = today() + terms.lasting,
        .legal_basis = LegalBasis::written_consent_explained,
        .withdrawal_method = {codec::WithdrawalMethod::claim_code},
        .retention = 365,
        .harm_veto = terms.harm_veto};
    Message sent = message(from, MessageType::consent_given, OrganisationId::hub(), "ConsentGiven",
                           codec::encode(given), woman);
    sent.says.consent = id;
    return sent;
}

Message World::revocation(const Body& from, const Pseudonym& woman, const ConsentId& consent) const {
    codec::ConsentRevoked revoked;
    revoked.occurred_on = today();
    Message sent = message(from, MessageType::consent_revoked, OrganisationId::hub(), "ConsentRevoked",
                           codec::encode(revoked), woman);
    sent.says.consent = consent;
    return sent;
}

Message World::revocation_acked(const Body& from, const ConsentId& consent, const MessageId& notice) const {
    codec::ConsentRevocationAcked acked;
    acked.occurred_on = today();
    acked.effect = codec::RevocationEffect::deleted;
    // In reply to a notice that names the consent, so it opens no case.
    Message sent = message(from, MessageType::consent_revocation_acked, OrganisationId::hub(),
                           "ConsentRevocationAcked", codec::encode(acked), keys::new_pseudonym());
    sent.case_opening.reset();
    sent.says.case_.reset();
    if (&from != &department) name_actor(sent, kWorker, OfficerRole::caseworker);
    sent.says.consent = consent;
    sent.says.in_reply_to = notice;
    return sent;
}

MessageId World::message_in(const codec::Delivery& delivery) {
    const std::size_t begin = delivery.statement.find('.') + 1;
    const auto claims =
        from_base64url(delivery.statement.substr(begin, delivery.statement.rfind('.') - begin)).value();
    return MessageId::parse(*json::read(text_of(claims)).value().find("id")->text()).value();
}

Message World::draft(const Body& from, const Pseudonym& woman, const Body& to, const ReferralId& id) const {
    codec::Draft draft{.service = Service::hlt_trauma, .recipient = to.id()};
    draft.purposes = {usual_purpose(draft.service)};
    draft.groups = {DataGroup::health};
    Message sent = message(from, MessageType::referral_event, OrganisationId::hub(), "Draft",
                           codec::encode(draft), woman);
    sent.says.referral = id;
    sent.says.purpose = usual_purpose(draft.service);
    sent.says.basis = LegalBasis::written_consent_explained;
    sent.says.groups = {DataGroup::health};
    return sent;
}

Bytes World::sealed_for(const Body& from, const Body& to, const MessageId& id, KnownBy known_by) const {
    codec::Sealed sealed;
    sealed.known_by = known_by;
    if (known_by == KnownBy::identified) {
        sealed.identity = codec::Identity{.id_number = "000000018"};
    } else {
        sealed.other(DataGroup::health) = codec::Particulars{.text = "what she asked to be passed on"};
    }
    const auto jwe =
        statement::seal(to.sealing_certificate(), {from.id(), to.id(), id}, codec::encode(sealed));
    const ByteView bytes = bytes_of(jwe.value());
    return {bytes.begin(), bytes.end()};
}

Message World::referral(const Body& from, const Pseudonym& woman, const Body& to,
                        const Referred& referred) const {
    Message sent = message(from, MessageType::referral_submitted, to.id(), "ReferralSubmitted", {}, woman);
    codec::ReferralSubmitted payload;
    payload.known_by = least_known_by(referred.service);
    payload.priority = referred.priority;
    payload.occurred_on = today();
    payload.sealed = sealed_for(from, to, sent.says.id, payload.known_by);
    sent.payload = codec::encode(payload);
    sent.says.digest = statement::sha256(sent.payload);
    sent.says.referral = referred.id;
    sent.says.service = referred.service;
    sent.says.purpose = usual_purpose(referred.service);
    sent.says.basis = LegalBasis::written_consent_explained;
    sent.says.groups = {payload.known_by == KnownBy::identified ? DataGroup::identity : DataGroup::health};
    sent.says.consent = referred.consent;
    return sent;
}

Message World::with_payload_of(std::size_t bytes, Message referral) {
    constexpr std::string_view kForm = "A..A.A.";  // of a compact JWE
    auto payload = codec::decode<codec::ReferralSubmitted>(referral.payload).value();
    payload.sealed.assign(bytes, 'A');
    std::copy(kForm.begin(), kForm.end(), payload.sealed.begin());
    payload.sealed.resize(bytes - (codec::encode(payload).size() - bytes));
    referral.payload = codec::encode(payload);
    if (referral.payload.size() != bytes) throw std::logic_error("no payload has this size");
    referral.says.digest = statement::sha256(referral.payload);
    return referral;
}

Message World::event(const Body& from, const Pseudonym& woman, const Body& to, const Referred& referred,
                     ReferralEvent event) const {
    codec::ReferralEventPayload payload;
    payload.event = event;
    payload.occurred_on = today();
    if (event == ReferralEvent::decline) payload.reason = Reason::no_capacity;
    if (event == ReferralEvent::mark_error) payload.reason = Reason::wrong_case;
    if (event == ReferralEvent::hold) payload.reason = Reason::docs_missing;
    if (event == ReferralEvent::cancel) payload.reason = Reason::no_longer_needed;
    if (event == ReferralEvent::complete) payload.outcome = Outcome::provided;
    Message sent =
        message(from, MessageType::referral_event, to.id(), "ReferralEvent", codec::encode(payload), woman);
    if (&from != &department) name_actor(sent, kWorker, OfficerRole::caseworker);
    sent.says.referral = referred.id;
    sent.says.purpose = usual_purpose(referred.service);
    sent.says.basis = LegalBasis::written_consent_explained;
    sent.says.groups = std::vector<DataGroup>{};
    sent.says.subject_acts = event == ReferralEvent::withdraw;
    return sent;
}

Result<std::shared_ptr<sequencer::MessageRequest>, Code> World::read(const Body& from,
                                                                     const codec::Submission& submission) {
    const identity::ReadingMeans means{row_keys_, sealed_store_, readers_, std::string(kOrigin)};
    auto incoming = identity::read_submission(submission, caller(from), means, now());
    if (!incoming) return Failure{incoming.error()};
    identity::find_subject(*incoming, submission, means);
    return std::make_shared<sequencer::MessageRequest>(*std::move(incoming), row_keys_, refusals_);
}

sequencer::Answer World::send(const Body& from, const codec::Submission& submission) {
    pass(1ms);
    const auto request = read(from, submission);
    if (request) return hub().run(*request);
    sequencer::Answer answer;
    answer.code = request.error();
    return answer;
}

sequencer::Answer World::must_send(const Body& from, const Message& message) {
    sequencer::Answer answer = send(from, message);
    if (answer.code) refused(kMessageTypes.text(message.says.type), *answer.code);
    return answer;
}

Pseudonym World::open_case(const Body& body) {
    const identity::NewCase fresh{{keys::new_case_id(), keys::new_subject_key(), keys::new_pseudonym()},
                                  claim_codes_.stored(keys::new_claim_code())};
    const std::string order =
        statement::sign_case_order({.organisation = body.id(),
                                    .log = std::string(kOrigin),
                                    .at = now(),
                                    .id = keys::new_id<RequestId>(),
                                    .officer = {officer(kWorker), OfficerRole::social_worker},
                                    .door = Door::department},
                                   body.signer());
    const auto open = std::make_shared<identity::OpenCase>(
        caller(body), identity::read_case_order(caller(body), order, kOrigin, now()).value(), fresh,
        row_keys_);
    run(open);
    return open->pseudonym().value();
}

void World::renew_claim_code(const Body& body, const Pseudonym& woman) {
    const std::string order =
        statement::sign_claim_code_order({.organisation = body.id(),
                                          .log = std::string(kOrigin),
                                          .at = now(),
                                          .pseudonym = woman,
                                          .officer = {officer(kWorker), OfficerRole::social_worker}},
                                         body.signer());
    const Digest lookup = row_keys_.lookup(body.id(), woman);
    const auto row = readers_.with(
        [&](store::Connection& connection) { return store::pseudonym(connection, body.id(), lookup); });
    run(std::make_shared<identity::RenewClaimCode>(
        caller(body), woman, identity::read_claim_code_order(caller(body), order, kOrigin, now()).value(),
        sealed_store_.open_case(body.id(), lookup, row.value().sealed),
        claim_codes_.stored(keys::new_claim_code()), row_keys_));
}

ConsentId World::agree(const Pseudonym& woman, const Body& to, const Terms& terms) {
    const auto id = keys::new_id<ConsentId>();
    (void)must_send(department, consent(department, woman, to, id, terms));
    return id;
}

Referred World::refer(const Pseudonym& woman, const Body& to, const ConsentId& consent, Service service) {
    const Referred referred{keys::new_id<ReferralId>(), consent, service};
    (void)must_send(department, referral(department, woman, to, referred));
    return referred;
}

std::vector<codec::Delivery> World::poll(const Body& body, std::size_t limit) {
    inbox::Arrivals arrivals;  // nobody waits here
    inbox::Look found = inbox::look({hub(), readers_, sealed_store_, arrivals}, body.id(), limit);
    if (found.code) refused("a poll", *found.code);
    return std::move(found.batch.deliveries);
}

inbox::AckAnswer World::acknowledge(const Body& body, const codec::Delivery& delivery, AckOutcome outcome,
                                    std::optional<Code> code) {
    const auto index = log::parse_receipt(delivery.receipt).value().index;
    statement::Ack ack{delivery.delivery, index, outcome, code};
    if (outcome == AckOutcome::taken) ack.native = statement::sha256("receipt of the native system");
    const std::string jws = body.sign(statement::Acks{std::string(kOrigin), {ack}}, now());
    auto verified = statement::verify_acks(jws, {kOrigin, *caller(body).organisation().keys, now()});
    auto known = readers_.with(
        [&](store::Connection& connection) { return inbox::acked_deliveries(connection, *verified); });
    const auto request = std::make_shared<inbox::Acknowledge>(body.id(), caller(body).certificate,
                                                              *std::move(verified), std::move(known));
    const auto answer = hub().run(request);
    if (answer.code) refused("an acknowledgement", *answer.code);
    return request->answers().at(0);
}

std::vector<Leaf> World::leaves() {
    std::vector<Leaf> all;
    for (const store::Row row : superuser_->query("SELECT idx, data FROM log_entry ORDER BY idx")) {
        const auto leaf = log::split_leaf(text_of(row.view(1))).value();
        all.push_back({LeafIndex{static_cast<std::uint64_t>(row.bigint(0))}, leaf.statement,
                       log::parse_record(leaf.record).value()});
    }
    return all;
}

Standing World::standing(const ReferralId& id) {
    const auto rows =
        superuser_->query("SELECT state, version, updates_stopped FROM referral WHERE id = $1::uuid",
                          store::Parameters{}.uuid(id.bytes()));
    const store::Row row = rows.only();
    return {kReferralStates.parse(row.text(0)).value(), static_cast<std::uint32_t>(row.bigint(1)),
            row.boolean(2)};
}

std::int64_t World::count(const std::string& from_where) {
    return superuser_->query("SELECT count(*) FROM " + from_where).only().bigint(0);
}

void World::as_superuser(const std::string& sql) { superuser_->script(sql); }

std::vector<std::string> World::operator_log() const {
    const std::scoped_lock hold(log_mutex_);
    return log_lines_;
}

}  // namespace kesher::tests
