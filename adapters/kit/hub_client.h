// The hub's calls, typed. Never throws for what the network, the hub or another body can cause.
//
// Every receipt is verified against the pinned log before it counts, and must be about the very statement
// that was sent: a hub that answers with somebody else's leaf has answered nothing. The hub's clock (`at`,
// else Date) is followed after clock_skew.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/kit/receipted.h"
#include "adapters/kit/retry.h"
#include "gateway/edge/client.h"
#include "schemas/codec/envelope_records.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/json/value.h"
#include "schemas/statement/acks.h"

namespace kesher::kit {

// One HTTPS exchange; edge::Client in earnest.
class Transport {
public:
    virtual ~Transport() = default;
    [[nodiscard]] virtual contract::Result<edge::Answer, edge::ClientFault> send(const edge::Call& call) = 0;
    virtual void abort() {}  // from another thread: ends a call under way
};
[[nodiscard]] std::unique_ptr<Transport> make_transport(edge::ClientSettings settings);

struct HubFault {
    enum class Kind { unreachable, refused, answer_malformed, receipt_unproven };
    Kind kind;
    std::optional<contract::Code> code{};  // with refused
    RetryWord retry{contract::Retry::same};
    std::optional<contract::Instant> at{};
    std::optional<Receipted> receipt{};  // with refused: proven, and about what was asked
    std::string text;                    // for the operator: nothing of a body or a path
    bool nothing_sent = false;           // with unreachable: the hub cannot know of the call
};
[[nodiscard]] std::string_view text(HubFault::Kind kind);
template <class T>
using Answered = contract::Result<T, HubFault>;

struct Sent {
    enum class Kind { accepted, repeated, refused };
    Kind kind;
    std::optional<contract::Code> code{};  // with refused; a repeated refusal is refused
    RetryWord retry{};
    // Proven; always with accepted and repeated. With refused it is a leaf that refuses this very statement
    // by this code, or there is none.
    std::optional<Receipted> receipt{};
    std::optional<contract::Instant> at{};
};

struct OpenedCase {
    contract::Pseudonym pseudonym;
    std::optional<std::string> claim_code{};  // once only: for the woman, never for a file
    std::optional<Receipted> receipt{};
};

struct HubClientSettings {
    contract::OrganisationId self;
    log::NoteKey log;
    std::function<contract::Instant()> clock{};  // the machine's, where it is not set
};

class HubClient {
public:
    HubClient(std::unique_ptr<Transport> transport, HubClientSettings settings);

    // `statement` is the one in `submission`: the receipt's leaf must begin with it.
    [[nodiscard]] Answered<Sent> send(contract::ByteView submission, std::string_view statement);
    // `order` as the body signed it (own_cases.h).
    [[nodiscard]] Answered<OpenedCase> open_case(std::string order);

    // Readings are leaves of their own; the JSON is the hub's (contract.md 3).
    [[nodiscard]] Answered<json::Value> cases();  // of all pages: {"cases":[…]}
    [[nodiscard]] Answered<json::Value> case_status(const contract::Pseudonym& pseudonym);
    [[nodiscard]] Answered<json::Value> message(const contract::MessageId& id);
    [[nodiscard]] Answered<json::Value> referral(const contract::ReferralId& id);

    // Empty where nothing came.
    [[nodiscard]] Answered<std::vector<codec::Delivery>> poll(std::chrono::seconds wait, std::size_t limit);
    // `acks` as they stand in the signed document (statement::sign_acks). A receipt each, in their order, of
    // a leaf about that very delivery: where it names this document it says what was signed, and where it was
    // said before it names an earlier one. None where that ack alone was refused, with its code.
    struct AckAnswer {
        std::optional<Receipted> receipt{};
        std::optional<contract::Code> code{};
    };
    [[nodiscard]] Answered<std::vector<AckAnswer>> acknowledge(std::string_view acks_jws,
                                                               std::span<const statement::Ack> acks);

    [[nodiscard]] Answered<std::string> organisations();  // the JSON that Directory::read takes
    [[nodiscard]] Answered<std::string> checkpoint();
    [[nodiscard]] Answered<std::string> add_checkpoint_body(contract::TreeSize old);
    [[nodiscard]] Answered<contract::Done> send_cosignature(std::string_view line);
    [[nodiscard]] Answered<std::string> receipt(
        contract::LeafIndex index);  // the tlog-proof, with cosignatures
    // PUT or POST of a signed document or JSON (keys, officers, agreements); the answer's JSON.
    [[nodiscard]] Answered<json::Value> put(std::string method, std::string path, std::string content_type,
                                            std::string body);
    [[nodiscard]] Answered<json::Value> get(std::string path);

    // For what we sign and when we send: the machine's clock, corrected by what the hub said after a
    // clock_skew. Nobody signs that, so it is followed a week at most, either way, and decides nothing that
    // the hub could gain by: how long keys and profiles are believed, and what a witness says, goes by
    // machine_now(); whether a delivery came in time, by the later of both, so that a hub that sets our clock
    // back opens nothing old with it.
    [[nodiscard]] contract::Instant now() const;
    [[nodiscard]] contract::Instant machine_now() const { return settings_.clock(); }
    [[nodiscard]] contract::Instant delivery_now() const { return std::max(now(), machine_now()); }
    static constexpr std::chrono::hours kClockFollowed{7 * 24};
    void follow_clock(contract::Instant hub_at);
    // The hub says a time that is further off; one of the two clocks has to be mended by hand.
    [[nodiscard]] bool clock_too_far() const { return clock_too_far_; }
    // Whether the last call reached the hub; true before the first. For who can wait and need not ask.
    [[nodiscard]] bool was_reached() const { return reached_; }
    void abort() { transport_->abort(); }
    [[nodiscard]] const log::NoteKey& log() const { return settings_.log; }
    [[nodiscard]] const contract::OrganisationId& self() const { return settings_.self; }

private:
    [[nodiscard]] Answered<edge::Answer> exchange(const edge::Call& call);
    [[nodiscard]] HubFault fault_of(const edge::Answer& answer) const;
    [[nodiscard]] bool is_of(const Receipted& receipt, const statement::Ack& ack,
                             const contract::Digest& signed_now) const;
    std::unique_ptr<Transport> transport_;
    HubClientSettings settings_;
    std::chrono::milliseconds offset_{0};
    bool clock_too_far_ = false;
    bool reached_ = true;
};

}  // namespace kesher::kit
