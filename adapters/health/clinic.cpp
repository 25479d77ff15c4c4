// What is referred to the clinic becomes one transaction on its FHIR server.
#include <algorithm>

#include "adapters/health/clinic_seen.h"
#include "adapters/health/fhir_codes.h"
#include "schemas/statement/hash.h"

namespace kesher::health {
namespace {

using contract::Code;
using contract::Failure;
using contract::MessageType;
using contract::ReferralEvent;
using contract::ReferralState;
using telemetry::Level;

Given given_by(const Referral& referral) {
    return {referral.referral, referral.from, referral.purpose, referral.basis, referral.consent};
}

}  // namespace

std::string query_of(std::string_view name, std::string_view system, std::string_view value) {
    return std::string(name) + '=' + std::string(system) + "%7C" + std::string(value);
}

Placed placed_by(const std::vector<EntryAnswer>& answers) {
    Placed placed;
    const auto keep = [](std::string& into, const std::string& location, std::string_view type) {
        if (is_location(location, type)) into = location;
    };
    for (const EntryAnswer& answer : answers) {
        if (answer.part == Part::task) keep(placed.task, answer.location, "Task");
        if (answer.part == Part::consent) keep(placed.consent, answer.location, "Consent");
        if (answer.part == Part::service_request)
            keep(placed.service_request, answer.location, "ServiceRequest");
    }
    return placed;
}

Clinic::Clinic(const HealthSettings& settings, HealthMeans means, FhirServerSettings server, Steady steady)
    : settings_(settings),
      means_(std::move(means)),
      page_(server.page),
      server_(std::move(server)),
      ledger_(settings.ledger),
      steady_(std::move(steady)) {}

kit::NativeAnswer Clinic::deliver(const Delivered& delivered) {
    switch (delivered.said.type) {
        case MessageType::referral_submitted:
            return take_referral(delivered);
        case MessageType::referral_event:
            return take_event(delivered);
        case MessageType::consent_revoked:
            return take_revocation(delivered);
        default:
            return kit::Declined{Code::schema_unknown};  // the mapping has no resource for it
    }
}

// A referral is there whole or not at all. Of anything else a part may be missing: it is done again, and
// what was done is seen by its tag.
kit::TakenBefore Clinic::already_taken(const contract::OrganisationId& from, const contract::MessageId& id) {
    const auto row = means_.journal.incoming_message(from, id);
    if (!row || row->type != MessageType::referral_submitted) return kit::NotTaken{};
    return found_by_tag(id);
}

kit::TakenBefore Clinic::found_by_tag(const contract::MessageId& id) {
    const auto found = server_.search("Task", query_of("_tag", systems::kMessage, id.text()));
    if (!found) {
        say(found.error());
        return kit::Held{};
    }
    const auto is_tagged = [&](const Found& each) {
        return std::find(each.messages.begin(), each.messages.end(), id.text()) != each.messages.end();
    };
    if (std::any_of(found->page.found.begin(), found->page.found.end(), is_tagged)) {
        return kit::Taken{found->answer};
    }
    if (!found->page.more) return kit::NotTaken{};
    say(answered_something_else(*found));
    return kit::Held{};
}

kit::NativeAnswer Clinic::take_referral(const Delivered& delivered) {
    const auto* payload = std::get_if<codec::ReferralSubmitted>(&delivered.payload);
    if (payload == nullptr || !delivered.sealed) return kit::Declined{Code::payload_invalid};
    const auto referral =
        record::referral_of(delivered.said, *payload, *delivered.sealed, delivered.pseudonym, delivered.jws);
    if (!referral) return kit::Declined{Code::payload_invalid};
    // It ended while the server was away.
    if (contract::is_terminal(ledger_.stood(referral->referral).state)) {
        return kit::Declined{Code::event_not_allowed};
    }
    // What this attempt's answer says, it says of this attempt alone: an earlier one may still arrive.
    const bool earlier = ledger_.may_arrive(referral->referral);
    const auto known = [&] {
        if (!earlier) ledger_.know(referral->referral);
    };
    ledger_.give(given_by(*referral));
    if (!earlier) ledger_.attempt(referral->referral, referral->message);
    const auto body = server_.transaction(transaction_bundle(*referral));
    if (!body) {
        const bool unknown = is_outcome_unknown(body.error());
        if (!unknown) known();
        kit::NativeAnswer answer = answer_to(body.error());
        if (unknown) return kit::Unsure{};
        return refuse_referral(delivered, answer, earlier);
    }
    away_said_ = false;
    const auto answers = read_transaction_answer(*body, parts_of(*referral));
    if (!answers || !all_taken(*answers)) {
        // Whether it has the referral, only a look can say; if not, the same is sent again.
        means_.log.write(Level::error, "fhir_transaction_not_understood");
        const kit::TakenBefore seen = found_by_tag(referral->message);
        const auto* taken = std::get_if<kit::Taken>(&seen);
        if (taken == nullptr) return kit::Unsure{};
        known();
        return *taken;
    }
    const Placed placed = placed_by(*answers);
    if (!placed.task.empty()) ledger_.place(referral->referral, placed);
    known();
    return kit::Taken{statement::sha256(*body)};
}

// This attempt has created nothing. Where an earlier one may still do it, what is declined has to be ended as
// well, and what is held may be there already.
kit::NativeAnswer Clinic::refuse_referral(const Delivered& delivered, kit::NativeAnswer refused,
                                          bool earlier) {
    const contract::ReferralId id = delivered.said.referral.value();  // referral_of saw it
    const bool declined = std::holds_alternative<kit::Declined>(refused);
    if (!earlier) {
        if (declined) stand(id, {ReferralState::failed});  // nobody there will see it
        return refused;
    }
    if (!declined) return kit::Unsure{};
    const codec::ReferralEventPayload event{.event = ReferralEvent::cancel, .occurred_on = delivered.on};
    const StatusWords words = status_words(event.event, ReferralState::cancelled).value();
    const Ended ended = end_for_good(*ledger_.given(id), {event, words}, delivered.pseudonym);
    if (ended.fault) {
        (void)hold(*ended.fault);
        return kit::Unsure{};
    }
    stand(id, {ReferralState::cancelled});
    return refused;
}

void Clinic::say(const ServerFault& fault) {
    if (fault.kind == ServerFault::Kind::away) {
        if (!away_said_) means_.log.write(Level::warning, "fhir_away", {{"status", fault.status}});
        away_said_ = true;
        return;
    }
    away_said_ = false;
    const auto level = fault.kind == ServerFault::Kind::not_allowed ? Level::error : Level::warning;
    means_.log.write(level, "fhir_fault",
                     {{"kind", telemetry::Diagnostic{std::string(word_of(fault.kind))}},
                      {"status", fault.status},
                      {"issues", fault.issues}});
}

kit::NativeAnswer Clinic::answer_to(const ServerFault& fault) {
    say(fault);
    switch (fault.kind) {
        case ServerFault::Kind::refused:
            return kit::Declined{Code::payload_invalid};
        case ServerFault::Kind::too_large:
            // 413: what we wrote. Else its answer is over our bound, and that may be mended.
            if (fault.status != 0) return kit::Declined{Code::too_large};
            return kit::Held{};
        case ServerFault::Kind::gone:  // a search may find it
        case ServerFault::Kind::away:
        case ServerFault::Kind::not_allowed:
        case ServerFault::Kind::changed:
        case ServerFault::Kind::malformed:
            break;
    }
    return kit::Held{};
}

kit::NativeAnswer Clinic::hold(const ServerFault& fault, telemetry::Word unconfirmed) {
    say(fault);
    if (fault.kind != ServerFault::Kind::away) means_.log.write(Level::error, unconfirmed);
    return kit::Held{};
}

FhirAnswered<Clinic::Sought> Clinic::find(std::string_view type, std::string_view uuid) {
    const std::string urn = "urn:uuid:" + std::string(uuid);
    const auto found = server_.search(type, query_of("identifier", systems::kUuid, urn));
    if (!found) return Failure{found.error()};
    for (const Found& each : found->page.found) {
        if (bears(each, uuid)) return Sought{each.location, found->answer};
    }
    if (!says_none(*found)) return Failure{answered_something_else(*found)};
    return Sought{std::nullopt, found->answer};
}

FhirAnswered<std::string> Clinic::amend(const std::string& location, std::string_view uuid,
                                        const FhirServer::MakePatch& patch) {
    bool another = false;
    auto answer = server_.amend(location, [&](const json::Value& resource) {
        another = !has_uuid(resource, uuid);
        return another ? std::string() : patch(resource);
    });
    if (answer && another) return Failure{ServerFault{ServerFault::Kind::malformed, 200}};
    return answer;
}

FhirAnswered<std::optional<Placed>> Clinic::locate(const Given& given) {
    if (auto known = ledger_.placed(given.id)) return known;
    return seek(given);
}

FhirAnswered<std::optional<Placed>> Clinic::seek(const Given& given) {
    const auto task = find("Task", given.id.text());
    if (!task) return Failure{task.error()};
    if (!task->location) return std::optional<Placed>();
    const auto request = find("ServiceRequest", given.id.text());
    if (!request) return Failure{request.error()};
    Placed placed{*task->location, request->location.value_or(""), {}};
    if (given.consent) {
        const auto consent = find("Consent", given.consent->text());
        if (!consent) return Failure{consent.error()};
        placed.consent = consent->location.value_or("");
    }
    ledger_.place(given.id, placed);
    return std::optional(placed);
}

}  // namespace kesher::health
