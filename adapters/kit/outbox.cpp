#include "adapters/kit/outbox.h"

namespace kesher::kit {
namespace {

void learn(Journal& journal, const Message& message) {
    if (const auto* given = std::get_if<codec::ConsentGiven>(&message.payload)) {
        if (message.consent) journal.put_consent(known_from(*message.consent, *given));
    }
    if (message.type == contract::MessageType::referral_submitted && message.referral) {
        journal.put_referral({*message.referral, message.to, true, message.service,
                              contract::ReferralState::requested, 0, message.pseudonym});
    }
}

}  // namespace

contract::Result<Accepted, Refused> Outbox::submit(const Message& message, const Directory& directory,
                                                   contract::Instant at,
                                                   const std::vector<AliasRow>& aliases) {
    if (journal_.outgoing(message.id)) return Accepted{message.id, false};
    const auto consent = message.consent ? journal_.consent(*message.consent) : std::nullopt;
    const auto written = writer_.write(message, directory, consent ? &*consent : nullptr, at);
    if (!written) return contract::Failure{written.error()};
    const auto mark = names_.mark_in(message);
    if (mark && !names_.tell(*mark, message.to)) {
        return contract::Failure{Refused{contract::Code::payload_invalid, {std::string(kNeutralNameField)}}};
    }

    Journal::Step step(journal_);
    learn(journal_, message);
    for (const AliasRow& alias : aliases) {
        if (!journal_.put_alias(alias)) return contract::Failure{Refused{contract::Code::id_reused}};
    }
    // Her withdrawal counts here from this moment; the hub hears of it next.
    if (message.type == contract::MessageType::consent_revoked && message.consent) {
        journal_.apply_revocation(*message.consent);
    }
    journal_.enqueue(*written);
    step.commit();
    return Accepted{message.id, true};
}

}  // namespace kesher::kit
