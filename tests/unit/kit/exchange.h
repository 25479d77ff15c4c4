// Two bodies, a hub and its log on a table: real keys, real signatures, a real tree; no network, no clock.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "adapters/kit/delivery_gate.h"
#include "adapters/kit/journal.h"
#include "adapters/kit/message_writer.h"
#include "audit/log/checkpoint.h"
#include "audit/log/leaf.h"
#include "audit/log/receipt.h"
#include "audit/merkle/tree.h"
#include "schemas/json/writer.h"
#include "schemas/statement/hash.h"
#include "tests/unit/statement/parties.h"

namespace kesher::kit::table {

using namespace contract;
using namespace std::chrono_literals;
using statement::kNow;
using statement::kToday;
using statement::organisation;
using statement::party;
using statement::Party;

inline constexpr std::string_view kOrigin = "hub.example/log";

inline std::array<std::uint8_t, 32> seed(std::uint8_t fill) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(fill);
    return bytes;
}
inline log::NoteSigner log_signer(std::uint8_t fill = 7) {
    return log::NoteSigner::from_seed(std::string(kOrigin), log::NoteKeyType::ed25519, seed(fill)).value();
}

// A log of at most 255 leaves.
class SmallLog {
public:
    explicit SmallLog(std::uint8_t key = 7) : signer_(log_signer(key)) {}
    [[nodiscard]] const log::NoteKey& key() const { return signer_.key(); }
    [[nodiscard]] TreeSize size() const { return tree_.size(); }

    Receipted append(const std::optional<std::string>& statement, const log::Record& record) {
        const std::string text = log::leaf_text(statement, record).value();
        const LeafIndex index = tree_.append(log::leaf_hash(text));
        return {index, text, receipt(index)};
    }
    void grow(int leaves) {
        for (int i = 0; i < leaves; ++i) {
            tree_.append(log::leaf_hash("filler " + std::to_string(number(size())) + mark_));
        }
    }
    void mark(std::string text) { mark_ = std::move(text); }  // what follows differs from another log's
    [[nodiscard]] std::string note(TreeSize size) {
        return log::sign({std::string(kOrigin), size, tree_.root_at(size)}, signer_);
    }
    [[nodiscard]] std::string note() { return note(size()); }
    [[nodiscard]] std::string add_checkpoint(TreeSize old) {
        std::string body = "old " + std::to_string(number(old)) + "\n";
        if (old <= size()) {
            for (const Digest& hash : tree_.prove_consistency(old, size()))
                body += base64(hash.view()) + "\n";
        }
        return body + "\n" + note();
    }

private:
    std::string receipt(LeafIndex index) {
        return log::write(log::Receipt{{}, index, tree_.prove_inclusion(index, size()), note()});
    }
    log::NoteSigner signer_;
    merkle::Tree tree_{
        [](std::uint8_t, std::uint64_t) -> Bytes { throw std::logic_error("too many leaves"); }};
    std::string mark_;
};

// Drawing keys is what these tests would spend their time on: a body's own are drawn once a process.
inline const Party& known_party(const std::string& name) {
    static std::map<std::string, Party> drawn;
    const auto found = drawn.find(name);
    return found != drawn.end() ? found->second : drawn.emplace(name, party(name)).first->second;
}

inline Party hub_party() {
    const auto key = statement::PrivateKey::generate(statement::KeyKind::p256);
    const auto id = OrganisationId::hub();
    return Party{id,
                 statement::Issuer::make(key, statement::issue_root(key, id, statement::kRootLife)).value()};
}

inline const Party& known_hub() {
    static const Party drawn = hub_party();
    return drawn;
}

inline std::string key_list(const Party& body, std::int64_t serial = 1) {
    return statement::sign_key_list({body.id, serial, {body.signing}, {body.encryption}, kNow + 24h * 30},
                                    body.root_signer(), kToday);
}

