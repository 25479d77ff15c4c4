#include "gateway/http/readiness.h"

#include "audit/log/receipt.h"
#include "gateway/insight/log_reading.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/ecdsa.h"

namespace kesher::http {
namespace {

using namespace contract;
using Clock = std::chrono::steady_clock;

std::string seconds_since(Clock::duration elapsed) {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(elapsed).count()) + " s ago\n";
}

edge::Response plain(int status, std::string body) {
    edge::Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(body);
    return response;
}

}  // namespace

Readiness::Readiness(const HubRooms& rooms, telemetry::Metrics& metrics)
    : rooms_(rooms), commits_(metrics.job("sequencer")) {}

edge::Response Readiness::answer() {
    const std::scoped_lock hold(mutex_);
    const auto now = Clock::now();
    if (!probed_ || now - *probed_ >= limits::kReadinessEvery) {
        fault_ = fault();
        probed_ = Clock::now();
        if (fault_.empty()) succeeded_ = probed_;
    }
    return fault_.empty() ? plain(200, lines("ready")) : plain(503, lines("not ready: " + fault_));
}

std::string Readiness::fault() {
    constexpr std::string_view kProbe = "kesher.readiness.v1";
    const statement::Signer& signer = rooms_.identity.keys.signer();
    const auto signature = statement::sign_es256(signer.key(), kProbe);
    if (!statement::verify_es256(signer.certificate().key(), kProbe, signature)) {
        return "the hub's key does not sign";
    }
    const sequencer::Trial tried = rooms_.sequencer().trial();
    if (tried != sequencer::Trial::passed) return std::string(text(tried));
    try {
        unwitnessed_ = witness_line();
        return log_fault();
    } catch (const sequencer::StorageLost&) {
        return std::string(text(sequencer::Trial::no_database));
    }
}

std::string Readiness::log_fault() const {
    const auto note = rooms_.insight.readers.with(
        [](auto& connection) { return insight::checkpoint_with_cosignatures(connection); });
    const auto head = note ? log::open_checkpoint(*note, rooms_.identity.log_key)
                           : log::Result<log::OpenedCheckpoint>(log::fail(log::Flaw::checkpoint_malformed));
    if (!head || number(head->checkpoint.size) == 0) return "the last checkpoint does not verify";
    const auto last = rooms_.sequencer().first_receipt(LeafIndex{number(head->checkpoint.size) - 1});
    if (!last) return "the sequencer does not answer";
    const auto receipt = log::parse_receipt(last->receipt);
    const bool holds = receipt && log::verify_receipt(last->leaf, *receipt, rooms_.identity.log_key);
    return holds ? "" : "the last receipt does not verify";
}

std::string Readiness::witness_line() const {
    const auto age =
        rooms_.witnessing.unwitnessed_for(*rooms_.sequencer().registry(), rooms_.sequencer().now());
    if (!age) return "no witness\n";
    return "unwitnessed for " + std::to_string(std::chrono::floor<std::chrono::seconds>(*age).count()) +
           " s\n";
}

std::string Readiness::lines(const std::string& verdict) const {
    std::string text = verdict + "\n";
    text += succeeded_ ? "last success " + seconds_since(Clock::now() - *succeeded_) : "no success yet\n";
    text += "last commit " + seconds_since(commits_.age());
    const auto witnessed = rooms_.witnessing.witnessed();
    text +=
        "witnessed " + (witnessed ? std::to_string(number(*witnessed)) : std::string("nothing yet")) + "\n";
    text += unwitnessed_;
    const bool agreed =
        rooms_.witnessed_clock.agrees(*rooms_.sequencer().registry(), rooms_.sequencer().now());
    return text + (agreed ? "clock agreed\n" : "clock doubtful\n");
}

}  // namespace kesher::http
