// A hub without listeners over a database of its own, and four bodies around it, as they stand after
// their agreements: what a test of the sequencer begins with.
//
// Every step goes the way of the product: requests to the one sequencer, signed statements, polls, signed
// acknowledgements. The clock is the test's; each message comes one millisecond after the one before.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gateway/identity/officers.h"
#include "gateway/identity/submissions.h"
#include "gateway/inbox/acknowledgement.h"
#include "gateway/keys/claim_codes.h"
#include "gateway/keys/key_files.h"
#include "gateway/sequencer/sequencer.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/metrics.h"
#include "schemas/codec/consent_records.h"
#include "schemas/contract/limits.h"
#include "tests/store/sequencer/body.h"
#include "tests/support/postgres.h"

namespace kesher::tests {

// What a consent says, where a test wants it otherwise.
struct Terms {
    std::vector<contract::Purpose> purposes{contract::Purpose::treatment, contract::Purpose::status_feedback};
    std::vector<contract::DataGroup> groups{contract::DataGroup::health};
    std::vector<contract::Service> services{contract::Service::hlt_trauma};
    contract::Direction direction = contract::Direction::both;
    std::optional<contract::Digest> form{};  // of the signed form; another one each time if not said
    std::optional<contract::OrganisationId> discloser{};  // whoever records it, if not said
    codec::GivenState state = codec::GivenState::active;
    std::chrono::days lasting{90};
    std::optional<codec::HarmVeto> harm_veto{};
};

struct Referred {
    contract::ReferralId id;
    contract::ConsentId consent;
    contract::Service service = contract::Service::hlt_trauma;
    contract::Priority priority = contract::Priority::routine;
};

struct Standing {
    contract::ReferralState state;
    std::uint32_t version;
    bool updates_stopped;
    friend bool operator==(const Standing&, const Standing&) = default;
};

struct Leaf {
    contract::LeafIndex index;
    std::optional<std::string> statement;
    log::Record record;
};

class World {
public:
    static constexpr std::string_view kHub = "hub.example";
    static constexpr std::string_view kOrigin = "hub.example/log";

    World();
    ~World();

    // All four active. `department` refers; it has an agreement with `health` and `nii`, none with `housing`.
    Body department, health, nii, housing;

    std::size_t queue_requests = contract::limits::kQueueRequests;  // from the next start on

    void stop() { sequencer_.reset(); }
    void start();
    void restart() { stop(), start(); }
    // From now on routine releases wait a part of so long; without it they do not.
    void spread_releases(std::chrono::milliseconds over) {
        spread_ = over;
        restart();
    }
    // The session that writes is ended by the server; the next requests are answered by a new one, or
    // `unavailable`.
    void lose_session();
    [[nodiscard]] std::unique_ptr<sequencer::Sequencer> another_sequencer();
    [[nodiscard]] sequencer::Sequencer& hub() { return *sequencer_; }
    [[nodiscard]] const FreshDatabase& database() const { return database_; }
    [[nodiscard]] const log::NoteKey& log_key() const { return signer_.key(); }
    [[nodiscard]] const keys::SealedStore& sealed_store() const { return sealed_store_; }
    [[nodiscard]] const keys::RowKeys& row_keys() const { return row_keys_; }
    [[nodiscard]] store::Readers& readers() { return readers_; }
    [[nodiscard]] const keys::KeyDirectory& keys() const { return keys_; }
    [[nodiscard]] const keys::ClaimCodes& claim_codes() const { return claim_codes_; }
    [[nodiscard]] std::filesystem::path checkpoint_file() const { return folder_ / "apart" / "checkpoint"; }
    [[nodiscard]] sequencer::RefusalCounts& refusals() { return refusals_; }

    [[nodiscard]] contract::Instant now() const;
    void set_clock(contract::Instant at);
    void pass(std::chrono::milliseconds time) { set_clock(now() + time); }
    [[nodiscard]] contract::Day today() const { return contract::day_of(now()); }

    // Messages, signed by nobody yet: a test changes its one fact and sends.
    [[nodiscard]] Message consent(const Body& from, const contract::Pseudonym& woman, const Body& to,
                                  const contract::ConsentId& id, const Terms& terms = {}) const;
    [[nodiscard]] Message revocation(const Body& from, const contract::Pseudonym& woman,
                                     const contract::ConsentId& consent) const;
    // A referral that is still to be sent: for the hub alone.
    [[nodiscard]] Message draft(const Body& from, const contract::Pseudonym& woman, const Body& to,
                                const contract::ReferralId& id) const;
    // Of the notice of the hub's that was handed to this body.
    [[nodiscard]] Message revocation_acked(const Body& from, const contract::ConsentId& consent,
                                           const contract::MessageId& notice) const;
    [[nodiscard]] Message referral(const Body& from, const contract::Pseudonym& woman, const Body& to,
                                   const Referred& referred) const;
    [[nodiscard]] Message event(const Body& from, const contract::Pseudonym& woman, const Body& to,
                                const Referred& referred, contract::ReferralEvent event) const;
    // The same referral with a payload of exactly so many bytes, whose sealed part nobody can open.
    [[nodiscard]] static Message with_payload_of(std::size_t bytes, Message referral);
    [[nodiscard]] static contract::MessageId message_in(const codec::Delivery& delivery);
    static void name_actor(Message& message, std::string_view officer, contract::OfficerRole role);