// What a writer writes: the records that these tests send.
inline std::vector<SchemaFingerprint> common_schemas() {
    codec::ReferralSubmitted submitted;
    const auto jwe = bytes_of("eyJhbGciOiJFQ0RILUVTIn0..AAAAAAAAAAAAAAAA.c2VhbGVk.AAAAAAAAAAAAAAAAAAAAAA");
    submitted.sealed.assign(jwe.begin(), jwe.end());
    std::vector<SchemaFingerprint> schemas{
        codec::read_fingerprint(codec::encode(codec::ConsentRevoked{})).value(),
        codec::read_fingerprint(codec::encode(submitted)).value(),
        codec::read_fingerprint(codec::encode(codec::ReferralEventPayload{})).value()};
    std::sort(schemas.begin(), schemas.end());
    return schemas;
}
inline constexpr auto kEveryFlag = WordSet<SafetyFlag>::up_to(SafetyFlag::address_confidential);

inline std::string profile_of(const Party& body, WordSet<SafetyFlag> honours = kEveryFlag,
                              statement::ProfilePlace place = {1, 1},
                              std::vector<SchemaFingerprint> reads = common_schemas()) {
    return statement::sign_profile({body.id, std::string(kOrigin), place, std::move(reads), honours},
                                   body.signer(), kToday);
}

struct Entry {
    const Party& body;
    std::string keys;
    std::string profile = profile_of(body);  // none where empty
};
inline std::string organisations_json(const std::vector<Entry>& entries) {
    json::Writer writer;
    writer.open_object().text("at", contract::text(kNow)).open_array("organisations");
    for (const Entry& entry : entries) {
        writer.open_object()
            .text("id", entry.body.id.text())
            .text("kind", "PUBLIC_BODY")
            .text("status", "active");
        writer.open_object("names")
            .text("he", "לשכה")
            .close()
            .open_array("services")
            .text("HLT-PHYS")
            .close();
        // What the hub says beside the document, and nobody relies on: everything.
        writer.open_array("reads");
        for (const auto schema : common_schemas()) writer.text(contract::text(schema));
        writer.close().open_array("honours");
        for (const auto word : kSafetyFlags.words) writer.text(word);
        writer.close().text("keys", entry.keys).text("root", entry.body.root().pem());
        if (!entry.profile.empty()) writer.text("profile", entry.profile);
        writer.close();
    }
    return writer.close().close().take();
}

template <class Id>
Id id(std::uint8_t fill) {
    std::array<std::uint8_t, 16> bytes{};
    bytes.fill(fill);
    return Id::of_random(bytes);
}
inline Pseudonym pseudonym(std::uint8_t fill) {
    std::array<std::uint8_t, 10> bytes{};
    bytes.fill(fill);
    return Pseudonym::of_random(bytes);
}

// What a worker of ssd-5000 asks of health: she comes by herself, her state of health is told.
inline codec::Sealed plain_sealed() {
    codec::Sealed sealed;
    sealed.need = "ליווי לבדיקה";
    sealed.other(DataGroup::health) = codec::Particulars{"after an operation", {}};
    return sealed;
}
inline Message referral(const Party& to, std::uint8_t number = 1) {
    Message message{id<MessageId>(number),
                    MessageType::referral_submitted,
                    to.id,
                    {OfficerId::parse("worker.17").value(), OfficerRole::envelope_sw},
                    codec::ReferralSubmitted{KnownBy::presents, Priority::routine, Language::he, kToday, {}}};
    message.sealed = plain_sealed();
    message.pseudonym = pseudonym(1);
    message.referral = id<ReferralId>(number);
    message.service = Service::hlt_phys;
    message.purpose = Purpose::treatment;
    message.basis = LegalBasis::written_consent_explained;
    message.consent = id<ConsentId>(1);
    return message;
}
inline KnownConsent consent(const Party& from, const Party& to) {
    KnownConsent known{id<ConsentId>(1), from.id, to.id};
    known.purposes = {Purpose::treatment, Purpose::status_feedback};
    known.groups = {DataGroup::health, DataGroup::contact};
    known.direction = Direction::both;
    known.valid_from = kToday;
    known.valid_to = kToday + std::chrono::days{30};
    return known;
}

