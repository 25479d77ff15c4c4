#include "adapters/record/telling.h"

#include "schemas/statement/hash.h"

namespace kesher::record {
namespace {

using contract::Code;
using contract::Failure;
using telemetry::Level;

constexpr std::size_t kRefusalsLookedAt = 1'000;  // of the hub, kept in the journal; a body has a few

// None: it may be sent, and `left_out` says whether its words stayed behind.
std::optional<Code> make_sendable(const NativeMeans& means, kit::Message& message, contract::Instant now,
                                  bool& left_out) {
    const auto consent = message.consent ? means.journal.consent(*message.consent) : std::nullopt;
    const auto judged = [&] {
        return means.writer.write(message, means.directory(), consent ? &*consent : nullptr, now);
    };
    auto written = judged();
    if (!written && message.sealed &&
        (written.error().code == Code::flag_not_honoured || written.error().code == Code::payload_invalid)) {
        message.sealed.reset();
        written = judged();
        left_out = left_out || written;
    }
    if (written) return std::nullopt;
    means.log.write(Level::warning, "change_not_now", {{"code", written.error().code}});
    return written.error().code;
}

}  // namespace

contract::Result<Steps, NotTellable> steps_of(const NativeMeans& means, const kit::Actor& actor,
                                              const Ledger& ledger, const Given& given, const Standing& from,
                                              std::span<const Change> changes, const codec::Safety& safety,
                                              const std::string& occasion, contract::Instant now) {
    const auto row = means.journal.referral(given.id);
    if (!row || !row->pseudonym) return Failure{NotTellable{}};
    Standing standing = from;
    Steps made;
    for (const Change& change : changes) {
        const std::string step = std::to_string(ledger.steps(given.id) + made.steps.size()) + ' ' + occasion +
                                 ' ' + std::string(contract::kReferralEvents.text(change.event.event));
        const auto id = means.aliases.message(given.id, statement::sha256("step " + step));
        kit::Message message = event_of(change, given, *row->pseudonym, id, actor, safety);
        if (const auto code = make_sendable(means, message, now, made.words_left_out)) {
            return Failure{NotTellable{*code}};
        }
        standing = after(standing, change.event.event);
        made.steps.push_back({std::move(message), standing});
    }
    return made;
}

bool tell(const NativeMeans& means, Ledger& ledger, const contract::ReferralId& referral,
          std::span<const Step> steps, contract::Instant now) {
    for (const Step& step : steps) {
        ledger.intend(referral, {step.message.id, step.then});
        const auto accepted = means.outbox.submit(step.message, means.directory(), now);
        if (!accepted) return false;
        ledger.stand(referral, step.then);
        means.log.write(Level::info, "change_told");
    }
    return true;
}

void settle(const NativeMeans& means, Ledger& ledger, const contract::ReferralId& referral) {
    const auto intended = ledger.intended(referral);
    if (intended && means.journal.outgoing(intended->message)) ledger.stand(referral, intended->then);
}

void acknowledge_revocations(const NativeMeans& means, const kit::Actor& actor, Ledger& ledger,
                             contract::Instant now) {
    for (const auto& [consent, notice] : ledger.unacknowledged()) {
        kit::Message message{
            contract::MessageId::of_keyed_hash(statement::sha256("kesher.stopped.v1 " + notice.text())),
            contract::MessageType::consent_revocation_acked, contract::OrganisationId::hub(), actor,
            codec::ConsentRevocationAcked{contract::day_of(now), codec::RevocationEffect::stopped,
                                          std::nullopt}};
        message.consent = consent;
        message.in_reply_to = notice;
        const auto sent = means.outbox.submit(message, means.directory(), now);
        if (!sent) {
            means.log.write(Level::error, "revocation_not_acknowledged", {{"code", sent.error().code}});
            continue;
        }
        ledger.acknowledge(consent);
    }
}

std::vector<RefusedStep> untold_refusals(const NativeMeans& means, const Ledger& ledger) {
    std::vector<RefusedStep> found;
    for (const kit::RefusedRow& row : means.journal.refused(kRefusalsLookedAt)) {
        const bool event = row.type == contract::MessageType::referral_event && row.referral;
        const Given* given = event ? ledger.given(*row.referral) : nullptr;
        if (given == nullptr || ledger.is_told(row.id)) continue;
        found.push_back({*given, row.id, row.code.value_or(Code::internal)});
    }
    return found;
}

bool is_about_consent(Code code) {
    return code == Code::consent_revoked || code == Code::consent_lapsed || code == Code::consent_missing ||
           code == Code::consent_groups;
}

}  // namespace kesher::record
