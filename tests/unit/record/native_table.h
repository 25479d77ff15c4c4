// A native half on a table: its keys, journal and outbox are real, the body that refers to it has declared
// itself in the directory; there is no hub.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "adapters/kit/native_side.h"
#include "adapters/record/native_means.h"
#include "schemas/codec/envelope_records.h"
#include "schemas/json/writer.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/seal.h"
#include "tests/unit/record/referrals.h"
#include "tests/unit/statement/parties.h"

namespace kesher::record::test {

namespace fs = std::filesystem;
using namespace contract;
using statement::kNow;
using statement::kToday;
using namespace std::chrono_literals;

// A body that reads every schema and honours these flags.
inline std::string directory_of(const statement::Party& body, const WordSet<SafetyFlag>& honours) {
    json::Writer writer;
    writer.open_object().text("at", text(kNow)).open_array("organisations");
    const auto keys = statement::sign_key_list(
        {body.id, 1, {body.signing}, {body.encryption}, kNow + 24h * 30}, body.root_signer(), kToday);
    writer.open_object().text("id", body.id.text()).text("kind", "PUBLIC_BODY").text("status", "active");
    writer.open_object("names").text("he", "לשכה").close().open_array("services").close();
    const statement::Profile profile{
        body.id,
        "hub.example/log",
        {1, 1},
        {codec::read_fingerprint(codec::encode(codec::ReferralEventPayload{})).value()},
        honours};
    writer.text("keys", keys).text("root", body.root().pem());
    writer.text("profile", statement::sign_profile(profile, body.signer(), kToday));
    return writer.close().close().close().take();
}

// Ids of its own each time: a far side remembers.
inline Referral fresh(KnownBy how, const OrganisationId& to) {
    static std::mt19937 dice(20261122);
    const Referral drawn = samples::drawn(dice);
    Referral referral = samples::known_by(how);
    referral.message = drawn.message;
    referral.referral = drawn.referral;
    referral.pseudonym = drawn.pseudonym;
    std::array<std::uint8_t, 16> random{};
    for (auto& byte : random) byte = static_cast<std::uint8_t>(dice());
    referral.consent = ConsentId::of_random(random);
    referral.from = statement::organisation("ssd-5000");
    referral.to = to;
    return referral;
}

class NativeTable {
public:
    NativeTable(const std::string& organisation, const WordSet<SafetyFlag>& honours)
        : root(folder_of_its_own(organisation)),
          self(statement::party(organisation)),
          directory(kit::Directory::read(directory_of(department, honours),
                                         {{department.id, {department.root().key().spki_sha256(), 1}}},
                                         "hub.example/log", kNow)
                        .value()) {
        fs::create_directories(root);
        reopen();
    }
    virtual ~NativeTable() {
        journal_.reset();
        fs::remove_all(root);
    }
    NativeTable(const NativeTable&) = delete;
    NativeTable& operator=(const NativeTable&) = delete;

    // The ledger as it was before its last line of that kind was followed by others.
    void cut_ledger_after_last(const std::string& verb) {
        close_side();
        std::ifstream file(ledger(), std::ios::binary);
        const std::string whole = '\n' + std::string{std::istreambuf_iterator<char>(file), {}};
        const std::size_t at = whole.rfind('\n' + verb + ' ');
        if (at == std::string::npos) throw std::out_of_range("the ledger has no such line");
        std::ofstream(ledger(), std::ios::binary) << whole.substr(1, whole.find('\n', at + 1));
    }