struct Exchange {
    Party sender = known_party("ssd-5000");
    Party recipient = known_party("health");
    Party hub = known_hub();
    SmallLog log;
    Pins pins{{sender.id, {sender.root().key().spki_sha256(), 1}},
              {recipient.id, {recipient.root().key().spki_sha256(), 1}}};
    std::string organisations =
        organisations_json({{sender, key_list(sender)}, {recipient, key_list(recipient)}});
    Directory directory = Directory::read(organisations, pins, kOrigin, kNow).value();
    statement::KeyRing hub_ring{OrganisationId::hub(), {hub.signing}};
    MessageWriter writer{sender.id, std::string(kOrigin), sender.signer()};

    [[nodiscard]] statement::OpeningKeys opening(const Party& body) const {
        statement::OpeningKeys keys;
        if (!keys.add(body.encryption_key, body.encryption)) throw std::logic_error("not its key");
        return keys;
    }
    [[nodiscard]] Written written(const Message& message) const {
        const KnownConsent known = consent(sender, recipient);
        auto made = writer.write(message, directory, &known, kNow);
        if (!made) throw std::logic_error("not written: " + std::string(contract::text(made.error().code)));
        return *std::move(made);
    }
    // What the hub's own revocation notice looks like.
    [[nodiscard]] std::pair<std::string, Bytes> notice(const ConsentId& ended,
                                                       std::uint8_t number = 0x77) const {
        const Bytes payload = codec::encode(codec::ConsentRevoked{kToday});
        statement::Statement says{
            std::string(kOrigin),      id<MessageId>(number), MessageType::consent_revoked,
            OrganisationId::hub(),     recipient.id,          codec::read_fingerprint(payload).value(),
            statement::sha256(payload)};
        says.consent = ended;
        return {statement::sign_statement(says, hub.signer(), kToday), payload};
    }
};

// A release as the hub logs it; a test changes one fact of it.
struct Release {
    std::string statement;
    Bytes payload;
    MessageId message;
    std::optional<ReferralId> referral{};
    OrganisationId recipient;
    DeliveryId delivery = id<DeliveryId>(9);
    int attempt = 1;
    Instant at = kNow;
    log::RecordEvent event = log::RecordEvent::released;
    log::Decision decision = log::Decision::permit;

    [[nodiscard]] log::Record record() const {
        log::Record record;
        record.at = at;
        record.event = event;
        record.actor_type = log::ActorType::system;
        record.operation = log::Word::of("release");
        record.decision = decision;
        record.message = message;
        record.statement = statement::sha256(statement);
        record.referral = referral;
        record.recipient = recipient;
        record.facts.add("delivery", delivery.text()).add("attempt", attempt);
        return record;
    }
};
inline Release release_of(const Written& written) {
    const auto submission = codec::decode<codec::Submission>(written.submission).value();
    return {written.statement, submission.payload, written.id, written.referral, written.to};
}
inline codec::Delivery delivered(SmallLog& log, const Release& release) {
    const Receipted proof = log.append(std::nullopt, release.record());
    return {release.delivery, release.statement, release.payload, pseudonym(2), 1,
            release.attempt,  release.at + 60s,  proof.leaf,      proof.receipt};
}

// A folder of its own, gone with the test.
class Folder {
public:
    Folder()
        : path_((std::filesystem::is_directory("/dev/shm") ? std::filesystem::path("/dev/shm")
                                                           : std::filesystem::temp_directory_path()) /
                ("kesher-kit-" + hex(statement::random_bytes<8>()))) {
        std::filesystem::create_directories(path_);
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline JournalOwner owner(std::string_view organisation_id) {
    return {organisation(organisation_id), std::string(kOrigin)};
}

}  // namespace kesher::kit::table