    // What the connection's thread makes of it; a code where it is nobody's word.
    [[nodiscard]] contract::Result<std::shared_ptr<sequencer::MessageRequest>, contract::Code> read(
        const Body& from, const codec::Submission& submission);
    sequencer::Answer send(const Body& from, const codec::Submission& submission);
    sequencer::Answer send(const Body& from, const Message& message) {
        return send(from, from.sign(message));
    }
    // The same, and std::runtime_error where it is refused.
    sequencer::Answer must_send(const Body& from, const Message& message);

    // Whole steps of a story; each throws where the hub refuses it.
    [[nodiscard]] contract::Pseudonym open_case(const Body& body);
    [[nodiscard]] contract::ConsentId agree(const contract::Pseudonym& woman, const Body& to,
                                            const Terms& terms = {});
    [[nodiscard]] Referred refer(const contract::Pseudonym& woman, const Body& to,
                                 const contract::ConsentId& consent,
                                 contract::Service service = contract::Service::hlt_trauma);
    void renew_claim_code(const Body& body, const contract::Pseudonym& woman);
    void enrol(Body& body);  // active afterwards
    // Proposed and approved by both, for a year from today.
    statement::Agreement make_agreement(const Body& first, const Body& second,
                                        std::vector<contract::DataGroup> groups);
    // Ends what `department` and `health` agreed on and agrees anew on these groups.
    void renew_agreement(std::vector<contract::DataGroup> groups);
    void set_status(const Body& body, contract::OrganisationStatus status);
    // Signed by nobody yet, as of now.
    [[nodiscard]] statement::OfficerEntry officer_entry(const Body& body, std::string_view id,
                                                        std::vector<contract::OfficerRole> roles,
                                                        contract::Day training_valid_until) const;
    [[nodiscard]] std::shared_ptr<identity::PutOfficer> officer_order(
        const Body& body, const statement::OfficerEntry& entry) const;
    void put_officer(const Body& body, std::string_view id, std::vector<contract::OfficerRole> roles,
                     contract::Day training_valid_until);

    [[nodiscard]] std::vector<codec::Delivery> poll(const Body& body, std::size_t limit = 100);
    [[nodiscard]] inbox::AckAnswer acknowledge(const Body& body, const codec::Delivery& delivery,
                                               contract::AckOutcome outcome,
                                               std::optional<contract::Code> code = std::nullopt);

    // What is stored, read by the superuser behind the hub's back.
    [[nodiscard]] std::vector<Leaf> leaves();
    [[nodiscard]] Standing standing(const contract::ReferralId& id);
    [[nodiscard]] std::int64_t count(const std::string& from_where);
    void as_superuser(const std::string& sql);

    [[nodiscard]] std::vector<std::string> operator_log() const;

private:
    [[nodiscard]] sequencer::Means means();
    [[nodiscard]] sequencer::SequencerSettings settings();
    void run(const std::shared_ptr<sequencer::Request>& request);
    [[nodiscard]] identity::Caller caller(const Body& body) const;
    contract::Digest act(const Body& by, const statement::Agreement& agreement);
    [[nodiscard]] Message message(const Body& from, contract::MessageType type,
                                  const contract::OrganisationId& to, std::string_view schema,
                                  contract::Bytes payload, const contract::Pseudonym& woman) const;
    [[nodiscard]] contract::Bytes sealed_for(const Body& from, const Body& to, const contract::MessageId& id,
                                             contract::KnownBy known_by) const;

    std::atomic<std::int64_t> clock_;
    std::chrono::milliseconds spread_{0};
    FreshDatabase database_;
    std::filesystem::path folder_;
    keys::KeyDirectory keys_;
    keys::RowKeys row_keys_;
    keys::SealedStore sealed_store_;
    keys::ClaimCodes claim_codes_;
    log::NoteSigner signer_;
    mutable std::mutex log_mutex_;
    std::vector<std::string> log_lines_;
    telemetry::Log log_;
    telemetry::Metrics metrics_;
    sequencer::RefusalCounts refusals_;
    store::Readers readers_;
    std::unique_ptr<store::Connection> superuser_;
    std::unique_ptr<sequencer::Sequencer> sequencer_;
    std::optional<statement::Agreement> with_health_;
};

}  // namespace kesher::tests