    // What the kit writes down before it hands a referral over, and the handing.
    kit::NativeAnswer give(const Referral& referral) {
        journal_->put_referral({referral.referral, referral.from, false, referral.service,
                                ReferralState::requested, 1, referral.pseudonym});
        statement::Statement said = statement_of(referral, MessageType::referral_submitted, referral.message);
        if (const auto known = kit::known_from(said)) journal_->put_consent(*known);
        codec::ReferralSubmitted payload;
        payload.known_by = referral.sealed.known_by;
        payload.priority = referral.priority;
        payload.language = referral.language;
        payload.occurred_on = referral.occurred_on;
        return deliver(said, payload, referral.sealed, referral.pseudonym);
    }
    kit::NativeAnswer tell(const Referral& referral, const MessageId& id, ReferralEvent event,
                           std::optional<Reason> reason = {},
                           const std::optional<codec::Sealed>& sealed = {}) {
        statement::Statement said = statement_of(referral, MessageType::referral_event, id);
        codec::ReferralEventPayload payload{.event = event, .reason = reason, .occurred_on = kToday};
        return deliver(said, payload, sealed, referral.pseudonym);
    }
    kit::NativeAnswer revoke(const Referral& referral, const MessageId& id) {
        statement::Statement said{
            "hub.example/log",   id,      MessageType::consent_revoked, OrganisationId::hub(), self.id,
            SchemaFingerprint{}, Digest{}};
        said.consent = referral.consent;
        journal_->apply_revocation(*referral.consent);
        return deliver(said, codec::ConsentRevoked{}, {}, referral.pseudonym);
    }
    statement::Statement statement_of(const Referral& referral, MessageType type, const MessageId& id) const {
        statement::Statement said{"hub.example/log",   id,      type, referral.from, self.id,
                                  SchemaFingerprint{}, Digest{}};
        said.referral = referral.referral;
        said.service = referral.service;
        said.purpose = referral.purpose;
        said.basis = referral.basis;
        said.groups = referral.groups;
        said.consent = referral.consent;
        return said;
    }
    // The kit's row of a delivery that was under way when the stop came.
    void remember(const Referral& referral) {
        kit::IncomingRow row{{.delivery = DeliveryId::of_random(statement::random_bytes<16>()),
                              .statement = jws,
                              .payload = {},
                              .pseudonym = referral.pseudonym},
                             referral.message,
                             referral.from,
                             MessageType::referral_submitted};
        row.referral = referral.referral;
        row.consent = referral.consent;
        journal_->receive(row);
    }

    std::vector<kit::OutgoingRow> sent() const {
        return journal_->outgoing_in(kit::OutgoingState::waiting, 1000);
    }
    std::vector<ReferralEvent> events() const {
        std::vector<ReferralEvent> found;
        for (const auto& row : sent()) found.push_back(event_in(row).event);
        return found;
    }
    static codec::ReferralEventPayload event_in(const kit::OutgoingRow& row) {
        const auto submission = codec::decode<codec::Submission>(row.written.submission).value();
        return codec::decode<codec::ReferralEventPayload>(submission.payload).value();
    }
    // As its recipient opens it.
    codec::Sealed opened(const kit::OutgoingRow& row) const {
        statement::OpeningKeys keys;
        if (!keys.add(department.encryption_key, department.encryption)) throw std::logic_error("key");
        const Bytes jwe = event_in(row).sealed.value();
        const auto plain = statement::open(text_of(jwe), keys, {self.id, department.id, row.written.id});
        return codec::decode<codec::Sealed>(plain.value()).value();
    }

    kit::Journal& journal() { return *journal_; }
    [[nodiscard]] fs::path ledger() const { return root / "ledger"; }
    [[nodiscard]] NativeMeans means() {
        return {*journal_, *outbox_, writer,
                aliases,   log,      [this]() -> const kit::Directory& { return directory; }};
    }

    virtual kit::NativeAnswer deliver(const statement::Statement& said, const codec::Payload& payload,
                                      const std::optional<codec::Sealed>& sealed,
                                      const Pseudonym& pseudonym) = 0;

protected:
    static fs::path folder_of_its_own(const std::string& organisation) {
        static int tables = 0;
        return fs::temp_directory_path() /
               ("kesher-" + organisation + '-' + std::to_string(::getpid()) + '-' + std::to_string(++tables));
    }
    // What holds the ledger open.
    virtual void close_side() = 0;
    // As after a kill: what is not on disk is gone.
    void reopen() {
        journal_.reset();
        journal_ = std::make_unique<kit::Journal>(root / "journal.sqlite",
                                                  kit::JournalOwner{self.id, "hub.example/log"});
        outbox_ = std::make_unique<kit::Outbox>(*journal_, writer, told_names);
    }

public:
    fs::path root;
    std::string jws = "eyJhbGciOiJFUzI1NiJ9.e30.AA";
    Instant now = kNow;
    statement::Party self;
    statement::Party department = statement::party("ssd-5000");
    kit::MessageWriter writer{self.id, "hub.example/log", self.signer()};
    kit::AliasMaker aliases{statement::Secret(Bytes(32, 7))};
    kit::ToldNames told_names{root, aliases};
    std::vector<std::string> lines;
    telemetry::Log log{telemetry::Level::debug, [this](std::string_view line) { lines.emplace_back(line); }};
    kit::Directory directory;

private:
    std::unique_ptr<kit::Journal> journal_;
    std::unique_ptr<kit::Outbox> outbox_;
};

}  // namespace kesher::record::test
