#include "adapters/ctl/opened_file.h"

#include "adapters/ctl/sealed_file.h"
#include "schemas/json/writer.h"

namespace kesher::ctl {
namespace {

void write_statement(json::Writer& writer, const statement::Statement& said) {
    writer.text("message", said.id.text())
        .text("type", contract::kMessageTypes.text(said.type))
        .text("from", said.from.text());
    if (said.referral) writer.text("referral", said.referral->text());
    if (said.service) writer.text("service", contract::kServices.text(*said.service));
    if (said.purpose) writer.text("purpose", contract::kPurposes.text(*said.purpose));
    if (said.consent) writer.text("consent", said.consent->text());
}

// The clear fields of the two payloads that reach a recipient with fields of their own.
void write_clear(json::Writer& writer, const codec::Payload& payload) {
    if (const auto* submitted = std::get_if<codec::ReferralSubmitted>(&payload)) {
        writer.text("known_by", contract::kKnownBy.text(submitted->known_by))
            .text("priority", contract::kPriorities.text(submitted->priority))
            .text("language", contract::kLanguages.text(submitted->language))
            .text("occurred_on", contract::text(submitted->occurred_on));
    }
    if (const auto* event = std::get_if<codec::ReferralEventPayload>(&payload)) {
        writer.text("event", contract::kReferralEvents.text(event->event));
        if (event->reason) writer.text("reason", contract::kReasons.text(*event->reason));
        if (event->outcome) writer.text("outcome", contract::kOutcomes.text(*event->outcome));
        writer.text("occurred_on", contract::text(event->occurred_on));
        if (event->expected_on) writer.text("expected_on", contract::text(*event->expected_on));
    }
    if (const auto* revoked = std::get_if<codec::ConsentRevoked>(&payload)) {
        writer.text("occurred_on", contract::text(revoked->occurred_on));
    }
}

}  // namespace

std::string write_opened(const kit::ProvenDelivery& proven, const kit::Opened& opened) {
    json::Writer writer;
    writer.open_object();
    write_statement(writer, proven.statement());
    // A notice that names no referral comes under a fresh name at each release, which means nothing.
    if (proven.statement().referral) writer.text("pseudonym", proven.delivery().pseudonym.reveal());
    write_clear(writer, opened.payload);
    if (opened.sealed) {
        if (opened.sealed->consent_until)
            writer.text("consent_until", contract::text(*opened.sealed->consent_until));
        writer.raw("sealed", write_sealed(*opened.sealed));
    }
    if (!opened.surplus.empty()) {
        writer.open_array("surplus");
        for (const contract::DataGroup group : opened.surplus) writer.text(contract::kDataGroups.text(group));
        writer.close();
    }
    return writer.close().take() + "\n";
}

}  // namespace kesher::ctl
